"""How often does a member outscore a non-member? Comparisons that use only the order of the values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .allocations import DEFAULT_SEED, allocation_blocks, p_of_draws
from .differences import satterthwaite
from .exact_sums import countable, two_sided_sum_p
from .inference import Inference, TestResult, from_t, never_zero, two_sided_p
from .ordered_differences import median_difference
from .proportions import wilson
from .shift_limits import pairs_below, rank_scores, shift_limits

Array = NDArray[np.float64]
SMALL = 15


@dataclass(frozen=True, slots=True)
class Placements:
    """For each member the share of the reference group below (ties half), and the other way round."""

    of_members: Array
    of_reference: Array
    superiority: float
    error_members: float
    error_reference: float


def placements(member_values: ArrayLike, reference_values: ArrayLike) -> Placements:
    """Where does each student of one group stand within the other group? O(n log n).

    >>> placements([2, 3], [1, 2]).of_members.tolist()
    [0.75, 1.0]
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    below = _share_below(member, np.sort(reference))
    above = 1 - _share_below(reference, np.sort(member))
    errors = [float(np.var(p, ddof=1) / len(p)) if len(p) > 1 else np.nan for p in (below, above)]
    return Placements(below, above, float(below.mean()), *errors)


def probability_of_superiority(
    member_values: ArrayLike,
    reference_values: ArrayLike,
    *,
    conf_level: float = 0.95,
    resamples: int = 0,
    seed: int = DEFAULT_SEED,
) -> Inference:
    """How probable is it that a member chosen at random outscores a non-member chosen at random (a tie counts half)?

    Parameters
    ----------
    member_values, reference_values : 1-d arrays without missing values.
    conf_level : default 0.95.
    resamples : if positive and a group has fewer than 15 students, P comes from permutations of the studentised
        statistic (all of them where there are few enough); the interval stays that of the t approximation.
    seed : seed of these permutations.

    Brunner and Munzel's variance, Satterthwaite degrees of freedom, limits on the logit scale so that they stay
    between 0 and 1. Flags: ``ALL_TIED`` (every value the same: 0.5, P undefined), ``SEPARATED`` (no overlap: 0 or 1;
    P counts the allocations without overlap, and the limit is Wilson's for as many students as the smaller group has,
    an approximation), ``TOO_FEW``.

    Brunner and Munzel (2000) doi:10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U;
    Neubert and Brunner (2007) doi:10.1016/j.csda.2006.05.024.

    >>> found = probability_of_superiority([3, 4, 5, 6], [1, 2, 3, 4])
    >>> found.estimate
    0.875
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    placed = placements(member, reference)
    theta, settings = placed.superiority, {"conf_level": conf_level, "null_value": 0.5, "scale": "logit"}
    if theta in (0.0, 1.0):
        return _separated(member, reference, theta, conf_level)
    error = np.sqrt(placed.error_members + placed.error_reference)
    df = satterthwaite(placed.error_members, placed.error_reference, len(member) - 1, len(reference) - 1)
    few = min(len(member), len(reference)) < 2
    tied = not few and error == 0
    found = from_t(theta, error / (theta * (1 - theta)), df, method="brunner_munzel", **settings)  # type: ignore[arg-type]
    found = replace(found, flags={"TOO_FEW": few, "ALL_TIED": tied, "SEPARATED": False})
    if resamples and min(len(member), len(reference)) < SMALL and not (few or tied):
        return _permuted(found, member, reference, resamples, seed)
    return found


def permuted_superiority(
    member_values: ArrayLike,
    reference_values: ArrayLike,
    *,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> Inference:
    """The same question with P from permutations of the studentised statistic, however many students there are.

    >>> permuted_superiority([3, 4, 5, 6], [1, 2, 3, 4]).p_value > 0.02
    True
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    found = probability_of_superiority(member, reference, conf_level=conf_level)
    return found if found.raised else _permuted(found, member, reference, resamples, seed)


def cliffs_delta(superiority: Inference) -> Inference:
    """By how much more often do members outscore non-members than the other way round? Cliff's delta, from -1 to 1.

    Twice the probability of superiority less one, with its P value and its limits; on the scale of Fisher's z, where
    its standard error is half that of the logit. Cliff (1993) doi:10.1037/0033-2909.114.3.494.

    >>> cliffs_delta(probability_of_superiority([3, 4, 5, 6], [1, 2, 3, 4])).estimate
    0.75
    """
    numbers = {name: 2 * getattr(superiority, name) - 1 for name in ("estimate", "conf_low", "conf_high")}
    own = {"std_error": superiority.std_error / 2, "null_value": 0.0, "scale": "fisher", "flags": {}}
    return replace(superiority, **numbers, **own)


