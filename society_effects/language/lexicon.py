"""Does this text claim more than the design allows? Words to be replaced, in generated and in users' own text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from .catalogue import catalogue

EFFECT_MAY_BE_SAID = {"A", "B", "effect"}
QUOTED = r"“[^”]*”|\"[^\"\n]*\"|「[^」]*」|『[^』]*』"


@dataclass(frozen=True, order=True)
class Span:
    """A word that claims too much: where it stands (``text[start:end]``) and what to write instead."""

    start: int
    end: int
    word: str
    suggestion: str


def lint(text: str, claim: str, lang: str = "en") -> list[Span]:
    """Which words of this text claim more than the grade or claim allows?

    Parameters
    ----------
    text : running text; what stands in quotation marks is not looked at.
    claim : a grade (``"A"`` to ``"F"``) or a claim (``"description"``, ``"association"``,
        ``"adjusted_association"``, ``"effect"``).
    lang : ``"en"`` or ``"zh"``, the language of the text.

    Returns
    -------
    Spans in the order of the text; an empty list for text that keeps to its claim.

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
    harmless = [match.span() for match in _harmless(lang).finditer(text)]
    found = [
        Span(match.start(), match.end(), match.group(), instead)
        for pattern, instead in _patterns(lang, claim in EFFECT_MAY_BE_SAID)
        for match in pattern.finditer(text)
    ]
    return sorted(s for s in found if not any(low <= s.start and s.end <= high for low, high in harmless))


@cache
def _patterns(lang: str, effect: bool) -> tuple[tuple[re.Pattern[str], str], ...]:
    entries: dict[str, Any] = catalogue(lang).entries
    chosen = entries["lexicon.always"] + ([] if effect else entries["lexicon.below_effect"])
    return tuple((_pattern(entry["pattern"], lang), entry["instead"]) for entry in chosen)


@cache
def _harmless(lang: str) -> re.Pattern[str]:
    allowed: list[str] = catalogue(lang).entries["lexicon.allowed"]
    return re.compile("|".join([QUOTED, *allowed]), re.IGNORECASE)


def _pattern(pattern: str, lang: str) -> re.Pattern[str]:
    """English patterns match whole words; Chinese has no word boundaries."""
    return re.compile(pattern if lang == "zh" else rf"\b(?:{pattern})\b", re.IGNORECASE)
