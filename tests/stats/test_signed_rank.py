"""Signed ranks, pseudo-median and sign test: against enumeration, inversion and scipy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from society_effects.stats.sign_flips import changes
from society_effects.stats.signed_rank import pseudo_median, sign_test, signed_rank, signed_rank_exact
from society_effects.stats.walsh_averages import averages, kth_averages, median_average

TIED = np.array([0.0, 0, 1, -1, 2, 3, 3, 4, 5, -2, 0, 2])


def ranks_of(change: np.ndarray, zeros: str) -> np.ndarray:
    from scipy import stats

    change = change[change != 0] if zeros == "dropped" else change
    return stats.rankdata(np.abs(change)) * np.sign(change)


@pytest.mark.parametrize("zeros", ["pratt", "dropped"])
@pytest.mark.parametrize("seed", range(6))
def test_exact_p_is_the_enumeration(zeros: str, seed: int) -> None:
    change = np.random.default_rng(seed).integers(-3, 6, 11).astype(float)
    signed = ranks_of(change, zeros)
    signed = signed[signed != 0]
    sums = [abs(np.dot(signs, np.abs(signed))) for signs in itertools.product((1, -1), repeat=len(signed))]
    found = signed_rank_exact(np.zeros(11), change, zeros=zeros)
    assert found.p_value == pytest.approx(np.mean(np.array(sums) >= abs(signed.sum()) - 1e-9))
    assert found.statistic == signed[signed > 0].sum()


@pytest.mark.parametrize(("zeros", "theirs"), [("pratt", "pratt"), ("dropped", "wilcox")])
@pytest.mark.parametrize("corrected", [False, True])
def test_normal_p_agrees_with_scipy(zeros: str, theirs: str, corrected: bool) -> None:
    from scipy import stats

    change = np.random.default_rng(1).integers(-4, 7, 60).astype(float)
    found = signed_rank(np.zeros(60), change, zeros=zeros, continuity_correction=corrected)
    expected = stats.wilcoxon(change, zero_method=theirs, correction=corrected, method="asymptotic")
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-10)


def test_exact_without_ties_agrees_with_scipy() -> None:
    from scipy import stats

    change = np.random.default_rng(2).normal(0.4, 1, 20)
    assert signed_rank_exact(np.zeros(20), change).p_value == pytest.approx(
        stats.wilcoxon(change, method="exact").pvalue
    )


def test_ties_of_decimals_are_ties() -> None:
    first = np.array([0.1, 0.2, 0.3, 1.1, 5.1, 2.2])
    last = (first + np.array([0.2, 0.2, -0.2, 0.2, 0.2, 0.4])).round(1)
    whole = signed_rank(np.zeros(6), [2.0, 2, -2, 2, 2, 4])
    assert signed_rank(first, last).p_value == pytest.approx(whole.p_value, rel=1e-12)


def test_nobody_changed() -> None:
    for found in (signed_rank([1, 2], [1, 2]), signed_rank_exact([1, 2], [1, 2]), sign_test([1, 2], [1, 2])):
        assert found.raised == ("NO_VARIATION",) and np.isnan(found.p_value)
    for zeros in ("pratt", "dropped"):
        shift = pseudo_median([1, 2], [1, 2], zeros=zeros)
        assert shift.raised == ("NO_VARIATION",)
        assert np.isnan([shift.p_value, shift.conf_low, shift.conf_high]).all()
    assert pseudo_median([1, 2], [1, 2]).estimate == 0


def test_few_or_equal_changes() -> None:
    assert pseudo_median([1.0], [4.0]).raised == ("TOO_FEW",)
    equal = pseudo_median(np.arange(8), np.arange(8) + 2)
    assert equal.raised == ("DEGENERATE",) and equal.estimate == 2 and np.isnan([equal.p_value, equal.conf_low]).all()
    few = pseudo_median(np.zeros(5), [1.0, 2, 4, 8, 16])
    assert few.raised == ("CONF_LEVEL_NOT_REACHED",) and (few.conf_low, few.conf_high) == (1.0, 16.0)
    assert not pseudo_median(np.zeros(6), [1.0, 2, 4, 8, 16, 32]).raised


def inverted(change: np.ndarray, zeros: str, level: float) -> tuple[float, float]:
    """The outermost averages that the exact test keeps, or that have a kept shift beside them; all are tried."""
    steps = np.unique(averages(change))
    between = np.r_[steps[0] - 1, (steps[:-1] + steps[1:]) / 2, steps[-1] + 1]

    def kept(shift: float) -> bool:
        moved = changes(np.full(len(change), shift), change)
        return not moved.any() or signed_rank_exact(np.zeros(len(change)), moved, zeros=zeros).p_value >= level - 1e-12

    low = min(s for i, s in enumerate(steps) if kept(s) or kept(between[i + 1]))
    high = max(s for i, s in enumerate(steps) if kept(s) or kept(between[i]))
    return float(low), float(high)


@pytest.mark.parametrize("zeros", ["pratt", "dropped"])
@pytest.mark.parametrize("seed", range(12))
def test_limits_are_the_shifts_that_the_test_keeps(zeros: str, seed: int) -> None:
    change = np.random.default_rng(seed).integers(-2, 5, 14).astype(float)
    found = pseudo_median(np.zeros(14), change, zeros=zeros)
    kept = change[change != 0] if zeros == "dropped" else change
    low, high = inverted(np.sort(kept), zeros, 0.05)
    if low < high:
        assert (found.conf_low, found.conf_high) == (low, high)


@pytest.mark.parametrize(
    "change",
    [
        [-2, -2, -1, -1, -1, -1, 2, 2, 4, 4, 5, 5, 5, 5],
        [-2, -2, -2, -2, -2, -2, -1, 0, 1, 1, 1, 1, 2, 2],
        [-1, -1, 1, 1, 1, 1, 2, 2, 2, 3, 5, 5, 5],
    ],
)
def test_limits_are_sought_in_both_directions(change: list[float]) -> None:
    found = pseudo_median(np.zeros(len(change)), change)
    assert (found.conf_low, found.conf_high) == inverted(np.array(change, dtype=float), "pratt", 0.05)


@pytest.mark.parametrize("change", [[-9, -1, 1, 3, 4, 6, 10, 14], [-7, -5, -4, -3, -2, 2, 12]])
def test_changes_as_large_in_both_directions_are_ties_of_the_test_at_zero(change: list[float]) -> None:
    """At this level the limits hang on them, though no change occurs twice."""
    zero, level = np.zeros(len(change)), signed_rank_exact(np.zeros(len(change)), change).p_value
    found = pseudo_median(zero, change, zeros="dropped", conf_level=1 - level)
    assert (found.conf_low, found.conf_high) == inverted(np.array(change, dtype=float), "dropped", level)


def test_whether_ties_leave_the_level_in_reach_is_said() -> None:
    """It is where shifts beyond all changes, after which all have one sign, are rejected."""
    said = set()
    for seed in range(40):
        change = np.random.default_rng(seed).integers(-2, 6, 6 + seed % 3).astype(float)
        found = pseudo_median(np.zeros(len(change)), change, conf_level=0.97)
        outside = [signed_rank_exact(np.zeros(len(change)), change - at) for at in (change.min() - 1, change.max() + 1)]
        reached = all(test.p_value < 0.03 for test in outside)
        assert ("CONF_LEVEL_NOT_REACHED" not in found.raised) is reached
        said.add(reached)
    assert said == {True, False}


@given(st.lists(st.integers(-4, 8), min_size=6, max_size=25))
def test_interval_and_p_agree_about_zero(values: list[int]) -> None:
    change = np.array(values, dtype=float)
    found = pseudo_median(np.zeros(len(change)), change)
    assume(not found.raised)
    assert found.conf_low < found.conf_high
    if found.p_value >= 0.05:
        assert found.conf_low <= 0 <= found.conf_high


def test_exchanged_waves_mirror_the_interval() -> None:
    there, back = pseudo_median(np.zeros(12), TIED), pseudo_median(TIED, np.zeros(12))
    assert (there.estimate, there.conf_low, there.conf_high) == (-back.estimate, -back.conf_high, -back.conf_low)
    assert there.p_value == back.p_value


def test_many_unchanged_students_leave_an_interval_of_some_width() -> None:
    change = np.r_[np.zeros(480), np.ones(66), -np.ones(54)]
    found = pseudo_median(np.zeros(600), change)
    assert found.method == "pseudo_median" and found.estimate == 0
    assert (found.conf_low, found.conf_high) == (-0.5, 0.5)


def test_large_groups_use_places_of_the_normal_distribution() -> None:
    change = np.random.default_rng(4).normal(0.3, 1, 1500)
    found = pseudo_median(np.zeros(1500), change)
    ordered = np.sort(averages(change))
    assert found.estimate == pytest.approx(np.median(ordered), rel=1e-9)
    half = 1.959963984540054 * np.sqrt(1500 * 1501 * 3001 / 24)
    place = round(1500 * 1501 / 4 - half)
    assert found.conf_low == pytest.approx(ordered[place - 1], rel=1e-9)
    assert found.conf_high == pytest.approx(ordered[-place], rel=1e-9)


@pytest.mark.parametrize("tied", [False, True])
def test_averages_are_found_without_listing_them(tied: bool) -> None:
    values = np.random.default_rng(5).normal(0, 5, 1100)
    ordered = np.sort(values.round(1) if tied else values)
    everything = np.sort(averages(ordered))
    places = [1, 2, 77_000, 302_775, len(everything)]
    assert kth_averages(ordered, places) == pytest.approx([everything[p - 1] for p in places], rel=1e-12, abs=1e-12)
    assert median_average(ordered) == pytest.approx(np.median(everything), abs=1e-12)


def test_too_many_to_count() -> None:
    change = np.random.default_rng(6).normal(0, 1, 600)
    found = signed_rank_exact(np.zeros(600), change)
    assert found.raised == ("TOO_MANY",) and np.isnan(found.p_value)


def test_sign_test_agrees_with_scipy() -> None:
    from scipy import stats

    for rose, fell in ((1, 0), (3, 3), (12, 5), (400, 471), (0, 1200)):
        change = np.r_[np.ones(rose), -np.ones(fell), np.zeros(4)]
        found = sign_test(np.zeros(len(change)), change)
        assert found.p_value == pytest.approx(stats.binomtest(rose, rose + fell).pvalue, rel=1e-11)
        assert 0 < found.p_value <= 1
