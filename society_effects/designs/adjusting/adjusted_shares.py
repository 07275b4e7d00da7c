"""Adjusted differences of shares: logistic regression, standardised to the covariates of those aimed at."""

from __future__ import annotations

from typing import Any

from ...stats.adjusted_difference import AdjustedDifference, adjusted_share_difference
from ...stats.inference import Inference
from ...stats.modified_poisson import conditional_odds_ratio, conditional_risk_ratio
from ...stats.standardisation import Standardised, standardised_shares
from . import adjusted_scores
from .adjustment import Adjustment, Answer, with_slopes

METHODS = ("modified-poisson",)


def answer_of(adjustment: Adjustment) -> Answer:
    """By how much do the shares differ among students with the same covariates?

    Classmates are compared by least squares: a logistic regression with a level for each class is biased in small
    classes, and has nothing to say of classes in which all students give the same answer.
    """
    if adjustment.within is not None:
        linear = _among_classmates(adjustment)
        return Answer("adjusted_share_difference", linear.difference, linear.influence, adjustment.estimand, {}, linear)
    fit = fitted(adjustment)
    beside = {"adjusted_risk_ratio": fit.ratio}
    if fit.odds_ratio is not None:
        beside["adjusted_odds_ratio"] = fit.odds_ratio
    data = (adjustment.values, adjustment.member, adjustment.covariates.columns)
    beside["conditional_odds_ratio"] = conditional_odds_ratio(*data, **_alike(adjustment))
    if adjustment.method == "modified-poisson":
        beside["conditional_risk_ratio"] = conditional_risk_ratio(*data, **_alike(adjustment))
    return Answer(
        "adjusted_share_difference", fit.difference, fit.influence_of_difference, adjustment.estimand, beside, fit
    )


def fitted(adjustment: Adjustment) -> Standardised:
    """The standardised shares; with common slopes where a group is too small for slopes of its own."""
    return with_slopes(adjustment, standardised_shares, **adjustment.settings)


def _among_classmates(adjustment: Adjustment) -> AdjustedDifference:
    return with_slopes(adjustment, adjusted_share_difference, **adjustment.settings, within=adjustment.within)


def _alike(adjustment: Adjustment) -> dict[str, Any]:
    return {name: value for name, value in adjustment.settings.items() if name != "target"}


def raw(adjustment: Adjustment) -> dict[str, Inference]:
    """The unadjusted difference of the same students."""
    found = adjusted_share_difference(
        adjustment.values,
        adjustment.member,
        covariance="hc2",
        clusters=adjustment.clusters,
        conf_level=adjustment.task.conf_level,
    )
    return {"risk_difference": found.difference}


def model(adjustment: Adjustment, answer: Answer) -> Any:
    """The statsmodels result: of the logistic regression (None where it is penalised), among classmates of OLS."""
    if isinstance(answer.fit, AdjustedDifference):
        return adjusted_scores.model(adjustment, answer)
    return answer.fit.model
