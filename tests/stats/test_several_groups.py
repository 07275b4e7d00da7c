"""Several groups: against other programs, at the borders of two groups, and under changes that must not matter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.oneway import anova_oneway

from society_effects.stats.anova import one_way
from society_effects.stats.differences import student, welch, yuen
from society_effects.stats.inference import TestResult
from society_effects.stats.moments import Moments
from society_effects.stats.several_means import (
    brown_forsythe_means,
    games_howell,
    omega_squared,
    permuted_welch_anova,
    pooled_t,
    tukey_kramer,
    welch_anova,
    yuen_anova,
)
from society_effects.stats.several_ranks import dunn, kruskal_wallis, mid_ranks
from society_effects.stats.spreads import bartlett, fligner, levene
from society_effects.stats.trends import jonckheere, trend_of_means, trend_of_shares

CODES = np.repeat([0, 1, 2], [12, 20, 15])
VALUES = np.random.default_rng(8).normal([70, 72, 77], [4, 8, 6], (20, 3)).T[CODES, np.arange(47) % 20].round(1)
ARMS = [VALUES[j == CODES] for j in range(3)]


def moments(values: np.ndarray, codes: np.ndarray = CODES) -> Moments:
    each = [Moments.of(values[codes == j]) for j in np.unique(codes)]
    return Moments(*(np.array([float(getattr(m, name)) for m in each]) for name in ("n", "mean", "sd")))


OMNIBUS: dict[str, Callable[[np.ndarray, np.ndarray], TestResult]] = {
    "welch": lambda x, g: welch_anova(moments(x, g)),
    "brown_forsythe": lambda x, g: brown_forsythe_means(moments(x, g)),
    "one_way": lambda x, g: one_way(x, g).test,
    "yuen": yuen_anova,
    "permuted": lambda x, g: permuted_welch_anova(x, g, resamples=199),
    "kruskal_wallis": kruskal_wallis,
    "levene": levene,
    "levene_median": lambda x, g: levene(x, g, "median"),
    "bartlett": bartlett,
    "fligner": fligner,
}


@pytest.mark.parametrize("test", OMNIBUS.values(), ids=list(OMNIBUS))
def test_shift_scale_order_and_names_of_groups_do_not_matter(test: Callable[..., TestResult]) -> None:
    first, order = test(VALUES, CODES), np.random.default_rng(2).permutation(47)
    for again in (test(VALUES * 4 - 300, CODES), test(VALUES[order], CODES[order]), test(-VALUES, CODES)):
        assert again.statistic == pytest.approx(first.statistic, rel=1e-9)
        assert again.p_value == pytest.approx(first.p_value, rel=1e-7, abs=0.06 * (first.method.endswith("permuted")))
    renamed = test(VALUES, np.array([2, 0, 1])[CODES])
    assert renamed.statistic == pytest.approx(first.statistic, rel=1e-9)


def test_against_scipy() -> None:
    pairs = [
        (kruskal_wallis(VALUES, CODES), stats.kruskal(*ARMS)),
        (levene(VALUES, CODES), stats.levene(*ARMS, center="mean")),
        (levene(VALUES, CODES, "median"), stats.levene(*ARMS, center="median")),
        (bartlett(VALUES, CODES), stats.bartlett(*ARMS)),
        (fligner(VALUES, CODES), stats.fligner(*ARMS)),
        (welch_anova(moments(VALUES)), stats.f_oneway(*ARMS, equal_var=False)),
    ]
    for ours, theirs in pairs:
        assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-9), ours.method
        assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-8), ours.method
    np.testing.assert_array_equal(mid_ranks(VALUES), stats.rankdata(VALUES))


def test_trimmed_means_and_unequal_spreads_as_statsmodels_has_them() -> None:
    pairs = [
        (yuen_anova(VALUES, CODES), anova_oneway(ARMS, use_var="unequal", trim_frac=0.2)),
        (brown_forsythe_means(moments(VALUES)), anova_oneway(ARMS, use_var="bf")),
    ]
    for ours, theirs in pairs:
        assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-9), ours.method
        assert (ours.df1, ours.df2) == pytest.approx((2, theirs.df_denom), rel=1e-9), "theirs are Mehrotra's above"
        assert ours.p_value == pytest.approx(stats.f.sf(ours.statistic, ours.df1, ours.df2), rel=1e-9), ours.method


def test_scores_that_vary_in_every_group_raise_no_flag() -> None:
    assert [name for name, test in OMNIBUS.items() if test(VALUES, CODES).raised] == []


def test_of_two_groups_the_squares_of_the_two_group_tests_are_left() -> None:
    two = CODES < 2
    x, g = VALUES[two], CODES[two]
    one, zero = Moments.of(ARMS[1]), Moments.of(ARMS[0])
    for several, pair in (
        (welch_anova(moments(x, g)), welch(one, zero)),
        (one_way(x, g).test, student(one, zero)),
        (yuen_anova(x, g), yuen(ARMS[1], ARMS[0])),
    ):
        assert several.statistic == pytest.approx(pair.statistic**2, rel=1e-9), several.method
        assert several.p_value == pytest.approx(pair.p_value, rel=1e-8), several.method
        assert several.df2 == pytest.approx(pair.df, rel=1e-9), several.method
    assert pooled_t([zero, one], 1, 0).p_value == pytest.approx(student(one, zero).p_value, rel=1e-9)
    assert dunn(x, g, [(1, 0)])[0].statistic ** 2 == pytest.approx(kruskal_wallis(x, g).statistic, rel=1e-9)


def test_dunn_turned_round_changes_its_sign_only() -> None:
    forth, back = dunn(VALUES, CODES, [(2, 0), (0, 2)])
    assert forth.statistic > 0 and back.statistic == -forth.statistic and back.p_value == forth.p_value


@pytest.mark.parametrize("method", [games_howell, tukey_kramer])
def test_a_pair_turned_round_changes_its_sign_only(method: Callable[..., list]) -> None:
    forth, back = method(moments(VALUES), [(2, 0), (0, 2)])
    assert back.inference.estimate == -forth.inference.estimate
    assert back.inference.p_value == forth.inference.p_value and back.p_adjusted == forth.p_adjusted
    assert (back.simultaneous_low, back.simultaneous_high) == pytest.approx(
        (-forth.simultaneous_high, -forth.simultaneous_low)
    )
    assert forth.p_adjusted > forth.inference.p_value
    assert forth.simultaneous_low < forth.inference.conf_low < forth.inference.conf_high < forth.simultaneous_high


def test_of_two_groups_there_is_nothing_to_adjust() -> None:
    two = Moments(*(np.asarray(v)[:2] for v in moments(VALUES).arrays()))
    for method in (games_howell, tukey_kramer):
        (pair,) = method(two, [(1, 0)])
        assert pair.p_adjusted == pytest.approx(pair.inference.p_value, rel=1e-6)
        assert pair.simultaneous_low == pytest.approx(pair.inference.conf_low, rel=1e-6)


def test_the_permutation_test_comes_near_the_f_of_normal_scores_and_is_never_zero() -> None:
    close = np.random.default_rng(4).normal(0, [[1.0], [2.0], [1.0]], (3, 30)).ravel() + np.repeat([0, 0.5, 0.3], 30)
    groups = np.repeat([0, 1, 2], 30)
    found = permuted_welch_anova(close, groups, resamples=4999)
    assert found.p_value == pytest.approx(welch_anova(moments(close, groups)).p_value, abs=0.02)
    far = permuted_welch_anova(close + 100 * groups, groups, resamples=99)
    assert far.p_value == 0.01


def test_omega_squared_lies_in_its_limits_and_at_zero_where_f_is_below_one() -> None:
    spread = VALUES + 5 * CODES
    found = omega_squared(one_way(spread, CODES))
    assert 0 < found.conf_low < found.value < found.conf_high < 1
    nothing = omega_squared(one_way([1, 2, 3, 1, 2, 3.0], [0, 0, 0, 1, 1, 1]))
    assert (nothing.value, nothing.conf_low) == (0.0, 0.0)
    wider = omega_squared(one_way(spread, CODES), conf_level=0.99)
    assert wider.conf_low < found.conf_low and wider.conf_high > found.conf_high


def test_trends_turn_with_the_scores_and_ignore_their_origin() -> None:
    arms = moments(VALUES)
    rising, falling = trend_of_means(arms, [0, 1, 2]), trend_of_means(arms, [2, 1, 0])
    assert falling.statistic == -rising.statistic and rising.statistic > 0
    assert trend_of_means(arms, [10, 20, 30]).p_value == pytest.approx(rising.p_value, rel=1e-12)
    assert jonckheere(VALUES, 2 - CODES).statistic == pytest.approx(-jonckheere(VALUES, CODES).statistic)
    up = trend_of_shares([3, 6, 9], [20, 20, 20], [0, 1, 2]).statistic
    assert trend_of_shares([9, 6, 3], [20, 20, 20], [0, 1, 2]).statistic == pytest.approx(-up)
    assert trend_of_shares([17, 14, 11], [20, 20, 20], [0, 1, 2]).statistic == pytest.approx(-up)


def test_two_groups_trend_is_the_two_group_comparison() -> None:
    pair = welch(Moments.of(ARMS[1]), Moments.of(ARMS[0]))
    two = Moments(*(np.asarray(v)[:2] for v in moments(VALUES).arrays()))
    assert trend_of_means(two, [0, 1]).p_value == pytest.approx(pair.p_value, rel=1e-12)
    table = np.array([[5, 15], [11, 9]])
    chi2 = stats.chi2_contingency(table, correction=False).statistic
    assert trend_of_shares([5, 11], [20, 20], [0, 1]).statistic ** 2 == pytest.approx(chi2)


SAME = np.array([3.0, 3, 3, 3, 3, 3])
PAIR_CODES = np.array([0, 0, 0, 1, 1, 1])
CONSTANT_ARM = np.array([3.0, 3, 3, 4, 5, 6])


@pytest.mark.parametrize(
    ("found", "flag"),
    [
        (welch_anova(moments(SAME, PAIR_CODES)), "NO_VARIATION"),
        (welch_anova(moments(CONSTANT_ARM, PAIR_CODES)), "CONSTANT_GROUP"),
        (welch_anova(Moments(np.array([1.0, 5]), np.array([1.0, 2]), np.array([np.nan, 1]))), "TOO_FEW"),
        (brown_forsythe_means(moments(SAME, PAIR_CODES)), "DEGENERATE"),
        (yuen_anova([1, 1, 1, 1, 9, 1, 2, 3, 4, 5], [0] * 5 + [1] * 5), "MIDDLE_DOES_NOT_VARY"),
        (yuen_anova([1, 2, 3], [0, 0, 1]), "TOO_FEW"),
        (permuted_welch_anova(CONSTANT_ARM, PAIR_CODES, resamples=99), "CONSTANT_GROUP"),
        (kruskal_wallis(SAME, PAIR_CODES), "ALL_TIED"),
        (dunn(SAME, PAIR_CODES, [(1, 0)])[0], "ALL_TIED"),
        (jonckheere(SAME, PAIR_CODES), "ALL_TIED"),
        (bartlett(CONSTANT_ARM, PAIR_CODES), "DEGENERATE"),
        (fligner(SAME, PAIR_CODES), "NO_VARIATION"),
        (trend_of_shares([0, 0], [5, 5], [0, 1]), "NO_EVENTS_AT_ALL"),
        (trend_of_shares([5, 5], [5, 5], [0, 1]), "ALL_EVENTS"),
        (trend_of_means(moments(SAME, PAIR_CODES), [0, 1]), "NO_VARIATION"),
    ],
)
def test_what_is_undefined_is_nan_with_its_reason(found: TestResult, flag: str) -> None:
    assert np.isnan(found.p_value) and found.raised == (flag,)


def test_a_pair_of_groups_that_do_not_vary_has_no_limits() -> None:
    arms = Moments(np.array([5.0, 5, 9]), np.array([1.0, 2, 3]), np.array([0.0, 0, 1]))
    (pair,) = games_howell(arms, [(1, 0)])
    assert np.isnan([pair.p_adjusted, pair.simultaneous_low, pair.simultaneous_high]).all()
