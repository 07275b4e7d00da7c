"""The mean change and what it is in standard deviations: against literal formulas, printed examples and enumeration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from society_effects.stats.cluster_robust import cr2
from society_effects.stats.paired_differences import (
    PairedMoments,
    clustered_change,
    correlation,
    d_av,
    d_rm,
    d_z,
    paired_t,
    sign_flip,
)
from society_effects.stats.sign_flips import changes

MEASURES = (paired_t, d_av, d_rm, d_z)


def waves(n: int, seed: int = 1, digits: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    first = rng.normal(70, 10, n)
    last = 30 + 0.6 * first + rng.normal(1, 8, n)
    return (first, last) if digits is None else (first.round(digits), last.round(digits))


def test_equal_changes_of_decimals_are_equal() -> None:
    first = np.array([0.1, 0.2, 1.1, 5.1, 70.3])
    assert len(np.unique((first + 0.2).round(1) - first)) > 1
    assert len(np.unique(changes(first, (first + 0.2).round(1)))) == 1


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_a_constant_change_has_no_test(scale: float) -> None:
    first = np.array([0.1, 0.2, 1.1, 5.1, 70.3])
    pairs = PairedMoments.of(first * scale, (first + 0.2).round(1) * scale)
    for measure in MEASURES:
        found = measure(pairs)
        assert found.raised == ("DEGENERATE",)
        assert np.isnan([found.p_value, found.conf_low, found.conf_high]).all()
    assert paired_t(pairs).estimate == pytest.approx(0.2 * scale)
    assert d_av(pairs).estimate == pytest.approx(0.2 / first.std(ddof=1))
    assert np.isnan(d_z(pairs).estimate)
    assert paired_t(PairedMoments.of(first, first)).raised == ("NO_VARIATION",)
    assert sign_flip(first, first).raised == ("NO_VARIATION",)


def test_printed_moments_that_no_data_have_do_not_correlate_beyond_one() -> None:
    assert PairedMoments(20, 1.0, 0.9, 2.0, 3.0).correlation == 1
    assert PairedMoments(20, 1.0, 5.1, 2.0, 3.0).correlation == -1


def test_classes_that_change_alike_have_no_test_also_where_some_students_did_not_change() -> None:
    found = clustered_change([1, 2, 3, 4], [1, 4, 3, 6], [0, 0, 1, 1])
    assert found.estimate == 1 and np.isnan(found.p_value) and found.raised == ("DEGENERATE",)
    assert clustered_change([1, 2, 3, 4], [1, 2, 3, 4], [0, 0, 1, 1]).raised == ("NO_VARIATION",)
    assert clustered_change([1, 2, 3, 4], [1, 2, 3, 5], [0, 0, 1, 1]).raised == ()
    assert clustered_change([1, 2], [2, 5], [0, 0]).raised == ("TOO_FEW_CLUSTERS",)
    assert clustered_change([1], [2], [0]).raised == ("TOO_FEW",)


def test_too_few_pairs() -> None:
    for measure in MEASURES:
        found = measure(PairedMoments.of([1.0], [3.0]))
        assert found.raised == ("TOO_FEW",) and np.isnan([found.p_value, found.conf_low, found.std_error]).all()
    assert paired_t(PairedMoments.of([1.0], [3.0])).estimate == 2
    assert np.isnan(paired_t(PairedMoments.of([], [])).estimate)


def test_exchanged_waves_change_the_sign_only() -> None:
    first, last = waves(23)
    for measure in MEASURES:
        there, back = measure(PairedMoments.of(first, last)), measure(PairedMoments.of(last, first))
        assert there.estimate == pytest.approx(-back.estimate)
        assert (there.conf_low, there.conf_high) == pytest.approx((-back.conf_high, -back.conf_low))
        assert there.p_value == pytest.approx(back.p_value)


def test_standardised_changes_do_not_depend_on_the_unit() -> None:
    first, last = waves(23)
    for measure in (d_av, d_rm, d_z):
        for unit in (1e-120, 3.7, 1e120):
            found, same = measure(PairedMoments.of(first, last)), measure(PairedMoments.of(first * unit, last * unit))
            assert [same.estimate, same.conf_low, same.p_value] == pytest.approx(
                [found.estimate, found.conf_low, found.p_value], rel=1e-9
            )


@pytest.mark.parametrize(
    ("numbers", "printed"),
    [
        ((25, 110.4 - 102.1, 14.6, 15.3, 0.75), (0.5550319, 0.1609934, 0.2394905, 0.8705732)),
        ((8, 602.4 - 705.6, 33.17, 51.08, 0.769), (-2.3963, 0.65209, -3.6744, -1.1182)),
    ],
)
def test_bonett_agrees_with_the_examples_of_statpsych(numbers: tuple, printed: tuple) -> None:
    found = d_av(PairedMoments.printed(*numbers))
    ours = (found.estimate, found.std_error, found.conf_low, found.conf_high)
    assert ours == pytest.approx(printed, abs=6e-5 if numbers[0] == 8 else 6e-8)


@pytest.mark.parametrize("numbers", [(40, 3.0, 8.0, 11.0, 0.7), (15, -4.0, 5.0, 5.0, -0.3), (200, 1.0, 3.0, 2.0, 0.1)])
@pytest.mark.parametrize("measure", [d_av, d_rm])
def test_standard_errors_are_the_delta_method(measure: object, numbers: tuple) -> None:
    n, change, one, two, r = numbers
    standardiser = {
        d_av: lambda v, w, c: np.sqrt((v + w) / 2),
        d_rm: lambda v, w, c: np.sqrt((v + w - 2 * c) / (2 * (1 - c / np.sqrt(v * w)))),
    }[measure]
    at, c = np.array([one**2, two**2, r * one * two]), r * one * two
    step = 1e-5
    slopes = [
        (change / standardiser(*(at + step * e)) - change / standardiser(*(at - step * e))) / (2 * step)
        for e in np.eye(3)
    ]
    v, w = at[:2]
    wishart = np.array(
        [[2 * v * v, 2 * c * c, 2 * v * c], [2 * c * c, 2 * w * w, 2 * w * c], [2 * v * c, 2 * w * c, v * w + c * c]]
    )
    variance = (slopes @ wishart @ slopes + (v + w - 2 * c) / standardiser(*at) ** 2) / (n - 1)
    assert measure(PairedMoments.printed(*numbers)).std_error == pytest.approx(np.sqrt(variance), rel=1e-6)  # type: ignore[operator]


def test_limits_of_d_z_are_those_of_the_noncentral_t() -> None:
    from scipy import stats

    pairs = PairedMoments.of(*waves(19))
    found, t = d_z(pairs), paired_t(pairs).statistic
    root = np.sqrt(19)
    assert stats.nct.cdf(t, 18, found.conf_low * root) == pytest.approx(0.975, abs=1e-8)
    assert stats.nct.cdf(t, 18, found.conf_high * root) == pytest.approx(0.025, abs=1e-8)
    assert found.p_value == paired_t(pairs).p_value
    assert found.std_error == pytest.approx(np.sqrt(1 / 19 + found.estimate**2 / 38))


def test_what_is_undefined_says_why() -> None:
    constant = PairedMoments.of([3, 3, 3, 3], [1, 2, 4, 7])
    assert d_rm(constant).raised == ("ONE_WAVE_CONSTANT",) and np.isnan(d_rm(constant).estimate)
    assert np.isfinite(d_av(constant).conf_low) and np.isfinite(d_z(constant).conf_low)
    assert correlation(constant).raised == ("ONE_WAVE_CONSTANT",) and np.isnan(correlation(constant).value)
    line = PairedMoments.of([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])
    assert d_rm(line).raised == ("PERFECT_CORRELATION",)
    assert correlation(line).value == 1 and correlation(line).raised == ("PERFECT_CORRELATION",)
    few = correlation(PairedMoments.of([1, 2, 4], [1, 3, 2]))
    assert few.raised == ("TOO_FEW",) and np.isfinite(few.value) and np.isnan(few.conf_low)


def test_correlation_agrees_with_scipy() -> None:
    from scipy import stats

    first, last = waves(31)
    ours, theirs = correlation(PairedMoments.of(first, last)), stats.pearsonr(first, last)
    assert ours.value == pytest.approx(theirs.statistic, rel=1e-12)
    assert (ours.conf_low, ours.conf_high) == pytest.approx(tuple(theirs.confidence_interval()))


def test_many_outcomes_at_once() -> None:
    first, last = (np.stack(wave) for wave in zip(*(waves(12, seed) for seed in range(4)), strict=True))
    for measure in MEASURES:
        together = measure(PairedMoments.of(first, last))
        for i in range(4):
            alone = measure(PairedMoments.of(first[i], last[i]))
            assert together.at(i).conf_low == pytest.approx(alone.conf_low, rel=1e-9)
            assert together.at(i).p_value == pytest.approx(alone.p_value, rel=1e-9)


def enumerated(change: np.ndarray) -> float:
    """P of the studentised mean over all signs, computed one by one."""

    def t(values: np.ndarray) -> float:
        return abs(values.mean()) / (values.std(ddof=1) / np.sqrt(len(values)))

    ways = [t(change * np.array(signs)) for signs in itertools.product((1, -1), repeat=len(change))]
    return float(np.mean(np.array(ways) >= t(change) * (1 - 1e-9)))


@pytest.mark.parametrize("digits", [None, 0, 1])
@pytest.mark.parametrize("n", [4, 7, 10])
def test_sign_flips_are_enumerated(n: int, digits: int | None) -> None:
    first, last = waves(n, n, digits)
    found = sign_flip(first, last)
    assert found.p_value == pytest.approx(enumerated(last - first))
    assert found.method == "sign_flip_exact" and found.interval_method == "paired_t"


def test_sign_flips_drawn_at_random_repeat_themselves_in_any_order() -> None:
    first, last = waves(40)
    found, order = sign_flip(first, last, seed=3), np.random.default_rng(0).permutation(40)
    assert found.method == "sign_flip"
    assert sign_flip(first[order], last[order], seed=3).p_value == found.p_value
    assert sign_flip(last, first, seed=3).p_value == found.p_value
    assert found.p_value == pytest.approx(sign_flip(*waves(40, digits=3)).p_value, abs=0.02)
    assert sign_flip(first, first + 50 + last / 100).p_value == 1 / 10_000


def test_classes_are_the_regression_on_a_constant() -> None:
    first, last = waves(30)
    classes = np.random.default_rng(2).integers(0, 6, 30)
    found = clustered_change(first, last, classes)
    change = last - first
    matrices = cr2(np.ones((30, 1)), change - change.mean(), classes)
    assert found.std_error == pytest.approx(np.sqrt(matrices.covariance[0, 0]))
    assert found.df == pytest.approx(matrices.df([1.0]))


def test_one_student_per_class_is_the_paired_t() -> None:
    first, last = waves(12)
    found, alone = clustered_change(first, last, np.arange(12)), paired_t(PairedMoments.of(first, last))
    assert (found.std_error, found.df, found.p_value) == pytest.approx((alone.std_error, alone.df, alone.p_value))


def test_classes_that_say_nothing() -> None:
    first, last = waves(12)
    assert clustered_change(first, last, np.zeros(12)).raised == ("TOO_FEW_CLUSTERS",)
    assert clustered_change([1.0], [2.0], [0]).raised == ("TOO_FEW",)
    assert clustered_change(first, first, np.arange(12) % 3).raised == ("NO_VARIATION",)
    alike = clustered_change([0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.6, 0.5], [0, 0, 1, 1])
    assert alike.raised == ("DEGENERATE",) and np.isnan(alike.p_value) and alike.estimate == pytest.approx(0.2)
