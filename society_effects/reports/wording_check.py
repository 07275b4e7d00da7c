"""Does my own text claim more than this result allows? Its words in context, why, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, overload

from ..errors import OutputError, nearest
from ..findings.findings import Findings
from ..findings.grading import CLAIMS, GRADES
from ..language.catalogue import LANGUAGES, catalogue
from ..language.lexicon import Span, lint, without_interval
from .italics import plain
from .sentences import may_be_said
from .voice import Voice

LETTERS = {"zh": re.compile("[\u3400-\u9fff]"), "en": re.compile("[A-Za-z]{2,}")}
"""What a text holds where it is written, in part at least, in this language."""
AROUND = 40
"""Characters shown before and after a word."""
WITHIN_MARGIN = ("equivalent", "different_negligible")
"""Verdicts after which a difference larger than the margin may be denied."""


@dataclass(frozen=True, repr=False)
class WordingCheck(Sequence[Span]):
    """The words of a text that claim too much, in their order; empty where there are none. It shows itself.

    text : the text that was looked at. grade : from A to F. claim : what may be claimed at this grade.
    spans : where the words stand, why they are too much and what to write instead. licence : what may be said.
    """

    text: str
    grade: str
    claim: str
    spans: tuple[Span, ...]
    licence: str = ""
    lang: str = "en"

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Span, ...]: ...
    def __getitem__(self, index: int | slice) -> Span | tuple[Span, ...]:
        return self.spans[index]

    def __len__(self) -> int:
        return len(self.spans)

    def __repr__(self) -> str:
        found = (f"{k}. {self._line(span)}" for k, span in enumerate(self.spans, 1))
        return "\n".join([self._heading, *found, *self._closing])

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{self._line(span, escape, '<mark>', '</mark>')}</li>" for span in self.spans)
        marked = "".join(self._marked()).replace("\n", "<br>")
        closing = "".join(f"<p>{escape(line)}</p>" for line in self._closing)
        heading = f"<p><strong>{escape(self._heading)}</strong></p>"
        return f'<div lang="{self.lang}">{heading}<blockquote>{marked}</blockquote><ol>{items}</ol>{closing}</div>'

    @property
    def _heading(self) -> str:
        key = "clean" if not self.spans else "found_one" if len(self.spans) == 1 else "found"
        return self._say(key, n=len(self.spans), grade=self.grade)

    @property
    def _closing(self) -> list[str]:
        licence = [self._say("licence", grade=self.grade, text=self.licence)] if self.licence else []
        return [*licence, self._say("words_only")]

    def _say(self, key: str, **values: Any) -> str:
        return catalogue(self.lang).say(f"wording.{key}", **values)

    def _line(self, span: Span, shown: Any = str, left: str | None = None, right: str | None = None) -> str:
        """A word in its context, why it is too much, and what to write instead."""
        before, after = self.text[: span.start], self.text[span.end :]
        context = self._say(
            "context",
            before=shown(_cut(before[::-1])[::-1]),
            left=self._say("left") if left is None else left,
            word=shown(_in_line(span.word)),
            right=self._say("right") if right is None else right,
            after=shown(_cut(after)),
        )
        why = shown(self._say(f"reasons.{span.reason}", grade=self.grade))
        return context + self._say("because", why=why, instead=shown(span.suggestion))

    def _marked(self) -> Iterator[str]:
        """The text for a page, with the words marked."""
        end = 0
        for span in self.spans:
            yield f"{escape(self.text[end : span.start])}<mark>{escape(self.text[span.start : span.end])}</mark>"
            end = span.end
        yield escape(self.text[end:])


def check_wording(text: str, result: Findings | str, lang: str | None = None) -> WordingCheck:
    """Which words of this text claim more than the result allows?

    For an abstract, a discussion or a title. Words are found, not meanings: a text without such words may still claim
    too much. What stands in quotation marks is not looked at.

    Parameters
    ----------
    text : str
        Running text in English, Chinese or both.
    result : Result, grade or claim
        Whose claim counts: a result, a grade from ``"A"`` to ``"F"``, or ``"effect"``, ``"adjusted_association"``,
        ``"association"``, ``"description"``. Only a result can allow the words of equivalence.
    lang : {"en", "zh"}, optional
        The language of the explanations; by default that of most of the text. Words are looked for in every language
        the text is written in.

    Returns
    -------
    WordingCheck
        A sequence of spans (``start``, ``end``, ``word``, ``suggestion``, ``reason``), empty where no word claims too
        much, that shows itself as text and in a notebook.

    Raises
    ------
    OutputError
        ``NOT_A_TEXT``, ``NO_SUCH_CLAIM``, ``BAD_LANG``.

    Examples
    --------
    >>> check_wording("Membership improved the scores.", "E")
    Grade E: one place in this text claims more than the result allows.
    1. Membership >>improved<< the scores.
       Why: says that the society made the difference, which grade E does not allow.
       Instead: was higher among
    May be said at grade E: The groups differed by the amounts stated; ...
    Words are found here, not meanings: read the text once more with the grade in mind.
    >>> len(check_wording("Members scored 3 points higher (95% CI 1 to 5).", "E"))
    0
    """
    speaks = lang or getattr(result, "lang", None) or "en"
    if lang is not None and lang not in LANGUAGES:
        speaks = getattr(result, "lang", "en")
        raise OutputError("BAD_LANG", lang=speaks, given=str(lang), allowed=LANGUAGES)
    if not isinstance(text, str):
        raise OutputError("NOT_A_TEXT", lang=speaks, found=type(text).__name__)
    grade, claim = _claimed(result, speaks)
    looked_for = [name for name in LANGUAGES if LETTERS[name].search(text)]
    equivalent = _equivalent(result) if isinstance(result, Findings) else None
    found = [span for name in looked_for for span in lint(text, claim, name, equivalent)]
    found += [span for name in looked_for for span in without_interval(text, name)]
    own = lang or _language_of_most(text)
    licence = may_be_said(Voice.of(result, own)) if isinstance(result, Findings) else _licence(grade, own)
    return WordingCheck(text, grade, claim, tuple(sorted(found)), plain(licence.replace("*", "")), own)


def _claimed(result: Findings | str, lang: str) -> tuple[str, str]:
    """The grade, and what it allows in the words of the lexicon."""
    if isinstance(result, Findings):
        return result.grade, result.grade
    given = str(result).strip() if isinstance(result, str) else type(result).__name__
    if isinstance(result, str) and given.upper() in CLAIMS:
        return given.upper(), given.upper()
    last = {claim: letter for letter, claim in CLAIMS.items()}
    if isinstance(result, str) and given in last:
        return last[given], given
    known = (*GRADES, *last)
    raise OutputError("NO_SUCH_CLAIM", lang=lang, given=given, near=nearest(given, known), known=known)


def _licence(grade: str, lang: str) -> str:
    return catalogue(lang).get(f"reports.claim.may_text.{grade}")


def _equivalent(result: Findings) -> bool:
    """Was some difference shown to lie within its margin, by a result that claims more than a description?"""
    if result.claim == "description" or not result.has("tests"):
        return False
    return bool(result.frame("tests")["verdict"].isin(WITHIN_MARGIN).any())


def _language_of_most(text: str) -> str:
    """Chinese, where there are at least as many Chinese characters as words of Latin letters."""
    chinese, latin = (len(LETTERS[name].findall(text)) for name in ("zh", "en"))
    return "zh" if chinese and chinese >= latin else "en"


def _in_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _cut(text: str) -> str:
    """The nearest characters, up to the end of a word."""
    near = _in_line(text[: AROUND * 2])
    if len(near) <= AROUND:
        return near
    whole = re.sub(r"[A-Za-z]+$", "", near[:AROUND]) if near[AROUND].isascii() and near[AROUND].isalpha() else ""
    return (whole or near[:AROUND]).rstrip() + "…"
