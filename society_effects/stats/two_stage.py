"""Whole classes as members, students with covariates: one adjusted value per class, then classes are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjusted_difference import adjusted_difference
from .allocations import DEFAULT_SEED
from .class_means import permute_classes
from .class_values import ClassValues, class_values
from .inference import Inference, from_t

Array = NDArray[np.float64]
FEW_IN_A_GROUP = 4
"""With fewer classes in a group the classes are permuted."""


@dataclass(frozen=True, slots=True)
class TwoStage:
    """A difference of whole classes, and what it was made of.

    difference : members' classes less the others, every class counted once. classes : their adjusted values. member :
    (G,), which classes are members'. slope_error : the part of the standard error that comes from the slopes.
    dropped : covariates that say nothing new.
    """

    difference: Inference
    classes: ClassValues
    member: NDArray[np.bool_]
    slope_error: float
    dropped: tuple[str, ...] = ()


def two_stage(
    outcome: ArrayLike,
    member: ArrayLike,
    clusters: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    kind: str = "score",
    exposure: ArrayLike | None = None,
    slopes: str = "within",
    permuted: bool = False,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> TwoStage:
    """By how much do classes of members differ from other classes whose students have the same covariates?

    Parameters
    ----------
    outcome, clusters, covariates, names, kind, exposure, slopes : as in :func:`class_values`; covariates are optional.
        Of shares the difference is one of shares, of rates one of rates. No ratios.
    member : (n,), the same for all students of a class.
    permuted : permute the classes however many there are, unless classmates share a covariate.

    First each class gets a value from which the covariates of its students were taken, by slopes among classmates. Then
    the values are compared, every class counted once: by the Welch test; with covariates that classmates share, by
    least squares of the values on membership and these, HC2 with the degrees of freedom of Bell and McCaffrey. The
    squared error of the slopes, times how far the groups lie apart, is added, and the degrees of freedom are put
    together (Satterthwaite); they are at most the number of classes less two and less the shared covariates. With fewer
    than four classes in a group and no shared covariate, the classes are permuted: slopes among classmates are the same
    however whole classes are divided. Limits are then the constant shifts that the test keeps.

    Hayes and Moulton take the slopes from all students without membership (``slopes="pooled"``). Where classes are
    divided by chance both are right; where the members' classes differ in the covariates, pooled slopes take part of
    the difference for theirs and the result is drawn towards 0, so that slopes among classmates are the default. With a
    true difference of 0.5 pooled slopes were off by -0.10 to -0.12 where the groups lay one standard deviation apart in
    a covariate of students, by -0.13 to -0.20 in one that classmates share; slopes among classmates by no more than
    chance (6 to 20 classes, tests/simulation/test_adjusted_in_classes.py). Covariates that classmates share are
    right only in the second stage. Slopes between classes that differ from those among classmates need the class mean
    as a covariate of its own.

    Flags: ``ONE_CLUSTER_IN_ARM``, ``TOO_FEW_CLUSTERS`` (no degree of freedom left), ``NO_VARIATION``, ``DEGENERATE``,
    ``LEVERAGE_ONE``, ``COLLINEAR``, ``NO_LIMITS_FEW_CLUSTERS``, ``NO_EVENTS_AT_ALL``, ``ALL_EVENTS`` (no difference,
    and no test), ``NO_CONVERGENCE``. Raises ``DesignError``
    (``TREATMENT_NOT_IDENTIFIED``) where membership follows from what classmates share.
    Hayes and Moulton (2017), Cluster Randomised Trials, ch. 10-11; Donald and Lang (2007)
    doi:10.1162/rest.89.2.221.

    >>> classes = np.repeat(np.arange(8), 3)
    >>> before = np.tile([1.0, 2.0, 4.0], 8) + classes % 3
    >>> after = before + 0.5 * (classes % 4) + 2 * (classes < 4)
    >>> found = two_stage(after, classes < 4, classes, before)
    >>> round(found.difference.estimate, 6), found.difference.df
    (2.0, 6.0)
    """
    codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
    arm = np.asarray(member).astype(bool)[np.unique(codes, return_index=True)[1]]
    settings = {"names": names, "kind": kind, "exposure": exposure, "slopes": slopes}
    columns = np.zeros((len(codes), 0)) if covariates is None else covariates
    classes = class_values(outcome, codes, columns, **settings)  # type: ignore[arg-type]
    fewest = min(int(arm.sum()), int((~arm).sum()))
    slope_error, dropped = 0.0, classes.dropped
    if any(classes.flags.values()):
        estimate = np.nan if classes.flags["NO_CONVERGENCE"] else 0.0
        found = Inference(estimate, conf_level=conf_level, method="two_stage", flags=classes.flags)
    elif fewest < 2 or ((permuted or fewest < FEW_IN_A_GROUP) and not classes.shared):
        draws = {"conf_level": conf_level, "resamples": resamples, "seed": seed}
        found = permute_classes(classes.values, arm, np.arange(len(arm)), 1, 0, **draws)  # type: ignore[arg-type]
        found = replace(found, method=found.method.replace("cluster", "two_stage"))
    else:
        found, slope_error, of_classes = _compared(classes, arm, conf_level)
        dropped += of_classes
    if kind == "share":
        found = replace(found, conf_low=_within_one(found.conf_low), conf_high=_within_one(found.conf_high))
    return TwoStage(found, classes, arm, slope_error, dropped)


def _compared(
    classes: ClassValues, arm: NDArray[np.bool_], conf_level: float
) -> tuple[Inference, float, tuple[str, ...]]:
    """The values compared by least squares, the part of the error that comes from the slopes, and what was dropped."""
    settings = {"names": classes.shared, "interactions": False, "covariance": "hc2", "conf_level": conf_level}
    fit = adjusted_difference(classes.values, arm, classes.of_classes, **settings)  # type: ignore[arg-type]
    of_slopes = classes.error_of(fit.errors.fit.weights(np.eye(len(fit.terms.names))[1]))
    most, own = len(arm) - 2 - len(fit.terms.main), float(fit.difference.std_error)
    kept = {key: fit.difference.flags[key] for key in ("NO_VARIATION", "DEGENERATE", "LEVERAGE_ONE")}
    too_few = most < 1 or fit.difference.flags["TOO_FEW"] or not np.isfinite(of_slopes.std_error)
    flags = {**kept, "TOO_FEW_CLUSTERS": bool(too_few), "COLLINEAR": bool(classes.dropped or fit.terms.dropped)}
    variances = np.array([own, of_slopes.std_error]) ** 2
    known = not too_few and own > 0
    df = np.nan
    if known:
        parts = np.array([fit.difference.df, of_slopes.df])
        df = min(float(variances.sum() ** 2 / np.sum(variances**2 / parts)), float(most))
    error = float(np.sqrt(variances.sum())) if known else 0.0 if own == 0 else np.nan
    found = from_t(fit.difference.estimate, error, df, conf_level=conf_level, method="two_stage", flags=flags)
    return found, float(of_slopes.std_error), fit.terms.dropped


def _within_one(limit: float) -> float:
    return float(np.clip(limit, -1.0, 1.0))
