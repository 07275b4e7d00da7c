"""Is a difference too small to matter? Two one-sided tests (TOST) against margins stated beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .differences import student, welch
from .inference import Inference, from_t, plain, upper_tail_p
from .moments import Moments
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
