"""Omitted variables: the algebra holds exactly when the cause is there, and the printed numbers of others."""

import numpy as np
import pytest
import statsmodels.api as sm

from society_effects.stats.inference import from_t
from society_effects.stats.linear_model import StudentErrors, least_squares
from society_effects.stats.omitted_variable import OmittedVariable, omitted_variable
from society_effects.stats.partial_r2 import partial_r2

RNG = np.random.default_rng(8)
N = 90
X = RNG.standard_normal((N, 3))
U = RNG.standard_normal(N) + 0.5 * X[:, 0]
MEMBER = X[:, 0] + 0.8 * U + RNG.standard_normal(N) > 0.4
Y = 2 + X @ [1.0, -0.5, 0.2] + 0.7 * MEMBER + 0.9 * U + RNG.standard_normal(N)


def darfur(conf_level: float = 0.95) -> OmittedVariable:
    """The example of the paper, from its printed coefficient and shares."""
    coefficient = from_t(0.09731582, 0.02325654, 783, conf_level=conf_level, method="classical")
    return OmittedVariable(coefficient, 0.02325654, 783, {"female": (0.009081065190331075, 0.1090339154278416)})


def classical(design: np.ndarray, outcome: np.ndarray, column: int) -> tuple[float, float, int]:
    fit, row = least_squares(design, outcome), np.eye(design.shape[1])[column]
    return fit.estimate(row), float(np.sqrt(np.sum(StudentErrors(fit, "classical").influence(row) ** 2))), fit.df


# Against others ----------------------------------------------------------------------------------------------------


def test_robustness_values_of_the_paper() -> None:
    found = darfur()
    assert found.robustness() == pytest.approx(0.1387764, abs=5e-7)
    assert found.robustness(alpha=0.05) == pytest.approx(0.07625797, abs=5e-8)
    assert found.partial_r2 == pytest.approx(0.02187309, abs=5e-9)


def test_benchmarks_of_the_paper() -> None:
    printed = {
        1: (0.0752202698, 0.0218733298, 3.43890347, 0.0322829603, 0.1181575794),
        2: (0.0529151689, 0.0203500640, 2.60024582, 0.0129680276, 0.0928623102),
        3: (0.0303960179, 0.0186700666, 1.62806156, -0.0062532913, 0.0670453271),
    }
    for k, numbers in printed.items():
        one = darfur().benchmark("female", k).adjusted
        assert (one.estimate, one.std_error, one.statistic) == pytest.approx(numbers[:3], rel=1e-7)
        theirs = from_t(one.estimate, one.std_error, 783)  # sensemakr's limits forget the cause's degree of freedom
        assert (theirs.conf_low, theirs.conf_high) == pytest.approx(numbers[3:], rel=1e-7)
        assert (one.conf_low, one.conf_high) == pytest.approx(numbers[3:], abs=1e-7)
    assert darfur().benchmark("female", 2).r2_outcome == pytest.approx(0.249324064199975, rel=1e-12)


# Exact in the data at hand -----------------------------------------------------------------------------------------


def test_the_bias_of_a_cause_that_is_there_is_exactly_the_formula() -> None:
    found = omitted_variable(Y, MEMBER, X)
    of_member = partial_r2(MEMBER.astype(float), U[:, None], X)
    of_outcome = partial_r2(Y, U[:, None], np.column_stack([X, MEMBER]))
    estimate, error, df = classical(np.column_stack([np.ones(N), MEMBER, X, U]), Y, 1)
    adjusted = found.adjusted(of_member, of_outcome)
    assert adjusted.estimate == pytest.approx(estimate, rel=1e-10)
    assert adjusted.std_error == pytest.approx(error, rel=1e-10)
    assert adjusted.df == df
    assert adjusted.statistic == pytest.approx(estimate / error, rel=1e-10)


def test_partial_r2_is_what_the_sum_of_squares_loses() -> None:
    group, rest = X[:, :2], np.column_stack([np.ones(N), MEMBER, X[:, 2]])
    squares = [np.sum(least_squares(d, Y).residuals ** 2) for d in (rest, np.column_stack([rest, group]))]
    assert partial_r2(Y, group, rest[:, 1:]) == pytest.approx(1 - squares[1] / squares[0], rel=1e-12)


def test_a_copy_of_a_covariate_is_a_benchmark_of_itself() -> None:
    """Leave a covariate out and bring it back as the cause: the shares give back the difference with it."""
    others = X[:, [1, 2]]
    without = omitted_variable(Y, MEMBER, others)
    of_member = partial_r2(MEMBER.astype(float), X[:, :1], others)
    of_outcome = partial_r2(Y, X[:, :1], np.column_stack([others, MEMBER]))
    with_it = omitted_variable(Y, MEMBER, X).coefficient
    assert without.adjusted(of_member, of_outcome).estimate == pytest.approx(with_it.estimate, rel=1e-10)
    assert omitted_variable(Y, MEMBER, X).shares["x1"] == pytest.approx((of_member, of_outcome), rel=1e-10)


