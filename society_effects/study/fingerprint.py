"""Are two studies the same data? A hash of the content that is used."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from .study import Study


def fingerprint(study: Study) -> str:
    """SHA-256 of roles, students, groups and scores: text as UTF-8, numbers as little-endian doubles."""
    digest = hashlib.sha256()

    def text(*parts: Any) -> None:
        digest.update("\x1f".join("" if p is None else str(p) for p in parts).encode() + b"\x1e")

    text(study.group, study.member, study.reference, *study.levels)
    for outcome in study.outcomes:
        text(outcome.column, outcome.kind, outcome.event, *outcome.categories)
    table = study.cells if study._rows is None else study._rows.units
    names = [] if study._rows is None else [table.index]
    for column in (*names, *(table[name] for name in table.columns)):
        text(column.name)
        _add(digest, column)
    if study._rows is not None:
        for (name, wave), scores in study._rows.scores.items():
            text(name, wave)
            digest.update(_numbers(scores.values))
    return digest.hexdigest()


def _add(digest: Any, column: pd.Series | pd.Index) -> None:
    if pd.api.types.is_numeric_dtype(column.dtype):
        digest.update(_numbers(column.to_numpy(dtype=float)))
    else:
        cells = column.to_numpy(dtype=object, na_value="")
        digest.update("\x1f".join(map(str, cells)).encode() + b"\x1e")


def _numbers(values: np.ndarray) -> bytes:
    plain = np.where(np.isnan(values), np.nan, values + 0.0)
    return np.ascontiguousarray(plain, dtype="<f8").tobytes()
