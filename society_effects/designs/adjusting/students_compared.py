"""Which students are compared on an outcome, on what, and how are those of one class treated?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...errors import DesignError
from ...study.outcome import Outcome
from ..comparing.comparing_counts import check_exposure
from ..comparison import Comparison
from ..group_rows import describe_groups
from .adjustment import TARGETS, Adjustment
from .covariates_of import drop_incomplete, term_columns
from .tables_of_terms import MEMBER

if TYPE_CHECKING:
    from ..regression_adjustment import RegressionAdjustment


def adjustments_of(
    task: Comparison, outcome: Outcome, terms: Sequence[str], design: RegressionAdjustment
) -> list[Adjustment]:
    """The students of each contrast who have the outcome and every covariate; the others are counted and told."""
    study, values = task.study, task.column(outcome.column)
    check_exposure(study, outcome)
    everybody = term_columns(study, terms, np.arange(len(values)))
    _refuse_taken_names(everybody.names)
    seen = ~np.isnan(values)
    exposure = None if outcome.exposure is None else study.units[outcome.exposure].to_numpy(dtype=float)
    drop_incomplete(task.draft, study, outcome, seen, everybody.missing)
    analysed = seen & ~everybody.missing
    _describe(task, outcome, analysed)
    clusters = None if task.classes is None else task.classes.codes
    adjustments = []
    for contrast in task.contrasts:
        of_group = study.group_codes == contrast.g
        rows = np.flatnonzero(analysed & (of_group | (study.group_codes == contrast.r)))
        for level, arm in ((contrast.group, of_group), (contrast.reference, ~of_group)):
            if not arm[rows].any():
                raise DesignError("NOBODY_COMPLETE", outcome=outcome.column, group=level, terms=tuple(terms))
        adjustments.append(
            Adjustment(
                task,
                outcome,
                contrast,
                rows,
                values[rows],
                of_group[rows],
                tuple(terms),
                term_columns(study, terms, rows),
                None if clusters is None else clusters[rows],
                None if exposure is None else exposure[rows],
                TARGETS[design.estimand],
                None,
                design.method,
            )
        )
        adjustments[-1] = replace(adjustments[-1], within=_within(adjustments[-1], design.within_cluster))
    return adjustments


def _refuse_taken_names(names: Sequence[str]) -> None:
    """No column may have the name that a regression gives to membership, its constant or a product."""
    taken = {"(Intercept)", MEMBER, *(f"{kind}:{name}" for name in names for kind in (MEMBER, "class"))}
    for i, name in enumerate(names):
        if name in taken or name in names[:i]:
            raise DesignError("RESERVED_NAME", column=name)


def _within(adjustment: Adjustment, asked: str | None) -> str | None:
    """How are classmates compared? Not at all where whole classes are members, or no classes are known."""
    if adjustment.task.classes is None or adjustment.whole:
        if asked in ("fixed", "mundlak"):
            raise DesignError("NO_CLASSMATES", value=repr(asked))
        return None
    return "fixed" if asked == "auto" else asked


def _describe(task: Comparison, outcome: Outcome, analysed: np.ndarray) -> None:
    """Put the cells of those analysed in the place of those of the whole study, and describe them."""
    whole = analysed | np.isnan(task.column(outcome.column))
    study = task.study if whole.all() else task.study.where(whole)
    own = [cell for cell in study.cell_rows if cell["outcome"] == outcome.column]
    others = [cell for cell in task.draft.cells if cell["outcome"] != outcome.column]
    task.draft.cells = [*others, *own]
    describe_groups(task.draft, study, task.conf_level, own)
