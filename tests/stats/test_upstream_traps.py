"""What scipy and statsmodels do wrong today, where this library goes its own way.

Each test states today's behaviour. One that fails means that upstream has changed: look whether our own code is still
needed, then change the test.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from scipy import stats
from scipy.stats.contingency import odds_ratio
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.nonparametric import rank_compare_2indep
from statsmodels.stats.proportion import confint_proportions_2indep

from society_effects.stats.differences import welch
from society_effects.stats.generalised_linear import coefficients_of, errors_of, log_linear, logistic
from society_effects.stats.moments import Moments
from society_effects.stats.random_intercept import random_intercept
from society_effects.stats.ranks import mann_whitney_exact
from society_effects.stats.resampling import permutation_difference


@pytest.fixture(autouse=True)
def _quiet() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_scipy_t_test_of_two_constants_is_infinitely_significant() -> None:
    found = stats.ttest_ind([1.0] * 5, [2.0] * 5, equal_var=False)
    assert math.isinf(found.statistic) and found.pvalue == 0


def test_scipy_t_test_of_one_constant_twice_is_nan() -> None:
    assert math.isnan(stats.ttest_ind([1.0] * 5, [1.0] * 5, equal_var=False).pvalue)


def test_scipy_paired_t_test_of_a_constant_difference_is_infinitely_significant() -> None:
    found = stats.ttest_rel([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    assert math.isinf(found.statistic) and found.pvalue == 0


def test_scipy_t_test_assumes_equal_variances_unless_told_otherwise() -> None:
    one, two = [1.0, 2.0, 3.0, 4.0], [1.0, 5.0, 30.0]
    assert stats.ttest_ind(one, two).pvalue == stats.ttest_ind(one, two, equal_var=True).pvalue


def test_scipy_brunner_munzel_is_nan_on_separation_and_on_ties() -> None:
    assert math.isnan(stats.brunnermunzel([1, 2, 3], [7, 8, 9]).pvalue)
    assert math.isnan(stats.brunnermunzel([3, 3, 3], [3, 3, 3]).pvalue)


def test_statsmodels_rank_comparison_is_nan_on_separation_and_leaves_0_to_1() -> None:
    assert math.isnan(rank_compare_2indep([7, 8, 9], [1, 2, 3]).pvalue)
    _, high = rank_compare_2indep([5, 7, 8, 9], [1, 2, 3, 6]).conf_int()
    assert high > 1


def test_scipy_exact_mann_whitney_ignores_ties() -> None:
    member, reference = (
        [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
        [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2],
    )
    assert stats.mannwhitneyu(member, reference, method="exact").pvalue == pytest.approx(0.0753, abs=5e-5)


def test_scipy_permutation_test_doubles_the_smaller_tail() -> None:
    member, reference = np.array([9.0, 8.0]), np.array([1.0, 2, 3, 4, 5, 20])
    p_values = {
        alternative: stats.permutation_test(
            (member, reference),
            lambda a, b, axis: a.mean(axis) - b.mean(axis),
            vectorized=True,
            n_resamples=np.inf,
            alternative=alternative,
        ).pvalue
        for alternative in ("two-sided", "less", "greater")
    }
    assert p_values["two-sided"] == pytest.approx(2 * min(p_values["less"], p_values["greater"]))
    by_distance = permutation_difference(member, reference, studentised=False).p_value
    assert by_distance == pytest.approx(19 / 28) and p_values["two-sided"] == pytest.approx(16 / 28)


def test_scipy_fisher_prints_the_sample_odds_ratio() -> None:
    table = [[8, 2], [1, 5]]
    assert stats.fisher_exact(table).statistic == pytest.approx(20)
    assert odds_ratio(table).statistic == pytest.approx(15.4658, abs=1e-4)


def test_scipy_boschloo_takes_the_groups_in_columns() -> None:
    assert stats.boschloo_exact([[8, 2], [1, 5]]).pvalue == pytest.approx(0.024385, abs=1e-6)
    assert stats.boschloo_exact([[8, 1], [2, 5]]).pvalue == pytest.approx(0.017569, abs=1e-6)


def test_statsmodels_score_limits_of_a_difference_fail_on_ordinary_tables() -> None:
    with pytest.raises(ValueError, match="different signs"):
        confint_proportions_2indep(15, 20, 10, 22, compare="diff", method="score")


@pytest.mark.parametrize(("compare", "method"), [("ratio", "log"), ("odds-ratio", "logit"), ("odds-ratio", "score")])
def test_statsmodels_ratio_limits_crash_on_an_empty_cell(compare: str, method: str) -> None:
    with pytest.raises(ZeroDivisionError):
        confint_proportions_2indep(5, 20, 0, 20, compare=compare, method=method)


def test_statsmodels_proportions_of_an_empty_group_crash() -> None:
    with pytest.raises(ZeroDivisionError):
        confint_proportions_2indep(0, 0, 3, 5, compare="diff", method="wald")


def test_statsmodels_counts_an_undefined_p_as_a_test() -> None:
    adjusted = multipletests([0.01, np.nan, 0.03], method="holm")[1]
    np.testing.assert_allclose(adjusted, [0.03, np.nan, 0.06])


def test_scipy_false_discovery_control_refuses_an_undefined_p() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        stats.false_discovery_control([0.01, np.nan, 0.03])


def test_scipy_bca_bootstrap_of_a_constant_is_nan() -> None:
    found = stats.bootstrap(([1.0] * 5,), np.mean, n_resamples=99, method="BCa", rng=1).confidence_interval
    assert math.isnan(found.low) and math.isnan(found.high)


def test_scipy_noncentral_t_is_not_defined_everywhere() -> None:
    """The reason for our own noncentral t; scipy's is NaN for some ordinary values."""
    grid = np.linspace(-60, 60, 241)
    values = stats.nct.cdf(grid[:, None], 38, grid[None, :])
    assert np.isnan(values).any()


