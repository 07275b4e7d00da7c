"""Which table is in this text file? Any Chinese encoding, comma, semicolon or tab; broken rows are told."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import StudyError
from .file_table import FileTable, tidy, titles

SEPARATORS = ("\t", ";", ",")
HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""The first line by which Excel is told the separator."""


def decode(content: bytes) -> str:
    """Which text is this? Byte order mark, then strict UTF-8, then GB18030."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def read_text(file: Path, sheet: Any) -> FileTable:
    """The table of a text file; ``sheet`` is for workbooks only."""
    text = decode(file.read_bytes()).lstrip("\r\n")
    if not text.strip():
        raise StudyError("EMPTY_FILE", path=str(file))
    if "\0" in text:
        raise StudyError("NOT_TEXT", path=str(file))
    hint = HINT.match(text)
    text = text[hint.end() :] if hint else text
    if not text.strip():
        raise StudyError("NO_ROWS")
    first = text.lstrip().splitlines()[0]
    separator = hint.group(1) if hint else max(SEPARATORS, key=first.count)
    names, *lines = _records(text, separator, file)
    header = titles(names)
    cells = [[cell if cell.strip() else None for cell in line] for line in lines]
    for number, line in enumerate(cells, start=2):
        if any(line[len(header) :]):
            raise StudyError("RAGGED_ROW", path=str(file), row=number)
    padded = [line[: len(header)] + [None] * (len(header) - len(line)) for line in cells]
    return tidy(pd.DataFrame(padded, columns=pd.Index(header, dtype=object), dtype=object))


def _records(text: str, separator: str, file: Path) -> list[list[str]]:
    """The rows as cells; a quotation mark that is never closed would swallow all rows below it."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            records.append(record)
    except csv.Error as error:
        raise StudyError("BROKEN_ROW", path=str(file), row=len(records) + 1) from error
    return records
