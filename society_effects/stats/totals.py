"""Is one score made of the others?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

ROUNDING = 0.05 + 1e-9
"""How far a total printed with one decimal may lie from the sum of its parts."""


def is_total(total: ArrayLike, parts: ArrayLike) -> bool:
    """Is this score the sum or the mean of those, for every student who has them all?

    Parameters
    ----------
    total : array (students,). parts : array (students, at least two scores). NaN is missing.

    >>> is_total([3.0, 7.0, 8.0], [[1.0, 2.0], [3.0, 4.0], [2.0, 6.0]])
    True
    """
    whole, pieces = np.asarray(total, dtype=float), np.asarray(parts, dtype=float)
    if pieces.shape[1] < 2:
        return False
    seen = ~np.isnan(whole) & ~np.isnan(pieces).any(axis=1)
    whole, pieces = whole[seen], pieces[seen]
    if len(whole) < 3 or np.ptp(whole) <= 2 * ROUNDING:
        return False
    return any(bool(np.all(np.abs(whole - made) <= ROUNDING)) for made in (pieces.sum(axis=1), pieces.mean(axis=1)))
