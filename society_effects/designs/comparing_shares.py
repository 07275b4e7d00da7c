"""Two groups on binary outcomes: the difference of the shares, their ratio, and the odds ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..stats.conditional_odds import fisher, odds_ratio
from ..stats.inference import Inference, TestResult
from ..stats.proportions import risk_difference, risk_ratio
from ..stats.two_by_two import boschloo, pearson_chi2, two_by_two, yates_chi2
from ..study.outcome import Outcome
from ..study.study import Study
from .comparing_means import contrast
from .draft import Draft

TESTS = {"boschloo": boschloo, "pearson": pearson_chi2, "yates": yates_chi2, "fisher": fisher}
METHODS = tuple(TESTS)
EXACT_UP_TO = 200
"""Students up to which the unconditional exact test of Boschloo is the default; above, Pearson's."""
FEW_EXPECTED = 5
"""Smallest expected count from which the chi-square distribution of Pearson's test is trusted."""
COMMON_EVENT = 0.10
"""Share of events among non-members from which an odds ratio is far from a risk ratio."""


def compare(draft: Draft, study: Study, outcomes: Sequence[Outcome], method: str | None) -> None:
    """Write the estimates of every binary outcome."""
    level = draft.settings["conf_level"]
    for outcome in outcomes:
        cells = [draft.cell(outcome.column, group) for group in (study.member, study.reference)]
        (x1, n1), (x0, n0) = ((int(cell["events"]), int(cell["n"])) for cell in cells)
        counts, keys = (x1, n1, x0, n0), contrast(study, n1, n0)
        test = TESTS[method or default_test(two_by_two(*counts))]
        tested = tested_by(risk_difference(*counts, conf_level=level), test(two_by_two(*counts)))
        draft.estimate(outcome.column, "risk_difference", tested, primary=True, **keys)
        draft.estimate(outcome.column, "risk_ratio", risk_ratio(*counts, conf_level=level), **keys)
        odds = odds_ratio(*counts, conf_level=level)
        draft.estimate(outcome.column, "odds_ratio", odds, **keys)
        if x0 / n0 > COMMON_EVENT and odds.estimate == odds.estimate:
            draft.check("ODDS_RATIO_NOT_RISK_RATIO", outcome=outcome.column, share=x0 / n0)


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
