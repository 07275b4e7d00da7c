"""What is known of each outcome in each group? Counts and moments, from rows or from a printed table alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import StudyError, nearest
from .outcome import Outcome, as_text
from .scores import Scores, parse_number

COLUMNS = ("outcome", "group", "wave", "category", "n", "missing", "mean", "sd", "events")
Row = dict[str, Any]


def cells_of(
    outcome: Outcome, wave: str | None, scores: Scores, codes: NDArray[np.int64], groups: Iterable[str | None]
) -> list[Row]:
    """The cells of one outcome at one wave: one row per group, for categories one per group and category."""
    rows: list[Row] = []
    for number, group in enumerate(groups):
        values = scores.values[codes == number]
        seen = values[~np.isnan(values)]
        key = {"outcome": outcome.column, "group": group, "wave": wave}
        known = {"n": len(seen), "missing": len(values) - len(seen)}
        rows += [key | known | content for content in _contents(outcome, seen)]
    return rows


def cells_frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """The cells as a table."""
    rows = list(rows)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("outcome", "group", "wave", "category"):
        table[name] = pd.Series([row.get(name) for row in rows], dtype=object)
    known = {"missing": int} if table["missing"].notna().all() else {"missing": float}
    return table.astype({"n": int, "mean": float, "sd": float, "events": float} | known)


def _contents(outcome: Outcome, seen: NDArray[np.float64]) -> list[Row]:
    if outcome.kind in ("ordinal", "nominal"):
        counts = np.bincount(seen.astype(int), minlength=len(outcome.categories))
        return [_category(c, k) for c, k in zip(outcome.categories, counts, strict=True)]
    if outcome.kind == "binary":
        return [binary_moments(len(seen), float(seen.sum()))]
    mean, sd = moments(seen)
    return [_moments(outcome, len(seen), mean, sd)]


def moments(values: NDArray[np.float64]) -> tuple[float, float]:
    """Arithmetic mean and standard deviation (n - 1); NaN where there are too few values."""
    if not len(values):
        return np.nan, np.nan
    if len(values) < 2:
        return float(values[0]), np.nan
    if (values == values[0]).all():
        return float(values[0]), 0.0
    rough = float(values.mean())
    left = values - rough
    shift = float(left.mean())  # what rounding left over, taken out of the mean and of the squares
    squares = float(left @ left) - len(values) * shift**2
    return rough + shift, float(np.sqrt(max(squares, 0.0) / (len(values) - 1)))


def binary_moments(n: int, events: float) -> Row:
    """Share and standard deviation of a binary outcome from its counts."""
    share = events / n if n else np.nan
    sd = float(np.sqrt(events * (n - events) / n / (n - 1))) if n > 1 else np.nan
    return {"category": None, "mean": share, "sd": sd, "events": float(events)}


def _moments(outcome: Outcome, n: int, mean: float, sd: float) -> Row:
    events = (float(round(n * mean)) if n else 0.0) if outcome.kind == "count" else np.nan
    return {"category": None, "mean": mean, "sd": sd, "events": events}


def _category(category: str, count: Any) -> Row:
    return {"category": category, "mean": np.nan, "sd": np.nan, "events": float(count)}


def read_cells(table: pd.DataFrame, outcomes: tuple[Outcome, ...]) -> tuple[list[Row], tuple[Outcome, ...]]:
    """The cells of a printed table: one row per outcome and group (and category), with the kinds that follow."""
    for name in ("outcome", "group", "n"):
        if name not in table.columns:
            raise StudyError("SUMMARY_COLUMN", column=name, near=nearest(name, table.columns))
    printed = [_printed(row) for row in table.to_dict("records")]
    order = list(dict.fromkeys(row["outcome"] for row in printed))
    given = {o.column: o for o in outcomes}
    unknown = [name for name in given if name not in order]
    if unknown:
        raise StudyError("UNKNOWN_OUTCOME", outcome=unknown[0], near=nearest(unknown[0], order))
    settled = tuple(_settled(given.get(name, Outcome(name)), printed) for name in (given or order))
    groups = list(dict.fromkeys(row["group"] for row in printed))
    rows: list[Row] = []
    for outcome in settled:
        for group in groups:
            rows += _cell_rows(
                outcome, group, [r for r in printed if (r["outcome"], r["group"]) == (outcome.column, group)]
            )
    return rows, settled


def _printed(row: Mapping[str, Any]) -> Row:
    tidy: Row = {"outcome": as_text(row["outcome"]).strip(), "group": as_text(row["group"]).strip()}
    category = row.get("category")
    tidy["category"] = None if category is None or category != category else as_text(category).strip()
    tidy["counts"] = parse_number(row.get("counts", row.get("count")))
    numbers = {name: parse_number(row.get(name)) for name in ("n", "missing", "mean", "sd", "events")}
    return tidy | numbers | {"printed": row}


def _settled(outcome: Outcome, printed: list[Row]) -> Outcome:
    own = [row for row in printed if row["outcome"] == outcome.column]
    categories = tuple(dict.fromkeys(row["category"] for row in own if row["category"] is not None))
    if categories:
        return replace(outcome, kind=outcome.kind or "nominal", categories=outcome.categories or categories)
    if outcome.kind is None:
        binary = all(row["mean"] != row["mean"] or row["sd"] != row["sd"] for row in own)
        binary = any(row["events"] == row["events"] for row in own) and (binary or _shares(own))
        outcome = replace(outcome, kind="binary" if binary else "continuous")
    return replace(outcome, event=outcome.event or "1") if outcome.kind == "binary" else outcome


def _shares(own: list[Row]) -> bool:
    """Are the printed means just the shares of the printed events?"""
    return all(
        row["events"] == row["events"] and abs(row["mean"] * row["n"] - row["events"]) < 0.5 for row in own if row["n"]
    )


def _cell_rows(outcome: Outcome, group: str, own: list[Row]) -> list[Row]:
    key = {"outcome": outcome.column, "group": group, "wave": None}
    if not own or (len(own) > 1 and not outcome.categories):
        raise StudyError("SUMMARY_ROWS", outcome=outcome.column, group=group, count=len(own))
    if outcome.kind in ("ordinal", "nominal"):
        return _category_rows(outcome, key, own)
    row = own[0]
    n, missing = _whole(row, "n"), _missing(row)
    if outcome.kind == "binary":
        events = _whole(row, "events")
        if events > n:
            raise _impossible(row, "events")
        return [key | {"n": n, "missing": missing} | binary_moments(n, events)]
    enough = {"mean": n >= 1, "sd": n >= 2}
    for name, needed in enough.items():
        if needed and not (np.isfinite(row[name]) and (name == "mean" or row[name] >= 0)):
            raise _impossible(row, name)
    return [key | {"n": n, "missing": missing} | _moments(outcome, n, row["mean"], row["sd"])]


def _category_rows(outcome: Outcome, key: Row, own: list[Row]) -> list[Row]:
    counts: dict[str, int] = {}
    for row in own:
        name = "counts" if row["counts"] == row["counts"] else "events" if row["events"] == row["events"] else "n"
        if row["category"] in counts or row["category"] not in outcome.categories:
            raise StudyError("SUMMARY_ROWS", outcome=outcome.column, group=key["group"], count=len(own))
        counts[row["category"]] = _whole(row, name)
    known = {"n": sum(counts.values()), "missing": _missing(own[0])}
    return [key | known | _category(c, counts.get(c, 0)) for c in outcome.categories]


def _missing(row: Row) -> float:
    """How many scores were missing; NaN where the printed table does not say."""
    return _whole(row, "missing") if row["missing"] == row["missing"] else np.nan


def _whole(row: Row, name: str) -> int:
    value = row[name]
    if not (np.isfinite(value) and value >= 0 and float(value).is_integer()):
        raise _impossible(row, name)
    return int(value)


def _impossible(row: Row, name: str) -> StudyError:
    """The error for a printed number that is missing or cannot be."""
    printed = row["printed"].get(name)
    place = {"outcome": row["outcome"], "group": row["group"], "column": name}
    if printed is None or printed != printed or not str(printed).strip():
        return StudyError("SUMMARY_EMPTY", **place)
    return StudyError("SUMMARY_VALUE", **place, value=as_text(printed))
