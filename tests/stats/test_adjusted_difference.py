"""Adjusted linear comparison: identities, what cannot be known, and literal formulas. R's numbers: tests/reference."""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.errors import DesignError
from society_effects.stats.adjusted_difference import adjusted_difference, adjusted_share_difference
from society_effects.stats.baseline_overlap import baseline_overlap
from society_effects.stats.cluster_robust import cr2, inverse_root
from society_effects.stats.clustered_means import clustered_means
from society_effects.stats.differences import welch
from society_effects.stats.linear_model import ClassErrors, least_squares
from society_effects.stats.moments import Moments

RNG = np.random.default_rng(41)
N = 90
MEMBER = RNG.random(N) < 0.4
X = np.column_stack([RNG.exponential(size=N), RNG.standard_normal(N)]) + 0.5 * MEMBER[:, None]
CLASSES = RNG.integers(0, 9, N)
Y = X @ [0.6, -0.2] + MEMBER * (0.3 + 0.4 * X[:, 0]) + RNG.standard_normal(N) * (1 + X[:, 0] / 2)


def lines(x: np.ndarray) -> list[np.ndarray]:
    """Least-squares coefficients of each arm by itself."""
    design = np.column_stack([np.ones(N), x])
    return [np.linalg.lstsq(design[a == MEMBER], Y[a == MEMBER], rcond=None)[0] for a in (0, 1)]


# Estimates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["members", "all"])
def test_the_difference_is_that_of_two_regressions_at_the_means_of_the_target(target: str) -> None:
    others, members = lines(X)
    point = np.r_[1, X[MEMBER].mean(axis=0) if target == "members" else X.mean(axis=0)]
    found = adjusted_difference(Y, MEMBER, X, target=target)
    assert found.difference.estimate == pytest.approx(point @ (members - others), rel=1e-12)
    assert found.adjusted_mean(0, target).estimate == pytest.approx(point @ others, rel=1e-12)
    assert found.adjusted_mean(1, point[1:]).estimate == pytest.approx(point @ members, rel=1e-12)
    line = found.line(1, 0, [0.5, 2.0])
    assert line.estimate == pytest.approx([np.r_[1, v, point[2]] @ members for v in (0.5, 2.0)], rel=1e-12)
    assert np.all((line.conf_low < line.estimate) & (line.estimate < line.conf_high))


def test_without_interactions_it_is_the_coefficient_of_membership() -> None:
    beta = np.linalg.lstsq(np.column_stack([np.ones(N), MEMBER, X]), Y, rcond=None)[0]
    for target in ("members", "all"):
        found = adjusted_difference(Y, MEMBER, X, target=target, interactions=False)
        assert found.difference.estimate == pytest.approx(beta[1], rel=1e-12)
        assert found.sampling_error == 0
    assert found.difference.method == "ancova_hc3"
    assert found.slopes_differ().flags == {"NO_SLOPES": True}


def test_a_category_at_baseline_is_standardised_over_its_strata() -> None:
    passed, category = (Y > 1).astype(float), np.digitize(X[:, 1], [-0.5, 0.5])
    indicators = (category[:, None] == [1, 2]).astype(float)
    found = adjusted_share_difference(passed, MEMBER, indicators)
    by_hand = sum(
        np.mean(category[MEMBER] == c)
        * (passed[MEMBER & (category == c)].mean() - passed[~MEMBER & (category == c)].mean())
        for c in range(3)
    )
    assert found.difference.estimate == pytest.approx(by_hand, rel=1e-12)


def test_limits_of_shares_stay_between_minus_one_and_one() -> None:
    passed, member = np.array([1, 1, 0, 0, 0, 0, 0, 1.0]), np.array([1, 1, 1, 0, 0, 0, 0, 0], bool)
    plain = adjusted_difference(passed, member).difference
    found = adjusted_share_difference(passed, member).difference
    assert plain.conf_high > 1 and found.conf_high == 1
    assert (found.conf_low, found.p_value) == (plain.conf_low, plain.p_value)


# Standard errors ---------------------------------------------------------------------------------------------------


