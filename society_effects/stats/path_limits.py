"""Limits between which a whole path of estimates lies together, also with few classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .allocations import DEFAULT_SEED
from .influence import Influenced
from .max_t import multivariate_t
from .multiplier_bootstrap import multiplier_bootstrap

Array = NDArray[np.float64]
FEW_PIECES = 20
"""Below so many students (or classes) random weights are not to be trusted: the multivariate t distribution instead."""


@dataclass(frozen=True, slots=True)
class PathLimits:
    """Simultaneous limits, arrays (k,), never inside those of single estimates; NaN where there is no standard error.

    method : ``"sup_t"`` (multiplier bootstrap) or ``"sup_t_multivariate_t"``.
    """

    low: Array
    high: Array
    method: str


def path_limits(
    path: Influenced, *, conf_level: float = 0.95, resamples: int = 999, seed: int = DEFAULT_SEED
) -> PathLimits:
    """Between which limits do all estimates of a path lie together (sup-t)?

    By :func:`multiplier_bootstrap`; with fewer than 20 students or classes from a multivariate t distribution with the
    correlations of the estimates and the smallest of their degrees of freedom.

    >>> influence = np.random.default_rng(1).normal(size=(8, 3)) / 8
    >>> one = Influenced(np.zeros(3), influence, influence != 0, np.zeros(8, int))
    >>> path_limits(one).method
    'sup_t_multivariate_t'
    """
    single, usable = path.inference(conf_level=conf_level), path.std_error > 0
    few = bool(usable.any()) and int(path.used[:, usable].sum(axis=0).max()) < FEW_PIECES
    if few:
        error, known = np.where(usable, path.std_error, np.nan), path.only(usable)
        correlation = known.covariance / np.outer(known.std_error, known.std_error)
        reference = multivariate_t(correlation, float(known.df.min()), draws=resamples, seed=seed)
        half = reference.critical(conf_level) * error
        low, high = path.estimate - half, path.estimate + half
    else:
        bands = multiplier_bootstrap(path, conf_level=conf_level, resamples=resamples, seed=seed)
        low, high = bands.simultaneous_low, bands.simultaneous_high
    outside = np.fmin(low, single.conf_low), np.fmax(high, single.conf_high)
    return PathLimits(*outside, method="sup_t_multivariate_t" if few else "sup_t")
