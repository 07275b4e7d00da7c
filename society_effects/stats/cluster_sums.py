"""CR2 from sums over the classes (or students): the same numbers as from all rows, without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cluster_robust import SMALLEST_EIGENVALUE, hotelling_test, inverse_root
from .inference import Inference, TestResult, from_t
from .satterthwaite import Coefficients

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClusterRobust:
    """Coefficients with a covariance that takes account of classes.

    estimate : array (p,). covariance : array (p, p). own : array (c, p, p), and pull : array (c, p, p): what each class
    contributes to the variance of a contrast under the working model, by itself and through the coefficients.
    """

    estimate: Array
    covariance: Array
    bread: Array
    own: Array
    pull: Array
    method: str
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def n_clusters(self) -> int:
        """Number of classes."""
        return len(self.own)

    def contrast(self, weights: ArrayLike, *, conf_level: float = 0.95) -> Inference:
        """How large is this sum of coefficients? t with the degrees of freedom of Bell and McCaffrey.

        weights : array (p,). Flag ``TOO_FEW_CLUSTERS`` where the classes leave no degree of freedom.
        """
        c = np.asarray(weights, dtype=float)
        variance, df = float(c @ self.covariance @ c), self.df(c)
        flags = dict(self.flags) | {"TOO_FEW_CLUSTERS": not df > 0 and not self.flags}
        error = np.sqrt(variance) if variance > 0 else np.nan
        return from_t(float(c @ self.estimate), error, df, conf_level=conf_level, method=self.method, flags=flags)

    def df(self, weights: ArrayLike) -> float:
        """How many degrees of freedom has the variance of this sum (Satterthwaite)?"""
        product = self._products(np.atleast_2d(np.asarray(weights, dtype=float)))[:, 0, :, 0]
        total = float(np.sum(product**2))
        return float(np.trace(product) ** 2 / total) if total > 0 else np.nan

    def joint(self, weights: ArrayLike) -> TestResult:
        """Are all these sums zero? The approximate Hotelling test of Pustejovsky and Tipton."""
        c = np.atleast_2d(np.asarray(weights, dtype=float))
        if self.flags:
            return TestResult("F", np.nan, np.nan, df1=float(len(c)), method="cr2_wald", flags=self.flags)
        product = self._products(inverse_root(c @ self.bread @ c.T) @ c)
        traces = np.einsum("sqtq->st", product)
        eta = len(c) * (len(c) + 1) / float(np.sum(product**2) + np.sum(traces**2))
        return hotelling_test(c @ self.estimate, c @ self.covariance @ c.T, eta)

    def _products(self, c: Array) -> Array:
        """Working covariances of what the classes contribute, array (classes, q, classes, q)."""
        through = c @ self.bread
        pulled = np.einsum("qi,sij->sqj", through, self.pull)
        found = -np.einsum("sqi,ij,trj->sqtr", pulled, self.bread, pulled)
        own = np.einsum("qi,sij,rj->sqr", through, self.own, through)
        each = np.arange(len(own))
        found[each, :, each, :] += own
        return found

    @classmethod
    def undefined(cls, source: Coefficients, method: str) -> ClusterRobust:
        """Coefficients without a covariance, for the reason the source gives."""
        none = np.full_like(source.covariance, np.nan)
        return cls(source.estimate, none, none, none[None], none[None], method, source.flags)


def cr2_from_sums(estimate: ArrayLike, gram: ArrayLike, scores: ArrayLike, method: str) -> ClusterRobust:
    """How precise are generalised least-squares coefficients when students share classes? CR2 of Bell and McCaffrey.

    Parameters
    ----------
    estimate : array (p,), the coefficients.
    gram : array (c, p, p), per class the products of the design, weighted with the inverse working covariance.
    scores : array (c, p), per class the products of the weighted design with the residuals.

    The rows are thought of as divided by the root of their working covariance; the leverage of a class has then no more
    than p directions, and p x p matrices hold all of it. Equal to :func:`cr2` on such rows.
    Pustejovsky and Tipton (2018) doi:10.1080/07350015.2016.1247004.

    >>> found = cr2_from_sums([2.0], np.ones((4, 1, 1)), [[-1.0], [0.0], [0.0], [1.0]], "cr2")
    >>> round(float(found.covariance[0, 0]), 6), round(found.df([1.0]), 6)
    (0.166667, 3.0)
    """
    products, score = np.asarray(gram, dtype=float), np.asarray(scores, dtype=float)
    total = products.sum(axis=0)
    bread, half = np.linalg.inv(total), inverse_root(total)
    root = np.linalg.inv(half)
    leverage, vectors = np.linalg.eigh(half @ products @ half)
    left = 1 - leverage
    usable = left > SMALLEST_EIGENVALUE
    enlarged = np.where(usable, 1 / np.sqrt(np.where(usable, left, 1.0)), 0.0)

    def as_matrices(values: Array) -> Array:
        return (vectors * values[:, None, :]) @ np.swapaxes(vectors, 1, 2)

    adjusted = (root @ as_matrices(enlarged) @ half @ score[:, :, None])[:, :, 0]
    own = root @ as_matrices(leverage * enlarged**2) @ root
    pull = root @ as_matrices(leverage * enlarged) @ root
    covariance = bread @ (adjusted.T @ adjusted) @ bread
    return ClusterRobust(np.asarray(estimate, dtype=float), covariance, bread, own, pull, method)
