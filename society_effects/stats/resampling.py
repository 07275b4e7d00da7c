"""The difference of two means by resampling: permutation tests and the bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..progress import progress
from .allocations import DEFAULT_SEED, allocation_blocks, p_of_draws
from .bootstrap import UNDEFINED, bootstrap_difference, bootstrap_differences, without_statistic
from .differences import welch
from .drawn_sums import chosen_sums
from .exact_sums import countable, two_sided_sum_p, whole_scores
from .inference import Inference
from .moments import Moments, power_of_two

__all__ = ["DEFAULT_SEED", "bootstrap_difference", "bootstrap_differences", "permutation_difference"]

Array = NDArray[np.float64]


def permutation_difference(
    member_values: ArrayLike,
    reference_values: ArrayLike,
    *,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
    studentised: bool = True,
) -> Inference:
    """Would the means differ as much if the students had been divided into the groups by chance?

    Parameters
    ----------
    member_values, reference_values : 1-d arrays without missing values.
    resamples : random allocations, when there are more than 20,000; otherwise all are counted.
    seed : seed of the random allocations; P does not depend on the order of the rows, nor on who is called a member.
    studentised : by default Welch's t is permuted, so that the test also holds its level when the spreads differ
        (Janssen, 1997, doi:10.1016/S0167-7152(97)00043-6). False: the plain difference, |T - E| as in R's coin; it is
        counted exactly whenever the values are short decimals.

    The limits are Welch's, and so is the statistic of the studentised test, which has no degrees of freedom; the plain
    one has no statistic. Flags as :func:`society_effects.stats.differences.welch`. With random allocations
    P = (b + 1) / (B + 1); ``method`` ends in ``_exact`` where nothing was drawn.

    >>> permutation_difference([3, 4, 5, 9], [1, 2, 3, 4]).p_value
    0.14285714285714285
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    found = welch(Moments.of(member), Moments.of(reference), conf_level=conf_level)
    if any(flag in UNDEFINED for flag in found.raised):
        method = "permutation_studentised_exact" if studentised else "permutation_exact"
        return replace(found if studentised else without_statistic(found), df=np.nan, method=method)
    if studentised:
        p_value, exact = _permuted_t(member, reference, abs(found.statistic), resamples, seed)
        method = "permutation_studentised"
    else:
        p_value, exact = _permuted_sum(member, reference, resamples, seed)
        found, method = without_statistic(found), "permutation"
    method = f"{method}_exact" if exact else method
    return replace(found, df=np.nan, p_value=p_value, method=method, interval_method="welch")


def _permuted_t(member: Array, reference: Array, observed: float, resamples: int, seed: int) -> tuple[float, bool]:
    values, smaller = _pool(member, reference)

    def as_far(sums: Array, squares: Array) -> int:
        t = _t_of_sums(sums, squares, values, smaller, len(values) - smaller)
        return int(np.sum(np.abs(t) >= observed * (1 - 1e-10)))

    return _count(values, smaller, resamples, seed, as_far)


def _permuted_sum(member: Array, reference: Array, resamples: int, seed: int) -> tuple[float, bool]:
    raw = np.concatenate([member, reference])
    scores = whole_scores(raw)
    if scores is not None and countable(scores, len(member)):
        return two_sided_sum_p(scores, np.arange(len(raw)) < len(member))[0], True
    values, smaller = _pool(member, reference)
    observed = abs(float((member - raw.mean()).sum())) / _unit(raw)
    smallest = observed * (1 - 1e-10) - 1e-14 * np.abs(values).sum()
    return _count(values, smaller, resamples, seed, lambda sums, _: int(np.sum(np.abs(sums) >= smallest)))


def _pool(member: Array, reference: Array) -> tuple[Array, int]:
    """All values around 0, sorted, and the size of the smaller group: neither knows who was first or a member."""
    values = np.sort(np.concatenate([member, reference]))
    return (values - values.mean()) / _unit(values), min(len(member), len(reference))


def _unit(values: Array) -> float:
    """A power of two near the largest distance from the mean: values divided by it can be squared."""
    return float(power_of_two(np.abs(values - values.mean()).max()))


def _count(
    values: Array, n_chosen: int, resamples: int, seed: int, as_far: Callable[[Array, Array], int]
) -> tuple[float, bool]:
    """P of a permutation test whose statistic needs only the chosen students' sum and sum of squares; is it exact?"""
    total, blocks = allocation_blocks(len(values), n_chosen, resamples, seed)
    if total is None and len(values) * resamples > 20_000_000:
        blocks = progress(blocks, "permutation")
    columns = np.column_stack([values, values**2])
    far = sum(as_far(*chosen_sums(columns, chosen).T) for chosen in blocks)
    return p_of_draws(far, total or resamples, exact=total is not None), total is not None


def _t_of_sums(sums: ArrayLike, squares: ArrayLike, values: Array, n1: int, n0: int) -> Array:
    """Welch's t of one group against the rest, from its sum and sum of squares; the values have mean 0."""
    total, all_squares = values.sum(), np.sum(values**2)
    s1, q1 = np.asarray(sums), np.asarray(squares)
    s0, q0 = total - s1, all_squares - q1
    within = np.maximum(q1 - s1**2 / n1, 0.0) / (n1 * (n1 - 1)) + np.maximum(q0 - s0**2 / n0, 0.0) / (n0 * (n0 - 1))
    difference = s1 / n1 - s0 / n0
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(within > 1e-14 * all_squares / len(values), difference / np.sqrt(within), np.inf)
    return np.where(difference == 0, 0.0, t)
