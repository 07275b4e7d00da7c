"""The numbers of the programs against those that R printed, leaf by leaf, and against worked examples."""

import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import society_effects as se
from society_effects.stats.conventions import (
    student_newman_keuls,
    weighted_average_quantiles,
    woolf_odds_ratio,
)

REFERENCE = Path(__file__).parents[1] / "reference"


@cache
def cases(file):
    known = json.loads((REFERENCE / "cases" / f"{file}.json").read_text(encoding="utf-8"))["cases"]
    return {case["id"]: case for case in known}


def read(name):
    return pd.read_csv(REFERENCE / "data" / name)


def printed(study, program, item, pair=None):
    """The numbers of a program by item, of one pair of groups where one is named."""
    rows = reconciled(study, program)
    rows = rows[rows["item"] == item]
    if pair:
        rows = rows[(rows["group"] == pair[0]) & (rows["reference"] == pair[1])]
    assert len(rows) == 1, item
    return rows.iloc[0]["theirs"]


@cache
def reconciled(study, program):
    result = se.MemberComparison(resamples=199).fit(study)
    return se.reconcile(result, study, program).frame("reconciliation")


@cache
def two_groups(stem):
    case = cases("01_two_group_continuous")[f"{stem}.t"]
    args = case["args"]
    data = read(case["data"]).astype({args["group"]: str})
    return se.Study(
        data, group=args["group"], outcomes=args["outcome"], member=args["focal"], reference=args["reference"]
    )


STEMS = sorted({key.split(".")[0] for key in cases("01_two_group_continuous") if key.endswith(".assumptions")})
SMALL = [stem for stem in STEMS if stem in ("sleep_ind", "tooth_supp", "salaries_sex", "cps_wage_union")]
OF_MEANS = {
    "t": {
        ("r", "r_t_unequal_t"): "welch.t",
        ("r", "r_t_unequal_df"): "welch.df",
        ("r", "r_t_unequal_p"): "welch.p_two_sided",
        ("spss", "t_unequal_low"): "welch.ci_low",
        ("spss", "t_unequal_high"): "welch.ci_high",
        ("spss", "t_equal_difference"): "welch.diff",
        ("spss", "t_equal_t"): "student.t",
        ("spss", "t_equal_df"): "student.df",
        ("spss", "t_equal_p"): "student.p_two_sided",
        ("spss", "t_equal_se"): "student.se",
        ("jasp", "jasp_t_equal_low"): "student.ci_low",
        ("jasp", "jasp_t_equal_high"): "student.ci_high",
    },
    "assumptions": {("spss", "levene_f"): "levene_mean.F", ("spss", "levene_p"): "levene_mean.p"},
    "d": {
        ("spss", "cohen_d"): "exact.cohen_d",
        ("spss", "cohen_d_low"): "exact.cohen_d_ci_low",
        ("spss", "cohen_d_high"): "exact.cohen_d_ci_high",
        ("spss", "hedges_g"): "exact.hedges_g",
        ("spss", "hedges_g_low"): "exact.hedges_g_ci_low",
        ("spss", "glass_delta"): "exact.glass_delta_sd2",
    },
    "mwu": {
        ("r", "wilcox_w"): "W",
        ("spss", "mann_whitney_z"): "asymptotic.z",
        ("spss", "mann_whitney_p"): "asymptotic.p",
        ("jasp", "jasp_mann_whitney_p"): "asymptotic_cc.p",
        ("jasp", "rank_biserial"): "rank_biserial",
    },
}


def leaf(case, path):
    found = case["expected"]
    for key in path.split("."):
        found = found[key]
    return found


@pytest.mark.parametrize("stem", SMALL)
@pytest.mark.parametrize("block", OF_MEANS)
def test_two_groups_of_scores(stem, block):
    case = cases("01_two_group_continuous")[f"{stem}.{block}"]
    for (program, item), path in OF_MEANS[block].items():
        assert printed(two_groups(stem), program, item) == pytest.approx(leaf(case, path), rel=1e-8), (item, path)


def test_exact_p_given_ties():
    case = cases("01_two_group_continuous")["sleep_ind.mwu"]
    exact = leaf(case, "exact_ties.p")
    assert printed(two_groups("sleep_ind"), "spss", "mann_whitney_exact_p") == pytest.approx(exact, rel=1e-9)


