"""What does a journal table hold? Cells with the numbers under their text, a header, rows and notes.

A table is a view: every cell keeps the unrounded numbers it shows. Renderers turn a table into text, HTML, Word,
Excel, LaTeX, Markdown or CSV; each is one file and one line in ``WRITERS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd

from ..errors import OutputError
from ..language.catalogue import Catalogue, catalogue

WRITERS = {
    ".html": "as_html",
    ".docx": "as_word",
    ".xlsx": "as_excel",
    ".tex": "as_latex",
    ".md": "as_markdown",
    ".csv": "as_csv",
}
"""Suffix of a file -> module that writes it (``write(table, path)``)."""


class Run(NamedTuple):
    """A piece of text, upright or italic (symbols such as t and P are italic), or below the line (the T of d_T)."""

    text: str
    italic: bool = False
    below: bool = False


Content = str | tuple[Run, ...]
BELOW = re.compile("_([A-Za-z]+)")


def rich(words: Catalogue, key: str, style: str | None = None, **values: Any) -> tuple[Run, ...]:
    """What does this entry say, its ``*starred*`` symbols in italics, what follows ``_`` below the line?

    Stars inside the values stay stars.
    """
    runs: list[Run] = []
    for i, piece in enumerate(words.get(key).split("*")):
        below = BELOW.match(piece) if i and i % 2 == 0 else None
        runs += [Run(below[1], below=True)] if below else []
        text = words.fill(piece[below.end() :] if below else piece, style, **values)
        runs += [Run(text, i % 2 == 1)] if text else []
    return tuple(runs)


def runs_of(content: Content) -> tuple[Run, ...]:
    """The runs of a content, whatever its form."""
    return (Run(content),) if isinstance(content, str) else content


def plain(content: Content) -> str:
    """The text of a content, without italics; what is below the line follows ``_``."""
    return "".join(f"_{run.text}" if run.below else run.text for run in runs_of(content))


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table.

    content : what is read. value : the number under it, or several by name (``{"mean": 76.2, "sd": 8.1}``), unrounded.
    number_format : how a spreadsheet shows a single number. span, depth : columns and header rows it covers.
    marks : letters of the footnotes it points to. In the body, the places that a cell with a span covers hold empty
    cells.
    """

    content: Content = ""
    value: float | int | Mapping[str, float | int] | None = None
    number_format: str | None = None
    align: Literal["left", "center", "right"] = "center"
    indent: int = 0
    emphasis: bool = False
    marks: tuple[str, ...] = ()
    span: int = 1
    depth: int = 1

    @property
    def text(self) -> str:
        """What is read, without italics and marks."""
        return plain(self.content)


@dataclass(frozen=True)
class Note:
    """A note below a table; with a mark, a footnote. counts : the numbers of students that it tells."""

    content: Content
    mark: str = ""
    emphasis: bool = False
    counts: tuple[int, ...] = field(default=(), compare=False)

    @property
    def text(self) -> str:
        """What is read, without italics and mark."""
        return plain(self.content)


