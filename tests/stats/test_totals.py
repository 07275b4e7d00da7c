"""A score that is made of the others."""

import numpy as np

from society_effects.stats.totals import is_total

PARTS = np.random.default_rng(4).normal(70, 8, (40, 3))


def test_sums_and_means_rounded_to_one_decimal():
    assert is_total(PARTS.sum(axis=1), PARTS)
    assert is_total(np.round(PARTS.mean(axis=1), 1), PARTS)
    holes = PARTS.copy()
    holes[3, 1] = np.nan
    assert is_total(PARTS.sum(axis=1), holes)


def test_nothing_else_is_a_total():
    assert not is_total(PARTS.sum(axis=1) + np.r_[1.0, np.zeros(39)], PARTS)
    assert not is_total(PARTS[:, 0], PARTS[:, 1:])
    assert not is_total(np.full(40, 3.0), np.ones((40, 3)))
    assert not is_total(PARTS[:2].sum(axis=1), PARTS[:2])
