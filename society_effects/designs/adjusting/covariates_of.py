"""What is adjusted for: names and terms as columns, who is left out for want of them, and when they were measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import DesignError
from ...stats.formula_terms import TermColumns, columns_of_terms
from ...study.achievement import prior_achievement
from ...study.before_joining import measured_before
from ...study.earlier import earlier_name, earlier_scores
from ...study.outcome import Outcome
from ...study.study import Study
from ..circumstances import differ
from ..draft import Draft

MANY_LOST = 0.05
"""Share of the students lost for want of a covariate from which the claim is weakened."""


def terms_of(study: Study, covariates: Sequence[str] | None, outcome: Outcome, earlier: str | None) -> tuple[str, ...]:
    """Which names and terms is this outcome adjusted for? All covariates unless some are named; its own earlier score.

    earlier : the wave of the earlier score; None where it is not adjusted for.
    """
    of_waves = earlier_scores(study) if earlier is not None else ()
    every = [name for name in study.covariate_names if name not in of_waves]
    chosen = list(every if covariates is None else covariates)
    own = earlier_name(outcome.column, earlier) if earlier is not None else None
    if own in of_waves and own not in chosen:
        chosen.append(str(own))
    if not chosen:
        raise DesignError("NOTHING_TO_ADJUST_FOR", outcome=outcome.column)
    return tuple(chosen)


def term_columns(study: Study, terms: Sequence[str], rows: np.ndarray) -> TermColumns:
    """The terms as columns, of these students of the study."""
    units = study.units
    return columns_of_terms({name: units[name].iloc[rows] for name in study.covariate_names}, terms)


def drop_incomplete(draft: Draft, study: Study, outcome: Outcome, seen: np.ndarray, missing: np.ndarray) -> None:
    """Count those with an outcome who are left out for want of a covariate, and say whether that weakens the claim.

    seen : (n,), who has the outcome. missing : (n,), who lacks a covariate.
    """
    lost = {level: int((seen & missing & study.arm(level)).sum()) for level in study.levels}
    total, of = sum(lost.values()), int(seen.sum())
    if not total:
        return
    for level, n in lost.items():
        draft.drop(outcome.column, level, "covariate_missing", None, n)
    draft.row("quantities", outcome=outcome.column, quantity="covariates_lost", value=total / of, method="count")
    draft.check("COVARIATES_MISSING", "warn" if total > MANY_LOST * of else "note", outcome.column, n=total, of=of)
    shares = {level: n / max(int((seen & study.arm(level)).sum()), 1) for level, n in lost.items()}
    if differ(shares):
        draft.check("COVARIATES_MISSING_DIFF", "warn", outcome.column, shares=shares)


def say_timing(draft: Draft, study: Study, used: Sequence[str]) -> None:
    """Say which covariates may have been changed by the society, and whether prior achievement is among them.

    used : the variables that any outcome is adjusted for.
    """
    earlier = earlier_scores(study)
    before = measured_before(study)
    unclear = tuple(name for name in used if name not in earlier and name not in (before or ()))
    if unclear:
        draft.check("TIMING_NOT_STATED" if before is None else "BAD_CONTROL", "warn", names=unclear)
    achieved = {*earlier, *prior_achievement(study)}
    if not achieved & set(used):
        draft.check("NO_BASELINE", "warn")
