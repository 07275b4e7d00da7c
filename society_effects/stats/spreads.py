"""Do several groups vary equally? Tests that other programs print; none of them ever chooses a method here."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .anova import one_way
from .inference import TestResult, never_zero
from .several_ranks import mid_ranks

Array = NDArray[np.float64]


def levene(values: ArrayLike, codes: ArrayLike, centre: Literal["mean", "median"] = "mean") -> TestResult:
    """Do the distances from each group's centre differ? F of the absolute deviations.

    centre : ``"mean"`` is Levene's test, which SPSS prints first; ``"median"`` Brown and Forsythe's.
    Levene (1960); Brown and Forsythe (1974) doi:10.1080/01621459.1974.10482955.

    >>> round(levene([1, 2, 3, 2, 4, 9], [0, 0, 0, 1, 1, 1]).statistic, 4)
    4.5
    """
    x, groups = np.asarray(values, dtype=float), np.asarray(codes)
    middle = {code: getattr(np, centre)(x[groups == code]) for code in np.unique(groups)}
    distances = np.abs(x - np.array([middle[code] for code in groups]))
    return replace(one_way(distances, groups).test, method=f"levene_{centre}")


def bartlett(values: ArrayLike, codes: ArrayLike) -> TestResult:
    """Do the variances differ, if the values are normal? Bartlett's K squared.

    Bartlett (1937) doi:10.1098/rspa.1937.0109.

    >>> round(bartlett([1, 2, 3, 2, 4, 9], [0, 0, 0, 1, 1, 1]).statistic, 4)
    2.123
    """
    x, groups = np.asarray(values, dtype=float), np.asarray(codes)
    arms = [x[groups == code] for code in np.unique(groups)]
    df = np.array([len(arm) - 1 for arm in arms], dtype=float)
    variances = np.array([arm.var(ddof=1) for arm in arms])
    if np.any(variances == 0):
        return TestResult("chi2", np.nan, np.nan, method="bartlett", flags={"DEGENERATE": True})
    pooled = df @ variances / df.sum()
    correction = 1 + (np.sum(1 / df) - 1 / df.sum()) / (3 * (len(arms) - 1))
    statistic = float((df.sum() * np.log(pooled) - df @ np.log(variances)) / correction)
    p_value = never_zero(float(special.chdtrc(len(arms) - 1, statistic)))
    return TestResult("chi2", statistic, p_value, df1=float(len(arms) - 1), method="bartlett")


def fligner(values: ArrayLike, codes: ArrayLike) -> TestResult:
    """Do the spreads differ, by ranks of the distances from the medians? Fligner and Killeen's chi-square.

    Fligner and Killeen (1976) doi:10.1080/01621459.1976.10481517.

    >>> round(fligner([1, 2, 3, 2, 4, 9], [0, 0, 0, 1, 1, 1]).df1)
    1
    """
    x, groups = np.asarray(values, dtype=float), np.unique(np.asarray(codes), return_inverse=True)[1]
    medians = np.array([np.median(x[groups == j]) for j in range(groups.max() + 1)])
    ranks = mid_ranks(np.abs(x - medians[groups]))
    scores = special.ndtri((1 + ranks / (len(x) + 1)) / 2)
    away = np.bincount(groups, scores) / np.bincount(groups) - scores.mean()
    if np.ptp(scores) == 0:
        return TestResult("chi2", np.nan, np.nan, method="fligner", flags={"NO_VARIATION": True})
    statistic = float(np.bincount(groups) @ away**2 / scores.var(ddof=1))
    p_value = never_zero(float(special.chdtrc(groups.max(), statistic)))
    return TestResult("chi2", statistic, p_value, df1=float(groups.max()), method="fligner")
