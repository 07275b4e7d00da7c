"""Adjustment for an earlier score measured with error: two ways to the same number, the bootstrap, what is undefined."""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.error_in_variables import error_in_variables, within_arm_reliability

RNG = np.random.default_rng(17)
N = 240
MEMBER = np.arange(N) < 80
TRUE = RNG.standard_normal(N) + MEMBER
BEFORE = 70 + 10 * (TRUE + 0.5 * RNG.standard_normal(N))
OTHER = RNG.standard_normal(N) + 0.6 * TRUE
AFTER = 72 + 10 * (TRUE + 0.3 * OTHER + 0.2 * MEMBER * TRUE + 0.5 * RNG.standard_normal(N))
CLASSES = RNG.integers(0, 16, N)


def calibrated(reliability: float, more: np.ndarray) -> np.ndarray:
    """The score shrunk towards what its arm and the other covariates say of it."""
    found = np.empty(N)
    for arm in (MEMBER, ~MEMBER):
        design, x = np.column_stack([np.ones(arm.sum()), more[arm]]), BEFORE[arm]
        expected = design @ np.linalg.lstsq(design, x, rcond=None)[0]
        left = 1 - (1 - reliability) * np.var(x) / np.mean((x - expected) ** 2)
        found[arm] = expected + left * (x - expected)
    return found


@pytest.mark.parametrize("target", ["members", "all"])
def test_it_is_the_regression_on_the_score_shrunk_within_its_arm(target: str) -> None:
    found = error_in_variables(AFTER, BEFORE, MEMBER, (0.6, 0.8, 1.0), target=target, resamples=99)
    for i, rho in enumerate(found.reliability):
        means = np.where(MEMBER, BEFORE[MEMBER].mean(), BEFORE[~MEMBER].mean())
        shrunk = means + rho * (BEFORE - means)
        by_hand = adjusted_difference(AFTER, MEMBER, shrunk[:, None], target=target).difference
        assert found.difference.estimate[i] == pytest.approx(by_hand.estimate, rel=1e-10)


def test_further_covariates_share_what_is_known_of_the_true_score() -> None:
    found = error_in_variables(AFTER, BEFORE, MEMBER, (0.7, 0.9), covariates=OTHER[:, None], resamples=99)
    for i, rho in enumerate(found.reliability):
        design = np.column_stack([calibrated(rho, OTHER[:, None]), OTHER])
        by_hand = adjusted_difference(AFTER, MEMBER, design).difference
        assert found.difference.estimate[i] == pytest.approx(by_hand.estimate, rel=1e-10)


def test_common_slopes() -> None:
    found = error_in_variables(AFTER, BEFORE, MEMBER, 0.8, interactions=False, resamples=99)
    plain = adjusted_difference(AFTER, MEMBER, BEFORE[:, None], interactions=False)
    slope = plain.coefficient("x1").estimate / 0.8
    gap = [v[MEMBER].mean() - v[~MEMBER].mean() for v in (AFTER, BEFORE)]
    assert found.difference.estimate[0] == pytest.approx(gap[0] - slope * gap[1], rel=1e-10)


def test_without_error_it_is_the_ordinary_adjustment() -> None:
    for clusters in (None, CLASSES):
        found = error_in_variables(AFTER, BEFORE, MEMBER, 1.0, clusters=clusters)
        plain = adjusted_difference(AFTER, MEMBER, BEFORE[:, None], clusters=clusters).difference
        assert found.difference.estimate[0] == pytest.approx(plain.estimate, rel=1e-11)
        assert found.difference.std_error[0] == pytest.approx(plain.std_error, rel=0.08)
        assert found.difference.df == plain.df or np.all(found.difference.df == plain.df)


def test_the_bootstrap_has_a_seed_and_no_order() -> None:
    order = RNG.permutation(N)
    one = error_in_variables(AFTER, BEFORE, MEMBER, 0.8, resamples=99, seed=3).difference
    two = error_in_variables(AFTER[order], BEFORE[order], MEMBER[order], 0.8, resamples=99, seed=3).difference
    three = error_in_variables(AFTER, BEFORE, MEMBER, 0.8, resamples=99, seed=4).difference
    assert one.std_error[0] == pytest.approx(two.std_error[0], rel=1e-9)
    assert one.std_error[0] != pytest.approx(three.std_error[0], rel=1e-9)


