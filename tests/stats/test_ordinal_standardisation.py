"""Standardised orders: their relatives without covariates, their influence values, and what is undefined."""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.errors import DesignError
from society_effects.stats.ordinal_regression import proportional_odds
from society_effects.stats.ordinal_standardisation import StandardisedOrders, standardised_orders
from society_effects.stats.ranks import probability_of_superiority

RNG = np.random.default_rng(11)
N = 260
X = np.column_stack([RNG.standard_normal(N), RNG.random(N) < 0.5]).astype(float)
MEMBER = RNG.random(N) < 1 / (1 + np.exp(0.6 - X[:, 0]))
Y = np.digitize(X @ [0.9, 0.4] + 0.6 * MEMBER + RNG.logistic(size=N), [-1.2, 0.2, 1.4])
CLASSES = RNG.integers(0, 12, N)
WAYS = [(target, parallel) for target in ("members", "all") for parallel in (True, False)]


def values(found: StandardisedOrders, arm: int) -> list[float]:
    return [share.value for share in found.shares[arm]]


@pytest.mark.parametrize(("target", "parallel"), WAYS)
def test_reversed_categories_and_relabelled_arms_mirror(target: str, parallel: bool) -> None:
    found = standardised_orders(Y, MEMBER, X, target=target, parallel=parallel)
    back = standardised_orders(3 - Y, MEMBER, X, target=target, parallel=parallel)
    one, two = found.superiority, back.superiority
    assert (two.estimate, two.std_error, two.conf_low, two.p_value) == pytest.approx(
        (1 - one.estimate, one.std_error, 1 - one.conf_high, one.p_value), rel=1e-8
    )
    assert values(back, 0) == pytest.approx(values(found, 0)[::-1], rel=1e-8)
    assert [d.estimate for d in back.at_or_above] == pytest.approx([-d.estimate for d in found.at_or_above][::-1])
    if target == "all":
        other = standardised_orders(Y, ~MEMBER, X, target=target, parallel=parallel).superiority
        assert (other.estimate, other.std_error, other.p_value) == pytest.approx(
            (1 - one.estimate, one.std_error, one.p_value), rel=1e-8
        )


@pytest.mark.parametrize("target", ["members", "all"])
def test_without_covariates_separate_cuts_give_what_was_observed(target: str) -> None:
    found = standardised_orders(Y, MEMBER, parallel=False, target=target)
    for arm, chosen in enumerate((~MEMBER, MEMBER)):
        assert values(found, arm) == pytest.approx(np.bincount(Y[chosen]) / chosen.sum(), rel=1e-10)
    theirs = probability_of_superiority(Y[MEMBER], Y[~MEMBER])
    assert found.superiority.estimate == pytest.approx(theirs.estimate, rel=1e-12)
    assert found.superiority.std_error == pytest.approx(theirs.std_error, rel=5e-3)


@pytest.mark.parametrize(("target", "parallel"), WAYS)
def test_two_categories_are_the_standardised_logistic_regression(target: str, parallel: bool) -> None:
    found = standardised_orders(Y > 1, MEMBER, X, target=target, parallel=parallel)
    fit = proportional_odds(Y > 1, np.column_stack([MEMBER, X]))
    inside = MEMBER if target == "members" else np.ones(N, dtype=bool)
    others, members = (fit.at_or_above(np.column_stack([np.full(N, a), X]))[inside, 0] for a in (0.0, 1.0))
    difference = found.at_or_above[0]
    assert difference.estimate == pytest.approx(np.mean(members - others), rel=1e-10)
    assert found.superiority.estimate == pytest.approx(0.5 + difference.estimate / 2, rel=1e-10)
    error = found.superiority.std_error * found.superiority.estimate * (1 - found.superiority.estimate)
    assert error == pytest.approx(difference.std_error / 2, rel=1e-10)
    assert found.odds_ratio.estimate == pytest.approx(np.exp(fit.slopes[0]), rel=1e-10)


