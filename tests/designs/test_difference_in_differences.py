"""Differences in differences: numbers against stats and R, who is compared, the path, trends before, and refusals."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from joining_examples import WAVES, joining_study, keys_of, long, row, staggered, study
from scipy import stats as theirs

import society_effects as se
from society_effects.errors import DesignError
from society_effects.language.lexicon import lint
from society_effects.reports.sentences import results_paragraph
from society_effects.stats.difference_in_changes import difference_in_changes
from society_effects.stats.group_time import group_time
from society_effects.stats.group_time_aggregates import aggregate
from society_effects.stats.multiplier_bootstrap import multiplier_bootstrap
from society_effects.stats.pre_trends import detectable_trend, pre_trend_test
from society_effects.stats.relative_magnitudes import relative_magnitudes
from society_effects.stats.two_way_fixed_effects import membership, two_way_fixed_effects

DATA = Path(__file__).parents[1] / "reference" / "data"
QUICK = {"resamples": 199}
VALUES, FIRST = staggered()
FRAME = long(VALUES, FIRST)
RESULT = se.DifferenceInDifferences().fit(joining_study())


def fit(given, **settings):
    return se.DifferenceInDifferences(**QUICK, **settings).fit(given)


def refusal(given, **settings):
    with pytest.raises(DesignError) as caught:
        fit(given, **settings)
    assert str(caught.value)
    return caught.value.code


def check(result, key):
    return next(c for c in result.checks if c.key == key)


# Two periods -------------------------------------------------------------------------------------------------------


def test_two_waves_give_welchs_difference_of_the_changes():
    frame = FRAME[FRAME["wave"].isin(["t1", "t2"])]
    result = fit(study(frame, waves=("t1", "t2")))
    change = VALUES[:, 1] - VALUES[:, 0]
    expected = theirs.ttest_ind(change[FIRST > 0], change[FIRST < 0], equal_var=False)
    found = row(result)
    assert (found["statistic"], found["p_value"]) == pytest.approx((expected.statistic, expected.pvalue))
    assert (found["wave"], found["reference_wave"], found["primary"]) == ("t2", "t1", True)
    changes = result.estimates[result.estimates["measure"] == "mean_change"].set_index("group")["estimate"]
    assert found["estimate"] == pytest.approx(changes["yes"] - changes["no"])


def test_lalonde_as_r_has_it():
    data = pd.read_csv(DATA / "lalonde_long.csv")
    data["treat"] = data["treat"].astype(str)
    waves = ("1975", "1978")
    given = study(data, waves, outcomes="re", group="treat", member="1", reference="0", unit="id", wave="year")
    assert row(fit(given))["estimate"] == pytest.approx(299.4029173023432)


def test_obrien_kaiser_averages_the_waves_of_each_period():
    data = pd.read_csv(DATA / "obrienkaiser_long.csv")
    per_wave = data.groupby(["id", "gender", "phase"], as_index=False)["y"].mean()
    roles = {"outcomes": "y", "group": "gender", "member": "M", "reference": "F", "unit": "id", "wave": "phase"}
    result = fit(study(per_wave, ("pre", "post", "fup"), **roles), first_post="post")
    wide = per_wave.pivot(index="id", columns="phase", values="y")
    male = per_wave.groupby("id")["gender"].first() == "M"
    expected = difference_in_changes(wide[["post", "fup"]].mean(axis=1) - wide["pre"], male)
    found = row(result)
    assert found["estimate"] == pytest.approx(expected.estimate, abs=1e-12)
    assert found["std_error"] == pytest.approx(expected.std_error)
    assert found["estimate"] == pytest.approx(-1.699674944388147e-15, abs=1e-12)  # R's did


def test_long_and_wide_and_three_ways_to_say_when_are_the_same():
    values, first = staggered(cohorts=(-1, 3))
    frame = long(values, first)
    wide = pd.DataFrame(values, columns=[f"score_{w}" for w in WAVES]).assign(society=np.where(first > 0, "yes", "no"))
    columns = {"score": {w: f"score_{w}" for w in WAVES}}
    results = [
        fit(study(frame), first_post="t4"),
        fit(se.Study(wide, waves=columns, group="society"), first_post="t4"),
        fit(joining_study(frame)),
        fit(study(long(values, first, changing=True))),
    ]
    numbers = [r.estimates[["estimate", "std_error", "conf_low", "simultaneous_high"]] for r in results]
    for other in numbers[1:]:
        np.testing.assert_allclose(other.astype(float), numbers[0].astype(float), rtol=1e-9)


def test_classes_give_cr2():
    values, first = staggered(cohorts=(-1, 3))
    frame = long(values, first).assign(**{"class": lambda f: f["student"].str[1:].astype(int) % 11})
    result = fit(study(frame, cluster="class"), first_post="t4")
    change = values[:, 3:].mean(axis=1) - values[:, :3].mean(axis=1)
    expected = difference_in_changes(change, first > 0, clusters=np.arange(len(first)) % 11)
    found = row(result)
    assert (found["std_error"], found["df"]) == pytest.approx((expected.std_error, expected.df))
    assert (found["method"], found["n_clusters"]) == ("did_cr2", 11)


# Staggered joining -------------------------------------------------------------------------------------------------


def test_the_leading_number_is_the_mean_of_all_cells_from_joining_on():
    cells = group_time(VALUES, FIRST, base_period="universal")
    expected = aggregate(cells, "simple").overall.inference().at(0)
    found = row(RESULT)
    assert (found["estimate"], found["std_error"], found["df"]) == pytest.approx(
        (expected.estimate, expected.std_error, expected.df)
    )
    assert found["n_group"] == 80 and found["n_reference"] == 80 and found["primary"]


@pytest.mark.parametrize(("case", "comparison"), [("never", "never"), ("notyet", "not-yet")])
def test_laws_of_states_as_the_r_package_did_has_them(case, comparison):
    cases = json.loads((DATA.parent / "cases" / "26_staggered.json").read_text(encoding="utf-8"))
    case = next(c for c in cases["cases"] if c["id"] == f"guns_{case}treated_universal")
    years = [str(year) for year in case["args"]["years"]]
    data = pd.read_csv(DATA / "guns.csv").assign(violent=lambda d: np.log(d["violent"]))
    data = data[data["year"].astype(str).isin(years)]
    roles = {"outcomes": "violent", "group": "law", "unit": "state", "wave": "year"}
    result = fit(study(data, years, **roles), comparison=comparison)
    expected = case["expected"]
    assert row(result)["estimate"] == pytest.approx(expected["simple"]["overall"])
    for kind, estimand in (("event", "event_time"), ("cohort", "cohort"), ("calendar", "calendar")):
        known = dict(zip(expected[kind]["at"], expected[kind]["att"], strict=True))
        rows = result.estimates[result.estimates["estimand"] == estimand]
        for found in rows.itertuples():
            at = int(found.wave) if kind == "event" else years.index(found.wave)
            assert found.estimate == pytest.approx(known[at])


@pytest.mark.parametrize("kind", ["cohort", "calendar"])
def test_cohorts_and_waves(kind):
    """Each cohort's mean over its waves, and each wave's over the cohorts that had joined."""
    expected = aggregate(group_time(VALUES, FIRST, base_period="universal"), kind)
    for place, at in enumerate(expected.at):
        found = row(RESULT, kind, WAVES[at])
        assert found["estimate"] == pytest.approx(expected.path.estimate[place])
        assert found["std_error"] == pytest.approx(expected.path.std_error[place])


def test_the_path_has_limits_of_each_and_of_all():
    event = aggregate(group_time(VALUES, FIRST, base_period="universal"), "event")
    bands = multiplier_bootstrap(event.path, resamples=1999)
    for place, time in enumerate(event.at):
        found = row(RESULT, "event_time", str(time))
        assert found["estimate"] == pytest.approx(event.path.estimate[place])
        assert found["simultaneous_low"] == pytest.approx(min(bands.simultaneous_low[place], found["conf_low"]))
        assert found["simultaneous_low"] <= found["conf_low"] < found["conf_high"] <= found["simultaneous_high"]
        assert (found["reference_wave"], found["adjustment"], found["primary"]) == ("-1", "sup_t", False)
    assert "-1" not in set(RESULT.estimates.loc[RESULT.estimates["estimand"] == "event_time", "wave"])


def test_trends_before_joining_are_tested_with_their_power():
    event = aggregate(group_time(VALUES, FIRST, base_period="universal"), "event")
    early = event.path.only(event.at < -1)
    expected = pre_trend_test(early)
    found = RESULT.tests[RESULT.tests["test"] == "pre_trend"].iloc[0]
    assert (found["statistic"], found["p_value"], found["df1"]) == pytest.approx(
        (expected.statistic, expected.p_value, 3)
    )
    power = detectable_trend(early, event.at[event.at < -1], base_period="universal")
    quantities = RESULT.to_frame("quantities").set_index("term")["value"]
    assert (quantities["0.5"], quantities["0.8"]) == pytest.approx(tuple(power.slope))


def test_limits_if_trends_differ_after_joining():
    event = aggregate(group_time(VALUES, FIRST, base_period="universal"), "event")
    expected = relative_magnitudes(event.path, event.at, base_period="universal")
    frame = RESULT.to_frame("sensitivity")
    assert frame["setting"].tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert frame["conf_low"].to_numpy() == pytest.approx(expected.conf_low)
    quantities = RESULT.to_frame("quantities").set_index("quantity")["value"]
    assert quantities["breakdown_magnitude"] == pytest.approx(expected.breakdown)


def test_two_way_fixed_effects_are_for_display():
    expected = two_way_fixed_effects(VALUES, membership(FIRST, 6)).inference(0)
    found = row(RESULT, "twfe")
    assert (found["estimate"], found["std_error"]) == pytest.approx((expected.estimate, expected.std_error))
    assert not found["primary"] and "TWFE_FOR_DISPLAY" in keys_of(RESULT)
    assert "for display only" in str(RESULT.table("changes", "en")) and "仅供对照" in str(RESULT.table("changes", "zh"))


def test_covariates_make_it_doubly_robust():
    frame = FRAME.merge(
        pd.DataFrame({"student": FRAME["student"].unique(), "able": VALUES[:, 0], "sex": ["F", "M"] * 80})
    )
    result = fit(joining_study(frame, covariates=["able", "sex"]), covariates=("able", "sex"))
    x = np.column_stack([VALUES[:, 0], np.arange(160) % 2])
    cells = group_time(VALUES, FIRST, base_period="universal", covariates=x)
    assert row(result)["estimate"] == pytest.approx(aggregate(cells, "simple").overall.estimate[0])
    assert row(result)["method"] == "group_time_dr"
    assert "COVARIATES_NOT_ADJUSTED" in keys_of(fit(joining_study(frame, covariates=["able"])))


@pytest.mark.parametrize(("settings", "key"), [({}, False), ({"comparison": "not-yet"}, True)])
def test_who_is_compared(settings, key):
    result = fit(joining_study(), **settings)
    how = "not_yet" if settings else "never"
    cells = group_time(VALUES, FIRST, base_period="universal", comparison=how)
    assert row(result)["estimate"] == pytest.approx(aggregate(cells, "simple").overall.estimate[0])
    assert ("NOT_YET_COMPARED" in keys_of(result)) == key


def test_few_who_never_join_bring_in_those_who_join_later():
    values, first = staggered(cohorts=(2, 3, 4, 5, 3, 4, 5, 3, 4, 5, 3, -1))
    assert check(fit(joining_study(long(values, first))), "NOT_YET_COMPARED").values["n"] == 13


# Who is in ---------------------------------------------------------------------------------------------------------


def test_members_from_the_start_are_left_out_and_counted():
    first = FIRST.copy()
    first[[0, 1, 2, 3, 4]] = 0
    result = fit(joining_study(long(VALUES, first)))
    kept = np.arange(160) > 4
    cells = group_time(VALUES[kept], FIRST[kept], base_period="universal")
    assert row(result)["estimate"] == pytest.approx(aggregate(cells, "simple").overall.estimate[0])
    assert check(result, "ALWAYS_MEMBERS").values == {"n": 5, "wave": "t1"}
    ledger = result.to_frame("ledger")
    assert ledger.loc[ledger["step"] == "always_member", "n_dropped"].sum() == 5
    assert ledger.loc[ledger["step"] == "analysed", "n_after"].sum() == 155


def test_leavers_stay_members_and_are_counted():
    frame = long(VALUES, FIRST, changing=True)
    left = (frame["student"] == "s002") & (frame["wave"] == "t6")
    frame.loc[left, "society"] = "no"
    result = fit(study(frame))
    assert row(result)["estimate"] == pytest.approx(row(RESULT)["estimate"])
    assert check(result, "LEAVERS_AS_MEMBERS").values == {"n": 1}


def test_members_without_a_known_wave_of_joining_are_left_out():
    frame = FRAME.copy()
    frame.loc[frame["student"] == "s002", "joined"] = None
    result = fit(joining_study(frame))
    assert check(result, "JOINING_UNKNOWN").values["n"] == 1
    ledger = result.to_frame("ledger")
    assert ledger.loc[ledger["step"] == "joining_unknown", "n_dropped"].sum() == 1


def test_a_member_before_joining_is_immortal_time():
    frame = long(VALUES, FIRST, changing=True)
    frame.loc[(frame["student"] == "s002") & (frame["wave"] == "t2"), "society"] = "yes"
    assert refusal(study(frame, joined="joined")) == "IMMORTAL_TIME"


def test_joining_after_the_last_wave_of_an_outcome_is_immortal_time():
    wide = pd.DataFrame(VALUES, columns=list(WAVES)).assign(
        society=np.where(FIRST > 0, "yes", "no"), joined=[WAVES[g] if g > 0 else None for g in FIRST]
    )
    columns = {"a": {w: w for w in WAVES[:4]}, "b": {w: w for w in WAVES[4:]}}
    given = se.Study(wide, waves=columns, group="society", joined="joined", outcomes=["a"])
    assert refusal(given) == "IMMORTAL_TIME"


def test_a_cohort_of_one_has_an_estimate_and_no_standard_error():
    first = FIRST.copy()
    first[first == 4] = -1
    first[3] = 5
    result = fit(joining_study(long(VALUES, first)))
    alone, change = row(result, "cohort", "t6"), VALUES[:, 5] - VALUES[:, 4]
    assert alone["estimate"] == pytest.approx(change[3] - change[first < 0].mean())
    assert np.isnan(alone["std_error"]) and np.isnan(alone["p_value"])
    assert check(result, "COHORT_LEFT_OUT").values == {"wave": "t6", "n": 1}
    assert str(result.report("zh"))


def test_nobody_left_to_compare_with_is_a_failed_check():
    values, first = staggered(cohorts=(3,))
    result = fit(
        study(long(values, first).assign(society=lambda f: f["society"]), member="yes", levels=["no", "yes"]),
        first_post="t4",
    )
    assert np.isnan(row(result)["estimate"])
    assert check(result, "NO_COMPARISON").status == "fail"
    assert str(result.report()) and str(result.summary("zh"))


def test_waves_at_which_nobody_is_left_are_part_of_no_average():
    values, first = staggered(cohorts=(2, 3, 4))
    result = fit(joining_study(long(values, first), member="yes", levels=["no", "yes"]))
    cells = group_time(values, first, base_period="universal", comparison="not_yet")
    expected = aggregate(cells, "simple")
    assert row(result)["estimate"] == pytest.approx(expected.overall.estimate[0])
    after = cells.wave >= cells.cohort
    lost = np.isnan(cells.effects.estimate) & after
    assert check(result, "CELLS_LEFT_OUT").values == {"n": int(lost.sum()), "of": int(after.sum())}
    assert np.isnan(row(result, "cohort", "t5")["estimate"])
    assert check(result, "NO_COMPARISON").status == "fail"


def test_few_classes_have_a_band_from_the_multivariate_t_distribution():
    result = fit(joining_study(cluster="class"))
    path = result.estimates[result.estimates["estimand"] == "event_time"]
    assert (path["adjustment"] == "sup_t_multivariate_t").all()
    assert set(result.estimates["n_clusters"]) == {9, 12}  # classes of one cohort, of both
    assert (path["simultaneous_low"] < path["conf_low"]).all()
    assert "multivariate" in str(result.report())


def test_gaps_are_counted_and_each_number_uses_what_it_needs():
    frame = FRAME[~((FRAME["student"] == "s001") & (FRAME["wave"] == "t6"))]
    frame = frame[~((frame["student"] == "s005") & (frame["wave"] != "t1"))]
    result = fit(joining_study(frame))
    values = VALUES.copy()
    values[1, 5], values[5, 1:] = np.nan, np.nan
    cells = group_time(values, FIRST, base_period="universal")
    assert row(result)["estimate"] == pytest.approx(aggregate(cells, "simple").overall.estimate[0])
    assert check(result, "WAVES_AS_NEEDED").values == {"n": 2, "of": 160}
    ledger = result.to_frame("ledger")
    assert ledger.loc[ledger["step"] == "waves_incomplete", "n_dropped"].sum() == 1
    assert row(result)["n"] == 159


def test_shares():
    frame = FRAME.assign(passed=(FRAME["score"] > 62).astype(int))
    result = fit(joining_study(frame, outcomes=["passed"]))
    wide = frame.pivot(index="student", columns="wave", values="passed").to_numpy(float)
    expected = aggregate(group_time(wide, FIRST, base_period="universal"), "simple").overall
    assert row(result, measure="difference_in_share_changes")["estimate"] == pytest.approx(expected.estimate[0])
    assert "points" in str(result.table("changes"))


def test_limits_of_shares_end_where_shares_do():
    frame = pd.DataFrame({"society": ["yes"] * 2 + ["no"] * 2, "pre": [0, 0, 1, 0], "post": [1, 0, 0, 0]})
    found = row(fit(se.Study(frame, group="society", baseline={"post": "pre"})), measure="difference_in_share_changes")
    assert (found["conf_low"], found["conf_high"]) == (-2.0, 2.0)


def test_categories_are_not_compared():
    frame = FRAME.assign(rating=np.digitize(FRAME["score"], [55, 60, 65]))
    result = fit(joining_study(frame, outcomes=["score", se.Outcome("rating", kind="ordinal")]))
    assert check(result, "ORDINAL_NOT_COMPARED").outcome == "rating"


# What may be claimed -----------------------------------------------------------------------------------------------


def test_effect_only_with_three_waves_before_that_went_alike():
    assert RESULT.grade == "B" and "provided that the groups would have developed in parallel" in str(RESULT.report())
    early = fit(joining_study(long(*staggered(cohorts=(-1, 2, 3)))))
    assert early.grade == "C" and check(early, "PRE_TRENDS_NOT_TESTED").values == {"waves": 2}
    apart = fit(joining_study(long(*staggered(drift=1.0))))
    assert apart.grade == "D" and check(apart, "PRE_TRENDS_DIFFER").status == "warn"
    for result in (early, apart):
        for lang in ("en", "zh"):
            assert not lint(results_paragraph(result, lang), result.grade, lang)


def test_several_outcomes_are_a_family():
    frame = FRAME.assign(other=FRAME["score"] + np.random.default_rng(1).normal(0, 3, len(FRAME)))
    result = fit(joining_study(frame, outcomes=["score", "other"]))
    leading = result.estimates[result.estimates["primary"]]
    assert (leading["p_adjusted"] >= leading["p_value"]).all()
    assert (leading["simultaneous_low"] < leading["conf_low"]).all()
    classes = fit(joining_study(frame, outcomes=["score", "other"], cluster="class"))
    assert classes.estimates.loc[classes.estimates["primary"], "p_adjusted"].notna().all()


@pytest.mark.parametrize("roles", [{}, {"cluster": "class"}])
@pytest.mark.parametrize("cohorts", [(-1, -1, 3, 4), (-1, 3)])
def test_an_outcome_told_twice_is_one_test(roles, cohorts):
    """Adjusted together by what each student contributes, a copy in other units costs nothing."""
    frame = long(*staggered(cohorts=cohorts, gain=0.4))
    frame["copy"] = 3 * frame["score"] + 1
    result = se.DifferenceInDifferences(resamples=9999).fit(joining_study(frame, outcomes=["score", "copy"], **roles))
    leading = result.estimates[result.estimates["primary"]]
    assert leading["p_adjusted"].to_numpy() == pytest.approx(leading["p_value"].to_numpy(), rel=0.15, abs=0.005)


# Refusals ----------------------------------------------------------------------------------------------------------


def test_refusals():
    assert refusal(study(FRAME)) == "FIRST_POST_NEEDED"
    assert refusal(study(FRAME), first_post="t9") == "UNKNOWN_WAVE_OF_DESIGN"
    assert refusal(study(FRAME), first_post="t1") == "NO_WAVE_BEFORE"
    assert refusal(joining_study(), first_post="t4") == "JOINING_KNOWN"
    assert (
        refusal(
            joining_study(FRAME.assign(**{"class": np.where(FRAME["student"] < "s080", "a", "b")}), cluster="class")
        )
        == "TWO_CLUSTERS"
    )
    assert refusal(joining_study(long(VALUES, np.where(FIRST > 0, 0, -1)))) == "NOBODY_JOINS"
    three = FRAME.assign(society=np.where(FRAME["student"] < "s010", "officer", FRAME["society"]))
    assert refusal(joining_study(three, member="yes", reference="no")) == "TWO_GROUPS_ONLY"
    assert refusal(joining_study(), covariates=("age",)) == "NO_COVARIATES"
    single = pd.DataFrame({"society": ["yes", "no", "no"], "score": [1.0, 2.0, 3.0]})
    assert refusal(se.Study(single, group="society", outcomes="score")) == "NEEDS_WAVES"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"comparison": "always"}, "UNKNOWN_COMPARISON"),
        ({"covariates": 3}, "BAD_NAMES"),
        ({"adjustment": "none"}, "UNKNOWN_ADJUSTMENT"),
        ({"conf_level": 2}, "BAD_CONF_LEVEL"),
        ({"resamples": 1}, "BAD_RESAMPLES"),
    ],
)
def test_settings(settings, code):
    with pytest.raises(DesignError) as caught:
        se.DifferenceInDifferences(**settings)
    assert caught.value.code == code


def test_conservative_limits_of_shares_end_where_differences_of_changes_do():
    """With a coin for an outcome and few students the limits would go far beyond a difference of two changes."""
    tossed = FRAME[FRAME["student"].str[-1] == "0"]
    tossed = tossed.assign(score=np.random.default_rng(8).integers(0, 2, len(tossed)))
    result = se.DifferenceInDifferences(**QUICK).fit(joining_study(tossed))
    limits = result.to_frame("sensitivity")[["conf_low", "conf_high"]]
    assert (limits.abs() <= 2).all(axis=None) and (limits.abs() == 2).any(axis=None)
