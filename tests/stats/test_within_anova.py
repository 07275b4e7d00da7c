"""Analysis of variance of repeated measures: textbook forms, expansions by hand, and what is undefined."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from society_effects.stats.within_anova import friedman, kendall_w, within_anova

RNG = np.random.default_rng(3)
SCORES = RNG.normal(60, 5, (13, 1)) + RNG.normal(0, 3, (13, 4)) * [1.0, 1.0, 2.0, 3.0]


def box(q: int, df: int, w: float) -> float:
    """P of Mauchly's W by the general expansion of Box, from the moments of W alone."""
    rho = 1 - (2 * q * q + q + 2) / (6 * q * df)
    x, y, xi = df / 2, q * df / 2, [(1 - k) / 2 for k in range(1, q + 1)]

    def cubic(a: float) -> float:
        return a**3 - 1.5 * a**2 + 0.5 * a

    second = sum(cubic((1 - rho) * x + a) / (rho * x) ** 2 for a in xi) - cubic((1 - rho) * y) / (rho * y) ** 2
    chi2, f = -df * rho * np.log(w), q * (q + 1) / 2 - 1
    tails = stats.chi2.sf(chi2, [f, f + 4])
    return float(tails[0] - second / 6 * (tails[1] - tails[0]))


@pytest.mark.parametrize("waves", [3, 4])
def test_mauchly_follows_from_the_expansion_of_box(waves: int) -> None:
    found = within_anova(SCORES[:, :waves]).mauchly
    assert found.p_value == pytest.approx(box(waves - 1, 12, found.statistic), rel=1e-12)


def test_mauchly_holds_its_level_where_the_covariance_is_compound_symmetric() -> None:
    rng, rejected = np.random.default_rng(8), 0
    for _ in range(1000):
        rejected += within_anova(rng.normal(size=(9, 1)) + rng.normal(size=(9, 4))).mauchly.p_value < 0.05
    assert 0.03 < rejected / 1000 < 0.07


def test_two_waves_are_the_paired_t_test_and_with_two_groups_students_test_of_the_changes() -> None:
    pair, arms = SCORES[:, [0, 3]], np.repeat(["a", "b"], [5, 8])
    alone, both = within_anova(pair), within_anova(pair, arms)
    change = pair[:, 1] - pair[:, 0]
    assert alone.waves.test.p_value == pytest.approx(stats.ttest_1samp(change, 0).pvalue, rel=1e-12)
    assert both.interaction is not None and both.groups is not None
    theirs = stats.ttest_ind(change[:5], change[5:]).pvalue
    assert both.interaction.test.p_value == pytest.approx(theirs, rel=1e-12)
    theirs = stats.ttest_ind(pair[:5].mean(axis=1), pair[5:].mean(axis=1)).pvalue
    assert both.groups.test.p_value == pytest.approx(theirs, rel=1e-12)
    assert alone.greenhouse_geisser_epsilon == pytest.approx(1) and alone.mauchly.raised == ("TWO_WAVES",)


def test_waves_of_one_group_as_statsmodels() -> None:
    from statsmodels.stats.anova import AnovaRM

    long = pd.DataFrame(SCORES).reset_index().melt(id_vars="index")
    theirs = AnovaRM(long, "value", "index", within=["variable"]).fit().anova_table.iloc[0]
    found = within_anova(SCORES).waves.test
    assert (found.statistic, found.df1, found.df2) == pytest.approx(
        (theirs["F Value"], theirs["Num DF"], theirs["Den DF"]), rel=1e-10
    )


def test_friedman_as_scipy_and_kendall_w_from_it() -> None:
    rounded = np.round(SCORES / 4)
    theirs = stats.friedmanchisquare(*rounded.T)
    found = friedman(rounded)
    assert found.df1 == rounded.shape[1] - 1
    assert (found.statistic, found.p_value) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-12)
    assert kendall_w(rounded).value == pytest.approx(found.statistic / (13 * 3), rel=1e-12)


def test_shift_scale_and_order() -> None:
    arms = np.repeat(["a", "b", "c"], [4, 5, 4])
    order = RNG.permutation(13)
    found, moved = within_anova(SCORES, arms), within_anova(1e7 + 2 * SCORES[order], arms[order])
    assert moved.interaction is not None and found.interaction is not None
    assert moved.interaction.test.p_value == pytest.approx(found.interaction.test.p_value, rel=1e-6)
    assert moved.huynh_feldt_epsilon == pytest.approx(found.huynh_feldt_epsilon, rel=1e-6)


def test_what_cannot_be_computed_is_undefined_with_a_reason() -> None:
    constant, steps = within_anova(np.full((5, 3), 70.1)), within_anova(np.arange(5.0)[:, None] + [0, 1, 2])
    assert constant.waves.test.raised == ("NO_VARIATION",) and np.isnan(constant.waves.test.p_value)
    assert steps.waves.test.raised == ("DEGENERATE",) and np.isnan(steps.waves.test.p_value)
    alone = within_anova([[1.0, 2.0, 4.0]])
    assert alone.waves.test.raised == ("TOO_FEW",) and alone.mauchly.raised == ("TOO_FEW",)
    few = within_anova(SCORES[:3])
    assert few.mauchly.raised == ("TOO_FEW",) and few.waves.test.p_value < 1
    tied = np.ones((4, 3))
    assert (
        friedman(tied).raised == ("ALL_TIED",)
        and friedman(tied).df1 == np.shape(tied)[1] - 1
        and kendall_w(tied).raised == ("ALL_TIED",)
    )
