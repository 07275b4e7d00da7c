"""Least squares, and how precise its coefficients are when students differ in spread or share classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .cluster_robust import SMALLEST_EIGENVALUE, Cr2, cr2
from .inference import TestResult, never_zero, plain

Array = NDArray[np.float64]
ROUNDING = 1e-13
"""Residuals no larger than this share of the outcome are rounding of a perfect fit."""


@dataclass(frozen=True, slots=True)
class LinearFit:
    """A least-squares fit; every array may have leading batch axes.

    basis : (..., n, p), an orthonormal basis of the columns of the design. to_coefficients : (..., p, p), what turns
    coefficients of the basis into those of the design (the inverse of R in design = QR). coefficients : (..., p).
    residuals, leverage : (..., n).
    """

    basis: Array
    to_coefficients: Array
    coefficients: Array
    residuals: Array
    leverage: Array

    @property
    def df(self) -> int:
        """Students less coefficients."""
        return int(self.basis.shape[-2] - self.basis.shape[-1])

    def in_basis(self, contrasts: ArrayLike) -> Array:
        """Contrasts (..., p) of the coefficients as contrasts of the coefficients of the basis."""
        return np.einsum("...ij,...i->...j", self.to_coefficients, np.asarray(contrasts, dtype=float))

    def weights(self, contrast: ArrayLike) -> Array:
        """By which numbers (..., n) are the outcomes multiplied to give this contrast of the coefficients?"""
        return np.einsum("...np,...p->...n", self.basis, self.in_basis(contrast))

    def estimate(self, contrast: ArrayLike) -> Any:
        """The contrast itself."""
        return plain(np.einsum("...p,...p->...", self.coefficients, np.asarray(contrast, dtype=float)))

    def described(self, outcome: ArrayLike) -> tuple[float, float, float]:
        """How well does the fit describe the outcome (n,)? R squared, the same adjusted, SD of the residuals.

        No batch axes; NaN where the outcome does not vary.
        """
        y = np.asarray(outcome, dtype=float)
        total, left = float(np.sum((y - y.mean()) ** 2)), float(self.residuals @ self.residuals)
        if not total > 0:
            return np.nan, np.nan, np.nan
        df = max(self.df, 1)
        return 1 - left / total, 1 - left / total * (len(y) - 1) / df, float(np.sqrt(left / df))

    @property
    def at_one(self) -> NDArray[np.bool_]:
        """Whose outcome (..., n) decides its own fitted value alone (leverage 1), so that its residual says nothing?"""
        return np.asarray(self.leverage > 1 - SMALLEST_EIGENVALUE)


def least_squares(design: ArrayLike, outcome: ArrayLike) -> LinearFit:
    """Which coefficients fit the outcomes best?

    Parameters
    ----------
    design : array (..., n, p) of full rank. outcome : array (..., n), without missing values.

    >>> least_squares([[1, 0], [1, 0], [1, 1], [1, 1]], [1, 3, 4, 8]).coefficients.round(12).tolist()
    [2.0, 4.0]
    """
    x, y = np.asarray(design, dtype=float), np.asarray(outcome, dtype=float)
    basis, triangle = np.linalg.qr(x)
    inverse = np.linalg.inv(triangle)
    projected = np.einsum("...np,...n->...p", basis, y)
    residuals = y - np.einsum("...np,...p->...n", basis, projected)
    again = np.einsum("...np,...n->...p", basis, residuals)
    residuals = residuals - np.einsum("...np,...p->...n", basis, again)
    largest = np.abs(y).max(axis=-1, keepdims=True, initial=0.0)
    perfect = np.abs(residuals).max(axis=-1, keepdims=True, initial=0.0) <= ROUNDING * largest
    return LinearFit(
        basis,
        inverse,
        np.einsum("...pq,...q->...p", inverse, projected + again),
        np.where(perfect, 0.0, residuals),
        np.minimum(np.einsum("...np,...np->...n", basis, basis), 1.0),
    )


@dataclass(frozen=True, slots=True)
class StudentErrors:
    """Standard errors of a fit whose students are independent.

    kind : ``"hc3"`` with t(n - p), ``"hc2"`` with the degrees of freedom of Bell and McCaffrey, or ``"classical"``
    (equal spread); ``"hc0"``, ``"hc1"`` and ``"hc4"`` with t(n - p), as other programs print them. A student of
    leverage 1 would divide by zero: there HC3 and HC4 give way to HC2, in which that student contributes nothing.
    Long and Ervin (2000) doi:10.1080/00031305.2000.10474549; Imbens and Kolesar (2016) doi:10.1162/REST_a_00552;
    Cribari-Neto (2004) doi:10.1016/S0167-9473(02)00366-3.
    """

    fit: LinearFit
    kind: str = "hc3"

    def influence(self, contrast: ArrayLike) -> Array:
        """What each student (..., n) contributes; the squares add up to the squared standard error."""
        fit, weights = self.fit, self.fit.weights(contrast)
        if self.kind == "classical":
            return np.asarray(weights * np.sqrt(np.sum(fit.residuals**2, axis=-1, keepdims=True) / max(fit.df, 1)))
        if self.kind in ("hc0", "hc1"):
            students = fit.residuals.shape[-1] if self.kind == "hc1" else max(fit.df, 1)
            return np.asarray(weights * fit.residuals * np.sqrt(students / max(fit.df, 1)))
        left = np.where(fit.at_one, np.inf, 1 - fit.leverage)
        power = self._hc4_power if self.kind == "hc4" else 1.0
        return np.asarray(weights * fit.residuals / np.where(self._by_hc2[..., None], np.sqrt(left), left**power))

    def df(self, contrast: ArrayLike) -> Any:
        """Degrees of freedom of the contrast."""
        by_rule = np.where(self._by_hc2, self._bell_mccaffrey(contrast), float(self.fit.df))
        return float(self.fit.df) if self.kind == "classical" else plain(by_rule)

    def unknown(self, contrast: ArrayLike) -> NDArray[np.bool_]:
        """Whose part (..., n) in the uncertainty cannot be known, the leverage being 1 (for every contrast alike)?"""
        return self.fit.at_one

    def joint(self, contrasts: ArrayLike) -> TestResult:
        """Are all these contrasts (q, p) zero? F with q and n - p degrees of freedom; no batch axes."""
        c = np.atleast_2d(np.asarray(contrasts, dtype=float))
        values = np.array([self.fit.estimate(row) for row in c])
        influence = np.column_stack([self.influence(row) for row in c])
        singular = np.linalg.matrix_rank(influence) < len(c)
        if singular or self.fit.df < 1:
            return TestResult("F", np.nan, np.nan, float(len(c)), method=self.kind, flags={"NO_VARIATION": True})
        whitened = np.linalg.solve(np.asarray(np.linalg.qr(influence, mode="r")).T, values)
        statistic = float(whitened @ whitened) / len(c)
        p_value = never_zero(float(special.fdtrc(len(c), self.fit.df, statistic)))
        return TestResult("F", statistic, p_value, float(len(c)), float(self.fit.df), method=self.kind)

    @property
    def _by_hc2(self) -> NDArray[np.bool_]:
        divides = self.kind in ("hc3", "hc4")
        return np.asarray((np.any(self.fit.at_one, axis=-1) & divides) | (self.kind == "hc2"))

    @property
    def _hc4_power(self) -> Array:
        """Half of the exponent of HC4: the leverage beside the mean leverage, 4 at most."""
        students, columns = self.fit.basis.shape[-2:]
        return np.asarray(np.minimum(4.0, self.fit.leverage * students / columns) / 2)

    def _bell_mccaffrey(self, contrast: ArrayLike) -> Array:
        fit, weights = self.fit, self.fit.weights(contrast)
        squares = np.where(fit.at_one, 0.0, weights**2 / np.where(fit.at_one, 1.0, 1 - fit.leverage))
        shared = np.swapaxes(fit.basis * squares[..., None], -1, -2) @ fit.basis
        total = np.sum(squares**2 * (1 - 2 * fit.leverage), axis=-1) + np.sum(shared**2, axis=(-2, -1))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.sum(squares * (1 - fit.leverage), axis=-1) ** 2 / total)


@dataclass(frozen=True, slots=True)
class ClassErrors:
    """Standard errors of a fit whose students share classes: CR2 with Satterthwaite degrees of freedom; no batch axes.

    codes : (n,), the class of each student, from 0. found : the covariance of the coefficients of the basis.
    """

    fit: LinearFit
    codes: NDArray[np.int64]
    found: Cr2
    kind: str = "cr2"

    @classmethod
    def of(cls, fit: LinearFit, clusters: ArrayLike) -> ClassErrors:
        """The standard errors of a fit in these classes, array (n,)."""
        codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
        return cls(fit, codes, cr2(fit.basis, fit.residuals, codes))

    def influence(self, contrast: ArrayLike) -> Array:
        """What each student (n,) contributes; the squares of the sums per class add up to the squared error."""
        return np.asarray(self.found.influence @ self.fit.in_basis(contrast))

    def df(self, contrast: ArrayLike) -> float:
        """Degrees of freedom of the contrast."""
        return self.found.df(self.fit.in_basis(contrast))

    def unknown(self, contrast: ArrayLike) -> NDArray[np.bool_]:
        """Whose class's part (n,) in the uncertainty cannot be known, the class deciding some coefficient alone?"""
        c, weights = self.fit.in_basis(contrast), self.fit.weights(contrast)
        all_of_it = np.bincount(self.codes, weights**2)
        seen = c @ self.found.own @ c - np.sum((self.found.through @ c) ** 2, axis=1)
        return np.asarray((all_of_it - seen > 1e-8 * all_of_it.sum())[self.codes])

    def joint(self, contrasts: ArrayLike) -> TestResult:
        """Are all these contrasts (q, p) zero? The approximate Hotelling test."""
        c = np.atleast_2d(np.asarray(contrasts, dtype=float))
        rows = np.array([self.fit.in_basis(row) for row in c])
        return self.found.wald(rows, np.linalg.solve(self.fit.to_coefficients, self.fit.coefficients))


Errors = StudentErrors | ClassErrors
