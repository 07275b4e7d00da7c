"""Do the intervals of two waves hold their level, and does regression to the mean give what its formula says?

Bands are 3 standard errors of the simulation, and what is known of each method. Shares are enumerated, not simulated.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import special

from society_effects.stats.inference import Inference
from society_effects.stats.paired_differences import PairedMoments, clustered_change, d_av, d_rm, d_z, paired_t
from society_effects.stats.paired_orders import paired_superiority
from society_effects.stats.paired_shares import PairedCounts, mcnemar, mcnemar_exact, paired_risk_difference
from society_effects.stats.regression_to_the_mean import regression_to_the_mean
from society_effects.stats.signed_rank import pseudo_median

pytestmark = pytest.mark.slow
REPLICATES = 20_000


def band(replicates: int) -> float:
    return float(3 * np.sqrt(0.95 * 0.05 / replicates))


def waves(n: int, change: float, sds: tuple[float, float], r: float, replicates: int) -> PairedMoments:
    rng = np.random.default_rng(20260206)
    first = rng.standard_normal((replicates, n))
    last = r * first + np.sqrt(1 - r**2) * rng.standard_normal((replicates, n))
    return PairedMoments.of(sds[0] * first, change + sds[1] * last)


def covered(found: Inference, truth: float) -> float:
    return float(np.mean((found.conf_low <= truth) & (truth <= found.conf_high)))


SETTINGS = [
    (n, d, sds, r)
    for n, d, sds, r in itertools.product((15, 40, 150), (0.0, 0.5, 1.2), ((1.0, 1.0), (1.0, 1.8)), (0.3, 0.8))
]


@pytest.mark.parametrize(("n", "d", "sds", "r"), SETTINGS)
def test_standardised_changes_cover(n: int, d: float, sds: tuple[float, float], r: float) -> None:
    average = np.sqrt((sds[0] ** 2 + sds[1] ** 2) / 2)
    of_changes = np.sqrt(sds[0] ** 2 + sds[1] ** 2 - 2 * r * sds[0] * sds[1])
    pairs = waves(n, d * average, sds, r, REPLICATES)
    assert covered(paired_t(pairs), d * average) == pytest.approx(0.95, abs=band(REPLICATES))
    assert covered(d_z(pairs), d * average / of_changes) == pytest.approx(0.95, abs=band(REPLICATES))
    assert covered(d_av(pairs), d) == pytest.approx(0.95, abs=band(REPLICATES) + 0.002)
    repeated = d * average / of_changes * np.sqrt(2 * (1 - r))
    small = {15: 0.026, 40: 0.007, 150: 0.002}[n]
    assert covered(d_rm(pairs), repeated) == pytest.approx(0.95, abs=band(REPLICATES) + small)


def cohort(share_rising: float, share_same: float, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    change = rng.choice([1.0, 0.0, -1.0], n, p=[share_rising, share_same, 1 - share_rising - share_same])
    return np.zeros(n), change


@pytest.mark.parametrize("n", [15, 30, 100])
@pytest.mark.parametrize(("rising", "same"), [(0.5, 0.0), (0.35, 0.3), (0.65, 0.2), (0.8, 0.15)])
def test_paired_superiority_covers(n: int, rising: float, same: float) -> None:
    rng, truth, replicates = np.random.default_rng(1), rising + same / 2, 3000
    found = [paired_superiority(*cohort(rising, same, n, rng)) for _ in range(replicates)]
    inside = np.mean([f.conf_low <= truth <= f.conf_high for f in found])
    assert 0.95 - band(replicates) - 0.012 <= inside <= 0.995


@pytest.mark.parametrize("n", [10, 25, 60])
@pytest.mark.parametrize("digits", [None, 0])
def test_pseudo_median_covers(n: int, digits: int | None) -> None:
    rng, replicates = np.random.default_rng(2), 1500
    inside = []
    for _ in range(replicates):
        change = rng.logistic(0, 1.5, n)
        change = 2 + (change if digits is None else change.round(digits))
        found = pseudo_median(np.zeros(n), change)
        inside.append(found.conf_low <= 2 <= found.conf_high)
    assert 0.95 - band(replicates) <= np.mean(inside) <= (0.97 if digits is None else 0.995)


def tables(n: int) -> list[PairedCounts]:
    return [
        PairedCounts(a, b, c, n - a - b - c)
        for a in range(n + 1)
        for b in range(n + 1 - a)
        for c in range(n + 1 - a - b)
    ]


def chances(all_tables: list[PairedCounts], shares: tuple[float, ...]) -> np.ndarray:
    counts = np.array([(t.both, t.gained, t.lost, t.neither) for t in all_tables])
    log = special.gammaln(counts.sum(axis=1) + 1) - special.gammaln(counts + 1).sum(axis=1)
    return np.exp(log + special.xlogy(counts, np.array(shares)).sum(axis=1))


@pytest.mark.parametrize("n", [15, 25])
def test_newcombe_covers_and_mid_p_holds_its_level(n: int) -> None:
    everything = tables(n)
    limits = [paired_risk_difference(t) for t in everything]
    low, high = np.array([f.conf_low for f in limits]), np.array([f.conf_high for f in limits])
    coverage = []
    for both, gained, lost in itertools.product((0.1, 0.3, 0.5), (0.05, 0.15, 0.25), (0.05, 0.15, 0.25)):
        weights = chances(everything, (both, gained, lost, 1 - both - gained - lost))
        assert weights.sum() == pytest.approx(1)
        truth = gained - lost
        coverage.append(weights[(low <= truth + 1e-12) & (truth - 1e-12 <= high)].sum())
    assert min(coverage) > 0.92 and np.mean(coverage) == pytest.approx(0.955, abs=0.015)
    sizes = []
    for test in (mcnemar, mcnemar_exact):
        rejected = np.array([test(t).p_value < 0.05 for t in everything])
        sizes.append([chances(everything, (0.3, d, d, 0.7 - 2 * d))[rejected].sum() for d in (0.05, 0.1, 0.2, 0.35)])
    assert max(sizes[0]) < 0.052 and max(sizes[1]) < 0.035
    assert np.mean(sizes[0]) > 1.5 * np.mean(sizes[1])


@pytest.mark.parametrize("classes", [6, 10, 20])
def test_mean_change_in_classes_covers(classes: int) -> None:
    rng, replicates = np.random.default_rng(3), 4000
    sizes = 4 + 4 * (np.arange(classes) % 5)
    codes = np.repeat(np.arange(classes), sizes)
    inside = []
    for _ in range(replicates):
        change = 1 + rng.normal(0, 0.5, classes)[codes] + rng.standard_normal(len(codes))
        found = clustered_change(np.zeros(len(codes)), change, codes)
        inside.append(found.conf_low <= 1 <= found.conf_high)
    assert np.mean(inside) == pytest.approx(0.95, abs=band(replicates) + 0.012)


def test_regression_to_the_mean_gives_what_the_formula_says() -> None:
    rng, reliability, replicates = np.random.default_rng(4), 0.6, 2000
    expected, beyond, stable = [], [], []
    for _ in range(replicates):
        ability = rng.normal(0, np.sqrt(reliability), 400)
        first, last = (ability + rng.normal(0, np.sqrt(1 - reliability), 400) for _ in range(2))
        own = np.argsort(first)[-60:]
        found = regression_to_the_mean(first[own], last[own], population_mean=0, reliability=reliability)
        expected.append(found.expected.estimate - np.mean(last[own] - first[own]))
        beyond.append(found.beyond.conf_low <= 0 <= found.beyond.conf_high)
        higher = 0.8 + rng.normal(0, np.sqrt(reliability), 60)
        one, two = (higher + rng.normal(0, np.sqrt(1 - reliability), 60) for _ in range(2))
        other = regression_to_the_mean(one, two, population_mean=0, reliability=reliability)
        stable.append((np.mean(two - one), other.expected.estimate))
    assert np.mean(expected) == pytest.approx(0, abs=3 * np.std(expected) / np.sqrt(replicates))
    assert np.mean(beyond) == pytest.approx(0.95, abs=band(replicates) + 0.003)
    drift, formula = np.mean(stable, axis=0)
    assert drift == pytest.approx(0, abs=0.01) and formula == pytest.approx(-0.32, abs=0.01)
