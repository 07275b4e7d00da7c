"""Order statistics of all differences between two groups, without writing down millions of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LISTED_UP_TO = 1_000_000


def kth_differences(first: Array, second: Array, places: Sequence[int]) -> list[float]:
    """Which differences (a value of ``first`` minus a value of ``second``) stand at these places, counted from 1?

    Both arrays are sorted. Up to a million differences are listed; beyond, the place is narrowed down by counting
    (O(n log n) per step) until few enough are left to be listed.

    >>> kth_differences(np.array([1.0, 2.0, 4.0]), np.array([0.0, 3.0]), [1, 6])
    [-2.0, 4.0]
    """
    if len(first) * len(second) <= LISTED_UP_TO:
        all_of_them = np.subtract.outer(first, second).ravel()
        at = [place - 1 for place in places]
        return [float(v) for v in np.partition(all_of_them, sorted(set(at)))[at]]
    return [_kth(first, second, place) for place in places]


def median_difference(first: Array, second: Array) -> float:
    """The median of all differences between two sorted arrays.

    >>> median_difference(np.array([1.0, 2.0]), np.array([0.0, 0.5]))
    1.25
    """
    count = len(first) * len(second)
    if count == 0:
        return float("nan")
    low, high = kth_differences(first, second, ((count + 1) // 2, count // 2 + 1))
    return (low + high) / 2


def _kth(first: Array, second: Array, place: int) -> float:
    x, x_times = np.unique(first, return_counts=True)
    y, y_times = np.unique(second, return_counts=True)
    before = np.r_[0, np.cumsum(y_times)]
    low, high = x[0] - y[-1], x[-1] - y[0]
    slack = 4 * np.finfo(float).eps * max(np.abs(x).max(), np.abs(y).max(), 1e-300)
    for _ in range(200):
        start, stop = _columns(x, y, low - slack, high + slack)
        if (stop - start).sum() <= LISTED_UP_TO or high - low <= slack:
            break
        middle = low + (high - low) / 2
        at_most = int(((before[-1] - before[np.searchsorted(y, x - middle, "left")]) * x_times).sum())
        low, high = (low, middle) if at_most >= place else (middle, high)
    smaller = int(((before[-1] - before[stop]) * x_times).sum())
    lengths = stop - start
    rows = np.repeat(np.arange(len(x)), lengths)
    columns = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths) + np.repeat(start, lengths)
    differences, times = x[rows] - y[columns], x_times[rows] * y_times[columns]
    order = np.argsort(differences, kind="stable")
    reached = smaller + np.cumsum(times[order])
    return float(differences[order][np.searchsorted(reached, place, "left")])


def _columns(x: Array, y: Array, low: float, high: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each x, from where to where in y the difference lies between low and high."""
    return np.searchsorted(y, x - high, "left"), np.searchsorted(y, x - low, "right")
