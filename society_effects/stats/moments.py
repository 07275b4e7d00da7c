"""Counts, means, standard deviations and quartiles: what a comparison of means needs to know of each group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .inference import Inference, from_t, plain


@dataclass(frozen=True, slots=True)
class Moments:
    """The number of students, mean and standard deviation (n - 1) of one group; arrays for many outcomes at once."""

    n: Any
    mean: Any
    sd: Any

    @classmethod
    def of(cls, values: ArrayLike, axis: int = -1) -> Moments:
        """The moments of raw values along an axis; missing values (NaN) are left out.

        >>> Moments.of([10000001, 10000003, 10000002])
        Moments(n=3.0, mean=10000002.0, sd=1.0)
        """
        n, mean, sd = _moments(np.moveaxis(np.asarray(values, dtype=float), axis, 0))
        return cls(plain(n), plain(mean), plain(sd))

    def arrays(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """n, mean and sd as float arrays of one shape."""
        n, mean, sd = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (self.n, self.mean, self.sd)))
        return n, mean, np.where(n < 2, np.nan, sd)


@dataclass(frozen=True, slots=True)
class Description:
    """Each outcome described in each group; every field is an array of shape (outcomes, groups)."""

    n: NDArray[np.float64]
    missing: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    minimum: NDArray[np.float64]
    q1: NDArray[np.float64]
    median: NDArray[np.float64]
    q3: NDArray[np.float64]
    maximum: NDArray[np.float64]

    def moments(self, group: int) -> Moments:
        """The moments of one group on all outcomes."""
        return Moments(self.n[:, group], self.mean[:, group], self.sd[:, group])


def describe(values: ArrayLike, codes: ArrayLike, n_groups: int | None = None) -> Description:
    """What do the values of each group look like?

    Parameters
    ----------
    values : array (students, outcomes); NaN is missing.
    codes : integer array (students,), 0 to ``n_groups - 1``; negative codes belong to no group.
    n_groups : by default the largest code plus one.

    Quartiles interpolate between order statistics at (n - 1) p + 1 (type 7 of Hyndman and Fan, 1996,
    doi:10.1080/00031305.1996.10473566), as R and numpy do; SPSS uses (n + 1) p.

    >>> found = describe([[1.0], [2.0], [4.0], [np.nan]], [0, 0, 1, 1])
    >>> found.mean.tolist(), found.missing.tolist()
    ([[1.5, 4.0]], [[0.0, 1.0]])
    """
    table = np.asarray(values, dtype=float)
    table = table[:, None] if table.ndim == 1 else table
    group = np.asarray(codes)
    how_many = n_groups if n_groups is not None else int(group.max(initial=-1)) + 1
    described = [_describe_one(table[group == code]) for code in range(how_many)]
    return Description(*(np.stack(column, axis=1) for column in zip(*described, strict=True)))


def mean_interval(moments: Moments, *, conf_level: float = 0.95) -> Inference:
    """How precisely is the mean of each group known? Student's t interval; its P value is not of interest.

    >>> interval = mean_interval(Moments(25, 70.0, 10.0))
    >>> round(interval.conf_low, 3), round(interval.conf_high, 3)
    (65.872, 74.128)
    """
    n, mean, sd = moments.arrays()
    with np.errstate(invalid="ignore", divide="ignore"):
        return from_t(mean, sd / np.sqrt(n), n - 1, conf_level=conf_level, method="t_interval")


def skewness(values: ArrayLike, codes: ArrayLike) -> float:
    """How skewed are the values within the groups, each in units of its own SD? 0 where nothing varies.

    >>> round(skewness([1, 1, 1, 5, 2, 2, 2, 10], [0, 0, 0, 0, 1, 1, 1, 1]), 3)
    1.155
    """
    x, groups = np.asarray(values, dtype=float), np.unique(np.asarray(codes), return_inverse=True)[1]
    arms = [x[groups == code] for code in range(groups.max(initial=-1) + 1)]
    arms = [(arm - arm.mean()) / power_of_two(np.abs(arm - arm.mean()).max()) for arm in arms]
    units = [arm / np.sqrt(np.mean(arm**2)) for arm in arms if np.any(arm)]
    return float(np.mean(np.concatenate(units) ** 3)) if units else 0.0


def power_of_two(size: ArrayLike) -> NDArray[np.float64]:
    """A power of two near this size (1 for 0 or undefined): values divided by it can be squared, and keep their digits.

    >>> power_of_two([3.0, 0.0]).tolist()
    [2.0, 1.0]
    """
    value = np.asarray(size, dtype=float)
    _, exponent = np.frexp(np.where(np.isfinite(value) & (value > 0), value, 1.0))
    return np.asarray(np.ldexp(1.0, exponent - 1))


def _describe_one(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    n, mean, sd = _moments(rows)
    ordered = np.sort(rows, axis=0)
    return (n, len(rows) - n, mean, sd, *_quartiles(ordered, n))


def _moments(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """n, mean and sd over the first axis. Two passes, each corrected by what rounding left over."""
    seen = ~np.isnan(rows)
    n = seen.sum(axis=0).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        rough = np.where(seen, rows, 0.0).sum(axis=0) / n
        from_rough = np.where(seen, rows - rough, 0.0)
        shift = from_rough.sum(axis=0) / n
        unit = power_of_two(np.abs(from_rough).max(axis=0, initial=0.0))
        squares = ((from_rough / unit) ** 2).sum(axis=0) - n * (shift / unit) ** 2
        sd = unit * np.sqrt(np.maximum(squares, 0.0) / (n - 1))
        constant = np.where(seen, rows, -np.inf).max(axis=0, initial=-np.inf) == np.where(seen, rows, np.inf).min(
            axis=0, initial=np.inf
        )
    return n, rough + shift, np.where(n < 2, np.nan, np.where(constant, 0.0, sd))


def _quartiles(ordered: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Minimum, quartiles (type 7) and maximum of columns sorted with their missing values last."""
    if not len(ordered):
        return np.full((5, *ordered.shape[1:]), np.nan)
    last = np.maximum(n - 1, 0)
    place = np.multiply.outer(np.arange(5) / 4, last)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, last.astype(int))
    low, high = (np.take_along_axis(ordered, i, axis=0) for i in (below, above))
    return np.where(n == 0, np.nan, low + (place - below) * (high - low))
