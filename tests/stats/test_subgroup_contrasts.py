"""Differences between subgroups: of students apart, and of classes that have students in both."""

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.inference import from_t
from society_effects.stats.subgroup_contrasts import subgroup_contrasts

RNG = np.random.default_rng(1)
CLASSES = np.repeat(np.arange(8), 10)


def made(inside):
    """Estimates and influence of subgroups, masks of these students, by class."""
    influence = np.column_stack([np.where(which, RNG.normal(0, 0.1, len(which)), 0.0) for which in inside])
    sums = np.array([np.bincount(CLASSES, column) for column in influence.T])
    found = [from_t(1.0 + k, np.sqrt(np.sum(own**2)), 6.0 - k) for k, own in enumerate(sums)]
    return found, influence, sums


def test_subgroups_that_share_classes_are_as_uncertain_as_the_sums_of_the_classes():
    half = RNG.random(len(CLASSES)) < 0.5
    found, influence, sums = made([half, ~half])
    (contrast,) = subgroup_contrasts(found, influence, clusters=CLASSES).contrasts
    error = np.sqrt(np.sum((sums[1] - sums[0]) ** 2))
    assert (contrast.estimate, contrast.std_error) == pytest.approx((1.0, error))
    assert contrast.df == 5.0  # of as many classes, not of twice as many
    assert contrast.p_value == pytest.approx(2 * stats.t.sf(1 / error, 5))


def test_subgroups_of_whole_classes_are_apart():
    found, influence, _ = made([CLASSES < 4, CLASSES >= 4])
    (contrast,) = subgroup_contrasts(found, influence, clusters=CLASSES).contrasts
    one, two = (answer.std_error**2 for answer in found)
    assert contrast.std_error == pytest.approx(np.sqrt(one + two))
    assert contrast.df == pytest.approx((one + two) ** 2 / (one**2 / 6 + two**2 / 5))


def test_all_together_by_walds_f():
    found, influence, sums = made([k == CLASSES % 3 for k in range(3)])
    shown = subgroup_contrasts(found, influence, clusters=CLASSES)
    apart = sums[1:] - sums[0]
    statistic = np.array([1.0, 2.0]) @ np.linalg.solve(apart @ apart.T, [1.0, 2.0]) / 2
    assert shown.together.statistic == pytest.approx(statistic)
    assert shown.together.df2 == pytest.approx(min(one.df for one in shown.contrasts))
