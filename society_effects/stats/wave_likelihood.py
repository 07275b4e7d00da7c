"""The restricted likelihood of several waves with any covariance between them, and the search for its maximum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MOST_STEPS = 200
ENOUGH = 1e-18
"""What a step promises the deviance, below which the maximum is reached."""
SINGULAR = 1e-9
"""Smallest eigenvalue of the correlations of the waves, below which some wave is predicted exactly by others."""

ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Pattern:
    """Students of one stratum with values at the same waves.

    students : array (m,), their positions. waves : array (t,). design : array (m, t, p). values : array (m, t).
    """

    stratum: int
    students: NDArray[np.int64]
    waves: NDArray[np.int64]
    design: Array
    values: Array

    def block(self, covariance: Array) -> Array:
        """The covariance of the waves that these students have."""
        return np.asarray(covariance[self.stratum][np.ix_(self.waves, self.waves)])

    def products(self) -> Array:
        """Products of the columns (design, then values) at each two waves, array (t, t, p + 1, p + 1)."""
        columns = np.concatenate([self.design, self.values[:, :, None]], axis=2)
        return np.einsum("mtp,muq->tupq", columns, columns, optimize=True)

    def weighted(self, estimate: Array, covariance: Array) -> tuple[Array, Array]:
        """Each student's weighted products of the design, array (m, p, p), and scores, array (m, p)."""
        scaled = np.einsum("mtp,tu->mup", self.design, np.linalg.inv(self.block(covariance)))
        gram = np.einsum("mup,muq->mpq", scaled, self.design)
        return gram, np.einsum("mup,mu->mp", scaled, self.values - self.design @ estimate)


def patterns(values: Array, design: Array, strata: NDArray[np.int64]) -> tuple[Pattern, ...]:
    """The students by stratum and by the waves at which they have values; those without any are left out."""
    seen = ~np.isnan(values)
    kinds, which = np.unique(np.column_stack([strata, seen]), axis=0, return_inverse=True)
    found = []
    for code, kind in enumerate(kinds):
        waves, students = np.flatnonzero(kind[1:]), np.flatnonzero(which.reshape(-1) == code)
        if len(waves):
            here = np.ix_(students, waves)
            found.append(Pattern(int(kind[0]), students, waves, design[here], values[here]))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Point:
    """The likelihood at one covariance of the waves, with its derivatives by the covariance's elements.

    deviance : minus twice the restricted log likelihood. estimate : array (p,). bread : array (p, p), its covariance.
    slopes : array (k, p, p), its derivatives. gradient : array (k,), of the deviance. information : array (k, k), on
    the elements: the observed one, or, where that is not positive definite, the expected one.
    """

    deviance: float
    estimate: Array
    bread: Array
    slopes: Array
    gradient: Array
    information: Array


