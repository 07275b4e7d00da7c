"""Odd studies of two and three waves: nothing is undefined in silence, nothing is said that is not so."""

import numpy as np
import pandas as pd
import pytest
from wave_examples import keys_of, long, row, study, table

import society_effects as se
from society_effects.language.lexicon import lint
from society_effects.reports.sentences import limits_paragraph, results_paragraph

LANGUAGES = ("en", "zh")
ALL = ("post", "passed_post", "rating_post")


def small(n_members, n_others, seed=1):
    """So many members and others of the table."""
    frame = table(200, seed)
    parts = [frame[frame["society"] == level].head(n) for level, n in (("yes", n_members), ("no", n_others))]
    return pd.concat(parts, ignore_index=True)


def said(result, lang):
    """Results and limits, as a reader gets them."""
    return results_paragraph(result, lang) + limits_paragraph(result, lang)


def waves(frame, **roles):
    """Three waves of one score as a study."""
    return se.Study(frame, waves={"score": {w: w for w in ("t1", "t2", "t3")}}, group="society", **roles)


# Units of measurement ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e6, 1e-6])
@pytest.mark.parametrize("roles", [{}, {"cluster": "class"}])
def test_the_unit_of_a_score_decides_nothing(scale, roles):
    frame = table()
    frame["t1"], frame["t2"], frame["t3"] = frame["pre"], frame["post"], frame["post"] + frame["pre"] % 5
    for design, make in ((se.PrePostControl(resamples=199), study), (se.RepeatedMeasures(resamples=199), waves)):
        plain = design.fit(make(frame, **roles))
        columns = ["pre", "post", "t1", "t2", "t3"]
        other = design.fit(make(frame.assign(**{c: frame[c] * scale for c in columns}), **roles))
        for name, numbers in (("estimates", ["df", "p_value"]), ("tests", ["df2", "p_value"])):
            pd.testing.assert_frame_equal(plain.frame(name)[numbers], other.frame(name)[numbers], rtol=1e-6)


def test_groups_that_change_exactly_along_a_line_each():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"society": ["yes"] * 20 + ["no"] * 40, "t1": rng.normal(60, 5, 60).round(1)})
    member = frame["society"] == "yes"
    frame["t2"], frame["t3"] = frame["t1"] + member, frame["t1"] + 2 * member
    for scale in (1.0, 1e6):
        scaled = frame.assign(**{w: frame[w] * scale for w in ("t1", "t2", "t3")})
        found = row(se.RepeatedMeasures().fit(waves(scaled)), "difference_in_changes", wave="t3")
        assert found["estimate"] == pytest.approx(2 * scale) and np.isnan(found["p_value"])


# What is undefined is said ----------------------------------------------------------------------------------------


def test_p_and_interval_that_disagree_are_said():
    frame = pd.DataFrame({"pre": [50.0, 61, 72, 58], "post": [54.0, 66, 76, 63]})
    result = se.PrePost().fit(se.Study(frame, baseline={"post": "pre"}))
    found = row(result, "mean_change")
    assert found["p_value"] == 0.125 and found["conf_low"] > 0  # 2 of 16 signs, whatever the size
    assert "P_CI_DISCORDANT" in keys_of(result, "post")
    assert "P_CI_DISCORDANT" not in keys_of(
        se.PrePost(method="paired-t").fit(se.Study(frame, baseline={"post": "pre"}))
    )


def test_a_correlation_that_is_undefined_is_said_and_not_written():
    for design in (se.PrePost(), se.PrePostControl(resamples=199)):
        result = design.fit(study(table().assign(pre=60.0)))
        assert "ONE_WAVE_CONSTANT" in keys_of(result, "post")
        assert "r_pre_post" not in set(result.frame("quantities")["quantity"])
        for lang in LANGUAGES:
            assert str(result.report(lang))


