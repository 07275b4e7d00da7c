"""Two-way fixed effects: what a regression with a mean per student and per wave gives. For display beside better ones.

Where students join at different waves and effects differ, it compares joiners with students who joined before them, and
its answer can lie outside all effects; :func:`bacon` shows from which comparisons it is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .clustered_regression import ClusteredRegression, clustered_regression
from .inference import Inference

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TwoWay:
    """A regression with a mean per student and per wave.

    coefficients : array (k,), NaN where the means already explain a regressor. positions : array (k,), where each
    stands in ``regression``, -1 if nowhere. n, n_units, n_waves : scores, students and waves used.
    r2_within : the share of the variation, left after the means, that the regressors explain.
    """

    coefficients: Array
    positions: NDArray[np.int64]
    regression: ClusteredRegression
    n: int
    n_units: int
    n_waves: int
    r2_within: float

    def inference(self, position: int, kind: str = "CR2", *, conf_level: float = 0.95) -> Inference:
        """One coefficient with its limits. Flag ``NOT_IDENTIFIED``: the means already explain this regressor."""
        if self.positions[position] < 0:
            return Inference(np.nan, conf_level=conf_level, method=kind.lower(), flags={"NOT_IDENTIFIED": True})
        return self.regression.inference(int(self.positions[position]), kind, conf_level=conf_level)


def two_way_fixed_effects(values: ArrayLike, regressors: ArrayLike, *, clusters: ArrayLike | None = None) -> TwoWay:
    """By how much do scores differ between students and waves with another value of a regressor, all else absorbed?

    Parameters
    ----------
    values : array (units, waves), NaN where missing.
    regressors : array (units, waves) or (units, waves, k): membership, indicators of :func:`event_indicators`,
        covariates. Scores without one of them are left out.
    clusters : array (units,), by default the student.

    >>> values, member = [[1, 2, 5], [2, 3, 7], [1, 1, 2], [4, 4, 5]], [[0, 0, 1], [0, 0, 1], [0, 0, 0], [0, 0, 0]]
    >>> round(float(two_way_fixed_effects(values, member).coefficients[0]), 6)
    3.0
    """
    y = np.asarray(values, dtype=float)
    x = np.asarray(regressors, dtype=float).reshape(*y.shape, -1)
    seen = np.isfinite(y) & np.isfinite(x).all(axis=2)
    unit, wave = np.nonzero(seen)
    waves, at = np.unique(wave, return_inverse=True)
    dummies = (at[:, None] == np.arange(1, len(waves))).astype(float)
    columns = _within(np.column_stack([y[seen], dummies, x[seen]]), unit)
    scale = np.abs(np.column_stack([dummies, x[seen]])).max(axis=0, initial=0.0)
    kept = _independent(columns[:, 1:], scale)
    groups = unit if clusters is None else np.asarray(clusters)[unit]
    n_units, k = len(np.unique(unit)), x.shape[2]
    fit = clustered_regression(columns[:, 1:][:, kept], columns[:, 0], groups, absorbed=n_units)
    positions = np.array([kept.index(j) if j in kept else -1 for j in range(len(waves) - 1, len(waves) - 1 + k)])
    only_means = clustered_regression(columns[:, [1 + j for j in kept if j < len(waves) - 1]], columns[:, 0], groups)
    total = float(only_means.residuals @ only_means.residuals)
    return TwoWay(
        coefficients=np.array([fit.coefficients[p] if p >= 0 else np.nan for p in positions]),
        positions=positions,
        regression=fit,
        n=len(unit),
        n_units=n_units,
        n_waves=len(waves),
        r2_within=1 - float(fit.residuals @ fit.residuals) / total if total > 0 else np.nan,
    )


def membership(first_wave: ArrayLike, n_waves: int) -> Array:
    """Is a student a member at a wave, once joined for good? Array (units, waves) of 0 and 1.

    >>> membership([1, -1], 3).tolist()
    [[0.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    """
    first = np.asarray(first_wave)[:, None]
    return ((first >= 0) & (np.arange(n_waves) >= first)).astype(float)


def event_indicators(first_wave: ArrayLike, n_waves: int, low: int, high: int) -> tuple[NDArray[np.int64], Array]:
    """How many waves ago did a student join? Times from low to high without -1, and array (units, waves, times).

    The first and the last time also hold what lies beyond. Students who never join have zeros everywhere; whoever was a
    member at the first wave has no time before joining and should be left out.

    >>> times, indicators = event_indicators([2, -1], 4, -2, 1)
    >>> times.tolist(), indicators[0, :, 0].tolist()
    ([-2, 0, 1], [1.0, 0.0, 0.0, 0.0])
    """
    first = np.asarray(first_wave)
    times = np.array([time for time in range(low, high + 1) if time != -1])
    since = np.clip(np.arange(n_waves) - first[:, None], low, high)
    return times, ((since[:, :, None] == times) & (first >= 0)[:, None, None]).astype(float)


def _within(columns: Array, unit: NDArray[np.int64]) -> Array:
    """Columns around the means of each student."""
    codes = np.unique(unit, return_inverse=True)[1]
    counts = np.bincount(codes)
    means = np.array([np.bincount(codes, column) / counts for column in columns.T])
    return np.asarray(columns - means[:, codes].T)


def _independent(columns: Array, scale: Array) -> list[int]:
    """Which columns are not explained by those before them?"""
    kept: list[int] = []
    basis = np.zeros((len(columns), 0))
    for j, column in enumerate(columns.T):
        left = column - basis @ (basis.T @ column)
        left -= basis @ (basis.T @ left)
        size = float(np.linalg.norm(left))
        if size > 1e-9 * max(float(np.linalg.norm(column)), scale[j]):
            kept.append(j)
            basis = np.column_stack([basis, left / size])
    return kept
