"""How are things called? Display names in both languages, as given by the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import StudyError
from ..language.catalogue import LANGUAGES
from ..language.folding import CHINESE
from .outcome import Outcome, as_text

Labels = dict[str, dict[str, str]]
CHARACTER, LETTERS = re.compile(f"[{CHINESE}]"), re.compile("[A-Za-z]{2}")
SAYS_NO_GROUP = {"no", "yes", "false", "true"}


def labels_from(given: Mapping[str, Any] | None) -> Labels:
    """Each name in both languages: ``{"total": {"en": ..., "zh": ...}}``; one word stands for both.

    A level that has a word in one language stands in the other as it is in the data, if it is written in that language.

    >>> labels_from({"sex=男": {"en": "male"}, "total": {"en": "total score"}})
    {'sex=男': {'en': 'male', 'zh': '男'}, 'total': {'en': 'total score', 'zh': 'total score'}}
    """
    if given is not None and not isinstance(given, Mapping):
        raise StudyError("BAD_LABEL", name="labels", value=str(given))
    return {as_text(name): _both(as_text(name), words) for name, words in (given or {}).items()}


def with_labels(outcomes: tuple[Outcome, ...], labels: Labels) -> tuple[Outcome, ...]:
    """The outcomes with the display names that were given for their columns, where they have none of their own."""
    return tuple(replace(o, label=_over(labels.get(o.column), o.label)) for o in outcomes)


def over_labels_of_file(texts: Mapping[str, str], given: Any) -> Any:
    """Names that were given, over those of the file; a language that was not given keeps what the file says.

    >>> over_labels_of_file({"t": "总分"}, {"t": {"en": "total score"}})
    {'t': {'en': 'total score', 'zh': '总分'}}
    """
    if given is not None and not isinstance(given, Mapping):
        return given
    named: dict[str, Any] = {column: text for column, text in texts.items() if text}
    return named | {name: _over(_in_both(named.get(name)), words) for name, words in (given or {}).items()}


def _over(under: Mapping[str, str] | None, words: Any) -> Any:
    """The words, with those beneath them in languages they do not have."""
    return {**under, **words} if under and isinstance(words, Mapping) and words else words or under


def _in_both(text: str | None) -> dict[str, str] | None:
    return dict.fromkeys(LANGUAGES, text) if text else None


def _both(name: str, words: Any) -> dict[str, str]:
    if isinstance(words, str) and words:
        return dict.fromkeys(LANGUAGES, words)
    if not isinstance(words, Mapping) or not words or not set(words) <= set(LANGUAGES):
        raise StudyError("BAD_LABEL", name=name, value=str(words))
    level, first = name.partition("=")[2], str(next(iter(words.values())))
    return {lang: str(words.get(lang) or (level if _written_in(level, lang) else first)) for lang in LANGUAGES}


def _written_in(level: str, lang: str) -> bool:
    """Is this level a word of the language that says something by itself?"""
    chinese = CHARACTER.search(level) is not None
    return (
        chinese
        if lang == "zh"
        else level.isascii() and bool(LETTERS.search(level)) and level.casefold() not in SAYS_NO_GROUP
    )
