"""Does a regression fit, and who decides what it says? Residuals, influence, and the tests reviewers ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .adjusted_difference import AdjustedDifference
from .adjustment_terms import new_columns
from .cluster_robust import SMALLEST_EIGENVALUE
from .inference import TestResult, never_zero
from .linear_model import least_squares
from .moments import power_of_two
from .regression import NO_WEIGHT, Regression

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StudentDiagnostics:
    """What the regression says of each student; arrays (n,).

    leverage : how much of the fitted value the student decides alone. standardised : residual in units of its own
    spread. studentised : the same, the spread estimated without the student. cooks_distance : by how much all fitted
    values move without the student. dffits : by how much the student's own fitted value moves, in standard errors.
    NaN where the leverage is 1 (``LEVERAGE_ONE``), and where too few students are left (``TOO_FEW``) or nothing is left
    unexplained (``DEGENERATE``, for a student without whom the fit is perfect, too).
    """

    leverage: Array
    standardised: Array
    studentised: Array
    cooks_distance: Array
    dffits: Array
    flags: dict[str, bool]


@dataclass(frozen=True, slots=True)
class Inflation:
    """By how much do the other terms widen what is known of this one?

    factor : the (generalised) variance inflation factor. df : columns of the term. per_column : factor^(1/(2 df)), by
    which the limits are wider; its square compares with an ordinary variance inflation factor.
    """

    term: str
    factor: float
    df: int

    @property
    def per_column(self) -> float:
        """The factor brought to one column and to the scale of standard errors."""
        return float(self.factor ** (1 / (2 * self.df)))


def student_diagnostics(found: Regression) -> StudentDiagnostics:
    """Whom does the regression fit badly, and who decides what it says?

    Cook (1977) doi:10.1080/00401706.1977.10489493; Belsley, Kuh and Welsch (1980) doi:10.1002/0471725153.

    >>> from .regression import regression
    >>> shown = student_diagnostics(regression(np.transpose([[1, 2, 3, 4, 10]]), ["x"], [1, 3, 2, 5, 20]))
    >>> shown.leverage.round(2).tolist(), int(np.argmax(shown.cooks_distance))
    ([0.38, 0.28, 0.22, 0.2, 0.92], 4)
    """
    fit, e = found.errors.fit, found.errors.fit.residuals
    left = np.where(fit.at_one, np.nan, 1 - fit.leverage)
    within, few = float(np.sum(e**2)), fit.df < 1
    spread = within / fit.df if not few and within > 0 else np.nan
    standardised = e / np.sqrt(spread * left)
    studentised = e / (_spread_without(found) * np.sqrt(left))
    degenerate = fit.df > 1 and bool(np.any(np.isnan(studentised) & ~fit.at_one))
    return StudentDiagnostics(
        fit.leverage,
        standardised,
        studentised,
        standardised**2 * fit.leverage / left / fit.basis.shape[1],
        studentised * np.sqrt(fit.leverage / left),
        {"LEVERAGE_ONE": bool(np.any(fit.at_one)), "TOO_FEW": fit.df < 2, "DEGENERATE": degenerate},
    )


def coefficient_moves(found: Regression, name: str, *, standardised: bool = False) -> Array:
    """By how much (n,) does each student move a coefficient? It less what it would be without them (DFBETA).

    standardised : in units of its standard error, estimated without the student (DFBETAS). NaN where the coefficient
    does not exist without the student.

    >>> from .regression import regression
    >>> found = regression(np.transpose([[0, 0, 1, 1]]), ["member"], [1, 3, 4, 8])
    >>> coefficient_moves(found, "member").round(12).tolist()
    [1.0, -1.0, -2.0, 2.0]
    """
    fit = found.errors.fit
    row = found.to_scaled @ np.eye(len(found.names))[found.names.index(name)]
    weights = fit.weights(row)
    moves = _moves(weights[:, None], fit.residuals, fit.leverage)[:, 0]
    return moves / (_spread_without(found) * np.linalg.norm(weights)) if standardised else moves


def difference_moves(
    found: AdjustedDifference,
    member: ArrayLike,
    covariates: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> Array:
    """By how much (n,) does each student move an adjusted difference? It less what it would be without them, exactly.

    Parameters
    ----------
    found : the adjusted difference of these students, with the same member (n,), covariates (n, k) and, where members
        are compared with classmates (``within="fixed"``), clusters (n,). With ``within="mundlak"`` give the difference
        found with ``"fixed"``, which is the same.

    Without a student both the coefficients and the target are others: whoever belongs to the target takes part in the
    means at which the groups are compared. NaN for students without whom the difference does not exist.
    Nothing is fitted again; Belsley, Kuh and Welsch (1980) doi:10.1002/0471725153.

    >>> from .adjusted_difference import adjusted_difference
    >>> found = adjusted_difference([1, 3, 4, 8], [0, 0, 1, 1])
    >>> difference_moves(found, [0, 0, 1, 1]).round(12).tolist()
    [1.0, -1.0, -2.0, 2.0]
    """
    fit, terms = found.errors.fit, found.terms
    arm = np.asarray(member).astype(bool)
    x = np.zeros((len(arm), 0)) if covariates is None else np.asarray(covariates, dtype=float)
    leverage = fit.leverage
    if clusters is not None and found.within == "fixed":
        codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
        leverage = leverage - 1 / len(arm) + 1 / np.bincount(codes)[codes]
    rows = np.eye(len(terms.names))[[1, *range(len(terms.names))[terms.slopes]]]
    weights = np.column_stack([fit.weights(row) for row in rows])
    moves = _moves(weights, fit.residuals, leverage)
    slopes = fit.coefficients[terms.slopes] - moves[:, 1:]
    inside = arm if found.target == "members" else np.ones(len(arm), dtype=bool)
    others = np.where(inside, inside.sum() - 1.0, np.inf)
    steps = (x - found.centre)[:, list(terms.interacted)] / np.where(others > 0, others, np.nan)[:, None]
    return np.asarray(moves[:, 0] + np.sum(slopes * steps, axis=1))


def variance_inflation(columns: ArrayLike, term_of: ArrayLike, terms: Sequence[str]) -> tuple[Inflation, ...]:
    """By how much do the other terms widen what is known of each term?

    columns : (n, k), of full rank beside the constant. term_of : (k,), to which of the terms each belongs.
    Fox and Monette (1992) doi:10.1080/01621459.1992.10475190.

    >>> x = np.transpose([[0, 0, 1, 1.0], [0, 1, 1, 2.0]])
    >>> [round(one.factor, 3) for one in variance_inflation(x, [0, 1], ["a", "b"])]
    [2.0, 2.0]
    """
    x, owner = np.asarray(columns, dtype=float), np.asarray(term_of)
    centred = x - x.mean(axis=0)
    triangle = np.asarray(np.linalg.qr(centred / np.linalg.norm(centred, axis=0), mode="r"))
    shown = []
    for i in np.unique(owner):
        own = owner == i
        logs = _log_determinant(triangle[:, own]) + _log_determinant(triangle[:, ~own]) - _log_determinant(triangle)
        shown.append(Inflation(terms[i], float(np.exp(logs)), int(own.sum())))
    return tuple(shown)


def _log_determinant(columns: Array) -> float:
    """The logarithm of the determinant of the products of these columns with each other."""
    return float(2 * np.sum(np.log(np.abs(np.diag(np.asarray(np.linalg.qr(columns, mode="r")))))))


def breusch_pagan(found: Regression) -> TestResult:
    """Does the spread of the outcome change with the columns of the regression? Koenker's form of the test.

    Flags: ``NO_SLOPES``, ``NO_VARIATION`` (all residuals are equally large).
    Breusch and Pagan (1979) doi:10.2307/1911963; Koenker (1981) doi:10.1016/0304-4076(81)90062-2.

    >>> from .regression import regression
    >>> x, y = np.transpose([[1, 2, 3, 4, 5, 6]]), [1, 3, 2, 6, 4, 9]
    >>> round(breusch_pagan(regression(x, ["x"], y)).statistic, 4)
    3.0526
    """
    fit = found.errors.fit
    df = fit.basis.shape[1] - 1
    squares = fit.residuals**2 / max(float(np.max(fit.residuals**2)), np.finfo(float).tiny)
    centred = squares - squares.mean()
    total, flags = float(np.sum(centred**2)), {"NO_SLOPES": df == 0}
    flags["NO_VARIATION"] = bool(np.ptp(squares) <= 1e-10)
    if any(flags.values()):
        return TestResult("chi2", np.nan, np.nan, float(df), method="breusch_pagan", flags=flags)
    statistic = len(squares) * float(np.sum((fit.basis.T @ centred) ** 2)) / total
    return TestResult(
        "chi2", statistic, never_zero(float(special.chdtrc(df, statistic))), float(df), method="breusch_pagan"
    )


def reset(found: Regression) -> TestResult:
    """Do the square and the cube of the fitted values explain more? Ramsey's test of the form of the regression.

    Flags: ``NOTHING_NEW`` (they say nothing beyond the columns, as when these are all combinations of categories),
    ``TOO_FEW``, ``DEGENERATE``. Ramsey (1969) doi:10.1111/j.2517-6161.1969.tb00796.x.

    >>> from .regression import regression
    >>> x, y = np.transpose([[1, 2, 3, 4, 5, 6, 7.0]]), [1, 3, 2, 6, 4, 9, 14]
    >>> round(reset(regression(x, ["x"], y)).statistic, 4)
    3.1102
    """
    fit = found.errors.fit
    centred = found.fitted - found.fitted.mean()
    size = float(power_of_two(np.abs(centred).max(initial=0.0)))
    powers = np.column_stack([(centred / size) ** power for power in (2, 3)])
    both = np.column_stack([fit.basis, powers])
    new = np.array(new_columns(both, np.r_[np.ones(fit.basis.shape[1]), np.linalg.norm(powers, axis=0)]))
    more = int(new.sum()) - fit.basis.shape[1]
    flags = {"NOTHING_NEW": more < 1, "TOO_FEW": fit.df - more < 1, "DEGENERATE": bool(np.all(fit.residuals == 0))}
    if any(flags.values()):
        return TestResult("F", np.nan, np.nan, float(more), float(fit.df - more), method="reset", flags=flags)
    within, left = (float(np.sum(r**2)) for r in (fit.residuals, least_squares(both[:, new], found.outcome).residuals))
    statistic = max(within - left, 0.0) / more / (left / (fit.df - more))
    p_value = never_zero(float(special.fdtrc(more, fit.df - more, statistic)))
    return TestResult("F", statistic, p_value, float(more), float(fit.df - more), method="reset")


def durbin_watson(found: Regression) -> float:
    """Are neighbouring rows alike in what is left unexplained? 2 if not; NaN when nothing is left.

    >>> from .regression import regression
    >>> round(durbin_watson(regression(np.transpose([[1, 2, 3, 4, 5, 6]]), ["x"], [1, 3, 2, 6, 4, 9])), 4)
    3.3283
    """
    e = found.errors.fit.residuals
    total = float(np.sum(e**2))
    return float(np.sum(np.diff(e) ** 2)) / total if total > 0 else np.nan


def condition_number(found: Regression) -> float:
    """How nearly do the columns, the constant among them, depend on each other? Each brought to length 1.

    Above 30 the data tell little about some combination of them. Belsley, Kuh and Welsch (1980) doi:10.1002/0471725153.

    >>> from .regression import regression
    >>> round(condition_number(regression(np.transpose([[1, 2, 3, 4]]), ["x"], [1, 3, 2, 6])), 4)
    4.6856
    """
    return float(np.linalg.cond(found.design / np.linalg.norm(found.design, axis=0)))


def _moves(weights: Array, residuals: Array, leverage: Array) -> Array:
    """By how much each student moves contrasts with these weights (n, q); nothing where a student is not in them."""
    left = np.where(leverage > 1 - SMALLEST_EIGENVALUE, np.nan, 1 - leverage)
    nowhere = np.all(np.abs(weights) <= NO_WEIGHT * np.abs(weights).max(axis=0), axis=1)
    return np.asarray(np.where(nowhere[:, None], 0.0, weights * (residuals / left)[:, None]))


def _spread_without(found: Regression) -> Array:
    """The residual standard deviation (n,) without each student."""
    fit, e = found.errors.fit, found.errors.fit.residuals
    within = float(np.sum(e**2))
    if fit.df < 2 or within == 0:
        return np.full(len(e), np.nan)
    left = np.where(fit.at_one, np.nan, 1 - fit.leverage)
    rest = within - e**2 / left
    return np.sqrt(np.where(rest > 1e-12 * within, rest, np.nan) / (fit.df - 1))
