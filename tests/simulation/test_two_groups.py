"""Do the intervals of two-group comparisons hold their level? Simulated truth, and exact enumeration for shares.

The bands are those of 3 standard errors of the simulation. What is known to fail is asserted to fail: these are the
reasons why such methods are not the default.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from society_effects.stats.differences import student, welch
from society_effects.stats.effect_sizes import d_average, hedges_g
from society_effects.stats.inference import Inference
from society_effects.stats.moments import Moments
from society_effects.stats.proportions import miettinen_nurminen, risk_difference, risk_ratio
from society_effects.stats.ranks import hodges_lehmann, probability_of_superiority

pytestmark = pytest.mark.slow
REPLICATES = 20_000
BAND = 3 * np.sqrt(0.95 * 0.05 / REPLICATES)
SETTINGS = {
    "equal": (50, 1.0, 50, 1.0),
    "small group, larger spread": (20, 2.0, 80, 1.0),
    "large group, larger spread": (80, 2.0, 20, 1.0),
}


def simulated(n1: int, sd1: float, n0: int, sd0: float, shift: float, shape: str = "normal") -> tuple[Moments, Moments]:
    rng = np.random.default_rng(20260206)
    draw = {
        "normal": lambda size: rng.standard_normal(size),
        "t5": lambda size: rng.standard_t(5, size) / np.sqrt(5 / 3),
        "lognormal": lambda size: (rng.lognormal(0, 0.5, size) - np.exp(0.125)) / np.sqrt(np.exp(0.5) - np.exp(0.25)),
    }[shape]
    member, reference = shift + sd1 * draw((REPLICATES, n1)), sd0 * draw((REPLICATES, n0))
    return Moments.of(member), Moments.of(reference)


def coverage(found: Inference, truth: float) -> float:
    return float(np.mean((found.conf_low <= truth) & (truth <= found.conf_high)))


@pytest.mark.parametrize("setting", list(SETTINGS))
@pytest.mark.parametrize(("shape", "band"), [("normal", 0.0), ("t5", 0.008), ("lognormal", 0.02)])
def test_welch_covers(setting: str, shape: str, band: float) -> None:
    found = welch(*simulated(*SETTINGS[setting], shift=0.5, shape=shape))
    assert coverage(found, 0.5) == pytest.approx(0.95, abs=BAND + 0.003 + band)


@pytest.mark.parametrize("setting", list(SETTINGS))
def test_welch_rejects_a_true_null_as_often_as_it_says(setting: str) -> None:
    found = welch(*simulated(*SETTINGS[setting], shift=0.0))
    assert np.mean(found.p_value < 0.05) == pytest.approx(0.05, abs=BAND + 0.003)


def test_student_fails_when_the_small_group_varies_more() -> None:
    sharp = student(*simulated(30, 2.0, 90, 1.0, shift=0.0))
    assert np.mean(sharp.p_value < 0.05) == pytest.approx(0.151, abs=0.01)
    sharper = student(*simulated(10, 3.0, 40, 1.0, shift=0.0))
    assert np.mean(sharper.p_value < 0.05) == pytest.approx(0.258, abs=0.012)


@pytest.mark.parametrize("setting", list(SETTINGS))
def test_bonett_covers_whatever_the_spreads(setting: str) -> None:
    n1, sd1, n0, sd0 = SETTINGS[setting]
    standardiser = np.sqrt((sd1**2 + sd0**2) / 2)
    found = d_average(*simulated(n1, sd1, n0, sd0, shift=0.5 * standardiser))
    assert coverage(found, 0.5) == pytest.approx(0.952, abs=BAND + 0.006)


def test_noncentral_t_covers_with_equal_spreads_only() -> None:
    found = hedges_g(*simulated(*SETTINGS["equal"], shift=0.5))
    assert coverage(found, 0.5) == pytest.approx(0.95, abs=BAND + 0.004)
    for setting, expected in (("small group, larger spread", 0.83), ("large group, larger spread", 0.99)):
        n1, sd1, n0, sd0 = SETTINGS[setting]
        pooled = np.sqrt(((n1 - 1) * sd1**2 + (n0 - 1) * sd0**2) / (n1 + n0 - 2))
        found = hedges_g(*simulated(n1, sd1, n0, sd0, shift=0.5 * pooled))
        assert coverage(found, 0.5) == pytest.approx(expected, abs=0.012), setting


def test_probability_of_superiority_covers_on_five_levels() -> None:
    rng = np.random.default_rng(7)
    p1, p0 = np.array([0.05, 0.15, 0.3, 0.3, 0.2]), np.array([0.1, 0.25, 0.3, 0.25, 0.1])
    truth = float(p1 @ (np.cumsum(p0) - p0 / 2))
    for n1, n0 in ((15, 60), (30, 30), (60, 60)):
        inside = 0
        for member, reference in zip(rng.choice(5, (3000, n1), p=p1), rng.choice(5, (3000, n0), p=p0), strict=True):
            found = probability_of_superiority(member, reference)
            inside += found.conf_low <= truth <= found.conf_high
        assert inside / 3000 == pytest.approx(0.95, abs=0.0155), (n1, n0)


def exact_coverages(measure: str, n1: int, n0: int, grid: np.ndarray) -> np.ndarray:
    """The exact coverage at each pair of true shares, by adding up all tables."""
    x1, x0 = (t.ravel() for t in np.meshgrid(np.arange(n1 + 1), np.arange(n0 + 1), indexing="ij"))
    low, high = LIMITS[measure](x1, n1, x0, n0)
    out = []
    for p1 in grid:
        for p0 in grid:
            weight = binomial(x1, n1, p1) * binomial(x0, n0, p0)
            truth = p1 / p0 if measure == "koopman" else p1 - p0
            inside = (low <= truth + 1e-12) & (truth - 1e-12 <= high)
            out.append((weight * inside).sum())
    return np.array(out)


def binomial(x: np.ndarray, n: int, p: float) -> np.ndarray:
    log_ways = special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1)
    return np.exp(log_ways + x * np.log(p) + (n - x) * np.log1p(-p))


def newcombe_limits(x1: np.ndarray, n1: int, x0: np.ndarray, n0: int) -> tuple[np.ndarray, np.ndarray]:
    found = risk_difference(x1, n1, x0, n0)
    return found.conf_low, found.conf_high


def score_limits(x1: np.ndarray, n1: int, x0: np.ndarray, n0: int) -> tuple[np.ndarray, np.ndarray]:
    found = miettinen_nurminen(x1, n1, x0, n0)
    return found.conf_low, found.conf_high


def koopman_limits(x1: np.ndarray, n1: int, x0: np.ndarray, n0: int) -> tuple[np.ndarray, np.ndarray]:
    found = risk_ratio(x1, n1, x0, n0)
    return np.nan_to_num(found.conf_low, nan=0.0), np.nan_to_num(found.conf_high, nan=np.inf)


def wald_limits(x1: np.ndarray, n1: int, x0: np.ndarray, n0: int) -> tuple[np.ndarray, np.ndarray]:
    p1, p0 = x1 / n1, x0 / n0
    half = 1.959964 * np.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    return p1 - p0 - half, p1 - p0 + half


LIMITS = {
    "newcombe": newcombe_limits,
    "miettinen_nurminen": score_limits,
    "koopman": koopman_limits,
    "wald": wald_limits,
}
GRID = np.linspace(0.05, 0.95, 19)
SIZES = ((15, 25), (20, 20), (30, 120), (60, 60))


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("measure", ["newcombe", "miettinen_nurminen", "koopman"])
def test_share_limits_cover_exactly(measure: str, sizes: tuple[int, int]) -> None:
    found = exact_coverages(measure, *sizes, GRID)
    assert 0.945 <= found.mean() <= 0.97
    if measure != "newcombe":
        assert found.min() >= 0.93
    apart = np.abs(np.subtract.outer(GRID, GRID)).ravel()
    assert found[apart <= 0.45].min() >= 0.93


def test_newcombe_covers_a_little_too_seldom_where_small_groups_differ_enormously() -> None:
    assert exact_coverages("newcombe", 15, 25, GRID).min() == pytest.approx(0.911, abs=0.001)
    assert exact_coverages("newcombe", 20, 20, GRID).min() == pytest.approx(0.921, abs=0.001)


@pytest.mark.parametrize(("sizes", "shares", "wald", "newcombe"), [
    ((15, 25), (0.9, 0.8), 0.928, 0.953),
    ((20, 20), (0.5, 0.5), 0.919, 0.957),
])  # fmt: skip
def test_wald_covers_too_little(
    sizes: tuple[int, int], shares: tuple[float, float], wald: float, newcombe: float
) -> None:
    x1, x0 = (t.ravel() for t in np.meshgrid(np.arange(sizes[0] + 1), np.arange(sizes[1] + 1), indexing="ij"))
    weight = binomial(x1, sizes[0], shares[0]) * binomial(x0, sizes[1], shares[1])
    truth = shares[0] - shares[1]
    for measure, expected in (("wald", wald), ("newcombe", newcombe)):
        low, high = LIMITS[measure](x1, sizes[0], x0, sizes[1])
        inside = (low <= truth + 1e-12) & (truth - 1e-12 <= high)
        assert (weight * inside).sum() == pytest.approx(expected, abs=0.0006)
    assert exact_coverages("wald", *sizes, GRID).min() < 0.82


@pytest.mark.parametrize("sizes", [(5, 7), (12, 20), (30, 30)])
def test_shift_limits_of_tied_scores_cover_at_least_as_often_as_they_say(sizes: tuple[int, int]) -> None:
    """Scores from 0 to 5, many of them tied, shifted by 2 points: exact limits are never too narrow."""
    rng = np.random.default_rng(24)
    shares = np.array([0.05, 0.15, 0.3, 0.25, 0.15, 0.1])
    inside, replicates = 0, 1000
    for _ in range(replicates):
        member, reference = (rng.choice(6, n, p=shares).astype(float) for n in sizes)
        found = hodges_lehmann(member + 2, reference)
        inside += bool(np.isnan(found.conf_low) or found.conf_low <= 2 <= found.conf_high)
    assert inside / replicates >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / replicates)


def test_exact_shift_limits_hold_their_level_without_ties() -> None:
    rng = np.random.default_rng(25)
    inside = 0
    for _ in range(2000):
        found = hodges_lehmann(rng.exponential(1, 9) + 0.5, rng.exponential(1, 14))
        inside += found.conf_low <= 0.5 <= found.conf_high
    assert inside / 2000 == pytest.approx(0.955, abs=0.0155)
