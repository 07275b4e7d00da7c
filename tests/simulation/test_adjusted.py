"""Do adjusted comparisons hold their level, and which of the two answers of Lord's paradox is right when?

Bands are three standard errors of the simulation around the level, and what the approximate degrees of freedom are
allowed beyond it.
"""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.error_in_variables import error_in_variables
from society_effects.stats.inference import Inference, from_t
from society_effects.stats.pre_post_effect_size import d_ppc2
from society_effects.stats.stratified_superiority import stratified_superiority

pytestmark = pytest.mark.slow


def band(replicates: int) -> float:
    return 3 * float(np.sqrt(0.05 * 0.95 / replicates))


def coverage(found: Inference, truth: float) -> float:
    return float(np.mean((found.conf_low <= truth) & (truth <= found.conf_high)))


def joined(tendency: np.ndarray, members: int, rng: np.random.Generator) -> np.ndarray:
    """So many members of each study, those with the largest tendency and luck."""
    luck = tendency + rng.logistic(size=tendency.shape)
    return np.argsort(np.argsort(-luck, axis=1), axis=1) < members


@pytest.mark.parametrize(("n", "members", "replicates"), [(400, 100, 3000), (100, 30, 5000), (40, 10, 5000)])
def test_the_members_are_a_sample_too(n: int, members: int, replicates: int) -> None:
    """Membership means more for those with a high earlier score; spread grows with it, and it is skewed."""
    rng = np.random.default_rng(n)
    x = rng.exponential(size=(replicates, n))
    arm = joined(0.7 * x, members, rng)
    y = x + arm * (0.3 + 0.35 * x) + 0.5 * (1 + 0.5 * x) * rng.standard_normal(x.shape)
    truth = 0.3 + 0.35 * float(x[arm].mean())
    found = adjusted_difference(y, arm, x[..., None])
    with_term = coverage(found.difference, truth)
    without = coverage(found.coefficient("member"), truth)
    assert abs(with_term - 0.95) <= band(replicates) + (0.015 if n == 40 else 0.003), with_term
    assert without < with_term - 0.005 and without < 0.95, (with_term, without)


@pytest.mark.parametrize("whole", [False, True], ids=["inside", "whole"])
@pytest.mark.parametrize("classes", [6, 10, 20])
def test_classes_hold_their_level(classes: int, whole: bool) -> None:
    """Membership inside classes or of whole ones; members' slopes differ, and so do classes by their mean score."""
    rng, replicates, estimates = np.random.default_rng(60 + classes), 1000, []
    for _ in range(replicates):
        codes = np.repeat(np.arange(classes), rng.integers(10, 31, classes))
        of_class = np.sqrt(0.3) * rng.standard_normal(classes)[codes]
        x = of_class + np.sqrt(0.7) * rng.standard_normal(len(codes))
        arm = codes < classes // 2 if whole else rng.random(len(codes)) < 1 / (1 + np.exp(0.8 - x))
        shared = np.sqrt(0.1) * rng.standard_normal(classes)[codes] + 0.5 * of_class
        y = 0.6 * x + 0.5 * arm * x + shared + np.sqrt(0.9) * rng.standard_normal(len(codes))
        found = adjusted_difference(y, arm, x[:, None], clusters=codes).difference
        estimates.append((found.estimate, found.std_error, found.df))
    estimate, std_error, df = np.transpose(estimates)
    centre = 0.0 if whole else float(estimate.mean())
    assert abs(coverage(from_t(estimate, std_error, df), centre) - 0.95) <= band(replicates) + 0.01


def test_lord_stable_gap() -> None:
    """Members always stood one point higher and nothing happened: changes say 0, adjustment says 1 - reliability."""
    rng, shape = np.random.default_rng(70), (2000, 200)
    arm = np.broadcast_to(np.arange(200) < 80, shape)
    stable = arm + rng.standard_normal(shape)
    before, after = (stable + 0.7 * rng.standard_normal(shape) for _ in range(2))
    change = adjusted_difference(after - before, arm).difference
    ancova = adjusted_difference(after, arm, before[..., None]).difference
    error = np.std(change.estimate) / np.sqrt(2000), np.std(ancova.estimate) / np.sqrt(2000)
    assert abs(np.mean(change.estimate)) <= 3 * error[0]
    assert abs(np.mean(ancova.estimate) - (1 - 1 / 1.49)) <= 3 * error[1] + 0.003
    assert abs(coverage(change, 0) - 0.95) <= band(2000) and coverage(ancova, 0) < 0.5


