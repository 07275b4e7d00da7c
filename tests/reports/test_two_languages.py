"""One result in both languages at once: each part beside the same part, with the same numbers; and what journals print."""

import re

import docx
import pytest
from docx.oxml.ns import qn

import society_effects as se
from society_effects.errors import OutputError
from society_effects.reports.italics import plain
from society_effects.reports.report import Beside, FigureBlock, Heading, Paragraph, Report, TableBlock, unfolded
from society_effects.reports.two_languages import side_by_side

NUMBER = re.compile(r"\d+\.\d+")


@pytest.fixture(scope="module")
def result():
    return se.MemberComparison(resamples=199).fit(se.load_sample("clinical_skills_667"))


@pytest.fixture(scope="module")
def both(result):
    return result.report(("en", "zh"))


@pytest.fixture(scope="module")
def document(both, tmp_path_factory):
    return docx.Document(str(both.save(tmp_path_factory.mktemp("both") / "两种语言.docx")))


def said(element):
    return "".join(t.text or "" for t in element.iter(qn("w:t")))


def test_every_part_of_each_language_is_there_in_its_order(result, both):
    for lang in ("en", "zh"):
        own = [block for block in result.report(lang).blocks if not isinstance(block, Heading)]
        found = [
            block
            for each, blocks in (p for b in both.blocks if isinstance(b, Beside) for p in b.parts)
            for block in blocks
            if each == lang
        ]
        assert [block.kind for block in found] == [block.kind for block in own]
        assert [b.text for b in found if isinstance(b, Paragraph)] == [b.text for b in own if isinstance(b, Paragraph)]
    assert (
        both.title.count(" / ") == 1 and [b.text for b in both.blocks if isinstance(b, Heading)][1] == "Results / 结果"
    )


def test_parts_beside_each_other_are_the_same_part_with_the_same_numbers(both):
    pairs = [block.parts for block in both.blocks if isinstance(block, Beside)]
    tables = [tuple(b for _, own in pair for b in own) for pair in pairs if isinstance(pair[0][1][0], TableBlock)]
    assert len(tables) >= 4
    for english, chinese in tables:
        assert (english.table.kind, english.number) == (chinese.table.kind, chinese.number)
    estimates = next(pair for pair in tables if pair[0].table.kind == "estimates")
    assert (
        estimates[0]
        .table.to_frame()
        .select_dtypes("number")
        .equals(estimates[0].table.to_frame().select_dtypes("number"))
    )
    values = [[cell.value for row in block.table.rows for cell in row] for block in estimates]
    assert values[0] == values[1]


def test_languages_that_need_another_number_of_paragraphs_stand_together():
    reports = [Report("A", (Paragraph("1"), Paragraph("2")), "en"), Report("B", (Paragraph("3"),), "zh")]
    blocks = side_by_side(reports).blocks
    assert [[len(own) for _, own in block.parts] for block in blocks] == [[2, 1]]


def test_one_language_in_a_list_and_an_unknown_one(result):
    assert result.report(("zh",)).title == result.report("zh").title
    with pytest.raises(OutputError, match="fr"):
        result.report(("en", "fr"))


def test_html_marks_the_language_of_each_part(both):
    page = both.to_html()
    assert page.count('<div class="part" lang="en">') == page.count('<div class="part" lang="zh-CN">') > 10
    assert page.count("<figure>") == 2 * len({b.number for _, b in unfolded(both) if isinstance(b, FigureBlock)})
    for caption in ("<b>Figure 1. </b>", "<b>图1　</b>", "Table 1. ", "表1　"):
        assert caption in page


def test_word_has_words_side_by_side_and_tables_over_the_whole_page(both, document):
    text = plain(next(b.text for _, b in unfolded(both) if isinstance(b, Paragraph)))
    columns = [table for table in document.tables if not table._tbl.xpath("w:tblPr/w:tblBorders")]
    assert any(text[:40] in said(table._tbl).replace("\N{NO-BREAK SPACE}", " ") for table in columns)
    assert all(len(row._tr.xpath("w:tc")) == 2 for table in columns for row in table.rows)
    assert not document.element.body.xpath(".//w:tbl//w:tbl")
    own = [block for _, block in unfolded(both) if isinstance(block, TableBlock)]
    assert len(document.tables) - len(columns) == len(own)
    assert len(document.inline_shapes) == sum(isinstance(b, FigureBlock) for _, b in unfolded(both))


def test_markdown_and_text_go_through_both(both, tmp_path):
    text = both.save(tmp_path / "r.md").read_text(encoding="utf-8")
    assert "**Table 1. " in text and "**表1　" in text and "## Results / 结果" in text
    assert len(list(tmp_path.glob("*.png"))) == text.count("![")
    assert "Table 1. " in str(both) and "表1　" in str(both)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_journal_prints_and_no_more(result, lang):
    short = result.report(lang, short=True)
    kinds = [block.table.kind for block in short.blocks if isinstance(block, TableBlock)]
    assert kinds == ["baseline", "comparison"]
    assert sum(isinstance(block, FigureBlock) for block in short.blocks) == 1
    assert {block.kind for block in short.blocks} == {"banner", "heading", "paragraph", "table", "figure"}
    see = {"en": "Table 2 gives these results in full; Figure 1 shows them.", "zh": "详见表2、图1。"}[lang]
    assert any(text.endswith(see) for text in short.paragraphs)
    whole = result.report(lang)
    for text in short.paragraphs[:1] + short.paragraphs[-1:]:
        assert text in whole.paragraphs


def test_a_journal_prints_a_description_with_its_table_of_the_groups():
    study = se.load_sample("clinical_skills_667")
    found = se.Describe().fit(study).report(short=True)
    assert [block.table.kind for block in found.blocks if isinstance(block, TableBlock)] == ["baseline"]
    assert any("Table 1 describes the groups" in text for text in found.paragraphs)
