"""The whole report in Word: headings, numbered tables and figures, alt text, footers, the words of the HTML."""

from __future__ import annotations

import dataclasses
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from report_examples import findings, row, simulated

import society_effects as se
from society_effects.figures.journals import journal_style
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.reports import report
from society_effects.reports.italics import MARK, as_parts, plain
from society_effects.reports.report import (
    Banner,
    Checklist,
    ChecklistItem,
    Claim,
    FigureBlock,
    Heading,
    Paragraph,
    Report,
    TableBlock,
    numbered,
)
from society_effects.reports.word_blocks import COLOURS
from society_effects.tables.table import Cell, Table

UGLY = "=SUM(A1) <b>&amp;</b> \x00\x0b\ud800{x} ]]> \\n"


@pytest.fixture(scope="module")
def cohort():
    return se.MemberComparison().fit(se.load_sample("clinical_skills_667"))


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request, cohort, tmp_path_factory):
    whole = report(cohort, request.param)
    path = whole.save(tmp_path_factory.mktemp("word") / "report.docx")
    return whole, path, docx.Document(str(path))


def read(made_report, folder):
    return docx.Document(str(made_report.save(folder / "r.docx")))


def said(element):
    return "".join(t.text or "" for t in element.iter(qn("w:t")))


def styled(document, style):
    return [said(p._p) for p in document.paragraphs if p.style.style_id == style]


def spaces(text):
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " "))


def wide_table(title="Wide"):
    cells = tuple(Cell("−12.34 (−23.45 to 34.56)") for _ in range(11))
    return TableBlock(Table(title, (tuple(Cell(f"H{i}") for i in range(11)),), (cells,)))


def small_table(title="Small"):
    return TableBlock(Table(title, ((Cell("A"),),), ((Cell("1"),),)))


def test_headings_are_headings_of_word(made):
    whole, _, document = made
    assert styled(document, "Heading1") == [plain(b.text) for b in whole.blocks if isinstance(b, Heading)]
    assert document.styles["Heading 1"].element.xpath("w:pPr/w:outlineLvl")
    assert styled(document, "Title") == [whole.title] == [document.core_properties.title]
    assert document.core_properties.language == {"en": "en-US", "zh": "zh-CN"}[whole.lang]


def test_all_words_of_the_report_are_there(made):
    whole, _, document = made
    text = spaces(said(document.element.body))
    for block in whole.blocks:
        for words in words_of(block):
            assert spaces(plain(words).replace("_", "")) in text.replace("_", ""), words
    assert MARK not in text


def words_of(block):
    match block:
        case Claim():
            return [block.heading, block.scale, *(t for line in block.lines for t in line), block.reason]
        case TableBlock():
            return [block.table.title]
        case FigureBlock():
            return [block.caption]
        case _ if hasattr(block, "text"):
            return [block.text]
        case _ if hasattr(block, "pairs"):
            return [text for pair in block.pairs for text in pair]
        case _:
            return [text for item in block.items for text in (item.status_name, item.text)]


def test_tables_and_figures_are_numbered_in_their_order_by_word_itself(made):
    whole, _, document = made
    captions = styled(document, "Caption")
    names = {"en": ("Table {}. ", "Figure {}. "), "zh": ("表{}　", "图{}　")}[whole.lang]
    tables = [c for c in captions if c.startswith(names[0][0])]
    for i, block in enumerate((b for b in whole.blocks if isinstance(b, TableBlock)), start=1):
        assert tables[i - 1] == names[0].format(i) + block.table.title
    figures = [c for c in captions if c.startswith(names[1][0])]
    for i, block in enumerate((b for b in whole.blocks if isinstance(b, FigureBlock)), start=1):
        assert figures[i - 1] == names[1].format(i) + plain(block.caption)
    fields = [f.get(qn("w:instr")) for f in document.element.body.iter(qn("w:fldSimple"))]
    counters = [catalogue(whole.lang).get(f"reports.captions.{kind}") for kind in ("tables", "figures")]
    assert sum(counters[0] in f for f in fields) == len(tables) == len(document.tables)
    assert sum(counters[1] in f for f in fields) == len(figures) == len(document.inline_shapes)


def test_tables_hold_the_numbers_of_the_report(made):
    whole, _, document = made
    blocks = [b.table for b in whole.blocks if isinstance(b, TableBlock)]
    for table, shown in zip(blocks, document.tables, strict=True):
        cells = [spaces(said(cell)) for cell in shown._tbl.iter(qn("w:tc"))]
        for cells_of_row in table.rows:
            for cell in cells_of_row:
                assert spaces(cell.text + ",".join(cell.marks)).strip() in map(str.strip, cells)


def test_figures_are_as_wide_as_the_preset_sharp_and_described(made):
    whole, path, document = made
    preset = journal_style({"en": "bmc", "zh": "chinese"}[whole.lang])
    figures = [b for b in whole.blocks if isinstance(b, FigureBlock)]
    for shape, figure in zip(document.inline_shapes, figures, strict=True):
        assert shape.width.mm == pytest.approx(preset.double, abs=0.01)
        assert shape._inline.docPr.get("descr") == (figure.alt or plain(figure.caption))
        part = document.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
        assert part.image.px_width == pytest.approx(preset.double / 25.4 * 300, abs=2)
        assert part.image.horz_dpi == 300
    with zipfile.ZipFile(path) as archive:
        assert sum(name.startswith("word/media/") for name in archive.namelist()) == len(figures)
    section = document.sections[0]
    assert section.page_width.mm - section.left_margin.mm - section.right_margin.mm >= preset.double - 0.1


