"""Who are the students, and what are their scores? One row per student, whatever the shape of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import StudyError
from .columns import codes_for, is_number_column, plain_values, text_column
from .ledger import Step
from .membership import settle_levels
from .outcome import Outcome
from .roles import Roles
from .scores import Note, Scores, read_scores
from .students import Rows

NO_ROW = "no_row"


@dataclass
class Reading:
    """What comes to light while the rows are read."""

    levels: tuple[str, ...] = ()
    member: str | None = None
    reference: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    waves: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    notes: list[Note] = field(default_factory=list)


def read_rows(frame: pd.DataFrame, roles: Roles, missing_codes: Any, **membership: Any) -> tuple[Rows, Reading]:
    """The students with their groups and scores, and what was found out about levels, kinds and waves."""
    reading = Reading(waves=roles.waves)
    frame, unit_of_row, names = _units(frame, roles, missing_codes, reading)
    wave_of_row = _waves(frame, roles, unit_of_row, missing_codes, reading)
    place = _Placer(unit_of_row, wave_of_row, len(names), reading.waves if roles.wave else ())
    groups, reasons = _groups(frame, roles, place, missing_codes, reading, membership)
    scores = _scores(frame, roles, place, missing_codes, reading)
    latest = _latest(groups)
    units = _kept(frame, roles, place, names, missing_codes, reading)
    if roles.group is not None:
        units.insert(0, "group", pd.Categorical.from_codes(latest, list(reading.levels)))
    reading.steps = _first_steps(len(names), latest, reasons)
    rows = Rows(units, groups, scores, frame, unit_of_row).take(latest >= 0)
    _check_labels_known(rows.units, roles)
    return rows, reading


@dataclass(frozen=True)
class _Placer:
    """Puts a column of the file into one array per wave, a place for each student."""

    unit_of_row: NDArray[np.int64]
    wave_of_row: NDArray[np.int64]
    n_units: int
    waves: tuple[str, ...]

    @property
    def long(self) -> bool:
        return bool(self.waves)

    def rows(self, wave: int) -> NDArray[np.int64]:
        """For each student the row of this wave, -1 where there is none."""
        row_of_unit = np.full(self.n_units, -1, dtype=np.int64)
        here = np.flatnonzero(self.wave_of_row == wave)
        row_of_unit[self.unit_of_row[here]] = here
        return row_of_unit


def _units(
    frame: pd.DataFrame, roles: Roles, missing_codes: Any, reading: Reading
) -> tuple[pd.DataFrame, NDArray, pd.Index]:
    """The student of each row, and the students' names; exact copies of a row are left out and noted."""
    if roles.unit is None:
        return frame, np.arange(len(frame)), pd.RangeIndex(1, len(frame) + 1).astype(str).rename("unit")
    column = frame[roles.unit]
    codes, levels, _ = text_column(column, codes_for(roles.unit, missing_codes))
    if (codes < 0).any():
        raise StudyError("MISSING_UNIT", column=roles.unit, count=int((codes < 0).sum()))
    if len(levels) < len(frame):
        repeated = pd.Series(codes).duplicated(keep=False).to_numpy()
        copies = np.zeros(len(frame), dtype=bool)
        copies[repeated] = frame.loc[repeated].map(str).duplicated().to_numpy()
        if copies.any():
            reading.notes.append(("EXACT_COPIES", {"count": int(copies.sum()), "column": roles.unit}))
            frame, codes = frame.loc[~copies].reset_index(drop=True), codes[~copies]
    order, first = pd.factorize(codes)
    names = pd.Index([levels[k] for k in first], name="unit", dtype=object)
    if names.has_duplicates:
        raise StudyError("DUPLICATE_UNITS", column=roles.unit, units=list(names[names.duplicated()].unique()[:5]))
    if roles.wave is None and len(names) < len(frame):
        _refuse_duplicates(frame, roles, order, names)
    return frame, order, names