def test_hc3_and_the_sampling_of_the_members_by_the_literal_formula() -> None:
    found = adjusted_difference(Y, MEMBER, X)
    centred = X - X[MEMBER].mean(axis=0)
    design = np.column_stack([np.ones(N), MEMBER, centred, MEMBER[:, None] * centred])
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ Y
    left = 1 - np.einsum("ij,jk,ik->i", design, bread, design)
    meat = (design * ((Y - design @ beta) / left)[:, None] ** 2).T @ design
    sampling = beta[4:] @ np.cov(X[MEMBER].T) @ beta[4:] / MEMBER.sum()
    assert found.difference.std_error**2 == pytest.approx((bread @ meat @ bread)[1, 1] + sampling, rel=1e-11)
    assert found.difference.df == N - 6
    assert found.coefficient("member").std_error ** 2 == pytest.approx((bread @ meat @ bread)[1, 1], rel=1e-11)
    everyone = adjusted_difference(Y, MEMBER, X, target="all")
    assert everyone.sampling_error**2 == pytest.approx(beta[4:] @ np.cov(X.T) @ beta[4:] / N, rel=1e-11)


def test_classes_sum_residuals_and_covariates_of_their_students() -> None:
    found = adjusted_difference(Y, MEMBER, X, clusters=CLASSES)
    centred = X - X[MEMBER].mean(axis=0)
    design = np.column_stack([np.ones(N), MEMBER, centred, MEMBER[:, None] * centred])
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ Y
    variance, residuals = 0.0, Y - design @ beta
    for code in range(9):
        own = code == CLASSES
        adjust = inverse_root(np.eye(own.sum()) - design[own] @ bread @ design[own].T)
        share = np.sum(own & MEMBER) / MEMBER.sum()
        part = (bread @ design[own].T @ adjust @ residuals[own])[1]
        part += np.sum(centred[own & MEMBER] @ beta[4:]) / MEMBER.sum() / np.sqrt(1 - share)
        variance += part**2
    assert found.difference.std_error**2 == pytest.approx(variance, rel=1e-10)
    assert found.difference.df == pytest.approx(cr2(design, residuals, CLASSES).df(np.eye(6)[1]), rel=1e-9)


def test_influence_adds_up() -> None:
    for settings in ({}, {"covariance": "hc2"}, {"target": "all"}, {"interactions": False}):
        found = adjusted_difference(Y, MEMBER, X, **settings)
        assert np.sum(found.influence**2) == pytest.approx(found.difference.std_error**2, rel=1e-12)
    found = adjusted_difference(Y, MEMBER, X, clusters=CLASSES)
    assert np.sum(np.bincount(CLASSES, found.influence) ** 2) == pytest.approx(found.difference.std_error**2, rel=1e-12)


def test_without_covariates_hc2_is_welch() -> None:
    found = adjusted_difference(Y, MEMBER, covariance="hc2").difference
    theirs = welch(Moments.of(Y[MEMBER]), Moments.of(Y[~MEMBER]))
    for name in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        assert getattr(found, name) == pytest.approx(getattr(theirs, name), rel=1e-11)
    hc3 = adjusted_difference(Y, MEMBER).difference
    squares = [np.sum((Y[a] - Y[a].mean()) ** 2) / (a.sum() - 1) ** 2 for a in (MEMBER, ~MEMBER)]
    assert (hc3.std_error, hc3.df) == (pytest.approx(np.sqrt(sum(squares)), rel=1e-11), N - 2)


def test_without_covariates_classes_are_those_of_the_means() -> None:
    found = adjusted_difference(Y, MEMBER, clusters=CLASSES).difference
    theirs = clustered_means(Y, MEMBER, CLASSES).difference(1, 0)
    for name in ("estimate", "std_error", "df", "p_value"):
        assert getattr(found, name) == pytest.approx(getattr(theirs, name), rel=1e-9)


