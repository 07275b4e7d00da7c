"""Which number stands for each cell of an outcome? Kinds are inferred, cells become floats, gaps keep their reasons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import StudyError
from ..ordering import natural_order
from .columns import Codes, is_number_column, missing_reasons
from .few_steps import looks_like
from .membership import listed_pair
from .outcome import Outcome, as_text

PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
Note = tuple[str, dict[str, Any]]
MISSING_CODES = (9, 99, 999, 9999, -1, -9, -99, -999)
"""Numbers that often stand for a missing value."""


@dataclass(frozen=True)
class Scores:
    """One outcome (at one wave): a float per row with NaN for gaps, and the reason of each gap."""

    values: NDArray[np.float64]
    reason: NDArray[np.int16]  # index into ``reasons``, -1 where there is a value
    reasons: tuple[str, ...]

    def take(self, rows: NDArray[Any]) -> Scores:
        """The same for some of the rows (a mask or positions; -1 is a row that does not exist)."""
        return Scores(self.values[rows], self.reason[rows], self.reasons)


def read_scores(column: pd.Series, outcome: Outcome, codes: Codes) -> tuple[Scores, Outcome, list[Note]]:
    """Which numbers does the column hold, of which kind is the outcome, and what should be noted?"""
    reason, reasons = missing_reasons(column, codes)
    if (reason >= 0).all():
        raise StudyError("ALL_MISSING", column=outcome.column)
    seen = reason < 0
    if codes and isinstance(column.dtype, pd.CategoricalDtype):
        column = column.cat.remove_categories([c for c in column.cat.categories if as_text(c).strip() in codes])
    notes: list[Note] = []
    numbers, outcome = _numbers(column, seen, outcome, notes)
    numbers[~seen] = np.nan
    _check_numbers(numbers, outcome)
    if codes and outcome.kind in ("continuous", "count"):
        _codes_among_scores(column[~seen], numbers[seen], outcome, codes, notes)
    return Scores(numbers, reason, reasons), outcome, notes


def _numbers(
    column: pd.Series, seen: NDArray[np.bool_], outcome: Outcome, notes: list[Note]
) -> tuple[NDArray, Outcome]:
    """The column as floats, and the outcome with its kind settled."""
    categorical = isinstance(column.dtype, pd.CategoricalDtype)
    if categorical and column.cat.ordered and outcome.kind in (None, "ordinal") and not outcome.categories:
        if outcome.kind == "ordinal" or len(column.cat.categories) > 2:
            return _in_order(column, outcome)
        if outcome.event is None and len(column.cat.categories) == 2:
            outcome = replace(outcome, event=column.cat.categories[1])
    if outcome.kind in ("ordinal", "nominal"):
        return _categories(column, seen, outcome, notes)
    if is_number_column(column):
        values = column.to_numpy(dtype=float, na_value=np.nan).copy()
    else:
        cells = column.astype(object).to_numpy(dtype=object, na_value=None)
        values = _parsed(cells, seen, outcome, notes)
        if values is None and outcome.kind is None and len(outcome.categories or ()) > 2 and outcome.event is None:
            return _categories(column, seen, replace(outcome, kind="ordinal"), notes)
        if values is None:
            return _text_binary(cells, seen, outcome)
    return _settled(values, seen, outcome, notes)


def _settled(values: NDArray, seen: NDArray[np.bool_], outcome: Outcome, notes: list[Note]) -> tuple[NDArray, Outcome]:
    """The kind of a column of numbers; a named event becomes 1."""
    few = _distinct(values[seen], 3)
    if outcome.kind == "binary" or (outcome.kind is None and outcome.event is not None):
        return _binary(values, few, outcome)
    if outcome.kind is None and set(few) <= {0.0, 1.0}:
        return values, replace(outcome, kind="binary", event="1")
    if outcome.kind is None and len(few) == 2 and few[0].is_integer() and few[1] == few[0] + 1:
        notes.append(("TWO_VALUES", {"column": outcome.column, "values": tuple(as_text(v) for v in few)}))
    kind_of = looks_like(values[seen]) if outcome.kind is None and not outcome.parts else None
    if kind_of is not None:
        lowest, highest = (as_text(limit) for limit in (values[seen].min(), values[seen].max()))
        notes.append((kind_of, {"column": outcome.column, "low": lowest, "high": highest}))
    return values, replace(outcome, kind=outcome.kind or "continuous")


def _binary(values: NDArray, few: Sequence[float], outcome: Outcome) -> tuple[NDArray, Outcome]:
    levels = [as_text(v) for v in few]
    if len(few) > 2:
        raise StudyError("NOT_BINARY", column=outcome.column, levels=levels)
    event = outcome.event
    if isinstance(event, bool | np.bool_):
        event = int(event)
    if event is None:
        if not set(few) <= {0.0, 1.0}:
            raise StudyError("AMBIGUOUS_EVENT", column=outcome.column, levels=levels)
        event = 1
    try:
        wanted = float(event)
    except (TypeError, ValueError):
        wanted = np.nan
    if wanted not in few and not (set(few) | {wanted} <= {0.0, 1.0}):
        raise StudyError("UNKNOWN_EVENT", column=outcome.column, event=as_text(event), levels=levels)
    return (values == wanted).astype(float), replace(outcome, kind="binary", event=as_text(wanted))


def _text_binary(cells: NDArray, seen: NDArray[np.bool_], outcome: Outcome) -> tuple[NDArray, Outcome]:
    """Two levels of text: binary where it is known which of them counts as the event."""
    texts = np.array([as_text(c).strip() if s else "" for c, s in zip(cells, seen, strict=True)], dtype=object)
    levels = list(dict.fromkeys(texts[seen]))
    pair = listed_pair(levels)
    if outcome.kind not in (None, "binary") or (len(levels) > 2 and outcome.kind is None and outcome.event is None):
        raise StudyError("TEXT_IN_SCORES", column=outcome.column, cells=_first_texts(cells, seen))
    if len(levels) > 2:
        raise StudyError("NOT_BINARY", column=outcome.column, levels=sorted(levels)[:5])
    event = None if outcome.event is None else as_text(outcome.event).strip()
    if event is None and pair is None:
        if len(levels) == 1:
            raise StudyError("TEXT_IN_SCORES", column=outcome.column, cells=levels)
        raise StudyError("AMBIGUOUS_EVENT", column=outcome.column, levels=sorted(levels))
    event = event if event is not None else pair[1] if pair else ""
    if event not in levels and not (pair and event in pair) and len(levels) > 1:
        raise StudyError("UNKNOWN_EVENT", column=outcome.column, event=event, levels=sorted(levels))
    return (texts == event).astype(float), replace(outcome, kind="binary", event=event)


def _in_order(column: pd.Series, outcome: Outcome) -> tuple[NDArray, Outcome]:
    categories = tuple(as_text(c).strip() for c in column.cat.categories)
    return column.cat.codes.to_numpy(dtype=float).copy(), replace(outcome, kind="ordinal", categories=categories)


def _categories(
    column: pd.Series, seen: NDArray[np.bool_], outcome: Outcome, notes: list[Note]
) -> tuple[NDArray, Outcome]:
    """Positions in the list of categories; the order of an ordinal outcome must be known."""
    cells = column.astype(object).to_numpy(dtype=object, na_value=None)
    texts = [as_text(c).strip() if s else "" for c, s in zip(cells, seen, strict=True)]
    found = natural_order({t for t, s in zip(texts, seen, strict=True) if s})
    numbers = [_number(t) for t in found]
    categories = list(outcome.categories)
    if not categories:
        if all(n is not None for n in numbers):
            categories = [t for _, t in sorted(zip(numbers, found, strict=True), key=lambda pair: pair[0] or 0.0)]
            if outcome.kind == "ordinal":
                _codes_among_answers(categories, texts, outcome, notes)
        elif outcome.kind == "nominal":
            categories = found
        else:
            raise StudyError("ORDER_UNKNOWN", column=outcome.column, levels=found[:5])
    unknown = [t for t in found if t not in categories]
    if unknown:
        raise StudyError("CATEGORY_NOT_DECLARED", column=outcome.column, found=unknown[:5], levels=categories)
    place = {category: float(k) for k, category in enumerate(categories)}
    values = np.array([place.get(t, np.nan) for t in texts])
    return values, replace(outcome, categories=tuple(categories))


def _codes_among_answers(categories: list[str], texts: list[str], outcome: Outcome, notes: list[Note]) -> None:
    """Note answers that nobody declared and that stand apart from the others as codes of missing answers do."""
    numbers = np.array([float(category) for category in categories])
    coded = np.isin(numbers, MISSING_CODES)
    others = numbers[~coded]
    if not len(others):
        return
    apart = coded & ((numbers > others.max() + 1) | (numbers < others.min() - 1))
    if apart.any():
        found = tuple(category for category, alone in zip(categories, apart, strict=True) if alone)
        n = sum(text in found for text in texts)
        notes.append(("POSSIBLE_MISSING_CODES", {"outcome": outcome.column, "n": n, "values": found}))


def _codes_among_scores(
    left_out: pd.Series, scores: NDArray, outcome: Outcome, codes: Codes, notes: list[Note]
) -> None:
    """Note cells taken as missing whose number lies among the scores, so that it may have been one."""
    numbers = left_out.map(lambda cell: _number(as_text(cell).strip())).dropna()
    for code in dict.fromkeys(numbers):
        if scores.min() <= code <= scores.max():
            values = {"column": outcome.column, "n": int((numbers == code).sum()), "code": as_text(code)}
            notes.append(("CODES_AMONG_SCORES", values))


def _parsed(cells: NDArray, seen: NDArray[np.bool_], outcome: Outcome, notes: list[Note]) -> NDArray | None:
    """Cells of any type as floats; None where a cell is no number. Numbers kept as text are noted."""
    values, as_words = np.full(len(cells), np.nan), False
    for row in np.flatnonzero(seen):
        cell = cells[row]
        if isinstance(cell, str):
            number, as_words = _number(cell), True
        elif isinstance(cell, complex) or not hasattr(cell, "__float__"):
            number = None
        else:
            number = float(cell)
        if number is None:
            return None
        values[row] = number
    if as_words:
        notes.append(("TEXT_NUMBERS", {"column": outcome.column}))
    return values


def _number(text: str) -> float | None:
    """The plain number a text holds (full-width digits and blanks around it allowed), else None."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return float(plain) if PLAIN_NUMBER.fullmatch(plain) else None