@pytest.mark.parametrize("clusters", [None, CLASSES], ids=["students", "classes"])
@pytest.mark.parametrize(("target", "parallel"), WAYS)
def test_influence_adds_up_to_the_variance(target: str, parallel: bool, clusters: np.ndarray | None) -> None:
    found = standardised_orders(Y, MEMBER, X, target=target, parallel=parallel, clusters=clusters)
    sums = found.influence if clusters is None else np.bincount(clusters, found.influence)
    theta = found.superiority.estimate
    assert np.sqrt(np.sum(sums**2)) == pytest.approx(found.superiority.std_error * theta * (1 - theta), rel=1e-10)
    assert found.superiority.method.endswith("_cr2") == (clusters is not None)


@pytest.mark.parametrize(("target", "parallel"), WAYS)
def test_influence_is_what_one_more_student_like_this_changes(target: str, parallel: bool) -> None:
    found = standardised_orders(Y, MEMBER, X, target=target, parallel=parallel)
    p = len(found.fits[0].to_coefficients)
    for student in (5, 40, 201, 222):
        rows = np.r_[np.arange(N), student]
        more = standardised_orders(Y[rows], MEMBER[rows], X[rows], target=target, parallel=parallel)
        change = more.superiority.estimate - found.superiority.estimate
        assert change == pytest.approx(found.influence[student] * np.sqrt((N - p) / N), rel=0.08, abs=3e-5)


@pytest.mark.parametrize(("target", "parallel"), [("members", True), ("all", False)])
def test_the_standard_error_is_that_of_the_bootstrap(target: str, parallel: bool) -> None:
    rng, drawn = np.random.default_rng(1), []
    for _ in range(100):
        rows = rng.integers(0, N, N)
        drawn.append(standardised_orders(Y[rows], MEMBER[rows], X[rows], target=target, parallel=parallel))
    found = standardised_orders(Y, MEMBER, X, target=target, parallel=parallel)
    theta = found.superiority.estimate
    spread = np.std([d.superiority.estimate for d in drawn])
    assert spread == pytest.approx(found.superiority.std_error * theta * (1 - theta), rel=0.2)
    spreads = np.std([[d.estimate for d in one.at_or_above] for one in drawn], axis=0)
    assert spreads == pytest.approx([d.std_error for d in found.at_or_above], rel=0.25)


def test_each_student_a_class_of_his_own_is_nearly_as_without_classes() -> None:
    alone = standardised_orders(Y, MEMBER, X, clusters=np.arange(N)).superiority
    found = standardised_orders(Y, MEMBER, X).superiority
    assert alone.std_error == pytest.approx(found.std_error, rel=0.02) and alone.estimate == found.estimate


def test_class_indicators_and_a_membership_known_from_one_class() -> None:
    indicators = (CLASSES[:, None] == np.arange(12)).astype(float)
    found = standardised_orders(Y, MEMBER, X, extra=indicators, clusters=CLASSES)
    assert not found.superiority.flags["COLLINEAR"] and found.terms.dropped == ("extra12",)
    assert found.superiority.df > 5 and len(found.fits[0].slopes) == 3 + 11
    inside_one = MEMBER & (CLASSES == 3)
    one = standardised_orders(Y, inside_one, X, clusters=CLASSES)
    assert one.superiority.raised == ("ONE_CLUSTER_IN_ARM",) and np.isnan(one.superiority.std_error)
    assert np.isfinite(one.superiority.estimate) and np.isnan(one.influence).all()


def test_categories_that_nobody_chose_have_no_interval() -> None:
    found = standardised_orders(np.where(Y > 1, Y + 2, Y + 1), MEMBER, X, n_categories=7)
    plain = standardised_orders(Y, MEMBER, X)
    assert found.superiority.estimate == plain.superiority.estimate
    assert [share.value for share in found.shares[1]] == pytest.approx(
        [0.0, *values(plain, 1)[:2], 0.0, *values(plain, 1)[2:], 0.0]
    )
    assert [share.raised for share in found.shares[0]] == [
        ("NO_EVENTS_AT_ALL",),
        (),
        (),
        ("NO_EVENTS_AT_ALL",),
        (),
        (),
        ("NO_EVENTS_AT_ALL",),
    ]
    first, second, third, fourth, fifth, last = found.at_or_above
    assert (
        first.raised == ("ALL_EVENTS",)
        and last.raised == ("NO_EVENTS_AT_ALL",)
        and first.estimate == last.estimate == 0
    )
    assert third.estimate == fourth.estimate == plain.at_or_above[1].estimate
    assert second.std_error == plain.at_or_above[0].std_error and fifth.conf_low == plain.at_or_above[2].conf_low


