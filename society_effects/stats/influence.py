"""Estimates that carry the influence of every student (or class): combined, tested and resampled without refitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import Inference, TestResult, from_t, never_zero

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Influenced:
    """Several estimates, and by how much each student (or class) moves each of them.

    estimate : array (k,). influence : array (pieces, k), a piece being a student, or a class where classes are the
    independent pieces; the covariance of the estimates is its product with itself. NaN columns: no standard error.
    used : array (pieces, k), whether a piece took part in an estimate.
    strata : array (pieces,), pieces whose variances are estimated apart, as in Welch's test.
    flags : why a number is undefined, each an array (k,).
    """

    estimate: Array
    influence: Array
    used: NDArray[np.bool_]
    strata: NDArray[np.int64]
    method: str = "influence"
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def covariance(self) -> Array:
        """Covariance of the estimates, array (k, k)."""
        return self.influence.T @ self.influence

    @property
    def std_error(self) -> Array:
        """Standard errors, array (k,)."""
        return np.asarray(np.sqrt((self.influence**2).sum(axis=0)))

    @property
    def df(self) -> Array:
        """Degrees of freedom of each variance by Welch's rule: strata of n pieces have n - 1. NaN without variance."""
        total, squares = (self.influence**2).sum(axis=0), np.zeros(len(self.estimate))
        for stratum in np.unique(self.strata):
            own = self.strata == stratum
            part = (self.influence[own] ** 2).sum(axis=0)
            squares += part**2 / np.maximum(self.used[own].sum(axis=0) - 1, 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(total**2 / squares)

    def inference(self, *, conf_level: float = 0.95) -> Inference:
        """What are the estimates, with limits and P values? One batch of k."""
        error = self.std_error
        flags = dict(self.flags) | {
            "NO_VARIATION": (error == 0) & (self.estimate == 0),
            "DEGENERATE": (error == 0) & (self.estimate != 0),
        }
        return from_t(self.estimate, error, self.df, conf_level=conf_level, method=self.method, flags=flags)

    def combined(self, weights: ArrayLike, also: ArrayLike = 0.0) -> Influenced:
        """Weighted sums of the estimates.

        weights : array (k, m). also : array (pieces, m), further influence, as of weights that were estimated.
        """
        w = np.asarray(weights, dtype=float)
        return Influenced(
            estimate=self.estimate @ w,
            influence=self.influence @ w + also,
            used=(self.used.astype(float) @ np.abs(w)) > 0,
            strata=self.strata,
            method=self.method,
        )

    def only(self, chosen: ArrayLike) -> Influenced:
        """Some of the estimates, by position or by truth values."""
        given = np.asarray(chosen)
        pick = given if given.size else np.zeros(0, dtype=int)
        flags = {key: np.asarray(value)[pick] for key, value in self.flags.items()}
        return Influenced(
            self.estimate[pick], self.influence[:, pick], self.used[:, pick], self.strata, self.method, flags
        )


def per_unit(influence: ArrayLike, clusters: ArrayLike | None = None) -> Array:
    """What each student (n, ...) contributes, or with classes, arrays (n,), what each class does: sums over students.

    >>> per_unit([1.0, 2.0, 5.0], ["a", "a", "b"]).tolist()
    [3.0, 5.0]
    """
    own = np.asarray(influence, dtype=float)
    if clusters is None:
        return own
    codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
    if own.ndim == 1:
        return np.asarray(np.bincount(codes, own), dtype=float)
    return np.column_stack([np.bincount(codes, column) for column in own.T])


def correlation_of(influence: Array) -> Array:
    """How do estimates go together, of which (units, k) is the influence? Where nothing varies, as if independent.

    >>> correlation_of(np.array([[1.0, 2.0, 0.0], [-1.0, -2.0, 0.0]])).round(6).tolist()
    [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    covariance = influence.T @ influence
    spread = np.sqrt(np.diag(covariance))
    known = np.where(spread > 0, spread, 1.0)
    correlation = covariance / np.outer(known, known)
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(correlation)


def wald_f(values: Array, influence: Array, df: float, *, method: str, undefined: str) -> TestResult:
    """Are all these differences zero? Wald's F with k and ``df`` degrees of freedom (chi-squared / k where infinite).

    values : (k,). influence : (units, k). undefined : the flag where their covariance has no inverse.

    >>> wald_f(np.array([2.0]), np.array([[1.0], [-1.0]]), 10.0, method="wald", undefined="TOO_FEW").statistic
    2.0
    """
    k, covariance = len(values), influence.T @ influence
    if not np.all(np.isfinite(covariance)) or np.linalg.matrix_rank(covariance, hermitian=True) < k:
        return TestResult("F", np.nan, np.nan, float(k), method=method, flags={undefined: True})
    statistic = float(values @ np.linalg.solve(covariance, values)) / k
    p_value = special.chdtrc(k, statistic * k) if np.isinf(df) else special.fdtrc(k, df, statistic)
    return TestResult("F", statistic, never_zero(float(p_value)), float(k), df, method=method)
