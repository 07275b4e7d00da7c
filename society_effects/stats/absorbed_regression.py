"""Slopes of a regression in which every class has its own level: least squares, logistic or Poisson."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
STEPS = 100
CONVERGED = 1e-10
FARTHEST = 50.0
"""A linear predictor beyond this, of shares and rates, is on its way to infinity."""
LONGEST = 3.0
"""No step moves such a predictor by more."""


@dataclass(frozen=True, slots=True)
class Link:
    """The canonical model of an outcome: ``"score"``, ``"share"`` (0 and 1) or ``"rate"`` (counts over time (n,))."""

    kind: str
    time: Array

    def mean(self, predictor: Array) -> tuple[Array, Array]:
        """The expected outcomes, and their derivative by the predictor."""
        if self.kind == "score":
            return predictor, np.ones(len(predictor))
        if self.kind == "share":
            share = special.expit(predictor)
            return share, share * (1 - share)
        expected = self.time * np.exp(predictor)
        return expected, expected

    def level(self, outcome: Array, offset: Array, codes: Codes) -> Array:
        """The level of each class (c,) at which as many are expected as observed, beside this offset (n,)."""
        sums, time = np.bincount(codes, outcome), np.bincount(codes, self.time)
        if self.kind == "score":
            return np.asarray((sums - np.bincount(codes, offset)) / time)
        if self.kind == "rate":
            return np.asarray(np.log(sums / np.bincount(codes, self.time * np.exp(offset))))
        low, high = (np.full(len(sums), side * 2 * FARTHEST) for side in (-1.0, 1.0))
        for _ in range(64):
            middle = (low + high) / 2
            above = np.bincount(codes, special.expit(middle[codes] + offset)) > sums
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return (low + high) / 2


@dataclass(frozen=True, slots=True)
class Slopes:
    """Slopes (k,); per class that tells of them (c,), the products (c, k, k) of the covariates around their weighted
    means, and (c, k) of these with the residuals."""

    slopes: Array
    products: Array
    scores: Array


def slopes_beside_levels(outcome: Array, x: Array, codes: Codes, link: Link) -> Slopes | None:
    """Which slopes fit best when every class has its own level? Newton's method; None where no slopes are best.

    outcome : (n,). x : (n, k), varying within classes. codes : (n,), classes counted from 0; all 0 for one level.
    Classes without any event, or of events only, tell nothing and are left out.

    >>> x, codes = np.array([[0.0], [1.0], [0.0], [2.0]]), np.array([0, 0, 1, 1])
    >>> link = Link("score", np.ones(4))
    >>> slopes_beside_levels(np.array([1.0, 3.0, 5.0, 8.0]), x, codes, link).slopes.round(12).tolist()
    [1.6]
    """
    told = _tells(outcome, codes, link)
    y, x, own = outcome[told], x[told], np.unique(codes[told], return_inverse=True)[1]
    part, slopes = Link(link.kind, link.time[told]), np.zeros(x.shape[1])
    for _ in range(STEPS):
        predictor = x @ slopes
        predictor = predictor + part.level(y, predictor, own)[own]
        expected, weights = part.mean(predictor)
        around = x - (per_class(weights[:, None] * x, own) / np.bincount(own, weights)[:, None])[own]
        products = per_class(around[:, :, None] * (weights[:, None] * around)[:, None, :], own)
        scores = per_class(around * (y - expected)[:, None], own)
        total = products.sum(axis=0)
        if np.linalg.matrix_rank(total, hermitian=True) < len(total):
            return None
        step = np.linalg.solve(total, scores.sum(axis=0))
        farthest, longest = np.abs(predictor).max(initial=0.0), np.abs(x @ step).max(initial=0.0)
        if longest <= CONVERGED * max(1.0, farthest):
            return Slopes(slopes + step, products, scores)
        if link.kind == "score":
            slopes = slopes + step
        elif farthest > FARTHEST:
            return None
        else:
            slopes = slopes + step * min(1.0, LONGEST / longest)
    return None


def per_class(values: Array, codes: Codes) -> Array:
    """The sums (c, ...) over the students (n, ...) of each class.

    >>> per_class(np.array([[1.0], [2.0], [5.0]]), np.array([0, 0, 1])).tolist()
    [[3.0], [5.0]]
    """
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(codes.max(initial=-1) + 1))
    return np.asarray(np.add.reduceat(values[order], starts, axis=0)) if len(starts) else values[:0]


def _tells(outcome: Array, codes: Codes, link: Link) -> NDArray[np.bool_]:
    """Which students are in a class that has a level at all?"""
    if link.kind == "score":
        return np.ones(len(codes), dtype=bool)
    events, most = np.bincount(codes, outcome), np.bincount(codes) if link.kind == "share" else np.inf
    return np.asarray(((events > 0) & (events < most))[codes])
