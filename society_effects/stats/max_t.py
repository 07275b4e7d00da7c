"""How large does the largest of several statistics become by chance? The default adjustment for several comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .allocations import streams
from .drawn_sums import resampled_sums
from .inference import t_quantile, two_sided_p

Array = NDArray[np.float64]
NO_VARIATION_IS_LIKELY = 1e-6
"""A draw without variation is to be reckoned with from this chance on."""


@dataclass(frozen=True)
class MaxT:
    """The joint distribution of the sizes of several statistics when no hypothesis is false.

    largest : the largest size of each draw, in rising order. sizes : array (draws, tests), kept for step-down only.
    df : degrees of freedom of each statistic alone (infinite: normal).
    """

    largest: Array
    sizes: Array | None = None
    df: float = np.inf

    def p_alone(self, size: ArrayLike) -> Array:
        """How often does one statistic alone reach this size?"""
        return two_sided_p(size, self.df)

    def size_alone(self, p_value: ArrayLike) -> Array:
        """Which size has one statistic alone with this two-sided P value?"""
        return -t_quantile(self.df, np.asarray(p_value, dtype=float) / 2)

    def p_adjusted(self, statistics: ArrayLike) -> Array:
        """How often does the largest statistic of a draw reach this size (single step)? Never 0."""
        size = np.abs(np.asarray(statistics, dtype=float)) * (1 - 1e-12)
        reached = len(self.largest) - np.searchsorted(self.largest, size, side="left")
        return np.asarray((1 + reached) / (len(self.largest) + 1))

    def critical(self, conf_level: float) -> float:
        """Which size do all statistics together exceed with probability 1 - conf_level at most?

        The smallest size that is adjusted to a P value below 1 - conf_level.
        """
        allowed = int(np.ceil((1 - conf_level) * (len(self.largest) + 1) - 1e-9)) - 2
        place = len(self.largest) - 1 - max(allowed, 0)
        return float(self.largest[max(place, 0)] * (1 + 2e-12))

    def step_down(self, statistics: ArrayLike) -> Array:
        """The same with hypotheses taken away one by one from the largest statistic on (Westfall and Young)."""
        if self.sizes is None:
            raise ValueError("step_down needs keep_all=True")
        size = np.abs(np.asarray(statistics, dtype=float)) * (1 - 1e-12)
        order = np.argsort(-size, kind="stable")
        beyond = np.maximum.accumulate(self.sizes[:, order[::-1]], axis=1)[:, ::-1]
        steps = (1 + (beyond >= size[order]).sum(axis=0)) / (len(self.sizes) + 1)
        adjusted = np.empty(len(size))
        adjusted[order] = np.maximum.accumulate(steps)
        return adjusted


def max_t(
    scores: ArrayLike,
    sides: ArrayLike,
    *,
    resamples: int,
    seed: int,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    keep_all: bool = False,
) -> MaxT:
    """How large does the largest of several studentised differences of means become by chance?

    Parameters
    ----------
    scores : array (students, tests), a number per student and test whose means differ as the estimate does.
    sides : array (students, tests), 1 in the group, -1 in the reference, 0 where the student is not in the test.
    strata : array (students,), within which students (or classes) are drawn; usually their group.
    clusters : array (students,), where whole classes are drawn; each then lies in one stratum.
    keep_all : keep every statistic, for ``step_down``.

    All tests share the same draws, so that their correlations are kept. Each draw's differences are taken from the
    observed ones and divided by their own standard errors. Where few students have another score than most (rare
    events, papers, prizes), a draw can come out without any variation; there each draw's variance is averaged with
    the observed one, so that such an outcome does not widen the limits of all others. Blocks of draws have streams of
    their own: the answer depends on the seed only, not on the order of the students.
    Romano and Wolf (2005) doi:10.1198/016214504000000539.

    >>> rng = np.random.default_rng(1)
    >>> scores, sides = rng.normal(size=(60, 4)), np.repeat([[1], [-1]], 30, axis=0) * np.ones((60, 4), int)
    >>> found = max_t(scores, sides, strata=sides[:, 0], resamples=999, seed=1)
    >>> bool(2.2 < found.critical(0.95) < 3.0)
    True
    """
    table, side = np.asarray(scores, dtype=float), np.asarray(sides)
    within = np.zeros(len(table)) if strata is None else np.asarray(strata)
    groups = np.unique(within, return_inverse=True)[1]
    if clusters is None:
        settled = np.lexsort((*table.T, *side.T, groups))
        table, side, groups = table[settled], side[settled], groups[settled]
        kernel: _Students | _Classes = _Students(table, side, groups)
    else:
        kernel = _Classes(table, side, groups, np.unique(np.asarray(clusters), return_inverse=True)[1])
    return _collected((kernel.sizes(size, rng) for size, rng in streams(len(table), resamples, seed)), keep_all)


def multivariate_t(correlation: ArrayLike, df: float, *, draws: int, seed: int, keep_all: bool = False) -> MaxT:
    """The same for statistics that are jointly t distributed with these correlations: for few classes or students.

    >>> found = multivariate_t([[1.0, 0.5], [0.5, 1.0]], 10, draws=9999, seed=1)
    >>> bool(2.4 < found.critical(0.95) < 2.65)
    True
    """
    values, vectors = np.linalg.eigh(np.asarray(correlation, dtype=float))
    root = vectors * np.sqrt(np.maximum(values, 0.0))

    def blocks() -> Iterator[Array]:
        for size, rng in streams(len(root), draws, seed):
            scale = np.sqrt(rng.chisquare(df, (size, 1)) / df) if np.isfinite(df) else 1.0
            yield np.abs(rng.standard_normal((size, len(root))) @ root.T / scale)

    return replace(_collected(blocks(), keep_all), df=df)


def _collected(blocks: Iterator[Array], keep_all: bool) -> MaxT:
    kept, largest = [], []
    for sizes in blocks:
        largest.append(sizes.max(axis=1))
        if keep_all:
            kept.append(sizes)
    return MaxT(np.sort(np.concatenate(largest)), np.concatenate(kept) if keep_all else None)


class _Students:
    """Draws students within strata; each stratum keeps the columns whose sums are needed, and where these belong."""

    def __init__(self, scores: Array, sides: NDArray[np.int64], strata: NDArray[np.int64]) -> None:
        self.tests = scores.shape[1]
        centred = scores - _side_means(scores, sides)
        influence = np.where(sides != 0, centred / _side_sizes(sides), 0.0)
        self.observed_variance = (influence**2 * _side_sizes(sides) / np.maximum(_side_sizes(sides) - 1, 1)).sum(axis=0)
        self.share = np.array([_share_of_observed(*tested) for tested in zip(influence.T, sides.T, strict=True)])
        seen = [sides == sign for sign in (1, -1)]
        columns = np.hstack([here * values for here in seen for values in (np.ones_like(centred), centred, centred**2)])
        belongs = np.hstack([here for here in seen for _ in range(3)])
        self.strata = []
        for stratum in np.unique(strata):
            own = strata == stratum
            places = np.flatnonzero(belongs[own].any(axis=0))
            self.strata.append((places, np.ascontiguousarray(columns[np.ix_(own, places)])))

    def sizes(self, draws: int, rng: np.random.Generator) -> Array:
        """The size of every statistic in so many draws."""
        sums = np.zeros((draws, 6 * self.tests))
        for places, columns in self.strata:
            sums[:, places] += resampled_sums(columns, draws, rng)
        difference, variance = np.zeros((draws, self.tests)), np.zeros((draws, self.tests))
        for sign, own in zip((1, -1), np.split(sums, 2, axis=1), strict=True):
            n, total, squares = np.split(own, 3, axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                mean = total / n
                variance += np.maximum(squares / n - mean**2, 0.0) / (n - 1)
            difference += sign * mean
        return _studentised(difference, _stable(variance, self.observed_variance, self.share))


class _Classes:
    """Draws whole classes; their residual sums give the cluster-robust standard error of each draw."""

    def __init__(
        self, scores: Array, sides: NDArray[np.int64], strata: NDArray[np.int64], clusters: NDArray[np.int64]
    ) -> None:
        self.tests, n = scores.shape[1], clusters.max() + 1
        centred = scores - _side_means(scores, sides)
        sums, influence = [], np.zeros((n, self.tests))
        for sign in (1, -1):
            here = (sides == sign).astype(float)
            for values in (here, here * centred):
                total = np.zeros((n, self.tests))
                np.add.at(total, clusters, values)
                sums.append(total)
            influence += sign * sums[-1] / here.sum(axis=0)
        columns = np.hstack([*sums, *(sums[i] * sums[j] for i in range(4) for j in range(i, 4))])
        stratum_of = np.zeros(n, dtype=int)
        stratum_of[clusters] = strata
        self.observed_variance = (influence**2).sum(axis=0)
        self.share = np.array([_share_of_observed(column, stratum_of + 1) for column in influence.T])
        settled = np.lexsort((*columns.T, stratum_of))
        columns, stratum_of = columns[settled], stratum_of[settled]
        self.strata = [columns[stratum_of == stratum] for stratum in np.unique(stratum_of)]

    def sizes(self, draws: int, rng: np.random.Generator) -> Array:
        """The size of every statistic in so many draws."""
        sums = np.zeros((draws, 14 * self.tests))
        for columns in self.strata:
            sums += resampled_sums(columns, draws, rng)
        m1, s1, m0, s0, *products = np.split(sums, 14, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            one, zero = s1 / m1, s0 / m0
            of_class = (-one / m1, 1 / m1, zero / m0, -1 / m0)
            variance, place = np.zeros_like(m1), 0
            for i in range(4):
                for j in range(i, 4):
                    variance += (1 if i == j else 2) * of_class[i] * of_class[j] * products[place]
                    place += 1
        variance = _stable(np.maximum(variance, 0.0), self.observed_variance, self.share)
        return _studentised(one - zero, variance)


def _side_means(scores: Array, sides: NDArray[np.int64]) -> Array:
    """The mean of each student's own side, per test."""
    means = np.zeros_like(scores)
    for sign in (1, -1):
        here = sides == sign
        means += here * (np.where(here, scores, 0.0).sum(axis=0) / np.maximum(here.sum(axis=0), 1))
    return means


