"""What a newcomer stumbled over: numbers that contradict each other, wrong warnings, errors that mislead."""

from __future__ import annotations

import copy

import adjusted_examples
import numpy as np
import pandas as pd
import pytest

import society_effects as se
from society_effects.figures import FIGURES
from society_effects.findings.adjusted import adjusted_for

WAVES = ["t1", "t2", "t3"]


def panel(n=90):
    """Three waves with gaps, in six classes; half of the students join at the second wave."""
    rng = np.random.default_rng(11)
    rows = []
    for i in range(n):
        level, member, room = rng.normal(0, 5), i % 5 < 3, rng.choice(list("abcdef"))
        for j, wave in enumerate(WAVES):
            score = 60 + 2 * j + level + rng.normal(0, 3)
            score = np.nan if rng.random() < 0.1 else score
            passed = np.nan if np.isnan(score) else float(score > 64)
            group, joined = ("yes", "t2") if member else ("no", None)
            rows.append((f"S{i}", room, wave, group, joined, score, passed))
    return pd.DataFrame(rows, columns=["id", "class", "wave", "society", "joined", "score", "passed"])


def study(frame=None, **settings):
    known = {"group": "society", "unit": "id", "wave": "wave", "waves": WAVES, "outcomes": ["score", "passed"]}
    return se.Study(panel() if frame is None else frame, **(known | settings))


def before_and_after(**settings):
    rng = np.random.default_rng(8)
    member = np.arange(200) % 2 == 0
    pre = 60 + 10 * member + rng.normal(0, 5, 200)
    post = 60 + 0.5 * (pre - 60) + 5 * member + rng.normal(0, 3, 200)
    frame = {"society": np.where(member, "yes", "no"), "pre": pre > 65, "post": post > 66}
    return se.Study(pd.DataFrame(frame), group="society", baseline={"post": "pre"}, **settings)


def test_the_sentence_counts_the_students_of_the_primary_row():
    result = se.DifferenceInDifferences(first_post="t2").fit(study(outcomes="score"))
    row = result.estimates[result.estimates["primary"]].iloc[0]
    text = str(result.summary("en"))
    assert f"n = {row['n_group']:.0f}" in text and f"n = {row['n_reference']:.0f}" in text


@pytest.mark.parametrize("kind", ["change", "proportions"])
def test_figures_count_every_student_who_is_drawn(kind):
    result = se.RepeatedMeasures().fit(study())
    assert "n = 90" in texts_of(result.plot(kind))


def texts_of(canvas):
    """All texts of a figure in one line."""
    found = canvas.figure.findobj(match=lambda artist: hasattr(artist, "get_text"))
    return " ".join(" ".join(text.get_text() for text in found).split())


def test_two_waves_name_a_range_where_outcomes_differ():
    frame = panel()
    frame.loc[frame.index[:30], "passed"] = np.nan
    result = se.PrePost("t1", "t3").fit(study(frame, group=None))
    n = result.estimates.loc[result.estimates["primary"], "n"]
    assert f"{n.min():.0f} to {n.max():.0f}" in str(result.summary("en"))


def test_tables_write_shares_in_percentage_points():
    result = se.PrePostControl(reliability=0.8).fit(before_and_after())
    if result.has("sensitivity"):
        assert "percentage points" in str(result.table("sensitivity"))
    result = se.DifferenceInDifferences(first_post="t3").fit(study(outcomes="passed"))
    for kind in ("sensitivity", "quantities"):
        if result.has(kind):
            assert "percentage points" in str(result.table(kind)), kind


def test_lord_is_written_in_percentage_points_and_silent_after_a_lottery():
    text = str(se.PrePostControl().fit(before_and_after()).report("en"))
    lord = text[text.index("students alike before") :]
    assert "percentage points)" in lord or "percentage points," in lord
    result = se.PrePostControl().fit(before_and_after(about=se.About(assignment="lottery")))
    assert not {"LORD", "LORD_BRACKET"} & {check.key for check in result.checks}


def test_lord_reads_the_limits_that_are_shown():
    from society_effects.designs.waves.lord import _excludes

    row = {"conf_low": 0.1, "conf_high": 2.0, "null_value": 0.0}
    assert _excludes(row)
    assert not _excludes(row | {"simultaneous_low": -0.2, "simultaneous_high": 2.3})


def test_joint_tests_with_few_degrees_of_freedom_are_warned_of():
    result = se.RepeatedMeasures().fit(study(outcomes="score", cluster="class"))
    lowest = result.tests["df2"].min()
    assert lowest < 4
    assert next(check for check in result.checks if check.key == "DF_LOW").values["df"] == pytest.approx(lowest)


