"""Whom does a linear adjustment really compare with whom?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjusted_difference import NO_WEIGHT, AdjustedDifference
from .balance import effective_size

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ImpliedWeights:
    """The weights with which a linear adjustment averages the outcomes of each arm.

    weights : (n,), adding up to 1 among members and among the others; the adjusted difference is the difference of the
    two weighted means. negative_member, negative_reference : the share of each arm's students with a negative weight:
    their outcome counts the wrong way, because the regression extrapolates beyond them. effective_member,
    effective_reference : students of equal weight that would give means as precise.
    """

    weights: Array
    negative_member: float
    negative_reference: float
    effective_member: float
    effective_reference: float


def implied_weights(found: AdjustedDifference, member: ArrayLike) -> ImpliedWeights:
    """With which weights does an adjusted difference average the outcomes of members, and of the others?

    found : an adjusted difference without batch axes. member : (n,), true for members, as given to it.
    The effective size is that of a mean with these weights and equal spread, (sum w)^2 / sum w^2, which a negative
    weight makes smaller too. Chattopadhyay and Zubizarreta (2023) doi:10.1093/biomet/asac058.

    >>> from society_effects.stats.adjusted_difference import adjusted_difference
    >>> club, score = [1, 1, 1, 0, 0, 0, 0], [[4.0], [5], [6], [1], [2], [3], [4]]
    >>> found = implied_weights(adjusted_difference([7, 8, 8, 3, 4, 4, 6], club, score), club)
    >>> found.weights.round(2).tolist()
    [0.33, 0.33, 0.33, -0.5, 0.0, 0.5, 1.0]
    >>> round(found.negative_reference, 2), round(found.effective_reference, 2), round(found.effective_member, 2)
    (0.25, 0.67, 3.0)
    """
    arm = np.asarray(member).astype(bool)
    raw = found.errors.fit.weights(np.eye(len(found.terms.names))[1])
    weights = np.where(arm, raw, -raw)
    weights = np.where(np.abs(weights) > NO_WEIGHT * np.abs(weights).max(), weights, 0.0)
    one, two = weights[arm], weights[~arm]
    negative = float(np.mean(one < 0)), float(np.mean(two < 0))
    return ImpliedWeights(weights, negative[0], negative[1], effective_size(one), effective_size(two))
