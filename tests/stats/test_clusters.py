"""Students who share classes: the closed form is the general one, and what cannot be known has no standard error."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.class_means import (
    class_means,
    permute_classes,
    permute_classes_chi2,
    permute_classes_superiority,
    smallest_p,
)
from society_effects.stats.cluster_robust import cr2, inverse_root
from society_effects.stats.clustered_means import clustered_means, clustered_shares_wald, clustered_superiority
from society_effects.stats.differences import welch
from society_effects.stats.intraclass import components, d_total, design_effect, icc
from society_effects.stats.moments import Moments
from society_effects.stats.ranks import brunner_munzel
from society_effects.stats.wild_bootstrap import wild_bootstrap

RNG = np.random.default_rng(20)
CLASSES = np.repeat(np.arange(9), [3, 8, 5, 6, 11, 1, 7, 4, 9])
INSIDE = RNG.integers(0, 3, len(CLASSES))
"""Three groups inside every class, one class with a single student."""
WHOLE = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1])[CLASSES]
SCORES = RNG.standard_normal(len(CLASSES)) + 0.5 * RNG.standard_normal(9)[CLASSES] + INSIDE
PASSED = (SCORES > 0.8).astype(float)
ALONE = np.arange(len(CLASSES))
HOURS = RNG.uniform(0.5, 3.0, len(CLASSES))


def indicators(arms: np.ndarray) -> np.ndarray:
    return (arms[:, None] == np.unique(arms)).astype(float)


# The closed form and the general one -------------------------------------------------------------------------------


@pytest.mark.parametrize("arms", [INSIDE, WHOLE], ids=["inside", "whole"])
def test_the_closed_form_is_cr2_on_indicators_of_the_groups(arms: np.ndarray) -> None:
    design, fit = indicators(arms), clustered_means(SCORES, arms, CLASSES)
    general = cr2(design, SCORES - fit.mean[arms], CLASSES)
    assert fit.covariance == pytest.approx(general.covariance, rel=1e-12, abs=1e-14)
    contrast = np.eye(design.shape[1])[1] - np.eye(design.shape[1])[0]
    assert fit.difference(1, 0).df == pytest.approx(general.df(contrast), rel=1e-12)
    between = np.column_stack([-np.ones(design.shape[1] - 1), np.eye(design.shape[1] - 1)])
    theirs, ours = general.wald(between, fit.mean), fit.wald()
    assert (ours.statistic, ours.df2, ours.p_value) == pytest.approx(
        (theirs.statistic, theirs.df2, theirs.p_value), rel=1e-11
    )


def test_rates_are_weighted_cr2_with_the_variance_in_proportion_to_the_time() -> None:
    """After division by the root of the time, a Poisson model's working variance is the same for all."""
    counts = np.random.default_rng(21).poisson(2 * HOURS).astype(float)
    fit = clustered_means(counts, INSIDE, CLASSES, exposure=HOURS)
    root = np.sqrt(HOURS)
    general = cr2(indicators(INSIDE) * root[:, None], (counts - fit.mean[INSIDE] * HOURS) / root, CLASSES)
    assert fit.covariance == pytest.approx(general.covariance, rel=1e-12, abs=1e-14)
    assert fit.difference(2, 0).df == pytest.approx(general.df([-1, 0, 1]), rel=1e-12)


def test_shares_of_several_categories_have_the_multinomial_hotelling_df() -> None:
    """All contrasts of all categories at once, by the matrices of the stacked regression."""
    categories = np.digitize(SCORES, [0.3, 1.5])
    columns = np.column_stack([categories == c for c in (1, 2)]).astype(float)
    design, n = indicators(INSIDE), len(SCORES)
    bread = np.linalg.inv(design.T @ design)
    hat, between = design @ bread @ design.T, np.array([[-1.0, 1, 0], [-1, 0, 1]])
    half = inverse_root(between @ bread @ between.T)
    score, blocks = np.zeros((4, 4)), []
    for code in np.unique(CLASSES):
        own = code == CLASSES
        adjust = inverse_root(np.eye(own.sum()) - hat[np.ix_(own, own)])
        part = between @ bread @ design[own].T @ adjust
        left = (columns - hat @ columns)[own]
        total = np.concatenate([part @ left[:, c] for c in (0, 1)])
        score += np.outer(total, total)
        block = (np.eye(n) - hat)[:, own] @ (half @ part).T
        blocks.append(np.kron(np.eye(2), block))
    products = [a.T @ b for a in blocks for b in blocks]
    eta = 4 * 5 / sum(np.sum(p * p) + np.trace(p) ** 2 for p in products)
    contrasts = np.concatenate([between @ bread @ design.T @ columns[:, c] for c in (0, 1)])
    found = clustered_shares_wald(categories, INSIDE, CLASSES)
    assert found.df2 == pytest.approx(eta - 3, rel=1e-10)
    expected = contrasts @ np.linalg.solve(score, contrasts) * (eta - 3) / (eta * 4)
    assert found.statistic == pytest.approx(expected, rel=1e-9)


