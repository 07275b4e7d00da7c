"""Do the scores themselves call for caution? Ends of the scale where many students meet, and codes taken for scores."""

from __future__ import annotations

import numpy as np

from ...stats.moments import skewness
from ...study.outcome import Outcome
from ...study.scores import MISSING_CODES
from ..comparison import Comparison

EXTREME_SHARE = 0.15
"""Share of students at the highest (lowest) score from which a mean hides differences beyond that end."""
MANY_STUDENTS = 5
"""Fewer students at one score are no pile-up."""
SMALL_GROUP = 30
"""Students of a group from which a comparison of means bears skewed scores (simulated families: 4 to 7 % at 60)."""
SKEWED = 1.0
"""Skewness within the groups beyond which scores are called skewed."""
FAR = 3.0
"""Interquartile ranges from the quartiles beyond which a code of a missing score is not taken for a score."""


def score_checks(task: Comparison, outcome: Outcome) -> None:
    """Write what the observed scores of one continuous outcome warn of."""
    values, arms, _ = task.observed(outcome.column)
    _extremes(task, outcome, values)
    if task.classes is None:
        _skewed(task, outcome, values, arms)
    _missing_codes(task, outcome, values)


def _extremes(task: Comparison, outcome: Outcome, values: np.ndarray) -> None:
    """Say where many students share the highest or the lowest score: a mean hides what lies beyond."""
    if np.ptp(values) == 0:
        return
    keys = ("CEILING", "FLOOR") if outcome.range else ("HIGHEST_OBSERVED", "LOWEST_OBSERVED")
    lowest, highest = outcome.range or (values.min(), values.max())
    for key, end in zip(keys, (highest, lowest), strict=True):
        students, share = int(np.sum(values == end)), float(np.mean(values == end))
        if share > EXTREME_SHARE and students >= MANY_STUDENTS:
            task.draft.check(key, "warn", outcome.column, share=share)


def _skewed(task: Comparison, outcome: Outcome, values: np.ndarray, arms: np.ndarray) -> None:
    """Say where means of skewed scores are compared in a small group: neither t nor resampling mends that."""
    of_means = any(
        row["primary"] and (row["outcome"], row["measure"]) == (outcome.column, "mean_difference")
        for row in task.draft.rows("estimates")
    )
    smallest = int(np.bincount(arms).min())
    if not of_means or not 2 <= smallest < SMALL_GROUP:
        return
    found = skewness(values, arms)
    if abs(found) > SKEWED:
        task.draft.check("SKEWED_SMALL_GROUP", "warn", outcome.column, skewness=found, smallest=smallest)


def _missing_codes(task: Comparison, outcome: Outcome, values: np.ndarray) -> None:
    """Say where values look like codes for a missing score: 99, 999, -9, far from all others."""
    if outcome.range:
        return
    coded = np.isin(values, MISSING_CODES)
    if not coded.any() or coded.all():
        return
    low, high = np.percentile(values[~coded], [25, 75])
    far = coded & ((values < low - FAR * (high - low)) | (values > high + FAR * (high - low)))
    if far.any() and high > low:
        found = tuple(f"{value:g}" for value in np.unique(values[far]))
        task.draft.check("POSSIBLE_MISSING_CODES", "warn", outcome.column, n=int(far.sum()), values=found)
