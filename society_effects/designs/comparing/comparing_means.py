"""Groups on continuous outcomes: the difference of the means, standardised differences, and what is on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import DesignError
from ...stats.anova import one_way
from ...stats.density import t_density
from ...stats.differences import student, trimmed_mean, welch, yuen
from ...stats.effect_sizes import d_average, hedges_g
from ...stats.inference import Inference, TestResult
from ...stats.moments import Moments
from ...stats.ranks import hodges_lehmann, probability_of_superiority
from ...stats.resampling import bootstrap_differences, permutation_difference
from ...stats.several_means import permuted_welch_anova, pooled_t, welch_anova, yuen_anova
from ...stats.several_ranks import kruskal_wallis
from ...stats.trends import trend_of_means
from ...study.outcome import Outcome
from ..comparison import Comparison, Contrast
from .omnibus import write_omega_squared, write_trend
from .score_checks import score_checks

METHODS = ("welch", "student", "permutation", "bootstrap", "mann-whitney", "trimmed")
FROM_MOMENTS = ("welch", "student")
OF_MEANS = ("welch", "student", "permutation", "bootstrap")
"""Methods whose primary number is the difference of the means."""


def compare(task: Comparison, outcomes: Sequence[Outcome], method: str | None) -> None:
    """Write the estimates of every continuous outcome; all outcomes of a contrast are computed at once."""
    method = method or METHODS[0]
    if method not in FROM_MOMENTS and not task.study.has_rows:
        raise DesignError("METHOD_NEEDS_ROWS", method=method, allowed=FROM_MOMENTS)
    moments = task.moments([o.column for o in outcomes])
    batches = {contrast: _batch(task, moments, contrast, method) for contrast in task.contrasts}
    asked = {contrast: _on_request(task, outcomes, contrast, method) for contrast in task.contrasts}
    for i, outcome in enumerate(outcomes):
        for contrast in task.contrasts:
            found = {measure: batch.at(i) for measure, batch in batches[contrast].items()}
            primary = {measure: batch[i] for measure, batch in asked[contrast].items()}
            _compare_two(task, outcome.column, contrast, found, primary, method)
        if task.several:
            _compare_all(task, outcome, [Moments(m.n[i], m.mean[i], m.sd[i]) for m in moments], method)
        if task.study.has_rows:
            score_checks(task, outcome)


def _batch(task: Comparison, moments: Sequence[Moments], contrast: Contrast, method: str) -> dict[str, Inference]:
    """What only needs moments, for all outcomes of a contrast."""
    pair = moments[contrast.g], moments[contrast.r]
    level: dict[str, Any] = {"conf_level": task.conf_level}
    if method != "student":
        difference = welch(*pair, **level)
    elif task.several:
        difference = pooled_t(moments, contrast.g, contrast.r, **level)
    else:
        difference = student(*pair, **level)
    return {
        "mean_difference": difference,
        "d_average": d_average(*pair, **level),
        "hedges_g": hedges_g(*pair, **level),
    }


def _compare_two(
    task: Comparison,
    outcome: str,
    contrast: Contrast,
    found: Mapping[str, Inference],
    asked: Mapping[str, Inference],
    method: str,
) -> None:
    """Write the rows of one contrast: the primary difference, what stands beside it, and what orders tell."""
    means = found["mean_difference"]
    primary = asked or {"mean_difference": means}
    for measure, difference in primary.items():
        row = task.add(outcome, measure, difference, contrast, primary=True)
    if "trimmed_mean_difference" in primary:
        _add_trimmed_means(task, outcome)
    if "mean_difference" not in primary:
        task.add(outcome, "mean_difference", means, contrast)
    if task.study.has_rows and method in OF_MEANS:
        task.support(row, task.column(outcome), contrast)
    for measure in ("d_average", "hedges_g"):
        task.add(outcome, measure, found[measure], contrast)
    if task.study.has_rows:
        values = task.pair(outcome, contrast)
        superiority = probability_of_superiority(*values, conf_level=task.conf_level, **task.draws)
        task.add(outcome, "probability_of_superiority", superiority, contrast)
    if method != "bootstrap":  # whose interval is not that of a t distribution
        density_of_difference(task, outcome, means, contrast)


def _compare_all(task: Comparison, outcome: Outcome, moments: Sequence[Moments], method: str) -> None:
    """Write the tests of all groups together."""
    together = Moments(*(np.array([getattr(m, name) for m in moments]) for name in ("n", "mean", "sd")))
    task.add_test(outcome.column, "omnibus", _omnibus(task, outcome.column, together, method))
    write_trend(task, outcome.column, lambda scores: trend_of_means(together, scores, conf_level=task.conf_level))
    if task.study.has_rows:
        values, arms, _ = task.observed(outcome.column)
        write_omega_squared(task, outcome.column, one_way(values, arms))


def _omnibus(task: Comparison, outcome: str, moments: Moments, method: str) -> TestResult:
    if method in ("welch", "bootstrap") or not task.study.has_rows:
        return welch_anova(moments)
    values, arms, _ = task.observed(outcome)
    tests: dict[str, Callable[[], TestResult]] = {
        "student": lambda: one_way(values, arms).test,
        "permutation": lambda: permuted_welch_anova(values, arms, **task.draws),
        "mann-whitney": lambda: kruskal_wallis(values, arms),
        "trimmed": lambda: yuen_anova(values, arms),
    }
    return tests[method]()


def density_of_difference(task: Comparison, outcome: str, found: Inference, contrast: Contrast) -> None:
    """Write the distribution that stands beside the interval of a difference in an estimation plot."""
    x, density = t_density(found)
    if len(x):
        keys = {"group": contrast.group, "reference": contrast.reference, "measure": "mean_difference"}
        task.draft.column_rows("density", len(x), outcome=outcome, x=x, density=density, **keys)


def _on_request(
    task: Comparison, outcomes: Sequence[Outcome], contrast: Contrast, method: str
) -> dict[str, list[Inference]]:
    """The primary measure of a method that needs the students themselves, of every outcome."""
    if method in FROM_MOMENTS:
        return {}
    pairs = [task.pair(outcome.column, contrast) for outcome in outcomes]
    level: dict[str, Any] = {"conf_level": task.conf_level}
    if method == "bootstrap":
        return {"mean_difference": bootstrap_differences(pairs, **level, **task.draws)}
    if method == "permutation":
        return {"mean_difference": [permutation_difference(a, b, **level, **task.draws) for a, b in pairs]}
    if method == "mann-whitney":
        return {"hodges_lehmann": [hodges_lehmann(*pair, **level) for pair in pairs]}
    return {"trimmed_mean_difference": [yuen(*pair, **level) for pair in pairs]}


def _add_trimmed_means(task: Comparison, outcome: str) -> None:
    """Put beside the means of the groups what is really compared."""
    for row in task.draft.rows("groups"):
        if row["outcome"] == outcome:
            row["trimmed_mean"] = trimmed_mean(task.of_level(outcome, row["group"]))