def test_a_correlation_without_interval_is_said():
    frame = small(3, 30)
    assert "TOO_FEW" in keys_of(se.PrePost().fit(study(frame)))
    exact = table().assign(post=lambda f: 2 * f["pre"])
    assert "PERFECT_CORRELATION" in keys_of(se.PrePost().fit(study(exact)))


def test_two_members_have_no_slope_that_could_be_tested():
    two = small(2, 30).assign(pre=lambda f: np.where(f["society"] == "yes", 60.0 + 5 * (f.index % 2), f["pre"]))
    result = se.PrePostControl(resamples=199).fit(study(two))
    tests = result.frame("tests").set_index("test")
    assert np.isnan(tests.loc["slopes_differ", "p_value"])
    assert "SLOPES_NOT_TESTED" in keys_of(result, "post")
    assert "SLOPES_NOT_TESTED" not in keys_of(se.PrePostControl(resamples=199).fit(study(small(8, 30))))


def test_one_member_far_from_the_others_decides_the_slope_alone():
    frame = table()
    member = frame["society"] == "yes"
    frame.loc[member, "pre"] = 60.0
    frame.loc[np.flatnonzero(member)[0], "pre"] = 70.0
    result = se.PrePostControl(resamples=199).fit(study(frame))
    assert np.isnan(result.frame("tests").set_index("test").loc["slopes_differ", "p_value"])
    assert {"SLOPES_NOT_TESTED", "LEVERAGE_ONE"} <= keys_of(result, "post")


@pytest.mark.parametrize("headline", ["ancova", "change"])
def test_few_whole_classes_are_said(headline):
    frame = table()
    frame["class"] = frame["society"] + (frame.index % 2).astype(str)
    result = se.PrePostControl(headline=headline, resamples=199).fit(study(frame, cluster="class"))
    found = result.estimates.query("primary").iloc[0]
    check = next(check for check in result.checks if check.key == "DF_LOW")
    assert dict(check.values) == {"df": found["df"], "clusters": 4} and found["df"] < 4


def test_flags_of_changes_are_about_changes():
    frame = table()
    still = frame.assign(post=frame["pre"], passed_post=frame["passed_pre"], rating_post=frame["rating_pre"])
    up = frame.assign(post=frame["pre"] + 3, rating_post=frame["rating_pre"] + 1)
    for changed, outcome, expected in (
        (still, "post", "NOBODY_CHANGED"),
        (still, "passed_post", "NOBODY_CHANGED"),
        (still, "rating_post", "NOBODY_CHANGED"),
        (up, "post", "NO_SPREAD_LEFT"),
        (up, "rating_post", "ALL_ONE_WAY"),
    ):
        alone = keys_of(se.PrePost(resamples=199).fit(study(changed, outcomes=(outcome,))), outcome)
        both = keys_of(se.PrePostControl(resamples=199).fit(study(changed, outcomes=(outcome,))), outcome)
        assert expected in alone and expected in both
        assert not {"NO_VARIATION", "DEGENERATE", "SEPARATED"} & (alone | both)
    in_classes = se.PrePost().fit(study(up, outcomes=("rating_post",), cluster="class"))
    assert "ALL_ONE_WAY_IN_CLASSES" in keys_of(in_classes)


def test_one_group_without_spread_before_shares_the_slope_of_the_other():
    frame = table()
    frame["passed_pre"] = np.where(frame["society"] == "yes", 0, frame["passed_pre"])
    checks = keys_of(se.PrePostControl().fit(study(frame, outcomes=("passed_post",))), "passed_post")
    assert "ONE_SLOPE" in checks and "COLLINEAR" not in checks
    none = keys_of(se.PrePostControl().fit(study(frame.assign(passed_pre=1), outcomes=("passed_post",))))
    assert "COLLINEAR" in none and "ONE_SLOPE" not in none


