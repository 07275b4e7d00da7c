"""Paired shares and orders, reliable change, regression to the mean."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.paired_differences import PairedMoments, paired_t
from society_effects.stats.paired_orders import paired_superiority
from society_effects.stats.paired_shares import (
    PairedCounts,
    mcnemar,
    mcnemar_chi2,
    mcnemar_exact,
    paired_odds_ratio,
    paired_risk_difference,
)
from society_effects.stats.ranks import cliffs_delta
from society_effects.stats.regression_to_the_mean import regression_to_the_mean
from society_effects.stats.reliable_change import reliable_change
from society_effects.stats.signed_rank import sign_test


@pytest.mark.parametrize("counts", [(10, 7, 1, 2), (0, 3, 3, 0), (44, 25, 12, 19), (794, 150, 86, 570), (5, 0, 9, 5)])
def test_mcnemar_agrees_with_statsmodels_and_its_definition(counts: tuple[int, ...]) -> None:
    from statsmodels.stats.contingency_tables import mcnemar as theirs

    ours, (a, gained, lost, d) = PairedCounts(*counts), counts
    table = [[a, lost], [gained, d]]
    assert mcnemar_exact(ours).p_value == pytest.approx(theirs(table, exact=True).pvalue, rel=1e-11)
    assert mcnemar_chi2(ours).statistic == pytest.approx(theirs(table, exact=False, correction=False).statistic)
    assert mcnemar_chi2(ours).p_value == pytest.approx(theirs(table, exact=False, correction=False).pvalue)
    chances = stats.binom.pmf(np.arange(gained + lost + 1), gained + lost, 0.5)
    away = np.abs(np.arange(gained + lost + 1) - (gained + lost) / 2)
    observed = abs(gained - lost) / 2
    mid_p = chances[away > observed].sum() + chances[away == observed].sum() / 2
    assert mcnemar(ours).p_value == pytest.approx(mid_p, rel=1e-11)


def test_the_correction_never_exceeds_what_it_corrects() -> None:
    assert mcnemar_chi2(PairedCounts(0, 4, 4, 0), continuity_correction=True).statistic == 0
    assert mcnemar_chi2(PairedCounts(0, 4, 4, 0), continuity_correction=True).p_value == 1


@pytest.mark.parametrize(
    ("counts", "phi"),
    [((0, 3, 0, 5), 0.0), ((4, 3, 0, 0), 0.0), ((0, 1, 1, 0), -1.0), ((1, 0, 0, 1), 0.0), ((9, 2, 1, 8), 0.535)],
)
def test_newcombes_limits_join_those_of_wilson_by_the_correlation(counts: tuple[int, ...], phi: float) -> None:
    """Without a correlation where a margin is empty; a positive one is corrected (here from 0.704)."""
    (a, gained, lost, d), n = counts, sum(counts)
    if phi > 0.1:
        phi = (a * d - gained * lost - n / 2) / np.sqrt((a + gained) * (a + lost) * (d + gained) * (d + lost))
    first, last = ((x / n, *stats.binomtest(x, n).proportion_ci(method="wilson")) for x in (a + lost, a + gained))
    found = paired_risk_difference(PairedCounts(*counts))
    for limit, sign, own, other in (
        (found.conf_low, -1, last[0] - last[1], first[2] - first[0]),
        (found.conf_high, 1, last[2] - last[0], first[0] - first[1]),
    ):
        half = np.sqrt(own**2 - 2 * phi * own * other + other**2)
        assert limit == pytest.approx(last[0] - first[0] + sign * half, rel=1e-9)


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        (PairedCounts(both=1, gained=7, lost=1, neither=12), (0.286, 0.026, 0.507)),
        (PairedCounts(both=14, gained=5, lost=0, neither=22), (0.122, 0.011, 0.226)),
    ],
)
def test_newcombe_agrees_with_printed_examples(counts: PairedCounts, printed: tuple[float, ...]) -> None:
    """Bentur et al. in Fagerland et al. (2014) doi:10.1002/sim.6148; Altman et al. (2000), table 6.2."""
    found = paired_risk_difference(counts)
    assert (found.estimate, found.conf_low, found.conf_high) == pytest.approx(printed, abs=6e-4)


def test_exchanged_waves_mirror_shares() -> None:
    there, back = (PairedCounts(9, 7, 2, 4), PairedCounts(9, 2, 7, 4))
    one, two = paired_risk_difference(there), paired_risk_difference(back)
    assert (one.conf_low, one.conf_high, one.p_value) == pytest.approx((-two.conf_high, -two.conf_low, two.p_value))
    one, two = paired_odds_ratio(there), paired_odds_ratio(back)
    assert (one.conf_low, one.conf_high) == pytest.approx((1 / two.conf_high, 1 / two.conf_low))


def test_limits_of_shares_stay_possible() -> None:
    for counts in (
        PairedCounts(0, 5, 0, 0),
        PairedCounts(0, 0, 5, 0),
        PairedCounts(5, 0, 0, 0),
        PairedCounts(0, 0, 0, 1),
    ):
        found = paired_risk_difference(counts)
        assert -1 <= found.conf_low <= found.estimate <= found.conf_high <= 1


def test_nobody_changed_or_nobody_is_there() -> None:
    same = PairedCounts(4, 0, 0, 6)
    for test in (mcnemar(same), mcnemar_exact(same), mcnemar_chi2(same)):
        assert test.raised == ("NO_VARIATION",) and np.isnan(test.p_value)
    difference, odds = paired_risk_difference(same), paired_odds_ratio(same)
    assert difference.raised == ("NO_VARIATION",) and difference.estimate == 0 and difference.conf_low < 0
    assert odds.raised == ("NO_VARIATION",) and np.isnan([odds.estimate, odds.conf_low, odds.conf_high]).all()
    assert paired_risk_difference(PairedCounts(0, 0, 0, 0)).raised == ("TOO_FEW",)


def test_empty_cells_of_the_odds_ratio() -> None:
    infinite, zero = paired_odds_ratio(PairedCounts(3, 6, 0, 3)), paired_odds_ratio(PairedCounts(3, 0, 6, 3))
    assert infinite.raised == ("ZERO_CELL",) and np.isnan([infinite.estimate, infinite.conf_high]).all()
    assert infinite.conf_low == pytest.approx(1 / zero.conf_high) and zero.estimate == zero.conf_low == 0
    assert infinite.p_value == pytest.approx(2 / 2**6)


def test_odds_limits_agree_with_the_exact_p() -> None:
    for gained in range(1, 15):
        found = paired_odds_ratio(PairedCounts(0, gained, 5, 0))
        assert (found.p_value < 0.05) == (not found.conf_low <= 1 <= found.conf_high)


def test_paired_superiority_by_hand() -> None:
    rng = np.random.default_rng(1)
    first, last = rng.integers(1, 6, 40), rng.integers(2, 6, 40)
    found = paired_superiority(first, last)
    scores = (last > first) + 0.5 * (last == first)
    theta = scores.mean()
    error = scores.std(ddof=1) / np.sqrt(40) / (theta * (1 - theta))
    assert found.estimate == pytest.approx(theta)
    assert found.statistic == pytest.approx(np.log(theta / (1 - theta)) / error)
    assert found.df == 39 and 0 < found.conf_low < theta < found.conf_high < 1
    assert paired_superiority(last, first).conf_low == pytest.approx(1 - found.conf_high)
    assert cliffs_delta(found).estimate == pytest.approx(np.mean(np.sign(last - first)))


@pytest.mark.parametrize(("n", "counted"), [(2, True), (14, True), (15, False)])
def test_few_pairs_are_counted_and_two_are_enough(n: int, counted: bool) -> None:
    found = paired_superiority(np.zeros(n), np.r_[np.ones(n // 2), np.zeros(n - n // 2)])
    p = stats.binomtest(n // 2, n // 2).pvalue
    assert found.method == ("paired_superiority_permuted_exact" if counted else "paired_superiority")
    assert not found.raised and 0 < found.conf_low < found.estimate < found.conf_high < 1
    assert (found.p_value == pytest.approx(p)) == counted


def test_few_pairs_are_counted() -> None:
    found = paired_superiority([1, 2, 2, 3, 3, 4, 1], [2, 2, 3, 4, 5, 3, 1])
    assert found.method == "paired_superiority_permuted_exact" and np.isnan(found.df)
    assert found.p_value == sign_test([1, 2, 2, 3, 3, 4, 1], [2, 2, 3, 4, 5, 3, 1]).p_value


def test_all_rose_all_tied_or_too_few() -> None:
    rose = paired_superiority([1, 2, 3, 4, 2, 1], [2, 3, 4, 5, 3, 4])
    assert rose.raised == ("SEPARATED",) and (rose.estimate, rose.conf_high) == (1, 1)
    assert rose.p_value == pytest.approx(2 / 2**6) and 0.5 < rose.conf_low < 1
    fell = paired_superiority([2, 3, 4, 5, 3, 4], [1, 2, 3, 4, 2, 1])
    assert (fell.estimate, fell.conf_low, fell.conf_high) == pytest.approx((0, 0, 1 - rose.conf_low))
    tied = paired_superiority([1, 2, 3], [1, 2, 3])
    assert tied.raised == ("ALL_TIED",) and tied.estimate == 0.5 and np.isnan([tied.p_value, tied.conf_low]).all()
    few = paired_superiority([1], [2])
    assert few.raised == ("TOO_FEW",) and np.isnan([few.p_value, few.conf_low]).all()


def test_reliable_change_counts_everybody() -> None:
    rng = np.random.default_rng(3)
    first, last = rng.normal(50, 10, 200), rng.normal(55, 10, 200)
    found = reliable_change(first, last, reliability=0.7)
    assert found.rose + found.fell + found.unchanged == 200 and found.rose > found.fell > 0
    assert found.smallest == pytest.approx(1.96 * np.sqrt(2 * 0.3) * first.std(ddof=1))
    assert found.rose == np.sum(last - first > found.smallest)
    constant = reliable_change([3, 3, 3], [1, 2, 9], reliability=0.7)
    assert constant.raised == ("NO_VARIATION",) and np.isnan(constant.index).all()
    assert reliable_change([3], [5], reliability=0.7).raised == ("TOO_FEW",)


def selected(n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    first = rng.normal(55, 6, n)
    return first, 70 + 0.6 * (first - 70) + 3 + rng.normal(0, 6, n)


def test_regression_to_the_mean_is_the_formula() -> None:
    first, last = selected()
    found = regression_to_the_mean(first, last, population_mean=70, reliability=0.6)
    observed = paired_t(PairedMoments.of(first, last))
    assert found.expected.estimate == pytest.approx(0.4 * (70 - first.mean()))
    assert found.expected.std_error == pytest.approx(0.4 * first.std(ddof=1) / np.sqrt(40))
    assert found.expected.estimate + found.beyond.estimate == pytest.approx(observed.estimate)
    assert found.share.estimate == pytest.approx(found.expected.estimate / observed.estimate)
    left = (last - first) - 0.4 * (70 - first)
    assert found.beyond.std_error == pytest.approx(left.std(ddof=1) / np.sqrt(40))
    assert found.beyond.df == 39


def test_fieller_limits_are_the_shares_that_a_t_test_keeps() -> None:

    first, last = selected()
    share = regression_to_the_mean(first, last, population_mean=70, reliability=0.6).share
    for limit in (share.conf_low, share.conf_high):
        assert stats.ttest_1samp(0.4 * (70 - first) - limit * (last - first), 0).pvalue == pytest.approx(0.05)


def test_a_grid_of_reliabilities_is_each_by_itself() -> None:
    first, last = selected()
    grid = [0.5, 0.8, 1.0]
    found = regression_to_the_mean(first, last, population_mean=70, reliability=grid)
    for i, reliability in enumerate(grid):
        alone = regression_to_the_mean(first, last, population_mean=70, reliability=reliability)
        for name in ("expected", "beyond", "share"):
            one, many = getattr(alone, name), getattr(found, name).at(i)
            assert (one.estimate, one.conf_low, one.conf_high) == pytest.approx(
                (many.estimate, many.conf_low, many.conf_high)
            )
    assert found.expected.estimate[2] == 0 and found.beyond.estimate[2] == pytest.approx(np.mean(last - first))


def test_a_share_of_nothing_has_no_limits() -> None:
    first = np.array([50.0, 52, 54, 56])
    unclear = regression_to_the_mean(first, first + np.array([1, -1, 2, 0]), population_mean=70, reliability=0.6).share
    assert unclear.raised == ("RATIO_UNBOUNDED",) and np.isfinite(unclear.estimate) and np.isnan(unclear.conf_low)
    none = regression_to_the_mean(first, first, population_mean=70, reliability=0.6)
    assert np.isnan(none.share.estimate) and none.share.raised == ("RATIO_UNBOUNDED",)
    assert regression_to_the_mean([50.0], [55.0], population_mean=70, reliability=0.6).share.raised == ("TOO_FEW",)
    constant = regression_to_the_mean([50, 50, 50], [55, 57, 53], population_mean=70, reliability=0.6)
    assert constant.expected.raised == ("DEGENERATE",) and constant.expected.estimate == pytest.approx(8)


def test_two_students_have_limits_of_fieller_where_their_change_is_clear() -> None:
    first, last = np.array([50.0, 50.4]), np.array([60.0, 60.5])
    found = regression_to_the_mean(first, last, population_mean=70, reliability=0.6).share
    assert not found.raised and found.conf_low < found.estimate < found.conf_high
    for limit in (found.conf_low, found.conf_high):
        rest = 0.4 * (70 - first) - limit * (last - first)
        assert rest.mean() ** 2 == pytest.approx(stats.t.ppf(0.975, 1) ** 2 * rest.var(ddof=1) / 2, rel=1e-8)
