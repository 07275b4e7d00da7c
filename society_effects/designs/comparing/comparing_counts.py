"""Groups on counts (papers, awards): the ratio of the rates, and their difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import DesignError
from ...stats.counts import CountMoments, exact_rate_ratio, poisson_wald, rate_difference, rate_trend, robust_rate_ratio
from ...stats.differences import welch
from ...stats.inference import Inference
from ...study.outcome import Outcome
from ...study.study import Study
from ..comparison import Comparison, Contrast, column_of_levels
from .omnibus import write_trend

METHODS = ("poisson", "exact")
FEW_EVENTS = 10
"""Fewer events than this in a group: the robust standard error cannot be trusted, the exact test is the default."""


def compare(task: Comparison, outcomes: Sequence[Outcome], method: str | None) -> None:
    """Write the estimates of every count."""
    for outcome in outcomes:
        check_exposure(task.study, outcome)
        arms = [count_moments(task, outcome, level) for level in task.study.levels]
        for contrast in task.contrasts:
            _compare_two(task, outcome, contrast, (arms[contrast.g], arms[contrast.r]), method)
        if task.several:
            task.add_test(outcome.column, "omnibus", poisson_wald(arms))
            write_trend(task, outcome.column, lambda scores, a=arms: rate_trend(a, scores))  # type: ignore[misc]


def _compare_two(
    task: Comparison,
    outcome: Outcome,
    contrast: Contrast,
    pair: tuple[CountMoments, CountMoments],
    method: str | None,
) -> None:
    level: dict[str, Any] = {"conf_level": task.conf_level}
    few = min(arm.events for arm in pair) < FEW_EVENTS
    exact = method == "exact" or (method is None and few)
    ratio = exact_rate_ratio(*pair, **level) if exact else robust_rate_ratio(*pair, **level)
    row = task.add(outcome.column, "rate_ratio", ratio, contrast, primary=True)
    if task.study.has_rows:
        limits_at = {"limits_at": lambda at: exact_rate_ratio(*pair, conf_level=at)} if exact else {}
        task.support(row, rate_scores(task, outcome, contrast), contrast, **limits_at)
    measure, difference = difference_of_rates(task, outcome, contrast, pair)
    task.add(outcome.column, measure, difference, contrast)


def difference_of_rates(
    task: Comparison, outcome: Outcome, contrast: Contrast, pair: tuple[CountMoments, CountMoments]
) -> tuple[str, Inference]:
    """The difference of the mean counts, or of the rates where the exposure is known."""
    if outcome.exposure is not None and task.study.has_rows:
        return "rate_difference", rate_difference(*pair, conf_level=task.conf_level)
    means = task.moments([outcome.column])
    return "mean_difference", welch(means[contrast.g], means[contrast.r], conf_level=task.conf_level).at(0)


def count_moments(task: Comparison, outcome: Outcome, level: str) -> CountMoments:
    """What a comparison of rates needs to know of one group."""
    if task.study.has_rows:
        return CountMoments.of(task.of_level(outcome.column, level), exposure_of(task, outcome, level))
    cell = task.draft.cell(outcome.column, level)
    return CountMoments.from_summary(cell["n"], cell["mean"], cell["sd"])


def exposure_of(task: Comparison, outcome: Outcome, level: str) -> np.ndarray | None:
    """The exposure of the observed students of one group; None where every student counts the same."""
    if outcome.exposure is None:
        return None
    seen = ~np.isnan(task.column(outcome.column)) & task.study.arm(level)
    return task.study.units[outcome.exposure].to_numpy(dtype=float)[seen]


def rate_scores(task: Comparison, outcome: Outcome, contrast: Contrast) -> np.ndarray:
    """Scores whose means differ as the log rates do, up to a constant: residual counts per expected count."""
    by_level = {}
    for level in (contrast.group, contrast.reference):
        counts, exposure = task.of_level(outcome.column, level), exposure_of(task, outcome, level)
        time = np.ones(len(counts)) if exposure is None else exposure
        rate = counts.sum() / time.sum()
        by_level[level] = (counts - rate * time) / (rate * time.mean()) if rate else np.zeros(len(counts))
    return column_of_levels(task.study, by_level, outcome.column)


def check_exposure(study: Study, outcome: Outcome) -> None:
    """Refuse an exposure that is missing or not positive for a student whose count is known."""
    if outcome.exposure is None or not study.has_rows:
        return
    exposure = study.units[outcome.exposure].to_numpy(dtype=float)
    wrong = ~np.isnan(study.matrix([outcome.column])[:, 0]) & ~(exposure > 0)
    if wrong.any():
        raise DesignError("BAD_EXPOSURE", outcome=outcome.column, exposure=outcome.exposure, n=int(wrong.sum()))
