"""Which counts must not be shown so that the small ones cannot be computed from the others? Counts that add up.

Source: Hundepool et al. (2012). Statistical disclosure control. doi 10.1002/9781118348239 (chapter 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

SMALL, LARGE, HIDDEN = "small", "large", "hidden"
"""What is told of a count that is not shown: that it is small, that it is not, or nothing."""


@dataclass(frozen=True)
class Part:
    """One of the counts that add up to a total. printed : it has a place of its own in the table."""

    count: int
    printed: bool = True


def withheld(parts: Sequence[Part], total: int | None, below: int) -> list[str | None]:
    """For each part: None where it may be shown, else what is told instead.

    Counts from 1 to ``below`` - 1 are withheld, and as few others, the smallest first, as are needed so that none of
    them follows from the total and the counts that are shown. total : None where no reader knows it.

    >>> withheld([Part(3), Part(40), Part(12)], 55, 5)
    ['small', None, 'large']
    >>> withheld([Part(0), Part(40), Part(12)], 52, 5)
    [None, None, None]
    """
    small = [0 < part.count < below for part in parts]
    told: list[str | None] = [SMALL if s and part.printed else None for s, part in zip(small, parts, strict=True)]
    if not any(small) or total is None or _is_safe(parts, told, total, below):
        return told
    printed = [i for i, part in enumerate(parts) if part.printed]
    for i in sorted((i for i in printed if parts[i].count >= below), key=lambda i: parts[i].count):
        told[i] = LARGE
        if _is_safe(parts, told, total, below):
            return told
    for least in (1, 0):
        told = [HIDDEN if part.printed and part.count >= least else None for part in parts]
        if _is_safe(parts, told, total, below):
            return told
    return told


def _is_safe(parts: Sequence[Part], told: Sequence[str | None], total: int, below: int) -> bool:
    """Are there several possible values of each small count, for a reader who knows what is told of each?"""
    shown = [part.count for part, t in zip(parts, told, strict=True) if part.printed and t is None]
    left = total - sum(shown)
    next_largest = min((count for count in shown if count >= below), default=inf)
    limits: dict[str | None, tuple[float, float]] = {
        SMALL: (1, below - 1),
        LARGE: (below, next_largest),
        HIDDEN: (1 if 0 in shown else 0, inf),
        None: (0, inf),
    }
    unknown = [(part, limits[t]) for part, t in zip(parts, told, strict=True) if t is not None or not part.printed]
    for i, (part, (low, high)) in enumerate(unknown):
        others = [limit for j, (_, limit) in enumerate(unknown) if j != i]
        least = max(low, left - sum(most for _, most in others))
        greatest = min(high, left - sum(fewest for fewest, _ in others))
        if 0 < part.count < below and not least < greatest:
            return False
    return True
