"""Every error of the floor `study` is fired once through the public API, and speaks both languages."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import society_effects.study
from society_effects.errors import SocietyEffectsError
from society_effects.language.catalogue import catalogue
from society_effects.simulate import Station, simulate_cohort
from society_effects.study import About, Outcome, Study
from society_effects.study.readers import read_study, read_table
from society_effects.study.samples import load_sample

FRAME = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "society": ["no", "no", "yes", "yes"],
        "size": [1, 2, 1, 2],
        "total": [70.0, 81.5, 75.5, 88.0],
        "text": ["75", "缺考", "80", "good"],
        "passed": ["pass", "fail", "pass", "pass"],
        "grade": ["low", "mid", "high", "low"],
        "class": ["A", "A", "B", None],
        "empty": [None] * 4,
        "society_again": ["yes", "no", "no", "yes"],
    }
)
LONG = pd.DataFrame(
    {"id": [1, 1, 2, 2], "t": ["pre", "post"] * 2, "society": ["no", "no", "yes", "yes"], "y": [1.0, 2.0, 3.0, 4.5]}
)
WIDE = {"g": [0, 1, 1], "pre": [1.0, 2.0, 3.0], "post": [2.0, 3.0, 4.5]}
TABLE = pd.DataFrame({"outcome": ["y", "y"], "group": ["no", "yes"], "n": [5, 6], "mean": [1, 2], "sd": [1, 1.5]})


def study(frame=FRAME, **roles):
    return Study(frame, **({"group": "society", "outcomes": "total"} | roles))


def long(**roles):
    return Study(LONG, **({"group": "society", "outcomes": "y", "unit": "id", "wave": "t"} | roles))


def summary(changes=None, **roles):
    return Study.from_summary(TABLE.assign(**(changes or {})), **roles)


ERRORS = {
    "NOT_A_TABLE": lambda lang: study("scores.csv", lang=lang),
    "NO_ROWS": lambda lang: study(FRAME.iloc[:0], lang=lang),
    "DUPLICATE_COLUMNS": lambda lang: study(pd.concat([FRAME, FRAME[["total"]]], axis=1), lang=lang),
    "UNKNOWN_COLUMN": lambda lang: study(outcomes="Total", lang=lang),
    "ROLE_TWICE": lambda lang: study(outcomes=["total", "total"], lang=lang),
    "RESERVED_NAME": lambda lang: study(FRAME.assign(site=1), site="size", covariates=["site"], lang=lang),
    "NO_OUTCOMES": lambda lang: study(outcomes=None, lang=lang),
    "CELLS_NOT_PLAIN": lambda lang: study(FRAME.assign(society=[["no"], "no", "yes", "yes"]), lang=lang),
    "ALL_MISSING": lambda lang: study(outcomes="empty", lang=lang),
    "INFINITE_VALUES": lambda lang: study(FRAME.assign(total=[1.0, np.inf, 2, 3]), lang=lang),
    "UNKNOWN_LANGUAGE": lambda lang: study(lang="fr"),
    "BAD_LABEL": lambda lang: study(labels={"total": 3}, lang=lang),
    "ABOUT_VALUE": lambda lang: study(about={"assignment": "random"}, lang=lang),
    "UNKNOWN_BEFORE_JOINING": lambda lang: study(about={"covariates_before_joining": ["ages"]}, lang=lang),
    "MISSING_RULE": lambda lang: study(missing="drop", lang=lang),
    "MISSING_REFUSED": lambda lang: study(FRAME.assign(total=[1.0, None, 2, 3]), missing="error", lang=lang),
    "AMBIGUOUS_MEMBERSHIP": lambda lang: study(group="size", lang=lang),
    "REFERENCE_NEEDED": lambda lang: study(group="grade", lang=lang),
    "UNKNOWN_LEVEL": lambda lang: study(member="officer", lang=lang),
    "LEVEL_NOT_DECLARED": lambda lang: study(levels=["no", "officer"], reference="no", lang=lang),
    "LEVELS_REPEATED": lambda lang: study(levels=["no", "yes", "yes"], lang=lang),
    "MEMBER_IS_REFERENCE": lambda lang: study(member="yes", reference="yes", lang=lang),
    "ONE_LEVEL": lambda lang: study(FRAME.assign(society="club"), member="club", lang=lang),
    "ONE_TEXT_TWO_LEVELS": lambda lang: study(FRAME.assign(society=["no", "yes", "yes ", "no"]), lang=lang),
    "UNKNOWN_OUTCOME": lambda lang: study(lang=lang).outcome("totl"),
    "UNKNOWN_KIND": lambda lang: speak(lang, lambda: Outcome("total", kind="interval")),
    "BAD_RANGE": lambda lang: speak(lang, lambda: Outcome("total", range=(100, 0))),
    "BAD_MARGIN": lambda lang: speak(lang, lambda: Outcome("total", margin=-1)),
    "TEXT_IN_SCORES": lambda lang: study(outcomes="text", lang=lang),
    "AMBIGUOUS_EVENT": lambda lang: study(outcomes="passed", lang=lang),
    "UNKNOWN_EVENT": lambda lang: study(outcomes=Outcome("passed", event="passed"), lang=lang),
    "NOT_BINARY": lambda lang: study(outcomes=Outcome("grade", event="high"), lang=lang),
    "ORDER_UNKNOWN": lambda lang: study(outcomes=Outcome("grade", kind="ordinal"), lang=lang),
    "CATEGORY_NOT_DECLARED": lambda lang: study(
        outcomes=Outcome("grade", kind="ordinal", categories=("low", "high")), lang=lang
    ),
    "NOT_COUNTS": lambda lang: study(outcomes=Outcome("total", kind="count"), lang=lang),
    "OUT_OF_RANGE": lambda lang: study(outcomes=Outcome("total", range=(0, 80)), lang=lang),
    "UNKNOWN_PART": lambda lang: study(outcomes=Outcome("total", parts=("station",)), lang=lang),
    "MISSING_UNIT": lambda lang: study(FRAME.assign(id=["a", None, "c", "d"]), unit="id", lang=lang),
    "DUPLICATE_UNITS": lambda lang: study(FRAME.assign(id=["a", "a", "c", "d"]), unit="id", lang=lang),
    "CROSSING_MEMBERSHIP": lambda lang: study(FRAME.assign(id=["a", "b", "b", "d"]), unit="id", lang=lang),
    "MISSING_LABEL": lambda lang: study(cluster="class", lang=lang),
    "UNKNOWN_SITE": lambda lang: study(site="size", lang=lang).at(site="3"),
    "BAD_MASK": lambda lang: study(lang=lang).where([True, False]),
    "ROWS_NEEDED": lambda lang: summary(lang=lang).units,
    "WAVE_WITHOUT_UNIT": lambda lang: long(unit=None, lang=lang),
    "WAVES_WITHOUT_COLUMN": lambda lang: study(waves=("pre", "post"), lang=lang),
    "LONG_AND_WIDE": lambda lang: long(waves={"y": {"pre": "y"}}, lang=lang),
    "BASELINE_FORM": lambda lang: Study(WIDE, group="g", baseline="pre", lang=lang),
    "WAVES_FORM": lambda lang: Study(WIDE, group="g", waves={"y": ["pre", "post"]}, lang=lang),
    "WAVE_ORDER": lambda lang: long(lang=lang),
    "UNKNOWN_WAVE": lambda lang: long(waves=("pre", "later"), lang=lang),
    "UNKNOWN_WAVE_JOINED": lambda lang: Study(
        LONG.assign(j="never"), outcomes="y", unit="id", wave="t", waves=("pre", "post"), joined="j", lang=lang
    ),
    "WAVE_NEEDED": lambda lang: long(waves=("pre", "post"), lang=lang).matrix(),
    "DUPLICATE_UNIT_WAVE": lambda lang: Study(
        LONG.assign(t="pre"), group="society", outcomes="y", unit="id", wave="t", lang=lang
    ),
    "SUMMARY_COLUMN": lambda lang: Study.from_summary(TABLE.rename(columns={"n": "N"}), lang=lang),
    "SUMMARY_ROWS": lambda lang: Study.from_summary(pd.concat([TABLE, TABLE.iloc[:1]]), lang=lang),
    "SUMMARY_EMPTY": lambda lang: summary({"sd": [1, None]}, lang=lang),
    "NO_SITES": lambda lang: study(lang=lang).at(site="A"),
    "NO_WAVES": lambda lang: study(lang=lang).at(wave="post"),
    "SUMMARY_VALUE": lambda lang: summary({"sd": [-1, 1]}, lang=lang),
    "SEVERAL_LEVELS_AS_ONE": lambda lang: study(group="grade", member=["mid", "high"], reference="low", lang=lang),
    "KIND_AS_ROLE": lambda lang: read_study("nowhere.csv", ordinal=["total"], lang=lang),
    "UNKNOWN_ROLE": lambda lang: read_study("nowhere.csv", groups="society", lang=lang),
    "NO_SUCH_FILE": lambda lang: read_study("nowhere.csv", lang=lang),
    "UNKNOWN_FILE_TYPE": lambda lang: read_study(__file__, lang=lang),
    "UNKNOWN_SAMPLE": lambda lang: load_sample("clinical_skill_667", lang=lang),
    "NOT_A_STUDY": lambda lang: load_sample("published_studies", lang=lang),
    "SIMULATION_VALUE": lambda lang: speak(lang, lambda: simulate_cohort(share=1.5)),
}
IN_OTHER_TESTS = {
    "BROKEN_ROW",
    "FORMULAS_NOT_COMPUTED",
    "NOT_TEXT",
    "OLD_OR_LOCKED_WORKBOOK",
    "WORKBOOK_TOO_LARGE",
    "UNKNOWN_SHEET_SUFFIX",
    "RAGGED_ROW",
    "EMPTY_FILE",
    "UNREADABLE_FILE",
    "UNKNOWN_SHEET",
    "SHEET_WITHOUT_WORKBOOK",
    "NO_SAMPLES",
}


def speak(lang, act):
    """Settings do not know a language; a caller sets it."""
    try:
        act()
    except SocietyEffectsError as error:
        error.lang = error.lang or lang
        raise


@pytest.mark.parametrize("code", ERRORS)
def test_each_error_is_one_sentence_in_both_languages(code):
    said = {}
    for lang in ("en", "zh"):
        with pytest.raises(SocietyEffectsError) as caught:
            ERRORS[code](lang)
        assert caught.value.code == code
        said[lang] = str(caught.value)
    for sentence in said.values():
        assert sentence and "\n" not in sentence and sentence != code
        assert not re.search(r"\{\w*:?\w*\}|nan|None|<NA>", sentence)
    assert said["en"].endswith(".")
    if code != "UNKNOWN_LANGUAGE":
        assert said["zh"].endswith("。") and re.search(r"[一-鿿]", said["zh"])


def test_no_code_of_the_package_is_left_out():
    package = Path(society_effects.study.__file__).parent.parent
    text = "".join(
        f.read_text(encoding="utf-8") for folder in ("study", "simulate") for f in (package / folder).glob("*.py")
    )
    raised = set(re.findall(r'Error\(\s*"([A-Z_]+)"', text))
    assert raised == set(ERRORS) | IN_OTHER_TESTS


def test_every_sentence_has_the_same_slots_in_both_languages():
    def slots(lang):
        entries = {
            k: v for k, v in catalogue(lang).entries.items() if k.split(".")[0] in ("errors", "study", "simulate")
        }
        return {key: sorted(re.findall(r"(?<!\{)\{(\w+):", template)) for key, template in entries.items()}

    assert slots("en") == slots("zh")


def test_what_was_found_is_shown():
    with pytest.raises(SocietyEffectsError, match=r"did you mean `total`\?"):
        study(outcomes="Total")
    with pytest.raises(SocietyEffectsError, match="是否应为“total”"):
        study(outcomes="Total", lang="zh")
    with pytest.raises(SocietyEffectsError, match=r"缺考, good; .*missing_codes="):
        study(outcomes="text")
    with pytest.raises(SocietyEffectsError, match=r"1, 2; say so with member="):
        study(group="size")
    with pytest.raises(SocietyEffectsError, match=r"有超出范围.*81.5、88"):
        study(outcomes=Outcome("total", range=(0, 80)), lang="zh")
    with pytest.raises(SocietyEffectsError, match=r"Students appear.*: b;"):
        study(FRAME.assign(id=["a", "b", "b", "d"]), unit="id")


TWICE = (
    {"outcomes": "society"},
    {"outcomes": "total", "covariates": ["total"]},
    {"outcomes": "total", "covariates": ["size", "size"]},
    {"outcomes": "total", "covariates": ["society"]},
    {"outcomes": "id", "unit": "id"},
    {"unit": "society"},
    {"outcomes": None, "waves": {"y": {"pre": "total", "post": "total"}}},
    {"outcomes": None, "baseline": {"total": "size", "empty": "size"}},
)


@pytest.mark.parametrize("roles", TWICE)
def test_a_column_plays_one_role_only(roles):
    with pytest.raises(SocietyEffectsError) as caught:
        study(**roles)
    assert caught.value.code == "ROLE_TWICE"


@pytest.mark.parametrize("roles", [{"covariates": ["empty"]}, {"group": "empty"}, {"outcomes": ["total", "empty"]}])
def test_a_column_without_any_value_is_named(roles):
    with pytest.raises(SocietyEffectsError, match="`empty` has no values at all"):
        study(**roles)


def test_up_to_five_students_are_named():
    frame = pd.DataFrame({"id": list(range(9)) * 2, "y": range(18), "g": [0, 1] * 9})
    with pytest.raises(SocietyEffectsError) as caught:
        Study(frame, group="g", outcomes="y", unit="id")
    assert caught.value.values["units"] == ["0", "1", "2", "3", "4"]


def test_facts_that_cannot_be_are_refused():
    for wrong in (
        {"examiners_blind": "yes"},
        {"exam_optional": 1},
        {"response": {"no": 1.5}},
        {"response": 0.5},
        {"covariates_before_joining": " "},
        {"covariates_before_joining": 3},
        {"training_overlaps_stations": "all"},
        {"membership_definition": ""},
    ):
        with pytest.raises(SocietyEffectsError, match="allowed are"):
            About(**wrong)
    with pytest.raises(SocietyEffectsError, match="assigned"):
        Study(FRAME, group="society", outcomes="total", about={"assigned": "lottery"})


def test_too_strong_stations_cannot_be_simulated():
    with pytest.raises(SocietyEffectsError, match="allowed: < 1"):
        simulate_cohort(stations=(Station("osce", ability=0.9, motivation=0.6),))


def test_tables_of_files_need_a_file(tmp_path):
    with pytest.raises(SocietyEffectsError, match="no file"):
        read_table(tmp_path)
