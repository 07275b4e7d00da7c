"""The codebook: every variable with its role, labels, kind, values and gaps, as text, page, table and workbook."""

import csv

import numpy as np
import openpyxl
import pandas as pd
import pytest

from society_effects.errors import OutputError, StudyError
from society_effects.language.catalogue import catalogue
from society_effects.study import About, Outcome, Study
from society_effects.study.samples import load_sample
from society_effects.study.variables import Variable

FRAME = pd.DataFrame(
    {
        "学号": [f"S{k}" for k in range(8)],
        "club": ["yes", "no"] * 3 + ["?", "no"],
        "score": [70.5, 80, 99, 90, None, 60, 75, 85],
        "pass": ["pass", "fail", "pass", "absent", "pass", "pass", "fail", "fail"],
        "like": ["low", "mid", "high", "mid", "mid", None, "low", "high"],
        "papers": [0, 1, 0, 2, 0, 0, 5, 1],
        "years": [1.0, 2, 1, 1, 2, 2, 1, 1],
        "sex": ["f", "m", "f", "f", "refused", "m", "f", None],
        "gpa": [3.0, 3.5, 2.5, 3.9, 3.1, 2.9, 3.3, 3.6],
        "class": list("AABBAABB"),
        "remark": ["x"] * 8,
    }
)


def study(**changes):
    outcomes = [
        Outcome("score", unit={"en": "points", "zh": "分"}, range=(0, 100)),
        Outcome("pass", event="pass"),
        Outcome("like", kind="ordinal", categories=("low", "mid", "high")),
        Outcome("papers", kind="count", exposure="years"),
    ]
    roles = {
        "group": "club",
        "unit": "学号",
        "covariates": {"who": ["sex"], "before": ["gpa"]},
        "cluster": "class",
        "missing_codes": {
            "club": {"?": "not answered"},
            "score": {99: "absent"},
            "pass": ["absent"],
            "sex": ["refused"],
        },
        "labels": {"sex": {"en": "Sex", "zh": "性别"}, "sex=f": {"en": "women", "zh": "女"}},
        "about": About(covariates_before_joining=("gpa",)),
    }
    return Study(FRAME, outcomes=outcomes, **(roles | changes))


def by_name(book) -> dict[str, Variable]:
    return {variable.name: variable for variable in book.variables}


def test_every_variable_has_its_role_and_counts():
    found = by_name(study().codebook())
    assert [(v.name, v.role) for v in study().codebook().variables] == [
        ("club", "group"),
        ("score", "outcome"),
        ("pass", "outcome"),
        ("like", "outcome"),
        ("papers", "outcome"),
        ("sex", "covariate"),
        ("gpa", "covariate"),
        ("class", "cluster"),
        ("years", "exposure"),
        ("学号", "unit"),
    ]
    assert found["club"].categories == {"no": 4, "yes": 3} and found["club"].missing == {"not answered": 1}
    assert found["club"].coding == {"member": "yes", "reference": "no"} and found["club"].kind == "binary"
    score = found["score"]
    assert (score.n, score.missing, score.minimum, score.median, score.maximum) == (
        5,
        {"empty": 1, "absent": 1},
        60,
        80,
        90,
    )
    assert score.range == (0, 100) and score.unit == {"en": "points", "zh": "分"}
    assert found["pass"].coding == {"event": "pass"} and found["pass"].categories == {"pass": 4, "fail": 2}
    assert found["like"].categories == {"low": 1, "mid": 3, "high": 2} and found["like"].missing == {"empty": 1}
    assert (found["papers"].kind, found["papers"].maximum) == ("count", 2)
    assert found["sex"].categories == {"f": 3, "m": 2} and found["sex"].missing == {"empty": 1, "refused": 1}
    assert (found["sex"].before_joining, found["gpa"].before_joining) == ("no", "yes")
    assert found["class"].categories == {"A": 4, "B": 3} and found["学号"].different == 7
    assert study().codebook().unused == ("remark",)


def test_blocks_of_covariates_are_named_in_the_language():
    frame = pd.DataFrame(
        {"group": ["yes", "no"] * 9, "score": range(18), "before": range(18), "sex": ["f", "m", "m"] * 6}
    )
    blocks = {"prior_achievement": ["before"], "others": ["sex"]}
    study = Study(frame, outcomes="score", group="group", covariates=blocks, lang="zh")
    assert "协变量（既往成绩）" in str(study.codebook()) and "协变量（其他协变量）" in str(study.codebook())


@pytest.mark.parametrize(
    ("told", "said"), [("all", "yes"), ("none", "no"), ("not stated", "not_stated"), (("sex",), "no")]
)
def test_before_joining_as_the_facts_say(told, said):
    book = study(about=About(covariates_before_joining=told)).codebook()
    assert by_name(book)["gpa"].before_joining == said


