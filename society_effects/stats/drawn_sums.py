"""Sums over students who are drawn by chance, of many draws and many columns at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .allocations import drawn_places

Array = NDArray[np.float64]
CELLS_IN_CACHE = 24_000
"""So many numbers at a time stay in the cache of a processor, and need no fresh memory."""
COLUMNS_PER_PRODUCT = 10
"""With so many columns a product of matrices is done before a second thread has started."""


def resampled_sums(columns: Array, size: int, rng: np.random.Generator) -> Array:
    """The sums of each column over as many students as there are, drawn with replacement, ``size`` times.

    columns : array (students, columns). Returns an array (size, columns). Which students are drawn depends on their
    number only, not on the columns.

    >>> resampled_sums(np.ones((5, 1)), 3, np.random.default_rng(1)).tolist()
    [[5.0], [5.0], [5.0]]
    """
    n, sums = len(columns), []
    first_of_row = np.repeat(np.arange(_rows_at_once(n)) * n, n)
    counts = np.empty(len(first_of_row))
    for rows in _parts(size, n):
        table = counts[: (rows.stop - rows.start) * n]
        table.fill(0.0)
        np.add.at(table, first_of_row[: len(table)] + drawn_places(n, len(table), rng), 1.0)
        sums.append(_product(table.reshape(-1, n), columns))
    return np.concatenate(sums)


def chosen_sums(columns: Array, chosen: NDArray[np.bool_]) -> Array:
    """The sums of each column over the chosen students, one row per row of ``chosen``.

    columns : array (students, columns). chosen : array (draws, students).

    >>> chosen_sums(np.array([[1.0], [2.0], [4.0]]), np.array([[True, False, True]])).tolist()
    [[5.0]]
    """
    parts = [chosen[rows].astype(float) for rows in _parts(*chosen.shape)]
    return np.concatenate([_product(part, columns) for part in parts])


def _rows_at_once(n: int) -> int:
    return max(1, CELLS_IN_CACHE // n)


def _parts(size: int, n: int) -> Iterator[slice]:
    """Slices of so many rows of n numbers."""
    step = _rows_at_once(n)
    return (slice(start, min(start + step, size)) for start in range(0, size, step))


def _product(table: Array, columns: Array) -> Array:
    if columns.shape[1] <= COLUMNS_PER_PRODUCT:
        return table @ columns
    places = range(0, columns.shape[1], COLUMNS_PER_PRODUCT)
    return np.hstack([table @ columns[:, place : place + COLUMNS_PER_PRODUCT] for place in places])