TABLES = [key for key, case in cases("03_binary_ordinal_count").items() if {"a", "b", "c", "d"} <= set(case["args"])]
OF_SHARES = {
    ("spss", "pearson_chi2"): "chi2",
    ("spss", "pearson_p"): "chi2_p",
    ("spss", "continuity_chi2"): "chi2_yates",
    ("spss", "continuity_p"): "chi2_yates_p",
    ("r", "r_continuity_p"): "chi2_yates_p",
    ("spss", "likelihood_chi2"): "g_test",
    ("spss", "likelihood_p"): "g_test_p",
    ("spss", "linear_chi2"): "n_minus_1_chi2",
    ("spss", "fisher_p"): "fisher_p",
    ("spss", "expected_minimum"): "expected_min",
    ("spss", "phi"): "phi_signed",
    ("spss", "odds_ratio"): "or",
    ("spss", "odds_ratio_low"): "or_ci_low",
    ("spss", "odds_ratio_high"): "or_ci_high",
    ("spss", "risk_ratio"): "rr",
    ("spss", "risk_ratio_low"): "rr_ci_low",
    ("spss", "risk_ratio_high"): "rr_ci_high",
    ("r", "conditional_odds_ratio"): "conditional_or_precise.mle",
    ("r", "prop_test_low"): "rd_wald_ci_cc.0",
    ("r", "prop_test_high"): "rd_wald_ci_cc.1",
}


@cache
def crossed(key):
    args = cases("03_binary_ordinal_count")[key]["args"]
    counts = {"yes": (args["a"], args["b"]), "no": (args["c"], args["d"])}
    rows = [{"outcome": "y", "group": g, "n": x + z, "events": x} for g, (x, z) in counts.items()]
    return se.Study.from_summary(pd.DataFrame(rows))


@pytest.mark.parametrize("key", TABLES)
def test_two_by_two_tables_known_by_their_counts(key):
    case = cases("03_binary_ordinal_count")[key]
    for (program, item), path in OF_SHARES.items():
        found = printed(crossed(key), program, item)
        name, _, place = path.partition(".")
        value = case["expected"].get(name)
        value = value[int(place)] if place.isdigit() else leaf(case, path) if name in case["expected"] else value
        if value is None:
            continue
        if value == "Inf":
            assert math.isnan(found), item
            continue
        assert found == pytest.approx(value, rel=1e-6 if "conditional" in item else 1e-8), (item, path)


def test_an_empty_cell_has_no_woolf_limits():
    assert all(math.isnan(value) for value in woolf_odds_ratio([[7, 0], [12, 9]]))


@pytest.mark.parametrize("stem", ["titanic_class", "housing_sat_infl", "cps_occ_union"])
def test_tables_of_several_groups(stem):
    expected = cases("03_binary_ordinal_count")[stem]["expected"]
    args = cases("03_binary_ordinal_count")[stem]["args"]
    cells = pd.DataFrame(expected["table"], index=args["row_levels"], columns=args["col_levels"]).stack()
    rows = [{"outcome": "y", "group": g, "category": c, "n": int(count)} for (g, c), count in cells.items()]
    study = se.Study.from_summary(
        pd.DataFrame(rows),
        member=args["row_levels"][1],
        reference=args["row_levels"][0],
        outcomes=[se.Outcome("y", kind="nominal")],
    )
    for item, path in (
        ("pearson_chi2", "chi2"),
        ("pearson_p", "p"),
        ("likelihood_chi2", "g"),
        ("likelihood_p", "g_p"),
        ("expected_minimum", "expected_min"),
        ("cramers_v", "cramers_v"),
        ("contingency_coefficient", "contingency_c"),
    ):
        assert printed(study, "spss", item) == pytest.approx(expected[path], rel=1e-8), item


def test_poisson_regression_that_trusts_its_model():
    case = cases("03_binary_ordinal_count")["quine_days_eth.poisson"]["expected"]
    study = se.Study(
        read("quine.csv"), group="Eth", member="N", reference="A", outcomes=[se.Outcome("Days", kind="count")]
    )
    assert printed(study, "spss", "poisson_ratio") == pytest.approx(case["rate_ratio"]["EthN"], rel=1e-8)
    p, expected = printed(study, "spss", "poisson_p"), case["coef"]["EthN"]["p"]
    assert p == pytest.approx(expected, rel=1e-6)


