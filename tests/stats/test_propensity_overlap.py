"""Overlap of propensity scores, and the weights a linear adjustment implies."""

import numpy as np
import pytest
from scipy import optimize, special, stats

from society_effects.errors import DesignError
from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.implied_weights import implied_weights
from society_effects.stats.propensity_overlap import propensity_overlap

RNG = np.random.default_rng(21)
N = 120
X = RNG.standard_normal((N, 2))
MEMBER = X[:, 0] + 0.5 * X[:, 1] + RNG.logistic(size=N) > 0.5
Y = X.sum(axis=1) + MEMBER + RNG.standard_normal(N)


def test_scores_maximise_the_likelihood() -> None:
    found, design = propensity_overlap(MEMBER, X), np.column_stack([np.ones(N), X])
    assert design.T @ (MEMBER - found.scores) == pytest.approx(np.zeros(3), abs=1e-9)
    information = design.T @ (design * (found.scores * (1 - found.scores))[:, None])
    assert found.coefficients.std_error == pytest.approx(np.sqrt(np.diag(np.linalg.inv(information))), rel=1e-9)
    assert design @ found.coefficients.estimate == pytest.approx(found.logits, rel=1e-9)
    assert found.names == ("(Intercept)", "x1", "x2") and not found.raised


def test_shares_inside_and_rubins_numbers_by_hand() -> None:
    found = propensity_overlap(MEMBER, X)
    one, two = found.logits[MEMBER], found.logits[~MEMBER]
    inside = [(v >= w.min()) & (v <= w.max()) for v, w in ((one, two), (two, one))]
    assert (found.members_inside, found.reference_inside) == (inside[0].mean(), inside[1].mean())
    assert found.all_inside == pytest.approx((inside[0].sum() + inside[1].sum()) / N)
    pooled = np.sqrt((one.var(ddof=1) + two.var(ddof=1)) / 2)
    assert found.rubin_b == pytest.approx((one.mean() - two.mean()) / pooled, rel=1e-12)
    assert found.rubin_r == pytest.approx(one.var(ddof=1) / two.var(ddof=1), rel=1e-12)
    u = stats.mannwhitneyu(one, two).statistic
    assert found.auc == pytest.approx(u / (len(one) * len(two)), rel=1e-12)


def test_units_and_order_and_collinear_columns_do_not_matter() -> None:
    found, order = propensity_overlap(MEMBER, X), RNG.permutation(N)
    again = propensity_overlap(MEMBER[order], (X * [1e5, 1e-5] + [3e6, 0])[order], names=("a", "b"))
    assert again.scores == pytest.approx(found.scores[order], rel=1e-6)
    more = propensity_overlap(MEMBER, np.column_stack([X, X[:, 0] - X[:, 1]]), names=("a", "b", "gap"))
    assert more.dropped == ("gap",) and more.scores == pytest.approx(found.scores, rel=1e-9)


def test_swapped_arms() -> None:
    one, two = propensity_overlap(MEMBER, X), propensity_overlap(~MEMBER, X)
    assert (one.members_inside, one.all_inside) == (two.reference_inside, two.all_inside)
    assert (one.rubin_b, one.rubin_r) == pytest.approx((two.rubin_b, 1 / two.rubin_r), rel=1e-8)


def test_complete_separation_has_no_overlap() -> None:
    x = np.r_[np.linspace(0, 1, 10), np.linspace(1.2, 2, 8)][:, None]
    found = propensity_overlap(np.arange(18) >= 10, x, names=("score",))
    assert found.raised == ("MEMBERSHIP_SEPARATED",) and found.separated == ("score",)
    assert found.members_inside == found.reference_inside == found.all_inside == 0 and found.auc == 1
    assert np.isfinite(found.rubin_b) and np.isnan(found.coefficients.std_error).all()
    assert np.all((found.scores > 0) & (found.scores < 1))


