"""Welch, Student, Yuen: worked values, and what happens where nothing can be said."""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.differences import student, welch, yuen
from society_effects.stats.moments import Moments

MEMBER, REFERENCE = Moments(120, 82.0, 8.0), Moments(547, 78.0, 10.0)


def test_welch_worked_example() -> None:
    found = welch(MEMBER, REFERENCE)
    assert found.estimate == 4
    assert found.std_error == pytest.approx(0.8462556882, abs=1e-10)
    assert found.statistic == pytest.approx(4.7267038269, abs=1e-10)
    assert found.df == pytest.approx(209.2061010551, abs=1e-9)
    assert found.p_value == pytest.approx(4.187202902e-06, rel=1e-9)
    assert (found.conf_low, found.conf_high) == pytest.approx((2.3317184884, 5.6682815116), abs=1e-10)
    assert not found.raised


def test_student_worked_example() -> None:
    found = student(MEMBER, REFERENCE)
    assert found.statistic == pytest.approx(4.1024296301, abs=1e-10)
    assert found.p_value == pytest.approx(4.5956e-05, rel=1e-4)


@pytest.mark.parametrize("compare", [welch, student])
def test_one_student_in_a_group_leaves_the_estimate_only(compare: object) -> None:
    found = compare(Moments.of([5.0]), Moments.of([1.0, 2.0, 3.0]))  # type: ignore[operator]
    assert found.estimate == 3
    assert np.isnan([found.std_error, found.p_value, found.conf_low, found.conf_high]).all()
    assert found.raised == ("TOO_FEW",)


def test_one_constant_group_gives_the_other_groups_df() -> None:
    found = welch(Moments.of([5.0, 5.0, 5.0]), Moments.of([1.0, 2.0, 3.0, 4.0]))
    assert found.df == pytest.approx(3)
    assert 0 < found.p_value < 1
    assert found.raised == ("ZERO_VARIANCE_ARM",)


@pytest.mark.parametrize("compare", [welch, student])
@pytest.mark.parametrize(("other", "flag"), [(0.1, "NO_VARIATION"), (0.3, "DEGENERATE")])
def test_two_constant_groups_have_no_p(compare: object, other: float, flag: str) -> None:
    found = compare(Moments.of([0.1] * 3), Moments.of([other] * 7))  # type: ignore[operator]
    assert found.estimate == pytest.approx(0.1 - other)
    assert found.std_error == 0
    assert np.isnan([found.statistic, found.p_value, found.conf_low, found.conf_high]).all()
    assert found.raised == (flag,)


def test_all_outcomes_at_once_are_the_outcomes_one_by_one() -> None:
    rng = np.random.default_rng(3)
    member, reference = rng.normal(1, 2, (4, 30)), rng.normal(0, 1, (4, 50))
    together = welch(Moments.of(member), Moments.of(reference))
    for i in range(4):
        alone = welch(Moments.of(member[i]), Moments.of(reference[i]))
        assert together.at(i).p_value == pytest.approx(alone.p_value, rel=1e-12)
        assert together.at(i).conf_low == pytest.approx(alone.conf_low, rel=1e-12)


def test_yuen_agrees_with_scipy_and_its_interval_with_its_p() -> None:
    from scipy import stats

    rng = np.random.default_rng(5)
    for n1, n0 in ((9, 14), (20, 37), (41, 10)):
        member, reference = rng.standard_t(3, n1) + 0.5, rng.standard_t(3, n0) * 2
        theirs = stats.ttest_ind(member, reference, trim=0.2, equal_var=False)
        ours = yuen(member, reference, conf_level=0.9)
        assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-10)
        assert ours.df == pytest.approx(theirs.df, rel=1e-10)
        assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
        assert ours.estimate == pytest.approx(stats.trim_mean(member, 0.2) - stats.trim_mean(reference, 0.2))
        at_p = yuen(member, reference, conf_level=1 - ours.p_value)
        assert min(abs(at_p.conf_low), abs(at_p.conf_high)) == pytest.approx(0, abs=1e-9)


def test_yuen_on_a_group_whose_middle_is_constant() -> None:
    one = yuen([1, 5, 5, 5, 5, 9], [1, 2, 3, 4, 5, 6])
    assert one.raised == ("MIDDLE_CONSTANT_ARM",) and 0 < one.p_value < 1 and one.conf_low < one.conf_high
    for other in ([1, 2, 2, 2, 2, 6], [1, 5, 5, 5, 5, 9]):
        neither = yuen([1, 5, 5, 5, 5, 9], other)
        assert neither.raised == ("MIDDLE_DOES_NOT_VARY",)
        assert np.isnan([neither.p_value, neither.conf_low, neither.conf_high]).all()
    assert yuen([1.0], [1, 2, 3]).raised == ("TOO_FEW",)


def test_p_is_never_exactly_0() -> None:
    found = welch(Moments(100_000, 80.0, 0.3), Moments(200_000, 79.0, 0.3))
    assert 0 < found.p_value < 1e-300
    assert 0 < student(Moments(100_000, 80.0, 0.3), Moments(200_000, 79.0, 0.3)).p_value < 1e-300
