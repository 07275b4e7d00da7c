"""Do families of comparisons, students in classes and rank comparisons hold their level? By simulation.

Bands are three standard errors of the simulation around the nominal level; what is known to be conservative
or liberal is asserted as it is, since these facts decided the defaults.
"""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.class_means import class_means, permute_classes
from society_effects.stats.clustered_means import clustered_means, clustered_superiority
from society_effects.stats.counts import CountMoments, robust_rate_ratio
from society_effects.stats.differences import welch
from society_effects.stats.max_t import max_t, multivariate_t
from society_effects.stats.moments import Moments
from society_effects.stats.ranks import permuted_superiority, probability_of_superiority
from society_effects.stats.several_means import games_howell, welch_anova
from society_effects.stats.wild_bootstrap import wild_bootstrap

pytestmark = pytest.mark.slow


def band(level: float, replicates: int) -> float:
    return 3 * float(np.sqrt(level * (1 - level) / replicates))


# Families ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_max_t_holds_the_familywise_level_with_unequal_spreads(correlation: float) -> None:
    """Six outcomes, 60 members with twice the spread of 100 others, no differences."""
    replicates, rng = 400, np.random.default_rng(11)
    sides = np.repeat([[1], [-1]], [60, 100], axis=0) * np.ones((160, 6), dtype=int)
    root = np.linalg.cholesky(np.full((6, 6), correlation) + (1 - correlation) * np.eye(6))
    errors = 0
    for seed in range(replicates):
        scores = rng.standard_normal((160, 6)) @ root.T * np.where(sides[:, :1] == 1, 2.0, 1.0)
        found = max_t(scores, sides, strata=sides[:, 0], resamples=499, seed=seed)
        t = welch(Moments.of(scores[:60], axis=0), Moments.of(scores[60:], axis=0)).statistic
        errors += bool(found.p_adjusted(t).min() < 0.05)
    assert errors / replicates == pytest.approx(0.05, abs=band(0.05, replicates) + 0.008)


def test_simultaneous_intervals_cover_all_differences_at_once() -> None:
    replicates, rng, covered = 400, np.random.default_rng(12), 0
    sides = np.repeat([[1], [-1]], [60, 100], axis=0) * np.ones((160, 4), dtype=int)
    truth = np.array([0.0, 0.5, 1.0, -0.3])
    for seed in range(replicates):
        scores = rng.standard_normal((160, 4)) + 0.7 * rng.standard_normal((160, 1)) + truth * (sides == 1)
        critical = max_t(scores, sides, strata=sides[:, 0], resamples=499, seed=seed).critical(0.95)
        found = welch(Moments.of(scores[:60], axis=0), Moments.of(scores[60:], axis=0))
        covered += bool(np.all(np.abs(found.estimate - truth) <= critical * found.std_error))
    assert covered / replicates == pytest.approx(0.95, abs=band(0.95, replicates) + 0.008)


@pytest.mark.parametrize(("classes", "low", "high"), [(6, 0.02, 0.09), (10, 0.02, 0.09), (20, 0.02, 0.09)])
def test_the_multivariate_t_with_few_classes(classes: int, low: float, high: float) -> None:
    """Four outcomes, membership inside classes, no differences: the level is kept up to .012 (.062, .066, .059 in 2,000 runs)."""
    replicates, rng, errors = 400, np.random.default_rng(classes), 0
    codes, member = np.repeat(np.arange(classes), 16), np.tile([0, 1], classes * 8)
    for seed in range(replicates):
        shared = rng.standard_normal((classes, 4))[codes] * 0.4
        varying = rng.standard_normal((classes, 2, 4))[codes, member] * 0.3
        scores = shared + varying + rng.standard_normal((len(codes), 4))
        fits = [clustered_means(column, member, codes) for column in scores.T]
        tests = [fit.difference(1, 0) for fit in fits]
        influence = np.column_stack([fit.influence[:, 1] - fit.influence[:, 0] for fit in fits])
        spread = np.sqrt((influence**2).sum(axis=0))
        correlation = influence.T @ influence / np.outer(spread, spread)
        df = min(found.df for found in tests)
        reference = multivariate_t(correlation, df, draws=999, seed=seed)
        errors += bool(reference.p_adjusted([found.statistic for found in tests]).min() < 0.05)
    assert low <= errors / replicates <= high


def test_games_howell_and_welch_anova_with_unequal_spreads() -> None:
    replicates, rng = 150, np.random.default_rng(13)
    sizes, spreads = (15, 30, 60), (3.0, 1.0, 2.0)
    pairs, any_pair, overall = [(1, 0), (2, 0), (2, 1)], 0, 0
    for _ in range(replicates):
        arms = [Moments.of(s * rng.standard_normal(n)) for n, s in zip(sizes, spreads, strict=True)]
        moments = Moments(*(np.array([getattr(a, name) for a in arms]) for name in ("n", "mean", "sd")))
        overall += bool(welch_anova(moments).p_value < 0.05)
        any_pair += bool(min(found.p_adjusted for found in games_howell(moments, pairs)) < 0.05)
    assert overall / replicates == pytest.approx(0.05, abs=band(0.05, replicates) + 0.004)
    assert 0.0 < any_pair / replicates < 0.05 + band(0.05, replicates) + 0.004


# Classes -----------------------------------------------------------------------------------------------------------

