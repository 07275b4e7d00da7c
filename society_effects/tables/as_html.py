"""How does a table look on a page? A three-line table with its style in the fragment, so that it survives pasting."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from pathlib import Path
from unicodedata import combining

from ..writing import write_text
from .line_breaks import is_short, unbroken
from .table import Cell, Content, Note, Run, Table, note_paragraphs, runs_of

FONTS = {
    "en": "'Times New Roman', Tinos, 'Liberation Serif', serif",
    "zh": "'Times New Roman', SimSun, 'Songti SC', 'Noto Serif CJK SC', 'Source Han Serif SC', serif",
}
LANG_TAGS = {"en": "en", "zh": "zh-CN"}
BARRED = "font-family:'Times New Roman','DejaVu Serif',serif"
BEFORE_BRACKET = re.compile(r"(?<=[0-9%])(?=\([^)]*[~%])")
"""Where a number is followed by its limits or its share without a space, as in Chinese."""
HEAVY, LIGHT = "1.5pt solid #000", "0.75pt solid #000"
BOX = "color:#000;background:#fff;font-size:10.5pt;line-height:1.45;overflow-x:auto;padding:2px"


def render(table: Table) -> str:
    """The table as an HTML fragment; every text in it is escaped."""
    lang = LANG_TAGS.get(table.lang, table.lang)
    font = FONTS.get(table.lang, FONTS["en"])
    style = f"border-collapse:collapse;border-top:{HEAVY};border-bottom:{HEAVY};font-size:inherit;color:inherit"
    title = (
        f'<caption style="caption-side:top;text-align:left;font-weight:bold;color:#000;padding:0 0 5px">'
        f"{escape(table.title)}</caption>"
    )
    return "\n".join(
        [
            f'<div class="se-table" lang="{lang}" style="font-family:{font};{BOX}">',
            f'<table style="{style}">',
            title,
            f"<thead>\n{_header(table)}\n</thead>",
            f"<tbody>\n{_body(table)}\n</tbody>",
            "</table>",
            *(_note(note) for note in note_paragraphs(table)),
            "</div>",
        ]
    )


def write(table: Table, path: Path) -> None:
    """Write a page with the table alone."""
    lang = LANG_TAGS.get(table.lang, table.lang)
    page = (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(table.title)}</title>\n'
        f'</head>\n<body style="margin:24px">\n{render(table)}\n</body>\n</html>\n'
    )
    write_text(path, page)


def _header(table: Table) -> str:
    lines, levels = [], len(table.header)
    for level, row in enumerate(table.header):
        cells = []
        for cell in row:
            at_bottom = level + cell.depth >= levels
            rule = f"border-bottom:{LIGHT};" if at_bottom or cell.span > 1 else ""
            reach = (f' colspan="{cell.span}"' if cell.span > 1 else "") + (
                f' rowspan="{cell.depth}"' if cell.depth > 1 else ""
            )
            scope = "colgroup" if cell.span > 1 else "col"
            style = (
                f"{rule}{_whole(cell)}text-align:{cell.align};font-weight:normal;padding:4px 9px;vertical-align:bottom"
            )
            shown = _content(replace(cell, content=unbroken(cell.content)))
            cells.append(f'<th scope="{scope}"{reach} style="{style};background:none">{shown}</th>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join(lines)


def _body(table: Table) -> str:
    return "\n".join(
        f'<tr style="background:none">{"".join(_body_cell(row[i], i) for i in _uncovered(row))}</tr>'
        for row in table.rows
    )


def _uncovered(row: tuple[Cell, ...]) -> list[int]:
    """The places of a row that no cell to their left reaches over."""
    places, i = [], 0
    while i < len(row):
        places.append(i)
        i += row[i].span
    return places


def _body_cell(cell: Cell, column: int) -> str:
    words = column == 0 or cell.align == "left"
    wrap = "min-width:6em;max-width:22em" if words else _whole(cell)
    padding = f"padding:2px 9px 2px {9 + 16 * cell.indent}px;height:1.7em"
    style = f"text-align:{cell.align};{padding};vertical-align:middle;border:none;{wrap}"
    weight = "bold" if cell.emphasis else "normal"
    reach = f' colspan="{cell.span}"' if cell.span > 1 else ""
    if column == 0:
        return f'<th scope="row"{reach} style="{style};font-weight:{weight}">{_content(cell)}</th>'
    shown = _content(cell) if words else _in_two_lines_at_most(cell)
    return f'<td{reach} style="{style};font-weight:{weight}">{shown}</td>'


def _whole(cell: Cell) -> str:
    return "white-space:nowrap;" if is_short(cell.content) else ""


def _in_two_lines_at_most(cell: Cell) -> str:
    """A number, to be broken only before its limits, its share or its sign of equality."""
    shown = _content(replace(cell, content=unbroken(cell.content))).replace("= ", "=\N{NO-BREAK SPACE}")
    return BEFORE_BRACKET.sub("<wbr>", shown)


def _content(cell: Cell) -> str:
    marks = f"<sup style='line-height:0'>{escape(','.join(cell.marks))}</sup>" if cell.marks else ""
    return _html(cell.content) + marks


def _html(content: Content) -> str:
    return "".join(_run(run) for run in runs_of(content))


def _run(run: Run) -> str:
    if run.below:
        return f"<sub style='line-height:0'>{escape(run.text)}</sub>"
    return _italic(run.text) if run.italic else escape(run.text)


def _italic(text: str) -> str:
    """A symbol; one with a bar in a font that sets the bar over the letter, which Chinese fonts do not."""
    font = f' style="{BARRED}"' if any(combining(character) for character in text) else ""
    return f"<i{font}>{escape(text)}</i>"


def _note(note: Note) -> str:
    mark = f"<sup style='line-height:0'>{escape(note.mark)}</sup> " if note.mark else ""
    weight = "font-weight:bold;" if note.emphasis else ""
    return f'<p style="margin:3px 0 0;font-size:9pt;max-width:60em;{weight}">{mark}{_html(note.content)}</p>'
