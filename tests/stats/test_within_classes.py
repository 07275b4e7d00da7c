"""Members compared with classmates: identities, and what cannot be known. R's numbers: tests/reference, group 30."""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.errors import DesignError
from society_effects.stats.adjusted_difference import adjusted_difference, adjusted_share_difference
from society_effects.stats.cluster_robust import cr2
from society_effects.stats.linear_model import least_squares
from society_effects.stats.within_classes import around_class_means, class_means_of, in_classes

RNG = np.random.default_rng(71)
CLASSES = np.repeat(np.arange(12), RNG.integers(6, 14, 12))
N = len(CLASSES)
LEVEL = RNG.standard_normal(12)
X = np.column_stack([RNG.exponential(size=N), RNG.standard_normal(N)]) + LEVEL[CLASSES, None]
MEMBER = RNG.random(N) < 1 / (1 + np.exp(0.5 - X[:, 1]))
Y = 3 * LEVEL[CLASSES] + X @ [0.6, -0.2] + MEMBER * (0.3 + 0.4 * X[:, 0]) + RNG.standard_normal(N)
INDICATORS = (CLASSES[:, None] == np.arange(12)).astype(float)
VALUES = ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high")


def same(one, two, rel: float = 1e-8) -> bool:
    return all(getattr(one, name) == pytest.approx(getattr(two, name), rel=rel) for name in VALUES)


@pytest.mark.parametrize("interactions", [True, False])
def test_fixed_effects_are_the_regression_with_an_indicator_for_each_class(interactions: bool) -> None:
    found = adjusted_difference(Y, MEMBER, X, clusters=CLASSES, within="fixed", interactions=interactions)
    centred = X - X[MEMBER].mean(axis=0)
    crossed = MEMBER[:, None] * centred if interactions else np.zeros((N, 0))
    design = np.column_stack([MEMBER, centred, crossed, INDICATORS])
    fit = least_squares(design, Y)
    theirs = cr2(design, fit.residuals, CLASSES)
    for i, term in enumerate(found.terms.names[1:]):
        ours, row = found.coefficient(term), np.eye(design.shape[1])[i]
        assert ours.estimate == pytest.approx(fit.coefficients[i], rel=1e-10)
        assert ours.std_error**2 == pytest.approx(theirs.covariance[i, i], rel=1e-8)
        assert ours.df == pytest.approx(theirs.df(row), rel=1e-7)
    assert found.difference.method == ("within_lin_cr2" if interactions else "within_ancova_cr2")
    assert np.sum(np.bincount(CLASSES, found.influence) ** 2) == pytest.approx(found.difference.std_error**2)


def test_class_means_compare_the_same_classmates() -> None:
    fixed, mundlak = (adjusted_difference(Y, MEMBER, X, clusters=CLASSES, within=how) for how in ("fixed", "mundlak"))
    assert same(fixed.difference, mundlak.difference)
    assert mundlak.difference.method == "mundlak_lin_cr2"
    assert mundlak.terms.names[6:] == tuple(f"class:{name}" for name in mundlak.terms.names[1:6])
    for found in (fixed, mundlak):
        test, theirs = found.slopes_differ(), fixed.slopes_differ()
        assert (test.df1, test.statistic, test.p_value) == pytest.approx((2, theirs.statistic, theirs.p_value))
    assert fixed.adjusted_mean(1, "all").estimate - fixed.adjusted_mean(0, "all").estimate == pytest.approx(
        mundlak.adjusted_mean(1, "all").estimate - mundlak.adjusted_mean(0, "all").estimate
    )


def test_whatever_classes_have_in_common_does_not_matter() -> None:
    plain = adjusted_difference(Y, MEMBER, X, clusters=CLASSES, within="fixed")
    moved = adjusted_difference(Y + 50 * LEVEL[CLASSES] ** 2, MEMBER, X, clusters=CLASSES, within="fixed")
    assert same(plain.difference, moved.difference)
    assert np.allclose(plain.influence, moved.influence, atol=1e-12)
    without = adjusted_difference(Y + 50 * LEVEL[CLASSES] ** 2, MEMBER, X, clusters=CLASSES)
    assert abs(without.difference.estimate - plain.difference.estimate) > 1


