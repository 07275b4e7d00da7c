"""Members against non-members with the same covariates: each number against one made another way."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from adjusted_examples import every_kind, row, students, study

import society_effects as se
from society_effects.errors import DesignError
from society_effects.stats.adjusted_difference import adjusted_difference

ADJUSTED = "adjusted_mean_difference"
CONTRASTS = "difference_between_subgroups"


def keys(result: se.Result, status: str | None = None) -> set[str]:
    return {check.key for check in result.checks if status is None or check.status == status}


def columns(table: pd.DataFrame) -> np.ndarray:
    numbers = [table["year"], table["prior"], table["motivation"]]
    return np.column_stack([(table["sex"] == "M").astype(float), *numbers])


@pytest.mark.parametrize(("estimand", "target"), [("att", "members"), ("ate", "all")])
def test_the_answer_is_lins_regression_at_those_aimed_at(estimand, target):
    table = students()
    result = se.RegressionAdjustment(estimand=estimand).fit(study(table))
    found = adjusted_difference(table["osce"], table["society"] == "yes", columns(table), target=target).difference
    own = row(result, ADJUSTED)
    assert own[["estimate", "std_error", "df", "conf_low"]].tolist() == pytest.approx(
        [found.estimate, found.std_error, found.df, found.conf_low]
    )
    assert own["estimand"] == {"att": "adj_diff_members", "ate": "adj_diff_all"}[estimand]


def test_statsmodels_finds_the_same_average_by_predicting_everybody_twice():
    table = students().assign(member=lambda t: (t["society"] == "yes").astype(int))
    fit = smf.ols("osce ~ member * (sex + year + prior + motivation)", table).fit()
    members = table[table["member"] == 1]
    gain = fit.predict(members.assign(member=1)) - fit.predict(members.assign(member=0))
    assert row(se.RegressionAdjustment().fit(study(table)), ADJUSTED)["estimate"] == pytest.approx(gain.mean())


def test_the_unadjusted_number_is_of_the_same_students():
    table = students()
    table.loc[:9, "prior"] = np.nan
    result = se.RegressionAdjustment().fit(study(table))
    alone = se.MemberComparison().fit(study(table[10:], covariates=()))
    raw, welch = row(result, "mean_difference"), row(alone, "mean_difference")
    assert raw[["estimate", "conf_low", "n"]].tolist() == pytest.approx(welch[["estimate", "conf_low", "n"]].tolist())
    assert raw["estimand"] == "diff"
    assert not raw["primary"]


def test_an_own_earlier_score_is_adjusted_for_like_in_the_design_of_two_waves():
    rng = np.random.default_rng(2)
    table = students()
    table["before"] = table["prior"] + rng.normal(0, 2, len(table))
    waves = {"baseline": {"osce": "before"}, "covariates": (), "outcomes": None}
    found = row(se.RegressionAdjustment().fit(study(table, **waves)), ADJUSTED)
    other = row(se.PrePostControl().fit(study(table, **waves)), ADJUSTED)
    for name in ("estimate", "std_error", "df", "n"):
        assert found[name] == pytest.approx(other[name])
    without = study(table, **(waves | {"covariates": ["sex"]}))
    apart = row(se.RegressionAdjustment(adjust_for_baseline=False).fit(without), ADJUSTED)
    assert abs(apart["estimate"] - found["estimate"]) > 1
    assert "BASELINE_NOT_ADJUSTED" in keys(se.RegressionAdjustment(adjust_for_baseline=False).fit(without))


def test_every_kind_has_its_measure_and_its_raw_number_beside():
    result = se.RegressionAdjustment().fit(study(outcomes=every_kind()))
    primary = result.estimates[result.estimates["primary"]]
    assert dict(zip(primary["outcome"], primary["measure"], strict=True)) == {
        "osce": ADJUSTED,
        "passed": "adjusted_share_difference",
        "rating": "adjusted_superiority",
        "papers": "adjusted_rate_ratio",
    }
    for outcome, measure in (
        ("passed", "risk_difference"),
        ("rating", "probability_of_superiority"),
        ("papers", "rate_ratio"),
    ):
        assert row(result, measure, outcome)["estimand"] == "diff"
    assert row(result, "adjusted_risk_ratio", "passed")["conf_low"] > 0


def test_standardised_shares_are_those_of_the_logistic_regression():
    table = students(400).assign(member=lambda t: (t["society"] == "yes").astype(int))
    result = se.RegressionAdjustment().fit(study(table, outcomes="passed"))
    crossed = row(result, "adjusted_share_difference", "passed")["estimand"] == "adj_diff_members"
    assert crossed
    text = "passed ~ member * (sex + year + prior + motivation)"
    if "ONE_SLOPE_OF_LOGS" in keys(result):
        text = "passed ~ member + sex + year + prior + motivation"
    fit = smf.logit(text, table).fit(disp=0)
    members = table[table["member"] == 1]
    gain = fit.predict(members.assign(member=1)).mean() - fit.predict(members.assign(member=0)).mean()
    assert row(result, "adjusted_share_difference", "passed")["estimate"] == pytest.approx(gain, abs=1e-7)


def test_terms_are_adjusted_for_as_the_formula_says():
    table = students(400).assign(member=lambda t: (t["society"] == "yes").astype(int))
    terms = ("bs(prior, df=4)", "C(year)", "sex:motivation")
    result = se.RegressionAdjustment(covariates=terms, estimand="ate").fit(study(table))
    fit = smf.ols("osce ~ member * (bs(prior, df=4) + C(year) + sex:motivation)", table).fit()
    gain = fit.predict(table.assign(member=1)) - fit.predict(table.assign(member=0))
    assert row(result, ADJUSTED)["estimate"] == pytest.approx(gain.mean(), rel=1e-6)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"covariates": ("prioor",)}, "UNKNOWN_COVARIATE"),
        ({"covariates": ("bs(prior",)}, "BAD_TERM"),
        ({"covariates": ()}, "NOTHING_TO_ADJUST_FOR"),
        ({"subgroups": ("school",)}, "UNKNOWN_COVARIATE"),
        ({"method": "wild-bootstrap"}, "METHOD_NEEDS_CLASSES"),
        ({"method": "modified-poisson"}, "METHOD_FITS_NO_OUTCOME"),
        ({"within_cluster": "fixed"}, "NO_CLASSMATES"),
        ({"primary": "osec"}, "UNKNOWN_OUTCOME_NAMED"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(settings, code):
    with pytest.raises(DesignError) as refused:
        se.RegressionAdjustment(**settings).fit(study())
    assert refused.value.code == code
    assert str(refused.value)


@pytest.mark.parametrize(
    "settings", [{"estimand": "atu"}, {"within_cluster": "random"}, {"method": "lasso"}, {"sums_of_squares": 1}]
)
def test_settings_are_checked_at_once(settings):
    with pytest.raises(DesignError) as refused:
        se.RegressionAdjustment(**settings)
    assert refused.value.code == "UNKNOWN_CHOICE"


def test_lost_students_are_counted_and_weaken_the_claim_when_they_are_many():
    table = students()
    table.loc[:4, "motivation"] = np.nan
    few = se.RegressionAdjustment().fit(study(table))
    assert "COVARIATES_MISSING" in keys(few, "note")
    table.loc[:40, "motivation"] = np.nan
    many = se.RegressionAdjustment().fit(study(table))
    assert "COVARIATES_MISSING" in keys(many, "warn")
    assert many.grade == "D"
    assert "COVARIATES_MISSING" in many.grading.lowered_by
    steps = many.ledger[many.ledger["step"] == "covariate_missing"]
    assert int(steps["n_dropped"].sum()) == 41
    assert int(many.frame("groups")["n"].sum()) == 240 - 41


@pytest.mark.parametrize(
    ("told", "key", "grade"),
    [
        ("all", None, "C"),
        ("none", "BAD_CONTROL", "D"),
        ("not stated", "TIMING_NOT_STATED", "D"),
        (("prior",), "BAD_CONTROL", "D"),
    ],
)
def test_covariates_that_may_be_consequences_of_joining_cap_the_grade(told, key, grade):
    about = se.About(covariates_before_joining=told, assignment="self-selected", examiners_blind=True)
    result = se.RegressionAdjustment().fit(study(about=about))
    assert result.grade == grade
    assert {"BAD_CONTROL", "TIMING_NOT_STATED"} & keys(result) == ({key} if key else set())
    if key == "BAD_CONTROL" and told != "none":
        named = next(check for check in result.checks if check.key == key).values["names"]
        assert set(named) == {"sex", "year", "motivation"}


def test_without_prior_achievement_the_grade_is_d():
    result = se.RegressionAdjustment(covariates=("sex", "motivation")).fit(study())
    assert "NO_BASELINE" in keys(result, "warn")
    assert result.grade == "D"


def test_members_without_counterparts_are_told_by_their_number():
    table = students()
    far = table["society"] == "yes"
    table.loc[far, "prior"] += 30
    result = se.RegressionAdjustment(covariates=("prior",)).fit(study(table))
    assert {"HALF_WITHOUT_COUNTERPART", "NO_PROPENSITY"} & keys(result, "warn")
    assert result.grade == "E"
    assert result.claim == "association"


def test_a_covariate_that_is_membership_itself_is_refused():
    table = students().assign(paid=lambda t: (t["society"] == "yes") * 20.0)
    with pytest.raises(DesignError) as refused:
        se.RegressionAdjustment().fit(study(table, covariates=["prior", "paid"]))
    assert refused.value.code == "TREATMENT_NOT_IDENTIFIED"


def test_collinear_and_constant_covariates_are_named_and_left_out():
    table = students().assign(twice=lambda t: 2 * t["prior"], constant=1.0)
    result = se.RegressionAdjustment().fit(study(table, covariates=["prior", "twice", "constant"]))
    told = next(check for check in result.checks if check.key == "COVARIATES_DROPPED").values["names"]
    assert set(told) == {"twice", "constant"}
    alone = se.RegressionAdjustment().fit(study(table, covariates=["prior"]))
    assert row(result, ADJUSTED)["estimate"] == pytest.approx(row(alone, ADJUSTED)["estimate"])


def test_a_small_group_shares_the_slopes_and_says_so():
    table = students()
    members = table.index[table["society"] == "yes"][:15]
    table = table[(table["society"] == "no") | table.index.isin(members)]
    result = se.RegressionAdjustment().fit(study(table))
    assert row(result, ADJUSTED)["estimand"] == "adj_diff_pooled"
    assert row(result, ADJUSTED)["method"] == "ancova_hc3"
    assert "ONE_SLOPE_EACH" in keys(result, "note")


def test_a_constant_outcome_has_no_interval_and_says_why():
    result = se.RegressionAdjustment().fit(study(students().assign(osce=70.0)))
    found = row(result, ADJUSTED)
    assert found["estimate"] == pytest.approx(0)
    assert np.isnan(found["p_value"])
    assert "NO_VARIATION" in keys(result, "fail")


def test_separated_answers_are_penalised_and_the_covariate_is_named():
    table = students().assign(passed=lambda t: (t["prior"] > 70).astype(int))
    result = se.RegressionAdjustment(covariates=("prior",)).fit(study(table, outcomes="passed"))
    told = next(check for check in result.checks if check.key == "SEPARATION")
    assert "prior" in told.values["names"]
    assert np.isfinite(row(result, "adjusted_share_difference", "passed")["conf_low"])
    assert result.model is None


def test_the_model_is_the_statsmodels_object_behind_the_answer():
    result = se.RegressionAdjustment().fit(study())
    assert result.model.params["member"] == pytest.approx(row(result, ADJUSTED)["estimate"])
    several = se.RegressionAdjustment().fit(study(outcomes=["osce", "passed"]))
    assert set(several.model) == {"osce", "passed"}
    classes = se.RegressionAdjustment().fit(study(cluster="class"))
    assert classes.model.params["member"] == pytest.approx(row(classes, ADJUSTED)["estimate"])


def test_classmates_are_compared_where_membership_varies_inside_classes():
    table = students()
    inside = se.RegressionAdjustment().fit(study(table, cluster="class"))
    found = adjusted_difference(
        table["osce"], table["society"] == "yes", columns(table), clusters=table["class"], within="fixed"
    ).difference
    own = row(inside, ADJUSTED)
    assert own[["estimate", "std_error", "df"]].tolist() == pytest.approx([found.estimate, found.std_error, found.df])
    assert own["estimand"] == "adj_diff_within_class"
    assert own["n_clusters"] == 12
    with_all = se.RegressionAdjustment(within_cluster=None).fit(study(table, cluster="class"))
    assert row(with_all, ADJUSTED)["estimand"] == "adj_diff_members"


def test_whole_classes_count_once_each_and_few_are_permuted():
    table = students()
    member = table["society"] == "yes"
    many = table.assign(**{"class": np.where(member, table["class"] % 6, 6 + table["class"] % 6)})
    result = se.RegressionAdjustment().fit(study(many, cluster="class"))
    assert row(result, ADJUSTED)["method"] == "two_stage"
    assert row(result, ADJUSTED)["estimand"] == "adj_diff_classes"
    few = table.assign(**{"class": np.where(member, table["class"] % 3, 3 + table["class"] % 4)})
    result = se.RegressionAdjustment().fit(study(few, cluster="class"))
    assert row(result, ADJUSTED)["method"] == "two_stage_permutation_exact"
    assert "CLUSTER_PERMUTATION_COARSE" in keys(result, "warn")
    one = table.assign(**{"class": np.where(member, 0, 1 + table["class"] % 4)})
    with pytest.raises(DesignError) as refused:
        se.RegressionAdjustment().fit(study(one, cluster="class"))
    assert refused.value.code == "CONFOUNDED_CLUSTER"


def test_subgroups_are_compared_by_the_difference_of_their_differences():
    table = students(400)
    result = se.RegressionAdjustment(subgroups=("sex", "year", "prior")).fit(study(table))
    by_sex = {level: row(result, ADJUSTED, by="sex", level=level) for level in ("F", "M")}
    contrast = row(result, CONTRASTS, by="sex", level="M")
    assert contrast["reference_level"] == "F"
    assert contrast["estimate"] == pytest.approx(by_sex["M"]["estimate"] - by_sex["F"]["estimate"])
    apart = np.hypot(by_sex["M"]["std_error"], by_sex["F"]["std_error"])
    assert contrast["std_error"] == pytest.approx(apart)  # independent students
    assert contrast["p_adjusted"] >= contrast["p_value"]
    assert contrast["simultaneous_low"] <= contrast["conf_low"]
    assert by_sex["F"][["p_value", "p_adjusted"]].isna().all()
    alone = se.RegressionAdjustment(covariates=("year", "prior", "motivation")).fit(study(table[table["sex"] == "M"]))
    assert by_sex["M"]["estimate"] == pytest.approx(row(alone, ADJUSTED)["estimate"])
    per_sd = row(result, CONTRASTS, by="prior")
    assert per_sd["estimate"] == pytest.approx(result.model.params["member:prior"] * table["prior"].std())
    assert "subgroups_differ" in set(result.tests["test"])
    assert (result.estimates.loc[result.estimates["by"].notna(), "primary"] == False).all()  # noqa: E712
    line = result.frame("lines")
    assert set(line["by"]) == {"prior"}
    assert (line["conf_low"] < line["value"]).all()


def test_the_students_who_move_the_answer_are_those_whose_leaving_changes_it_most():
    table = students(120)
    result = se.RegressionAdjustment().fit(study(table))
    named = result.frame("influential")
    assert len(named) == 5
    first = named.iloc[0]
    without = se.RegressionAdjustment().fit(study(table[table["student"] != first["unit"]]))
    assert row(without, ADJUSTED)["estimate"] == pytest.approx(first["without"])
    moves = [
        row(result, ADJUSTED)["estimate"]
        - row(se.RegressionAdjustment().fit(study(table[table["student"] != unit])), ADJUSTED)["estimate"]
        for unit in table["student"][:12]
    ]
    assert np.abs(moves).max() <= named["change"].abs().max() + 1e-12


def test_robustness_values_are_those_of_the_plain_regression():
    table = students().assign(member=lambda t: (t["society"] == "yes").astype(int))
    result = se.RegressionAdjustment().fit(study(table))
    fit = smf.ols("osce ~ member + sex + year + prior + motivation", table).fit()
    f = abs(fit.tvalues["member"]) / np.sqrt(fit.df_resid)
    expected = 0.5 * (np.sqrt(f**4 + 4 * f**2) - f**2)
    rows = result.frame("sensitivity")
    own = rows[(rows["analysis"] == "robustness_value") & (rows["parameter"] == "estimate")]
    assert own["value"].iloc[0] == pytest.approx(expected)
    benchmarks = rows[rows["analysis"] == "benchmark"]
    assert set(benchmarks["term"]) == {"sex", "year", "prior", "motivation"}
    one = benchmarks[(benchmarks["term"] == "prior") & (benchmarks["setting"] == 1)].iloc[0]
    assert abs(one["estimate"]) < abs(fit.params["member"])


def test_what_was_left_out_of_the_regression_is_no_benchmark():
    table = students().assign(twice=lambda t: 2 * t["prior"] + 1, size=lambda t: 20 + t["class"] % 3)

    def benchmarks(covariates, **roles):
        found = se.RegressionAdjustment().fit(study(table, covariates=covariates, **roles))
        rows = found.frame("sensitivity").query("analysis == 'benchmark' and setting == 1").set_index("term")
        return rows["r2_outcome"], {check.key for check in found.checks}

    plain, _ = benchmarks(["sex", "prior"])
    strengths, said = benchmarks(["sex", "prior", "twice"])
    assert "COVARIATES_DROPPED" in said and strengths.to_dict() == pytest.approx(plain.to_dict())
    strengths, said = benchmarks(["sex", "prior", "size"], cluster="class")
    assert "SAME_IN_CLASS_CROSSED" in said and set(strengths.index) == {"sex", "prior"}


def test_type_iii_table_agrees_with_statsmodels():
    from statsmodels.stats.anova import anova_lm

    table = students().assign(member=lambda t: (t["society"] == "yes").astype(int))
    result = se.RegressionAdjustment(sums_of_squares=3).fit(study(table))
    shown = result.tests[result.tests["test"] == "covariate"].set_index("term")
    fit = smf.ols("osce ~ C(member, Sum) + C(sex, Sum) + year + prior + motivation", table).fit()
    theirs = anova_lm(fit, typ=3)
    assert shown.loc["member", "statistic"] == pytest.approx(theirs.loc["C(member, Sum)", "F"])
    assert shown.loc["prior", "p_value"] == pytest.approx(theirs.loc["prior", "PR(>F)"])


def test_adjusted_means_differ_by_the_answer_and_equal_weights_are_those_of_the_plain_regression():
    table = students().assign(member=lambda t: (t["society"] == "yes").astype(int))
    result = se.RegressionAdjustment().fit(study(table))
    means = result.frame("adjusted_means").pivot(index="weighting", columns="group", values="value")
    assert means.loc["members", "yes"] - means.loc["members", "no"] == pytest.approx(row(result, ADJUSTED)["estimate"])
    assert means.loc["members", "yes"] == pytest.approx(table.loc[table["member"] == 1, "osce"].mean())
    fit = smf.ols("osce ~ member + sex + year + prior + motivation", table).fit()
    assert means.loc["equal", "yes"] - means.loc["equal", "no"] == pytest.approx(fit.params["member"])


def test_several_groups_are_each_compared_with_the_reference():
    table = students(400)
    rng = np.random.default_rng(3)
    joined = (table["society"] == "yes") & (rng.random(len(table)) < 0.4)
    table["society"] = np.where(joined, "officer", table["society"])
    roles = {"levels": ("no", "yes", "officer"), "reference": "no", "member": "yes"}
    result = se.RegressionAdjustment().fit(study(table, **roles))
    primary = result.estimates[result.estimates["primary"]]
    assert set(primary["group"]) == {"yes", "officer"}
    pair = se.RegressionAdjustment().fit(study(table[table["society"] != "officer"]))
    own = primary[primary["group"] == "yes"].iloc[0]
    assert own["estimate"] == pytest.approx(row(pair, ADJUSTED)["estimate"])
    assert own["p_adjusted"] >= own["p_value"]


def test_settings_rebuild_the_design_and_results_are_kept(tmp_path):
    design = se.RegressionAdjustment(covariates=("prior", "C(year)"), subgroups=("sex",), estimand="ate")
    assert se.rebuild(design.settings) == design
    result = design.fit(study())
    result.save(tmp_path)
    again = se.Result.load(tmp_path)
    pd.testing.assert_frame_equal(again.frame("coefficients"), result.frame("coefficients"))
    assert "influential" not in again.frames  # students' own rows are kept on request only


def test_the_same_study_gives_the_same_numbers_whatever_the_order_of_its_rows():
    table = students()
    shuffled = table.sample(frac=1, random_state=4)
    one, two = (se.RegressionAdjustment().fit(study(t)).estimates for t in (table, shuffled))
    np.testing.assert_allclose(one["estimate"], two["estimate"])


def test_swapped_labels_turn_the_sign_of_the_average_over_everybody():
    table = students()
    swapped = table.assign(society=np.where(table["society"] == "yes", "no", "yes"))
    design = se.RegressionAdjustment(estimand="ate")
    one, two = (row(design.fit(study(t)), ADJUSTED) for t in (table, swapped))
    assert one["estimate"] == pytest.approx(-two["estimate"])
    assert one["conf_low"] == pytest.approx(-two["conf_high"])
    assert one["p_value"] == pytest.approx(two["p_value"])


def test_scores_on_another_scale_give_the_same_test():
    table = students()
    scaled = table.assign(osce=lambda t: 5 * t["osce"] - 100)
    one, two = (row(se.RegressionAdjustment().fit(study(t)), ADJUSTED) for t in (table, scaled))
    assert two["estimate"] == pytest.approx(5 * one["estimate"])
    assert two["p_value"] == pytest.approx(one["p_value"])