@pytest.mark.parametrize("interactions", [True, False])
def test_one_student_per_class_is_hc2_with_bell_mccaffrey(interactions: bool) -> None:
    alone = adjusted_difference(Y, MEMBER, X, clusters=np.arange(N), interactions=interactions)
    hc2 = adjusted_difference(Y, MEMBER, X, covariance="hc2", interactions=interactions)
    for term in hc2.terms.names:
        one, two = alone.coefficient(term), hc2.coefficient(term)
        assert (one.std_error, one.df) == pytest.approx((two.std_error, two.df), rel=1e-9)
    assert alone.difference.df == pytest.approx(hc2.difference.df, rel=1e-9)
    assert alone.difference.std_error == pytest.approx(hc2.difference.std_error, rel=0.05 if interactions else 1e-9)


def test_several_slopes_with_classes_are_the_hotelling_test_of_all_pairs() -> None:
    """The sum over all pairs of classes, written out; clubSandwich's numbers are in the reference cases."""
    found = adjusted_difference(Y, MEMBER, X, clusters=CLASSES)
    centred = X - X[MEMBER].mean(axis=0)
    design = np.column_stack([np.ones(N), MEMBER, centred, MEMBER[:, None] * centred])
    bread, rows = np.linalg.inv(design.T @ design), np.eye(6)[4:]
    half, blocks = inverse_root(rows @ bread @ rows.T), []
    for code in range(9):
        own = code == CLASSES
        adjust = inverse_root(np.eye(own.sum()) - design[own] @ bread @ design[own].T)
        block = (np.eye(N) - design @ bread @ design.T)[:, own] @ adjust @ design[own] @ bread @ rows.T @ half
        blocks.append(block)
    pairs = [a.T @ b for a in blocks for b in blocks]
    eta = 2 * 3 / sum(np.trace(p @ p) + np.trace(p) ** 2 for p in pairs)
    assert found.slopes_differ().df2 == pytest.approx(eta - 1, rel=1e-9)


# What cannot be known ----------------------------------------------------------------------------------------------


def test_collinear_covariates_are_left_out_and_named() -> None:
    more = np.column_stack([X, 2 * X[:, 0] - X[:, 1] + 3, np.full(N, 0.1), X[:, 0] ** 2])
    found = adjusted_difference(Y, MEMBER, more, names=("a", "b", "sum", "constant", "square"))
    plain = adjusted_difference(Y, MEMBER, more[:, [0, 1, 4]])
    assert found.terms.dropped == ("sum", "constant")
    assert found.difference.flags["COLLINEAR"]
    assert found.difference.estimate == pytest.approx(plain.difference.estimate, rel=1e-10)


def test_a_covariate_constant_among_members_has_no_slope_of_theirs() -> None:
    special = np.where(MEMBER, 1.0, X[:, 0])
    found = adjusted_difference(Y, MEMBER, np.column_stack([X[:, 1], special]), names=("b", "special"))
    assert found.terms.dropped == ("member:special",)
    assert np.isfinite(found.difference.p_value)


@pytest.mark.parametrize("covariate", [MEMBER * 2.0 + 1, None])
def test_membership_that_follows_from_covariates_is_refused(covariate: np.ndarray | None) -> None:
    arm = np.ones(N, bool) if covariate is None else MEMBER
    x = X if covariate is None else np.column_stack([X, covariate])
    with pytest.raises(DesignError) as raised:
        adjusted_difference(Y, arm, x, names=("a", "b", "club"))
    assert raised.value.code == "TREATMENT_NOT_IDENTIFIED"
    for lang in ("en", "zh"):
        raised.value.lang = lang
        assert "club" in str(raised.value) or covariate is None


def test_a_student_of_leverage_one_contributes_nothing() -> None:
    x = X[:, :1].copy()
    only = np.zeros(N)
    only[7] = 1.0
    found = adjusted_difference(Y, MEMBER, np.column_stack([x, only]), interactions=False)
    without = np.arange(N) != 7
    rest = adjusted_difference(Y[without], MEMBER[without], x[without], interactions=False, covariance="hc2")
    assert found.difference.flags["LEVERAGE_ONE"]
    assert found.difference.std_error == pytest.approx(rest.difference.std_error, rel=1e-9)
    assert found.difference.df == pytest.approx(rest.difference.df, rel=1e-9)
    assert found.leverage_one == (7,)
    saturated = adjusted_difference(Y[:12], np.arange(12) < 5, (np.arange(12) % 6 == 2).astype(float)[:, None])
    assert saturated.leverage_one == (2, 8) and np.isfinite(saturated.difference.p_value)


