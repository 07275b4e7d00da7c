"""Limits and P values from bootstrap draws of a difference: studentised, percentile and BCa."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import Inference
from .moments import power_of_two

Array = NDArray[np.float64]
Limits = tuple[float, float, float]


def snapped(draws: Array, std_error: ArrayLike) -> Array:
    """What differs from 0 by rounding only is 0."""
    return np.where(np.abs(draws) <= 1e-10 * np.asarray(std_error), 0.0, draws)


def _studentised(found: Inference, t: Array, *_: Array) -> Limits:
    tail = (1 - found.conf_level) / 2
    lowest, highest = _order_statistics(t, (tail, 1 - tail))
    p_value = _two_tails(t - found.statistic)
    return found.estimate - highest * found.std_error, found.estimate - lowest * found.std_error, p_value


def _percentile(found: Inference, differences: Array, *_: Array) -> Limits:
    tail = (1 - found.conf_level) / 2
    low, high = _order_statistics(found.estimate + differences, (tail, 1 - tail))
    return low, high, _two_tails(snapped(differences + found.estimate, found.std_error))


def _bca(found: Inference, differences: Array, member: Array, reference: Array) -> Limits:
    """Bias-corrected and accelerated limits; the acceleration is that of a difference of means, in closed form."""
    n = len(differences)
    below = (np.sum(differences < 0) + np.sum(differences == 0) / 2) / n
    if not 0 < below < 1:
        return np.nan, np.nan, np.nan
    bias = special.ndtri(below)
    influence = np.concatenate(
        [(member - member.mean()) / len(member), -(reference - reference.mean()) / len(reference)]
    )
    influence /= power_of_two(np.abs(influence).max())
    acceleration = np.sum(influence**3) / (6 * np.sum(influence**2) ** 1.5)
    tails = special.ndtri([(1 - found.conf_level) / 2, (1 + found.conf_level) / 2])
    shares = special.ndtr(bias + (bias + tails) / (1 - acceleration * (bias + tails)))
    low, high = _order_statistics(found.estimate + differences, shares)
    shifted = snapped(differences + found.estimate, found.std_error)
    at_null = special.ndtri((np.sum(shifted < 0) + np.sum(shifted == 0) / 2 + 0.5) / (n + 1)) - bias
    one_tail = special.ndtr(at_null / (1 + acceleration * at_null) - bias)
    return low, high, float(min(1.0, max(2 * min(one_tail, 1 - one_tail), 2 / (n + 1))))


LIMITS: dict[str, Callable[..., Limits]] = {"studentised": _studentised, "percentile": _percentile, "bca": _bca}
"""By kind of interval: lower limit, upper limit and P from Welch's comparison, the draws and the values."""


def _order_statistics(draws: Array, shares: ArrayLike) -> tuple[float, float]:
    """The values below which these shares of the draws lie: order statistics at (B + 1) p, interpolated."""
    places = np.clip(np.asarray(shares) * (len(draws) + 1) - 1, 0, len(draws) - 1)
    below = np.floor(places).astype(int)
    above = np.minimum(below + 1, len(draws) - 1)
    ordered = np.partition(draws, np.unique([below, above]))
    with np.errstate(invalid="ignore"):
        steps = np.where(places > below, (places - below) * (ordered[above] - ordered[below]), 0.0)
        low, high = ordered[below] + steps
    return float(low), float(high)


def _two_tails(draws: Array) -> float:
    """Twice the smaller share of draws on one side of 0, never 0 itself."""
    return float(min(1.0, 2 * (min(np.sum(draws <= 0), np.sum(draws >= 0)) + 1) / (len(draws) + 1)))
