"""What SPSS, R and JASP print, beside ours: their formulas, their marks, and a Check only where it matters."""

import math
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

sys.path.insert(0, str(Path(__file__).parents[1] / "designs"))
from comparison_examples import LEVELS, four_groups, students, two_groups

import society_effects as se
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.reconciling.programs import PROGRAMS

FRAME = students()
STUDIES = {"two": two_groups(FRAME), "several": four_groups(FRAME)}


@cache
def result_of(groups):
    return se.MemberComparison(resamples=299).fit(STUDIES[groups])


@cache
def both(program, groups):
    return se.reconcile(result_of(groups), STUDIES[groups], program)


def number(program, groups, outcome, item, pair=None, term=None, column="theirs"):
    rows = both(program, groups).frame("reconciliation")
    rows = rows[(rows["outcome"] == outcome) & (rows["item"] == item)]
    if pair:
        rows = rows[(rows["group"] == pair[0]) & (rows["reference"] == pair[1])]
    if term:
        rows = rows[rows["term"] == term]
    assert len(rows) == 1, item
    return rows.iloc[0][column]


MEMBER = FRAME["group"].isin(LEVELS[2:])
A, B = FRAME.loc[MEMBER, "score"], FRAME.loc[~MEMBER, "score"]


def test_spss_two_groups_agree_with_scipy():
    levene = stats.levene(A, B, center="mean")
    for item, value in (
        ("levene_f", levene.statistic),
        ("levene_p", levene.pvalue),
        ("t_equal_p", stats.ttest_ind(A, B).pvalue),
        ("t_unequal_t", stats.ttest_ind(A, B, equal_var=False).statistic),
        ("mann_whitney_p", stats.mannwhitneyu(A, B, use_continuity=False, method="asymptotic").pvalue),
        ("mann_whitney_u", min(stats.mannwhitneyu(A, B).statistic, stats.mannwhitneyu(B, A).statistic)),
    ):
        assert number("spss", "two", "score", item) == pytest.approx(value, rel=1e-9), item
    ranks = stats.rankdata([*A, *B])
    assert number("spss", "two", "score", "wilcoxon_w") == pytest.approx(ranks[: len(A)].sum())
    quartile = np.percentile(A, 25, method="weibull")
    assert number("spss", "two", "score", "percentile_25", term="yes") == pytest.approx(quartile)


def test_users_read_the_row_that_levenes_test_points_to():
    equal = number("spss", "two", "score", "levene_p") >= 0.05
    assert number("spss", "two", "score", "t_equal_p", column="marked") == equal
    assert number("spss", "two", "score", "t_unequal_p", column="marked") == (not equal)


