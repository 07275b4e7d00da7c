"""How does a table look in Word? A native three-line table: title above, rows that stay whole, notes below."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from .column_widths import Layout, layout_of
from .decimal_points import starts
from .line_breaks import NEW_LINE, broken_before_bracket, whole_pieces
from .table import Cell, Content, Note, Run, Table, header_grid, is_alone, note_paragraphs, runs_of
from .word_document import add, keep, new_document, turn_last_pages
from .word_parts import BREAK, Piece, allowed, node, paragraph, text_width, twips
from .word_styles import TABLE

HEAVY, LIGHT = 12, 6  # eighths of a point
KEPT_TOGETHER = 24
"""Tables of up to this many rows are not divided between pages where they fit on one."""
INDENT, MARGIN = 200, 70  # twips
TWIPS_PER_POINT = 20


def write(table: Table, path: Path) -> None:
    """Write a document with the table alone."""
    document = new_document(table.lang, table.title)
    layout = page_layout(table)
    add(document, nodes(table, layout))
    if layout.landscape:
        turn_last_pages(document, table.lang)
    keep(document, path)


def page_layout(table: Table, lang: str | None = None) -> Layout:
    """The widths of the columns on our pages, and whether the page is turned for them. lang : of the document."""
    lang = lang or table.lang
    return layout_of(table, text_width(lang), text_width(lang, landscape=True))


def nodes(table: Table, layout: Layout, number: list[Any] | None = None) -> list[Any]:
    """Title, table and notes as nodes of a document. number : nodes of "Table 1. " in front of the title."""
    title = paragraph("Caption", [Piece(table.title)], table.lang, before=number or (), keep_next=True)
    notes = note_paragraphs(table)
    after = [_note(note, table.lang, last=note is notes[-1]) for note in notes]
    return [*([title] if table.title or number else []), _table(table, layout, bool(notes)), *after]


def _table(table: Table, layout: Layout, noted: bool) -> Any:
    widths = [twips(width) for width in layout.widths]
    grid = header_grid(table)
    short = len(table.rows) <= KEPT_TOGETHER
    last = len(table.rows) - 1
    begins = _starts(table, widths, layout.size)
    kept = [short or i < 2 or i > last - 3 or is_alone(row) for i, row in enumerate(table.rows)]
    body = [
        _body_row(row, begins[i], widths, layout.size, table.lang, keep_next=kept[i] and (i < last or noted))
        for i, row in enumerate(table.rows)
    ]
    head = [_header_row(grid, level, widths, layout.size, table.lang) for level in range(len(grid))]
    columns = node("tblGrid", *(node("gridCol", w=width) for width in widths))
    return node("tbl", _properties(table, sum(widths)), columns, *head, *body)


def _starts(table: Table, widths: list[int], size: float) -> list[list[float | None]]:
    """Where each cell of the body begins in its column so that decimal points stand below each other, in em."""
    columns = [starts([row[i] for row in table.rows], _room(width, size)) for i, width in enumerate(widths)]
    return [list(row) for row in zip(*columns, strict=True)]


def _room(width: int, size: float) -> float:
    """What a column of this width leaves for its text, in em."""
    return (width - 2 * MARGIN) / TWIPS_PER_POINT / size


def _heading(cell: Cell, room: float) -> Content:
    return broken_before_bracket(whole_pieces(cell.content), room)


def _properties(table: Table, width: int) -> Any:
    rule = {"val": "single", "sz": HEAVY, "space": 0, "color": "000000"}
    title = [node("tblCaption", val=allowed(table.title))] if table.title else []
    return node(
        "tblPr",
        node("tblW", w=width, type="dxa"),
        node("jc", val="center"),
        node("tblBorders", node("top", **rule), node("bottom", **rule)),
        node("tblLayout", type="fixed"),
        node("tblCellMar", node("left", w=MARGIN, type="dxa"), node("right", w=MARGIN, type="dxa")),
        node("tblLook", val="0620", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=1, noVBand=1),
        *title,
    )


def _header_row(grid: list[list[Cell]], level: int, widths: list[int], size: float, lang: str) -> Any:
    row, cells, i = grid[level], [], 0
    while i < len(row):
        cell = row[i]
        span = sum(1 for other in row[i : i + cell.span] if other is cell)
        begins = level == 0 or grid[level - 1][i] is not cell
        ends = level + 1 == len(grid) or grid[level + 1][i] is not cell
        merged = None if begins and ends else node("vMerge", **({"val": "restart"} if begins else {}))
        ruled = (level + 1 == len(grid)) or (ends and cell.span > 1)
        room = _room(sum(widths[i : i + span]), size)
        shown = replace(cell, content=_heading(cell, room)) if begins else Cell(align=cell.align)
        borders = _borders(HEAVY if level == 0 else 0, LIGHT if ruled else 0)
        looks = [node("gridSpan", val=span) if span > 1 else None, merged, borders, node("vAlign", val="bottom")]
        width = node("tcW", w=sum(widths[i : i + span]), type="dxa")
        cells.append(node("tc", node("tcPr", width, *looks), _content(shown, size, lang, keep_next=True)))
        i += span
    return node("tr", node("trPr", node("cantSplit"), node("tblHeader")), *cells)


def _body_row(
    row: tuple[Cell, ...],
    begins: list[float | None],
    widths: list[int],
    size: float,
    lang: str,
    keep_next: bool,
) -> Any:
    cells, i = [], 0
    row = (replace(row[0], span=len(row)), *row[1:]) if is_alone(row) else row
    while i < len(row):
        cell = row[i]
        label = i == 0 or cell.align == "left"
        shown = cell if label else replace(cell, content=whole_pieces(cell.content))
        span = node("gridSpan", val=cell.span) if cell.span > 1 else None
        width = node("tcW", w=sum(widths[i : i + cell.span]), type="dxa")
        looks = node("tcPr", width, span, node("vAlign", val="center"))
        cells.append(node("tc", looks, _content(shown, size, lang, keep_next, None if label else begins[i])))
        i += cell.span
    return node("tr", node("trPr", node("cantSplit")), *cells)


def _borders(top: int, bottom: int) -> Any:
    rules = {side: size for side, size in (("top", top), ("bottom", bottom)) if size}
    made = [node(side, val="single", sz=size, space=0, color="000000") for side, size in rules.items()]
    return node("tcBorders", *made) if made else None


def _raised(run: Run) -> Literal["", "subscript"]:
    """Does this text stand below the line?"""
    return "subscript" if run.below else ""


def _content(cell: Cell, size: float, lang: str, keep_next: bool, begins: float | None = None) -> Any:
    points = None if size == TABLE else size
    pieces: list[Piece] = []
    for run in runs_of(cell.content):
        for k, text in enumerate(run.text.split(NEW_LINE)):
            pieces += [BREAK] * (k > 0) + [Piece(text, run.italic, cell.emphasis, _raised(run), points)]
    if cell.marks:
        pieces.append(Piece(",".join(cell.marks), raised="superscript", size=points))
    align = "" if cell.align == "left" or begins is not None else cell.align
    indent = INDENT * cell.indent if begins is None else round(begins * size * TWIPS_PER_POINT)
    return paragraph("TableText", pieces, lang, keep_next=keep_next, align=align, indent=indent)


def _note(note: Note, lang: str, last: bool) -> Any:
    mark = [Piece(note.mark, raised="superscript"), Piece(" ")] if note.mark else []
    pieces = [*mark, *(Piece(run.text, run.italic, note.emphasis, _raised(run)) for run in runs_of(note.content))]
    return paragraph("TableNote", pieces, lang, keep_next=not last)
