"""Odd ladders: rungs that differ in who is compared, names that collide, groups that stand apart."""

import numpy as np
import pandas as pd
import pytest
from ladder_examples import rungs, students, study

import society_effects as se
from society_effects.errors import DesignError

TWO_WAVES = {"outcomes": None, "baseline": {"osce": "earlier"}}
GROUPS = {"levels": ("no", "yes", "officer"), "reference": "no", "member": "yes"}


def climbed(table, roles=None, **settings):
    return se.triangulate(study(table, **(roles or {})), resamples=199, **settings)


def with_officers(table):
    some = np.random.default_rng(2).random(len(table)) < 0.3
    return table.assign(society=np.where((table["society"] == "yes") & some, "officer", table["society"]))


def keys(result):
    return {(check.key, check.status) for check in result.checks}


def four_waves():
    """The students at four waves; members joined at the second or third."""
    rng, table = np.random.default_rng(7), students()
    table["id"] = range(len(table))
    waves = [
        table.assign(wave=f"w{k}", osce=table["osce"] + k + rng.normal(0, 3, len(table))).drop(columns="earlier")
        for k in range(1, 5)
    ]
    long = pd.concat(waves)
    return long.assign(joined=np.where(long["society"] == "yes", np.where(long["id"] % 3 == 0, "w3", "w2"), None))


LONG = {"unit": "id", "wave": "wave", "waves": ("w1", "w2", "w3", "w4")}


@pytest.mark.parametrize("roles", [{}, TWO_WAVES], ids=["one wave", "two waves"])
def test_students_in_no_rung_are_counted_and_lower_the_grade(roles):
    """Of two in five students something is missing, more often of members: as if the design were fitted alone."""
    rng, table = np.random.default_rng(1), students()
    some = (table["society"] == "yes") & (rng.random(len(table)) < 0.3)
    table["osce"] = table["osce"].where(~some)
    table.loc[rng.random(len(table)) < 0.2, "prior"] = np.nan
    table.loc[rng.random(len(table)) < 0.1, "earlier"] = np.nan
    result, alone = climbed(table, roles), se.RegressionAdjustment().fit(study(table, **roles))
    assert result.grade == alone.grade == "D"
    assert keys(alone) <= keys(result)
    names = ["step", "outcome", "group", "n_before", "n_dropped", "n_after"]
    pd.testing.assert_frame_equal(result.ledger[names], alone.ledger[names])
    counted = result.ledger[result.ledger["step"] == "analysed"]
    assert counted["n_after"].sum() == rungs(result)["n"].dropna().unique().item()


def test_several_groups_do_not_double_what_the_headline_wrote():
    result = climbed(with_officers(students(500)), {"outcomes": ("osce", "passed"), **GROUPS})
    for name in result.frames:
        assert not result.frame(name).astype(str).duplicated().any(), name


def test_a_block_with_the_name_of_a_rung_has_a_rung_of_its_own():
    table = students()
    blocks = {"raw": ["sex"], "change": ["prior"], "baseline": ["motivation"]}
    shown = rungs(climbed(table, {"covariates": blocks, **TWO_WAVES}))
    assert shown.index.is_unique and len(shown) == 7
    apart = rungs(climbed(table, {"covariates": {"a": ["sex"], "b": ["prior"], "c": ["motivation"]}, **TWO_WAVES}))
    assert shown["estimate"].tolist() == pytest.approx(apart["estimate"].tolist(), nan_ok=True)


def test_a_block_called_baseline_is_no_earlier_score():
    """Its covariates are adjusted for, their timing is asked for, and it makes no prior achievement."""
    table = students()
    named, other = (
        {"covariates": {block: ["motivation"]}, "about": {}, "outcomes": ("osce",)} for block in ("baseline", "other")
    )
    one, two = (se.RegressionAdjustment().fit(study(table, **roles)) for roles in (named, other))
    assert one.grade == two.grade == "D"
    assert keys(one) == keys(two)
    later = se.RegressionAdjustment().fit(study(table, **(named | TWO_WAVES)))
    assert {"motivation", "osce@before"} <= set(later.frame("coefficients")["term"])
    assert ("TIMING_NOT_STATED", "warn") in keys(later)


def test_members_without_classmates_in_the_reference_group_stand_on_the_rung_below():
    table = with_officers(students(500))
    table["class"] = np.where(table["society"] == "no", table["class"] % 6, 6 + table["class"] % 6)
    result = climbed(table, {"cluster": "class", **GROUPS})
    assert result.frame("rungs").set_index("design").loc["within_class", "reason"].tolist() == ["whole_classes"] * 2
    assert result.estimates.query("primary")["design"].tolist() == ["motivation", "motivation"]


def test_a_group_that_nobody_is_left_of_is_told_by_what_is_missing():
    table = students()
    table["prior"] = table["prior"].where(table["society"] == "no")
    with pytest.raises(DesignError) as refused:
        climbed(table)
    assert refused.value.code == "NOBODY_COMPLETE"
    assert "prior" in str(refused.value)