def test_ordered_categories_that_nobody_shares():
    frame = table().assign(rating_pre=lambda f: np.where(f["society"] == "yes", 2, 1 + 2 * (f.index % 2)))
    result = se.PrePostControl(resamples=199).fit(study(frame, outcomes=("rating_post",)))
    assert "NO_SHARED_CATEGORY" in keys_of(result) and "NO_OVERLAP" not in keys_of(result)
    assert result.grade == "E" and row(result, "superiority_of_changes")["primary"]


def test_missing_more_often_in_one_group_is_told_by_wave():
    frame = table()
    frame.loc[np.flatnonzero(frame["society"] == "yes")[:16], "post"] = np.nan
    result = se.PrePostControl(resamples=199).fit(study(frame))
    found = next(check for check in result.checks if check.key == "MISSING_DIFF_AT")
    assert dict(found.values) == {"shares": {"no": 0.0, "yes": 0.5}, "wave": "after"}


# What is declared is used, or it is said --------------------------------------------------------------------------


@pytest.mark.parametrize("design", [se.PrePost, se.PrePostControl])
def test_a_primary_outcome_that_does_not_exist_is_refused(design):
    with pytest.raises(se.DesignError, match="pots"):
        design(primary="pots").fit(study())
    result = design(primary="post", resamples=199).fit(study(outcomes=ALL))
    assert "PRIMARY_DECLARED" in keys_of(result, "post")
    primary = result.estimates.query("primary").set_index("outcome")
    assert np.isnan(primary.loc["post", "p_adjusted"])


def test_a_margin_that_no_test_uses_is_said():
    frame = table()
    for design in (se.PrePost(), se.PrePostControl(resamples=199)):
        known = se.Study(frame, outcomes=[se.Outcome("post", margin=2.0)], baseline={"post": "pre"}, group="society")
        assert "MARGIN_NOT_USED" in keys_of(design.fit(known), "post")
        assert "MARGIN_NOT_USED" not in keys_of(design.fit(study(frame)))
    assert "MARGIN_NOT_USED" not in keys_of(se.MemberComparison(resamples=199).fit(known))


def test_members_only_who_had_joined_before_the_earlier_wave_are_counted():
    shape = {"outcomes": "post", "group": "society", "unit": "student", "wave": "wave", "waves": ("before", "after")}
    tall = long(table())
    for joined, n in (("before", 32), ("after", None)):
        rows = tall.assign(joined=np.where(tall["society"] == "yes", joined, None))
        found = {c.key: c.values for c in se.PrePost().fit(se.Study(rows, joined="joined", **shape)).checks}
        assert (found["ALREADY_MEMBERS"]["n"] if n else None) == n and ("ALREADY_MEMBERS" in found) == bool(n)
    some = tall["student"].isin(["s0", "s5"]) & (tall["wave"] == "before")
    tall.loc[some, "society"] = "no"
    found = {c.key: c.values for c in se.PrePost().fit(se.Study(tall, **shape)).checks}
    assert dict(found["ALREADY_MEMBERS"]) == {"n": 30, "of": 32, "wave": "before"}


def test_members_only_who_joined_after_the_later_wave_are_refused():
    tall = pd.concat([long(table()), long(table()).query("wave == 'after'").assign(wave="year")], ignore_index=True)
    tall["joined"] = np.where(tall["society"] == "yes", "year", None)
    shape = {"outcomes": "post", "group": "society", "unit": "student", "wave": "wave", "joined": "joined"}
    known = se.Study(tall, waves=("before", "after", "year"), **shape)
    with pytest.raises(se.DesignError) as error:
        se.PrePost(first="before", last="after").fit(known)
    assert error.value.code == "IMMORTAL_TIME"


def test_a_group_in_which_nobody_has_both_scores_is_named_as_such():
    frame = table()
    frame.loc[frame["society"] == "yes", "pre"] = np.nan
    with pytest.raises(se.DesignError, match="at both waves") as error:
        se.PrePostControl().fit(study(frame))
    assert error.value.code == "NOBODY_AT_BOTH"