def test_two_categories_are_the_test_of_a_share() -> None:
    nominal, share = clustered_shares_wald(PASSED, INSIDE, CLASSES), clustered_means(PASSED, INSIDE, CLASSES).wald()
    assert (nominal.statistic, nominal.df2) == pytest.approx((share.statistic, share.df2), rel=1e-10)


def test_two_groups_square_the_t_statistic() -> None:
    fit = clustered_means(SCORES, WHOLE, CLASSES)
    test, found = fit.wald(), fit.difference(1, 0)
    assert (test.statistic, test.df2, test.p_value) == pytest.approx((found.statistic**2, found.df, found.p_value))


def test_class_indicators_in_the_design_are_allowed() -> None:
    design = np.column_stack([indicators(CLASSES), SCORES])
    y = SCORES + np.random.default_rng(21).standard_normal(len(SCORES))
    residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    own_means = indicators(CLASSES) @ (indicators(CLASSES).T @ SCORES / np.bincount(CLASSES))
    found, inside = cr2(design, residuals, CLASSES), cr2((SCORES - own_means)[:, None], residuals, CLASSES)
    assert found.covariance[9, 9] == pytest.approx(inside.covariance[0, 0], rel=1e-9)
    assert found.df(np.eye(10)[9]) == pytest.approx(inside.df([1]), rel=1e-9)


def test_units_of_the_columns_do_not_matter_to_the_joint_test() -> None:
    design, units = np.column_stack([np.ones(len(SCORES)), WHOLE, HOURS]), np.array([1.0, 1e-7, 1e7])
    b = np.linalg.lstsq(design, SCORES, rcond=None)[0]
    one, two = (
        cr2(design * unit, SCORES - design @ b, CLASSES).wald(np.eye(3)[1:], b / unit) for unit in (np.ones(3), units)
    )
    assert one.p_value > 0 and (one.statistic, one.df2) == pytest.approx((two.statistic, two.df2), rel=1e-6)


# One student per class ---------------------------------------------------------------------------------------------


def test_a_class_of_one_student_each_is_welch() -> None:
    first, second = SCORES[WHOLE == 1], SCORES[WHOLE == 0]
    found = clustered_means(SCORES, WHOLE, ALONE).difference(1, 0)
    theirs = welch(Moments.of(first), Moments.of(second))
    assert (found.estimate, found.std_error) == pytest.approx((theirs.estimate, theirs.std_error), rel=1e-12)
    means = class_means(SCORES, WHOLE, ALONE).difference(1, 0)
    assert (means.df, means.p_value) == pytest.approx((theirs.df, theirs.p_value), rel=1e-10)


def test_a_class_of_one_student_each_is_hc2() -> None:
    design = np.column_stack([np.ones(len(SCORES)), HOURS, WHOLE])
    bread = np.linalg.inv(design.T @ design)
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)
    residuals = SCORES - design @ bread @ design.T @ SCORES
    hc2 = bread @ (design.T * (residuals**2 / (1 - leverage))) @ design @ bread
    assert cr2(design, residuals, ALONE).covariance == pytest.approx(hc2, rel=1e-11, abs=1e-15)


def test_superiority_with_a_class_of_one_student_each_is_brunner_munzel() -> None:
    answers = np.digitize(SCORES, [-0.5, 0.5, 1.5, 2.5]).astype(float)
    member, other = answers[WHOLE == 1], answers[WHOLE == 0]
    found = clustered_superiority(member, other, ALONE[WHOLE == 1], ALONE[WHOLE == 0])
    theirs = brunner_munzel(member, other)
    assert found.estimate == pytest.approx(theirs.estimate)
    assert found.std_error * found.estimate * (1 - found.estimate) == pytest.approx(theirs.std_error, rel=1e-10)


