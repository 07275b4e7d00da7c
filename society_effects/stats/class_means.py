"""Whole classes as members: one number per class, compared by their means or by permuting the classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .allocations import DEFAULT_SEED, allocation_blocks, p_of_draws
from .clustered_means import ClusteredMeans, clustered_means
from .inference import Inference, TestResult, never_zero
from .moments import Moments
from .ranks import placements
from .several_means import permuted_welch_anova, welch_anova

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ClassMeans(ClusteredMeans):
    """The mean of the class means of each group: every class counts the same, whatever its size."""

    def wald(self) -> TestResult:
        """Are the means of all groups equal? Welch's analysis of variance of the class means."""
        spread = np.sqrt(np.diag(self.covariance) * self.size)
        found = welch_anova(Moments(self.size, self.mean, spread))
        return replace(found, method=self.method, flags=_of_classes(found.flags))

    def df(self, contrast: Array, working: Array | None = None) -> float:
        """Welch and Satterthwaite's degrees of freedom, at most the number of classes less two."""
        parts = contrast**2 * np.diag(self.covariance)
        used = parts > 0
        df = 1 / np.sum((parts[used] / parts.sum()) ** 2 / (self.size[used] - 1)) if used.any() else np.nan
        return float(min(df, self.size[contrast != 0].sum() - 2))


def class_means(
    values: ArrayLike, arms: ArrayLike, clusters: ArrayLike, *, exposure: ArrayLike | None = None
) -> ClassMeans:
    """What are the means of groups of whole classes, each class counted once?

    Parameters as of :func:`clustered_means`; every class must lie in one group. The difference of two groups is that
    of Welch's test on the class means. Hayes and Moulton (2017), Cluster Randomised Trials, ch. 10.

    >>> found = class_means([1, 3, 2, 4, 6, 8, 5, 9], [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 2, 2, 3, 3])
    >>> found.difference(1, 0).estimate
    4.5
    """
    means, groups = one_per_class(values, arms, clusters, exposure)
    fit = clustered_means(means, groups, np.arange(len(means)))
    return ClassMeans(fit.size, fit.mean, fit.share, fit.influence, "cluster_means")


def one_per_class(
    values: ArrayLike, arms: ArrayLike, clusters: ArrayLike, exposure: ArrayLike | None = None
) -> tuple[Array, NDArray[np.int64]]:
    """The mean (or rate) of each class, and its group."""
    y, arm = np.asarray(values, dtype=float), np.asarray(arms).astype(np.int64)
    _, codes = np.unique(np.asarray(clusters), return_inverse=True)
    time = np.ones(len(y)) if exposure is None else np.asarray(exposure, dtype=float)
    groups = np.zeros(codes.max() + 1, dtype=np.int64)
    groups[codes] = arm
    return np.bincount(codes, y) / np.bincount(codes, time), groups


def smallest_p(n_classes: int, n_group: int) -> float:
    """How small can the two-sided P value of a permutation of so many classes be at all?

    >>> smallest_p(6, 3)
    0.1
    """
    return (2 if 2 * n_group == n_classes else 1) / comb(n_classes, n_group)


