"""The difference of two means by the bootstrap, of one outcome or of several that share their draws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..progress import progress
from .allocations import DEFAULT_SEED, streams
from .bootstrap_limits import LIMITS, snapped
from .differences import welch
from .drawn_sums import resampled_sums
from .inference import Inference
from .moments import Moments, power_of_two

Array = NDArray[np.float64]
UNDEFINED = ("TOO_FEW", "NO_VARIATION", "DEGENERATE")
KEPT_AT_ONCE = 2_000_000
"""So many results of draws are kept; with more, outcomes are resampled in several turns."""


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
    seed : seed of the resamples; the result does not depend on the order of the rows.
    interval : ``"studentised"`` (bootstrap-t, default), ``"percentile"`` or ``"bca"``.

    Flag ``BOOTSTRAP_DEGENERATE``: the resamples do not carry an interval (too few distinct values); limits and P are
    Welch's. Further flags as :func:`society_effects.stats.differences.welch`.
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapters 12 to 14.

    >>> found = bootstrap_difference([3, 4, 5, 9, 7, 6], [1, 2, 3, 4, 6, 2], interval="percentile")
    >>> found.conf_low < found.estimate < found.conf_high
    True
    """
    pairs = [(member_values, reference_values)]
    return bootstrap_differences(pairs, conf_level=conf_level, resamples=resamples, seed=seed, interval=interval)[0]


def bootstrap_differences(
    pairs: Sequence[tuple[ArrayLike, ArrayLike]],
    *,
    conf_level: float = 0.95,
    resamples: int = 1999,
    seed: int = DEFAULT_SEED,
    interval: str = "studentised",
) -> list[Inference]:
    """The same for several outcomes, in little more time than for one.

    pairs : of each outcome the values of members and of the others. Outcomes with as many values share their draws;
    each has the answer that it would have by itself, since its draws depend on the seed and on these numbers only.

    >>> both = bootstrap_differences([([3, 4, 5, 9], [1, 2, 3]), ([1, 2, 2, 5], [4, 5, 7])], resamples=199)
    >>> [found.estimate for found in both]
    [3.25, -2.833333333333333]
    """
    compared = [_Compared.of(*pair, conf_level) for pair in pairs]
    answers = {i: one.undefined(f"bootstrap_{interval}") for i, one in enumerate(compared) if not one.defined}
    same_sizes = defaultdict(list)
    for i, one in enumerate(compared):
        if one.defined:
            same_sizes[one.sizes].append(i)
    at_once = max(1, KEPT_AT_ONCE // resamples)
    for members in same_sizes.values():
        for start in range(0, len(members), at_once):
            turn = members[start : start + at_once]
            drawn = _drawn([compared[i] for i in turn], resamples, seed, interval == "studentised")
            answers |= {i: compared[i].answer(own, interval) for i, own in zip(turn, drawn, strict=True)}
    return [answers[i] for i in range(len(compared))]


@dataclass(frozen=True)
class _Compared:
    """One outcome: Welch's comparison of the groups, and their values in rising order.

    The smaller group is drawn first, so that it makes no difference who is called a member.
    """

    found: Inference
    member: Array
    reference: Array
    member_first: bool

    @classmethod
    def of(cls, member_values: ArrayLike, reference_values: ArrayLike, conf_level: float) -> _Compared:
        member, reference = (np.sort(np.asarray(v, dtype=float)) for v in (member_values, reference_values))
        found = welch(Moments.of(member), Moments.of(reference), conf_level=conf_level)
        member_first = (len(member), member.tolist()) <= (len(reference), reference.tolist())
        return cls(found, member, reference, member_first)

    @property
    def defined(self) -> bool:
        return not any(flag in UNDEFINED for flag in self.found.raised)

    @property
    def arms(self) -> tuple[Array, Array]:
        return (self.member, self.reference) if self.member_first else (self.reference, self.member)

    @property
    def sizes(self) -> tuple[int, int]:
        return len(self.arms[0]), len(self.arms[1])

    @property
    def unit(self) -> float:
        """A power of two near the standard error: what is divided by it can be squared."""
        return float(power_of_two(self.found.std_error))

    def undefined(self, method: str) -> Inference:
        """The answer where nothing can be resampled."""
        return replace(without_statistic(self.found), method=method)

    def answer(self, drawn: Array, interval: str) -> Inference:
        """The answer from what was drawn; Welch's where it carries no interval."""
        low, high, p_value = LIMITS[interval](self.found, drawn, self.member, self.reference)
        degenerate = bool(not np.all(np.isfinite([low, high])) or drawn.min() == drawn.max())
        found = replace(self.found, flags={**self.found.flags, "BOOTSTRAP_DEGENERATE": degenerate})
        if degenerate:
            return found
        method = f"bootstrap_{interval}"
        return replace(without_statistic(found), conf_low=low, conf_high=high, p_value=p_value, method=method)


def without_statistic(found: Inference) -> Inference:
    """The same where no statistic with a known distribution is behind it."""
    return replace(found, statistic=np.nan, statistic_name=None, df=np.nan)


def _drawn(compared: Sequence[_Compared], resamples: int, seed: int, studentised: bool) -> Array:
    """Per outcome and resample the difference of the means less the observed one, or this by its standard error."""
    units = np.array([one.unit for one in compared])
    signs = np.array([1.0 if one.member_first else -1.0 for one in compared])
    errors = np.array([one.found.std_error for one in compared])
    first, second = (
        np.column_stack([(one.arms[i] - one.arms[i].mean()) / one.unit for one in compared]) for i in (0, 1)
    )
    kept, done = np.empty((len(compared), resamples)), 0
    for size, rng in _blocks(len(first) + len(second), resamples, seed):
        (mean1, square1), (mean0, square0) = (_mean_and_square(arm, size, rng) for arm in (first, second))
        difference = snapped(units * signs * (mean1 - mean0), errors)
        if studentised:
            difference = _studentised(difference, units * np.sqrt(square1 + square0), errors)
        kept[:, done : done + size] = difference.T
        done += size
    return kept


def _blocks(n: int, resamples: int, seed: int) -> Iterator[tuple[int, np.random.Generator]]:
    """The blocks of draws, with a progress bar where there are many values to draw."""
    blocks = streams(n, resamples, seed)
    return progress(blocks, "bootstrap") if n * resamples > 20_000_000 else blocks


def _mean_and_square(values: Array, size: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Means of resampled columns and their squared standard errors; the columns lie around 0."""
    n = len(values)
    total, squares = np.split(resampled_sums(np.hstack([values, values**2]), size, rng), 2, axis=1)
    mean = total / n
    return mean, np.maximum(squares / n - mean**2, 0.0) / (n - 1)


def _studentised(difference: Array, error: Array, observed_error: Array) -> Array:
    """Differences by their own standard errors; infinite where a resample does not vary."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(error > 1e-6 * observed_error, difference / error, np.sign(difference) * np.inf)
    return np.where(difference == 0, 0.0, t)
