"""Who is a member? Inferred for the listed pairs only."""

import numpy as np
import pandas as pd
import pytest

from society_effects.errors import StudyError
from society_effects.study import Study

PAIRS = [
    (0, 1),
    (0.0, 1.0),
    (False, True),
    ("0", "1"),
    ("no", "yes"),
    ("No", "YES"),
    ("non-member", "member"),
    ("否", "是"),
    ("非社团", "社团"),
    ("非社团组", "社团组"),
    ("非社团成员", "社团成员"),
    ("未参加", "参加"),
]


def of(groups, **roles):
    return Study({"g": groups, "y": np.arange(len(groups)) + 0.5}, group="g", outcomes="y", **roles)


@pytest.mark.parametrize("no, yes", PAIRS)
def test_listed_pairs_are_understood_in_any_order(no, yes):
    for groups in ([no, yes, yes], [yes, no, yes]):
        study = of(groups)
        assert (study.reference, study.member) == (study.levels) == (str_of(no), str_of(yes))
        assert study.arm(yes).tolist() == [g == yes for g in groups]


def str_of(value):
    return str(value) if isinstance(value, bool | str) else str(int(value))


@pytest.mark.parametrize("groups", [[1, 2, 2], ["a", "b"], ["yes", "maybe"], ["否", "社团"], [1, -1], ["女", "男"]])
def test_other_labels_are_an_error_that_names_member(groups):
    with pytest.raises(StudyError, match="member=") as caught:
        of(groups)
    assert caught.value.code == "AMBIGUOUS_MEMBERSHIP"


@pytest.mark.parametrize("member", [1, 1.0, "1", "1.0", True])
def test_member_may_be_a_number_or_text(member):
    study = of([1, 2, 2], member=member)
    assert (study.member, study.reference, study.levels) == ("1", "2", ("2", "1"))


@pytest.mark.parametrize("member", [True, 1, "true", "True"])
def test_a_yes_or_no_is_understood_beside_booleans(member):
    assert of([True, False, True], member=member).member == "True"
    with pytest.raises(StudyError, match="is not a level"):
        of(["a", "b"], member=member)


def test_reference_alone_is_enough_for_two_levels():
    assert of(["a", "b"], reference="b").member == "a"


def test_several_levels_need_a_reference_and_keep_a_given_order():
    groups = ["never", "member", "officer", "former", "never"]
    with pytest.raises(StudyError, match="reference="):
        of(groups)
    assert of(groups, reference="never").levels == ("never", "former", "member", "officer")
    order = ("never", "former", "member", "officer")
    ordered = of(groups, reference="member", levels=order)
    assert (ordered.levels, ordered.reference, ordered.member) == (order, "member", None)


def test_order_of_an_ordered_category_is_kept():
    groups = pd.Categorical(["low", "high", "mid"], categories=["low", "mid", "high"], ordered=True)
    assert of(groups, reference="low").levels == ("low", "mid", "high")


def test_half_of_a_listed_pair_leaves_an_empty_arm():
    study = of(["否", "否"])
    assert study.levels == ("否", "是")
    assert study.cells["n"].tolist() == [2, 0]


def test_none_as_a_word_is_a_level():
    study = of(["none", "yes", None, "无"], reference="none")
    assert set(study.levels) == {"none", "yes", "无"}
    assert len(study) == 3


def test_missing_groups_are_counted_by_reason():
    study = of([0, 1, None, 9, 9], missing_codes={"g": {9: "not answered"}})
    steps = study.ledger[study.ledger["step"] == "group_missing"]
    assert dict(zip(steps["reason"], steps["n_dropped"], strict=True)) == {"empty": 1, "not answered": 2}
    assert study.units.index.tolist() == ["1", "2"]
