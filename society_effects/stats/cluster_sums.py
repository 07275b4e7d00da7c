"""CR2 from sums over the classes (or students): the same numbers as from all rows, without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cluster_robust import Cr2, inverse_root, inverse_roots
from .inference import Inference, TestResult, from_t

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClusterRobust:
    """Coefficients with a covariance that takes account of classes.

    estimate : array (p,). precision : their covariance with its degrees of freedom; None where the fit failed, for the
    reason that ``flags`` gives. alone : array (m, p), directions of the coefficients that only one class tells about.
    n_clusters : classes.
    """

    estimate: Array
    precision: Cr2 | None
    alone: Array
    n_clusters: int
    method: str
    flags: Mapping[str, Any] = field(default_factory=dict)

    def contrast(self, weights: ArrayLike, *, conf_level: float = 0.95) -> Inference:
        """How large is this sum of coefficients? t with the degrees of freedom of Bell and McCaffrey.

        weights : array (p,). Flags: ``ONE_CLUSTER_IN_ARM`` (part of it is known from one class only),
        ``TOO_FEW_CLUSTERS`` (the classes leave no degree of freedom); without standard error.
        """
        c = np.asarray(weights, dtype=float)
        if self.precision is None:
            return Inference(np.nan, conf_level=conf_level, method=self.method, flags=self.flags)
        one = self._of_one_class(self.precision, c)
        error = np.nan if one else float(np.sqrt(max(c @ self.precision.covariance @ c, 0.0)))
        df = np.nan if one else self.precision.df(c)
        flags = {"ONE_CLUSTER_IN_ARM": one, "TOO_FEW_CLUSTERS": not one and not (df > 0 and error > 0)}
        return from_t(float(c @ self.estimate), error, df, conf_level=conf_level, method=self.method, flags=flags)

    def joint(self, weights: ArrayLike) -> TestResult:
        """Are all these sums zero? The approximate Hotelling test of Pustejovsky and Tipton."""
        c = np.atleast_2d(np.asarray(weights, dtype=float))
        if self.precision is None:
            return TestResult("F", np.nan, np.nan, df1=float(len(c)), method="cr2_wald", flags=self.flags)
        if self._of_one_class(self.precision, c):
            flags = {"ONE_CLUSTER_IN_ARM": True}
            return TestResult("F", np.nan, np.nan, df1=float(len(c)), method="cr2_wald", flags=flags)
        return self.precision.wald(c, self.estimate)

    def _of_one_class(self, precision: Cr2, c: Array) -> bool:
        """Is part of a contrast known from one class only?"""
        spread = np.sum((c @ precision.root) ** 2, axis=-1)
        return bool(np.any((self.alone @ c.T) ** 2 > 1e-12 * spread))


def without_precision(estimate: Array, method: str, flags: Mapping[str, Any]) -> ClusterRobust:
    """Coefficients of a fit that failed, for the reason that the flags give."""
    return ClusterRobust(estimate, None, estimate[None], 0, method, flags)


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

    >>> found = cr2_from_sums([2.0], np.ones((4, 1, 1)), [[-1.0], [0.0], [0.0], [1.0]], "cr2").contrast([1.0])
    >>> round(found.std_error, 6), round(found.df, 6)
    (0.408248, 3.0)
    """
    products, score = np.asarray(gram, dtype=float), np.asarray(scores, dtype=float)
    total = products.sum(axis=0)
    unit = float(np.trace(total)) / len(total)
    bread, half = np.linalg.inv(total), inverse_root(total / unit) / np.sqrt(unit)
    root = np.linalg.inv(half)
    leverage, vectors = np.linalg.eigh(half @ products @ half)
    enlarged = inverse_roots(1 - leverage)

    def as_matrices(values: Array) -> Array:
        return np.asarray((vectors * values[:, None, :]) @ np.swapaxes(vectors, 1, 2))

    influence = (half @ as_matrices(enlarged) @ half @ score[:, :, None])[:, :, 0]
    own = half @ as_matrices(leverage * enlarged**2) @ half
    through = root @ as_matrices(leverage * enlarged) @ half
    alone = np.swapaxes(half @ vectors, 1, 2)[enlarged == 0]
    precision = Cr2(influence.T @ influence, influence, np.linalg.cholesky(bread), own, through)
    return ClusterRobust(np.asarray(estimate, dtype=float), precision, alone, len(score), method)
