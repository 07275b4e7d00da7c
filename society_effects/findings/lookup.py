"""Which rows of one frame belong to a row of another? Frames are matched on all the keys they share, only here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..language.numbers import undefined
from .findings import Findings
from .glossary import KEYS
from .measures import MEASURES
from .schema import FRAMES

TESTS_OF_ASSUMPTIONS = ("pre_trend", "sphericity", "slopes_differ")
"""Tests that say nothing of what a comparison asks."""
ADJUSTED = "adjusted_"
"""How the names of measures begin that are adjusted for covariates or an earlier wave."""
TRUTHS = {
    "adj_diff_members": ("adj_diff_members", "att"),
    "adj_diff_within_class": ("adj_diff_within_class", "adj_diff_members", "att"),
    "adj_diff_all": ("adj_diff_all", "ate"),
}
"""Estimand -> those whose truth is its own, the first that is known; all others have only a truth of their own name."""
TRUTH_KEYS = ("outcome", "site", "by", "level", "wave", "reference_wave")
"""What a truth and a row must agree in, by whatever design the row was found."""


def matching(frame: pd.DataFrame, name: str, keys: Mapping[str, Any] | pd.Series) -> pd.DataFrame:
    """Which rows of the frame ``name`` have the keys of this row (of any other frame)?

    A key that is null on either side does not restrict: a density without a wave belongs to every wave.
    """
    chosen = np.full(len(frame), True)
    for key in (k for k in FRAMES[name].keys if k in keys and k in KEYS and keys[k] is not None):
        column = frame[key].to_numpy()
        chosen &= (column == keys[key]) | pd.isna(column)
    return frame[chosen]


def truth_of(findings: Findings, row: Mapping[str, Any] | pd.Series) -> float:
    """What would an estimate (or a rung) be if all were known? Undefined where nobody knows, or not one number."""
    if not findings.has("truth"):
        return math.nan
    keys, settings = {key: row[key] for key in TRUTH_KEYS if key in row}, findings.settings
    measure, estimand = row.get("measure"), row.get("estimand")
    if keys.get("wave") is None:
        keys |= {"wave": settings.get("last"), "reference_wave": settings.get("first")}
    known = matching(findings.frame("truth"), "truth", keys)
    if keys["wave"] is None:
        known = known[known["wave"].isna()]
    if row.get("by") is not None:
        known = known[known["by"] == row["by"]]
    if measure is not None:
        known = known[known["measure"].isin([measure, measure.removeprefix(ADJUSTED)]) | known["measure"].isna()]
    for name in TRUTHS.get(str(estimand), (estimand,)):
        values = known["value"] if name is None else known.loc[known["estimand"] == name, "value"]
        if values.nunique() == 1:
            return float(values.iloc[0])
    return math.nan


def primary_rows(estimates: pd.DataFrame) -> pd.DataFrame:
    """Which rows answer for their outcome: the primary one of each outcome x contrast x waves x estimand?"""
    return estimates[estimates["primary"]]


def compares_waves(findings: Findings) -> bool:
    """Is any number about a change from one wave to another, or adjusted for an earlier wave?"""
    return findings.has("estimates") and bool(findings.frame("estimates")["reference_wave"].notna().any())


def subject_of(findings: Findings) -> str:
    """What are the answers about: ``rungs`` of a ladder, ``waves``, ``covariates`` adjusted for, or ``groups``?"""
    if findings.has("rungs"):
        return "rungs"
    if compares_waves(findings):
        return "waves"
    adjusted = findings.has("estimates") and any(
        measure.startswith(ADJUSTED) for measure in primary_rows(findings.frame("estimates"))["measure"]
    )
    return "covariates" if adjusted else "groups"


def subgroup_rows(estimates: pd.DataFrame) -> pd.DataFrame:
    """Which rows are of subgroups of the students, or compare them? Not those of the categories of the outcome."""
    return estimates[estimates["by"].notna() & (estimates["by"] != estimates["outcome"])]


def has_subgroups(findings: Findings) -> bool:
    """Is any number of a subgroup of the students?"""
    return findings.has("estimates") and len(subgroup_rows(findings.frame("estimates"))) > 0


def compares_changes(findings: Findings) -> bool:
    """Is every answer a comparison of the changes or slopes of two groups, adjusted for no earlier wave?"""
    if not findings.has("estimates"):
        return False
    rows = primary_rows(findings.frame("estimates"))
    of_groups = len(rows) > 0 and bool(rows["reference"].notna().all())
    return of_groups and all(MEASURES[measure].over != "scores" for measure in rows["measure"])


def anything_found(findings: Findings) -> bool:
    """Has any answer an interval or a P value, or did any test of the outcomes give one?"""
    found = False
    if findings.has("estimates"):
        rows = primary_rows(findings.frame("estimates"))
        found = bool((rows[["conf_low", "conf_high"]].notna().all(axis="columns") | rows["p_value"].notna()).any())
    if not findings.has("tests"):
        return found
    tests = findings.frame("tests")
    return found or bool(tests.loc[~tests["test"].isin(TESTS_OF_ASSUMPTIONS), "p_value"].notna().any())


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


def compares_shares(findings: Findings, outcome: str) -> bool:
    """Are the shares of this outcome compared, so that its differences are in percentage points?"""
    if not findings.has("estimates"):
        return False
    rows = findings.frame("estimates")
    return any(MEASURES[measure].of_shares for measure in rows.loc[rows["outcome"] == outcome, "measure"])


def students_of(findings: Findings, outcome: str, group: str | None) -> int:
    """How many students of this group have any score of this outcome? At each wave there may be fewer of them."""

    def own(name: str, column: str = "group") -> pd.DataFrame:
        rows = findings.frame(name) if findings.has(name) else pd.DataFrame({"outcome": [], column: []})
        rows = rows[rows["outcome"] == outcome]
        return rows[rows[column].isna() if group is None else rows[column] == group]

    counts = [*own("groups").get("n", ()), *own("estimates").get("n_group", ())]
    if group is not None:
        counts += [*own("estimates", "reference").get("n_reference", ())]
    counts += [own("values")["unit"].nunique()] if findings.has("values") else []
    return max((int(n) for n in counts if not undefined(n)), default=0)


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
