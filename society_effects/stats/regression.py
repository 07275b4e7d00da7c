"""How does an outcome go together with several variables at once? The ordinary regression table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .adjustment_terms import new_columns
from .inference import Inference, TestResult, from_t, never_zero
from .linear_model import ClassErrors, Errors, StudentErrors, least_squares
from .moments import power_of_two

Array = NDArray[np.float64]
INTERCEPT = "(Intercept)"
NO_WEIGHT = 1e-10
BY_STATSMODELS = ("hc0", "hc1", "hc2", "hc3")


@dataclass(frozen=True, slots=True)
class Regression:
    """A regression and its table; it is fitted with the columns centred and scaled, which keeps the digits.

    names : of the coefficients, ``"(Intercept)"`` first. dropped : columns that say nothing beyond those before them.
    design : (n, p), the columns as given. outcome : (n,). errors : the fit of the scaled columns and its covariance.
    to_scaled : (p, p), what turns contrasts of the coefficients into contrasts of the scaled ones.
    coefficients : one batch of p; their flags are arrays (p,).
    sigma, r_squared, adjusted_r_squared, log_likelihood, aic, bic : as R prints them (the spread counts as a
    parameter); NaN where a flag says why. overall : are all slopes zero, if the spread is equal (the classical F)?
    flags : ``TOO_FEW`` (no more students than coefficients), ``NO_VARIATION`` (a constant outcome), ``DEGENERATE`` (a
    perfect fit), ``COLLINEAR``, ``NO_SLOPES``.
    """

    names: tuple[str, ...]
    dropped: tuple[str, ...]
    design: Array
    outcome: Array
    errors: Errors
    to_scaled: Array
    coefficients: Inference
    sigma: float
    r_squared: float
    adjusted_r_squared: float
    overall: TestResult
    log_likelihood: float
    aic: float
    bic: float
    flags: dict[str, bool]

    @property
    def n(self) -> int:
        """How many students?"""
        return len(self.outcome)

    @property
    def df(self) -> int:
        """Students less coefficients."""
        return self.errors.fit.df

    @property
    def fitted(self) -> Array:
        """What the regression expects of each student (n,)."""
        return self.outcome - self.errors.fit.residuals

    @property
    def model(self) -> Any:
        """The regression as an object of statsmodels, with its covariance where statsmodels has it, and with t."""
        import pandas as pd
        from statsmodels.regression.linear_model import OLS

        described = OLS(self.outcome, pd.DataFrame(self.design, columns=list(self.names)))
        if self.errors.kind in BY_STATSMODELS and not np.any(self.errors.fit.at_one):
            return described.fit(cov_type=self.errors.kind.upper(), use_t=True)
        return described.fit()

    def coefficient(self, name: str) -> Inference:
        """How large is this coefficient?"""
        return self.coefficients.at(self.names.index(name))

    def contrasts(self, rows: ArrayLike) -> Inference:
        """How large are these combinations (m, p) of the coefficients? One batch of m."""
        return _inference(self.errors, np.asarray(rows, dtype=float) @ self.to_scaled.T, self.coefficients.conf_level)

    def wald(self, names: Sequence[str]) -> TestResult:
        """Are all these coefficients zero? F with the covariance of the table; with classes, the approximate Hotelling.

        Flags: ``NO_SLOPES`` (none of them is in the regression), ``LEVERAGE_ONE`` (some student, or class, decides one
        of them alone), ``NO_VARIATION``, ``TOO_FEW_CLUSTERS``.
        """
        rows = np.eye(len(self.names))[[self.names.index(name) for name in names if name in self.names]]
        if not len(rows):
            return TestResult("F", np.nan, np.nan, method=self.errors.kind, flags={"NO_SLOPES": True})
        scaled = rows @ self.to_scaled.T
        if any(np.any(_alone(self.errors, row)) for row in scaled):
            flags = {"LEVERAGE_ONE": True}
            return TestResult("F", np.nan, np.nan, float(len(rows)), method=self.errors.kind, flags=flags)
        return self.errors.joint(scaled)


def regression(
    columns: ArrayLike,
    names: Sequence[str],
    outcome: ArrayLike,
    *,
    covariance: str = "hc3",
    clusters: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> Regression:
    """How does an outcome go together with several variables at once?

    Parameters
    ----------
    columns : (n, k), without the constant; k may be 0. No missing values.
    names : of the columns.
    outcome : (n,), in its own units. No missing values.
    covariance : ``"hc3"`` with t(n - p); ``"hc2"`` with the degrees of freedom of Bell and McCaffrey; ``"classical"``,
        ``"hc0"``, ``"hc1"``, ``"hc4"`` with t(n - p), to set beside what other programs print.
    clusters : (n,), the class of each student: CR2 with Satterthwaite degrees of freedom instead.

    Columns that say nothing beyond the constant and those before them are left out and named. Flags of a coefficient:
    ``TOO_FEW`` / ``TOO_FEW_CLUSTERS`` (most of its spread is unknown, as when a group is one student, or one class: no
    standard error), ``LEVERAGE_ONE`` (some students, or classes, in it decide their fitted value alone, and contribute
    nothing to its spread), ``NO_VARIATION`` and ``DEGENERATE`` as in :class:`Regression`.
    Long and Ervin (2000) doi:10.1080/00031305.2000.10474549; Pustejovsky and Tipton (2018)
    doi:10.1080/07350015.2016.1247004.

    >>> found = regression(np.transpose([[0, 0, 1, 1], [1, 2, 1, 2]]), ["member", "year"], [1, 2, 4, 6])
    >>> found.names, found.coefficients.estimate.round(12).tolist(), round(found.r_squared, 4)
    (('(Intercept)', 'member', 'year'), [-0.75, 3.5, 1.5], 0.9831)
    """
    y = np.asarray(outcome, dtype=float)
    x = np.asarray(columns, dtype=float).reshape(len(y), len(names))
    centre, scaled, scale = _scaled(x)
    size = np.maximum(np.linalg.norm(scaled, axis=0), 1e-6 * np.linalg.norm(x / scale, axis=0))
    new = new_columns(np.column_stack([np.ones(len(y)), scaled]), np.r_[1.0, size])[1:]
    kept = [i for i, is_new in enumerate(new) if is_new]
    fit = least_squares(np.column_stack([np.ones(len(y)), scaled[:, kept]]), y)
    errors: Errors = StudentErrors(fit, covariance) if clusters is None else ClassErrors.of(fit, clusters)
    to_scaled = np.diag(np.r_[1.0, 1 / scale[kept]])
    to_scaled[1:, 0] = -centre[kept] / scale[kept]
    dropped = tuple(name for name, is_new in zip(names, new, strict=True) if not is_new)
    return Regression(
        names=(INTERCEPT, *(names[i] for i in kept)),
        dropped=dropped,
        design=np.column_stack([np.ones(len(y)), x[:, kept]]),
        outcome=y,
        errors=errors,
        to_scaled=to_scaled,
        coefficients=_inference(errors, to_scaled.T, conf_level),
        **_summary(y, fit.residuals, len(kept), bool(dropped)),
    )


def _scaled(x: Array) -> tuple[Array, Array, Array]:
    """The columns around their means and in units of their size, with these means and sizes."""
    centre = x.mean(axis=0)
    centred = x - centre
    centre = centre + centred.mean(axis=0)
    centred = x - centre
    scale = power_of_two(np.abs(centred).max(axis=0, initial=0.0))
    return centre, centred / scale, scale


def _inference(errors: Errors, rows: Array, conf_level: float) -> Inference:
    """Contrasts (m, p) of the scaled coefficients, with their uncertainty."""
    fit = errors.fit
    estimate = rows @ fit.coefficients
    alone = np.array([bool(np.any(_alone(errors, row))) for row in rows], dtype=bool)
    error = np.array([_root(errors, row) for row in rows])
    df = np.array([errors.df(row) for row in rows], dtype=float)
    perfect = bool(np.all(fit.residuals == 0))
    unknown = np.array([_unknown(errors, row) for row in rows], dtype=bool) | ((error == 0) & (not perfect))
    still = np.full(len(rows), perfect) & ~unknown
    nothing = np.abs(estimate) <= 1e-12 * np.abs(fit.coefficients).max()
    classes = isinstance(errors, ClassErrors)
    flags = {
        "TOO_FEW_CLUSTERS" if classes else "TOO_FEW": unknown,
        "NO_VARIATION": still & nothing,
        "DEGENERATE": still & ~nothing,
        "LEVERAGE_ONE": alone & ~unknown,
    }
    error = np.where(unknown, np.nan, error)
    return from_t(estimate, error, df, conf_level=conf_level, method=errors.kind, flags=flags)


def _alone(errors: Errors, row: Array) -> NDArray[np.bool_]:
    """Who (n,) is in this contrast, though the uncertainty of their part cannot be known?"""
    weights = np.abs(errors.fit.weights(row))
    unknown = errors.unknown(row) & (weights > NO_WEIGHT * weights.max(initial=0.0))
    return np.asarray(unknown & (errors.kind != "classical"))


def _unknown(errors: Errors, row: Array) -> bool:
    """Is most of the spread of this contrast unknown (its larger part, were the spread equal everywhere)?

    In classes, of students or of whole classes.
    """
    weights, alone = errors.fit.weights(row), _alone(errors, row)
    every, unknown = weights**2, np.where(alone, weights, 0.0) ** 2
    mostly = float(unknown.sum()) > float(every.sum()) / 2
    if isinstance(errors, ClassErrors):
        of_class, of_alone = (np.bincount(errors.codes, w) ** 2 for w in (weights, np.where(alone, weights, 0.0)))
        mostly |= float(of_alone.sum()) > max(float(of_class.sum()) / 2, 1e-12 * float(every.sum()))
    few = isinstance(errors, ClassErrors) and not errors.df(row) > 0
    return errors.fit.df < 1 or mostly or few


def _root(errors: Errors, row: Array) -> float:
    """The standard error of a contrast."""
    influence = errors.influence(row)
    values = np.bincount(errors.codes, influence) if isinstance(errors, ClassErrors) else influence
    return float(np.sqrt(np.sum(values**2)))


def _summary(y: Array, residuals: Array, slopes: int, collinear: bool) -> dict[str, Any]:
    """How well does the regression describe the outcome?"""
    n, df = len(y), len(y) - slopes - 1
    within, deviations = float(np.sum(residuals**2)), y - y.mean()
    total = float(np.sum((deviations - deviations.mean()) ** 2))
    constant = bool(np.all(y == y[:1]))
    flags = {
        "TOO_FEW": df < 1,
        "NO_VARIATION": constant,
        "DEGENERATE": not constant and df >= 1 and within == 0,
        "COLLINEAR": collinear,
        "NO_SLOPES": slopes == 0,
    }
    spread = df >= 1 and within > 0
    log_likelihood = -n / 2 * (np.log(2 * np.pi * within / n) + 1) if spread else np.nan
    statistic = max(total - within, 0.0) / slopes / (within / df) if spread and slopes else np.nan
    why = {key: True for key in ("TOO_FEW", "NO_VARIATION", "DEGENERATE", "NO_SLOPES") if flags[key]}
    p_value = never_zero(float(special.fdtrc(slopes, df, statistic))) if spread and slopes else np.nan
    return {
        "sigma": float(np.sqrt(within / df)) if df >= 1 else np.nan,
        "r_squared": np.nan if constant else 1 - within / total,
        "adjusted_r_squared": np.nan if constant or df < 1 else 1 - within / total * (n - 1) / df,
        "overall": TestResult("F", statistic, p_value, float(slopes), float(df), method="classical", flags=why),
        "log_likelihood": float(log_likelihood),
        "aic": float(-2 * log_likelihood + 2 * (slopes + 2)),
        "bic": float(-2 * log_likelihood + np.log(n) * (slopes + 2)),
        "flags": flags,
    }