@dataclass(frozen=True)
class Table:
    """A three-line table with its title and notes.

    header : one or two rows of cells. rows : tuples of cells, as many as there are columns.

    >>> print(Table("Scores", header=((Cell("Group"), Cell("n")),), rows=((Cell("members"), Cell("12", 12)),)))
    Scores
    ───────────
     Group    n
    ───────────
    members  12
    ───────────
    """

    title: str
    header: tuple[tuple[Cell, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Note, ...] = ()
    lang: str = "en"
    style: str = "apa"
    kind: str = field(default="", compare=False)

    @property
    def columns(self) -> list[str]:
        """The name of each column, its header rows joined."""
        return [": ".join(names) for names in header_paths(self)]

    def suppressed(self, fewer_than: int = 5) -> Table:
        """The table without small counts, for publication where they could give single students away.

        Counts from 1 to ``fewer_than`` - 1 are withheld, and with them, the smallest first, as many others as are
        needed so that no reader can compute them from totals and shares; of a variable with withheld counts also what
        compares the groups. No form of the table has the numbers. For ``baseline`` and ``comparison``; the report and
        other tables of the same result are not covered.

        Means stay: a mean of few whole numbers may still tell how many values are missing behind it.
        """
        return _suppressed(self, fewer_than)

    def to_html(self) -> str:
        """The table as an HTML fragment whose style survives pasting."""
        return str(_renderer("as_html").render(self))

    def to_markdown(self) -> str:
        """The table as a Markdown pipe table."""
        return str(_renderer("as_markdown").render(self))

    def to_latex(self) -> str:
        """The table for LaTeX, with booktabs; a comment on top says which packages it needs."""
        return str(_renderer("as_latex").render(self))

    def to_frame(self) -> pd.DataFrame:
        """The numbers under the cells, unrounded; a cell with several fills several columns (``Difference | low``)."""
        columns: dict[str, list[Any]] = {}
        for i, name in enumerate(_unique(self.columns)):
            cells = [row[i] for row in self.rows]
            parts = list(dict.fromkeys(part for c in cells if isinstance(c.value, Mapping) for part in c.value))
            for part in parts:
                columns[f"{name} | {part}"] = [
                    c.value.get(part) if isinstance(c.value, Mapping) else None for c in cells
                ]
            if not parts or any(c.value is not None and not isinstance(c.value, Mapping) for c in cells):
                columns[name] = [_single(c) for c in cells]
        return pd.DataFrame(columns)

    def save(self, path: Path | str) -> Path:
        """Write the table; the suffix (.html, .docx, .xlsx, .tex, .md, .csv) says how. The path written."""
        path = Path(path)
        if not path.suffix:
            raise OutputError("NO_TABLE_SUFFIX", lang=self.lang, allowed=tuple(WRITERS))
        if path.suffix.lower() not in WRITERS:
            raise OutputError("UNKNOWN_TABLE_SUFFIX", lang=self.lang, suffix=path.suffix, allowed=tuple(WRITERS))
        _renderer(WRITERS[path.suffix.lower()]).write(self, path)
        return path

    def _repr_html_(self) -> str:
        return self.to_html()

    def __str__(self) -> str:
        return str(_renderer("as_text").render(self))


def header_paths(table: Table) -> list[tuple[str, ...]]:
    """The header texts above each column, from the top down, each spanning cell repeated."""
    width = len(table.rows[0]) if table.rows else sum(c.span for c in table.header[-1])
    return [
        tuple(cell.text for cell in dict.fromkeys(grid_row[i] for grid_row in header_grid(table)) if cell.text)
        for i in range(width)
    ]


def header_grid(table: Table) -> list[list[Cell]]:
    """The header as a full grid: each place holds the cell that covers it."""
    width = max(sum(c.span for c in table.header[0]), 1)
    grid: list[list[Cell | None]] = [[None] * width for _ in table.header]
    for level, row in enumerate(table.header):
        for cell in row:
            start = next(i for i, place in enumerate(grid[level]) if place is None)
            for below in range(level, min(level + cell.depth, len(grid))):
                grid[below][start : start + cell.span] = [cell] * cell.span
    return [[place or Cell() for place in row] for row in grid]


def is_alone(row: tuple[Cell, ...]) -> bool:
    """Is the first cell the only one of its row that says anything: a heading inside the table?"""
    return len(row) > 1 and row[0].text != "" and not any(cell.text or cell.marks for cell in row[1:])


def safe_text(text: str) -> str:
    """A text as a spreadsheet may read it: one that looks like a formula gets an apostrophe in front."""
    return f"'{text}" if re.match(r"[=+\-@\t\r]", text) else text


def note_paragraphs(table: Table) -> list[Note]:
    """The notes as a journal prints them: what must not be missed, one running note, then the footnotes."""
    words = catalogue(table.lang)
    running = [note for note in table.notes if not (note.mark or note.emphasis)]
    between = Run(words.get("tables.notes.between"))
    runs = [run for i, note in enumerate(running) for run in ((between,) if i else ()) + runs_of(note.content)]
    joined = [Note((*rich(words, "tables.notes.head"), *runs))] if runs else []
    return [*(n for n in table.notes if n.emphasis), *joined, *(n for n in table.notes if n.mark)]


def _single(cell: Cell) -> Any:
    if cell.value is None or isinstance(cell.value, Mapping):
        return cell.text or None
    return cell.value


def _unique(names: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _suppressed(table: Table, fewer_than: int) -> Table:
    from .small_cells import suppressed

    return suppressed(table, fewer_than)


def _renderer(module: str) -> Any:
    return import_module(f".{module}", __package__)
