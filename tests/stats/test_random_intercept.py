"""Random intercepts: the sums against the matrices written out, textbook forms, the boundary, and what is undefined."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import optimize, stats

from society_effects.stats.cluster_robust import cr2
from society_effects.stats.random_intercept import random_intercept
from society_effects.stats.satterthwaite import Coefficients

RNG = np.random.default_rng(7)
CLASSES = np.repeat(np.arange(9), [3, 8, 5, 6, 11, 1, 7, 4, 9])
HOURS = RNG.uniform(0, 4, len(CLASSES))
WHOLE = (CLASSES < 4).astype(float)
DESIGN = np.column_stack([np.ones(len(CLASSES)), WHOLE, HOURS])
SCORES = 70 + 4 * RNG.standard_normal(9)[CLASSES] + 2 * HOURS + 5 * RNG.standard_normal(len(CLASSES))
FIT = random_intercept(SCORES, DESIGN, CLASSES)


def covariance_of(variances: np.ndarray, clusters: np.ndarray = CLASSES) -> np.ndarray:
    return variances[0] * np.eye(len(clusters)) + variances[1] * (clusters[:, None] == clusters)


def literal(variances: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Minus twice the restricted log likelihood, the coefficients and their covariance, by matrices of all values."""
    v = covariance_of(variances)
    inverse = np.linalg.inv(v)
    spread = np.linalg.inv(DESIGN.T @ inverse @ DESIGN)
    b = spread @ DESIGN.T @ inverse @ SCORES
    left = SCORES - DESIGN @ b
    logs = np.linalg.slogdet(v)[1] - np.linalg.slogdet(spread)[1]
    return logs + left @ inverse @ left + (len(v) - 3) * np.log(2 * np.pi), b, spread


def derivative(f: Callable[[np.ndarray], float], at: np.ndarray, step: float = 0.02) -> np.ndarray:
    """Central differences, the fourth order."""
    return np.array(
        [(8 * (f(at + e) - f(at - e)) - (f(at + 2 * e) - f(at - 2 * e))) / (12 * step) for e in np.eye(len(at)) * step]
    )


def test_the_likelihood_is_that_of_all_values_and_is_at_its_maximum() -> None:
    at = np.array([FIT.residual_variance, FIT.intercept_variance])
    deviance, b, spread = literal(at)
    assert FIT.log_likelihood == pytest.approx(-deviance / 2, rel=1e-12)
    assert FIT.coefficients.estimate == pytest.approx(b, rel=1e-10)
    assert FIT.coefficients.covariance == pytest.approx(spread, rel=1e-9, abs=1e-12)
    assert derivative(lambda v: literal(v)[0], at) == pytest.approx([0, 0], abs=1e-7)
    found = optimize.minimize(lambda v: literal(np.exp(v))[0], np.log([20.0, 20.0]), method="Nelder-Mead", tol=1e-10)
    assert np.exp(found.x) == pytest.approx(at, rel=1e-4)


@pytest.mark.parametrize("weights", [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0.5, 2]])
def test_degrees_of_freedom_by_numerical_derivatives_of_the_likelihood_written_out(weights: list[float]) -> None:
    at, c = np.array([FIT.residual_variance, FIT.intercept_variance]), np.array(weights)
    hessian = np.array([derivative(lambda v, i=i: derivative(lambda u: literal(u)[0], v)[i], at) for i in (0, 1)])
    slope = derivative(lambda v: float(c @ literal(v)[2] @ c), at)
    expected = 2 * (c @ literal(at)[2] @ c) ** 2 / (slope @ (2 * np.linalg.inv(hessian)) @ slope)
    assert FIT.coefficients.df(c) == pytest.approx(expected, rel=1e-6)


def test_two_values_of_each_student_are_the_paired_t_test() -> None:
    before = RNG.normal(60, 8, 14)
    after = before + RNG.normal(3, 4, 14)
    values = np.concatenate([before, after])
    design = np.column_stack([np.ones(28), np.repeat([0.0, 1.0], 14)])
    found = random_intercept(values, design, np.tile(np.arange(14), 2)).coefficients.contrast([0, 1])
    theirs = stats.ttest_rel(after, before)
    assert (found.statistic, found.df, found.p_value) == pytest.approx((theirs.statistic, 13, theirs.pvalue), rel=1e-9)


def test_whole_classes_of_one_size_are_students_test_of_the_class_means() -> None:
    codes = np.repeat(np.arange(10), 6)
    values = 3 * RNG.standard_normal(10)[codes] + RNG.standard_normal(60)
    design = np.column_stack([np.ones(60), codes < 4]).astype(float)
    found = random_intercept(values, design, codes).coefficients.contrast([0, 1])
    means = values.reshape(10, 6).mean(axis=1)
    theirs = stats.ttest_ind(means[:4], means[4:])
    assert (found.statistic, found.df, found.p_value) == pytest.approx((theirs.statistic, 8, theirs.pvalue), rel=1e-9)