def brunner_munzel(member_values: ArrayLike, reference_values: ArrayLike, *, conf_level: float = 0.95) -> Inference:
    """The same question, with limits on the plain scale as other programs print them; they may leave 0 to 1.

    >>> found = brunner_munzel([3, 4, 5, 6], [1, 2, 3, 4])
    >>> round(found.statistic, 4), round(found.df, 4)
    (3.0, 6.0)
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    placed = placements(member, reference)
    df = satterthwaite(placed.error_members, placed.error_reference, len(member) - 1, len(reference) - 1)
    theta, error = placed.superiority, np.sqrt(placed.error_members + placed.error_reference)
    flags = {
        "TOO_FEW": bool(np.isnan(error)),
        "ALL_TIED": error == 0 and theta == 0.5,
        "SEPARATED": theta in (0.0, 1.0),
    }
    return from_t(theta, error, df, null_value=0.5, conf_level=conf_level, method="brunner_munzel_plain", flags=flags)


def mann_whitney(
    member_values: ArrayLike, reference_values: ArrayLike, *, continuity_correction: bool = False
) -> TestResult:
    """Do members tend to larger values? z with the variance corrected for ties; P from the normal distribution.

    A test of stochastic ordering, not of medians. With ``continuity_correction`` the P value is R's default for tied
    data; without it, SPSS's. Flag ``ALL_TIED``: every value is the same, P is undefined.
    Mann and Whitney (1947) doi:10.1214/aoms/1177730491.

    >>> round(mann_whitney([3, 4, 5, 6], [1, 2, 3, 4]).statistic, 4)
    1.753
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    n1, n0 = len(member), len(reference)
    away = u_statistic(member, reference) - n1 * n0 / 2
    _, ties = np.unique(np.concatenate([member, reference]), return_counts=True)
    total = n1 + n0
    variance = n1 * n0 / 12 * (total + 1 - np.sum(ties.astype(float) ** 3 - ties) / (total * max(total - 1, 1)))
    if variance <= 0 or len(ties) < 2:
        return TestResult("z", np.nan, np.nan, method="mann_whitney", flags={"ALL_TIED": True})
    correction = 0.5 * np.sign(away) if continuity_correction else 0.0
    z = float((away - correction) / np.sqrt(variance))
    return TestResult("z", z, float(two_sided_p(z)), method="mann_whitney", flags={"ALL_TIED": False})


def mann_whitney_exact(member_values: ArrayLike, reference_values: ArrayLike) -> TestResult:
    """The same question, with P counted over all allocations of the values to the groups, ties included.

    The statistic is W, the number of pairs in which the member has the larger value (a tie counts half). P is the
    share of allocations at least as far from the middle. Without ties this is the classical exact test. Flags:
    ``ALL_TIED``; ``TOO_MANY`` (too many students and tied places to count: P undefined).

    >>> mann_whitney_exact([3, 4], [1, 2]).p_value
    0.3333333333333333
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    both = np.concatenate([member, reference])
    scores = rank_scores(both)
    w = u_statistic(member, reference)
    tied = bool(np.ptp(both) == 0)
    if tied or not countable(scores, len(member)):
        return TestResult("W", w, np.nan, method="mann_whitney_exact", flags={"ALL_TIED": tied, "TOO_MANY": not tied})
    p_value, _ = two_sided_sum_p(scores, np.arange(len(both)) < len(member))
    return TestResult("W", w, p_value, method="mann_whitney_exact", flags={"ALL_TIED": False, "TOO_MANY": False})


def u_statistic(member_values: ArrayLike, reference_values: ArrayLike) -> float:
    """In how many pairs does the member have the larger value (a tie counts half)?

    >>> u_statistic([3, 4, 5, 6], [1, 2, 3, 4])
    14.0
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    return float(np.sum(pairs_below(member, np.sort(reference))) / 2)


