"""Staggered joining: by how much do the students who join at a wave change more than comparison students?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .calibrated_odds import calibrated_odds
from .clustered_means import clustered_means
from .influence import Influenced
from .joining import NEVER

Array = NDArray[np.float64]
Positions = NDArray[np.int64]
CELL_FLAGS = ("NO_PAIRS", "NO_COMPARISON", "NO_OVERLAP", "TOO_FEW", "ONE_CLUSTER_IN_ARM")
FEW_NEVER = 0.10
"""Below this share of students who never join, those not yet joined are compared too."""


@dataclass(frozen=True, slots=True)
class GroupTime:
    """The effect on those who joined at one wave, at every wave.

    cohort, wave, base : arrays (cells,), positions of the joining wave, the wave, and the wave it is compared with.
    effects : the estimates of the cells. n_joined, n_comparison : arrays (cells,), students with both scores.
    cohorts : array (c,), joining waves. pieces : array (pieces,), positions of the students, or names of the classes.
    sizes : array (pieces, c), students of each cohort in each piece.
    n_always : students left out because they were members at the first wave. comparison, base_period : as asked for.
    """

    cohort: Positions
    wave: Positions
    base: Positions
    effects: Influenced
    n_joined: Positions
    n_comparison: Positions
    cohorts: Positions
    pieces: NDArray[np.generic]
    sizes: Array
    n_always: int
    comparison: str
    base_period: str


def group_time(
    values: ArrayLike,
    first_wave: ArrayLike,
    *,
    comparison: str = "never",
    base_period: str = "varying",
    covariates: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> GroupTime:
    """How much more did the students who joined at a wave change than those who had not, at every wave?

    Parameters
    ----------
    values : array (units, waves); NaN where a score is missing. Each cell uses the students with both of its scores.
    first_wave : array (units,), position of the first wave as a member; -1 never. Members at position 0 have no score
        before joining: they are left out and counted.
    comparison : ``"never"``, students who never join, or ``"not_yet"``, also those who join later than both waves.
    base_period : ``"varying"``: waves before joining are compared with the wave before them, later ones with the last
        before joining; ``"universal"``: all are compared with the last wave before joining.
    covariates : array (units, k) known before joining; students without one are left out. The estimate is then the
        improved doubly robust one: comparison students get weights that balance the covariates exactly, and their
        change is predicted by weighted least squares; it is right if either model is, and its influence needs no
        correction for having estimated them.
    clusters : array (units,), optional; students of a class are then one piece.

    Without covariates and with two waves this is the difference of the mean changes with Welch's standard error (CR2
    with clusters): each arm's influence is divided by the root of one minus the piece's share of the arm, where R's
    ``did`` divides by 1. Flags per cell: ``NO_PAIRS`` (no student of the cohort has both scores), ``NO_COMPARISON``,
    ``NO_OVERLAP`` (no weights balance the covariates), ``TOO_FEW`` (an arm of one student, or no more comparison
    students than covariates: no standard error), ``ONE_CLUSTER_IN_ARM`` (no standard error).
    Callaway and Sant'Anna (2021) doi:10.1016/j.jeconom.2020.12.001; Sant'Anna and Zhao (2020)
    doi:10.1016/j.jeconom.2020.06.003.

    >>> scores = [[1, 2, 6], [2, 3, 8], [1, 1, 2], [3, 4, 5], [2, 2, 2]]
    >>> found = group_time(scores, [2, 2, -1, -1, -1])
    >>> found.wave.tolist(), found.effects.estimate.round(4).tolist()
    ([1, 2], [0.6667, 3.8333])
    """
    y, first = np.asarray(values, dtype=float), np.asarray(first_wave)
    x = np.ones((len(y), 1))
    if covariates is not None:
        x = np.column_stack([x, np.asarray(covariates, dtype=float).reshape(len(y), -1)])
    names = np.arange(len(y)) if clusters is None else np.asarray(clusters)
    observed = np.isfinite(x).all(axis=1) & np.isfinite(y).any(axis=1)
    seen = observed & (first != 0)
    y, joined_at, x = y[seen], first[seen], x[seen]
    pieces, codes = np.unique(names[seen], return_inverse=True)
    cohorts = np.unique(joined_at[joined_at > 0])
    cells = [(g, t, b) for g in cohorts for t, b in _waves(int(g), y.shape[1], base_period)]
    rows = [_cell(y, joined_at, x, codes, cell, comparison) for cell in cells]
    positions = np.array(cells, dtype=int).reshape(-1, 3)
    return GroupTime(
        cohort=positions[:, 0],
        wave=positions[:, 1],
        base=positions[:, 2],
        effects=_collected(rows, _strata(codes, joined_at), "group_time" if covariates is None else "group_time_dr"),
        n_joined=np.array([row.n_joined for row in rows], dtype=int),
        n_comparison=np.array([row.n_comparison for row in rows], dtype=int),
        cohorts=cohorts,
        pieces=pieces,
        sizes=np.array([np.bincount(codes[joined_at == g], minlength=len(pieces)) for g in cohorts], dtype=float).T,
        n_always=int(np.sum((first == 0) & observed)),
        comparison=comparison,
        base_period=base_period,
    )


def comparison_of(first_wave: ArrayLike) -> str:
    """Who is compared by default: those who never join, unless they are fewer than a tenth.

    >>> comparison_of([1, 1, -1, -1]), comparison_of([1] * 10 + [2] * 10 + [-1])
    ('never', 'not_yet')
    """
    first = np.asarray(first_wave)
    return "not_yet" if np.mean(first[first != 0] == NEVER) < FEW_NEVER else "never"


@dataclass(frozen=True, slots=True)
class _Cell:
    estimate: float
    influence: Array
    used: NDArray[np.bool_]
    n_joined: int
    n_comparison: int
    flag: str | None


def _waves(cohort: int, n_waves: int, base_period: str) -> list[tuple[int, int]]:
    """The waves of a cohort, each with the wave it is compared with."""
    last = cohort - 1
    if base_period == "universal":
        return [(t, last) for t in range(n_waves) if t != last]
    return [(t, t - 1 if t < cohort else last) for t in range(1, n_waves)]


def _cell(
    y: Array, first: Positions, x: Array, pieces: Positions, cell: tuple[int, int, int], comparison: str
) -> _Cell:
    cohort, wave, base = cell
    others = first == NEVER
    if comparison == "not_yet":
        others |= (first > max(wave, base)) & (first != cohort)
    change = y[:, wave] - y[:, base]
    pairs = np.isfinite(change)
    member, other = pairs & (first == cohort), pairs & others
    n1, n0, total = int(member.sum()), int(other.sum()), int(pieces.max()) + 1
    nothing, nobody = np.full(total, np.nan), np.zeros(total, dtype=bool)
    missing = "NO_PAIRS" if n1 == 0 else "NO_COMPARISON" if n0 == 0 else None
    if missing:
        return _Cell(np.nan, nothing, nobody, n1, n0, missing)
    weights = calibrated_odds(x[member], x[other]) if x.shape[1] > 1 else np.ones(n0)
    if weights is None:
        return _Cell(np.nan, nothing, nobody, n1, n0, "NO_OVERLAP")
    pair = member | other
    weight = np.ones(len(y))
    weight[other] = weights
    left, p = _unexplained(change, x, other, weight)
    rounding = 1e-12 * np.abs(y[:, [wave, base]][pair]).max()
    names = np.unique(pieces[pair])
    fit = clustered_means((weight * left)[pair], member[pair], pieces[pair], exposure=weight[pair])
    estimate = float(fit.mean[1] - fit.mean[0])
    used = nobody.copy()
    used[names] = True
    alone = "TOO_FEW" if n1 < 2 or n0 <= p else "ONE_CLUSTER_IN_ARM" if fit.share.max() > 1 - 1e-12 else None
    if alone:
        return _Cell(estimate, nothing, used, n1, n0, alone)
    influence = np.zeros(total)
    if max(np.ptp(left[member]), np.ptp(left[other])) <= rounding:
        return _Cell(0.0 if abs(estimate) <= rounding else estimate, influence, used, n1, n0, None)
    influence[names] = fit.influence[:, 1] - fit.influence[:, 0] * np.sqrt((n0 - 1) / (n0 - p))
    return _Cell(estimate, influence, used, n1, n0, None)


def _unexplained(change: Array, x: Array, other: NDArray[np.bool_], weight: Array) -> tuple[Array, int]:
    """Changes less what comparison students with these covariates change by, and how many terms that took."""
    if x.shape[1] == 1:
        return change, 1
    root = np.sqrt(weight[other])
    fitted, _, rank, _ = np.linalg.lstsq(x[other] * root[:, None], change[other] * root, rcond=None)
    return change - x @ fitted, int(rank)


def _strata(pieces: Positions, first: Positions) -> Positions:
    """The cohort of each piece; one stratum for all where a class holds students of several cohorts."""
    lowest, highest = np.full(pieces.max(initial=-1) + 1, np.iinfo(int).max), np.full(pieces.max(initial=-1) + 1, -2)
    np.minimum.at(lowest, pieces, first)
    np.maximum.at(highest, pieces, first)
    return lowest if np.array_equal(lowest, highest) else np.zeros_like(lowest)


def _collected(rows: list[_Cell], strata: Positions, method: str) -> Influenced:
    blank = np.zeros((len(strata), 0))
    return Influenced(
        estimate=np.array([row.estimate for row in rows]),
        influence=np.column_stack([blank, *(row.influence for row in rows)]),
        used=np.column_stack([blank, *(row.used for row in rows)]).astype(bool),
        strata=strata,
        method=method,
        flags={flag: np.array([row.flag == flag for row in rows]) for flag in CELL_FLAGS},
    )
