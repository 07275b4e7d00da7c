"""Coefficients of a model with estimated variance components: contrasts with Satterthwaite's degrees of freedom."""

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
class Coefficients:
    """Generalised least-squares coefficients, and how their covariance depends on the variance components.

    estimate : array (p,). covariance : array (p, p). slopes : array (k, p, p), the derivatives of the covariance by
    each of k variance components. uncertainty : array (k, k), the covariance of the components.
    whole : the components are a whole covariance matrix, so that joint tests are Hotelling's.
    flags : why nothing is defined; the numbers are then NaN.
    """

    estimate: Array
    covariance: Array
    slopes: Array
    uncertainty: Array
    method: str
    flags: Mapping[str, Any] = field(default_factory=dict)
    whole: bool = False

    def contrast(self, weights: ArrayLike, *, conf_level: float = 0.95) -> Inference:
        """How large is this sum of coefficients? t with Satterthwaite's degrees of freedom.

        weights : array (p,), or (q, p) for q contrasts at once.
        """
        c = np.asarray(weights, dtype=float)
        variance = np.einsum("...i,ij,...j", c, self.covariance, c)
        error = np.sqrt(np.where(variance > 0, variance, np.nan))
        return from_t(c @ self.estimate, error, self.df(c), conf_level=conf_level, method=self.method, flags=self.flags)

    def df(self, weights: ArrayLike) -> Any:
        """How many degrees of freedom has the variance of this sum? Twice its square over its own variance.

        Fai and Cornelius (1996) doi:10.1080/00949659608811740.
        """
        c = np.asarray(weights, dtype=float)
        variance = np.einsum("...i,ij,...j", c, self.covariance, c)
        slope = np.einsum("...i,kij,...j->...k", c, self.slopes, c)
        spread = np.einsum("...k,kl,...l", slope, self.uncertainty, slope)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(spread > 0, 2 * variance**2 / spread, np.nan)[()]

    def joint(self, weights: ArrayLike) -> TestResult:
        """Are all these sums zero? F with the degrees of freedom of Fai and Cornelius, as lmerTest.

        weights : array (q, p) of linearly independent rows. Where a whole covariance matrix was estimated, F is that of
        Hotelling's T2 with the mean of the sums' own degrees of freedom: exact without missing waves, where the other
        finds too much in few students. Flag ``TOO_FEW`` where no degrees of freedom are left.

        >>> one = Coefficients(np.array([3.0]), np.eye(1), np.ones((1, 1, 1)), np.array([[0.2]]), "reml")
        >>> found = one.joint([[1.0]])
        >>> float(found.statistic), found.df1, float(found.df2)
        (9.0, 1.0, 10.0)
        """
        c = np.atleast_2d(np.asarray(weights, dtype=float))
        undefined = TestResult("F", np.nan, np.nan, df1=float(len(c)), method=self.method, flags=self.flags)
        if not np.all(np.isfinite(self.covariance)):
            return undefined
        values, vectors = np.linalg.eigh(c @ self.covariance @ c.T)
        rotated = vectors.T @ c
        statistic = float(np.mean((rotated @ self.estimate) ** 2 / values))
        own, q = np.atleast_1d(self.df(rotated)), len(c)
        df2 = float(own.mean()) - q + 1 if self.whole else _denominator(own)
        statistic *= df2 / (df2 + q - 1) if self.whole else 1.0
        flags = dict(self.flags) | {"TOO_FEW": not df2 > 0}
        if not df2 > 0:
            return TestResult("F", np.nan, np.nan, df1=float(q), method=self.method, flags=flags)
        p_value = never_zero(float(special.fdtrc(q, df2, statistic)))
        return TestResult("F", statistic, p_value, df1=float(q), df2=df2, method=self.method, flags=flags)


def undefined(p: int, method: str, flag: str) -> Coefficients:
    """Coefficients that could not be estimated, and why."""
    flags = {flag: True}
    none = np.full((p, p), np.nan)
    return Coefficients(none[0], none, none[None], np.full((1, 1), np.nan), method, flags)


def nearly_dependent(triangle: Array) -> bool:
    """Does some column of a design depend on the others? ``triangle`` is that of its QR decomposition."""
    return len(triangle) < triangle.shape[1] or bool(
        np.any(np.abs(np.diag(triangle)) <= 1e-10 * np.sqrt(np.sum(triangle**2, axis=0)))
    )


def _denominator(dfs: Array) -> float:
    """Degrees of freedom of an F whose parts have these of their own: those that give it the right mean."""
    if len(dfs) == 1 or np.ptp(dfs) < 1e-8 * np.max(dfs):
        return float(dfs[0])
    excess = float(np.sum(dfs / (dfs - 2))) if np.all(dfs > 2) else np.nan
    return 2 * excess / (excess - len(dfs))
