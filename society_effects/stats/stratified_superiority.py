"""How often does a member outscore a non-member who started in the same category?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .clustered_means import ClusteredMeans, clustered_means
from .inference import Inference, from_t
from .ranks import placements

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StratifiedSuperiority:
    """The probability of superiority among students of the same stratum, and what each stratum says.

    superiority : over the strata, weighted by members. strata : (s,), the strata that hold members and others.
    of_stratum : (s,), the probability in each. weights : (s,), the shares of the members compared. left_out : members
    whose stratum holds no non-member.
    """

    superiority: Inference
    strata: NDArray[Any]
    of_stratum: Array
    weights: Array
    left_out: int


def stratified_superiority(
    outcome: ArrayLike,
    member: ArrayLike,
    strata: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> StratifiedSuperiority:
    """How probable is it that a member outscores a non-member of the same stratum (a tie counts half)?

    Parameters
    ----------
    outcome : (n,), only its order is used. member : (n,), true for members.
    strata : (n,), usually the category at baseline.
    clusters : (n,), the class of each student: placements are summed by class (CR2, Satterthwaite degrees of freedom).

    Each member is placed among the non-members of the same stratum, and each of these among its members; the mean of
    the members' placements weighs the strata as the members lie in them. The members' part of the variance is that of
    their placements around the overall mean, so that their distribution over the strata counts as a sample; the others'
    part is that within strata, Satterthwaite degrees of freedom. With one stratum this is Brunner and Munzel's. A
    stratum with one non-member (or all in one class) says nothing about their spread: it is taken to be as in the
    others. Limits on the logit scale. Flags: ``NO_OVERLAP`` (no stratum holds both: no value), ``MEMBERS_LEFT_OUT``,
    ``TOO_FEW`` / ``ONE_CLUSTER_IN_ARM`` (a spread is unknown), ``ALL_TIED``,
    ``SEPARATED_IN_STRATA`` (0 or 1: no limits).
    Brunner and Munzel (2000) doi:10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U.

    >>> found = stratified_superiority([3, 4, 2, 3, 5, 4, 3, 4], [1, 1, 0, 0, 1, 1, 0, 0], [1, 1, 1, 1, 2, 2, 2, 2])
    >>> found.of_stratum.tolist(), found.superiority.estimate
    ([0.875, 0.875], 0.875)
    """
    y, arm, stratum = np.asarray(outcome, dtype=float), np.asarray(member).astype(bool), np.asarray(strata)
    both = np.intersect1d(stratum[arm], stratum[~arm])
    used = np.isin(stratum, both)
    left_out = int(np.sum(arm & ~used))
    settings: dict[str, Any] = {"conf_level": conf_level, "null_value": 0.5, "scale": "logit"}
    kind = "stratified_superiority" if clusters is None else "stratified_superiority_cr2"
    if not len(both):
        found = Inference(np.nan, method=kind, flags={"NO_OVERLAP": True}, **settings)
        return StratifiedSuperiority(found, both, np.zeros(0), np.zeros(0), left_out)
    y, arm, place = y[used], arm[used], np.searchsorted(both, stratum[used])
    scores = np.empty(len(y))
    for code in range(len(both)):
        own = place == code
        placed = placements(y[own & arm], y[own & ~arm])
        scores[own & arm], scores[own & ~arm] = placed.of_members, placed.of_reference
    codes = np.arange(len(y)) if clusters is None else np.unique(np.asarray(clusters)[used], return_inverse=True)[1]
    weights = np.bincount(place[arm], minlength=len(both)) / arm.sum()
    means = clustered_means(scores, np.where(arm, 0, 1 + place), codes)
    std_error, df, flags = _spread(means, weights, independent=clusters is None)
    theta = float(means.mean[0])
    separated = theta <= 0 or theta >= 1
    flags |= {"ALL_TIED": std_error == 0 and not separated, "SEPARATED_IN_STRATA": separated}
    flags |= {"NO_OVERLAP": False, "MEMBERS_LEFT_OUT": left_out > 0}
    error = np.nan if separated else std_error / (theta * (1 - theta))
    found = from_t(theta, error, df, method=kind, flags=flags, **settings)
    return StratifiedSuperiority(found, both, means.mean[1:], weights, left_out)


def _spread(means: ClusteredMeans, weights: Array, *, independent: bool) -> tuple[float, float, dict[str, bool]]:
    """Standard error, degrees of freedom and flags: members' placements rise with their own score, others' fall."""
    known = means.share[:, 1:].max(axis=0) < 1 - 1e-12
    alone = not bool(means.share[:, 0].max() < 1 - 1e-12 and known.any())
    flag = {"TOO_FEW" if independent else "ONE_CLUSTER_IN_ARM": alone}
    if alone:
        return np.nan, np.nan, flag
    if not independent:
        alone_as_others = np.sum(weights**2 / means.size[1:]) / np.sum((weights**2 / means.size[1:])[known])
        contrast = np.r_[1.0, weights * known * np.sqrt(alone_as_others)]
        return float(np.sqrt(contrast @ means.covariance @ contrast)), means.df(contrast), flag
    of_arms = np.diag(means.covariance) * means.size
    others = np.sum((of_arms[1:] * (means.size[1:] - 1))[known]) / np.sum((means.size[1:] - 1)[known])
    spread = np.where(known, of_arms[1:], others)
    parts = np.r_[of_arms[0] / means.size[0], weights**2 * spread / means.size[1:]]
    free = np.r_[means.size[0] - 1, np.where(known, means.size[1:] - 1, np.sum((means.size[1:] - 1)[known]))]
    total = float(parts.sum())
    df = total**2 / float(np.sum(parts**2 / free)) if total > 0 else np.nan
    return float(np.sqrt(total)), df, flag