def test_counts_agree_with_the_ledger_at_every_wave():
    sample = load_sample("professional_identity_panel")
    book = sample.codebook()
    waves = [variable for variable in book.variables if variable.role == "outcome"]
    assert [variable.wave for variable in waves] == ["before", "term", "year"]
    for variable in waves:
        values = sample.values.query("wave == @variable.wave")["value"]
        assert variable.n == values.notna().sum() and variable.n + sum(variable.missing.values()) == len(sample)
        assert variable.median == np.median(values.dropna())
    joined = by_name(book)["joined"]
    assert joined.categories == {"term": 120, "year": 72} and joined.missing == {"never_joined": 288}
    assert "at after one term" in repr(book) or "at before" in repr(book)
    assert book.to_frame().groupby("name")["n"].max()["identity"] == 480


def test_wide_waves_leave_no_column_unused():
    wide = {"g": [0, 1, 1, 0], "pre": [1.0, 2, 3, 4], "post": [2.0, 3, 4.5, 5], "extra": list("abcd")}
    assert Study(wide, group="g", baseline={"post": "pre"}).codebook().unused == ("extra",)
    waves = {"y": {"pre": "pre", "post": "post"}}
    assert Study(wide, group="g", waves=waves).codebook().unused == ("extra",)


def test_a_study_of_one_wave_keeps_its_columns():
    at = load_sample("professional_identity_panel").at(wave="term")
    assert by_name(at.codebook())["identity"].n == 413


def test_known_by_a_printed_table():
    table = {"outcome": ["osce"] * 2 + ["pass"] * 2, "group": ["no", "yes"] * 2, "n": [50, 20, 48, 20]}
    table |= {"mean": [78, 82, None, None], "sd": [10, 8, None, None], "events": [None, None, 30, 15]}
    book = Study.from_summary(table).codebook()
    found = by_name(book)
    assert found["group"].categories == {"no": 50, "yes": 20} and found["osce"].n == 70
    assert found["pass"].categories == {"1": 45, "0": 23} and found["pass"].missing == {"not_in_table": 2}
    assert catalogue("en").get("codebook.from_summary") in repr(book)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_text_page_and_markdown_tell_the_same(lang):
    book = study().codebook(lang)
    text, page, markdown = repr(book), book._repr_html_(), book.to_markdown()
    for shown in (text, page, markdown):
        for piece in ("club", "学号", "女" if lang == "zh" else "women", "not answered", "remark"):
            assert piece in shown
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in page
    assert "codebook." not in text and "{" not in text


def test_many_levels_are_counted_and_kept_in_the_frame():
    frame = pd.DataFrame({"g": [0, 1] * 20, "y": np.arange(40.0), "town": [f"town {k:02}" for k in range(20)] * 2})
    book = Study(frame, group="g", outcomes="y", covariates=["town"]).codebook()
    assert "20 different values" in repr(book) and "town 07" not in repr(book)
    assert "town 07: 2" in book.to_frame().set_index("name").loc["town", "categories"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_saved_in_every_form(tmp_path, lang):
    book = study().codebook(lang)
    for suffix in (".xlsx", ".html", ".md", ".csv"):
        path = book.save(tmp_path / "新 folder" / f"code book{suffix}")
        assert path.stat().st_size > 200
    assert not list(tmp_path.rglob("*.tmp"))
    opened = openpyxl.load_workbook(tmp_path / "新 folder" / "code book.xlsx")
    shown, data = opened.worksheets
    assert shown.max_row >= 12 and data.max_row == 11
    names = [cell.value for cell in data[1]]
    score = dict(zip(names, [cell.value for cell in data[3]], strict=True))
    assert (score["name"], score["n"], score["median"]) == ("score", 5, 80)
    rows = list(csv.DictReader((tmp_path / "新 folder" / "code book.csv").read_text("utf-8-sig").splitlines()))
    assert rows[1]["missing_reasons"] == "empty: 1; absent: 1"


def test_another_ending_is_refused_in_the_language(tmp_path):
    with pytest.raises(OutputError, match="不能保存为"):
        study().codebook("zh").save(tmp_path / "a.pdf")
    with pytest.raises(StudyError):
        study().codebook("fr")


def test_nothing_in_a_codebook_is_read_as_markup_or_as_a_formula(tmp_path):
    bad = "<script>alert(1)</script>"
    frame = pd.DataFrame({bad: [0, 1, 0, 1], "=1+1": [1.0, 2, 3, 4], "@x|y": [bad, "=cmd|' /C calc'!A0"] * 2})
    labels = {"=1+1": {"en": bad, "zh": '"><img src=x onerror=alert(1)>'}}
    book = Study(frame, group=bad, outcomes="=1+1", covariates=["@x|y"], labels=labels).codebook()
    for page in (book.to_html(), book.save(tmp_path / "a.html").read_text(encoding="utf-8")):
        assert "<script" not in page and "<img" not in page
    assert "<script" not in book.to_markdown().replace("\\<script", "")
    for row in csv.reader(book.save(tmp_path / "a.csv").read_text("utf-8-sig").splitlines()):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    for sheet in openpyxl.load_workbook(book.save(tmp_path / "a.xlsx")):
        for cell in (cell for row in sheet for cell in row if isinstance(cell.value, str)):
            assert cell.data_type == "s"
            assert cell.quotePrefix or not cell.value.startswith(("=", "+", "-", "@"))
