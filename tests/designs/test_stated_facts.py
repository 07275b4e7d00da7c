"""What a study states of itself, and which covariates are of which kind, goes along with its results."""

import json

import numpy as np
import pandas as pd
import pytest

import society_effects as se
from society_effects.errors import StudyError

RNG = np.random.default_rng(3)
DATA = pd.DataFrame(
    {
        "society": np.repeat(["yes", "no"], 30),
        "osce": RNG.normal(75, 8, 60),
        "gpa": RNG.normal(3, 0.3, 60),
        "q1": RNG.normal(30, 5, 60),
        "drive": RNG.normal(30, 5, 60),
    }
)


def result_of(**roles):
    study = se.Study(DATA, outcomes="osce", group="society", member="yes", reference="no", **roles)
    return se.MemberComparison().fit(study)


def test_stated_facts_are_json_and_nothing_else_is_said():
    about = se.About(
        assignment="lottery",
        membership_definition={"en": "on the list", "zh": "在册"},
        training_overlaps_stations=("osce",),
        response={"yes": 0.9},
    )
    known = result_of(about=about).provenance["about"]
    assert known == json.loads(json.dumps(known))
    assert known["training_overlaps_stations"] == ["osce"] and known["response"] == {"yes": 0.9}
    assert known["membership_definition"]["zh"] == "在册" and "examiners_blind" not in known
    assert not {"about", "prior_achievement", "motivation"} & set(result_of().provenance)


@pytest.mark.parametrize("definition", [{}, {"en": ""}, {"en": 3}, 3])
def test_a_definition_is_text_in_one_language_or_in_each(definition):
    with pytest.raises(StudyError) as raised:
        se.About(membership_definition=definition)
    assert raised.value.code == "ABOUT_VALUE"


def test_covariates_of_achievement_and_motivation_are_known_by_block_name_or_label():
    blocks = {"prior_achievement": ["gpa"], "questionnaires": ["q1", "drive"]}
    known = result_of(covariates=blocks, labels={"q1": {"en": "Motivation to learn", "zh": "学习动机"}}).provenance
    assert known["prior_achievement"] == ["gpa"] and known["motivation"] == ["q1"]
    assert result_of(covariates={"动机": ["drive"]}).provenance["motivation"] == ["drive"]


def test_a_total_is_said_to_contain_others_by_every_comparison():
    study = se.load_sample("clinical_skills_667")
    found = {check.outcome for check in se.RegressionAdjustment().fit(study).checks if check.key == "PART_WHOLE"}
    assert found == {"total"}
