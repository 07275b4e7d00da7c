"""Which table is in this file? CSV in any Chinese encoding, Excel, SPSS, Stata, Parquet; labels and missing codes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import StudyError, nearest, speaking
from .columns import codes_for
from .outcome import KINDS, as_text, outcomes_from
from .scores import PLAIN_NUMBER
from .settling import check_language
from .study import Study

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


def read_study(path: str | Path, *, sheet: str | int | None = None, lang: str = "en", **roles: Any) -> Study:
    """Which study is in this file?

    Parameters
    ----------
    path : str or Path
        ``.csv``, ``.tsv``, ``.txt`` (UTF-8, UTF-16 or GB18030), ``.xlsx``, ``.xlsm``, ``.sav``, ``.zsav``, ``.dta``,
        ``.parquet``.
    sheet : str or int, optional
        Name of the sheet of a workbook, or its number from 1; by default the first.
    lang : {"en", "zh"}
        Language of errors and results.
    **roles
        As in ``Study``: ``outcomes, group, member, covariates, ...``.

    Raises
    ------
    StudyError
        The file is not there, is empty, or cannot be read; or the study cannot be (see ``Study``).

    Examples
    --------
    >>> read_study("scores.csv", group="society", outcomes="total")
    Traceback (most recent call last):
    society_effects.errors.StudyError: There is no file scores.csv; check the folder and the name.
    """
    with speaking(check_language(lang)):
        _known_roles(roles)
        table = read_table(path, sheet=sheet)
        measured = tuple(o.column for o in outcomes_from(roles.get("outcomes")) if o.kind in ("continuous", "count"))
        given = roles.pop("missing_codes", None)
        missing = {c: {**table.missing_codes.get(c, {}), **codes_for(c, given)} for c in table.data.columns}
        labels = {column: text for column, text in table.labels.items() if text} | dict(roles.pop("labels", None) or {})
        frame = _without_words(table.labelled(except_for=measured), missing)
        codes = table.codes.get(str(roles.get("group")), {})
        roles |= {role: _label_of(roles[role], codes) for role in ("member", "reference") if role in roles}
    return Study(frame, missing_codes=missing, labels=labels, lang=lang, **roles)


def _known_roles(roles: Mapping[str, Any]) -> None:
    """Are all these arguments of ``Study``?"""
    known = [name for name in signature(Study).parameters if name not in ("data", "lang")]
    for name in roles:
        if name in KINDS:
            raise StudyError("KIND_AS_ROLE", kind=name)
        if name not in known:
            raise StudyError("UNKNOWN_ROLE", role=name, near=nearest(name, known), known=known)


def _label_of(level: Any, codes: Mapping[Any, str]) -> Any:
    """The label of a level that was given by its code; labels go before codes."""
    if level in codes.values():
        return level
    return next((label for code, label in codes.items() if as_text(code) == as_text(level)), level)


def read_table(path: str | Path, *, sheet: str | int | None = None) -> FileTable:
    """Which cells, labels and missing codes are in this file?

    Parameters and errors as in ``read_study``; the labels and codes are those of SPSS and Stata.

    Examples
    --------
    >>> read_table("scores.docx")
    Traceback (most recent call last):
    society_effects.errors.StudyError: There is no file scores.docx; check the folder and the name.
    """
    file = Path(path)
    if not file.is_file():
        raise StudyError("NO_SUCH_FILE", path=str(file))
    ending = file.suffix.lower()
    if ending not in READERS:
        raise StudyError("UNKNOWN_FILE_TYPE", ending=ending or file.name, known=list(READERS))
    if file.stat().st_size == 0:
        raise StudyError("EMPTY_FILE", path=str(file))
    if sheet is not None and ending not in (".xlsx", ".xlsm"):
        raise StudyError("SHEET_WITHOUT_WORKBOOK", path=str(file))
    try:
        table = READERS[ending](file, sheet)
    except StudyError:
        raise
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise StudyError("UNREADABLE_FILE", path=str(file), ending=ending, reason=reason) from error
    if not len(table.data):
        raise StudyError("NO_ROWS")
    return table


def decode(content: bytes) -> str:
    """Which text is this? Byte order mark, then strict UTF-8, then GB18030."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _read_text(file: Path, sheet: Any) -> FileTable:
    text = decode(file.read_bytes())
    if not text.strip():
        raise StudyError("EMPTY_FILE", path=str(file))
    first = text.lstrip().splitlines()[0]
    separator = max(("\t", ";", ","), key=first.count)
    titles, *lines = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=separator)
    header = _titles(titles)
    cells = [[cell if cell.strip() else None for cell in line] for line in lines]
    for number, line in enumerate(cells, start=2):
        if any(line[len(header) :]):
            raise StudyError("RAGGED_ROW", path=str(file), row=number)
    padded = [line[: len(header)] + [None] * (len(header) - len(line)) for line in cells]
    return _tidy(pd.DataFrame(padded, columns=pd.Index(header, dtype=object), dtype=object))


