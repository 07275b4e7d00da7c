"""Several groups by ranks: do their distributions differ, and which of them?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import TestResult, never_zero, two_sided_p
from .shift_limits import pairs_below

Array = NDArray[np.float64]


def kruskal_wallis(values: ArrayLike, codes: ArrayLike) -> TestResult:
    """Do students of some groups tend to larger values than others? Kruskal and Wallis's H, corrected for ties.

    P from the chi-square distribution. Flag ``ALL_TIED``. Kruskal and Wallis (1952) doi:10.2307/2280779.

    >>> round(kruskal_wallis([1, 2, 3, 4, 5, 6], [0, 0, 1, 1, 2, 2]).statistic, 4)
    4.5714
    """
    ranks, groups, ties = _ranked(values, codes)
    df, n = float(groups.max(initial=0)), len(ranks)
    if ties == 0 or df < 1:
        return TestResult("H", np.nan, np.nan, method="kruskal_wallis", flags={"ALL_TIED": True})
    mean_ranks = np.bincount(groups, ranks) / np.bincount(groups)
    spread = np.sum(np.bincount(groups) * (mean_ranks - (n + 1) / 2) ** 2)
    statistic = float(12 * spread / (n * (n + 1)) / ties)
    p_value = never_zero(float(special.chdtrc(df, statistic)))
    return TestResult("H", statistic, p_value, df1=df, method="kruskal_wallis", flags={"ALL_TIED": False})


def dunn(values: ArrayLike, codes: ArrayLike, pairs: Sequence[tuple[int, int]]) -> list[TestResult]:
    """Which groups tend to larger values? Dunn's z of the mean ranks over all groups, P not yet adjusted.

    pairs : (group, reference) positions of the sorted codes. Dunn (1964) doi:10.1080/00401706.1964.10490181.

    >>> round(dunn([1, 2, 3, 4, 5, 6], [0, 0, 1, 1, 2, 2], [(2, 0)])[0].statistic, 4)
    2.1381
    """
    ranks, groups, ties = _ranked(values, codes)
    size, n = np.bincount(groups), len(ranks)
    mean_ranks = np.bincount(groups, ranks) / size
    found = []
    for g, r in pairs:
        error = np.sqrt(n * (n + 1) / 12 * ties * (1 / size[g] + 1 / size[r]))
        z = float((mean_ranks[g] - mean_ranks[r]) / error) if ties else np.nan
        found.append(TestResult("z", z, float(two_sided_p(z)), method="dunn", flags={"ALL_TIED": ties == 0}))
    return found


def mid_ranks(values: ArrayLike) -> Array:
    """The rank of each value, 1 for the smallest; equal values share the mean of their ranks.

    >>> mid_ranks([10, 20, 20, 30]).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    x = np.asarray(values, dtype=float)
    return np.asarray(pairs_below(x, np.sort(x)) / 2 + 0.5)


def _ranked(values: ArrayLike, codes: ArrayLike) -> tuple[Array, NDArray[np.int64], float]:
    """Ranks, positions of the groups, and the correction for ties (0 where all values are equal)."""
    x = np.asarray(values, dtype=float)
    _, groups = np.unique(np.asarray(codes), return_inverse=True)
    _, counts = np.unique(x, return_counts=True)
    t, n = counts.astype(float), len(x)
    return mid_ranks(x), groups, float(1 - np.sum(t**3 - t) / max(n**3 - n, 1)) if len(t) > 1 else 0.0
