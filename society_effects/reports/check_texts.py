"""What does each Check say, and which outcomes does it concern? Equal texts are said once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..findings.checks import Check, Status
from .number_sentences import Shown
from .voice import Voice

ORDER = ("fail", "warn", "note")
NUMBERS = {
    "EXTRAPOLATION": {"share": "percent"},
    "COVARIATES_FAR_APART": {"b": "number"},
    "COVARIATES_VERY_FAR_APART": {"b": "number"},
    "WEAK_CONFOUNDING": {"rv": "percent"},
    "WEAK_CONFOUNDING_E": {"limit": "number"},
    "COVARIATES_MISSING": {"n": "count", "of": "count"},
    "SOME_WITHOUT_COUNTERPART": {"n": "count", "of": "count"},
    "HALF_WITHOUT_COUNTERPART": {"n": "count", "of": "count"},
}
"""Checks whose texts differ in numbers only from outcome to outcome: the numbers, and how each is written."""


@dataclass(frozen=True)
class SpokenCheck:
    """A Check in words. ``concerns`` names outcomes or groups; empty for the whole study."""

    key: str
    status: Status
    text: str
    concerns: tuple[str, ...] = ()


def spoken_checks(voice: Voice) -> list[SpokenCheck]:
    """The checks in words, what could not be computed first, then cautions, then notes.

    What was found of several outcomes with other numbers is said once.
    """
    alike: dict[tuple[Any, ...], list[Check]] = {}
    for check in voice.findings.checks:
        alike.setdefault((check.key, check.status, *_what_is_shared(voice, check)), []).append(check)
    spoken = [_spoken(voice, checks) for checks in alike.values()]
    return sorted(spoken, key=lambda check: ORDER.index(check.status))


def _what_is_shared(voice: Voice, check: Check) -> tuple[Any, ...]:
    """What checks must share to be said in one text: all but the numbers that may differ, or the whole text."""
    if check.key not in NUMBERS or not voice.words.has(f"reports.limits.several.{check.key}"):
        return (check_text(voice, check),)
    return tuple((name, str(value)) for name, value in check.values.items() if name not in NUMBERS[check.key])


def _spoken(voice: Voice, checks: list[Check]) -> SpokenCheck:
    """One text for checks that differ in their numbers at most."""
    first = checks[0]
    texts = {check_text(voice, check) for check in checks}
    about = [voice.outcome(c.outcome) if c.outcome else voice.level(c.group) if c.group else "" for c in checks]
    concerned = tuple(dict.fromkeys(name for name in about if name))
    if len(texts) == 1:
        return SpokenCheck(first.key, first.status, texts.pop(), concerned)
    ranges = {name: _range(voice, [float(c.values[name]) for c in checks], form) for name, form in _forms(first)}
    text = voice.say(f"reports.limits.several.{first.key}", **(dict(first.values) | ranges))
    everything = set(voice.findings.frame("estimates")["outcome"]) <= {check.outcome for check in checks}
    return SpokenCheck(first.key, first.status, text, () if everything else concerned)


def _forms(check: Check) -> list[tuple[str, str]]:
    return list(NUMBERS[check.key].items())


def _range(voice: Voice, numbers: list[float], form: str) -> str:
    """The smallest and the largest number, or the one that all are written as."""
    low, high = (getattr(voice.style, form)(number) for number in (min(numbers), max(numbers)))
    return str(low) if low == high else voice.say("sentences.pieces.range", low=low, high=high)


def check_text(voice: Voice, check: Check) -> str:
    """What one Check says; its key and values where no words, or not the right values, are known."""
    key = f"checks.{check.key}"
    if voice.words.has(key):
        try:
            return voice.say(key, **_as_shown(voice, check))
        except (KeyError, ValueError, TypeError):
            pass
    values = ", ".join(f"{name}={value}" for name, value in check.values.items())
    return f"{check.key} ({values})" if values else check.key


def _as_shown(voice: Voice, check: Check) -> dict[str, Any]:
    """The values of a Check; two answers (a, b) by one measure are written as they stand beside their intervals."""
    values = dict(check.values)
    if not {"a", "measure"} <= values.keys():
        return values
    rows = voice.findings.frame("estimates")
    rows = rows[(rows["outcome"] == check.outcome) & (rows["measure"] == values["measure"])]
    own = rows[rows["group"] == check.group] if check.group is not None else rows
    shown = Shown(voice, own.iloc[0])
    return values | {name: shown.text(values[name]) + shown.unit for name in ("a", "b") if name in values}


def with_concerns(voice: Voice, check: SpokenCheck) -> str:
    """The text with the outcomes it concerns, for running text."""
    if not check.concerns:
        return check.text
    separator = voice.words.get("terms.list_separator")
    return voice.say(
        "reports.limits.concerning", text=check.text.rstrip(".。"), outcomes=separator.join(check.concerns)
    )
