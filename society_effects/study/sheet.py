"""How does a plain list of a study look? Text in rows and columns as HTML, Markdown, CSV and an Excel sheet.

Journal tables are made from results; this is for what is known before any result: the codebook, what looks wrong.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import OutputError
from ..writing import write_bytes

SUFFIXES = (".xlsx", ".html", ".md", ".csv")
LANG_TAGS = {"en": "en", "zh": "zh-CN"}
FORMULA = re.compile(r"[=+\-@\t\r]")
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST_CELL = 32_767
"""Characters that a cell of a workbook may hold."""
WIDEST = 60
CELL = "padding:3px 9px;text-align:left;vertical-align:top"
BOX = "color:#000;background:#fff;font-size:10pt;line-height:1.4;overflow-x:auto;padding:2px"


@dataclass(frozen=True)
class Sheet:
    """A list as it is read: its title, the names of its columns, its rows, notes; and the same as plain data."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    frame: pd.DataFrame
    names: tuple[str, str]
    lang: str

    def html(self) -> str:
        """The list as a piece of a page; every text in it is escaped."""
        head = _cells("th", f"{CELL};border-bottom:1px solid #000", self.columns)
        body = "".join(f"<tr>{_cells('td', CELL, row)}</tr>" for row in self.rows)
        table = f"<table style='border-collapse:collapse'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        notes = "".join(f"<p style='margin:3px 0'>{_lines(note)}</p>" for note in self.notes)
        caption = f"<p style='font-weight:bold;margin:3px 0'>{_lines(self.title)}</p>"
        lang = LANG_TAGS.get(self.lang, self.lang)
        shown = f"{caption}{table if self.rows else ''}{notes}"
        return f'<div class="se-sheet" lang="{lang}" style="{BOX}">{shown}</div>'

    def markdown(self) -> str:
        """The list as a pipe table; characters with a meaning there are escaped."""
        lines = [f"**{_marked(self.title)}**", ""]
        if self.rows:
            lines += [_piped(self.columns), _piped([":---"] * len(self.columns), plain=True), *map(_piped, self.rows)]
        return "\n".join([*lines, *(f"\n{_marked(note)}" for note in self.notes)]) + "\n"

    def save(self, path: Path | str) -> Path:
        """Write the list; the suffix (.xlsx, .html, .md, .csv) says how. The path written."""
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            raise OutputError("UNKNOWN_SHEET_SUFFIX", lang=self.lang, suffix=path.suffix, allowed=SUFFIXES)
        write_bytes(path, {".xlsx": self._workbook, ".html": self._page, ".csv": self._csv}.get(suffix, self._md)())
        return path

    def _md(self) -> bytes:
        return self.markdown().encode()

    def _page(self) -> bytes:
        head = f'<meta charset="utf-8">\n<title>{escape(self.title)}</title>'
        tag = LANG_TAGS.get(self.lang, self.lang)
        page = (
            f'<!DOCTYPE html>\n<html lang="{tag}">\n<head>\n{head}\n</head>\n<body>\n{self.html()}\n</body>\n</html>\n'
        )
        return page.encode()

    def _csv(self) -> bytes:
        file = io.StringIO(newline="")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([_safe(str(name)) for name in self.frame.columns])
        writer.writerows([_safe(c) if isinstance(c, str) else _absent(c) for c in row] for row in self.frame.to_numpy())
        return file.getvalue().encode("utf-8-sig")

    def _workbook(self) -> bytes:
        from openpyxl import Workbook

        book = Workbook()
        book.properties.creator = "society_effects"
        shown, data = book.active, book.create_sheet(self.names[1])
        shown.title = self.names[0]
        _fill(shown, [(self.title,), self.columns, *self.rows, *((note,) for note in self.notes)], heads=(1, 2))
        _fill(data, [tuple(map(str, self.frame.columns)), *map(tuple, self.frame.to_numpy())], heads=(1,))
        kept = io.BytesIO()
        book.save(kept)
        return kept.getvalue()


def _fill(sheet: Any, rows: Sequence[Sequence[Any]], heads: tuple[int, ...]) -> None:
    """Write these rows: numbers as numbers, text as text, never as a formula."""
    from openpyxl.styles import Alignment, Font

    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=column)
            if isinstance(value, str):
                cell.value = ILLEGAL.sub("", value)[:LONGEST_CELL]
                cell.data_type = "s"
                cell.quotePrefix = bool(FORMULA.match(value))
            elif _absent(value) is not None:
                cell.value = value
            cell.font = Font(bold=number in heads)
            cell.alignment = Alignment(vertical="top", wrap_text=len(row) > 1)
    for column in sheet.columns:
        longest = max(
            (len(line) for c in column if c.row > 1 and c.value for line in str(c.value).split("\n")), default=8
        )
        sheet.column_dimensions[column[0].column_letter].width = min(max(longest * 1.3, 9), WIDEST)


def _cells(tag: str, style: str, texts: Sequence[str]) -> str:
    return "".join(f'<{tag} style="{style}">{_lines(text)}</{tag}>' for text in texts)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _piped(cells: Sequence[str], plain: bool = False) -> str:
    return f"| {' | '.join(cells if plain else map(_marked, cells))} |"


def _marked(text: str) -> str:
    escaped = re.sub(r"([\\`*_|<>\[\]#~])", r"\\\1", text)
    return re.sub(r"\s*\n\s*", "<br>", escaped)


def _safe(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def _absent(value: Any) -> Any:
    return None if value is None or value != value else value
