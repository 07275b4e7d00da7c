"""From which comparisons is a two-way fixed effects estimate made?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bacon:
    """The two-by-two comparisons behind a two-way fixed effects estimate, one row each.

    cohort : joining wave of those who join. other : joining wave of those they are compared with (-1 never).
    kind : ``"never"``, ``"later"`` (not joined yet), ``"earlier"`` (members already: not a comparison of members with
    non-members), ``"always"`` (members from the first wave on, the same). weight : adds up to 1. estimate : difference
    of the changes.
    """

    cohort: NDArray[np.int64]
    other: NDArray[np.int64]
    kind: tuple[str, ...]
    weight: Array
    estimate: Array

    @property
    def total(self) -> float:
        """The two-way fixed effects estimate."""
        return float(self.weight @ self.estimate)

    def share(self, kind: str) -> float:
        """Which share of the weight has one kind of comparison?"""
        return float(self.weight[[own == kind for own in self.kind]].sum())


def bacon(values: ArrayLike, first_wave: ArrayLike) -> Bacon:
    """How much weight has each comparison of two cohorts in the two-way fixed effects estimate?

    values : array (units, waves) without missing values (the decomposition is exact for complete panels only).
    first_wave : array (units,), position of the first wave as a member, -1 never, 0 always.
    Goodman-Bacon (2021) doi:10.1016/j.jeconom.2021.03.014.

    >>> found = bacon([[1, 2, 5], [2, 3, 7], [1, 4, 4], [4, 4, 5]], [2, 2, 1, -1])
    >>> found.kind, round(found.share("earlier"), 4)
    (('never', 'later', 'never', 'earlier'), 0.2)
    """
    y, first = np.asarray(values, dtype=float), np.asarray(first_wave)
    n_waves = y.shape[1]
    starts = {int(g): (first == g).sum() for g in np.unique(first)}
    means = {g: y[first == g].mean(axis=0) for g in starts}
    rows: list[tuple[int, int, str, float, float]] = []
    for g in sorted(start for start in starts if start > 0):
        for other in starts:
            if other == g:
                continue
            kind = "never" if other < 0 else "always" if other == 0 else "later" if other > g else "earlier"
            weight = _weight(g, other, kind, starts, n_waves)
            rows.append((g, other, kind, weight, _change(means, g, other, kind)))
    total = sum(row[3] for row in rows)
    return Bacon(
        cohort=np.array([row[0] for row in rows], dtype=int),
        other=np.array([row[1] for row in rows], dtype=int),
        kind=tuple(row[2] for row in rows),
        weight=np.array([row[3] / total for row in rows]),
        estimate=np.array([row[4] for row in rows]),
    )


def _weight(g: int, other: int, kind: str, counts: dict[int, int], n_waves: int) -> float:
    """The weight, up to a factor: sizes of the two cohorts times the variation of membership between them."""
    sizes = float(counts[g] * counts[other])
    share = 1 - g / n_waves
    if kind in ("never", "always"):
        return sizes * share * (1 - share)
    shared = 1 - other / n_waves
    return sizes * (share - shared) * (1 - share) if kind == "later" else sizes * share * (shared - share)


def _change(means: dict[int, Array], g: int, other: int, kind: str) -> float:
    """By how much more the cohort's mean changes than the other's, in the waves in which only it joins."""
    start, end = (0, other) if kind == "later" else (other if kind == "earlier" else 0, None)
    difference = means[g][start:end] - means[other][start:end]
    return float(difference[g - start :].mean() - difference[: g - start].mean())