def hodges_lehmann(member_values: ArrayLike, reference_values: ArrayLike, *, conf_level: float = 0.95) -> Inference:
    """By how much are members' values shifted? The median of all differences between a member and a non-member.

    Moses' interval: order statistics of these differences, from the exact distribution of W given the ties wherever it
    can be counted, otherwise from its normal approximation. P is that of the Mann-Whitney test, exact or normal
    accordingly. A shift of the whole distribution is assumed. No standard error. Where ties would leave an interval of
    no width, it is widened to the next differences. Flags: ``TOO_FEW``, ``ALL_TIED``, ``DEGENERATE`` (both groups are
    constant: P and limits undefined), ``CONF_LEVEL_NOT_REACHED`` (so few students that even the widest interval, from
    the smallest to the largest difference, has a lower exact level).

    Hodges and Lehmann (1963) doi:10.1214/aoms/1177704172.

    >>> found = hodges_lehmann([3.1, 4.2, 5.3, 6.5], [1.0, 2.6, 3.7, 4.9])
    >>> round(found.estimate, 2), round(found.conf_low, 2), round(found.conf_high, 2)
    (1.6, -1.8, 5.5)
    """
    member, reference = (np.sort(np.asarray(v, dtype=float)) for v in (member_values, reference_values))
    exact = countable(rank_scores(np.concatenate([member, reference])), len(member))
    test = (mann_whitney_exact if exact else mann_whitney)(member, reference)
    few = min(len(member), len(reference)) < 2
    tied = "ALL_TIED" in test.raised
    degenerate = not (few or tied) and bool(np.ptp(member) == 0 and np.ptp(reference) == 0)
    low = high = p_value = np.nan
    reached = True
    if not (few or tied or degenerate):
        low, high, reached = shift_limits(member, reference, conf_level, exact)
        p_value = test.p_value
    return Inference(
        estimate=median_difference(member, reference),
        statistic=test.statistic,
        p_value=p_value,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        method="hodges_lehmann_exact" if exact else "hodges_lehmann",
        statistic_name=test.statistic_name,
        flags={"TOO_FEW": few, "ALL_TIED": tied, "DEGENERATE": degenerate, "CONF_LEVEL_NOT_REACHED": not reached},
    )


def _separated(member: Array, reference: Array, theta: float, conf_level: float) -> Inference:
    """No member overlaps with any non-member: what can still be said."""
    n1, n0 = len(member), len(reference)
    both = np.sort(np.concatenate([member, reference]))
    boundary = n1 if theta == 1 else n0
    as_far = 2 if both[boundary - 1] < both[boundary] else 1
    smaller = min(n1, n0)
    low, high = wilson(theta * smaller, smaller, conf_level)
    return Inference(
        estimate=theta,
        p_value=never_zero(float(np.exp(np.log(as_far) - _log_choose(n1 + n0, n1)))),
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        method="separated",
        interval_method="wilson",
        null_value=0.5,
        scale="logit",
        flags={"TOO_FEW": False, "ALL_TIED": False, "SEPARATED": True},
    )


def _permuted(found: Inference, member: Array, reference: Array, resamples: int, seed: int) -> Inference:
    """P from permutations of the studentised statistic, the interval as it was."""
    first, second = (member, reference) if len(member) <= len(reference) else (reference, member)
    both = np.concatenate([first, second])
    order = np.argsort(both, kind="stable")
    _, place = np.unique(both[order], return_inverse=True)
    observed = abs(float(_studentised((order < len(first))[None], place)[0]))
    as_far = drawn = 0
    total, blocks = allocation_blocks(len(both), len(first), resamples, seed)
    for chosen in blocks:
        statistics = np.abs(_studentised(chosen, place))
        as_far += int(np.sum(statistics >= observed * (1 - 1e-10)))
        drawn += len(chosen)
    p_value = p_of_draws(as_far, drawn, exact=total is not None)
    method = "brunner_munzel_permuted" if total is None else "brunner_munzel_permuted_exact"
    return replace(found, df=np.nan, p_value=p_value, method=method, interval_method=found.method)


def _studentised(chosen: NDArray[np.bool_], place: NDArray[np.int64]) -> Array:
    """Brunner-Munzel statistics of many allocations at once; ``place`` numbers the ordered values, ties alike."""
    n1 = int(chosen[0].sum())
    n0 = chosen.shape[1] - n1
    starts = np.flatnonzero(np.r_[True, np.diff(place) > 0])
    members = np.add.reduceat(chosen.astype(float), starts, axis=1)
    others = np.diff(np.r_[starts, chosen.shape[1]]) - members
    below = (np.cumsum(others, axis=1) - others / 2) / n0
    above = 1 - (np.cumsum(members, axis=1) - members / 2) / n1
    theta = (members * below).sum(axis=1) / n1
    error = (members * (below - theta[:, None]) ** 2).sum(axis=1) / (n1 * (n1 - 1))
    error += (others * (above - theta[:, None]) ** 2).sum(axis=1) / (n0 * (n0 - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(theta == 0.5, 0.0, (theta - 0.5) / np.sqrt(error))


def _share_below(values: Array, ordered: Array) -> Array:
    return pairs_below(values, ordered) / (2 * len(ordered))


def _log_choose(n: int, k: int) -> float:
    return float(special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1))
