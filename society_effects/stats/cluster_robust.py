"""Regression with students who share classes: the CR2 covariance and its Satterthwaite degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import TestResult, never_zero

Array = NDArray[np.float64]
SMALLEST_EIGENVALUE = 1e-10


@dataclass(frozen=True)
class Cr2:
    """The covariance of regression coefficients that takes account of classes.

    covariance : array (p, p). spread : per class an array (n, p), whose product with a contrast is what that class
    contributes to the contrast's variance under independent errors of equal variance (the working model).
    """

    covariance: Array
    bread: Array
    spread: tuple[Array, ...]

    def df(self, contrast: ArrayLike) -> float:
        """How many degrees of freedom has the variance of a contrast (Satterthwaite; Bell and McCaffrey)?"""
        c = np.asarray(contrast, dtype=float)
        columns = np.column_stack([block @ c for block in self.spread])
        product = columns.T @ columns
        return float(np.trace(product) ** 2 / np.sum(product**2))

    def wald(self, contrasts: ArrayLike, coefficients: ArrayLike) -> TestResult:
        """Are all these contrasts zero? The approximate Hotelling test of Pustejovsky and Tipton ("HTZ")."""
        c, b = np.atleast_2d(np.asarray(contrasts, dtype=float)), np.asarray(coefficients, dtype=float)
        half = inverse_root(c @ self.bread @ c.T)
        blocks = [block @ c.T @ half for block in self.spread]
        products = (a.T @ other for a in blocks for other in blocks)
        total = sum(float(np.sum(p * p)) + float(np.trace(p)) ** 2 for p in products)
        eta = len(c) * (len(c) + 1) / total
        return hotelling_test(c @ b, c @ self.covariance @ c.T, eta)


def cr2(design: ArrayLike, residuals: ArrayLike, clusters: ArrayLike) -> Cr2:
    """How precise are regression coefficients when students share classes? Bell and McCaffrey's CR2.

    Parameters
    ----------
    design : array (n, p) of full rank.
    residuals : array (n,) of the least-squares fit.
    clusters : array (n,), the class of each student.

    With one student per class this is HC2. Class indicators in the design are allowed: directions that the class
    itself absorbs are left out (pseudo-inverse).
    Bell and McCaffrey (2002), Survey Methodology 28:169-181; Pustejovsky and Tipton (2018)
    doi:10.1080/07350015.2016.1247004.

    >>> design = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    >>> found = cr2(design, [-1.0, 0.0, 1.0, -2.0, 0.0, 2.0], [0, 1, 2, 3, 4, 5])
    >>> round(float(found.covariance[1, 1]), 6), round(found.df([0, 1]), 6)
    (1.666667, 4.0)
    """
    x, e = np.asarray(design, dtype=float), np.asarray(residuals, dtype=float)
    bread = np.linalg.inv(x.T @ x)
    _, codes = np.unique(np.asarray(clusters), return_inverse=True)
    meat, spread = np.zeros_like(bread), []
    for code in range(codes.max() + 1):
        own = codes == code
        rows = x[own]
        adjusted = inverse_root(np.eye(len(rows)) - rows @ bread @ rows.T) @ rows
        score = adjusted.T @ e[own]
        meat += np.outer(score, score)
        block = -x @ (bread @ (rows.T @ adjusted))
        block[own] += adjusted
        spread.append(block @ bread)
    return Cr2(bread @ meat @ bread, bread, tuple(spread))


def inverse_root(matrix: Array) -> Array:
    """The symmetric inverse square root of a matrix; directions in which it is zero stay zero.

    >>> inverse_root(np.diag([4.0, 0.0])).tolist()
    [[0.5, 0.0], [0.0, 0.0]]
    """
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    usable = values > SMALLEST_EIGENVALUE
    roots = np.where(usable, 1 / np.sqrt(np.where(usable, values, 1.0)), 0.0)
    return np.asarray((vectors * roots) @ vectors.T)


def hotelling_test(contrasts: Array, covariance: Array, eta: float) -> TestResult:
    """Are all contrasts zero? F with q and eta - q + 1 degrees of freedom; undefined where these are not positive."""
    q = len(contrasts)
    df2 = eta - q + 1
    singular = np.linalg.matrix_rank(covariance) < q
    flags = {"NO_VARIATION": bool(singular), "TOO_FEW_CLUSTERS": not singular and not df2 > 0}
    if any(flags.values()):
        return TestResult("F", np.nan, np.nan, df1=float(q), method="cr2_wald", flags=flags)
    statistic = float(contrasts @ np.linalg.solve(covariance, contrasts)) * df2 / (eta * q)
    p_value = never_zero(float(special.fdtrc(q, df2, statistic)))
    return TestResult("F", statistic, p_value, df1=float(q), df2=float(df2), method="cr2_wald", flags=flags)
