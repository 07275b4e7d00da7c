"""Several waves: numbers against textbook forms and R, missing waves, classes, shares, fallbacks, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from wave_examples import keys_of, row

import society_effects as se
from society_effects.language.lexicon import lint
from society_effects.reports.methods_sentences import methods_paragraph
from society_effects.reports.sentences import limits_paragraph, results_paragraph
from society_effects.stats.differences import welch
from society_effects.stats.moments import Moments
from society_effects.stats.random_intercept import random_intercept
from society_effects.stats.unstructured_waves import group_wave_design, unstructured_waves
from society_effects.stats.within_anova import within_anova

WAVES = ("t1", "t2", "t3")
DIFFERENCE, CHANGE = "difference_in_changes", "mean_change"
REFERENCE = Path(__file__).parents[1] / "reference"


def table(n=60, seed=7, waves=WAVES):
    """Members vary more and rise by more; everybody has slopes of their own."""
    rng = np.random.default_rng(seed)
    member = np.arange(n) % 3 == 0
    frame = pd.DataFrame({"society": np.where(member, "yes", "no"), "student": [f"s{i}" for i in range(n)]})
    frame["class"] = [f"c{i % 9}" for i in range(n)]
    level, slope = rng.normal(0, 6, n), rng.normal(0, 1.5, n) * (1 + member)
    for k, wave in enumerate(waves):
        score = 60 + level + slope * k + 1.5 * k * (1 + member) + rng.normal(0, 3, n) * (1 + member)
        frame[wave], frame[f"passed_{wave}"] = score.round(2), (score > 62).astype(int)
    return frame


def gaps(n=60):
    """Some students miss waves; one misses all of them."""
    frame = table(n)
    frame.loc[[0, 5, 20], "t3"] = frame.loc[[3, 21], "t2"] = frame.loc[8, "t1"] = np.nan
    frame.loc[11, list(WAVES)] = np.nan
    return frame


def study(frame=None, outcomes=("identity",), **roles):
    """The wide table as a study."""
    frame = table() if frame is None else frame
    names = {"identity": "{}", "passed": "passed_{}"}
    columns = {name: {wave: names[name].format(wave) for wave in WAVES} for name in outcomes}
    return se.Study(frame, outcomes=list(outcomes), waves=columns, **{"group": "society", "unit": "student"} | roles)


def long(frame):
    """The same scores with one row per student and wave, those without a score left out."""
    parts = [frame[["student", "society", "class"]].assign(wave=wave, identity=frame[wave]) for wave in WAVES]
    return pd.concat(parts, ignore_index=True).dropna(subset="identity")


def scores(frame):
    return frame[list(WAVES)].to_numpy(float), (frame["society"] == "yes").to_numpy()


def answered(result, test, method=None):
    rows = result.frame("tests")
    rows = rows[(rows["test"] == test) & ((rows["method"] == method) if method else True)]
    assert len(rows) == 1, rows
    return rows.iloc[0]


def same(found, theirs, rel=1e-8):
    for name in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        assert found[name] == pytest.approx(getattr(theirs, name), rel=rel), name


# Numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wave", ["t2", "t3"])
def test_complete_changes_are_welchs_and_the_paired_t_test(wave):
    values, member = scores(table())
    change = values[:, WAVES.index(wave)] - values[:, 0]
    result = se.RepeatedMeasures().fit(study())
    of_members, of_others = Moments.of(change[member]), Moments.of(change[~member])
    same(row(result, DIFFERENCE, wave=wave), welch(of_members, of_others))
    paired, found = stats.ttest_1samp(change[member], 0), row(result, CHANGE, group="yes", wave=wave)
    assert (found["statistic"], found["df"], found["p_value"]) == pytest.approx((paired.statistic, 19, paired.pvalue))


def test_trends_are_the_mean_slopes_of_the_students():
    values, member = scores(table())
    slope = (values[:, 2] - values[:, 0]) / 2
    result = se.RepeatedMeasures().fit(study())
    same(row(result, "difference_in_slopes"), welch(Moments.of(slope[member]), Moments.of(slope[~member])))
    assert row(result, "mean_slope", group="no")["estimate"] == pytest.approx(slope[~member].mean())


def test_missing_waves_are_the_likelihoods_and_nobody_with_a_score_is_left_out():
    frame = gaps()
    values, member = scores(frame)
    fit = unstructured_waves(values, group_wave_design(member, 3), strata=member).coefficients
    result = se.RepeatedMeasures().fit(study(frame))
    same(row(result, DIFFERENCE, wave="t3"), fit.contrast(np.kron([-1, 1], [-1, 0, 1])))
    same(row(result, CHANGE, wave="t2", group="no"), fit.contrast(np.kron([1, 0], [-1, 1, 0])))
    joint = fit.joint(np.kron([-1, 1], [[-1, 1, 0], [-1, 0, 1]]))
    assert answered(result, "interaction")["p_value"] == pytest.approx(joint.p_value)
    assert row(result, DIFFERENCE, wave="t3")["n"] == 59
    kept = next(check for check in result.checks if check.key == "WAVES_KEPT")
    assert dict(kept.values) == {"n": 6, "of": 59}
    ledger = result.frame("ledger")
    assert ledger.loc[ledger["step"] == "outcome_missing", "n_dropped"].sum() == 1
    groups = result.frame("groups").set_index(["group", "wave"])
    assert groups.loc[("no", "t3"), "n"] == np.isfinite(values[~member, 2]).sum()


def test_the_changes_of_each_group_are_those_of_gls():
    """O'Brien and Kaiser's data with gaps: nlme::gls of each group by itself."""
    cases = json.loads((REFERENCE / "cases" / "28_waves.json").read_text())["cases"]
    case = next(c for c in cases if "groups" in c["expected"])
    args = case["args"]
    frame = pd.read_csv(REFERENCE / "data" / case["data"])
    wide = frame[[args["group"], *args["columns"]]].astype(dict.fromkeys(args["columns"], float))
    for student, wave in args["missing"]:
        wide.loc[student - 1, args["columns"][wave - 1]] = np.nan
    names = {"y": {name: name for name in args["columns"]}}
    roles = {"group": args["group"], "levels": args["levels"], "reference": args["levels"][0], "waves": names}
    chosen = wide[wide[args["group"]].isin(args["levels"])]
    result = se.RepeatedMeasures().fit(se.Study(chosen, member=args["levels"][1], outcomes="y", **roles))
    for level, expected in zip(args["levels"], case["expected"]["groups"], strict=True):
        found, theirs = row(result, CHANGE, group=level, wave=args["columns"][-1]), expected["contrasts"][0]
        assert (found["estimate"], found["std_error"]) == pytest.approx((theirs["estimate"], theirs["se"]), rel=1e-4)
        assert (found["df"], found["p_value"]) == pytest.approx((theirs["df"], theirs["p"]), rel=1e-3)


def test_wide_and_long_data_give_the_same_numbers():
    frame = gaps().drop(index=11)
    there = study(frame)
    here = se.Study(long(frame), outcomes="identity", group="society", unit="student", wave="wave", waves=WAVES)
    wide, narrow = (se.RepeatedMeasures(anova=True).fit(s) for s in (there, here))
    for name in ("estimates", "tests", "groups", "attrition", "quantities"):
        pd.testing.assert_frame_equal(wide.frame(name), narrow.frame(name), rtol=1e-10)


def test_shares_are_differences_of_mean_changes_with_robust_errors():
    frame = table()
    member = (frame["society"] == "yes").to_numpy()
    change = (frame["passed_t3"] - frame["passed_t1"]).to_numpy(float)
    result = se.RepeatedMeasures().fit(study(outcomes=["passed"]))
    theirs = welch(Moments.of(change[member]), Moments.of(change[~member]))
    found = row(result, "difference_in_share_changes", wave="t3")
    assert (found["estimate"], found["std_error"]) == pytest.approx((theirs.estimate, theirs.std_error))
    assert found["method"] == "unstructured_reml_cr2"
    assert not set(result.estimates["measure"]) & {"mean_slope", "difference_in_slopes"}


def test_classes_are_taken_account_of():
    frame = gaps()
    values, member = scores(frame)
    classes = np.array([int(name[1:]) for name in frame["class"]])
    fit = unstructured_waves(values, group_wave_design(member, 3), strata=member).by_class(classes)
    result = se.RepeatedMeasures().fit(study(frame, cluster="class"))
    found = row(result, DIFFERENCE, wave="t3")
    same(found, fit.contrast(np.kron([-1, 1], [-1, 0, 1])))
    assert found["n_clusters"] == 9 and found["simultaneous_low"] <= found["conf_low"]
    assert answered(result, "interaction")["n_clusters"] == 9
    assert {"ANOVA_IGNORES_CLASSES"} <= keys_of(se.RepeatedMeasures(anova=True).fit(study(frame, cluster="class")))


def test_few_classes_are_said():
    frame = table().assign(**{"class": [f"c{i % 4}" for i in range(60)]})
    assert "DF_LOW" in keys_of(se.RepeatedMeasures().fit(study(frame, cluster="class")))


def test_the_analysis_of_variance_is_of_complete_students_and_counted():
    frame = gaps()
    whole = frame.dropna(subset=list(WAVES))
    values, member = scores(whole)
    theirs = within_anova(values, member)
    result = se.RepeatedMeasures(anova=True).fit(study(frame))
    line = answered(result, "interaction", "greenhouse_geisser")
    assert (line["p_value"], line["n"]) == (theirs.interaction.greenhouse_geisser.p_value, len(whole))
    assert answered(result, "between")["statistic"] == theirs.groups.test.statistic
    assert answered(result, "sphericity")["p_value"] == theirs.mauchly.p_value
    quantities = result.frame("quantities").set_index("quantity")["value"]
    assert quantities["epsilon_gg"] == theirs.greenhouse_geisser_epsilon
    assert quantities["epsilon_hf"] == theirs.huynh_feldt_epsilon
    counted = next(check for check in result.checks if check.key == "ANOVA_COMPLETE_ONLY")
    assert dict(counted.values) == {"n": len(whole), "of": 59}


# Families -----------------------------------------------------------------------------------------------------------


def test_all_waves_of_all_outcomes_are_one_family():
    result = se.RepeatedMeasures().fit(study(outcomes=["identity", "passed"]))
    primary = result.estimates[result.estimates["primary"]]
    assert len(primary) == 4 and primary["adjustment"].eq("max_t_multivariate_t").all()
    assert (primary["p_adjusted"] >= primary["p_value"]).all()
    assert (primary["p_adjusted"] <= np.minimum(4 * primary["p_value"] + 1e-3, 1)).all()


def test_the_waves_of_a_declared_primary_outcome_are_a_family_of_their_own():
    result = se.RepeatedMeasures(primary="identity").fit(study(outcomes=["identity", "passed"]))
    families = result.estimates[result.estimates["primary"]].groupby("outcome")["family"].unique().map(list)
    assert families.to_dict() == {"identity": ["primary"], "passed": ["outcomes"]}
    with pytest.raises(se.DesignError, match="identity"):
        se.RepeatedMeasures(primary="identiti").fit(study())


def test_holm_on_request():
    rows = se.RepeatedMeasures(adjustment="holm").fit(study()).estimates.query("primary")
    assert rows["adjustment"].eq("holm").all() and rows["simultaneous_low"].isna().all()


# Other covariances --------------------------------------------------------------------------------------------------


def test_the_random_intercept_on_request_and_what_it_assumes():
    values, member = scores(gaps())
    seen, design = ~np.isnan(values), group_wave_design(member, 3)
    fit = random_intercept(values[seen], design[seen], np.nonzero(seen)[0])
    result = se.RepeatedMeasures(covariance="random-intercept").fit(study(gaps()))
    same(row(result, DIFFERENCE, wave="t3"), fit.coefficients.contrast(np.kron([-1, 1], [-1, 0, 1])))
    assert "PARALLEL_LINES" in keys_of(result) and "WAVES_FALLBACK" not in keys_of(result)
    in_classes = se.RepeatedMeasures(covariance="random-intercept").fit(study(gaps(), cluster="class"))
    assert "PARALLEL_LINES" not in keys_of(in_classes)
    assert set(in_classes.estimates["method"]) == {"random_intercept_reml_cr2"}


def test_too_few_students_fall_back_on_robust_errors_and_it_is_said():
    few = table().groupby("society").head(3)
    values, member = scores(few)
    fit = random_intercept(values.ravel(), group_wave_design(member, 3).reshape(18, -1), np.repeat(np.arange(6), 3))
    result = se.RepeatedMeasures().fit(study(few))
    same(row(result, DIFFERENCE, wave="t3"), fit.robust().contrast(np.kron([-1, 1], [-1, 0, 1])))
    assert "WAVES_FALLBACK" in keys_of(result)
    assert "PARALLEL_LINES" not in keys_of(result)


def test_students_who_all_change_alike_have_a_change_without_p():
    frame = table()
    frame["t2"], frame["t3"] = frame["t1"] + 2, frame["t1"] + 2 + 3 * (frame["society"] == "yes")
    result = se.RepeatedMeasures().fit(study(frame))
    found = row(result, DIFFERENCE, wave="t3")
    assert found["estimate"] == pytest.approx(3) and np.isnan([found["p_value"], found["conf_low"]]).all()
    assert {"WAVES_FALLBACK", "NO_SPREAD_LEFT"} <= keys_of(result)
    assert not result.estimates["p_value"].notna().any() and not (result.frame("tests")["p_value"] == 0).any()
    for lang in ("en", "zh"):
        assert result.report(lang) and result.summary(lang)


def test_members_who_all_change_alike_beside_others_who_do_not():
    frame = table()
    mine = frame["society"] == "yes"
    frame.loc[mine, "t2"], frame.loc[mine, "t3"] = frame.loc[mine, "t1"] + 2, frame.loc[mine, "t1"] + 5
    result = se.RepeatedMeasures().fit(study(frame))
    assert np.isnan(row(result, CHANGE, group="yes", wave="t3")["p_value"])
    assert row(result, DIFFERENCE, wave="t3")["p_value"] > 0


def test_a_constant_score_has_no_test():
    result = se.RepeatedMeasures().fit(study(table().assign(t1=5.0, t2=5.0, t3=5.0)))
    assert row(result, DIFFERENCE, wave="t2")["estimate"] == 0 and "NO_SPREAD_LEFT" in keys_of(result)


# Who is compared ----------------------------------------------------------------------------------------------------


def test_without_a_group_changes_are_described_at_grade_f():
    result = se.RepeatedMeasures().fit(study(outcomes=["identity", "passed"], group=None))
    assert (result.grade, result.claim) == ("F", "description")
    assert result.estimates.query("primary")["measure"].unique().tolist() == [CHANGE, "share_change"]
    assert set(result.frame("tests")["test"]) == {"waves"}
    text = results_paragraph(result, "en")
    assert "cannot be attributed to the society" in text and "of the students" in text and "  " not in text
    assert "60 students were measured at 3 waves (t1, t2, t3)" in text
    assert "不能归因于社团" in results_paragraph(result, "zh")
    assert "members" not in methods_paragraph(result, "en")
    assert result.table("changes", "en").rows[1][0].text == "All students"


def test_many_changes_without_a_group_are_listed_as_changes():
    frame = table()
    for k in range(3):
        frame = frame.assign(**{f"o{k}_{w}": frame[w] + np.random.default_rng(k).normal(0, 2, 60) for w in WAVES})
    columns = {f"o{k}": {w: f"o{k}_{w}" for w in WAVES} for k in range(3)}
    result = se.RepeatedMeasures().fit(se.Study(frame, outcomes=list(columns), waves=columns))
    assert "6 changes of the students" in results_paragraph(result, "en")
    assert "学生共 6 项变化" in results_paragraph(result, "zh")


def test_several_groups_with_the_reference_or_in_pairs():
    frame = table()
    frame.loc[1::3, "society"] = "former"
    roles = {"member": "yes", "reference": "no"}
    for contrasts, n in (("reference", 2), ("pairwise", 3)):
        result = se.RepeatedMeasures(contrasts=contrasts).fit(study(frame, **roles))
        assert len(result.estimates.query("primary")) == 2 * n
        assert answered(result, "interaction")["df1"] == 4
        for lang in ("en", "zh"):
            assert methods_paragraph(result, lang) and result.table("changes", lang).rows


def test_leavers_are_counted_at_every_earlier_wave():
    rows = long(table())
    rows.loc[(rows["student"] == "s1") & (rows["wave"] == "t2"), "society"] = "yes"
    rows.loc[(rows["student"] == "s0") & (rows["wave"] == "t1"), "society"] = "no"
    known = se.Study(rows, outcomes="identity", group="society", unit="student", wave="wave", waves=WAVES)
    checks = {check.key: dict(check.values) for check in se.RepeatedMeasures().fit(known).checks}
    assert checks["LEAVERS"] == {"n": 1, "first": "t2", "last": "t3"}
    assert checks["ALREADY_MEMBERS"] == {"n": 19, "of": 20, "wave": "t1"}


def test_members_who_joined_after_the_last_wave_are_refused():
    frame = table().assign(joined="t2")
    assert "ALREADY_MEMBERS" not in keys_of(se.RepeatedMeasures().fit(study(frame, joined="joined")))
    rows = long(frame.drop(columns="joined")).assign(joined="t4")
    late = rows.loc[rows["wave"] == "t1"].head(4).assign(wave="t4")
    odd = pd.concat([rows, late])
    known = se.Study(odd, outcomes="identity", group="society", unit="student", wave="wave", waves=(*WAVES, "t4"))
    assert se.RepeatedMeasures().fit(known).has("estimates")


def test_ordered_categories_are_refused_with_a_way_out():
    columns = {"rating": {wave: f"passed_{wave}" for wave in WAVES}}
    known = se.Study(table(), outcomes=[se.Outcome("rating", kind="ordinal")], waves=columns, group="society")
    result = se.RepeatedMeasures().fit(known)
    assert not result.has("estimates") and "ORDINAL_NOT_COMPARED" in keys_of(result)
    assert "PrePostControl" in str(result.report("en"))


def test_scores_of_those_lost_later_are_described():
    result = se.RepeatedMeasures().fit(study(gaps()))
    lost = result.frame("attrition").set_index(["group", "reference_wave"])
    values, member = scores(gaps())
    gone = member & np.isnan(values[:, 2]) & ~np.isnan(values[:, 0])
    assert lost.loc[("yes", "t3"), "n_lost"] == gone.sum()
    assert lost.loc[("yes", "t3"), "mean_lost"] == pytest.approx(values[gone, 0].mean())


# What is refused ----------------------------------------------------------------------------------------------------


def two_waves():
    return se.Study(table(), outcomes=["identity"], waves={"identity": {"t1": "t1", "t2": "t2"}}, group="society")


def one_outcome_at_two_waves():
    columns = {"identity": {w: w for w in WAVES}, "passed": {w: f"passed_{w}" for w in WAVES[:2]}}
    return se.Study(table(), outcomes=["identity", "passed"], waves=columns, group="society")


def nobody_of_the_members():
    frame = table()
    return study(frame.assign(t2=frame["t2"].where(frame["society"] == "no")))


def nobody_at_all():
    rows = long(table())
    rows.loc[rows["wave"] == "t2", "identity"] = np.nan
    return se.Study(rows, outcomes="identity", unit="student", wave="wave", waves=WAVES)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (two_waves, "NEEDS_WAVES"),
        (one_outcome_at_two_waves, "OUTCOME_AT_FEW_WAVES"),
        (nobody_of_the_members, "EMPTY_WAVE"),
        (nobody_at_all, "NOBODY_AT_WAVE"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(make, code):
    with pytest.raises(se.DesignError) as error:
        se.RepeatedMeasures().fit(make())
    assert error.value.code == code


def test_text_waves_need_their_order_and_students_one_row_per_wave():
    rows, roles = long(table()), {"outcomes": "identity", "group": "society", "unit": "student", "wave": "wave"}
    with pytest.raises(se.StudyError, match="order of the waves"):
        se.Study(rows, **roles)
    with pytest.raises(se.StudyError, match="more than once at one wave"):
        se.Study(pd.concat([rows, rows.head(1).assign(identity=1.0)]), waves=WAVES, **roles)


@pytest.mark.parametrize(
    "settings", [{"covariance": "ar1"}, {"contrasts": "all"}, {"adjustment": "none"}, {"conf_level": 2}]
)
def test_settings_are_checked(settings):
    with pytest.raises(se.DesignError):
        se.RepeatedMeasures(**settings)


# What is said -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("group", ["society", None])
def test_nothing_is_claimed_beyond_the_grade(lang, group):
    result = se.RepeatedMeasures(anova=True).fit(study(gaps(), outcomes=["identity", "passed"], group=group))
    said = results_paragraph(result, lang) + limits_paragraph(result, lang)
    assert not lint(said, result.claim, lang)
    assert "{" not in said


@pytest.mark.parametrize(("lang", "words"), [("en", "were kept in the analysis"), ("zh", "仍保留在分析中")])
def test_kept_students_are_told_wave_by_wave(lang, words):
    result = se.RepeatedMeasures().fit(study(gaps()))
    text = results_paragraph(result, lang)
    assert words in text and words in methods_paragraph(result, lang)
    for wave in WAVES:
        assert wave in text.split(words)[0]
