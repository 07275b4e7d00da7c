"""By how much do several answers to one question differ, when the same students give them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .inference import Inference, TestResult, from_t
from .influence import per_unit, wald_f

Array = NDArray[np.float64]
ALIKE = 1e-12
"""Share of the larger standard error up to which the error of a difference is rounding."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One answer: its estimate, and what each student contributes to it.

    influence : (n,); its squares, or the squares of its sums per class, add up to the squared standard error.
    """

    estimate: float
    influence: Array
    df: float


def rung_difference(
    one: Rung, other: Rung, *, clusters: ArrayLike | None = None, conf_level: float = 0.95
) -> Inference:
    """By how much does one answer differ from another that the same students give?

    Parameters
    ----------
    one, other : with influence of the same n students in the same order. clusters : (n,), their classes.

    The two share their students, so that their errors go together; the standard error of the difference is that of the
    difference of the influence values, and nothing is fitted again. Degrees of freedom: the smaller of the two. Flag
    ``SAME_ANSWER`` (both are the same sum of the same outcomes: no standard error).
    Hausman (1978) doi:10.2307/1913827, without its assumption that one of them is efficient; Clogg, Petkova and Haritou
    (1995) doi:10.1086/230638.

    >>> found = rung_difference(Rung(3.0, np.array([1.0, -1, 0, 0]), 9.0), Rung(1.0, np.array([1.0, -1, 1, -1]), 8.0))
    >>> found.estimate, round(found.std_error, 4), found.df
    (2.0, 1.4142, 8.0)
    """
    apart = per_unit(one.influence - other.influence, clusters)
    largest = max(np.sum(per_unit(rung.influence, clusters) ** 2) for rung in (one, other))
    variance = float(np.sum(apart**2))
    same = variance <= ALIKE * largest
    return from_t(
        one.estimate - other.estimate,
        np.nan if same else np.sqrt(variance),
        min(one.df, other.df),
        conf_level=conf_level,
        method="shared_influence",
        flags={"SAME_ANSWER": bool(same)},
    )


def share_left(rung: Rung, raw: Rung, *, clusters: ArrayLike | None = None, conf_level: float = 0.95) -> Inference:
    """Which share of the unadjusted difference is left? Ratio of two answers of the same students, by the delta method.

    Only to be shown where the limits of the unadjusted difference exclude 0: otherwise the ratio has no useful limits.

    >>> found = share_left(Rung(1.0, np.array([0.1, -0.1]), 50.0), Rung(4.0, np.array([0.2, -0.2]), 50.0))
    >>> found.estimate, round(found.std_error, 4)
    (0.25, 0.0177)
    """
    ratio = rung.estimate / raw.estimate
    influence = per_unit((rung.influence - ratio * raw.influence) / raw.estimate, clusters)
    error = float(np.sqrt(np.sum(influence**2)))
    df = min(rung.df, raw.df)
    return from_t(ratio, error if error > 0 else np.nan, df, conf_level=conf_level, method="shared_influence")


def rungs_agree(rungs: Sequence[Rung], *, clusters: ArrayLike | None = None) -> TestResult:
    """Do several answers that aim at the same number agree? Wald's F of their differences from the first.

    Flags: ``TOO_FEW`` (fewer than two answers), ``SAME_ANSWER`` (some of them are the same).

    >>> answers = [Rung(3.0, np.array([1.0, -1, 0, 0]), 9.0), Rung(1.0, np.array([1.0, -1, 1, -1]), 8.0)]
    >>> round(rungs_agree(answers).statistic, 4)
    2.0
    """
    if len(rungs) < 2:
        return TestResult("F", np.nan, np.nan, method="shared_influence", flags={"TOO_FEW": True})
    apart = np.column_stack([per_unit(one.influence - rungs[0].influence, clusters) for one in rungs[1:]])
    values = np.array([one.estimate - rungs[0].estimate for one in rungs[1:]])
    df = float(min(one.df for one in rungs))
    return wald_f(values, apart, df, method="shared_influence", undefined="SAME_ANSWER")
