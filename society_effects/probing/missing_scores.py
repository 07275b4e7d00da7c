"""What if missing outcomes are not what similar students lead us to expect? Shifts, and the ends of the scale."""

from __future__ import annotations

import numpy as np

from ..stats.missing_outcomes import ShiftedOutcomes, shifted_outcomes
from ..stats.worst_case_bounds import worst_case_bounds
from .questions import Found, Question, limits_of

KINDS = ("continuous", "binary")
SHIFTS = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""In standard deviations of the scores within the groups."""
ARMS = {"members": "shift_members", "reference": "shift_others"}
TIPS = {"members": "tips_members", "reference": "tips_others"}


def no_tipping_point(question: Question) -> str | None:
    """Why has this answer no tipping point? None where it has one."""
    if question.outcome.kind != "continuous":
        return "not_a_score"
    return _not_asked(question) or ("among_classmates" if question.among_classmates else None)


def no_worst_case(question: Question) -> str | None:
    """Why has this answer no bounds? None where it has."""
    if question.outcome.kind not in KINDS:
        return "neither_score_nor_share"
    return _not_asked(question) or ("no_range" if _range(question) is None else None)


def _not_asked(question: Question) -> str | None:
    if question.row["reference_wave"] is not None:
        return "of_two_waves"
    if not question.study.has_rows:
        return "no_rows"
    if question.whole_classes:
        return "whole_classes"
    return "none_missing" if question.students.seen.all() else None


def write_tipping_point(question: Question, found: Found) -> None:
    """Write the difference with the missing scores of one group shifted, and the shift that changes the conclusion.

    A missing score of members that lies 1 SD lower than predicted is a shift of -1; those of the others stay as
    predicted meanwhile, and the other way round.
    """
    students = question.students
    shifted = shifted_outcomes(
        students.values,
        students.member,
        students.columns,
        target=students.target,
        interactions=students.own_slopes,
        clusters=students.clusters,
        conf_level=question.conf_level,
    )
    if shifted.flags["SHARE_EXTRAPOLATED"]:
        found.check(question, "SHARE_EXTRAPOLATED")
    for arm, parameter in ARMS.items():
        if not students.seen[students.member == (arm == "members")].all():
            _write_arm(question, found, shifted, arm, parameter)
    _say_complete(question, found)


def _write_arm(question: Question, found: Found, shifted: ShiftedOutcomes, arm: str, parameter: str) -> None:
    for shift in SHIFTS:
        one = shifted.shifted(*((shift, 0.0) if arm == "members" else (0.0, shift)))
        if one.estimate == one.estimate:
            numbers = limits_of(one) | {"method": "shifted_outcomes"}
            found.row(question, "tipping_point", parameter, setting=shift, **numbers)
    tipping = shifted.tipping(arm)
    if not any(tipping.flags.values()) and np.isfinite(tipping.limit):
        told = {"conf_level": question.conf_level, "method": "shifted_outcomes"}
        found.row(question, "tipping_point", TIPS[arm], value=tipping.limit, **told)


def write_worst_case(question: Question, found: Found) -> None:
    """Write the lowest and the highest difference that the missing outcomes allow; both rows have the same interval.

    Shares are adjusted by least squares here, since only of a linear answer the bounds can be known.
    """
    students, (lowest, highest) = question.students, _range(question) or (np.nan, np.nan)
    within = None if question.adjustment is None else question.adjustment.within
    bounds = worst_case_bounds(
        students.values,
        students.member,
        students.columns,
        lowest=lowest,
        highest=highest,
        target=students.target,
        interactions=students.own_slopes,
        clusters=students.clusters,
        within=within,
        conf_level=question.conf_level,
    )
    if bounds.flags["OUTSIDE_RANGE"]:
        found.check(question, "OUTSIDE_RANGE", "warn")
        return
    limits = {"conf_low": bounds.conf_low, "conf_high": bounds.conf_high, "conf_level": bounds.conf_level}
    for parameter, one in (("lowest", bounds.low), ("highest", bounds.high)):
        numbers = {"estimate": one.estimate, "std_error": one.std_error, "method": "worst_case"} | limits
        found.row(question, "worst_case", parameter, **numbers)
    _say_complete(question, found)


def _range(question: Question) -> tuple[float, float] | None:
    """Between which values do all outcomes lie?"""
    return (0.0, 1.0) if question.outcome.kind == "binary" else question.outcome.range


def _say_complete(question: Question, found: Found) -> None:
    """Say that students without a covariate are left out here too."""
    if question.students.lost:
        found.check(question, "PROBED_WITHOUT_COVARIATES", n=question.students.lost)
