"""Each analysis is the one of ``stats``, of the students that the design compared; nothing else is changed."""

import numpy as np
import pandas as pd
import pytest
from probing_examples import one, rows_of, students, study_of

import society_effects as se
from society_effects.probing.asking import ANALYSES
from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.e_value import e_value_of_difference, e_value_of_ratio, observed_e_value
from society_effects.stats.effect_sizes import d_adjusted
from society_effects.stats.error_in_variables import error_in_variables
from society_effects.stats.missing_outcomes import shifted_outcomes
from society_effects.stats.moments import Moments
from society_effects.stats.omitted_variable import omitted_variable
from society_effects.stats.oster import proportional_selection
from society_effects.stats.worst_case_bounds import worst_case_bounds

FRAME = students()
STUDY = study_of(FRAME)
FIT = se.RegressionAdjustment().fit(STUDY)
PROBED = se.sensitivity(FIT, STUDY)
RAW_FIT = se.MemberComparison(resamples=199).fit(STUDY)
RAW = se.sensitivity(RAW_FIT, STUDY)
COMPLETE = FRAME[FRAME["prior"].notna()]
ANALYSED = COMPLETE[COMPLETE["osce"].notna()]


def columns(frame, without=()):
    made = {
        "sex": frame["sex"] == "M",
        "year": frame["year"],
        "prior": frame["prior"],
        "motivation": frame["motivation"],
    }
    return np.column_stack([np.asarray(v, dtype=float) for name, v in made.items() if name not in without])


def member(frame):
    return (frame["society"] == "yes").to_numpy()


def test_all_else_is_kept():
    for name in FIT.frames:
        if name != "sensitivity":
            pd.testing.assert_frame_equal(FIT.frame(name), PROBED.frame(name))
    before = FIT.frame("sensitivity")
    both = before.merge(PROBED.frame("sensitivity"), how="left", indicator=True)
    assert (both["_merge"] == "both").all()
    assert PROBED.settings == FIT.settings and PROBED.grade == FIT.grade
    assert set(map(str, FIT.checks)) <= set(map(str, PROBED.checks))
    assert PROBED.provenance["seed"] == FIT.settings["seed"]


def test_the_bundle_follows_the_kind_and_what_is_missing():
    made = rows_of(PROBED, outcome="osce")["analysis"].unique()
    assert set(made) == {*ANALYSES, "extreme", "benchmark"} - {"negative_control"}
    assert set(rows_of(PROBED, outcome="passed")["analysis"]) == {"e_value", "worst_case"}
    complete = study_of(students(missing=False))
    full = se.sensitivity(se.RegressionAdjustment().fit(complete), complete)
    assert not set(full.frame("sensitivity")["analysis"]) & {"tipping_point", "worst_case"}


def test_e_values_without_each_covariate():
    values, arm = ANALYSED["osce"].to_numpy(), member(ANALYSED)
    arms = Moments.of(values[arm]), Moments.of(values[~arm])

    def needed(without=()):
        difference = adjusted_difference(values, arm, columns(ANALYSED, without)).difference
        d = d_adjusted(difference, *arms)
        return e_value_of_difference(d.estimate, d.std_error, df=d.df), difference

    whole = needed()[0]
    assert one(PROBED, "e_value", "osce", "estimate")["value"] == pytest.approx(whole.point, rel=1e-12)
    assert one(PROBED, "e_value", "osce", "limit")["value"] == pytest.approx(whole.limit, rel=1e-12)
    for name, left_out in (("prior", ("prior",)), ("demographics", ("sex", "year"))):
        fewer, difference = needed(left_out)
        row = one(PROBED, "e_value", "osce", "without", name)
        assert row["value"] == pytest.approx(observed_e_value(whole.risk_ratio, fewer.risk_ratio), rel=1e-12)
        assert row["estimate"] == pytest.approx(difference.estimate, rel=1e-10)
        assert row["conf_low"] == pytest.approx(difference.conf_low, rel=1e-9)


