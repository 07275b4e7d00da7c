"""Findings keep what they are given, and come back from a folder exactly."""

import math

import numpy as np
import pandas as pd
import pytest

from society_effects.errors import ContractError, OutputError
from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings
from society_effects.findings.grading import CAPS, CLAIMS, GRADES, grade
from society_effects.findings.labels import Labels
from society_effects.findings.lookup import matching
from society_effects.findings.naming import row_names
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.result import Result


def example(**changes):
    tables = {
        "estimates": {
            "design": ["member_comparison"] * 2,
            "outcome": ["总分", 'a,b "quoted"\nline'],
            "measure": ["mean_difference", "mean_difference"],
            "group": ["yes", "NA"],
            "reference": ["no", "None"],
            "primary": [True, False],
            "estimate": [0.1 + 0.2, -math.pi],
            "df": [math.inf, None],
            "n": [667, 3],
        },
        "values": {"unit": ["1"], "outcome": ["总分"], "value": [1 / 3]},
        "ledger": {"step": []},
    }
    given = {
        "checks": (
            Check("CEILING", "warn", {"share": 0.2}, "总分"),
            Check("HOLM_ADJUSTED", "note", {"outcomes": ("a", "b")}),
        ),
        "labels": Labels(group_name={"en": "Society", "zh": "社团"}, levels={"yes": "members"}),
        "settings": {"design": "member_comparison", "conf_level": 0.95},
        "provenance": {"simulated": True, "seed": 1},
        "start_grade": "E",
        "lang": "zh",
        "default_figures": ("forest",),
    }
    return Result.of("member_comparison", tables, **(given | changes))


def test_an_empty_frame_is_absent():
    found = example()
    assert not found.has("ledger")
    with pytest.raises(ContractError, match="estimates"):
        found.frame("estimate")


def test_round_trip_is_exact(tmp_path):
    found = example()
    found.save(tmp_path / "结果 folder", rows=True)
    back = Result.load(tmp_path / "结果 folder")
    for name in found.frames:
        pd.testing.assert_frame_equal(found.frames[name], back.frames[name], check_exact=True)
    for name in (
        "design",
        "checks",
        "labels",
        "settings",
        "provenance",
        "start_grade",
        "lang",
        "default_figures",
        "grade",
    ):
        assert getattr(found, name) == getattr(back, name)


def test_students_values_are_kept_only_when_asked(tmp_path):
    names = {path.name for path in example().save(tmp_path)}
    assert names == {"result.json", "estimates.csv"}
    assert Result.load(tmp_path).frames.keys() == {"estimates"}


def test_loading_nothing_says_so(tmp_path):
    with pytest.raises(OutputError) as caught:
        Result.load(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_to_frame_is_a_copy_without_empty_columns():
    found = example()
    frame = found.to_frame()
    assert "wave" not in frame
    frame["estimate"] = 0.0
    assert found.estimates["estimate"].iloc[0] != 0.0


def test_grades_only_fall():
    for start in GRADES:
        for key in CAPS:
            assert GRADES.index(grade(start, [Check(key, "warn")]).letter) >= GRADES.index(start)
    assert grade("E", [Check("MEASUREMENT", "warn")]).lowered_by == ()
    assert grade("B", [Check("SELECTED_SAMPLE", "note")]).letter == "B"
    assert set(CLAIMS) == set(GRADES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_capping_check_has_words(lang):
    for key in CAPS:
        assert catalogue(lang).has(f"checks.{key}")


def test_labels_fall_back_on_what_there_is():
    labels = Labels(levels={"yes": {"zh": "社团组"}}, outcomes={"total": "Total"})
    assert labels.level("yes", "en") == "社团组"
    assert labels.level("no", "en") == "no"
    assert labels.outcome("total", "zh") == "Total"


def test_rows_are_named_by_what_varies():
    frame = pd.DataFrame({"outcome": ["a", "b"], "group": ["m", "m"], "reference": ["n", "n"], "wave": [None, None]})
    assert row_names(frame, Labels(outcomes={"a": "Skill"}), "en") == ["Skill", "b"]
    groups = pd.DataFrame({"outcome": ["a", "a"], "group": ["m", "o"], "reference": ["n", "n"]})
    assert row_names(groups, Labels(), "en") == ["a · m vs n", "a · o vs n"]


def test_frames_are_matched_on_every_shared_key():
    density = pd.DataFrame(
        {
            "outcome": ["a", "a", "b"],
            "measure": [None, "d", None],
            "group": ["m"] * 3,
            "reference": [None] * 3,
            "x": np.arange(3.0),
        }
    ).reindex(
        columns=[
            "outcome",
            "measure",
            "group",
            "reference",
            "wave",
            "reference_wave",
            "design",
            "site",
            "by",
            "level",
            "x",
        ]
    )
    found = matching(density, "density", {"outcome": "a", "measure": "d", "group": "m"})
    assert found["x"].tolist() == [0.0, 1.0]


def test_findings_speak_of_simulation():
    assert example().simulated
    assert not Findings("d", {}).simulated


def test_the_farther_apart_the_groups_the_lower_the_grade():
    letters = [
        grade("C", [Check(key, "warn", {"b": b})]).letter
        for key, b in (("COVARIATES_FAR_APART", 0.6), ("COVARIATES_VERY_FAR_APART", 1.6))
    ]
    assert letters == ["C", "D"]


def test_asking_whether_a_frame_is_here_does_not_make_it():
    table = {"value": ["not a number"]}
    findings = Findings.of("any", {"truth": table})
    assert findings.has("truth") and not findings.has("estimates")
    with pytest.raises(ValueError, match="could not convert"):
        findings.frame("truth")
