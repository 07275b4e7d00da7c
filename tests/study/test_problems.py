"""What looks wrong in the data: found where it was planted, not told where nothing is wrong."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from society_effects.language.catalogue import catalogue
from society_effects.simulate import simulate_cohort, simulate_panel, simulate_survey
from society_effects.study import Outcome, Study
from society_effects.study.problem import Problem
from society_effects.study.samples import load_sample

N = 120
ITEMS = [f"item{k}" for k in range(6)]
LIKERT = tuple("12345")


def good(seed=3) -> pd.DataFrame:
    """Students with nothing wrong in their data."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(size=N)
    frame = pd.DataFrame(
        {
            "student": [f"S{k:03}" for k in range(N)],
            "club": rng.permutation(["no"] * 70 + ["yes"] * 50),
            "score": np.clip(np.round(75 + 8 * ability + rng.normal(0, 4, N), 1), 0, 100),
            "second": np.clip(np.round(75 + 8 * ability + rng.normal(0, 4, N), 1), 0, 100),
            "papers": rng.poisson(1.0, N),
            "sex": rng.choice(["female", "male"], N),
            "prior": np.round(3 + 0.3 * ability + rng.normal(0, 0.2, N), 2),
            "age": rng.integers(19, 24, N),
            "class": [f"1-{k}" if k % 2 else f"11-{k}" for k in rng.integers(1, 9, N)],
        }
    )
    for item in ITEMS:
        frame[item] = np.clip(np.round(3 + 0.7 * ability + rng.normal(0, 0.9, N)), 1, 5).astype(int).astype(str)
    return frame


def study(frame, **changes):
    outcomes = [Outcome("score", range=(0, 100)), Outcome("second"), Outcome("papers", kind="count")]
    outcomes += [Outcome(item, kind="ordinal", categories=LIKERT) for item in ITEMS]
    roles = {"group": "club", "unit": "student", "cluster": "class", "covariates": ["sex", "prior", "age"]}
    return Study(frame, **({"outcomes": outcomes} | roles | changes))


def planted(column, rows, values):
    """The good data with these values in some rows of a column."""
    frame = good()
    frame[column] = frame[column].astype(object)
    frame.loc[rows, column] = values
    return frame.infer_objects()


def only(found, key) -> Problem:
    """The one problem of this key."""
    own = [problem for problem in found if problem.key == key]
    assert len(own) == 1, [(problem.key, problem.variables) for problem in found]
    return own[0]


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_told_where_nothing_is_wrong(seed):
    assert [problem.key for problem in study(good(seed)).problems()] == []


@pytest.mark.parametrize("name", ["clinical_skills_667", "professional_identity_panel"])
def test_no_false_alarm_on_the_samples(name):
    sample = load_sample(name, cluster="class")
    assert [problem.key for problem in sample.problems()] == []
    assert [problem.key for problem in load_sample(name).problems()] == []


@pytest.mark.parametrize("simulate", [simulate_cohort, simulate_panel, simulate_survey])
def test_no_false_alarm_on_simulated_students(simulate):
    for seed in range(4):
        assert [problem.key for problem in simulate(seed=seed).problems()] == []


def test_answers_outside_their_range():
    likert = Outcome("item0", kind="ordinal", range=(1, 5))
    found = only(study(planted("item0", [4, 9], "6"), outcomes=["score", likert]).problems(), "ANSWERS_OUTSIDE_RANGE")
    assert (found.status, found.n, found.units, found.values["cells"]) == ("warn", 2, ("S004", "S009"), ("6",))


@pytest.mark.parametrize("unit", ["%", "percent", {"en": "share", "zh": "百分比"}])
def test_more_than_all_of_it(unit):
    outcome = Outcome("score", unit=unit)
    found = only(study(planted("score", 7, 101.5), outcomes=[outcome]).problems(), "IMPOSSIBLE_PERCENT")
    assert (found.units, found.values["cells"]) == (("S007",), ("101.5",))
    assert not study(planted("score", 7, 100), outcomes=[outcome]).problems()


def test_less_than_nothing():
    frame = good().assign(hours=np.r_[-2.0, np.linspace(1, 30, N - 1)])
    for unit, told in (("hours", 1), ("小时", 1), ("points", 0)):
        found = study(frame, outcomes=[Outcome("hours", unit=unit)]).problems()
        assert sum(problem.key == "IMPOSSIBLE_NEGATIVE" for problem in found) == told


