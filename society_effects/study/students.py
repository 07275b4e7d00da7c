"""Which students are in, in which group, with which scores? The rows of a study, however its file was shaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .outcome import Outcome
from .scores import Scores


@dataclass(frozen=True)
class Rows:
    """The students of a study: who they are, their group at each wave, their scores.

    groups : per wave (None: the same at all waves) the position of each student's level, -1 where unknown.
    scores : per outcome and wave (None: a single wave) the scores, aligned with ``units``.
    unit_of_row : position of the student behind each row of ``data``, -1 where that student is not in the study.
    """

    units: pd.DataFrame
    groups: Mapping[str | None, NDArray[np.int64]]
    scores: Mapping[tuple[str, str | None], Scores]
    data: pd.DataFrame
    unit_of_row: NDArray[np.int64]

    def take(self, chosen: NDArray[np.bool_]) -> Rows:
        """The chosen students only."""
        place = np.where(chosen, np.cumsum(chosen) - 1, -1)
        of_row = np.where(self.unit_of_row >= 0, place[self.unit_of_row], -1)
        return Rows(
            self.units.loc[chosen],
            {wave: codes[chosen] for wave, codes in self.groups.items()},
            {key: scores.take(chosen) for key, scores in self.scores.items()},
            self.data.loc[of_row >= 0].reset_index(drop=True),
            of_row[of_row >= 0],
        )


def with_waves_resolved(rows: Rows, outcomes: tuple[Outcome, ...], wave: str) -> tuple[Rows, tuple[Outcome, ...]]:
    """The rows of one wave, as a study of a single wave."""
    scores: dict[tuple[str, str | None], Scores] = {}
    for outcome in outcomes:
        for name in (wave, None):
            if (outcome.column, name) in rows.scores:
                scores[outcome.column, None] = rows.scores[outcome.column, name]
    kept = tuple(o for o in outcomes if (o.column, None) in scores)
    codes = rows.groups[wave] if wave in rows.groups else next(iter(rows.groups.values()))
    units = rows.units
    if "group" in units:
        units = units.assign(group=pd.Categorical.from_codes(codes, units["group"].cat.categories))
    return replace(rows, units=units, groups={None: codes}, scores=scores), kept
