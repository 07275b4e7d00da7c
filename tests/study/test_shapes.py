"""Waves: long and wide data answer alike."""

import numpy as np
import pandas as pd
import pytest

from society_effects.errors import StudyError
from society_effects.study import Outcome, Study

RNG = np.random.default_rng(1)
N = 30
WIDE = pd.DataFrame(
    {
        "id": [f"s{k}" for k in range(N)],
        "g": RNG.integers(0, 2, N),
        "sex": RNG.choice(["f", "m"], N),
        "class": RNG.choice(["A", "B", "C"], N),
        "t1": RNG.normal(50, 10, N).round(2),
        "t2": RNG.normal(55, 10, N).round(2),
        "t3": RNG.normal(57, 10, N).round(2),
    }
)
WIDE.loc[[3, 7], "t2"] = np.nan
WIDE.loc[[3, 9], "t3"] = np.nan
WAVES = {"pre": "t1", "post": "t2", "year": "t3"}
LONG = WIDE.melt(["id", "g", "sex", "class"], list(WAVES.values()), "t", "score")
LONG["t"] = LONG["t"].map({column: wave for wave, column in WAVES.items()})
ROLES = {"group": "g", "covariates": ["sex"], "cluster": "class", "unit": "id"}


@pytest.fixture
def wide():
    return Study(WIDE, waves={"score": WAVES}, **ROLES)


@pytest.fixture
def long():
    shuffled = LONG.sample(frac=1, random_state=2)
    return Study(shuffled, outcomes="score", wave="t", waves=tuple(WAVES), **ROLES)


def same(left, right):
    pd.testing.assert_frame_equal(left.sort_index(), right.sort_index(), check_dtype=False, check_index_type=False)


def test_wide_and_long_answer_alike(wide, long):
    assert wide.waves == long.waves == ("pre", "post", "year")
    same(wide.units, long.units)
    same(wide.pairs("score", "pre", "year"), long.pairs("score", "pre", "year"))
    for table in ("panel", "values"):
        left, right = (s.panel("score") if table == "panel" else s.values for s in (wide, long))
        order = ["wave", "unit"]
        same(*(t.sort_values(order).reset_index(drop=True) for t in (left, right)))
    same(wide.cells, long.cells)
    for wave in wide.waves:
        same(wide.at(wave=wave).cells, long.at(wave=wave).cells)


def test_the_ledger_of_several_waves_counts_students_without_any_score(wide):
    assert wide.ledger["n_dropped"].sum() == 0
    assert wide.at(wave="post").ledger["n_dropped"].sum() == 2


def test_pairs_keep_students_who_were_lost(wide):
    pairs = wide.pairs("score", "pre", "post")
    assert list(pairs.columns) == ["group", "cluster", "first", "last"]
    assert len(pairs) == N and pairs["last"].isna().sum() == 2
    assert pairs["first"].tolist() == WIDE["t1"].tolist()


def test_baseline_is_the_short_form_for_two_waves():
    study = Study(WIDE, group="g", baseline={"t2": "t1"}, outcomes=Outcome("t2", unit="points"))
    assert study.waves == ("before", "after")
    assert study.outcome("t2").unit == "points"
    assert study.at(wave="after").matrix()[:, 0] == pytest.approx(WIDE["t2"].to_numpy(), nan_ok=True)
    assert study.pairs("t2", "before", "after")["first"].tolist() == WIDE["t1"].tolist()


def test_an_outcome_of_a_single_wave_belongs_to_every_wave():
    study = Study(WIDE, group="g", outcomes=["t3"], baseline={"t2": "t1"})
    assert study.at(wave="before").matrix(["t3"])[:, 0] == pytest.approx(WIDE["t3"].to_numpy(), nan_ok=True)


def test_membership_may_change_in_long_data():
    frame = {"id": [1, 1, 2, 2], "t": [1, 2, 1, 2], "g": [0, 1, 1, 0], "y": [1.5, 2.0, 3.0, 4.0]}
    study = Study(frame, group="g", outcomes="y", unit="id", wave="t")
    assert study.units["group"].tolist() == ["1", "0"] and study.group_codes.tolist() == [1, 0]
    assert study.at(wave=1).units["group"].tolist() == ["0", "1"]
    assert study.pairs("y", 1, 2)["group"].tolist() == ["1", "0"]
    assert study.panel("y")["group"].tolist() == ["0", "1", "1", "0"]


def test_a_student_without_a_row_is_no_row_in_the_ledger():
    frame = {"id": [1, 1, 2], "t": [1, 2, 1], "g": [0, 0, 1], "y": [1.5, 2.0, 3.0]}
    study = Study(frame, group="g", outcomes="y", unit="id", wave="t")
    later = study.at(wave=2).ledger
    assert later[later["n_dropped"] > 0][["step", "reason"]].to_numpy().tolist() == [["group_missing", "no_row"]]
    assert study.at(wave=2).units.index.tolist() == ["1"]
    ungrouped = Study(frame, outcomes="y", unit="id", wave="t").at(wave=2).ledger
    assert ungrouped.loc[ungrouped["n_dropped"] > 0, ["step", "reason"]].to_numpy().tolist() == [
        ["outcome_missing", "no_row"]
    ]


def test_exact_copies_of_a_row_are_left_out_and_noted():
    frame = pd.concat([WIDE, WIDE.iloc[[4, 4]]])
    study = Study(frame, group="g", outcomes="t1", unit="id")
    assert len(study) == N and study.notes[0] == ("EXACT_COPIES", {"count": 2, "column": "id"})


def test_a_covariate_that_changes_over_waves_is_taken_at_its_first_and_noted():
    frame = {"id": [1, 1, 2, 2], "t": [1, 2, 1, 2], "g": [0, 0, 1, 1], "y": [1.5, 2.0, 3, 4], "x": [5, 6, None, 7]}
    study = Study(frame, group="g", outcomes="y", unit="id", wave="t", covariates="x")
    assert study.units["x"].tolist() == [5, 7]
    assert ("VARIES_OVER_WAVES", {"column": "x"}) in study.notes


def test_joined_names_a_wave():
    frame = WIDE.assign(first=["post"] * 10 + [None] * 20)
    study = Study(frame, group="g", waves={"score": WAVES}, joined="first")
    assert study.units["joined"].notna().sum() == 10
    with pytest.raises(StudyError, match="not one of the waves"):
        Study(frame.assign(first="later"), group="g", waves={"score": WAVES}, joined="first")


def test_members_alone_need_no_group():
    study = Study(WIDE, baseline={"t2": "t1"})
    assert study.levels == () and "group" not in study.units
    assert study.cells["n"].tolist() == [N, N - 2]
    assert study.ledger["group"].isna().all()


def test_with_data_keeps_roles_levels_kinds_and_the_wave(wide):
    filled = WIDE.fillna({"t2": 0.0, "t3": 0.0})
    again = wide.with_data(filled)
    assert again.levels == wide.levels and again.cells["missing"].sum() == 0
    at_post = wide.at(wave="post").with_data(filled)
    assert at_post.waves == () and at_post.matrix()[3, 0] == 0.0
