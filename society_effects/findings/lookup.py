"""Which rows of one frame belong to a row of another? Frames are matched on all the keys they share, only here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..language.numbers import undefined
from .findings import Findings
from .schema import FRAMES, KEYS


def matching(frame: pd.DataFrame, name: str, keys: Mapping[str, Any] | pd.Series) -> pd.DataFrame:
    """Which rows of the frame ``name`` have the keys of this row (of any other frame)?

    A key that is null on either side does not restrict: a density without a wave belongs to every wave.
    """
    chosen = pd.Series(True, index=frame.index)
    for key in (k for k in FRAMES[name].keys if k in keys and k in KEYS and keys[k] is not None):
        chosen &= (frame[key] == keys[key]) | frame[key].isna()
    return frame[chosen]


def primary_rows(estimates: pd.DataFrame) -> pd.DataFrame:
    """Which rows answer for their outcome: the primary one of each outcome x contrast x waves x estimand?"""
    return estimates[estimates["primary"]]


def compares_waves(findings: Findings) -> bool:
    """Is any number about a change from one wave to another, or adjusted for an earlier wave?"""
    return findings.has("estimates") and bool(findings.frame("estimates")["reference_wave"].notna().any())


def below_level(findings: Findings, row: Mapping[str, Any] | pd.Series) -> bool:
    """Is the interval of this row the widest that exists and yet of a lower level than was asked for?"""
    return row["measure"] == "hodges_lehmann" and bool(findings.checks_on(row["outcome"], ("CONF_LEVEL_NOT_REACHED",)))


def has_joint_limits(row: Mapping[str, Any] | pd.Series) -> bool:
    """Are there limits that hold for the whole family at once?"""
    return not (undefined(row["simultaneous_low"]) and undefined(row["simultaneous_high"]))


def any_joint_limits(rows: pd.DataFrame) -> bool:
    """Does any of these rows have limits that hold for the whole family at once?"""
    return bool(rows[["simultaneous_low", "simultaneous_high"]].notna().any(axis=None))


def shown_limits(row: Mapping[str, Any] | pd.Series) -> tuple[float, float]:
    """Which limits stand beside the estimate in text, tables and figures: those of its family where there are some?"""
    kind = "simultaneous" if has_joint_limits(row) else "conf"
    return float(row[f"{kind}_low"]), float(row[f"{kind}_high"])


def shown_p(row: Mapping[str, Any] | pd.Series) -> tuple[float, bool]:
    """The one P value that text and tables show, and whether it is adjusted."""
    adjusted = row.get("p_adjusted")
    return (row["p_value"], False) if undefined(adjusted) else (float(adjusted), True)  # type: ignore[arg-type]


def any_adjusted(findings: Findings) -> bool:
    """Is any P value adjusted for several comparisons, so that the others must be named as unadjusted?"""
    frames = (findings.frame(name) for name in ("estimates", "tests") if findings.has(name))
    return any(bool(frame["p_adjusted"].notna().any()) for frame in frames)


def margin_of(findings: Findings, row: Mapping[str, Any] | pd.Series) -> tuple[float, float] | None:
    """Within which margin is the difference of this row of ``estimates`` too small to matter? None without one."""
    if not findings.has("tests"):
        return None
    tests = findings.frame("tests")
    own = matching(tests[tests["test"] == "equivalence"], "tests", row)
    own = own[own["measure"] == row["measure"]]
    return (float(own.iloc[0]["margin_low"]), float(own.iloc[0]["margin_high"])) if len(own) else None


def alpha(conf_level: float) -> float:
    """The significance level that belongs to a confidence level, free of the dust of subtraction: .05 for .95.

    >>> alpha(0.95), 1 - 0.95
    (0.05, 0.050000000000000044)
    """
    return round(1 - conf_level, 12)
