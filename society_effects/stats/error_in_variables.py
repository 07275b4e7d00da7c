"""What would the adjusted difference be, had the earlier score been measured without error?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjusted_difference import adjusted_difference
from .allocations import DEFAULT_SEED, streams
from .inference import Inference, from_t

Array = NDArray[np.float64]
GRID = (0.6, 0.7, 0.8, 0.9, 1.0)
LEAST_LEFT = 1e-6
"""The least share of a score's variance that must be left once its error and the other covariates are taken out."""
DRAWS_NEEDED = 0.95
ROUNDING = 1e-10
"""Estimates, in standard deviations of the outcome, that vary no more than this do so by rounding."""


@dataclass(frozen=True, slots=True)
class ErrorInVariables:
    """The adjusted difference for each reliability.

    reliability : (r,), within arms. difference : its fields are arrays (r,). draws : bootstrap samples that could be
    evaluated, (r,).
    """

    reliability: Array
    difference: Inference
    draws: NDArray[np.int64]


def within_arm_reliability(reliability: ArrayLike, baseline: ArrayLike, member: ArrayLike) -> Array:
    """How reliable is the earlier score among the students of one arm, given its reliability among all?

    The error variance is the same, the variance of the score is smaller: 1 - (1 - reliability) total / within. NaN
    where the error variance would be larger than the variance within the arms.

    >>> within_arm_reliability(0.9, [1, 2, 3, 3, 4, 5], [0, 0, 0, 1, 1, 1]).round(4).tolist()
    0.8
    """
    x, arm = np.asarray(baseline, dtype=float), np.asarray(member).astype(bool)
    within = sum(float(np.sum((x[a] - x[a].mean()) ** 2)) for a in (arm, ~arm)) / (len(x) - 2)
    ratio = np.var(x, ddof=1) / within if within > 0 else np.inf
    inside = 1 - (1 - np.asarray(reliability, dtype=float)) * ratio
    return np.where(inside > 0, inside, np.nan)


def error_in_variables(
    outcome: ArrayLike,
    baseline: ArrayLike,
    member: ArrayLike,
    reliability: ArrayLike = GRID,
    *,
    covariates: ArrayLike | None = None,
    target: str = "members",
    interactions: bool = True,
    clusters: ArrayLike | None = None,
    conf_level: float = 0.95,
    resamples: int = 1999,
    seed: int = DEFAULT_SEED,
) -> ErrorInVariables:
    """What would the adjusted difference be, had the earlier score been measured without error?

    Parameters
    ----------
    outcome, baseline : (n,), the later and the earlier score. member : (n,), true for members.
    reliability : number or (r,), of the earlier score *within* an arm (see :func:`within_arm_reliability`).
    covariates : (n, k), further covariates, taken as measured without error.
    target, interactions : as in :func:`society_effects.stats.adjusted_difference.adjusted_difference`.
    clusters : (n,), whole classes are then resampled.
    resamples, seed : of the bootstrap, within arms (within classes with members only, others only, and both).

    The error variance is taken out of the earlier score's variance in each arm before the slopes are made; without
    further covariates this is the regression on mu + reliability (score - mu), mu the mean of the arm. With
    reliability 1 the estimate is that of the ordinary adjustment, whose degrees of freedom are used throughout. Each
    stratum is resampled with one unit less than it has, which makes the variance right in small ones.

    Flags: ``RELIABILITY_TOO_LOW`` (nothing of the score would be left), ``BOOTSTRAP_DEGENERATE`` (over 5 % of the
    samples allow no estimate: no standard error), and those of the ordinary adjustment.
    Fuller (1987) doi:10.1002/9780470316665; Rao and Wu (1988) doi:10.1080/01621459.1988.10478591.

    >>> before, after = [50, 60, 70, 80, 55, 65, 75, 85], [52, 61, 75, 80, 60, 72, 80, 93]
    >>> found = error_in_variables(after, before, [0, 0, 0, 0, 1, 1, 1, 1], (0.8, 1.0), resamples=99)
    >>> found.difference.estimate.round(2).tolist()
    [3.12, 4.35]
    """
    rho = np.atleast_1d(np.asarray(reliability, dtype=float))
    y, x, arm = np.asarray(outcome, dtype=float), np.asarray(baseline, dtype=float), np.asarray(member).astype(bool)
    more = np.zeros((len(y), 0)) if covariates is None else np.asarray(covariates, dtype=float)
    design = np.column_stack([x, more])
    plain = adjusted_difference(y, arm, design, target=target, interactions=interactions, clusters=clusters)
    kept = list(plain.terms.main)
    own_slopes = plain.terms.interacted == plain.terms.main
    table = np.column_stack([design[:, kept], y])
    table = (table - table.mean(axis=0)) / (unit := np.maximum(table.std(axis=0), np.finfo(float).tiny))
    units, strata = _units(_features(table, arm), arm, clusters)
    usable = rho if 0 in kept else np.full(len(rho), np.nan)
    observed = _estimates(units.sum(axis=0)[None], usable, own_slopes, target)[0]
    estimate = np.where(np.isnan(usable), np.nan, unit[-1] * observed)
    blocks = (_weights(strata, size, rng) @ units for size, rng in streams(len(units), resamples, seed))
    std_error, draws = _spread(np.concatenate([_estimates(block, usable, own_slopes, target) for block in blocks]))
    low, known = ~np.isfinite(estimate), np.isfinite(plain.difference.std_error)
    found = from_t(
        estimate,
        np.where(known & ~low, unit[-1] * std_error, np.nan),
        plain.difference.df,
        conf_level=conf_level,
        method="error_in_variables",
        flags={
            **plain.difference.flags,
            "RELIABILITY_TOO_LOW": low,
            "BOOTSTRAP_DEGENERATE": ~low & known & np.isnan(std_error),
        },
    )
    return ErrorInVariables(rho, found, draws)