def test_cr2_over_the_clusters_is_the_general_one_on_rows_of_equal_variance() -> None:
    v = covariance_of(np.array([FIT.residual_variance, FIT.intercept_variance]))
    values, vectors = np.linalg.eigh(v)
    root = (vectors / np.sqrt(values)) @ vectors.T
    left = SCORES - DESIGN @ FIT.coefficients.estimate
    general, ours = cr2(root @ DESIGN, root @ left, CLASSES), FIT.robust()
    assert ours.precision is not None
    assert ours.precision.covariance == pytest.approx(general.covariance, rel=1e-9, abs=1e-12)
    for weights in np.eye(3):
        assert ours.contrast(weights).df == pytest.approx(general.df(weights), rel=1e-9)
    both = np.eye(3)[1:]
    theirs, test = general.wald(both, FIT.coefficients.estimate), ours.joint(both)
    assert (test.statistic, test.df2, test.p_value) == pytest.approx(
        (theirs.statistic, theirs.df2, theirs.p_value), rel=1e-8
    )


def test_cr2_over_larger_units_is_the_general_one_on_rows_of_equal_variance() -> None:
    schools = np.arange(9) % 4
    values, vectors = np.linalg.eigh(covariance_of(np.array([FIT.residual_variance, FIT.intercept_variance])))
    root = (vectors / np.sqrt(values)) @ vectors.T
    left = SCORES - DESIGN @ FIT.coefficients.estimate
    general, ours = cr2(root @ DESIGN, root @ left, schools[CLASSES]), FIT.robust(schools)
    assert ours.precision is not None and ours.n_clusters == 4
    assert ours.precision.covariance == pytest.approx(general.covariance, rel=1e-9, abs=1e-12)
    assert ours.contrast([0, 1, 0]).df == pytest.approx(general.df([0, 1, 0]), rel=1e-9)


def test_at_the_boundary_classes_and_students_keep_degrees_of_freedom_of_their_own() -> None:
    codes = np.repeat(np.arange(8), 5)
    values = np.tile([1.0, 2.0, 4.0, 7.0, 9.0], 8) + 0.01 * np.sin(np.arange(40))
    inside = np.tile([0.0, 1.0, 0.0, 1.0, 0.0], 8)
    fit = random_intercept(values, np.column_stack([np.ones(40), codes < 4, inside]), codes)
    assert fit.intercept_variance == 0 and fit.coefficients.flags["BOUNDARY"] and fit.icc().raised == ("BOUNDARY",)
    between, within = (fit.coefficients.contrast(c) for c in ([0, 1, 0], [0, 0, 1]))
    assert (between.df, within.df) == pytest.approx((8 - 2, 40 - 8 - 1), rel=1e-9)
    assert (fit.icc().value, fit.icc().conf_low) == (0, 0) and 0 < fit.icc().conf_high < 0.2
    test = fit.clusters_differ()
    assert (test.statistic, test.p_value) == (0, 1)


def test_limits_of_the_icc_lie_where_the_likelihood_falls_by_half_the_chi_square_quantile() -> None:
    found, drop = FIT.icc(), stats.chi2.ppf(0.95, 1) / 2

    def profile(icc: float) -> float:
        best = optimize.minimize_scalar(
            lambda log: literal(np.exp(log) * np.array([1, icc / (1 - icc)]))[0], bounds=(0, 6), method="bounded"
        )
        return -best.fun / 2

    assert found.value == pytest.approx(FIT.intercept_variance / (FIT.intercept_variance + FIT.residual_variance))
    assert profile(found.value) == pytest.approx(FIT.log_likelihood, abs=1e-8)
    for limit in (found.conf_low, found.conf_high):
        assert FIT.log_likelihood - profile(limit) == pytest.approx(drop, rel=1e-4)


def test_the_lower_limit_of_a_small_icc_is_0_where_the_test_keeps_no_clustering() -> None:
    rng, clusters = np.random.default_rng(0), np.repeat(np.arange(8), 4)
    fit = random_intercept(rng.normal(size=32) + 0.4 * rng.normal(size=8)[clusters], np.ones((32, 1)), clusters)
    found = fit.icc()
    assert fit.clusters_differ().statistic < stats.chi2.ppf(0.95, 1)
    assert found.conf_low == 0 < found.value < found.conf_high < 1 and not found.raised
    level = stats.chi2.cdf(fit.clusters_differ().statistic, 1)
    assert fit.icc(conf_level=level + 0.01).conf_low == 0 < fit.icc(conf_level=level - 0.01).conf_low


def test_the_test_of_the_clusters_halves_the_p_of_the_likelihood_ratio() -> None:
    least = np.linalg.lstsq(DESIGN, SCORES, rcond=None)[1][0] / (len(SCORES) - 3)
    ratio = literal(np.array([least, 0.0]))[0] + 2 * FIT.log_likelihood
    found = FIT.clusters_differ()
    assert (found.statistic, found.p_value) == pytest.approx((ratio, stats.chi2.sf(ratio, 1) / 2), rel=1e-8)