def test_without_covariates_it_is_the_difference_from_classmates() -> None:
    found = adjusted_difference(Y, MEMBER, clusters=CLASSES, within="fixed")
    around = MEMBER - class_means_of(MEMBER.astype(float), CLASSES)
    assert found.difference.estimate == pytest.approx(around @ Y / (around @ around), rel=1e-12)
    assert found.difference.method == "within_contrast_cr2"
    share = adjusted_share_difference(Y > 1, MEMBER, X, clusters=CLASSES, within="fixed").difference
    assert -1 <= share.conf_low < share.conf_high <= 1


def test_adjusted_means_are_of_classes_as_a_sample() -> None:
    """The level of the average student's class, which fixed effects alone would take for known."""
    found = adjusted_difference(Y, MEMBER, clusters=CLASSES, within="fixed")
    level = class_means_of(Y - found.difference.estimate * MEMBER, CLASSES)
    share = (np.bincount(CLASSES) / N)[CLASSES]
    influence = np.bincount(CLASSES, (level - level.mean()) / np.sqrt(1 - share) / N)
    of_difference = np.bincount(CLASSES, found.influence)
    mean = found.adjusted_mean(0)
    assert mean.estimate == pytest.approx(level.mean(), rel=1e-12)
    expected = np.sum((influence - MEMBER.mean() * of_difference) ** 2)
    assert mean.std_error**2 == pytest.approx(expected, rel=1e-9)


# What does not compare ---------------------------------------------------------------------------------------------


def test_students_without_classmates_to_compare_are_counted_and_say_nothing() -> None:
    more = np.r_[np.full(4, 20), np.full(3, 21), 22]
    classes, member = np.r_[CLASSES, more], np.r_[MEMBER, np.ones(4, bool), np.zeros(3, bool), True]
    y = np.r_[Y, RNG.standard_normal(8) * 50]
    found = adjusted_difference(y, member, clusters=classes, within="fixed")
    assert found.classes == in_classes(member, classes)
    assert (found.classes.classes, found.classes.compared, found.classes.alone, found.classes.not_compared) == (
        15,
        12,
        1,
        8,
    )
    assert (found.classes.with_members, found.classes.with_others) == (14, 13)
    assert same(found.difference, adjusted_difference(Y, MEMBER, clusters=CLASSES, within="fixed").difference)
    assert adjusted_difference(Y, MEMBER).classes is None


def test_what_classmates_share_has_no_slope_but_may_change_what_membership_means() -> None:
    shared = np.column_stack([X[:, 0], LEVEL[CLASSES], np.full(N, 2.0), 3 * X[:, 0]])
    found = adjusted_difference(
        Y, MEMBER, shared, names=("x", "level", "one", "thrice"), clusters=CLASSES, within="fixed"
    )
    assert found.terms.dropped == ("one", "thrice", "level")
    assert found.terms.names == ("(Intercept)", "member", "x", "member:x", "member:level")
    assert found.terms.slopes == slice(3, 5)
    centred = shared[:, :2] - shared[MEMBER, :2].mean(axis=0)
    design = np.column_stack([MEMBER, centred[:, :1], MEMBER[:, None] * centred, INDICATORS])
    assert found.difference.estimate == pytest.approx(least_squares(design, Y).coefficients[0], rel=1e-9)
    mundlak = adjusted_difference(Y, MEMBER, shared[:, :2], clusters=CLASSES, within="mundlak", names=("x", "level"))
    assert "level" in mundlak.terms.names and "class:level" not in mundlak.terms.names
    assert mundlak.difference.estimate == pytest.approx(found.difference.estimate, rel=1e-9)


