"""Is an estimate the same in several subgroups? Differences between them, on the scale of the measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .differences import satterthwaite
from .generalised_linear import finite_from_t
from .inference import SCALES, Inference, TestResult
from .influence import per_unit, wald_f

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SubgroupContrasts:
    """How the estimates of subgroups differ from that of the first.

    contrasts : of the second, third, ... subgroup with the first; of ratios the ratio of the ratios. together : are all
    of them alike? influence : (units, g - 1), what each student, or class, contributes to each contrast.
    """

    contrasts: tuple[Inference, ...]
    together: TestResult
    influence: Array


def subgroup_contrasts(
    found: Sequence[Inference], influence: ArrayLike, *, clusters: ArrayLike | None = None
) -> SubgroupContrasts:
    """By how much do the estimates of subgroups differ, and are they alike?

    Parameters
    ----------
    found : the estimate of each of g subgroups, of one measure. influence : (n, g), what each student contributes to
        each of them on the scale of the measure (0 outside the subgroup).
    clusters : (n,), the class of each student: subgroups then share classes, and their estimates go together.

    Degrees of freedom of a contrast: Satterthwaite's, from those of the two estimates; the smaller of these where the
    subgroups share classes, whose contributions are then fewer than those of two estimates apart. Of the test of all
    together, the smallest of them. Flags: ``TOO_FEW`` (an estimate without a standard error), ``LIMIT_OUT_OF_REACH``.
    Gelman and Stern (2006) doi:10.1198/000313006X152649.

    >>> from society_effects.stats.inference import from_t
    >>> values = np.array([[1.0, 0], [-1, 0], [0, 2], [0, -2]])
    >>> one, two = from_t(3.0, np.sqrt(2), 10), from_t(5.0, np.sqrt(8), 10)
    >>> shown = subgroup_contrasts([one, two], values).contrasts[0]
    >>> shown.estimate, round(shown.std_error**2, 6), round(shown.df, 3)
    (2.0, 10.0, 14.706)
    """
    by_unit = per_unit(influence, clusters)
    forward, back = SCALES[found[0].scale]
    own = np.array([forward(one.estimate) for one in found])
    apart = by_unit[:, 1:] - by_unit[:, :1]
    settings: dict[str, Any] = {"conf_level": found[0].conf_level, "scale": found[0].scale, "method": found[0].method}
    contrasts = []
    for k, one in enumerate(found[1:]):
        error = float(np.sqrt(np.sum(apart[:, k] ** 2)))
        df = float(satterthwaite(one.std_error**2, found[0].std_error ** 2, one.df, found[0].df))
        if np.any((by_unit[:, 0] != 0) & (by_unit[:, k + 1] != 0)):
            df = float(np.fmin(one.df, found[0].df))
        known = bool(np.isfinite(error))
        contrasts.append(
            finite_from_t(
                back(own[k + 1] - own[0]),
                error if known else np.nan,
                df,
                null_value=float(back(0.0)) if found[0].scale == "log" else 0.0,
                flags={"TOO_FEW": not known},
                **settings,
            )
        )
    return SubgroupContrasts(tuple(contrasts), _together(own, apart, contrasts, settings["method"]), apart)


def _together(own: Array, apart: Array, contrasts: Sequence[Inference], method: str) -> TestResult:
    """Wald's F of all contrasts."""
    df = float(min(one.df for one in contrasts))
    return wald_f(own[1:] - own[0], apart, df, method=method, undefined="TOO_FEW")
