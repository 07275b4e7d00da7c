"""Do adjusted comparisons of ordered categories cover the truth, and does Brant's test hold its level?

The truth is the superiority of the two distributions over the covariates of the population's members, by integration.
Bands are three standard errors of the simulation, and what an approximation is allowed beyond them.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from society_effects.stats.ordinal_standardisation import StandardisedOrders, standardised_orders
from society_effects.stats.parallel_lines import parallel_lines

pytestmark = pytest.mark.slow
CUTS = np.array([-1.5, -0.3, 0.5, 1.8])
EQUAL = np.full(4, 0.6)
FALLING = np.array([1.2, 0.6, 0.2, -0.2])
"""Log odds ratios of membership at the four cuts: members are fewer at both ends."""


def band(replicates: int) -> float:
    return 3 * float(np.sqrt(0.05 * 0.95 / replicates))


def drawn(rng: np.random.Generator, n: int, odds: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x = rng.standard_normal((n, 2))
    member = rng.random(n) < expit(-1 + 0.8 * x[:, 0])
    above = expit((0.8 * x[:, 0] + 0.4 * x[:, 1])[:, None] + np.outer(member, odds) - CUTS)
    return (rng.random(n)[:, None] < above).sum(axis=1), member, x


def truth(odds: np.ndarray, of_class: float = 0.0) -> tuple[float, np.ndarray]:
    """The superiority, and the differences of the shares at or above each cut, in the population of members."""
    rng = np.random.default_rng(7)
    x, effect = rng.standard_normal((500_000, 2)), of_class * rng.standard_normal(500_000)
    weight = expit(-1 + 0.8 * x[:, 0] + effect)
    base = 0.8 * x[:, 0] + 0.4 * x[:, 1] + effect
    above = [
        [np.average(expit(base + a * b - c), weights=weight) for b, c in zip(odds, CUTS, strict=True)] for a in (0, 1)
    ]
    others, members = (-np.diff(np.r_[1.0, row, 0.0]) for row in above)
    return float(members @ (np.cumsum(others) - others / 2)), np.subtract(above[1], above[0])


def covered(found: list[StandardisedOrders], value: float) -> float:
    rows = [one.superiority for one in found if np.isfinite(one.superiority.std_error)]
    return float(np.mean([row.conf_low <= value <= row.conf_high for row in rows]))


@pytest.mark.parametrize("n", [100, 300])
def test_superiority_covers_under_confounding(n: int) -> None:
    rng, value, differences = np.random.default_rng(n), *truth(EQUAL)
    replicates = 1500
    found = [standardised_orders(*drawn(rng, n, EQUAL), n_categories=5) for _ in range(replicates)]
    assert abs(covered(found, value) - 0.95) <= band(replicates) + 0.005
    assert np.mean([one.superiority.estimate for one in found]) == pytest.approx(value, abs=0.004)
    for cut in range(4):
        rows = [one.at_or_above[cut] for one in found]
        inside = np.mean([row.conf_low <= differences[cut] <= row.conf_high for row in rows])
        assert abs(inside - 0.95) <= band(replicates) + 0.01, (cut, inside)
    ratios = [one.odds_ratio for one in found]
    assert (
        abs(np.mean([row.conf_low <= np.exp(0.6) <= row.conf_high for row in ratios]) - 0.95)
        <= band(replicates) + 0.005
    )


@pytest.mark.parametrize("n", [300, 800])
def test_brant_holds_its_level_and_finds_lines_that_are_not_parallel(n: int) -> None:
    rng, replicates = np.random.default_rng(n), 1000
    p_values = []
    for _ in range(replicates):
        y, member, x = drawn(rng, n, EQUAL)
        p_values.append(parallel_lines(y, np.column_stack([member, x])).overall.p_value)
    known = np.isfinite(p_values)
    assert known.mean() > 0.98 and abs(np.mean(np.array(p_values)[known] < 0.05) - 0.05) <= band(replicates) + 0.005
    crossed = []
    for _ in range(100):
        y, member, x = drawn(rng, n, FALLING)
        crossed.append(parallel_lines(y, np.column_stack([member, x])).of_term[0].p_value < 0.05)
    assert np.mean(crossed) > (0.3 if n == 300 else 0.8), np.mean(crossed)


def test_lines_that_are_not_parallel_need_cuts_of_their_own() -> None:
    rng, value, differences = np.random.default_rng(4), *truth(FALLING)
    samples = [drawn(rng, 400, FALLING) for _ in range(800)]
    parallel = [standardised_orders(*sample, n_categories=5) for sample in samples]
    separate = [standardised_orders(*sample, n_categories=5, parallel=False) for sample in samples]
    of_parallel, of_separate = (
        np.mean([[d.estimate for d in one.at_or_above] for one in found], axis=0) - differences
        for found in (parallel, [one for one in separate if np.isfinite(one.superiority.estimate)])
    )
    assert of_parallel[0] < -0.04 and of_parallel[3] > 0.04, of_parallel
    assert np.abs(of_separate).max() < 0.008, of_separate
    assert abs(covered(separate, value) - 0.95) <= band(800) + 0.005
    estimates = [one.superiority.estimate for one in parallel]
    assert np.mean(estimates) > value + 0.004, np.mean(estimates) - value


@pytest.mark.parametrize(("classes", "whole"), [(6, 3), (10, 5), (10, 2), (10, 0), (20, 0)])
def test_classes_are_covered_where_sums_with_g_less_one_are_not(classes: int, whole: int) -> None:
    """Membership of whole classes (their number), or inside classes: CR2 beside class sums with t(G - 1)."""
    rng, replicates, spread = np.random.default_rng(classes + whole), 500, 0.5
    x = np.random.default_rng(7).standard_normal(500_000)
    base = 0.8 * x + spread * np.random.default_rng(8).standard_normal(500_000)
    weight = np.ones(len(x)) if whole else expit(-0.8 + 0.8 * x)
    above = [[np.average(expit(base + 0.5 * a - c), weights=weight) for c in CUTS] for a in (0, 1)]
    others, members = (-np.diff(np.r_[1.0, row, 0.0]) for row in above)
    value, found = float(members @ (np.cumsum(others) - others / 2)), []
    for _ in range(replicates):
        codes = np.repeat(np.arange(classes), rng.integers(10, 31, classes))
        x = rng.standard_normal(len(codes))
        member = codes < whole if whole else rng.random(len(codes)) < expit(-0.8 + 0.8 * x)
        own = 0.8 * x + spread * rng.standard_normal(classes)[codes] + 0.5 * member
        y = np.digitize(own + rng.logistic(size=len(codes)), CUTS)
        found.append(standardised_orders(y, member, x[:, None], clusters=codes, n_categories=5))
    inside = covered(found, value)
    assert 0.95 - band(replicates) - 0.005 <= inside <= (1.0 if whole == 2 else 0.95 + band(replicates) + 0.005), inside


def test_class_indicators_compare_classmates() -> None:
    """Classes that do better also join more: their indicators remove what the covariates leave."""
    (value, _), rng, replicates = truth(EQUAL, of_class=0.5), np.random.default_rng(12), 400
    within, without = [], []
    for _ in range(replicates):
        codes = np.repeat(np.arange(20), rng.integers(10, 31, 20))
        x, effect = rng.standard_normal((len(codes), 2)), 0.5 * rng.standard_normal(20)[codes]
        member = rng.random(len(codes)) < expit(-1 + 0.8 * x[:, 0] + effect)
        latent = 0.8 * x[:, 0] + 0.4 * x[:, 1] + effect + 0.6 * member
        y = np.digitize(latent + rng.logistic(size=len(codes)), CUTS)
        indicators = (codes[:, None] == np.arange(20)).astype(float)
        within.append(standardised_orders(y, member, x, extra=indicators, clusters=codes, n_categories=5))
        without.append(standardised_orders(y, member, x, clusters=codes, n_categories=5))
    assert abs(covered(within, value) - 0.95) <= band(replicates) + 0.01
    assert np.mean([one.superiority.estimate for one in without]) > value + 0.02
    assert covered(without, value) < 0.92
