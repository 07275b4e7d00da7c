"""Is a difference too small to matter? Two one-sided tests (TOST) against margins stated beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .allocations import DEFAULT_SEED, allocation_blocks, p_of_draws
from .class_means import one_per_class
from .differences import student, welch
from .inference import Inference, from_t, plain, upper_tail_p
from .moments import Moments
from .proportions import miettinen_nurminen, score_of_difference
from .two_by_two import checked_counts


@dataclass(frozen=True, slots=True)
class TwoOneSided:
    """Two one-sided tests: is the difference above the lower margin, and below the upper one?

    difference : with limits at the level 1 - 2 alpha; they lie within the margins exactly where ``p_value`` < alpha.
    p_value : the larger of ``p_lower`` and ``p_upper``; NaN where the difference has no standard error.
    """

    difference: Inference
    margin_low: float
    margin_high: float
    statistic_lower: Any
    p_lower: Any
    statistic_upper: Any
    p_upper: Any
    p_value: Any


def tost_means(
    member: Moments,
    reference: Moments,
    margin_low: float,
    margin_high: float,
    *,
    alpha: float = 0.05,
    equal_variances: bool = False,
) -> TwoOneSided:
    """Do the means of two groups differ by less than a margin, in points? Welch's test by default.

    Schuirmann (1987) doi:10.1007/BF01068419; Lakens (2017) doi:10.1177/1948550617697177.

    >>> found = tost_means(Moments(60, 70.2, 8.0), Moments(60, 70.0, 9.0), -5.0, 5.0)
    >>> found.p_value < 0.05
    True
    """
    compare = student if equal_variances else welch
    return two_one_sided(compare(member, reference, conf_level=1 - 2 * alpha), margin_low, margin_high)


def tost_paired(
    first: ArrayLike, later: ArrayLike, margin_low: float, margin_high: float, *, alpha: float = 0.05
) -> TwoOneSided:
    """Did the same students change by less than a margin (later minus first)?

    >>> round(float(tost_paired([1, 2, 3, 4], [1.1, 2.0, 3.2, 4.1], -1, 1).p_value), 5)
    0.0001
    """
    change = Moments.of(np.asarray(later, dtype=float) - np.asarray(first, dtype=float))
    with np.errstate(invalid="ignore", divide="ignore"):
        std_error = np.asarray(change.sd) / np.sqrt(change.n)
    found = from_t(change.mean, std_error, change.n - 1, conf_level=1 - 2 * alpha, method="paired_t")
    return two_one_sided(found, margin_low, margin_high)


def tost_shares(
    events: ArrayLike,
    n: ArrayLike,
    reference_events: ArrayLike,
    reference_n: ArrayLike,
    margin_low: float,
    margin_high: float,
    *,
    alpha: float = 0.05,
) -> TwoOneSided:
    """Do the shares of two groups differ by less than a margin? Unpooled z, for groups of some size.

    >>> round(float(tost_shares(45, 100, 52, 120, -0.15, 0.15).p_value), 5)
    0.02369
    """
    x1, n1, x0, n0 = checked_counts(events, n, reference_events, reference_n)
    p1, p0 = x1 / n1, x0 / n0
    std_error = np.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    found = from_t(p1 - p0, std_error, conf_level=1 - 2 * alpha, method="wald_unpooled")
    return two_one_sided(found, margin_low, margin_high)


def tost_scores(
    events: ArrayLike,
    n: ArrayLike,
    reference_events: ArrayLike,
    reference_n: ArrayLike,
    margin_low: float,
    margin_high: float,
    *,
    alpha: float = 0.05,
) -> TwoOneSided:
    """The same by score statistics, which keep their level in small groups and exist where nobody has the event.

    Miettinen and Nurminen (1985) doi:10.1002/sim.4780040211.

    >>> round(float(tost_scores(45, 100, 52, 120, -0.15, 0.15).p_value), 5)
    0.02302
    """
    counts = (events, n, reference_events, reference_n)
    found = miettinen_nurminen(*counts, conf_level=1 - 2 * alpha)
    lower, upper = (score_of_difference(*counts, difference=margin) for margin in (margin_low, margin_high))
    p_lower, p_upper = upper_tail_p(lower), upper_tail_p(-upper)
    fields = (plain(v) for v in (lower, p_lower, upper, p_upper, np.maximum(p_lower, p_upper)))
    return TwoOneSided(found, margin_low, margin_high, *fields)


def tost_classes(
    values: ArrayLike,
    arms: ArrayLike,
    clusters: ArrayLike,
    g: int,
    r: int,
    margin_low: float,
    margin_high: float,
    *,
    exposure: ArrayLike | None = None,
    alpha: float = 0.05,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> TwoOneSided:
    """Do the class means of two groups differ by less than a margin? Two one-sided permutations of whole classes.

    The limits are the shifts that neither test rejects at alpha; so few classes may reject none, then there are no
    limits. No statistics.

    >>> data = [1, 2, 3, 4, 2, 3, 1, 4], [0, 0, 0, 0, 1, 1, 1, 1], [0, 1, 2, 3, 4, 5, 6, 7]
    >>> round(tost_classes(*data, 1, 0, -4.0, 4.0).p_value, 4)
    0.0143
    """
    means, groups = one_per_class(values, arms, clusters, exposure)
    first, second = means[groups == g], means[groups == r]
    both, observed = np.concatenate([first, second]), float(first.mean() - second.mean())
    total, blocks = allocation_blocks(len(both), len(first), resamples, seed)
    chosen = np.concatenate(list(blocks))

    def beyond(shift: float, direction: int) -> float:
        """How often do classes divided by chance differ by at least as much, once a shift is taken away?"""
        moved = both - shift * (np.arange(len(both)) < len(first))
        moved = direction * (moved - moved.mean())
        smallest = moved[: len(first)].sum() - 1e-10 * np.abs(moved).sum()
        return p_of_draws(int(np.sum(chosen @ moved >= smallest)), len(chosen), exact=total is not None)

    low, high = (_rejected_from(beyond, observed, direction, np.ptp(both), alpha) for direction in (1, -1))
    found = Inference(observed, conf_low=low, conf_high=high, conf_level=1 - 2 * alpha, method="cluster_permutation")
    p_lower, p_upper = beyond(margin_low, 1), beyond(margin_high, -1)
    return TwoOneSided(found, margin_low, margin_high, np.nan, p_lower, np.nan, p_upper, max(p_lower, p_upper))


def _rejected_from(
    beyond: Callable[[float, int], float], observed: float, direction: int, spread: float, alpha: float
) -> float:
    """The shift nearest to the observed one that the one-sided test rejects; NaN where it never does."""
    kept, rejected = 0.0, 10 * spread + 1.0
    if not beyond(observed - direction * rejected, direction) < alpha:
        return np.nan
    for _ in range(60):
        middle = (kept + rejected) / 2
        below = beyond(observed - direction * middle, direction) < alpha
        kept, rejected = (kept, middle) if below else (middle, rejected)
    return float(observed - direction * rejected)


def two_one_sided(found: Inference, margin_low: float, margin_high: float) -> TwoOneSided:
    """The two tests for any difference with a t or normal reference distribution.

    >>> found = two_one_sided(from_t(0.0, 1.0, conf_level=0.9), -2.0, 2.0)
    >>> round(float(found.p_value), 5)
    0.02275
    """
    estimate, std_error = np.asarray(found.estimate), np.asarray(found.std_error)
    usable = (std_error > 0) & np.isfinite(std_error)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.where(usable, (estimate - margin_low) / std_error, np.nan)
        upper = np.where(usable, (estimate - margin_high) / std_error, np.nan)
    p_lower, p_upper = upper_tail_p(lower, found.df), upper_tail_p(-upper, found.df)
    fields = (plain(v) for v in (lower, p_lower, upper, p_upper, np.maximum(p_lower, p_upper)))
    return TwoOneSided(found, margin_low, margin_high, *fields)


def verdict(null_excluded: bool, low: float, high: float, margin_low: float, margin_high: float) -> str | None:
    """What do the interval at 1 - 2 alpha and the test of no difference say together? None where nothing is known.

    null_excluded : is a difference of zero excluded, at alpha? low, high : limits at 1 - 2 alpha.
    Lakens (2017) doi:10.1177/1948550617697177.

    >>> verdict(False, -1.0, 2.0, -5.0, 5.0), verdict(False, -1.0, 7.0, -5.0, 5.0)
    ('equivalent', 'inconclusive')
    """
    if np.isnan(low) or np.isnan(high):
        return None
    negligible = margin_low < low and high < margin_high
    if null_excluded:
        return "different_negligible" if negligible else "different_not_negligible"
    return "equivalent" if negligible else "inconclusive"
