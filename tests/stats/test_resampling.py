"""Resampling: exact where all allocations are counted, repeatable where they are drawn."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from society_effects.stats import allocations
from society_effects.stats.differences import welch
from society_effects.stats.moments import Moments
from society_effects.stats.resampling import bootstrap_difference, permutation_difference


def enumerated(member: np.ndarray, reference: np.ndarray, studentised: bool) -> float:
    both = np.r_[member, reference]
    values = []
    for chosen in itertools.combinations(range(len(both)), len(member)):
        mask = np.isin(np.arange(len(both)), chosen)
        found = welch(Moments.of(both[mask]), Moments.of(both[~mask]))
        values.append(abs(found.statistic) if studentised else abs(found.estimate))
    return float(np.mean(np.array(values) >= values[0] - 1e-9))


@pytest.mark.parametrize("sizes", [(3, 5), (5, 3), (4, 4)])
@pytest.mark.parametrize("studentised", [True, False])
def test_few_students_are_enumerated(sizes: tuple[int, int], studentised: bool) -> None:
    rng = np.random.default_rng(11)
    member, reference = rng.normal(1, 1, sizes[0]), rng.normal(0, 2, sizes[1])
    found = permutation_difference(member, reference, studentised=studentised)
    assert found.p_value == pytest.approx(enumerated(member, reference, studentised))


def test_more_students_are_drawn_and_the_draw_repeats_itself() -> None:
    rng = np.random.default_rng(12)
    member, reference = rng.normal(0.7, 1, 40), rng.normal(0, 1.5, 60)
    first, again, other = (permutation_difference(member, reference, resamples=4999, seed=s) for s in (1, 1, 2))
    assert first.p_value == again.p_value
    assert first.p_value == pytest.approx(other.p_value, abs=0.01)
    by_formula = welch(Moments.of(member), Moments.of(reference))
    assert first.p_value == pytest.approx(by_formula.p_value, abs=0.01)
    assert first.conf_low == by_formula.conf_low


def test_p_is_never_zero() -> None:
    member, reference = np.arange(30) + 1000.0, np.arange(40.0)
    assert permutation_difference(member, reference, resamples=999).p_value == pytest.approx(1 / 1000)
    assert bootstrap_difference(member, reference, resamples=999).p_value == pytest.approx(2 / 1000)


def test_unequal_groups_count_both_tails_by_distance() -> None:
    member, reference = np.array([9.0, 8.0]), np.array([1.0, 2, 3, 4, 5, 6])
    assert permutation_difference(member, reference, studentised=False).p_value == pytest.approx(
        enumerated(member, reference, False)
    )


@pytest.mark.parametrize("function", [permutation_difference, bootstrap_difference])
def test_constant_groups_have_no_p(function: object) -> None:
    found = function([2.0, 2.0, 2.0], [1.0, 1.0])  # type: ignore[operator]
    assert found.estimate == 1 and np.isnan(found.p_value) and "DEGENERATE" in found.raised
    assert "TOO_FEW" in function([2.0], [1.0, 3.0]).raised  # type: ignore[operator]


def test_records_carry_only_what_belongs_to_them() -> None:
    rng = np.random.default_rng(22)
    member, reference = rng.normal(1, 1, 25), rng.normal(0, 1, 40)
    plain = welch(Moments.of(member), Moments.of(reference))
    bootstrap = bootstrap_difference(member, reference, resamples=199)
    assert (bootstrap.statistic_name, bootstrap.method) == (None, "bootstrap_studentised")
    assert np.isnan([bootstrap.statistic, bootstrap.df]).all()
    drawn = permutation_difference(member, reference, resamples=199)
    assert (drawn.statistic_name, drawn.statistic) == ("t", plain.statistic) and np.isnan(drawn.df)
    assert (drawn.method, drawn.interval_method) == ("permutation_studentised", "welch")
    simple = permutation_difference(member, reference, resamples=199, studentised=False)
    assert (simple.statistic_name, simple.method) == (None, "permutation")
    assert np.isnan([simple.statistic, simple.df]).all()
    for found in (bootstrap, drawn, simple):
        assert found.raised == () and found.conf_level == 0.95


def test_the_method_says_whether_anything_was_drawn() -> None:
    counted = permutation_difference([5, 6, 7, 9.5], [1, 2, 3, 6])
    assert counted.method == "permutation_studentised_exact" and counted.statistic_name == "t"
    assert permutation_difference([5, 6, 7], [1, 2, 3], studentised=False).method == "permutation_exact"
    for studentised in (True, False):
        undefined = permutation_difference([1, 1, 1], [2, 2, 2], studentised=studentised)
        assert undefined.method.endswith("_exact") and undefined.raised == ("DEGENERATE",)
    assert np.isnan(bootstrap_difference([1, 1, 1], [2, 2, 2]).df)


def test_p_of_exactly_alpha_is_exactly_alpha() -> None:
    found = permutation_difference([2.6, 2.2, 1.7], [-2.3, 0, 0.9, 1, -0.5, 2.2, 1.9])
    assert found.p_value == 0.05


@pytest.mark.parametrize("interval", ["studentised", "percentile", "bca"])
def test_bootstrap_is_near_welch_for_ordinary_data(interval: str) -> None:
    rng = np.random.default_rng(13)
    member, reference = rng.normal(1, 1, 80), rng.normal(0, 2, 120)
    plain = welch(Moments.of(member), Moments.of(reference))
    found = bootstrap_difference(member, reference, interval=interval, resamples=4999)
    width = plain.conf_high - plain.conf_low
    assert found.conf_low == pytest.approx(plain.conf_low, abs=0.06 * width)
    assert found.conf_high == pytest.approx(plain.conf_high, abs=0.06 * width)
    assert found.p_value <= 0.01
    assert not found.raised


@pytest.mark.parametrize("interval", ["studentised", "percentile", "bca"])
def test_bootstrap_p_inverts_its_interval(interval: str) -> None:
    rng = np.random.default_rng(14)
    member, reference = rng.exponential(1.5, 25), rng.exponential(1, 30)
    found = bootstrap_difference(member, reference, interval=interval, resamples=9999)
    wide, narrow = (
        bootstrap_difference(member, reference, interval=interval, resamples=9999, conf_level=1 - p)
        for p in (found.p_value * 0.9, min(found.p_value * 1.1, 0.999))
    )
    assert wide.conf_low < 0 < wide.conf_high
    assert not narrow.conf_low < 0 < narrow.conf_high


def test_bca_agrees_with_scipy() -> None:
    from scipy import stats

    rng = np.random.default_rng(15)
    member, reference = rng.exponential(2, 40), rng.exponential(1, 55)
    theirs = stats.bootstrap(
        (member, reference), lambda a, b, axis: a.mean(axis) - b.mean(axis), n_resamples=9999, method="BCa", rng=1
    ).confidence_interval
    ours = bootstrap_difference(member, reference, interval="bca", resamples=9999)
    width = theirs.high - theirs.low
    assert (ours.conf_low, ours.conf_high) == pytest.approx(tuple(theirs), abs=0.04 * width)


def test_resamples_that_carry_no_interval_fall_back_to_welch() -> None:
    member, reference = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    for interval in ("studentised", "bca"):
        found = bootstrap_difference(member + 5, reference, interval=interval, resamples=499)
        plain = welch(Moments.of(member + 5), Moments.of(reference))
        if "BOOTSTRAP_DEGENERATE" in found.raised:
            assert (found.conf_low, found.p_value) == (plain.conf_low, plain.p_value)
        assert np.isfinite([found.conf_low, found.conf_high, found.p_value]).all()
    degenerate = bootstrap_difference(member + 5, reference, interval="studentised", resamples=499)
    assert degenerate.raised == ("BOOTSTRAP_DEGENERATE",)


def test_the_answer_does_not_depend_on_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(16)
    member, reference = rng.normal(1, 1, 7), rng.normal(0, 1, 6)
    shuffled = permutation_difference(rng.permutation(member), rng.permutation(reference))
    assert permutation_difference(member, reference).p_value == pytest.approx(shuffled.p_value)


def test_drawn_allocations_are_uniform() -> None:
    rng = np.random.default_rng(17)
    drawn = np.sort(allocations.drawn_columns(5, 2, 20_000, rng), axis=0)
    _, counts = np.unique(drawn[0] * 5 + drawn[1], return_counts=True)
    assert len(counts) == 10
    assert ((counts - 2000) ** 2 / 2000).sum() < 28


def test_memory_stays_bounded() -> None:
    import tracemalloc

    rng = np.random.default_rng(18)
    member, reference = rng.normal(size=2000), rng.normal(size=3000)
    tracemalloc.start()
    bootstrap_difference(member, reference, resamples=3000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50e6


@pytest.mark.parametrize("n", [5, 6, 701])
def test_resamples_have_the_moments_of_drawing_with_replacement(n: int) -> None:
    from society_effects.stats.resampling import _drawer

    values = np.random.default_rng(1).exponential(1, n)
    values = values - values.mean()
    sums = _drawer(values)(np.random.default_rng(2), 20_000)
    variance = np.mean(values**2)
    assert sums.real.mean() == pytest.approx(0, abs=5 * np.sqrt(n * variance / 20_000))
    assert sums.real.var() == pytest.approx(n * variance, rel=0.06)
    assert sums.imag.mean() == pytest.approx(n * variance, rel=0.03)
    if n == 5:
        assert len(np.unique(sums.real.round(9))) == 126