def test_oster():
    found = proportional_selection(ANALYSED["osce"], member(ANALYSED), columns(ANALYSED))
    row = one(PROBED, "oster")
    assert row[["setting", "value", "estimate"]].tolist() == pytest.approx(
        [found.r2_max, found.delta, found.estimate], rel=1e-10
    )
    assert found.r2_max == min(1.0, 1.3 * found.r2_controlled)


def test_missing_scores_of_one_group_are_shifted():
    shifted = shifted_outcomes(COMPLETE["osce"], member(COMPLETE), columns(COMPLETE))
    for parameter, pair in (("shift_members", (1, 0)), ("shift_others", (0, 1))):
        rows = rows_of(PROBED, "tipping_point", parameter=parameter)
        assert rows["setting"].tolist() == [-1, -0.5, 0, 0.5, 1]
        for _, row in rows.iterrows():
            alone = shifted.shifted(*(row["setting"] * side for side in pair))
            assert row["estimate"] == pytest.approx(alone.estimate, rel=1e-10)
            assert row["conf_high"] == pytest.approx(alone.conf_high, rel=1e-9)
    tips = one(PROBED, "tipping_point", parameter="tips_members")["value"]
    assert tips == pytest.approx(shifted.tipping("members").limit, rel=1e-9)
    at_it = shifted.shifted(tips, 0.0)
    assert min(abs(at_it.conf_low), abs(at_it.conf_high)) < 1e-8


def test_missing_scores_at_the_ends_of_the_scale():
    for outcome, ends in (("osce", (0, 120)), ("passed", (0, 1))):
        values = COMPLETE[outcome].astype(float)
        settings = {"lowest": ends[0], "highest": ends[1]}
        bounds = worst_case_bounds(values, member(COMPLETE), columns(COMPLETE), **settings)
        low, high = (one(PROBED, "worst_case", outcome, end) for end in ("lowest", "highest"))
        assert (low["estimate"], high["estimate"]) == pytest.approx((bounds.low.estimate, bounds.high.estimate))
        assert (low["conf_low"], high["conf_high"]) == pytest.approx((bounds.conf_low, bounds.conf_high))


def test_an_unreliable_covariate():
    others = np.delete(columns(ANALYSED), 2, axis=1)
    draws = {"resamples": 1999, "seed": FIT.settings["seed"]}
    found = error_in_variables(ANALYSED["osce"], ANALYSED["prior"], member(ANALYSED), covariates=others, **draws)
    rows = rows_of(PROBED, "errors_in_variables", "osce", "reliability", "prior")
    assert rows["setting"].tolist() == [0.6, 0.7, 0.8, 0.9, 1.0]
    assert rows["estimate"].to_numpy() == pytest.approx(found.difference.estimate, rel=1e-9)
    assert rows["std_error"].to_numpy() == pytest.approx(found.difference.std_error, rel=1e-9)
    answer = FIT.estimates.query("outcome == 'osce' and primary")["estimate"].iloc[0]
    assert rows["estimate"].iloc[-1] == pytest.approx(answer, rel=1e-10)


def test_the_raw_difference():
    seen = FRAME[FRAME["osce"].notna()]
    raw = omitted_variable(seen["osce"], member(seen), np.zeros((len(seen), 0)), groups={})
    assert one(RAW, "robustness_value", "osce", "estimate")["value"] == pytest.approx(raw.robustness())
    assert one(RAW, "robustness_value", "osce", "limit")["value"] == pytest.approx(raw.robustness(alpha=0.05))
    row = RAW_FIT.estimates.query("outcome == 'passed' and measure == 'risk_ratio'").iloc[0]
    needed = e_value_of_ratio(row["estimate"], row["conf_low"], row["conf_high"])
    assert one(RAW, "e_value", "passed", "estimate")["value"] == pytest.approx(needed.point)
    assert one(RAW, "e_value", "passed", "limit")["value"] == pytest.approx(needed.limit)


def test_a_covariate_that_was_left_out_is_its_own_benchmark():
    """Where a covariate works against the difference, to adjust for it alone is the answer of its benchmark."""
    complete = study_of(students(missing=False), covariates=["prior", "motivation"])
    probed = se.sensitivity(se.MemberComparison().fit(complete), complete)
    frame = students(missing=False)
    for name in ("prior", "motivation"):
        alone = adjusted_difference(frame["osce"], member(frame), frame[[name]], interactions=False)
        row = one(probed, "benchmark", "osce", "times", name)
        assert row["estimate"] == pytest.approx(alone.difference.estimate, rel=1e-9)


