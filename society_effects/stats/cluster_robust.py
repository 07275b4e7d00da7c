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

    covariance : array (p, p). influence : array (n, p), what each student contributes to the coefficients; the product
    of their sums per class with itself is the covariance. root : array (p, p), whose product with its transpose is
    the covariance under independent errors of variance 1 (the working model). own, through : arrays (classes, p, p).
    What two classes contribute in the working model has the product ``-through' root root' through``, to which
    ``own`` is added where both are the same class.
    """

    covariance: Array
    influence: Array
    root: Array
    own: Array
    through: Array

    def df(self, contrast: ArrayLike) -> float:
        """How many degrees of freedom has the variance of a contrast (Satterthwaite; Bell and McCaffrey)?"""
        c = np.asarray(contrast, dtype=float)
        own, through = c @ self.own @ c, self.through @ c @ self.root
        shared = through.T @ through
        squares = np.sum(own**2) - 2 * own @ np.sum(through**2, axis=1) + np.sum(shared**2)
        return float((np.sum(own) - np.trace(shared)) ** 2 / squares) if squares > 0 else np.nan

    def wald(self, contrasts: ArrayLike, coefficients: ArrayLike) -> TestResult:
        """Are all these contrasts zero? The approximate Hotelling test of Pustejovsky and Tipton ("HTZ")."""
        c, b = np.atleast_2d(np.asarray(contrasts, dtype=float)), np.asarray(coefficients, dtype=float)
        c = c / np.linalg.norm(c @ self.root, axis=1, keepdims=True)  # whatever units the coefficients have
        half = c.T @ inverse_root(c @ self.root @ self.root.T @ c.T)
        own, through = half.T @ self.own @ half, self.root.T @ self.through @ half
        within = through.transpose(0, 2, 1) @ through
        pairs = np.einsum("sia,sjb->iajb", through, through)
        total = np.sum(pairs**2) + np.sum(pairs * pairs.transpose(0, 3, 2, 1))
        total += np.sum((own - within) ** 2) - np.sum(within**2)
        each, left = (np.trace(part, axis1=1, axis2=2) for part in (own, within))
        total += np.sum((each - left) ** 2) - np.sum(left**2)
        return hotelling_test(c @ b, c @ self.covariance @ c.T, len(c) * (len(c) + 1) / float(total))


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
    root = np.linalg.cholesky(np.linalg.inv(x.T @ x))
    back = np.linalg.inv(root)
    _, codes = np.unique(np.asarray(clusters), return_inverse=True)
    influence, own, through, sums = np.empty_like(x), [], [], []
    order = np.argsort(codes, kind="stable")
    for students in np.split(order, np.cumsum(np.bincount(codes))[:-1]):
        spread = x[students] @ root
        left, leverage, right = _leverage(spread)
        enlarged = inverse_roots(1 - leverage)
        adjusted = e[students] + left @ ((enlarged - 1) * (left.T @ e[students]))
        influence[students] = adjusted[:, None] * (spread @ root.T)
        sums.append(influence[students].sum(axis=0))
        directions = right @ root.T
        own.append((directions.T * (leverage * enlarged**2)) @ directions)
        through.append(back.T @ (right.T * (leverage * enlarged)) @ directions)
    of_class = np.array(sums)
    return Cr2(of_class.T @ of_class, influence, root, np.array(own), np.array(through))


def _leverage(spread: Array) -> tuple[Array, Array, Array]:
    """The leverage of one class, which has no more directions than students or coefficients: vectors, values, vectors.

    spread : array (students, p), the design over its root. Its singular vectors spare the matrix of all pairs of
    students, which is as large as the class squared.
    """
    left, singular, right = np.linalg.svd(spread, full_matrices=False)
    return left, singular**2, right


def inverse_root(matrix: Array) -> Array:
    """The symmetric inverse square root of a matrix; directions in which it is zero stay zero.

    >>> inverse_root(np.diag([4.0, 0.0])).tolist()
    [[0.5, 0.0], [0.0, 0.0]]
    """
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * inverse_roots(values)) @ vectors.T)


def inverse_roots(values: Array) -> Array:
    """One over the root of each value; 0 for values that are as good as 0.

    >>> inverse_roots(np.array([4.0, 0.0])).tolist()
    [0.5, 0.0]
    """
    usable = values > SMALLEST_EIGENVALUE
    return np.asarray(np.where(usable, 1 / np.sqrt(np.where(usable, values, 1.0)), 0.0))


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
