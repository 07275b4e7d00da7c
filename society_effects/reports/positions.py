"""Where does an interval lie, relative to the value of no difference? It decides which sentence may be written."""

from __future__ import annotations

from typing import Any

from ..findings.lookup import alpha, has_joint_limits, shown_limits, shown_p
from ..language.numbers import undefined

POSITIONS = ("above", "below", "includes", "undefined", "absent", "untested", "adjusted_away", "discordant")


def position(row: Any, described_only: bool = False) -> str:
    """Which sentence does this row of ``estimates`` allow?

    ``above`` and ``below`` assert an association: the interval excludes the null value and the P value shown agrees.
    Simultaneous limits decide alone; a single interval that the adjusted P value contradicts is ``adjusted_away``; an
    interval without a P value is ``untested``, unless the row is described only, which needs no test.
    """
    low, high = shown_limits(row)
    if undefined(row["estimate"]):
        return "absent"
    if undefined(low) or undefined(high):
        return "undefined"
    excluded = not low <= row["null_value"] <= high
    p, adjusted = shown_p(row)
    follows_limits = has_joint_limits(row)
    if undefined(p) and not follows_limits and not described_only:
        return "untested"
    if not undefined(p) and not follows_limits and excluded != (p < alpha(row["conf_level"])):
        return "adjusted_away" if adjusted and excluded else "discordant"
    if not excluded:
        return "includes"
    return "above" if row["estimate"] > row["null_value"] else "below"
