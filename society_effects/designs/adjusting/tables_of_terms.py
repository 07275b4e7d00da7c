"""Tables that some journals ask for: F tests by sums of squares, and adjusted means with equal or observed weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...stats.anova_tables import anova_table
from ...stats.formula_terms import columns_of_terms
from ...stats.marginal_means import marginal_means
from ...stats.regression import regression
from .adjustment import Adjustment
from .regression_rows import write_means

MEMBER = "member"
KINDS = {2: "II", 3: "III"}


def write_sums_of_squares(adjustment: Adjustment, kind: int) -> None:
    """Write an F test of membership and of every term by sums of squares of this type, if the spread is equal."""
    table = _table(adjustment)
    found = anova_table(table, (MEMBER, *adjustment.terms), adjustment.values, kind=KINDS[kind])
    for row in found.rows:
        test = replace(row.test, method=f"sums_of_squares_{kind}", flags={})
        adjustment.test("covariate", test, term=row.term)


def write_weighted_means(adjustment: Adjustment) -> None:
    """Write the means of the analysis of covariance at the mean of measurements and, of categories, with weights.

    Equal weights are those of SPSS and emmeans; proportional weights follow the students.
    """
    table = _table(adjustment)
    columns = columns_of_terms(table, (MEMBER, *adjustment.terms))
    found = regression(columns.columns, columns.names, adjustment.values, **_errors(adjustment))
    for weights in ("equal", "proportional"):
        shown = marginal_means(found, columns, table, MEMBER, weights=weights)
        arms = {adjustment.levels[int(level)]: shown.means.at(i) for i, level in enumerate(shown.levels)}
        write_means(adjustment, weights, arms)


def _errors(adjustment: Adjustment) -> dict[str, Any]:
    level = {"conf_level": adjustment.task.conf_level}
    return level if adjustment.clusters is None else level | {"clusters": adjustment.clusters}


def _table(adjustment: Adjustment) -> Mapping[str, Any]:
    units = adjustment.task.study.units
    table = {name: units[name].iloc[adjustment.rows] for name in adjustment.covariates.used}
    return {MEMBER: np.asarray(adjustment.member, dtype=bool)} | table
