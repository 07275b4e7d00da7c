"""Order statistics of all averages of two changes, a change with itself included (Walsh averages)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LISTED_UP_TO = 1000
"""Values whose averages are listed one by one."""


def averages(ordered: Array) -> Array:
    """All averages of two of the values, a value with itself included.

    >>> averages(np.array([1.0, 2.0, 4.0])).tolist()
    [1.0, 1.5, 2.5, 2.0, 3.0, 4.0]
    """
    rows, columns = np.triu_indices(len(ordered))
    return (ordered[rows] + ordered[columns]) / 2


def kth_averages(ordered: Array, places: Sequence[int]) -> list[float]:
    """Which averages stand at these places, counted from 1? Of sorted values, thousands of them if need be.

    >>> kth_averages(np.array([1.0, 2.0, 4.0]), [1, 6])
    [1.0, 4.0]
    """
    if len(ordered) <= LISTED_UP_TO:
        at = [place - 1 for place in places]
        return [float(v) for v in np.partition(averages(ordered), sorted(set(at)))[at]]
    return [_kth(ordered, place) for place in places]


def median_average(ordered: Array) -> float:
    """The median of all averages of sorted values: the pseudo-median. NaN without values.

    >>> median_average(np.array([1.0, 2.0, 4.0]))
    2.25
    """
    count = len(ordered) * (len(ordered) + 1) // 2
    if count == 0:
        return float("nan")
    low, high = kth_averages(ordered, ((count + 1) // 2, count // 2 + 1))
    return (low + high) / 2


def _kth(ordered: Array, place: int) -> float:
    """By halving: O(n log n) per step."""
    slack = 4 * np.finfo(float).eps * float(np.abs(ordered).max())
    low, high = float(ordered[0]) - slack, float(ordered[-1])
    while high - low > slack:
        middle = low + (high - low) / 2
        if not low < middle < high:
            break
        both = int(np.searchsorted(ordered, 2 * middle - ordered, "right").sum())
        itself = int(np.searchsorted(ordered, middle, "right"))
        low, high = (low, middle) if (both + itself) // 2 >= place else (middle, high)
    partner = np.searchsorted(ordered, 2 * (low - slack) - ordered, "left")
    found = partner < len(ordered)
    return float(((ordered[found] + ordered[partner[found]]) / 2).min())