@cache
def several(stem):
    case = cases("04_k_groups")[f"{stem}.anova"]
    args = case["args"]
    data = read(case["data"]).dropna(subset=[args["outcome"]]).astype({args["group"]: str})
    levels = tuple(str(level) for level in args["levels"])
    return se.Study(
        data, group=args["group"], outcomes=args["outcome"], levels=levels, member=levels[-1], reference=levels[0]
    )


@pytest.mark.parametrize("stem", ["plant", "salaries_rank", "baumann_post"])
def test_several_groups(stem):
    study = several(stem)
    anova = cases("04_k_groups")[f"{stem}.anova"]
    for program, item, path in (
        ("spss", "anova_ss_between", "anova.ss_between"),
        ("spss", "anova_ss_within", "anova.ss_within"),
        ("spss", "anova_df_within", "anova.df2"),
        ("spss", "anova_f", "anova.F"),
        ("jasp", "jasp_anova_p", "anova.p"),
        ("r", "r_welch_f", "welch.F"),
        ("spss", "welch_df2", "welch.df2"),
        ("spss", "welch_p", "welch.p"),
        ("spss", "brown_forsythe_f", "brown_forsythe_means.F"),
        ("spss", "brown_forsythe_df2", "brown_forsythe_means.df2"),
        ("spss", "kruskal_h", "kruskal.H"),
        ("r", "r_kruskal_p", "kruskal.p"),
        ("spss", "levene_f", "levene_mean.F"),
    ):
        assert printed(study, program, item) == pytest.approx(leaf(anova, path), rel=1e-8), item
    effects = cases("04_k_groups")[f"{stem}.effects"]
    assert printed(study, "jasp", "omega_squared") == pytest.approx(leaf(effects, "omega2"), rel=1e-8)


@pytest.mark.parametrize("stem", ["plant", "salaries_rank", "baumann_post"])
def test_pairs_of_several_groups(stem):
    study = several(stem)
    pooled = cases("04_k_groups")[f"{stem}.pairwise"]["expected"]
    ranges = cases("04_k_groups")[f"{stem}.posthoc"]["expected"]
    for name, p in pooled["t_pooled"]["none"].items():
        pair = tuple(name.split(" - "))
        assert printed(study, "spss", "lsd_p", pair) == pytest.approx(p, rel=1e-7)
        bonferroni, holm = (pooled["t_pooled"][how][name] for how in ("bonferroni", "holm"))
        assert printed(study, "spss", "bonferroni_p", pair) == pytest.approx(bonferroni, rel=1e-7)
        assert printed(study, "r", "pairwise_t_p", pair) == pytest.approx(holm, rel=1e-7)
        assert printed(study, "r", "r_tukey_p", pair) == pytest.approx(ranges["tukey"][name]["p"], rel=1e-4, abs=1e-9)
        games_howell = ranges["games_howell"][name]["p"]
        assert printed(study, "spss", "games_howell_p", pair) == pytest.approx(games_howell, rel=1e-4, abs=1e-9)
        dunn = min(1.0, pooled["dunn"]["none"][name] * len(pooled["dunn"]["none"]))
        assert printed(study, "spss", "dunn_p", pair) == pytest.approx(dunn, rel=1e-7)


def test_percentile_of_the_nist_handbook():
    """NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.6.2: the 90th percentile of twelve measurements."""
    measured = [
        95.1772,
        95.1567,
        95.1937,
        95.1959,
        95.1442,
        95.0610,
        95.1591,
        95.1195,
        95.1065,
        95.0925,
        95.1990,
        95.1682,
    ]
    assert weighted_average_quantiles(measured, (0.9,))[0] == pytest.approx(95.1981, abs=5e-5)


def test_newman_keuls_of_a_textbook():
    """Lane, HyperStat Online, Newman-Keuls procedure: five means of five, mean square 30 with 20 df."""
    means = [10, 11, 14, 18, 25]
    found = student_newman_keuls(means, [5] * 5, 30.0, 20)
    apart = {(means[i], means[j]) for i in range(5) for j in range(i + 1, 5) if found[i, j] < 0.05}
    assert apart == {(10, 25), (11, 25), (14, 25)}
    assert found[3, 4] > 0.05
    assert np.isnan(found[0, 1])
    assert np.isnan(found[1, 2])


