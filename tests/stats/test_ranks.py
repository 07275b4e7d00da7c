"""Ranks: against brute force and scipy, ties, separation, and large samples."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

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
    from scipy import stats

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


def test_separation_where_ties_leave_one_extreme_only() -> None:
    assert probability_of_superiority([2, 3], [1, 1, 1]).p_value == pytest.approx(1 / 10)
    assert probability_of_superiority([2, 3], [0, 1, 1]).p_value == pytest.approx(1 / 10)
    assert probability_of_superiority([2, 3], [0, 0.5, 1]).p_value == pytest.approx(2 / 10)


def test_permuted_superiority_is_the_enumeration() -> None:
    from scipy import stats

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
    assert found.method == "brunner_munzel_permuted"
    large = np.arange(20.0)
    assert probability_of_superiority(large, large + 3, resamples=999).method == "brunner_munzel"


def test_permuted_superiority_drawn_at_random_repeats_itself() -> None:
    rng = np.random.default_rng(8)
    member, reference = rng.normal(1, 1, 12), rng.normal(0, 1, 40)
    first, second = (probability_of_superiority(member, reference, resamples=1999, seed=5) for _ in range(2))
    assert first.p_value == second.p_value
    assert first.p_value == pytest.approx(brunner_munzel(member, reference).p_value, abs=0.02)


def test_mann_whitney_agrees_with_scipy() -> None:
    from scipy import stats

    rng = np.random.default_rng(3)
    member, reference = rng.integers(0, 9, 25).astype(float), rng.integers(1, 11, 31).astype(float)
    for continuity in (False, True):
        theirs = stats.mannwhitneyu(member, reference, method="asymptotic", use_continuity=continuity)
        assert mann_whitney(member, reference, continuity_correction=continuity).p_value == pytest.approx(theirs.pvalue)
    assert u_statistic(member, reference) == theirs.statistic
    member, reference = rng.normal(size=8), rng.normal(size=11)
    theirs = stats.mannwhitneyu(member, reference, method="exact")
    assert mann_whitney_exact(member, reference).p_value == pytest.approx(theirs.pvalue)


def test_exact_mann_whitney_with_ties_is_the_enumeration() -> None:
    member, reference = np.array([1.0, 2, 2, 5]), np.array([2.0, 3, 3, 3, 5])
    both = np.r_[member, reference]
    from scipy import stats

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
