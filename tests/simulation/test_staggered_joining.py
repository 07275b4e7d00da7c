"""Staggered joining at a known truth: bias, coverage of single limits and of bands, power of the test before joining.

Bands are three standard errors of the simulation around the level, unless a comment says more.
"""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.group_time import group_time
from society_effects.stats.group_time_aggregates import aggregate
from society_effects.stats.multiplier_bootstrap import multiplier_bootstrap
from society_effects.stats.pre_trends import detectable_trend, pre_trend_test
from society_effects.stats.relative_magnitudes import relative_magnitudes
from society_effects.stats.two_way_fixed_effects import membership, two_way_fixed_effects

pytestmark = pytest.mark.slow
WAVES, COHORTS, SHARES = 6, np.array([-1, 2, 3, 4]), np.array([0.4, 0.2, 0.2, 0.2])
PER_WAVE = {2: 0.6, 3: 0.4, 4: 0.2}
"""What a wave more as a member adds, for those who join early and late."""


def band(replicates: int, share: float = 0.95) -> float:
    return 3 * float(np.sqrt(share * (1 - share) / replicates))


def gains(first: np.ndarray) -> np.ndarray:
    """The effect on each student at each wave: it grows, and more for early joiners."""
    slope = np.array([PER_WAVE.get(int(g), 0.0) for g in first])
    since = np.arange(WAVES) - first[:, None] + 1
    return slope[:, None] * since * membership(first, WAVES)


def scores(rng: np.random.Generator, first: np.ndarray) -> np.ndarray:
    """Students who join early are better throughout; errors are correlated over waves."""
    level = rng.standard_normal((len(first), 1)) + 0.5 * (first[:, None] == 2)
    walk = 0.3 * rng.standard_normal((len(first), WAVES)).cumsum(axis=1)
    return level + walk + rng.standard_normal((len(first), WAVES)) + 0.4 * np.arange(WAVES) + gains(first)


def true_path(times: np.ndarray) -> np.ndarray:
    """Effects by waves since joining, averaged over the cohorts that are still seen."""
    seen = [[g for g in (2, 3, 4) if 0 <= g + e < WAVES] for e in times]
    return np.array(
        [0.0 if e < 0 else np.mean([PER_WAVE[g] * (e + 1) for g in s]) for e, s in zip(times, seen, strict=True)]
    )


@pytest.mark.parametrize("comparison", ["never", "not_yet"])
def test_averages_are_unbiased_where_two_way_fixed_effects_are_not_and_bands_cover(comparison: str) -> None:
    replicates, rng = 1000, np.random.default_rng(50)
    simple, two_way, covered, pointwise = np.zeros((4, replicates))
    for r in range(replicates):
        first = rng.choice(COHORTS, 300, p=SHARES)
        values = scores(rng, first)
        found = group_time(values, first, comparison=comparison, base_period="universal")
        overall = aggregate(found, "simple").overall.inference().at(0)
        truth = float(gains(np.array([2, 3, 4]))[[0, 0, 0, 0, 1, 1, 1, 2, 2], [2, 3, 4, 5, 3, 4, 5, 4, 5]].mean())
        simple[r] = overall.estimate - truth
        pointwise[r] = overall.conf_low < truth < overall.conf_high
        event = aggregate(found, "event")
        bands = multiplier_bootstrap(event.path, resamples=299, seed=r)
        true = true_path(event.at)
        covered[r] = np.all((bands.simultaneous_low < true) & (true < bands.simultaneous_high))
        two_way[r] = two_way_fixed_effects(values, membership(first, WAVES)).coefficients[0] - truth
    error = simple.std() / np.sqrt(replicates)
    print(comparison, simple.mean(), error, two_way.mean(), covered.mean(), pointwise.mean())
    assert abs(simple.mean()) < 3 * error
    assert two_way.mean() < -0.1
    assert 0.93 < covered.mean() < 0.97
    assert abs(pointwise.mean() - 0.95) < band(replicates)


def test_small_cohorts_need_their_own_degrees_of_freedom() -> None:
    """Cohorts of 5 among 60: t limits hold, normal ones with the uncorrected influence do not."""
    replicates, rng = 2000, np.random.default_rng(51)
    first = np.repeat([-1, 2, 3, 4], [45, 5, 5, 5])
    ours, plain, together = np.zeros((3, replicates))
    for r in range(replicates):
        found = group_time(scores(rng, first), first, base_period="universal")
        event = aggregate(found, "event")
        true, place = true_path(event.at), int(np.flatnonzero(found.wave == found.cohort)[0])
        cell = found.effects.inference().at(place)
        effect = PER_WAVE[2]
        ours[r] = cell.conf_low < effect < cell.conf_high
        plain[r] = abs(cell.estimate - effect) < 1.96 * cell.std_error * np.sqrt(0.8)
        bands = multiplier_bootstrap(event.path, resamples=299, seed=r)
        together[r] = np.all((bands.simultaneous_low < true) & (true < bands.simultaneous_high))
    print("small", ours.mean(), plain.mean(), together.mean())
    assert abs(ours.mean() - 0.95) < band(replicates)
    assert plain.mean() < 0.91
    assert together.mean() > 0.92


