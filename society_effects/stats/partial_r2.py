"""Which share of what is left of a variable does a group of others explain, beyond the rest?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjustment_terms import NOTHING_NEW

Array = NDArray[np.float64]


def partial_r2(target: ArrayLike, group: ArrayLike, others: ArrayLike) -> float:
    """Which share of the variation of a variable, left over by others, does a group of columns explain?

    target : (n,). group : (n, g), dummies of one category, say. others : (n, k), without a constant, which is always
    there. Columns may be collinear; what a group says already among the others counts for the others. NaN where the
    others leave nothing of the target.

    >>> round(partial_r2([1, 2, 4, 3, 6], [[0.0], [0], [1], [1], [1]], np.zeros((5, 0))), 4)
    0.6509
    """
    y, columns = np.asarray(target, dtype=float), np.asarray(group, dtype=float)
    rest = np.asarray(others, dtype=float)
    basis = _basis(rest - rest.mean(axis=0), np.linalg.norm(rest, axis=0))
    left = _outside(basis, y - y.mean())
    if np.linalg.norm(left) <= NOTHING_NEW * np.linalg.norm(y):
        return np.nan
    centred = columns - columns.mean(axis=0)
    size = np.maximum(np.linalg.norm(centred, axis=0), 1e-6 * np.linalg.norm(columns, axis=0))
    new = _basis(_outside(basis, centred), size)
    return float(min(np.sum((new.T @ left) ** 2) / np.sum(left**2), 1.0))


def _outside(basis: Array, columns: Array) -> Array:
    """What of the columns lies outside the basis; twice, for what rounding leaves."""
    rest = columns - basis @ (basis.T @ columns)
    return np.asarray(rest - basis @ (basis.T @ rest))


def _basis(columns: Array, sizes: Array) -> Array:
    """An orthonormal basis of columns, of which those no larger than rounding of their sizes count as 0."""
    lengths = np.linalg.norm(columns, axis=0)
    kept = lengths > NOTHING_NEW * sizes
    left, values, _ = np.linalg.svd(columns[:, kept] / lengths[kept], full_matrices=False)
    return np.asarray(left[:, values > NOTHING_NEW * max(1.0, values.max(initial=0.0))])
