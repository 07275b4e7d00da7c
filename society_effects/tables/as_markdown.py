"""How is a table written in Markdown? A pipe table, its header in one row, with the notes below."""

from __future__ import annotations

import re
from pathlib import Path

from ..language.catalogue import catalogue
from ..writing import write_text
from .table import Cell, Content, Note, Run, Table, header_grid, note_paragraphs, runs_of

ALIGNMENT = {"left": ":---", "center": ":---:", "right": "---:"}
INDENT = "&emsp;"


def render(table: Table) -> str:
    """The table in Markdown; characters with a meaning there are escaped."""
    grid, between = header_grid(table), catalogue(table.lang).get("tables.header.between")
    heads = []
    for i in range(len(grid[0])):
        path = dict.fromkeys(row[i] for row in grid)
        heads.append(between.join(_cell(cell) for cell in path if cell.text))
    aligns = [ALIGNMENT[cell.align] for cell in grid[-1]]
    lines = [f"**{_escaped(table.title)}**", ""] if table.title else []
    lines += [_row(heads), _row(aligns), *(_row([_cell(cell) for cell in row]) for row in table.rows)]
    for note in note_paragraphs(table):
        lines += ["", _note(note)]
    return "\n".join(lines)


def write(table: Table, path: Path) -> None:
    """Write the table as a Markdown file."""
    write_text(path, render(table) + "\n")


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    marks = f"<sup>{','.join(cell.marks)}</sup>" if cell.marks else ""
    text = _marked(cell.content)
    return INDENT * cell.indent + (f"**{text}**" if cell.emphasis and text else text) + marks


def _note(note: Note) -> str:
    text = f"<sup>{note.mark}</sup> {_marked(note.content)}" if note.mark else _marked(note.content)
    return f"**{text}**" if note.emphasis else text


def _marked(content: Content) -> str:
    return "".join(_run(run) for run in runs_of(content))


def _run(run: Run) -> str:
    if run.below:
        return f"<sub>{_escaped(run.text)}</sub>"
    return f"*{_escaped(run.text)}*" if run.italic else _escaped(run.text)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_|<>\[\]#~])", r"\\\1", re.sub(r"\s*\n\s*", " ", text))