def test_text_answers_with_their_categories_are_ordinal():
    outcome = se.Outcome("answer", categories=("low", "middle", "high"))
    found = se.Study({"answer": ["low", "high", "middle"]}, outcomes=outcome)
    assert found.outcome("answer").kind == "ordinal"
    with pytest.raises(se.StudyError, match="awful"):
        se.Study({"answer": ["low", "high", "awful"]}, outcomes=outcome)


def test_two_answers_stay_yes_or_no_with_their_categories_named():
    outcome = se.Outcome("passed", categories=("no", "yes"))
    found = se.Study({"passed": ["no", "yes", "yes"]}, outcomes=outcome).outcome("passed")
    assert (found.kind, found.event) == ("binary", "yes")


def test_docstrings_name_all_tables_and_figures():
    from society_effects.figures import draw
    from society_effects.tables import TABLES

    assert all(kind in se.Result.plot.__doc__ and kind in draw.__doc__ for kind in FIGURES)
    assert all(f"``{kind}``" in se.Result.table.__doc__ for kind in TABLES)


def test_a_word_for_never_joining_is_explained():
    frame = panel()
    frame["joined"] = frame["joined"].fillna("never")
    with pytest.raises(se.StudyError, match=r"leave the cell empty.*missing_codes"):
        study(frame, joined="joined")
    study(frame, joined="joined", missing_codes={"joined": ["never"]})


def test_one_reliability_is_a_point_with_a_bar():
    result = se.PrePostControl(reliability=0.8).fit(scores())
    texts = texts_of(result.plot("sensitivity_path"))
    assert "Point and bar" in texts and "Line and band" not in texts


def scores(**settings):
    rng = np.random.default_rng(3)
    pre = rng.normal(60, 8, 80)
    frame = {"society": ["yes", "no"] * 40, "pre": pre, "post": pre + rng.normal(3, 5, 80)}
    return se.Study(frame, group="society", baseline={"post": "pre"}, **settings)


@pytest.mark.parametrize("told", [["prior", "motivaton"], "motivaton"])
def test_names_measured_before_joining_are_covariates(told):
    with pytest.raises(se.StudyError, match=r"motivaton.*did you mean `motivation`.*all, none, sex"):
        adjusted_examples.study(about=se.About(covariates_before_joining=told))


def test_a_block_measured_before_joining_means_all_of_it():
    about = se.About(assignment="self-selected", covariates_before_joining=["demographics", "prior"])
    own = adjusted_examples.study(about=about)
    (check,) = (check for check in se.RegressionAdjustment().fit(own).checks if check.key == "BAD_CONTROL")
    assert check.values["names"] == ("motivation",)
    told = own.codebook().to_frame().drop_duplicates("name").set_index("name")["before_joining"]
    assert told[["sex", "year", "prior", "motivation"]].tolist() == ["yes", "yes", "yes", "no"]


def test_earlier_scores_and_columns_of_the_file_may_be_measured_before_joining():
    scores(about=se.About(covariates_before_joining=["pre", "post@before"]))


def test_one_name_stands_for_a_list_of_one():
    assert se.About(covariates_before_joining="prior").covariates_before_joining == ("prior",)
    design = se.RegressionAdjustment(subgroups="sex", covariates="prior")
    assert (design.subgroups, design.covariates) == (("sex",), ("prior",))
    assert se.Describe(variables="sex").variables == ("sex",)
    assert se.DifferenceInDifferences(covariates="sex").covariates == ("sex",)


def test_an_unknown_setting_of_a_design_names_the_nearest():
    with pytest.raises(se.DesignError, match=r"RegressionAdjustment has no setting `covariate`.*`covariates`"):
        se.RegressionAdjustment(covariate=["sex"])
    assert copy.copy(se.RegressionAdjustment(subgroups="sex")).subgroups == ("sex",)


def test_ladders_say_what_to_give():
    own = adjusted_examples.study(cluster="class")
    with pytest.raises(se.DesignError, match=r"holds 'raw', which is no design.*MemberComparison\(\).*headline="):
        se.triangulate(own, designs=["raw", "within_class"])
    with pytest.raises(se.DesignError, match=r"did you mean `within_class`"):
        se.triangulate(own, headline="within class")
    with pytest.raises(se.DesignError, match=r"fit that of its headline \(`within_class`\), RegressionAdjustment"):
        se.sensitivity(se.triangulate(own), own)


def test_means_of_classes_are_called_so_in_every_regression():
    own = adjusted_examples.study(outcomes=adjusted_examples.every_kind(), cluster="class")
    result = se.RegressionAdjustment().fit(own)
    terms = set(result.frame("coefficients").query("outcome == 'papers'")["term"])
    assert {"class:member", "class:prior", "class:sex[M]"} <= terms
    assert not any("extra" in term for term in terms)
    dropped = [check.values["names"] for check in result.checks if check.key == "COVARIATES_DROPPED"]
    assert not any("extra" in name or "class" in name for names in dropped for name in names)


