"""Do comparisons of students who share classes hold their level where few classes, or all of them, have members?

Beside ``test_families_and_classes``: three of twenty classes, membership inside classes, rates. Bands are three standard
errors of the simulation around the level, and what the approximate degrees of freedom are allowed beyond it.
"""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.class_means import class_means, permute_classes
from society_effects.stats.clustered_means import clustered_means, clustered_superiority
from society_effects.stats.wild_bootstrap import wild_bootstrap

pytestmark = pytest.mark.slow
REPLICATES = 1000
BAND = 3 * float(np.sqrt(0.05 * 0.95 / REPLICATES))


def classes_of(n: int, rng: np.random.Generator) -> np.ndarray:
    """Classes of 10 to 30 students."""
    return np.repeat(np.arange(n), rng.integers(10, 31, n))


def test_three_of_twenty_classes() -> None:
    """CR2 is cautious, Welch's test on the class means is liberal; the reason for the permutation below four classes."""
    rng, rejected = np.random.default_rng(31), np.zeros(2)
    for _ in range(REPLICATES):
        codes = classes_of(20, rng)
        arms = (codes < 3).astype(int)
        values = np.sqrt(0.1) * rng.standard_normal(20)[codes] + np.sqrt(0.9) * rng.standard_normal(len(codes))
        rejected += [fit(values, arms, codes).difference(1, 0).p_value < 0.05 for fit in (clustered_means, class_means)]
    cr2, means = rejected / REPLICATES
    assert cr2 < 0.05
    assert 0.05 < means < 0.11


@pytest.mark.parametrize(("classes", "members"), [(10, 2), (20, 3)])
def test_the_permutation_keeps_its_level_with_few_classes_of_members(classes: int, members: int) -> None:
    rng, rejected, replicates = np.random.default_rng(32), 0, 500
    codes = np.repeat(np.arange(classes), 15)
    for _ in range(replicates):
        values = 0.33 * rng.standard_normal(classes)[codes] + rng.standard_normal(len(codes))
        rejected += bool(permute_classes(values, (codes < members).astype(int), codes, 1, 0).p_value <= 0.05)
    assert rejected / replicates <= 0.05 + 3 * float(np.sqrt(0.05 * 0.95 / replicates))


def test_the_wild_bootstrap_is_cautious_with_two_classes_of_members() -> None:
    rng, rejected, replicates = np.random.default_rng(33), 0, 300
    codes = np.repeat(np.arange(10), 15)
    for seed in range(replicates):
        values = 0.33 * rng.standard_normal(10)[codes] + rng.standard_normal(len(codes))
        found = wild_bootstrap(values, (codes < 2).astype(int), codes, 1, 0, resamples=199, seed=seed)
        rejected += bool(found.p_value < 0.05)
    assert rejected / replicates < 0.05 + 3 * float(np.sqrt(0.05 * 0.95 / replicates))


@pytest.mark.parametrize("classes", [10, 20])
def test_membership_inside_classes(classes: int) -> None:
    """Scores, answers, a pass mark and counts, when a third of each class joined and membership means more in some."""
    rng, rejected = np.random.default_rng(40 + classes), np.zeros(4)
    for _ in range(REPLICATES):
        codes = classes_of(classes, rng)
        arms = (rng.random(len(codes)) < 0.35).astype(int)
        shared = 0.35 * rng.standard_normal(classes)[codes] + 0.2 * rng.standard_normal((classes, 2))[codes, arms]
        latent = shared + rng.standard_normal(len(codes))
        answers = np.digitize(latent, [-1.0, -0.2, 0.5, 1.2]).astype(float)
        parts = [part[arms == arm] for part in (answers, codes) for arm in (1, 0)]
        found = (
            clustered_means(latent, arms, codes).difference(1, 0),
            clustered_superiority(*parts),
            clustered_means((latent > 0.4).astype(float), arms, codes).odds_ratio(1, 0),
            clustered_means(rng.poisson(np.exp(0.4 + shared)), arms, codes).log_ratio(1, 0),
        )
        rejected += [one.p_value < 0.05 for one in found]
    assert np.all(np.abs(rejected / REPLICATES - 0.05) <= BAND + 0.012), rejected / REPLICATES


@pytest.mark.parametrize("classes", [10, 20])
def test_rates_of_whole_classes(classes: int) -> None:
    """Counts with unequal time behind them, half of the classes with members."""
    rng, rejected = np.random.default_rng(50 + classes), np.zeros(2)
    for _ in range(REPLICATES):
        codes = classes_of(classes, rng)
        arms, hours = (codes < classes // 2).astype(int), rng.uniform(0.5, 2.0, len(codes))
        counts = rng.poisson(1.5 * hours * np.exp(0.3 * rng.standard_normal(classes)[codes]))
        fits = (fit(counts, arms, codes, exposure=hours) for fit in (clustered_means, class_means))
        rejected += [fit.log_ratio(1, 0).p_value < 0.05 for fit in fits]
    assert np.all(np.abs(rejected / REPLICATES - 0.05) <= BAND + 0.015), rejected / REPLICATES
