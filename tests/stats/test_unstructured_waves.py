"""Several waves with any covariance: textbook forms, the likelihood written out, classes, and what is undefined."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.cluster_robust import cr2
from society_effects.stats.differences import student, welch
from society_effects.stats.inference import Inference
from society_effects.stats.moments import Moments
from society_effects.stats.unstructured_waves import group_wave_design, unstructured_waves

RNG = np.random.default_rng(11)
ARMS = np.repeat([0, 1], [17, 11])
WAVES = 3
SCORES = (
    60
    + RNG.normal(0, 5, (28, 1))
    + RNG.normal(0, 2, (28, 1)) * np.arange(WAVES)
    + RNG.normal(0, 3, (28, WAVES))
    + ARMS[:, None] * np.arange(WAVES)
)
GAPS = SCORES.copy()
GAPS[[0, 5, 20], 2] = GAPS[[3, 21], 1] = GAPS[8, 0] = np.nan
GAPS[22, 1:] = np.nan
DESIGN = group_wave_design(ARMS, WAVES)
CHANGE = np.kron([-1, 1], [-1, 0, 1])
TREND = np.kron([-1, 1], [-0.5, 0, 0.5])
LOWER = np.tril_indices(WAVES)


def literal(elements: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Minus twice the restricted log likelihood of GAPS, the coefficients and their covariance, student by student."""
    sigma = np.zeros((WAVES, WAVES))
    sigma[LOWER] = elements
    sigma = np.tril(sigma) + np.tril(sigma, -1).T
    total, right, logs, squares, n = np.zeros((6, 6)), np.zeros(6), 0.0, 0.0, 0
    for y, x in zip(GAPS, DESIGN, strict=True):
        seen = ~np.isnan(y)
        v = sigma[np.ix_(seen, seen)]
        weights = np.linalg.inv(v)
        total += x[seen].T @ weights @ x[seen]
        right += x[seen].T @ weights @ y[seen]
        squares += y[seen] @ weights @ y[seen]
        logs += np.linalg.slogdet(v)[1]
        n += int(seen.sum())
    b = np.linalg.solve(total, right)
    deviance = logs + np.linalg.slogdet(total)[1] + squares - right @ b + (n - 6) * np.log(2 * np.pi)
    return float(deviance), b, np.linalg.inv(total)


def same(ours: Inference, theirs: Inference, rel: float = 1e-9) -> None:
    for name in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), rel=rel), name


# Complete data ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("weights", "of_waves"), [(CHANGE, [-1, 0, 1]), (TREND, [-0.5, 0, 0.5])])
def test_differences_in_change_are_students_test_of_the_changes_and_with_strata_welchs(
    weights: np.ndarray, of_waves: list[float]
) -> None:
    changes = SCORES @ of_waves
    one, two = Moments.of(changes[ARMS == 1]), Moments.of(changes[ARMS == 0])
    same(unstructured_waves(SCORES, DESIGN).coefficients.contrast(weights), student(one, two))
    same(unstructured_waves(SCORES, DESIGN, strata=ARMS).coefficients.contrast(weights), welch(one, two))


def test_the_change_of_one_group_is_the_paired_t_test_and_two_waves_suffice() -> None:
    pair = SCORES[:, :2]
    found = unstructured_waves(pair, group_wave_design(np.zeros(28), 2)).coefficients.contrast([-1, 1])
    theirs = stats.ttest_rel(pair[:, 1], pair[:, 0])
    assert (found.statistic, found.df, found.p_value) == pytest.approx((theirs.statistic, 27, theirs.pvalue), rel=1e-9)


def test_the_covariance_is_the_pooled_one_and_means_are_means() -> None:
    fit = unstructured_waves(SCORES, DESIGN)
    left = np.concatenate([SCORES[g == ARMS] - SCORES[g == ARMS].mean(axis=0) for g in (0, 1)])
    assert fit.covariance[0] == pytest.approx(left.T @ left / 26, rel=1e-10)
    assert fit.coefficients.estimate.reshape(2, 3)[1] == pytest.approx(SCORES[ARMS == 1].mean(axis=0), rel=1e-12)


