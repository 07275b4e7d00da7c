"""One adjusted value per class: what is left of the mean of a class when its students' covariates are allowed for?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .absorbed_regression import Link, per_class, slopes_beside_levels
from .adjustment_terms import new_columns
from .cluster_sums import ClusterRobust, cr2_from_sums
from .inference import Inference
from .within_classes import around_class_means

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClassValues:
    """Adjusted values of the classes, and the slopes they were adjusted by.

    values : (G,), the mean (share, rate) of each class less what its students' covariates let expect, plus the overall
    one. size : (G,), students, or their exposure. names : of the k covariates with a slope. slopes : (k,), of scores;
    log odds ratios of shares, log rate ratios of rates. of_classes : (G, z), covariates that classmates share, named
    ``shared``; no slope. per_slope : (G, k), by how much a value moves with each slope. to_slopes : (k, k), what turns
    the slopes of an orthogonal basis into ``slopes``. precision : of those of the basis, None where slopes are taken as
    known. dropped : covariates that say nothing new.
    Flags: ``NO_EVENTS_AT_ALL``, ``ALL_EVENTS``, ``NO_CONVERGENCE``: no slopes were found, and no values.
    """

    values: Array
    size: Array
    names: tuple[str, ...]
    slopes: Array
    shared: tuple[str, ...]
    of_classes: Array
    per_slope: Array
    to_slopes: Array
    precision: ClusterRobust | None
    dropped: tuple[str, ...]
    flags: Mapping[str, bool] = field(default_factory=dict[str, bool])

    def error_of(self, contrast: Array) -> Inference:
        """How uncertain is a sum (G,) of the values because the slopes are?"""
        direction = contrast @ self.per_slope
        if self.precision is None or not np.any(np.abs(direction) > 1e-12 * np.abs(self.per_slope).max(initial=0.0)):
            return Inference(0.0, std_error=0.0, df=np.inf)
        return self.slope(direction)

    def slope(self, contrast: ArrayLike) -> Inference:
        """How large is a sum (k,) of the slopes? Only of slopes among classmates, of which there is a precision."""
        if self.precision is None:
            return Inference(float(np.asarray(contrast) @ self.slopes))
        return self.precision.contrast(np.asarray(contrast, dtype=float) @ self.to_slopes)


def class_values(
    outcome: ArrayLike,
    clusters: ArrayLike,
    covariates: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    kind: str = "score",
    exposure: ArrayLike | None = None,
    slopes: str = "within",
) -> ClassValues:
    """What would the mean of each class be if the classes' students had the same covariates?

    Parameters
    ----------
    outcome : (n,), scores; 0 and 1; or counts. clusters : (n,). covariates : (n, k), measured before joining.
    kind : ``"score"`` (least squares), ``"share"`` (logistic), ``"rate"`` (Poisson, with exposure (n,), 1 by default).
    slopes : ``"within"``: from classmates only, every class with its own level, so that nothing that whole classes
        have in common, membership among it, moves them; covariates that classmates share are handed on. ``"pooled"``:
        from all students without regard to classes (Hayes and Moulton), covariates that classmates share among them.

    Of shares and rates, the expected number of a class is that of the regression with these slopes and one common
    level, at which as many are expected in all as were observed; the value is (observed - expected) per student, or per
    unit of exposure. Classes without any event, or with nothing else, tell nothing about the slopes within classes.
    Logistic slopes beside class levels are too steep by about 1 in the size of a class (incidental parameters); with
    classes of twenty whose covariate stood one standard deviation apart, the difference of shares was off by -0.008.
    Hayes and Moulton (2017), Cluster Randomised Trials, ch. 11.

    >>> found = class_values([1, 3, 4, 8, 6, 9], [0, 0, 1, 1, 2, 2], np.transpose([[0, 1, 0, 2, 1, 3]]))
    >>> found.slopes.round(6).tolist(), found.values.round(6).tolist()
    ([1.777778], [3.185185, 6.296296, 6.018519])
    """
    y, codes = np.asarray(outcome, dtype=float), np.unique(np.asarray(clusters), return_inverse=True)[1]
    x = np.asarray(covariates, dtype=float).reshape(len(y), -1)
    link = Link(kind, np.ones(len(y)) if exposure is None else np.asarray(exposure, dtype=float))
    levels = codes if slopes == "within" else np.zeros(len(y), dtype=np.int64)
    named = tuple(names or (f"x{i + 1}" for i in range(x.shape[1])))
    kept, shared = _sorted(x, levels)
    centred, first = x[:, kept] - x[:, kept].mean(axis=0), np.unique(codes, return_index=True)[1]
    to_slopes = np.linalg.inv(np.linalg.qr(around_class_means(centred, levels), mode="r")) * np.sqrt(len(y))
    fit = slopes_beside_levels(y, centred @ to_slopes, levels, link)
    found = np.full(len(kept), np.nan) if fit is None else to_slopes @ fit.slopes
    values, per_slope = _values(y, centred, codes, link, found)
    precision = None
    if fit is not None and slopes == "within" and kept:
        precision = cr2_from_sums(fit.slopes, fit.products, fit.scores, "cr2")
    return ClassValues(
        values,
        np.bincount(codes, link.time).astype(float),
        tuple(named[i] for i in kept),
        found,
        tuple(named[i] for i in shared),
        x[first][:, shared],
        per_slope,
        to_slopes,
        precision,
        tuple(name for i, name in enumerate(named) if i not in kept + shared),
        _flags(y, link, fit is None),
    )


def _flags(y: Array, link: Link, no_fit: bool) -> dict[str, bool]:
    """Why are there no slopes? Nobody, or everybody, has an event; or the search did not end."""
    none, every = link.kind != "score" and not y.any(), link.kind == "share" and bool(y.all())
    return {"NO_EVENTS_AT_ALL": none, "ALL_EVENTS": every, "NO_CONVERGENCE": no_fit and not (none or every)}


def _sorted(x: Array, levels: Codes) -> tuple[list[int], list[int]]:
    """Which covariates have a slope beside these levels, and which vary, but not within them?"""
    inside = around_class_means(x, levels)
    varying = np.any(inside, axis=0)
    shared = ~varying & np.any(around_class_means(x, np.zeros_like(levels)), axis=0)
    size = np.maximum(np.linalg.norm(x - x.mean(axis=0), axis=0), 1e-6 * np.linalg.norm(x, axis=0))
    new = np.array(new_columns(inside, np.where(varying, size, 1.0)), dtype=bool)
    return [int(i) for i in np.flatnonzero(varying & new)], [int(i) for i in np.flatnonzero(shared)]


def _values(y: Array, x: Array, codes: Codes, link: Link, slopes: Array) -> tuple[Array, Array]:
    """The value of each class (G,), and by how much it moves with each slope (G, k)."""
    together, time = np.zeros_like(codes), np.bincount(codes, link.time)
    offset = x @ slopes
    if not np.all(np.isfinite(offset)):
        return np.full(len(time), np.nan), np.zeros((len(time), len(slopes)))
    expected, weights = link.mean(link.level(y, offset, together)[together] + offset)
    around = x - per_class(weights[:, None] * x, together) / weights.sum()
    moved = -per_class(weights[:, None] * around, codes) / time[:, None]
    return np.bincount(codes, y - expected) / time + y.sum() / time.sum(), moved
