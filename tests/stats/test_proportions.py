"""Shares: published and worked values, empty cells, and limits that invert their tests."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from society_effects.errors import DesignError
from society_effects.stats import contingency
from society_effects.stats.contingency import likelihood_ratio, linear_by_linear
from society_effects.stats.proportions import (
    boschloo,
    fisher,
    miettinen_nurminen,
    odds_ratio,
    pearson_chi2,
    risk_difference,
    risk_ratio,
    score_of_difference,
    two_by_two,
    wilson,
    yates_chi2,
)


def test_newcombe_worked_example() -> None:
    found = risk_difference(15, 20, 10, 22)
    assert (found.conf_low, found.conf_high) == pytest.approx((-0.0001364, 0.5266126), abs=1e-7)


def test_newcombe_published_examples() -> None:
    """Newcombe (1998), table II, method 10."""
    for counts, limits in {
        (56, 70, 48, 80): (0.0524, 0.3339),
        (9, 10, 3, 10): (0.1705, 0.8090),
        (6, 7, 2, 7): (0.0582, 0.8062),
        (5, 56, 0, 29): (-0.0381, 0.1926),
        (0, 10, 0, 20): (-0.1611, 0.2775),
        (10, 10, 0, 20): (0.6791, 1.0),
        (10, 10, 0, 10): (0.6075, 1.0),
    }.items():
        found = risk_difference(*counts)
        assert (found.conf_low, found.conf_high) == pytest.approx(limits, abs=6e-5), counts


def test_miettinen_nurminen_published_examples() -> None:
    """Newcombe (1998), table II, method 6 (score limits with Miettinen and Nurminen's factor)."""
    for counts, limits in {
        (56, 70, 48, 80): (0.0528, 0.3382),
        (9, 10, 3, 10): (0.1700, 0.8406),
        (5, 56, 0, 29): (-0.0326, 0.1933),
    }.items():
        found = miettinen_nurminen(*counts)
        assert (found.conf_low, found.conf_high) == pytest.approx(limits, abs=6e-5), counts


def test_score_limits_never_fail() -> None:
    for n1, n0 in ((10, 10), (20, 22), (3, 50), (1, 1)):
        x1, x0 = (grid.ravel() for grid in np.meshgrid(np.arange(n1 + 1), np.arange(n0 + 1)))
        found = miettinen_nurminen(x1, n1, x0, n0)
        assert np.all((found.conf_low >= -1) & (found.conf_high <= 1))
        assert np.all((found.conf_low <= found.estimate) & (found.estimate <= found.conf_high))
        assert np.all(found.conf_low < found.conf_high)


def test_score_limits_of_the_ratio() -> None:
    """Koopman (1984): 36 of 40 against 16 of 80."""
    found = risk_ratio(36, 40, 16, 80)
    assert (found.conf_low, found.conf_high) == pytest.approx((2.94, 7.15), abs=0.005)


def test_the_ratio_excludes_1_exactly_where_its_test_does() -> None:
    x1, x0 = (grid.ravel() for grid in np.meshgrid(np.arange(1, 18), np.arange(1, 23)))
    found = risk_ratio(x1, 18, x0, 24)
    excluded = (found.conf_low > 1) | (found.conf_high < 1)
    np.testing.assert_array_equal(excluded, found.p_value < 0.05)
    both = miettinen_nurminen(x1, 18, x0, 24)
    np.testing.assert_array_equal((both.conf_low > 0) | (both.conf_high < 0), both.p_value < 0.05)


def test_swapping_the_groups_inverts_the_ratio() -> None:
    found, swapped = risk_ratio(7, 19, 12, 25), risk_ratio(12, 25, 7, 19)
    assert found.conf_low == pytest.approx(1 / swapped.conf_high, rel=1e-9)
    assert found.p_value == pytest.approx(swapped.p_value)


def test_empty_cells_are_answered_without_adding_anything() -> None:
    none_in_reference = risk_ratio(5, 20, 0, 20)
    assert np.isnan(none_in_reference.estimate) and np.isnan(none_in_reference.conf_high)
    assert none_in_reference.conf_low > 0 and none_in_reference.raised == ("ZERO_CELL",)
    none_in_members = risk_ratio(0, 20, 5, 20)
    assert none_in_members.estimate == 0 and none_in_members.conf_low == 0
    assert none_in_members.conf_high == pytest.approx(1 / none_in_reference.conf_low)
    nothing = risk_ratio(0, 20, 0, 30)
    assert np.isnan([nothing.estimate, nothing.conf_low, nothing.conf_high, nothing.p_value]).all()
    assert nothing.raised == ("NO_EVENTS_AT_ALL",) and not none_in_members.raised
    everyone = risk_ratio(20, 20, 30, 30)
    assert everyone.estimate == 1 and everyone.conf_low < 1 < everyone.conf_high
    difference = risk_difference(0, 20, 0, 30)
    assert difference.estimate == 0 and np.isnan(difference.p_value)
    assert difference.conf_low < 0 < difference.conf_high


def test_odds_ratio_worked_example() -> None:
    found = odds_ratio(8, 10, 1, 6)
    assert found.estimate == pytest.approx(15.4658, abs=5e-5)
    assert fisher([[8, 2], [1, 5]]).p_value == pytest.approx(0.034965, abs=5e-7)


@pytest.mark.parametrize("table", [[[8, 2], [1, 5]], [[3, 1], [1, 3]], [[120, 40], [300, 207]]])
def test_odds_ratio_agrees_with_scipys_conditional_one(table: list[list[int]]) -> None:
    from scipy import stats
    from scipy.stats.contingency import odds_ratio as theirs

    (a, b), (c, d) = table
    ours, reference = odds_ratio(a, a + b, c, c + d), theirs(table)
    assert ours.estimate == pytest.approx(reference.statistic, rel=1e-6)
    assert (ours.conf_low, ours.conf_high) == pytest.approx(tuple(reference.confidence_interval(0.95)), rel=1e-6)
    assert ours.p_value == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-8)


