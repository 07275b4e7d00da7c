"""Ranks: against brute force and scipy, ties, separation, and large samples."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.ordered_differences import kth_differences, median_difference
from society_effects.stats.ranks import (
    brunner_munzel,
    hodges_lehmann,
    mann_whitney,
    mann_whitney_exact,
    probability_of_superiority,
    u_statistic,
)


def brute_force_superiority(member: np.ndarray, reference: np.ndarray) -> float:
    apart = np.subtract.outer(member, reference)
    return float(np.mean(apart > 0) + np.mean(apart == 0) / 2)


def test_superiority_is_the_share_of_pairs() -> None:
    rng = np.random.default_rng(1)
    member, reference = rng.integers(1, 6, 40).astype(float), rng.integers(1, 6, 70).astype(float)
    found = probability_of_superiority(member, reference)
    assert found.estimate == pytest.approx(brute_force_superiority(member, reference))
    assert 0 < found.conf_low < found.estimate < found.conf_high < 1


def test_brunner_munzel_agrees_with_scipy() -> None:
    rng = np.random.default_rng(2)
    member, reference = rng.normal(0.5, 2, 23), rng.normal(0, 1, 41)
    theirs = stats.brunnermunzel(reference, member)
    ours = brunner_munzel(member, reference)
    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-10)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-9)


def test_all_tied() -> None:
    found = probability_of_superiority([3, 3, 3], [3, 3])
    assert found.estimate == 0.5
    assert np.isnan([found.p_value, found.conf_low, found.conf_high]).all()
    assert found.raised == ("ALL_TIED",)
    assert np.isnan(mann_whitney([3, 3], [3, 3]).p_value)
    assert mann_whitney_exact([3, 3], [3, 3]).raised == ("ALL_TIED",)
    shift = hodges_lehmann([3, 3, 3], [3, 3])
    assert shift.estimate == 0 and np.isnan(shift.p_value) and shift.raised == ("ALL_TIED",)


@pytest.mark.parametrize(("n1", "n0"), [(3, 3), (2, 5), (4, 3)])
@pytest.mark.parametrize("above", [True, False])
def test_complete_separation_counts_the_allocations(n1: int, n0: int, above: bool) -> None:
    values = np.arange(n1 + n0, dtype=float)
    member, reference = (values[n0:], values[:n0]) if above else (values[:n1], values[n1:])
    found = probability_of_superiority(member, reference)
    thetas = []
    for chosen in itertools.combinations(range(n1 + n0), n1):
        mask = np.isin(np.arange(n1 + n0), chosen)
        thetas.append(brute_force_superiority(values[mask], values[~mask]))
    assert found.estimate == (1.0 if above else 0.0)
    assert found.p_value == pytest.approx(np.mean(np.abs(np.array(thetas) - 0.5) >= 0.5 - 1e-12))
    assert found.raised == ("SEPARATED",)
    assert 0 <= found.conf_low < found.conf_high <= 1
    assert (found.conf_high == 1) if above else (found.conf_low == 0)
    smaller = min(n1, n0)
    limits = stats.binomtest(smaller if above else 0, smaller).proportion_ci(method="wilson")
    assert (found.conf_low, found.conf_high) == pytest.approx(tuple(limits))


def test_separation_where_ties_leave_one_extreme_only() -> None:
    assert probability_of_superiority([2, 3], [1, 1, 1]).p_value == pytest.approx(1 / 10)
    assert probability_of_superiority([2, 3], [0, 1, 1]).p_value == pytest.approx(1 / 10)
    assert probability_of_superiority([2, 3], [0, 0.5, 1]).p_value == pytest.approx(2 / 10)


def test_permuted_superiority_is_the_enumeration() -> None:
    member, reference = np.array([4.0, 6, 7, 9]), np.array([1.0, 4, 5, 2, 6])
    both = np.r_[member, reference]
    statistics = []
    for chosen in itertools.combinations(range(9), 4):
        mask = np.isin(np.arange(9), chosen)
        with np.errstate(all="ignore"):
            statistics.append(stats.brunnermunzel(both[~mask], both[mask], distribution="normal").statistic)
    far = np.abs(statistics) >= abs(stats.brunnermunzel(reference, member).statistic) - 1e-9
    found = probability_of_superiority(member, reference, resamples=999)
    assert found.p_value == pytest.approx(far.mean())
    assert found.method == "brunner_munzel_permuted_exact"
    large = np.arange(20.0)
    assert probability_of_superiority(large, large + 3, resamples=999).method == "brunner_munzel"


def test_permuted_superiority_drawn_at_random_repeats_itself() -> None:
    rng = np.random.default_rng(8)
    member, reference = rng.normal(1, 1, 12), rng.normal(0, 1, 40)
    first, second = (probability_of_superiority(member, reference, resamples=1999, seed=5) for _ in range(2))
    assert first.p_value == second.p_value
    assert first.p_value == pytest.approx(brunner_munzel(member, reference).p_value, abs=0.02)


def test_mann_whitney_agrees_with_scipy() -> None:
    rng = np.random.default_rng(3)
    member, reference = rng.integers(0, 9, 25).astype(float), rng.integers(1, 11, 31).astype(float)
    for continuity in (False, True):
        theirs = stats.mannwhitneyu(member, reference, method="asymptotic", use_continuity=continuity)
        assert mann_whitney(member, reference, continuity_correction=continuity).p_value == pytest.approx(theirs.pvalue)
    assert u_statistic(member, reference) == theirs.statistic
    member, reference = rng.normal(size=8), rng.normal(size=11)
    theirs = stats.mannwhitneyu(member, reference, method="exact")
    assert mann_whitney_exact(member, reference).p_value == pytest.approx(theirs.pvalue)


def test_mann_whitney_of_two_values_is_the_test_of_a_share() -> None:
    member, reference = np.repeat([0.0, 1.0], [4, 9]), np.repeat([0.0, 1.0], [11, 6])
    found = mann_whitney(member, reference)
    assert found.p_value == pytest.approx(stats.mannwhitneyu(member, reference, use_continuity=False).pvalue)
    chi2 = stats.chi2_contingency([[4, 9], [11, 6]], correction=False).statistic
    assert found.statistic**2 == pytest.approx(chi2 * 29 / 30) and not found.raised


def test_exact_mann_whitney_with_ties_is_the_enumeration() -> None:
    member, reference = np.array([1.0, 2, 2, 5]), np.array([2.0, 3, 3, 3, 5])
    both = np.r_[member, reference]
    ranks = stats.rankdata(both)
    sums = np.array([ranks[list(c)].sum() for c in itertools.combinations(range(9), 4)])
    far = np.abs(sums - sums.mean()) >= abs(ranks[:4].sum() - sums.mean()) - 1e-9
    assert mann_whitney_exact(member, reference).p_value == pytest.approx(far.mean())


def test_too_many_students_to_count() -> None:
    rng = np.random.default_rng(1)
    assert mann_whitney_exact(rng.normal(size=400), rng.normal(size=400)).raised == ("TOO_MANY",)


@pytest.mark.parametrize("kind", ["continuous", "integers", "decimals"])
def test_order_statistics_of_many_differences(kind: str) -> None:
    rng = np.random.default_rng(6)
    first, second = np.sort(rng.normal(70, 10, 1500)), np.sort(rng.normal(65, 8, 1100))
    if kind != "continuous":
        digits = 0 if kind == "integers" else 1
        first, second = np.sort(first.round(digits)), np.sort(second.round(digits))
    everything = np.sort(np.subtract.outer(first, second).ravel())
    places = [1, 2, 777, 800_000, 825_000, 1_649_999, 1_650_000]
    assert kth_differences(first, second, places) == everything[np.array(places) - 1].tolist()
    assert median_difference(first, second) == np.median(everything)


def test_hodges_lehmann_on_large_groups_stays_small() -> None:
    import tracemalloc

    rng = np.random.default_rng(7)
    member, reference = rng.normal(1, 1, 5000), rng.normal(0, 1, 5000)
    tracemalloc.start()
    found = hodges_lehmann(member, reference)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.conf_low < found.estimate < found.conf_high
    assert found.estimate == pytest.approx(1, abs=0.1)
    assert peak < 150e6


def test_every_place_is_found_by_counting_as_by_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    from society_effects.stats import ordered_differences

    rng = np.random.default_rng(9)
    first, second = np.sort(rng.integers(0, 40, 23) / 4), np.sort(rng.integers(0, 40, 17) / 4)
    everything = np.sort(np.subtract.outer(first, second).ravel())
    monkeypatch.setattr(ordered_differences, "LISTED_UP_TO", 5)
    assert kth_differences(first, second, range(1, len(everything) + 1)) == everything.tolist()


def test_tied_small_samples_are_counted_exactly() -> None:
    found = hodges_lehmann([3, 4, 5, 5], [1, 2, 2, 1])
    assert found.p_value == mann_whitney_exact([3, 4, 5, 5], [1, 2, 2, 1]).p_value == pytest.approx(2 / 70)
    assert found.method == "hodges_lehmann_exact" and found.conf_low < found.estimate < found.conf_high
    assert found.raised == ()


def test_exact_p_values_are_ratios_of_counts() -> None:
    member, reference = [6, 5, 8], [1, 2, 3, 4, 7, 0, 0.5]
    assert mann_whitney_exact(member, reference).p_value in {2 * i / 120 for i in range(61)}


def test_constant_groups_have_no_shift_interval_and_no_p() -> None:
    found = hodges_lehmann([3, 3, 3], [1, 1, 1])
    assert found.estimate == 2 and found.raised == ("DEGENERATE",)
    assert np.isnan([found.p_value, found.conf_low, found.conf_high]).all()


def test_an_interval_of_no_width_is_widened_to_the_next_differences() -> None:
    found = hodges_lehmann([1] * 9 + [2], [1] * 10)
    assert (found.estimate, found.conf_low, found.conf_high) == (0, 0, 1)
    many = hodges_lehmann([3.1] * 1900 + [3.0] * 100 + [3.5], [2.8] * 2000 + [2.7])
    assert (many.conf_low, many.conf_high) == pytest.approx((0.2, 0.4))
    turned = hodges_lehmann([2.8] * 2000 + [2.7], [3.1] * 1900 + [3.0] * 100 + [3.5])
    assert (turned.conf_low, turned.conf_high) == pytest.approx((-0.4, -0.2))


@pytest.mark.parametrize(
    ("n1", "n0", "reached"), [(3, 3, False), (3, 4, False), (3, 5, True), (4, 4, True), (2, 7, False)]
)
def test_too_few_students_for_the_level_are_flagged(n1: int, n0: int, reached: bool) -> None:
    values = np.arange(n1 + n0) ** 1.5
    found = hodges_lehmann(values[n0:], values[:n0])
    assert ("CONF_LEVEL_NOT_REACHED" not in found.raised) == reached
    if not reached:
        assert found.conf_low == values[n0] - values[n0 - 1] and found.conf_high == values[-1]
    assert hodges_lehmann(values[n0:], values[:n0], conf_level=0.8).raised == ()


def test_p_of_alpha_is_not_below_it() -> None:
    """Five against three, no overlap: P = 2/56; the interval at 1 - P is still the widest, as its P is not below."""
    exact = hodges_lehmann([6.0, 7.5, 9.1], [1, 2.5, 3.7, 4.2, 5.9], conf_level=1 - 2 / 56)
    assert exact.raised == ("CONF_LEVEL_NOT_REACHED",)


def test_exact_places_are_those_of_the_classical_tables() -> None:
    """Critical U at 5 %, two-sided, of Mann and Whitney's tables: 5 v 5: 2, 8 v 10: 17, 20 v 20: 127."""
    from society_effects.stats.shift_limits import shift_limits

    rng = np.random.default_rng(3)
    for n1, n0, critical in ((5, 5, 2), (8, 10, 17), (20, 20, 127)):
        first, second = np.sort(rng.normal(size=n1)), np.sort(rng.normal(size=n0))
        differences = np.sort(np.subtract.outer(first, second).ravel())
        limits = shift_limits(first, second, 0.95, exact=True)
        assert limits == (differences[critical], differences[-1 - critical], True)


