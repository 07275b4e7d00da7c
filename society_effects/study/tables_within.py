"""How do the contents of a study look as tables? Scores, cells and the ledger, made when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .cells import COLUMNS, Row, cells_of
from .ledger import outcome_steps, reasons_by_group, steps_as_columns
from .settling import summary_steps

if TYPE_CHECKING:
    from .study import Study


def values_table(study: Study) -> pd.DataFrame:
    """All scores that exist, one row per student, outcome and wave."""
    parts = []
    for (name, wave), scores in study._known.scores.items():
        seen = scores.reason < 0
        part = {"unit": study._known.units.index[seen], "outcome": name, "wave": wave, "value": scores.values[seen]}
        parts.append(pd.DataFrame(part).astype({"unit": object, "outcome": object, "wave": object}))
    return pd.concat(parts, ignore_index=True)


def panel_table(study: Study, outcome: str) -> pd.DataFrame:
    """All scores of one outcome over time, with the group at that time."""
    parts = []
    for wave in study.waves_of(outcome) or (None,):
        scores, units = study._scores(outcome, wave), study._known.units
        part = pd.DataFrame({"unit": units.index, "wave": wave})
        if study.group:
            codes = study._known.groups.get(wave, study.group_codes)
            part["group"] = pd.Categorical.from_codes(codes, list(study.levels))
        if study.cluster:
            part["cluster"] = units["cluster"].to_numpy()
        parts.append(part.assign(value=scores.values)[scores.reason < 0])
    table = pd.concat(parts, ignore_index=True)
    return table.assign(wave=pd.Categorical(table["wave"], categories=list(study.waves), ordered=True))


def cell_rows(study: Study) -> tuple[Row, ...]:
    """Counts and moments per outcome and group (and wave, and category)."""
    if study._cells is not None:
        return tuple(study._cells.to_dict("records"))
    rows: list[Row] = []
    for (name, wave), scores in study._known.scores.items():
        codes = study._known.groups.get(wave, study.group_codes)
        rows += cells_of(study.outcome(name), wave, scores, codes, study.levels or (None,))
    return tuple({name: row.get(name) for name in COLUMNS} for row in rows)


def ledger_columns(study: Study) -> dict[str, list[Any]]:
    """Who was in, who was dropped and why, for every outcome and group, as plain columns."""
    if study._cells is not None:
        return steps_as_columns(summary_steps(study._cells, [o.column for o in study.outcomes], study.levels))
    steps, groups = list(study._steps), study.levels or (None,)
    sizes = np.bincount(study.group_codes, minlength=len(groups))
    for outcome in study.outcomes:
        waves = [s for (name, _), s in study._known.scores.items() if name == outcome.column]
        missing = reasons_by_group(waves, study.group_codes, len(groups))
        for number, group in enumerate(groups):
            steps += outcome_steps(outcome.column, group, int(sizes[number]), missing[number])
    return steps_as_columns(steps)
