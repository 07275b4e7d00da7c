"""Two-way fixed effects, cluster-robust regressions and the decomposition, against dummies and exact arithmetic."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from society_effects.stats.bacon import bacon
from society_effects.stats.cluster_robust import cr2
from society_effects.stats.clustered_regression import COVARIANCES, clustered_regression
from society_effects.stats.difference_in_changes import difference_in_changes, period_changes
from society_effects.stats.differences import welch
from society_effects.stats.moments import Moments
from society_effects.stats.two_way_fixed_effects import event_indicators, membership, two_way_fixed_effects

RNG = np.random.default_rng(3)
FIRST = np.repeat([-1, 0, 2, 4], [8, 3, 6, 5])
VALUES = RNG.normal(size=(22, 6)) + RNG.normal(size=(22, 1)) + 0.4 * membership(FIRST, 6) * np.arange(6)
HOURS = RNG.uniform(0, 5, (22, 6))
GUNS = Path(__file__).parents[1] / "reference" / "data" / "guns.csv"


def with_dummies(values: np.ndarray, regressors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design, outcome and unit of the regression with a dummy per unit and per wave."""
    unit, wave = np.nonzero(np.isfinite(values))
    columns = [
        regressors[unit, wave],
        unit[:, None] == np.arange(len(values)),
        wave[:, None] == np.arange(1, values.shape[1]),
    ]
    return np.column_stack(columns).astype(float), values[unit, wave], unit


def test_it_is_the_regression_with_all_dummies_also_with_gaps() -> None:
    values = np.where(RNG.random(VALUES.shape) < 0.15, np.nan, VALUES)
    regressors = np.stack([membership(FIRST, 6), HOURS], axis=2)
    fit = two_way_fixed_effects(values, regressors)
    design, y, unit = with_dummies(values, regressors)
    general = clustered_regression(design, y, unit)
    assert fit.coefficients == pytest.approx(general.coefficients[:2], rel=1e-10)
    assert (fit.n, fit.n_units, fit.regression.n_parameters) == (len(y), 22, design.shape[1])
    for kind in ("classical", "CR0", "CR1", "CR1S", "CR2"):
        for i in (0, 1):
            ours, theirs = fit.inference(i, kind), general.inference(i, kind)
            assert (ours.std_error, ours.p_value) == pytest.approx((theirs.std_error, theirs.p_value), rel=1e-8)


def test_classes_as_clusters() -> None:
    classes = np.arange(22) % 7
    fit = two_way_fixed_effects(VALUES, membership(FIRST, 6), clusters=classes)
    design, y, unit = with_dummies(VALUES, membership(FIRST, 6)[:, :, None])
    general = clustered_regression(design, y, classes[unit])
    ours, theirs = fit.inference(0), general.inference(0)
    assert (ours.std_error, ours.df) == pytest.approx((theirs.std_error, theirs.df), rel=1e-8)


def test_degrees_of_freedom_in_exact_arithmetic() -> None:
    """The value for density was computed in arithmetic of 40 digits; clubSandwich prints 3.3096398."""
    data = pd.read_csv(GUNS)
    wide = {
        c: data.pivot(index="state", columns="year", values=c) for c in ("violent", "prisoners", "density", "income")
    }
    law = (data.pivot(index="state", columns="year", values="law") == "yes").to_numpy(dtype=float)
    regressors = np.stack([law, *(wide[c].to_numpy() for c in ("prisoners", "density", "income"))], axis=2)
    fit = two_way_fixed_effects(np.log(wide["violent"].to_numpy()), regressors)
    assert fit.inference(2).df == pytest.approx(3.30963546632833, rel=1e-9)


def test_one_student_per_cluster_is_hc1_and_hc2() -> None:
    x = np.column_stack([np.ones(40), RNG.normal(size=(40, 2))])
    y = RNG.normal(size=40)
    fit = clustered_regression(x, y, np.arange(40))
    import statsmodels.api as sm

    for kind, theirs in (("CR1S", "HC1"), ("CR0", "HC0"), ("CR2", "HC2"), ("classical", "nonrobust")):
        expected = sm.OLS(y, x).fit(cov_type=theirs).bse
        assert np.sqrt(np.diag(fit.covariance(kind))) == pytest.approx(expected, rel=1e-10)
    assert fit.inference(1).df == pytest.approx(cr2(x, fit.residuals, np.arange(40)).df([0, 1, 0]))


