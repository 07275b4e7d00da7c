"""The analysis of variance of repeated measures, for those who must report it: complete students only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...stats.within_anova import WithinEffect, within_anova
from ..draft import Draft
from .wave_panel import Panel


def write_anova(draft: Draft, panel: Panel) -> None:
    """Write F by Greenhouse and Geisser and by Huynh and Feldt, Mauchly's test, the factors and partial eta squared."""
    column, whole = panel.outcome.column, panel.seen.all(axis=1)
    if panel.classes is not None:
        draft.check("ANOVA_IGNORES_CLASSES", "warn", column)
        return
    counts = [int((whole & panel.of(level)).sum()) for level in panel.levels]
    draft.check("ANOVA_COMPLETE_ONLY", outcome=column, n=sum(counts), of=int(panel.analysed.sum()))
    if min(counts) < 1:
        draft.check("TOO_FEW", "fail", column)
        return
    found = within_anova(panel.values[whole], panel.codes[whole] if len(panel.levels) > 1 else None)
    for term, effect in (("waves", found.waves), ("interaction", found.interaction), ("between", found.groups)):
        if effect is not None:
            _line(draft, column, term, effect, found.n)
    draft.test(column, "sphericity", replace(found.mauchly, statistic_name="mauchly_w"), n=found.n)
    for quantity, value, method in (
        ("epsilon_gg", found.greenhouse_geisser_epsilon, "greenhouse_geisser"),
        ("epsilon_hf", found.huynh_feldt_epsilon, "huynh_feldt"),
    ):
        draft.row("quantities", outcome=column, quantity=quantity, value=value, method=method)


def _line(draft: Draft, column: str, term: str, effect: WithinEffect, n: int) -> None:
    """One line of the table; the comparison of groups over all waves needs no factor."""
    corrected: list[Any] = [test for test in (effect.greenhouse_geisser, effect.huynh_feldt) if test is not None]
    for test in corrected or [effect.test]:
        draft.test(column, term, test, n=n)
    value = effect.partial_eta_squared
    if np.isfinite(value):
        keys = {"quantity": "partial_eta_squared", "term": term, "method": "within_anova"}
        draft.row("quantities", outcome=column, value=value, **keys)
