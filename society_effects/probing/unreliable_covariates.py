"""What if a covariate was measured with error, so that students alike in it are not alike in what it stands for?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..designs.adjusting.covariates_of import term_columns
from ..stats.error_in_variables import GRID, error_in_variables
from ..study.achievement import prior_achievement
from ..study.earlier import earlier_scores
from .questions import Found, Question, limits_of


def default_covariates(question: Question) -> tuple[str, ...]:
    """The covariates that stand for what students had achieved before: measurements of their own among the terms."""
    names = (*prior_achievement(question.study), *earlier_scores(question.study))
    return tuple(name for name in names if _is_measurement(question, name))


def impossible(question: Question, names: Sequence[str] | None) -> str | None:
    """Why is this not possible for an answer? None where it is."""
    if question.adjustment is None:
        return "no_covariates"
    if question.outcome.kind != "continuous":
        return "not_a_score"
    if question.whole_classes:
        return "whole_classes"
    if question.among_classmates:
        return "among_classmates"
    if names is None:
        return None if default_covariates(question) else "no_prior_achievement"
    return None if any(_is_measurement(question, name) for name in names) else "not_a_measurement"


def write(question: Question, names: Sequence[str] | None, found: Found) -> None:
    """Write the difference for each reliability within the groups, one covariate after the other."""
    for name in default_covariates(question) if names is None else names:
        if _is_measurement(question, name):
            _write_one(question, name, found)
        else:
            why = "not_probed.not_a_measurement"
            found.check(question, "SENSITIVITY_NOT_POSSIBLE", analysis="errors_in_variables", why=why)


def _write_one(question: Question, name: str, found: Found) -> None:
    adjustment = question.adjustment
    if adjustment is None:
        return
    columns, place = adjustment.covariates.columns, adjustment.covariates.names.index(name)
    corrected = error_in_variables(
        adjustment.values,
        columns[:, place],
        adjustment.member,
        GRID,
        covariates=np.delete(columns, place, axis=1),
        target=adjustment.target,
        interactions=question.students.own_slopes,
        clusters=adjustment.clusters,
        conf_level=question.conf_level,
        **question.draws,
    ).difference
    found.drawn = True
    if np.any(corrected.flags["RELIABILITY_TOO_LOW"]):
        found.check(question, "COVARIATE_TOO_UNRELIABLE", "note", name=name)
    for i, reliability in enumerate(GRID):
        one = corrected.at(i)
        if one.estimate == one.estimate:
            found.row(question, "errors_in_variables", "reliability", term=name, setting=reliability, **limits_of(one))


def _is_measurement(question: Question, name: str) -> bool:
    """Does this covariate stand alone as one column of measurements, in no product and no spline?"""
    adjustment = question.adjustment
    if adjustment is None or name not in adjustment.terms or name not in adjustment.covariates.names:
        return False
    others = [term for term in adjustment.terms if term != name]
    elsewhere = bool(others) and name in term_columns(question.study, others, adjustment.rows).used
    return not elsewhere and name not in adjustment.covariates.levels