class WaveLikelihood:
    """The restricted likelihood as a function of the covariance of the waves, array (strata, waves, waves)."""

    def __init__(self, parts: tuple[Pattern, ...], n_waves: int, n_strata: int) -> None:
        self.parts = [(part, part.products(), len(part.students)) for part in parts]
        self.shape = (n_strata, n_waves, n_waves)
        rows, columns = np.tril_indices(n_waves)
        self.basis = np.zeros((len(rows), n_waves, n_waves))
        self.basis[np.arange(len(rows)), rows, columns] = self.basis[np.arange(len(rows)), columns, rows] = 1.0
        self.df = sum(len(p.waves) * n for p, _, n in self.parts) - parts[0].design.shape[2]

    def of(self, elements: Array) -> Array:
        """The covariance with these elements, array (strata x k,)."""
        return np.tensordot(elements.reshape(self.shape[0], -1), self.basis, axes=1)

    def weighted(self, covariance: Array) -> tuple[Array, float]:
        """The weighted products of the columns, and the log determinant of the covariance of all values."""
        total, determinants = np.zeros(self.parts[0][1].shape[2:]), 0.0
        for part, products, n in self.parts:
            block = part.block(covariance)
            total += np.tensordot(np.linalg.inv(block), products, axes=2)
            determinants += n * float(np.linalg.slogdet(block)[1])
        return total, determinants

    def deviance(self, covariance: Array) -> float:
        """Minus twice the restricted log likelihood; infinite where the covariance is not positive definite."""
        if any(values[0] <= ROUNDING * values[-1] for values in np.linalg.eigvalsh(covariance)):
            return np.inf
        total, determinants = self.weighted(covariance)
        estimate = np.linalg.solve(total[:-1, :-1], total[:-1, -1])
        spread = float(total[-1, -1] - total[-1, :-1] @ estimate)
        return determinants + float(np.linalg.slogdet(total[:-1, :-1])[1]) + spread + self.df * float(np.log(2 * np.pi))

    def at(self, covariance: Array) -> Point:
        """The likelihood with its derivatives. Notation as in Jennrich and Schluchter (1986)."""
        total, _ = self.weighted(covariance)
        bread = np.linalg.inv(total[:-1, :-1])
        estimate = bread @ total[:-1, -1]
        towards = np.append(-estimate, 1.0)
        k = len(self.basis)
        first = np.zeros((self.shape[0], k, *total.shape))
        logs = np.zeros((self.shape[0], k))
        traces, squares = np.zeros((2, self.shape[0], k, k))
        for part, products, n in self.parts:
            weights, s = np.linalg.inv(part.block(covariance)), part.stratum
            turned = weights @ self.basis[:, part.waves[:, None], part.waves]
            once = turned @ weights
            first[s] += np.tensordot(once, products, axes=2)
            logs[s] += n * np.trace(turned, axis1=1, axis2=2)
            twice = np.einsum("iab,jbc->ijac", turned, once, optimize=True)
            explained = np.einsum("acpq,pq->ac", products[:, :, :-1, :-1], bread)
            left_over = np.einsum("acpq,p,q->ac", products, towards, towards, optimize=True)
            traces[s] += n * np.einsum("iab,jba->ij", turned, turned) - 2 * np.tensordot(twice, explained, axes=2)
            squares[s] += np.tensordot(twice, left_over, axes=2)
        flat = first.reshape(-1, *total.shape)
        slopes = bread @ flat[:, :-1, :-1] @ bread
        pulled = flat[:, :-1] @ towards
        trace = _diagonal(traces) + np.einsum("iab,jba->ij", slopes, flat[:, :-1, :-1])
        square = _diagonal(squares) - pulled @ bread @ pulled.T
        gradient = logs.reshape(-1) - np.einsum("ab,iba->i", bread, flat[:, :-1, :-1]) - flat @ towards @ towards
        observed = square - trace / 2
        information = observed if np.linalg.eigvalsh(observed)[0] > 0 else trace / 2
        return Point(self.deviance(covariance), estimate, np.asarray(bread), slopes, gradient, information)


def highest(likelihood: WaveLikelihood, start: Array) -> Array | None:
    """At which covariance is the restricted likelihood highest? None where it has no maximum.

    start : array (strata, waves, waves), positive definite. Newton's steps, scoring far from the maximum; a step that
    goes too far is halved.
    """
    rows, columns = np.tril_indices(likelihood.shape[1])
    elements = start[:, rows, columns].reshape(-1)
    for _ in range(MOST_STEPS):
        here = likelihood.at(likelihood.of(elements))
        move = -np.linalg.solve(2 * here.information, here.gradient)
        gain, size = -float(here.gradient @ move), 1.0
        while size > 1e-6 and not likelihood.deviance(likelihood.of(elements + size * move)) <= here.deviance + 1e-9:
            size /= 2
        if size <= 1e-6 or nearly_singular(likelihood.of(elements)):
            return None
        elements = elements + size * move
        if gain < ENOUGH * likelihood.df:
            return likelihood.of(elements)
    return None


def nearly_singular(covariance: Array) -> bool:
    """Is a wave predicted exactly by others?"""
    scale = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    return bool(np.linalg.eigvalsh(covariance / (scale[:, :, None] * scale[:, None, :]))[:, 0].min() < SINGULAR)


def _diagonal(blocks: Array) -> Array:
    """The blocks of the strata as one matrix; elements of different strata have nothing in common."""
    s, k, _ = blocks.shape
    found = np.zeros((s, k, s, k))
    found[np.arange(s), :, np.arange(s), :] = blocks
    return found.reshape(s * k, s * k)