def test_the_figure_of_coefficients_leaves_the_classes_out():
    from society_effects.figures.coefficient_rows import material

    own = adjusted_examples.study(outcomes=[se.Outcome("papers", kind="count")], cluster="class")
    drawn = set(material(se.RegressionAdjustment().fit(own))["term"])
    assert "prior" in drawn and not any(term.startswith("class:") for term in drawn)


def test_categories_stand_in_one_order_everywhere():
    years, classes = ["大一", "大二", "大三", "大十"], ["甲班", "乙班", "丙班"]
    table = adjusted_examples.students().assign(
        year=lambda t: [years[k % 4] for k in range(len(t))], room=lambda t: [classes[k % 3] for k in range(len(t))]
    )
    covariates = ["year", "room", "prior"]
    own = adjusted_examples.study(table, covariates=covariates)
    book = {variable.name: variable for variable in own.codebook().variables}
    assert (list(book["year"].categories), list(book["room"].categories)) == (years, classes)
    described = se.Describe().fit(own).frame("baseline")
    result = se.RegressionAdjustment(subgroups="year").fit(own)
    for frame in (described, result.frame("baseline")):
        shown = frame[frame["variable"] == "year"]["category"].dropna()
        assert list(dict.fromkeys(shown)) == years
    balance = result.frame("balance").query("variable == 'year'")["category"]
    assert list(balance) == years[1:]
    terms = result.frame("coefficients").query("model == 'adjusted'")["term"]
    assert [term for term in terms if term.startswith("year[")] == [f"year[{year}]" for year in years[1:]]
    within = result.estimates.query("by == 'year' and measure == 'adjusted_mean_difference'")["level"]
    assert list(within) == years
    grouped = se.Study(table, outcomes="osce", group="year", reference="大一")
    assert list(grouped.levels) == years


@pytest.mark.parametrize(
    "block", ["prior achievement", "Prior-Scores", "入社前成绩", "入学前成绩", "既往成绩", "先前成绩", "基线成绩"]
)
def test_prior_achievement_is_known_by_its_usual_names(block):
    own = adjusted_examples.study(covariates={"who": ["sex"], block: ["prior"]})
    result = se.RegressionAdjustment().fit(own)
    assert not any(check.key == "NO_BASELINE" for check in result.checks) and result.grade == "C"
    assert "errors_in_variables" in set(se.sensitivity(result, own).frame("sensitivity")["analysis"])


@pytest.mark.parametrize("covariates", [{"prior_achievement": ["sex", "good"]}, {"baseline": ["prior"]}, ["prior"]])
def test_two_values_and_other_names_are_no_prior_achievement(covariates):
    table = adjusted_examples.students().assign(good=lambda t: (t["prior"] > 70).astype(int))
    own = adjusted_examples.study(table, covariates=covariates)
    result = se.RegressionAdjustment().fit(own)
    assert any(check.key == "NO_BASELINE" for check in result.checks) and result.grade == "D"
    for lang, named in (("en", "prior_achievement (or 入社前成绩)"), ("zh", "入社前成绩”（或 prior_achievement）")):
        assert named in str(result.report(lang))
    assert "入社前成绩" in str(se.recommend_design(own))


@pytest.mark.parametrize(("n", "told"), [(240, "SAME_IN_CLASS_CROSSED"), (70, "SAME_IN_CLASS")])
def test_what_classmates_are_alike_in_is_adjusted_for(n, told):
    table = adjusted_examples.students(n).assign(year=lambda t: t["class"] % 3 + 3)
    own = adjusted_examples.study(table, cluster="class")
    result, ladder = se.RegressionAdjustment().fit(own), se.triangulate(own)
    (check,) = (check for check in result.checks if check.key.startswith("SAME_IN_CLASS"))
    assert (check.key, check.values["names"]) == (told, ("year",))
    crossed = "member:year" in set(result.frame("coefficients")["term"])
    assert crossed == ("product with membership" in str(result.report("en"))) == (told == "SAME_IN_CLASS_CROSSED")
    rung = ladder.frame("rungs").set_index("design").loc["within_class", "adjusted_for"]
    assert rung == ", ".join(adjusted_for(result, "osce")) == "sex, year, prior, motivation"
    for found in (result, ladder):
        assert "Adjusted for: sex, year, prior, motivation." in str(found.report("en"))


def test_nobody_is_counted_where_all_have_classmates():
    table = adjusted_examples.students()
    own = adjusted_examples.study(table, cluster="class")
    text = str(se.RegressionAdjustment().fit(own).report("en"))
    assert "all of them have a classmate of the other group" in text and " 0 students" not in text
    alone = table.assign(**{"class": table["class"].where(table["society"] == "no", table["class"] // 2)})
    text = str(se.RegressionAdjustment().fit(adjusted_examples.study(alone, cluster="class")).report("en"))
    assert "have no classmate of the other group" in text
