"""Groups on binary outcomes: the difference of the shares, their ratio, and the odds ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...stats.conditional_odds import fisher, odds_ratio
from ...stats.contingency import few_expected, fisher_table
from ...stats.inference import Inference, TestResult
from ...stats.proportions import risk_difference, risk_ratio
from ...stats.trends import trend_of_shares
from ...stats.two_by_two import boschloo, pearson_chi2, two_by_two, yates_chi2
from ...study.outcome import Outcome
from ..comparison import Comparison, Contrast
from .omnibus import write_trend

TESTS = {"boschloo": boschloo, "pearson": pearson_chi2, "yates": yates_chi2, "fisher": fisher}
METHODS = tuple(TESTS)
EXACT_UP_TO = 200
"""Students up to which the unconditional exact test of Boschloo is the default; above, Pearson's."""
FEW_EXPECTED = 5
"""Smallest expected count from which the chi-square distribution of Pearson's test is trusted."""
COMMON_EVENT = 0.10
"""Share of events in the reference group from which an odds ratio is far from a risk ratio."""


def compare(task: Comparison, outcomes: Sequence[Outcome], method: str | None) -> None:
    """Write the estimates of every binary outcome."""
    for outcome in outcomes:
        for contrast in task.contrasts:
            _compare_two(task, outcome.column, contrast, method)
        if task.several:
            _compare_all(task, outcome.column, method)


def _compare_two(task: Comparison, outcome: str, contrast: Contrast, method: str | None) -> None:
    cells = [task.draft.cell(outcome, level) for level in (contrast.group, contrast.reference)]
    (x1, n1), (x0, n0) = ((int(cell["events"]), int(cell["n"])) for cell in cells)
    counts = (x1, n1, x0, n0)
    level: dict[str, Any] = {"conf_level": task.conf_level}
    test = TESTS[method or default_test(two_by_two(*counts))]
    tested = tested_by(risk_difference(*counts, **level), test(two_by_two(*counts)))
    row = task.add(outcome, "risk_difference", tested, contrast, primary=True)
    if task.study.has_rows:
        limits_at = {"limits_at": lambda at: risk_difference(*counts, conf_level=at)}
        task.support(row, task.column(outcome), contrast, **limits_at)
    task.add(outcome, "risk_ratio", risk_ratio(*counts, **level), contrast)
    odds = odds_ratio(*counts, **level)
    task.add(outcome, "odds_ratio", odds, contrast)
    common_event(task, outcome, x0 / n0, odds)


def _compare_all(task: Comparison, outcome: str, method: str | None) -> None:
    """Write the tests of all groups together: Pearson's on the table of groups by event, or the exact one."""
    cells = [task.draft.cell(outcome, level) for level in task.study.levels]
    events, n = (np.array([cell[name] for cell in cells], dtype=float) for name in ("events", "n"))
    table = np.column_stack([events, n - events])
    exact = method == "fisher" or (method is None and few_expected(table))
    task.add_test(outcome, "omnibus", fisher_table(table, **task.draws) if exact else pearson_chi2(table))
    write_trend(task, outcome, lambda scores: trend_of_shares(events, n, scores))


def common_event(task: Comparison, outcome: str, share: float, odds: Inference) -> None:
    """Say where an odds ratio is shown although the event is common."""
    if share > COMMON_EVENT and odds.estimate == odds.estimate:
        task.draft.check("ODDS_RATIO_NOT_RISK_RATIO", outcome=outcome, share=share)


def default_test(table: np.ndarray) -> str:
    """Boschloo's exact test for few students; above, Pearson's, or Fisher's where it would expect too few events."""
    if table.sum() <= EXACT_UP_TO:
        return "boschloo"
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return "fisher" if 0 < expected.min() < FEW_EXPECTED else "pearson"


def tested_by(found: Inference, test: TestResult) -> Inference:
    """An estimate with its own interval and the P value of another test, which gives the row its method."""
    return replace(
        found,
        statistic_name=test.statistic_name,
        statistic=test.statistic,
        df=test.df1,
        p_value=test.p_value,
        method=test.method,
        interval_method=found.method,
    )
