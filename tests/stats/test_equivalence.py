"""Equivalence: the interval lies within the margins exactly where the test says so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from society_effects.stats.equivalence import tost_means, tost_paired, tost_shares
from society_effects.stats.moments import Moments


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
