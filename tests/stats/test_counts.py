"""Rates of a few groups: exact limits with unequal exposure, tests of several rates, and why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.counts import CountMoments, exact_rate_ratio, poisson_wald, rate_trend, robust_rate_ratio

ONE = CountMoments.of([1, 1, 2, 1, 0, 3], [2.0, 2, 2, 1, 2, 1])
TWO = CountMoments.of([0, 1, 0, 1], [0.5, 1.0, 0.5, 1.5])
THREE = CountMoments.of([4, 3, 5, 2, 4], [1.0, 2.0, 1.0, 1.5, 0.5])
NONE = CountMoments.of([0, 0, 0])


def test_exact_limits_of_a_ratio_with_unequal_exposure() -> None:
    """By quantiles of the F distribution, as Poisson rates are usually compared by hand."""
    found, x1, x0 = exact_rate_ratio(ONE, TWO, conf_level=0.9), 8, 2
    per_exposure = TWO.exposure / ONE.exposure
    low = x1 / (x0 + 1) / stats.f.ppf(0.95, 2 * (x0 + 1), 2 * x1) * per_exposure
    high = (x1 + 1) / x0 * stats.f.ppf(0.95, 2 * (x1 + 1), 2 * x0) * per_exposure
    assert (found.conf_low, found.conf_high) == pytest.approx((low, high), rel=1e-9)
    assert found.estimate == pytest.approx(x1 / x0 * per_exposure)
    assert found.p_value == pytest.approx(stats.binomtest(x1, x1 + x0, 10 / 13.5).pvalue)


def test_exact_limits_where_a_group_has_no_events() -> None:
    none = exact_rate_ratio(ONE, NONE)
    assert np.isnan([none.estimate, none.conf_high]).all() and none.conf_low > 0 and none.raised == ("ZERO_CELL",)
    turned = exact_rate_ratio(NONE, ONE)
    assert (turned.estimate, turned.conf_low) == (0, 0) and turned.conf_high == pytest.approx(1 / none.conf_low)
    assert exact_rate_ratio(NONE, NONE).raised == ("NO_EVENTS_AT_ALL",)


def test_counts_that_vary_more_than_poisson_are_flagged_in_either_group() -> None:
    spread = CountMoments.of([0, 0, 0, 12])
    assert exact_rate_ratio(spread, TWO).raised == exact_rate_ratio(TWO, spread).raised == ("OVERDISPERSED",)
    y = np.array([0.0, 0, 0, 12])
    assert spread.dispersion_p == pytest.approx(stats.chi2.sf(np.sum((y - 3) ** 2) / 3, 3))
    assert [CountMoments.of(counts).dispersion_p for counts in ([3], [0, 0])] == [1, 1], (
        "nothing speaks against Poisson"
    )


def test_of_two_groups_both_tests_of_rates_are_the_one_of_their_ratio() -> None:
    ratio, several, trend = robust_rate_ratio(THREE, ONE), poisson_wald([ONE, THREE]), rate_trend([ONE, THREE], [3, 8])
    assert (several.statistic, several.df2) == pytest.approx((ratio.statistic**2, ratio.df))
    assert (trend.statistic, trend.df1) == pytest.approx((ratio.statistic, ratio.df))
    assert several.p_value == pytest.approx(ratio.p_value) and trend.p_value == pytest.approx(ratio.p_value)


def test_three_rates_by_the_printed_formulas() -> None:
    arms = [ONE, TWO, THREE]
    logs = np.log([arm.rate for arm in arms])
    variances, df = np.array([arm.variance / arm.rate**2 for arm in arms]), np.array([arm.n - 1 for arm in arms])
    w = 1 / variances
    apart = np.sum(w * (logs - np.sum(w * logs) / w.sum()) ** 2) / 2
    lost = np.sum((1 - w / w.sum()) ** 2 / df)
    found = poisson_wald(arms)
    assert found.statistic == pytest.approx(apart / (1 + 2 * lost * 1 / 8), rel=1e-10)
    assert (found.df1, found.df2) == pytest.approx((2, 8 / (3 * lost)), rel=1e-10)
    centred = np.array([0.0, 1, 5]) - 2
    parts, trend = centred**2 * variances, rate_trend(arms, [0, 1, 5])
    assert trend.statistic == pytest.approx(centred @ logs / np.sqrt(parts.sum()), rel=1e-10)
    assert trend.df1 == pytest.approx(parts.sum() ** 2 / np.sum(parts**2 / df), rel=1e-10)
    assert not found.raised and not trend.raised


def test_why_rates_have_no_test() -> None:
    alone, constant = CountMoments.of([2]), CountMoments.of([2, 2, 2])
    for test in (poisson_wald, lambda arms: rate_trend(arms, [1, 2, 4])):
        assert test([ONE, NONE, THREE]).raised == ("ZERO_CELL",)
        assert test([ONE, alone, THREE]).raised == ("TOO_FEW",)
        assert np.isnan(test([ONE, alone, THREE]).p_value)
    assert poisson_wald([ONE, constant, THREE]).raised == ("CONSTANT_GROUP",)
    assert not rate_trend([ONE, constant, THREE], [1, 2, 4]).raised
    assert rate_trend([constant, constant, constant], [1, 2, 4]).raised == ("DEGENERATE",)
    assert not rate_trend([ONE, NONE, THREE], [1, 2, 3]).raised, "the group at the mean score has no part in the trend"