def _read_workbook(file: Path, sheet: str | int | None) -> FileTable:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True)
    try:
        names = list(book.sheetnames)
        number = sheet - 1 if isinstance(sheet, int) else names.index(sheet) if sheet in names else -1
        if sheet is not None and not 0 <= number < len(names):
            raise StudyError("UNKNOWN_SHEET", sheet=str(sheet), sheets=names)
        chosen = book[names[0 if sheet is None else number]]
        raw = pd.DataFrame(list(chosen.iter_rows(values_only=True)), dtype=object)
    finally:
        book.close()
    raw = raw.mask(raw.map(lambda cell: isinstance(cell, str) and not cell.strip()), None)
    raw = raw.dropna(axis=0, how="all").dropna(axis=1, how="all")
    if not len(raw):
        raise StudyError("NO_ROWS")
    header = _titles(["" if pd.isna(cell) else as_text(cell) for cell in raw.iloc[0]])
    frame = raw.iloc[1:].reset_index(drop=True)
    frame.columns = pd.Index(header, dtype=object)
    return _tidy(frame)


def _read_spss(file: Path, sheet: Any) -> FileTable:
    import pyreadstat

    frame, meta = pyreadstat.read_sav(str(file), user_missing=True)
    missing = {c: _spss_missing(frame[c], ranges, meta) for c, ranges in meta.missing_ranges.items()}
    return FileTable(frame, dict(meta.column_names_to_labels), dict(meta.variable_value_labels), missing)


def _spss_missing(column: pd.Series, ranges: list[Mapping[str, Any]], meta: Any) -> dict[str, str]:
    """The user-missing codes that occur in the column, each with its reason as it is printed in the ledger."""
    words = meta.variable_value_labels.get(column.name, {})
    found: dict[str, str] = {}
    for value in column.dropna().unique():
        if any(type(value) is type(r["lo"]) and r["lo"] <= value <= r["hi"] for r in _typed(ranges, value)):
            label = f" ({words[value]})" if value in words else ""
            found[as_text(value).strip()] = f"user-missing: {as_text(value).strip()}{label}"
    return found


def _typed(ranges: list[Mapping[str, Any]], value: Any) -> list[dict[str, Any]]:
    kind = str if isinstance(value, str) else float
    typed = [r for r in ranges if isinstance(r["lo"], str) == (kind is str)]
    return [{"lo": type(value)(r["lo"]), "hi": type(value)(r["hi"])} for r in typed]


def _read_stata(file: Path, sheet: Any) -> FileTable:
    import pyreadstat

    frame, meta = pyreadstat.read_dta(str(file), user_missing=True)
    missing = {}
    for column, letters in meta.missing_user_values.items():
        words = meta.variable_value_labels.get(column, {})
        reasons = {k: f"user-missing: .{k}" + (f" ({words[k]})" if k in words else "") for k in letters}
        missing[column] = reasons
    return FileTable(frame, dict(meta.column_names_to_labels), dict(meta.variable_value_labels), missing)


def _read_parquet(file: Path, sheet: Any) -> FileTable:
    return FileTable(pd.read_parquet(file))


READERS: dict[str, Callable[[Path, Any], FileTable]] = {
    ".csv": _read_text,
    ".tsv": _read_text,
    ".txt": _read_text,
    ".xlsx": _read_workbook,
    ".xlsm": _read_workbook,
    ".sav": _read_spss,
    ".zsav": _read_spss,
    ".dta": _read_stata,
    ".parquet": _read_parquet,
}


def _titles(cells: list[str]) -> list[str]:
    """The names of the columns: each its own, columns without one by their number."""
    header = [cell.strip() or f"column {number}" for number, cell in enumerate(cells, start=1)]
    twice = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    if twice:
        raise StudyError("DUPLICATE_COLUMNS", columns=twice[:5])
    return header


def _tidy(frame: pd.DataFrame) -> FileTable:
    """Without empty rows; words for a missing value become reasons, and the numbers beside them numbers."""
    frame = frame.dropna(axis=0, how="all").reset_index(drop=True)
    missing: dict[str, dict[str, str]] = {}
    for name in frame.columns:
        if pd.api.types.is_numeric_dtype(frame[name].dtype):
            continue
        cells = frame[name].astype(object)
        words = [word for word in MISSING_WORDS if (cells == word).any()]
        if words:
            missing[name] = {word: word for word in words}
        frame[name] = _numbers_where_all(cells, cells.isin(words))
    return FileTable(frame, missing_codes=missing)


def _without_words(frame: pd.DataFrame, missing: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Columns that are text only because of their missing codes become numbers, codes left in place."""
    for name in frame.columns:
        if missing[name] and frame[name].dtype == object:
            frame[name] = _numbers_where_all(frame[name], frame[name].map(as_text).str.strip().isin(missing[name]))
    return frame


def _numbers_where_all(cells: pd.Series, words: pd.Series) -> pd.Series:
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
