"""What a program sees of one outcome: the values of the groups, and the rows in which it prints its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps

import numpy as np
import pandas as pd

from ..stats.counts import CountMoments
from ..stats.moments import Moments
from ..study.outcome import Outcome
from ..study.study import Study


@dataclass(frozen=True)
class Printed:
    """One number that a program prints.

    item : its key; P values end in ``_p``. counterpart : where our number stands, as ``frame.key.column``.
    marked : the number that users of the program read. term : what it belongs to, such as a group.
    """

    item: str
    theirs: float
    counterpart: str | None = None
    marked: bool = False
    term: str | None = None


@dataclass(frozen=True)
class Seen:
    """The values of several groups on one outcome; of two groups the member's first.

    levels : the groups. values : of each group. exposure : behind counts, None where every student counts the same.
    conf_level : of the intervals. in_full : False where only n, mean and SD are known and the values stand in for them.
    """

    outcome: Outcome
    levels: tuple[str, ...]
    values: tuple[np.ndarray, ...]
    exposure: tuple[np.ndarray, ...] | None = None
    conf_level: float = 0.95
    in_full: bool = True

    @cached_property
    def moments(self) -> list[Moments]:
        """n, mean and SD of each group."""
        return [Moments.of(values) for values in self.values]

    @cached_property
    def together(self) -> Moments:
        """n, mean and SD as arrays over the groups."""
        return Moments(*(np.array([getattr(m, name) for m in self.moments]) for name in ("n", "mean", "sd")))

    @cached_property
    def all_values(self) -> np.ndarray:
        """All values, group after group."""
        return np.concatenate(self.values)

    @cached_property
    def codes(self) -> np.ndarray:
        """The position of each value's group."""
        return np.repeat(np.arange(len(self.values)), [len(values) for values in self.values])

    @cached_property
    def table(self) -> np.ndarray:
        """Groups by categories; of a yes-or-no outcome the event comes first."""
        if self.outcome.kind == "binary":
            return np.array([[v.sum(), len(v) - v.sum()] for v in self.values])
        categories = np.arange(max(len(self.outcome.categories), 1))
        return np.array([[np.sum(v == c) for c in categories] for v in self.values], dtype=float)

    @cached_property
    def rates(self) -> list[CountMoments]:
        """Events and exposure of each group."""
        exposure = self.exposure or (None,) * len(self.values)
        return [CountMoments.of(v, t) for v, t in zip(self.values, exposure, strict=True)]


def seen(study: Study, outcome: Outcome, levels: tuple[str, ...], conf_level: float) -> Seen:
    """The observed values of these groups on one outcome; from a summary table what it allows."""
    if not study.has_rows:
        rebuilt = tuple(_rebuilt(study, outcome, level) for level in levels)
        return Seen(outcome, levels, rebuilt, None, conf_level, in_full=outcome.kind not in ("continuous", "count"))
    values = study.matrix([outcome.column])[:, 0]
    known = [study.arm(level) & ~np.isnan(values) for level in levels]
    exposure = None
    if outcome.exposure is not None:
        time = study.units[outcome.exposure].to_numpy(dtype=float)
        exposure = tuple(time[mask] for mask in known)
    return Seen(outcome, levels, tuple(values[mask] for mask in known), exposure, conf_level)


Printing = Iterator[Printed]


def of_students(box: Callable[[Seen], Printing]) -> Callable[[Seen], Printing]:
    """A box that needs the value of each student; empty where only means are known."""

    @wraps(box)
    def guarded(groups: Seen) -> Printing:
        if groups.in_full:
            yield from box(groups)

    return guarded


def _rebuilt(study: Study, outcome: Outcome, level: str) -> np.ndarray:
    """Values with the counts of a summary table, or with its n, mean and SD."""
    cells = study.cells[(study.cells["outcome"] == outcome.column) & (study.cells["group"] == level)]
    by_category = cells[cells["category"].notna()].set_index("category")["events"]
    if len(by_category):
        counts = by_category.reindex(list(outcome.categories)).fillna(0).astype(int)
        return np.repeat(np.arange(len(counts), dtype=float), counts)
    cell = cells.iloc[0]
    n = int(cell["n"])
    if outcome.kind == "binary":
        return np.repeat([1.0, 0.0], [int(cell["events"]), n - int(cell["events"])])
    spread = np.arange(n) - (n - 1) / 2
    sd = 0.0 if n < 2 or pd.isna(cell["sd"]) else float(cell["sd"]) / spread.std(ddof=1)
    return float(cell["mean"]) + sd * spread
