"""The ladder: the same students on every rung, differences with their own limits, reasons for what is missing."""

import re

import numpy as np
import pytest
from ladder_examples import BLOCKS, rungs, students, study

import society_effects as se
from society_effects.errors import DesignError
from society_effects.stats.rung_differences import Rung, rung_difference, rungs_agree, share_left


def test_each_rung_is_the_design_fitted_to_the_common_students():
    table = students()
    table.loc[:5, "motivation"] = np.nan
    table.loc[6:8, "osce"] = np.nan
    shown = rungs(se.triangulate(study(table)))
    common = table[9:]
    raw = se.MemberComparison().fit(study(common)).estimates
    assert shown.loc["raw", "estimate"] == pytest.approx(raw[raw["measure"] == "mean_difference"]["estimate"].iloc[0])
    for key, names in (("demographics", ("sex",)), ("prior_achievement", ("sex", "prior"))):
        alone = se.RegressionAdjustment(covariates=names).fit(study(common)).estimates
        own = alone[alone["primary"]].iloc[0]
        assert shown.loc[key, ["estimate", "std_error"]].tolist() == pytest.approx(
            own[["estimate", "std_error"]].tolist()
        )
    climbed = shown[shown["reason"].isna()]
    assert set(climbed["n"]) == {len(common)}
    assert shown.loc["motivation", "adjusted_for"] == "sex, prior, motivation"


def test_what_cannot_be_climbed_says_why():
    shown = rungs(se.triangulate(study()))
    assert shown["reason"].dropna().to_dict() == {"within_class": "no_classes", "change": "no_earlier_wave"}
    table = students()
    table["class"] = np.where(table["society"] == "yes", table["class"] % 6, 6 + table["class"] % 6)
    whole = rungs(se.triangulate(study(table, cluster="class")))
    assert whole.loc["within_class", "reason"] == "whole_classes"
    bare = rungs(se.triangulate(study(covariates=())))
    assert bare.loc["covariates", "reason"] == "no_covariates"


def test_classes_and_earlier_scores_have_rungs_of_their_own():
    waves = {"outcomes": None, "baseline": {"osce": "earlier"}, "cluster": "class"}
    result = se.triangulate(study(**waves))
    shown = rungs(result)
    assert list(shown.index) == [*("raw", *BLOCKS), "baseline", "within_class", "change"]
    assert shown["reason"].isna().all()
    assert shown["position"].tolist() == list(range(1, 8))
    assert shown.loc["change", "assumption"] == "parallel_changes"
    head = result.estimates[result.estimates["primary"]]
    assert head["design"].tolist() == ["within_class"]
    change = se.PrePostControl(headline="change").fit(study(**waves)).estimates
    expected = change[change["measure"] == "difference_in_changes"]["estimate"].iloc[0]
    assert shown.loc["change", "estimate"] == pytest.approx(expected)
    assert "rungs_agree" in set(result.tests["test"])


def test_of_three_waves_the_groups_as_they_are_stand_at_the_later_one():
    panel = se.load_sample("professional_identity_panel")
    result = se.triangulate(panel, first="before", last="year")
    shown, means = rungs(result, "identity"), result.frame("values").groupby("group")["value"].mean()
    assert shown.loc["raw", "estimate"] == pytest.approx(means["yes"] - means["no"])
    assert shown["n"].dropna().unique().tolist() == [372]


@pytest.mark.slow
def test_the_limits_of_a_move_are_those_of_refitted_resamples():
    table = students(400)
    shown = rungs(se.triangulate(study(table))).loc["motivation"]
    rng, moves = np.random.default_rng(1), []
    adjusted = se.RegressionAdjustment()
    for _ in range(120):
        drawn = study(table.iloc[rng.integers(0, len(table), len(table))].reset_index(drop=True))
        rows = adjusted.fit(drawn).estimates
        values = rows.set_index("measure")["estimate"]
        moves.append(values["adjusted_mean_difference"] - values["mean_difference"])
    width = (shown["from_raw_high"] - shown["from_raw_low"]) / (2 * 1.966)
    assert width == pytest.approx(np.std(moves, ddof=1), rel=0.2)
    alone = np.hypot(shown["std_error"], 1.0)
    assert width < alone  # rungs share their students: their difference is surer than each of them


def test_the_share_left_is_told_only_where_there_was_a_difference():
    shown = rungs(se.triangulate(study()))
    share = shown.loc["motivation", "share_left"]
    assert share == pytest.approx(shown.loc["motivation", "estimate"] / shown.loc["raw", "estimate"])
    flat = students().assign(osce=lambda t: np.random.default_rng(0).normal(70, 5, len(t)))
    assert rungs(se.triangulate(study(flat)))["share_left"].isna().all()


