"""The difference of two means by resampling: permutation tests and the bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from ..progress import progress
from .allocations import DEFAULT_SEED, allocation_blocks, drawn_columns, p_of_draws, streams
from .differences import welch
from .exact_sums import countable, two_sided_sum_p, whole_scores
from .inference import Inference
from .moments import Moments, power_of_two

__all__ = ["DEFAULT_SEED", "bootstrap_difference", "permutation_difference"]

Array = NDArray[np.float64]
PAIRED_UP_TO = 700
UNDEFINED = ("TOO_FEW", "NO_VARIATION", "DEGENERATE")


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
        return replace(found if studentised else _without_statistic(found), df=np.nan, method=method)
    if studentised:
        p_value, exact = _permuted_t(member, reference, abs(found.statistic), resamples, seed)
        method = "permutation_studentised"
    else:
        p_value, exact = _permuted_sum(member, reference, resamples, seed)
        found, method = _without_statistic(found), "permutation"
    method = f"{method}_exact" if exact else method
    return replace(found, df=np.nan, p_value=p_value, method=method, interval_method="welch")


def bootstrap_difference(
    member_values: ArrayLike,
    reference_values: ArrayLike,
    *,
    conf_level: float = 0.95,
    resamples: int = 1999,
    seed: int = DEFAULT_SEED,
    interval: str = "studentised",
) -> Inference:
    """Between which limits does the difference of the means lie, when nothing is assumed about its distribution?

    Each group is resampled by itself. P inverts the interval (twice the smaller tail), and is never 0; there is no
    statistic with a known distribution, so none is given.

    Parameters
    ----------
    member_values, reference_values : 1-d arrays without missing values.
    resamples : bootstrap samples, default 1999; 4999 or more for a publication.
    seed : seed of the resamples; the result does not depend on how they are divided into blocks.
    interval : ``"studentised"`` (bootstrap-t, default), ``"percentile"`` or ``"bca"``.

    Flag ``BOOTSTRAP_DEGENERATE``: the resamples do not carry an interval (too few distinct values); limits and P are
    Welch's. Further flags as :func:`society_effects.stats.differences.welch`.
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapters 12 to 14.

    >>> found = bootstrap_difference([3, 4, 5, 9, 7, 6], [1, 2, 3, 4, 6, 2], interval="percentile")
    >>> found.conf_low < found.estimate < found.conf_high
    True
    """
    member, reference = (np.asarray(v, dtype=float) for v in (member_values, reference_values))
    found = welch(Moments.of(member), Moments.of(reference), conf_level=conf_level)
    method = f"bootstrap_{interval}"
    if any(flag in UNDEFINED for flag in found.raised):
        return replace(_without_statistic(found), method=method)
    member, reference = np.sort(member), np.sort(reference)
    member_first = (len(member), member.tolist()) <= (len(reference), reference.tolist())
    first, second = (member, reference) if member_first else (reference, member)
    unit = float(power_of_two(found.std_error))
    one, other = ((arm - arm.mean()) / unit for arm in (first, second))
    differences, errors = (unit * drawn for drawn in _resampled(one, other, resamples, seed))
    differences = _snapped(differences if member_first else -differences, found)
    low, high, p_value = INTERVALS[interval](found, differences, errors, member, reference)
    if not np.all(np.isfinite([low, high])) or np.ptp(differences) == 0:
        return replace(found, flags={**found.flags, "BOOTSTRAP_DEGENERATE": True})
    flags = {**found.flags, "BOOTSTRAP_DEGENERATE": False}
    found = _without_statistic(found)
    return replace(found, conf_low=low, conf_high=high, p_value=p_value, method=method, flags=flags)


def _without_statistic(found: Inference) -> Inference:
    return replace(found, statistic=np.nan, statistic_name=None, df=np.nan)


def _resampled(first: Array, second: Array, resamples: int, seed: int) -> tuple[Array, Array]:
    """Differences of the means, less the observed one, and their standard errors, of all resamples."""
    n = len(first) + len(second)
    arms = [(len(arm), _drawer(arm)) for arm in (first, second)]
    differences, errors = np.empty(resamples), np.empty(resamples)
    done = 0
    for size, rng in _shown(streams(n, resamples, seed), n, resamples, "bootstrap"):
        (mean1, error1), (mean0, error0) = (_mean_and_error(draw(rng, size), n_arm) for n_arm, draw in arms)
        differences[done : done + size] = mean1 - mean0
        errors[done : done + size] = np.sqrt(error1 + error0)
        done += size
    return differences, errors


def _drawer(values: Array) -> Callable[[np.random.Generator, int], NDArray[np.complex128]]:
    """Draws resamples of one group and gives their sums (real part) and sums of squares (imaginary part).

    Two students are drawn at once where a table of all pairs is small: half as many random numbers, the same chances.
    """
    n, single = len(values), values + 1j * values**2
    if n > PAIRED_UP_TO:
        return lambda rng, size: single.take(rng.integers(0, n, (size, n))).sum(axis=1)
    pairs = np.add.outer(single, single).ravel()

    def draw(rng: np.random.Generator, size: int) -> NDArray[np.complex128]:
        drawn = pairs.take(rng.integers(0, n * n, (size, n // 2))).sum(axis=1)
        return drawn + single.take(rng.integers(0, n, size)) if n % 2 else drawn

    return draw


def _mean_and_error(sums: NDArray[np.complex128], n: int) -> tuple[Array, Array]:
    """Mean and squared standard error of each resample."""
    mean = sums.real / n
    return mean, np.maximum(sums.imag / n - mean**2, 0.0) / (n - 1)


def _studentised(found: Inference, differences: Array, errors: Array, *_: Array) -> tuple[float, float, float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(errors > 1e-6 * found.std_error, differences / errors, np.sign(differences) * np.inf)
    t = np.where(differences == 0, 0.0, t)
    tail = (1 - found.conf_level) / 2
    lowest, highest = _order_statistics(t, (tail, 1 - tail))
    p_value = _two_tails(t - found.statistic)
    return found.estimate - highest * found.std_error, found.estimate - lowest * found.std_error, p_value


def _percentile(found: Inference, differences: Array, *_: Array) -> tuple[float, float, float]:
    tail = (1 - found.conf_level) / 2
    low, high = _order_statistics(found.estimate + differences, (tail, 1 - tail))
    return low, high, _two_tails(_snapped(differences + found.estimate, found))


def _bca(found: Inference, differences: Array, _: Array, member: Array, reference: Array) -> tuple[float, float, float]:
    """Bias-corrected and accelerated limits; the acceleration is that of a difference of means, in closed form."""
    n = len(differences)
    below = (np.sum(differences < 0) + np.sum(differences == 0) / 2) / n
    if not 0 < below < 1:
        return np.nan, np.nan, np.nan
    bias = special.ndtri(below)
    influence = np.concatenate(
        [(member - member.mean()) / len(member), -(reference - reference.mean()) / len(reference)]
    )
    influence /= power_of_two(np.abs(influence).max())
    acceleration = np.sum(influence**3) / (6 * np.sum(influence**2) ** 1.5)
    tails = special.ndtri([(1 - found.conf_level) / 2, (1 + found.conf_level) / 2])
    shares = special.ndtr(bias + (bias + tails) / (1 - acceleration * (bias + tails)))
    low, high = _order_statistics(found.estimate + differences, shares)
    shifted = _snapped(differences + found.estimate, found)
    at_null = special.ndtri((np.sum(shifted < 0) + np.sum(shifted == 0) / 2 + 0.5) / (n + 1)) - bias
    one_tail = special.ndtr(at_null / (1 + acceleration * at_null) - bias)
    return low, high, float(min(1.0, max(2 * min(one_tail, 1 - one_tail), 2 / (n + 1))))


INTERVALS: dict[str, Callable[..., tuple[float, float, float]]] = {
    "studentised": _studentised,
    "percentile": _percentile,
    "bca": _bca,
}


def _order_statistics(draws: Array, shares: ArrayLike) -> tuple[float, float]:
    """The values below which these shares of the draws lie: order statistics at (B + 1) p, interpolated."""
    ordered = np.sort(draws)
    places = np.clip(np.asarray(shares) * (len(ordered) + 1) - 1, 0, len(ordered) - 1)
    below = np.floor(places).astype(int)
    above = np.minimum(below + 1, len(ordered) - 1)
    with np.errstate(invalid="ignore"):
        steps = np.where(places > below, (places - below) * (ordered[above] - ordered[below]), 0.0)
        low, high = ordered[below] + steps
    return float(low), float(high)


def _two_tails(draws: Array) -> float:
    """Twice the smaller share of draws on one side of 0, never 0 itself."""
    return float(min(1.0, 2 * (min(np.sum(draws <= 0), np.sum(draws >= 0)) + 1) / (len(draws) + 1)))


def _snapped(draws: Array, found: Inference) -> Array:
    """What differs from 0 by rounding only is 0."""
    return np.where(np.abs(draws) <= 1e-10 * found.std_error, 0.0, draws)


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
    observed = abs(float((member - raw.mean()).sum()))
    smallest = observed * (1 - 1e-10) - 1e-14 * np.abs(values).sum()
    return _count(values, smaller, resamples, seed, lambda sums, _: int(np.sum(np.abs(sums) >= smallest)))


def _pool(member: Array, reference: Array) -> tuple[Array, int]:
    """All values around 0, sorted, and the size of the smaller group: neither knows who was first or a member."""
    values = np.sort(np.concatenate([member, reference]))
    values = values - values.mean()
    return values / power_of_two(np.abs(values).max()), min(len(member), len(reference))


def _count(
    values: Array, n_chosen: int, resamples: int, seed: int, as_far: Callable[[Array, Array], int]
) -> tuple[float, bool]:
    """P of a permutation test whose statistic needs only the chosen students' sum and sum of squares; is it exact?"""
    total, blocks = allocation_blocks(len(values), n_chosen, resamples, seed)
    if total is not None:
        far = sum(as_far(chosen @ values, chosen @ values**2) for chosen in blocks)
        return p_of_draws(far, total, exact=True), True
    far = 0
    for size, rng in _shown(streams(len(values), resamples, seed), len(values), resamples, "permutation"):
        drawn = values[drawn_columns(len(values), n_chosen, size, rng)]
        far += as_far(drawn.sum(axis=0), np.einsum("ij,ij->j", drawn, drawn))
    return p_of_draws(far, resamples, exact=False), False


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


def _shown(
    blocks: Iterator[tuple[int, np.random.Generator]], n: int, resamples: int, label: str
) -> Iterator[tuple[int, np.random.Generator]]:
    """The blocks, with a progress bar where there are many values to draw."""
    return progress(blocks, label) if n * resamples > 20_000_000 else blocks
