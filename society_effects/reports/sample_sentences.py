"""Who was compared, and who is missing? The sentences before the numbers, from the ledger and the groups."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.naming import capitalised
from .voice import Voice


def design_sentence(voice: Voice, rows: pd.DataFrame) -> str:
    """Which groups of which size were compared on how many outcomes? Nothing where none were compared."""
    if not len(rows):
        return ""
    outcomes = rows["outcome"].nunique()
    key = "outcomes_one" if outcomes == 1 else "outcomes_many"
    said: dict[str, Any] = {"outcomes": voice.say(f"reports.results.{key}", k=outcomes)}
    reference = rows.iloc[0]["reference"]
    said |= {"others": voice.level(reference), "n_reference": group_size(voice, rows, reference, "n_reference")}
    groups = list(dict.fromkeys(rows["group"]))
    if len(groups) == 1:
        size = group_size(voice, rows, groups[0], "n_group")
        first = capitalised(voice.level(groups[0]))
        return voice.say("reports.results.design_comparison", members_first=first, n_group=size, **said)
    items = [
        voice.say("reports.results.group_item", group=voice.level(g), n=group_size(voice, rows, g, "n_group"))
        for g in groups
    ]
    listed = voice.words.get("terms.list_separator").join(items)
    return voice.say("reports.results.design_several", groups=listed, **said)


def group_size(voice: Voice, rows: pd.DataFrame, level: str | None, column: str) -> float:
    """How many students belong to a group, with or without scores? Without group rows: the most that were compared."""
    if voice.findings.has("groups") and level is not None:
        groups = voice.findings.frame("groups")
        own = groups[(groups["group"] == level) & groups["category"].isna()]
        if len(own):
            return float((own["n"] + own["missing"].fillna(0)).max())
    side = "group" if column == "n_group" else "reference"
    chosen = rows[rows[side] == level] if level is not None else rows
    return float(chosen[column].max())


def students(voice: Voice) -> int:
    """How many students did the data hold? 0 where the ledger does not say."""
    if not voice.findings.has("ledger"):
        return 0
    ledger = voice.findings.frame("ledger")
    start = ledger[ledger["outcome"].isna() & ledger["group"].isna()]
    return int(start.iloc[0]["n_before"]) if len(start) else 0


def data_sentence(voice: Voice) -> str:
    """How many students were in the data, and how many of them have no known group?"""
    n = students(voice)
    if not n:
        return ""
    ledger = voice.findings.frame("ledger")
    lost = int(ledger.loc[ledger["step"] == "group_missing", "n_dropped"].sum())
    without = voice.say("reports.results.sample_group_missing", n=lost) if lost else ""
    return voice.say("reports.results.sample", n=n) + without + voice.say("reports.results.end")


def missing_sentence(voice: Voice) -> str:
    """Who has no score, on which outcome?"""
    if not voice.findings.has("groups"):
        return ""
    groups = voice.findings.frame("groups")
    groups = groups[groups["category"].isna()]
    if groups["missing"].isna().all():
        return ""
    items = []
    for outcome, own in groups.groupby("outcome", sort=False):
        missing, total = own["missing"].sum(), (own["n"] + own["missing"]).sum()
        if missing > 0:
            name = voice.outcome(str(outcome))
            said = {"outcome": name, "n": missing, "total": total, "share": missing / total}
            items.append(voice.say("reports.results.missing_item", **said))
    if not items:
        return voice.say("reports.results.sample_complete")
    separator = voice.say("reports.results.missing_separator")
    return voice.say("reports.results.sample_missing", items=separator.join(items))
