"""Are the differences alike in all subgroups, and at every category? Sentences of rows of a part of the students."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.lookup import subgroup_rows
from .number_sentences import Shown, place, statistics
from .voice import Voice

KEYS = ["outcome", "group", "reference", "by"]
FOUND = ("above", "below")
LISTED = 4
"""Up to this many outcomes and variables have their subgroups told one by one."""


def subgroup_sentences(voice: Voice) -> list[str]:
    """The differences within subgroups and how they differ, outcome by outcome; what they are worth comes first."""
    if not voice.findings.has("estimates"):
        return []
    rows = subgroup_rows(voice.findings.frame("estimates"))
    rows = rows[rows["estimate"].notna()]
    parts = [own for _, own in rows.groupby(KEYS, sort=False, dropna=False)]
    said = [_of_variable(voice, own) for own in parts] if len(parts) <= LISTED else _only_found(voice, rows)
    return [voice.say("reports.results.subgroups.lead"), *said] if parts else []


def _only_found(voice: Voice, rows: pd.DataFrame) -> list[str]:
    """Of many comparisons of subgroups: those that were found, and how many there were besides."""
    between = [row for _, row in rows.iterrows() if _is_between(row)]
    found = [row for row in between if place(voice, row) in FOUND]
    said = [
        voice.join([voice.say("reports.results.subgroups.of", **_names(voice, r)), _between(voice, r)]) for r in found
    ]
    besides = len(between) - len(found)
    return [*said, voice.say("reports.results.subgroups.besides", k=besides)] if besides else said


def category_sentences(voice: Voice) -> list[str]:
    """By how much do the shares at or above each category of an ordered outcome differ? One sentence per outcome."""
    if not voice.findings.has("estimates"):
        return []
    rows = voice.findings.frame("estimates")
    rows = rows[(rows["measure"] == "adjusted_share_at_least") & (rows["by"] == rows["outcome"])]
    said = [_of_categories(voice, own) for _, own in rows.groupby(KEYS[:3], sort=False, dropna=False)]
    return [sentence for sentence in said if sentence]


def _of_variable(voice: Voice, rows: pd.DataFrame) -> str:
    """The differences in the subgroups of one variable, and those between the subgroups."""
    first = rows.iloc[0]
    compare = rows.apply(_is_between, axis="columns")
    within, between = rows[~compare], rows[compare]
    said = []
    if len(within):
        items = [_item(voice, row, "in_level", level=_level(voice, row)) for _, row in within.iterrows()]
        own = _names(voice, first) | {"measure": within.iloc[0]["measure"]}
        said.append(voice.say("reports.results.subgroups.within", items=_listed(voice, items), **own))
    return voice.join([*said, *(_between(voice, row) for _, row in between.iterrows())])


def _between(voice: Voice, row: pd.Series) -> str:
    """By how much does the difference in one subgroup differ from that in another, or rise with a measurement?"""
    where = place(voice, row)
    kind = "found" if where in FOUND else "open" if where == "includes" else "given"
    shown = Shown(voice, row)
    said: dict[str, Any] = _names(voice, row)
    said |= {"estimate": shown.text(row["estimate"]), "unit": shown.unit, "interval": shown.interval("interval")}
    said |= {"statistics": statistics(voice, row)}
    if row["level"] is None:
        return voice.say(f"reports.results.subgroups.along_{kind}", **said)
    ratio = "ratio_" if row["measure"] == "ratio_between_subgroups" else ""
    said |= {"level": _level(voice, row), "reference": _level(voice, row, "reference_level")}
    return voice.say(f"reports.results.subgroups.{ratio}{kind}", **said)


def _is_between(row: pd.Series) -> bool:
    """Does this row compare subgroups, or follow a measurement?"""
    return row["reference_level"] is not None or row["level"] is None


def _names(voice: Voice, row: pd.Series) -> dict[str, str]:
    return {"outcome": voice.outcome_of(row), "by": voice.outcome(row["by"])}


def _of_categories(voice: Voice, rows: pd.DataFrame) -> str:
    first, top = rows.iloc[0], rows["level"].iloc[-1]
    items = [
        _item(voice, row, "at_top" if row["level"] == top else "at_least", level=_level(voice, row))
        for _, row in rows[rows["estimate"].notna()].iterrows()
    ]
    if not items:
        return ""
    names = {"members": voice.level(first["group"]), "others": voice.level(first["reference"])}
    return voice.say(
        "reports.results.subgroups.categories", outcome=voice.outcome_of(first), items=_listed(voice, items), **names
    )


def _item(voice: Voice, row: pd.Series, key: str, level: str) -> str:
    shown = Shown(voice, row)
    interval = voice.say("reports.results.secondary_interval", level=row["conf_level"], limits=shown.limits())
    said = {"estimate": shown.text(row["estimate"]), "unit": shown.unit, "interval": interval}
    return voice.say(f"reports.results.subgroups.{key}", level=level, **said)


def _listed(voice: Voice, items: list[str]) -> str:
    return voice.say("reports.results.subgroups.separator").join(items)


def _level(voice: Voice, row: pd.Series, column: str = "level") -> str:
    """A category as its label says."""
    return str(voice.findings.labels.category(row["by"], row[column], voice.lang))
