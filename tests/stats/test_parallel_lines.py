"""Brant's test: its covariance against resampling and a likelihood ratio, its invariances, and when there is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from society_effects.stats.ordinal_regression import proportional_odds
from society_effects.stats.parallel_lines import parallel_lines

RNG = np.random.default_rng(5)
N = 400
X = np.column_stack([RNG.standard_normal(N), RNG.random(N) < 0.4])
U = RNG.logistic(size=N)
Y = np.digitize(X @ [0.8, 0.5] + U, [-1.0, 0.2, 1.5])
ABOVE = X[:, :1] * [1.5, 0.8, 0.0] - [-1.0, 0.2, 1.5]
CROSSED = (U[:, None] < ABOVE[:, ::1]).sum(axis=1)


def test_the_slopes_are_those_of_the_logits_at_the_cuts() -> None:
    found = parallel_lines(Y, X, names=("score", "member"))
    for cut in (1, 2, 3):
        own = proportional_odds(cut <= Y, X).coefficients()
        assert found.slopes.estimate[cut - 1] == pytest.approx(own.estimate)
        assert found.slopes.std_error[cut - 1] == pytest.approx(own.std_error)
    assert found.names == ("score", "member") and found.overall.df1 == 4 and [t.df1 for t in found.of_term] == [2, 2]


def test_it_agrees_with_the_empirical_covariance_of_the_slopes() -> None:
    """The product of influence values estimates the same covariance without the formula."""
    found = parallel_lines(Y, X)
    parts = np.column_stack([proportional_odds(cut <= Y, X).influence[:, 1:] for cut in (1, 2, 3)])
    between = np.kron(np.column_stack([-np.ones(2), np.eye(2)]), np.eye(2))
    differences = between @ found.slopes.estimate.ravel()
    covariance = between @ parts.T @ parts @ between.T
    statistic = differences @ np.linalg.solve(covariance, differences)
    assert found.overall.statistic == pytest.approx(statistic, rel=0.15)


def test_it_sees_lines_that_are_not_parallel_in_the_column_that_does_it() -> None:
    assert parallel_lines(Y, X).overall.p_value > 0.05
    found = parallel_lines(CROSSED, X)
    assert found.overall.p_value < 1e-5 and found.of_term[0].p_value < 1e-5 and found.of_term[1].p_value > 0.01


def test_other_units_and_reversed_categories_change_nothing() -> None:
    found = parallel_lines(Y, X)
    for other in (parallel_lines(Y, X * [100.0, -3.0] + [5.0, 2.0]), parallel_lines(-Y, X), parallel_lines(Y**3, X)):
        assert other.overall.statistic == pytest.approx(found.overall.statistic, rel=1e-8)
        assert other.of_term[1].p_value == pytest.approx(found.of_term[1].p_value, rel=1e-8)


def test_it_is_near_the_likelihood_ratio_where_samples_are_large() -> None:
    path = Path(__file__).parents[1] / "reference" / "cases" / "29_ordinal.json"
    cases = {case["id"]: case["expected"] for case in json.loads(path.read_text(encoding="utf-8"))["cases"]}
    for name in ("housing_cont_all.orders", "mathach_minority.orders"):
        wald, ratio = cases[name]["brant"]["overall"], cases[name]["nominal_lr"]
        assert wald["df"] == ratio["df"] and wald["chi2"] == pytest.approx(ratio["chi2"], rel=0.02)


def test_there_is_no_test_without_lines_to_compare() -> None:
    two = parallel_lines(Y > 1, X)
    assert two.overall.raised == ("TWO_CATEGORIES",) and np.isnan(two.overall.p_value)
    assert np.isfinite(two.slopes.std_error).all() and two.slopes.estimate.shape == (1, 2)
    assert parallel_lines(np.ones(N), X).overall.raised == ("NO_VARIATION",)
    apart = parallel_lines(np.where(Y == 3, np.where(X[:, 1] == 1, 3, 2), Y), X)
    assert apart.overall.raised == ("CATEGORIES_SEPARATED",) and np.isnan(apart.of_term[0].p_value)
    assert np.isnan(apart.slopes.estimate[2]).all() and np.isfinite(apart.slopes.estimate[:2]).all()
    assert parallel_lines(Y, np.column_stack([X, X[:, 0]])).overall.raised == ("COLLINEAR",)
    assert parallel_lines(Y, np.zeros((N, 0))).overall.raised == ("NO_SLOPES",)


def test_columns_without_names_are_counted_from_one() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(90, 2))
    assert parallel_lines(np.digitize(x[:, 0] + rng.logistic(size=90), [-1, 1]), x).names == ("x1", "x2")
