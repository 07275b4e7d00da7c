"""Which students look wrong? The same answers under two names, one answer to everything, one student twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .outcome import as_text
from .problem import Problem, Status, concerning, shown

if TYPE_CHECKING:
    from .study import Study

FEWEST_ITEMS, MANY_ITEMS, SHARE, HEAVY_SHARE = 5, 10, 0.05, 0.15
"""Equal answers to so many items are told from a share of students on, or of any to many items; heavy from a share."""
FEWEST_COLUMNS, BY_CHANCE = 3, 0.001
"""Equal rows are told where so many columns differ between students, and so few equal pairs are due to chance."""
NAMES_OF_STUDENTS = re.compile(
    r"(student|participant)?[ _.-]?(id|no|nr|code|number)|student|participant|学号|考号|编号|学生编号|学籍号|准考证号",
    re.IGNORECASE,
)
MOSTLY_DIFFERENT = 0.9


def odd_rows(study: Study) -> Iterator[Problem]:
    """What looks wrong in the rows?"""
    yield from _one_student_twice(study)
    straight = np.zeros(len(study), dtype=bool)
    for name, wave, items in scales(study):
        equal = _equal(items)
        straight |= equal
        told = np.isfinite(items).all(axis=1)
        share = float(equal.sum()) / max(int(told.sum()), 1)
        if equal.any() and (share >= SHARE or items.shape[1] >= MANY_ITEMS):
            status: Status = "warn" if share >= HEAVY_SHARE else "note"
            values = {"items": items.shape[1], "share": share, "wave": wave}
            yield Problem("STRAIGHT_LINING", status, name, **concerning(study, equal), values=values)
    yield from _same_answers(study, ~straight)


def scales(study: Study) -> Iterator[tuple[tuple[str, ...], str | None, NDArray[np.float64]]]:
    """Which columns are items of one scale? Parts of a total, answers with the same categories, scores of one range.

    The names of the items, the wave, and the answers: one row per student, one column per item.
    """
    data, rows, told = study._known.data, study._known, set()
    for outcome in study.outcomes:
        columns = [part for part in outcome.parts if part in data and pd.api.types.is_numeric_dtype(data[part].dtype)]
        if len(columns) >= FEWEST_ITEMS and len(data) == len(rows.units):
            told |= set(columns)
            yield tuple(columns), None, data[columns].to_numpy(dtype=float, na_value=np.nan)
    alike: dict[tuple[object, ...], list[str]] = {}
    for outcome in study.outcomes:
        kind = (
            outcome.categories if outcome.kind == "ordinal" else outcome.range if outcome.kind == "continuous" else None
        )
        if kind and outcome.column not in told and not outcome.parts:
            alike.setdefault((outcome.kind, *kind), []).append(outcome.column)
    for wave in dict.fromkeys(wave for _, wave in rows.scores):
        for names in alike.values():
            here = [name for name in names if (name, wave) in rows.scores]
            if len(here) >= FEWEST_ITEMS:
                yield tuple(here), wave, np.column_stack([rows.scores[name, wave].values for name in here])


def _equal(items: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Who gave the same answer to every item?"""
    return np.isfinite(items).all(axis=1) & (items == items[:, :1]).all(axis=1)


def _same_answers(study: Study, usable: NDArray[np.bool_]) -> Iterator[Problem]:
    """Students who agree in everything, where chance would make no such pair."""
    codes = _codes(study)[usable]
    n = len(codes)
    agreeing = [_agreement(column) for column in codes.T]
    varied = [share for share in agreeing if share < 1]
    if n < 2 or len(varied) < FEWEST_COLUMNS or n * (n - 1) / 2 * float(np.prod(varied)) > BY_CHANCE:
        return
    frame = pd.DataFrame(codes)
    repeated = frame.duplicated(keep=False).to_numpy()
    if repeated.any():
        chosen = np.zeros(len(study), dtype=bool)
        chosen[np.flatnonzero(usable)[repeated]] = True
        sets = int((~frame[repeated].duplicated()).sum())
        values = {"sets": sets, "columns": len(varied)}
        yield Problem("SAME_ANSWERS", "warn", (), **concerning(study, chosen), values=values)


def _agreement(codes: NDArray[np.int64]) -> float:
    """How likely do two students agree in this column by chance?"""
    shares = np.bincount(codes) / max(len(codes), 1)
    return float(shares @ shares)


def _codes(study: Study) -> NDArray[np.int64]:
    """Everything that is known of each student but the name, as codes: one row per student. Totals are left out."""
    rows = study._known
    totals = {outcome.column for outcome in study.outcomes if outcome.parts}
    columns = [scores.values for (name, _), scores in rows.scores.items() if name not in totals]
    columns += [rows.units[name] for name in rows.units.columns]
    if len(rows.data) == len(rows.units):
        known = {*rows.units.columns, *totals, *(name for name, _ in rows.scores), study.unit, study.group}
        others = [rows.data[name] for name in rows.data.columns if name not in known]
        columns += [column for column in map(_as_text, others) if column.nunique() < len(column)]
    codes = [pd.factorize(pd.Series(column).astype(object), use_na_sentinel=False)[0] for column in columns]
    return np.column_stack(codes) if codes else np.zeros((len(rows.units), 0), dtype=np.int64)


def _as_text(column: pd.Series) -> pd.Series:
    return column.astype(object).map(str, na_action="ignore")


def _one_student_twice(study: Study) -> Iterator[Problem]:
    """A column that looks like the number of a student and repeats, although no student is named."""
    data = study._known.data
    if study.unit is not None:
        return
    for name in data.columns:
        if not NAMES_OF_STUDENTS.fullmatch(str(name).strip()):
            continue
        cells = data[name].dropna().map(lambda cell: as_text(cell).strip())
        repeated = cells.duplicated(keep=False)
        if len(cells) and repeated.any() and cells.nunique() >= MOSTLY_DIFFERENT * len(cells):
            values = {"variable": str(name), "cells": shown(dict.fromkeys(cells[repeated]))}
            yield Problem("ONE_STUDENT_TWICE", "warn", (str(name),), int(repeated.sum()), (), values)
