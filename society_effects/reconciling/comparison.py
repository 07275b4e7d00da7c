"""What a program sees of one outcome: the values of the groups, and the rows in which it prints its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

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
    conf_level : of the intervals.
    """

    outcome: Outcome
    levels: tuple[str, ...]
    values: tuple[np.ndarray, ...]
    exposure: tuple[np.ndarray, ...] | None = None
    conf_level: float = 0.95

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
    """The observed values of these groups on one outcome."""
    values = study.matrix([outcome.column])[:, 0]
    known = [study.arm(level) & ~np.isnan(values) for level in levels]
    exposure = None
    if outcome.exposure is not None:
        time = study.units[outcome.exposure].to_numpy(dtype=float)
        exposure = tuple(time[mask] for mask in known)
    return Seen(outcome, levels, tuple(values[mask] for mask in known), exposure, conf_level)


Printing = Iterator[Printed]
