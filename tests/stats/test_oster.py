"""Proportional selection: where it holds exactly in the data, the exact solution gives the truth back."""

import numpy as np
import pytest

from society_effects.stats.oster import _solved, proportional_selection


def orthogonal(*columns: np.ndarray) -> list[np.ndarray]:
    """Columns of mean 0 and variance 1, exactly uncorrelated."""
    n = len(columns[0])
    basis = np.linalg.qr(np.column_stack([np.ones(n), *columns]))[0][:, 1:]
    return list((basis * np.sqrt(n)).T)


def r2(y: np.ndarray, *columns: np.ndarray) -> tuple[float, float]:
    """The first coefficient and R2."""
    design = np.column_stack([np.ones(len(y)), *columns])
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    return float(beta[1]), 1 - float(np.mean((y - design @ beta) ** 2) / y.var())


def world(seed: int, delta: float, truth: float, n: int = 60) -> tuple:
    """Two covariates and one unmeasured cause that is related to x exactly delta times as the covariates' index."""
    rng = np.random.default_rng(seed)
    a, b, u, e, noise = orthogonal(*rng.standard_normal((5, n)))
    index, cause = 0.8 * a - 0.5 * b, rng.uniform(0.5, 1.5) * u
    own = 0.3 * (0.5 * a + 0.8 * b)  # related to x, uncorrelated with the index
    x = rng.choice([-0.6, 0.6]) * (index + delta * cause) + own + e
    y = truth * x + index + cause + 0.6 * noise
    (short, r_short), (long, r_long) = r2(y, x), r2(y, x, a, b)
    rest = x - np.column_stack([a, b]) @ np.linalg.lstsq(np.column_stack([a, b]), x, rcond=None)[0]
    return short, long, r_short, r_long, r2(y, x, a, b, u)[1], float(y.var()), float(x.var()), float(rest.var())


@pytest.mark.parametrize("seed", range(8))
def test_the_exact_solution_gives_the_truth_back(seed: int) -> None:
    found = _solved(*world(seed, 1.0, 0.7))
    assert found.estimate == pytest.approx(0.7, rel=1e-9)
    assert abs(found.approximate - 0.7) > 1e-3


@pytest.mark.parametrize("delta", [0.3, 1.0, 2.5, -0.7])
def test_delta_is_the_ratio_of_selection(delta: float) -> None:
    found = _solved(*world(3, delta, 0.0))
    assert found.delta == pytest.approx(delta, rel=1e-9)
    assert ("AWAY_FROM_NULL" in found.raised) == (delta < 0)


def test_both_numbers_tell_one_story() -> None:
    """With delta = 1 for no difference, the difference at delta = 1 is 0."""
    found = _solved(*world(5, 1.0, 0.0))
    assert found.delta == pytest.approx(1.0, rel=1e-9) and found.estimate == pytest.approx(0, abs=1e-10)


def test_the_approximation_holds_where_there_is_one_covariate() -> None:
    rng = np.random.default_rng(2)
    x = rng.standard_normal(300)
    club = x + rng.standard_normal(300) > 0
    found = proportional_selection(x + 0.5 * club + rng.standard_normal(300), club, x[:, None])
    assert found.estimate == pytest.approx(found.approximate, rel=1e-9)


def test_from_data_it_is_the_literal_formula() -> None:
    rng = np.random.default_rng(4)
    x = rng.standard_normal((200, 3))
    club = x @ [1, 0.5, -0.3] + rng.standard_normal(200) > 0.3
    y = x @ [0.6, -0.2, 0.4] + 0.8 * club + rng.standard_normal(200)
    found, d = proportional_selection(y, club, x), club.astype(float)
    (short, r0), (long, r1) = r2(y, d), r2(y, d, *x.T)
    design = np.column_stack([np.ones(200), x])
    rest = d - design @ np.linalg.lstsq(design, d, rcond=None)[0]
    assert (found.uncontrolled, found.controlled) == pytest.approx((short, long), rel=1e-10)
    assert (found.r2_uncontrolled, found.r2_controlled, found.r2_max) == pytest.approx((r0, r1, 1.3 * r1), rel=1e-10)
    vy, vx, t, more, m = y.var(), d.var(), rest.var(), 0.3 * r1, short - long
    theta = more * vy * (vx - t) - (r1 - r0) * vy * t - vx * t * m**2
    roots = np.roots([-t * m * vx, theta, more * vy * m * vx])
    v = float(next(root for root in roots if np.sign(root) == np.sign(m)))
    assert found.estimate == pytest.approx(long - v, rel=1e-9)
    top = long * (r1 - r0) * vy * t + long * vx * t * m**2 + 2 * long**2 * t * m * vx + long**3 * (t * vx - t**2)
    below = more * vy * m * vx + long * more * vy * (vx - t) + long**2 * t * m * vx + long**3 * (t * vx - t**2)
    assert found.delta == pytest.approx(top / below, rel=1e-9)
    scaled = proportional_selection(-5 * y + 3, club, x * [10, 1, 0.1])
    assert (scaled.delta, scaled.estimate) == pytest.approx((found.delta, -5 * found.estimate), rel=1e-9)


def test_r2_max_is_at_most_one_and_may_be_given() -> None:
    rng = np.random.default_rng(5)
    x = rng.standard_normal(100)
    club = x + rng.standard_normal(100) > 0
    y = 3 * x + club + 0.3 * rng.standard_normal(100)
    assert proportional_selection(y, club, x[:, None]).r2_max == 1.0
    less, more = (proportional_selection(y, club, x[:, None], r2_max=r).delta for r in (0.995, 1.0))
    assert abs(less) > abs(more)


def test_what_cannot_be_known() -> None:
    rng = np.random.default_rng(6)
    club, y = np.arange(40) % 2 == 0, rng.standard_normal(40)
    idle = orthogonal(club.astype(float), y, rng.standard_normal(40))[2]
    still = proportional_selection(y, club, idle[:, None])
    constant = proportional_selection(np.full(40, 2.0), club, rng.standard_normal((40, 1)))
    for found in (still, constant):
        assert "NOT_MOVED" in found.raised and np.isnan([found.delta, found.estimate, found.approximate]).all()
    x = rng.standard_normal(40) + club
    complete = proportional_selection(x + club, club, x[:, None])
    assert "NOTHING_LEFT" in complete.raised and np.isnan(complete.estimate)
