"""Do tests of several waves hold their level: where students' slopes differ, where few classes share them, with few students?

Bands are three standard errors of the simulation around the level, and what the approximation is allowed beyond it.
"""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.random_intercept import random_intercept
from society_effects.stats.unstructured_waves import group_wave_design, unstructured_waves

pytestmark = pytest.mark.slow
WAVES = 4
CHANGE = np.kron([0, 1], [-1, 0, 0, 1])
DIFFERENCE = np.kron([-1, 1], [-1, 0, 0, 1])
TREND = np.kron([-1, 1], [-0.3, -0.1, 0.1, 0.3])
CONTRASTS = (CHANGE, DIFFERENCE, TREND)


def band(replicates: int) -> float:
    return 3 * float(np.sqrt(0.05 * 0.95 / replicates))


def scores(n: int, rng: np.random.Generator, slope: float = 0.35) -> np.ndarray:
    """Nobody changes on average; every student has a level and a slope of their own."""
    level, own = rng.standard_normal((n, 1)), slope * rng.standard_normal((n, 1))
    return level + own * np.arange(WAVES) + rng.standard_normal((n, WAVES))


def p_values(values: np.ndarray, arms: np.ndarray) -> np.ndarray:
    """P of the three contrasts: unstructured covariance, random intercept, random intercept with CR2 over students."""
    design, seen = group_wave_design(arms, WAVES), ~np.isnan(values)
    students = np.broadcast_to(np.arange(len(arms))[:, None], values.shape)
    level = random_intercept(values[seen], design[seen], students[seen])
    fits = (unstructured_waves(values, design).coefficients, level.coefficients, level.robust())
    return np.array([[fit.contrast(weights).p_value for weights in CONTRASTS] for fit in fits])


@pytest.mark.parametrize(("missing", "replicates"), [(0.0, 3000), (0.2, 1500)])
def test_the_unstructured_covariance_holds_its_level_and_the_random_intercept_does_not(
    missing: float, replicates: int
) -> None:
    """30 students in each group; slopes differ between students."""
    rng, arms, rejected = np.random.default_rng(61), np.repeat([0, 1], 30), np.zeros((3, 3))
    for _ in range(replicates):
        values = scores(60, rng)
        values[:, 1:][rng.random((60, WAVES - 1)) < missing] = np.nan
        rejected += p_values(values, arms) < 0.05
    unstructured, level, robust = rejected / replicates
    print(f"missing {missing}: unstructured {unstructured}, random intercept {level}, with CR2 {robust}")
    assert np.all(np.abs(unstructured - 0.05) <= band(replicates))
    assert np.all(np.abs(robust - 0.05) <= band(replicates))
    assert level.min() > 0.06 and level[1:].min() > 0.075


@pytest.mark.parametrize(("n", "missing"), [(6, 0.0), (10, 0.1), (30, 0.2)])
def test_all_changes_together(n: int, missing: float) -> None:
    """The joint test of the differences in change at all waves, with few students and missing waves."""
    rng, arms, rejected, replicates = np.random.default_rng(63), np.repeat([0, 1], n), 0, 1500
    together = np.kron([-1, 1], np.eye(WAVES)[1:] - np.eye(WAVES)[0])
    for _ in range(replicates):
        values = scores(2 * n, rng)
        values[:, 1:][rng.random((2 * n, WAVES - 1)) < missing] = np.nan
        rejected += (
            unstructured_waves(values, group_wave_design(arms, WAVES)).coefficients.joint(together).p_value < 0.05
        )
    print(f"all changes, {n} in each group, missing {missing}: {rejected / replicates}")
    assert abs(rejected / replicates - 0.05) <= band(replicates) + 0.01


