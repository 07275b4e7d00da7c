"""One-way analysis of variance: against scipy, and where there is nothing to test."""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.anova import one_way
from society_effects.stats.differences import student
from society_effects.stats.moments import Moments


def test_agrees_with_scipy_and_with_students_t() -> None:
    from scipy import stats

    rng = np.random.default_rng(1)
    values, codes = rng.normal(70, 10, 90), rng.integers(0, 4, 90)
    theirs = stats.f_oneway(*(values[codes == k] for k in range(4)))
    found = one_way(values, codes)
    assert found.test.statistic == pytest.approx(theirs.statistic)
    assert found.test.p_value == pytest.approx(theirs.pvalue)
    two = codes < 2
    t = student(Moments.of(values[codes == 0]), Moments.of(values[codes == 1])).statistic
    assert one_way(values[two], codes[two]).test.statistic == pytest.approx(t**2)


def test_one_degree_of_freedom_within_is_enough() -> None:
    from scipy import stats

    found = one_way([1.0, 2.5, 7.0], [0, 0, 1]).test
    theirs = stats.f_oneway([1.0, 2.5], [7.0])
    assert (found.statistic, found.p_value) == pytest.approx((theirs.statistic, theirs.pvalue)) and not found.raised


@pytest.mark.parametrize(
    ("values", "codes", "flag"),
    [
        ([1.0, 2.0], [0, 1], "TOO_FEW"),
        ([1.0, 2.0], [0, 0], "TOO_FEW"),
        ([0.1] * 4, [0, 0, 1, 1], "NO_VARIATION"),
        ([0.1, 0.1, 0.2, 0.2], [0, 0, 1, 1], "DEGENERATE"),
    ],
)
def test_nothing_to_test(values: list[float], codes: list[int], flag: str) -> None:
    found = one_way(values, codes).test
    assert np.isnan([found.statistic, found.p_value]).all() and found.raised == (flag,)
