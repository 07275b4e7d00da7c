"""The bundled samples are what their descriptions say, in both languages."""

import hashlib
import re
import tomllib

import pandas as pd
import pytest

from society_effects.errors import StudyError
from society_effects.language.catalogue import catalogue
from society_effects.study import samples as module
from society_effects.study.published import published_comparisons, published_leftovers, published_studies
from society_effects.study.samples import load_sample, sample_table, samples

FOLDER = module._folder()
NAMES = sorted(file.stem for file in FOLDER.glob("*.csv"))


@pytest.mark.parametrize("name", NAMES)
def test_description_and_table_agree(name):
    facts = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    content = (FOLDER / f"{name}.csv").read_bytes()
    table = sample_table(name)
    assert hashlib.sha256(content).hexdigest() == facts["sha256"]
    assert list(table.columns) == list(facts["columns"]) and len(table) == facts["rows"]
    assert facts["origin"].strip() and facts["licence"] and facts["name"] == name
    assert set(facts["title"]) == {"en", "zh"}
    for column, told in facts["columns"].items():
        names = [told["label"], *([told["unit"]] if "unit" in told else []), *told.get("levels", {}).values()]
        assert all(set(words) == {"en", "zh"} and all(words.values()) for words in names), column
        if "levels" in told:
            assert set(told["levels"]) == {str(v) for v in table[column].dropna().unique()}
    if facts["simulated"]:
        assert (
            "simulated" in facts["title"]["en"] and "模拟" in facts["title"]["zh"] and facts["seed"] and facts["truth"]
        )


def test_the_overview_names_every_sample():
    overview = samples()
    assert overview["name"].tolist() == NAMES
    assert overview.set_index("name").loc["clinical_skills_667", "simulated"]


@pytest.mark.parametrize("lang, simulated", [("en", "Simulated data"), ("zh", "模拟数据")])
def test_the_cohort_is_a_study_that_says_it_is_simulated(lang, simulated):
    study = load_sample("clinical_skills_667", lang)
    assert len(study) == 667 and study.cluster is None and "class" in study.data
    assert simulated in study.summary()
    assert study.source["simulated"] and study.source["seed"] == 20260206
    assert {row["outcome"] for row in study.source["truth"]} == {o.column for o in study.outcomes}
    assert study.outcome("total").parts == ("physical_examination", "basic_operations", "history_taking")
    assert study.labels["society=yes"] == {"en": "members", "zh": "社团组"}
    assert study.outcome("total").unit_in("zh") == "分"
    assert study.at(site=None).source == study.where(study.arm("yes")).source == study.source


def test_the_panel_is_a_study_over_waves_with_students_who_join_at_different_times():
    study = load_sample("professional_identity_panel")
    assert len(study) == 480 and study.waves == ("before", "term", "year")
    assert (study.unit, study.joined, study.cluster) == ("student", "joined", "class")
    assert study.units["cluster"].nunique() == 24
    assert study.units["joined"].value_counts().to_dict() == {"term": 120, "year": 72}
    members = [int((study.at(wave=wave).units["group"] == "yes").sum()) for wave in study.waves]
    assert members == [0, 120, 192]
    assert study.source["simulated"] and study.source["seed"] == 20260206
    true = {row["wave"]: row["value"] for row in study.source["truth"] if row["estimand"] == "calendar"}
    assert true == {"term": 1.5, "year": 2.4375}


PANEL_SUMMARIES = {
    "en": """Study of 480 students (one row per student)
Simulated data (seed 20260206)
Groups by membership of the society: non-members (288), members (192)
Outcome professional identity: continuous, 480 students, 0 without a value
Waves: before, term, year
Clusters by class: 24""",
    "zh": """研究对象：480 名学生（每名学生一行数据）
模拟数据（随机种子 20260206）
按是否参加社团分组：非社团组（288 名）、社团组（192 名）
结局 专业认同得分：连续变量，有效 480 名，缺失 0 名
测量时点：before、term、year
整群（班级）：24 个""",
}


