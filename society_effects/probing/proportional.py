"""What if unmeasured causes select members as the measured ones do? Oster's delta."""

from __future__ import annotations

from ..stats.oster import proportional_selection
from .questions import Found, Question


def impossible(question: Question) -> str | None:
    """Why is this not possible for an answer? None where it is."""
    if question.adjustment is None:
        return "no_covariates"
    if question.outcome.kind != "continuous":
        return "not_a_score"
    return "whole_classes" if question.whole_classes else None


def write(question: Question, found: Found) -> None:
    """Write delta, and the difference that delta = 1 would leave, at the largest R squared taken to be possible.

    They belong to the regression without slopes of their own, as the robustness values do, and have no limits.
    """
    adjustment = question.adjustment
    if adjustment is None:
        return
    selection = proportional_selection(adjustment.values, adjustment.member, adjustment.covariates.columns)
    for flag in selection.raised:
        found.check(question, flag)
    if selection.delta == selection.delta:
        numbers = {"value": selection.delta, "estimate": selection.estimate, "method": "proportional_selection"}
        found.row(question, "oster", "r_max", setting=selection.r2_max, **numbers)
