"""Tables in Word: three lines, Chinese fonts, repeated headers, whole rows, and the numbers of the HTML."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

sys.path.insert(0, str(Path(__file__).parent))
import table_examples as examples

from society_effects.tables import build
from society_effects.tables.as_word import page_layout
from society_effects.tables.decimal_points import starts, width_of_aligned
from society_effects.tables.table import Cell, Note, Run, Table, note_paragraphs
from society_effects.tables.text_widths import em_width
from society_effects.tables.word_parts import text_width, twips

LANGS = ("en", "zh")
UGLY = "=SUM(A1) <b>&amp;</b> \x00\x0b\ud800\uffff{x} “引” 😀 \t\n]]>"


def saved(table, folder):
    return docx.Document(str(table.save(folder / "t.docx")))


def xml_of(element, path):
    return element.xpath(path)


def value(element, name="val"):
    return element.get(qn(f"w:{name}"))


def said(element):
    return "".join(t.text or "" for t in element.iter(qn("w:t"))).replace("\N{NO-BREAK SPACE}", " ")


def grid_of(table):
    """The texts of the rows as python-docx reads them, spanned cells repeated."""
    return [[cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in row.cells] for row in table.rows]


@pytest.fixture(params=LANGS)
def lang(request):
    return request.param


@pytest.fixture
def table(lang):
    return build(examples.comparison(), "comparison", lang, layout="outcomes")


@pytest.fixture
def document(table, tmp_path):
    return saved(table, tmp_path)


def test_three_lines_and_no_others(table, document):
    made = document.tables[0]._tbl
    borders = {side.tag.split("}")[1]: value(side, "sz") for side in xml_of(made, "w:tblPr/w:tblBorders/*")}
    assert borders == {"top": "12", "bottom": "12"}
    head, body = made.tr_lst[: len(table.header)], made.tr_lst[len(table.header) :]
    assert {value(b, "sz") for b in xml_of(head[-1], ".//w:tcBorders/w:bottom")} == {"6"}
    assert len(xml_of(head[-1], ".//w:tcBorders/w:bottom")) == len(head[-1].tc_lst)
    assert {value(b, "sz") for b in xml_of(head[0], ".//w:tcBorders/w:top")} == {"12"}
    assert not any(xml_of(row, ".//w:tcBorders") for row in body)
    assert not xml_of(made, ".//w:left[@w:val='single'] | .//w:right[@w:val='single'] | .//w:insideV")


def test_headers_are_repeated_and_rows_stay_whole(table, document):
    rows = document.tables[0]._tbl.tr_lst
    assert [bool(xml_of(row, "w:trPr/w:tblHeader")) for row in rows] == [
        *[True] * len(table.header),
        *[False] * len(table.rows),
    ]
    assert all(xml_of(row, "w:trPr/w:cantSplit") for row in rows)


def test_the_cells_say_what_the_html_says(table, document):
    texts = grid_of(document.tables[0])[len(table.header) :]
    assert texts == [[cell.text + ",".join(cell.marks) for cell in row] for row in table.rows]
    html = re.sub("<[^>]+>", "", table.to_html()).replace("\N{NO-BREAK SPACE}", " ")
    for row in table.rows:
        for cell in row:
            assert cell.text.replace("<", "&lt;").replace(">", "&gt;") in html


def test_title_above_and_notes_below_in_smaller_type(table, document):
    body = list(document.element.body)
    place = body.index(document.tables[0]._tbl)
    assert said(body[place - 1]) == table.title and value(body[place - 1].pPr.pStyle) == "Caption"
    assert xml_of(body[place - 1], "w:pPr/w:keepNext")
    notes = body[place + 1 : -1]
    expected = [f"{n.mark} {n.text}" if n.mark else n.text for n in note_paragraphs(table)]
    assert [said(note) for note in notes] == expected
    assert {value(note.pPr.pStyle) for note in notes} == {"TableNote"}
    sizes = {name: document.styles[name].font.size.pt for name in ("Table Note", "Table Text", "Normal")}
    assert sizes["Table Note"] < sizes["Table Text"] < sizes["Normal"]


def test_fonts_of_both_scripts(lang, document):
    fonts = xml_of(document.styles.element, "w:docDefaults//w:rFonts")[0]
    assert value(fonts, "ascii") == value(fonts, "hAnsi") == "Times New Roman"
    assert value(fonts, "eastAsia") == ("宋体" if lang == "zh" else "SimSun")
    language = xml_of(document.styles.element, "w:docDefaults//w:lang")[0]
    assert (value(language), value(language, "eastAsia")) == ("en-US", "zh-CN")
    caption = xml_of(document.styles.element, "w:style[@w:styleId='Caption']//w:rFonts")[0]
    assert value(caption, "eastAsia") == ("黑体" if lang == "zh" else "SimSun")
    assert not xml_of(document.styles.element, ".//@w:asciiTheme | .//@w:eastAsiaTheme")


def test_the_document_knows_its_title_and_language(lang, table, document):
    properties = document.core_properties
    assert properties.title == table.title
    assert properties.language == {"en": "en-US", "zh": "zh-CN"}[lang]
    assert properties.author == "society_effects" and properties.comments == ""


def test_symbols_are_italic_and_marks_raised(table, document):
    runs = [run for row in document.tables[0].rows for cell in row.cells for p in cell.paragraphs for run in p.runs]
    italics = {run.text.strip() for run in runs if run.italic}
    assert {run.text.strip() for row in (*table.header, *table.rows) for c in row for run in c.content if not isinstance(c.content, str) and run.italic} == italics  # fmt: skip
    assert italics & {"p", "P", "t", "t′"}


def test_marks_are_raised(lang, tmp_path):
    table = Table("T", ((Cell("A"),),), ((Cell("1", marks=("a", "b")),),), (Note("One.", "a"),), lang)
    document = saved(table, tmp_path)
    raised = [r.text for r in document.tables[0].rows[1].cells[0].paragraphs[0].runs if r.font.superscript]
    assert raised == ["a,b"]
    assert [r.text for r in document.paragraphs[1].runs if r.font.superscript] == ["a"]


def test_sub_rows_are_indented_and_emphasis_is_bold(tmp_path):
    rows = ((Cell("Sex", align="left"), Cell("1")), (Cell("female", align="left", indent=1), Cell("2", emphasis=True)))
    made = saved(Table("T", ((Cell("A"), Cell("B")),), rows), tmp_path).tables[0]
    first, second = (made.rows[i].cells[0].paragraphs[0] for i in (1, 2))
    assert first.paragraph_format.left_indent is None and second.paragraph_format.left_indent.pt == 10
    assert made.rows[2].cells[1].paragraphs[0].runs[0].bold


def test_a_heading_inside_the_table_has_the_whole_row(tmp_path):
    rows = (
        (Cell("Physical examination of the chest", align="left"), Cell(""), Cell("")),
        (Cell("a"), Cell("1"), Cell("2")),
    )
    made = saved(Table("T", ((Cell("A"), Cell("B"), Cell("C")),), rows), tmp_path).tables[0]
    assert [len(row.tc_lst) for row in made._tbl.tr_lst] == [3, 1, 3]


def test_spans_of_headers_add_up(table, document):
    made = document.tables[0]._tbl
    n = len(xml_of(made, "w:tblGrid/w:gridCol"))
    for row in made.tr_lst:
        assert sum(cell.grid_span for cell in row.tc_lst) == n
    restarts = xml_of(made, ".//w:vMerge[@w:val='restart']")
    assert len(restarts) == sum(cell.depth > 1 for cell in table.header[0])


def test_the_table_is_as_wide_as_the_text(lang, document):
    widths = [int(value(c, "w")) for c in xml_of(document.tables[0]._tbl, "w:tblGrid/w:gridCol")]
    assert abs(sum(widths) - twips(text_width(lang))) < len(widths)
    page = document.sections[0]
    assert abs(page.page_width - page.left_margin - page.right_margin - sum(widths) * 635) < 635 * 20
    cell = xml_of(document.tables[0]._tbl.tr_lst[-1], "w:tc/w:tcPr/w:tcW")
    assert [int(value(c, "w")) for c in cell] == widths


def test_wide_tables_lie_on_their_side(lang, tmp_path):
    number = "−12.34 (−23.45 to 34.56)"
    wide = Table(
        "T", (tuple(Cell(f"Heading {i}") for i in range(11)),), (tuple(Cell(number) for _ in range(11)),), (), lang
    )
    document = saved(wide, tmp_path)
    page = document.sections[0]
    assert page_layout(wide).landscape and page.page_width > page.page_height
    assert "PAGE" in page.footer._element.xml
    assert not page_layout(build(examples.table_one(), "baseline", lang)).landscape


def test_pages_are_numbered(document):
    assert "PAGE" in document.sections[0].footer._element.xml


def test_what_xml_forbids_and_what_looks_like_code_is_text(lang, tmp_path):
    rows = ((Cell(UGLY, align="left"), Cell((Run(UGLY, True),), marks=("<&>",))),)
    document = saved(Table(UGLY, ((Cell(UGLY), Cell("n")),), rows, (Note(UGLY, "*"),), lang), tmp_path)
    shown = "=SUM(A1) <b>&amp;</b> {x} “引” 😀 ]]>"
    assert document.tables[0].rows[1].cells[0].text.replace("\N{NO-BREAK SPACE}", " ") == shown
    assert document.paragraphs[0].text == document.core_properties.title == shown
    assert document.paragraphs[1].text == f"* {shown}"


def test_chinese_quotes_are_set_in_the_chinese_font(tmp_path):
    for lang, wide in (("zh", ["“", "”——"]), ("en", [])):
        document = saved(Table("“社团”——Student’s ±", ((Cell("A"),),), ((Cell("1"),),), (), lang), tmp_path)
        hinted = [said(r) for r in xml_of(document.element.body, ".//w:r[w:rPr/w:rFonts[@w:hint='eastAsia']]")]
        assert hinted == wide


def test_the_same_table_makes_the_same_bytes_that_know_no_clock(table, tmp_path):
    first, second = (table.save(tmp_path / name) for name in ("a.docx", "b.docx"))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
        assert not any("thumbnail" in name or "customXml" in name for name in archive.namelist())
    assert first.stat().st_size < 30_000


def test_a_table_without_title_notes_or_rows(tmp_path):
    document = saved(Table("", ((Cell("A"), Cell("B")),), ()), tmp_path)
    assert len(document.tables[0].rows) == 1 and not document.paragraphs


def test_small_tables_are_not_divided_and_long_ones_may_be(tmp_path):
    for n, kept in ((8, 8), (60, 5)):
        rows = tuple((Cell(f"row {i}", align="left"), Cell("1")) for i in range(n))
        document = saved(Table("T", ((Cell("A"), Cell("B")),), rows, (Note("A note."),)), tmp_path)
        body = document.tables[0]._tbl.tr_lst[1:]
        kept_rows = [all(xml_of(p, "w:pPr/w:keepNext") for p in row.iter(qn("w:p"))) for row in body]
        assert sum(kept_rows) == kept


def left_of_point(cell):
    """Where the point of the first number of a cell stands, in twips from the left of its column."""
    indents = [int(value(i, "left")) for i in cell.iter(qn("w:ind"))]
    digits = re.match(r"[<>]?−?\d*", said(cell))[0]
    return indents[0] + 9 * 20 * em_width(digits) if indents else None


def test_points_of_a_column_stand_below_each_other(tmp_path):
    numbers = ["9.50 [−1.20, 3.40]", "−112.25 [−9.00, 8.00]", "<.001", "3.00 [1.00, 2.00]", "—"]
    rows = tuple((Cell(f"Row {i}", align="left"), Cell(number)) for i, number in enumerate(numbers))
    made = saved(Table("Points", ((Cell("A"), Cell("B")),), rows), tmp_path)
    cells = [row._tr.xpath("w:tc")[1] for row in made.tables[0].rows[1:]]
    points = [left_of_point(cells[i]) for i in (0, 1, 3)]
    assert max(points) - min(points) < 2
    for other in (cells[2], cells[4]):
        assert left_of_point(other) is None and other.xpath("w:p/w:pPr/w:jc[@w:val='center']")


def test_points_are_not_aligned_where_there_is_no_room():
    cells = [Cell("1.5 [1000.50, 9.00]"), Cell("1000.5 [1.50, 9.00]")]
    needed = width_of_aligned(cells)
    assert starts(cells, needed - 0.1) == [None, None] and None not in starts(cells, needed + 0.1)


def test_a_heading_inside_a_long_table_stays_with_its_rows(tmp_path):
    rows = [(Cell(f"Row {i}", align="left"), Cell("1.0")) for i in range(40)]
    rows[20] = (Cell("Second part", align="left"), Cell())
    made = saved(Table("Long", ((Cell("A"), Cell("B")),), tuple(rows)), tmp_path)
    kept = [bool(row._tr.xpath(".//w:keepNext")) for row in made.tables[0].rows[1:]]
    assert kept[20] and not kept[19] and not kept[21]


def test_the_bracket_of_a_heading_is_not_broken(tmp_path):
    heads = (Cell("变化或差值（95%同时CI）"), Cell("短（n）"), *(Cell(f"H{i}") for i in range(7)))
    rows = (tuple(Cell("−10.00(−11.0~−9.0)") for _ in heads),) * 2
    first = saved(Table("Heads", (heads,), rows, (), "zh"), tmp_path).tables[0].rows[0].cells
    assert [cell.text for cell in first[:2]] == ["变化或差值\n（95%同时CI）", "短（n）"]
