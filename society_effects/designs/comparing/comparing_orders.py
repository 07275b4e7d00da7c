"""Groups on ordinal outcomes: how often a student of one group outscores a student of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...stats.ranks import cliffs_delta, permuted_superiority, placements, probability_of_superiority
from ...stats.several_ranks import kruskal_wallis
from ...stats.trends import jonckheere
from ...study.outcome import Outcome
from ..comparison import Comparison, Contrast, column_of_levels
from .omnibus import write_trend

METHODS = ("brunner-munzel", "permutation")


def compare(task: Comparison, outcomes: Sequence[Outcome], method: str | None) -> None:
    """Write the estimates of every ordinal outcome."""
    for outcome in outcomes:
        for contrast in task.contrasts:
            _compare_two(task, outcome.column, contrast, method)
        if task.several:
            values, arms = positions(task, outcome.column)
            task.add_test(outcome.column, "omnibus", kruskal_wallis(values, arms))
            write_trend(task, outcome.column, lambda _, v=values, a=arms: jonckheere(v, a))  # type: ignore[misc]


def _compare_two(task: Comparison, outcome: str, contrast: Contrast, method: str | None) -> None:
    values, arms = positions(task, outcome)
    first, second = values[arms == contrast.g], values[arms == contrast.r]
    estimate = permuted_superiority if method == "permutation" else probability_of_superiority
    found = estimate(first, second, conf_level=task.conf_level, **task.draws)
    row = task.add(outcome, "probability_of_superiority", found, contrast, primary=True)
    if task.study.has_rows:
        separated = {"limits_at": lambda at: probability_of_superiority(first, second, conf_level=at)}
        more = separated if found.std_error != found.std_error else {}
        task.support(row, placement_scores(task, outcome, contrast), contrast, **more)
    task.add(outcome, "cliffs_delta", cliffs_delta(found), contrast)


def positions(task: Comparison, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    """The position of each student's category and group; made from the counts where only these are known."""
    if task.study.has_rows:
        values, arms, _ = task.observed(outcome)
        return values, arms
    counts = [task.draft.counts(outcome, level).astype(int) for level in task.study.levels]
    arrays = [np.repeat(np.arange(len(own), dtype=float), own) for own in counts]
    return np.concatenate(arrays), np.repeat(np.arange(len(arrays)), [len(own) for own in arrays])


def placement_scores(task: Comparison, outcome: str, contrast: Contrast) -> np.ndarray:
    """Where each student stands in the other group: the means of these differ as the probability of superiority."""
    values = {level: task.of_level(outcome, level) for level in (contrast.group, contrast.reference)}
    placed = placements(values[contrast.group], values[contrast.reference])
    by_level = {contrast.group: placed.of_members, contrast.reference: -placed.of_reference}
    return column_of_levels(task.study, by_level, outcome)
