"""Do the groups differ on what membership cannot have changed? Then they differ in something that was not measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..designs.adjusting.covariates_of import term_columns
from ..findings.checks import Check
from ..stats.adjusted_difference import AdjustedDifference, adjusted_difference
from ..stats.effect_sizes import d_adjusted
from ..stats.moments import Moments
from ..stats.rung_differences import Rung, rung_difference
from ..study.before_joining import measured_before
from ..study.earlier import earlier_scores
from .questions import Found, Question, limits_of

Array = np.ndarray
OWN, CALIBRATED = "control", "calibrated"
BEHIND = ("calibrated_outcome", "calibrated_control")
"""The two numbers behind the calibrated one, of the students who have both."""
UNITS = {True: "adjusted_mean_difference", False: "mean_difference"}
"""Is anything adjusted for? -> the measure of the control in its own units."""
STANDARD = {True: "d_adjusted", False: "d_average"}


def impossible(question: Question, control: str | None) -> str | None:
    """Why is this not possible for an answer? None where it is."""
    if control is None:
        return "control_not_named"
    if question.row["reference_wave"] is not None:
        return "of_two_waves"
    if not question.study.has_rows:
        return "no_rows"
    if question.whole_classes:
        return "whole_classes"
    if not _before_joining(question, control):
        return "control_after_joining"
    return None if _is_score(question, control) else "control_not_a_score"


def write(question: Question, control: str, found: Found) -> None:
    """Write how the groups differ on the control, and by how much more they differ on the outcome, in SD."""
    compared = _compared(question, control)
    keys = ("group", "reference")
    told = any(row["parameter"] == OWN and all(row[key] == question.row[key] for key in keys) for row in found.rows)
    if not told:
        _write_control(question, control, compared, found)
    part = control in question.outcome.parts
    if question.outcome.kind == "continuous" and question.outcome.column != control and not part:
        _write_calibrated(question, control, compared, found)


@dataclass(frozen=True)
class _Compared:
    """The students of both groups with every other covariate, and the control of each (NaN where missing)."""

    control: Array
    values: Array
    member: Array
    columns: Array
    clusters: Array | None
    settings: dict[str, Any]

    def fit(self, numbers: Array, chosen: Array) -> AdjustedDifference:
        """The comparison of some students, as the design makes it."""
        settings = dict(self.settings)
        settings["clusters"] = None if self.clusters is None else self.clusters[chosen]
        parts = numbers[chosen], self.member[chosen], self.columns[chosen]
        fit = adjusted_difference(*parts, **settings)
        if fit.difference.flags["TOO_FEW_FOR_INTERACTIONS"]:
            fit = adjusted_difference(*parts, interactions=False, **settings)
        return fit

    def moments(self, numbers: Array, chosen: Array) -> tuple[Moments, Moments]:
        """Of members and of the others."""
        return tuple(Moments.of(numbers[chosen & arm]) for arm in (self.member, ~self.member))  # type: ignore[return-value]


def _compared(question: Question, control: str) -> _Compared:
    study, adjustment = question.study, question.adjustment
    of_group, of_reference = (study.arm(question.row[role]) for role in ("group", "reference"))
    rows = np.flatnonzero(of_group | of_reference)
    clusters = None if question.classes is None else question.classes.codes[rows]
    settings: dict[str, Any] = {"conf_level": question.conf_level}
    columns, missing = np.zeros((len(rows), 0)), np.zeros(len(rows), dtype=bool)
    if adjustment is None:
        settings["covariance"] = "hc2"
    else:
        left = [t for t in adjustment.terms if control not in term_columns(study, [t], rows).used]
        found = term_columns(study, left, rows)
        columns, missing = found.columns, found.missing
        settings |= {"target": adjustment.target, "within": adjustment.within}
        settings |= {"covariance": "hc2"} if adjustment.method == "hc2" else {}
    kept = ~missing
    return _Compared(
        _numbers(question, control)[rows][kept],
        study.matrix([question.outcome.column])[rows, 0][kept],
        of_group[rows][kept],
        columns[kept],
        None if clusters is None else clusters[kept],
        settings,
    )


def _write_control(question: Question, control: str, compared: _Compared, found: Found) -> None:
    """The control itself, in its own units and in standard deviations."""
    seen = ~np.isnan(compared.control)
    difference = compared.fit(compared.control, seen).difference
    d = d_adjusted(difference, *compared.moments(compared.control, seen))
    adjusted = question.adjustment is not None
    shared = {"term": control, "outcome": control}
    for measure, one in ((UNITS[adjusted], difference), (STANDARD[adjusted], d)):
        if one.estimate == one.estimate:
            numbers = {"measure": measure, "n": int(seen.sum())} | limits_of(one)
            found.row(question, "negative_control", OWN, **(shared | numbers))
    if difference.conf_low > 0 or difference.conf_high < 0:
        found.checks.append(Check("NEGATIVE_CONTROL_DIFFERS", "warn", {"control": control}, None, question.about))


def _write_calibrated(question: Question, control: str, compared: _Compared, found: Found) -> None:
    """The difference on the outcome less that on the control, both in SD, of students who have both.

    Right only if unmeasured causes move both by as many standard deviations. The limits come from what each student
    contributes to both; the standard deviations count as known. Neither is adjusted for the control.
    """
    both = ~np.isnan(compared.control) & ~np.isnan(compared.values)
    rungs, behind = [], []
    for numbers in (compared.values, compared.control):
        fit = compared.fit(numbers, both)
        sd = float(np.sqrt(np.mean([np.square(m.sd) for m in compared.moments(numbers, both)])))
        if not (sd > 0 and fit.difference.std_error > 0):
            return
        rungs.append(Rung(float(fit.difference.estimate) / sd, fit.influence / sd, float(fit.difference.df)))
        own = limits_of(fit.difference)
        behind.append(own | {name: own[name] / sd for name in ("estimate", "std_error", "conf_low", "conf_high")})
    clusters = None if compared.clusters is None else compared.clusters[both]
    apart = rung_difference(*rungs, clusters=clusters, conf_level=question.conf_level)
    if apart.std_error == apart.std_error:
        told = {"term": control, "measure": STANDARD[question.adjustment is not None], "n": int(both.sum())}
        for parameter, told_of in zip((*BEHIND, CALIBRATED), (*behind, limits_of(apart)), strict=True):
            found.row(question, "negative_control", parameter, **(told | told_of))


def _numbers(question: Question, control: str) -> Array:
    """The control of each student of the study."""
    if any(o.column == control for o in question.study.outcomes):
        return question.study.matrix([control])[:, 0]
    return question.study.units[control].to_numpy(dtype=float)


def _is_score(question: Question, control: str) -> bool:
    """Is the control measured on a scale, as scores are?"""
    if any(o.column == control for o in question.study.outcomes):
        return question.study.outcome(control).kind == "continuous"
    values = question.study.units[control]
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return bool(numeric and values.nunique() > 2)


def _before_joining(question: Question, control: str) -> bool:
    """Does nothing that is known of the study say that this covariate was measured after joining?"""
    before = measured_before(question.study)
    if control not in question.study.covariate_names or control in earlier_scores(question.study):
        return True
    return before is None or control in before
