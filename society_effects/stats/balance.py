"""How alike are members and others in what was measured before joining, as they are or under weights?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .effect_sizes import smd
from .moments import Moments

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Balance:
    """How alike the arms are, column by column; every array is (k,).

    mean_member, mean_reference : (weighted) means. smd : difference of the means / root of the mean of the two
    *unweighted* variances, so that before and after weighting have one unit; smd_members : / SD of the members.
    variance_ratio : (weighted) variance of members / of the others. ks : the largest distance of the two (weighted)
    distribution functions (Kolmogorov-Smirnov). effective_member, effective_reference : students that equal weights
    would need for the same precision.
    flags : ``NO_VARIATION`` (k,): a denominator is 0, that number is NaN.
    """

    mean_member: Array
    mean_reference: Array
    smd: Array
    smd_members: Array
    variance_ratio: Array
    ks: Array
    effective_member: float
    effective_reference: float
    flags: Mapping[str, Any]


def balance(covariates: ArrayLike, member: ArrayLike, weights: ArrayLike | None = None) -> Balance:
    """How alike are members and others in each column?

    Parameters
    ----------
    covariates : (n, k), numbers and dummies, without missing values. member : (n,), true for members.
    weights : (n,), 0 or more, of any sum; by default everybody counts alike.

    Weighted variances are those of reliability weights, divided by (sum w - sum w^2 / sum w): n - 1 for equal weights.
    Austin and Stuart (2015) doi:10.1002/sim.6607; Rubin (2001) doi:10.1023/A:1020363010465.

    >>> found = balance([[1.0], [2], [3], [2], [3], [4]], [1, 1, 1, 0, 0, 0])
    >>> found.smd.tolist(), found.variance_ratio.tolist(), found.ks.round(4).tolist()
    ([-1.0], [1.0], [0.3333])
    """
    x, arm = np.asarray(covariates, dtype=float), np.asarray(member).astype(bool)
    w = np.ones(len(arm)) if weights is None else np.asarray(weights, dtype=float)
    plain = [Moments.of(x[which], axis=0) for which in (arm, ~arm)]
    weighted = plain if weights is None else [_weighted(x[which], w[which]) for which in (arm, ~arm)]
    sd_member, sd_reference = (np.asarray(moments.sd, dtype=float) for moments in weighted)
    one, two = (Moments(a.n, b.mean, a.sd) for a, b in zip(plain, weighted, strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.asarray(one.mean) - np.asarray(two.mean)
        focal = np.where(np.asarray(one.sd) > 0, gap / one.sd, np.nan)
        ratio = np.where(sd_reference > 0, (sd_member / sd_reference) ** 2, np.nan)
    standardised = np.asarray(smd(one, two), dtype=float)
    unknown = np.isnan(standardised) | np.isnan(focal) | np.isnan(ratio)
    return Balance(
        np.asarray(one.mean, dtype=float),
        np.asarray(two.mean, dtype=float),
        standardised,
        focal,
        ratio,
        np.array([kolmogorov_smirnov(column, arm, w) for column in x.T]),
        effective_size(w[arm]),
        effective_size(w[~arm]),
        {"NO_VARIATION": unknown},
    )


def kolmogorov_smirnov(values: ArrayLike, member: ArrayLike, weights: ArrayLike) -> float:
    """How far apart are the two (weighted) distribution functions where they are furthest apart?

    >>> kolmogorov_smirnov([1, 2, 3, 4], [1, 1, 0, 0], [1, 1, 1, 1])
    1.0
    """
    x, arm, w = np.asarray(values, dtype=float), np.asarray(member).astype(bool), np.asarray(weights, dtype=float)
    if not (w[arm].sum() > 0 and w[~arm].sum() > 0):
        return np.nan
    codes = np.unique(x, return_inverse=True)[1]
    first, second = (np.cumsum(np.bincount(codes, np.where(which, w, 0.0))) for which in (arm, ~arm))
    return float(np.abs(first / first[-1] - second / second[-1]).max())


def effective_size(weights: ArrayLike) -> float:
    """How many students of equal weight give a mean as precise as these? (sum w)^2 / sum w^2; weights may be negative.

    Kish (1965), Survey Sampling.

    >>> effective_size([1, 1, 0])
    2.0
    """
    w = np.asarray(weights, dtype=float)
    return float(w.sum() ** 2 / np.sum(w**2)) if np.any(w) else 0.0


def _weighted(x: Array, w: Array) -> Moments:
    total = w.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = w @ x / total
        variance = w @ (x - mean) ** 2 / (total - np.sum(w**2) / total)
    constant = np.all((x == x[:1]) | (w[:, None] == 0), axis=0) if len(x) else np.zeros(x.shape[1], dtype=bool)
    return Moments(len(x), mean, np.where(constant, 0.0, np.sqrt(np.maximum(variance, 0.0))))
