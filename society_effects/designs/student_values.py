"""The students' own values, which figures draw behind the estimates."""

from __future__ import annotations

import numpy as np

from ..stats.density import kernel_density
from .comparison import Comparison
from .draft import Draft

DRAWN_ONE_BY_ONE = 2000
"""Students of a group up to which a figure draws each of them."""


def write_values(task: Comparison) -> None:
    """Write every observed value, and the density of groups too large for their students to be drawn one by one."""
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
            _density_of_many(draft, outcome.column, level, matrix[seen & study.arm(level), column])


def _density_of_many(draft: Draft, outcome: str, level: str, values: np.ndarray) -> None:
    if len(values) > DRAWN_ONE_BY_ONE:
        x, density = kernel_density(values)
        draft.column_rows("density", len(x), outcome=outcome, group=level, x=x, density=density)
