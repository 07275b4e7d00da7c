"""Smooth pictures of values and of an estimate's uncertainty."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import Inference

Array = NDArray[np.float64]
BINNED_FROM = 5000


def silverman_bandwidth(values: ArrayLike) -> float:
    """How wide should the kernel be? 0.9 min(SD, IQR / 1.34) n^(-1/5): R's ``bw.nrd0``; 0 for constant values.

    Silverman (1986), Density Estimation for Statistics and Data Analysis, eq. 3.31.

    >>> round(silverman_bandwidth([1, 2, 3, 4, 5]), 4)
    0.9736
    """
    x = np.asarray(values, dtype=float)
    if len(x) < 2 or np.ptp(x) == 0:
        return 0.0
    spread, quartiles = np.std(x, ddof=1), np.subtract(*np.percentile(x, [75, 25])) / 1.34
    return float(0.9 * (min(spread, quartiles) if quartiles > 0 else spread) * len(x) ** -0.2)


def kernel_density(values: ArrayLike, *, points: int = 256) -> tuple[Array, Array]:
    """How are the values of a group spread? A Gaussian kernel density with Silverman's bandwidth.

    Returns (x, density) with ``points`` places from three bandwidths below the smallest to three above the largest
    value; two empty arrays for constant values or fewer than two, which have no density. Missing values are left out.

    >>> x, density = kernel_density([1.0, 2.0, 3.0])
    >>> round(float(np.sum(density) * (x[1] - x[0])), 2)
    1.0
    """
    seen = np.asarray(values, dtype=float)
    seen = seen[~np.isnan(seen)]
    width = silverman_bandwidth(seen)
    if width == 0:
        return np.array([]), np.array([])
    x = np.linspace(seen.min() - 3 * width, seen.max() + 3 * width, points)
    centres, weights = _binned(seen) if len(seen) > BINNED_FROM else (seen, np.ones(len(seen)))
    heights = (x[:, None] - centres) / width
    heights *= heights  # in place: new arrays of this size would take most of the time
    heights *= -0.5
    np.exp(heights, out=heights)
    return x, heights @ weights / (len(seen) * width * np.sqrt(2 * np.pi))


def t_density(found: Inference, *, points: int = 201, reach: float = 0.9995) -> tuple[Array, Array]:
    """Which values of the true difference are compatible with the data, and how well?

    The density of the t (or normal) distribution that made the interval of ``found``, centred at the estimate, out to
    the quantile ``reach``: the curve beside the interval of an estimation plot. It is a picture of the interval at all
    confidence levels, not a probability of the true value. Two empty arrays where there is no standard error.

    >>> from society_effects.stats.inference import from_t
    >>> x, density = t_density(from_t(4.0, 1.0, 20))
    >>> float(x[np.argmax(density)])
    4.0
    """
    estimate, scale, df = float(found.estimate), float(found.std_error), float(found.df)
    if found.scale != "identity" or not (np.isfinite(estimate) and np.isfinite(scale) and scale > 0 and df > 0):
        return np.array([]), np.array([])
    normal = np.isinf(df)
    far = special.ndtri(reach) if normal else special.stdtrit(df, reach)
    steps = np.linspace(-far, far, points)
    if normal:
        density = np.exp(-0.5 * steps**2) / np.sqrt(2 * np.pi)
    else:
        constant = special.gammaln((df + 1) / 2) - special.gammaln(df / 2) - 0.5 * np.log(df * np.pi)
        density = np.exp(constant - (df + 1) / 2 * np.log1p(steps**2 / df))
    return estimate + scale * steps, density / scale


def _binned(values: Array, bins: int = 2000) -> tuple[Array, Array]:
    """Many values as the centres and counts of narrow bins."""
    counts, edges = np.histogram(values, bins=bins)
    filled = counts > 0
    return ((edges[:-1] + edges[1:]) / 2)[filled], counts[filled].astype(float)
