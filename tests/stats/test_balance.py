"""Balance of covariates: raw as in Table 1, weighted as if students were repeated."""

import numpy as np
import pytest
from scipy import stats

from society_effects.stats.balance import balance, effective_size, kolmogorov_smirnov
from society_effects.stats.effect_sizes import smd
from society_effects.stats.moments import Moments

RNG = np.random.default_rng(9)
N = 80
MEMBER = RNG.random(N) < 0.4
X = np.column_stack([RNG.standard_normal(N) + MEMBER, RNG.integers(0, 4, N), RNG.random(N) < 0.3]).astype(float)


def test_raw_balance_is_that_of_table_1() -> None:
    found = balance(X, MEMBER)
    one, two = Moments.of(X[MEMBER], axis=0), Moments.of(X[~MEMBER], axis=0)
    assert found.smd == pytest.approx(smd(one, two), rel=1e-14)
    assert found.smd_members == pytest.approx((one.mean - two.mean) / one.sd, rel=1e-14)
    assert found.variance_ratio == pytest.approx((one.sd / two.sd) ** 2, rel=1e-14)
    theirs = [stats.ks_2samp(column[MEMBER], column[~MEMBER]).statistic for column in X.T]
    assert found.ks == pytest.approx(theirs, rel=1e-12)
    assert (found.effective_member, found.effective_reference) == (MEMBER.sum(), (~MEMBER).sum())


def test_equal_weights_of_any_sum_change_nothing() -> None:
    raw, weighted = balance(X, MEMBER), balance(X, MEMBER, np.where(MEMBER, 0.2, 7.0))
    for name in ("mean_member", "smd", "smd_members", "variance_ratio", "ks", "effective_reference"):
        assert getattr(weighted, name) == pytest.approx(getattr(raw, name), rel=1e-12)


def test_whole_weights_are_repeated_students_with_the_unit_of_the_raw_data() -> None:
    times = RNG.integers(0, 4, N)
    found, repeated = balance(X, MEMBER, times), balance(np.repeat(X, times, axis=0), np.repeat(MEMBER, times))
    raw = balance(X, MEMBER)
    assert found.mean_member == pytest.approx(repeated.mean_member, rel=1e-12)
    assert found.ks == pytest.approx(repeated.ks, rel=1e-12)
    gap, raw_gap = found.mean_member - found.mean_reference, raw.mean_member - raw.mean_reference
    assert found.smd / gap == pytest.approx(raw.smd / raw_gap, rel=1e-12)
    w = times[~MEMBER].astype(float)
    assert found.effective_reference == pytest.approx(w.sum() ** 2 / np.sum(w**2))


def test_weighted_variances_by_hand() -> None:
    w = RNG.random(N)
    found, arms = balance(X, MEMBER, w), []
    for arm in (MEMBER, ~MEMBER):
        mean = np.average(X[arm, 0], weights=w[arm])
        left = w[arm].sum() - np.sum(w[arm] ** 2) / w[arm].sum()
        arms.append(np.sum(w[arm] * (X[arm, 0] - mean) ** 2) / left)
    assert found.variance_ratio[0] == pytest.approx(arms[0] / arms[1], rel=1e-12)


def test_weights_that_balance_are_seen_to() -> None:
    x = np.array([[0.0], [1.0], [0.0], [0.0], [0.0], [1.0]])
    member = np.array([1, 1, 0, 0, 0, 0], bool)
    found = balance(x, member, [1, 1, 1, 1, 1, 3])
    assert found.smd[0] == pytest.approx(0, abs=1e-15) and found.ks[0] == pytest.approx(0, abs=1e-15)


def test_columns_that_do_not_vary() -> None:
    found = balance(np.column_stack([np.full(N, 0.1), MEMBER, X[:, 0]]), MEMBER)
    assert found.flags["NO_VARIATION"].tolist() == [True, True, False]
    assert np.isnan(found.smd[:2]).all() and np.isnan(found.variance_ratio[:2]).all()
    assert found.ks[:2] == pytest.approx([0, 1])
    weighted = balance(np.column_stack([np.full(N, 0.1), X[:, 0]]), MEMBER, RNG.random(N))
    assert np.isnan(weighted.variance_ratio[0]) and np.isnan(weighted.smd[0])


def test_an_arm_without_weight() -> None:
    assert np.isnan(kolmogorov_smirnov(X[:, 0], MEMBER, np.where(MEMBER, 1.0, 0.0)))
    assert effective_size([0.0, 0.0]) == 0 and effective_size([3.0]) == 1 and effective_size([2.0, -1.0]) == 0.2
    empty = balance(X, MEMBER, np.where(MEMBER, 1.0, 0.0))
    assert np.isnan(empty.smd).all() and empty.flags["NO_VARIATION"].all()


@pytest.mark.parametrize("weights", [None, np.ones(3)])
def test_a_group_without_students_has_no_balance(weights: np.ndarray | None) -> None:
    found = balance([[1.0, 2], [2, 3], [4, 9]], [1, 1, 1], weights)
    assert np.isnan([found.smd, found.variance_ratio, found.ks, found.mean_reference]).all()
    assert (found.effective_member, found.effective_reference) == (3, 0) and found.flags["NO_VARIATION"].all()
