"""Conditional risk and odds ratios: plain ratios, labels, classes, separation. R's numbers: tests/reference."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from society_effects.stats.inference import Inference
from society_effects.stats.modified_poisson import conditional_odds_ratio, conditional_risk_ratio
from society_effects.stats.standardisation import standardised_shares

RNG = np.random.default_rng(12)
N = 300
X = RNG.standard_normal((N, 2))
MEMBER = RNG.random(N) < 0.4
CLASSES = RNG.integers(0, 12, N)
EVENT = (RNG.random(N) < 1 / (1 + np.exp(0.3 - 2 * X[:, 0] - 1.2 * MEMBER))).astype(float)
BOTH = pytest.mark.parametrize("ratio", [conditional_odds_ratio, conditional_risk_ratio])


def table(a: int, b: int, c: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat([1.0, 0.0, 1.0, 0.0], [a, b, c, d]), np.repeat([1, 1, 0, 0], [a, b, c, d])


def test_without_covariates_they_are_those_of_the_table() -> None:
    event, member = table(30, 10, 25, 35)
    odds, risk = (found(event, member) for found in (conditional_odds_ratio, conditional_risk_ratio))
    assert odds.estimate == pytest.approx(30 * 35 / (10 * 25), rel=1e-10)
    assert risk.estimate == pytest.approx(30 / 40 / (25 / 60), rel=1e-10)
    p, n = np.array([30 / 40, 25 / 60]), np.array([40, 60])
    hc3 = np.sqrt(np.sum((1 - p) / p * n / (n - 1) ** 2))
    assert (risk.std_error, risk.df) == (pytest.approx(hc3, rel=1e-10), 98)


def test_the_conditional_odds_ratio_is_farther_from_1_than_the_marginal_one() -> None:
    conditional = conditional_odds_ratio(EVENT, MEMBER, X)
    marginal = standardised_shares(EVENT, MEMBER, X, target="all", interactions=False).odds_ratio
    assert marginal is not None and 1 < marginal.estimate < 0.8 * conditional.estimate


@BOTH
def test_labels_classes_and_names(ratio: Callable[..., Inference]) -> None:
    one, other = (ratio(EVENT, arm, X, names=("same", "same")) for arm in (MEMBER, ~MEMBER))
    assert (other.estimate, other.p_value) == pytest.approx((1 / one.estimate, one.p_value))
    classes = ratio(EVENT, MEMBER, X, clusters=CLASSES)
    assert classes.df < 12 and classes.estimate == one.estimate and classes.method.endswith("_cr2")
    alone = ratio(EVENT, MEMBER, X, clusters=MEMBER.astype(int))
    assert alone.flags["ONE_CLUSTER_IN_ARM"] and np.isnan(alone.conf_low)
    assert ratio(EVENT, MEMBER, X[:, [0, 0]]).flags["COLLINEAR"]


def test_separation_and_tables_without_events() -> None:
    event, member = table(12, 0, 7, 9)
    odds, risk = conditional_odds_ratio(event, member), conditional_risk_ratio(event, member)
    assert odds.raised == ("SEPARATION",) and odds.method == "firth"
    assert odds.estimate == pytest.approx(12.5 / 0.5 / (7.5 / 9.5), rel=1e-8)
    assert odds.conf_low > 1 and odds.p_value < 0.01
    assert risk.estimate == pytest.approx(16 / 7) and not risk.raised
    empty = conditional_risk_ratio(1 - event, member)
    assert empty.raised == ("NO_EVENTS_AMONG_ALIKE",) and np.isnan(empty.estimate)
    for value, flag, expected in ((0.0, "NO_EVENTS_AT_ALL", np.nan), (1.0, "ALL_EVENTS", 1.0)):
        found = conditional_risk_ratio(np.full(28, value), member)
        assert found.raised == (flag,) and found.estimate == pytest.approx(expected, nan_ok=True)
        assert np.isnan(conditional_odds_ratio(np.full(28, value), member).estimate)
