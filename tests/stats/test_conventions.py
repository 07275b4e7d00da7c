"""Rules of older programs: which pairs of means the Student-Newman-Keuls procedure looks at."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import studentized_range

from society_effects.stats.conventions import student_newman_keuls


def test_pairs_outside_a_range_that_is_not_significant_are_tested_and_those_inside_are_not() -> None:
    means, sizes = np.array([20.0, 10.0, 30.0, 10.4, 10.2]), np.array([8, 9, 7, 8, 8])
    found, error = student_newman_keuls(means, sizes, 9.0, 35), np.sqrt(9.0 * np.mean(1 / sizes))

    def p(one: int, two: int, width: int) -> float:
        return float(studentized_range.sf(abs(means[one] - means[two]) / error, width, 35))

    for one, two, width in [(1, 2, 5), (4, 2, 4), (1, 0, 4), (3, 2, 3), (4, 0, 3), (1, 3, 3), (0, 2, 2), (3, 0, 2)]:
        assert found[one, two] == found[two, one] == pytest.approx(p(one, two, width), rel=1e-10)
    assert found[1, 3] > 0.05 and found[3, 0] < 0.05
    assert np.isnan([found[1, 4], found[4, 3]]).all(), "inside the range of the three low means"
    assert np.isnan(np.diag(found)).all()
