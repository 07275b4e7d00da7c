"""Least squares with standard errors by classes (or students): the conventions that other programs print, and CR2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cluster_robust import Cr2, cr2
from .inference import Inference, from_t

Array = NDArray[np.float64]
COVARIANCES = ("classical", "CR0", "CR1", "CR1S", "CR1S_nested", "CR2")


@dataclass(frozen=True, slots=True)
class ClusteredRegression:
    """Coefficients of least squares, and all that their covariances need.

    coefficients : array (p,). residuals : array (n,). design : array (n, p), after the absorbed means were taken out.
    clusters : array (n,) of codes from 0. absorbed : means that were taken out before (one per student, say).
    """

    coefficients: Array
    residuals: Array
    design: Array
    clusters: NDArray[np.int64]
    absorbed: int = 0

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return int(self.clusters.max(initial=-1)) + 1

    @property
    def n_parameters(self) -> int:
        """Number of parameters, with the absorbed means."""
        return len(self.coefficients) + self.absorbed

    def covariance(self, kind: str = "CR2") -> Array:
        """Covariance of the coefficients.

        ``"classical"``: independent errors of equal variance. ``"CR0"``: no correction for few clusters; ``"CR1"``:
        times G / (G - 1); ``"CR1S"``: also times (n - 1) / (n - k), k counting every absorbed mean (Stata's areg);
        ``"CR1S_nested"``: k counts them as one, as they lie inside the clusters (Stata's xtreg, reghdfe, R's fixest);
        ``"CR2"``: Bell and McCaffrey's.
        """
        if kind == "CR2":
            return self._cr2().covariance
        n, g, bread = len(self.residuals), self.n_clusters, np.linalg.inv(self.design.T @ self.design)
        if kind == "classical":
            return np.asarray(bread * (self.residuals @ self.residuals) / (n - self.n_parameters))
        scores = np.zeros((g, self.design.shape[1]))
        np.add.at(scores, self.clusters, self.design * self.residuals[:, None])
        k = self.n_parameters - (self.absorbed - 1 if kind == "CR1S_nested" and self.absorbed else 0)
        factor = {"CR0": 1.0, "CR1": g / (g - 1)}.get(kind, g / (g - 1) * (n - 1) / (n - k))
        return np.asarray(factor * bread @ (scores.T @ scores) @ bread)

    def inference(self, position: int, kind: str = "CR2", *, conf_level: float = 0.95) -> Inference:
        """One coefficient with its limits; df are Satterthwaite's for CR2, n - k if classical, else clusters less one.

        Flags: ``TOO_FEW_CLUSTERS`` (one cluster), ``NO_VARIATION``, ``DEGENERATE`` (residuals are all 0).
        """
        estimate = float(self.coefficients[position])
        if kind != "classical" and self.n_clusters < 2:
            return Inference(estimate, conf_level=conf_level, method=kind.lower(), flags={"TOO_FEW_CLUSTERS": True})
        exact = bool(np.abs(self.residuals).max() <= 1e-12 * np.abs(self.design @ self.coefficients).max(initial=0.0))
        if exact:
            flags = {"NO_VARIATION": estimate == 0, "DEGENERATE": estimate != 0}
            return Inference(estimate, 0.0, conf_level=conf_level, method=kind.lower(), flags=flags)
        contrast, df = np.eye(len(self.coefficients))[position], float(self.n_clusters - 1)
        if kind == "CR2":
            found = self._cr2()
            covariance, df = found.covariance, found.df(contrast)
        else:
            covariance = self.covariance(kind)
            df = len(self.residuals) - self.n_parameters if kind == "classical" else df
        error = float(np.sqrt(covariance[position, position]))
        return from_t(estimate, error, df, conf_level=conf_level, method=kind.lower())

    def _cr2(self) -> Cr2:
        return cr2(self.design, self.residuals, self.clusters)


def clustered_regression(
    design: ArrayLike, outcome: ArrayLike, clusters: ArrayLike, *, absorbed: int = 0
) -> ClusteredRegression:
    """What are the coefficients of least squares, when rows of one cluster belong together?

    Parameters
    ----------
    design : array (n, p) of full rank. outcome : array (n,). clusters : array (n,).
    absorbed : how many means were taken out of both before, all of them inside the clusters.

    Liang and Zeger (1986) doi:10.1093/biomet/73.1.13; Pustejovsky and Tipton (2018) doi:10.1080/07350015.2016.1247004.

    >>> rows = np.array([[1, 0], [1, 0], [1, 1], [1, 1.0]])
    >>> fit = clustered_regression(rows, [1, 2, 4, 6], [0, 1, 2, 3])
    >>> fit.coefficients.round(6).tolist(), round(fit.inference(1, "CR1S").std_error, 4)
    ([1.5, 3.5], 1.118)
    """
    x, y = np.asarray(design, dtype=float), np.asarray(outcome, dtype=float)
    q, r = np.linalg.qr(x)
    coefficients = np.linalg.solve(r, q.T @ y)
    codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
    return ClusteredRegression(coefficients, y - x @ coefficients, x, codes, absorbed)
