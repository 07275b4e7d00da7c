"""Which table is in this file? CSV in any Chinese encoding, Excel, SPSS, Stata, Parquet; labels and missing codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import StudyError, nearest, speaking
from .columns import codes_for
from .display_names import over_labels_of_file
from .file_table import FileTable, without_words
from .outcome import KINDS, as_text, outcomes_from
from .settling import check_language
from .study import Study
from .text_files import decode, read_text
from .workbooks import read_workbook

__all__ = ["FileTable", "decode", "read_study", "read_table"]


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
        labels = over_labels_of_file(table.labels, roles.pop("labels", None))
        frame = without_words(table.labelled(except_for=measured), missing)
        codes = table.codes.get(str(roles.get("group")), {})
        roles |= {role: _label_of(roles[role], codes) for role in ("member", "reference") if role in roles}
    try:
        return Study(frame, missing_codes=missing, labels=labels, lang=lang, **roles)
    except StudyError as error:
        raise _with_column_of_label(error, table.labels) from None


def _with_column_of_label(error: StudyError, labels: Mapping[str, str]) -> StudyError:
    """An unknown column that is the label of one, as menus of SPSS show them: the column is offered."""
    near = [column for column, label in labels.items() if label and label == error.values.get("column")]
    if error.code == "UNKNOWN_COLUMN" and len(near) == 1:
        return StudyError(error.code, lang=error.lang, **{**error.values, "near": near[0]})
    return error


def _known_roles(roles: Mapping[str, Any]) -> None:
    """Are all these arguments of ``Study``?"""
    known = [*(name for name in signature(Study).parameters if name != "data"), "sheet"]
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
    file = _existing(path)
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


def _existing(path: Any) -> Path:
    """The file of this path, if it is one and there."""
    try:
        file = Path(path)
        there = file.is_file()
    except (TypeError, ValueError, OSError):
        there = False
    if not there:
        raise StudyError("NO_SUCH_FILE", path=str(path))
    return file


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
            found[as_text(value).strip()] = _reason(as_text(value).strip(), words.get(value))
    return found


def _reason(code: str, label: str | None) -> str:
    """A code of a missing value as it reads in every language, with its label where it has one."""
    return f"{code} = {label}" if label else code


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
        missing[column] = {k: _reason(f".{k}", words.get(k)) for k in letters}
    return FileTable(frame, dict(meta.column_names_to_labels), dict(meta.variable_value_labels), missing)


def _read_parquet(file: Path, sheet: Any) -> FileTable:
    return FileTable(pd.read_parquet(file))


READERS: dict[str, Callable[[Path, Any], FileTable]] = {
    ".csv": read_text,
    ".tsv": read_text,
    ".txt": read_text,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".sav": _read_spss,
    ".zsav": _read_spss,
    ".dta": _read_stata,
    ".parquet": _read_parquet,
}
