"""Two groups and a yes-or-no outcome: shares, their difference, their ratio, and the odds ratio.

Functions of counts take ``events, n`` of the members, then of the reference group, numbers or arrays of one shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .conditional_odds import fisher, odds_ratio
from .inference import Inference, plain, two_sided_p
from .two_by_two import boschloo, checked_counts, pearson_chi2, two_by_two, yates_chi2

__all__ = [
    "boschloo",
    "fisher",
    "miettinen_nurminen",
    "odds_ratio",
    "pearson_chi2",
    "risk_difference",
    "risk_ratio",
    "two_by_two",
    "wilson",
    "yates_chi2",
]

Array = NDArray[np.float64]


def wilson(events: ArrayLike, n: ArrayLike, conf_level: float = 0.95) -> tuple[Any, Any]:
    """Between which limits does the share of events lie? Wilson's score interval, as (low, high).

    Wilson (1927) doi:10.1080/01621459.1927.10502953.

    >>> low, high = wilson(15, 20)
    >>> round(low, 4), round(high, 4)
    (0.5313, 0.8881)
    """
    x, size = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(n, dtype=float))
    z2 = float(special.ndtri((1 + conf_level) / 2)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (x + z2 / 2) / (size + z2)
        half = np.sqrt(z2) / (size + z2) * np.sqrt(x * (size - x) / size + z2 / 4)
    low = np.where(x == 0, 0.0, np.maximum(middle - half, 0.0))
    high = np.where(x == size, 1.0, np.minimum(middle + half, 1.0))
    empty = size <= 0
    return plain(np.where(empty, np.nan, low)), plain(np.where(empty, np.nan, high))


def risk_difference(
    events: ArrayLike, n: ArrayLike, reference_events: ArrayLike, reference_n: ArrayLike, *, conf_level: float = 0.95
) -> Inference:
    """By how much do the shares differ? Newcombe's hybrid score limits (his method 10).

    Statistic and P are those of the score test (Pearson's chi-square as a signed z). No standard error: Wald's does
    not belong to these limits. Flag ``NO_EVENTS_AT_ALL`` / ``ALL_EVENTS``: the groups cannot differ in the test, P is
    undefined; the limits stand. Newcombe (1998)
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    >>> found = risk_difference(15, 20, 10, 22)
    >>> round(found.conf_low, 5), round(found.conf_high, 5)
    (-0.00014, 0.52661)
    """
    x1, n1, x0, n0 = checked_counts(events, n, reference_events, reference_n)
    p1, p0 = x1 / n1, x0 / n0
    (l1, u1), (l0, u0) = wilson(x1, n1, conf_level), wilson(x0, n0, conf_level)
    low = p1 - p0 - np.sqrt((p1 - l1) ** 2 + (u0 - p0) ** 2)
    high = p1 - p0 + np.sqrt((u1 - p1) ** 2 + (p0 - l0) ** 2)
    return _from_score(p1 - p0, low, high, (x1, n1, x0, n0), conf_level, "newcombe")


def miettinen_nurminen(
    events: ArrayLike, n: ArrayLike, reference_events: ArrayLike, reference_n: ArrayLike, *, conf_level: float = 0.95
) -> Inference:
    """By how much do the shares differ? Limits that invert Miettinen and Nurminen's score test.

    Statistic and P are those of that test (with its factor N / (N - 1)). Miettinen and Nurminen (1985)
    doi:10.1002/sim.4780040211.

    >>> found = miettinen_nurminen(56, 70, 48, 80)
    >>> round(found.conf_low, 4), round(found.conf_high, 4)
    (0.0528, 0.3382)
    """
    counts = checked_counts(events, n, reference_events, reference_n)
    x1, n1, x0, n0 = counts
    difference, quantile = x1 / n1 - x0 / n0, float(special.ndtri((1 + conf_level) / 2))
    ones = np.ones(difference.shape)
    low = _bisect(lambda d: quantile - _difference_z(counts, d), -ones, difference)
    high = _bisect(lambda d: -quantile - _difference_z(counts, d), difference, ones)
    z = np.where(difference == 0, 0.0, _difference_z(counts, np.zeros(difference.shape)))
    found = _from_score(difference, low, high, counts, conf_level, "miettinen_nurminen")
    undefined = np.isnan(np.asarray(found.p_value))
    statistic = plain(np.where(undefined, np.nan, z))
    return replace(found, statistic=statistic, p_value=plain(two_sided_p(statistic)))


def risk_ratio(
    events: ArrayLike, n: ArrayLike, reference_events: ArrayLike, reference_n: ArrayLike, *, conf_level: float = 0.95
) -> Inference:
    """How many times as frequent is the event among members? Koopman's score limits; null value 1.

    The limits invert the score test, whose P at 1 is that of Pearson's chi-square. Nothing is added to empty cells:
    without events in the reference group the ratio and its upper limit are infinite (NaN, flag ``ZERO_CELL``; the
    lower limit stands); without events among members it is 0; without any events nothing is known
    (``NO_EVENTS_AT_ALL``).
    Koopman (1984) doi:10.2307/2531405.

    >>> found = risk_ratio(36, 40, 16, 80)
    >>> round(found.conf_low, 2), round(found.conf_high, 2)
    (2.94, 7.15)
    """
    counts = checked_counts(events, n, reference_events, reference_n)
    x1, n1, x0, n0 = counts
    quantile = float(special.ndtri((1 + conf_level) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(x0 > 0, (x1 / n1) / (x0 / n0), np.nan)
        centre = np.log(np.where((x0 > 0) & (x1 > 0), ratio, (x1 + 0.5) / n1 / ((x0 + 0.5) / n0)))
    low = np.exp(_bisect(lambda v: quantile - _ratio_z(counts, np.exp(v)), centre - 40, centre + 40))
    high = np.exp(_bisect(lambda v: -quantile - _ratio_z(counts, np.exp(v)), centre - 40, centre + 40))
    low = np.where(x1 > 0, low, np.where(x0 > 0, 0.0, np.nan))
    high = np.where(x0 > 0, high, np.nan)
    found = _from_score(ratio, low, high, counts, conf_level, "koopman", null_value=1.0, scale="log")
    return replace(found, flags={**found.flags, "ZERO_CELL": _flag((x0 == 0) & (x1 > 0))})


def _from_score(
    estimate: Array,
    low: Array,
    high: Array,
    counts: tuple[Array, ...],
    conf_level: float,
    method: str,
    **scale: Any,
) -> Inference:
    """An estimate with its limits, and the score test of no difference as a signed z."""
    x1, n1, x0, n0 = counts
    share = (x1 + x0) / (n1 + n0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (x1 / n1 - x0 / n0) / np.sqrt(share * (1 - share) * (1 / n1 + 1 / n0))
    return Inference(
        estimate=plain(estimate),
        df=plain(np.full(z.shape, np.inf)),
        statistic=plain(z),
        p_value=plain(two_sided_p(z)),
        conf_low=plain(low),
        conf_high=plain(high),
        conf_level=conf_level,
        method=method,
        statistic_name="z",
        flags={"NO_EVENTS_AT_ALL": _flag(share == 0), "ALL_EVENTS": _flag(share == 1)},
        **scale,
    )


def score_of_difference(
    events: ArrayLike, n: ArrayLike, reference_events: ArrayLike, reference_n: ArrayLike, *, difference: float
) -> Array:
    """How far does the difference of two shares lie from a given one? Miettinen and Nurminen's z.

    >>> round(float(score_of_difference(56, 70, 48, 80, difference=0.0)), 4)
    2.6413
    """
    counts = checked_counts(events, n, reference_events, reference_n)
    return _difference_z(counts, np.full(counts[0].shape, float(difference)))


def _ratio_z(counts: tuple[Array, ...], ratio: Array) -> Array:
    """Score statistic of a given ratio of the shares; it falls as the ratio grows."""
    x1, n1, x0, n0 = counts
    a, b, c = (n1 + n0) * ratio, n1 * ratio + x1 + n0 + x0 * ratio, x1 + x0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        q0 = 2 * c / (b + np.sqrt(np.maximum(b * b - 4 * a * c, 0.0)))
        q0 = np.clip(q0, 0.0, np.minimum(1.0, 1 / ratio))
        q1 = np.minimum(ratio * q0, 1.0)
        spread = np.sqrt(np.maximum(q1 * (1 - q1) / n1 + ratio**2 * q0 * (1 - q0) / n0, 0.0))
        away = x1 / n1 - ratio * x0 / n0
        return np.where(spread > 0, away / spread, np.where(away == 0, 0.0, np.sign(away) * np.inf))


def _difference_z(counts: tuple[Array, ...], difference: Array) -> Array:
    """Miettinen and Nurminen's statistic of a given difference of the shares; it falls as the difference grows."""
    x1, n1, x0, n0 = counts
    total, events = n1 + n0, x1 + x0
    c2 = ((n1 + 2 * n0) * difference - total - events) / total
    c1 = ((n0 * difference - total - 2 * x0) * difference + events) / total
    c0 = x0 * difference * (1 - difference) / total
    q = (c2 / 3) ** 3 - c2 * c1 / 6 + c0 / 2
    root = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum((c2 / 3) ** 2 - c1 / 3, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = (np.pi + np.arccos(np.clip(np.where(root == 0, 0.0, q / root**3), -1.0, 1.0))) / 3
        q0 = np.clip(2 * root * np.cos(angle) - c2 / 3, np.maximum(0.0, -difference), np.minimum(1.0, 1 - difference))
        q1 = np.clip(q0 + difference, 0.0, 1.0)
        spread = np.sqrt(np.maximum(q1 * (1 - q1) / n1 + q0 * (1 - q0) / n0, 0.0) * total / np.maximum(total - 1, 1.0))
        away = x1 / n1 - x0 / n0 - difference
        tiny = np.abs(away) < 1e-15
        return np.where(spread > 1e-150, away / spread, np.where(tiny, 0.0, np.sign(away) * np.inf))


def _bisect(rising: Callable[[Array], Array], low: Array, high: Array, steps: int = 110) -> Array:
    """Where does a rising function cross 0, element by element? The ends where it does not."""
    low, high = low.astype(float), high.astype(float)
    for _ in range(steps):
        middle = (low + high) / 2
        above = rising(middle) >= 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2


def _flag(value: Array) -> Any:
    return value if np.ndim(value) else bool(value)
