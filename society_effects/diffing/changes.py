"""What is another number, another grade, another check? One result held against the other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..findings.checks import Check
from ..findings.labels import Labels
from ..findings.measures import MEASURES
from ..findings.naming import SEPARATOR, contrast_name, measure_name
from ..findings.schema import FRAMES
from ..language.catalogue import catalogue
from ..result import Result

ABSOLUTE = 1e-12
"""Numbers closer than this are the same, however small they are."""
MANY = 100
"""Differences above which a frame other than the estimates is told in one line."""
UNNAMED = ("design", "reference", "reference_wave", "reference_level", "estimand")
Row = dict[str, Any]


@dataclass(frozen=True)
class Cut:
    """Up to which relative difference are two numbers the same?"""

    tolerance: float

    def same(self, old: Any, new: Any) -> bool:
        """Are these the same: numbers within the tolerance, all else exactly, an undefined number as another?"""
        if _undefined(old) or _undefined(new):
            return _undefined(old) and _undefined(new)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            return old.keys() == new.keys() and all(self.same(value, new[key]) for key, value in old.items())
        if isinstance(old, list | tuple) and isinstance(new, list | tuple):
            return len(old) == len(new) and all(map(self.same, old, new))
        if _is_number(old) and _is_number(new):
            return math.isclose(old, new, rel_tol=self.tolerance, abs_tol=ABSOLUTE if self.tolerance else 0.0)
        return bool(old == new)


@dataclass(frozen=True)
class Change:
    """One difference.

    analysis : its name in a run; empty for a single result. frame : of the glossary, or ``result``, ``settings``,
    ``checks``. keys : of the row. column : what differs. old, new : None where there is none.
    """

    analysis: str
    frame: str
    keys: Mapping[str, Any]
    column: str
    old: Any
    new: Any

    def row_name(self, labels: Labels, lang: str) -> str:
        """What the row is called, from the keys it has."""
        named = {key: _name(key, self.keys, labels, lang) for key in self.keys if key not in UNNAMED}
        return SEPARATOR.join(name for name in named.values() if name)


def changes_of(name: str, old: Result, new: Result, cut: Cut) -> Iterator[Change]:
    """Every difference between two results: grade and claim, numbers, checks, settings, in this order."""
    for column in ("design", "grade", "claim"):
        if getattr(old, column) != getattr(new, column):
            yield Change(name, "result", {}, column, getattr(old, column), getattr(new, column))
    if old.provenance.get("planned") != new.provenance.get("planned"):
        yield Change(name, "result", {}, "planned", old.provenance.get("planned"), new.provenance.get("planned"))
    for frame in FRAMES:
        if frame in old.frames or frame in new.frames:
            yield from _rows(name, frame, old, new, cut)
    yield from _checks(name, old, new, cut)
    for setting in dict.fromkeys((*old.settings, *new.settings)):
        was, now = old.settings.get(setting), new.settings.get(setting)
        if setting != "design" and not cut.same(was, now):
            yield Change(name, "settings", {}, setting, was, now)


def _rows(name: str, frame: str, old: Result, new: Result, cut: Cut) -> Iterator[Change]:
    """The rows of a frame: those that are gone or new, and the numbers of the others."""
    if FRAMES[frame].per_student and not (frame in old.frames and frame in new.frames):
        return  # one of them was kept without its students
    before, after = _keyed(frame, old), _keyed(frame, new)
    if any(key[-1][1] for key in (*before, *after)):  # a curve, or the values of students
        yield from _together(name, frame, before, after, cut)
        return
    found = list(_row_by_row(name, frame, before, after, cut))
    many = frame != "estimates" and len(found) > MANY
    yield from _together(name, frame, before, after, cut) if many else found


def _row_by_row(
    name: str, frame: str, before: Mapping[Any, Row], after: Mapping[Any, Row], cut: Cut
) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        keys = {k: v for k, v in key[:-1] if v is not None}
        if key not in before or key not in after:
            yield Change(name, frame, keys, "row", *(None if key not in side else "+" for side in (before, after)))
            continue
        for column, was in before[key].items():
            if not cut.same(was, after[key][column]):
                yield Change(name, frame, keys, column, was, after[key][column])


def _together(name: str, frame: str, before: Mapping[Any, Row], after: Mapping[Any, Row], cut: Cut) -> Iterator[Change]:
    """Frames of many points are told in one line: by how many rows they differ."""
    shared = [key for key in before if key in after]
    n = sum(any(not cut.same(was, after[key][c]) for c, was in before[key].items()) for key in shared)
    n += len(before.keys() ^ after.keys())
    if n:
        yield Change(name, frame, {}, "rows", len(before), f"{len(after)} ({n})")


def _keyed(frame: str, result: Result) -> dict[tuple[tuple[str, Any], ...], Row]:
    """The rows by their keys and, where keys come again, by their number among those."""
    if frame not in result.frames:
        return {}
    table: pd.DataFrame = result.frame(frame)
    keys, seen, found = FRAMES[frame].keys, Counter[tuple[Any, ...]](), {}
    for record in table.to_dict("records"):
        key = tuple((k, None if _undefined(record[k]) else record[k]) for k in keys)
        found[(*key, ("", seen[key]))] = {c: v for c, v in record.items() if c not in keys}
        seen[key] += 1
    return found


def _checks(name: str, old: Result, new: Result, cut: Cut) -> Iterator[Change]:
    before, after = _keyed_checks(old), _keyed_checks(new)
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        keys = {"outcome": key[1], "group": key[2]}
        keys = {k: v for k, v in keys.items() if v is not None}
        if was is None or now is None:
            yield Change(name, "checks", keys, key[0], was and was.status, now and now.status)
        elif was.status != now.status or not cut.same(dict(was.values), dict(now.values)):
            yield Change(name, "checks", keys, key[0], _said(was), _said(now))


def _keyed_checks(result: Result) -> dict[tuple[str, str | None, str | None, int], Check]:
    seen, found = Counter[tuple[Any, ...]](), {}
    for check in result.checks:
        key = (check.key, check.outcome, check.group)
        found[(*key, seen[key])] = check
        seen[key] += 1
    return found


def _said(check: Check) -> str:
    values = ", ".join(f"{name}={value}" for name, value in check.values.items())
    return f"{check.status} ({values})" if values else check.status


def _name(key: str, row: Mapping[str, Any], labels: Labels, lang: str) -> str:
    value = str(row[key])
    if key == "outcome":
        return labels.outcome(value, lang)
    if key == "measure":
        return measure_name(value, lang) if value in MEASURES else value
    if key == "group":
        return contrast_name(value, row.get("reference"), labels, lang)
    return catalogue(lang).get(f"{key}s.{value}", value)


def _undefined(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