def test_before_and_after():
    frame = students(missing=False).rename(columns={"osce": "after", "prior": "before"})
    roles = {"group": "society", "baseline": {"after": "before"}}
    study = se.Study(frame, **roles)
    found = se.sensitivity(se.PrePostControl().fit(study), study)
    change, arm = (frame["after"] - frame["before"]).to_numpy(), member(frame)
    raw = adjusted_difference(change, arm)
    d = d_adjusted(raw.difference, Moments.of(change[arm]), Moments.of(change[~arm]))
    rows = rows_of(found, "e_value", parameter="estimate").set_index("measure")["value"]
    assert rows["difference_in_changes"] == pytest.approx(e_value_of_difference(d.estimate).point, rel=1e-9)
    assert "adjusted_mean_difference" in rows
    later = se.RegressionAdjustment().fit(study)
    same = one(se.sensitivity(later, study, "e_value"), "e_value", parameter="estimate")["value"]
    assert rows["adjusted_mean_difference"] == pytest.approx(same, rel=1e-9)


def test_asking_twice_changes_nothing():
    again = se.sensitivity(PROBED, STUDY)
    pd.testing.assert_frame_equal(again.frame("sensitivity"), PROBED.frame("sensitivity"))
    assert sorted(map(str, again.checks)) == sorted(map(str, PROBED.checks))


def test_analyses_can_be_asked_for_alone(tmp_path):
    alone = se.sensitivity(FIT, STUDY, "oster")
    new = set(rows_of(alone)["analysis"]) - set(rows_of(FIT)["analysis"])
    assert new == {"oster"}
    both = se.sensitivity(alone, STUDY, ("worst_case", "e_value"))
    assert {"oster", "worst_case"} <= set(rows_of(both)["analysis"])
    both.save(tmp_path)
    kept = se.Result.load(tmp_path)
    pd.testing.assert_frame_equal(kept.frame("sensitivity"), both.frame("sensitivity"))
    assert len(se.sensitivity(kept, STUDY, "tipping_point").frame("sensitivity")) > len(rows_of(both))


def test_units_do_not_matter():
    other = FRAME.assign(osce=FRAME["osce"] * 40 + 9, prior=FRAME["prior"] / 3 - 5)
    study = study_of(other, [se.Outcome("osce", range=(9, 4809)), "passed"])
    found = se.sensitivity(se.RegressionAdjustment().fit(study), study).frame("sensitivity")
    ours = PROBED.frame("sensitivity")
    assert found["value"].to_numpy() == pytest.approx(ours["value"].to_numpy(), rel=1e-7, nan_ok=True)
    scores = (ours["outcome"] == "osce").to_numpy()
    times = np.where(scores, 40.0, 1.0)
    assert found["estimate"].to_numpy() == pytest.approx(ours["estimate"].to_numpy() * times, rel=1e-7, nan_ok=True)


def test_it_does_not_matter_who_is_called_a_member():
    flipped = se.Study(
        FRAME, group="society", member="no", outcomes=[se.Outcome("osce", range=(0, 120))], covariates=["prior"]
    )
    asked = se.Study(FRAME, group="society", outcomes=[se.Outcome("osce", range=(0, 120))], covariates=["prior"])
    both = [se.sensitivity(se.MemberComparison().fit(s), s) for s in (asked, flipped)]
    for analysis, parameter in (("e_value", "estimate"), ("robustness_value", "limit")):
        values = [one(found, analysis, parameter=parameter)["value"] for found in both]
        assert values[0] == pytest.approx(values[1], rel=1e-9)
    lowest, highest = one(both[0], "worst_case", parameter="lowest"), one(both[1], "worst_case", parameter="highest")
    assert lowest["estimate"] == pytest.approx(-highest["estimate"], rel=1e-9)
    assert lowest["conf_low"] == pytest.approx(-highest["conf_high"], rel=1e-9)
