"""Who is a member at which wave, and what follows where that changes between two waves?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...errors import DesignError
from ...study.study import Study
from ..draft import Draft


def membership_between(draft: Draft, study: Study, waves: tuple[str, str], *, earlier_used: bool = True) -> int:
    """Say how many left between two waves or were members from the start; refuse members who joined after the last.

    Membership counts as it is at the later wave. Who was a member already at the earlier one has an earlier score that
    may contain what the society does; that is said where the earlier score is used. How many they are is returned.
    """
    before, after = left_between(draft, study, waves)
    varies = bool((before != after).any())
    started = int((before == study.member).sum()) if varies else 0
    if study.joined is not None:
        started = _joined(study, waves)
    if started and earlier_used:
        draft.check("ALREADY_MEMBERS", "warn", n=started, of=int((after == study.member).sum()), wave=waves[0])
    return started


def left_between(draft: Draft, study: Study, waves: tuple[str, str]) -> tuple[pd.Series, pd.Series]:
    """Say how many members left between two waves; the groups at both, of the students known at both."""
    first, last = (at.units["group"] for at in (study.at(wave=wave) for wave in waves))
    known = last.index.intersection(first.index)
    before, after = first[known].astype(object), last[known].astype(object)
    left = int(((before == study.member) & (after != study.member)).sum())
    if left:
        draft.check("LEAVERS", "warn", n=left, first=waves[0], last=waves[1])
    return before, after


def _joined(study: Study, waves: tuple[str, str]) -> int:
    """How many members had joined by the earlier wave? Those who joined after the later one cannot be members at it."""
    joined = study.units["joined"]
    members = study.at(wave=waves[1]).units["group"] == study.member
    own = joined.reindex(members.index)[members]
    place = own.map({wave: k for k, wave in enumerate(study.waves)}).to_numpy(dtype=float)
    late = int(np.sum(place > study.waves.index(waves[1])))
    if late:
        raise DesignError("IMMORTAL_TIME", column=study.joined, n=late, wave=waves[1])
    return int(np.sum(place <= study.waves.index(waves[0])))
