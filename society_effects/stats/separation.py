"""Has a regression of events no finite coefficients, because its columns tell some of those with and without apart?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
SMALLEST_DISTANCE = 1e-7
"""Rows that are nearer to 0, where columns go to 1, lie on the border."""
ROUNDING = 1e-9
"""A direction in which rows are no larger than this share of their largest one is one in which they are 0."""


@dataclass(frozen=True, slots=True)
class Separation:
    """Which students and columns are told apart?

    students : (n,), true for those whose fitted probability (or count) would go to its bound. columns : names of the
    columns whose coefficients would grow without end, as few of them as do it; the constant is not named.
    """

    students: Mask
    columns: tuple[str, ...] = ()

    @property
    def kind(self) -> str | None:
        """``"complete"`` (all students are told apart), ``"quasi"`` (some are), or None."""
        if not np.any(self.students):
            return None
        return "complete" if np.all(self.students) else "quasi"


def separated_events(design: ArrayLike, event: ArrayLike, names: Sequence[str]) -> Separation:
    """Does some combination of the columns never lie below 0 with the event, nor above 0 without it?

    Then, and only then, logistic regression has no finite coefficients. Decided by linear programming, exactly.

    Parameters
    ----------
    design : array (n, p) of full rank, its first column the constant. event : array (n,), 0 or 1. names : of the p
        columns.

    Albert and Anderson (1984) doi:10.1093/biomet/71.1.1; Konis (2007), DPhil thesis, University of Oxford.

    >>> design = np.column_stack([np.ones(6), [1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1]])
    >>> found = separated_events(design, [0, 0, 0, 1, 1, 1], ["(Intercept)", "score", "sex"])
    >>> found.kind, found.columns
    ('complete', ('score',))
    """
    return _separation(design, np.where(np.asarray(event, dtype=float) > 0, 1.0, -1.0), names)


def separated_counts(design: ArrayLike, count: ArrayLike, names: Sequence[str]) -> Separation:
    """Is some combination of the columns 0 for all who have events, and never above 0 for the others?

    Then, and only then, Poisson regression has no finite coefficients. Parameters as of :func:`separated_events`.
    Santos Silva and Tenreyro (2010) doi:10.1016/j.econlet.2010.02.020.

    >>> design = np.column_stack([np.ones(5), [0, 0, 0, 1, 1]])
    >>> separated_counts(design, [2, 0, 1, 0, 0], ["(Intercept)", "first_year"]).columns
    ('first_year',)
    """
    return _separation(design, np.where(np.asarray(count, dtype=float) > 0, 0.0, -1.0), names)


def surely_finite(design: ArrayLike, residuals: ArrayLike, room: ArrayLike) -> bool:
    """Does a fit prove by itself that there is no separation, so that no linear program is needed?

    Along a combination that separates, the score would be at least as large as the smallest room that a separated
    student leaves to the bound; a fit with smaller scores excludes it.

    design : array (n, p). residuals : array (n,), outcome less fitted mean. room : how far the fitted means (n,) that
    could be separated are from their bounds.
    """
    basis = np.linalg.qr(np.asarray(design, dtype=float))[0]
    score = float(np.linalg.norm(basis.T @ np.asarray(residuals, dtype=float)))
    smallest = float(np.min(np.asarray(room, dtype=float), initial=np.inf))
    return bool(smallest > 10 * np.sqrt(len(basis)) * score)


def _separation(design: ArrayLike, side: Array, names: Sequence[str]) -> Separation:
    """side : 1 where the combination must not be below 0, -1 where not above, 0 where it must be 0."""
    x = np.array(design, dtype=float)
    x[:, 1:] -= x[:, 1:].mean(axis=0)  # which the constant makes good
    signed = x / np.abs(x).max(axis=0) * np.where(side == 0, 1.0, side)[:, None]
    students = np.zeros(len(x), dtype=bool)
    students[side != 0] = _separable(signed[side != 0], signed[side == 0])
    if not students.any():
        return Separation(students)
    needed = _fewest(signed[students], np.asarray(np.linalg.qr(signed[~students], mode="r")))
    return Separation(students, tuple(names[i] for i in needed))


def _separable(free: Array, border: Array) -> Mask:
    """Which rows are above 0 in some combination that is nowhere below 0 (and 0 on the border)? The largest such set.

    Rows that were found leave the search: a large multiple of the combination that found them keeps them above 0. All
    others are then exactly 0 in it, by which the answer is verified.
    """
    from scipy.optimize import linprog

    apart = np.zeros(len(free), dtype=bool)
    while not apart.all():
        rows = free[~apart]
        equal = (border, np.zeros(len(border))) if len(border) else (None, None)
        found = linprog(-rows.sum(axis=0), -rows, np.zeros(len(rows)), *equal, bounds=(-1, 1), method="highs")
        if not found.success:
            raise ArithmeticError(f"linear program of separation: {found.message}")
        above = rows @ found.x > SMALLEST_DISTANCE
        exact = _no_part_in(np.vstack([rows[~above], border])) @ found.x
        if not above.any() or np.any(rows[above] @ exact < SMALLEST_DISTANCE / 2):
            break
        apart[~apart] = above
    return apart


def _no_part_in(rows: Array) -> Array:
    """The projection (p, p) on all combinations that are 0 in each of these rows."""
    if not len(rows):
        return np.eye(rows.shape[1])
    triangle = np.linalg.qr(rows, mode="r")
    _, sizes, vectors = np.linalg.svd(triangle)
    sizes = np.r_[sizes, np.zeros(rows.shape[1] - len(sizes))]
    own = vectors[sizes <= ROUNDING * sizes[0]]
    return np.asarray(own.T @ own)


def _fewest(apart: Array, others: Array) -> list[int]:
    """Columns of which none can be spared for telling the first rows from the others; the constant is not counted."""
    weights = _weights(apart, others, list(range(1, apart.shape[1])))
    needed = [int(i) for i in np.flatnonzero(weights) if i]
    for column in sorted(needed, key=lambda i: abs(weights[i])):
        rest = [i for i in needed if i != column]
        if _weights(apart, others, rest).any():
            needed = rest
    return needed


def _weights(apart: Array, others: Array, columns: list[int]) -> Array:
    """Weights of these columns (and the constant), small in sum, that lift one set to 1 and leave the other at 0.

    0 where there are none.
    """
    from scipy.optimize import linprog

    used = [0, *columns]
    cost, one, two = np.r_[0.0, np.ones(len(columns))], apart[:, used], others[:, used]
    found = linprog(
        np.r_[cost, cost],
        np.column_stack([-one, one]),
        -np.ones(len(one)),
        *((np.column_stack([two, -two]), np.zeros(len(two))) if len(two) else (None, None)),
        bounds=(0, None),
        method="highs",
    )
    weights = np.zeros(apart.shape[1])
    if found.success:
        weights[used] = found.x[: len(used)] - found.x[len(used) :]
    return np.where(np.abs(weights) > 1e-7 * np.abs(weights).max(), weights, 0.0)