def test_benchmark_bounds_hold_for_a_cause_that_is_exactly_as_strong() -> None:
    """A cause independent of the covariates, with the covariate's own shares: the paper's bound is an equality.

    Built from orthogonal parts, so that cause and covariate enter membership with one coefficient; the bound for the
    outcome assumes the worst sign of what membership makes them share, and is reached or kept.
    """
    q = np.linalg.qr(np.column_stack([np.ones(400), np.random.default_rng(3).standard_normal((400, 4))]))[0][:, 1:] * 20
    x, u, e, noise = q.T
    d = 0.5 * x + 0.5 * u + e
    for sign in (1, -1):
        y = d + 0.7 * x + sign * 0.7 * u + 2 * noise
        own = partial_r2(d, x[:, None], np.zeros((400, 0))), partial_r2(y, x[:, None], d[:, None])
        cause = partial_r2(d, u[:, None], x[:, None]), partial_r2(y, u[:, None], np.column_stack([x, d]))
        record = OmittedVariable(from_t(1.0, 0.1, 397, method="classical"), 0.1, 397, {"x": own})
        one = record.benchmark("x", 1.0)
        assert one.r2_member == pytest.approx(cause[0], rel=1e-10)
        assert cause[1] <= one.r2_outcome * (1 + 1e-10)


# The robustness value is what it says ------------------------------------------------------------------------------


@pytest.mark.parametrize("q", [1.0, 0.5])
def test_at_the_robustness_value_the_share_is_gone(q: float) -> None:
    found = omitted_variable(Y, MEMBER, X)
    value = found.robustness(q)
    assert found.adjusted(value, value).estimate == pytest.approx((1 - q) * found.coefficient.estimate, abs=1e-12)
    for outcome in (1.0, 0.75, 0.5):
        left = found.adjusted(found.extreme(outcome, q), outcome).estimate
        assert left == pytest.approx((1 - q) * found.coefficient.estimate, abs=1e-12)
    assert found.extreme(1.0) == pytest.approx(found.partial_r2, rel=1e-12)


@pytest.mark.parametrize("n", [9, 10, 14, 90])
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_within_the_robustness_value_no_cause_brings_the_interval_to_the_null(n: int, alpha: float) -> None:
    """Searched over a grid of both shares, with small n also where the outcome's share does not reach the value."""
    found = omitted_variable(Y[:n] + 6 * MEMBER[:n], MEMBER[:n], X[:n, :1], conf_level=1 - alpha)
    value, grid = found.robustness(alpha=alpha), np.linspace(0, 1, 2001)
    assert 0 < value < 1
    sign = np.sign(found.coefficient.estimate)

    def nearest(share: float) -> float:
        at = found.adjusted(share, share * grid)
        limits = np.where(np.isnan(at.conf_low), at.estimate, np.asarray(at.conf_low if sign > 0 else at.conf_high))
        return float(np.min(sign * limits))

    scale = abs(found.coefficient.estimate)
    assert nearest(value) == pytest.approx(0, abs=1e-5 * scale)
    assert nearest(value * 0.98) > 0 > nearest(min(value * 1.02, 0.99999))


def test_nothing_is_needed_where_the_interval_includes_the_null() -> None:
    found = omitted_variable(RNG.standard_normal(N), MEMBER, X)
    assert found.coefficient.p_value > 0.05 and found.robustness(alpha=0.05) == 0 < found.robustness()


def test_limits_by_classes_change_only_what_depends_on_them() -> None:
    plain = omitted_variable(Y, MEMBER, X)
    wider = omitted_variable(Y, MEMBER, X, std_error=1.5 * plain.classical_error, df=12.0)
    assert (wider.robustness(), wider.shares) == (plain.robustness(), plain.shares)
    assert wider.robustness(alpha=0.05) < plain.robustness(alpha=0.05)
    value = wider.robustness(alpha=0.05)
    assert wider.adjusted(value, value).conf_low == pytest.approx(0, abs=1e-12)
    assert wider.adjusted(0.1, 0.3).std_error == pytest.approx(1.5 * plain.classical_error * np.sqrt(0.7 / 0.9))
    assert wider.adjusted(0.1, 0.3).df == 12


def test_the_surface_is_the_adjusted_estimate() -> None:
    found = omitted_variable(Y, MEMBER, X)
    surface = found.surface([0.0, 0.1, 0.3], [0.0, 0.2])
    assert surface.estimate.shape == (2, 3)
    assert surface.conf_low[1, 2] == found.adjusted(0.3, 0.2).conf_low
    assert surface.estimate[0] == pytest.approx(np.full(3, found.coefficient.estimate), rel=1e-14)


