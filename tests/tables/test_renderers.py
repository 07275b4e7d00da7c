"""Tables as text, HTML, Markdown, Excel and CSV: numbers stay numbers, text stays text."""

from __future__ import annotations

import csv
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import openpyxl
import table_examples as examples

from society_effects.errors import OutputError
from society_effects.language.catalogue import catalogue
from society_effects.tables import build
from society_effects.tables.as_text import display_width
from society_effects.tables.table import WRITERS, Cell, Note, Run, Table, header_paths, note_paragraphs, plain, rich

LANGS = ("en", "zh")


class Reader(HTMLParser):
    """Collects the tags that are open at the end, and the texts of the cells."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag != "wbr":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("layout", ["outcomes", "groups"])
def test_html_is_well_formed_and_labels_are_escaped(lang, layout):
    html = build(examples.mixed(), "comparison", lang, layout=layout).to_html()
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    assert "b" not in reader.tags
    assert ("<b>总分</b>" if lang == "zh" else "<b>Total</b> score") in reader.text
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in html


def test_html_sets_symbols_in_italics_and_three_rules():
    html = build(examples.comparison(), "comparison", "zh").to_html()
    assert "<i>t</i>′" in html and "<i>P</i>" in html
    assert "x̄</i>±<i>s</i>" in html
    assert html.count("border-top:1.5pt") == 1 and html.count("border-bottom:1.5pt") == 1
    assert "border-bottom:0.75pt" in html and "border-left" not in html


def test_what_stands_below_the_line_stands_there_in_every_form(tmp_path):
    content = (*rich(catalogue("en"), "tables.short.d_total"), Run(" 0.69"))
    table = Table("t", ((Cell("a"), Cell("b")),), ((Cell("x"), Cell(content)),), (), "en", "apa", "t")
    assert plain(content) == "d_T 0.69" and [run.below for run in content] == [False, True, False]
    assert "<i>d</i><sub style='line-height:0'>T</sub> 0.69" in table.to_html()
    assert "*d*<sub>T</sub> 0.69" in table.to_markdown() and r"\textit{d}\textsubscript{T}" in table.to_latex()
    for suffix, part in ((".docx", "word/document.xml"), (".xlsx", "xl/worksheets/sheet1.xml")):
        with zipfile.ZipFile(table.save(tmp_path / f"t{suffix}")) as file:
            xml = file.read(part).decode()
        assert 'vertAlign w:val="subscript"' in xml or 'vertAlign val="subscript"' in xml


def test_html_escapes_titles_notes_symbols_and_marks():
    cell = Cell((Run("<i>", True), Run("<u>")), marks=("<a>",))
    html = Table("<title>", ((cell,),), ((cell,),), (Note("<p>", "<b>"),)).to_html()
    for tag in ("<title>", "<u>", "<a>", "<b>", "><p><"):
        assert tag not in html
    assert html.count("&lt;i&gt;") == 2 and "&lt;p&gt;" in html


def test_headings_break_before_their_brackets_only():
    html = build(examples.comparison(), "comparison", "en").to_html()
    assert "Members (<i>n</i>\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}159)" in html
    assert "Mean difference [95%\N{NO-BREAK SPACE}CI]" in html


def test_header_cells_above_each_column():
    table = build(examples.comparison(), "comparison", "en")
    assert header_paths(table)[-2:] == [("p", "Unadjusted"), ("p", "Adjusted")]
    assert sum(cell.span for cell in table.header[0]) == len(table.rows[0])


def test_chinese_characters_count_double_and_bars_nothing():
    assert display_width("社团组 x̄") == 8
    lines = str(build(examples.comparison(), "comparison", "zh", layout="outcomes")).splitlines()
    body = [line for line in lines if line.startswith(("体格检查", "基本操作", "病史采集")) and "±" in line]
    assert len({display_width(line[: line.index("±")]) for line in body}) == 1


def test_markdown_escapes_bars_and_keeps_one_row_per_line():
    text = build(examples.mixed(), "comparison", "en").to_markdown()
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 5
    assert len({line.replace("\\|", "").count("|") for line in rows}) == 1
    assert "\\<b\\>" in text and "=SUM(A1) \\| stations" in text


def test_numbers_survive_under_the_cells():
    frame = build(examples.comparison(), "comparison", "en").to_frame()
    assert frame["Mean difference [95% CI] | low"].tolist() == [2.33] * 3
    assert frame["Members (n = 159) | sd"].tolist() == [9.6] * 3
    assert frame["p: Unadjusted"].tolist() == [0.0000042, 0.0164, 0.62]


@pytest.mark.parametrize("lang", LANGS)
def test_excel_keeps_numbers_as_numbers_and_formulas_as_text(lang, tmp_path):
    path = build(examples.mixed(), "comparison", lang, layout="outcomes").save(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    sheet, numbers = book.worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    formula = next(cell for cell in cells if str(cell.value).startswith("=SUM"))
    assert formula.data_type == "s" and formula.quotePrefix
    p_values = [c for c in cells if isinstance(c.value, float) and "0.001" in c.number_format]
    assert [c.value for c in p_values] == [0.0000042, 0.0164]
    assert not any(c.data_type == "f" for row in numbers.iter_rows() for c in row)
    values = {c.value for row in numbers.iter_rows() for c in row if isinstance(c.value, float)}
    assert {78.2, 9.6, 140 / 159} <= values and 7.12 in {round(v, 9) for v in values}
    assert sheet.column_dimensions["A"].width >= 8


def test_a_label_like_a_formula_at_the_head_of_an_excel_column_is_text_too(tmp_path):
    path = build(examples.mixed(), "comparison", "zh", layout="groups").save(tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    head = next(cell for cell in sheet[2] if str(cell.value).startswith("=SUM"))
    assert head.data_type == "s" and head.quotePrefix


def test_control_characters_do_not_break_excel(tmp_path):
    table = Table("T", ((Cell("A"),),), ((Cell("\x0b"),), (Cell("a\x00b"),)))
    sheet = openpyxl.load_workbook(table.save(tmp_path / "t.xlsx")).worksheets[0]
    assert [sheet["A3"].value, sheet["A4"].value] == [None, "ab"]


def test_excel_has_three_rules_and_its_notes(tmp_path):
    table = build(examples.comparison(), "comparison", "zh")
    sheet = openpyxl.load_workbook(table.save(tmp_path / "t.xlsx")).worksheets[0]
    assert sheet["A1"].value == table.title
    assert sheet["A2"].border.top.style == "medium" and sheet["A2"].border.bottom.style == "thin"
    last = 2 + len(table.rows)
    assert sheet.cell(last, 1).border.bottom.style == "medium"
    assert sheet.cell(last + 1, 1).value == table.notes[0].text
    assert sheet["B3"].value == 159 and sheet["A3"].font.name == "SimSun"


def test_the_same_table_makes_the_same_files(tmp_path):
    table = build(examples.table_one(), "baseline", "zh")
    for suffix in WRITERS:
        first = table.save(tmp_path / f"a{suffix}").read_bytes()
        assert first == table.save(tmp_path / f"b{suffix}").read_bytes()


def test_excel_files_do_not_know_when_they_were_written(tmp_path):
    path = build(examples.table_one(), "baseline", "zh").save(tmp_path / "t.xlsx")
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2


def test_csv_opens_in_excel_and_holds_no_formula(tmp_path):
    path = build(examples.mixed(), "comparison", "zh").save(tmp_path / "t.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_a_suffix_without_a_writer_names_those_there_are(tmp_path):
    with pytest.raises(OutputError, match=r"\.html, \.docx, \.xlsx, \.tex, \.md, \.csv"):
        build(examples.comparison()).save(tmp_path / "t.pages")


def test_notes_run_together_but_footnotes_and_warnings_stand_alone():
    notes = (Note("Simulated.", emphasis=True), Note("One."), Note("Two."), Note("Three.", "a"))
    table = Table("T", ((Cell("A"),),), ((Cell("1"),),), notes)
    assert [note.text for note in note_paragraphs(table)] == ["Simulated.", "Note. One. Two.", "Three."]


def test_a_table_shows_itself_in_notebooks_and_terminals():
    table = build(examples.comparison())
    assert table._repr_html_() == table.to_html()
    assert Cell((Run("t", True), Run("′"))).text == "t′"
    assert str(table).startswith(table.title)
