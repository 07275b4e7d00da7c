"""Resampling: exact where all allocations are counted, repeatable where they are drawn."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from society_effects.stats import allocations, bootstrap
from society_effects.stats.differences import welch
from society_effects.stats.drawn_sums import resampled_sums
from society_effects.stats.moments import Moments
from society_effects.stats.resampling import bootstrap_difference, bootstrap_differences, permutation_difference


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


def test_p_of_bca_is_the_level_whose_limit_is_zero_also_where_draws_are_far_from_symmetric() -> None:
    rng = np.random.default_rng(14)
    member, reference = rng.exponential(1.5, 9) ** 2 - 1, rng.exponential(1, 8)
    settings = {"interval": "bca", "resamples": 19_999}
    p = bootstrap_difference(member, reference, **settings).p_value
    lower, higher = (
        bootstrap_difference(member, reference, conf_level=1 - v * p, **settings).conf_low for v in (0.95, 1.05)
    )
    assert 0.003 < p < 0.02 and lower < 0 < higher
    assert bootstrap_difference(member + 100, reference, **settings).p_value == pytest.approx(2 / 20_000)


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
    for n_chosen in (2, 3):
        drawn = allocations.drawn_allocations(5, n_chosen, 20_000, rng)
        assert (drawn.sum(axis=1) == n_chosen).all()
        _, counts = np.unique(drawn @ 2 ** np.arange(5), return_counts=True)
        assert len(counts) == 10
        assert ((counts - 2000) ** 2 / 2000).sum() < 28


def test_places_of_many_students_are_drawn_among_all_of_them() -> None:
    n = 2**16 + 5
    places = allocations.drawn_places(n, 400_000, np.random.default_rng(1))
    assert places.min() >= 0 and 2**16 <= places.max() < n
    assert np.mean(places >= n // 2) == pytest.approx(0.5, abs=0.005)
    assert allocations.drawn_places(2**16, 100_000, np.random.default_rng(1)).dtype == np.uint16


def test_memory_stays_bounded() -> None:
    import tracemalloc

    rng = np.random.default_rng(18)
    member, reference = rng.normal(size=2000), rng.normal(size=3000)
    tracemalloc.start()
    bootstrap_differences([(member, reference)] * 12, resamples=3000)
    permutation_difference(member, reference, resamples=3000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50e6


@pytest.mark.parametrize("n", [5, 6, 701])
def test_resamples_have_the_moments_of_drawing_with_replacement(n: int) -> None:
    values = np.random.default_rng(1).exponential(1, (n, 1))
    values = values - values.mean()
    columns = np.hstack([values, values**2])
    sums, squares = resampled_sums(columns, 20_000, np.random.default_rng(2)).T
    variance = np.mean(values**2)
    assert sums.mean() == pytest.approx(0, abs=5 * np.sqrt(n * variance / 20_000))
    assert sums.var() == pytest.approx(n * variance, rel=0.06)
    assert squares.mean() == pytest.approx(n * variance, rel=0.03)
    if n == 5:
        assert len(np.unique(sums.round(9))) == 126


def test_sums_of_resamples_are_those_of_the_students_drawn() -> None:
    """One column per student: the sums then say how often each was drawn, whatever columns stand beside it."""
    counts = resampled_sums(np.eye(50), 300, np.random.default_rng(3))
    assert (counts.sum(axis=1) == 50).all() and (counts == np.rint(counts)).all()
    columns = np.random.default_rng(4).normal(size=(50, 3))
    alone = resampled_sums(columns, 300, np.random.default_rng(3))
    assert alone == pytest.approx(counts @ columns)


def outcomes_with_gaps() -> list[tuple[np.ndarray, np.ndarray]]:
    """Five outcomes of skewed scores; groups of 30 and 70, in two outcomes with values missing."""
    rng = np.random.default_rng(21)
    sizes = [(30, 70), (30, 66), (30, 70), (27, 70), (50, 50)]
    return [(rng.exponential(k + 1, n1), rng.exponential(2, n0)) for k, (n1, n0) in enumerate(sizes)]


@pytest.mark.parametrize("interval", ["studentised", "percentile", "bca"])
def test_the_bootstrap_of_an_outcome_does_not_know_the_others(interval: str) -> None:
    pairs = outcomes_with_gaps()
    together = bootstrap_differences(pairs, resamples=999, interval=interval)
    for pair, found in zip(pairs, together, strict=True):
        alone = bootstrap_difference(*pair, resamples=999, interval=interval)
        assert (found.estimate, found.p_value) == (alone.estimate, alone.p_value)
        assert (found.conf_low, found.conf_high) == pytest.approx((alone.conf_low, alone.conf_high), rel=1e-9)


def test_the_bootstrap_of_many_outcomes_in_turns_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = outcomes_with_gaps() * 3 + [([1.0, 1.0], [2.0, 2.0])]
    at_once = bootstrap_differences(pairs, resamples=199)
    monkeypatch.setattr(bootstrap, "KEPT_AT_ONCE", 400)
    in_turns = bootstrap_differences(pairs, resamples=199)
    assert [found.conf_low for found in in_turns] == pytest.approx([found.conf_low for found in at_once], nan_ok=True)
    assert in_turns[-1].raised == ("DEGENERATE",)


def test_the_bootstrap_neither_knows_the_order_of_rows_nor_who_is_a_member() -> None:
    rng = np.random.default_rng(23)
    for member, reference in outcomes_with_gaps():
        found = bootstrap_difference(member, reference, resamples=499)
        shuffled = bootstrap_difference(rng.permutation(member), rng.permutation(reference), resamples=499)
        swapped = bootstrap_difference(reference, member, resamples=499)
        assert shuffled == found
        assert swapped.p_value == found.p_value
        assert (-swapped.conf_high, -swapped.conf_low) == pytest.approx((found.conf_low, found.conf_high))


def test_a_far_origin_costs_the_bootstrap_no_digits() -> None:
    member, reference = outcomes_with_gaps()[0]
    near, far = (bootstrap_difference(member + by, reference + by, resamples=499) for by in (0.0, 2.0**30))
    assert (far.conf_low, far.conf_high) == pytest.approx((near.conf_low, near.conf_high), abs=1e-5)


def test_the_plain_difference_of_long_decimals_is_drawn_and_near_scipy() -> None:
    from scipy import stats

    for spread in (0.1, 10.0):
        rng = np.random.default_rng(25)
        member, reference = spread * rng.normal(0.3, 1, 40), spread * rng.normal(0, 1, 60)
        found = permutation_difference(member, reference, studentised=False)
        theirs = stats.permutation_test(
            (member, reference), lambda a, b, axis: a.mean(axis) - b.mean(axis), n_resamples=9999, rng=1
        )
        assert found.method == "permutation" and theirs.pvalue > 0.03
        assert found.p_value == pytest.approx(theirs.pvalue, abs=0.02)
