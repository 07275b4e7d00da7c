"""The students' own values, which figures draw behind the estimates."""

from __future__ import annotations

import numpy as np

from ...stats.density import kernel_density
from ..comparison import Comparison
from ..draft import Draft

WITH_DENSITY = 20
"""Students of a group from which on the density of their scores is told."""


def write_values(task: Comparison) -> None:
    """Write every observed value, and the density of the scores of each group that is not too small for one."""
    study, draft = task.study, task.draft
    if not study.has_rows:
        return
    matrix, groups, units = study.matrix(), study.units["group"].to_numpy(object), study.units.index.to_numpy(object)
    clusters = study.units["cluster"].to_numpy(object) if study.cluster is not None else None
    for column, outcome in enumerate(study.outcomes):
        seen = matrix[:, column] == matrix[:, column]
        known = {"unit": units[seen], "group": groups[seen], "value": matrix[seen, column]}
        if clusters is not None:
            known["cluster"] = clusters[seen]
        draft.column_rows("values", int(seen.sum()), outcome=outcome.column, **known)
        for level in study.levels if outcome.kind == "continuous" else ():
            _density(draft, outcome.column, level, matrix[seen & study.arm(level), column])


def _density(draft: Draft, outcome: str, level: str, values: np.ndarray) -> None:
    if len(values) >= WITH_DENSITY:
        x, density = kernel_density(values)
        draft.column_rows("density", len(x), outcome=outcome, group=level, x=x, density=density)