def test_welch_anova_on_class_means_of_two_groups_is_welch() -> None:
    fit = class_means(SCORES, WHOLE, CLASSES)
    means = np.bincount(CLASSES, SCORES) / np.bincount(CLASSES)
    theirs = stats.ttest_ind(means[4:], means[:4], equal_var=False)
    found = fit.difference(1, 0)
    assert (found.statistic, found.p_value) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-10)
    assert fit.wald().statistic == pytest.approx(theirs.statistic**2, rel=1e-10)


# Names and order ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fit_of", [clustered_means, class_means])
def test_names_of_classes_and_order_of_students_do_not_matter(fit_of) -> None:
    order = np.random.default_rng(21).permutation(len(SCORES))
    names = np.array(list("ihgfedcba"))[CLASSES]
    first, second = fit_of(PASSED, WHOLE, CLASSES), fit_of(PASSED[order], WHOLE[order], names[order])
    for question in ("difference", "log_ratio", "odds_ratio"):
        one, two = getattr(first, question)(1, 0), getattr(second, question)(1, 0)
        assert (one.estimate, one.std_error, one.df) == pytest.approx((two.estimate, two.std_error, two.df), rel=1e-10)
        swapped = getattr(first, question)(0, 1)
        assert (swapped.statistic, swapped.p_value) == pytest.approx((-one.statistic, one.p_value), rel=1e-10)


def test_resampling_does_not_depend_on_the_order_of_students() -> None:
    order = np.random.default_rng(21).permutation(len(SCORES))
    for found, again in (
        (
            permute_classes(SCORES, WHOLE, CLASSES, 1, 0),
            permute_classes(SCORES[order], WHOLE[order], CLASSES[order], 1, 0),
        ),
        (
            wild_bootstrap(SCORES, WHOLE, CLASSES, 1, 0),
            wild_bootstrap(SCORES[order], WHOLE[order], CLASSES[order], 1, 0),
        ),
    ):
        assert (found.p_value, found.conf_low, found.conf_high) == pytest.approx(
            (again.p_value, again.conf_low, again.conf_high), rel=1e-8
        )


def test_units_scale_and_shifts_move_the_estimate_alone() -> None:
    one, two = (clustered_means(y, INSIDE, CLASSES).difference(2, 0) for y in (SCORES, 10 * SCORES + 1e4))
    assert (10 * one.estimate, 10 * one.std_error, one.p_value) == pytest.approx(
        (two.estimate, two.std_error, two.p_value), rel=1e-8
    )


# What cannot be known ----------------------------------------------------------------------------------------------


def test_a_group_in_one_class_has_no_standard_error() -> None:
    arms = (CLASSES == 4).astype(int)
    found = clustered_means(SCORES, arms, CLASSES).difference(1, 0)
    assert found.raised == ("ONE_CLUSTER_IN_ARM",)
    assert np.isfinite(found.estimate) and np.isnan([found.std_error, found.p_value, found.conf_low]).all()
    assert wild_bootstrap(SCORES, arms, CLASSES, 1, 0).raised == ("ONE_CLUSTER_IN_ARM",)
    shared = clustered_superiority(SCORES[arms == 1], SCORES[arms == 0], CLASSES[arms == 1], CLASSES[arms == 0])
    assert shared.raised == ("ONE_CLUSTER_IN_ARM",) and np.isnan(shared.p_value)


def test_values_without_variation_have_no_p() -> None:
    same = np.ones(len(SCORES))
    for found in (
        clustered_means(same, WHOLE, CLASSES).difference(1, 0),
        clustered_means(same, WHOLE, CLASSES).wald(),
        wild_bootstrap(same, WHOLE, CLASSES, 1, 0),
        permute_classes(same, WHOLE, CLASSES, 1, 0),
    ):
        assert "NO_VARIATION" in found.raised and np.isnan(found.p_value)
    assert np.isnan(icc(same, WHOLE, CLASSES).value)


def test_groups_of_one_score_have_no_trend() -> None:
    fit = clustered_means(SCORES, INSIDE, CLASSES)
    found = fit.trend([2, 2, 2])
    assert np.isnan([found.statistic, found.p_value, found.df1, fit.df(np.zeros(3))]).all()


