"""What does each Check say, and which outcomes does it concern? Equal texts are said once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..findings.checks import Check, Status
from .number_sentences import Shown
from .voice import Voice

ORDER = ("fail", "warn", "note")
ONE_NUMBER = {
    "EXTRAPOLATION": ("share", "percent"),
    "COVARIATES_FAR_APART": ("b", "number"),
    "COVARIATES_VERY_FAR_APART": ("b", "number"),
    "WEAK_CONFOUNDING": ("rv", "percent"),
    "WEAK_CONFOUNDING_E": ("limit", "number"),
}
"""Checks whose texts differ in one number from outcome to outcome: the number, and how it is written."""


@dataclass(frozen=True)
class SpokenCheck:
    """A Check in words. ``concerns`` names outcomes or groups; empty for the whole study."""

    key: str
    status: Status
    text: str
    concerns: tuple[str, ...] = ()


def spoken_checks(voice: Voice) -> list[SpokenCheck]:
    """The checks in words, what could not be computed first, then cautions, then notes."""
    texts: dict[tuple[str, Status, str], list[str]] = {}
    for check in voice.findings.checks:
        about = texts.setdefault((check.key, check.status, check_text(voice, check)), [])
        name = voice.outcome(check.outcome) if check.outcome else voice.level(check.group) if check.group else ""
        if name and name not in about:
            about.append(name)
    spoken = [SpokenCheck(*said, tuple(about)) for said, about in texts.items()]
    return sorted(spoken, key=lambda check: ORDER.index(check.status))


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


def merged_checks(voice: Voice) -> list[SpokenCheck]:
    """The checks in words for running text: what was found of several outcomes with another number is said once."""
    spoken, said = [], set()
    for check in spoken_checks(voice):
        together = _together(voice, check.key, check.status)
        if together is None:
            spoken.append(check)
        elif check.key not in said:
            said.add(check.key)
            spoken.append(together)
    return spoken


def _together(voice: Voice, key: str, status: Status) -> SpokenCheck | None:
    """One text for all checks of this key that differ in one number only; None where there is no such text."""
    words = f"reports.limits.several.{key}"
    found = [check for check in voice.findings.checks if (check.key, check.status) == (key, status)]
    if key not in ONE_NUMBER or len(found) < 2 or not voice.words.has(words):
        return None
    name, form = ONE_NUMBER[key]
    others = [{k: v for k, v in check.values.items() if k != name} for check in found]
    if any(other != others[0] for other in others):
        return None
    numbers = sorted(float(check.values[name]) for check in found)
    ends = list(dict.fromkeys(getattr(voice.style, form)(number) for number in (numbers[0], numbers[-1])))
    both = len(ends) > 1
    ranged = voice.say("sentences.pieces.range", low=ends[0], high=ends[-1]) if both else ends[0]
    concerned = tuple(dict.fromkeys(voice.outcome(check.outcome) for check in found if check.outcome))
    everything = set(voice.findings.frame("estimates")["outcome"]) <= {check.outcome for check in found}
    return SpokenCheck(key, status, voice.say(words, range=ranged, **others[0]), () if everything else concerned)


def with_concerns(voice: Voice, check: SpokenCheck) -> str:
    """The text with the outcomes it concerns, for running text."""
    if not check.concerns:
        return check.text
    separator = voice.words.get("terms.list_separator")
    return voice.say(
        "reports.limits.concerning", text=check.text.rstrip(".。"), outcomes=separator.join(check.concerns)
    )
