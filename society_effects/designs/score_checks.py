"""Do the scores themselves call for caution? Ends of the scale where many students meet, and codes taken for scores."""

from __future__ import annotations

import numpy as np

from ..study.outcome import Outcome
from .comparison import Comparison

EXTREME_SHARE = 0.15
"""Share of students at the highest (lowest) score from which a mean hides differences beyond that end."""
MANY_STUDENTS = 5
"""Fewer students at one score are no pile-up."""
CODES = (9, 99, 999, 9999, -1, -9, -99, -999)
FAR = 3.0
"""Interquartile ranges from the quartiles beyond which a code of a missing score is not taken for a score."""


def score_checks(task: Comparison, outcome: Outcome) -> None:
    """Write what the observed scores of one continuous outcome warn of."""
    values, *_ = task.observed(outcome.column)
    _extremes(task, outcome, values)
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


def _missing_codes(task: Comparison, outcome: Outcome, values: np.ndarray) -> None:
    """Say where values look like codes for a missing score: 99, 999, -9, far from all others."""
    if outcome.range:
        return
    coded = np.isin(values, CODES)
    if not coded.any() or coded.all():
        return
    low, high = np.percentile(values[~coded], [25, 75])
    far = coded & ((values < low - FAR * (high - low)) | (values > high + FAR * (high - low)))
    if far.any() and high > low:
        found = tuple(f"{value:g}" for value in np.unique(values[far]))
        task.draft.check("POSSIBLE_MISSING_CODES", "warn", outcome.column, n=int(far.sum()), values=found)