@pytest.mark.parametrize("fit_of", [clustered_means, class_means])
def test_empty_cells_have_no_ratio_with_an_error(fit_of) -> None:
    nobody, others = np.zeros(len(SCORES)), (WHOLE == 0) * PASSED
    assert fit_of(nobody, WHOLE, CLASSES).log_ratio(1, 0).raised == ("NO_EVENTS_AT_ALL",)
    empty = fit_of(others, WHOLE, CLASSES).log_ratio(1, 0)
    assert empty.raised == ("ZERO_CELL",) and empty.estimate == 0 and np.isnan(empty.p_value)
    assert fit_of(others, WHOLE, CLASSES).odds_ratio(1, 0).raised == ("ZERO_CELL",)
    for group, share in [(0, 0), (0, 1), (1, 0), (1, 1)]:
        found = fit_of(np.where(group == WHOLE, share, PASSED), WHOLE, CLASSES).odds_ratio(1, 0)
        assert found.raised == ("ZERO_CELL",) and np.isnan([found.estimate, found.conf_low, found.conf_high]).all()


def test_separated_groups_have_no_interval() -> None:
    found = clustered_superiority([5, 6, 7], [1, 2, 3], [0, 1, 2], [3, 4, 5])
    assert found.estimate == 1 and found.raised == ("SEPARATED_IN_CLASSES",) and np.isnan(found.p_value)
    turned = clustered_superiority([1, 2, 3], [5, 6, 7], [3, 4, 5], [0, 1, 2])
    assert turned.estimate == 0 and turned.raised == ("SEPARATED_IN_CLASSES",) and np.isnan(turned.p_value)


# Permutation, bootstrap --------------------------------------------------------------------------------------------


def test_permutation_counts_every_division_of_the_classes() -> None:
    from itertools import combinations

    means = np.bincount(CLASSES, SCORES) / np.bincount(CLASSES)
    observed, sizes = means[4:].mean() - means[:4].mean(), []
    for chosen in combinations(range(9), 5):
        rest = np.setdiff1d(np.arange(9), chosen)
        sizes.append(abs(means[list(chosen)].mean() - means[rest].mean()))
    found = permute_classes(SCORES, WHOLE, CLASSES, 1, 0)
    assert found.method == "cluster_permutation_exact"
    assert found.p_value == pytest.approx(np.mean(np.array(sizes) >= abs(observed) - 1e-10))


def test_two_classes_of_a_group_can_be_permuted_and_one_cannot() -> None:
    from itertools import combinations

    means = np.array([5.0, 7.5, 1, 3, 4, 2.5])
    found = permute_classes(means, [1, 1, 0, 0, 0, 0], np.arange(6), 1, 0)
    apart = [abs(means[list(two)].mean() - np.delete(means, two).mean()) for two in combinations(range(6), 2)]
    assert found.p_value == pytest.approx(np.mean(np.array(apart) >= apart[0] - 1e-10)) and np.isnan(found.conf_low)
    assert permute_classes(means, [1, 0, 0, 0, 0, 0], np.arange(6), 1, 0).raised == ("ONE_CLUSTER_IN_ARM",)


@pytest.mark.parametrize("compare", [permute_classes, wild_bootstrap])
def test_limits_are_the_differences_that_the_test_keeps(compare) -> None:
    found = compare(SCORES, WHOLE, CLASSES, 1, 0)
    for limit, outwards in ((found.conf_low, -1e-4), (found.conf_high, 1e-4)):
        beyond, within = (
            compare(SCORES - (limit + step) * WHOLE, WHOLE, CLASSES, 1, 0) for step in (outwards, -outwards)
        )
        assert beyond.p_value <= 0.05 < within.p_value


def test_so_few_classes_that_no_level_is_reached() -> None:
    few = CLASSES < 6
    arms = (CLASSES < 3).astype(int)
    found = permute_classes(SCORES[few], arms[few], CLASSES[few], 1, 0)
    assert smallest_p(6, 3) == 0.1 and smallest_p(8, 2) == pytest.approx(1 / 28)
    assert found.p_value >= 0.1 and "NO_LIMITS_FEW_CLUSTERS" in found.raised and np.isnan(found.conf_low)


