"""How alike are students of one class? Intraclass correlation, design effect, difference in units of all spread."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import Inference, Quantity, from_t

Array = NDArray[np.float64]
ROUNDING = 1e-20
"""A share of the sum of squares that is due to rounding alone."""


@dataclass(frozen=True, slots=True)
class Components:
    """Mean squares between and within classes, within the groups (Henderson's third method).

    size : the class size that the mean square between classes stands for.
    """

    between: float
    within: float
    df_between: float
    df_within: float
    size: float

    @property
    def between_variance(self) -> float:
        """Variance between classes; negative estimates are zero."""
        return max((self.between - self.within) / self.size, 0.0)


def components(values: ArrayLike, arms: ArrayLike, clusters: ArrayLike) -> Components:
    """How much do values vary between and within classes, once the groups' own means are taken out?

    Searle, Casella and McCulloch (1992), Variance Components, ch. 5.

    >>> round(components([1, 2, 5, 6], [0, 0, 0, 0], [0, 0, 1, 1]).between, 2)
    16.0
    """
    y, arm = np.asarray(values, dtype=float), np.asarray(arms)
    _, codes = np.unique(np.asarray(clusters), return_inverse=True)
    indicators = (arm[:, None] == np.unique(arm)).astype(float)
    centred = y - indicators @ (indicators.T @ y / indicators.sum(axis=0))
    sizes = np.bincount(codes).astype(float)

    def inside(column: Array) -> Array:
        return column - (np.bincount(codes, column) / sizes)[codes]

    inner = np.column_stack([inside(column) for column in indicators.T])
    fitted, _, rank, _ = np.linalg.lstsq(inner, inside(centred), rcond=1e-10)
    residual = float(np.sum((inside(centred) - inner @ fitted) ** 2))
    residual = residual if residual > ROUNDING * float(np.sum(centred**2)) else 0.0
    df_within = len(y) - len(sizes) - float(rank)
    df_between = len(sizes) + float(rank) - indicators.shape[1]
    shares = np.array([np.sum(np.bincount(codes, column) ** 2) / column.sum() for column in indicators.T])
    between = float(np.sum(centred**2)) - residual
    return Components(
        between / df_between if df_between > 0 else np.nan,
        residual / df_within if df_within > 0 else np.nan,
        df_between,
        df_within,
        (len(y) - float(shares.sum())) / df_between if df_between > 0 else np.nan,
    )


def icc(values: ArrayLike, arms: ArrayLike, clusters: ArrayLike, *, conf_level: float = 0.95) -> Quantity:
    """Which share of the variance within groups lies between classes?

    The analysis-of-variance estimator with limits from the F distribution, exact for normal values in whole classes of
    one size, otherwise approximate. Negative estimates and limits are 0 (flag ``BOUNDARY`` for the estimate). Flags
    besides: ``ALIKE_IN_CLASSES`` (values vary between classes only: 1, without limits), ``ALL_ALONE_IN_CLASS`` (no
    class has two students of one group: undefined).
    Donner (1986) doi:10.2307/1403259.

    >>> round(icc([1, 2, 5, 6, 3, 5], [0] * 6, [0, 0, 1, 1, 2, 2]).value, 3)
    0.782
    """
    found = components(values, arms, clusters)
    if not (found.within > 0 and found.df_between > 0):
        return _without_spread(found, conf_level)
    ratio, tail = found.between / found.within, (1 + conf_level) / 2
    upper = special.fdtri(found.df_between, found.df_within, tail)
    lower = special.fdtri(found.df_within, found.df_between, tail)
    value, low, high = ((f - 1) / (f + found.size - 1) for f in (ratio, ratio / upper, ratio * lower))
    value, low, high = (max(float(v), 0.0) for v in (value, low, high))
    return Quantity(value, low, high, conf_level, "anova_icc", {"BOUNDARY": value == 0})


def _without_spread(found: Components, conf_level: float) -> Quantity:
    """The intraclass correlation where values do not vary within classes, or nothing is known of that."""
    alike = bool(found.within == 0 < found.between)
    flags = {"ALL_ALONE_IN_CLASS": found.df_within <= 0, "ALIKE_IN_CLASSES": alike}
    return Quantity(1.0 if alike else np.nan, conf_level=conf_level, method="anova_icc", flags=flags)


def design_effect(found: Quantity, clusters: ArrayLike) -> Quantity:
    """By how much do classes of this size inflate the variance of a mean? 1 + (mean size - 1) icc.

    Kish (1965), Survey Sampling, sec. 5.4.

    >>> design_effect(Quantity(0.1, 0.0, 0.2), [0, 0, 0, 1, 1, 1]).value
    1.2
    """
    more = len(np.asarray(clusters)) / len(np.unique(np.asarray(clusters))) - 1
    numbers = {name: 1 + more * getattr(found, name) for name in ("value", "conf_low", "conf_high")}
    return replace(found, **numbers, method="design_effect", flags={})


def d_total(
    values: ArrayLike,
    arms: ArrayLike,
    clusters: ArrayLike,
    g: int,
    r: int,
    difference: Inference,
    *,
    conf_level: float = 0.95,
) -> Inference:
    """By how many standard deviations do two groups differ, when the spread between classes counts too?

    Hedges' d_T: the difference divided by the root of the variance between plus within classes, inside the groups. Its
    standard error joins that of the difference, which takes account of the classes, and that of the divisor.
    Flags: ``NO_VARIATION``; ``ALL_ALONE_IN_CLASS`` (no class has two students of one group, so that the two kinds of
    spread cannot be told apart). Hedges (2007) doi:10.3102/1076998606298043.

    >>> from .clustered_means import clustered_means
    >>> data = [1.0, 2, 5, 6, 3, 5, 7, 9], [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 2, 2, 3, 3]
    >>> found = d_total(*data, 1, 0, clustered_means(*data).difference(1, 0))
    >>> round(found.estimate, 2)
    0.85
    """
    arm = np.asarray(arms)
    pair = (arm == g) | (arm == r)
    found = components(np.asarray(values, dtype=float)[pair], arm[pair], np.asarray(clusters)[pair])
    total = found.within + found.between_variance
    if not total > 0:
        flags = {"ALL_ALONE_IN_CLASS": found.df_within <= 0, "NO_VARIATION": found.df_within > 0}
        return Inference(np.nan, conf_level=conf_level, method="hedges_2007", flags=flags)
    of_size = 1 / found.size if found.between > found.within else 0.0
    variance = 2 * ((1 - of_size) * found.within / total) ** 2 / found.df_within  # of the total, as a share of it
    variance += 2 * (of_size * found.between / total) ** 2 / found.df_between
    estimate = difference.estimate / np.sqrt(total)
    error = np.sqrt((difference.std_error / np.sqrt(total)) ** 2 + estimate**2 * variance / 4)
    return from_t(estimate, error, difference.df, conf_level=conf_level, method="hedges_2007")
