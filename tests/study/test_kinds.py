"""Which kind is an outcome, and which numbers does it hold?"""

import numpy as np
import pandas as pd
import pytest

from society_effects import MemberComparison
from society_effects.errors import StudyError
from society_effects.study import Outcome, Study


def of(values, **facts):
    frame = pd.DataFrame({"g": ([0, 1] * len(values))[: len(values)], "y": values})
    return Study(frame, group="g", outcomes=Outcome("y", **facts))


def read(values, **facts):
    study = of(values, **facts)
    return study.outcome("y").kind, study.matrix()[:, 0].tolist()


@pytest.mark.parametrize(
    "values, kind, numbers",
    [
        ([0, 1, 1], "binary", [0, 1, 1]),
        ([0, 0, 0], "binary", [0, 0, 0]),
        ([True, False, True], "binary", [1, 0, 1]),
        (["no", "yes", "no"], "binary", [0, 1, 0]),
        (["是", "否", "是"], "binary", [1, 0, 1]),
        (["0", "1", "1"], "binary", [0, 1, 1]),
        ([80, 90, 80], "continuous", [80, 90, 80]),
        ([1, 2, 3], "continuous", [1, 2, 3]),
        (["85", " 85.5 ", "８６"], "continuous", [85, 85.5, 86]),
    ],
)
def test_kinds_are_inferred(values, kind, numbers):
    assert read(values) == (kind, numbers)


def test_an_event_makes_two_levels_binary():
    assert read(["pass", "fail", "pass"], event="pass") == ("binary", [1, 0, 1])
    assert read([1, 2, 1], event=2) == ("binary", [0, 1, 0])
    assert read([1, 2, 1], event="2") == ("binary", [0, 1, 0])
    assert read([0, 1, 1], event=0) == ("binary", [1, 0, 0])
    assert read([True, False], event=False) == ("binary", [0, 1])


def test_ordered_categories_are_ordinal_in_their_order():
    values = pd.Categorical(["mid", "low", "high"], categories=["low", "mid", "high"], ordered=True)
    study = of(values)
    assert study.outcome("y").categories == ("low", "mid", "high")
    assert read(values) == ("ordinal", [1, 0, 2])


def test_two_ordered_categories_are_binary_the_higher_is_the_event():
    values = pd.Categorical(["fail", "pass"], categories=["fail", "pass"], ordered=True)
    assert read(values) == ("binary", [0, 1])


def test_counts_nominal_and_ordinal_are_declared():
    assert read([0, 1, 1], kind="count") == ("count", [0, 1, 1])
    assert read(["b", "a", "c"], kind="nominal") == ("nominal", [1, 0, 2])
    assert read([5, 1, 3], kind="ordinal") == ("ordinal", [2, 0, 1])
    assert read(["b", "a"], kind="ordinal", categories=("b", "a")) == ("ordinal", [0, 1])
    assert read([0, 1, 1], kind="continuous") == ("continuous", [0, 1, 1])


def test_numbers_kept_as_text_are_noted():
    assert of(["85", "86", "87.5"]).notes == (("TEXT_NUMBERS", {"column": "y"}),)
    assert "stored as text" in repr(of(["85", "86", "87.5"]))


def test_two_numbers_that_might_be_an_event_are_noted():
    assert of([1, 2, 2]).notes == (("TWO_VALUES", {"column": "y", "values": ("1", "2")}),)


@pytest.mark.parametrize(
    "values", [["85", "90", "A"], ["85", "1,200", "3"], ["85", "1e"], [pd.Timestamp("2026-01-01"), 3, 4]]
)
def test_text_between_numbers_is_refused(values):
    with pytest.raises(StudyError) as caught:
        of([*values, 7.5])
    assert caught.value.code == "TEXT_IN_SCORES"


def test_missing_codes_are_counted_by_reason_in_both_forms():
    values = [85, "缺考", 90, "缺考", None, 99]
    for codes in (["缺考", 99], {"y": ["缺考", 99]}, {"y": {"缺考": "缺考", "99": "99"}}):
        study = Study({"g": [0, 1] * 3, "y": values}, group="g", outcomes="y", missing_codes=codes)
        dropped = study.ledger[study.ledger["step"] == "outcome_missing"]
        assert dropped.groupby("reason")["n_dropped"].sum().to_dict() == {"empty": 1, "缺考": 2, "99": 1}
        np.testing.assert_array_equal(study.matrix()[:, 0], [85, np.nan, 90, np.nan, np.nan, np.nan])


def answers(values, **outcome):
    frame = {"g": ["yes", "no"] * (len(values) // 2), "item": values}
    return Study(frame, group="g", outcomes=Outcome("item", kind="ordinal", **outcome))


@pytest.mark.parametrize(("code", "noted"), [(99, True), (9, True), (-9, True), (6, False)])
def test_a_code_among_answers_is_noted_where_nobody_declared_it(code, noted):
    values = [1, 2, 3, 4, 5, code] * 4
    assert ("POSSIBLE_MISSING_CODES" in dict(answers(values).notes)) == noted
    assert "POSSIBLE_MISSING_CODES" not in dict(answers(values, categories=sorted({*values})).notes)
    if noted:
        assert dict(answers(values).notes)["POSSIBLE_MISSING_CODES"]["n"] == 4
        assert str(code) in answers(values).summary("zh")


def test_a_missing_code_that_may_be_a_score_is_noted():
    frame = {"g": ["yes", "no"] * 4, "exam": [99, 62, 81, 100, 75, 99, 88, 70], "item": [99, 1, 2, 3, 4, 5, 99, 1]}
    notes = Study(frame, group="g", outcomes=["exam", "item"], missing_codes=[99]).notes
    assert [values for key, values in notes if key == "CODES_AMONG_SCORES"] == [
        {"column": "exam", "n": 2, "code": "99"}
    ]


def test_out_of_range_names_up_to_five():
    with pytest.raises(StudyError) as caught:
        of([101, 102, 103, 104, 105, 106, -1, 50], range=(0, 100))
    assert caught.value.values["cells"] == ["101", "102", "103", "104", "105"]
    assert caught.value.values["count"] == 7


RATED = [1, 2, 3, 4, 5, 3, 4, 4, 2, 5] * 4
COUNTED = [0, 0, 0, 1, 1, 2, 0, 1, 3, 0] * 4


@pytest.mark.parametrize(("cells", "key"), [(RATED, "LOOKS_ORDINAL"), (COUNTED, "LOOKS_COUNT")])
def test_few_whole_numbers_without_a_kind_are_asked_about(cells, key):
    low, high = str(min(cells)), str(max(cells))
    assert of(cells).notes == ((key, {"column": "y", "low": low, "high": high}),)
    study = Study({"y": cells, "g": ["no", "yes"] * 20}, outcomes="y", group="g")
    (problem,) = (problem for problem in study.problems() if problem.key == key)
    (check,) = (check for check in MemberComparison().fit(study).checks if check.key == key)
    assert (problem.status, check.status) == ("note", "note") and 'kind="' in study.problems().text(problem)
    assert str(study.problems()).count("whole numbers") == 1


@pytest.mark.parametrize(
    "cells",
    [
        RATED[:29],  # too few students to say
        [*RATED, 2.5],
        [60 + value for value in RATED],
        list(range(1, 13)) * 4,
        list(range(40)),
        [0, 1] * 20,
    ],
)
def test_nothing_is_asked_about_scores(cells):
    assert of(cells).notes == ()


def test_nothing_is_asked_about_declared_kinds():
    for kind in ("continuous", "ordinal", "count"):
        assert of(RATED, kind=kind).notes == ()