def test_odds_ratio_with_empty_cells() -> None:
    top = odds_ratio(7, 7, 12, 21)
    assert np.isnan(top.estimate) and np.isnan(top.conf_high) and top.conf_low > 0
    assert top.raised == ("ZERO_CELL",)
    bottom = odds_ratio(12, 21, 7, 7)
    assert bottom.estimate == 0 and bottom.conf_low == 0
    assert bottom.conf_high == pytest.approx(1 / top.conf_low)
    assert not bottom.raised
    assert odds_ratio(0, 5, 0, 5).raised == ("NO_EVENTS_AT_ALL",)
    assert odds_ratio(5, 5, 7, 7).raised == ("ALL_EVENTS",)
    assert (top.method, top.interval_method) == ("conditional_exact", None)


def test_boschloo_worked_example() -> None:
    assert boschloo([[8, 1], [2, 5]]).p_value == pytest.approx(0.024385, abs=1e-6)


@pytest.mark.parametrize("test", [boschloo, fisher, pearson_chi2, yates_chi2])
def test_a_two_by_two_test_says_why_it_has_no_p(test: object) -> None:
    for counts, flag in (((0, 5, 0, 7), "NO_EVENTS_AT_ALL"), ((5, 5, 7, 7), "ALL_EVENTS")):
        found = test(two_by_two(*counts))  # type: ignore[operator]
        assert found.raised == (flag,) and np.isnan(found.p_value)
    empty = test([[0, 0], [3, 5]])  # type: ignore[operator]
    assert empty.raised == ("TOO_FEW",) and np.isnan(empty.p_value)


def test_p_of_enormous_tables_is_never_exactly_0() -> None:
    table = two_by_two(90_000, 100_000, 10_000, 100_000)
    for test in (pearson_chi2, yates_chi2, fisher):
        assert 0 < test(table).p_value < 1e-300
    assert risk_difference(90_000, 100_000, 10_000, 100_000).p_value > 0


def test_chi_square_tests_agree_with_scipy() -> None:
    from scipy.stats import chi2_contingency

    for table in ([[15, 5], [10, 12]], [[3, 4], [4, 5]], [[12, 5, 7], [6, 7, 9], [1, 2, 3]]):
        theirs = chi2_contingency(table, correction=False)
        assert pearson_chi2(table).statistic == pytest.approx(theirs.statistic)
        assert pearson_chi2(table).p_value == pytest.approx(theirs.pvalue)
        assert pearson_chi2(table).df1 == theirs.dof
    for table in ([[15, 5], [10, 12]], [[5, 5], [5, 5]], [[3, 4], [4, 5]]):
        assert yates_chi2(table).p_value == pytest.approx(chi2_contingency(table).pvalue)


def test_the_risk_difference_carries_the_chi_square_test() -> None:
    found = risk_difference(15, 20, 10, 22)
    assert found.statistic**2 == pytest.approx(pearson_chi2([[15, 5], [10, 12]]).statistic)
    assert found.p_value == pytest.approx(pearson_chi2([[15, 5], [10, 12]]).p_value)