def test_columns_that_never_vary():
    frame = good().assign(country="CN", year=3, passed=1, score=80.0)
    outcomes = ["score", Outcome("passed", kind="binary"), "second"]
    found = study(frame, outcomes=outcomes, covariates=["country", "year"]).problems()
    told = {(problem.key, problem.variables[0]) for problem in found}
    assert told == {("CONSTANT", "score"), ("CONSTANT", "year"), ("CONSTANT_CATEGORY", "passed")} | {
        ("CONSTANT_CATEGORY", "country")
    }


@pytest.mark.parametrize(("column", "code"), [("second", 999), ("second", -9), ("age", 99), ("prior", 99)])
def test_codes_of_missing_values_among_numbers(column, code):
    found = study(planted(column, [1, 2], code)).problems()
    coded = only(found, "POSSIBLE_MISSING_CODES")
    assert (coded.variables, coded.units, coded.values["cells"]) == ((column,), ("S001", "S002"), (str(code),))
    assert len(found) == 1
    assert not study(planted(column, [1, 2], code), missing_codes={column: [code]}).problems()


def test_codes_of_missing_answers_that_were_noted_while_reading():
    frame = planted("item0", [4, 9, 11], "9")
    found = study(frame, outcomes=[Outcome("item0", kind="ordinal"), "score"]).problems()
    assert (only(found, "POSSIBLE_MISSING_CODES").n, found[0].values["cells"]) == (3, ("9",))


def test_a_value_far_from_all_others():
    found = only(study(planted("prior", 5, 30.1)).problems(), "FAR_FROM_OTHERS")
    assert (found.status, found.units, found.values["cells"]) == ("note", ("S005",), ("30.1",))


def test_a_heap_at_the_pass_mark():
    frame = good()
    low = frame["score"].nsmallest(20).index
    found = study(frame.assign(score=frame["score"].mask(frame.index.isin(low), 60.0))).problems()
    assert (only(found, "HEAP_AT_PASS_MARK").n, len(found)) == (20, 1)


def test_multiples_of_five():
    frame = good()
    rounded = frame["score"].where(frame.index % 3 == 0, (frame["score"] / 5).round() * 5).round()
    found = only(study(frame.assign(score=rounded)).problems(), "ROUND_NUMBERS")
    assert found.status == "note" and found.values["share"] > 0.6 and found.values["chance"] == 0.2
    every = (frame["score"] / 5).round() * 5
    assert "ROUND_NUMBERS" not in [problem.key for problem in study(frame.assign(score=every)).problems()]


def test_one_answer_to_all_items():
    frame = good()
    frame.loc[:29, ITEMS] = np.repeat([[answer] * 6 for answer in "342"], 10, axis=0)
    found = only(study(frame).problems(), "STRAIGHT_LINING")
    assert (found.status, found.values["items"], found.units[0], len(found.units)) == ("warn", 6, "S000", 5)
    assert found.n >= 30 and found.variables == tuple(ITEMS)
    frame = good()
    frame.loc[:7, ITEMS] = "3"
    assert only(study(frame).problems(), "STRAIGHT_LINING").status == "note"


def test_one_answer_to_all_parts_of_a_total():
    frame = good()
    frame[ITEMS] = frame[ITEMS].astype(float)
    frame.loc[:29, ITEMS] = 3.0
    frame["total"] = frame[ITEMS].sum(axis=1)
    found = only(study(frame, outcomes=[Outcome("total", parts=ITEMS)]).problems(), "STRAIGHT_LINING")
    assert found.n >= 30 and found.variables == tuple(ITEMS)


def test_one_answer_to_all_items_at_a_wave():
    panel = pd.concat([good().assign(t=wave) for wave in ("pre", "post")], ignore_index=True)
    panel.loc[panel["t"] == "post", ITEMS] = good(seed=9)[ITEMS].to_numpy()
    panel.loc[panel.index[-40:], ITEMS] = "4"
    items = [Outcome(item, kind="ordinal", categories=LIKERT) for item in ITEMS]
    found = study(panel, outcomes=items, wave="t", waves=("pre", "post")).problems()
    assert only(found, "STRAIGHT_LINING").values["wave"] == "post" and "at post" in repr(found)


def test_the_same_answers_under_two_names():
    frame = good()
    frame.loc[[100, 101], frame.columns[1:]] = frame.loc[[3, 4], frame.columns[1:]].to_numpy()
    frame = frame.infer_objects()
    found = only(study(frame).problems(), "SAME_ANSWERS")
    assert (found.status, found.n, found.values["sets"]) == ("warn", 4, 2)
    assert found.units == ("S003", "S004", "S100", "S101")
    assert found.values["columns"] >= 12