# Families ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headline", ["ancova", "change", "both"])
def test_every_interval_of_a_family_holds_for_all_of_it(headline):
    result = se.PrePostControl(headline=headline, resamples=199).fit(study(outcomes=ALL))
    rows = result.estimates.query("primary")
    assert rows["adjustment"].eq("max_t_multivariate_t").all()
    assert (rows["simultaneous_low"] < rows["conf_low"]).all() and (rows["conf_high"] < rows["simultaneous_high"]).all()
    outside = (rows["simultaneous_low"] > rows["null_value"]) | (rows["simultaneous_high"] < rows["null_value"])
    assert (outside == (rows["p_adjusted"] < 0.05)).all()


def test_limits_of_a_family_stay_where_shares_can_be():
    frame = small(3, 8)
    result = se.PrePostControl(headline="both", resamples=199).fit(study(frame, outcomes=("post", "passed_post")))
    found = row(result, "adjusted_share_difference")
    assert -1 <= found["simultaneous_low"] <= found["conf_low"] and found["simultaneous_high"] <= 1


# Sentences --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "words"), [("en", "of the same earlier category"), ("zh", "前次等级相同的学生")])
def test_an_adjusted_order_is_among_students_who_began_alike(lang, words):
    adjusted, changed = (
        se.PrePostControl(headline=h, resamples=199).fit(study(outcomes=("rating_post",))) for h in ("ancova", "change")
    )
    assert words in results_paragraph(adjusted, lang)
    assert words not in results_paragraph(changed, lang).split(".")[2]


@pytest.mark.parametrize(("lang", "words"), [("en", "cross-sectional"), ("zh", "横断面")])
def test_two_waves_are_not_called_one(lang, words):
    frame = table().assign(pre=lambda f: f["pre"] + 100 * (f["society"] == "yes"))
    result = se.PrePostControl(resamples=199).fit(study(frame))
    assert result.grade == "E" and words not in str(result.report(lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_expected_is_called_a_part_only_where_it_is_one(lang):
    part = {"en": "of the change of the", "zh": "其中"}[lang]
    first = table().query("society == 'yes'")["pre"].mean()
    change = row(se.PrePost().fit(study()), "mean_change")["estimate"]
    for share, is_part in ((0.5, True), (1.5, False), (-0.5, False)):
        design = se.PrePost(selected_on="pre", reliability=0.5, population_mean=float(first + 2 * share * change))
        assert (part in results_paragraph(design.fit(study()), lang)) == is_part


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("chosen", ["pre", None])
def test_the_paragraphs_pass_the_lint_of_their_own_grade(lang, chosen):
    settings = {"population_mean": 70.0, "reliability": 0.7}
    alone = se.PrePost(selected_on=chosen, **settings).fit(study())
    compared = se.PrePostControl(resamples=199).fit(study(outcomes=ALL))
    for result in (alone, compared):
        assert not lint(said(result, lang), result.claim, lang)


def test_two_answers_of_zero_do_not_disagree():
    frame = table()
    still = frame.assign(passed_post=frame["passed_pre"])
    assert "LORD" not in keys_of(se.PrePostControl().fit(study(still, outcomes=("passed_post",))))


def test_five_members_whose_first_two_waves_are_alike():
    rng = np.random.default_rng(0)
    names = ("t1", "t2", "t3")
    few = np.array([[1, 1, 0], [1, 1, 1], [1, 1, 1], [0, 0, 1], [0, 0, 0]])
    frame = pd.DataFrame(np.vstack([few, rng.integers(0, 2, (200, 3))]), columns=names)
    frame["society"] = ["yes"] * 5 + ["no"] * 200
    known = se.Study(
        frame, outcomes=[se.Outcome("passed", kind="binary")], waves={"passed": {w: w for w in names}}, group="society"
    )
    result = se.RepeatedMeasures(resamples=199).fit(known)
    assert "WAVES_FALLBACK" in keys_of(result, "passed")
    assert row(result, "difference_in_share_changes", wave="t3")["p_value"] > 0
