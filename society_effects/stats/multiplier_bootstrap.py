"""The multiplier bootstrap: limits that hold for a whole path of estimates at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .allocations import DEFAULT_SEED, streams
from .inference import Inference, from_t, t_quantile
from .influence import Influenced

Array = NDArray[np.float64]
GOLDEN = (1 + np.sqrt(5)) / 2


@dataclass(frozen=True, slots=True)
class Bands:
    """Limits of each estimate, and limits within which all estimates lie together.

    pointwise : a batch of k, with the standard errors of the bootstrap. critical : the size that the largest of all
    studentised estimates exceeds with probability 1 - conf_level, on the normal scale.
    simultaneous_low, simultaneous_high : arrays (k,); NaN where an estimate has no standard error.
    """

    pointwise: Inference
    critical: float
    simultaneous_low: Array
    simultaneous_high: Array


def multiplier_bootstrap(
    found: Influenced,
    *,
    conf_level: float = 0.95,
    resamples: int = 999,
    seed: int = DEFAULT_SEED,
    multipliers: str = "mammen",
) -> Bands:
    """Between which limits do all estimates lie together? Each student's (or class's) influence gets a random weight.

    The weights have mean 0 and variance 1: ``"mammen"`` (two points, also right in the third moment) or
    ``"rademacher"`` (signs). The standard error is the distance between the quartiles of the draws, divided by that
    of a standard normal; the critical value is the ``conf_level`` quantile of the largest studentised draw (sup-t),
    both as in R's ``did``. Where an estimate has few degrees of freedom, the critical value is carried over to its t
    distribution by its probability, so that the band is nowhere narrower than the pointwise limits.
    The answer depends on the seed, not on the order of the students.
    Callaway and Sant'Anna (2021) doi:10.1016/j.jeconom.2020.12.001, algorithm 1; Mammen (1993)
    doi:10.1214/aos/1176349025.

    >>> influence = np.random.default_rng(1).normal(size=(200, 4)) / 200
    >>> one = Influenced(np.zeros(4), influence, influence != 0, np.zeros(200, int))
    >>> bool(2.2 < multiplier_bootstrap(one).critical < 2.8)
    True
    """
    error, usable = np.full(len(found.estimate), np.nan), np.flatnonzero(found.std_error > 0)
    critical = np.nan
    if len(usable):
        draws = _draws(found.influence[:, usable], resamples, seed, multipliers)
        low, high = np.quantile(draws, [0.25, 0.75], axis=0, method="inverted_cdf")
        error[usable] = (high - low) / (2 * special.ndtri(0.75))
        with np.errstate(divide="ignore", invalid="ignore"):
            sizes = np.nan_to_num(np.abs(draws) / error[usable], nan=0.0)
        largest = float(np.quantile(sizes.max(axis=1), conf_level, method="inverted_cdf"))
        critical = max(largest, float(special.ndtri((1 + conf_level) / 2)))
    flags = found.inference(conf_level=conf_level).flags
    method = f"multiplier_bootstrap_{multipliers}"
    pointwise = from_t(found.estimate, error, found.df, conf_level=conf_level, method=method, flags=flags)
    half = np.where(error > 0, t_quantile(found.df, float(special.ndtr(critical))) * error, np.nan)
    return Bands(pointwise, critical, found.estimate - half, found.estimate + half)


def _draws(influence: Array, resamples: int, seed: int, multipliers: str) -> Array:
    """What the estimates deviate by in every draw, array (resamples, k)."""
    settled = influence[np.lexsort(influence.T)]
    blocks = streams(len(settled), resamples, seed)
    return np.concatenate([_weights(rng, (size, len(settled)), multipliers) @ settled for size, rng in blocks])


def _weights(rng: np.random.Generator, shape: tuple[int, int], multipliers: str) -> Array:
    """Random weights of mean 0 and variance 1."""
    if multipliers == "rademacher":
        return np.where(rng.random(shape) < 0.5, 1.0, -1.0)
    return np.where(rng.random(shape) < GOLDEN / np.sqrt(5), 1 - GOLDEN, GOLDEN)