def _side_sizes(sides: NDArray[np.int64]) -> Array:
    """How many students the side of each student has, per test; 1 where the student is not in the test."""
    counts = [(sides == sign) * (sides == sign).sum(axis=0) for sign in (1, -1)]
    return np.maximum(counts[0] + counts[1], 1).astype(float)


def _share_of_observed(influence: Array, parts: NDArray[np.int64]) -> float:
    """The share of the observed variance in each draw's: 0 unless a draw can come out with next to no variation.

    That is so where, in each part that is drawn by itself (0 is none), nearly all values lie together, within half of
    the standard deviation of all. If k values lie elsewhere, the share is that of two such values among k + 2.
    """
    chance, elsewhere, reach = 1.0, 0, np.sqrt(np.mean(influence[parts != 0] ** 2)) / 2
    for part in np.unique(parts[parts != 0]):
        ordered = np.sort(influence[parts == part])
        last = np.searchsorted(ordered, ordered + reach * (1 + 1e-9), side="right")
        together = int((last - np.arange(len(ordered))).max())
        chance *= (together / len(ordered)) ** len(ordered)
        elsewhere += len(ordered) - together
    return 2 / (elsewhere + 2) if chance > NO_VARIATION_IS_LIKELY else 0.0


def _stable(variance: Array, observed: Array, share: Array) -> Array:
    return np.asarray((1 - share) * variance + share * observed)


def _studentised(difference: Array, variance: Array) -> Array:
    """Sizes of statistics; a draw in which nothing varies is infinitely far from any difference but none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.abs(difference) / np.sqrt(variance)
    return np.where(np.isnan(size), np.where(difference == 0, 0.0, np.inf), size)