SETTINGS = {
    "6 (3)": (6, 3, (0.03, 0.09), (0.02, 0.08)),
    "10 (5)": (10, 5, (0.03, 0.075), (0.025, 0.07)),
    "10 (2)": (10, 2, (0.0, 0.03), (0.05, 0.15)),
    "20 (10)": (20, 10, (0.03, 0.07), (0.025, 0.065)),
}


@pytest.mark.parametrize("setting", list(SETTINGS))
def test_whole_classes_without_a_difference(setting: str) -> None:
    """Type I error of CR2 with Satterthwaite df, and of Welch's test on class means, at ICC .1 and sizes 10 to 30."""
    classes, members, of_cr2, of_means = SETTINGS[setting]
    replicates, rng = 1200, np.random.default_rng(classes + members)
    rejected = np.zeros(2)
    for _ in range(replicates):
        sizes = rng.integers(10, 31, classes)
        codes = np.repeat(np.arange(classes), sizes)
        arms = (codes < members).astype(int)
        values = np.sqrt(0.1) * rng.standard_normal(classes)[codes] + np.sqrt(0.9) * rng.standard_normal(len(codes))
        fits = clustered_means(values, arms, codes), class_means(values, arms, codes)
        rejected += [fit.difference(1, 0).p_value < 0.05 for fit in fits]
    cr2, means = rejected / replicates
    assert of_cr2[0] <= cr2 <= of_cr2[1]
    assert of_means[0] <= means <= of_means[1]


def test_the_permutation_of_few_classes_keeps_its_level() -> None:
    replicates, rng = 600, np.random.default_rng(14)
    codes, rejected = np.repeat(np.arange(8), 12), 0
    for _ in range(replicates):
        values = 0.4 * rng.standard_normal(8)[codes] + rng.standard_normal(len(codes))
        rejected += bool(permute_classes(values, (codes < 3).astype(int), codes, 1, 0).p_value <= 0.05)
    assert rejected / replicates <= 0.05 + band(0.05, replicates)


def test_the_wild_bootstrap_with_ten_classes() -> None:
    replicates, rng = 300, np.random.default_rng(15)
    codes, rejected = np.repeat(np.arange(10), 15), 0
    for seed in range(replicates):
        values = 0.4 * rng.standard_normal(10)[codes] + rng.standard_normal(len(codes))
        found = wild_bootstrap(values, (codes < 5).astype(int), codes, 1, 0, resamples=199, seed=seed)
        rejected += bool(found.p_value < 0.05)
    assert rejected / replicates == pytest.approx(0.05, abs=band(0.05, replicates) + 0.01)


@pytest.mark.parametrize("classes", [10, 20])
def test_ordered_and_yes_or_no_outcomes_in_classes(classes: int) -> None:
    replicates, rng = 600, np.random.default_rng(classes)
    codes, rejected = np.repeat(np.arange(classes), 20), np.zeros(2)
    arms = (codes < classes // 2).astype(int)
    for _ in range(replicates):
        latent = 0.35 * rng.standard_normal(classes)[codes] + rng.standard_normal(len(codes))
        answers = np.digitize(latent, [-1.0, -0.2, 0.5, 1.2]).astype(float)
        ordinal = clustered_superiority(answers[arms == 1], answers[arms == 0], codes[arms == 1], codes[arms == 0])
        share = clustered_means((latent > 0.4).astype(float), arms, codes).log_ratio(1, 0)
        rejected += [ordinal.p_value < 0.05, share.p_value < 0.05]
    assert np.all(np.abs(rejected / replicates - 0.05) <= band(0.05, replicates) + 0.012)


# Ranks and counts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n1", "n0"), [(15, 30), (30, 60), (60, 60)])
def test_the_probability_of_superiority_covers(n1: int, n0: int) -> None:
    """Five ordered answers, shifted: coverage of the logit interval between .94 and .96, up to the simulation's error."""
    rng, replicates, covered = np.random.default_rng(n1 + n0), 2000, 0
    shares = np.array([0.1, 0.2, 0.3, 0.25, 0.15]), np.array([0.2, 0.25, 0.3, 0.15, 0.1])
    below = np.concatenate([[0.0], np.cumsum(shares[1])[:-1]])
    truth = float(np.sum(shares[0] * (below + shares[1] / 2)))
    for _ in range(replicates):
        found = probability_of_superiority(rng.choice(5, n1, p=shares[0]), rng.choice(5, n0, p=shares[1]))
        covered += bool(found.conf_low <= truth <= found.conf_high)
    assert covered / replicates == pytest.approx(0.95, abs=0.01 + band(0.95, replicates))


def test_the_permuted_probability_of_superiority_keeps_its_level_in_small_groups() -> None:
    rng, replicates, rejected = np.random.default_rng(16), 500, 0
    for seed in range(replicates):
        member, other = rng.choice(5, 8), rng.choice(5, 12)
        rejected += bool(permuted_superiority(member, other, resamples=299, seed=seed).p_value <= 0.05)
    assert rejected / replicates <= 0.05 + band(0.05, replicates) + 0.01


def test_the_robust_rate_ratio_covers_where_counts_vary_more_than_poisson() -> None:
    rng, replicates, covered = np.random.default_rng(17), 3000, 0
    for _ in range(replicates):
        arms = [CountMoments.of(rng.poisson(m * rng.gamma(1.5, 1 / 1.5, n))) for m, n in ((1.6, 60), (1.2, 120))]
        found = robust_rate_ratio(*arms)
        covered += bool(found.conf_low <= 1.6 / 1.2 <= found.conf_high)
    assert covered / replicates == pytest.approx(0.95, abs=0.012 + band(0.95, replicates))
