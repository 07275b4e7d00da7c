"""What may be written about one number? A sentence by family of measure, claim and place of the interval."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.lookup import matching
from ..findings.schema import MEASURES
from ..language.numbers import undefined
from ..tables.formats import SMALL_GROUP, decimals
from .positions import limits, position, shown_p
from .voice import Voice

HUNDREDFOLD = ("share_difference", "superiority")
"""Families shown as percentages: differences in percentage points, probabilities in percent."""


def number_sentence(voice: Voice, row: Any, name: str) -> str:
    """The sentence about one row of ``estimates``; ``name`` is what its outcome is called."""
    family = MEASURES[row["measure"]].family
    key = sentence_key(voice, family, voice.findings.claim, position(row))
    return voice.say(key, outcome=name, **slots(voice, row))


def sentence_key(voice: Voice, family: str, claim: str, where: str) -> str:
    """The key of the sentence of this family (or ``many``), claim and position; shared ones stand under ``any``."""
    own = f"sentences.{family}.{claim}.{where}"
    return own if voice.words.has(own) else f"sentences.{family}.any.{where}"


def slots(voice: Voice, row: Any) -> dict[str, Any]:
    """Everything a number sentence may say about a row, as text in the voice's style."""
    members, others = _group_rows(voice, row)
    spread = [r["sd"] for r in (members, others) if r is not None]
    number = Shown(voice, row, spread)
    return {
        "members": voice.level(row["group"]),
        "others": voice.level(row["reference"]),
        "a": described(voice, row, members, number.digits),
        "b": described(voice, row, others, number.digits),
        "measure": row["measure"],
        "centre": _centre(voice, row["measure"]),
        "estimate": number.text(row["estimate"]),
        "size": number.text(abs(row["estimate"])),
        "unit": number.unit,
        "range": number.range(),
        "interval": number.interval("interval"),
        "statistics": statistics(voice, row),
        "level": row["conf_level"],
    }


class Shown:
    """How the numbers of one row are written: times a hundred or not, with how many decimals, with which unit."""

    def __init__(self, voice: Voice, row: Any, spread: list[float] | None = None) -> None:
        measure = MEASURES[row["measure"]]
        self.voice, self.row = voice, row
        self.factor = 100 if measure.family in HUNDREDFOLD else 1
        self.percent = "%" if measure.family == "superiority" else ""
        self.low, self.high = limits(row)
        self.digits, self.unit = 1 if measure.family in HUNDREDFOLD else 2, ""
        if measure.family == "share_difference":
            self.unit = voice.say("sentences.pieces.percentage_points")
        elif measure.in_units:
            unit = voice.findings.labels.unit(row["outcome"], voice.lang)
            self.digits = decimals([row["estimate"], self.low, self.high], spread or [row["std_error"]])
            self.unit = voice.say("sentences.pieces.unit", unit=unit) if unit else ""

    def text(self, value: float) -> str:
        """A number of this row."""
        number = self.voice.form.quantity(value * self.factor, self.digits)
        return number if undefined(value) else number + self.percent

    def limits(self) -> str:
        """Both limits as the style writes them behind the word CI."""
        return f"[{self.text(self.low)}, {self.text(self.high)}]" if self.voice.style.brackets else self.range()

    def range(self) -> str:
        """Both limits in running text."""
        return self.voice.say("sentences.pieces.range", low=self.text(self.low), high=self.text(self.high))

    def interval(self, piece: str) -> str:
        """The interval, named by its level; nothing where there is none."""
        if undefined(self.low) or undefined(self.high):
            return ""
        single = (self.low, self.high) == (self.row["conf_low"], self.row["conf_high"])
        key = piece if single else piece.replace("interval", "simultaneous")
        return self.voice.say(f"sentences.pieces.{key}", level=self.row["conf_level"], limits=self.limits())


def statistics(voice: Voice, row: Any) -> str:
    """The test statistic and the P value shown; nothing where neither is defined."""
    parts = [part for part in (_statistic(voice, row), p_text(voice, row)) if part]
    separator = voice.say("sentences.pieces.between_statistics")
    return voice.say("sentences.pieces.statistics", parts=separator.join(parts)) if parts else ""


def p_text(voice: Voice, row: Any) -> str:
    """The one P value, named as adjusted where it is."""
    p, adjusted = shown_p(row)
    if undefined(p):
        return ""
    holm = any(check.key == "HOLM_ADJUSTED" for check in voice.findings.checks)
    kind = ("p_holm" if holm else "p_adjusted") if adjusted else "p"
    return voice.say(f"sentences.pieces.{kind}_{voice.style_name}", p=p)


def described(voice: Voice, row: Any, group: Any, digits: int) -> str:
    """A group's own values in brackets, as the family of the measure needs them; nothing where they are not known."""
    if group is None:
        return ""
    if not undefined(group["events"]) and not undefined(group["share"]):
        return _described_share(voice, group)
    if MEASURES[row["measure"]].family != "difference":
        return ""
    if row["measure"] == "hodges_lehmann" and not undefined(group["median"]):
        values = {key: voice.form.quantity(group[key], digits) for key in ("median", "q1", "q3")}
        return voice.say("sentences.pieces.median", **values)
    if undefined(group["mean"]):
        return ""
    values = {key: voice.form.quantity(group[key], digits) for key in ("mean", "sd")}
    return voice.say("sentences.pieces.mean_sd", **values)


def _described_share(voice: Voice, group: Any) -> str:
    small = voice.style_name == "gbt" and group["n"] < SMALL_GROUP
    digits = 0 if voice.style_name == "ama" and group["n"] < 100 else 1
    share = voice.style.percent(group["share"], digits)
    key = "share_small" if small else "share"
    return voice.say(f"sentences.pieces.{key}", events=group["events"], n=group["n"], share=share)


def _statistic(voice: Voice, row: Any) -> str:
    name = row["statistic_name"]
    if undefined(row["statistic"]) or name not in ("t", "z", "W", "chi2"):
        named = voice.words.has(f"methods.{row['method']}") and not undefined(shown_p(row)[0])
        return voice.say("sentences.pieces.test", method=row["method"]) if named else ""
    key = name
    if name in ("t", "chi2") and undefined(row["df"]):
        key = f"{name}_no_df"
    elif name == "t" and str(row["method"]).startswith(("welch", "permutation", "bootstrap")):
        key = "t_welch"
    elif row["method"] == "yuen":
        key = "t_yuen"
    return voice.say(f"sentences.pieces.{key}", statistic=row["statistic"], df=row["df"], n=row["n"])


def _group_rows(voice: Voice, row: Any) -> tuple[pd.Series | None, pd.Series | None]:
    if not voice.findings.has("groups"):
        return None, None
    groups = voice.findings.frame("groups")
    groups = groups[groups["category"].isna()]
    both = []
    for level, wave in ((row["group"], row["wave"]), (row["reference"], row["reference_wave"] or row["wave"])):
        found = matching(groups, "groups", row.to_dict() | {"group": level, "wave": wave})
        both.append(found.iloc[0] if level is not None and len(found) == 1 else None)
    return both[0], both[1]


def _centre(voice: Voice, measure: str) -> str:
    key = f"sentences.pieces.centre.{measure}"
    return voice.words.get(key if voice.words.has(key) else "sentences.pieces.centre.other")
