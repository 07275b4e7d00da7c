"""Studies of some students: levels stay declared, and the ledger says who was left out."""

import numpy as np
import pandas as pd
import pytest

from society_effects.errors import StudyError
from society_effects.study import About, Study

FRAME = pd.DataFrame(
    {
        "g": ["no", "yes", "no", "yes", "no", "no"],
        "y": [1.5, 2, 3, 4, np.nan, 6],
        "x": [1, None, 3, 4, 5, 6],
        "school": ["A", "A", "B", "B", "B", 7],
        "class": [1, 1, 2, 2, 3, 3],
    }
)
STUDY = Study(
    FRAME, group="g", outcomes="y", covariates=["x"], site="school", cluster="class", about={"exam_optional": True}
)


def steps(study):
    rows = study.ledger[study.ledger["outcome"].isna()]
    return rows[["step", "reason", "n_before", "n_dropped", "n_after"]].to_numpy().tolist()


def test_complete_keeps_students_with_a_value_in_every_column():
    study = STUDY.complete(["x", "y"])
    assert study.units.index.tolist() == ["1", "3", "4", "6"]
    assert steps(study)[1:] == [["covariate_missing", "x", 6, 1, 5], ["covariate_missing", "y", 5, 1, 4]]
    assert STUDY.complete("school") is STUDY


def test_one_site_may_leave_an_arm_empty_but_keeps_its_level():
    study = STUDY.at(site="A")
    assert study.units.index.tolist() == ["1", "2"] and study.data["x"].isna().tolist() == [False, True]
    alone = STUDY.at(site=7)
    assert alone.levels == ("no", "yes") and alone.cells["n"].tolist() == [1, 0]
    assert steps(alone)[1] == ["selected", "7", 6, 5, 1]
    with pytest.raises(StudyError, match="the sites are: A, B, 7"):
        STUDY.at(site="C")


def test_where_takes_a_mask_or_a_function_of_the_students():
    by_mask = STUDY.where(STUDY.units["cluster"] == "2")
    by_function = STUDY.where(lambda units: units["cluster"] == "2")
    assert by_mask.fingerprint == by_function.fingerprint != STUDY.fingerprint
    assert by_mask.matrix()[:, 0].tolist() == [3, 4]
    assert by_mask.about == About(exam_optional=True)


def test_several_selections_follow_each_other_in_the_ledger():
    study = STUDY.at(site="B").where([True, False, True]).complete("y")
    assert steps(study) == [
        ["data", None, 6, 0, 6],
        ["selected", "B", 6, 3, 3],
        ["selected", "where", 3, 1, 2],
        ["covariate_missing", "y", 2, 1, 1],
    ]


def test_other_data_with_the_same_roles_may_lack_a_group():
    study = STUDY.with_data(FRAME[FRAME["g"] == "no"])
    assert study.levels == ("no", "yes") and study.member == "yes" and study.cells["n"].tolist() == [3, 0]


def test_where_the_data_come_from_goes_along():
    source = {"simulated": True, "seed": 3}
    study = STUDY.with_source(source)
    assert STUDY.source == {} and study.at(site="A").with_data(FRAME).source == source
    assert "Simulated data (seed 3)" in study.summary() and "模拟数据" in study.summary("zh")