def test_scipy_normal_mann_whitney_of_two_constant_triples_is_below_any_exact_p() -> None:
    found = stats.mannwhitneyu([3, 3, 3], [1, 1, 1], method="asymptotic", use_continuity=False)
    assert found.pvalue == pytest.approx(0.0253, abs=5e-5)
    assert mann_whitney_exact([3, 3, 3], [1, 1, 1]).p_value == pytest.approx(0.1)


def test_scipy_p_values_underflow_to_0() -> None:
    found = stats.ttest_ind_from_stats(80.0, 0.3, 100_000, 79.0, 0.3, 200_000, equal_var=False)
    assert found.pvalue == 0
    assert welch(Moments(100_000, 80.0, 0.3), Moments(200_000, 79.0, 0.3)).p_value > 0


def test_statsmodels_mixed_model_says_converged_at_variance_0_with_endless_standard_errors() -> None:
    """``method="lbfgs"``; ours and the default optimiser find the classes, and a likelihood that exists."""
    rng, codes = np.random.default_rng(1), np.repeat(np.arange(20), 15)
    values = 0.5 * rng.standard_normal(20)[codes] + rng.standard_normal(300)
    design = np.column_stack([np.ones(300), codes < 10]).astype(float)
    found = MixedLM(values, design, groups=codes).fit(method="lbfgs")
    assert found.converged and found.cov_re[0, 0] == 0 and math.isinf(found.llf) and found.bse_fe[1] > 1e5
    ours, usual = random_intercept(values, design, codes), MixedLM(values, design, groups=codes).fit()
    assert ours.log_likelihood == pytest.approx(usual.llf, rel=1e-8)
    assert ours.intercept_variance == pytest.approx(usual.cov_re[0, 0], rel=1e-3)
    assert ours.coefficients.contrast([0, 1]).std_error == pytest.approx(usual.bse_fe[1], rel=1e-3)


@pytest.mark.parametrize("family", ["Binomial", "Poisson"])
def test_statsmodels_hc3_of_a_generalised_linear_model_is_hc0(family: str) -> None:
    """Ours divides by one minus the leverage of the working regression."""
    import statsmodels.api as sm

    rng = np.random.default_rng(2)
    x = sm.add_constant(rng.standard_normal((30, 2)))
    y = (rng.random(30) < 0.4).astype(float)
    found = {kind: sm.GLM(y, x, family=getattr(sm.families, family)()).fit(cov_type=kind) for kind in ("HC0", "HC3")}
    np.testing.assert_array_equal(found["HC3"].bse, found["HC0"].bse)
    fit = (logistic if family == "Binomial" else log_linear)(x, y, ["const", "x1", "x2"])
    ours = coefficients_of(fit, errors_of(fit)).values.std_error
    assert np.all(ours > found["HC3"].bse * 1.05)
    assert fit.coefficients == pytest.approx(found["HC0"].params, rel=1e-7)


def test_statsmodels_logistic_regression_of_separated_events_says_converged() -> None:
    import statsmodels.api as sm

    y, x = np.repeat([0.0, 1.0, 0.0, 1.0], [8, 8, 0, 8]), np.repeat([0.0, 1.0], [16, 8])
    found = sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial()).fit()
    assert found.converged and found.params[1] > 15 and found.bse[1] > 1e3
    assert logistic(sm.add_constant(x), y, ["const", "x"]).coefficients[1] < 4