@pytest.mark.parametrize("lost", ["scores", "groups"])
def test_classes_that_fall_out_at_the_later_wave_keep_the_others_in_step(lost):
    """Limits of a move are those of the ladder without these classes, by class."""
    long = four_waves()
    gone = (long["wave"] == "w4") & long["class"].isin([2, 6])
    changed = long.assign(society=long["society"].astype(object))
    changed.loc[gone, "osce" if lost == "scores" else "society"] = None
    found, expected = (
        rungs(climbed(table, {"cluster": "class", **LONG}, first="w1", last="w4"))
        for table in (changed, long[~long["class"].isin([2, 6])])
    )
    names = ["n", "estimate", "moved_low", "from_raw_high", "share_left_low"]
    np.testing.assert_allclose(found[names].astype(float), expected[names].astype(float), rtol=1e-9)
    assert (found["n_clusters"] == 10).all()


def test_an_earlier_score_of_those_who_were_members_already_is_no_covariate_from_before():
    roles = {"joined": "joined", **LONG}
    early, late = (
        se.RegressionAdjustment(first=wave, last="w4").fit(study(four_waves(), **roles)) for wave in ("w1", "w2")
    )
    assert early.grade == "C"
    assert late.grade == "D"
    assert {("ALREADY_MEMBERS", "warn"), ("BAD_CONTROL", "warn")} <= keys(late)
    without = se.RegressionAdjustment(first="w2", last="w4", adjust_for_baseline=False)
    assert not {("ALREADY_MEMBERS", "warn"), ("BAD_CONTROL", "warn")} & keys(without.fit(study(four_waves(), **roles)))
    with pytest.raises(DesignError) as refused:
        se.RegressionAdjustment(first="w1", last="w2").fit(study(four_waves(), **roles))
    assert refused.value.code == "IMMORTAL_TIME"


def test_those_who_left_are_told():
    long = four_waves()
    left = (long["wave"] == "w4") & (long["id"] % 5 == 0)
    long["society"] = np.where(left, "no", long["society"])
    result = se.RegressionAdjustment(first="w2", last="w4").fit(study(long, **LONG))
    assert ("LEAVERS", "warn") in keys(result)


@pytest.mark.parametrize("designs", [se.RegressionAdjustment(), [se.RegressionAdjustment()]])
def test_one_design_of_ones_own_is_a_ladder_of_one_rung(designs):
    assert rungs(climbed(students(), designs=designs)).index.tolist() == ["regression_adjustment"]


@pytest.mark.parametrize("designs", [[], {}, None])
def test_no_designs_are_the_ladder_of_the_study(designs):
    assert rungs(climbed(students(), designs=designs)).index[0] == "raw"


def test_what_is_no_design_is_no_rung():
    with pytest.raises(DesignError) as refused:
        climbed(students(), designs=["regression_adjustment"])
    assert "regression_adjustment" in str(refused.value)


def test_a_ladder_of_which_no_rung_can_be_climbed_says_why():
    with pytest.raises(DesignError) as refused:
        table = students().assign(prior=lambda t: t["society"] == "yes")
        climbed(table, designs={"mine": se.RegressionAdjustment()})
    assert refused.value.code == "TREATMENT_NOT_IDENTIFIED"


def test_designs_of_ones_own_move_from_rung_to_rung():
    """As on the ladder of the study: the first is the unadjusted one, whatever it is called."""
    own = {"as they are": se.MemberComparison(), "all": se.RegressionAdjustment()}
    mine, given = rungs(climbed(students(), designs=own)), rungs(climbed(students()))
    names = ["from_raw", "from_raw_low", "share_left", "share_left_high"]
    assert mine.loc["all", names].tolist() == pytest.approx(given.loc["motivation", names].tolist())
    adjusted = {"some": se.RegressionAdjustment(covariates=("sex",)), "all": se.RegressionAdjustment()}
    moved = rungs(climbed(students(), designs=adjusted)).loc["all"]
    assert moved["moved"] == pytest.approx(given.loc["motivation", "estimate"] - given.loc["demographics", "estimate"])
    assert moved["moved_low"] < moved["moved"] < moved["moved_high"]
    assert pd.isna(moved.get("from_raw"))


def test_the_effective_number_of_students_is_that_of_the_two_groups_compared():
    table = with_officers(students(500))
    shown = climbed(table, GROUPS).frame("rungs").set_index(["group", "design"])["n_effective"]
    for group in ("yes", "officer"):
        two = table[table["society"].isin(["no", group])].assign(
            society=lambda t: np.where(t["society"] == "no", "no", "yes")
        )
        assert shown[group, "motivation"] == pytest.approx(rungs(climbed(two)).loc["motivation", "n_effective"])
