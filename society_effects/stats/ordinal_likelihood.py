"""The likelihood of ordered categories under proportional odds: its derivatives, its maximum, and if it has one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
STEPS = 60
SMALL_STEP = 1e-8
"""A Newton step this small, in columns of spread 1, is followed by one below rounding."""
FAR = 25.0
"""Log odds beyond this are near enough to certainty to ask whether the categories are separated."""


@dataclass(frozen=True, slots=True)
class OrdinalLikelihood:
    """The log likelihood at a point, and its derivatives there.

    codes : (n,), the category of each student from 0 to m - 1, each of which occurs. columns : (n, p).
    at : (q,), m - 1 thresholds and p slopes. The category of a student ends at ``threshold - columns @ slopes`` and
    begins at that of the threshold before: with both on the logistic scale, its probability is
    expit(end) expit(-begin) (1 - exp(-step between the thresholds)), which is concave and loses no digits.
    """

    codes: Codes
    columns: Array
    at: Array

    @property
    def value(self) -> float:
        """The log likelihood."""
        end, begin = self._limits
        steps = special.xlogy(self._inside, -np.expm1(-self._step))
        return float(np.sum(special.log_expit(end) + special.log_expit(-begin)) + np.sum(steps))

    @property
    def scores(self) -> Array:
        """(n, q), the derivatives of each student's log likelihood."""
        end, begin = self._limits
        up, down = special.expit(-end), special.expit(begin)
        apart = np.r_[0.0, np.exp(-self._step) / -np.expm1(-self._step), 0.0][self.codes]
        of_thresholds = self._placed(up + apart, -down - apart)
        return np.column_stack([of_thresholds, self.columns * (down - up)[:, None]])

    @property
    def roots(self) -> Array:
        """(n, 3, q), rows whose products with themselves are each student's part of the information."""
        end, begin = self._limits
        at_end, at_begin = (np.sqrt(special.expit(v) * special.expit(-v)) for v in (end, begin))
        apart = np.r_[0.0, np.exp(-self._step / 2) / -np.expm1(-self._step), 0.0][self.codes]
        nothing = np.zeros(len(self.codes))
        rows = (
            np.column_stack([self._placed(at_end, nothing), -self.columns * at_end[:, None]]),
            np.column_stack([self._placed(nothing, at_begin), -self.columns * at_begin[:, None]]),
            np.column_stack([self._placed(apart, -apart), np.zeros(self.columns.shape)]),
        )
        return np.stack(rows, axis=1)

    @property
    def information(self) -> Array:
        """(q, q), the observed information."""
        rows = self.roots.reshape(-1, len(self.at))
        return np.asarray(rows.T @ rows)

    @property
    def _limits(self) -> tuple[Array, Array]:
        cuts = np.r_[-np.inf, self.at[: self._cuts], np.inf]
        middle = self.columns @ self.at[self._cuts :]
        return cuts[self.codes + 1] - middle, cuts[self.codes] - middle

    @property
    def _cuts(self) -> int:
        return len(self.at) - self.columns.shape[1]

    @property
    def _step(self) -> Array:
        return np.diff(self.at[: self._cuts])

    @property
    def _inside(self) -> Codes:
        """Students in each category that has both a beginning and an end."""
        return np.bincount(self.codes, minlength=self._cuts + 1)[1:-1]

    def _placed(self, at_end: Array, at_begin: Array) -> Array:
        """(n, m - 1), these values in the columns of the thresholds that end and begin each student's category."""
        found, rows = np.zeros((len(self.codes), self._cuts + 2)), np.arange(len(self.codes))
        found[rows, self.codes + 1] = at_end
        found[rows, self.codes] = at_begin
        return found[:, 1:-1]


def maximum(codes: Codes, columns: Array) -> OrdinalLikelihood | None:
    """Where is the likelihood highest? None where Newton's method finds no such point.

    codes : (n,), categories from 0, each of which occurs. columns : (n, p), of mean 0 and spread 1, independent.

    >>> found = maximum(np.array([0, 1, 1, 2]), np.zeros((4, 0)))
    >>> found.at.round(4).tolist()
    [-1.0986, 1.0986]
    """
    below = np.cumsum(np.bincount(codes))[:-1] / len(codes)
    now = OrdinalLikelihood(codes, columns, np.r_[special.logit(below), np.zeros(columns.shape[1])])
    for _ in range(STEPS):
        information = now.information
        if not np.linalg.cond(information) < 1e13:
            return None
        step = np.linalg.solve(information, now.scores.sum(axis=0))
        last = bool(np.abs(step).max() <= SMALL_STEP)
        found = _uphill(now, step)
        if found is None:
            return None
        now = found
        if last:
            return None if _far(now) and separates(codes, columns) else now
    return None


def separates(codes: Codes, columns: Array) -> bool:
    """Does some combination of the columns order the categories without error, ties at their borders allowed?

    Along such a direction the likelihood rises for ever. Linear programming: thresholds and slopes (bounded) for which
    nobody lies outside his own category, and as much as possible inside. Konis (2007), Computational algorithms for
    linear programming of separation in binary logistic regression, Oxford (thesis); Albert and Anderson (1984)
    doi:10.1093/biomet/71.1.1.

    >>> x = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> separates(np.array([0, 0, 1, 1]), x), separates(np.array([0, 1, 0, 1]), x)
    (True, False)
    """
    from scipy.optimize import linprog

    cuts = np.eye(int(codes.max()))
    ends, begins = codes < len(cuts), codes > 0
    inside = np.vstack(
        [
            np.column_stack([cuts[codes[ends]], -columns[ends]]),
            np.column_stack([-cuts[codes[begins] - 1], columns[begins]]),
        ]
    )
    inside = np.unique(inside, axis=0)
    found = linprog(-inside.sum(axis=0), A_ub=-inside, b_ub=np.zeros(len(inside)), bounds=(-1, 1), method="highs")
    return bool(found.status == 0 and -found.fun > 1e-6)


def _uphill(now: OrdinalLikelihood, step: Array) -> OrdinalLikelihood | None:
    """The point a step away, or less far where that would be lower."""
    least = now.value - 1e-12 * (1 + abs(now.value))
    for halved in range(40):
        found = OrdinalLikelihood(now.codes, now.columns, now.at + step / 2**halved)
        if np.all(found._step > 0) and found.value >= least:
            return found
    return None


def _far(found: OrdinalLikelihood) -> bool:
    end, begin = found._limits
    return bool(np.minimum(np.abs(end), np.abs(begin)).max() > FAR)
