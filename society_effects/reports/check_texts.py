"""What does each Check say, and which outcomes does it concern? Equal texts are said once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..findings.checks import Check, Status
from .number_sentences import Shown
from .voice import Voice

ORDER = ("fail", "warn", "note")


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
    if not {"a", "b", "measure"} <= values.keys():
        return values
    rows = voice.findings.frame("estimates")
    rows = rows[(rows["outcome"] == check.outcome) & (rows["measure"] == values["measure"])]
    own = rows[rows["group"] == check.group] if check.group is not None else rows
    shown = Shown(voice, own.iloc[0])
    return values | {name: shown.text(values[name]) + shown.unit for name in ("a", "b")}


def with_concerns(voice: Voice, check: SpokenCheck) -> str:
    """The text with the outcomes it concerns, for running text."""
    if not check.concerns:
        return check.text
    separator = voice.words.get("terms.list_separator")
    return voice.say(
        "reports.limits.concerning", text=check.text.rstrip(".。"), outcomes=separator.join(check.concerns)
    )
