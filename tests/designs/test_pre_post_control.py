"""Both answers of Lord's paradox: numbers, when each leads, when one is refused, and what is said of it."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from wave_examples import keys_of, long, row, study, table

import society_effects as se
from society_effects.stats.stratified_superiority import stratified_superiority

ANCOVA, CHANGE = "adjusted_mean_difference", "difference_in_changes"


def lin(frame, outcome="post", baseline="pre"):
    """Lin's regression centred at the members' means, by statsmodels with HC3."""
    member = (frame["society"] == "yes").to_numpy(float)
    x = frame[baseline].to_numpy(float) - frame.loc[member == 1, baseline].mean()
    design = np.column_stack([np.ones(len(x)), member, x, member * x])
    return sm.OLS(frame[outcome].to_numpy(float), design).fit(cov_type="HC3", use_t=True), x[member == 1]


def test_the_adjusted_difference_is_lins_with_hc3_and_the_sampling_of_the_target():
    fit, x = lin(table())
    found = row(se.PrePostControl().fit(study()), ANCOVA)
    assert found["estimate"] == pytest.approx(fit.params[1])
    sampling = fit.params[3] ** 2 * x.var(ddof=1) / len(x)
    assert found["std_error"] == pytest.approx(np.sqrt(fit.bse[1] ** 2 + sampling))
    assert found["df"] == len(table()) - 4


def test_the_difference_in_changes_keeps_the_same_covariance_rule():
    frame = table()
    change, member = frame["post"] - frame["pre"], frame["society"] == "yes"
    found = row(se.PrePostControl().fit(study()), CHANGE)
    assert found["estimate"] == pytest.approx(change[member].mean() - change[~member].mean())
    design = sm.add_constant(member.to_numpy(float))
    assert found["std_error"] == pytest.approx(sm.OLS(change.to_numpy(), design).fit(cov_type="HC3").bse[1])
    assert found["method"] == "contrast_hc3"


@pytest.mark.parametrize(
    ("settings", "leading"),
    [
        ({}, [ANCOVA]),
        ({"selection_on": "baseline"}, [ANCOVA]),
        ({"selection_on": "stable"}, [CHANGE]),
        ({"headline": "both"}, [ANCOVA, CHANGE]),
        ({"headline": "ancova", "selection_on": "stable"}, [ANCOVA]),
    ],
)
def test_which_answer_leads(settings, leading):
    result = se.PrePostControl(**settings).fit(study())
    assert result.estimates.loc[result.estimates["primary"], "measure"].tolist() == leading
    assert ("SELECTION_NOT_STATED" in keys_of(result)) == ("selection_on" not in settings)


def test_both_answers_are_always_told():
    for settings in ({}, {"selection_on": "stable"}):
        text = str(se.PrePostControl(**settings).fit(study()).report())
        assert "among students with the same earlier score" in text.lower()
        assert "the other answer to the question" in text


def test_they_disagree_where_only_one_excludes_zero():
    rng = np.random.default_rng(8)
    member = np.arange(200) % 2 == 0
    pre = 60 + 10 * member + rng.normal(0, 5, 200)
    frame = pd.DataFrame({"society": np.where(member, "yes", "no"), "pre": pre})
    frame["post"] = 60 + 0.5 * (pre - 60) + 5 * member + rng.normal(0, 3, 200)  # both groups keep their distance
    result = se.PrePostControl().fit(se.Study(frame, group="society", baseline={"post": "pre"}))
    lord = next(check for check in result.checks if check.key == "LORD")
    assert lord.status == "warn"
    assert lord.values["a"] == pytest.approx(row(result, ANCOVA)["estimate"])
    assert "not if both fail" in str(result.report())


def test_agreeing_answers_are_bracketed_in_a_note():
    assert "LORD_BRACKET" in keys_of(se.PrePostControl().fit(study(table(shift=15.0))))


def test_without_overlap_the_adjusted_row_is_refused_and_the_change_stays():
    frame = table()
    frame.loc[frame["society"] == "yes", ["pre", "post"]] += 100
    result = se.PrePostControl().fit(study(frame))
    refused, change = row(result, ANCOVA), row(result, CHANGE)
    assert np.isnan(refused["estimate"]) and not refused["primary"]
    assert change["primary"] and change["p_value"] < 1
    assert "NO_OVERLAP" in keys_of(result) and result.grade == "E"
    assert "sensitivity" not in result.frames and "lines" not in result.frames
    assert str(result.report("zh"))


def test_errors_of_measurement_move_the_adjusted_difference():
    frame = se.PrePostControl(reliability=(0.7, 1.0)).fit(study()).to_frame("sensitivity")
    assert frame["setting"].tolist() == [0.7, 1.0]
    fit, _ = lin(table())
    assert frame["estimate"].iloc[1] == pytest.approx(fit.params[1])
    assert frame["estimate"].iloc[0] < frame["estimate"].iloc[1]  # members started higher


def test_nothing_is_taken_out_of_a_score_that_decided_itself():
    result = se.PrePostControl(selection_on="baseline").fit(study())
    assert "sensitivity" not in result.frames
    asked = se.PrePostControl(selection_on="baseline", reliability=0.8).fit(study())
    assert asked.to_frame("sensitivity")["setting"].tolist() == [0.8]


def test_slopes_overlap_correlations_and_lines():
    result = se.PrePostControl().fit(study())
    slopes = result.tests[result.tests["test"] == "slopes_differ"].iloc[0]
    fit, _ = lin(table())
    assert slopes["statistic"] == pytest.approx(fit.tvalues[3] ** 2) and (slopes["df1"], slopes["df2"]) == (1, 76)
    quantities = result.to_frame("quantities")
    assert quantities.loc[quantities["quantity"] == "overlap", "value"].between(0, 1).all()
    assert (quantities["quantity"] == "r_pre_post").sum() == 2
    lines = result.to_frame("lines")
    members = table().query("society == 'yes'")
    own = lines[lines["group"] == "yes"]
    assert (own["x"].min(), own["x"].max()) == (members["pre"].min(), members["pre"].max())
    slope = np.polyfit(members["pre"], members["post"], 1)[0]
    assert np.diff(own["value"]).mean() / np.diff(own["x"]).mean() == pytest.approx(slope)


def test_shares_are_standardised_over_the_earlier_value():
    frame = table()
    result = se.PrePostControl().fit(study(outcomes=("passed_post",)))
    strata = frame.query("society == 'yes'")["passed_pre"].value_counts(normalize=True)
    by = frame.groupby(["society", "passed_pre"])["passed_post"].mean()
    expected = sum(w * (by["yes", value] - by["no", value]) for value, w in strata.items())
    assert row(result, "adjusted_share_difference")["estimate"] == pytest.approx(expected)
    change = (frame["passed_post"] - frame["passed_pre"]).groupby(frame["society"]).mean()
    assert row(result, "difference_in_share_changes")["estimate"] == pytest.approx(change["yes"] - change["no"])
    assert "points" in str(result.table())


def test_ordered_outcomes_are_compared_among_students_of_the_same_category():
    frame = table()
    result = se.PrePostControl().fit(study(outcomes=("rating_post",)))
    literal = stratified_superiority(frame["rating_post"], frame["society"] == "yes", frame["rating_pre"])
    assert row(result, "adjusted_superiority")["estimate"] == pytest.approx(literal.superiority.estimate)
    change = frame["rating_post"] - frame["rating_pre"]
    a, b = change[frame["society"] == "yes"], change[frame["society"] == "no"]
    wins = (a.to_numpy()[:, None] > b.to_numpy()).mean() + 0.5 * (a.to_numpy()[:, None] == b.to_numpy()).mean()
    assert row(result, "superiority_of_changes")["estimate"] == pytest.approx(wins)


def test_classes_give_cr2_with_degrees_of_freedom_shown():
    result = se.PrePostControl().fit(study(cluster="class", outcomes=("post", "passed_post", "rating_post")))
    frame = result.estimates[result.estimates["reference"].notna()]
    assert frame["method"].str.contains("cr2").all()
    assert (frame["n_clusters"] == 10).all() and (frame["df"] < 10).all()
    assert "10 classes" in str(result.report())


def test_several_outcomes_share_a_family_with_simultaneous_limits():
    result = se.PrePostControl().fit(study(outcomes=("post", "passed_post")))
    primary = result.estimates[result.estimates["primary"]]
    assert (primary["p_adjusted"] >= primary["p_value"]).all()
    assert (primary["simultaneous_low"] <= primary["conf_low"]).all()
    assert set(primary["adjustment"]) == {"max_t_multivariate_t"}


def test_several_groups_are_each_compared_with_the_reference():
    frame = table()
    frame.loc[::7, "society"] = "officer"
    groups = study(frame, reference="no", member="yes", levels=("no", "yes", "officer"))
    result = se.PrePostControl().fit(groups)
    primary = result.estimates[result.estimates["primary"]]
    assert set(primary["group"]) == {"yes", "officer"} and set(primary["reference"]) == {"no"}
    two = se.PrePostControl().fit(study(frame[frame["society"] != "officer"]))
    assert row(result, ANCOVA, group="yes")["estimate"] == pytest.approx(row(two, ANCOVA)["estimate"])


def test_wide_and_long_data_give_identical_results():
    frame = table()
    frame.loc[[3, 10], "post"] = np.nan
    wide = se.PrePostControl().fit(study(frame))
    shape = {"group": "society", "unit": "student", "wave": "wave", "waves": ("before", "after")}
    tall = se.PrePostControl().fit(se.Study(long(frame).dropna(), outcomes="post", **shape))
    columns = ["measure", "estimate", "std_error", "p_value", "conf_low", "conf_high", "n"]
    pd.testing.assert_frame_equal(wide.estimates[columns], tall.estimates[columns])


def test_swapping_the_labels_turns_the_change_around():
    there = row(se.PrePostControl().fit(study()), CHANGE)
    back = row(se.PrePostControl().fit(study(member="no", reference="yes")), CHANGE)
    assert there["estimate"] == pytest.approx(-back["estimate"]) and there["p_value"] == pytest.approx(back["p_value"])


class TestMembershipOverTime:
    def roles(self):
        return {"group": "society", "unit": "student", "wave": "wave", "waves": ("before", "after")}

    def test_leavers_and_those_who_were_members_already(self):
        data = long(table())
        leaver, late = data["student"].isin(["s0", "s1"]), data["student"].isin(["s5", "s6", "s10"])
        data.loc[leaver & (data["wave"] == "after"), "society"] = "no"
        data.loc[late & (data["wave"] == "before"), "society"] = "no"
        result = se.PrePostControl().fit(se.Study(data, outcomes="post", **self.roles()))
        left = next(check for check in result.checks if check.key == "LEAVERS")
        already = next(check for check in result.checks if check.key == "ALREADY_MEMBERS")
        assert left.values["n"] == 2 and already.values["n"] == 29 and already.values["of"] == 30
        assert row(result, CHANGE)["n_group"] == 30

    def test_joining_after_the_later_wave_is_refused(self):
        frame = table()
        waves = {"score": {"t1": "pre", "t2": "post", "t3": "rating_post"}}
        frame["joined"] = np.where(frame["society"] == "yes", "t2", None)
        frame.loc[[0, 5], "joined"] = "t3"
        three = se.Study(frame, waves=waves, group="society", joined="joined")
        with pytest.raises(se.DesignError, match="joined after"):
            se.PrePostControl(first="t1", last="t2").fit(three)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"headline": "best"}, "headline"),
        ({"selection_on": "pre"}, "selection_on"),
        ({"reliability": 0}, "reliability"),
    ],
)
def test_settings_that_cannot_be(settings, words):
    with pytest.raises(se.DesignError, match=words):
        se.PrePostControl(**settings)


def test_an_empty_group_is_an_error():
    frame = table()
    frame.loc[frame["society"] == "yes", "post"] = np.nan
    with pytest.raises(se.DesignError, match="yes"):
        se.PrePostControl().fit(study(frame))


def test_a_single_class_per_group_is_refused():
    frame = table().assign(**{"class": lambda f: f["society"]})
    with pytest.raises(se.DesignError):
        se.PrePostControl().fit(study(frame, cluster="class"))