@pytest.mark.parametrize(("classes", "level", "reached"), [(5, 0.95, False), (6, 0.95, True), (7, 0.99, False)])
def test_so_few_signs_that_no_level_is_reached(classes: int, level: float, reached: bool) -> None:
    """The smallest P of all signs is 2 / 2^classes: with five classes 0.0625."""
    codes = np.repeat(np.arange(classes), 8)
    values = np.random.default_rng(21).standard_normal(len(codes)) + 5.0 * (codes < 3)
    found = wild_bootstrap(values, (codes < 3).astype(int), codes, 1, 0, conf_level=level)
    assert found.p_value >= 2 / 2**classes
    assert ("NO_LIMITS_FEW_CLUSTERS" not in found.raised) is reached
    assert bool(np.isfinite([found.conf_low, found.conf_high]).all()) is reached


def test_few_classes_are_drawn_with_six_weights_and_many_with_signs() -> None:
    """Below twelve classes Webb's weights, unless all signs are counted."""
    from society_effects.stats.wild_bootstrap import _signs

    few, many = _signs(11, 2000, 1), _signs(12, 2000, 1)
    assert np.unique(few[0] ** 2).round(12).tolist() == [0.5, 1.0, 1.5] and not few[1]
    assert np.unique(many[0]).tolist() == [-1.0, 1.0] and not many[1]
    drawn = [wild_bootstrap(SCORES, WHOLE, CLASSES, 1, 0, resamples=n) for n in (399, 9999)]
    assert [found.method for found in drawn] == ["wild_bootstrap", "wild_bootstrap_exact"]
    assert drawn[0].p_value == pytest.approx(drawn[1].p_value, abs=0.1)


def test_permuted_superiority_and_chi_square_move_whole_classes() -> None:
    ordinal = permute_classes_superiority(SCORES, WHOLE, CLASSES, 1, 0)
    nominal = permute_classes_chi2(np.digitize(SCORES, [0, 1]), WHOLE, CLASSES)
    for found in (ordinal, nominal):
        assert found.method == "cluster_permutation_exact"
        assert found.p_value * 126 == pytest.approx(round(found.p_value * 126), abs=1e-9)
    assert np.isnan([ordinal.conf_low, ordinal.std_error]).all()
    table = np.array([[np.sum((a == WHOLE) & (np.digitize(SCORES, [0, 1]) == c)) for c in range(3)] for a in (0, 1)])
    assert nominal.statistic == pytest.approx(stats.chi2_contingency(table, correction=False).statistic)


def test_a_group_of_one_class_has_no_permuted_chi_square_and_two_classes_have() -> None:
    category, classes = np.array([0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1]), np.repeat(np.arange(6), 2)
    alone = permute_classes_chi2(category, (classes == 3).astype(int), classes)
    assert alone.raised == ("ONE_CLUSTER_IN_ARM",) and np.isnan(alone.p_value)
    two = permute_classes_chi2(category, (classes > 3).astype(int), classes)
    assert not two.raised and two.p_value * 15 == pytest.approx(round(two.p_value * 15))


def test_the_wild_bootstrap_by_regressions() -> None:
    """Every sign pattern of nine classes, the model fitted anew for each."""
    from itertools import product

    design = np.column_stack([np.ones(len(SCORES)), WHOLE])
    bread = np.linalg.inv(design.T @ design)

    def t_of(y: np.ndarray) -> float:
        beta = bread @ design.T @ y
        scores = np.array([design[c == CLASSES].T @ (y - design @ beta)[c == CLASSES] for c in range(9)])
        return float(beta[1] / np.sqrt((bread @ scores.T @ scores @ bread)[1, 1]))

    left = SCORES - SCORES.mean()
    drawn = np.array([t_of(SCORES.mean() + left * np.array(signs)[CLASSES]) for signs in product((-1, 1), repeat=9)])
    found = wild_bootstrap(SCORES, WHOLE, CLASSES, 1, 0)
    assert found.method == "wild_bootstrap_exact"
    assert found.statistic == pytest.approx(t_of(SCORES), rel=1e-10)
    assert found.p_value == pytest.approx(np.mean(np.abs(drawn) >= abs(t_of(SCORES)) * (1 - 1e-10)), abs=1e-12)


# How alike ---------------------------------------------------------------------------------------------------------