@pytest.mark.parametrize(("missing", "allowed"), [(0.0, 0.0), (0.15, 0.04)])
def test_groups_that_vary_differently_need_a_covariance_of_their_own(missing: float, allowed: float) -> None:
    """10 members who vary three times as much as 30 others; a difference in change and all changes together."""
    rng, arms, rejected, replicates = np.random.default_rng(66), np.repeat([1, 0], [10, 30]), np.zeros((2, 2)), 800
    together = np.kron([-1, 1], np.eye(WAVES)[1:] - np.eye(WAVES)[0])
    design = group_wave_design(arms, WAVES)
    for _ in range(replicates):
        values = scores(40, rng) * np.where(arms == 1, 3.0, 1.0)[:, None]
        values[:, 1:][rng.random((40, WAVES - 1)) < missing] = np.nan
        for i, strata in enumerate((None, arms)):
            fit = unstructured_waves(values, design, strata=strata).coefficients
            rejected[i] += fit.contrast(DIFFERENCE).p_value < 0.05, fit.joint(together).p_value < 0.05
    common, apart = rejected / replicates
    print(f"10 and 30 students, spread 3 to 1, missing {missing}: common covariance {common}, of each group {apart}")
    assert np.all(common > 0.15)
    assert np.all(np.abs(apart - 0.05) <= band(replicates) + allowed)


@pytest.mark.parametrize("n", [4, 6, 8])
def test_few_students(n: int) -> None:
    """The random intercept with CR2 over the students, where the unstructured covariance asks for more students."""
    rng, arms, rejected, replicates, asked = (
        np.random.default_rng(62 + n),
        np.repeat([0, 1], n),
        np.zeros((3, 3)),
        1500,
        0,
    )
    for _ in range(replicates):
        values = scores(2 * n, rng)
        values[0, -1] = np.nan
        found = p_values(values, arms)
        asked += bool(np.isnan(found[0]).any())
        rejected += found < 0.05
    _, level, robust = rejected / replicates
    print(
        f"n {n}: unstructured {rejected[0] / max(replicates - asked, 1)} ({asked} undefined), {level}, with CR2 {robust}"
    )
    assert np.all(robust <= 0.05 + band(replicates))


@pytest.mark.parametrize("classes", [6, 10, 20])
@pytest.mark.parametrize("whole", [True, False], ids=["whole classes", "inside classes"])
def test_students_in_classes(classes: int, whole: bool) -> None:
    """Classes differ in level and in slope; CR2 over the classes holds, the model of students alone does not."""
    rng, rejected, replicates = np.random.default_rng(70 + classes), np.zeros((2, 3)), 1000
    for _ in range(replicates):
        codes = np.repeat(np.arange(classes), rng.integers(10, 31, classes))
        arms = (codes < classes // 2).astype(int) if whole else (rng.random(len(codes)) < 0.35).astype(int)
        shared = 0.5 * rng.standard_normal((classes, 1)) + 0.25 * rng.standard_normal((classes, 1)) * np.arange(WAVES)
        fit = unstructured_waves(scores(len(codes), rng) + shared[codes], group_wave_design(arms, WAVES))
        robust = fit.by_class(codes)
        rejected += [[one.contrast(c).p_value < 0.05 for c in CONTRASTS] for one in (fit.coefficients, robust)]
    alone, robust_rate = rejected / replicates
    print(f"{classes} classes, whole {whole}: {alone}, with CR2 {robust_rate}")
    assert np.all(robust_rate <= 0.05 + band(replicates) + 0.012)
    assert np.all(robust_rate >= 0.02)
    assert alone[0] > 0.1


@pytest.mark.parametrize("classes", [6, 10, 20])
@pytest.mark.parametrize("icc", [0.0, 0.1, 0.3])
def test_the_random_intercept_of_classes(classes: int, icc: float) -> None:
    """A comparison of whole classes and one inside them; at variance 0 the first is cautious."""
    rng, rejected, coverage, replicates = np.random.default_rng(80 + classes), np.zeros(2), 0, 1500
    for _ in range(replicates):
        codes = np.repeat(np.arange(classes), rng.integers(10, 31, classes))
        design = np.column_stack([np.ones(len(codes)), codes < classes // 2, rng.random(len(codes)) < 0.4]).astype(
            float
        )
        values = np.sqrt(icc) * rng.standard_normal(classes)[codes] + np.sqrt(1 - icc) * rng.standard_normal(len(codes))
        fit = random_intercept(values, design, codes)
        rejected += [fit.coefficients.contrast(c).p_value < 0.05 for c in np.eye(3)[1:]]
        limits = fit.icc()
        coverage += bool(limits.conf_low <= icc <= limits.conf_high)
    between, within = rejected / replicates
    print(
        f"{classes} classes, icc {icc}: between {between}, within {within}, coverage of the icc {coverage / replicates}"
    )
    assert between <= 0.05 + band(replicates) and abs(within - 0.05) <= band(replicates)
    assert coverage / replicates > 0.92
