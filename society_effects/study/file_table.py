"""What does a file hold? Its cells with titles, numbers where all are numbers, labels and missing codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ..errors import StudyError
from .outcome import as_text
from .scores import PLAIN_NUMBER

MISSING_WORDS = ("NA", "N/A", "NaN", "#N/A")
"""Cells of text files that mean a missing value; ``None``, ``none``, ``无`` and ``没有`` are levels."""

CODE = re.compile(r"[+-]?(0\d|\d{16})")  # codes of students, not numbers


@dataclass(frozen=True)
class FileTable:
    """What a file holds: its cells, the names of its columns and codes, and which cells stand for a missing value.

    labels : variable labels by column. codes : value labels by column. missing_codes : reason by code, by column.
    """

    data: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    missing_codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def labelled(self, except_for: tuple[str, ...] = ()) -> pd.DataFrame:
        """The cells with their value labels, where every code of a column has one."""
        frame = self.data.copy()
        for column, words in self.codes.items():
            if column not in except_for:
                frame[column] = _with_value_labels(frame[column], words, self.missing_codes.get(column, {}))
        return frame


def titles(cells: list[str]) -> list[str]:
    """The names of the columns: each its own, columns without one by their number."""
    header = [as_text(cell).strip() or f"column {number}" for number, cell in enumerate(cells, start=1)]
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise StudyError("DUPLICATE_COLUMNS", columns=twice[:5])
    return header


def tidy(frame: pd.DataFrame) -> FileTable:
    """Without empty rows; words for a missing value become reasons, and the numbers beside them numbers."""
    frame = frame.dropna(axis=0, how="all").reset_index(drop=True)
    missing: dict[str, dict[str, str]] = {}
    columns: dict[str, pd.Series] = {}
    for name, column in frame.items():
        columns[str(name)] = column
        if pd.api.types.is_numeric_dtype(column.dtype):
            continue
        cells = column.astype(object)
        given = set(cells.map(lambda cell: cell if isinstance(cell, str) else None))
        words = [word for word in MISSING_WORDS if word in given]
        if words:
            missing[str(name)] = {word: word for word in words}
        columns[str(name)] = numbers_where_all(cells, cells.isin(words))
    return FileTable(pd.DataFrame(columns, index=frame.index), missing_codes=missing)


def without_words(frame: pd.DataFrame, missing: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Columns that are text only because of their missing codes become numbers, codes left in place."""
    for name in frame.columns:
        if missing[name] and frame[name].dtype == object:
            frame[name] = numbers_where_all(frame[name], frame[name].map(as_text).str.strip().isin(missing[name]))
    return frame


def numbers_where_all(cells: pd.Series, words: pd.Series) -> pd.Series:
    """The column as numbers if every cell but the missing ones is a plain number; codes like 007 stay text."""
    told = cells[cells.notna() & ~words]
    if len(told) and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in told):
        return pd.to_numeric(cells) if not words.any() else cells
    texts = [cell.strip() for cell in told if isinstance(cell, str)]
    if len(texts) < len(told) or not all(PLAIN_NUMBER.fullmatch(t) and not CODE.match(t) for t in texts):
        return cells
    if len(told) == len(cells) and all(t.lstrip("+-").isdigit() for t in texts):
        return pd.Series([int(t) for t in texts], index=cells.index)
    numbers = pd.Series([float(t) for t in texts], index=told.index)
    if not words.any():
        return numbers.reindex(cells.index)
    mixed = cells.copy()
    mixed[told.index] = numbers.astype(object)
    return mixed


def _with_value_labels(column: pd.Series, words: Mapping[Any, str], missing: Mapping[str, str]) -> pd.Series:
    """Codes replaced by their labels: two levels as text, more as categories in the order of their codes."""
    texts = {as_text(code): str(label) for code, label in words.items() if as_text(code) not in missing}
    codes = [None if cell is None or cell != cell else as_text(cell) for cell in column]
    used = {code for code in codes if code is not None and code not in missing}
    if not used or not used <= set(texts) or len(set(texts.values())) < len(texts):
        return column
    labelled = pd.Series([texts.get(code, code) if code else None for code in codes], dtype=object, index=column.index)
    if len(texts) <= 2:
        return labelled
    order = [texts[code] for code in sorted(texts, key=_by_number)] + [code for code in missing if code in codes]
    return pd.Series(pd.Categorical(labelled, categories=order, ordered=True), index=column.index)


def _by_number(code: str) -> tuple[float, str]:
    try:
        return float(code), code
    except ValueError:
        return float("inf"), code
