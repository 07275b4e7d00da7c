"""Worst-case bounds: no completion of the data lies outside them, and their interval is Imbens and Manski's."""

from itertools import product

import numpy as np
import pytest
from scipy import optimize, stats

from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.worst_case_bounds import worst_case_bounds

RNG = np.random.default_rng(5)
N = 60
X = RNG.standard_normal((N, 2))
MEMBER = X[:, 0] + RNG.standard_normal(N) > 0
PASSED = (X[:, 0] + 0.8 * MEMBER + RNG.standard_normal(N) > 0).astype(float)
GONE = np.isin(np.arange(N), RNG.choice(N, 6, replace=False))
SEEN = np.where(GONE, np.nan, PASSED)


def test_shares_by_hand() -> None:
    found = worst_case_bounds(SEEN, MEMBER, lowest=0, highest=1)
    one, two = SEEN[MEMBER], SEEN[~MEMBER]
    low = np.nansum(one) / len(one) - (np.nansum(two) + np.isnan(two).sum()) / len(two)
    high = (np.nansum(one) + np.isnan(one).sum()) / len(one) - np.nansum(two) / len(two)
    assert (found.low.estimate, found.high.estimate) == pytest.approx((low, high), rel=1e-12)
    assert high - low == pytest.approx(np.isnan(one).mean() + np.isnan(two).mean())
    assert found.n_missing == 6


@pytest.mark.parametrize("settings", [{}, {"target": "all"}, {"interactions": False}])
def test_no_completion_lies_outside(settings: dict) -> None:
    found = worst_case_bounds(SEEN, MEMBER, X, lowest=0, highest=1, **settings)
    filled = np.tile(PASSED, (64, 1))
    filled[:, GONE] = np.array(list(product((0.0, 1.0), repeat=6)))
    every = [adjusted_difference(row, MEMBER, X, **settings).difference.estimate for row in filled]
    assert (min(every), max(every)) == pytest.approx((found.low.estimate, found.high.estimate), rel=1e-10)


def test_a_student_of_negative_weight_counts_the_other_way() -> None:
    """One other who scored far below all members: the higher he is, the higher is what members are compared with."""
    x = np.r_[np.linspace(4, 6, 8), np.linspace(0, 4.5, 8)][:, None]
    club, y = np.arange(16) < 8, np.r_[np.linspace(5, 7, 8), np.linspace(1, 5, 8)]
    y[8] = np.nan
    found = worst_case_bounds(y, club, x, lowest=0, highest=10)
    ends = [adjusted_difference(np.where(np.isnan(y), end, y), club, x).difference.estimate for end in (0, 10)]
    assert ends[1] > ends[0]
    assert (found.low.estimate, found.high.estimate) == pytest.approx(tuple(ends), rel=1e-10)


def test_the_interval_is_that_of_imbens_and_manski() -> None:
    found = worst_case_bounds(SEEN, MEMBER, X, lowest=0, highest=1, conf_level=0.9)
    low, high = found.low, found.high
    apart = (high.estimate - low.estimate) / max(low.std_error, high.std_error)
    c = optimize.brentq(lambda v: stats.t.cdf(v + apart, low.df) - stats.t.cdf(-v, low.df) - 0.9, 0, 10, xtol=1e-14)
    limits = low.estimate - c * low.std_error, high.estimate + c * high.std_error
    assert (found.conf_low, found.conf_high) == pytest.approx(limits, rel=1e-10)
    assert low.conf_low < found.conf_low and found.conf_high < high.conf_high
    assert stats.t.ppf(0.9, low.df) <= c <= stats.t.ppf(0.95, low.df)


def test_without_missing_scores_it_is_the_usual_interval() -> None:
    classes = RNG.integers(0, 10, N)
    for settings in ({}, {"clusters": classes}):
        found = worst_case_bounds(PASSED, MEMBER, X, lowest=0, highest=1, **settings)
        usual = adjusted_difference(PASSED, MEMBER, X, **settings).difference
        assert found.low.estimate == found.high.estimate == usual.estimate
        assert (found.conf_low, found.conf_high) == pytest.approx((usual.conf_low, usual.conf_high), rel=1e-10)


def test_swapped_arms_and_units() -> None:
    found = worst_case_bounds(SEEN, MEMBER, X, lowest=0, highest=1, target="all")
    swapped = worst_case_bounds(SEEN, ~MEMBER, X, lowest=0, highest=1, target="all")
    points = worst_case_bounds(20 + 80 * SEEN, MEMBER, X, lowest=20, highest=100, target="all")
    assert (found.conf_low, found.conf_high) == pytest.approx((-swapped.conf_high, -swapped.conf_low), rel=1e-9)
    assert points.conf_low == pytest.approx(80 * found.conf_low, rel=1e-9)


def test_bounds_of_the_range_and_what_cannot_be() -> None:
    few = worst_case_bounds([1.0, np.nan, 1, 0, 0, np.nan], [1, 1, 1, 0, 0, 0], lowest=0, highest=1)
    assert few.conf_low >= -1 and few.conf_high <= 1
    outside = worst_case_bounds([1.0, 2, 1, 0, 0, np.nan], [1, 1, 1, 0, 0, 0], lowest=0, highest=1)
    assert outside.raised == ("OUTSIDE_RANGE",)
    assert np.isnan([outside.low.estimate, outside.conf_low, outside.conf_high]).all()
    assert (
        worst_case_bounds([1.0, -0.1, 1, 0, 0, np.nan], [1, 1, 1, 0, 0, 0], lowest=0, highest=1).raised
        == outside.raised
    )
    one = worst_case_bounds([1.0, 0, 1, 0, 0, np.nan], [1, 0, 0, 0, 0, 0], lowest=0, highest=1)
    assert np.isfinite(one.low.estimate) and np.isnan(one.conf_low) and "TOO_FEW" in one.raised
