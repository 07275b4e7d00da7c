"""Between which limits does a shift lie? Order statistics of all differences between two groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .exact_sums import distance_ways, two_sided_sum_p
from .ordered_differences import kth_differences

Array = NDArray[np.float64]
NO_WIDTH = 1e-9
ROUNDING = 1e-12


def shift_limits(member: Array, reference: Array, conf_level: float, exact: bool) -> tuple[float, float, bool]:
    """The limits of the shift between two sorted groups, and whether the interval reaches its level.

    ``exact``: all shifts that the exact test, given the ties at each shift, does not reject. Where many differences are
    tied the two limits can be the same number: they move to the next differences, since an interval of no width would
    claim a certainty that no sample has. The groups must not both be constant.

    >>> shift_limits(np.array([4.0, 5.0, 6.0]), np.array([1.0, 2.0, 3.0]), 0.95, exact=True)
    (1.0, 5.0, False)
    """
    alpha = round(1 - conf_level, 12)
    slack = NO_WIDTH * (max(member[-1], reference[-1]) - min(member[0], reference[0]))
    n1, n0 = len(member), len(reference)
    place, reached = _exact_place(n1, n0, alpha) if exact else (_normal_place(n1, n0, alpha), True)
    low, high = kth_differences(member, reference, (place, n1 * n0 + 1 - place))
    if exact and any(np.any(np.diff(arm) == 0) for arm in (member, reference)):
        low, low_reached = _walked(member, reference, low, alpha, slack)
        high, high_reached = _walked(-member[::-1], -reference[::-1], -high, alpha, slack)
        high, reached = -high, low_reached and high_reached
    if high - low > slack:
        return low, high, reached
    below, above = (
        _next_above(reference, member, -low + slack, -low),
        _next_above(member, reference, high + slack, high),
    )
    return -below, above, reached


def rank_scores(values: Array) -> NDArray[np.int64]:
    """Midranks as the smallest whole numbers with the same distances in proportion.

    >>> rank_scores(np.array([10.0, 20.0, 20.0, 30.0])).tolist()
    [0, 1, 1, 2]
    """
    doubled = pairs_below(values, np.sort(values)).astype(np.int64)
    doubled -= doubled.min()
    return doubled // max(int(np.gcd.reduce(doubled)), 1)


def pairs_below(values: Array, ordered: Array) -> NDArray[np.int64]:
    """Twice the number of ordered values below each value, ties counting half.

    >>> pairs_below(np.array([2.0]), np.array([1.0, 2.0, 3.0])).tolist()
    [3]
    """
    return np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")


def _exact_place(n1: int, n0: int, alpha: float) -> tuple[int, bool]:
    """Which difference is the lower limit (counted from 1; the upper is the same from the end), and is alpha kept?

    Without ties within the groups: the last whose number of pairs the exact test rejects.
    """
    distance, ways = distance_ways(np.arange(n1 + n0, dtype=np.int64), n1)
    p_values = np.cumsum(ways[::-1])[::-1] / ways.sum()
    rejected = int(np.sum(p_values[distance > 0] < alpha - ROUNDING))
    return max(rejected, 1), rejected > 0


def _normal_place(n1: int, n0: int, alpha: float) -> int:
    half = -special.ndtri(alpha / 2) * np.sqrt(n1 * n0 * (n1 + n0 + 1) / 12)
    return max(round(n1 * n0 / 2 - half), 1)


def _walked(member: Array, reference: Array, start: float, alpha: float, slack: float) -> tuple[float, bool]:
    """The lower limit where values are tied within the groups, sought from a place nearby; and is alpha kept?

    Between two neighbouring differences nothing changes, so one shift there, and the difference itself, are tested.
    """
    steps = np.unique(np.subtract.outer(member, reference))
    steps = steps[np.r_[True, np.diff(steps) > slack]]
    between = np.r_[steps[0] - 1, (steps[:-1] + steps[1:]) / 2, steps[-1] + 1]

    def kept(at: int) -> bool:
        shifts = between[at + 1], steps[max(at, 0)]
        return any(
            _p_at(member, reference, shift, slack) >= alpha - ROUNDING for shift in shifts[: 2 if at >= 0 else 1]
        )

    at = int(np.argmin(np.abs(steps - start)))
    while at >= 0 and kept(at - 1):
        at -= 1
    while at >= 0 and not kept(at):
        at += 1
    return float(steps[max(at, 0)]), at >= 0


def _p_at(member: Array, reference: Array, shift: float, slack: float) -> float:
    """P of the exact test after a shift; values that differ by rounding only are tied."""
    moved = member - shift
    near = reference[np.clip(np.searchsorted(reference, moved - slack), 0, len(reference) - 1)]
    moved = np.where(np.abs(moved - near) <= slack, near, moved)
    both = np.concatenate([moved, reference])
    return two_sided_sum_p(rank_scores(both), np.arange(len(both)) < len(member))[0]


def _next_above(first: Array, second: Array, bound: float, otherwise: float) -> float:
    """The smallest difference (a value of ``first`` minus one of ``second``) above a bound."""
    at = np.searchsorted(second, first - bound, "left") - 1
    found = (first - second[np.maximum(at, 0)])[at >= 0]
    return float(found.min()) if len(found) else otherwise
