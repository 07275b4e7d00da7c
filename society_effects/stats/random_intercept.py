"""Linear model whose students (or classes) each have a level of their own: a random intercept, by REML."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from .cluster_sums import ClusterRobust, cr2_from_sums, without_precision
from .inference import Quantity, TestResult, never_zero
from .satterthwaite import Coefficients, nearly_dependent, undefined

Array = NDArray[np.float64]
METHOD = "random_intercept_reml"
RATIOS = np.logspace(-8, 8, 65)
"""Where the likelihood is looked at: variance of the levels times the mean cluster size, over the residual variance."""


@dataclass(frozen=True, slots=True)
class RandomIntercept:
    """A fitted random-intercept model.

    coefficients : estimates with their covariance; ``contrast`` and ``joint`` of it give inference.
    residual_variance : within clusters. intercept_variance : of the clusters' levels; 0 at the boundary.
    log_likelihood : restricted, at its maximum. n : values. n_clusters : clusters.
    """

    coefficients: Coefficients
    residual_variance: float
    intercept_variance: float
    log_likelihood: float
    n: int
    n_clusters: int
    sums: Sums | None = None

    def icc(self, *, conf_level: float = 0.95) -> Quantity:
        """Which share of the variance lies between clusters? Limits by the profile of the restricted likelihood.

        Flag ``BOUNDARY`` where the estimate is 0: this does not show that the clusters are alike.
        """
        if self.sums is None:
            return Quantity(np.nan, conf_level=conf_level, method=METHOD, flags=self.coefficients.flags)
        ratio = self.intercept_variance / self.residual_variance
        drop = float(special.chdtri(1, 1 - conf_level))
        low, high = _where_deviance_rises(self.sums, ratio, drop)
        flags = {"BOUNDARY": ratio == 0}
        return Quantity(ratio / (1 + ratio), low / (1 + low), high / (1 + high), conf_level, "reml_profile", flags)

    def clusters_differ(self) -> TestResult:
        """Do the clusters differ in their level? Restricted likelihood ratio; P halved, for a variance is not negative.

        Self and Liang (1987) doi:10.1080/01621459.1987.10478472.
        """
        if self.sums is None:
            return TestResult("chi2", np.nan, np.nan, method="chi_bar_square", flags=self.coefficients.flags)
        ratio = self.intercept_variance / self.residual_variance
        statistic = max(float(self.sums.deviance(0.0) - self.sums.deviance(ratio)), 0.0)
        p_value = never_zero(float(special.chdtrc(1, statistic))) / 2 if statistic > 0 else 1.0
        return TestResult("chi2", statistic, p_value, df1=1.0, method="chi_bar_square")

    def robust(self, classes: ArrayLike | None = None) -> ClusterRobust:
        """The same coefficients with CR2 over the clusters, which holds also where more than the level varies.

        classes : array (clusters,), larger units that the clusters (in their sorted order) belong to; CR2 over these.
        """
        if self.sums is None:
            return without_precision(self.coefficients.estimate, METHOD + "_cr2", self.coefficients.flags)
        gram, score = self.sums.by_cluster(self.coefficients.estimate, self.intercept_variance / self.residual_variance)
        if classes is not None:
            _, codes = np.unique(np.asarray(classes), return_inverse=True)
            belongs = np.eye(codes.max() + 1)[:, codes]
            gram, score = np.tensordot(belongs, gram, axes=1), belongs @ score
        return cr2_from_sums(self.coefficients.estimate, gram, score, METHOD + "_cr2")


@dataclass(frozen=True, slots=True)
class Sums:
    """What the likelihood needs to know of the data: sums over clusters of one size.

    within : array (p + 1, p + 1), products of the columns (orthonormal design, then outcome) around the means of the
    clusters. between : array (s, p + 1, p + 1), products of the cluster means, times size. size : array (s,), the sizes
    that occur. many : array (s,), clusters of each size. rows : array (n, p + 1), the columns in the order of the
    clusters, which begin at ``begins``. triangle : array (p, p), with which the orthonormal design makes the design.
    start : array (p,), least-squares coefficients, taken off the outcome.
    """

    within: Array
    between: Array
    size: Array
    many: Array
    rows: Array
    begins: NDArray[np.int64]
    triangle: Array
    start: Array

    @property
    def df(self) -> int:
        """Values less coefficients."""
        return len(self.rows) - len(self.start)

    def weighted(self, inside: float, across: Array) -> Array:
        """Products of the columns, weighted within clusters and, by size, between them."""
        return inside * self.within + np.tensordot(across, self.between, axes=1)

    def deviance(self, ratio: Any) -> Any:
        """Minus twice the restricted log likelihood, the residual variance at its best for this ratio (or ratios)."""
        larger = 1 + np.asarray(ratio, dtype=float)[..., None] * self.size
        products = self.weighted(1.0, 1 / larger)
        determinants = np.log(larger) @ self.many + np.linalg.slogdet(products[..., :-1, :-1])[1]
        scale = 2 * float(np.sum(np.log(np.abs(np.diag(self.triangle)))))
        return self.df * (np.log(2 * np.pi * _left_over(products) / self.df) + 1) + determinants + scale

    def slope(self, ratio: float) -> float:
        """Derivative of the deviance by the ratio."""
        shrink = 1 / (1 + ratio * self.size)
        products, change = self.weighted(1.0, shrink), self.weighted(0.0, -self.size * shrink**2)
        towards = np.append(-np.linalg.solve(products[:-1, :-1], products[:-1, -1]), 1.0)
        moved = float(towards @ change @ towards) / float(_left_over(products))
        trace = float(np.trace(np.linalg.solve(products[:-1, :-1], change[:-1, :-1])))
        return self.df * moved + float(self.many @ (self.size * shrink)) + trace

    def by_cluster(self, estimate: Array, ratio: float) -> tuple[Array, Array]:
        """Each cluster's weighted products of the design, array (c, p, p), and scores, array (c, p).

        Both in units of the residual variance.
        """
        counts = np.diff(np.append(self.begins, len(self.rows)))
        weight = ratio / (1 + counts * ratio)
        left = np.column_stack(
            [self.rows[:, :-1], self.rows[:, -1] - self.rows[:, :-1] @ self.triangle @ (estimate - self.start)]
        )
        totals = np.add.reduceat(left, self.begins)
        products = np.add.reduceat(left[:, :, None] * left[:, None, :], self.begins)
        products = products - weight[:, None, None] * totals[:, :, None] * totals[:, None, :]
        return self.triangle.T @ products[:, :-1, :-1] @ self.triangle, products[:, :-1, -1] @ self.triangle


def random_intercept(values: ArrayLike, design: ArrayLike, clusters: ArrayLike) -> RandomIntercept:
    """Which coefficients has a linear model when values of one student (or class) share a level of their own?

    Parameters
    ----------
    values : array (n,) without missing values.
    design : array (n, p) of full rank.
    clusters : array (n,), the student (or class) of each value.

    The restricted likelihood depends on one number, the ratio of the two variances; its maximum is looked for on a
    grid and then as the root of its derivative. Degrees of freedom come from the observed information, as in lmerTest;
    at the boundary (variance 0) from the expected information of both variances, so that a contrast between clusters
    has those of the clusters and one within clusters those of the values.
    Flags: ``TOO_FEW`` (a coefficient without values of its own, or no value is left within clusters),
    ``TOO_FEW_CLUSTERS`` (none between them), ``NO_VARIATION``, ``DEGENERATE`` (nothing varies within clusters),
    ``BOUNDARY`` (the estimates hold).
    Laird and Ware (1982) doi:10.2307/2529876; Kuznetsova et al. (2017) doi:10.18637/jss.v082.i13.

    >>> extra = [0.7, -1.6, -0.2, -1.2, 1.9, 0.8, 1.1, 0.1]
    >>> fit = random_intercept(extra, np.column_stack([np.ones(8), [0] * 4 + [1] * 4]), [0, 1, 2, 3] * 2)
    >>> found = fit.coefficients.contrast([0, 1])
    >>> round(found.estimate, 3), round(float(found.df), 6)
    (1.55, 3.0)
    """
    x, y = np.asarray(design, dtype=float), np.asarray(values, dtype=float)
    _, codes = np.unique(np.asarray(clusters), return_inverse=True)
    size = len(y), int(codes.max(initial=-1)) + 1
    if len(y) <= x.shape[1] or nearly_dependent(np.linalg.qr(x)[1]):
        return RandomIntercept(undefined(x.shape[1], METHOD, "TOO_FEW"), np.nan, np.nan, np.nan, *size)
    sums = _sums(x, y, codes)
    flag = _why_not(sums, float(np.abs(y).max(initial=0.0)))
    if flag:
        return RandomIntercept(undefined(x.shape[1], METHOD, flag), np.nan, np.nan, np.nan, *size)
    ratio = _best_ratio(sums)
    inner = float(_left_over(sums.weighted(1.0, 1 / (1 + ratio * sums.size)))) / sums.df
    found = _coefficients(sums, inner, ratio * inner)
    back = np.linalg.inv(sums.triangle)
    found = replace(
        found,
        estimate=sums.start + back @ found.estimate,
        covariance=back @ found.covariance @ back.T,
        slopes=back @ found.slopes @ back.T,
        flags={"BOUNDARY": ratio == 0},
    )
    return RandomIntercept(found, inner, ratio * inner, -float(sums.deviance(ratio)) / 2, *size, sums)


def _sums(x: Array, y: Array, codes: NDArray[np.int64]) -> Sums:
    """The design is made orthonormal and the outcome freed of it first, so that large numbers keep their digits."""
    orthonormal, triangle = np.linalg.qr(x)
    start = np.linalg.solve(triangle, orthonormal.T @ y)
    order = np.argsort(codes, kind="stable")
    rows = np.column_stack([orthonormal, y - x @ start])[order]
    counts = np.bincount(codes)
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    means = np.add.reduceat(rows, begins) / counts[:, None]
    inside = rows - np.repeat(means, counts, axis=0)
    size, which = np.unique(counts, return_inverse=True)
    between = np.stack([n * means[which == s].T @ means[which == s] for s, n in enumerate(size)])
    many = np.bincount(which).astype(float)
    return Sums(inside.T @ inside, between, size.astype(float), many, rows, begins, triangle, start)


def _why_not(sums: Sums, largest: float) -> str | None:
    """Why can the two variances not be told apart?"""
    clusters, p = len(sums.begins), len(sums.start)
    inside = sums.within
    rank = int(np.linalg.matrix_rank(inside[:-1, :-1], tol=1e-10, hermitian=True))
    if len(sums.rows) - clusters - rank < 1:
        return "TOO_FEW"
    if clusters - (p - rank) < 1:
        return "TOO_FEW_CLUSTERS"
    total = float(np.sum(sums.rows[:, -1] ** 2))
    if not np.sqrt(total / len(sums.rows)) > 1e-13 * largest:
        return "NO_VARIATION"
    fit = np.linalg.pinv(inside[:-1, :-1], rcond=1e-10, hermitian=True)
    left = inside[-1, -1] - inside[-1, :-1] @ fit @ inside[:-1, -1]
    return None if left > 1e-14 * total else "DEGENERATE"


def _best_ratio(sums: Sums) -> float:
    """The ratio of the variances at which the restricted likelihood is highest; 0 at the boundary."""
    grid = np.concatenate([[0.0], RATIOS * len(sums.begins) / len(sums.rows)])
    best = int(np.argmin(sums.deviance(grid)))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    if sums.slope(low) >= 0 or sums.slope(high) <= 0:
        return float(grid[best])
    return float(optimize.brentq(sums.slope, low, high, xtol=1e-300, rtol=1e-14))


def _coefficients(sums: Sums, inner: float, outer: float) -> Coefficients:
    """Coefficients at these variances, and the information on the variances."""
    d = inner + sums.size * outer
    powers = [(float(k == 0), sums.size**k) for k in range(3)]

    def weighted(k: int, power: int) -> Array:
        """The inverse covariance to this power, with k derivatives by the intercept variance and the rest residual."""
        return sums.weighted(powers[k][0] * inner**-power, powers[k][1] * d**-power)

    products = weighted(0, 1)
    covariance = np.asarray(np.linalg.inv(products[:-1, :-1]))
    estimate = covariance @ products[:-1, -1]
    first = [weighted(k, 2) for k in (0, 1)]
    second = [[weighted(i + j, 3) for j in (0, 1)] for i in (0, 1)]
    slopes = np.stack([covariance @ m[:-1, :-1] @ covariance for m in first])
    plain = [
        (len(sums.rows) - len(sums.begins)) / inner**2 * powers[k][0] + float(sums.many @ (powers[k][1] / d**2))
        for k in range(3)
    ]
    towards = np.append(-estimate, 1.0)
    trace, quadratic = np.zeros((2, 2)), np.zeros((2, 2))
    for i in (0, 1):
        for j in (0, 1):
            twice = np.trace(covariance @ second[i][j][:-1, :-1])
            product = np.trace(slopes[i] @ first[j][:-1, :-1])
            trace[i, j] = plain[i + j] - 2 * twice + product
            left, right = (first[k][:-1] @ towards for k in (i, j))
            quadratic[i, j] = towards @ second[i][j] @ towards - left @ covariance @ right
    information = quadratic - trace / 2
    if outer == 0 or np.linalg.eigvalsh(information)[0] <= 0:
        information = trace / 2
    return Coefficients(estimate, covariance, slopes, np.asarray(np.linalg.inv(information)), METHOD)


def _left_over(products: Array) -> Any:
    """What the last column's square keeps once the others have explained their part."""
    across = products[..., :-1, -1:]
    explained = np.swapaxes(across, -1, -2) @ np.linalg.solve(products[..., :-1, :-1], across)
    return products[..., -1, -1] - explained[..., 0, 0]


def _where_deviance_rises(sums: Sums, ratio: float, drop: float) -> tuple[float, float]:
    """The ratios at both sides where the deviance is so much above its minimum."""
    target = float(sums.deviance(ratio)) + drop

    def above(other: float) -> float:
        return float(sums.deviance(other)) - target

    far = max(ratio, 1 / float(sums.size.max()))
    while above(far) < 0 and far < 1e12:
        far *= 4
    low = 0.0 if ratio == 0 or above(0.0) <= 0 else float(optimize.brentq(above, 0.0, ratio))
    return low, float(optimize.brentq(above, ratio, far)) if above(far) > 0 else far