def test_intraclass_correlation_of_equal_classes_is_the_textbook_one() -> None:
    classes = np.repeat(np.arange(6), 5)
    y = np.random.default_rng(21).standard_normal(30) + np.random.default_rng(22).standard_normal(6)[classes]
    found = icc(y, np.zeros(30, int), classes)
    f = stats.f_oneway(*(y[classes == c] for c in range(6))).statistic
    assert found.value == pytest.approx(max((f - 1) / (f + 4), 0))
    low, high = f / stats.f.ppf(0.975, 5, 24), f * stats.f.ppf(0.975, 24, 5)
    assert found.conf_low == pytest.approx(max((low - 1) / (low + 4), 0))
    assert found.conf_high == pytest.approx((high - 1) / (high + 4))
    assert design_effect(found, classes).value == pytest.approx(1 + 4 * found.value)


def test_groups_own_means_are_no_likeness_of_classes() -> None:
    one, two = (icc(SCORES + 50 * shift, WHOLE, CLASSES) for shift in (0 * WHOLE, WHOLE))
    assert (one.value, one.conf_high) == pytest.approx((two.value, two.conf_high), rel=1e-8)
    mixed = icc(np.array([1.0, 3, 1, 3, 1, 3]), [0] * 6, [0, 0, 1, 1, 2, 2])
    assert mixed.value == 0 and mixed.raised == ("BOUNDARY",)


def test_one_pair_of_classmates_is_enough_to_be_alike_and_none_is_not() -> None:
    pair = icc([1.0, 1, 2, 3], [0] * 4, [0, 0, 1, 2])
    assert pair.value == 1 and pair.raised == ("ALIKE_IN_CLASSES",)
    assert icc([1.0, 2, 3], [0] * 3, [0, 1, 2]).raised == ("ALL_ALONE_IN_CLASS",)


@pytest.mark.parametrize("arms", [INSIDE, WHOLE], ids=["inside", "whole"])
def test_mean_squares_are_those_of_regressions_on_groups_and_classes(arms: np.ndarray) -> None:
    """What classes explain beyond the groups, and what groups and classes leave (Henderson's third method)."""

    def left_over(design: np.ndarray) -> float:
        return float(np.sum((SCORES - design @ np.linalg.lstsq(design, SCORES, rcond=None)[0]) ** 2))

    both, found = np.column_stack([indicators(arms), indicators(CLASSES)]), components(SCORES, arms, CLASSES)
    rank, of_groups = np.linalg.matrix_rank(both), indicators(arms).shape[1]
    assert (found.df_between, found.df_within) == (rank - of_groups, len(SCORES) - rank)
    assert found.within == pytest.approx(left_over(both) / found.df_within, rel=1e-10)
    assert found.between == pytest.approx((left_over(indicators(arms)) - left_over(both)) / found.df_between, rel=1e-10)
    residual_maker = np.eye(len(SCORES)) - indicators(arms) @ np.linalg.pinv(indicators(arms))
    expected = np.trace(indicators(CLASSES).T @ residual_maker @ indicators(CLASSES))
    assert found.size == pytest.approx(expected / found.df_between, rel=1e-10)


def test_the_total_spread_joins_the_spread_between_and_within_classes() -> None:
    difference = clustered_means(SCORES, WHOLE, CLASSES).difference(1, 0)
    found, parts = d_total(SCORES, WHOLE, CLASSES, 1, 0, difference), components(SCORES, WHOLE, CLASSES)
    total = parts.within + parts.between_variance
    assert found.estimate == pytest.approx(difference.estimate / np.sqrt(total))
    inside = 2 * ((1 - 1 / parts.size) * parts.within) ** 2 / parts.df_within
    between = 2 * (parts.between / parts.size) ** 2 / parts.df_between
    assert parts.between > parts.within, "otherwise the spread between classes is 0 and this tests nothing"
    expected = difference.std_error**2 / total + found.estimate**2 * (inside + between) / (4 * total**2)
    assert found.std_error == pytest.approx(np.sqrt(expected), rel=1e-10)
    larger = d_total(3 * SCORES, WHOLE, CLASSES, 1, 0, clustered_means(3 * SCORES, WHOLE, CLASSES).difference(1, 0))
    assert (larger.estimate, larger.std_error) == pytest.approx((found.estimate, found.std_error), rel=1e-10)
