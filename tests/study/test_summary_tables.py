"""A study known by its printed table has the same cells as the study with the rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from society_effects.study import Outcome, Study

RNG = np.random.default_rng(3)
FRAME = pd.DataFrame(
    {
        "g": RNG.choice(["no", "yes"], 60),
        "total": np.where(RNG.random(60) < 0.1, np.nan, RNG.normal(70, 10, 60)),
        "passed": RNG.integers(0, 2, 60),
        "papers": RNG.poisson(1.3, 60),
        "grade": pd.Categorical(
            RNG.choice(["low", "mid", "high"], 60), categories=["low", "mid", "high"], ordered=True
        ),
        "job": RNG.choice(["surgery", "medicine"], 60),
    }
)
OUTCOMES = [
    Outcome("total"),
    Outcome("passed"),
    Outcome("papers", kind="count"),
    Outcome("grade"),
    Outcome("job", kind="nominal"),
]


def test_cells_are_identical_from_rows_and_from_their_table():
    study = Study(FRAME, group="g", outcomes=OUTCOMES)
    known = [Outcome(o.column, kind=o.kind) for o in study.outcomes]
    again = Study.from_summary(study.cells, group="g", outcomes=known)
    pd.testing.assert_frame_equal(again.cells, study.cells, check_exact=True)
    assert (again.levels, again.member, again.reference) == (study.levels, study.member, study.reference)
    assert not again.has_rows and again.data is None
    pd.testing.assert_frame_equal(again.ledger, study.ledger)


@given(
    st.lists(st.tuples(st.sampled_from([0, 1]), st.one_of(st.none(), st.floats(-1e6, 1e6))), min_size=2, max_size=30)
)
def test_moments_are_identical_for_any_numbers(rows):
    frame = pd.DataFrame(rows, columns=["g", "y"])
    if frame["y"].isna().all() or frame["g"].nunique() < 2 or not frame.groupby("g")["y"].count().all():
        return
    study = Study(frame, group="g", outcomes=Outcome("y", kind="continuous"))
    table = study.cells.drop(columns=["wave", "category", "events"])
    again = Study.from_summary(table, outcomes=Outcome("y", kind="continuous"))
    pd.testing.assert_frame_equal(again.cells, study.cells, check_exact=True)


def test_moments_are_the_textbook_ones():
    cells = Study(FRAME, group="g", outcomes=OUTCOMES).cells
    row = cells[(cells["outcome"] == "total") & (cells["group"] == "yes")].iloc[0]
    scores = FRAME.loc[FRAME["g"] == "yes", "total"]
    assert row["mean"] == pytest.approx(scores.mean(), rel=1e-14)
    assert row["sd"] == pytest.approx(scores.std(), rel=1e-13)
    assert (row["n"], row["missing"]) == (scores.count(), scores.isna().sum())
    row = cells[(cells["outcome"] == "passed") & (cells["group"] == "no")].iloc[0]
    passed = FRAME.loc[FRAME["g"] == "no", "passed"]
    assert (row["events"], row["mean"]) == (passed.sum(), passed.mean())
    assert row["sd"] == pytest.approx(passed.std(), rel=1e-13)
    grades = cells[(cells["outcome"] == "grade") & (cells["group"] == "no")]
    assert grades["category"].tolist() == ["low", "mid", "high"]
    assert grades["events"].sum() == grades["n"].iloc[0] == (FRAME["g"] == "no").sum()


def test_printed_numbers_may_be_text_and_kinds_follow_from_the_columns():
    table = {"outcome": ["a", "a", "b", "b"], "group": ["no", "yes"] * 2, "n": ["20", "22.0", "20", "22"]}
    table |= {"mean": ["3.10", "2.99", "", ""], "sd": ["0.40", "0.50", "", ""], "events": ["", "", "5", "8"]}
    study = Study.from_summary(table)
    assert [o.kind for o in study.outcomes] == ["continuous", "binary"]
    assert study.cells["n"].tolist() == [20, 22, 20, 22]


def test_counts_per_category_give_a_nominal_outcome():
    table = {
        "outcome": ["a"] * 4,
        "group": ["no", "no", "yes", "yes"],
        "category": ["x", "y"] * 2,
        "counts": [3, 4, 5, 6],
    }
    study = Study.from_summary(pd.DataFrame(table).assign(n=[7, 7, 11, 11]))
    assert study.outcome("a").kind == "nominal" and study.cells["n"].tolist() == [7, 7, 11, 11]


def test_the_ledger_of_a_table_counts_what_the_table_leaves_out():
    table = {
        "outcome": ["a", "a", "b", "b"],
        "group": ["no", "yes"] * 2,
        "n": [20, 22, 18, 22],
        "mean": [1] * 4,
        "sd": [1] * 4,
    }
    ledger = Study.from_summary(table).ledger
    assert ledger["n_before"].iloc[0] == 42
    assert ledger[ledger["n_dropped"] > 0][["outcome", "reason", "n_dropped"]].to_numpy().tolist() == [
        ["b", "not_in_table", 2]
    ]


def test_one_student_in_a_group_has_a_mean_and_no_sd():
    study = Study.from_summary({"outcome": ["a"] * 2, "group": [0, 1], "n": [1, 5], "mean": [3, 4], "sd": [None, 1.5]})
    assert np.isnan(study.cells["sd"].iloc[0]) and study.cells["mean"].iloc[0] == 3


def test_missing_scores_are_unknown_where_a_table_does_not_say():
    table = {"outcome": ["a"] * 2, "group": [0, 1], "n": [5, 6], "mean": [3, 4], "sd": [1, 1]}
    assert Study.from_summary(table).cells["missing"].isna().all()
    assert Study.from_summary(table | {"missing": [0, 2]}).cells["missing"].tolist() == [0, 2]