@pytest.mark.parametrize("k", [0, 1])
def test_one_member_has_no_standard_error(k: int) -> None:
    member = np.arange(N) == 3
    found = adjusted_difference(Y, member, X[:, :k] if k else None, interactions=False).difference
    assert np.isfinite(found.estimate) and np.isnan([found.std_error, found.p_value, found.conf_low]).all()
    assert "TOO_FEW" in found.raised


def test_the_centre_of_one_member_is_that_member() -> None:
    found = adjusted_difference([3.0, 1, 2, 4, 6], [1, 0, 0, 0, 0], [[2.0], [1], [2], [3], [5]])
    slope = np.polyfit([1, 2, 3, 5], [1, 2, 4, 6], 1)
    assert found.centre.tolist() == [2.0] and found.difference.estimate == pytest.approx(3 - np.polyval(slope, 2))


def test_one_class_of_members_has_no_standard_error() -> None:
    found = adjusted_difference(Y, CLASSES == 2, X, clusters=CLASSES).difference
    assert np.isnan(found.std_error) and "ONE_CLUSTER_IN_ARM" in found.raised
    whole = np.isin(CLASSES, (2, 3))
    of_class = np.random.default_rng(1).standard_normal(9)[CLASSES][:, None]
    found = adjusted_difference(Y, whole, of_class, clusters=CLASSES).difference
    assert np.isnan(found.std_error) and "TOO_FEW_CLUSTERS" in found.raised


@pytest.mark.parametrize(
    ("arm", "settings", "slope_of_others"),
    [
        (np.arange(N) == 3, {"interactions": False}, True),
        (np.arange(N) == 3, {"clusters": CLASSES, "interactions": False}, True),
        (CLASSES == 2, {"clusters": CLASSES}, True),
        (MEMBER, {"clusters": np.zeros(N)}, False),
        (MEMBER, {"clusters": np.zeros(N), "within": "fixed"}, False),
    ],
    ids=["one_member", "one_member_in_classes", "one_class_of_members", "one_class", "one_class_within"],
)
def test_an_arm_whose_spread_is_unknown_has_no_precise_mean_or_coefficient(arm, settings, slope_of_others) -> None:
    found = adjusted_difference(Y, arm, X[:, :1], **settings)
    line = found.line(1, 0, [-1.0, 1.0])
    unknown = [found.coefficient("member"), found.adjusted_mean(1), found.adjusted_mean(1, "all"), line]
    known = [found.coefficient("x1"), found.adjusted_mean(0), found.adjusted_mean(0, "all")]
    for one in unknown if slope_of_others else unknown + known:
        assert np.all(np.isfinite(one.estimate)) and one.raised
        assert np.isnan([one.std_error, one.p_value, one.conf_low, one.conf_high]).all()
    for one in known if slope_of_others else []:
        assert one.conf_low < one.estimate < one.conf_high and one.std_error > 1e-3 and not one.raised


def test_scores_that_do_not_vary_have_no_p_value() -> None:
    for value, flag in ((np.full(N, 3.3), "NO_VARIATION"), (3.3 + 0.1 * MEMBER, "DEGENERATE")):
        found = adjusted_difference(value, MEMBER, X).difference
        assert np.isnan(found.p_value) and np.isnan(found.conf_low) and found.std_error == 0
        assert flag in found.raised


def test_too_few_students_for_slopes_of_their_own() -> None:
    few = np.arange(N) < 19
    assert "TOO_FEW_FOR_INTERACTIONS" in adjusted_difference(Y, few, X).difference.raised
    assert "TOO_FEW_FOR_INTERACTIONS" not in adjusted_difference(Y, few, X[:, :1]).difference.raised
    assert "TOO_FEW_FOR_INTERACTIONS" not in adjusted_difference(Y, few, X, interactions=False).difference.raised