def test_yes_or_no_outcomes_climb_in_shares_and_others_stay_below():
    ordinal = se.Outcome("rating", kind="ordinal")
    result = se.triangulate(study(outcomes=["osce", "passed", ordinal]))
    shown = rungs(result, "passed")
    assert shown.loc["motivation", "estimate"] < shown.loc["raw", "estimate"]
    assert result.estimates.loc[result.estimates["outcome"] == "passed", "measure"].unique().tolist() == [
        "risk_difference",
        "adjusted_share_difference",
    ]
    assert set(result.frame("ledger")["outcome"].dropna()) == {"osce", "passed"}
    left = next(check for check in result.checks if check.key == "NOT_IN_LADDER")
    assert left.values["outcomes"] == ("rating",)
    for shown in (result.summary("en"), result.report("en"), result.table("rungs", lang="en")):
        assert re.search(r"Not in (the ladder|this table), [^.]*: rating\.", str(shown))


def test_designs_of_ones_own_are_rungs_by_their_names():
    own = {
        "as they are": se.MemberComparison(),
        "all": se.RegressionAdjustment(),
        "some": se.RegressionAdjustment(covariates=("prior",)),
    }
    result = se.triangulate(study(), own, headline="all")
    assert list(rungs(result).index) == list(own)
    assert result.estimates.loc[result.estimates["primary"], "design"].tolist() == ["all"]
    assert result.grade == se.RegressionAdjustment().fit(study()).grade


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"headline": "matched"}, "UNKNOWN_RUNG"),
        ({"designs": [se.MemberComparison(method="mann-whitney"), se.RegressionAdjustment()]}, "RUNG_ON_ANOTHER_SCALE"),
        ({"designs": [se.RegressionAdjustment(), se.RegressionAdjustment(estimand="ate")]}, "RUNGS_AIM_APART"),
        ({"estimand": "atu"}, "UNKNOWN_CHOICE"),
    ],
)
def test_ladders_that_cannot_be_built_are_refused(arguments, code):
    with pytest.raises(DesignError) as refused:
        se.triangulate(study(), **arguments)
    assert refused.value.code == code


def test_a_ladder_of_ranks_is_refused():
    ordinal = se.Outcome("rating", kind="ordinal")
    with pytest.raises(DesignError) as refused:
        se.triangulate(study(outcomes=[ordinal]))
    assert refused.value.code == "NO_OUTCOME_FOR_LADDER"


def test_the_ladder_is_no_better_than_the_design_that_answers():
    about = {"covariates_before_joining": "none"}
    result = se.triangulate(study(about=about))
    assert result.grade == "D"
    assert "BAD_CONTROL" in result.grading.lowered_by
    assert se.triangulate(study(covariates=())).grade == "E"


def test_simulated_cohorts_carry_their_truth():
    result = se.triangulate(se.load_sample("clinical_skills_667"))
    truth = result.frame("truth")
    assert {"att", "diff"} <= set(truth["estimand"])
    assert len(truth[(truth["outcome"] == "total") & (truth["estimand"] == "att")]) == 1


def test_several_groups_have_a_ladder_each():
    table = students(500)
    officers = np.random.default_rng(2).random(len(table)) < 0.3
    table["society"] = np.where((table["society"] == "yes") & officers, "officer", table["society"])
    roles = {"levels": ("no", "yes", "officer"), "reference": "no", "member": "yes"}
    rows = se.triangulate(study(table, **roles)).frame("rungs")
    assert set(rows["group"]) == {"yes", "officer"}


def test_the_ladder_shows_itself_in_both_languages():
    result = se.triangulate(study())
    for lang in ("en", "zh"):
        assert "raw" not in result.table("rungs", lang).to_markdown() or lang == "en"
        assert str(result.report(lang))
        result.plot("ladder", lang=lang)


def test_influence_values_add_up_to_the_error_of_a_difference():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 40))
    one, two = Rung(2.0, a, 30.0), Rung(1.5, b, 20.0)
    found = rung_difference(one, two)
    assert found.std_error == pytest.approx(np.sqrt(np.sum((a - b) ** 2)))
    assert found.df == 20
    classes = np.repeat(np.arange(8), 5)
    together = rung_difference(one, two, clusters=classes)
    assert together.std_error == pytest.approx(np.sqrt(np.sum(np.add.reduceat(a - b, np.arange(0, 40, 5)) ** 2)))
    assert rung_difference(one, one).flags["SAME_ANSWER"]
    assert rungs_agree([one, two]).statistic == pytest.approx(found.statistic**2)
    left = share_left(two, one)
    assert left.estimate == pytest.approx(0.75)
    assert left.std_error == pytest.approx(np.sqrt(np.sum((b - 0.75 * a) ** 2)) / 2)
