"""Students who join one after another: the estimates of each cohort and of each wave, and what papers print instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...stats.group_time_aggregates import aggregate
from ...stats.inference import Inference
from ...stats.two_way_fixed_effects import membership, two_way_fixed_effects
from .comparing_joiners import Question, reasons, sizes, write


def compare_cohorts(question: Question) -> None:
    """Write the means of each cohort and at each wave from joining on, and two-way fixed effects beside them."""
    for kind in ("cohort", "calendar"):
        _aggregated(question, kind)
    _small_cohorts(question)
    _two_way(question)


def _aggregated(question: Question, kind: str) -> None:
    """The mean of the cells of each cohort, or at each wave, from joining on."""
    found = aggregate(question.cells, kind)
    single = found.path.inference(conf_level=question.task.conf_level)
    where = question.cells.cohort if kind == "cohort" else question.cells.wave
    for place, at in enumerate(found.at):
        cells = question.usable & (where == at) & (question.cells.wave >= question.cells.cohort)
        keys = {"wave": question.panel.waves[int(at)], **sizes(question, cells)}
        write(question, single.at(place), kind, **keys)


def _small_cohorts(question: Question) -> None:
    """Cohorts without a standard error: their estimate alone, which is part of no average."""
    cells = question.cells
    for cohort in cells.cohorts:
        own = (cells.cohort == cohort) & (cells.wave >= cohort)
        if (own & question.usable).any():
            continue
        known, wave = own & np.isfinite(cells.effects.estimate), question.panel.waves[int(cohort)]
        found = Inference(np.nan, conf_level=question.task.conf_level, method=cells.effects.method)
        if known.any():
            found = replace(found, estimate=float(cells.effects.estimate[known].mean()))
        else:
            found = replace(found, flags=reasons(cells, own))
        write(question, found, "cohort", wave=wave, **sizes(question, own))
        n = int(cells.sizes[:, cells.cohorts == cohort].sum())
        question.task.draft.check("COHORT_LEFT_OUT", "warn", question.outcome, wave=wave, n=n)


def _two_way(question: Question) -> None:
    """Two-way fixed effects, for display: not to be relied on where joining is staggered."""
    panel = question.panel
    seen = np.isfinite(panel.values).any(axis=1)
    member = membership(panel.first, len(panel.waves))
    fit = two_way_fixed_effects(
        panel.values[seen], member[seen], clusters=None if panel.classes is None else panel.classes[seen]
    )
    found = replace(fit.inference(0, conf_level=question.task.conf_level), method="two_way_fixed_effects")
    n = {"n": fit.n_units, "n_group": int(panel.joined[seen].sum()), "n_reference": int((~panel.joined[seen]).sum())}
    if panel.classes is not None:
        n["n_clusters"] = len(np.unique(panel.classes[seen]))
    write(question, found, "twfe", **n)
    question.task.draft.check("TWFE_FOR_DISPLAY", outcome=question.outcome)
