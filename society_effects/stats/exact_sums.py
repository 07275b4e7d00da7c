"""The exact distribution of a group's sum when every allocation of the students to the groups is equally likely."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .inference import never_zero

Array = NDArray[np.float64]
MOST_STEPS = 5e7
DECIMALS = 6


def whole_scores(values: ArrayLike) -> NDArray[np.int64] | None:
    """The values as whole numbers from 0, keeping all distances in proportion; None where that is not possible.

    >>> whole_scores([0.7, -1.6, 3.4]).tolist()
    [23, 0, 50]
    """
    x = np.asarray(values, dtype=float)
    for digits in range(DECIMALS + 1):
        scaled = x * 10.0**digits
        whole = np.rint(scaled)
        if np.all(np.abs(scaled - whole) <= 1e-9 * np.maximum(1.0, np.abs(scaled))) and np.abs(whole).max() < 2**53:
            return (whole - whole.min()).astype(np.int64)
    return None


def countable(scores: NDArray[np.int64] | None, n_chosen: int) -> bool:
    """Can the distribution be counted in about a second?"""
    if scores is None:
        return False
    chosen = min(n_chosen, len(scores) - n_chosen)
    return len(scores) * chosen * float(np.sort(scores)[::-1][:chosen].sum() + 1) <= MOST_STEPS


def ways_to_sum(scores: NDArray[np.int64], n_chosen: int) -> Array:
    """How many allocations give the sum 0, 1, ... when ``n_chosen`` scores are drawn without replacement?

    Streitberg and Roehmel (1986), Statistical Software Newsletter 12:10-17 (shift algorithm).

    >>> ways_to_sum(np.array([0, 1, 2]), 2).tolist()
    [0.0, 1.0, 1.0, 1.0]
    """
    total = int(np.sort(scores)[::-1][:n_chosen].sum())
    ways = np.zeros((n_chosen + 1, total + 1))
    ways[0, 0] = 1.0
    for i, score in enumerate(np.sort(scores)):
        most = min(i + 1, n_chosen)
        ways[1 : most + 1, score:] += ways[:most, : total + 1 - score].copy()
    return ways[n_chosen]


def distance_ways(scores: NDArray[np.int64], n_chosen: int) -> tuple[Array, Array]:
    """How far from its expectation can a group's sum lie, and in how many allocations? In rising order.

    The same for the rest of the students, so the smaller group is counted.

    >>> distance, ways = distance_ways(np.array([0, 1, 2, 3]), 2)
    >>> distance.tolist(), ways.tolist()
    ([0.0, 1.0, 2.0], [2.0, 2.0, 2.0])
    """
    smaller = min(n_chosen, len(scores) - n_chosen)
    ways = ways_to_sum(scores, smaller)
    sums = np.flatnonzero(ways)
    distance, where = np.unique(np.abs(sums * len(scores) - smaller * int(scores.sum())), return_inverse=True)
    return distance / len(scores), np.bincount(where, ways[sums]).astype(float)


def two_sided_sum_p(scores: NDArray[np.int64], chosen: NDArray[np.bool_]) -> tuple[float, float]:
    """How many of all allocations lie at least as far from the expected sum? (two-sided, and at least as large).

    >>> two_sided_sum_p(np.array([0, 1, 2, 3]), np.array([False, False, True, True]))
    (0.3333333333333333, 0.16666666666666666)
    """
    observed, expected = int(scores[chosen].sum()), scores.mean() * chosen.sum()
    smaller = chosen if 2 * chosen.sum() <= len(scores) else ~chosen
    ways = ways_to_sum(scores, int(smaller.sum()))
    sums = np.arange(len(ways))
    if smaller is not chosen:
        sums = int(scores.sum()) - sums
    far = np.abs(sums - expected) >= np.abs(observed - expected) - 1e-9
    two_sided, greater = (min(float(ways[chosen].sum() / ways.sum()), 1.0) for chosen in (far, sums >= observed))
    return never_zero(two_sided), never_zero(greater)
