"""Adjusted ratios of rates: Poisson regression with robust errors, standardised to those aimed at."""

from __future__ import annotations

from typing import Any

from ...stats.inference import Inference
from ...stats.standardisation import Standardised, standardised_rates
from .adjustment import Adjustment, Answer, with_slopes

METHODS: tuple[str, ...] = ()


def answer_of(adjustment: Adjustment) -> Answer:
    """How many times as large is the rate among students with the same covariates?"""
    fit = fitted(adjustment)
    difference = "adjusted_mean_difference" if adjustment.exposure is None else "adjusted_rate_difference"
    beside = {difference: fit.difference}
    return Answer("adjusted_rate_ratio", fit.ratio, fit.influence_of_log_ratio, adjustment.estimand, beside, fit)


def fitted(adjustment: Adjustment) -> Standardised:
    """The standardised rates; with common slopes where a group is too small for slopes of its own."""
    return with_slopes(adjustment, standardised_rates, **adjustment.settings_within, exposure=adjustment.exposure)


def raw(adjustment: Adjustment) -> dict[str, Inference]:
    """The unadjusted ratio of the same students."""
    found = standardised_rates(
        adjustment.values,
        adjustment.member,
        exposure=adjustment.exposure,
        clusters=adjustment.clusters,
        conf_level=adjustment.task.conf_level,
    )
    return {"rate_ratio": found.ratio}


def model(adjustment: Adjustment, answer: Answer) -> Any:
    """The statsmodels result of the Poisson regression."""
    return answer.fit.model
