"""Groups on nominal outcomes: are the categories distributed alike, and how strong is the association?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...stats.contingency import cramers_v, few_expected, fisher_table, permuted_chi2
from ...stats.inference import TestResult
from ...stats.two_by_two import pearson_chi2
from ...study.outcome import Outcome
from ..comparison import Comparison
from .omnibus import write_quantity

METHODS = ("pearson", "permutation", "fisher")


def compare(task: Comparison, outcomes: Sequence[Outcome], method: str | None) -> None:
    """Write one test of all groups and Cramér's V for every nominal outcome; there is no single contrast."""
    for outcome in outcomes:
        table = table_of(task, outcome.column)
        add_independence(task, outcome.column, _test(task, table, method))
        write_quantity(task, outcome.column, "cramers_v", cramers_v(table, conf_level=task.conf_level))


def table_of(task: Comparison, outcome: str) -> np.ndarray:
    """Counts of groups by categories."""
    return np.array([task.draft.counts(outcome, level) for level in task.study.levels])


def add_independence(task: Comparison, outcome: str, found: TestResult) -> None:
    """Write the test of a nominal outcome; with two groups it names them."""
    only = task.contrasts[0]
    keys = {} if task.several else {"group": only.group, "reference": only.reference}
    task.add_test(outcome, "independence", found, **keys)


def _test(task: Comparison, table: np.ndarray, method: str | None) -> TestResult:
    """Pearson's test, by default permuted where it would expect too few students in some cells."""
    if method == "fisher":
        return fisher_table(table, **task.draws)
    if method == "permutation" or (method is None and few_expected(table)):
        return permuted_chi2(table, **task.draws)
    return pearson_chi2(table)
