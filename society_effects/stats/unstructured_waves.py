"""Several waves: means of groups and waves with any covariance between the waves, by REML (MMRM)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cluster_sums import ClusterRobust, cr2_from_sums, without_precision
from .satterthwaite import Coefficients, nearly_dependent, undefined
from .wave_likelihood import Pattern, Point, WaveLikelihood, highest, patterns

Array = NDArray[np.float64]
METHOD = "unstructured_reml"


@dataclass(frozen=True, slots=True)
class UnstructuredWaves:
    """A fitted model of several waves.

    coefficients : estimates with their covariance; ``contrast`` and ``joint`` of it give inference.
    covariance : array (strata, waves, waves), of the values of one student. log_likelihood : restricted.
    n_students : with at least one value. n_values : values. converged : False where nothing could be estimated.
    """

    coefficients: Coefficients
    covariance: Array
    log_likelihood: float
    n_students: int
    n_values: int
    converged: bool
    parts: tuple[Pattern, ...] = ()

    def by_class(self, clusters: ArrayLike) -> ClusterRobust:
        """The same coefficients when students share classes: CR2 over the classes.

        clusters : array (n,), the class of each student, who stays in it. The covariance of the waves is the working
        model, which decides the weights and the degrees of freedom.
        """
        if not self.converged:
            return without_precision(self.coefficients.estimate, METHOD + "_cr2", self.coefficients.flags)
        students = np.concatenate([part.students for part in self.parts])
        _, codes = np.unique(np.asarray(clusters)[students], return_inverse=True)
        pieces = [part.weighted(self.coefficients.estimate, self.covariance) for part in self.parts]
        p = len(self.coefficients.estimate)
        gram, score = np.zeros((codes.max() + 1, p, p)), np.zeros((codes.max() + 1, p))
        np.add.at(gram, codes, np.concatenate([piece[0] for piece in pieces]))
        np.add.at(score, codes, np.concatenate([piece[1] for piece in pieces]))
        return cr2_from_sums(self.coefficients.estimate, gram, score, METHOD + "_cr2")


def group_wave_design(groups: ArrayLike, n_waves: int) -> Array:
    """Which design gives every group a mean at every wave? Array (n, waves, groups x waves).

    groups : array (n,) of whole numbers from 0. The coefficients stand group by group; a contrast of them is
    ``np.kron(group_weights, wave_weights)``, for instance ``np.kron([-1, 1], [-1, 0, 1])``, the difference in change.

    >>> group_wave_design([0, 1], 2)[1].tolist()
    [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """
    arm = np.asarray(groups).astype(int)
    return np.asarray(np.kron(np.eye(arm.max(initial=-1) + 1)[arm][:, None, :], np.eye(n_waves)))


def unstructured_waves(values: ArrayLike, design: ArrayLike, *, strata: ArrayLike | None = None) -> UnstructuredWaves:
    """Which coefficients has a linear model of several waves whose values may vary and hang together in any way?

    Parameters
    ----------
    values : array (n, waves); NaN where a student was not seen. Students with some waves are kept: the estimates are
        those of the likelihood, right where what was seen explains who was missing.
    design : array (n, waves, p), of full rank over the seen values; see :func:`group_wave_design`.
    strata : array (n,), optional: groups with a covariance of their own. By default one for all.

    Restricted maximum likelihood by Newton's method; degrees of freedom from the observed information. Without missing
    waves and with the means of groups and waves, contrasts are the textbook's: within one group the paired t test,
    between two Student's test of the changes, with ``strata`` Welch's.
    Flags: ``TOO_FEW`` (a coefficient without values, or fewer students seen at two waves together than the covariance
    asks for), ``NO_VARIATION``,
    ``DEGENERATE`` (a wave without variation), ``NO_CONVERGENCE`` (also where some waves predict another exactly).
    Jennrich and Schluchter (1986) doi:10.2307/2530695; Mallinckrodt et al. (2008) doi:10.1177/009286150804200402.

    >>> scores = [[4.0, 5.0], [6.0, 9.0], [5.0, 6.0], [7.0, 11.0]]
    >>> fit = unstructured_waves(scores, group_wave_design([0, 0, 0, 0], 2))
    >>> found = fit.coefficients.contrast([-1, 1])
    >>> round(found.estimate, 3), round(found.std_error, 4), round(float(found.df), 6)
    (2.25, 0.75, 3.0)
    """
    y, x = np.asarray(values, dtype=float), np.asarray(design, dtype=float)
    stratum = np.zeros(len(y), int) if strata is None else np.unique(np.asarray(strata), return_inverse=True)[1]
    seen = ~np.isnan(y)
    orthonormal, triangle = np.linalg.qr(x[seen])
    size = int(seen.any(axis=1).sum()), int(seen.sum())
    if nearly_dependent(triangle):
        return _failed("TOO_FEW", x.shape[2], *size)
    start = np.linalg.solve(triangle, orthonormal.T @ y[seen])
    left, inside = y.copy(), np.zeros_like(x)
    left[seen], inside[seen] = y[seen] - x[seen] @ start, orthonormal
    flag, found = _why_not(left, x, stratum, float(np.abs(y[seen]).max(initial=0.0))), None
    if not flag:
        likelihood = WaveLikelihood(patterns(left, inside, stratum), y.shape[1], stratum.max() + 1)
        found = highest(likelihood, _independent(left, stratum))
    if found is None:
        return _failed(flag or "NO_CONVERGENCE", x.shape[2], *size)
    point = likelihood.at(found)
    scale = 2 * float(np.sum(np.log(np.abs(np.diag(triangle)))))
    coefficients = _in_design(point, start, np.linalg.inv(triangle))
    loglik, parts = -(point.deviance + scale) / 2, patterns(y, x, stratum)
    return UnstructuredWaves(coefficients, found, loglik, *size, converged=True, parts=parts)


def _failed(flag: str, p: int, n_students: int, n_values: int) -> UnstructuredWaves:
    none = np.full((1, 1, 1), np.nan)
    return UnstructuredWaves(undefined(p, METHOD, flag), none, np.nan, n_students, n_values, converged=False)


def _in_design(point: Point, start: Array, back: Array) -> Coefficients:
    """From the orthonormal design back to the one that was given."""
    return Coefficients(
        start + back @ point.estimate,
        back @ point.bread @ back.T,
        back @ point.slopes @ back.T,
        np.asarray(np.linalg.inv(point.information)),
        METHOD,
        whole=True,
    )


def _why_not(left: Array, design: Array, strata: NDArray[np.int64], largest: float) -> str | None:
    """Why can the covariance of the waves not be estimated?"""
    smallest = 1e-13 * largest
    if not np.nanmax(np.abs(left), initial=0.0) > smallest:
        return "NO_VARIATION"
    seen, n_waves = ~np.isnan(left), left.shape[1]
    for code in np.unique(strata):
        own = strata == code
        together = seen[own].T.astype(float) @ seen[own]
        used = max(int(np.linalg.matrix_rank(design[own & seen[:, t], t])) for t in range(n_waves))
        if together.min() - used < n_waves:
            return "TOO_FEW"
        if np.any(np.nanstd(left[own], axis=0) <= smallest):
            return "DEGENERATE"
    return None


def _independent(left: Array, strata: NDArray[np.int64]) -> Array:
    """Where the search begins: the variance of each wave, without covariances."""
    return np.stack([np.diag(np.nanvar(left[strata == code], axis=0)) for code in np.unique(strata)])