def permute_classes(
    values: ArrayLike,
    arms: ArrayLike,
    clusters: ArrayLike,
    g: int,
    r: int,
    *,
    exposure: ArrayLike | None = None,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> Inference:
    """Would the class means differ as much if the classes had been divided into the groups by chance?

    All allocations are counted where there are at most 20,000. The limits are the smallest and largest constant shift
    that the test does not reject; where so few classes cannot reject any (flag ``NO_LIMITS_FEW_CLUSTERS``) there are
    none. Flag ``ONE_CLUSTER_IN_ARM``: class and group cannot be told apart, nothing is given.
    Edgington and Onghena (2007), Randomization Tests, ch. 8.

    >>> found = permute_classes([1, 2, 3, 7, 8, 9], [0, 0, 0, 1, 1, 1], [0, 1, 2, 3, 4, 5], 1, 0)
    >>> found.estimate, found.p_value
    (6.0, 0.1)
    """
    means, groups = one_per_class(values, arms, clusters, exposure)
    first, second = means[groups == g], means[groups == r]
    if min(len(first), len(second)) < 2:
        return _one_class(float(first.mean() - second.mean()), conf_level)
    both, n = np.concatenate([first, second]), len(first)
    total, blocks = allocation_blocks(len(both), n, resamples, seed)
    chosen = np.concatenate(list(blocks))
    exact = total is not None
    observed = float(first.mean() - second.mean())
    p_value = _p_of_shift(both, n, chosen, 0.0, exact)
    reached = bool(_p_of_shift(both, n, chosen, _far(both), exact) <= 1 - conf_level)
    low, high = (_limits(both, n, chosen, observed, 1 - conf_level, exact)) if reached else (np.nan, np.nan)
    constant = bool(np.ptp(both) == 0)
    return Inference(
        estimate=observed,
        p_value=np.nan if constant else p_value,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        method="cluster_permutation_exact" if exact else "cluster_permutation",
        flags={"NO_VARIATION": constant, "NO_LIMITS_FEW_CLUSTERS": not reached},
    )


def permute_classes_superiority(
    values: ArrayLike,
    arms: ArrayLike,
    clusters: ArrayLike,
    g: int,
    r: int,
    *,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> Inference:
    """Would students of one group outscore the others as often if whole classes had been divided by chance?

    No limits (flag ``NO_LIMITS_PERMUTED``). Flags besides: ``ALL_TIED``, ``ONE_CLUSTER_IN_ARM``.

    >>> found = permute_classes_superiority([1, 2, 3, 7, 8, 9], [0, 0, 0, 1, 1, 1], [0, 1, 2, 3, 4, 5], 1, 0)
    >>> found.estimate, found.p_value
    (1.0, 0.1)
    """
    y, arm, codes = np.asarray(values, dtype=float), np.asarray(arms), np.asarray(clusters)
    own = (arm == g) | (arm == r)

    def superiority(member: NDArray[np.bool_]) -> float:
        return placements(y[own][member], y[own][~member]).superiority

    theta = superiority(arm[own] == g)
    if min(len(np.unique(codes[arm == side])) for side in (g, r)) < 2:
        return _one_class(theta, conf_level, null_value=0.5, scale="logit")
    p_value, exact = _permuted(arm[own] == g, codes[own], lambda m: abs(superiority(m) - 0.5), resamples, seed)
    tied = bool(np.ptp(y[own]) == 0)
    return Inference(
        theta,
        p_value=np.nan if tied else p_value,
        conf_level=conf_level,
        method="cluster_permutation_exact" if exact else "cluster_permutation",
        null_value=0.5,
        scale="logit",
        flags={"ALL_TIED": tied, "NO_LIMITS_PERMUTED": not tied},
    )


def permute_classes_anova(
    values: ArrayLike,
    arms: ArrayLike,
    clusters: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> TestResult:
    """Would the class means of several groups differ as much if whole classes had been divided by chance? Welch's F.

    >>> found = permute_classes_anova([1, 2, 5, 6, 9, 11], [0, 0, 1, 1, 2, 2], range(6), resamples=999)
    >>> 0.02 < found.p_value < 0.15
    True
    """
    found = permuted_welch_anova(*one_per_class(values, arms, clusters, exposure), resamples=resamples, seed=seed)
    return replace(found, method="cluster_permutation", flags=_of_classes(found.flags))


def permute_classes_chi2(
    categories: ArrayLike, arms: ArrayLike, clusters: ArrayLike, *, resamples: int = 9999, seed: int = DEFAULT_SEED
) -> TestResult:
    """Are the categories distributed as unevenly when whole classes are divided into the groups by chance?

    The statistic is Pearson's chi-square of groups by categories; two groups or several.

    >>> permute_classes_chi2([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1], [0, 1, 2, 3, 4, 5]).p_value
    0.1
    """
    codes, arm = np.unique(np.asarray(categories), return_inverse=True)[1], np.asarray(arms).astype(int)
    names, of_class = np.unique(np.asarray(clusters), return_inverse=True)
    counts = np.zeros((len(names), codes.max() + 1))
    np.add.at(counts, (of_class, codes), 1)
    groups = np.zeros(len(names), dtype=int)
    groups[of_class] = arm

    def chi2(allocation: NDArray[np.int64]) -> float:
        table = np.zeros((arm.max() + 1, counts.shape[1]))
        np.add.at(table, allocation, counts)
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
        return float(np.sum((table - expected)[expected > 0] ** 2 / expected[expected > 0]))

    observed, rng = chi2(groups), np.random.default_rng(seed)
    flags = {"NO_VARIATION": counts.shape[1] < 2, "ONE_CLUSTER_IN_ARM": bool(np.bincount(groups).min() < 2)}
    if any(flags.values()):
        return TestResult("chi2", np.nan, np.nan, method="cluster_permutation", flags=flags)
    if arm.max() == 1:
        total, blocks = allocation_blocks(len(names), int(groups.sum()), resamples, seed)
        sizes = [chi2(row.astype(int)) for block in blocks for row in block]
    else:
        total, sizes = None, [chi2(rng.permutation(groups)) for _ in range(resamples)]
    as_far = int(np.sum(np.array(sizes) >= observed * (1 - 1e-10)))
    method = "cluster_permutation" if total is None else "cluster_permutation_exact"
    return TestResult("chi2", observed, p_of_draws(as_far, len(sizes), exact=total is not None), method=method)


def _permuted(
    member: NDArray[np.bool_],
    clusters: NDArray[np.generic],
    size: Callable[[NDArray[np.bool_]], float],
    resamples: int,
    seed: int,
) -> tuple[float, bool]:
    """P of a statistic of the students when whole classes change groups; is it exact?"""
    names, codes = np.unique(clusters, return_inverse=True)
    of_class = np.zeros(len(names), dtype=bool)
    of_class[codes] = member
    total, blocks = allocation_blocks(len(names), int(of_class.sum()), resamples, seed)
    sizes = np.array([size(row[codes]) for block in blocks for row in block])
    as_far = int(np.sum(sizes >= size(member) * (1 - 1e-10)))
    return p_of_draws(as_far, len(sizes), exact=total is not None), total is not None


def _of_classes(flags: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of groups of students, said of groups of classes."""
    return {"ONE_CLUSTER_IN_ARM" if flag == "TOO_FEW" else flag: value for flag, value in flags.items()}


def _one_class(estimate: float, conf_level: float, **scale: Any) -> Inference:
    """A group whose students are one class has no test."""
    flags = {"ONE_CLUSTER_IN_ARM": True}
    return Inference(estimate, conf_level=conf_level, method="cluster_permutation_exact", flags=flags, **scale)


def _p_of_shift(both: Array, n: int, chosen: NDArray[np.bool_], shift: float, exact: bool) -> float:
    """P of the permutation test once a constant shift has been taken from the first group."""
    moved = both - shift * (np.arange(len(both)) < n)
    moved = moved - moved.mean()
    observed = abs(float(moved[:n].sum()))
    sums = np.abs(chosen @ moved)
    as_far = int(np.sum(sums >= observed * (1 - 1e-10) - 1e-12 * np.abs(moved).max(initial=0.0)))
    return never_zero(float(p_of_draws(as_far, len(chosen), exact=exact)))


def _far(both: Array) -> float:
    """A shift beyond all differences of the values."""
    return 10 * float(np.ptp(both)) + 1.0


def _limits(
    both: Array, n: int, chosen: NDArray[np.bool_], observed: float, level: float, exact: bool
) -> tuple[float, float]:
    """The outermost shifts that the test keeps, found by halving."""
    ends = []
    for direction in (-1, 1):
        kept, rejected = 0.0, _far(both)
        for _ in range(60):
            middle = (kept + rejected) / 2
            if _p_of_shift(both, n, chosen, observed + direction * middle, exact) > level:
                kept = middle
            else:
                rejected = middle
        ends.append(observed + direction * kept)
    return ends[0], ends[1]
