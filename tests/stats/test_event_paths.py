"""Bands over a whole path, the test of the waves before joining, what it would find, and relative magnitudes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.group_time import group_time
from society_effects.stats.group_time_aggregates import aggregate
from society_effects.stats.influence import Influenced
from society_effects.stats.multiplier_bootstrap import multiplier_bootstrap
from society_effects.stats.path_limits import path_limits
from society_effects.stats.pre_trends import detectable_trend, pre_trend_test
from society_effects.stats.relative_magnitudes import relative_magnitudes

RNG = np.random.default_rng(5)
FIRST = np.repeat([-1, 3, 4], [120, 50, 40])
VALUES = RNG.normal(size=(210, 6)).cumsum(axis=1) + 0.8 * (np.arange(6) >= FIRST[:, None]) * (FIRST[:, None] > 0)
EVENTS = {base: aggregate(group_time(VALUES, FIRST, base_period=base), "event") for base in ("universal", "varying")}


def normal(n: int, k: int, seed: int = 1) -> Influenced:
    influence = np.random.default_rng(seed).normal(size=(n, k)) / n
    return Influenced(np.zeros(k), influence, np.ones((n, k), bool), np.zeros(n, int))


# Bands -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("multipliers", ["mammen", "rademacher"])
def test_the_bootstrap_error_is_the_analytic_one_and_the_band_is_that_of_correlated_normals(multipliers: str) -> None:
    path = EVENTS["universal"].path
    found = multiplier_bootstrap(path, resamples=20_000, multipliers=multipliers)
    assert found.pointwise.std_error == pytest.approx(path.std_error, rel=0.04)
    correlation = path.covariance / np.outer(path.std_error, path.std_error)
    drawn = np.abs(np.random.default_rng(1).multivariate_normal(np.zeros(len(correlation)), correlation, 200_000))
    assert found.critical == pytest.approx(np.quantile(drawn.max(axis=1), 0.95), rel=0.02)


def test_the_band_contains_the_pointwise_limits_also_with_few_degrees_of_freedom() -> None:
    small = aggregate(group_time(VALUES[70:175], FIRST[70:175]), "event").path
    found = multiplier_bootstrap(small, resamples=499)
    assert np.all(found.simultaneous_low < found.pointwise.conf_low)
    assert np.all(found.simultaneous_high > found.pointwise.conf_high)
    one = multiplier_bootstrap(small.only([0]), resamples=499)
    assert one.simultaneous_low[0] <= one.pointwise.conf_low[0]
    tail = 1 - stats.norm.cdf(found.critical)
    half = stats.t.isf(tail, small.df) * found.pointwise.std_error
    assert found.simultaneous_high - small.estimate == pytest.approx(half, rel=1e-6)


def test_the_answer_depends_on_the_seed_and_not_on_the_order_of_the_students() -> None:
    path, order = EVENTS["varying"].path, np.random.default_rng(2).permutation(210)
    shuffled = Influenced(path.estimate, path.influence[order], path.used[order], path.strata[order])
    one, same, other = (multiplier_bootstrap(p, seed=s).critical for p, s in ((path, 1), (shuffled, 1), (path, 2)))
    assert one == pytest.approx(same, rel=1e-12) and one != other


def test_few_classes_get_the_multivariate_t_distribution_and_no_random_weights() -> None:
    classes = np.arange(210) % 12
    path = aggregate(group_time(VALUES, FIRST, base_period="universal", clusters=classes), "event").path
    found = path_limits(path, resamples=20_000)
    assert found.method == "sup_t_multivariate_t"
    correlation = path.covariance / np.outer(path.std_error, path.std_error)
    df = path.df.min()
    drawn = np.random.default_rng(1).multivariate_normal(np.zeros(len(correlation)), correlation, 200_000)
    drawn /= np.sqrt(np.random.default_rng(2).chisquare(df, (200_000, 1)) / df)
    half = np.quantile(np.abs(drawn).max(axis=1), 0.95) * path.std_error
    assert found.high - path.estimate == pytest.approx(half, rel=0.03)


def test_many_students_get_the_multiplier_bootstrap_never_inside_single_limits() -> None:
    path = EVENTS["universal"].path
    found, bands = path_limits(path), multiplier_bootstrap(path)
    single = path.inference()
    assert found.method == "sup_t"
    assert found.low == pytest.approx(np.minimum(bands.simultaneous_low, single.conf_low))
    assert np.all(found.high >= single.conf_high)


def test_without_any_wave_nothing_is_left_of_an_effect() -> None:
    nothing = EVENTS["universal"].path.only([])
    found = relative_magnitudes(nothing, [], base_period="universal")
    assert found.flags == {"NO_PRE_WAVES": True, "NO_POST_WAVES": True} and np.isnan(found.estimate)


@pytest.mark.parametrize("multipliers", ["mammen", "rademacher"])
def test_the_multipliers_have_mean_0_and_variance_1(multipliers: str) -> None:
    from society_effects.stats.multiplier_bootstrap import _weights

    drawn = _weights(np.random.default_rng(1), (1000, 1000), multipliers)
    assert (drawn.mean(), drawn.var()) == pytest.approx((0, 1), abs=0.005)
    if multipliers == "mammen":
        assert (drawn**3).mean() == pytest.approx(1, abs=0.02)


def test_estimates_without_a_standard_error_do_not_touch_the_others() -> None:
    path = normal(100, 3)
    broken = path.influence.copy()
    broken[:, 1] = np.nan
    constant = np.column_stack([broken, np.zeros(100)])
    found = multiplier_bootstrap(Influenced(np.zeros(4), constant, constant == constant, path.strata))
    kept = multiplier_bootstrap(path.only([0, 2]))
    assert found.critical == kept.critical
    assert np.isnan(found.simultaneous_low).tolist() == [False, True, False, True]
    assert np.isnan(found.simultaneous_high).tolist() == [False, True, False, True]
    assert np.isnan(found.pointwise.p_value).tolist() == [False, True, False, True]
    nothing = multiplier_bootstrap(path.only([]))
    assert np.isnan(nothing.critical) and len(nothing.simultaneous_low) == 0


def test_a_contrast_of_two_estimates_keeps_its_sign_and_their_covariance() -> None:
    path = EVENTS["universal"].path
    found = path.only([3, 0]).combined([[1.0], [-1.0]])
    assert found.estimate[0] == pytest.approx(path.estimate[3] - path.estimate[0])
    variance = path.covariance[3, 3] + path.covariance[0, 0] - 2 * path.covariance[0, 3]
    assert found.std_error[0] == pytest.approx(np.sqrt(variance))


# Before joining ----------------------------------------------------------------------------------------------------


def test_the_wald_test_by_its_formula() -> None:
    event = EVENTS["universal"]
    path = event.path.only(event.at < 0)
    found = pre_trend_test(path)
    q, nu = len(path.estimate), path.df.min()
    wald = path.estimate @ np.linalg.inv(path.covariance) @ path.estimate
    assert (found.df1, found.df2) == pytest.approx((q, nu - q + 1))
    assert found.statistic == pytest.approx(wald * (nu - q + 1) / (nu * q))
    assert found.p_value == pytest.approx(stats.f.sf(found.statistic, q, nu - q + 1))


def test_base_periods_test_the_same_hypothesis_with_one_cohort() -> None:
    found = []
    for base in ("universal", "varying"):
        event = aggregate(group_time(VALUES, np.where(FIRST == 3, -1, FIRST), base_period=base), "event")
        before = event.at < 0
        found.append(
            (
                pre_trend_test(event.path.only(before)),
                detectable_trend(event.path.only(before), event.at[before], base_period=base),
            )
        )
    (universal, slopes), (varying, other_slopes) = found
    assert universal.statistic * universal.df1 == pytest.approx(varying.statistic * varying.df1, rel=0.02)
    assert slopes.slope == pytest.approx(other_slopes.slope, rel=0.02)


def test_the_power_at_the_detectable_trend_is_as_said() -> None:
    event = EVENTS["universal"]
    before = event.at < 0
    path = event.path.only(before)
    found = detectable_trend(path, event.at[before], base_period="universal", power=(0.3, 0.5, 0.8))
    q, df2 = before.sum(), path.df.min() - before.sum() + 1
    mean = (event.at[before] + 1)[None, :] * found.slope[:, None]
    noncentral = np.einsum("mi,ij,mj->m", mean, np.linalg.inv(path.covariance), mean)
    assert stats.ncf.sf(stats.f.isf(0.05, q, df2), q, df2, noncentral) == pytest.approx([0.3, 0.5, 0.8], rel=1e-6)
    drawn = np.random.default_rng(1).multivariate_normal(mean[2], path.covariance, 20_000)
    wald = np.einsum("ri,ij,rj->r", drawn, np.linalg.inv(path.covariance), drawn)
    assert np.mean(wald > stats.chi2.isf(0.05, q)) == pytest.approx(0.8, abs=0.02)


def test_before_joining_nothing_may_be_there_to_test() -> None:
    path = EVENTS["universal"].path.only([])
    assert pre_trend_test(path).raised == ("NO_PRE_WAVES",)
    trend = detectable_trend(path, [], base_period="universal")
    assert np.isnan(trend.slope).all() and trend.flags == {"NO_PRE_WAVES": True}
    assert pre_trend_test(normal(4, 5)).raised in (("TOO_FEW",), ("NO_VARIATION",))
    twice = normal(50, 1)
    both = Influenced(np.zeros(2), np.column_stack([twice.influence] * 2), np.ones((50, 2), bool), np.zeros(50, int))
    assert pre_trend_test(both).raised == ("NO_VARIATION",)


# Relative magnitudes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["universal", "varying"])
def test_the_identified_set_by_hand(base: str) -> None:
    event = EVENTS[base]
    found = relative_magnitudes(event.path, event.at, base_period=base)
    before, after = event.path.estimate[event.at < 0], event.path.estimate[event.at >= 0]
    steps = np.abs(np.diff(np.r_[before, 0.0])) if base == "universal" else np.abs(before)
    reach = np.mean(event.at[event.at >= 0] + 1)
    assert found.estimate == pytest.approx(after.mean())
    assert found.set_high - found.estimate == pytest.approx(found.magnitude * reach * steps.max())
    plain = event.path.combined(((event.at >= 0) / len(after))[:, None]).inference()
    assert (found.conf_low[0], found.conf_high[0]) == pytest.approx((plain.conf_low[0], plain.conf_high[0]))
    assert np.all(np.diff(found.conf_low) < 0) and np.all(found.conf_low < found.set_low)


def test_the_limits_are_the_union_over_steps_and_directions() -> None:
    event = EVENTS["universal"]
    found = relative_magnitudes(event.path, event.at, base_period="universal", weights=[1, 0, 0], magnitudes=(1.5,))
    rows, place = [], {int(e): i for i, e in enumerate(event.at)}
    for later in (-1, -2, -3):
        for sign in (1, -1):
            w = np.zeros(len(event.at))
            w[place[0]] = 1
            if later in place:
                w[place[later]] += sign * 1.5
            if later - 1 in place:
                w[place[later - 1]] -= sign * 1.5
            if later - 1 in place:
                rows.append(event.path.combined(w[:, None]).inference())
    assert found.conf_low[0] == pytest.approx(min(row.conf_low[0] for row in rows))
    assert found.conf_high[0] == pytest.approx(max(row.conf_high[0] for row in rows))


def test_at_the_breakdown_the_limits_reach_zero() -> None:
    event = EVENTS["universal"]
    strong = Influenced(
        event.path.estimate + 3 * (event.at >= 0), event.path.influence, event.path.used, event.path.strata
    )
    found = relative_magnitudes(strong, event.at, base_period="universal")
    there = relative_magnitudes(strong, event.at, base_period="universal", magnitudes=(found.breakdown,))
    assert found.breakdown > 0 and there.conf_low[0] == pytest.approx(0, abs=1e-9)
    weak = Influenced(event.path.estimate * 0, event.path.influence, event.path.used, event.path.strata)
    assert relative_magnitudes(weak, event.at, base_period="universal").breakdown == 0


def test_without_waves_before_or_after_nothing_is_said() -> None:
    event = EVENTS["universal"]
    after = event.at >= 0
    found = relative_magnitudes(event.path.only(after), event.at[after], base_period="universal")
    assert found.flags["NO_PRE_WAVES"] and np.isnan(found.conf_low).all() and np.isnan(found.breakdown)
    found = relative_magnitudes(event.path.only(~after), event.at[~after], base_period="universal")
    assert found.flags["NO_POST_WAVES"] and not found.flags["NO_PRE_WAVES"]
