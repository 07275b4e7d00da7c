"""The wild cluster bootstrap of a regression: against refitting, and what it cannot say. Two groups: test_clusters."""

from __future__ import annotations

import time
from itertools import product

import numpy as np
import pytest

from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.linear_model import least_squares
from society_effects.stats.wild_bootstrap import _signs, wild_adjusted, wild_bootstrap, wild_regression

RNG = np.random.default_rng(91)
CLASSES = np.repeat(np.arange(9), RNG.integers(6, 14, 9))
N = len(CLASSES)
X = RNG.standard_normal((N, 2)) + RNG.standard_normal(9)[CLASSES, None]
MEMBER = RNG.random(N) < 0.4
WHOLE = CLASSES < 4
Y = X @ [0.5, -0.3] + 0.5 * MEMBER + 0.4 * RNG.standard_normal(9)[CLASSES] + RNG.standard_normal(N)
INDICATORS = (CLASSES[:, None] == np.arange(1, 9)).astype(float)


def by_refitting(design: np.ndarray, y: np.ndarray, signs: np.ndarray, hypothesis: float) -> float:
    """P of the coefficient of the second column: fit without it, new data, fit and studentise (CR1) every time."""
    bread = np.linalg.inv(design.T @ design)
    codes = np.unique(CLASSES)

    def t_of(outcome: np.ndarray) -> float:
        beta = bread @ design.T @ outcome
        left = outcome - design @ beta
        scores = np.array([design[c == CLASSES].T @ left[c == CLASSES] for c in codes])
        g, (n, k) = len(codes), design.shape
        factor = g / (g - 1) * (n - 1) / (n - k)
        return float((beta[1] - hypothesis) / np.sqrt(factor * (bread @ scores.T @ scores @ bread)[1, 1]))

    without = np.delete(design, 1, axis=1)
    shifted = y - hypothesis * design[:, 1]
    fitted = without @ np.linalg.lstsq(without, shifted, rcond=None)[0]
    drawn = [t_of(fitted + hypothesis * design[:, 1] + (shifted - fitted) * v[CLASSES]) for v in signs]
    return float(np.mean(np.abs(drawn) >= abs(t_of(y)) * (1 - 1e-9)))


DESIGNS = {
    "covariates": (None, True, np.column_stack([np.ones(N), MEMBER, X])),
    "indicators": ("fixed", False, np.column_stack([np.ones(N), MEMBER, X, INDICATORS])),
    "whole classes": (None, False, np.column_stack([np.ones(N), WHOLE, X])),
}


@pytest.mark.parametrize("hypothesis", [0.0, 0.4])
@pytest.mark.parametrize("name", list(DESIGNS))
def test_it_is_what_refitting_every_time_gives(name: str, hypothesis: float) -> None:
    design, signs = DESIGNS[name][2], np.array(list(product((-1, 1), repeat=9)))
    expected = by_refitting(design, Y, signs, hypothesis)
    found = wild_regression(least_squares(design, Y - hypothesis * design[:, 1]), np.eye(design.shape[1])[1], CLASSES)
    assert found.method == "wild_bootstrap_exact"
    assert found.p_value == pytest.approx(expected, abs=1e-12)


def test_six_weights() -> None:
    design = DESIGNS["covariates"][2]
    signs, exact = _signs(9, 400, 5)
    assert not exact
    found = wild_regression(least_squares(design, Y), [0, 1, 0, 0], CLASSES, resamples=400, seed=5)
    expected = by_refitting(design, Y, signs, 0.0)
    assert found.p_value == pytest.approx((expected * 400 + 1) / 401, abs=1e-12)


@pytest.mark.parametrize("within", [None, "fixed", "mundlak"])
def test_limits_are_the_differences_that_the_test_keeps(within: str | None) -> None:
    settings = {"clusters": CLASSES, "within": within}
    found = wild_adjusted(adjusted_difference(Y, MEMBER, X, **settings))
    assert found.conf_low < found.estimate < found.conf_high
    for limit, outwards in ((found.conf_low, -1e-4), (found.conf_high, 1e-4)):
        beyond, inside = (
            wild_adjusted(adjusted_difference(Y - (limit + step) * MEMBER, MEMBER, X, **settings)).p_value
            for step in (outwards, -outwards)
        )
        assert beyond <= 0.05 < inside


def test_absorbed_levels_and_indicators_are_the_same() -> None:
    design = DESIGNS["indicators"][2]
    long = wild_regression(least_squares(design, Y), np.eye(design.shape[1])[1], CLASSES)
    short = wild_adjusted(adjusted_difference(Y, MEMBER, X, clusters=CLASSES, within="fixed", interactions=False))
    for name in ("estimate", "std_error", "p_value", "conf_low", "conf_high"):
        assert getattr(short, name) == pytest.approx(getattr(long, name), rel=1e-8)


def test_without_covariates_it_is_that_of_two_groups() -> None:
    found = wild_adjusted(adjusted_difference(Y, WHOLE, clusters=CLASSES))
    theirs = wild_bootstrap(Y, WHOLE, CLASSES, 1, 0)
    for name in ("estimate", "std_error", "p_value", "conf_low", "conf_high"):
        assert getattr(found, name) == pytest.approx(getattr(theirs, name), rel=1e-9)
    assert found.flags == theirs.flags


def test_what_it_cannot_say() -> None:
    one = adjusted_difference(Y, np.where(CLASSES == 3, MEMBER, CLASSES > 5), clusters=CLASSES, within="fixed")
    assert wild_adjusted(one).raised == ("ONE_CLASS_COMPARED",)
    special = np.column_stack([np.ones(N), CLASSES == 2, X])
    assert wild_regression(least_squares(special, Y), [0, 1, 0, 0], CLASSES).raised == ("ONE_CLASS_COMPARED",)
    assert not wild_regression(least_squares(special, Y), [0, 0, 1, 0], CLASSES).raised
    still = wild_regression(least_squares(special[:, [0, 2]], X[:, 0]), [0, 1], CLASSES)
    assert still.raised == ("NO_VARIATION",) and np.isnan(still.p_value)
    alone = wild_adjusted(adjusted_difference(Y, CLASSES == 2, X, clusters=CLASSES))
    assert "ONE_CLUSTER_IN_ARM" in alone.raised and np.isnan(alone.p_value)
    few = wild_adjusted(adjusted_difference(Y, CLASSES < 3, X, clusters=CLASSES, interactions=False))
    assert few.raised == ("WILD_BOOTSTRAP_CAUTIOUS",)
    compared = np.where(CLASSES < 3, MEMBER, CLASSES > 5)
    inside = adjusted_difference(Y, compared, clusters=CLASSES, within="fixed", interactions=False)
    assert "WILD_BOOTSTRAP_CAUTIOUS" in wild_adjusted(inside).raised
    assert "WILD_BOOTSTRAP_CAUTIOUS" not in wild_adjusted(adjusted_difference(Y, MEMBER, clusters=CLASSES)).raised


def test_ten_thousand_draws_are_quick() -> None:
    rng = np.random.default_rng(3)
    codes, x, member = rng.integers(0, 20, 667), rng.standard_normal((667, 4)), rng.random(667) < 0.4
    found = adjusted_difference(rng.standard_normal(667), member, x, clusters=codes, within="fixed")
    start = time.process_time()
    assert wild_adjusted(found).method == "wild_bootstrap"
    assert time.process_time() - start < 1