def test_absorbed_means_inside_the_clusters_can_be_left_uncounted() -> None:
    fit = two_way_fixed_effects(VALUES, membership(FIRST, 6)).regression
    n, k = VALUES.size, 22 + 5 + 1
    nested, all_counted = (fit.covariance(kind)[0, 0] for kind in ("CR1S_nested", "CR1S"))
    assert nested / all_counted == pytest.approx((n - k) / (n - (k - 22 + 1)))
    assert fit.n_parameters == k


def test_a_regressor_that_the_means_explain_is_not_identified() -> None:
    everyone = membership(np.full(22, 3), 6)
    fit = two_way_fixed_effects(
        VALUES, np.stack([everyone, HOURS, np.repeat(np.arange(22.0), 6).reshape(22, 6)], axis=2)
    )
    assert np.isnan(fit.coefficients).tolist() == [True, False, True]
    assert fit.inference(0).raised == ("NOT_IDENTIFIED",) and np.isnan(fit.inference(0).p_value)
    alone = two_way_fixed_effects(VALUES, HOURS)
    assert fit.coefficients[1] == pytest.approx(alone.coefficients[0], rel=1e-10)


def test_what_cannot_vary_has_no_p_value() -> None:
    exact = np.arange(6.0) + np.arange(22.0)[:, None] + 2 * membership(FIRST, 6)
    fit = two_way_fixed_effects(exact, membership(FIRST, 6))
    for kind in COVARIANCES:
        assert fit.inference(0, kind).raised == ("DEGENERATE",) and np.isnan(fit.inference(0, kind).p_value)
    together = two_way_fixed_effects(VALUES, membership(FIRST, 6), clusters=np.zeros(22))
    assert together.inference(0).raised == ("TOO_FEW_CLUSTERS",) and np.isnan(together.inference(0).std_error)


def test_with_two_waves_it_is_the_difference_in_changes() -> None:
    first = np.where(FIRST > 0, 1, -1)
    fit = two_way_fixed_effects(VALUES[:, 1:3], membership(first, 2)).inference(0)
    found = difference_in_changes(VALUES[:, 2] - VALUES[:, 1], first > 0, clusters=np.arange(22))
    assert (fit.estimate, fit.std_error, fit.df) == pytest.approx((found.estimate, found.std_error, found.df), rel=1e-9)


def test_period_changes_take_complete_students() -> None:
    values = VALUES.copy()
    values[3, 5] = np.nan
    change = period_changes(values, 2)
    assert np.flatnonzero(np.isnan(change)).tolist() == [3]
    assert change[0] == pytest.approx(VALUES[0, 2:].mean() - VALUES[0, :2].mean())
    one, two = (Moments.of(change[arm & np.isfinite(change)]) for arm in (FIRST > 0, FIRST <= 0))
    kept = np.isfinite(change)
    found = difference_in_changes(change[kept], (FIRST > 0)[kept])
    assert found.p_value == pytest.approx(welch(one, two).p_value)
    swapped = difference_in_changes(change[kept], (FIRST <= 0)[kept])
    assert (swapped.estimate, swapped.p_value) == pytest.approx((-found.estimate, found.p_value))


def test_event_times_are_binned_at_both_ends() -> None:
    times, indicators = event_indicators([3, -1], 6, -2, 1)
    assert times.tolist() == [-2, 0, 1]
    assert indicators[0].tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]
    assert not indicators[1].any()


@pytest.mark.parametrize("groups", [[-1, 0, 2, 4], [-1, 2, 4], [2, 4], [0, 2, 4], [-1, 2]])
def test_the_decomposition_adds_up_to_the_estimate(groups: list[int]) -> None:
    kept = np.isin(FIRST, groups)
    found = bacon(VALUES[kept], FIRST[kept])
    fit = two_way_fixed_effects(VALUES[kept], membership(FIRST[kept], 6))
    assert found.weight.sum() == pytest.approx(1) and np.all(found.weight > 0)
    assert found.total == pytest.approx(fit.coefficients[0], rel=1e-10)
    assert sum(found.share(kind) for kind in ("never", "later", "earlier", "always")) == pytest.approx(1)
