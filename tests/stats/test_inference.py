"""From an estimate and its standard error to limits and P: every scale against scipy, and what has neither."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from society_effects.stats.inference import Inference, TestResult, from_t, never_zero, two_sided_p, upper_tail_p

SCALES = {
    "identity": (lambda v: v, lambda v: v, -1.3, 0.4),
    "log": (np.log, np.exp, 1.7, 1.0),
    "logit": (special.logit, special.expit, 0.63, 0.5),
    "fisher": (np.arctanh, np.tanh, -0.45, 0.1),
}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("df", [4.5, np.inf])
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_limits_and_p_are_made_on_the_scale_and_shown_on_the_natural_one(scale: str, df: float, level: float) -> None:
    forward, back, estimate, null = SCALES[scale]
    reference = stats.norm if np.isinf(df) else stats.t(df)
    found = from_t(estimate, 0.3, df, null_value=null, conf_level=level, scale=scale)
    half = reference.ppf((1 + level) / 2) * 0.3
    assert (found.conf_low, found.conf_high) == pytest.approx(
        (back(forward(estimate) - half), back(forward(estimate) + half)), rel=1e-10
    )
    statistic = (forward(estimate) - forward(null)) / 0.3
    assert found.statistic == pytest.approx(statistic)
    assert found.p_value == pytest.approx(2 * reference.sf(abs(statistic)), rel=1e-10)
    assert (found.estimate, found.std_error, found.conf_level, found.scale) == (estimate, 0.3, level, scale)


@pytest.mark.parametrize(
    ("estimate", "std_error", "df"),
    [(1.0, 0.0, 5.0), (1.0, np.nan, 5.0), (1.0, np.inf, 5.0), (np.nan, 1.0, 5.0), (1.0, 1.0, 0.0), (1.0, 1.0, np.nan)],
)
def test_where_the_spread_is_unknown_nothing_but_the_estimate_is_shown(
    estimate: float, std_error: float, df: float
) -> None:
    found = from_t(estimate, std_error, df)
    assert found.estimate == pytest.approx(estimate, nan_ok=True)
    assert np.isnan([found.statistic, found.p_value, found.conf_low, found.conf_high]).all()


def test_a_batch_is_its_elements_and_only_normal_ones_all_have_a_z() -> None:
    estimate, error, df = np.array([1.0, -2.0, 0.5]), np.array([0.5, 0.0, 2.0]), np.array([np.inf, 3.0, 7.0])
    flags = {"SOME": np.array([False, True, False]), "NONE": False}
    found = from_t(estimate, error, df, flags=flags)
    for i in range(3):
        one, alone = found.at(i), from_t(estimate[i], error[i], df[i])
        assert [one.p_value, one.conf_low, one.df] == pytest.approx(
            [alone.p_value, alone.conf_low, alone.df], nan_ok=True
        )
        assert one.flags == {"SOME": i == 1, "NONE": False} and one.raised == (("SOME",) if i == 1 else ())
    assert found.raised == ("SOME",) and found.statistic_name == "t"
    assert from_t(estimate, error).statistic_name == "z" and from_t(1.0, 1.0, 3.0).statistic_name == "t"


def test_p_values_of_any_size_are_positive_and_have_the_right_tail() -> None:
    assert two_sided_p([0.0, -2.5, 2.5, 1e3]) == pytest.approx([1.0, *[2 * stats.norm.sf(2.5)] * 2, 5e-324])
    assert two_sided_p(1e3) > 0 and two_sided_p([2.0, 2.0], [3.0, np.inf])[0] == pytest.approx(2 * stats.t.sf(2, 3))
    assert upper_tail_p([1.5, -1.5], 6) == pytest.approx([stats.t.sf(1.5, 6), stats.t.cdf(1.5, 6)])
    assert never_zero(0.0) > 0 and never_zero(0.2) == 0.2 and np.isnan(never_zero(np.nan))


def test_what_nobody_gave_is_undefined() -> None:
    estimate, test = Inference(1.0), TestResult("F", 2.0, 0.1)
    assert np.isnan([estimate.std_error, estimate.df, estimate.statistic, estimate.p_value, estimate.conf_low]).all()
    assert np.isnan([test.df1, test.df2]).all() and estimate.raised == test.raised == ()
