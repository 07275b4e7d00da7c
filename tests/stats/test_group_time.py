"""Staggered joining: hand calculation, literal formulas, and what cannot be estimated."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from society_effects.stats.calibrated_odds import calibrated_odds
from society_effects.stats.clustered_means import clustered_means
from society_effects.stats.difference_in_changes import difference_in_changes
from society_effects.stats.differences import welch
from society_effects.stats.group_time import GroupTime, comparison_of, group_time
from society_effects.stats.group_time_aggregates import KINDS, aggregate
from society_effects.stats.joining import joining
from society_effects.stats.moments import Moments

RNG = np.random.default_rng(10)
FIRST = np.repeat([-1, 2, 3, 4], [20, 12, 9, 7])
COVARIATES = RNG.normal(size=(48, 2)) + 0.3 * (FIRST[:, None] > 0)
VALUES = RNG.normal(size=(48, 5)).cumsum(axis=1) + (np.arange(5) >= FIRST[:, None]) * (FIRST[:, None] > 0)


def cell(found: GroupTime, cohort: int, wave: int) -> int:
    (place,) = np.flatnonzero((found.cohort == cohort) & (found.wave == wave))
    return int(place)


# Cells -------------------------------------------------------------------------------------------------------------


def test_a_small_panel_by_hand() -> None:
    scores = [[1, 2, 6], [2, 3, 8], [1, 1, 2], [3, 4, 5], [2, 2, 2]]
    found = group_time(scores, [2, 2, -1, -1, -1])
    assert found.wave.tolist() == [1, 2] and found.base.tolist() == [0, 1]
    assert found.effects.estimate == pytest.approx([1 - 1 / 3, 4.5 - 2 / 3])
    variance = ((4 - 4.5) ** 2 + (5 - 4.5) ** 2) / 1 / 2 + (2 / 9 + 1 / 9 + 4 / 9 - 1 / 9) / 2 / 3
    assert found.effects.std_error[1] == pytest.approx(np.sqrt(variance))


def test_the_method_says_whether_covariates_were_used() -> None:
    assert group_time(VALUES, FIRST).effects.inference().method == "group_time"
    assert group_time(VALUES, FIRST, covariates=COVARIATES).effects.inference().method == "group_time_dr"


@pytest.mark.parametrize("comparison", ["never", "not_yet"])
@pytest.mark.parametrize("base_period", ["varying", "universal"])
def test_every_cell_is_the_difference_of_mean_changes(comparison: str, base_period: str) -> None:
    values = np.where(np.random.default_rng(1).random(VALUES.shape) < 0.1, np.nan, VALUES)
    found = group_time(values, FIRST, comparison=comparison, base_period=base_period)
    inference = found.effects.inference()
    for i, (g, t, b) in enumerate(zip(found.cohort, found.wave, found.base, strict=True)):
        assert b == (g - 1 if base_period == "universal" or t >= g else t - 1)
        other = FIRST == -1
        if comparison == "not_yet":
            other = other | ((max(t, b) < FIRST) & (g != FIRST))
        change = values[:, t] - values[:, b]
        one, two = (Moments.of(change[arm & np.isfinite(change)]) for arm in (g == FIRST, other))
        expected, ours = welch(one, two), inference.at(i)
        assert (one.n, two.n) == (found.n_joined[i], found.n_comparison[i])
        assert (ours.estimate, ours.std_error) == pytest.approx((expected.estimate, expected.std_error), rel=1e-12)
        if comparison == "never":
            assert (ours.df, ours.p_value) == pytest.approx((expected.df, expected.p_value), rel=1e-10)


def test_two_waves_are_the_difference_in_changes() -> None:
    change, member = VALUES[:, 2] - VALUES[:, 1], FIRST == 2
    kept = (FIRST == 2) | (FIRST == -1)
    found = group_time(VALUES[kept][:, 1:3], np.where(member, 1, -1)[kept])
    expected = difference_in_changes(change[kept], member[kept])
    for ours in (found.effects.inference(), *(aggregate(found, kind).overall.inference() for kind in KINDS)):
        one = ours.at(0)
        assert (one.estimate, one.std_error, one.df, one.p_value) == pytest.approx(
            (expected.estimate, expected.std_error, expected.df, expected.p_value), rel=1e-11
        )


def test_classes_are_the_pieces_where_they_are_given() -> None:
    """Whole classes join: CR2 of the difference of mean changes, with as many pieces as classes."""
    classes = np.arange(48) // 3
    first = np.repeat([-1, 2, 3, 3], [18, 12, 9, 9])
    found = group_time(VALUES, first, clusters=classes)
    i = cell(found, 2, 3)
    pair = (first == 2) | (first == -1)
    change = VALUES[:, 3] - VALUES[:, 1]
    expected = clustered_means(change[pair], (first == 2)[pair], classes[pair]).difference(1, 0)
    assert found.effects.influence.shape == (16, 8)
    assert found.effects.std_error[i] == pytest.approx(expected.std_error, rel=1e-12)
    assert found.sizes.sum(axis=0).tolist() == [12, 18]
    mixed = group_time(VALUES, FIRST, clusters=np.arange(48) % 8)
    assert mixed.effects.df == pytest.approx(np.full(12, 7.0))


def test_one_student_per_class_changes_nothing() -> None:
    alone = group_time(VALUES, FIRST, covariates=COVARIATES)
    named = group_time(VALUES, FIRST, covariates=COVARIATES, clusters=np.arange(48)[::-1])
    assert named.effects.std_error == pytest.approx(alone.effects.std_error, rel=1e-12)
    assert named.effects.df == pytest.approx(alone.effects.df, rel=1e-10)


# Covariates --------------------------------------------------------------------------------------------------------


def literal_improved(change: np.ndarray, x: np.ndarray, member: np.ndarray) -> tuple[float, np.ndarray]:
    """Sant'Anna and Zhao's improved estimator and its influence, step by step, by a root finder and normal equations."""
    x1, x0 = x[member], x[~member]

    def imbalance(c: np.ndarray) -> np.ndarray:
        return (x1.sum(axis=0) - np.exp(x0 @ c) @ x0) / len(x)

    solved = optimize.root(imbalance, np.r_[np.log(len(x1) / len(x0)), np.zeros(x.shape[1] - 1)], tol=1e-14)
    odds = np.exp(x @ solved.x)
    w = np.diag(odds[~member])
    beta = np.linalg.solve(x0.T @ w @ x0, x0.T @ w @ change[~member])
    left = change - x @ beta
    w1, w0 = member / member.mean(), ~member * odds / np.mean(~member * odds)
    mean1, mean0 = np.mean(w1 * left), np.mean(w0 * left)
    return mean1 - mean0, w1 * (left - mean1) - w0 * (left - mean0)


@pytest.mark.parametrize("comparison", ["never", "not_yet"])
def test_the_doubly_robust_cells_follow_the_formula(comparison: str) -> None:
    found = group_time(VALUES, FIRST, covariates=COVARIATES, comparison=comparison)
    for i, (g, t, b) in enumerate(zip(found.cohort, found.wave, found.base, strict=True)):
        other = (FIRST == -1) | ((comparison == "not_yet") & (max(t, b) < FIRST) & (g != FIRST))
        pair = (g == FIRST) | other
        x = np.column_stack([np.ones(pair.sum()), COVARIATES[pair]])
        member = (g == FIRST)[pair]
        estimate, psi = literal_improved((VALUES[:, t] - VALUES[:, b])[pair], x, member)
        assert found.effects.estimate[i] == pytest.approx(estimate, rel=1e-8)
        odds = calibrated_odds(x[member], x[~member])
        assert odds is not None
        n0 = int(other.sum())
        factor = np.where(member, 1 - 1 / member.sum(), 1.0)
        factor[~member] = (1 - odds / odds.sum()) * (n0 - 3) / (n0 - 1)
        assert found.effects.influence[pair, i] == pytest.approx(psi / pair.sum() / np.sqrt(factor), rel=1e-6, abs=1e-9)


def test_calibrated_odds_balance_every_covariate() -> None:
    x = np.column_stack([np.ones(48), COVARIATES, 1e6 * COVARIATES[:, 0] ** 2])
    odds = calibrated_odds(x[FIRST > 0], x[FIRST < 0])
    assert odds is not None and np.all(odds > 0)
    assert odds @ x[FIRST < 0] == pytest.approx(x[FIRST > 0].sum(axis=0), rel=1e-9)
    repeated = np.column_stack([x, x[:, 1] - x[:, 2]])
    assert calibrated_odds(repeated[FIRST > 0], repeated[FIRST < 0]) == pytest.approx(odds, rel=1e-6)


def test_weights_are_found_wherever_the_members_mean_lies_inside() -> None:
    """Rounding of the loss near its minimum once stopped the search in one of seventy samples."""
    rng = np.random.default_rng(53)
    for _ in range(300):
        x = np.column_stack([np.ones(400), rng.standard_normal(400)])
        member = rng.random(400) < 0.15 + 0.6 * (np.abs(x[:, 1] - 1) < 0.8)
        rng.standard_normal((400, 2))
        odds = calibrated_odds(x[member], x[~member])
        assert odds is not None
        assert odds @ x[~member] == pytest.approx(x[member].sum(axis=0), rel=1e-8)


def test_no_weights_balance_what_the_others_cannot_reach() -> None:
    assert calibrated_odds([[1.0, 5.0]], [[1.0, 1.0], [1.0, 2.0]]) is None
    separated = np.where(FIRST > 0, 3.0, -3.0) + COVARIATES[:, 0]
    found = group_time(VALUES, FIRST, covariates=separated)
    assert found.effects.flags["NO_OVERLAP"].all() and np.isnan(found.effects.estimate).all()


def test_a_covariate_that_says_nothing_changes_nothing_but_its_degree_of_freedom() -> None:
    plain, constant = group_time(VALUES, FIRST), group_time(VALUES, FIRST, covariates=np.full(48, 7.0))
    assert constant.effects.estimate == pytest.approx(plain.effects.estimate, abs=1e-12)
    assert constant.effects.std_error == pytest.approx(plain.effects.std_error, rel=1e-10)


# What cannot be estimated ------------------------------------------------------------------------------------------


def test_a_cohort_of_one_student_has_no_standard_error_and_no_part_in_the_averages() -> None:
    first = FIRST.copy()
    first[first == 4] = -1
    first[-1] = 4
    found = group_time(VALUES, first)
    one = found.cohort == 4
    assert np.isfinite(found.effects.estimate).all()
    assert np.isnan(found.effects.std_error[one]).all() and np.isfinite(found.effects.std_error[~one]).all()
    assert found.effects.flags["TOO_FEW"].tolist() == one.tolist()
    shown = found.effects.inference()
    assert np.isnan(shown.p_value[one]).all() and np.isnan(shown.conf_low[one]).all()
    mean = aggregate(found, "cohort")
    assert mean.at.tolist() == [2, 3] and mean.n_dropped == 4


def test_members_from_the_first_wave_on_are_left_out_and_counted() -> None:
    first = np.r_[FIRST, [0, 0, 0]]
    found = group_time(np.vstack([VALUES, VALUES[:2], np.full((1, 5), np.nan)]), first, comparison="not_yet")
    same = group_time(VALUES, FIRST, comparison="not_yet")
    assert found.n_always == 2
    assert found.effects.estimate == pytest.approx(same.effects.estimate)


def test_where_nobody_is_left_to_compare_nothing_is_estimated() -> None:
    joined = FIRST > 0
    found = group_time(VALUES[joined], FIRST[joined], comparison="not_yet")
    nobody_later = (found.wave == 4) | ((found.cohort == 4) & (found.wave == 3))
    assert found.effects.flags["NO_COMPARISON"].tolist() == nobody_later.tolist()
    assert np.isnan(found.effects.estimate).tolist() == nobody_later.tolist()
    nobody = group_time(VALUES[joined], FIRST[joined])
    assert nobody.effects.flags["NO_COMPARISON"].all()
    for kind in KINDS:
        mean = aggregate(nobody, kind)
        assert len(mean.at) == 0 and np.isnan(mean.overall.estimate[0])
        assert mean.overall.inference().raised == ("NO_COMPARISON",)


def test_a_wave_that_nobody_of_the_cohort_has() -> None:
    values = VALUES.copy()
    values[FIRST == 3, 4] = np.nan
    found = group_time(values, FIRST)
    assert found.effects.flags["NO_PAIRS"].tolist() == ((found.cohort == 3) & (found.wave == 4)).tolist()


def test_changes_that_do_not_vary_have_no_p_value() -> None:
    values = np.tile([0.1, 0.3, 0.6, 1.1], (10, 1)) + 0.1 * np.arange(10)[:, None]
    first = np.repeat([2, -1], 5)
    values[:5, 2:] += 0.7
    shown = group_time(values, first).effects.inference()
    assert shown.estimate == pytest.approx([0, 0.7, 0.7], rel=1e-12, abs=0)
    assert shown.flags["NO_VARIATION"].tolist() == [True, False, False]
    assert shown.flags["DEGENERATE"].tolist() == [False, True, True]
    assert (shown.std_error == 0).all() and np.isnan(shown.p_value).all() and np.isnan(shown.conf_low).all()


def test_students_without_any_score_or_with_a_covariate_missing_count_nowhere() -> None:
    more = np.vstack([VALUES, np.full((2, 5), np.nan), VALUES[:1]])
    covariates = np.vstack([COVARIATES, COVARIATES[:2], [[np.nan, 0.0]]])
    found = group_time(more, np.r_[FIRST, 2, 2, 2], covariates=covariates)
    same = group_time(VALUES, FIRST, covariates=COVARIATES)
    assert aggregate(found, "simple").overall.estimate == pytest.approx(aggregate(same, "simple").overall.estimate)
    assert found.sizes.sum(axis=0).tolist() == [12, 9, 7]


# Aggregates --------------------------------------------------------------------------------------------------------


def literal_aggregate(found: GroupTime, kind: str) -> dict[int, float]:
    size, after = {2: 12, 3: 9, 4: 7}, found.wave >= found.cohort
    where = {"event": found.wave - found.cohort, "cohort": found.cohort, "calendar": found.wave}[kind]
    kept = np.ones(len(after), bool) if kind == "event" else after
    means = {}
    for place in np.unique(where[kept]):
        rows = np.flatnonzero(kept & (where == place))
        weights = [1.0 if kind == "cohort" else size[found.cohort[i]] for i in rows]
        means[int(place)] = float(np.average(found.effects.estimate[rows], weights=weights))
    return means


@pytest.mark.parametrize("kind", ["event", "cohort", "calendar"])
def test_aggregates_are_the_stated_means(kind: str) -> None:
    found = group_time(VALUES, FIRST, base_period="universal")
    mean, expected = aggregate(found, kind), literal_aggregate(found, kind)
    assert dict(zip(mean.at.tolist(), mean.path.estimate, strict=True)) == pytest.approx(expected)
    if kind == "cohort":
        overall = np.average([expected[g] for g in (2, 3, 4)], weights=[12, 9, 7])
    else:
        overall = np.mean([value for at, value in expected.items() if at >= 0])
    assert mean.overall.estimate[0] == pytest.approx(overall)


@pytest.mark.parametrize("kind", KINDS)
def test_the_influence_is_what_a_student_more_would_add(kind: str) -> None:
    """A numerical derivative: each student counted a little more often moves the average by the influence."""
    many = 100
    values, first = np.repeat(VALUES, many, axis=0), np.repeat(FIRST, many)
    found = aggregate(group_time(values, first), kind).overall
    for i in (3, 25, 35, 45):
        more = aggregate(group_time(np.vstack([values, VALUES[[i]]]), np.r_[first, FIRST[i]]), kind).overall
        moved = float(more.estimate[0] - found.estimate[0])
        assert moved == pytest.approx(float(found.influence[i * many, 0]), rel=0.05, abs=1e-6)


def test_the_order_of_the_students_does_not_matter() -> None:
    order = np.random.default_rng(2).permutation(48)
    for kind in KINDS:
        one, other = (
            aggregate(group_time(VALUES[o], FIRST[o], covariates=COVARIATES[o]), kind).overall
            for o in (np.arange(48), order)
        )
        assert other.estimate == pytest.approx(one.estimate, rel=1e-9)
        assert other.std_error == pytest.approx(one.std_error, rel=1e-9)


def test_scores_in_other_units_and_with_a_wave_effect() -> None:
    moved = 3 * VALUES + np.array([5, -2, 7, 1, 100.0])
    one, other = (aggregate(group_time(v, FIRST), "event").path for v in (VALUES, moved))
    assert other.estimate == pytest.approx(3 * one.estimate, rel=1e-10)
    assert other.std_error == pytest.approx(3 * one.std_error, rel=1e-10)


def test_who_is_compared_by_default() -> None:
    assert comparison_of(FIRST) == "never"
    assert comparison_of(np.r_[np.full(95, 1), np.full(5, -1)]) == "not_yet"
    assert comparison_of(np.r_[np.full(100, 0), np.full(8, 1), -1, -1]) == "never"


# Joining -----------------------------------------------------------------------------------------------------------


def test_joining_counts_leavers_and_who_cannot_be_told() -> None:
    nan = np.nan
    found = joining([[0, 0, 1], [1, 0, 1], [0, 1, nan], [nan, nan, nan], [nan, 0, 1], [0, nan, 1], [nan, 1, 0]])
    assert found.first_wave.tolist() == [2, 0, 1, -1, 2, 2, 1]
    assert found.left.tolist() == [False, True, False, False, False, False, True]
    assert found.always.tolist() == [False, True, False, False, False, False, False]
    assert found.unsure.tolist() == [False, False, False, False, False, True, True]
