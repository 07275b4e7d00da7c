"""Which truth belongs to which number?"""

import math

import pandas as pd
import pytest

from society_effects.findings.findings import Findings
from society_effects.findings.lookup import truth_of

ADJUSTED = "adjusted_mean_difference"


def known(rows, **settings):
    truth = pd.DataFrame(rows, columns=["outcome", "measure", "estimand", "wave", "reference_wave", "value"])
    return Findings.of("regression_adjustment", {"truth": truth}, settings=settings)


COHORT = known(
    [("y", "mean_difference", name, None, None, value) for name, value in (("ate", 1.2), ("att", 1.4), ("diff", 4.2))]
)
PANEL = [
    ("y", ADJUSTED, "adj_diff_members", "year", "before", 2.4),
    ("y", ADJUSTED, "adj_diff_members", "term", "before", 1.5),
    ("y", "difference_in_changes", "event_time", "0", "-1", 1.5),
]


@pytest.mark.parametrize(
    ("estimand", "truth"),
    [("diff", 4.2), ("adj_diff_members", 1.4), ("adj_diff_within_class", 1.4), ("adj_diff_all", 1.2), ("slope", None)],
)
def test_each_number_has_the_truth_of_those_it_aims_at(estimand, truth):
    measure = "mean_difference" if estimand == "diff" else ADJUSTED
    found = truth_of(COHORT, {"outcome": "y", "measure": measure, "estimand": estimand})
    assert found == truth if truth is not None else math.isnan(found)


def test_other_outcomes_measures_and_subgroups_have_none():
    row = {"outcome": "y", "measure": ADJUSTED, "estimand": "adj_diff_members"}
    others = ({"outcome": "z"}, {"measure": "d_adjusted"}, {"by": "year", "level": "1"})
    assert all(math.isnan(truth_of(COHORT, row | other)) for other in others)


def test_a_truth_at_a_wave_belongs_to_numbers_at_this_wave_only():
    row = {"outcome": "y", "measure": ADJUSTED, "estimand": "adj_diff_within_class"}
    assert truth_of(known(PANEL), row | {"wave": "term", "reference_wave": "before"}) == 1.5
    assert truth_of(known(PANEL, first="before", last="year"), row) == 2.4
    assert math.isnan(truth_of(known(PANEL), row))
    assert math.isnan(truth_of(known(PANEL, first="term", last="year"), row))