@pytest.mark.parametrize("inside", [False, True], ids=["whole classes join", "students join inside classes"])
def test_coverage_with_clustered_joining(inside: bool) -> None:
    """Classes share yearly shocks; standard errors that ignore them are too small where whole classes join."""
    replicates, rng = 2000, np.random.default_rng(52)
    classes = np.repeat(np.arange(24), 12)
    covered, ignored = np.zeros((2, replicates))
    for r in range(replicates):
        cohort = np.repeat([-1, 2, 3, 4], [9, 5, 5, 5])
        first = rng.choice(COHORTS, len(classes), p=SHARES) if inside else cohort[classes]
        values = scores(rng, first) - gains(first) + 0.5 * rng.standard_normal((24, WAVES))[classes]
        for store, clusters in ((covered, classes), (ignored, None)):
            overall = aggregate(group_time(values, first, clusters=clusters), "simple").overall.inference().at(0)
            store[r] = overall.conf_low < 0 < overall.conf_high
    print("clusters", inside, covered.mean(), ignored.mean())
    # five classes per cohort: Welch's df leave a little to be desired on either side
    assert abs(covered.mean() - 0.95) < band(replicates) + 0.01
    if not inside:
        assert ignored.mean() < 0.85


def test_either_model_suffices_and_without_covariates_neither() -> None:
    """Trends depend on a covariate that joiners have more of: linearly with odds that are not log-linear, or the reverse."""
    replicates, rng = 1000, np.random.default_rng(53)
    for outcome_linear in (True, False):
        error, raw, covered = np.zeros((3, replicates))
        for r in range(replicates):
            x = rng.standard_normal(400)
            if outcome_linear:
                chance, trend = 0.15 + 0.6 * (np.abs(x - 1) < 0.8), x
            else:
                chance, trend = 1 / (1 + np.exp(0.8 - 0.8 * x)), 0.5 * np.exp(x / 2)
            first = np.where(rng.random(400) < chance, 1, -1)
            values = np.column_stack([x, x + trend + 0.5 * (first == 1)]) + rng.standard_normal((400, 2))
            found = group_time(values, first, covariates=x).effects.inference().at(0)
            error[r], covered[r] = found.estimate - 0.5, found.conf_low < 0.5 < found.conf_high
            raw[r] = group_time(values, first).effects.estimate[0] - 0.5
        print("dr", outcome_linear, error.mean(), error.std() / np.sqrt(replicates), raw.mean(), covered.mean())
        assert abs(error.mean()) < 3 * error.std() / np.sqrt(replicates)
        assert abs(raw.mean()) > 0.2
        # the influence of the improved estimator is exact where both models hold, and close where one does
        assert abs(covered.mean() - 0.95) < band(replicates) + 0.01


@pytest.mark.parametrize("n", [60, 300])
def test_the_pre_trend_test_has_its_level_and_the_stated_power(n: int) -> None:
    replicates, rng = 1000, np.random.default_rng(54)
    first = np.repeat([-1, 4], [2 * n // 3, n // 3])
    drawn = [0.0, 0.0]
    design = aggregate(group_time(scores(rng, first) - gains(first), first, base_period="universal"), "event")
    before = design.at < 0
    slopes = []
    for _ in range(replicates):
        values = scores(rng, first) - gains(first)
        path = aggregate(group_time(values, first, base_period="universal"), "event").path.only(before)
        drawn[0] += pre_trend_test(path).p_value < 0.05
        slopes.append(detectable_trend(path, design.at[before], base_period="universal").slope[1])
    slope = float(np.mean(slopes))
    for _ in range(replicates):
        values = scores(rng, first) - gains(first) + slope * np.arange(WAVES) * (first[:, None] == 4)
        path = aggregate(group_time(values, first, base_period="universal"), "event").path.only(before)
        drawn[1] += pre_trend_test(path).p_value < 0.05
    level, power = np.array(drawn) / replicates
    print("pre", n, level, power)
    assert abs(level - 0.05) < band(replicates) + 0.005
    assert abs(power - 0.8) < band(replicates, 0.8) + 0.03


def test_limits_under_relative_magnitudes_are_conservative() -> None:
    """The violation after joining is as large as the largest before: limits at magnitude 1 hold at least their level."""
    replicates, rng, covered = 1000, np.random.default_rng(55), 0
    first = np.repeat([-1, 3], [200, 100])
    drift = np.cumsum([0.0, 0.2, -0.1, 0.2, 0.2, 0.2])
    for _ in range(replicates):
        values = scores(rng, first) - gains(first) + drift * (first[:, None] == 3)
        event = aggregate(group_time(values, first, base_period="universal"), "event")
        found = relative_magnitudes(event.path, event.at, base_period="universal", magnitudes=(1.0,))
        covered += found.conf_low[0] < 0 < found.conf_high[0]
    print("relative", covered / replicates)
    assert covered / replicates > 0.95 - band(replicates)
