"""Lord's paradox: do the two answers of a study before and after agree, and when would they enclose the truth?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...findings.lookup import shown_limits
from ..draft import Draft

PAIRS = {
    "adjusted_mean_difference": "difference_in_changes",
    "adjusted_share_difference": "difference_in_share_changes",
    "adjusted_superiority": "superiority_of_changes",
}
"""Among students alike before -> by their changes."""
Row = Mapping[str, Any]


def write_lord(draft: Draft, selection_on: str | None) -> None:
    """Put both answers beside each other, and say where they disagree. After a lottery both aim at the same number."""
    if draft.study.about.assignment == "lottery":
        return
    if selection_on is None:
        draft.check("SELECTION_NOT_STATED")
    rows = draft.rows("estimates")
    for row in rows:
        other = next((r for r in rows if _answers_the_same(row, r)), None)
        if other is None or row["estimate"] != row["estimate"] or other["estimate"] != other["estimate"]:
            continue
        about = row["group"] if len({r["group"] for r in rows if r.get("reference")}) > 1 else None
        shown = {"a": float(row["estimate"]), "b": float(other["estimate"]), "measure": row["measure"]}
        status: Any = "warn" if _disagree(row, other) else "note"
        draft.check("LORD" if status == "warn" else "LORD_BRACKET", status, row["outcome"], about, **shown)


def _answers_the_same(row: Row, other: Row) -> bool:
    keys = ("outcome", "group", "reference")
    return other["measure"] == PAIRS.get(row["measure"]) and all(row.get(k) == other.get(k) for k in keys)


def _disagree(row: Row, other: Row) -> bool:
    """Does only one interval exclude the null value, or both in different directions?"""
    opposite = (row["estimate"] > row["null_value"]) != (other["estimate"] > other["null_value"])
    return _excludes(row) != _excludes(other) or (_excludes(row) and opposite)


def _excludes(row: Row) -> bool:
    """Do the limits that a reader sees exclude the null value?"""
    low, high = shown_limits(dict.fromkeys(("simultaneous_low", "simultaneous_high")) | dict(row))
    return low == low and not low <= row["null_value"] <= high
