"""STROBE, items 16 and 17: main results and other analyses."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...findings.adjusted import UNADJUSTED, unadjusted_row
from ...findings.findings import Findings
from ...findings.measures import MEASURES
from ...language.numbers import undefined
from ..ladder_sentences import RAW
from ..methods_sentences import answering_rows
from ..number_sentences import Shown
from ..voice import Voice
from .common import compares_groups, kinds_of, named
from .filling import Fill, Filling

OTHER_ANALYSES = ("subgroups", "sensitivity", "reconciliation")
"""Parts of a report with what was looked at beyond the main answers."""


def _estimates(item: Filling) -> None:
    rows = answering_rows(item.findings)
    for name, (_, row) in zip(item.voice.row_names(rows) if len(rows) else (), rows.iterrows(), strict=True):
        _estimate(item, name, row)
    if any(measure in UNADJUSTED for measure in rows.get("measure", ())):
        item.remains("why")
    else:
        item.remains("adjusted" if compares_groups(item) else "no_comparison")


def _estimate(item: Filling, name: str, row: pd.Series) -> None:
    said: dict[str, Any] = {"outcome": item.voice.headed(name), "measure": row["measure"]}
    if undefined(row["estimate"]):
        item.say("not_computed", **said)
        return
    said |= _numbers(item.voice, row, "estimate", "")
    before = _before(item.findings, row)
    if before is None or undefined(before["estimate"]):
        item.say("unadjusted", **said)
        return
    item.say("adjusted", **said, **_numbers(item.voice, before, "before", "before_"))


def _numbers(voice: Voice, row: pd.Series, name: str, start: str) -> dict[str, str]:
    shown = Shown(voice, row)
    limits = {f"{start}unit": shown.unit, f"{start}interval": shown.interval("interval")}
    return {name: shown.text(row["estimate"]), **limits}


def _before(findings: Findings, row: pd.Series) -> pd.Series | None:
    """The unadjusted number beside an adjusted one; on a ladder, the lowest rung."""
    if not findings.has("rungs"):
        return unadjusted_row(findings, row)
    rows = findings.frame("estimates")
    same = (rows["outcome"] == row["outcome"]) & (rows["group"] == row["group"]) & (rows["design"] == RAW)
    return rows[same].iloc[0] if same.any() and row["design"] != RAW else None


def _boundaries(item: Filling) -> None:
    item.say("whole_scales")
    kinds = kinds_of(item)
    divided = named(item, kinds.loc[kinds["kind"].isin(("binary", "ordinal")), "outcome"])
    if divided:
        item.remains("boundaries", names=divided)


def _absolute(item: Filling) -> None:
    if not item.findings.has("estimates"):
        return
    rows = item.findings.frame("estimates")
    rows = rows[(rows["by"].isna() | (rows["by"] == rows["outcome"])) & rows["estimate"].notna()]
    relative = rows[rows["measure"].isin([name for name, measure in MEASURES.items() if measure.scale == "log"])]
    plain = rows[rows["measure"].isin([name for name, measure in MEASURES.items() if measure.is_plain_difference])]
    outcomes = dict.fromkeys(relative["outcome"])
    if not outcomes:
        item.say("no_ratio")
        return
    beside = tuple(item.voice.outcome(o) for o in outcomes if o in set(plain["outcome"]))
    alone = tuple(item.voice.outcome(o) for o in outcomes if o not in set(plain["outcome"]))
    if beside:
        item.say("absolute", outcomes=beside)
    if alone:
        item.remains("absolute", outcomes=alone)


def _other_analyses(item: Filling) -> None:
    if not item.see(*OTHER_ANALYSES):
        item.remains("other_analyses")


ANSWERS: dict[str, Fill] = {
    "16a": _estimates,
    "16b": _boundaries,
    "16c": _absolute,
    "17": _other_analyses,
}
