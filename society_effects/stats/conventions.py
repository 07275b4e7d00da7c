"""Formulas that other programs use and this library does not: for comparison with what they print."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import two_sided_p

Array = NDArray[np.float64]


def weighted_average_quantiles(values: ArrayLike, shares: Sequence[float] = (0.25, 0.5, 0.75)) -> list[float]:
    """The percentiles as SPSS prints them: at (n + 1) p, weighted between neighbours (HAVERAGE, type 6).

    NaN without values. Hyndman and Fan (1996) doi:10.1080/00031305.1996.10473566.

    >>> weighted_average_quantiles([1, 2, 3, 4, 5, 6, 7, 8])
    [2.25, 4.5, 6.75]
    """
    x = np.asarray(values, dtype=float)
    if not len(x):
        return [np.nan] * len(shares)
    return [float(v) for v in np.quantile(x, shares, method="weibull")]


def woolf_odds_ratio(table: ArrayLike, conf_level: float = 0.95) -> tuple[float, float, float]:
    """The sample odds ratio of a 2 x 2 table with Woolf's limits (NaN with an empty cell): estimate, low, high.

    Woolf (1955) doi:10.1111/j.1469-1809.1955.tb01348.x.

    >>> [round(v, 3) for v in woolf_odds_ratio([[15, 5], [10, 12]])]
    [3.6, 0.967, 13.406]
    """
    (a, b), (c, d) = np.asarray(table, dtype=float)
    if min(a, b, c, d) == 0:
        return np.nan, np.nan, np.nan
    return _log_limits(a * d / (b * c), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d), conf_level)


def katz_risk_ratio(table: ArrayLike, conf_level: float = 0.95) -> tuple[float, float, float]:
    """The risk ratio of a 2 x 2 table (event in the first column) with Katz's limits: estimate, low, high.

    Katz et al. (1978) doi:10.2307/2530610.

    >>> [round(v, 3) for v in katz_risk_ratio([[15, 5], [10, 12]])]
    [1.65, 0.978, 2.784]
    """
    (a, b), (c, d) = np.asarray(table, dtype=float)
    if min(a, c) == 0:
        return np.nan, np.nan, np.nan
    error = np.sqrt(b / a / (a + b) + d / c / (c + d))
    return _log_limits(a / (a + b) / (c / (c + d)), error, conf_level)


def poisson_model_ratio(
    events: float, exposure: float, reference_events: float, reference_exposure: float
) -> tuple[float, float]:
    """The ratio of two rates with the P value of Poisson regression that takes the Poisson model for granted.

    >>> [round(v, 4) for v in poisson_model_ratio(30, 20, 20, 20)]
    [1.5, 0.1601]
    """
    if min(events, reference_events) == 0:
        return np.nan, np.nan
    ratio = events / exposure / (reference_events / reference_exposure)
    return ratio, float(two_sided_p(np.log(ratio) / np.sqrt(1 / events + 1 / reference_events)))


def student_newman_keuls(means: ArrayLike, sizes: ArrayLike, mean_square: float, df: float) -> Array:
    """Which pairs of means does the Student-Newman-Keuls procedure tell apart? The P value of each step, per pair.

    Means are ordered; a range of r means is compared with the studentised range of r means, and a pair inside a range
    that is not significant at .05 is not tested (NaN). Unequal sizes: their harmonic mean, as SPSS does.
    Keuls (1952) doi:10.1007/BF01908269.

    >>> found = student_newman_keuls([10.0, 12.0, 19.0], [8, 8, 8], 9.0, 21)
    >>> bool(found[0, 2] < 0.001), round(float(found[0, 1]), 3)
    (True, 0.197)
    """
    from scipy.stats import studentized_range

    average, count = np.asarray(means, dtype=float), np.asarray(sizes, dtype=float)
    error = np.sqrt(mean_square * np.mean(1 / count))
    order, k = np.argsort(average, kind="stable"), len(average)
    p_values = np.full((k, k), np.nan)
    kept: list[tuple[int, int]] = []
    for width in range(k, 1, -1):
        for low in range(k - width + 1):
            high = low + width - 1
            if any(a <= low and high <= b for a, b in kept):
                continue
            span = (average[order[high]] - average[order[low]]) / error
            p = float(studentized_range.sf(span, width, df))
            p_values[order[low], order[high]] = p_values[order[high], order[low]] = p
            if p >= 0.05:
                kept.append((low, high))
    return p_values


def corrected_share_difference(table: ArrayLike, conf_level: float = 0.95) -> tuple[float, float]:
    """The limits of a difference of two shares as R's prop.test prints them: Wald's with a continuity correction.

    >>> [round(v, 4) for v in corrected_share_difference([[15, 5], [10, 12]])]
    [-0.0339, 0.6248]
    """
    counts: Sequence[Sequence[float]] = np.asarray(table, dtype=float).tolist()
    (a, b), (c, d) = counts
    n1, n0 = a + b, c + d
    difference = a / n1 - c / n0
    correction = min(0.5, abs(difference) / (1 / n1 + 1 / n0)) * (1 / n1 + 1 / n0)
    half = special.ndtri((1 + conf_level) / 2) * np.sqrt(a * b / n1**3 + c * d / n0**3) + correction
    return float(max(difference - half, -1.0)), float(min(difference + half, 1.0))


def _log_limits(ratio: float, error: float, conf_level: float) -> tuple[float, float, float]:
    half = float(special.ndtri((1 + conf_level) / 2)) * error
    return float(ratio), float(ratio * np.exp(-half)), float(ratio * np.exp(half))
