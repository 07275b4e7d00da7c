"""How are things called? Display names in both languages, as given by the user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import StudyError
from ..language.catalogue import LANGUAGES
from .outcome import Outcome, as_text

Labels = dict[str, dict[str, str]]


def labels_from(given: Mapping[str, Any] | None) -> Labels:
    """Each name in both languages: ``{"total": {"en": ..., "zh": ...}}``; one word stands for both."""
    if given is not None and not isinstance(given, Mapping):
        raise StudyError("BAD_LABEL", name="labels", value=str(given))
    return {as_text(name): _both(as_text(name), words) for name, words in (given or {}).items()}


def with_labels(outcomes: tuple[Outcome, ...], labels: Labels) -> tuple[Outcome, ...]:
    """The outcomes with the display names that were given for their columns."""
    return tuple(replace(o, label=o.label or labels.get(o.column)) for o in outcomes)


def _both(name: str, words: Any) -> dict[str, str]:
    if isinstance(words, str) and words:
        return dict.fromkeys(LANGUAGES, words)
    if not isinstance(words, Mapping) or not words or not set(words) <= set(LANGUAGES):
        raise StudyError("BAD_LABEL", name=name, value=str(words))
    first = next(iter(words.values()))
    return {lang: str(words.get(lang, first)) for lang in LANGUAGES}
