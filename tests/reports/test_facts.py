"""What a report says of the settings is said in its language, never as the names of the program."""

import dataclasses
import re

import pytest

import society_effects as se
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.reports import report, summary


def facts(result, lang):
    return dict(next(block.pairs for block in report(result, lang).blocks if block.kind == "facts"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("design", se.DESIGNS.values(), ids=lambda design: design.key)
def test_every_setting_has_a_name(design, lang):
    own = {field.name for field in dataclasses.fields(design)} | {"rungs"}
    assert not [name for name in own if not catalogue(lang).has(f"reports.settings.{name}")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_settings_of_an_adjustment_and_of_a_ladder_are_words(lang):
    study = se.load_sample("clinical_skills_667")
    for result in (se.RegressionAdjustment().fit(study), se.triangulate(study)):
        for name, value in facts(result, lang).items():
            assert not re.search(r"\b(att|auto)\b|_|\{", name + ("" if "society_effects" in value else value)), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_block_that_was_left_out_has_a_name_in_the_table(lang):
    study = se.load_sample("clinical_skills_667")
    found = se.sensitivity(se.RegressionAdjustment().fit(study), study, analyses=["e_value"])
    table = str(found.table("sensitivity", lang=lang))
    assert catalogue(lang).get("rungs.names.demographics") in table
    assert lang == "en" or "demographics" not in table


@pytest.mark.parametrize(("lang", "beside"), [("en", " ["), ("zh", "(")])
def test_an_interval_beside_a_number_stands_as_it_does_in_the_tables(lang, beside):
    result = se.MemberComparison(resamples=199).fit(se.load_sample("clinical_skills_667"))
    first = next(block.table for block in summary(result, lang).blocks if block.kind == "table").rows[0][1]
    low = result.estimates.query("primary")["estimate"].iloc[0]
    assert f"{low:.2f}{beside}".replace("-", "−") in str(first.text).replace(" 分", "").replace(" points", "")
    assert "（" not in str(first.text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_needed_to_make_it_again_is_there(lang):
    study = se.load_sample("clinical_skills_667")
    found = se.MemberComparison(resamples=199, seed=7).fit(study)
    plan = {"planned": True, "analysis": "main", "plan_hash": "0a1b"}
    told = facts(dataclasses.replace(found, provenance=dict(found.provenance) | plan), lang)
    words = catalogue(lang)

    def value(name):
        return told[words.get(f"reports.settings.{name}")]

    assert value("data_hash") == study.fingerprint and value("plan_hash") == "0a1b" and value("analysis") == "main"
    assert (value("seed"), value("resamples")) == ("7", "199")
    assert all(
        name in value("versions") for name in ("python", "society-effects", "numpy", "scipy", "pandas", "statsmodels")
    )
    assert value("groups") == {"en": "members, non-members", "zh": "社团组、非社团组"}[lang]
    assert len(value("outcomes").split(words.get("terms.list_separator"))) == len(study.outcomes)
    assert not re.search(r"20\d\d-\d\d", " ".join(told.values()))


def test_the_waves_of_a_comparison_are_called_by_their_names():
    study = se.load_sample("professional_identity_panel", lang="zh")
    told = facts(se.PrePostControl(first="before", last="year").fit(study), "zh")
    assert told["较早时点"] == "基线" and told["较晚时点"] == "一年后"