def test_categories_that_never_occur_do_not_count() -> None:
    assert pearson_chi2([[15, 0, 5], [10, 0, 12]]).df1 == 1
    assert pearson_chi2([[15, 0, 0], [10, 0, 0]]).raised == ("NO_VARIATION",)


def test_wilson_at_the_edges() -> None:
    low, high = wilson(np.array([0, 10, 0]), np.array([10, 10, 0]))
    assert low[0] == 0 and high[1] == 1 and np.isnan(low[2])
    assert wilson(0, 10)[1] == pytest.approx(1 - wilson(10, 10)[0])


@pytest.mark.parametrize("counts", [(0, 0, 3, 5), (3, 5, 0, 0)])
def test_an_empty_group_is_an_error(counts: tuple[int, ...]) -> None:
    for function in (risk_difference, risk_ratio, odds_ratio, miettinen_nurminen):
        with pytest.raises(DesignError, match="no students"):
            function(*counts)


def test_more_events_than_students_is_an_error() -> None:
    with pytest.raises(DesignError, match="7 events among 5"):
        risk_difference(3, 5, 7, 5)


def test_a_zero_cell_is_one_without_events_in_the_reference_group_alone() -> None:
    found = risk_ratio(np.array([1, 3, 0, 2]), 20, np.array([0, 1, 0, 0]), 20)
    assert found.flags["ZERO_CELL"].tolist() == [True, False, False, True]
    assert np.isnan(found.estimate[[0, 2, 3]]).all() and found.estimate[1] == pytest.approx(3)


def test_counts_that_cannot_be_are_named() -> None:
    with pytest.raises(DesignError, match=r"\b7\b.*\b5\b"):
        risk_difference(np.array([2, 7]), 5, 1, 4)
    with pytest.raises(DesignError, match=r"-1\b.*\b4\b"):
        risk_difference(2, 5, -1, 4)


def test_tables_are_drawn_as_often_as_asked_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.array([[3, 7, 2], [8, 4, 6], [1, 5, 9]])
    whole = list(contingency._random_tables(table, 2500, 1))
    monkeypatch.setattr(contingency, "DRAWS_AT_ONCE", 1000)
    blocks = list(contingency._random_tables(table, 2500, 1))
    assert [len(block) for block in blocks] == [1000, 1000, 500] and len(np.concatenate(whole)) == 2500
    drawn = np.concatenate(blocks)
    assert (drawn.sum(axis=2) == table.sum(axis=1)).all() and (drawn.sum(axis=1) == table.sum(axis=0)).all()


def test_tests_of_a_table_have_the_p_of_their_chi_square() -> None:
    table = np.array([[12, 5, 9], [4, 8, 10]])
    g, (statistic, p, df, _) = likelihood_ratio(table), stats.chi2_contingency(table, lambda_="log-likelihood")
    assert (g.statistic, g.p_value, g.df1) == pytest.approx((statistic, p, df), rel=1e-10)
    rows, columns = (np.repeat(places.ravel(), table.ravel()) for places in np.indices(table.shape))
    linear, r = linear_by_linear(table), stats.pearsonr(rows, columns).statistic
    assert linear.statistic == pytest.approx(47 * r**2) and linear.df1 == 1
    assert linear.p_value == pytest.approx(stats.chi2.sf(linear.statistic, 1), rel=1e-10)


def test_events_of_all_or_of_none_are_flagged_one_by_one() -> None:
    found = miettinen_nurminen(np.array([5, 0, 3, 5]), 5, np.array([7, 0, 7, 0]), 7)
    assert found.flags["ALL_EVENTS"].tolist() == [True, False, False, False]
    assert found.flags["NO_EVENTS_AT_ALL"].tolist() == [False, True, False, False]
    assert np.isnan(found.p_value).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("counts", "difference", "z"),
    [
        ((5, 5, 0, 7), 1.0, 0.0),
        ((0, 5, 7, 7), -1.0, 0.0),
        ((5, 5, 7, 7), 0.0, 0.0),
        ((3, 5, 0, 7), 1.0, -np.inf),
        ((5, 5, 0, 7), -1.0, np.inf),
    ],
)
def test_scores_of_a_difference_that_leaves_no_room_for_chance(
    counts: tuple[int, ...], difference: float, z: float
) -> None:
    assert score_of_difference(*counts, difference=difference) == z
