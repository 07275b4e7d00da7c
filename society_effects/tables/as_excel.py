"""How is a table kept in Excel? A three-line sheet with numbers as numbers, and a second sheet with all of them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..language.catalogue import catalogue
from ..writing import without_clock, write_bytes
from .as_text import display_width
from .table import Cell, Content, Note, Table, header_grid, note_paragraphs, runs_of

FONTS = {"en": "Times New Roman", "zh": "SimSun"}
SIZE = 10.5
NARROWEST, WIDEST = 8, 44
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write(table: Table, path: Path) -> None:
    """Write the table to a workbook: as printed on the first sheet, its unrounded numbers on the second."""
    from openpyxl import Workbook

    words = catalogue(table.lang)
    book = Workbook()
    book.properties.creator = "society_effects"
    book.properties.title = table.title
    sheet = book.active
    sheet.title = words.get("tables.sheets.table")
    _fill(sheet, table)
    _numbers(book.create_sheet(words.get("tables.sheets.numbers")), table)
    buffer = io.BytesIO()
    book.save(buffer)
    write_bytes(path, without_clock(buffer.getvalue()))


def _fill(sheet: Any, table: Table) -> None:
    width = len(header_grid(table)[0])
    _put(sheet, 1, 1, table.title, table.lang, bold=True)
    top = 2
    for level, row in enumerate(header_grid(table)):
        for column, cell in enumerate(row):
            _header_cell(sheet, table, top + level, column, cell, row, level)
    first = top + len(table.header)
    for offset, cells in enumerate(table.rows):
        for column, cell in enumerate(cells, start=1):
            _body_cell(sheet, first + offset, column, cell, table.lang)
            if cell.span > 1:
                place, end = first + offset, column + cell.span - 1
                sheet.merge_cells(start_row=place, start_column=column, end_row=place, end_column=end)
    last = first + len(table.rows) - 1
    _rules(sheet, top, first - 1, last, width)
    _widths(sheet, table)
    for offset, note in enumerate(note_paragraphs(table), start=1):
        _note(sheet, last + offset, note, table, width)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape" if width > 6 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _header_cell(sheet: Any, table: Table, row: int, column: int, cell: Cell, cells: list[Cell], level: int) -> None:
    starts = column == 0 or cells[column - 1] is not cell
    above = level > 0 and header_grid(table)[level - 1][column] is cell
    if not starts or above:
        return
    _put(sheet, row, column + 1, _with_marks(cell), table.lang, align=cell.align, vertical="bottom")
    if cell.span > 1 or cell.depth > 1:
        sheet.merge_cells(
            start_row=row, start_column=column + 1, end_row=row + cell.depth - 1, end_column=column + cell.span
        )


def _body_cell(sheet: Any, row: int, column: int, cell: Cell, lang: str) -> None:
    single = cell.value is not None and not isinstance(cell.value, Mapping) and cell.value == cell.value
    if single and cell.number_format and not cell.marks:
        place = _put(sheet, row, column, "", lang, align=cell.align, bold=cell.emphasis)
        place.value, place.number_format = cell.value, cell.number_format
        return
    _put(sheet, row, column, _with_marks(cell), lang, align=cell.align, indent=cell.indent, bold=cell.emphasis)


def _note(sheet: Any, row: int, note: Note, table: Table, width: int) -> None:
    content = (*runs_of(f"{note.mark} " if note.mark else ""), *runs_of(note.content))
    _put(sheet, row, 1, content, table.lang, bold=note.emphasis, size=9)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    room = sum(sheet.column_dimensions[_letter(i)].width for i in range(1, width + 1))
    lines = 1 + int(display_width(note.text) * 0.9 / room)
    sheet.row_dimensions[row].height = 13 * lines


def _put(
    sheet: Any,
    row: int,
    column: int,
    content: Content,
    lang: str,
    *,
    align: str = "left",
    vertical: str = "top",
    indent: int = 0,
    bold: bool = False,
    size: float = SIZE,
) -> Any:
    """Put text into a cell as text: nothing in it is ever read as a formula."""
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row=row, column=column)
    cleaned = (run._replace(text=ILLEGAL.sub("", run.text)) for run in runs_of(content))
    runs = [run for run in cleaned if run.text]
    name = FONTS.get(lang, FONTS["en"])
    if any(run.italic or run.below for run in runs):
        cell.value = _rich(runs, name, size, bold)
    elif runs:
        cell.value = "".join(run.text for run in runs)
        cell.data_type = "s"
    cell.quotePrefix = bool(runs) and runs[0].text[0] in "=+-@"
    cell.font = Font(name=name, size=size, bold=bold)
    cell.alignment = Alignment(horizontal=align, vertical=vertical, wrap_text=row > 1, indent=indent)
    return cell


def _rich(runs: list[Any], name: str, size: float, bold: bool) -> Any:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    fonts = [
        InlineFont(rFont=name, sz=size, b=bold, i=run.italic, vertAlign="subscript" if run.below else None)
        for run in runs
    ]
    return CellRichText(*(TextBlock(font, run.text) for font, run in zip(fonts, runs, strict=True)))


def _with_marks(cell: Cell) -> tuple[Any, ...]:
    return (*runs_of(cell.content), *runs_of(f" {','.join(cell.marks)}" if cell.marks else ""))


def _rules(sheet: Any, top: int, header_end: int, last: int, width: int) -> None:
    from openpyxl.styles import Border, Side

    heavy, light = Side(style="medium"), Side(style="thin")
    for column in range(1, width + 1):
        for row in {top, header_end, last}:
            sheet.cell(row=row, column=column).border = Border(
                top=heavy if row == top else None,
                bottom=heavy if row == last else light if row == header_end else None,
            )


def _widths(sheet: Any, table: Table) -> None:
    heads = header_grid(table)
    for i in range(len(heads[0])):
        texts = [row[i].text + " " * 2 * row[i].indent for row in table.rows if row[i].span == 1]
        longest = max([0, *(display_width(t) for t in texts)])
        head = max([0, *(display_width(row[i].text) / row[i].span for row in heads)])
        wanted = max(longest, min(head, 18)) + 3
        sheet.column_dimensions[_letter(i + 1)].width = min(max(wanted, NARROWEST), WIDEST)


def _numbers(sheet: Any, table: Table) -> None:
    frame = table.to_frame()
    for column, name in enumerate(frame.columns, start=1):
        _put(sheet, 2, column, name, table.lang, bold=True)
        sheet.column_dimensions[_letter(column)].width = min(max(display_width(name) + 2, 12), WIDEST)
        for row, value in enumerate(frame[name], start=3):
            if isinstance(value, str):
                _put(sheet, row, column, value, table.lang)
            elif value is not None and value == value:
                sheet.cell(row=row, column=column, value=float(value))
    _put(sheet, 1, 1, f"{table.title}: {catalogue(table.lang).get('tables.sheets.unrounded')}", table.lang, bold=True)


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))