def test_the_same_answers_by_chance_are_not_told():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"club": rng.choice(["no", "yes"], 400), "a": rng.integers(1, 6, 400)})
    frame = frame.assign(b=rng.integers(1, 6, 400), c=rng.integers(0, 2, 400))
    assert "SAME_ANSWERS" not in [p.key for p in Study(frame, group="club", outcomes=["a", "b", "c"]).problems()]


def test_one_answer_to_all_items_is_not_told_twice():
    frame = good()[["student", "club"]].assign(club=["no", "yes"] * (N // 2))
    rng = np.random.default_rng(2)
    for k in range(14):
        frame[f"q{k}"] = rng.integers(1, 6, N).astype(str)
        frame.loc[:5, f"q{k}"] = "3"
    items = [Outcome(f"q{k}", kind="ordinal", categories=LIKERT) for k in range(14)]
    found = Study(frame, group="club", unit="student", outcomes=items).problems()
    assert [problem.key for problem in found] == ["STRAIGHT_LINING"] and found[0].n == 6


def test_outcomes_that_go_together_are_no_problem():
    frame = good().assign(twice=lambda f: 2 * f["score"] + 1)
    assert not study(frame, outcomes=["score", "twice"]).problems()


def test_one_student_twice_where_no_student_is_named():
    frame = planted("student", [50, 60], ["S001", "S002"]).rename(columns={"student": "学号"})
    found = only(study(frame, unit=None).problems(), "ONE_STUDENT_TWICE")
    assert (found.variables, found.n, found.values["cells"]) == (("学号",), 4, ("S001", "S002"))
    assert not study(good(), unit=None).problems()


def test_two_spellings_of_one_level():
    for spelling in ("Female", "ＦＥＭＡＬＥ", "f", "女"):
        found = [problem.key for problem in study(planted("sex", [1, 2, 3], spelling)).problems()]
        assert found == ["SPELLINGS"], spelling
    text = str(study(planted("sex", [1, 2], "F")).problems())
    assert "F, female of sex look like one level" in text
    frame = planted("club", [1, 2], "Yes")
    found = study(frame, member="yes", reference="no").problems()
    assert only(found, "SPELLINGS").variables == ("club",) and only(found, "SMALL_GROUP").status == "warn"


def test_spellings_of_a_nominal_outcome():
    frame = good().assign(plan=np.tile(["surgery", "Surgery", "medicine"], N // 3))
    found = study(frame, outcomes=[Outcome("plan", kind="nominal")]).problems()
    assert only(found, "SPELLINGS").values["levels"] == ("Surgery", "surgery")


def test_words_for_a_missing_value():
    found = only(study(planted("sex", [1, 2, 3], "未填")).problems(), "WORDS_FOR_MISSING")
    assert (found.status, found.n, found.values["levels"]) == ("note", 3, ("未填",))


@pytest.mark.parametrize(("n", "status"), [(3, "warn"), (7, "note")])
def test_groups_of_very_few(n, status):
    frame = good().assign(club=["yes"] * n + ["no"] * (N - n))
    found = only(study(frame).problems(), "SMALL_GROUP")
    assert (found.status, found.n, found.values["level"]) == (status, n, "yes")


def test_columns_that_say_the_same():
    frame = good()
    frame["prior_percent"] = frame["prior"] * 25 + np.linspace(0, 0.2, N)
    frame["gender"] = frame["sex"].map({"female": 0, "male": 1}).map({0: "women", 1: "men"})
    frame["score_copy"] = frame["score"] + 1
    covariates = ["sex", "gender", "prior", "prior_percent", "score_copy"]
    found = study(frame, covariates=covariates).problems()
    assert only(found, "NEARLY_IDENTICAL").variables == ("prior", "prior_percent")
    assert only(found, "SAME_CATEGORIES").variables == ("sex", "gender")
    assert only(found, "NEARLY_THE_OUTCOME").variables == ("score", "score_copy")
    assert len(found) == 3


def test_a_column_copied_to_another_wave():
    frame = good().assign(later=lambda f: f["score"] + 0.1)
    found = study(frame, outcomes=None, baseline={"later": "score"}).problems()
    assert only(found, "SAME_AT_TWO_WAVES").values["waves"] == ("before", "after")


def long(**changes):
    panel = pd.concat([good().assign(t=wave) for wave in ("pre", "mid", "post")], ignore_index=True)
    rng = np.random.default_rng(5)
    panel["score"] = (panel["score"] + rng.normal(0, 5, len(panel))).round(1)
    joins = dict.fromkeys(good().query("club == 'yes'")["student"], "post")
    panel["joined"] = panel["student"].map(joins)
    return panel.assign(**changes)


def test_members_who_joined_after_the_last_score():
    roles = {"outcomes": ["score"], "wave": "t", "waves": ("pre", "mid", "post"), "joined": "joined"}
    assert not study(long(), **roles).problems()
    frame = long()
    frame.loc[frame["t"] == "post", "score"] = np.nan
    found = only(study(frame, **roles).problems(), "JOINED_AFTER_LAST_SCORE")
    assert (found.status, found.n, found.values["last"]) == ("warn", 50, "mid")


def test_membership_and_joining_that_contradict_each_other():
    roles = {"outcomes": ["score"], "wave": "t", "waves": ("pre", "mid", "post"), "joined": "joined"}
    frame = long()
    members, others = (frame.loc[frame["club"] == level, "student"].unique()[:2] for level in ("yes", "no"))
    frame.loc[frame["student"].isin(members), "joined"] = None
    frame.loc[frame["student"].isin(others), "joined"] = "mid"
    found = only(study(frame, **roles).problems(), "JOINING_CONTRADICTED")
    assert found.n == 4 and set(found.units) == {*members, *others}


def test_nothing_is_changed_and_what_warns_comes_first():
    frame = planted("second", [1, 2], 999)
    frame.loc[5, "prior"] = 30.1
    one = study(frame)
    before = one.fingerprint, one.data
    found = one.problems()
    assert [problem.status for problem in found] == ["warn", "note"] and len(found) == 2
    assert one.fingerprint == before[0] and one.data.equals(before[1])


def test_a_printed_table_has_no_students_to_look_at():
    table = {"outcome": ["osce"] * 2, "group": ["no", "yes"], "n": [50, 20], "mean": [78, 82], "sd": [10, 8]}
    found = Study.from_summary(table).problems()
    assert not found and repr(found) == catalogue("en").get("problems.from_summary")


def test_more_than_five_students_are_counted():
    frame = planted("second", range(8), 999)
    found = study(frame, labels={"second": {"en": "second station", "zh": "第二站"}}).problems()
    assert "S004 and 3 more" in repr(found) and "second station has 8 values" in repr(found)
    assert found.to_frame().loc[0, "units"] == "S000, S001, S002, S003, S004"
    assert "S004，另有 3 名" in repr(study(frame, lang="zh").problems())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_shown_and_saved_in_both_languages(tmp_path, lang):
    found = study(planted("second", range(8), 999), lang=lang).problems()
    page, markdown = found._repr_html_(), found.to_markdown()
    for shown in (repr(found), page, markdown):
        assert "999" in shown and "S003" in shown and "{" not in shown
    for suffix in (".xlsx", ".html", ".md", ".csv"):
        assert found.save(tmp_path / f"问题{suffix}").stat().st_size > 100
    assert found.to_frame()["key"].tolist() == ["POSSIBLE_MISSING_CODES"]


def test_markup_in_the_data_stays_text():
    bad = "<img src=x onerror=alert(1)>"
    frame = planted("sex", [1, 2, 3], bad.upper()).assign(student=[f"<b>{k}</b>" for k in range(N)])
    frame.loc[5:9, "sex"] = bad
    frame.loc[5, "prior"] = 30.1
    page = study(frame).problems().to_html()
    assert "<img" not in page.lower() and "<b>" not in page


def test_every_problem_is_planted_here_and_has_a_sentence():
    keys = {k.split(".")[1] for k in catalogue("en").entries if re.match(r"problems\.[A-Z_]+$", k)}
    here = Path(__file__).read_text(encoding="utf-8")
    noted = {"CODES_AMONG_SCORES", "TWO_VALUES", "EXACT_COPIES", "VARIES_OVER_WAVES", "LOOKS_ORDINAL", "LOOKS_COUNT"}
    assert {key for key in keys - noted if f'"{key}"' not in here} == set()
    assert noted <= keys


def test_notes_of_reading_are_told_as_problems():
    frame = good().assign(two=np.repeat([1, 2], N // 2))
    frame = pd.concat([frame, frame.iloc[:2]], ignore_index=True)
    found = study(frame, outcomes=["two", "score"]).problems()
    assert only(found, "EXACT_COPIES").n == 2 and only(found, "TWO_VALUES").values["cells"] == ("1", "2")
    frame = planted("score", [3], 80.0)
    found = study(frame, missing_codes=[80]).problems()
    assert only(found, "CODES_AMONG_SCORES").variables == ("score",)
    frame = long()
    frame.loc[frame["t"] == "post", "age"] += 1
    roles = {"outcomes": ["score"], "wave": "t", "waves": ("pre", "mid", "post")}
    assert only(study(frame, **roles).problems(), "VARIES_OVER_WAVES").variables == ("age",)
    assert "80" in repr(study(planted("score", [3], 80.0), missing_codes=[80], lang="zh").problems())
