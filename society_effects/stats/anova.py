"""Do several groups differ in their means?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .inference import TestResult, never_zero
from .moments import Moments


@dataclass(frozen=True, slots=True)
class OneWay:
    """A one-way analysis of variance: its table, and the F test."""

    df_between: float
    df_within: float
    ss_between: float
    ss_within: float
    ms_between: float
    ms_within: float
    r_squared: float
    residual_sd: float
    test: TestResult


def one_way(values: ArrayLike, codes: ArrayLike) -> OneWay:
    """Do the means of several groups differ, if their spreads are equal? Fisher's F.

    Parameters
    ----------
    values : array (students,) without missing values.
    codes : array (students,), the group of each.

    The values are taken as distances from their overall mean, so that large numbers with small differences keep their
    digits. Flags: ``TOO_FEW`` (no group with two students, or one group only), ``NO_VARIATION`` (all values equal),
    ``DEGENERATE`` (only the group means vary). Fisher (1925), Statistical Methods for Research Workers.

    >>> found = one_way([1, 2, 3, 4, 5, 6], [0, 0, 1, 1, 2, 2])
    >>> round(found.test.statistic, 3), found.df_between, found.df_within
    (16.0, 2.0, 3.0)
    """
    x = np.asarray(values, dtype=float)
    _, group = np.unique(np.asarray(codes), return_inverse=True)
    x = x - np.median(x)
    arms = [Moments.of(x[group == code]) for code in range(group.max(initial=-1) + 1)]
    n = np.array([arm.n for arm in arms])
    mean = np.array([arm.mean for arm in arms])
    sd = np.nan_to_num(np.array([arm.sd for arm in arms]))
    df_between, df_within = float(len(arms) - 1), float(n.sum() - len(arms))
    overall = float((n * mean).sum() / n.sum()) if len(x) else np.nan
    ss_between, ss_within = float((n * (mean - overall) ** 2).sum()), float(((n - 1) * sd**2).sum())
    few = df_between < 1 or df_within < 1
    nothing, degenerate = ss_between + ss_within == 0, ss_within == 0 < ss_between
    ms_between = ss_between / df_between if df_between else np.nan
    ms_within = ss_within / df_within if df_within else np.nan
    statistic = p_value = np.nan
    if not (few or nothing or degenerate):
        statistic = ms_between / ms_within
        p_value = never_zero(float(special.fdtrc(df_between, df_within, statistic)))
    flags = {"TOO_FEW": few, "NO_VARIATION": not few and nothing, "DEGENERATE": not few and degenerate}
    return OneWay(
        df_between=df_between,
        df_within=df_within,
        ss_between=ss_between,
        ss_within=ss_within,
        ms_between=ms_between,
        ms_within=ms_within,
        r_squared=np.nan if nothing else ss_between / (ss_between + ss_within),
        residual_sd=float(np.sqrt(ms_within)),
        test=TestResult("F", statistic, p_value, df1=df_between, df2=df_within, method="one_way_anova", flags=flags),
    )
