"""Describing groups: against numpy, with missing values, at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.moments import Moments, describe, mean_interval, skewness


def test_description_is_numpys_group_by_group() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(70, 10, (101, 3))
    values[rng.random(values.shape) < 0.2] = np.nan
    codes = rng.integers(-1, 3, 101)
    found = describe(values, codes, 3)
    for group in range(3):
        for outcome in range(3):
            column = values[codes == group, outcome]
            seen = column[~np.isnan(column)]
            assert found.n[outcome, group] == len(seen)
            assert found.missing[outcome, group] == len(column) - len(seen)
            ours = [
                getattr(found, k)[outcome, group] for k in ("mean", "sd", "minimum", "q1", "median", "q3", "maximum")
            ]
            theirs = [seen.mean(), seen.std(ddof=1), *np.percentile(seen, [0, 25, 50, 75, 100])]
            np.testing.assert_allclose(ours, theirs, rtol=1e-13)


def test_empty_and_single_groups_are_not_numbers() -> None:
    found = describe([[np.nan], [3.0]], [0, 1], 3)
    assert found.n.tolist() == [[0, 1, 0]]
    assert np.isnan(found.mean[0, [0, 2]]).all() and found.mean[0, 1] == 3
    assert np.isnan(found.sd).all()
    assert np.isnan(found.median[0, [0, 2]]).all() and found.q1[0, 1] == 3


def test_a_constant_has_a_standard_deviation_of_exactly_zero() -> None:
    assert Moments.of([0.1] * 3).sd == 0
    assert Moments.of([1e15 + 0.3] * 7).sd == 0


def test_mean_interval() -> None:
    from scipy import stats

    sample = np.array([2.0, 4.0, 4.0, 5.0, 9.0])
    found = mean_interval(Moments.of(sample), conf_level=0.9)
    theirs = stats.ttest_1samp(sample, 0).confidence_interval(0.9)
    assert (found.conf_low, found.conf_high) == pytest.approx(tuple(theirs))


def test_skewness_is_that_of_values_standardised_within_their_groups() -> None:
    rng = np.random.default_rng(4)
    one, two = rng.exponential(3, 40) + 50, rng.normal(5, 9, 25)
    assert skewness(one, np.zeros(40)) == pytest.approx(stats.skew(one), rel=1e-10)
    both = np.r_[one, two, 7.0, 7.0], np.repeat([3, 1, 2], [40, 25, 2])
    expected = np.mean(np.r_[stats.zscore(one), stats.zscore(two)] ** 3)
    assert skewness(*both) == pytest.approx(expected, rel=1e-10), "a group that does not vary has no shape"
    assert skewness([2.0, 2.0], [0, 0]) == 0