def _spread(drawn: Array) -> tuple[Array, NDArray[np.int64]]:
    """Standard deviation of each column's finite draws (NaN where too few are), and their number."""
    finite = np.isfinite(drawn)
    draws = finite.sum(axis=0)
    mean = np.where(finite, drawn, 0.0).sum(axis=0) / np.maximum(draws, 1)
    squares = np.where(finite, (np.where(finite, drawn, mean) - mean) ** 2, 0.0).sum(axis=0)
    enough = (draws >= DRAWS_NEEDED * len(drawn)) & (draws > 1)
    spread = np.sqrt(squares / np.maximum(draws - 1, 1))
    return np.where(enough, np.where(spread > ROUNDING, spread, 0.0), np.nan), draws


def _features(table: Array, arm: NDArray[np.bool_]) -> Array:
    """What each student adds to the sums of each arm: products of 1 and the values; (n, 2, (1 + d) ** 2)."""
    with_one = np.column_stack([np.ones(len(table)), table])
    products = (with_one[:, :, None] * with_one[:, None, :]).reshape(len(table), -1)
    return np.asarray(products[:, None, :] * np.column_stack([~arm, arm])[:, :, None])


def _units(features: Array, arm: NDArray[np.bool_], clusters: ArrayLike | None) -> tuple[Array, NDArray[np.int64]]:
    """The sums of each unit that is drawn, flat and in an order of their own, and the stratum of each."""
    codes = np.arange(len(arm)) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    sums = np.zeros((codes.max() + 1, features[0].size))
    np.add.at(sums, codes, features.reshape(len(features), -1))
    share = np.bincount(codes, arm) / np.bincount(codes)
    strata = np.where(share == 1, 1, np.where(share == 0, 0, 2))
    order = np.lexsort((*sums.T[::-1], strata))
    return sums[order], strata[order]


def _weights(strata: NDArray[np.int64], draws: int, rng: np.random.Generator) -> Array:
    """How often each unit is drawn: in each stratum one fewer than it has, with replacement."""
    parts = []
    for size in np.bincount(strata, minlength=3):
        if size:
            chances = np.full(size, 1 / size)
            parts.append(rng.multinomial(size - 1, chances, draws) * (size / max(size - 1, 1)))
    return np.concatenate(parts, axis=1)


def _estimates(sums: Array, reliability: Array, own_slopes: bool, target: str) -> Array:
    """The difference for each row of sums and each reliability; NaN where it cannot be made."""
    d = round(np.sqrt(sums.shape[-1] / 2)) - 1
    products = sums.reshape(len(sums), 2, d + 1, d + 1)
    n = products[:, :, 0, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        means = products[:, :, 0, 1:] / n[:, :, None]
        scatter = products[:, :, 1:, 1:] - n[:, :, None, None] * means[:, :, :, None] * means[:, :, None, :]
        overall = np.sum(n[:, :, None] * means, axis=1) / np.sum(n, axis=1)[:, None]
    if not own_slopes:
        scatter = np.repeat(scatter.sum(axis=1, keepdims=True), 2, axis=1)
    place = (means[:, 1] if target == "members" else overall)[:, :-1]
    arms = []
    for a in (0, 1):
        step = place - means[:, a, :-1]
        along = np.einsum("brk,bk->br", _slopes(scatter[:, a], reliability), step)
        arms.append(means[:, a, -1][:, None] + np.where(np.any(step != 0, axis=1)[:, None], along, 0.0))
    return np.asarray(arms[1] - arms[0])


def _slopes(scatter: Array, reliability: Array) -> Array:
    """Slopes of the outcome (last) on the earlier score (first) and the rest, without the score's error; (b, r, k)."""
    k = scatter.shape[-1] - 1
    others = scatter[:, 1:k, 1:k]
    by_others = scatter[:, 1:k][:, :, [0, k]]
    solved = np.linalg.pinv(others, hermitian=True) @ by_others
    left = scatter[:, [0, k]][:, :, [0, k]] - by_others.transpose(0, 2, 1) @ solved
    true = left[:, :1, 0] - (1 - reliability) * scatter[:, :1, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(true > LEAST_LEFT * scatter[:, :1, 0], left[:, :1, 1] / true, np.nan)
    rest = solved[:, None, :, 1] - solved[:, None, :, 0] * slope[:, :, None]
    return np.concatenate([slope[:, :, None], rest], axis=2)
