"""Holm: textbook values, missing tests, never below the raw P."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from society_effects.stats.multiplicity import holm


def test_textbook_example() -> None:
    np.testing.assert_allclose(holm([0.01, 0.02, 0.03, 0.005]), [0.03, 0.04, 0.04, 0.02])


def test_an_undefined_p_is_no_test() -> None:
    np.testing.assert_allclose(holm([0.01, np.nan, 0.03]), [0.02, np.nan, 0.03])
    assert np.isnan(holm([np.nan])).all() and len(holm([])) == 0


@given(arrays(float, st.integers(1, 30), elements=st.floats(0, 1)))
def test_adjusted_p_are_never_below_raw_and_keep_their_order(p_values: np.ndarray) -> None:
    adjusted = holm(p_values)
    assert np.all(adjusted >= p_values) and np.all(adjusted <= 1)
    assert np.all(np.diff(adjusted[np.argsort(p_values, kind="stable")]) >= 0)
