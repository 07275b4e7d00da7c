"""Who was in, who was dropped, and why? Steps that count students and add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .scores import Scores

COLUMNS = ("step", "outcome", "group", "reason", "n_before", "n_dropped", "n_after")


@dataclass(frozen=True)
class Step:
    """One step: how many students there were before it, and how many it dropped for which reason."""

    step: str
    reason: str | None
    n_before: int
    n_dropped: int
    outcome: str | None = None
    group: str | None = None

    @property
    def n_after(self) -> int:
        """How many students are left?"""
        return self.n_before - self.n_dropped


def steps_as_columns(steps: Iterable[Step]) -> dict[str, list[Any]]:
    """The steps as plain columns, those of the frame ``ledger``."""
    listed = list(steps)
    return {name: [getattr(step, name) for step in listed] for name in COLUMNS}


def ledger_frame(columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    """The columns of the ledger as a table."""
    text = ("step", "outcome", "group", "reason")
    return pd.DataFrame({n: pd.Series(cells, dtype=object if n in text else int) for n, cells in columns.items()})


def outcome_steps(outcome: str, group: str | None, n: int, reasons: Mapping[str, int]) -> list[Step]:
    """The chain of one outcome in one group: one step per reason, then who is analysed."""
    steps: list[Step] = []
    left = n
    for reason, dropped in reasons.items():
        steps.append(Step("outcome_missing", reason, left, dropped, outcome, group))
        left -= dropped
    return [*steps, Step("analysed", None, left, 0, outcome, group)]


def reasons_by_group(waves: list[Scores], codes: NDArray[np.int64], n_groups: int) -> list[dict[str, int]]:
    """Per group: how many students have no score at any wave, by the reason at the last wave."""
    missing = np.logical_and.reduce([scores.reason >= 0 for scores in waves])
    last = waves[-1]
    counted: list[dict[str, int]] = []
    for group in range(n_groups):
        why = np.bincount(last.reason[missing & (codes == group)], minlength=len(last.reasons))
        counted.append({last.reasons[k]: int(count) for k, count in enumerate(why) if count})
    return counted
