"""Morris's standardised difference in changes: the printed formula, and what is undefined."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from society_effects.stats.pre_post_effect_size import d_ppc2

RNG = np.random.default_rng(29)
FIRST = [RNG.normal(60, 10, n) for n in (24, 40)]
LAST = [0.7 * f + RNG.normal(22 + 4 * (i == 0), 7, len(f)) for i, f in enumerate(FIRST)]


def test_morris_equation_25() -> None:
    found = d_ppc2(FIRST[0], LAST[0], FIRST[1], LAST[1])
    n1, n0 = 24, 40
    df = n1 + n0 - 2
    c = special.gamma(df / 2) / (np.sqrt(df / 2) * special.gamma((df - 1) / 2))
    pooled = [
        [sum((len(f) - 1) * np.cov(f, g)[i, j] for f, g in zip(FIRST, LAST, strict=True)) / df for j in (0, 1)]
        for i in (0, 1)
    ]
    r = pooled[0][1] / np.sqrt(pooled[0][0] * pooled[1][1])
    gains = [np.mean(g) - np.mean(f) for f, g in zip(FIRST, LAST, strict=True)]
    d = c * (gains[0] - gains[1]) / np.sqrt(pooled[0][0])
    k = 2 * (1 - r) * (n1 + n0) / (n1 * n0)
    variance = 2 * c**2 * (1 - r) * ((n1 + n0) / (n1 * n0)) * (df / (df - 2)) * (1 + d**2 / k) - d**2
    assert found.estimate == pytest.approx(d, rel=1e-12)
    assert found.std_error == pytest.approx(np.sqrt(variance), rel=1e-10)
    half = special.ndtri(0.975) * np.sqrt(variance)
    assert (found.conf_low, found.conf_high) == pytest.approx((d - half, d + half))
    assert not found.raised


def test_units_and_arms() -> None:
    found = d_ppc2(FIRST[0], LAST[0], FIRST[1], LAST[1])
    other = d_ppc2(3 * FIRST[1] + 1e4, 3 * LAST[1] + 1e4, 3 * FIRST[0] + 1e4, 3 * LAST[0] + 1e4)
    assert (other.estimate, other.std_error) == pytest.approx((-found.estimate, found.std_error), rel=1e-9)


def test_what_is_undefined() -> None:
    assert d_ppc2([1], [2], [1, 2, 3], [2, 2, 3]).raised == ("TOO_FEW",)
    assert d_ppc2([1, 2], [2, 2], [1, 2], [2, 4]).raised == ("TOO_FEW",)
    constant = d_ppc2([5, 5, 5], [6, 7, 5], [5, 5, 5], [5, 6, 6])
    assert np.isnan(constant.estimate) and constant.raised == ("NO_VARIATION",)
    first = np.array([1.0, 2, 3, 4])
    same = d_ppc2(first, first + 1, first, first + 1)
    assert same.estimate == 0 and np.isnan(same.p_value) and same.raised == ("DEGENERATE",)
    assert d_ppc2(FIRST[0], 2 * LAST[0], FIRST[1], 2 * LAST[1]).raised == ("SPREAD_CHANGED",)


@pytest.mark.parametrize(("ratio", "changed"), [(0.79, True), (0.81, False), (1.24, False), (1.26, True)])
def test_spreads_that_differ_by_a_quarter_have_changed(ratio: float, changed: bool) -> None:
    def with_ratio(first: np.ndarray, last: np.ndarray) -> np.ndarray:
        return (last - last.mean()) / last.std() * first.std() * ratio

    last = [with_ratio(f, g) for f, g in zip(FIRST, LAST, strict=True)]
    assert ("SPREAD_CHANGED" in d_ppc2(FIRST[0], last[0], FIRST[1], last[1]).raised) is changed
