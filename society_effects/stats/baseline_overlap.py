"""Are there non-members with the same earlier scores as the members?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far the earlier scores of the two arms cover the same range.

    inside : members within the range of the others. n : members. share : inside / n. low, high : that range.
    flags : ``NO_OVERLAP``, where no member is inside it.
    """

    inside: int
    n: int
    share: float
    low: float
    high: float
    flags: Mapping[str, Any]


def baseline_overlap(member_scores: ArrayLike, reference_scores: ArrayLike) -> Overlap:
    """How many members have an earlier score within the range of the non-members' scores?

    member_scores, reference_scores : (n1,), (n0,), without missing values.

    >>> found = baseline_overlap([5, 6, 9], [1, 4, 6])
    >>> found.inside, round(found.share, 3), found.flags
    (2, 0.667, {'NO_OVERLAP': False})
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_scores, reference_scores))
    if not len(member) or not len(reference):
        return Overlap(0, len(member), np.nan, np.nan, np.nan, {"NO_OVERLAP": True})
    low, high = float(reference.min()), float(reference.max())
    inside = int(np.sum((member >= low) & (member <= high)))
    return Overlap(inside, len(member), inside / len(member), low, high, {"NO_OVERLAP": inside == 0})
