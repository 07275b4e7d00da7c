"""Firth's logistic regression: identities, and the penalised likelihood by scipy. R's numbers: tests/reference."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special

from society_effects.stats.firth import firth

RNG = np.random.default_rng(8)
N = 60
X = np.column_stack([np.ones(N), RNG.standard_normal((N, 2)), RNG.random(N) < 0.15])
Y = ((RNG.random(N) < special.expit(X[:, 1])) | (X[:, 3] > 0)).astype(float)


def penalised(beta: np.ndarray) -> float:
    linear = X @ beta
    p = special.expit(linear)
    information = (X * (p * (1 - p))[:, None]).T @ X
    return float(np.sum(Y * linear - np.logaddexp(0, linear)) + np.linalg.slogdet(information)[1] / 2)


def profile(column: int, value: float) -> float:
    free = [i for i in range(4) if i != column]

    def lost(part: np.ndarray) -> float:
        beta = np.full(4, value)
        beta[free] = part
        return -penalised(beta)

    start = firth(X, Y).coefficients[free]
    found = optimize.minimize(
        lost, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 5000}
    )
    return -float(found.fun)


def test_an_empty_cell_gets_half_an_event() -> None:
    """Golden value: the log of (20.5 / .5) / (10.5 / 10.5)."""
    design = np.column_stack([np.ones(40), np.repeat([0, 1], 20)])
    found = firth(design, [0, 1] * 10 + [1] * 20)
    assert found.coefficients == pytest.approx([0.0, 3.713572066704308], abs=1e-9)
    table = firth(design, [0] * 7 + [1] * 13 + [0] * 2 + [1] * 18).coefficients[1]
    assert table == pytest.approx(np.log(18.5 / 2.5 / (13.5 / 7.5)), rel=1e-9)


def test_the_maximum_and_its_profile_are_those_of_the_penalised_likelihood() -> None:
    found = firth(X, Y)
    best = optimize.minimize(lambda b: -penalised(b), np.zeros(4), method="BFGS", options={"gtol": 1e-9})
    assert found.converged and found.coefficients == pytest.approx(best.x, abs=2e-5)
    assert found.log_likelihood == pytest.approx(penalised(found.coefficients), rel=1e-12)
    assert found.log_likelihood >= -best.fun - 1e-10
    for column in (1, 3):
        one = found.coefficient(column)
        fall = found.log_likelihood - profile(column, 0.0)
        assert one.statistic**2 == pytest.approx(2 * fall, rel=1e-6) and one.statistic * one.estimate > 0
        assert one.p_value == pytest.approx(special.chdtrc(1, 2 * fall), rel=1e-6)
        for limit in (one.conf_low, one.conf_high):
            assert 2 * (found.log_likelihood - profile(column, limit)) == pytest.approx(
                special.chdtri(1, 0.05), rel=1e-6
            )
        assert one.conf_low < one.estimate < one.conf_high and not one.raised
    assert found.coefficient(1, conf_level=0.5).conf_low > found.coefficient(1).conf_low


def test_units_and_labels_do_not_matter() -> None:
    found, scale = firth(X, Y), np.array([1.0, 1e-4, 1e5, 1.0])
    assert firth(X * scale, Y).coefficients == pytest.approx(found.coefficients / scale, rel=1e-6)
    assert firth(X, 1 - Y).coefficients == pytest.approx(-found.coefficients, rel=1e-7)
    one, other = found.coefficient(3), firth(X * scale, 1 - Y).coefficient(3)
    assert (one.conf_low, one.p_value) == pytest.approx((-other.conf_high, other.p_value), rel=1e-6)
    assert one.statistic > 0 > other.statistic


def test_prediction_expects_as_many_events_as_there_were() -> None:
    found = firth(X, Y)
    assert special.expit(X @ found.predicting()).sum() == pytest.approx(Y.sum(), rel=1e-12)
    assert found.fitted.sum() < Y.sum() - 0.1  # the penalty draws towards one half
    assert found.predicting()[1:].tolist() == found.coefficients[1:].tolist()


def test_coefficients_that_leave_no_information_have_no_height() -> None:
    from society_effects.stats.firth import _at

    fitted, height, *_ = _at(np.ones((4, 1)), np.array([1.0, 0, 1, 1]), np.array([900.0]))
    assert height == -np.inf and fitted.tolist() == [1, 1, 1, 1]
