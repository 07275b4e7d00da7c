"""Estimates that carry the influence of every student (or class): combined, tested and resampled without refitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .inference import Inference, from_t

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Influenced:
    """Several estimates, and by how much each student (or class) moves each of them.

    estimate : array (k,). influence : array (pieces, k), a piece being a student, or a class where classes are the
    independent pieces; the covariance of the estimates is its product with itself. NaN columns: no standard error.
    used : array (pieces, k), whether a piece took part in an estimate.
    strata : array (pieces,), pieces whose variances are estimated apart, as in Welch's test.
    flags : why a number is undefined, each an array (k,).
    """

    estimate: Array
    influence: Array
    used: NDArray[np.bool_]
    strata: NDArray[np.int64]
    method: str = "influence"
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def covariance(self) -> Array:
        """Covariance of the estimates, array (k, k)."""
        return self.influence.T @ self.influence

    @property
    def std_error(self) -> Array:
        """Standard errors, array (k,)."""
        return np.asarray(np.sqrt((self.influence**2).sum(axis=0)))

    @property
    def df(self) -> Array:
        """Degrees of freedom of each variance by Welch's rule: strata of n pieces have n - 1. NaN without variance."""
        total, squares = (self.influence**2).sum(axis=0), np.zeros(len(self.estimate))
        for stratum in np.unique(self.strata):
            own = self.strata == stratum
            part = (self.influence[own] ** 2).sum(axis=0)
            squares += part**2 / np.maximum(self.used[own].sum(axis=0) - 1, 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(total**2 / squares)

    def inference(self, *, conf_level: float = 0.95) -> Inference:
        """What are the estimates, with limits and P values? One batch of k."""
        error = self.std_error
        flags = dict(self.flags) | {
            "NO_VARIATION": (error == 0) & (self.estimate == 0),
            "DEGENERATE": (error == 0) & (self.estimate != 0),
        }
        return from_t(self.estimate, error, self.df, conf_level=conf_level, method=self.method, flags=flags)

    def combined(self, weights: ArrayLike, also: ArrayLike = 0.0) -> Influenced:
        """Weighted sums of the estimates.

        weights : array (k, m). also : array (pieces, m), further influence, as of weights that were estimated.
        """
        w = np.asarray(weights, dtype=float)
        return Influenced(
            estimate=self.estimate @ w,
            influence=self.influence @ w + also,
            used=(self.used.astype(float) @ np.abs(w)) > 0,
            strata=self.strata,
            method=self.method,
        )

    def only(self, chosen: ArrayLike) -> Influenced:
        """Some of the estimates, by position or by truth values."""
        given = np.asarray(chosen)
        pick = given if given.size else np.zeros(0, dtype=int)
        flags = {key: np.asarray(value)[pick] for key, value in self.flags.items()}
        return Influenced(
            self.estimate[pick], self.influence[:, pick], self.used[:, pick], self.strata, self.method, flags
        )
