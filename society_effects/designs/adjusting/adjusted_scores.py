"""Adjusted differences of means: each group with its own slopes (Lin), centred at those aimed at."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...stats.adjusted_difference import AdjustedDifference, adjusted_difference
from ...stats.adjustment_terms import design_of
from ...stats.effect_sizes import d_adjusted
from ...stats.moments import Moments
from ...stats.regression import regression
from ...stats.wild_bootstrap import wild_adjusted
from .adjustment import POOLED, Adjustment, Answer, with_slopes

METHODS = ("hc2", "wild-bootstrap")


def answer_of(adjustment: Adjustment) -> Answer:
    """By how much do the means differ among students with the same covariates?"""
    fit = fitted(adjustment)
    of_members, of_others = (Moments.of(adjustment.values[arm]) for arm in (adjustment.member, ~adjustment.member))
    beside = {"d_adjusted": d_adjusted(fit.difference, of_members, of_others)}
    found = fit.difference
    if adjustment.method == "wild-bootstrap":
        found = wild_adjusted(fit, **adjustment.task.draws)
    return Answer("adjusted_mean_difference", found, fit.influence, estimand_of(adjustment, fit), beside, fit)


def fitted(adjustment: Adjustment) -> AdjustedDifference:
    """Lin's regression; the analysis of covariance where a group is too small for slopes of its own."""
    settings: dict[str, Any] = adjustment.settings | {"within": adjustment.within}
    if adjustment.method == "hc2":
        settings["covariance"] = "hc2"
    return with_slopes(adjustment, adjusted_difference, **settings)


def estimand_of(adjustment: Adjustment, fit: AdjustedDifference) -> str:
    """What does this regression aim at? Common slopes aim at neither target."""
    return adjustment.estimand if fit.terms.interacted or adjustment.within or not fit.terms.main else POOLED


def raw(adjustment: Adjustment) -> dict[str, Any]:
    """The unadjusted difference of the same students: Welch's, or with classes CR2."""
    found = adjusted_difference(
        adjustment.values,
        adjustment.member,
        covariance="hc2",
        clusters=adjustment.clusters,
        conf_level=adjustment.task.conf_level,
    )
    return {"mean_difference": found.difference}


def model(adjustment: Adjustment, answer: Answer) -> Any:
    """The statsmodels result of the same regression."""
    fit: AdjustedDifference = answer.fit
    codes = None if adjustment.clusters is None else adjustment.class_codes
    centred = adjustment.covariates.columns - fit.centre
    design = design_of(fit.terms, adjustment.member, centred, codes)[:, 1:]
    names = list(fit.terms.names[1:])
    if fit.within == "fixed" and codes is not None:
        design = np.column_stack([design, codes[:, None] == np.arange(1, codes.max() + 1)])
        names += [f"class[{k + 1}]" for k in range(codes.max())]
    return regression(design, names, adjustment.values).model