def test_all_changes_together_are_hotellings_test() -> None:
    changes = SCORES[:, 1:] - SCORES[:, :1]
    one, two = (changes[g == ARMS] for g in (1, 0))
    pooled = (16 * np.cov(two.T) + 10 * np.cov(one.T)) / 26
    gap = one.mean(axis=0) - two.mean(axis=0)
    t2 = gap @ np.linalg.solve(pooled, gap) / (1 / 17 + 1 / 11)
    found = unstructured_waves(SCORES, DESIGN).coefficients.joint(np.kron([-1, 1], [[-1, 1, 0], [-1, 0, 1]]))
    assert (found.statistic, found.df1, found.df2) == pytest.approx((t2 * 25 / (26 * 2), 2, 25), rel=1e-9)
    assert found.p_value == pytest.approx(stats.f.sf(t2 * 25 / 52, 2, 25), rel=1e-9)


# Missing waves ------------------------------------------------------------------------------------------------------


def test_the_likelihood_is_that_of_all_students_and_is_at_its_maximum() -> None:
    fit = unstructured_waves(GAPS, DESIGN)
    at = fit.covariance[0][LOWER]
    deviance, b, spread = literal(at)
    assert fit.converged and (fit.n_students, fit.n_values) == (28, 28 * 3 - 8)
    assert fit.log_likelihood == pytest.approx(-deviance / 2, rel=1e-12)
    assert fit.coefficients.estimate == pytest.approx(b, rel=1e-10)
    assert fit.coefficients.covariance == pytest.approx(spread, rel=1e-9)
    slope = [(literal(at + e)[0] - literal(at - e)[0]) / 2e-4 for e in np.eye(6) * 1e-4]
    assert slope == pytest.approx([0] * 6, abs=1e-7)


@pytest.mark.parametrize("weights", [CHANGE, TREND, np.eye(6)[2], np.kron([1, 0], [-1, 1, 0])])
def test_degrees_of_freedom_by_numerical_derivatives_of_the_likelihood_written_out(weights: np.ndarray) -> None:
    fit = unstructured_waves(GAPS, DESIGN)
    at, steps = fit.covariance[0][LOWER], np.eye(6) * 0.05

    def hessian(width: float) -> np.ndarray:
        moves = steps * width
        return np.array(
            [
                [
                    sum(a * b * literal(at + a * e + b * f)[0] for a in (1, -1) for b in (1, -1))
                    / (4 * 0.0025 * width**2)
                    for f in moves
                ]
                for e in moves
            ]
        )

    information = (4 * hessian(1) - hessian(2)) / 3
    slope = [weights @ (literal(at + e)[2] - literal(at - e)[2]) @ weights / 0.1 for e in steps]
    variance = weights @ literal(at)[2] @ weights
    expected = 2 * variance**2 / (slope @ (2 * np.linalg.inv(information)) @ np.array(slope))
    assert fit.coefficients.df(weights) == pytest.approx(expected, rel=1e-4)


def test_groups_with_a_covariance_of_their_own_are_fits_of_their_own() -> None:
    apart = unstructured_waves(GAPS, DESIGN, strata=ARMS)
    for g in (0, 1):
        own = GAPS[g == ARMS]
        alone = unstructured_waves(own, group_wave_design(np.zeros(len(own)), WAVES))
        same(apart.coefficients.contrast(np.kron(np.eye(2)[g], [-1, 0, 1])), alone.coefficients.contrast([-1, 0, 1]))


def test_students_without_any_value_change_nothing() -> None:
    more = np.vstack([GAPS, np.full((2, 3), np.nan)])
    fit = unstructured_waves(more, group_wave_design(np.append(ARMS, [0, 1]), WAVES))
    same(fit.coefficients.contrast(CHANGE), unstructured_waves(GAPS, DESIGN).coefficients.contrast(CHANGE))
    assert fit.n_students == 28