def test_a_caption_stays_with_its_figure_and_a_heading_with_what_follows(made):
    _, _, document = made
    for paragraph in document.paragraphs:
        if paragraph._p.xpath(".//w:drawing"):
            assert paragraph.style.style_id == "Figure" and paragraph._p.xpath("w:pPr/w:keepNext")
    for name in ("Heading 1", "Title"):
        assert document.styles[name].element.xpath("w:pPr/w:keepNext")


def test_pages_have_numbers_and_none_is_empty(made):
    _, _, document = made
    assert all(" PAGE " in section.footer._element.xml for section in document.sections)
    assert not document.element.body.xpath(".//w:br[@w:type='page'] | .//w:pageBreakBefore")
    assert not [p for p in document.paragraphs if not said(p._p) and not p._p.xpath(".//w:drawing | .//w:sectPr")]


def test_symbols_are_italic(made):
    whole, _, document = made
    italics = {run.text for p in document.paragraphs for run in p.runs if run.italic}
    assert {"p", "t"} <= italics if whole.lang == "en" else {"P", "t"} <= italics


def test_the_same_report_makes_the_same_bytes(made, tmp_path):
    whole, path, _ = made
    assert whole.save(tmp_path / "again.docx").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_simulated_data_say_so_first(lang, tmp_path):
    whole = report(simulated([row("mean_difference", "above")]), lang)
    document = read(dataclasses.replace(whole, blocks=without_figures(whole)), tmp_path)
    banner = next(b for b in whole.blocks if isinstance(b, Banner))
    assert document.paragraphs[1].style.style_id == "Banner" and document.paragraphs[1].text == banner.text
    real = report(findings([row("mean_difference", "above")]), lang)
    assert not styled(read(dataclasses.replace(real, blocks=without_figures(real)), tmp_path), "Banner")


def without_figures(whole):
    return tuple(b for b in whole.blocks if not isinstance(b, FigureBlock))


def test_the_claim_stands_in_one_box_with_its_grade(made):
    whole, _, document = made
    claim = next(b for b in whole.blocks if isinstance(b, Claim))
    box = styled(document, "Claim")
    assert box[0].startswith(f"{claim.grade}  {plain(claim.heading)}") and box[-1] == plain(claim.reason)
    assert len(box) == 2 + len(claim.lines)


def test_a_wide_table_turns_its_page_with_its_heading_and_turns_it_back(tmp_path):
    blocks = (Paragraph("One."), Heading("Wide ones"), wide_table(), wide_table(), Heading("After"), small_table(), Heading("Last"), wide_table())  # fmt: skip
    document = read(Report("Title", numbered(blocks)), tmp_path)
    sides = [section.page_width > section.page_height for section in document.sections]
    assert sides == [False, True, False, True]
    first = [said(p) for p in document.element.body.xpath("w:p[w:pPr/w:sectPr]")]
    assert first[0] == "One."
    assert all(" PAGE " in section.footer._element.xml for section in document.sections)
    assert [re.search(r"\d+", c)[0] for c in styled(document, "Caption")] == ["1", "2", "3", "4"]


def test_a_figure_too_high_for_the_page_is_made_smaller(tmp_path):
    from society_effects.figures.canvas import Canvas

    block = FigureBlock("High.", lambda journal=None: Canvas("double", 400, journal))
    shape = read(Report("Title", (Heading("Figures"), block)), tmp_path).inline_shapes[0]
    assert shape.height.mm < 220
    assert shape.width / shape.height == pytest.approx(176 / 400, rel=1e-3)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ugly_words_do_not_break_the_file(lang, tmp_path):
    item = ChecklistItem("1", UGLY, "to_do", UGLY, UGLY, UGLY)
    blocks = (Heading(UGLY), Paragraph(UGLY), Claim("E", UGLY, UGLY, ((UGLY, UGLY),), UGLY), Checklist((item,), UGLY))
    document = read(Report(UGLY, blocks, lang), tmp_path)
    shown = "=SUM(A1) <b>&amp;</b> {x} ]]> \\n"
    assert styled(document, "BodyText") == [shown] and styled(document, "Heading1") == [shown]


def test_statuses_have_their_own_colours():
    assert {"warn", "fail", "partly", "to_do"} == set(COLOURS)


def test_what_follows_a_symbol_stands_below_it(tmp_path):
    text = f"{MARK}d{MARK}_av was 0.4, a_b; {MARK}p{MARK} = .03"
    runs = read(Report("Title", (Paragraph(text),)), tmp_path).paragraphs[1].runs
    assert [run.text for run in runs if run.font.subscript] == ["av"]
    assert as_parts(text) == [
        ("d", True, False),
        ("av", False, True),
        (" was 0.4, a_b; ", False, False),
        ("p", True, False),
        ("\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}.03", False, False),
    ]