def test_a_reliability_that_leaves_nothing_has_no_estimate() -> None:
    found = error_in_variables(AFTER, BEFORE, MEMBER, (0.2, 0.9), covariates=OTHER[:, None], resamples=99)
    assert np.isnan(found.difference.estimate[0]) and np.isnan(found.difference.p_value[0])
    assert found.difference.flags["RELIABILITY_TOO_LOW"].tolist() == [True, False]
    near = error_in_variables(AFTER, BEFORE, MEMBER, 0.37, covariates=OTHER[:, None], resamples=499)
    assert not np.isfinite(near.difference.estimate[0]) or near.draws[0] <= 499
    undefined = error_in_variables(AFTER, BEFORE, MEMBER, np.nan, resamples=99)
    assert undefined.difference.flags["RELIABILITY_TOO_LOW"][0]


def test_one_class_of_members_has_no_standard_error() -> None:
    classes = np.where(MEMBER, 0, 1 + CLASSES)
    found = error_in_variables(AFTER, BEFORE, MEMBER, 0.9, clusters=classes, resamples=99).difference
    assert np.isfinite(found.estimate[0]) and np.isnan(found.std_error[0]) and "ONE_CLUSTER_IN_ARM" in found.raised


def test_a_score_that_does_not_vary_cannot_be_corrected() -> None:
    found = error_in_variables(AFTER, np.full(N, 70.0), MEMBER, 0.9, resamples=99).difference
    assert np.isnan(found.estimate[0]) and "RELIABILITY_TOO_LOW" in found.raised


def test_reliability_within_arms() -> None:
    within = np.concatenate([BEFORE[a] - BEFORE[a].mean() for a in (MEMBER, ~MEMBER)])
    error = 0.2 * np.var(BEFORE, ddof=1)
    expected = 1 - error / (np.sum(within**2) / (N - 2))
    assert within_arm_reliability(0.8, BEFORE, MEMBER) == pytest.approx(expected)
    assert np.isnan(within_arm_reliability([0.01, 1.0], BEFORE, MEMBER)).tolist() == [True, False]


def test_scores_that_follow_a_line_have_no_p_value() -> None:
    found = error_in_variables(3 + 2 * BEFORE + MEMBER, BEFORE, MEMBER, 1.0, resamples=99).difference
    assert found.std_error[0] == 0 and np.isnan(found.p_value[0]) and "DEGENERATE" in found.raised


def test_classes_are_resampled_with_others_of_their_kind() -> None:
    """Classes of members only, of others only, and of both."""
    from society_effects.stats.error_in_variables import _units

    arm = np.array([1, 1, 0, 0, 1, 0, 1, 1, 0, 0], dtype=bool)
    classes = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    sums, strata = _units(arm[:, None].astype(float), arm, classes)
    kinds = {(float(share), int(stratum)) for share, stratum in zip(sums[:, 0] / 2, strata, strict=True)}
    assert len(kinds) == len({share for share, _ in kinds}) == len({stratum for _, stratum in kinds}) == 3


def test_the_spread_of_draws_leaves_out_those_that_failed() -> None:
    from society_effects.stats.error_in_variables import _spread

    drawn = np.random.default_rng(1).normal(5, 2, (200, 3))
    drawn[:4, 1], drawn[:40, 2] = [np.nan, np.inf, -np.inf, np.nan], np.nan
    spread, draws = _spread(drawn)
    assert draws.tolist() == [200, 196, 160]
    assert spread[:2] == pytest.approx([np.std(drawn[:, 0], ddof=1), np.std(drawn[4:, 1], ddof=1)], rel=1e-12)
    assert np.isnan(spread[2])


def test_resampled_strata_keep_their_size_on_average_and_in_sum() -> None:
    from society_effects.stats.error_in_variables import _weights

    weights = _weights(np.repeat([0, 2], [4, 6]), 4000, np.random.default_rng(1))
    assert weights[:, :4].sum(axis=1) == pytest.approx(4) and weights[:, 4:].sum(axis=1) == pytest.approx(6)
    assert weights.mean(axis=0) == pytest.approx(1, abs=0.1)
    assert weights.var(axis=0) == pytest.approx(1, abs=0.15), "so that the variance of a mean is s2 / n"