def test_more_class_means_than_classes_are_left_out() -> None:
    few = CLASSES < 3
    found = adjusted_difference(Y[few], MEMBER[few], X[few], clusters=CLASSES[few], within="mundlak")
    fixed = adjusted_difference(Y[few], MEMBER[few], X[few], clusters=CLASSES[few], within="fixed")
    assert [name for name in found.terms.dropped if name.startswith("class:")] == [
        "class:x2",
        "class:member:x1",
        "class:member:x2",
    ]
    assert found.difference.estimate == pytest.approx(fixed.difference.estimate, rel=1e-9)


def test_one_class_that_compares_has_no_standard_error() -> None:
    member = np.where(CLASSES == 3, MEMBER, CLASSES > 6)
    for how in ("fixed", "mundlak"):
        found = adjusted_difference(Y, member, X, clusters=CLASSES, within=how, interactions=False)
        assert found.difference.raised == ("ONE_CLASS_COMPARED",)
        assert np.isfinite(found.difference.estimate) and np.isnan(found.difference.std_error)


@pytest.mark.parametrize("how", ["fixed", "mundlak"])
def test_no_class_that_compares_is_refused(how: str) -> None:
    for clusters in (CLASSES, None):
        with pytest.raises(DesignError) as raised:
            adjusted_difference(Y, CLASSES > 6, X, clusters=clusters, within=how)
        assert raised.value.code == "NO_CLASS_COMPARED"
    with pytest.raises(DesignError) as raised:
        adjusted_difference(Y, MEMBER, (MEMBER + LEVEL[CLASSES])[:, None], names=("a",), clusters=CLASSES, within=how)
    assert raised.value.code == "TREATMENT_NOT_IDENTIFIED"


def test_scores_that_classmates_share_do_not_vary() -> None:
    found = adjusted_difference(1e6 * LEVEL[CLASSES], MEMBER, X, clusters=CLASSES, within="fixed").difference
    assert found.raised == ("NO_VARIATION",) and found.estimate == 0
    found = adjusted_difference(0.1 * MEMBER + LEVEL[CLASSES], MEMBER, X, clusters=CLASSES, within="fixed").difference
    assert "DEGENERATE" in found.raised and np.isnan(found.p_value)


def test_order_and_units_do_not_matter() -> None:
    order = np.random.default_rng(2).permutation(N)
    found = adjusted_difference(Y, MEMBER, X, clusters=CLASSES, within="fixed").difference
    names = np.array([f"class {code}" for code in CLASSES])[order]
    again = adjusted_difference(
        7 * Y[order] + 5e3, MEMBER[order], X[order] * [1e5, 1e-5], clusters=names, within="fixed"
    )
    assert again.difference.estimate == pytest.approx(7 * found.estimate, rel=1e-8)
    assert again.difference.p_value == pytest.approx(found.p_value, rel=1e-7)


def test_means_of_classes() -> None:
    means = class_means_of(X, CLASSES)
    assert means[CLASSES == 4] == pytest.approx(np.tile(X[CLASSES == 4].mean(axis=0), (np.sum(CLASSES == 4), 1)))
    assert not np.any(around_class_means(np.column_stack([LEVEL[CLASSES], np.full(N, 0.1)]), CLASSES))
    assert class_means_of(np.zeros((N, 0)), CLASSES).shape == (N, 0)


@pytest.mark.parametrize("unit", [1e-11, 1.0, 1e13])
def test_what_rounding_leaves_of_class_means_is_nothing_in_any_unit(unit: float) -> None:
    left = around_class_means(unit * np.array([0.1 + 0.2, 0.3, 0.3, 1.0, 3.0]), np.array([0, 0, 0, 1, 1]))
    assert left[:3].tolist() == [0, 0, 0] and left[3:] == pytest.approx([-unit, unit], rel=1e-12)
