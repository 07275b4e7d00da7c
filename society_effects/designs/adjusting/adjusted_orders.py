"""Adjusted orders: proportional odds, standardised to those aimed at; without proportional odds where lines cross."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...stats.clustered_means import clustered_superiority
from ...stats.inference import Inference
from ...stats.ordinal_regression import ordered_model
from ...stats.ordinal_standardisation import StandardisedOrders, standardised_orders
from ...stats.parallel_lines import ParallelLines, parallel_lines
from ...stats.ranks import probability_of_superiority
from .adjustment import Adjustment, Answer

METHODS: tuple[str, ...] = ()
REJECTED = 0.05
"""P value of the test of parallel lines below which each cut between categories gets a regression of its own."""


def answer_of(adjustment: Adjustment) -> Answer:
    """How often does a member outscore a non-member with the same covariates?"""
    lines = lines_of(adjustment)
    parallel = not lines.overall.p_value < REJECTED
    fit = standardised(adjustment, parallel)
    beside = {} if fit.odds_ratio.estimate != fit.odds_ratio.estimate else {"conditional_odds_ratio": fit.odds_ratio}
    scale = fit.superiority.estimate * (1 - fit.superiority.estimate)
    influence = fit.influence / scale if scale > 0 and np.isfinite(fit.influence).all() else None
    tests = {"parallel_lines": lines.overall}
    return Answer("adjusted_superiority", fit.superiority, influence, adjustment.estimand, beside, fit, tests)


def standardised(adjustment: Adjustment, parallel: bool) -> StandardisedOrders:
    """Both distributions over the categories with the same covariates."""
    return standardised_orders(
        adjustment.values,
        adjustment.member,
        adjustment.covariates.columns,
        **adjustment.settings_within,
        n_categories=len(adjustment.outcome.categories or ()),
        parallel=parallel,
    )


def lines_of(adjustment: Adjustment) -> ParallelLines:
    """Is the odds ratio the same at every category?"""
    columns = np.column_stack([adjustment.member.astype(float), adjustment.covariates.columns])
    return parallel_lines(adjustment.values, columns, names=("member", *adjustment.covariates.names))


def raw(adjustment: Adjustment) -> dict[str, Inference]:
    """The unadjusted probability of superiority of the same students."""
    members, others = adjustment.values[adjustment.member], adjustment.values[~adjustment.member]
    level: dict[str, Any] = {"conf_level": adjustment.task.conf_level}
    if adjustment.clusters is not None:
        own = (adjustment.clusters[adjustment.member], adjustment.clusters[~adjustment.member])
        return {"probability_of_superiority": clustered_superiority(members, others, *own, **level)}
    return {"probability_of_superiority": probability_of_superiority(members, others, **level, **adjustment.task.draws)}


def model(adjustment: Adjustment, answer: Answer) -> Any:
    """The statsmodels result of the proportional odds model."""
    columns = np.column_stack([adjustment.member.astype(float), adjustment.covariates.columns])
    return ordered_model(adjustment.values, columns, names=("member", *adjustment.covariates.names))
