"""What must not change when the question does not change, and what must change sign with it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from society_effects.stats.differences import student, welch, yuen
from society_effects.stats.effect_sizes import cohen_d, d_average, hedges_g, smd
from society_effects.stats.inference import Inference
from society_effects.stats.moments import Moments
from society_effects.stats.proportions import miettinen_nurminen, odds_ratio, risk_difference, risk_ratio
from society_effects.stats.ranks import brunner_munzel, hodges_lehmann, mann_whitney, probability_of_superiority
from society_effects.stats.resampling import bootstrap_difference, permutation_difference

Values = np.ndarray
Compare = Callable[[Values, Values], Inference]


def on_moments(measure: Callable[[Moments, Moments], Inference]) -> Compare:
    return lambda member, reference: measure(Moments.of(member), Moments.of(reference))


IN_POINTS: dict[str, Compare] = {
    "welch": on_moments(welch),
    "student": on_moments(student),
    "yuen": yuen,
    "hodges_lehmann": hodges_lehmann,
    "permutation": lambda a, b: permutation_difference(a, b, resamples=199),
    "bootstrap": lambda a, b: bootstrap_difference(a, b, resamples=199),
    "bca": lambda a, b: bootstrap_difference(a, b, resamples=199, interval="bca"),
}
STANDARDISED: dict[str, Compare] = {
    "hedges_g": on_moments(hedges_g),
    "cohen_d": on_moments(cohen_d),
    "d_average": on_moments(d_average),
}
SUPERIORITY: dict[str, Compare] = {
    "logit": probability_of_superiority,
    "permuted": lambda a, b: probability_of_superiority(a, b, resamples=199),
    "plain": brunner_munzel,
}
SCORES = arrays(float, st.integers(2, 9), elements=st.integers(0, 20).map(float))


def close(first: object, second: object) -> bool:
    return bool(np.allclose(np.asarray(first, float), np.asarray(second, float), rtol=1e-7, atol=1e-9, equal_nan=True))


def p_of(found: Inference) -> object:
    return found.p_value


@pytest.mark.parametrize("name", [*IN_POINTS, *STANDARDISED])
@given(member=SCORES, reference=SCORES)
def test_swapping_the_groups_turns_the_sign_and_keeps_p(name: str, member: Values, reference: Values) -> None:
    assume(sorted(member) != sorted(reference))
    compare = (IN_POINTS | STANDARDISED)[name]
    found, swapped = compare(member, reference), compare(reference, member)
    assert close(found.estimate, -swapped.estimate)
    assert close(p_of(found), p_of(swapped))
    assert close((found.conf_low, found.conf_high), (-swapped.conf_high, -swapped.conf_low))
    assert found.raised == swapped.raised


@pytest.mark.parametrize("name", list(SUPERIORITY))
@given(member=SCORES, reference=SCORES)
def test_swapping_the_groups_mirrors_superiority(name: str, member: Values, reference: Values) -> None:
    found, swapped = SUPERIORITY[name](member, reference), SUPERIORITY[name](reference, member)
    assert close(found.estimate, 1 - swapped.estimate)
    assert close(p_of(found), p_of(swapped))
    assert close((found.conf_low, found.conf_high), (1 - swapped.conf_high, 1 - swapped.conf_low))


@pytest.mark.parametrize("name", [*IN_POINTS, *STANDARDISED, *SUPERIORITY])
@given(member=SCORES, reference=SCORES, shift=st.integers(-1000, 1000), scale=st.sampled_from([0.5, 2.0, 16.0]))
def test_shifting_and_scaling_the_scores(
    name: str, member: Values, reference: Values, shift: int, scale: float
) -> None:
    compare = (IN_POINTS | STANDARDISED | SUPERIORITY)[name]
    found, moved = compare(member, reference), compare(scale * member + shift, scale * reference + shift)
    factor = scale if name in IN_POINTS else 1.0
    for number in ("estimate", "conf_low", "conf_high"):
        assert close(factor * getattr(found, number), getattr(moved, number)), number
    assert close(p_of(found), p_of(moved))
    assert found.raised == moved.raised


@given(member=SCORES, reference=SCORES, seed=st.integers(0, 1000))
def test_the_order_of_the_students_is_nothing(member: Values, reference: Values, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for compare in (*IN_POINTS.values(), *STANDARDISED.values(), *SUPERIORITY.values()):
        found, shuffled = compare(member, reference), compare(rng.permutation(member), rng.permutation(reference))
        assert close(
            (found.estimate, found.p_value, found.conf_low), (shuffled.estimate, shuffled.p_value, shuffled.conf_low)
        )


@given(member=SCORES, reference=SCORES)
def test_p_agrees_with_the_interval_about_no_difference(member: Values, reference: Values) -> None:
    for compare in (on_moments(welch), on_moments(student), yuen, on_moments(cohen_d), on_moments(d_average)):
        found = compare(member, reference)
        if np.isfinite(found.p_value) and abs(found.p_value - 0.05) > 1e-9:
            assert (found.p_value < 0.05) == (found.conf_low > 0 or found.conf_high < 0)


@given(member=SCORES, reference=SCORES)
def test_p_is_a_probability_above_zero_and_limits_hold_the_estimate(member: Values, reference: Values) -> None:
    for compare in (*IN_POINTS.values(), *STANDARDISED.values(), *SUPERIORITY.values()):
        found = compare(member, reference)
        assert np.isnan(found.p_value) or 0 < found.p_value <= 1 + 1e-12
        if np.isfinite([found.conf_low, found.conf_high]).all():
            assert found.conf_low - 1e-9 <= found.estimate <= found.conf_high + 1e-9
        if np.isnan(found.p_value):
            assert found.raised


COUNTS = st.tuples(st.integers(1, 30), st.integers(1, 30)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


@given(COUNTS)
def test_shares_swapped_and_turned_around(counts: tuple[int, int, int, int]) -> None:
    x1, n1, x0, n0 = counts
    for difference in (risk_difference, miettinen_nurminen):
        found = difference(*counts)
        assert -1 <= found.conf_low <= found.estimate <= found.conf_high <= 1
        for turned in (difference(x0, n0, x1, n1), difference(n1 - x1, n1, n0 - x0, n0)):
            assert close((found.conf_low, found.conf_high), (-turned.conf_high, -turned.conf_low))
            assert close(p_of(found), p_of(turned))
    for ratio in (risk_ratio, odds_ratio):
        found, swapped = ratio(*counts), ratio(x0, n0, x1, n1)
        assert close(p_of(found), p_of(swapped))
        if np.isfinite(found.conf_low) and found.conf_low > 0 and np.isfinite(swapped.conf_high):
            assert close(found.conf_low * swapped.conf_high, 1.0)
        if np.isfinite([found.estimate, found.conf_low, found.conf_high]).all():
            assert found.conf_low <= found.estimate <= found.conf_high


def test_smd_is_d_average_without_inference() -> None:
    one, two = Moments(40, 3.0, 1.0), Moments(60, 2.5, 2.0)
    assert smd(one, two) == pytest.approx(d_average(one, two).estimate)


def test_mann_whitney_swapped() -> None:
    found, swapped = mann_whitney([1, 2, 2, 7], [2, 3, 9]), mann_whitney([2, 3, 9], [1, 2, 2, 7])
    assert found.statistic == pytest.approx(-swapped.statistic)


@pytest.mark.parametrize("scale", [2.0**-700, 2.0**-500, 2.0**900])
@pytest.mark.parametrize(
    "name", ["welch", "student", "yuen", "hodges_lehmann", "permutation", "bootstrap", "bca", "hedges_g", "d_average"]
)
def test_scores_of_any_size_give_the_same_answer(name: str, scale: float) -> None:
    member, reference = np.array([3.0, 5, 6, 9, 4.5, 7]), np.array([1.0, 2, 2.5, 4, 3])
    compare = (IN_POINTS | STANDARDISED)[name]
    found, moved = compare(member, reference), compare(scale * member, scale * reference)
    factor = scale if name in IN_POINTS else 1.0
    for number in ("estimate", "conf_low", "conf_high"):
        assert getattr(moved, number) / factor == pytest.approx(getattr(found, number), rel=1e-9), number
    assert moved.p_value == pytest.approx(found.p_value, rel=1e-9) and moved.raised == found.raised
