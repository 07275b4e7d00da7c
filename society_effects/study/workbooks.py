"""Which table is in this workbook? Its cells as they were last computed; what is no honest workbook is refused."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import StudyError
from .file_table import FileTable, tidy, titles
from .outcome import as_text

OLD_FORMAT = b"\xd0\xcf\x11\xe0"
"""How files of Excel before 2007 begin, and workbooks with a password."""
LARGEST, SUSPICIOUS, RATIO = 400 * 2**20, 10 * 2**20, 100
"""Bytes a workbook may unpack to; from the second on, it may unpack to so many times its size."""
MOST_ROWS, MOST_CELLS = 2**20, 50_000_000


def read_workbook(file: Path, sheet: str | int | None) -> FileTable:
    """The table of one sheet: by its name, its number from 1, or the first."""
    _check_size(file)
    with _opened(file, data_only=True) as book:
        chosen = _chosen(book, sheet)
        name, rows = chosen.title, _rows(chosen, file)
    _check_computed(file, name, rows)
    told = [row for row in rows if row]
    width = max((len(row) for row in told), default=0)
    raw = pd.DataFrame([row + (None,) * (width - len(row)) for row in told], dtype=object)
    raw = raw.dropna(axis=1, how="all")
    if not len(raw):
        raise StudyError("NO_ROWS")
    header = titles(["" if pd.isna(cell) else as_text(cell) for cell in raw.iloc[0]])
    frame = raw.iloc[1:].reset_index(drop=True)
    frame.columns = pd.Index(header, dtype=object)
    return tidy(frame)


def _check_size(file: Path) -> None:
    """Refuse what unpacks to far more than it seems, before anything is unpacked."""
    with file.open("rb") as opened:
        if opened.read(4) == OLD_FORMAT:
            raise StudyError("OLD_OR_LOCKED_WORKBOOK", path=str(file))
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    packed = max(file.stat().st_size, 1)
    if unpacked > LARGEST or (unpacked > SUSPICIOUS and unpacked / packed > RATIO):
        raise _too_large(file)


def _too_large(file: Path) -> StudyError:
    return StudyError("WORKBOOK_TOO_LARGE", path=str(file))


@contextmanager
def _opened(file: Path, data_only: bool) -> Iterator[Any]:
    """The workbook; what openpyxl says of styles, links and extensions that it leaves out is not for the user."""
    from openpyxl import load_workbook

    with file.open("rb") as opened, warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        book = load_workbook(opened, read_only=True, data_only=data_only, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _chosen(book: Any, sheet: str | int | None) -> Any:
    names = list(book.sheetnames)
    number = sheet - 1 if isinstance(sheet, int) else names.index(sheet) if sheet in names else -1
    if sheet is not None and not 0 <= number < len(names):
        raise StudyError("UNKNOWN_SHEET", sheet=str(sheet), sheets=names)
    return book[names[0 if sheet is None else number]]


def _rows(sheet: Any, file: Path) -> list[tuple[Any, ...]]:
    """The rows without empty cells at their end; the size that the sheet claims to have is not believed."""
    sheet.reset_dimensions()
    rows: list[tuple[Any, ...]] = []
    cells = 0
    for row in sheet.iter_rows(values_only=True):
        cells += len(row)
        if len(rows) >= MOST_ROWS or cells > MOST_CELLS:
            raise _too_large(file)
        told = [None if isinstance(cell, str) and not cell.strip() else cell for cell in row]
        while told and told[-1] is None:
            told.pop()
        rows.append(tuple(told))
    return rows


def _check_computed(file: Path, name: str, rows: list[tuple[Any, ...]]) -> None:
    """Refuse a sheet whose formulas were never computed: all of their cells would be taken as empty."""
    with zipfile.ZipFile(file) as archive:
        parts = [part for part in archive.namelist() if part.startswith("xl/worksheets/")]
        if not any(_has_formula(archive, part) for part in parts):
            return
    with _opened(file, data_only=False) as book:
        formulas = [
            (number, place)
            for number, row in enumerate(_rows(book[name], file))
            for place, cell in enumerate(row)
            if (isinstance(cell, str) and cell.startswith("=")) or type(cell).__name__.endswith("Formula")
        ]
    computed = [place < len(rows[number]) and rows[number][place] is not None for number, place in formulas]
    if formulas and not any(computed):
        raise StudyError("FORMULAS_NOT_COMPUTED", path=str(file), count=len(formulas))


def _has_formula(archive: zipfile.ZipFile, part: str) -> bool:
    last = b""
    with archive.open(part) as opened:
        while piece := opened.read(2**20):
            if b"<f>" in last + piece or b"<f " in last + piece:
                return True
            last = piece[-3:]
    return False
