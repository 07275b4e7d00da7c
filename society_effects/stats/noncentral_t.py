"""The noncentral t distribution, accurate where scipy's is not: limits of a standardised mean difference.

P(T <= t) = E[Phi(t W - delta)], where W = sqrt(chi2 / df). The integrand is smooth, so Gauss-Legendre nodes on the part
where Phi is neither 0 nor 1 give full accuracy for every df, and arrays of problems are solved together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Array = NDArray[np.float64]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(96)
PHI_IS_FLAT = 8.5
TAIL = 1e-17
AT_ONCE = 5000


def noncentrality_limits(t: ArrayLike, df: ArrayLike, conf_level: float = 0.95) -> tuple[Array, Array]:
    """Which noncentrality parameters are compatible with an observed t? Equal tails; NaN where t or df is.

    >>> low, high = noncentrality_limits(2.0, 18)
    >>> round(float(low), 8), round(float(high), 8)
    (-0.08940909, 4.03960543)
    """
    shape = np.broadcast_shapes(np.shape(t), np.shape(df))
    flat_t, flat_df = (np.broadcast_to(np.asarray(v, dtype=float), shape).ravel() for v in (t, df))
    limits = np.full((2, flat_t.size), np.nan)
    usable = np.flatnonzero(np.isfinite(flat_t) & (flat_df > 0))
    for start in range(0, len(usable), AT_ONCE):
        part = usable[start : start + AT_ONCE]
        tails = np.repeat([(1 + conf_level) / 2, (1 - conf_level) / 2], len(part))
        limits[:, part] = _solve(np.tile(flat_t[part], 2), np.tile(flat_df[part], 2), tails).reshape(2, -1)
    return limits[0].reshape(shape), limits[1].reshape(shape)


def cumulative(t: ArrayLike, df: ArrayLike, noncentrality: ArrayLike) -> Array:
    """How probable is a noncentral t value of at most t?

    >>> round(float(cumulative(2.0, 10, 1.0)), 10)
    0.8076115625
    """
    x, nu, delta = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (t, df, noncentrality)))
    value, _ = _cumulative_and_slope(x.ravel(), nu.ravel(), delta.ravel())
    return value.reshape(x.shape)


def _solve(t: Array, df: Array, probability: Array) -> Array:
    """The noncentrality at which a value of at most t has this probability: Newton on the probit scale, bracketed."""
    target = special.ndtri(probability)
    low, high = np.full(t.shape, -np.inf), np.full(t.shape, np.inf)
    delta = t - target * np.sqrt(1 + t**2 / (2 * df))
    for _ in range(200):
        value, slope = _cumulative_and_slope(t, df, delta)
        too_low = value > probability
        low, high = np.where(too_low, delta, low), np.where(too_low, high, delta)
        probit = special.ndtri(np.clip(value, 1e-300, 1 - 1e-16))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = (probit - target) * np.exp(-0.5 * probit**2) / np.sqrt(2 * np.pi) / slope
            furthest = 2 + np.abs(t) / 2
            step = np.clip(np.where(np.isfinite(step), step, np.sign(probit - target) * furthest), -furthest, furthest)
            moved = delta + step
            outside = ((moved < low) | (moved > high)) & np.isfinite(low) & np.isfinite(high)
            moved = np.where(outside, (low + high) / 2, moved)
        step, delta = moved - delta, np.where(value == probability, delta, moved)
        if np.all(np.abs(step) <= 1e-13 * (1 + np.abs(delta))):
            break
    return delta


def _cumulative_and_slope(t: Array, df: Array, delta: Array) -> tuple[Array, Array]:
    """P(T <= t) and its (positive) decrease per unit of noncentrality."""
    mirrored = t < 0
    size, shift = np.abs(t), np.where(mirrored, -delta, delta)
    positive = np.maximum(size, 1e-300)
    lowest = np.sqrt(2 * special.gammaincinv(df / 2, TAIL) / df)
    highest = np.sqrt(2 * special.gammainccinv(df / 2, TAIL) / df)
    with np.errstate(over="ignore"):
        left = np.clip((shift - PHI_IS_FLAT) / positive, lowest, highest)
        right = np.clip((shift + PHI_IS_FLAT) / positive, lowest, highest)
    half = (right - left) / 2
    w = (right + left)[:, None] / 2 + half[:, None] * NODES
    mass = np.exp(_log_density(w, df[:, None])) * WEIGHTS * half[:, None]
    z = size[:, None] * w - shift[:, None]
    certain = special.gammaincc(df / 2, df * right**2 / 2)
    value = certain + (special.ndtr(z) * mass).sum(axis=1)
    slope = (np.exp(-0.5 * z**2) * mass).sum(axis=1) / np.sqrt(2 * np.pi)
    zero = size == 0
    value = np.where(zero, special.ndtr(-shift), value)
    slope = np.where(zero, np.exp(-0.5 * shift**2) / np.sqrt(2 * np.pi), slope)
    return np.where(mirrored, 1 - value, value), slope


def _log_density(w: Array, df: Array) -> Array:
    """Log density of W = sqrt(chi2 / df); Stirling's series keeps it accurate for large df."""
    a = df / 2
    series = 1 / (12 * a) - 1 / (360 * a**3) + 1 / (1260 * a**5) - 1 / (1680 * a**7)
    stirling = 0.5 * np.log(a / (2 * np.pi)) - series
    exact = a * np.log(a) - special.gammaln(a) - a
    constant = np.log(2) + np.where(a > 30, stirling, exact)
    with np.errstate(divide="ignore"):
        return constant + (df - 1) * np.log(w) - a * (w - 1) * (w + 1)