# How the answer changes with the data ------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, {"covariance": "hc2"}, {"clusters": CLASSES}], ids=["hc3", "hc2", "cr2"])
def test_order_units_and_offsets_do_not_matter(settings: dict) -> None:
    order = np.random.default_rng(2).permutation(N)
    shuffled = {k: v[order] if k == "clusters" else v for k, v in settings.items()}
    found = adjusted_difference(Y, MEMBER, X, **settings)
    again = adjusted_difference(5e4 + 7 * Y[order], MEMBER[order], X[order] * [1e6, 1e-6] + [3e7, 1], **shuffled)
    for name in ("estimate", "std_error"):
        assert getattr(again.difference, name) == pytest.approx(7 * getattr(found.difference, name), rel=1e-8)
    for name in ("df", "p_value"):
        assert getattr(again.difference, name) == pytest.approx(getattr(found.difference, name), rel=1e-7)


def test_swapping_the_arms_changes_the_sign() -> None:
    one, two = (adjusted_difference(Y, arm, X, target="all").difference for arm in (MEMBER, ~MEMBER))
    assert (one.estimate, one.std_error, one.p_value) == pytest.approx((-two.estimate, two.std_error, two.p_value))


def test_many_studies_at_once() -> None:
    rng = np.random.default_rng(3)
    y, arm, x = rng.standard_normal((4, 50)), rng.random((4, 50)) < 0.4, rng.standard_normal((4, 50, 2))
    for settings in ({}, {"covariance": "hc2"}, {"interactions": False}):
        found = adjusted_difference(y, arm, x, **settings)
        for i in range(4):
            one = adjusted_difference(y[i], arm[i], x[i], **settings).difference
            for name in ("estimate", "std_error", "df", "p_value"):
                assert np.broadcast_to(getattr(found.difference, name), 4)[i] == pytest.approx(getattr(one, name))
    outcomes = adjusted_difference(y, arm[0], x[0])
    assert outcomes.difference.estimate[2] == pytest.approx(adjusted_difference(y[2], arm[0], x[0]).difference.estimate)


def test_class_indicators_are_allowed() -> None:
    """Students of one class compared with each other: the class indicators absorb, and lose nothing for membership."""
    indicators = (CLASSES[:, None] == np.arange(1, 9)).astype(float)
    found = adjusted_difference(Y, MEMBER, indicators, clusters=CLASSES, interactions=False)
    within = MEMBER - np.array([MEMBER[c == CLASSES].mean() for c in range(9)])[CLASSES]
    fit = least_squares(within[:, None], Y)
    assert found.difference.estimate == pytest.approx(float(fit.coefficients[0]), rel=1e-10)
    assert not found.difference.flags["LEVERAGE_ONE"] and np.isfinite(found.difference.std_error)
    demeaned = Y - np.array([Y[c == CLASSES].mean() for c in range(9)])[CLASSES]
    errors = ClassErrors.of(least_squares(within[:, None], demeaned), CLASSES)
    assert found.difference.df == pytest.approx(errors.df([1.0]), rel=1e-8)


# Overlap -----------------------------------------------------------------------------------------------------------


def test_overlap_counts_members_within_the_range_of_the_others() -> None:
    found = baseline_overlap([1, 2, 3, 9], [2, 3, 4])
    assert (found.inside, found.n, found.share, found.low, found.high) == (2, 4, 0.5, 2.0, 4.0)
    assert not found.flags["NO_OVERLAP"]
    assert baseline_overlap([5, 6], [1, 4]).flags["NO_OVERLAP"]
    assert not baseline_overlap([4, 6], [1, 4]).flags["NO_OVERLAP"]
    assert baseline_overlap([], [1, 4]).flags["NO_OVERLAP"]


def test_what_rounding_leaves_is_no_difference():
    event = np.array([1, 0, 1, 0, 1, 0])
    member = np.array([1, 1, 0, 0, 0, 0])
    found = adjusted_difference(event, member, event[:, None])
    assert found.difference.estimate == 0
