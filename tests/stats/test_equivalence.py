"""Equivalence: the interval lies within the margins exactly where the test says so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from society_effects.stats.equivalence import tost_classes, tost_means, tost_paired, tost_scores, tost_shares
from society_effects.stats.moments import Moments
from society_effects.stats.proportions import miettinen_nurminen


@given(st.floats(-3, 3), st.floats(0.5, 3), st.floats(0.5, 3), st.integers(3, 60), st.integers(3, 60))
def test_means(difference: float, sd1: float, sd0: float, n1: int, n0: int) -> None:
    found = tost_means(Moments(n1, difference, sd1), Moments(n0, 0.0, sd0), -1.0, 1.0)
    inside = found.difference.conf_low > -1 and found.difference.conf_high < 1
    if abs(found.p_value - 0.05) > 1e-9:
        assert inside == (found.p_value < 0.05)


def test_constant_differences_have_no_p() -> None:
    found = tost_paired([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], -1, 1)
    assert found.difference.estimate == 0 and np.isnan(found.p_value)


def test_agrees_with_statsmodels() -> None:
    from statsmodels.stats.weightstats import ttost_ind

    rng = np.random.default_rng(1)
    member, reference = rng.normal(0.1, 1, 40), rng.normal(0, 2, 60)
    theirs = ttost_ind(member, reference, -1, 1, usevar="unequal")
    assert tost_means(Moments.of(member), Moments.of(reference), -1, 1).p_value == pytest.approx(theirs[0])
    assert tost_shares(50, 100, 55, 100, -0.2, 0.2).p_value < 0.05


@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_shares_by_scores_are_alike_where_the_limits_lie_within_the_margins(alpha: float) -> None:
    counts = (45, 100, 52, 120)
    limits = miettinen_nurminen(*counts, conf_level=1 - 2 * alpha)
    found = tost_scores(*counts, float(limits.conf_low), 0.5, alpha=alpha)
    assert found.p_value == pytest.approx(alpha, abs=1e-8)
    assert (found.difference.conf_low, found.difference.conf_high) == (limits.conf_low, limits.conf_high)
    assert found.difference.conf_level == 1 - 2 * alpha
    assert tost_scores(*counts, -0.5, float(limits.conf_high), alpha=alpha).p_value == pytest.approx(alpha, abs=1e-8)


@pytest.mark.parametrize("alpha", [0.05, 0.1])
def test_limits_of_classes_are_the_margins_at_which_p_falls_below_alpha(alpha: float) -> None:
    rng = np.random.default_rng(5)
    classes = np.repeat(np.arange(8), 4)
    data = rng.normal(size=32) + rng.normal(size=8)[classes], (classes < 4).astype(int), classes
    found = tost_classes(*data, 1, 0, -9.0, 9.0, alpha=alpha).difference
    assert found.conf_level == pytest.approx(1 - 2 * alpha) and found.conf_low < found.estimate < found.conf_high
    step = 1e-6 * (found.conf_high - found.conf_low)
    for limit, outward in [(found.conf_low, -step), (found.conf_high, step)]:
        beyond, within = (
            tost_classes(*data, 1, 0, *((at, 9.0) if outward < 0 else (-9.0, at)), alpha=alpha).p_value
            for at in (limit + outward, limit - outward)
        )
        assert beyond < alpha <= within