def test_shares_add_up_and_lie_inside_their_limits() -> None:
    for parallel in (True, False):
        found = standardised_orders(Y, MEMBER, X, parallel=parallel)
        for arm in (0, 1):
            assert sum(values(found, arm)) == pytest.approx(1, rel=1e-12)
            assert all(0 < share.conf_low < share.value < share.conf_high < 1 for share in found.shares[arm])


def test_lines_that_cross_are_made_to_meet() -> None:
    """Among the others the lower cut does not depend on x and the higher one does: at the members' x it is higher."""
    rng = np.random.default_rng(3)
    member = np.arange(240) >= 200
    x = np.where(member, 3.0, rng.uniform(-2, 1, 240)) + 0.1 * rng.standard_normal(240)
    y = (rng.random(240) < 0.6) * (1 + (rng.random(240) < 1 / (1 + np.exp(-2 * x))))
    y[member] = rng.integers(0, 3, 40)
    found = standardised_orders(y, member, x[:, None], parallel=False)
    assert "LINES_CROSS" in found.superiority.raised and found.superiority.std_error > 0
    empty = [share for share in found.shares[0] if share.value == 0]
    assert len(empty) == 1 and np.isnan(empty[0].conf_low) and sum(values(found, 0)) == pytest.approx(1)


def test_what_is_undefined_says_why() -> None:
    constant = standardised_orders(np.full(N, 2), MEMBER, X, n_categories=4)
    assert constant.superiority.estimate == 0.5 and constant.superiority.raised == ("NO_VARIATION",)
    assert values(constant, 1) == [0, 0, 1, 0] and not constant.influence.any() and len(constant.at_or_above) == 3
    apart = standardised_orders(np.digitize(X[:, 0], [-1, 0, 1]), MEMBER, X)
    assert apart.superiority.raised == ("CATEGORIES_SEPARATED",) and np.isnan(apart.superiority.estimate)
    assert np.isnan(apart.influence).all() and np.isnan(apart.odds_ratio.estimate) and np.isnan(values(apart, 0)).all()
    rare = standardised_orders(np.where(MEMBER, Y, np.minimum(Y, 2)), MEMBER, X, parallel=False)
    assert "CATEGORIES_SEPARATED" in rare.superiority.raised
    assert np.isfinite(standardised_orders(np.where(MEMBER, Y, np.minimum(Y, 2)), MEMBER, X).superiority.p_value)
    separate = standardised_orders(Y, MEMBER, X, parallel=False)
    assert separate.odds_ratio.raised == ("NOT_PROPORTIONAL",) and np.isnan(separate.odds_ratio.estimate)
    few = standardised_orders([0, 1, 0, 1], [0, 0, 1, 1], [[1, 2], [3, 1], [2, 3], [1, 1]]).superiority
    assert np.isnan(few.std_error) and {"TOO_FEW", "CATEGORIES_SEPARATED"} & set(few.raised)
    skipped = standardised_orders(np.where(MEMBER & (Y == 1), 2, Y), MEMBER, X, parallel=False)
    assert skipped.shares[1][1].value == 0 and skipped.shares[1][1].raised == ("NO_EVENTS_AT_ALL",)
    one = standardised_orders(Y, np.arange(N) == np.flatnonzero(Y == 1)[0])
    assert "TOO_FEW" in one.superiority.raised and np.isnan(one.superiority.p_value)
    doubled = standardised_orders(Y, MEMBER, np.column_stack([X, X[:, 0]]), names=("a", "b", "again"))
    assert doubled.superiority.flags["COLLINEAR"] and doubled.terms.dropped == ("again",)
    assert doubled.superiority.estimate == pytest.approx(standardised_orders(Y, MEMBER, X).superiority.estimate)
    with pytest.raises(DesignError):
        standardised_orders(Y, MEMBER, np.column_stack([X, MEMBER]))


def test_columns_without_names_are_counted_from_one() -> None:
    found = standardised_orders(Y, MEMBER, X, extra=X[:, :1] ** 2)
    assert found.terms.names == ("(Intercept)", "member", "x1", "x2", "extra1")