def test_signs_and_units() -> None:
    plus, minus = omitted_variable(Y, MEMBER, X), omitted_variable(-7e3 * Y, MEMBER, X * [1e6, 1, 1e-6] + 1e3)
    assert minus.robustness(alpha=0.05) == pytest.approx(plus.robustness(alpha=0.05), rel=1e-8)
    assert minus.adjusted(0.1, 0.1).estimate == pytest.approx(-7e3 * plus.adjusted(0.1, 0.1).estimate, rel=1e-8)
    assert minus.shares["x2"] == pytest.approx(plus.shares["x2"], rel=1e-7)


# Groups, collinear columns, what cannot be -------------------------------------------------------------------------


def test_a_category_is_one_benchmark_whatever_its_coding() -> None:
    category = np.digitize(X[:, 1], [-0.5, 0.5])
    coded = [np.column_stack([category == a, category == b, X[:, 0]]).astype(float) for a, b in ((1, 2), (0, 2))]
    one, two = (omitted_variable(Y, MEMBER, x, groups={"year": [0, 1], "score": [2]}) for x in coded)
    for name in ("year", "score"):
        assert one.shares[name] == pytest.approx(two.shares[name], rel=1e-10)
    both = omitted_variable(Y, MEMBER, np.column_stack([coded[0], category == 0]), groups={"year": [0, 1, 3]})
    assert both.shares["year"] == pytest.approx(one.shares["year"], rel=1e-10)
    assert both.dropped == ("x4",)
    assert both.coefficient.estimate == pytest.approx(one.coefficient.estimate, rel=1e-10)


def test_a_covariate_that_is_said_twice_explains_nothing_alone() -> None:
    found = omitted_variable(Y, MEMBER, np.column_stack([X, 2 * X[:, 0] + 1]))
    assert found.shares["x1"] == pytest.approx((0, 0), abs=1e-15) and found.dropped == ("x4",)
    assert found.benchmark("x1", 3).adjusted.estimate == pytest.approx(found.coefficient.estimate, rel=1e-12)


def test_impossible_and_capped_benchmarks() -> None:
    coefficient = from_t(1.0, 0.1, 50, method="classical")
    found = OmittedVariable(coefficient, 0.1, 50, {"strong": (0.6, 0.1), "outcome": (0.05, 0.6)})
    impossible = found.benchmark("strong", 2)
    assert "IMPOSSIBLE_BENCHMARK" in impossible.raised
    assert np.isnan([impossible.r2_member, impossible.r2_outcome, impossible.adjusted.estimate]).all()
    capped = found.benchmark("outcome", 2)
    assert capped.raised == ("ALL_EXPLAINED", "BENCHMARK_CAPPED") and capped.r2_outcome == 1
    assert np.isfinite(capped.adjusted.estimate) and np.isnan(capped.adjusted.conf_low)
    assert found.adjusted(1.0, 0.2).raised == ("IMPOSSIBLE_BENCHMARK",)


def test_a_perfect_fit_and_too_few_have_no_robustness() -> None:
    perfect = omitted_variable(1 + X[:, 0] + 2 * MEMBER, MEMBER, X)
    nothing = omitted_variable(np.full(N, 3.0), MEMBER, X)
    few = omitted_variable(Y[:6], [1, 0, 1, 0, 1, 0], X[:6])
    for found, flag in ((perfect, "DEGENERATE"), (nothing, "NO_VARIATION"), (few, "TOO_FEW")):
        assert flag in found.raised
        assert np.isnan([found.robustness(), found.robustness(alpha=0.05), found.partial_r2]).all()


def test_two_degrees_of_freedom_are_enough() -> None:
    found = omitted_variable(Y[:5], [0, 1, 0, 1, 1], X[:5, :1])
    assert found.raised == () and 0 < found.robustness() < 1
    model = sm.OLS(Y[:5], np.column_stack([np.ones(5), [0, 1, 0, 1, 1], X[:5, 0]])).fit()
    f = abs(model.tvalues[1]) / np.sqrt(2)
    assert found.robustness() == pytest.approx((np.sqrt(f**4 + 4 * f**2) - f**2) / 2, rel=1e-9)
    assert omitted_variable(Y[:4], [0, 1, 0, 1], X[:4, :1]).raised == ("TOO_FEW",)


def test_slopes_of_their_own_may_tell_another_story() -> None:
    found = omitted_variable(Y, MEMBER, X)
    at = found.coefficient.estimate
    assert not found.differs_from(at / 1.09) and found.differs_from(at / 1.11) and found.differs_from(0.0)


def test_alpha_one_is_the_point() -> None:
    found = omitted_variable(Y, MEMBER, X)
    assert found.robustness(alpha=1.0) == pytest.approx(found.robustness(), rel=1e-12)
