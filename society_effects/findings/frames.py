"""The frames of a result, each made when it is first read: a comparison does not pay for what nobody looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from .schema import as_frame, check_columns, n_rows


class Frames(Mapping[str, pd.DataFrame]):
    """Frames by name, from tables in any order of columns; an empty table is absent.

    Names and columns are checked against the glossary at once, types when the frame is made.

    >>> frames = Frames({"ledger": {"step": ["data"], "n_after": [667]}, "truth": {"value": []}})
    >>> list(frames), frames["ledger"]["n_after"].tolist()
    (['ledger'], [667])
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        for name, table in tables.items():
            check_columns(name, table)
        self._tables = {name: table for name, table in tables.items() if n_rows(table)}
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = as_frame(name, self._tables[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)
