"""Fitted shares at or above each cut between categories, averaged over the same covariates, with their precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .ordinal_regression import OrdinalFit, proportional_odds
from .score_errors import ScoreErrors, score_errors

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
CROSSED = 1e-12
"""Shares that rise from cut to cut by no more than this are the same but for rounding."""


@dataclass(frozen=True, slots=True)
class StandardisedLines:
    """The share at or above each cut, of the others and of the members, with the same covariates.

    at_or_above : (2, m - 1). crossed : had the shares to be made to fall from cut to cut? influence : (2, m - 1, n),
    what each student contributes. errors, gradients : of each fit, how precise it is, and the derivatives
    (2, m - 1, q) of the shares by its coefficients. of_membership : of each fit, the contrast (q,) that is the
    coefficient of membership. alone : does an arm (or the target) hold too few students for its
    spread to be known?
    """

    at_or_above: Array
    crossed: bool
    influence: Array
    errors: tuple[ScoreErrors, ...]
    gradients: tuple[Array, ...]
    of_membership: tuple[Array, ...]
    alone: bool

    def influence_of(self, weights: Array) -> Array:
        """What each student (n,) contributes to this sum of the shares, weights (2, m - 1)."""
        return np.asarray(np.einsum("ac,acn->n", weights, self.influence))

    def precision(self, weights: Array) -> tuple[float, float, dict[str, bool]]:
        """Standard error, degrees of freedom and flags of a sum of the shares."""
        contrasts = [np.einsum("ac,acq->q", weights, gradient) for gradient in self.gradients]
        return self._precision(self.influence_of(weights), contrasts)

    def odds_ratio(self) -> tuple[float, float, dict[str, bool]]:
        """The same of the coefficient of membership in the first fit."""
        contrast = self.of_membership[0]
        return self._precision(self.errors[0].influence(contrast) * self.errors[0].factor, [contrast])

    def _precision(self, influence: Array, contrasts: list[Array]) -> tuple[float, float, dict[str, bool]]:
        """Undefined where that of membership is: what one class decides alone beside it is its own affair."""
        involved = [i for i, contrast in enumerate(contrasts) if np.any(contrast)]
        if not involved:
            return np.nan, np.nan, {}  # a share of 0 between lines that were made to meet
        why = [self.errors[i].why_unknown(self.of_membership[i]) for i in involved]
        flags = {key: any(one[key] for one in why) for key in why[0]}
        codes = self.errors[0].codes
        if codes is None:
            flags["TOO_FEW"] |= self.alone
        if any(flags.values()):
            return np.nan, np.nan, flags
        sums = influence if codes is None else np.bincount(codes, influence)
        return float(np.sqrt(np.sum(sums**2))), min(self.errors[i].df(contrasts[i]) for i in involved), flags


def fitted_lines(
    codes: NDArray[np.int64], columns: Array, names: Sequence[str], *, parallel: bool
) -> tuple[OrdinalFit, ...]:
    """One proportional odds model, or a logistic regression for each cut between the categories that occur."""
    if parallel:
        return (proportional_odds(codes, columns, names=names),)
    return tuple(proportional_odds(codes >= level, columns, names=names) for level in np.unique(codes)[1:])


def standardised_lines(
    fits: Sequence[OrdinalFit], columns: Array, inside: Mask, arm: Mask, clusters: ArrayLike | None
) -> StandardisedLines:
    """Which share of an arm would lie at or above each cut, over the covariates of the target?

    columns : (n, p), membership first. inside : (n,), the target. arm : (n,), true for members. fits : with a maximum.
    """
    rows = [np.column_stack([np.full(len(columns), float(a)), columns[:, 1:]]) for a in (0, 1)]
    each = np.stack([np.column_stack([fit.at_or_above(x) for fit in fits]).T for x in rows])
    shares = each[..., inside].mean(axis=-1)
    models = [(fit.model, fit.to_coefficients) for fit in fits if fit.model is not None]
    errors = tuple(score_errors(model.scores, model.roots, back, clusters) for model, back in models)
    gradients = _gradients(fits, rows, each, inside)
    sampling = np.where(inside, each - shares[..., None], 0.0) / inside.sum()
    if errors[0].codes is not None:
        part = (np.bincount(errors[0].codes, inside) / inside.sum())[errors[0].codes]
        sampling = sampling / np.sqrt(np.where(part < 1 - 1e-12, 1 - part, np.inf))
    influence = sampling * max(error.factor for error in errors)
    for error, gradient in zip(errors, gradients, strict=True):
        for place in np.argwhere(np.any(gradient, axis=-1)):
            influence[tuple(place)] += error.influence(gradient[tuple(place)]) * error.factor
    pooled = [_falling(row) for row in shares]
    crossed = bool(np.any(np.diff(shares, axis=1) > CROSSED))
    matrix = np.stack(pooled)
    return StandardisedLines(
        np.einsum("acd,ad->ac", matrix, shares),
        crossed,
        np.einsum("acd,adn->acn", matrix, influence),
        errors,
        tuple(np.einsum("acd,adq->acq", matrix, gradient) for gradient in gradients),
        tuple(np.eye(len(fit.to_coefficients))[len(fit.thresholds)] for fit in fits),
        bool(min(arm.sum(), (~arm).sum()) < 2),
    )


def _gradients(fits: Sequence[OrdinalFit], rows: Sequence[Array], each: Array, inside: Mask) -> tuple[Array, ...]:
    """Of each fit, the derivatives (2, m - 1, q) of the averaged shares by thresholds and slopes."""
    found, first = [], 0
    for fit in fits:
        cuts = len(fit.thresholds)
        gradient = np.zeros((2, each.shape[1], cuts + len(fit.slopes)))
        for arm, x in enumerate(rows):
            for cut in range(cuts):
                steep = each[arm, first + cut] * (1 - each[arm, first + cut]) * inside / inside.sum()
                gradient[arm, first + cut, cut] = -steep.sum()
                gradient[arm, first + cut, cuts:] = steep @ x
        found.append(gradient)
        first += cuts
    return tuple(found)


def _falling(shares: Array) -> Array:
    """The averages (m - 1, m - 1) of neighbouring cuts that make these shares fall, or stay, from cut to cut.

    >>> _falling(np.array([0.5, 0.6, 0.1])).tolist()
    [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
    """
    from scipy.optimize import isotonic_regression

    ends = isotonic_regression(shares, increasing=False).blocks
    block = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    same = (block[:, None] == block).astype(float)
    return same / same.sum(axis=1, keepdims=True)