def test_shift_scale_order_and_names_of_clusters() -> None:
    order = RNG.permutation(len(SCORES))
    names = np.array([f"class {code}" for code in 8 - CLASSES])
    moved = random_intercept(1e6 + 3 * SCORES[order], DESIGN[order], names[order]).coefficients.contrast([0, 1, 0])
    found = FIT.coefficients.contrast([0, 1, 0])
    assert (moved.estimate, moved.std_error, moved.df, moved.p_value) == pytest.approx(
        (3 * found.estimate, 3 * found.std_error, found.df, found.p_value), rel=1e-7
    )


def test_a_covariate_far_from_zero_changes_nothing_but_the_intercept() -> None:
    far = random_intercept(SCORES, DESIGN + np.array([0, 0, 2e6]), CLASSES)
    assert far.intercept_variance == pytest.approx(FIT.intercept_variance, rel=1e-6)
    mine, theirs = far.coefficients.contrast([0, 0, 1]), FIT.coefficients.contrast([0, 0, 1])
    assert (mine.estimate, mine.std_error, mine.df) == pytest.approx(
        (theirs.estimate, theirs.std_error, theirs.df), rel=1e-6
    )


@pytest.mark.parametrize(
    ("values", "design", "clusters", "flag"),
    [
        (SCORES[:6], DESIGN[:6, :1], np.arange(6), "TOO_FEW"),
        (SCORES[:11], DESIGN[:11, [0, 2]], np.zeros(11), "TOO_FEW_CLUSTERS"),
        (SCORES[:11], np.column_stack([np.ones(11), np.arange(11) < 3]), CLASSES[:11], "TOO_FEW_CLUSTERS"),
        (np.full(12, 70.1), np.ones((12, 1)), np.repeat([0, 1, 2], 4), "NO_VARIATION"),
        (np.repeat([70.1, 70.2, 70.4], 4), np.ones((12, 1)), np.repeat([0, 1, 2], 4), "DEGENERATE"),
    ],
    ids=["one value each", "one class", "a class per arm", "constant", "constant within classes"],
)
def test_what_cannot_be_estimated_is_undefined_with_a_reason(
    values: np.ndarray, design: np.ndarray, clusters: np.ndarray, flag: str
) -> None:
    fit = random_intercept(values, design, clusters)
    weights = np.eye(design.shape[1])[0]
    for found in (fit.coefficients.contrast(weights), fit.robust().contrast(weights)):
        assert np.isnan([found.estimate, found.std_error, found.p_value, found.conf_low]).all()
        assert found.raised == (flag,)
    for other in (fit.icc(), fit.clusters_differ(), fit.coefficients.joint([weights]), fit.robust().joint([weights])):
        assert other.raised == (flag,)


def test_one_pair_of_classmates_is_enough_for_two_variances() -> None:
    fit = random_intercept([1.0, 1.4, 3, 5, 2], np.ones((5, 1)), [0, 0, 1, 2, 3])
    assert not any(fit.coefficients.flags.values()) and np.isfinite(fit.log_likelihood)
    assert fit.residual_variance > 0


def test_several_contrasts_at_once() -> None:
    found = FIT.coefficients.contrast(np.eye(3))
    for i in range(3):
        one = FIT.coefficients.contrast(np.eye(3)[i])
        assert (found.at(i).p_value, found.at(i).df) == pytest.approx((one.p_value, one.df), rel=1e-12)
    assert FIT.coefficients.joint([[0, 1, 0]]).p_value == pytest.approx(found.at(1).p_value, rel=1e-10)


def test_the_joint_f_has_the_mean_of_the_squared_t_of_its_parts() -> None:
    """Fai and Cornelius: two independent sums with 10 and 5 degrees of freedom of their own."""
    slopes = np.array([[[1.0, 0], [0, 0]], [[0, 0], [0, 1.0]]])
    two = Coefficients(np.array([3.0, 2.0]), np.diag([1.0, 2.0]), slopes, np.diag([0.2, 1.6]), "reml")
    assert two.df(np.eye(2)).tolist() == [10, 5]
    found = two.joint(np.eye(2))
    assert found.statistic == pytest.approx((9 / 1 + 4 / 2) / 2)
    assert found.df2 / (found.df2 - 2) == pytest.approx((10 / 8 + 5 / 3) / 2)
    assert found.p_value == pytest.approx(stats.f.sf(5.5, 2, found.df2))
    equal = Coefficients(two.estimate, two.covariance, slopes, np.diag([0.2, 0.8]), "reml").joint(np.eye(2))
    assert equal.df2 == pytest.approx(10)
    few = Coefficients(two.estimate, two.covariance, slopes, np.diag([0.2, 4.0]), "reml").joint(np.eye(2))
    assert few.raised == ("TOO_FEW",) and np.isnan(few.p_value)
    nothing = two.contrast([0.0, 0.0])
    assert nothing.estimate == 0 and np.isnan([nothing.std_error, nothing.p_value]).all()