@pytest.mark.parametrize("lang", PANEL_SUMMARIES)
def test_the_summary_of_the_panel_word_for_word(lang):
    assert repr(load_sample("professional_identity_panel", lang)) == PANEL_SUMMARIES[lang]


SUMMARIES = {
    "en": """Study of 667 students (one row per student)
Simulated data (seed 20260206)
Groups by membership of the clinical-skills society: non-members (508), members (159)
Outcome physical examination: continuous, 654 students, 13 without a value
Outcome basic operations: continuous, 654 students, 13 without a value
Outcome history taking: continuous, 654 students, 13 without a value
Outcome total score: continuous, 646 students, 21 without a value
Covariates: sex, year of study, prior score, motivation questionnaire""",
    "zh": """研究对象：667 名学生（每名学生一行数据）
模拟数据（随机种子 20260206）
按是否参加临床技能社团分组：非社团组（508 名）、社团组（159 名）
结局 体格检查：连续变量，有效 654 名，缺失 13 名
结局 基本操作：连续变量，有效 654 名，缺失 13 名
结局 病史采集：连续变量，有效 654 名，缺失 13 名
结局 总分：连续变量，有效 646 名，缺失 21 名
协变量：性别、年级、入社前成绩、学习动机问卷得分""",
}


@pytest.mark.parametrize("lang", SUMMARIES)
def test_the_summary_word_for_word(lang):
    assert repr(load_sample("clinical_skills_667", lang)) == SUMMARIES[lang]


def test_samples_are_found_in_a_wheel_and_missed_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "WHEN_INSTALLED", FOLDER)
    monkeypatch.setattr(module, "IN_A_CHECKOUT", tmp_path / "none")
    assert len(load_sample("clinical_skills_667")) == 667
    monkeypatch.setattr(module, "WHEN_INSTALLED", tmp_path / "none")
    for lang, stop in (("en", "."), ("zh", "。")):
        with pytest.raises(StudyError) as caught:
            load_sample("clinical_skills_667", lang)
        assert caught.value.code == "NO_SAMPLES" and str(caught.value).endswith(stop)


def test_printed_numbers_stay_as_printed():
    printed = published_studies().set_index("row_id")
    assert printed.loc["2", "g1_sd"] == "9.20" and printed.loc["21", "g1_n"] == "23 (from 17/23)"
    assert all(isinstance(cell, str) for cell in printed.to_numpy().ravel())


def test_comparisons_are_two_independent_groups_with_all_their_numbers():
    comparisons = published_comparisons()
    assert [c.row for c in comparisons] == ["1", "2", "20", "23", "24", "25", "63", "64", "67"]
    assert [c.printed_groups for c in comparisons] == [2] * 6 + [4, 4] + [2]
    for comparison in comparisons:
        study = comparison.study()
        assert study.levels == (comparison.groups[1], comparison.groups[0])
        assert study.source["citation"] == comparison.citation != ""
        assert not re.search("pre|post", " ".join(comparison.groups))
    assert comparisons[3].study().cells["events"].tolist() == [8, 17]


def test_every_other_row_is_left_over_with_its_reason():
    left = published_leftovers()
    assert len(left) + len(published_comparisons()) == len(published_studies())
    reasons = left.set_index("row_id")["reason"]
    for lang in ("en", "zh"):
        assert all(catalogue(lang).has(f"study.leftover.{reason}") for reason in reasons)
    assert reasons["3"] == reasons["102"] == "same_students_twice"
    assert (
        reasons["21"] == "n_not_a_plain_number" and reasons["41"] == "no_sd_printed" and reasons["11"] == "no_n_printed"
    )


def test_reading_a_sample_leaves_no_trace():
    pd.testing.assert_frame_equal(sample_table("clinical_skills_667"), sample_table("clinical_skills_667"))
