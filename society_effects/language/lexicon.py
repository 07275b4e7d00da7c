"""Does this text claim more than the design allows? Words to be replaced, in generated and in users' own text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from .catalogue import LANGUAGES, catalogue
from .folding import folded

EFFECT_MAY_BE_SAID = {"A", "B", "effect"}
DESCRIPTION_ONLY = {"F", "description"}
QUOTED = r"“[^“”]*”|(?<![A-Za-z0-9])\"(?=\S)[^\"\n]*(?<=\S)\"(?![A-Za-z0-9])|‘[^‘’\n]*’|「[^」]*」|『[^』]*』|«[^»]*»"
BEFORE, AFTER = r"(?:\b(?<!_)|(?<=_)(?<!\w_))", r"(?:(?!_)\b|(?=_(?!\w)))"
"""The edges of an English word: Chinese characters end it, a single underscore of emphasis does, a name does not."""


@dataclass(frozen=True, order=True)
class Span:
    """A word that claims too much: where it stands (``text[start:end]``) and what to write instead.

    reason : why, as a key (``effect``, ``association``, ``equivalence``, ``no_difference``, ``significance``,
    ``proof``, ``interval``, ``explained``, ``robust``). lang : the language the word belongs to.
    """

    start: int
    end: int
    word: str
    suggestion: str
    reason: str = "effect"
    lang: str = "en"


def lint(text: str, claim: str, lang: str = "en", equivalent: bool | None = None) -> list[Span]:
    """Which words of this text claim more than the grade or claim allows?

    Words are found whatever their form: broken over lines, in full-width letters, with ligatures of a PDF.

    Parameters
    ----------
    text : running text; what stands in quotation marks is not looked at.
    claim : a grade (``"A"`` to ``"F"``) or a claim (``"description"``, ``"association"``,
        ``"adjusted_association"``, ``"effect"``).
    lang : ``"en"`` or ``"zh"``, the language whose words are looked for.
    equivalent : was a difference shown to lie within a margin set beforehand? None where that is not known. Where it
        was not shown, nothing may be called equivalent.

    Returns
    -------
    Spans in the order of the text, none inside another; an empty list for text that keeps to its claim.

    Raises
    ------
    KeyError
        For a language this library does not speak.

    Examples
    --------
    >>> [(span.word, span.suggestion) for span in lint("Membership improved the scores.", "E")]
    [('improved', 'was higher among')]
    >>> lint("Membership improved the scores.", "B")
    []
    """
    seen = folded(text)
    harmless = [match.span() for match in _harmless(lang, equivalent is not False).finditer(seen.text)]
    found = []
    for pattern, instead, reason in _patterns(lang, claim, equivalent is False):
        for match in pattern.finditer(seen.text):
            if match.group() and not any(low <= match.start() and match.end() <= high for low, high in harmless):
                start, end = seen.place(*match.span())
                found.append(Span(start, end, text[start:end], instead, reason, lang))
    return list(_apart(found))


def without_interval(text: str, lang: str = "en") -> list[Span]:
    """Where does this text report that nothing was found, though it nowhere gives an interval?

    >>> [span.reason for span in without_interval("The difference was not statistically significant.")]
    ['interval']
    """
    entries = catalogue(lang).entries
    seen = folded(text)
    known = [word for name in LANGUAGES for word in catalogue(name).entries["lexicon.intervals"]]
    if any(re.search(word, seen.text, re.IGNORECASE | re.ASCII) for word in known):
        return []
    instead = entries["lexicon.with_interval"]
    quoted = [match.span() for match in re.finditer(QUOTED, seen.text)]
    found = []
    for pattern in entries["lexicon.nothing_found"]:
        for match in _pattern(pattern, lang).finditer(seen.text):
            if not any(low <= match.start() and match.end() <= high for low, high in quoted):
                start, end = seen.place(*match.span())
                found.append(Span(start, end, text[start:end], instead, "interval", lang))
    return list(_apart(found))


def _apart(found: Iterable[Span]) -> Iterator[Span]:
    """The spans in their order; of spans that overlap the one that begins first, of these the longest."""
    end = -1
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if span.start >= end:
            yield span
            end = span.end


@cache
def _patterns(lang: str, claim: str, not_equivalent: bool) -> tuple[tuple[re.Pattern[str], str, str], ...]:
    entries: dict[str, Any] = catalogue(lang).entries
    chosen = list(entries["lexicon.always"])
    chosen += [] if claim in EFFECT_MAY_BE_SAID else entries["lexicon.below_effect"]
    chosen += entries["lexicon.below_association"] if claim in DESCRIPTION_ONLY else []
    chosen += entries["lexicon.unless_equivalent"] if not_equivalent else []
    described = entries["lexicon.described"] if claim in DESCRIPTION_ONLY else None
    return tuple(
        (_pattern(entry["pattern"], lang), _instead(entry, described), entry.get("reason", "effect"))
        for entry in chosen
    )


def _instead(entry: dict[str, str], described: str | None) -> str:
    """What to write: of a description neither an effect nor an association."""
    may_be_said = described is None or entry.get("reason", "effect") not in ("effect", "association")
    return entry["instead"] if may_be_said else str(described)


@cache
def _harmless(lang: str, equivalence_may_be_said: bool) -> re.Pattern[str]:
    entries: dict[str, Any] = catalogue(lang).entries
    allowed: list[str] = entries["lexicon.allowed"]
    within_margin: list[str] = entries["lexicon.allowed_if_equivalent"] if equivalence_may_be_said else []
    flags = re.IGNORECASE if lang == "zh" else re.IGNORECASE | re.ASCII
    return re.compile("|".join([QUOTED, *allowed, *within_margin]), flags)


def _pattern(pattern: str, lang: str) -> re.Pattern[str]:
    """English patterns match whole words; Chinese has no word boundaries."""
    if lang == "zh":
        return re.compile(pattern, re.IGNORECASE)
    return re.compile(rf"{BEFORE}(?:{pattern}){AFTER}", re.IGNORECASE | re.ASCII)