@pytest.mark.parametrize(("span", "critical"), [(2, 2.95), (3, 3.58), (4, 3.96), (5, 4.23)])
def test_each_span_has_its_own_critical_value(span, critical):
    """The critical values that Lane prints for spans of 2 to 5 means, .05 and 20 df."""
    means = np.arange(5) * 100.0
    means[5 - span :] = means[5 - span]
    means[4] += critical * np.sqrt(30 / 5)
    assert student_newman_keuls(means, [5] * 5, 30.0, 20)[5 - span, 4] == pytest.approx(0.05, abs=5e-4)


def test_a_summary_table_gives_what_means_allow():
    rows = {"outcome": ["y"] * 2, "group": ["yes", "no"], "n": [25, 31], "mean": [12.4, 10.2], "sd": [3.1, 4.4]}
    found = reconciled(se.Study.from_summary(pd.DataFrame(rows)), "spss")
    case = cases("02_summary_statistics")["sum_basic"]["expected"]
    theirs = found.set_index("item")["theirs"]
    assert theirs["t_equal_p"] == pytest.approx(case["student"]["p_two_sided"], rel=1e-9)
    assert theirs["t_unequal_df"] == pytest.approx(case["welch"]["df"], rel=1e-9)
    assert theirs["cohen_d_high"] == pytest.approx(case["effect"]["cohen_d_ci_high"], rel=1e-9)
    assert not found["marked"].any()
    assert not set(found["item"]) & {"levene_f", "mann_whitney_u", "percentile_25"}


@pytest.mark.parametrize(
    ("data", "first", "last", "p"),
    [
        ("baumann.csv", "pre1", "post1", 8.055192977175585e-05),
        ("sleep_wide.csv", "drug1", "drug2", 0.0076324416482055155),
    ],
)
def test_signed_ranks_without_zeros(data, first, last, p):
    """P of R's wilcox.test(paired = TRUE, exact = FALSE, correct = FALSE)."""
    frame = read(data)
    assert (frame[last] == frame[first]).any()
    study = se.Study(frame[[first, last]], baseline={last: first})
    rows = se.reconcile(se.PrePost(method="signed-rank").fit(study), study).frame("reconciliation").set_index("item")
    assert rows.loc["signed_rank_p", "theirs"] == pytest.approx(p, rel=1e-9)
    assert rows.loc["signed_rank_p", "counterpart"] == "estimates.pseudo_median.p_value"


@pytest.mark.parametrize("program", ["spss", "r", "jasp"])
def test_the_paired_t_test_is_the_same_in_every_program(program):
    frame = read("baumann.csv")
    study = se.Study(frame[["pre1", "post1"]], baseline={"post1": "pre1"})
    rows = se.reconcile(se.PrePost().fit(study), study, program).frame("reconciliation").set_index("counterpart")
    paired = stats.ttest_rel(frame["post1"], frame["pre1"])
    own = rows.loc["estimates.mean_change.p_value"]
    assert own["theirs"] == own["ours"] == pytest.approx(paired.pvalue) and own["marked"]
    assert rows.loc["estimates.mean_change.statistic", "theirs"] == pytest.approx(paired.statistic)


def test_changes_of_members_and_of_both_groups_are_reconciled():
    rng = np.random.default_rng(4)
    first = (rng.random(60) < 0.5).astype(int)
    frame = pd.DataFrame({"society": np.where(np.arange(60) < 25, "yes", "no"), "first": first})
    frame["last"] = np.where(rng.random(60) < 0.4, 1 - first, first)
    study = se.Study(frame, group="society", baseline={"last": "first"})
    for design, groups in ((se.PrePost(), {"yes"}), (se.PrePostControl(), {"yes", "no"})):
        rows = se.reconcile(design.fit(study), study).frame("reconciliation")
        assert set(rows["group"]) == groups and set(rows["item"]) == {"mcnemar_exact_p"}
        for _, row in rows.iterrows():
            own = frame[frame["society"] == row["group"]]
            gained, lost = int((own["last"] > own["first"]).sum()), int((own["last"] < own["first"]).sum())
            assert row["theirs"] == pytest.approx(stats.binomtest(gained, gained + lost).pvalue)
    assert "McNemar" in str(se.reconcile(se.PrePost().fit(study), study).table("reconciliation", lang="zh"))
