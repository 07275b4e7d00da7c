"""Do these whole numbers look like answers to an item, or like counts, although no kind is declared?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_STEPS, ENOUGH = 11, 30
"""More different values are a scale; fewer students say nothing of it."""
ITEMS_FROM_0 = (4, 6, 10)
"""Highest answers of items whose lowest is 0."""


def looks_like(values: NDArray[np.float64]) -> str | None:
    """``"LOOKS_ORDINAL"``, ``"LOOKS_COUNT"``, or None where the values may well be a measurement.

    Answers lie on a scale of few steps, 1 to 5 or 0 to 10; counts begin at 0 and become rare soon.

    >>> looks_like(np.repeat([1.0, 2, 3, 4, 5], 8)), looks_like(np.repeat([0.0, 1, 2, 3], [20, 9, 4, 1]))
    ('LOOKS_ORDINAL', 'LOOKS_COUNT')
    """
    if len(values) < ENOUGH or np.any(values != np.floor(values)):
        return None
    steps, counts = np.unique(values, return_counts=True)
    low, high = float(steps[0]), float(steps[-1])
    if not (3 <= len(steps) <= MOST_STEPS and low in (0.0, 1.0) and high - low < MOST_STEPS):
        return None
    if low == 0 and (high not in ITEMS_FROM_0 or _becomes_rare(counts)):
        return "LOOKS_COUNT"
    return "LOOKS_ORDINAL"


def _becomes_rare(counts: NDArray[np.int64]) -> bool:
    """Is the most frequent value 0 or 1, and the highest one rare beside it?"""
    return bool(counts.argmax() <= 1 and 4 * counts[-1] < counts.max())
