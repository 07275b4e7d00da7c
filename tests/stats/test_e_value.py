"""E-values: published numbers, the bias formula they invert, and what cannot be known."""

import numpy as np
import pytest

from society_effects.stats.e_value import (
    e_value_of_difference,
    e_value_of_odds_ratio,
    e_value_of_ratio,
    e_value_of_shares,
    observed_e_value,
)


def test_published_numbers() -> None:
    breast_feeding = e_value_of_ratio(3.9, 1.8, 8.7)
    assert breast_feeding.point == pytest.approx(7.263034344160047, rel=1e-14)
    assert breast_feeding.limit == pytest.approx(3.0, rel=1e-14)
    golden = e_value_of_difference(0.4135421402, np.sqrt(1 / 120 + 1 / 547))
    assert (golden.risk_ratio, golden.point, golden.limit) == pytest.approx((1.456918, 2.272818, 1.732362), abs=5e-7)


@pytest.mark.parametrize("ratio", [1.02, 1.5, 3.9, 40.0])
def test_a_cause_of_that_strength_explains_exactly_the_association(ratio: float) -> None:
    """The largest bias of a cause with both risk ratios e is e^2 / (2 e - 1): Ding and VanderWeele's bounding factor."""
    e = e_value_of_ratio(ratio).point
    assert e**2 / (2 * e - 1) == pytest.approx(ratio, rel=1e-12)
    assert e_value_of_ratio(1 / ratio).point == pytest.approx(e, rel=1e-12)


def test_nothing_is_needed_where_the_interval_includes_the_null() -> None:
    assert e_value_of_ratio(1.3, 0.9, 1.9).limit == 1
    assert e_value_of_ratio(1.3, 1.0, 1.9).limit == 1
    assert e_value_of_ratio(1.0).point == 1
    assert e_value_of_difference(0.0, 0.1).point == e_value_of_difference(0.0, 0.1).limit == 1


def test_the_limit_nearest_the_null_counts() -> None:
    below = e_value_of_ratio(0.5, 0.3, 0.8)
    assert below.limit == pytest.approx(e_value_of_ratio(0.8).point)
    turned = e_value_of_ratio(2.0, 1 / 0.8, 1 / 0.3)
    assert (turned.point, turned.limit) == pytest.approx((below.point, below.limit))


def test_odds_ratios_of_common_and_rare_outcomes() -> None:
    rare, common = (e_value_of_odds_ratio(4.0, 2.25, 9.0, common=c) for c in (False, True))
    assert (rare.risk_ratio, common.risk_ratio, common.conf_low) == (4.0, 2.0, 1.5)
    assert common.limit == pytest.approx(e_value_of_ratio(1.5).point)
    assert (rare.method, common.method) == ("odds_ratio", "root_odds_ratio")


def test_a_difference_has_a_wider_interval_at_a_higher_level() -> None:
    usual, wide = (e_value_of_difference(0.6, 0.1, conf_level=level) for level in (0.95, 0.99))
    assert usual.conf_low == pytest.approx(np.exp(0.91 * 0.6 - 1.78 * 0.1), rel=1e-14)
    assert wide.limit < usual.limit and wide.point == usual.point


def test_shares_go_through_their_ratio() -> None:
    found = e_value_of_shares(0.6, 0.4, 1.2, 1.9)
    assert found.point == e_value_of_ratio(1.5).point or found.point == pytest.approx(e_value_of_ratio(1.5).point)
    assert found.limit == e_value_of_ratio(1.2).point


def test_a_share_of_nothing_has_no_finite_e_value() -> None:
    for found in (e_value_of_shares(0.0, 0.4, np.nan, 0.7), e_value_of_shares(0.4, 0.0, 1.4, np.nan)):
        assert np.isnan(found.point) and found.raised == ("ZERO_SHARE",)
        assert found.limit > 1
    assert np.isnan(e_value_of_shares(0.0, 0.0).point)
    assert e_value_of_shares(0.4, 0.0, 0.9, np.nan).limit == 1


def test_without_an_interval_the_limit_is_unknown() -> None:
    found = e_value_of_ratio(2.0)
    assert np.isnan(found.limit) and found.raised == ("NO_INTERVAL",)
    assert np.isnan(e_value_of_ratio(np.nan, np.nan, np.nan).point)


def test_a_measured_covariate_is_as_strong_as_it_moves_the_estimate() -> None:
    assert observed_e_value(1.5, 1.8) == pytest.approx(e_value_of_ratio(1.2).point)
    assert observed_e_value(1.8, 1.5) == pytest.approx(observed_e_value(1.5, 1.8))
    assert observed_e_value(1.5, 1.5) == 1