def test_spss_crosstabs():
    table = pd.crosstab(MEMBER, FRAME["passed"]).to_numpy()
    for item, value in (
        ("pearson_p", stats.chi2_contingency(table, correction=False).pvalue),
        ("continuity_p", stats.chi2_contingency(table).pvalue),
        ("likelihood_p", stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").pvalue),
        ("fisher_p", stats.fisher_exact(table).pvalue),
        ("odds_ratio", stats.fisher_exact(table).statistic),
    ):
        assert number("spss", "two", "passed", item) == pytest.approx(value, rel=1e-9), item
    assert number("spss", "two", "passed", "pearson_p", column="marked")


@pytest.mark.parametrize(
    ("table", "marked"),
    [([[20, 10], [10, 20]], "pearson_p"), ([[4, 16], [1, 29]], "continuity_p"), ([[5, 5], [1, 9]], "fisher_p")],
)
def test_which_chi_square_users_read(table, marked):
    rows = (
        [("yes", 1)] * table[0][0] + [("yes", 0)] * table[0][1] + [("no", 1)] * table[1][0] + [("no", 0)] * table[1][1]
    )
    study = se.Study(pd.DataFrame(rows, columns=["g", "y"]), group="g", outcomes="y")
    found = se.reconcile(se.MemberComparison().fit(study), study).frame("reconciliation")
    assert found.loc[found["marked"], "item"].tolist() == [marked]


def test_spss_several_groups():
    arms = [FRAME.loc[FRAME["group"] == level, "score"] for level in LEVELS]
    anova, kruskal = stats.f_oneway(*arms), stats.kruskal(*arms)
    assert number("spss", "several", "score", "anova_f") == pytest.approx(anova.statistic, rel=1e-9)
    assert number("spss", "several", "score", "kruskal_h") == pytest.approx(kruskal.statistic, rel=1e-9)
    tukey = stats.tukey_hsd(*arms)
    pair = ("officer", "never")
    assert number("spss", "several", "score", "tukey_p", pair) == pytest.approx(tukey.pvalue[3, 0], rel=1e-5)
    lsd = number("spss", "several", "score", "lsd_p", pair)
    assert number("spss", "several", "score", "bonferroni_p", pair) == pytest.approx(min(6 * lsd, 1), rel=1e-9)
    welch = stats.f_oneway(*arms, equal_var=False)
    assert number("spss", "several", "score", "welch_p") == pytest.approx(welch.pvalue, rel=1e-9)


def test_r_and_jasp():
    assert number("r", "two", "score", "r_t_unequal_p") == pytest.approx(stats.ttest_ind(A, B, equal_var=False).pvalue)
    assert number("jasp", "two", "score", "jasp_t_equal_p") == pytest.approx(stats.ttest_ind(A, B).pvalue)
    u = stats.mannwhitneyu(A, B).statistic
    assert number("jasp", "two", "score", "rank_biserial") == pytest.approx(2 * u / (len(A) * len(B)) - 1)


def test_ours_stands_beside_theirs():
    row = result_of("two").estimates.query("measure == 'mean_difference' and outcome == 'score'").iloc[0]
    assert number("spss", "two", "score", "t_unequal_t", column="ours") == row["statistic"]
    assert number("spss", "two", "score", "t_unequal_p", column="ours") == row["p_adjusted"]
    assert math.isnan(number("spss", "two", "score", "levene_f", column="ours"))


def test_a_check_only_where_a_conclusion_changes():
    wide, narrow = np.tile([-9.0, 9.0], 10), np.tile([-1.0, 1.0], 60)
    frame = pd.DataFrame({"g": ["yes"] * 20 + ["no"] * 120, "y": [*(wide + 2.6), *narrow]})
    study = se.Study(frame, group="g", outcomes="y")
    result = se.MemberComparison().fit(study)
    assert not [c for c in se.reconcile(result, study, "r").checks if c.key == "RECONCILE_CONCLUSION"]
    changed = [c for c in se.reconcile(result, study, "jasp").checks if c.key == "RECONCILE_CONCLUSION"]
    assert [c.values["item"] for c in changed] == ["jasp_t_equal_p"]
    assert changed[0].values["theirs"] < 0.05 < changed[0].values["ours"]


def test_classes_are_unknown_to_the_programs_and_it_is_said():
    study = two_groups(students(classes=12), ["continuous"], cluster="class")
    found = se.reconcile(se.MemberComparison().fit(study), study)
    assert "RECONCILE_IGNORES_CLASSES" in {check.key for check in found.checks}
    for lang, word in (("en", "independent of each other"), ("zh", "学生相互独立")):
        assert word in found.table("reconciliation", lang).to_markdown()
        assert word not in both("spss", "two").table("reconciliation", lang).to_markdown()


def test_an_adjusted_p_stands_beside_the_one_before_adjustment():
    raw = number("spss", "two", "score", "p_before_adjustment", column="ours")
    assert raw == pytest.approx(number("spss", "two", "score", "t_unequal_p"))
    assert raw < number("spss", "two", "score", "t_unequal_p", column="ours")
    several = both("r", "several").frame("reconciliation")
    assert (several.loc[several["item"] == "p_before_adjustment", "theirs"].isna()).all()
    study = two_groups(FRAME, ["continuous"])
    alone = se.reconcile(se.MemberComparison(resamples=299).fit(study), study).frame("reconciliation")
    assert "p_before_adjustment" not in set(alone["item"])


@pytest.mark.parametrize("key", [(p, g) for p in PROGRAMS for g in STUDIES])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_names_every_number(key, lang):
    found = both(*key)
    assert len(found.table("reconciliation", lang).rows) >= len(found.frame("reconciliation"))
    words = catalogue(lang)
    for item in set(found.frame("reconciliation")["item"]):
        assert words.has(f"reconcile.items.{item}.name")
        assert words.has(f"reconcile.items.{item}.formula")
    for counterpart in set(found.frame("reconciliation")["counterpart"].dropna()):
        assert words.has(f"reconcile.counterparts.{counterpart}")
    for check in found.checks:
        assert words.has(f"checks.{check.key}")


def test_the_rest_of_the_result_is_as_it_was():
    before, after = result_of("two"), both("spss", "two")
    for name in before.frames:
        pd.testing.assert_frame_equal(before.frame(name), after.frame(name))
    assert se.reconcile(after, STUDIES["two"], "r").frame("reconciliation")["program"].unique().tolist() == ["r"]


def test_refusals():
    with pytest.raises(se.DesignError, match="spss"):
        se.reconcile(result_of("two"), STUDIES["two"], "sps")
    with pytest.raises(se.DesignError, match="not made from this study"):
        se.reconcile(result_of("two"), two_groups(FRAME.head(100)))
    with pytest.raises(se.DesignError, match="Result was given as the Study"):
        se.reconcile(result_of("two"), result_of("two"))
    described = se.Describe(variables=("score",)).fit(STUDIES["two"])
    with pytest.raises(se.OutputError, match="compares no groups"):
        se.reconcile(described, STUDIES["two"])
