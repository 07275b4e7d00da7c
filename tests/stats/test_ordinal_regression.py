"""Proportional odds: its derivatives, its relatives, statsmodels' search, and what has no maximum."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.ordinal_likelihood import OrdinalLikelihood, separates
from society_effects.stats.ordinal_regression import ordered_model, proportional_odds
from society_effects.stats.score_errors import score_errors

RNG = np.random.default_rng(31)
N = 240
X = np.column_stack([RNG.standard_normal(N), RNG.random(N) < 0.4, RNG.exponential(size=N)])
Y = np.digitize(X @ [0.8, 0.5, -0.4] + RNG.logistic(size=N), [-1.5, -0.3, 0.4, 1.8])
CLASSES = RNG.integers(0, 9, N)


def slope_of(function, at: np.ndarray) -> np.ndarray:
    steps = 1e-5 * np.eye(len(at))
    return np.array([(function(at + step) - function(at - step)) / 2e-5 for step in steps])


def test_derivatives_are_those_of_the_likelihood() -> None:
    at = np.array([-1.2, -0.4, 0.3, 1.1, 0.5, -0.2, 0.3])

    def here(point: np.ndarray) -> OrdinalLikelihood:
        return OrdinalLikelihood(Y, X, point)

    end, begin = (np.r_[-np.inf, at[:4], np.inf][Y + shift] - X @ at[4:] for shift in (1, 0))
    literal = np.log(stats.logistic.cdf(end) - stats.logistic.cdf(begin))
    assert here(at).value == pytest.approx(literal.sum(), rel=1e-12)
    assert here(at).scores.sum(axis=0) == pytest.approx(slope_of(lambda v: here(v).value, at), rel=1e-7)
    slopes = slope_of(lambda v: here(v).scores.sum(axis=0), at)
    assert here(at).information == pytest.approx(-slopes, rel=1e-6, abs=1e-6)
    roots = here(at).roots
    assert np.einsum("nrp,nrq->pq", roots, roots) == pytest.approx(here(at).information, rel=1e-12)


def test_the_maximum_is_one_and_statsmodels_comes_near_it() -> None:
    fit, theirs = proportional_odds(Y, X), ordered_model(Y, X, names=("a", "b", "c"))
    assert fit.model is not None and np.abs(fit.model.scores.sum(axis=0)).max() < 1e-9
    assert theirs.params[:3] == pytest.approx(fit.slopes, abs=2e-4) and theirs.model.exog_names[:3] == ["a", "b", "c"]
    assert theirs.model.transform_threshold_params(theirs.params)[1:-1] == pytest.approx(fit.thresholds, abs=2e-4)
    assert fit.log_likelihood >= theirs.llf and fit.log_likelihood == pytest.approx(theirs.llf, abs=1e-5)
    assert fit.coefficients().std_error == pytest.approx(theirs.bse[:3], rel=1e-3)
    assert fit.aic == pytest.approx(theirs.aic, abs=1e-4)
    alone = proportional_odds(Y, np.zeros((N, 0)))
    assert alone.thresholds == pytest.approx(
        np.log(np.cumsum(np.bincount(Y))[:-1] / (N - np.cumsum(np.bincount(Y))[:-1]))
    )
    assert fit.without_columns == pytest.approx(alone.log_likelihood, rel=1e-12)
    assert fit.likelihood_ratio().statistic == pytest.approx(2 * (fit.log_likelihood - alone.log_likelihood), rel=1e-12)
    assert "NO_SLOPES" in alone.likelihood_ratio().raised


def test_other_units_of_the_columns_change_nothing() -> None:
    fit = proportional_odds(Y, X)
    moved = proportional_odds(7 * Y - 3, X * [1e6, 1.0, 1e-4] + [1e9, 0.0, 50.0])
    assert moved.slopes * [1e6, 1.0, 1e-4] == pytest.approx(fit.slopes, rel=1e-8)
    assert moved.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-12)
    assert moved.coefficients().statistic == pytest.approx(fit.coefficients().statistic, rel=1e-8)
    assert moved.at_or_above(X * [1e6, 1.0, 1e-4] + [1e9, 0.0, 50.0]) == pytest.approx(fit.at_or_above(X), rel=1e-6)


def test_reversed_categories_turn_every_sign() -> None:
    fit, back = proportional_odds(Y, X), proportional_odds(-Y, X)
    assert back.slopes == pytest.approx(-fit.slopes, rel=1e-10)
    assert back.thresholds == pytest.approx(-fit.thresholds[::-1], rel=1e-10)
    assert back.odds_ratios().conf_low == pytest.approx(1 / fit.odds_ratios().conf_high, rel=1e-10)


def test_two_categories_are_logistic_regression() -> None:
    fit = proportional_odds(Y > 1, X)
    b = np.r_[-fit.thresholds, fit.slopes]
    design = np.column_stack([np.ones(N), X])
    p = 1 / (1 + np.exp(-design @ b))
    assert design.T @ ((Y > 1) - p) == pytest.approx(np.zeros(4), abs=1e-9)
    covariance = np.linalg.inv(design.T @ (design * (p * (1 - p))[:, None]))
    assert fit.coefficients().std_error == pytest.approx(np.sqrt(np.diag(covariance))[1:], rel=1e-9)
    influence = design * ((Y > 1) - p)[:, None] @ covariance
    assert fit.influence[:, 1:] == pytest.approx(influence[:, 1:], rel=1e-8, abs=1e-12)


def test_influence_is_what_leaving_a_student_out_changes() -> None:
    fit = proportional_odds(Y, X)
    for student in (3, 77, 150):
        without = np.arange(N) != student
        left = proportional_odds(Y[without], X[without])
        change = np.r_[fit.thresholds, fit.slopes] - np.r_[left.thresholds, left.slopes]
        assert np.abs(change - fit.influence[student]).max() < 0.1 * np.abs(change).max()


@pytest.mark.parametrize(
    ("category", "column", "flag"),
    [
        (np.repeat([0, 1, 2], 4), np.arange(12.0), "CATEGORIES_SEPARATED"),
        ([0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2], np.repeat([0.0, 1.0], [8, 4]), "CATEGORIES_SEPARATED"),
        (np.ones(12), np.arange(12.0), "NO_VARIATION"),
        (np.arange(12) % 3, np.ones(12), "COLLINEAR"),
    ],
    ids=["complete", "quasi", "one category", "constant column"],
)
def test_what_has_no_maximum_says_why(category: np.ndarray, column: np.ndarray, flag: str) -> None:
    fit = proportional_odds(category, np.transpose([column]))
    assert [key for key, value in fit.flags.items() if value] == [flag] and fit.model is None
    found = fit.coefficients()
    assert np.isnan(found.estimate).all() and np.isnan(found.p_value).all() and found.raised == (flag,)
    assert np.isnan(fit.likelihood_ratio().p_value) and flag in fit.likelihood_ratio().raised
    assert np.isnan(fit.covariance).all() and fit.influence.shape[0] == 0


def test_one_answer_out_of_order_is_no_separation() -> None:
    x = np.arange(60.0)
    y = np.repeat([0, 1, 2], 20)
    y[[19, 20]] = y[[20, 19]]
    y[[39, 40]] = y[[40, 39]]
    fit = proportional_odds(y, x[:, None])
    assert not any(fit.flags.values()) and np.isfinite(fit.coefficients().p_value).all() and fit.slopes[0] > 0.5
    assert not separates(y, x[:, None])
    assert proportional_odds(np.repeat([0, 1, 2], 20), x[:, None]).flags["CATEGORIES_SEPARATED"]


def test_statsmodels_does_not_warn_where_there_is_no_maximum() -> None:
    assert ordered_model(np.repeat([0, 1, 2], 4), np.arange(12.0)[:, None]).params[0] > 5


def test_robust_errors_by_the_literal_sandwich_and_students_as_classes() -> None:
    fit = proportional_odds(Y, X)
    assert fit.model is not None
    parts = (fit.model.scores, fit.model.roots, fit.to_coefficients)
    students, contrast = score_errors(*parts), np.eye(7)[4]
    assert students.influence(contrast) == pytest.approx(fit.influence[:, 4], rel=1e-9)
    assert students.factor == pytest.approx(np.sqrt(N / (N - 7))) and students.df(contrast) == N - 7
    alone = score_errors(*parts, np.arange(N))
    assert np.sum(alone.influence(contrast) ** 2) == pytest.approx(
        np.sum((students.factor * students.influence(contrast)) ** 2), rel=0.02
    )
    classes = score_errors(*parts, CLASSES)
    of_class = np.bincount(CLASSES, classes.influence(contrast))
    assert classes.factor == 1 and 0.8 < np.sqrt(np.sum(of_class**2)) / fit.coefficients().std_error[0] < 1.3
    assert 3 < classes.df(contrast) < 8 and not any(classes.why_unknown(contrast).values())
