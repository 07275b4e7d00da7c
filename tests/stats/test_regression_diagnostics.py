"""Diagnostics of a regression: against statsmodels, and against fitting again without each student."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.diagnostic import het_breuschpagan, linear_reset
from statsmodels.stats.outliers_influence import OLSInfluence, variance_inflation_factor
from statsmodels.stats.stattools import durbin_watson as their_durbin_watson

from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.regression import regression
from society_effects.stats.regression_diagnostics import (
    breusch_pagan,
    coefficient_moves,
    condition_number,
    difference_moves,
    durbin_watson,
    reset,
    student_diagnostics,
    variance_inflation,
)

RNG = np.random.default_rng(8)
N = 50
MEMBER = RNG.random(N) < 0.4
X = np.column_stack([RNG.normal(60, 9, N), RNG.normal(size=N)])
COLUMNS = np.column_stack([MEMBER, X]).astype(float)
NAMES = ("member", "before", "age")
Y = COLUMNS @ [4.0, 0.6, 1.0] + 0.1 * MEMBER * X[:, 0] + RNG.normal(size=N) * 3
CLASSES = np.arange(N) // 5
FOUND = regression(COLUMNS, NAMES, Y)
MODEL = sm.OLS(Y, sm.add_constant(COLUMNS)).fit()


def test_students_as_in_statsmodels():
    shown, theirs = student_diagnostics(FOUND), OLSInfluence(MODEL)
    for ours, other in (
        (shown.leverage, theirs.hat_matrix_diag),
        (shown.standardised, theirs.resid_studentized_internal),
        (shown.studentised, theirs.resid_studentized_external),
        (shown.cooks_distance, theirs.cooks_distance[0]),
        (shown.dffits, theirs.dffits[0]),
        (coefficient_moves(FOUND, "member"), theirs.dfbeta[:, 1]),
        (coefficient_moves(FOUND, "before", standardised=True), theirs.dfbetas[:, 2]),
    ):
        np.testing.assert_allclose(ours, other, rtol=1e-7, atol=1e-11)
    assert not any(shown.flags.values())


def test_tests_as_in_statsmodels():
    spread, form = breusch_pagan(FOUND), reset(FOUND)
    lm, p, *_ = het_breuschpagan(MODEL.resid, MODEL.model.exog)
    assert (spread.statistic, spread.p_value) == pytest.approx((lm, p), rel=1e-8)
    theirs = linear_reset(MODEL, power=3, use_f=True)
    assert (form.statistic, form.p_value, form.df2) == pytest.approx((theirs.fvalue, theirs.pvalue, N - 6), rel=1e-6)
    assert durbin_watson(FOUND) == pytest.approx(their_durbin_watson(MODEL.resid), rel=1e-10)


def test_inflation_of_single_columns():
    exog = sm.add_constant(COLUMNS)
    for i, one in enumerate(variance_inflation(COLUMNS, [0, 1, 2], NAMES)):
        assert one.factor == pytest.approx(variance_inflation_factor(exog, i + 1), rel=1e-10)
        assert one.per_column == pytest.approx(np.sqrt(one.factor))


def test_inflation_of_a_term_does_not_depend_on_its_coding():
    levels = np.arange(N) % 3
    inside, other = np.eye(3)[levels][:, 1:], np.eye(3)[levels][:, :2]
    ours, theirs = (variance_inflation(np.column_stack([z, X]), [0, 0, 1, 2], "abc")[0].factor for z in (inside, other))
    assert ours == pytest.approx(theirs, rel=1e-10) and ours > 1


def test_condition_number_does_not_depend_on_units():
    assert condition_number(FOUND) == pytest.approx(
        condition_number(regression(COLUMNS * [1, 1e3, 1e-4], NAMES, Y)), rel=1e-9
    )
    assert np.linalg.cond(FOUND.design) != pytest.approx(condition_number(FOUND), rel=0.1)
    orthogonal = regression(np.array([[-1.0], [1], [-1], [1]]), ["x"], [1.0, 2, 3, 5])
    assert condition_number(orthogonal) == pytest.approx(1)


@pytest.mark.parametrize("target", ["members", "all"])
@pytest.mark.parametrize(
    "settings",
    [{}, {"interactions": False}, {"clusters": CLASSES}, {"clusters": CLASSES, "within": "fixed"}],
    ids=["lin", "ancova", "classes", "within classes"],
)
def test_moves_of_the_difference_are_those_of_fitting_again(target, settings):
    found = adjusted_difference(Y, MEMBER, X, target=target, **settings)
    moves = difference_moves(found, MEMBER, X, settings.get("clusters"))
    for i in range(0, N, 3):
        rest = np.arange(N) != i
        less = {key: value[rest] if key == "clusters" else value for key, value in settings.items()}
        without = adjusted_difference(Y[rest], MEMBER[rest], X[rest], target=target, **less)
        assert moves[i] == pytest.approx(found.difference.estimate - without.difference.estimate, rel=1e-8, abs=1e-11)


def test_the_target_moves_too():
    """A member without residual still moves the difference: the others are then compared elsewhere."""
    member = np.array([0, 0, 0, 1, 1, 1]).astype(bool)
    x = np.array([[0.0], [1], [2], [1], [2], [6]])
    y = np.where(member, 3 * x[:, 0] + 1, x[:, 0])
    found = adjusted_difference(y, member, x)
    moves = difference_moves(found, member, x)
    np.testing.assert_allclose(moves, [0, 0, 0, -2, -1, 3], atol=1e-12)


def test_without_the_only_member_there_is_no_difference():
    member = np.array([1, 0, 0, 0, 0]).astype(bool)
    moves = difference_moves(adjusted_difference([5.0, 1, 2, 3, 4], member), member)
    assert np.isnan(moves[0]) and np.isfinite(moves[1:]).all()


def test_a_student_fitted_exactly():
    found = regression(np.column_stack([COLUMNS, np.eye(N)[2]]), (*NAMES, "third"), Y)
    shown = student_diagnostics(found)
    assert shown.flags["LEVERAGE_ONE"] and np.flatnonzero(np.isnan(shown.studentised)).tolist() == [2]
    rest = np.arange(N) != 2
    without = student_diagnostics(regression(COLUMNS[rest], NAMES, Y[rest]))
    np.testing.assert_allclose(shown.studentised[rest], without.studentised, rtol=1e-9)
    assert np.isnan(coefficient_moves(found, "third")[2]) and coefficient_moves(found, "member")[2] == 0


def test_two_degrees_of_freedom_are_enough_to_leave_one_out():
    shown = student_diagnostics(regression([[0.0], [0], [1], [1]], ["m"], [1.0, 1, 2, 5]))
    assert not shown.flags["TOO_FEW"] and shown.flags["DEGENERATE"]
    assert np.flatnonzero(np.isnan(shown.studentised)).tolist() == [2, 3], "nothing is left to vary without them"
    spread = student_diagnostics(regression([[0.0], [0], [1], [1]], ["m"], [1.0, 1.5, 2, 5]))
    assert not any(spread.flags.values()) and np.isfinite(spread.studentised).all()


def test_undefined_numbers_say_why():
    perfect = regression(COLUMNS, NAMES, COLUMNS @ [1.0, 2.0, 3.0])
    assert student_diagnostics(perfect).flags["DEGENERATE"] and np.isnan(student_diagnostics(perfect).studentised).all()
    assert reset(perfect).raised[-1] == "DEGENERATE" and np.isnan(durbin_watson(perfect))
    assert breusch_pagan(perfect).raised == ("NO_VARIATION",)
    one_off = regression(np.array([[0.0], [0], [0], [1], [1], [1]]), ["m"], [1.0, 1, 1, 2, 2, 5])
    assert not student_diagnostics(one_off).flags["TOO_FEW"] and student_diagnostics(one_off).flags["DEGENERATE"]
    assert reset(one_off).raised == ("NOTHING_NEW",) and np.isnan(reset(one_off).p_value)
    none = regression(np.zeros((N, 0)), [], Y)
    assert breusch_pagan(none).raised == ("NO_SLOPES",)
    few = student_diagnostics(regression([[0.0], [1.0], [3.0]], ["x"], [1.0, 2.0, 5.0]))
    assert few.flags["TOO_FEW"] and not few.flags["DEGENERATE"]
    assert np.isnan(few.studentised).all() and np.isfinite(few.cooks_distance).all()