def _refuse_duplicates(frame: pd.DataFrame, roles: Roles, order: NDArray, names: pd.Index) -> None:
    twice = np.flatnonzero(np.bincount(order) > 1)
    if roles.group is not None:
        several = frame[roles.group].map(str, na_action="ignore").groupby(order).nunique().to_numpy() > 1
        if several.any():
            raise StudyError("CROSSING_MEMBERSHIP", column=roles.group, units=list(names[several][:5]))
    raise StudyError("DUPLICATE_UNITS", column=roles.unit, units=list(names[twice[:5]]))


def _waves(frame: pd.DataFrame, roles: Roles, unit_of_row: NDArray, missing_codes: Any, reading: Reading) -> NDArray:
    """The wave of each row of a long file; all 0 otherwise."""
    if roles.wave is None:
        return np.zeros(len(frame), dtype=np.int64)
    column = frame[roles.wave]
    codes, found, _ = text_column(column, codes_for(roles.wave, missing_codes))
    if (codes < 0).any():
        raise StudyError("MISSING_LABEL", column=roles.wave, count=int((codes < 0).sum()))
    ordered = isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered
    if not roles.waves and not ordered and not is_number_column(column) and len(found) > 1:
        raise StudyError("WAVE_ORDER", column=roles.wave, waves=found)
    order = list(roles.waves or found)
    if set(found) - set(order):
        raise StudyError("UNKNOWN_WAVE", wave=next(w for w in found if w not in order), waves=order)
    reading.waves = tuple(order)
    waves = np.array([order.index(w) for w in found], dtype=np.int64)[codes]
    twice = pd.Series(unit_of_row * len(order) + waves).duplicated().to_numpy()
    if twice.any():
        ids = frame[roles.unit].loc[twice].astype(str).unique()[:5]
        raise StudyError("DUPLICATE_UNIT_WAVE", units=list(ids), unit=roles.unit, wave=roles.wave)
    return waves


def _groups(
    frame: pd.DataFrame,
    roles: Roles,
    place: _Placer,
    missing_codes: Any,
    reading: Reading,
    membership: Mapping[str, Any],
) -> tuple[dict[str | None, NDArray], NDArray]:
    """The position of each student's level per wave, and why it is unknown (by student, as text)."""
    if roles.group is None:
        return {None: np.zeros(place.n_units, dtype=np.int64)}, np.full(place.n_units, "", dtype=object)
    codes, found, (reason, names) = text_column(frame[roles.group], codes_for(roles.group, missing_codes))
    if not found:
        raise StudyError("ALL_MISSING", column=roles.group)
    reading.levels, reading.member, reading.reference = settle_levels(found, roles.group, **membership)
    codes = np.append([reading.levels.index(level) for level in found], -1).astype(np.int64)[codes]
    why = np.array([*names, ""], dtype=object)[reason]
    if not place.long:
        return {None: codes}, why
    at: dict[str | None, NDArray] = {}
    last_reason = np.full(place.n_units, NO_ROW, dtype=object)
    for number, wave in enumerate(place.waves):
        rows = place.rows(number)
        at[wave] = np.where(rows >= 0, codes[rows], -1)
        last_reason[rows >= 0] = why[rows[rows >= 0]]
    return at, last_reason


def _scores(
    frame: pd.DataFrame, roles: Roles, place: _Placer, missing_codes: Any, reading: Reading
) -> dict[Any, Scores]:
    scores: dict[tuple[str, str | None], Scores] = {}
    for outcome in roles.outcomes:
        per_wave = roles.columns[outcome.column]
        parts = []
        for column in per_wave.values():
            parts.append(frame[column])
            if len(per_wave) > 1 and parts[-1].isna().all():
                raise StudyError("ALL_MISSING", column=column)
        whole = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
        codes: dict[str, str] = {}
        for column in per_wave.values():
            codes |= codes_for(column, missing_codes)
        read, settled, notes = read_scores(whole, outcome, codes | dict(codes_for(outcome.column, missing_codes)))
        reading.outcomes += (settled,)
        reading.notes += notes
        if place.long:
            for number, wave in enumerate(place.waves):
                scores[outcome.column, wave] = _placed(read, place.rows(number))
            continue
        for number, name in enumerate(per_wave):
            scores[outcome.column, name] = read.take(np.arange(number * len(frame), (number + 1) * len(frame)))
    return scores


