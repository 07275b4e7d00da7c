"""Which terms of a regression matter? Analysis of variance tables of Type I, II and III."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .adjustment_terms import new_columns
from .formula_terms import Table, TermColumns, columns_of_terms
from .inference import TestResult, never_zero
from .moments import power_of_two
from .regression import INTERCEPT, Regression, regression

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TermRow:
    """One line of the table. sum_of_squares : NaN in a robust table, which has none."""

    term: str
    df: int
    sum_of_squares: float
    test: TestResult


@dataclass(frozen=True, slots=True)
class AnovaTable:
    """Terms in the order given, and what they leave unexplained; a Type III table begins with the constant.

    n : students without a missing value. dropped : columns that say nothing beyond those before them.
    """

    kind: str
    rows: tuple[TermRow, ...]
    residual_ss: float
    residual_df: int
    n: int
    dropped: tuple[str, ...]

    def row(self, term: str) -> TermRow:
        """The line of a term."""
        return next(row for row in self.rows if row.term == term)


def anova_table(table: Table, terms: Sequence[str], outcome: ArrayLike, *, kind: str = "II") -> AnovaTable:
    """Which terms of a regression matter, if the spread is equal everywhere?

    Parameters
    ----------
    table, terms : as in :func:`society_effects.stats.formula_terms.columns_of_terms`. Students with a missing value of
        a variable are left out.
    outcome : (n,), without missing values.
    kind : ``"I"``, each term after those before it; ``"II"``, each after all terms that do not contain it; ``"III"``,
        each after all others, with categories compared with the mean of all of them (sum-to-zero), numbers as they are.

    Flags of a test: ``TOO_FEW`` (no students beyond the coefficients), ``DEGENERATE`` (nothing is left unexplained),
    ``NO_SLOPES`` (the term says nothing beyond the others), ``EMPTY_CELLS`` (in a Type III table, when some column says
    nothing new, as when a combination of categories is empty: what the test compares then depends on which
    combinations there are, so that there is none).
    Type II and III as R's car::Anova; Fox (2016), Applied Regression Analysis, section 9.1.

    >>> table = {"sex": ["f", "f", "m", "m", "m"], "year": [1, 2, 1, 2, 2]}
    >>> found = anova_table(table, ["sex", "year"], [1.0, 3.0, 2.0, 5.0, 6.0], kind="II")
    >>> [(row.term, round(row.sum_of_squares, 4)) for row in found.rows], round(found.residual_ss, 4)
    ([('sex', 4.0238), ('year', 9.5238)], 1.1429)
    """
    columns, x, y, full = _fitted(table, terms, outcome, kind)
    own = [x[:, columns.term_of == i] for i in range(len(columns.terms))]
    gains = [_gain(x, np.zeros((len(y), 0)), y, constant=True)] if kind == "III" else []
    for i, columns_of in enumerate(own):
        before = [own[j] for j in _before(columns, i, kind)]
        gains.append(_gain(np.column_stack([np.zeros((len(y), 0)), *before]), columns_of, y))
    shown = ((INTERCEPT,) if kind == "III" else ()) + columns.terms
    within = float(np.sum(full.errors.fit.residuals**2))
    rows = []
    for term, (gained, df) in zip(shown, gains, strict=True):
        test = _guarded(_f_test(gained, df, within, full.df), full, kind)
        rows.append(TermRow(term, df, gained, test))
    return AnovaTable(kind, tuple(rows), within, full.df, len(y), full.dropped)


def robust_anova_table(table: Table, terms: Sequence[str], outcome: ArrayLike, *, kind: str = "II") -> AnovaTable:
    """Which terms of a regression matter, whatever the spread? The same hypotheses, with the HC3 covariance.

    Arguments and flags as in :func:`anova_table`, kind ``"II"`` or ``"III"``; ``LEVERAGE_ONE``: some student decides a
    coefficient of the term alone. As R's car::Anova(white.adjust="hc3"): where other terms contain the term, its own
    part is what is left of their joint Wald statistic once that of the others is taken away.
    Long and Ervin (2000) doi:10.1080/00031305.2000.10474549.

    >>> table = {"sex": ["f", "f", "m", "m", "m", "f"], "year": [1, 2, 1, 2, 2, 2]}
    >>> found = robust_anova_table(table, ["sex", "year"], [1.0, 3.0, 2.0, 5.0, 6.0, 4.0])
    >>> round(found.row("sex").test.statistic, 3)
    4.748
    """
    columns, _, y, full = _fitted(table, terms, outcome, kind)
    names_of = [[columns.names[j] for j in np.flatnonzero(columns.term_of == i)] for i in range(len(columns.terms))]
    rows = [TermRow(INTERCEPT, 1, np.nan, _guarded(full.wald([INTERCEPT]), full, kind))] if kind == "III" else []
    for i, term in enumerate(columns.terms):
        around = [name for j in _containing(columns, i) for name in names_of[j]] if kind == "II" else []
        own = sum(name in full.names for name in names_of[i])
        both, others = full.wald([*around, *names_of[i]]), full.wald(around)
        test = both if not around else _left_over(both, others, own, full.df)
        rows.append(TermRow(term, own, np.nan, _guarded(test, full, kind)))
    within = float(np.sum(full.errors.fit.residuals**2))
    return AnovaTable(kind, tuple(rows), within, full.df, len(y), full.dropped)


def _fitted(
    table: Table, terms: Sequence[str], outcome: ArrayLike, kind: str
) -> tuple[TermColumns, Array, Array, Regression]:
    """The terms, and the columns, outcomes and regression of the students without missing values."""
    found = columns_of_terms(table, terms, coding="sum" if kind == "III" else "reference")
    x, y = found.columns[~found.missing], np.asarray(outcome, dtype=float)[~found.missing]
    return found, x, y, regression(x, found.names, y)


def _before(columns: TermColumns, i: int, kind: str) -> list[int]:
    """Which terms come before this one?"""
    if kind == "I":
        return list(range(i))
    containing = _containing(columns, i) if kind == "II" else []
    return [j for j in range(len(columns.terms)) if j != i and j not in containing]


def _containing(columns: TermColumns, i: int) -> list[int]:
    """Which terms are products of this one with something else?"""
    return [j for j, factors in enumerate(columns.factors_of) if columns.factors_of[i] < factors]


def _gain(before: Array, own: Array, y: Array, *, constant: bool = False) -> tuple[float, int]:
    """By how much do these columns lessen the residual sum of squares, after those before them and the constant?

    constant : it is the constant itself that comes last. Also how many of the columns say something new.
    """
    one = np.ones((len(y), 1))
    both = np.column_stack([before, one] if constant else [before, own])
    raw = np.linalg.norm(both, axis=0)
    if not constant:
        both, y = both - both.mean(axis=0), y - y.mean()
    sizes = np.maximum(np.linalg.norm(both, axis=0), 1e-6 * raw)
    if not constant:
        both, sizes = np.column_stack([one, both]), np.r_[1.0, sizes]
    both = both / power_of_two(sizes)
    new = np.array(new_columns(both, sizes / power_of_two(sizes)))
    first = both.shape[1] - (1 if constant else own.shape[1])
    basis = np.linalg.qr(both[:, new])[0][:, int(new[:first].sum()) :]
    return float(np.sum((basis.T @ y) ** 2)), basis.shape[1]


def _f_test(gained: float, df: int, within: float, residual_df: int) -> TestResult:
    flags = {"NO_SLOPES": df == 0, "TOO_FEW": residual_df < 1, "DEGENERATE": residual_df >= 1 and within == 0}
    if any(flags.values()):
        return TestResult("F", np.nan, np.nan, float(df), float(residual_df), method="classical", flags=flags)
    return _f(gained / df / (within / residual_df), df, residual_df, "classical")


def _left_over(both: TestResult, others: TestResult, df: int, residual_df: int) -> TestResult:
    """What is left of a joint Wald statistic once that of the terms around is taken away?"""
    flags = {**both.flags, **others.flags, "NO_SLOPES": df == 0}
    if df == 0 or not np.isfinite([both.statistic, others.statistic]).all():
        return TestResult("F", np.nan, np.nan, float(df), float(residual_df), method=both.method, flags=flags)
    statistic = (both.statistic * both.df1 - others.statistic * others.df1) / df
    return _f(max(statistic, 0.0), df, residual_df, both.method)


def _f(statistic: float, df: int, residual_df: int, method: str) -> TestResult:
    p_value = never_zero(float(special.fdtrc(df, residual_df, statistic)))
    return TestResult("F", statistic, p_value, float(df), float(residual_df), method=method)


def _guarded(test: TestResult, full: Regression, kind: str) -> TestResult:
    """No Type III test where some column says nothing new."""
    if kind != "III" or not full.dropped:
        return test
    return replace(test, statistic=np.nan, p_value=np.nan, flags={**test.flags, "EMPTY_CELLS": True})
