"""Missing outcomes: shifts are exact, nothing is counted twice, and without missing scores nothing changes."""

import numpy as np
import pytest

from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.missing_outcomes import shifted_outcomes

RNG = np.random.default_rng(12)
N = 150
X = RNG.standard_normal((N, 2))
MEMBER = X[:, 0] + RNG.standard_normal(N) > 0.3
CLASSES = RNG.integers(0, 12, N)
FULL = 10 + X @ [1.0, 0.5] + 1.1 * MEMBER + 0.4 * MEMBER * X[:, 0] + RNG.standard_normal(N)
Y = np.where(RNG.random(N) < 0.1 + 0.15 * (X[:, 1] > 0), np.nan, FULL)
SETTINGS = [{}, {"target": "all"}, {"interactions": False}, {"clusters": CLASSES}]
NAMES = ["members", "all", "ancova", "classes"]


@pytest.mark.parametrize("settings", SETTINGS, ids=NAMES)
def test_without_missing_scores_it_is_the_adjusted_difference(settings: dict) -> None:
    found, usual = shifted_outcomes(FULL, MEMBER, X, **settings), adjusted_difference(FULL, MEMBER, X, **settings)
    ours, theirs = found.shifted(0.7, -0.4), usual.difference
    for name in ("estimate", "std_error", "df", "p_value", "conf_low"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), rel=1e-10)
    assert (found.share_member, found.share_reference) == pytest.approx((0, 0), abs=1e-14)
    for arm in ("members", "reference"):
        tipping = found.tipping(arm)
        assert tipping.flags["NO_MISSING"] and np.isnan([tipping.estimate, tipping.limit]).all()


CASES = [
    (s, shift) for s in SETTINGS for shift in ((0.0, 0.0), (-0.8, 0.3)) if s.get("interactions", True) or not any(shift)
]


@pytest.mark.parametrize(("settings", "shift"), CASES)
def test_the_estimate_is_that_of_the_scores_filled_in_by_prediction_and_shift(settings: dict, shift: tuple) -> None:
    found, seen = shifted_outcomes(Y, MEMBER, X, **settings), ~np.isnan(Y)
    columns = [np.ones(N), MEMBER, X[:, 0], X[:, 1]]
    if settings.get("interactions", True):
        columns += [MEMBER * X[:, 0], MEMBER * X[:, 1]]
    design = np.column_stack(columns)
    predicted = design @ np.linalg.lstsq(design[seen], Y[seen], rcond=None)[0]
    filled = np.where(seen, Y, predicted + found.sd * np.where(MEMBER, *shift))
    theirs = adjusted_difference(filled, MEMBER, X, **settings).difference
    assert found.shifted(*shift).estimate == pytest.approx(theirs.estimate, rel=1e-10)


def test_without_covariates_the_share_is_the_share_of_the_arm() -> None:
    found, gone = shifted_outcomes(Y, MEMBER), np.isnan(Y)
    one, two = gone[MEMBER].mean(), gone[~MEMBER].mean()
    assert (found.share_member, found.share_reference) == pytest.approx((one, two), rel=1e-12)
    arms = [Y[MEMBER & ~gone], Y[~MEMBER & ~gone]]
    plain = arms[0].mean() - arms[1].mean()
    assert found.shifted(-1, 0.5).estimate == pytest.approx(plain - found.sd * (one + 0.5 * two), rel=1e-12)
    squares = sum(np.sum((arm - arm.mean()) ** 2) for arm in arms)
    assert found.sd == pytest.approx(np.sqrt(squares / (len(Y[~gone]) - 2)), rel=1e-12)


def test_without_covariates_the_variance_is_that_of_scores_and_shares() -> None:
    """By hand: of each arm, HC3 of the mean of the seen plus delta squared times HC3 of the share."""
    found, gone = shifted_outcomes(Y, MEMBER), np.isnan(Y)
    expected = 0.0
    for arm, delta in ((MEMBER, -0.9), (~MEMBER, 0.6)):
        seen = Y[arm & ~gone]
        share = gone[arm].mean()
        of_share = np.sum((gone[arm] - share) ** 2) / (arm.sum() - 1) ** 2
        expected += np.sum((seen - seen.mean()) ** 2) / (len(seen) - 1) ** 2 + (delta * found.sd) ** 2 * of_share
    assert found.shifted(-0.9, 0.6).std_error == pytest.approx(np.sqrt(expected), rel=1e-12)