def parse_number(cell: Any) -> float:
    """The number in one cell of a printed table; NaN where it is empty or no number."""
    if isinstance(cell, str):
        number = _number(cell)
        return np.nan if number is None else number
    return np.nan if cell is None or cell is pd.NA else float(cell)


def _distinct(values: NDArray, at_most: int) -> list[float]:
    """The different values, in order; stops looking once there are ``at_most``."""
    few: list[float] = []
    rest = values
    while len(rest) and len(few) < at_most:
        few.append(float(rest[0]))
        rest = rest[rest != rest[0]]
    return sorted(few)


def _first_texts(cells: NDArray, seen: NDArray[np.bool_]) -> list[str]:
    """Up to five different cells that are no numbers."""
    odd = (as_text(c).strip() for c, s in zip(cells, seen, strict=True) if s)
    return list(dict.fromkeys(text for text in odd if _number(text) is None))[:5]


def _check_numbers(values: NDArray, outcome: Outcome) -> None:
    """No infinite values, nothing outside the declared range, counts that are counts."""
    if np.isinf(values).any():
        raise StudyError("INFINITE_VALUES", column=outcome.column, count=int(np.isinf(values).sum()))
    seen = values[~np.isnan(values)]
    if outcome.kind == "count" and ((seen < 0) | (seen != np.floor(seen))).any():
        odd = seen[(seen < 0) | (seen != np.floor(seen))]
        raise StudyError("NOT_COUNTS", column=outcome.column, cells=[as_text(v) for v in dict.fromkeys(odd)][:5])
    if outcome.range is not None and outcome.kind in ("continuous", "count"):
        low, high = outcome.range
        outside = seen[(seen < low) | (seen > high)]
        if len(outside):
            cells = [as_text(v) for v in dict.fromkeys(outside)][:5]
            raise StudyError(
                "OUT_OF_RANGE",
                column=outcome.column,
                cells=cells,
                count=len(outside),
                low=as_text(low),
                high=as_text(high),
            )
