"""Whole classes with students' covariates, in two stages: identities, and what cannot be known."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from society_effects.errors import DesignError
from society_effects.stats.absorbed_regression import Link, slopes_beside_levels
from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.class_means import class_means, permute_classes
from society_effects.stats.class_values import class_values
from society_effects.stats.two_stage import two_stage

RNG = np.random.default_rng(81)
CLASSES = np.repeat(np.arange(12), RNG.integers(8, 16, 12))
N = len(CLASSES)
OF_CLASS = RNG.standard_normal(12)
WHOLE = CLASSES % 2 == 0
X = np.column_stack([RNG.standard_normal(N) + OF_CLASS[CLASSES], RNG.random(N) < 0.4]).astype(float)
Y = 2 + X @ [0.6, -0.3] + 0.5 * WHOLE + 0.4 * RNG.standard_normal(12)[CLASSES] + RNG.standard_normal(N)
PASSED = (Y > 2.2).astype(float)
HOURS = RNG.uniform(0.5, 2, N)
COUNTS = RNG.poisson(HOURS * np.exp(0.2 + 0.3 * X[:, 0] / 2)).astype(float)
OUTCOMES = {"score": Y, "share": PASSED, "rate": COUNTS}
EXPOSURE = {"rate": HOURS}


def means(values: np.ndarray) -> np.ndarray:
    return np.array([values[c == CLASSES].mean(axis=0) for c in range(12)])


def test_scores_by_the_literal_formula() -> None:
    found = two_stage(Y, WHOLE, CLASSES, X)
    inside, outside = X - means(X)[CLASSES], Y - means(Y)[CLASSES]
    slopes = np.linalg.lstsq(inside, outside, rcond=None)[0]
    values = means(Y) - means(X) @ slopes
    arms = np.arange(12) % 2 == 0
    welch = stats.ttest_ind(values[arms], values[~arms], equal_var=False)
    assert found.classes.slopes == pytest.approx(slopes, rel=1e-10)
    assert np.ptp(found.classes.values - values) == pytest.approx(0, abs=1e-12)
    assert found.difference.estimate == pytest.approx(values[arms].mean() - values[~arms].mean(), rel=1e-10)
    apart = means(X)[arms].mean(axis=0) - means(X)[~arms].mean(axis=0)
    assert found.slope_error == pytest.approx(found.classes.slope(apart).std_error, rel=1e-10)
    own = (values[arms].mean() - values[~arms].mean()) / welch.statistic
    assert found.difference.std_error == pytest.approx(np.hypot(own, found.slope_error), rel=1e-10)
    assert found.difference.df <= 10 and found.difference.method == "two_stage"


def test_without_covariates_it_is_the_welch_test_of_the_class_means() -> None:
    for kind in ("score", "share"):
        found = two_stage(OUTCOMES[kind], WHOLE, CLASSES, kind=kind).difference
        theirs = class_means(OUTCOMES[kind], WHOLE.astype(int), CLASSES).difference(1, 0)
        for name in ("estimate", "std_error", "df", "p_value"):
            assert getattr(found, name) == pytest.approx(getattr(theirs, name), rel=1e-10)


@pytest.mark.parametrize("kind", ["score", "share", "rate"])
def test_slopes_beside_levels_are_those_with_an_indicator_for_each_class(kind: str) -> None:
    statsmodels = pytest.importorskip("statsmodels.api")
    family = {"score": "Gaussian", "share": "Binomial", "rate": "Poisson"}[kind]
    y, time = OUTCOMES[kind], EXPOSURE.get(kind, np.ones(N))
    told = (
        np.ones(N, bool)
        if kind == "score"
        else np.isin(CLASSES, np.flatnonzero((means(y) > 0) & (means(y) < 1 + 9 * (kind == "rate"))))
    )
    design = np.column_stack([X, CLASSES[:, None] == np.unique(CLASSES[told])])[told]
    model = statsmodels.GLM(y[told], design, family=getattr(statsmodels.families, family)(), offset=np.log(time[told]))
    theirs = model.fit(tol=1e-14, maxiter=200)
    ours = slopes_beside_levels(y, X, CLASSES, Link(kind, time))
    assert ours.slopes == pytest.approx(theirs.params[:2], rel=1e-8)
    together = slopes_beside_levels(y, X, np.zeros(N, dtype=int), Link(kind, time))
    pooled = statsmodels.GLM(y, np.column_stack([np.ones(N), X]), family=model.family, offset=np.log(time))
    assert together.slopes == pytest.approx(pooled.fit(tol=1e-14, maxiter=200).params[1:], rel=1e-8)


@pytest.mark.parametrize("kind", ["score", "share", "rate"])
def test_values_are_observed_less_expected_and_move_with_the_slopes_as_said(kind: str) -> None:
    y, time = OUTCOMES[kind], EXPOSURE.get(kind, np.ones(N))
    found = class_values(y, CLASSES, X, kind=kind, exposure=EXPOSURE.get(kind))
    size = np.bincount(CLASSES, time)
    assert found.size == pytest.approx(size)
    assert np.sum(found.values * size) == pytest.approx(y.sum(), rel=1e-10)  # as many expected as observed
    from society_effects.stats.class_values import _values

    centred, link = X - X.mean(axis=0), Link(kind, time)
    for i in range(2):
        step = 1e-6 * np.eye(2)[i]
        up, down = (_values(y, centred, CLASSES, link, found.slopes + s)[0] for s in (step, -step))
        assert (up - down) / 2e-6 == pytest.approx(found.per_slope[:, i], abs=1e-6)


def test_a_common_factor_of_the_expected_numbers() -> None:
    """Rates: expected numbers in proportion to exp of the slopes, as many in all as observed."""
    found = class_values(COUNTS, CLASSES, X, kind="rate", exposure=HOURS)
    expected = HOURS * np.exp(X @ found.slopes)
    expected *= COUNTS.sum() / expected.sum()
    rates = np.bincount(CLASSES, COUNTS - expected) / np.bincount(CLASSES, HOURS) + COUNTS.sum() / HOURS.sum()
    assert found.values == pytest.approx(rates, rel=1e-9)


def test_what_classmates_share_is_for_the_second_stage() -> None:
    shared = OF_CLASS**2
    with_shared = np.column_stack([X, shared[CLASSES], np.full(N, 3.0), X[:, 0] * 2])
    names = ("x", "z", "level", "one", "twice")
    found = two_stage(Y, WHOLE, CLASSES, with_shared, names=names)
    assert found.classes.names == ("x", "z") and found.classes.shared == ("level",)
    assert found.classes.dropped == ("one", "twice") and "COLLINEAR" in found.difference.raised
    design = np.column_stack([np.ones(12), np.arange(12) % 2 == 0, shared])
    by_hand = np.linalg.lstsq(design, means(Y) - means(X) @ found.classes.slopes, rcond=None)[0][1]
    assert found.difference.estimate == pytest.approx(by_hand, rel=1e-9)
    assert found.difference.df <= 9
    plain = adjusted_difference(
        found.classes.values, found.member, shared[:, None], interactions=False, covariance="hc2"
    ).difference
    assert found.difference.std_error == pytest.approx(np.hypot(plain.std_error, found.slope_error), rel=1e-9)


def test_pooled_slopes_take_everything_in_the_first_stage() -> None:
    shared = np.column_stack([X, (OF_CLASS**2)[CLASSES]])
    found = two_stage(Y, WHOLE, CLASSES, shared, slopes="pooled")
    design = np.column_stack([np.ones(N), shared])
    residuals = means(Y - design @ np.linalg.lstsq(design, Y, rcond=None)[0])
    arms = np.arange(12) % 2 == 0
    theirs = stats.ttest_ind(residuals[arms], residuals[~arms], equal_var=False)
    assert found.classes.shared == () and found.slope_error == 0
    assert (found.difference.statistic, found.difference.p_value) == pytest.approx(
        (theirs.statistic, theirs.pvalue), rel=1e-8
    )


# Few classes -------------------------------------------------------------------------------------------------------


def test_few_classes_of_members_are_permuted() -> None:
    whole = CLASSES < 3
    found = two_stage(Y, whole, CLASSES, X)
    values = found.classes.values
    sizes = [abs(values[list(c)].mean() - np.delete(values, c).mean()) for c in combinations(range(12), 3)]
    assert found.difference.method == "two_stage_permutation_exact"
    assert found.difference.p_value == pytest.approx(np.mean(np.array(sizes) >= sizes[0] * (1 - 1e-10)))
    assert found.difference.conf_low < found.difference.estimate < found.difference.conf_high
    theirs = permute_classes(values, np.arange(12) < 3, np.arange(12), 1, 0)
    assert found.difference.conf_low == theirs.conf_low
    few = CLASSES < 6
    coarse = two_stage(Y[few], WHOLE[few], CLASSES[few], X[few]).difference
    assert coarse.p_value >= 0.1 and "NO_LIMITS_FEW_CLUSTERS" in coarse.raised
    drawn = two_stage(Y, CLASSES < 3, CLASSES, np.column_stack([X, OF_CLASS[CLASSES]])).difference
    assert drawn.method == "two_stage" and drawn.df < 9


def test_limits_of_shares_stay_between_minus_one_and_one() -> None:
    classes = np.repeat(np.arange(8), 5)
    event = np.r_[np.ones(16), np.zeros(19), np.ones(3), np.zeros(2)]
    high, low = (two_stage(values, classes < 4, classes, kind="share").difference for values in (event, 1 - event))
    assert (high.estimate, high.conf_high) == pytest.approx((0.65, 1.0)) and high.conf_low > 0
    assert (low.estimate, low.conf_low, low.conf_high) == pytest.approx((-0.65, -1.0, -high.conf_low))
    scores = two_stage(event, classes < 4, classes).difference
    assert scores.conf_high > 1 and scores.conf_low == pytest.approx(high.conf_low)


def test_one_class_of_members_cannot_be_told_from_membership() -> None:
    for x in (X, np.column_stack([X, OF_CLASS[CLASSES]])):
        found = two_stage(Y, CLASSES == 2, CLASSES, x).difference
        assert "ONE_CLUSTER_IN_ARM" in found.raised
        assert np.isnan([found.p_value, found.conf_low]).all() and np.isfinite(found.estimate)


def test_more_shared_covariates_than_classes_allow() -> None:
    few = CLASSES < 4
    shared = np.column_stack([OF_CLASS, OF_CLASS**2])[CLASSES]
    found = two_stage(Y[few], WHOLE[few], CLASSES[few], shared[few]).difference
    assert "TOO_FEW_CLUSTERS" in found.raised and np.isnan(found.std_error) and np.isfinite(found.estimate)
    with pytest.raises(DesignError) as raised:
        two_stage(Y, WHOLE, CLASSES, np.column_stack([X, WHOLE]), names=("x", "z", "club"))
    assert raised.value.code == "TREATMENT_NOT_IDENTIFIED"


def test_degrees_of_freedom_are_at_most_those_of_the_classes() -> None:
    """Where the groups lie far apart, nearly all of the error is that of the slope, which has 23 from 24 even classes."""
    even = np.repeat(np.arange(24), 3)
    whole, of_class = even < 12, RNG.standard_normal(24)[even]
    x = np.tile([0.0, 1.0, 3.0], 24) + 4000.0 * whole
    y = RNG.standard_normal(72)
    for columns, most in ((x, 22), (np.column_stack([x, of_class]), 21)):
        found = two_stage(y, whole, even, columns)
        assert found.classes.slope([1.0]).df == pytest.approx(23)
        assert found.slope_error == pytest.approx(found.difference.std_error, rel=1e-3)
        assert found.difference.df == most


@pytest.mark.parametrize("kind", ["share", "rate"])
def test_classes_without_events_tell_nothing_about_the_slopes_but_have_a_value(kind: str) -> None:
    y = np.where(CLASSES == 4, 0.0, OUTCOMES[kind])
    y = np.where((CLASSES == 5) & (kind == "share"), 1.0, y)
    rest = (CLASSES != 4) & ((CLASSES != 5) | (kind == "rate"))
    found = class_values(y, CLASSES, X, kind=kind)
    assert found.slopes == pytest.approx(class_values(y[rest], CLASSES[rest], X[rest], kind=kind).slopes, rel=1e-8)
    assert np.isfinite(found.values).all()
    assert np.isfinite(two_stage(y, WHOLE, CLASSES, X, kind=kind).difference.p_value)


def test_slopes_that_do_not_exist() -> None:
    decides = (PASSED + 0.0)[:, None]
    found = two_stage(PASSED, WHOLE, CLASSES, decides, kind="share")
    assert found.difference.raised == ("NO_CONVERGENCE",) and np.isnan(found.difference.estimate)
    assert np.isnan(found.classes.values).all()


def test_scores_that_do_not_vary() -> None:
    found = two_stage(np.full(N, 3.3), WHOLE, CLASSES, X).difference
    assert "NO_VARIATION" in found.raised and found.estimate == 0 and np.isnan(found.p_value)
    found = two_stage(X[:, 0] + WHOLE, WHOLE, CLASSES, X).difference
    assert "DEGENERATE" in found.raised and found.estimate == pytest.approx(1) and np.isnan(found.p_value)


@pytest.mark.parametrize("kind", ["score", "share", "rate"])
def test_order_units_and_labels_do_not_matter(kind: str) -> None:
    order = np.random.default_rng(3).permutation(N)
    exposure = EXPOSURE.get(kind)
    found = two_stage(OUTCOMES[kind], WHOLE, CLASSES, X, kind=kind, exposure=exposure).difference
    names = np.array([f"class {c:02d}" for c in 11 - CLASSES])[order]
    again = two_stage(
        OUTCOMES[kind][order],
        WHOLE[order],
        names,
        X[order] * [1e4, 1e-3] + [5, 7],
        kind=kind,
        exposure=None if exposure is None else exposure[order],
    ).difference
    swapped = two_stage(OUTCOMES[kind], ~WHOLE, CLASSES, X, kind=kind, exposure=exposure).difference
    for name in ("estimate", "std_error", "df", "p_value", "conf_low"):
        assert getattr(again, name) == pytest.approx(getattr(found, name), rel=1e-6)
    assert (swapped.estimate, swapped.p_value) == pytest.approx((-found.estimate, found.p_value), rel=1e-8)
    if kind == "share":
        assert -1 <= found.conf_low < found.conf_high <= 1
