"""Weights that give comparison students the same mean covariates as those who joined."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
STEPS = 200
ROUNDING = 1e-12


def calibrated_odds(members: ArrayLike, others: ArrayLike) -> Array | None:
    """How much must each comparison student count, so that the covariates balance exactly? None: no such weights.

    The weights are the odds exp(c'x) of a propensity score, with c such that the weighted sums over the others equal
    the sums over the members (inverse probability tilting). They add up to the number of members. None where the
    members' means lie outside what the others can reach.

    members : array (n1, p), others : array (n0, p), both with a column of ones. Returns an array (n0,).
    Graham, Pinto and Egel (2012) doi:10.1093/restud/rdr047; Sant'Anna and Zhao (2020)
    doi:10.1016/j.jeconom.2020.06.003.

    >>> odds = calibrated_odds([[1, 2.0], [1, 3.0]], [[1, 1.0], [1, 2.0], [1, 4.0]])
    >>> round(float(odds.sum()), 9), round(float(odds @ [1, 2, 4]), 9)
    (2.0, 5.0)
    """
    z1, z0 = _standardised(np.asarray(members, dtype=float), np.asarray(others, dtype=float))
    target = z1.sum(axis=0)
    coefficients, loss = np.zeros(z0.shape[1]), np.inf
    step = np.linalg.lstsq(z0, np.full(len(z0), np.log(len(z1) / len(z0))), rcond=None)[0]
    for _ in range(STEPS):
        size = 1.0
        while not (tried := _loss(coefficients + size * step, z0, target)) <= loss + ROUNDING * (len(z1) + abs(loss)):
            size /= 2
            if size < 1e-10:
                break
        coefficients, loss = coefficients + size * step, tried
        odds = np.exp(z0 @ coefficients)
        gap = target - odds @ z0
        if np.abs(gap).max() <= 1e-10 * len(z1):
            return np.asarray(odds)
        step = np.linalg.lstsq((z0 * odds[:, None]).T @ z0, gap, rcond=None)[0]
        if not np.isfinite(step).all():
            return None
    return None


def _loss(coefficients: Array, z0: Array, target: Array) -> float:
    """The convex function whose slope is the imbalance."""
    with np.errstate(over="ignore", invalid="ignore"):
        value = np.exp(z0 @ coefficients).sum() - target @ coefficients
    return float(value) if np.isfinite(value) else np.inf


def _standardised(members: Array, others: Array) -> tuple[Array, Array]:
    """Covariates around the members' means, in units of all students' spread; the column of ones as it is."""
    spread = np.std(np.vstack([members, others]), axis=0)
    varies = spread > 0
    centre, scale = np.where(varies, members.mean(axis=0), 0.0), np.where(varies, spread, 1.0)
    return (members - centre) / scale, (others - centre) / scale