def test_shift_scale_and_order() -> None:
    order = RNG.permutation(28)
    moved = unstructured_waves(1e6 + 3 * GAPS[order], DESIGN[order]).coefficients.contrast(CHANGE)
    found = unstructured_waves(GAPS, DESIGN).coefficients.contrast(CHANGE)
    assert (moved.estimate, moved.std_error, moved.df, moved.p_value) == pytest.approx(
        (3 * found.estimate, 3 * found.std_error, found.df, found.p_value), rel=1e-6
    )


# Classes ------------------------------------------------------------------------------------------------------------


def test_cr2_over_the_classes_is_the_general_one_on_rows_of_equal_variance() -> None:
    classes = np.arange(28) % 7
    fit = unstructured_waves(GAPS, DESIGN)
    rows, left, codes = [], [], []
    for i, y in enumerate(GAPS):
        seen = ~np.isnan(y)
        root = np.linalg.inv(np.linalg.cholesky(fit.covariance[0][np.ix_(seen, seen)]))
        rows.append(root @ DESIGN[i, seen])
        left.append(root @ (y[seen] - DESIGN[i, seen] @ fit.coefficients.estimate))
        codes += [classes[i]] * int(seen.sum())
    general, ours = cr2(np.vstack(rows), np.concatenate(left), codes), fit.by_class(classes)
    assert ours.precision is not None and ours.n_clusters == 7
    assert ours.precision.covariance == pytest.approx(general.covariance, rel=1e-8, abs=1e-12)
    assert ours.contrast(CHANGE).df == pytest.approx(general.df(CHANGE), rel=1e-8)


def test_students_as_their_own_classes_are_welchs_test_of_complete_changes() -> None:
    """CR2 with one student per class is HC2; its degrees of freedom assume equal spreads."""
    changes = SCORES[:, 2] - SCORES[:, 0]
    theirs = welch(Moments.of(changes[ARMS == 1]), Moments.of(changes[ARMS == 0]))
    found = unstructured_waves(SCORES, DESIGN).by_class(np.arange(28)).contrast(CHANGE)
    assert (found.estimate, found.std_error) == pytest.approx((theirs.estimate, theirs.std_error), rel=1e-9)


def test_a_group_in_one_class_has_no_standard_error() -> None:
    found = unstructured_waves(SCORES, DESIGN).by_class(np.where(ARMS == 1, 9, np.arange(28) % 3)).contrast(CHANGE)
    assert np.isnan(found.p_value) and found.raised == ("ONE_CLUSTER_IN_ARM",)


# Nothing to estimate ------------------------------------------------------------------------------------------------


def never_together() -> np.ndarray:
    values, half = SCORES.copy(), np.arange(28) % 2 == 0
    values[half, 1] = values[~half, 2] = np.nan
    return values


def never_at_the_end() -> np.ndarray:
    values = SCORES.copy()
    values[17:, 2] = np.nan
    return values


@pytest.mark.parametrize(
    ("values", "flag"),
    [
        (SCORES[[0, 1, 17, 18]], "TOO_FEW"),
        (never_together(), "TOO_FEW"),
        (never_at_the_end(), "TOO_FEW"),
        (np.full((28, 3), 70.1), "NO_VARIATION"),
        (np.column_stack([SCORES[:, :2], np.full(28, 70.1)]), "DEGENERATE"),
        (np.column_stack([SCORES[:, :2], SCORES[:, 0] + 4]), "NO_CONVERGENCE"),
    ],
    ids=[
        "four students",
        "two waves never together",
        "group never at a wave",
        "constant",
        "constant wave",
        "wave predicted by another",
    ],
)
def test_what_cannot_be_estimated_is_undefined_with_a_reason(values: np.ndarray, flag: str) -> None:
    arms = ARMS if len(values) == 28 else np.array([0, 0, 1, 1])
    fit = unstructured_waves(values, group_wave_design(arms, WAVES))
    assert not fit.converged
    for found in (fit.coefficients.contrast(CHANGE), fit.by_class(np.arange(len(values))).contrast(CHANGE)):
        assert np.isnan([found.estimate, found.std_error, found.p_value, found.conf_low]).all()
        assert found.raised == (flag,)
    assert fit.coefficients.joint([CHANGE]).raised == (flag,)