def test_exact_limits_exclude_0_exactly_where_p_is_below_alpha_when_no_pair_is_tied() -> None:
    rng = np.random.default_rng(21)
    decided = set()
    for _ in range(200):
        member, reference = rng.integers(0, 8, rng.integers(3, 9)) + 0.5, rng.integers(0, 6, rng.integers(3, 9)) * 1.0
        found = hodges_lehmann(member, reference)
        if found.raised:
            continue
        excluded = found.conf_low > 0 or found.conf_high < 0
        if found.conf_low * found.conf_high != 0 and (found.conf_high - found.conf_low) > 1:
            assert excluded == (found.p_value < 0.05), (member, reference)
        decided.add(excluded)
    assert decided == {True, False}


def test_permuted_superiority_says_whether_it_was_drawn() -> None:
    few = probability_of_superiority([4.0, 6, 7, 9], [1.0, 4, 5, 2, 6], resamples=999)
    assert few.method == "brunner_munzel_permuted_exact" and np.isnan(few.df) and np.isfinite(few.statistic)
    rng = np.random.default_rng(8)
    many = probability_of_superiority(rng.normal(1, 1, 12), rng.normal(0, 1, 40), resamples=199)
    assert many.method == "brunner_munzel_permuted" and many.interval_method == "brunner_munzel"
    assert probability_of_superiority([3, 4], [1, 2]).interval_method == "wilson"


