"""The largest of several statistics: known distributions, rare outcomes, order of rows, sides and scales."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from scipy import special

from society_effects.stats.differences import welch
from society_effects.stats.max_t import MaxT, max_t, multivariate_t
from society_effects.stats.moments import Moments

ARM = np.repeat([1, -1], [60, 90])


def sides(tests: int) -> np.ndarray:
    return np.repeat(ARM[:, None], tests, axis=1)


def normal_scores(tests: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(len(ARM), tests))


def of_students(scores: np.ndarray, **more: object) -> MaxT:
    return max_t(scores, sides(scores.shape[1]), **({"strata": ARM, "resamples": 1999, "seed": 1} | more))


def sidak(tests: int) -> float:
    """The critical value of independent normal statistics."""
    return float(-special.ndtri((1 - 0.95 ** (1 / tests)) / 2))


def test_of_one_test_it_is_the_t_distribution() -> None:
    found = of_students(normal_scores(1), resamples=19_999)
    assert found.critical(0.95) == pytest.approx(special.stdtrit(148, 0.975), abs=0.08)
    t = welch(Moments.of(normal_scores(1)[:60, 0] + 0.35), Moments.of(normal_scores(1)[60:, 0]))
    assert found.p_adjusted([t.statistic])[0] == pytest.approx(t.p_value, abs=0.01)


@pytest.mark.parametrize("df", [3.0, 40.0, np.inf])
def test_size_and_p_of_one_statistic_belong_together(df: float) -> None:
    alone = MaxT(np.array([1.0]), df=df)
    assert alone.size_alone(0.05) == pytest.approx(-special.stdtrit(df, 0.025) if np.isfinite(df) else 1.959964)
    assert alone.p_alone(alone.size_alone([0.4, 1e-4])) == pytest.approx([0.4, 1e-4])


def test_independent_tests_come_near_sidak_and_equal_ones_cost_nothing() -> None:
    apart = of_students(normal_scores(10), resamples=4999).critical(0.95)
    assert apart == pytest.approx(sidak(10), abs=0.15)
    one = normal_scores(1)
    assert of_students(np.repeat(one, 10, axis=1)).critical(0.95) == pytest.approx(
        of_students(one).critical(0.95), rel=1e-9
    )


@pytest.mark.parametrize("clusters", [None, np.arange(150) // 5])
def test_shift_scale_and_exchanged_sides_change_nothing(clusters: np.ndarray | None) -> None:
    scores = normal_scores(3)
    first = of_students(scores, clusters=clusters, resamples=499)
    moved = of_students(scores * [1.0, 10.0, 0.1] + [5.0, -300.0, 0.0], clusters=clusters, resamples=499)
    exchanged = max_t(scores, -sides(3), strata=ARM, clusters=clusters, resamples=499, seed=1)
    np.testing.assert_allclose(moved.largest, first.largest, rtol=1e-8)
    np.testing.assert_allclose(
        np.quantile(exchanged.largest, [0.5, 0.9]), np.quantile(first.largest, [0.5, 0.9]), rtol=0.1
    )


@pytest.mark.parametrize("clusters", [None, np.arange(150) // 5])
def test_the_order_of_students_is_nobodys_business(clusters: np.ndarray | None) -> None:
    scores, order = normal_scores(4), np.random.default_rng(9).permutation(150)
    first = of_students(scores, clusters=clusters, resamples=499)
    mixed = None if clusters is None else (29 - clusters)[order]
    second = max_t(scores[order], sides(4)[order], strata=ARM[order], clusters=mixed, resamples=499, seed=1)
    np.testing.assert_allclose(second.largest, first.largest, rtol=1e-9)


def test_the_answer_follows_the_seed_and_a_test_added_never_lowers_the_largest() -> None:
    scores = normal_scores(4)
    assert np.array_equal(of_students(scores).largest, of_students(scores).largest)
    assert not np.array_equal(of_students(scores).largest, of_students(scores, seed=2).largest)
    multi = [multivariate_t(np.eye(m), 12, draws=4999, seed=1).critical(0.95) for m in (1, 2, 6)]
    assert multi == sorted(multi)


RARE = {
    "one prize": np.r_[1.0, np.zeros(149)],
    "few papers": np.r_[2.0, 1.0, 3.0, np.zeros(147)],
    "papers less their expectation": np.r_[3.0, 2.0, np.zeros(148)] - np.linspace(0.01, 0.06, 150),
    "events on both sides": np.r_[1.0, np.zeros(99), 1.0, 1.0, np.zeros(48)],
}


@pytest.mark.parametrize("rare", RARE.values(), ids=list(RARE))
@pytest.mark.parametrize("clusters", [None, np.arange(150) // 5])
def test_a_rare_outcome_does_not_spoil_the_limits_of_the_others(rare: np.ndarray, clusters: np.ndarray | None) -> None:
    others = normal_scores(4)
    found = of_students(np.column_stack([others, rare]), clusters=clusters)
    alone = of_students(others, clusters=clusters).critical(0.95)
    assert np.all(np.isfinite(found.largest))
    assert alone - 0.15 < found.critical(0.95) < alone + 0.6


def test_the_observed_variance_has_a_share_where_draws_may_not_vary() -> None:
    """As large as that of two of the values that lie elsewhere, were there two more of them."""
    from society_effects.stats.max_t import _share_of_observed

    rare = np.r_[np.zeros(20), 5.0, -4.0, 7.0]
    assert _share_of_observed(rare, np.ones(23, dtype=int)) == 2 / (3 + 2)
    assert _share_of_observed(np.r_[rare, 50.0], np.r_[np.ones(23, dtype=int), 0]) == 2 / (3 + 2)
    assert _share_of_observed(np.linspace(-1, 1, 23), np.ones(23, dtype=int)) == 0


def test_the_observed_variance_of_classes_is_that_of_their_sums_of_residuals() -> None:
    from society_effects.stats.max_t import _Classes

    rng = np.random.default_rng(2)
    classes, side, scores = np.repeat(np.arange(6), 4), rng.choice([1, -1], 24), rng.normal(size=24)
    kernel = _Classes(scores[:, None], side[:, None], classes % 2, classes)
    influence = np.zeros(6)
    for sign in (1, -1):
        here = side == sign
        np.add.at(influence, classes[here], sign * (scores[here] - scores[here].mean()) / here.sum())
    assert kernel.observed_variance == pytest.approx(np.sum(influence**2), rel=1e-12)


def test_an_outcome_without_variation_adds_nothing() -> None:
    others = normal_scores(3)
    same = of_students(np.column_stack([others, np.full(150, 7.0)]))
    np.testing.assert_allclose(
        np.quantile(same.largest, 0.95), np.quantile(of_students(others).largest, 0.95), rtol=0.1
    )
    assert np.all(np.isfinite(same.largest))


def test_missing_students_and_other_contrasts() -> None:
    """A student outside a test leaves it as if not there; contrasts that share a reference are correlated."""
    scores, place = normal_scores(1), sides(1)
    place[140:] = 0
    huge = scores.copy()
    huge[140:] = 1e9
    first, second = (max_t(s, place, strata=ARM, resamples=499, seed=1) for s in (scores, huge))
    np.testing.assert_allclose(np.quantile(first.largest, 0.9), np.quantile(second.largest, 0.9), rtol=0.15)
    scores, huge = (np.column_stack([RARE["few papers"], s]) for s in (scores, huge))
    huge[140:, 0] = 1e9
    both = np.repeat(place, 2, axis=1)
    first, second = (max_t(s, both, strata=ARM, resamples=499, seed=1) for s in (scores, huge))
    np.testing.assert_allclose(np.quantile(first.largest, 0.9), np.quantile(second.largest, 0.9), rtol=0.2)
    group = np.repeat([0, 1, 2], 50)
    contrasts = np.column_stack([(group == j).astype(int) - (group == 0) for j in (1, 2)])
    three = max_t(np.repeat(normal_scores(1), 2, axis=1), contrasts, strata=group, resamples=9999, seed=1)
    assert special.stdtrit(98, 0.975) < three.critical(0.95) < sidak(2) + 0.08


def test_adjusted_p_and_limits_agree_and_step_down_is_never_larger() -> None:
    found = of_students(normal_scores(5), keep_all=True)
    critical = found.critical(0.95)
    assert found.p_adjusted([critical])[0] < 0.05 <= found.p_adjusted([critical * (1 - 1e-9)])[0]
    t = np.array([3.1, -0.4, 2.2, -2.9, 0.0])
    single, stepped = found.p_adjusted(t), found.step_down(t)
    assert np.all(stepped <= single + 1e-12) and stepped[0] == single[0] and stepped[1] < single[1]
    assert np.all(np.diff(stepped[np.argsort(-np.abs(t))]) >= 0)
    assert found.p_adjusted([1e9])[0] == 1 / 2000
    with pytest.raises(ValueError, match="keep_all"):
        of_students(normal_scores(2)).step_down([1.0, 2.0])


def test_step_down_counts_the_draws_of_what_is_left_ties_included() -> None:
    drawn = np.array([[1.0, 2, 3], [2, 2, 1], [3, 1, 0], [0, 1, 4]])
    found = MaxT(np.sort(drawn.max(axis=1)), drawn)
    expected = []
    for left, size in (([0, 1, 2], 3), ([0, 1], 2), ([1], 1)):
        reached = sum(row[left].max() >= size for row in drawn)
        expected.append((1 + reached) / 5)
    assert found.step_down([2, 1, -3]) == pytest.approx([max(expected[:2]), max(expected), expected[0]])


def test_multivariate_t_of_one_of_equal_and_of_independent_tests() -> None:
    one = multivariate_t([[1.0]], 8, draws=99_999, seed=1)
    assert one.sizes is None
    assert one.critical(0.95) == pytest.approx(special.stdtrit(8, 0.975), abs=0.03)
    equal = multivariate_t(np.ones((5, 5)), 8, draws=99_999, seed=1)
    assert equal.critical(0.95) == pytest.approx(special.stdtrit(8, 0.975), abs=0.03)
    apart = multivariate_t(np.eye(10), np.inf, draws=99_999, seed=1)
    assert apart.critical(0.95) == pytest.approx(sidak(10), abs=0.02)


@pytest.mark.parametrize(("n", "resamples"), [(2000, 4000), (40_000, 60)])
def test_memory_does_not_grow_with_draws(n: int, resamples: int) -> None:
    rng = np.random.default_rng(1)
    arm = np.where(np.arange(n) % 3 == 0, 1, -1)
    scores, place = rng.normal(size=(n, 4)), np.repeat(arm[:, None], 4, axis=1)
    peaks = []
    for draws in (resamples, 2 * resamples):
        tracemalloc.start()
        max_t(scores, place, strata=arm, resamples=draws, seed=1)
        peaks.append(tracemalloc.get_traced_memory()[1] / 1e6)
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] and peaks[1] < 60
