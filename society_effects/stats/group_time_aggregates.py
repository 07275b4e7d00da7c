"""Staggered joining in few numbers: one for all, one per wave since joining, per joining wave, per wave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .group_time import GroupTime
from .influence import Influenced

Array = NDArray[np.float64]
KINDS = ("simple", "event", "cohort", "calendar")


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Effects of staggered joining, averaged.

    at : array (k,), waves since joining, joining waves or waves; empty for ``"simple"``. path : the k estimates.
    overall : one estimate of all waves from joining on. n_dropped : cells left out, as they have no standard error.
    """

    kind: str
    at: NDArray[np.int64]
    path: Influenced
    overall: Influenced
    n_dropped: int


def aggregate(found: GroupTime, kind: str) -> Aggregate:
    """What is the effect of joining, averaged over cohorts and waves?

    Parameters
    ----------
    kind : ``"simple"``: all waves from joining on, each cell weighted by the size of its cohort. ``"event"``: by waves
        since joining, cohorts weighted by size; negative ones are the path before joining; overall the plain mean from
        0 on. ``"cohort"``: by joining wave, the plain mean over its waves; overall weighted by size. ``"calendar"``:
        by wave, cohorts weighted by size; overall the plain mean.

    Sizes of cohorts are estimated from the sample, and their influence is part of that of the averages. Cells without
    a standard error (a cohort of one student, no comparison students) take no part; where none is left, estimate and
    standard error are NaN, with flag ``NO_COMPARISON``.
    Callaway and Sant'Anna (2021) doi:10.1016/j.jeconom.2020.12.001, section 3.

    >>> from society_effects.stats.group_time import group_time
    >>> scores = [[1, 2, 6], [2, 3, 8], [1, 5, 7], [3, 6, 6], [2, 2, 2], [3, 4, 5], [1, 1, 2]]
    >>> found = aggregate(group_time(scores, [2, 2, 1, 1, -1, -1, -1]), "event")
    >>> found.at.tolist(), found.path.estimate.round(3).tolist(), found.overall.estimate.round(3).tolist()
    ([-1, 0, 1], [0.667, 3.5, 3.5], [3.5])
    """
    effects, after = found.effects, found.wave >= found.cohort
    usable = np.isfinite(effects.estimate) & np.isfinite(effects.influence).all(axis=0)
    dropped = int(np.sum(~usable))
    if kind == "simple":
        nothing = effects.only(np.zeros(0, dtype=int))
        return Aggregate(kind, np.zeros(0, dtype=int), nothing, _weighted(found, [usable & after]), dropped)
    where = {"event": found.wave - found.cohort, "cohort": found.cohort, "calendar": found.wave}[kind]
    taken = usable if kind == "event" else usable & after
    at = np.unique(where[taken])
    groups = [taken & (where == place) for place in at]
    path = _plain(effects, groups) if kind == "cohort" else _weighted(found, groups)
    if kind == "cohort":
        overall = _weighted_by_size(path, found.sizes[:, np.isin(found.cohorts, at)])
    else:
        overall = _plain(path, [at >= 0] if kind == "event" else [at >= at.min(initial=0)])
    return Aggregate(kind, at, path, overall, dropped)


def _plain(effects: Influenced, groups: list[NDArray[np.bool_]]) -> Influenced:
    """Plain means of groups of estimates."""
    weights = np.array(groups, dtype=float).reshape(len(groups), len(effects.estimate)).T
    return _averaged(effects, weights, weights.sum(axis=0))


def _weighted(found: GroupTime, groups: list[NDArray[np.bool_]]) -> Influenced:
    """Means of groups of cells, each weighted by the size of its cohort."""
    sizes = found.sizes[:, np.searchsorted(found.cohorts, found.cohort)]
    chosen = np.array(groups, dtype=float).reshape(len(groups), len(found.cohort)).T
    weights = sizes.sum(axis=0)[:, None] * chosen
    return _averaged(found.effects, weights, weights.sum(axis=0), sizes, chosen)


def _weighted_by_size(path: Influenced, sizes: Array) -> Influenced:
    weights = sizes.sum(axis=0)[:, None]
    return _averaged(path, weights, weights.sum(axis=0), sizes, np.ones_like(weights))


def _averaged(
    effects: Influenced, weights: Array, total: Array, sizes: Array | None = None, chosen: Array | None = None
) -> Influenced:
    """Weighted means; where the weights are sizes, a student's presence moves them too."""
    none = total == 0
    divisor = np.where(none, 1.0, total)
    kept = Influenced(
        np.nan_to_num(effects.estimate), np.nan_to_num(effects.influence), effects.used, effects.strata, effects.method
    )
    share = weights / divisor
    also: Array | float = 0.0
    if sizes is not None and chosen is not None:
        mean = kept.estimate @ share
        also = (sizes @ (chosen * (kept.estimate[:, None] - mean))) / divisor
    result = kept.combined(share, also)
    return Influenced(
        np.where(none, np.nan, result.estimate),
        np.where(none, np.nan, result.influence),
        result.used,
        result.strata,
        result.method,
        {"NO_COMPARISON": none},
    )