def test_those_whom_a_column_tells_apart_are_outside() -> None:
    """Also where, by their penalised scores alone, they would lie among the others: one of these scored very high."""
    score, only = X[:, 0].copy(), np.zeros(N)
    only[np.flatnonzero(MEMBER)[np.argsort(score[MEMBER])[:7]]] = 1.0
    score[np.flatnonzero(~MEMBER)[0]] = 9.0
    found = propensity_overlap(MEMBER, np.column_stack([score, only]), names=("score", "year_5"))
    assert found.raised == ("MEMBERSHIP_SEPARATED",) and found.separated == ("year_5",)
    assert np.all(found.logits[only == 1] < found.logits[~MEMBER].max())
    assert found.members_inside == pytest.approx(1 - 7 / MEMBER.sum())
    assert np.isnan(found.coefficients.p_value).all() and np.isfinite(found.coefficients.estimate).all()


def test_penalised_scores_minimise_what_they_say() -> None:
    x = np.r_[np.linspace(0, 1, 10), np.linspace(1.2, 2, 8)]
    member = np.arange(18) >= 10
    z = (x - x.mean()) / x.std()

    def loss(b: np.ndarray) -> float:
        return float(np.sum(np.logaddexp(0, -np.where(member, 1, -1) * (b[0] + b[1] * z))) + b[1] ** 2 / 2)

    best = optimize.minimize(loss, [0.0, 1.0], tol=1e-12).x
    assert propensity_overlap(member, x[:, None]).scores == pytest.approx(
        special.expit(best[0] + best[1] * z), abs=1e-6
    )


def test_nothing_to_tell_them_by() -> None:
    found = propensity_overlap(np.arange(12) < 4, np.zeros((12, 0)))
    assert found.scores == pytest.approx(np.full(12, 1 / 3), rel=1e-10)
    assert found.members_inside == found.reference_inside == found.all_inside == 1
    assert found.rubin_b == 0 and np.isnan(found.rubin_r) and found.auc == 0.5 and "NO_VARIATION" in found.raised
    constant = propensity_overlap(np.arange(12) < 4, np.full((12, 1), 0.1))
    assert constant.rubin_b == 0 and constant.auc == 0.5 and constant.dropped == ("x1",)


def test_membership_that_is_a_covariate_is_refused() -> None:
    with pytest.raises(DesignError) as raised:
        propensity_overlap(MEMBER, np.column_stack([X, MEMBER]))
    assert raised.value.code == "TREATMENT_NOT_IDENTIFIED"


# Implied weights ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, {"target": "all"}, {"interactions": False}])
def test_weights_give_the_difference_and_balance_what_they_must(settings: dict) -> None:
    found = adjusted_difference(Y, MEMBER, X, **settings)
    weights = implied_weights(found, MEMBER).weights
    one, two = np.where(MEMBER, weights, 0), np.where(MEMBER, 0, weights)
    assert (one.sum(), two.sum()) == pytest.approx((1, 1), rel=1e-12)
    assert one @ Y - two @ Y == pytest.approx(found.difference.estimate, rel=1e-12)
    assert one @ X == pytest.approx(two @ X, abs=1e-12)
    if settings.get("interactions", True):
        target = X if settings else X[MEMBER]
        assert one @ X == pytest.approx(target.mean(axis=0), abs=1e-12)


def test_members_count_alike_when_they_are_the_target() -> None:
    found = implied_weights(adjusted_difference(Y, MEMBER, X), MEMBER)
    assert found.effective_member == pytest.approx(MEMBER.sum(), rel=1e-12) and found.negative_member == 0
    w = found.weights[~MEMBER]
    assert found.effective_reference == pytest.approx(w.sum() ** 2 / np.sum(w**2))
    assert found.negative_reference == np.mean(w < 0) > 0


def test_without_covariates_nobody_counts_more() -> None:
    found = implied_weights(adjusted_difference(Y, MEMBER), MEMBER)
    assert (found.effective_member, found.effective_reference) == pytest.approx((MEMBER.sum(), (~MEMBER).sum()))
    assert found.negative_member == found.negative_reference == 0
