"""The wild cluster bootstrap: would the groups differ as much if the classes' residuals had other signs?"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjusted_difference import AdjustedDifference
from .allocations import DEFAULT_SEED, p_of_draws
from .cluster_robust import SMALLEST_EIGENVALUE
from .inference import Inference
from .linear_model import LinearFit, least_squares
from .within_classes import in_classes

Array = NDArray[np.float64]
WEBB = np.sqrt([0.5, 1.0, 1.5])
FEW = 12
"""Below so many classes Webb's six weights, otherwise signs."""
FEW_IN_A_GROUP = 4
"""With fewer classes in a group the test rejects a true null in 1 % instead of 5 % (2 of 10 classes, simulated)."""


def wild_bootstrap(
    values: ArrayLike,
    arms: ArrayLike,
    clusters: ArrayLike,
    g: int,
    r: int,
    *,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> Inference:
    """By how much do two groups differ, with P and limits from the restricted wild cluster bootstrap?

    Residuals under the hypothesis are multiplied, class by class, by random signs (Webb's six weights below 12
    classes; all signs are listed where there are few enough), and the studentised difference is compared with those of
    the new data. The limits are the differences that the test does not reject. The statistic shown is the observed
    one, with the plain cluster-robust standard error; it has no degrees of freedom. Flags: ``NO_VARIATION``,
    ``ONE_CLUSTER_IN_ARM``, ``NO_LIMITS_FEW_CLUSTERS`` (so few signs that no difference is rejected at this level: up to
    5 classes at 95%, up to 7 at 99%), ``WILD_BOOTSTRAP_CAUTIOUS`` (fewer than four classes in a group: it rejects too
    rarely).
    Cameron, Gelbach and Miller (2008) doi:10.1162/rest.90.3.414; Webb (2023) doi:10.1111/caje.12661;
    MacKinnon and Webb (2018) doi:10.1111/ectj.12107.

    >>> values, arms = [3, 4, 6, 5, 8, 9, 7, 9], [0, 1, 0, 1, 0, 1, 0, 1]
    >>> found = wild_bootstrap(values, arms, [0, 0, 1, 1, 2, 2, 3, 3], 1, 0, resamples=99)
    >>> found.estimate, found.p_value
    (0.75, 0.5)
    """
    y, arm = np.asarray(values, dtype=float), np.asarray(arms)
    pair = (arm == g) | (arm == r)
    y, member, codes = y[pair], arm[pair] == g, np.asarray(clusters)[pair]
    classes, observed = in_classes(member, codes), float(y[member].mean() - y[~member].mean())
    if min(classes.with_members, classes.with_others) < 2:
        flags = {"ONE_CLUSTER_IN_ARM": True}
        return Inference(observed, conf_level=conf_level, method="wild_bootstrap", flags=flags)
    fit = least_squares(np.column_stack([np.ones(len(y)), member]), y)
    found = wild_regression(fit, [0, 1], codes, conf_level=conf_level, resamples=resamples, seed=seed)
    return _with_caution(replace(found, estimate=observed), min(classes.with_members, classes.with_others))


def wild_adjusted(found: AdjustedDifference, *, resamples: int = 9999, seed: int = DEFAULT_SEED) -> Inference:
    """What are P and limits of an adjusted difference of students in classes by the wild cluster bootstrap?

    found : a difference with classes, compared among classmates or not; the covariates of its target are taken as they
    are, not as a sample. Flags as of :func:`wild_regression`, those that leave the difference without standard error,
    and ``WILD_BOOTSTRAP_CAUTIOUS`` (fewer than four classes with members, or with others; among classmates: with both).

    >>> from society_effects.stats.adjusted_difference import adjusted_difference
    >>> member, classes = [0, 1, 0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2, 3, 3]
    >>> found = adjusted_difference([3, 4, 6, 5, 8, 9, 7, 9], member, clusters=classes, within="fixed")
    >>> wild_adjusted(found).p_value
    0.5
    """
    fit, level, classes = found.errors.fit, found.difference.conf_level, found.classes
    if classes is None or np.isnan(found.difference.std_error):
        estimate, flags = found.difference.estimate, found.difference.flags
        return Inference(estimate, conf_level=level, method="wild_bootstrap", flags=flags)
    membership, codes = np.eye(len(found.terms.names))[1], found.errors.codes  # type: ignore[union-attr]
    drawn = wild_regression(fit, membership, codes, conf_level=level, resamples=resamples, seed=seed)
    fewest = classes.compared if found.within else min(classes.with_members, classes.with_others)
    return _with_caution(drawn, fewest)


def wild_regression(
    fit: LinearFit,
    contrast: ArrayLike,
    clusters: ArrayLike,
    *,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> Inference:
    """How large is a contrast of regression coefficients, by the restricted wild cluster bootstrap?

    Parameters
    ----------
    fit : least squares with any design, students in its rows; also one from which the class means were taken out.
    contrast : (p,), of the coefficients. clusters : (n,), the class of each student.

    Details as in :func:`wild_bootstrap`. A factor of the standard error, such as that of CR1, is the same for the
    observed and the bootstrapped statistics, and leaves P and limits as they are; the one shown has none. Everything is
    computed from sums per class. Flags: ``NO_VARIATION``, ``ONE_CLASS_COMPARED`` (one class alone decides part of the
    contrast), ``NO_LIMITS_FEW_CLUSTERS``.

    >>> design = np.column_stack([np.ones(8), [0, 1] * 4])
    >>> fit = least_squares(design, [3, 4, 6, 5, 8, 9, 7, 9])
    >>> wild_regression(fit, [0, 1], [0, 0, 1, 1, 2, 2, 3, 3]).p_value
    0.5
    """
    sums = _Sums(fit, np.asarray(contrast, dtype=float), np.unique(np.asarray(clusters), return_inverse=True)[1])
    observed, std_error = float(fit.estimate(contrast)), sums.std_error
    flags = {"NO_VARIATION": std_error == 0, "ONE_CLASS_COMPARED": sums.one_class_decides}
    if any(flags.values()):
        return Inference(observed, conf_level=conf_level, method="wild_bootstrap", flags=flags)
    signs, exact = _signs(sums.n_clusters, resamples, seed)
    statistic = sums.statistics(signs)

    def p_of(hypothesis: float) -> float:
        size = abs(observed - hypothesis) / std_error
        drawn = np.abs(statistic(observed - hypothesis))
        return p_of_draws(int(np.sum(drawn >= size * (1 - 1e-10))), len(signs), exact=exact)

    limits = [_limit(p_of, observed, std_error * direction, 1 - conf_level) for direction in (-1, 1)]
    return Inference(
        estimate=observed,
        std_error=std_error,
        statistic=observed / std_error,
        p_value=p_of(0.0),
        conf_low=limits[0],
        conf_high=limits[1],
        conf_level=conf_level,
        method="wild_bootstrap_exact" if exact else "wild_bootstrap",
        statistic_name="t",
        flags={**flags, "NO_LIMITS_FEW_CLUSTERS": bool(np.isnan(limits).any())},
    )


class _Sums:
    """What the bootstrap needs of a fit: sums over each class.

    The residuals under the hypothesis are those of the fit plus, for each point of difference between estimate and
    hypothesis, ``direction``. In new data the estimate differs from the hypothesis by the sum over classes of sign
    times ``weights`` times these residuals, and its variance is the sum of the squares of the same with the residuals
    of the new fit.
    """

    def __init__(self, fit: LinearFit, contrast: Array, codes: NDArray[np.int64]) -> None:
        weights = fit.weights(contrast)
        self.n_clusters = int(codes.max()) + 1
        parts = (fit.residuals, weights / (weights @ weights))

        def of_class(columns: Array) -> Array:
            return np.column_stack([np.bincount(codes, column) for column in columns.T])

        own, by_weight = of_class(weights[:, None] * np.transpose(parts)), of_class(fit.basis * weights[:, None])
        noise = 1e-12 * np.sum(np.abs(weights * fit.residuals))  # what rounding leaves of sums of nothing
        self.own = np.where(np.abs(own) <= [noise, 0.0], 0.0, own)
        self.scores = [
            np.diag(mine) - of_class(fit.basis * part[:, None]) @ by_weight.T
            for mine, part in zip(self.own.T, parts, strict=True)
        ]
        """Of each class (columns), what the residuals of every class (rows) contribute to its part of the variance."""
        self.one_class_decides = _one_class_decides(fit, contrast, codes)

    @property
    def std_error(self) -> float:
        """The cluster-robust standard error of the contrast."""
        return float(np.sqrt(np.sum(self.own[:, 0] ** 2)))

    def statistics(self, signs: Array) -> Callable[[float], Array]:
        """The studentised differences from the hypothesis, of all new data; a function of estimate less hypothesis."""
        (first, per_point), (score, score_per_point) = (signs @ self.own).T, (signs @ part for part in self.scores)

        def statistic(distance: float) -> Array:
            errors = np.sqrt(np.sum((score + distance * score_per_point) ** 2, axis=1))
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.where(errors > 0, (first + distance * per_point) / errors, np.inf)

        return statistic


def _one_class_decides(fit: LinearFit, contrast: Array, codes: NDArray[np.int64]) -> bool:
    """Is part of the contrast known from one class only?"""
    c = fit.in_basis(contrast)
    order = np.argsort(codes, kind="stable")
    for students in np.split(order, np.cumsum(np.bincount(codes))[:-1]):
        leverage, vectors = np.linalg.eigh(fit.basis[students].T @ fit.basis[students])
        if np.any((vectors[:, leverage > 1 - SMALLEST_EIGENVALUE].T @ c) ** 2 > 1e-12 * c @ c):
            return True
    return False


def _with_caution(found: Inference, fewest_classes: int) -> Inference:
    """The flag of few classes in a group, where there is a test at all."""
    if not np.isfinite(found.p_value):
        return found
    return replace(found, flags={**found.flags, "WILD_BOOTSTRAP_CAUTIOUS": fewest_classes < FEW_IN_A_GROUP})


def _signs(n_clusters: int, resamples: int, seed: int) -> tuple[Array, bool]:
    """The multipliers of the classes, one row per data set, and whether these are all there are."""
    if 2**n_clusters <= resamples:
        return np.array(list(itertools.product((-1.0, 1.0), repeat=n_clusters))), True
    rng = np.random.default_rng(seed)
    weights = np.concatenate([-WEBB, WEBB]) if n_clusters < FEW else np.array([-1.0, 1.0])
    return rng.choice(weights, (resamples, n_clusters)), False


def _limit(p_of: Callable[[float], float], observed: float, step: float, level: float) -> float:
    """The outermost hypothesis on one side that is not rejected; NaN where none ever is."""
    far = 1.0
    while p_of(observed + far * step) > level:
        far *= 2
        if far > 2**12:
            return np.nan
    kept, rejected = far / 2 if far > 1 else 0.0, far
    for _ in range(40):
        middle = (kept + rejected) / 2
        kept, rejected = (middle, rejected) if p_of(observed + middle * step) > level else (kept, middle)
    return float(observed + kept * step)
