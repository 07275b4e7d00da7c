"""Several groups on a continuous outcome: do their means differ, which of them, and do they rise with an order?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .allocations import DEFAULT_SEED, p_of_draws, streams
from .anova import OneWay
from .differences import trimmed_mean, welch
from .inference import Inference, Quantity, TestResult, from_t, never_zero, plain
from .moments import Moments, power_of_two

Array = NDArray[np.float64]
Pairs = Sequence[tuple[int, int]]
TRIM = 0.2


@dataclass(frozen=True, slots=True)
class Pairwise:
    """One pair of groups: its own inference, and the P value and limits that hold for all pairs together."""

    inference: Inference
    p_adjusted: float
    simultaneous_low: float
    simultaneous_high: float


def welch_anova(moments: Moments) -> TestResult:
    """Do the means of several groups differ? Welch's F, which does not assume equal variances.

    moments : arrays over the groups. Flags: ``TOO_FEW`` (a group of one), ``CONSTANT_GROUP`` (a group does not
    vary; the others do), ``DEGENERATE`` (none does), ``NO_VARIATION`` (nothing varies at all).
    Welch (1951) doi:10.1093/biomet/38.3-4.330.

    >>> found = welch_anova(Moments(np.array([20.0, 20, 20]), np.array([10.6, 19.7, 26.1]), np.array([4.5, 4.4, 3.8])))
    >>> round(found.statistic, 2), round(found.df2, 2)
    (68.06, 37.77)
    """
    n, mean, sd = moments.arrays()
    few = bool(np.any(n < 2))
    if few or np.any(sd == 0):
        constant, equal = bool(np.all(sd == 0)), bool(np.ptp(mean) == 0)
        flags = {
            "TOO_FEW": few,
            "NO_VARIATION": not few and constant and equal,
            "DEGENERATE": not few and constant and not equal,
            "CONSTANT_GROUP": not few and not constant,
        }
        return TestResult("F", np.nan, np.nan, method="welch_anova", flags=flags)
    return welch_f(mean, sd**2 / n, n - 1, "welch_anova")


def welch_f(means: Array, squared_errors: Array, dfs: Array, method: str) -> TestResult:
    """Welch's F of several means with their squared standard errors and degrees of freedom.

    >>> welch_f(np.array([0.0, 1.0]), np.array([0.5, 0.5]), np.array([9.0, 9.0]), "welch_anova").statistic
    1.0
    """
    statistic, spread = _welch_statistic(means, squared_errors, dfs)
    k = len(means)
    df2 = float((k * k - 1) / (3 * spread))
    p_value = never_zero(float(special.fdtrc(k - 1, df2, statistic)))
    return TestResult("F", float(statistic), p_value, df1=float(k - 1), df2=df2, method=method)


def brown_forsythe_means(moments: Moments) -> TestResult:
    """Do the means of several groups differ? Brown and Forsythe's F*, as SPSS prints it beside Welch's.

    Brown and Forsythe (1974) doi:10.1080/00401706.1974.10489158.

    >>> found = brown_forsythe_means(Moments(np.array([9.0, 9]), np.array([1.0, 2]), np.array([1.0, 1])))
    >>> round(found.statistic, 2), round(found.df2, 2)
    (4.5, 16.0)
    """
    n, mean, sd = moments.arrays()
    total = n.sum()
    parts = (1 - n / total) * sd**2
    if not parts.sum() > 0:
        return TestResult("F", np.nan, np.nan, method="brown_forsythe", flags={"DEGENERATE": True})
    statistic = float(np.sum(n * (mean - np.sum(n * mean) / total) ** 2) / parts.sum())
    df2 = float(parts.sum() ** 2 / np.sum(parts**2 / (n - 1)))
    p_value = never_zero(float(special.fdtrc(len(n) - 1, df2, statistic)))
    return TestResult("F", statistic, p_value, df1=float(len(n) - 1), df2=df2, method="brown_forsythe")


def yuen_anova(values: ArrayLike, codes: ArrayLike) -> TestResult:
    """Do the 20 % trimmed means of several groups differ? Welch's F with winsorised variances.

    Flags: ``TOO_FEW`` (fewer than two values are left of a group), ``MIDDLE_DOES_NOT_VARY``.
    Lix and Keselman (1998) doi:10.1177/0013164498058003004.

    >>> found = yuen_anova([1, 2, 3, 4, 9, 2, 4, 5, 6, 30], [0] * 5 + [1] * 5)
    >>> round(found.statistic, 4)
    3.0
    """
    x, groups = np.asarray(values, dtype=float), np.asarray(codes)
    arms = [np.sort(x[groups == code]) for code in np.unique(groups)]
    cut = [int(TRIM * len(arm)) for arm in arms]
    left = np.array([len(arm) - 2 * g for arm, g in zip(arms, cut, strict=True)], dtype=float)
    if np.any(left < 2):
        return TestResult("F", np.nan, np.nan, method="yuen_anova", flags={"TOO_FEW": True})
    squares = np.array([_winsorised_squares(arm, g) for arm, g in zip(arms, cut, strict=True)])
    if np.any(squares == 0):
        return TestResult("F", np.nan, np.nan, method="yuen_anova", flags={"MIDDLE_DOES_NOT_VARY": True})
    means = np.array([trimmed_mean(arm) for arm in arms])
    return welch_f(means, squares / (left * (left - 1)), left - 1, "yuen_anova")


def permuted_welch_anova(
    values: ArrayLike, codes: ArrayLike, *, resamples: int = 9999, seed: int = DEFAULT_SEED
) -> TestResult:
    """Would the means of several groups differ as much if the students had been divided into them by chance?

    Welch's F over random allocations; it keeps its level when the spreads differ. Flags as :func:`welch_anova`.

    >>> found = permuted_welch_anova([1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 0, 0, 1, 1, 1, 2, 2, 2], resamples=999)
    >>> found.p_value < 0.02
    True
    """
    x, groups = np.asarray(values, dtype=float), np.unique(np.asarray(codes), return_inverse=True)[1]
    n = np.bincount(groups).astype(float)
    arms = [Moments.of(x[groups == j]) for j in range(len(n))]
    observed = welch_anova(Moments(n, np.array([a.mean for a in arms]), np.array([a.sd for a in arms])))
    if observed.statistic != observed.statistic:
        return TestResult("F", np.nan, np.nan, method="welch_anova_permuted", flags=observed.flags)
    pool = np.sort(x) - x.mean()
    pool /= power_of_two(np.abs(pool).max())
    ends, as_far = np.cumsum(n)[:-1].astype(int), 0
    for size, rng in streams(len(pool), resamples, seed):
        parts = np.split(rng.permuted(np.tile(pool, (size, 1)), axis=1), ends, axis=1)
        means = np.stack([part.mean(axis=1) for part in parts], axis=1)
        squares = np.stack([part.var(axis=1, ddof=1) / part.shape[1] for part in parts], axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            statistics, _ = _welch_statistic(means, np.maximum(squares, 1e-300), n - 1)
        as_far += int(np.sum(statistics >= observed.statistic * (1 - 1e-10)))
    p_value = p_of_draws(as_far, resamples, exact=False)
    return TestResult("F", observed.statistic, p_value, df1=float(len(n) - 1), method="welch_anova_permuted")


def pooled_t(moments: Sequence[Moments], g: int, r: int, *, conf_level: float = 0.95) -> Inference:
    """By how much do two of several groups differ, if all groups have one variance? Fisher's least significant
    difference.

    moments : one entry per group, each with arrays over outcomes. As R's pairwise.t.test(pool.sd = TRUE) and SPSS's
    LSD. Flags as of Student's t test.

    >>> arms = [Moments(10.0, m, 2.0) for m in (5.0, 6.0, 8.0)]
    >>> round(pooled_t(arms, 2, 0).statistic, 4), pooled_t(arms, 2, 0).df
    (3.3541, 27.0)
    """
    n, mean, sd = (
        np.stack([np.asarray(getattr(m, name), dtype=float) for m in moments]) for name in ("n", "mean", "sd")
    )
    df = (n - 1).sum(axis=0)
    within = ((n - 1) * np.nan_to_num(sd) ** 2).sum(axis=0) / df
    difference = mean[g] - mean[r]
    flags = {
        "TOO_FEW": plain(np.minimum(n[g], n[r]) < 1),
        "NO_VARIATION": plain((within == 0) & (difference == 0)),
        "DEGENERATE": plain((within == 0) & (difference != 0)),
    }
    error = np.sqrt(within * (1 / n[g] + 1 / n[r]))
    return from_t(difference, error, df, conf_level=conf_level, method="student_pooled", flags=flags)


def games_howell(moments: Moments, pairs: Pairs, *, conf_level: float = 0.95) -> list[Pairwise]:
    """Which of several groups differ? Welch's t for every pair, adjusted by the studentised range.

    moments : arrays over the groups. pairs : (group, reference) positions.
    Games and Howell (1976) doi:10.3102/10769986001002113.

    >>> arms = Moments(np.array([20.0, 20, 20]), np.array([10.6, 19.7, 26.1]), np.array([4.5, 4.4, 3.8]))
    >>> round(games_howell(arms, [(2, 1)])[0].p_adjusted, 6)
    5.2e-05
    """
    each = [Moments(*(np.asarray(v)[i] for v in moments.arrays())) for i in range(len(np.asarray(moments.n)))]
    found = [welch(each[g], each[r], conf_level=conf_level) for g, r in pairs]
    return [by_range(inference, len(each), conf_level) for inference in found]


def tukey_kramer(moments: Moments, pairs: Pairs, *, conf_level: float = 0.95) -> list[Pairwise]:
    """Which of several groups differ, if they have one variance? Tukey's honestly significant differences.

    Tukey (1953); Kramer (1956) doi:10.2307/3001469.

    >>> arms = Moments(np.array([20.0, 20, 20]), np.array([10.6, 19.7, 26.1]), np.array([4.5, 4.4, 3.8]))
    >>> round(tukey_kramer(arms, [(2, 1)])[0].p_adjusted, 6)
    3.9e-05
    """
    each = [Moments(*(np.asarray(v)[i] for v in moments.arrays())) for i in range(len(np.asarray(moments.n)))]
    found = [pooled_t(each, g, r, conf_level=conf_level) for g, r in pairs]
    return [by_range(inference, len(each), conf_level) for inference in found]


def omega_squared(analysis: OneWay, *, conf_level: float = 0.95) -> Quantity:
    """Which share of the variance lies between the groups, in the population?

    The limits are those of the noncentrality of F, turned into the share of variance it stands for; like the estimate
    they are never below 0. Undefined where F is. Hays (1963), Statistics for Psychologists; Steiger (2004)
    doi:10.1037/1082-989X.9.2.164.

    >>> from .anova import one_way
    >>> round(omega_squared(one_way([1, 2, 3, 4, 5, 6], [0, 0, 1, 1, 2, 2])).value, 4)
    0.8333
    """
    f, (df1, df2) = analysis.test.statistic, (analysis.df_between, analysis.df_within)
    if f != f:
        return Quantity(np.nan, conf_level=conf_level, method="noncentral_f")
    n, tail = df1 + df2 + 1, (1 - conf_level) / 2
    shares = [ncp / (ncp + n) for ncp in (noncentrality_of_f(f, df1, df2, p) for p in (1 - tail, tail))]
    value = df1 * (f - 1) / (df1 * (f - 1) + n)
    return Quantity(max(value, 0.0), float(shares[0]), float(shares[1]), conf_level, "noncentral_f")


def noncentrality_of_f(statistic: float, df1: float, df2: float, share: float) -> float:
    """At which noncentrality has an F this large so large a share below it? 0 where it never has.

    >>> round(noncentrality_of_f(67.4157, 2, 57, 0.975), 2)
    74.68
    """
    if special.fdtr(df1, df2, statistic) < share:
        return 0.0
    low, high = 0.0, max(df1 * statistic, 1.0)
    while special.ncfdtr(df1, df2, high, statistic) > share:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if special.ncfdtr(df1, df2, middle, statistic) > share else (low, middle)
    return (low + high) / 2


def _welch_statistic(means: Array, squared_errors: Array, dfs: Array) -> tuple[Array, Array]:
    """Welch's F along the last axis, and the sum its degrees of freedom are made from."""
    weights = 1 / squared_errors
    total, k = weights.sum(axis=-1, keepdims=True), means.shape[-1]
    centre = (weights * means).sum(axis=-1, keepdims=True) / total
    spread = ((1 - weights / total) ** 2 / dfs).sum(axis=-1)
    between = (weights * (means - centre) ** 2).sum(axis=-1) / (k - 1)
    return between / (1 + 2 * (k - 2) / (k * k - 1) * spread), spread


def _winsorised_squares(ordered: Array, cut: int) -> float:
    """Sum of squares of the values once the outer ones are moved to the innermost of them."""
    moved = np.clip(ordered, ordered[cut], ordered[len(ordered) - cut - 1])
    return float(np.sum((moved - moved.mean()) ** 2))


def by_range(found: Inference, k: int, conf_level: float) -> Pairwise:
    """How large are P and limits of a difference that is one of all the differences of k means? The studentised range.

    >>> round(by_range(from_t(4.0, 1.0, 20.0), 3, 0.95).p_adjusted, 4)
    0.0019
    """
    from scipy.stats import studentized_range

    if found.statistic != found.statistic:
        return Pairwise(found, np.nan, np.nan, np.nan)
    if k == 2:  # the range of two means is their difference
        return Pairwise(found, float(found.p_value), float(found.conf_low), float(found.conf_high))
    p_value = float(studentized_range.sf(abs(found.statistic) * np.sqrt(2), k, found.df))
    half = float(studentized_range.ppf(conf_level, k, found.df)) / np.sqrt(2) * found.std_error
    p_adjusted = min(max(never_zero(p_value), found.p_value), 1.0)
    return Pairwise(found, p_adjusted, found.estimate - half, found.estimate + half)
