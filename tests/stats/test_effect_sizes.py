"""Standardised differences: worked values, exactness, degenerate groups."""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.differences import welch
from society_effects.stats.effect_sizes import (
    cohen_d,
    d_adjusted,
    d_average,
    hedges_correction,
    hedges_g,
    smd,
    smd_of_shares,
)
from society_effects.stats.moments import Moments
from society_effects.stats.noncentral_t import cumulative, noncentrality_limits

MEMBER, REFERENCE = Moments(120, 82.0, 8.0), Moments(547, 78.0, 10.0)


@pytest.mark.parametrize(("df", "factor"), [(10, 0.922745608053087), (38, 0.980110402130950), (665, 0.998871685554779)])
def test_hedges_correction_is_exact(df: float, factor: float) -> None:
    assert float(hedges_correction(df)) == pytest.approx(factor, abs=2e-14)


def test_worked_example() -> None:
    d, g, average = (f(MEMBER, REFERENCE) for f in (cohen_d, hedges_g, d_average))
    assert d.estimate == pytest.approx(0.4135421402, abs=1e-10)
    assert (d.conf_low, d.conf_high) == pytest.approx((0.2145702873, 0.6122067991), abs=1e-10)
    assert g.estimate == pytest.approx(0.4130755346, abs=1e-10)
    assert (g.conf_low, g.conf_high) == pytest.approx((0.2143281846, 0.6115160374), abs=1e-10)
    assert average.estimate == pytest.approx(0.4417261043, abs=1e-10)
    assert average.std_error == pytest.approx(0.0947815826, abs=1e-10)
    assert (average.conf_low, average.conf_high) == pytest.approx((0.2559576, 0.6274946), abs=1e-7)


@pytest.mark.parametrize("measure", [hedges_g, d_average])
def test_degenerate_groups_have_no_standardised_difference(measure: object) -> None:
    found = measure(Moments.of([2.0, 2.0]), Moments.of([1.0, 1.0]))  # type: ignore[operator]
    assert np.isnan([found.estimate, found.p_value, found.conf_low, found.conf_high]).all()
    assert found.raised == ("DEGENERATE",)


def test_standard_error_of_an_adjusted_difference_in_standard_deviations_by_the_formula_of_bonett() -> None:
    """Equation 11 of Bonett (2008) with the variance of the difference as it comes; Welch's gives his number."""
    (n1, sd1), (n0, sd0) = (12, 8.0), (47, 10.0)
    arms = Moments(n1, 82.0, sd1), Moments(n0, 78.0, sd0)
    s2 = (sd1**2 + sd0**2) / 2
    d = 4 / np.sqrt(s2)
    variance = d**2 * (sd1**4 / (n1 - 1) + sd0**4 / (n0 - 1)) / (8 * s2**2) + (sd1**2 / n1 + sd0**2 / n0) / s2
    found = d_adjusted(welch(*arms), *arms)
    assert (found.estimate, found.std_error) == pytest.approx((d, np.sqrt(variance)), rel=1e-12)
    turned = d_adjusted(welch(*arms[::-1]), *arms[::-1])
    assert (turned.estimate, turned.std_error) == pytest.approx((-d, np.sqrt(variance)), rel=1e-12)


@pytest.mark.parametrize("df", [1, 2, 3, 8, 38, 100, 1000, 1e5, 1e7])
@pytest.mark.parametrize("t", [0.0, 1e-6, 0.3, -2.0, 5.0, 11.3, -37.0, 50.0, 300.0])
def test_noncentral_limits_solve_their_equations(t: float, df: float) -> None:
    low, high = noncentrality_limits(t, df)
    assert low < high
    assert float(cumulative(t, df, low)) == pytest.approx(0.975, abs=1e-12)
    assert float(cumulative(t, df, high)) == pytest.approx(0.025, abs=1e-12)


def test_noncentral_t_agrees_with_scipy_where_scipy_works() -> None:
    from scipy import stats

    rng = np.random.default_rng(2)
    df, delta = rng.integers(2, 200, 300), rng.normal(0, 3, 300)
    t = delta + rng.normal(0, 1, 300)
    theirs = stats.nct.cdf(t, df, delta)
    fine = np.isfinite(theirs)
    assert fine.mean() > 0.9
    np.testing.assert_allclose(cumulative(t, df, delta)[fine], theirs[fine], atol=1e-11)


@pytest.mark.parametrize("df", [59.0, 61.0, 75.0, 140.0])
def test_noncentral_t_by_integration_where_the_density_of_the_spread_is_a_series(df: float) -> None:
    from scipy import integrate, stats

    t, delta = 2.2, 1.3
    spread = stats.chi(df, scale=1 / np.sqrt(df))
    whole = integrate.quad(lambda w: stats.norm.cdf(t * w - delta) * spread.pdf(w), 0.3, 1.8, epsabs=1e-13)[0]
    assert float(cumulative(t, df, delta)) == pytest.approx(whole, abs=1e-12)


def test_many_limits_at_once_are_the_limits_one_by_one() -> None:
    rng = np.random.default_rng(4)
    t, df = rng.normal(0, 4, 40), rng.integers(3, 700, 40).astype(float)
    low, _ = noncentrality_limits(t, df)
    alone = [float(noncentrality_limits(a, b)[0]) for a, b in zip(t, df, strict=True)]
    np.testing.assert_allclose(low, alone, rtol=1e-12, atol=1e-13)


def test_smd_of_two_categories_is_the_textbook_one() -> None:
    p1, p0 = 0.3, 0.5
    expected = abs(p1 - p0) / np.sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2)
    assert smd_of_shares([30, 70], [100, 100]) == pytest.approx(expected)


def test_smd_of_several_categories_is_the_mahalanobis_distance_of_their_shares() -> None:
    first, second = np.array([12, 7, 0, 1]), np.array([20, 9, 1, 0])
    p1, p0 = first / 20, second / 30
    covariance = sum(np.diag(p) - np.outer(p, p) for p in (p1, p0)) / 2
    gap = (p1 - p0)[:-1]
    assert smd_of_shares(first, second) == pytest.approx(np.sqrt(gap @ np.linalg.solve(covariance[:-1, :-1], gap)))


def test_smd_does_not_depend_on_the_order_of_categories_or_on_empty_ones() -> None:
    first, second = np.array([10, 20, 5, 0]), np.array([8, 30, 2, 0])
    assert smd_of_shares(first, second) == pytest.approx(smd_of_shares(first[::-1], second[::-1]))
    assert smd_of_shares([5, 5], [10, 10]) == 0
    assert np.isnan(smd_of_shares([5, 0], [0, 5]))
    assert np.isnan(smd_of_shares([0, 0], [1, 5]))
    assert np.isnan(smd(Moments.of([1.0, 1.0]), Moments.of([2.0, 2.0])))
