"""When does each student join, who leaves again, and who cannot be told?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

NEVER = -1


@dataclass(frozen=True, slots=True)
class Joining:
    """When students join.

    first_wave : array (units,), position of the first wave as a member, -1 never (also where nothing is known).
    left : array (units,), a member at one wave and not at a later one. always : a member from the first wave on.
    unsure : first seen as a member after a wave whose membership is missing, so that joining may have been earlier.
    """

    first_wave: NDArray[np.int64]
    left: NDArray[np.bool_]
    always: NDArray[np.bool_]
    unsure: NDArray[np.bool_]


def joining(membership: ArrayLike) -> Joining:
    """At which wave does each student join, and who is not a member any more later?

    membership : array (units, waves) of 0 and 1, NaN where it is not known. A leaver stays a member from the first
    wave on in every analysis that takes joining as lasting, and is counted here. Who counts as a member before the
    first wave of membership is given time in which nothing could have happened to end it (immortal time); that is why
    only the first wave itself is used.
    Suissa (2008) doi:10.1093/aje/kwm324.

    >>> found = joining([[0, 1, 1], [0, 1, 0], [0, 0, 0], [1, 1, 1], [np.nan, 1, 1]])
    >>> found.first_wave.tolist(), int(found.left.sum())
    ([1, 1, -1, 0, 1], 1)
    >>> found.unsure.tolist()
    [False, False, False, False, True]
    """
    state = np.asarray(membership, dtype=float)
    member = state == 1
    ever = member.any(axis=1)
    first = np.where(ever, member.argmax(axis=1), NEVER)
    after = np.arange(state.shape[1]) > np.where(ever, first, state.shape[1])[:, None]
    before = np.take_along_axis(state, np.maximum(first - 1, 0)[:, None], axis=1)[:, 0]
    return Joining(
        first_wave=first,
        left=(after & (state == 0)).any(axis=1),
        always=first == 0,
        unsure=(first > 0) & np.isnan(before),
    )
