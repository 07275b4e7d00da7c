"""Which students move the answer the most?"""

from __future__ import annotations

import numpy as np

from ...stats.adjusted_difference import AdjustedDifference
from ...stats.regression_diagnostics import difference_moves
from .adjustment import Adjustment, Answer

SHOWN = 5
"""So many students are named."""


def write_influential(adjustment: Adjustment, answer: Answer) -> None:
    """Write the students without whom the adjusted difference would be furthest from what it is."""
    if not isinstance(answer.fit, AdjustedDifference) or answer.fit.within == "mundlak":
        return
    moves = difference_moves(answer.fit, adjustment.member, adjustment.covariates.columns, adjustment.clusters)
    known = np.flatnonzero(np.isfinite(moves))
    first = known[np.argsort(-np.abs(moves[known]), kind="stable")][:SHOWN]
    units = adjustment.task.study.units.index.to_numpy(object)[adjustment.rows]
    for i in first:
        adjustment.task.draft.row(
            "influential",
            unit=str(units[i]),
            measure=answer.measure,
            value=float(adjustment.values[i]),
            change=float(moves[i]),
            without=float(answer.found.estimate - moves[i]),
            **adjustment.keys,
        )
