"""Densities add up to one, and say nothing where there is nothing to say."""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.density import kernel_density, silverman_bandwidth, t_density
from society_effects.stats.inference import from_t


@pytest.mark.parametrize("n", [2, 30, 20_000])
def test_kernel_density_adds_up_to_one(n: int) -> None:
    values = np.random.default_rng(1).normal(70, 10, n)
    x, density = kernel_density(np.r_[values, np.nan])
    assert np.trapezoid(density, x) == pytest.approx(1, abs=0.01)
    assert np.all(density >= 0)


def test_binning_many_values_changes_nothing_visible() -> None:
    from society_effects.stats import density as module

    values = np.random.default_rng(2).lognormal(0, 0.5, 6000)
    _, binned = kernel_density(values)
    before, module.BINNED_FROM = module.BINNED_FROM, 10**9
    try:
        _, full = kernel_density(values)
    finally:
        module.BINNED_FROM = before
    assert np.abs(binned - full).max() < 1e-3 * full.max()


def test_constants_have_no_density() -> None:
    assert len(kernel_density([3.0, 3.0, 3.0])[0]) == 0
    assert len(kernel_density([3.0])[0]) == 0
    assert len(kernel_density([0.1, 0.1, 0.1])[0]) == 0, "though rounding makes their standard deviation positive"
    assert len(kernel_density([])[0]) == len(kernel_density([np.nan, 2.0])[0]) == 0
    assert silverman_bandwidth([1.0, 1.0, 1.0, 1.0, 5.0]) > 0


@pytest.mark.parametrize("df", [2, 30, np.inf])
def test_t_density_is_the_density_of_the_interval(df: float) -> None:
    from scipy import stats

    found = from_t(4.0, 0.5, df)
    x, density = t_density(found)
    np.testing.assert_allclose(density, stats.t(df, 4.0, 0.5).pdf(x), rtol=1e-10)
    assert np.trapezoid(density, x) == pytest.approx(0.999, abs=2e-3)
    assert x[0] < found.conf_low < found.conf_high < x[-1]


def test_no_standard_error_no_density() -> None:
    assert len(t_density(from_t(4.0, 0.0, 10))[0]) == 0
    assert len(t_density(from_t(4.0, np.nan, 10))[0]) == 0
    assert len(t_density(from_t(0.6, 0.1, 10, scale="logit"))[0]) == 0