def test_members_share_is_exact_when_they_are_the_target() -> None:
    found = shifted_outcomes(Y, MEMBER, X)
    assert found.share_member == pytest.approx(np.isnan(Y)[MEMBER].mean(), rel=1e-12)


@pytest.mark.parametrize("settings", SETTINGS, ids=NAMES)
@pytest.mark.parametrize("arm", ["members", "reference"])
def test_tipping_points_are_where_estimate_and_limit_reach_the_null(settings: dict, arm: str) -> None:
    found = shifted_outcomes(Y, MEMBER, X, **settings)
    tipping = found.tipping(arm)

    def at(shift: float):
        return found.shifted(shift, 0) if arm == "members" else found.shifted(0, shift)

    assert at(tipping.estimate).estimate == pytest.approx(0, abs=1e-10)
    assert (tipping.estimate < 0) == (arm == "members")
    limit = at(tipping.limit)
    assert min(abs(limit.conf_low), abs(limit.conf_high)) == pytest.approx(0, abs=1e-9)
    for shift in np.linspace(-1, 1, 41)[1:-1] * abs(tipping.limit) * 0.999:
        assert at(shift).conf_low > 0


def test_an_interval_that_includes_the_null_needs_no_shift() -> None:
    found = shifted_outcomes(np.where(np.isnan(Y), np.nan, RNG.standard_normal(N)), MEMBER, X)
    tipping = found.tipping("members")
    assert tipping.limit == 0 and tipping.flags["ALREADY_INCLUDES"] and np.isfinite(tipping.estimate)


def test_a_grid_of_shifts() -> None:
    found = shifted_outcomes(Y, MEMBER, X)
    grid = np.linspace(-1, 1, 5)
    both = found.shifted(grid[:, None], grid[None, :])
    assert both.estimate.shape == (5, 5)
    assert both.estimate[0, 3] == pytest.approx(found.shifted(-1.0, 0.5).estimate, rel=1e-12)
    steps = np.diff(both.estimate, axis=0)
    assert steps == pytest.approx(np.full((4, 5), 0.5 * found.sd * found.share_member), rel=1e-9)


def test_fewer_scores_are_less_certain() -> None:
    assert (
        shifted_outcomes(Y, MEMBER, X).shifted(0, 0).std_error
        > adjusted_difference(FULL, MEMBER, X).difference.std_error
    )
    found = shifted_outcomes(Y, MEMBER, X)
    assert found.shifted(1.0, 1.0).std_error > found.shifted(0, 0).std_error


def test_units_and_swapped_arms() -> None:
    found, scaled = shifted_outcomes(Y, MEMBER, X), shifted_outcomes(5 + 30 * Y, MEMBER, X * [100, 0.01])
    assert scaled.shifted(-0.5, 0.5).estimate == pytest.approx(30 * found.shifted(-0.5, 0.5).estimate, rel=1e-9)
    assert scaled.tipping("members").limit == pytest.approx(found.tipping("members").limit, rel=1e-8)
    one, two = (shifted_outcomes(Y, arm, X, target="all") for arm in (MEMBER, ~MEMBER))
    assert one.shifted(0.3, -0.2).estimate == pytest.approx(-two.shifted(-0.2, 0.3).estimate, rel=1e-9)
    assert one.tipping("members").limit == pytest.approx(two.tipping("reference").limit, rel=1e-8)


def test_a_perfect_fit_and_one_member_have_no_interval() -> None:
    for outcome, arm in ((np.where(np.isnan(Y), np.nan, X[:, 0] + MEMBER), MEMBER), (Y, np.arange(N) == 3)):
        found = shifted_outcomes(outcome, arm, X[:, :1], interactions=False)
        assert np.isnan(found.shifted(0.5, 0).std_error) and np.isfinite(found.shifted(0.5, 0).estimate)
        assert np.isnan(found.tipping("reference").limit) and found.raised
    still = shifted_outcomes(np.where(np.isnan(Y), np.nan, 3.0), MEMBER).tipping("members")
    assert np.isnan([still.estimate, still.limit]).all() and not still.flags["NO_MISSING"]