def _placed(read: Scores, rows: NDArray) -> Scores:
    """The scores at one wave of a long file, with students who have no row there."""
    absent = rows < 0
    taken = read.take(rows)
    reason = taken.reason.copy()
    reason[absent] = len(read.reasons)
    return Scores(np.where(absent, np.nan, taken.values), reason, (*read.reasons, NO_ROW))


def _kept(
    frame: pd.DataFrame, roles: Roles, place: _Placer, names: pd.Index, missing_codes: Any, reading: Reading
) -> pd.DataFrame:
    """What is known once per student; in a long file the first wave that knows it."""
    kept: dict[str, Any] = {}
    for name, source in roles.kept.items():
        column = frame[source]
        codes = codes_for(source, missing_codes)
        if name in ("cluster", "site", "joined"):
            places, levels, _ = text_column(column, codes)
            values = pd.Series(np.array([*levels, None], dtype=object)[places], dtype=object)
        else:
            values = _covariate(column, codes, source, reading)
        if name == "offset" and values.dtype != float:
            raise StudyError("TEXT_IN_SCORES", column=source, cells=[str(v) for v in values.dropna().unique()[:5]])
        kept[name] = _once(values, place, source, reading) if place.long else values
    units = pd.DataFrame(kept, index=pd.RangeIndex(len(names)))
    units.index = names
    if roles.joined is not None and reading.waves:
        odd = [w for w in units["joined"].dropna().unique() if w not in reading.waves]
        if odd:
            raise StudyError("UNKNOWN_WAVE_JOINED", column=roles.joined, wave=odd[0], waves=list(reading.waves))
    return units


def _covariate(column: pd.Series, codes: Mapping[str, str], name: str, reading: Reading) -> pd.Series:
    """A covariate: numbers (also those kept as text) or levels."""
    if column.isna().all():
        raise StudyError("ALL_MISSING", column=name)
    if is_number_column(column) and not codes:
        values = plain_values(column)
        if np.isinf(values.to_numpy()).any():
            raise StudyError("INFINITE_VALUES", column=name, count=int(np.isinf(values.to_numpy()).sum()))
        return values
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered and not codes:
        return plain_values(column)
    try:
        read, _, notes = read_scores(column, Outcome(name, kind="continuous"), codes)
    except StudyError as error:
        if error.code != "TEXT_IN_SCORES":
            raise
        places, levels, _ = text_column(column, codes)
        return pd.Series(np.array([*levels, None], dtype=object)[places], dtype=object)
    reading.notes += notes
    return pd.Series(read.values)


def _once(values: pd.Series, place: _Placer, name: str, reading: Reading) -> pd.Series:
    known = values.notna().to_numpy()
    row_of_unit = np.full(place.n_units, -1, dtype=np.int64)
    for number in reversed(range(len(place.waves))):
        rows = place.rows(number)
        usable = (rows >= 0) & known[rows]
        row_of_unit[usable] = rows[usable]
    if (values[known].groupby(place.unit_of_row[known], observed=True).nunique() > 1).any():
        reading.notes.append(("VARIES_OVER_WAVES", {"column": name}))
    return values.reindex(row_of_unit).reset_index(drop=True)


def _latest(groups: Mapping[str | None, NDArray]) -> NDArray[np.int64]:
    """Each student's level at the last wave where it is known."""
    latest, *later = groups.values()
    for codes in later:
        latest = np.where(codes >= 0, codes, latest)
    return latest


def _first_steps(n_units: int, latest: NDArray, reasons: NDArray) -> tuple[Step, ...]:
    steps = [Step("data", None, n_units, 0)]
    unknown = pd.Series(reasons[latest < 0], dtype=object)
    for reason in dict.fromkeys(unknown):
        steps.append(Step("group_missing", reason, steps[-1].n_after, int((unknown == reason).sum())))
    return tuple(steps)


def _check_labels_known(units: pd.DataFrame, roles: Roles) -> None:
    for role, column in (("cluster", roles.cluster), ("site", roles.site)):
        if column is not None and units[role].isna().any():
            raise StudyError("MISSING_LABEL", column=column, count=int(units[role].isna().sum()))
