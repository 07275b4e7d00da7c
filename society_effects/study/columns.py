"""What does the file hold? Any table as a pandas frame of plain columns; the user's own table is never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import StudyError, nearest
from ..ordering import natural_key
from .outcome import as_text


def to_frame(data: Any) -> pd.DataFrame:
    """Which table was given? As a pandas frame with text column names and a fresh index."""
    if isinstance(data, pd.DataFrame):
        frame = data.copy(deep=False)
    elif isinstance(data, str) or data is None:
        raise StudyError("NOT_A_TABLE", found=type(data).__name__)
    else:
        frame = _from_elsewhere(data)
    frame.columns = pd.Index([as_text(c) if not isinstance(c, tuple) else str(c) for c in frame.columns], dtype=object)
    if frame.columns.has_duplicates:
        twice = frame.columns[frame.columns.duplicated()].unique()
        raise StudyError("DUPLICATE_COLUMNS", columns=list(twice[:5]))
    if not len(frame):
        raise StudyError("NO_ROWS")
    return frame.reset_index(drop=True)


def _from_elsewhere(data: Any) -> pd.DataFrame:
    if hasattr(data, "collect") and not hasattr(data, "columns_by_name"):
        data = data.collect()
    if type(data).__module__.partition(".")[0] == "polars":
        frame = pd.DataFrame(data.to_dict(as_series=False))
        for name, kind in zip(data.columns, data.dtypes, strict=True):
            if type(kind).__name__ == "Enum":
                frame[name] = pd.Categorical(frame[name], categories=list(kind.categories), ordered=True)
        return frame
    if hasattr(data, "to_pydict"):
        return pd.DataFrame(data.to_pydict())
    try:
        return pd.DataFrame(data)
    except (ValueError, TypeError) as error:
        raise StudyError("NOT_A_TABLE", found=type(data).__name__) from error


def require_column(frame: pd.DataFrame, name: str) -> None:
    """Is there such a column? If not, the nearest name is offered."""
    if name not in frame.columns:
        raise StudyError(
            "UNKNOWN_COLUMN", column=name, near=nearest(name, frame.columns), columns=shortened(frame.columns)
        )


def shortened(names: Iterable[Any], most: int = 12) -> list[str]:
    """The first names of a list, and an ellipsis for the others."""
    listed = [str(name) for name in names]
    return [*listed[:most], "…"] if len(listed) > most else listed


Codes = Mapping[str, str]


def codes_for(column: str, missing_codes: Any) -> Codes:
    """Which cells of this column stand for a missing value, and for which reason?

    ``missing_codes``: a list for all columns, ``{column: [codes]}``, or ``{column: {code: reason}}``.
    """
    given = missing_codes
    if isinstance(given, Mapping):
        given = {as_text(k): v for k, v in given.items()}.get(column)
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {as_text(code).strip(): str(reason) for code, reason in given.items()}
    several = [given] if isinstance(given, str) or not isinstance(given, Iterable) else list(given)
    return {as_text(code).strip(): as_text(code).strip() for code in several}


def missing_reasons(column: pd.Series, codes: Codes) -> tuple[NDArray[np.int16], tuple[str, ...]]:
    """Why is each cell missing? An index into the reasons per row, -1 where there is a value."""
    empty = column.isna().to_numpy(dtype=bool)
    reason = np.where(empty, 0, -1).astype(np.int16)
    names = ["empty"]
    if is_number_column(column) and not codes:
        return reason, tuple(names)
    places, levels = _factorized(column)
    for place, level in enumerate(levels):
        text = as_text(level).strip()
        if isinstance(level, str) and not text:
            reason[places == place] = 0
        elif text in codes:
            if codes[text] not in names:
                names.append(codes[text])
            reason[places == place] = names.index(codes[text])
    return reason, tuple(names)


def _factorized(column: pd.Series) -> tuple[NDArray[np.intp], Any]:
    """The different cells and where they are; a cell that is itself a list or a table is none."""
    try:
        return pd.factorize(column, use_na_sentinel=True)
    except TypeError as error:
        odd = next(cell for cell in column if not _is_plain(cell))
        found = type(odd).__name__
        raise StudyError("CELLS_NOT_PLAIN", column=str(column.name), found=found) from error


def _is_plain(cell: Any) -> bool:
    try:
        hash(cell)
    except TypeError:
        return False
    return True


def is_number_column(column: pd.Series) -> bool:
    """Does the column hold numbers (booleans are none)?"""
    kind = column.dtype
    if isinstance(kind, np.dtype):
        return kind.kind in "iuf"
    return bool(pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)) and kind.kind != "c"


def text_column(column: pd.Series, codes: Codes) -> tuple[NDArray[np.int64], list[str], Any]:
    """Which level has each row, as text? Codes per row (-1: none), the levels, and why rows have none."""
    reason, names = missing_reasons(column, codes)
    places, raw = pd.factorize(column, use_na_sentinel=True)
    places = np.where(reason >= 0, -1, places)
    used = np.flatnonzero(np.bincount(places[places >= 0], minlength=len(raw)))
    texts = [as_text(raw[k]).strip() for k in used]
    twice = [t for t in texts if texts.count(t) > 1] if len(used) < 1000 and len(set(texts)) < len(texts) else []
    if twice and (one_form := _one_form(column)) is not column:
        return text_column(one_form, codes)
    if twice:
        same = [repr(_plain(raw[k])) for k, t in zip(used, texts, strict=True) if t == twice[0]]
        raise StudyError("ONE_TEXT_TWO_LEVELS", column=str(column.name), levels=same, text=twice[0])
    if isinstance(column.dtype, pd.CategoricalDtype):
        declared = [as_text(c).strip() for c in column.cat.categories]
        order = sorted(range(len(texts)), key=lambda k: declared.index(texts[k]))
    else:
        order = sorted(range(len(texts)), key=lambda k: natural_key(texts[k]))
    new_place = np.full(len(raw) + 1, -1, dtype=np.int64)
    for new, k in enumerate(order):
        new_place[used[k]] = new
    return new_place[places], [texts[k] for k in order], (reason, names)


def _one_form(column: pd.Series) -> pd.Series:
    """The column with each letter stored in one way (é alone, or e and its accent), where some are stored in two."""
    apart = {level: as_text(level) for level in column.dropna().unique() if isinstance(level, str)}
    apart = {level: text for level, text in apart.items() if level != text}
    return column.astype(object).replace(apart) if apart else column


def plain_values(column: pd.Series) -> pd.Series:
    """A covariate as it is kept: numbers as floats, ordered categories as such, all else as text."""
    if is_number_column(column):
        return pd.Series(column.to_numpy(dtype=float, na_value=np.nan))
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered:
        categories = [as_text(c) for c in column.cat.categories]
        return pd.Series(pd.Categorical.from_codes(column.cat.codes.to_numpy(), categories, ordered=True))
    if pd.api.types.is_bool_dtype(column.dtype):
        return pd.Series(column.astype(object).map({True: 1.0, False: 0.0}).to_numpy(dtype=float, na_value=np.nan))
    cells = column.astype(object).to_numpy(dtype=object, na_value=None)
    return pd.Series([None if _absent(c) else as_text(c).strip() for c in cells], dtype=object)


def as_tuple(given: Any) -> tuple[str, ...]:
    """One name or several, as text."""
    if given is None:
        return ()
    several: Sequence[Any] = [given] if isinstance(given, str) or not hasattr(given, "__iter__") else list(given)
    return tuple(as_text(g) for g in several)


def _absent(cell: Any) -> bool:
    return (
        cell is None
        or cell is pd.NA
        or (isinstance(cell, float) and cell != cell)
        or (isinstance(cell, str) and not cell.strip())
    )


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
