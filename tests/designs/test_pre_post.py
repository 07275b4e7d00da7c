"""Members before and after: the numbers, what regression to the mean would give, and who is missing."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from wave_examples import SLEEP, keys_of, long, row, sleep, study, table

import society_effects as se


def test_the_paired_t_interval_of_student_1908():
    found = row(se.PrePost().fit(sleep()), "mean_change")
    assert found["estimate"] == pytest.approx(1.58)
    assert (found["conf_low"], found["conf_high"]) == (pytest.approx(0.7001142, abs=1e-7), pytest.approx(2.4598858))
    assert found["statistic"] == pytest.approx(4.062128, abs=1e-6)
    assert (found["method"], found["interval_method"]) == ("sign_flip_exact", "paired_t")  # ten pairs


def test_on_request_the_test_is_the_paired_t():
    found = row(se.PrePost(method="paired-t").fit(sleep()), "mean_change")
    assert found["p_value"] == pytest.approx(stats.ttest_rel(SLEEP["drug2"], SLEEP["drug1"]).pvalue)
    assert found["df"] == 9


def test_from_15_pairs_on_the_paired_t_is_the_default():
    found = row(se.PrePost().fit(study()), "mean_change")
    members = table().query("society == 'yes'")
    assert found["method"] == "paired_t"
    assert found["p_value"] == pytest.approx(stats.ttest_rel(members["post"], members["pre"]).pvalue)
    assert found["n"] == len(members) == 32


def test_both_standardised_changes_are_named_by_their_standardiser():
    result = se.PrePost().fit(study())
    members = table().query("society == 'yes'")
    change = members["post"] - members["pre"]
    average = np.sqrt((members["pre"].var() + members["post"].var()) / 2)
    assert row(result, "d_av")["estimate"] == pytest.approx(change.mean() / average)
    assert row(result, "d_z")["estimate"] == pytest.approx(change.mean() / change.std())
    beside = [m for m in result.estimates["measure"] if m.startswith("d_")]
    assert beside == ["d_av", "d_z"]


def test_the_signed_rank_test_leads_on_request():
    result = se.PrePost(method="signed-rank").fit(study())
    found = row(result, "pseudo_median")
    assert found["primary"] and not row(result, "mean_change")["primary"]
    assert found["conf_low"] < found["estimate"] < found["conf_high"]
    assert "Walsh" not in str(result.report()) and "pseudo-median" in str(result.report())


def test_yes_or_no_and_ordered_outcomes_have_their_own_measures():
    result = se.PrePost().fit(study(outcomes=("passed_post", "rating_post")))
    members = table().query("society == 'yes'")
    change = row(result, "share_change")
    assert change["estimate"] == pytest.approx((members["passed_post"] - members["passed_pre"]).mean())
    assert (change["method"], change["interval_method"]) == ("mcnemar_mid_p", "newcombe_paired")
    higher = np.sign(members["rating_post"] - members["rating_pre"])
    assert row(result, "paired_superiority")["estimate"] == pytest.approx(((1 + higher) / 2).mean())


def test_members_are_analysed_and_the_others_counted():
    result = se.PrePost().fit(study())
    ledger = result.ledger
    assert ledger.loc[ledger["step"] == "selected", "n_dropped"].tolist() == [48]
    assert set(result.to_frame("groups")["group"]) == {"yes"}
    assert "MEMBERS_ONLY" in keys_of(result)
    assert result.grade == "F"


def test_pairs_that_are_lost_are_counted_and_described():
    frame = table()
    member = np.flatnonzero(frame["society"] == "yes")
    frame.loc[member[:3], "post"] = np.nan
    frame.loc[member[3], "pre"] = np.nan
    frame.loc[member[4], ["pre", "post"]] = np.nan
    result = se.PrePost().fit(study(frame))
    assert row(result, "mean_change")["n"] == 27
    lost = result.to_frame("attrition").set_index("wave")
    assert lost.loc["before", "n_lost"] == 3 and lost.loc["after", "n_lost"] == 1
    assert lost.loc["before", "mean_lost"] == pytest.approx(frame.loc[member[:3], "pre"].mean())
    own = result.ledger[result.ledger["group"] == "yes"]
    assert own.set_index("step")["n_dropped"].to_dict() == {"outcome_missing": 1, "pair_incomplete": 4, "analysed": 0}
    assert own["n_after"].iloc[-1] == 27
    assert "were left out of the changes of that outcome" in str(result.report())
    assert str(result.table("attrition", lang="zh"))


def test_wide_and_long_data_give_identical_results():
    frame = table()
    frame.loc[3, "post"] = np.nan
    wide = se.PrePost().fit(study(frame))
    shape = {"group": "society", "unit": "student", "wave": "wave", "waves": ("before", "after")}
    tall = se.PrePost().fit(se.Study(long(frame).dropna(), outcomes="post", **shape))
    columns = ["measure", "estimate", "std_error", "p_value", "conf_low", "conf_high", "n"]
    pd.testing.assert_frame_equal(wide.estimates[columns], tall.estimates[columns])


class TestRegressionToTheMean:
    def test_it_is_expected_only_of_students_chosen_by_this_score(self):
        design = {"population_mean": 75.0, "reliability": 0.6}
        chosen = se.PrePost(selected_on="pre", **design).fit(study())
        free = se.PrePost(**design).fit(study())
        frame = chosen.to_frame("sensitivity")
        first = table().query("society == 'yes'")["pre"].mean()
        assert frame["estimate"].tolist() == pytest.approx([0.4 * (75.0 - first)])
        assert "RTM_SELECTED" in keys_of(chosen) and "RTM_CONDITIONAL" in keys_of(free)
        assert "because students were chosen by this very score" in str(chosen.report())
        assert "if students had been chosen by this very score" in str(free.report())

    def test_without_a_reliability_a_grid_is_tried(self):
        frame = se.PrePost(population_mean=75.0).fit(study()).to_frame("sensitivity")
        assert frame["setting"].tolist() == [0.6, 0.7, 0.8, 0.9]
        assert (np.diff(np.abs(frame["estimate"])) < 0).all()

    def test_without_a_population_mean_nothing_is_computed(self):
        result = se.PrePost(reliability=0.8).fit(study())
        assert "sensitivity" not in result.frames and "RTM_NOT_KNOWN" in keys_of(result)

    def test_the_mean_may_be_given_by_outcome(self):
        result = se.PrePost(population_mean={"post": 70.0}).fit(study(outcomes=("post", "passed_post")))
        assert set(result.to_frame("sensitivity")["outcome"]) == {"post"}


def test_reliable_change_counts_students():
    result = se.PrePost(reliability=0.8).fit(study())
    quantities = result.to_frame("quantities").set_index("quantity")
    members = table().query("society == 'yes'")
    smallest = 1.96 * members["pre"].std() * np.sqrt(2 * 0.2)
    assert quantities.loc["reliable_change", "value"] == pytest.approx(smallest)
    assert quantities.loc["improved", "value"] == pytest.approx((members["post"] - members["pre"] > smallest).mean())
    verdicts = result.to_frame("pairs")["verdict"]
    assert (verdicts == "improved").mean() == pytest.approx(quantities.loc["improved", "value"])
    assert (verdicts == "deteriorated").mean() == pytest.approx(quantities.loc["deteriorated", "value"])
    changes = result.to_frame("pairs").set_index("verdict")["change"]
    assert changes["improved"].min() > smallest >= changes["unchanged"].abs().max()


def test_classes_are_never_ignored():
    found = row(se.PrePost().fit(study(cluster="class")), "mean_change")
    assert found["method"] == "cr2" and found["n_clusters"] == 4  # members sit in four of the ten classes
    assert found["df"] < 10


def test_of_three_waves_two_are_chosen():
    frame = table().assign(year=lambda f: f["post"] + 1)
    waves = {"score": {"t1": "pre", "t2": "post", "t3": "year"}}
    three = se.Study(frame, waves=waves, group="society")
    with pytest.raises(se.DesignError, match="more than two waves"):
        se.PrePost().fit(three)
    found = row(se.PrePost(first="t2", last="t3").fit(three), "mean_change")
    assert (found["reference_wave"], found["wave"]) == ("t2", "t3")
    assert found["estimate"] == pytest.approx(1.0)
    with pytest.raises(se.DesignError, match="name the earlier wave first"):
        se.PrePost(first="t3", last="t1").fit(three)
    with pytest.raises(se.DesignError, match="not a wave"):
        se.PrePost(first="t1", last="t9").fit(three)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"reliability": 1.2}, "reliability"),
        ({"reliability": ()}, "reliability"),
        ({"selected_on": "post"}, "selected_on"),
        ({"method": "welch"}, "welch"),
        ({"conf_level": 95}, "95"),
        ({"resamples": 3}, "3"),
    ],
)
def test_settings_that_cannot_be(settings, words):
    with pytest.raises(se.DesignError, match=words):
        se.PrePost(**settings)


def test_one_population_mean_belongs_to_one_score():
    frame = table().assign(other_pre=lambda f: f["pre"] * 2, other=lambda f: f["post"] * 2)
    two = se.Study(frame, baseline={"post": "pre", "other": "other_pre"})
    with pytest.raises(se.DesignError, match="several scores"):
        se.PrePost(population_mean=70.0).fit(two)
    frame = se.PrePost(population_mean={"post": 70.0, "other": 140.0}).fit(two).to_frame("sensitivity")
    assert set(frame["outcome"]) == {"post", "other"}


def test_a_population_mean_must_be_a_number():
    with pytest.raises(se.DesignError, match="population mean"):
        se.PrePost(population_mean="sixty").fit(study())


def test_a_single_wave_is_refused():
    with pytest.raises(se.DesignError, match="2 waves or more"):
        se.PrePost().fit(se.Study(table(), outcomes="post", group="society"))


def test_everybody_changing_by_the_same_amount_has_no_p():
    result = se.PrePost().fit(se.Study({"pre": [1.0, 2, 3, 4], "post": [3.0, 4, 5, 6]}, baseline={"post": "pre"}))
    found = row(result, "mean_change")
    assert found["estimate"] == 2 and np.isnan(found["p_value"]) and np.isnan(found["conf_low"])
    assert "NO_SPREAD_LEFT" in keys_of(result)


def test_one_missing_for_everybody_is_an_error_of_the_study():
    with pytest.raises(se.StudyError, match="no values at all"):
        study(table().assign(pre=np.nan))


def test_no_student_with_both_scores():
    frame = table().query("society == 'yes'").reset_index(drop=True)
    frame.loc[::2, "pre"], frame.loc[1::2, "post"] = np.nan, np.nan
    result = se.PrePost().fit(se.Study(frame, baseline={"post": "pre"}))
    assert np.isnan(row(result, "mean_change")["estimate"]) and "TOO_FEW" in keys_of(result)
    assert str(result.report("zh"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nobody_could_take_the_rise_for_an_effect(lang):
    """Whoever reads only the results paragraph learns that the rise cannot be attributed to the society."""
    from society_effects.language.lexicon import lint
    from society_effects.reports.sentences import results_paragraph

    frame = table(shift=12.0)
    said = results_paragraph(se.PrePost().fit(study(frame)), lang)
    assert {"en": "cannot be attributed to the society", "zh": "不能归因于社团"}[lang] in said
    assert not lint(said, "F", lang)


def test_several_outcomes_are_adjusted_by_holm():
    result = se.PrePost().fit(study(outcomes=("post", "passed_post")))
    primary = result.estimates[result.estimates["primary"]]
    assert (primary["p_adjusted"] >= primary["p_value"]).all()
    assert set(primary["adjustment"]) == {"holm"}


def test_a_mean_named_for_no_outcome_is_refused():
    study = se.Study({"a": [1, 2, 3, 4.0] * 5, "b": [2, 3, 5, 4.0] * 5}, baseline={"b": "a"})
    with pytest.raises(se.SocietyEffectsError, match="named in population_mean="):
        se.PrePost(population_mean={"typo": 3}, selected_on="pre", reliability=0.8).fit(study)
    result = se.PrePost(selected_on="pre").fit(study)
    assert ("RTM_NOT_KNOWN", "warn") in {(check.key, check.status) for check in result.checks}