def test_lord_chosen_by_the_score() -> None:
    """Students joined because of that very score: adjustment says 0, changes show the regression to the mean."""
    rng, shape = np.random.default_rng(71), (2000, 200)
    stable = rng.standard_normal(shape)
    before, after = (stable + 0.7 * rng.standard_normal(shape) for _ in range(2))
    arm = joined(1.5 * before, 80, rng)
    change = adjusted_difference(after - before, arm).difference
    ancova = adjusted_difference(after, arm, before[..., None]).difference
    gap = float(before[arm].mean() - before[~arm].mean())
    assert abs(np.mean(ancova.estimate)) <= 3 * np.std(ancova.estimate) / np.sqrt(2000)
    assert abs(np.mean(change.estimate) + gap * (1 - 1 / 1.49)) <= 3 * np.std(change.estimate) / np.sqrt(2000)
    assert abs(coverage(ancova, 0) - 0.95) <= band(2000) and coverage(change, 0) < 0.5


@pytest.mark.parametrize("classes", [None, 12])
def test_the_reliability_within_arms_undoes_the_stable_gap(classes: int | None) -> None:
    rng, replicates, estimates = np.random.default_rng(72), 600, []
    for _ in range(replicates):
        codes = np.repeat(np.arange(classes or 200), 200 // (classes or 200) + (classes is not None))
        arm = np.isin(codes, rng.permutation(codes.max() + 1)[: (codes.max() + 1) * 2 // 5])
        stable = (
            arm
            + rng.standard_normal(len(codes))
            + (classes is not None) * 0.3 * rng.standard_normal(codes.max() + 1)[codes]
        )
        within = 1 + 0.09 * (classes is not None)
        before, after = (stable + 0.7 * rng.standard_normal(len(codes)) for _ in range(2))
        clusters = None if classes is None else codes
        found = error_in_variables(after, before, arm, within / (within + 0.49), clusters=clusters, resamples=399)
        estimates.append(
            (found.difference.estimate[0], found.difference.std_error[0], np.ravel(found.difference.df)[0])
        )
    estimate, std_error, df = np.transpose(estimates)
    assert abs(estimate.mean()) <= 3 * estimate.std() / np.sqrt(replicates) + 0.01
    assert abs(coverage(from_t(estimate, std_error, df), 0) - 0.95) <= band(replicates) + 0.01


@pytest.mark.parametrize(("spread", "lowest", "highest"), [(1.0, 0.938, 0.962), (1.5, 0.80, 0.89)])
def test_morris_needs_the_same_spread_later(spread: float, lowest: float, highest: float) -> None:
    rng, replicates, inside = np.random.default_rng(73), 3000, 0
    for _ in range(replicates):
        scores = []
        for n, gain in ((20, 0.5), (40, 0.0)):
            first = rng.standard_normal(n)
            scores += [first, spread * (0.7 * first + np.sqrt(0.51) * rng.standard_normal(n)) + gain]
        found = d_ppc2(*scores)
        inside += bool(found.conf_low < 0.5 < found.conf_high)
    assert lowest <= inside / replicates <= highest, inside / replicates


@pytest.mark.parametrize(
    ("n", "classes", "replicates"), [(60, None, 3000), (150, 6, 1500), (250, 10, 1500), (500, 20, 1000)]
)
def test_superiority_within_strata(n: int, classes: int | None, replicates: int) -> None:
    rng, limits = np.random.default_rng(74), []
    for _ in range(replicates):
        ability, codes = rng.standard_normal(n), rng.integers(0, classes or n, n)
        arm = rng.random(n) < 1 / (1 + np.exp(0.8 - ability))
        before = np.digitize(ability + 0.5 * rng.standard_normal(n), [-1, 0, 1])
        shared = 0.4 * (classes is not None) * rng.standard_normal(classes or n)[codes]
        after = np.digitize(0.8 * ability + shared + rng.standard_normal(n) + 0.4 * arm, [-1, -0.3, 0.4, 1.2])
        found = stratified_superiority(after, arm, before, clusters=None if classes is None else codes).superiority
        limits.append((found.estimate, found.conf_low, found.conf_high))
    estimate, low, high = np.transpose(limits)
    centre = float(np.nanmean(estimate))
    assert abs(np.mean((low < centre) & (centre < high)) - 0.95) <= band(replicates) + 0.008