def kept_shifts(member: list[float], reference: list[float], alpha: float = 0.05) -> tuple[float, float, bool]:
    """All shifts that the enumerated test keeps: their ends, and whether they are bounded."""
    steps = np.unique(np.subtract.outer(member, reference))
    shifts = np.sort(np.r_[steps, (steps[1:] + steps[:-1]) / 2, steps[0] - 1, steps[-1] + 1])
    kept = []
    for shift in shifts:
        both = np.r_[np.array(member) - shift, reference]
        ranks = np.array([np.mean(np.flatnonzero(np.sort(both) == v)) for v in both])
        sums = np.array([ranks[list(c)].sum() for c in itertools.combinations(range(len(both)), len(member))])
        p = np.mean(np.abs(sums - sums.mean()) >= abs(ranks[: len(member)].sum() - sums.mean()) - 1e-9)
        kept.append(p >= alpha)
    inside = np.flatnonzero(kept)
    bounded = not kept[0] and not kept[-1]
    low, high = shifts[max(inside[0], 1)], shifts[min(inside[-1], len(shifts) - 2)]
    below, above = steps[steps <= low].max(), steps[steps >= high].min()
    return float(below), float(above), bounded


def test_limits_given_ties_are_the_shifts_that_the_enumerated_test_keeps() -> None:
    rng = np.random.default_rng(23)
    for _ in range(40):
        member = rng.integers(0, 5, rng.integers(4, 6)).astype(float).tolist()
        reference = rng.integers(0, 5, rng.integers(4, 7)).astype(float).tolist()
        if np.ptp(member) == 0 or np.ptp(reference) == 0:
            continue
        low, high, bounded = kept_shifts(member, reference)
        found = hodges_lehmann(member, reference)
        if low < high:
            assert (found.conf_low, found.conf_high) == (low, high), (member, reference)
            assert ("CONF_LEVEL_NOT_REACHED" not in found.raised) == bounded, (member, reference)


def test_limits_given_ties_keep_a_shift_whose_p_is_exactly_alpha() -> None:
    member, reference = [1.0, 3, 4, 6, 6], [0.0, 0, 1, 2, 4]
    level = mann_whitney_exact(member, reference).p_value
    found, (low, high, _) = (
        hodges_lehmann(member, reference, conf_level=1 - level),
        kept_shifts(member, reference, level),
    )
    assert (found.conf_low, found.conf_high) == (low, high) and found.conf_low <= 0 <= found.conf_high
