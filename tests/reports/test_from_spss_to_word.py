"""A file of SPSS goes in and a Word report comes out that nobody has to type again: names, numbers, gaps, pictures."""

import re
import zipfile

import docx
import numpy as np
import pandas as pd
import pyreadstat
import pytest
from docx.oxml.ns import qn

import society_effects as se
from society_effects.language.catalogue import LANGUAGES
from society_effects.reports.report import FigureBlock, TableBlock

LABELS = {
    "q1": "是否参加临床技能社团",
    "q2": "性别",
    "q3": "年级",
    "v0": "入社前理论成绩",
    "v1": "体格检查成绩",
    "v2": "心肺复苏与基本操作技能考核成绩",
    "v4": "技能竞赛获奖",
}
VALUES = {
    "q1": {0: "非社团成员", 1: "社团成员"},
    "q2": {1: "男", 2: "女"},
    "q3": {1: "一年级", 2: "二年级", 9: "未填"},
    "v4": {0: "未获奖", 1: "获奖"},
    "v1": {999: "缺考"},
}
GAPS = {"v1": 12, "v2": 7}
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[qv]\d\b|\bnan\b|\bNone\b|\binf\b")


def students(n=160):
    """Students whose answers are codes, some of them of missing values."""
    rng = np.random.default_rng(3)
    member, ability = rng.random(n) < 0.35, rng.normal(0, 5, n)
    frame = pd.DataFrame({"q1": member * 1.0, "q2": rng.integers(1, 3, n) * 1.0, "q3": rng.integers(1, 3, n) * 1.0})
    frame["v0"] = np.round(70 + ability + rng.normal(0, 5, n), 1)
    frame["v1"] = np.round(74 + 4 * member + ability + rng.normal(0, 5, n), 1)
    frame["v2"] = np.round(80 + member + rng.normal(0, 7, n))
    frame["v4"] = (rng.random(n) < 0.5 + 0.3 * member) * 1.0
    frame.loc[np.arange(GAPS["v1"]) * 11, "v1"] = 999
    frame.loc[np.arange(GAPS["v2"]) * 13 + 2, "v2"] = 998
    frame.loc[[5, 50], "q3"] = 9
    return frame


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scores") / "成绩 2024"
    folder.mkdir()
    file = folder / "技能 scores.sav"
    gaps = {"v1": [999], "v2": [998], "q3": [9]}
    pyreadstat.write_sav(students(), str(file), column_labels=LABELS, variable_value_labels=VALUES, missing_ranges=gaps)
    outcomes = ["v1", se.Outcome("v2", unit={"en": "points", "zh": "分"}), se.Outcome("v4", event="获奖")]
    return se.read_study(
        file, outcomes=outcomes, group="q1", member="社团成员", covariates=["q2", "q3", "v0"], lang="zh"
    )


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request, study, tmp_path_factory):
    whole = se.MemberComparison(resamples=499).fit(study).report(request.param)
    folder = tmp_path_factory.mktemp("out") / "报告 reports"
    folder.mkdir()
    path = whole.save(folder / "技能 报告.docx")
    return whole, path, docx.Document(str(path))


def said(element):
    return "".join(t.text or "" for t in element.iter(qn("w:t"))).replace("\N{NO-BREAK SPACE}", " ")


def test_every_label_and_unit_is_there(made):
    whole, _, document = made
    text = said(document.element.body)
    for column, label in LABELS.items():
        assert label in text or column == "q1", label
    for label in ("社团成员", "非社团成员", "男", "女", "一年级", "二年级"):
        assert label in text, label
    assert {"en": "points", "zh": " 分"}[whole.lang] in text


def test_gaps_are_told_with_the_words_of_the_file(made):
    _, _, document = made
    ledger = next(t for t in document.tables if "999 = 缺考" in said(t._tbl))
    lost = {"999 = 缺考": 0, "998": 0}
    for row in ledger.rows:
        cells = [cell.text for cell in row.cells]
        for code in lost:
            lost[code] += int(cells[3]) if code in cells[1] else 0
    assert list(lost.values()) == list(GAPS.values())
    assert not re.search(r"99[89](?! =|）|\))", said(document.element.body).replace("9999", "").replace("9,999", ""))


def test_every_table_and_figure_has_its_number_and_figures_are_pictures(made):
    whole, path, document = made
    names = {"en": ("Table {}. ", "Figure {}. "), "zh": ("表{}　", "图{}　")}[whole.lang]
    captions = [said(p._p) for p in document.paragraphs if p.style.style_id == "Caption"]
    for kind, name in zip((TableBlock, FigureBlock), names, strict=True):
        count = sum(isinstance(block, kind) for block in whole.blocks)
        assert [c for c in captions if c.startswith(name[0])] and count >= 3
        assert [
            c.startswith(name.format(i)) for i, c in enumerate((c for c in captions if c.startswith(name[0])), 1)
        ] == [True] * count
    with zipfile.ZipFile(path) as archive:
        pictures = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
    assert len(document.inline_shapes) == len(pictures) and all(p.startswith(b"\x89PNG") for p in pictures)
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert "体格检查成绩" in described[0] and "技能竞赛获奖" in described[0]
    shares = next(text for text in described if "获奖" in text and "体格检查成绩" not in text)
    assert re.search(r"\d+\.\d%", shares)


def test_chinese_has_its_font_everywhere(made):
    _, _, document = made
    fonts = document.styles.element.xpath("w:docDefaults//w:rFonts")
    assert fonts[0].get(qn("w:eastAsia")) in ("SimSun", "宋体")
    for element in (document.styles.element, document.element.body):
        for own in element.iter(qn("w:rFonts")):
            assert own.get(qn("w:eastAsia")) or own.get(qn("w:hint")) == "eastAsia"


def test_chinese_stands_in_chinese_brackets(made):
    whole, _, document = made
    text = whole.to_markdown() + said(document.element.body)
    assert whole.lang == "en" or not re.search(r"[\u4e00-\u9fff]\**(?: ?\([\u4e00-\u9fff]|: )", text)


def test_no_number_is_missing(made):
    whole, _, document = made
    tables = [block.table for block in whole.blocks if isinstance(block, TableBlock)]
    for table, shown in zip(tables, document.tables, strict=True):
        for row, line in zip(table.rows, shown.rows[len(table.header) :], strict=True):
            for cell, place in zip(row, line._tr.xpath("w:tc"), strict=False):
                known = isinstance(cell.value, int | float) and np.isfinite(cell.value)
                assert not known or re.search(r"\d", said(place)), (table.title, cell)


def test_no_name_of_the_program_stands_in_the_text(made):
    _, _, document = made
    for paragraph in document.paragraphs:
        if paragraph.style.style_id != "Check":
            assert not CODE.search(said(paragraph._p).replace("society_effects", "")), paragraph.text
    for table in document.tables:
        assert not CODE.search(said(table._tbl))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_goes_to_a_journal_is_free_of_advice(study, lang):
    short = se.RegressionAdjustment().fit(study).report(lang, short=True)
    for text in short.paragraphs:
        assert not CODE.search(text.replace("society_effects", "")) and "=)" not in text and "About" not in text
        assert lang == "en" or not re.search(r"[\u4e00-\u9fff]\([\u4e00-\u9fff]", text), text
