"""By how much do members differ from non-members with the same covariates? Linear adjustment, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DesignError
from .adjustment_terms import Terms, chosen_terms, design_of, with_class_means
from .differences import satterthwaite
from .inference import Inference, TestResult, from_t, plain
from .linear_model import ClassErrors, Errors, StudentErrors, least_squares
from .within_classes import InClasses, fit_in_classes, in_classes

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
NO_WEIGHT = 1e-10


@dataclass(frozen=True, slots=True)
class AdjustedDifference:
    """An adjusted difference and the regression behind it; batch axes come first in every array.

    difference : members less non-members with the same covariates.
    terms : the coefficients by name, and what was left out of the regression as saying nothing new (``dropped``).
    errors : the fit, and how precise its coefficients are.
    influence : (..., n), what each student contributes to the difference. The squares (with classes, the squares of
        the sums per class) add up to the squared standard error.
    sampling_error : the part of the standard error that comes from the covariates of the target being a sample.
    centre : (..., k), the means of the target, at which the covariates are centred. overall, members : (..., k), their
        means among all and among members.
    leverage_one : rows of the students whose part in the uncertainty cannot be known. arm : (..., n), true for members.
    within : ``"fixed"`` or ``"mundlak"`` where members are compared with classmates. classes : how members and others
        are spread over the classes, None without classes.
    """

    difference: Inference
    terms: Terms
    errors: Errors
    influence: Array
    sampling_error: Any
    target: str
    centre: Array
    overall: Array
    members: Array
    leverage_one: tuple[int, ...]
    arm: Mask
    within: str | None = None
    classes: InClasses | None = None

    def coefficient(self, term: str) -> Inference:
        """How large is a coefficient of the regression (the centre taken as fixed)?"""
        return self._at(np.eye(len(self.terms.names))[self.terms.names.index(term)])

    def slopes_differ(self) -> TestResult:
        """Do outcome and covariates go together differently among members?

        F with the covariance of the comparison; with classes, the approximate Hotelling test. Flags: ``NO_SLOPES`` (the
        regression has no slope that could differ), ``LEVERAGE_ONE`` (some student, or class, decides one of the slopes
        alone, so that its spread is unknown and there is no test).
        """
        rows = np.eye(len(self.terms.names))[self.terms.slopes]
        if not len(rows):
            return TestResult("F", np.nan, np.nan, method=self.errors.kind, flags={"NO_SLOPES": True})
        alone = [self.errors.unknown(row) & (np.abs(self.errors.fit.weights(row)) > NO_WEIGHT) for row in rows]
        if np.any(alone):
            flags = {"LEVERAGE_ONE": True}
            return TestResult("F", np.nan, np.nan, float(len(rows)), method=self.errors.kind, flags=flags)
        return self.errors.joint(rows)

    def adjusted_mean(self, arm: int, at: str | ArrayLike = "members") -> Inference:
        """What is the mean of an arm (1 members, 0 others) at the covariates of ``"members"``, of ``"all"``, or given?

        at : or array (k,), one value per covariate. The covariates are taken as they are, not as a sample of others.
        Flag ``TOO_FEW`` / ``TOO_FEW_CLUSTERS``: the spread of the arm is unknown, as of coefficients and lines.
        Searle, Speed and Milliken (1980) doi:10.1080/00031305.1980.10483031.
        """
        known = {"members": self.members, "all": self.overall}
        points = known[at] if isinstance(at, str) else np.asarray(at, dtype=float)
        return self._at(self.terms.row(arm, points - self.centre))

    def line(self, arm: int, covariate: int, grid: ArrayLike) -> Inference:
        """Along which line does an arm run over the values of one covariate, the others at their centre?

        covariate : its position. grid : (m,), its values. Estimates and pointwise limits are (m,); no batch axes.
        """
        steps = np.zeros((np.size(grid), len(self.centre)))
        steps[:, covariate] = np.asarray(grid, dtype=float) - self.centre[covariate]
        points = [self._numbers(self.terms.row(arm, step)) for step in steps]
        return self._inference(*np.array(points).reshape(-1, 3).T)

    def _at(self, contrast: Array) -> Inference:
        return self._inference(*self._numbers(contrast))

    def _numbers(self, contrast: Array) -> tuple[Any, Any, Any]:
        """Estimate, standard error (NaN where the spread of an arm is unknown) and degrees of freedom."""
        df = self.errors.df(contrast)
        unknown = _arm_unknown(self.errors, contrast, self.arm) | ~(np.asarray(df) > 0)
        return self.errors.fit.estimate(contrast), plain(np.where(unknown, np.nan, _root(self.errors, contrast))), df

    def _inference(self, estimate: Any, std_error: Any, df: Any) -> Inference:
        few = "TOO_FEW_CLUSTERS" if isinstance(self.errors, ClassErrors) else "TOO_FEW"
        settings = {"conf_level": self.difference.conf_level, "method": self.difference.method}
        return from_t(estimate, std_error, df, flags={few: _flag(np.isnan(std_error))}, **settings)  # type: ignore[arg-type]


def adjusted_difference(
    outcome: ArrayLike,
    member: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    names: Sequence[str] = (),
    target: str = "members",
    interactions: bool = True,
    covariance: str = "hc3",
    clusters: ArrayLike | None = None,
    within: str | None = None,
    conf_level: float = 0.95,
) -> AdjustedDifference:
    """By how much do members differ from non-members with the same covariates?

    Parameters
    ----------
    outcome : (..., n), scores, changes of scores, or 0 and 1; in its own units. No missing values.
    member : (..., n), true for members.
    covariates : (..., n, k), measured before joining; none gives the plain difference of the means.
    names : of the covariates; ``x1, x2, ...`` by default.
    target : whose covariates the difference is standardised to, ``"members"`` or ``"all"``.
    interactions : each arm has its own slopes (Lin). False: common slopes (analysis of covariance), whose difference
        is that of neither target when the slopes differ in truth.
    covariance : ``"hc3"`` with t(n - p), or ``"hc2"`` with the degrees of freedom of Bell and McCaffrey (of Welch,
        without covariates).
    clusters : (n,), the class of each student: CR2 with Satterthwaite degrees of freedom instead; no batch axes.
    within : with classes, members are compared with their classmates: ``"fixed"``, each class has its own level;
        ``"mundlak"``, the class means of membership, of the covariates and of their products are added, which gives
        the same difference and slopes, keeps covariates that classmates share, and tells what classes have to do with
        it. The target is the same as without: all members (or all), whether they have classmates to compare or not.

    The variance counts the covariates of the target as a sample: their means enter with the differences of the slopes,
    class by class where there are classes; the degrees of freedom are those of the coefficient. Columns that say
    nothing beyond those before them are left out and named; with batch axes the columns must be independent.

    Flags: ``TOO_FEW`` / ``TOO_FEW_CLUSTERS`` / ``ONE_CLUSTER_IN_ARM`` (the spread of an arm is unknown: no standard
    error), ``NO_VARIATION``, ``DEGENERATE`` (nothing varies but by the regression), ``LEVERAGE_ONE`` (the residuals of
    some students, or classes, say nothing: HC2, in which they contribute nothing), ``COLLINEAR``,
    ``TOO_FEW_FOR_INTERACTIONS`` (more slopes to compare than a tenth of the smaller arm), ``ONE_CLASS_COMPARED`` (only
    one class has members and others: no standard error). Raises ``DesignError`` (``TREATMENT_NOT_IDENTIFIED``) where
    membership follows from the covariates, (``NO_CLASS_COMPARED``) where no class has members and others.

    Lin (2013) doi:10.1214/12-AOAS583; Long and Ervin (2000) doi:10.1080/00031305.2000.10474549; Pustejovsky and Tipton
    (2018) doi:10.1080/07350015.2016.1247004.

    >>> before, after = [50, 60, 70, 80, 55, 65, 75, 85], [52, 61, 75, 80, 60, 72, 80, 93]
    >>> found = adjusted_difference(after, [0, 0, 0, 0, 1, 1, 1, 1], np.transpose([before]))
    >>> round(found.difference.estimate, 2), found.terms.names
    (4.35, ('(Intercept)', 'member', 'x1', 'member:x1'))
    """
    y, arm, x = _aligned(outcome, member, covariates)
    inside = arm if target == "members" else np.ones(arm.shape, dtype=bool)
    centre = _mean(x, inside)
    centred = x - centre[..., None, :]
    codes = None if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    classes = None if codes is None else in_classes(arm, codes)
    if within and not (classes and classes.compared):
        raise DesignError("NO_CLASS_COMPARED")
    shown = names or tuple(f"x{i + 1}" for i in range(x.shape[-1]))
    terms = chosen_terms(arm, centred, x, shown, interactions, codes if within else None)
    if within == "mundlak" and codes is not None:
        terms = with_class_means(chosen_terms(arm, centred, x, shown, interactions), arm, centred, codes)
    design = design_of(terms, arm, centred, codes)
    if codes is None:
        errors: Errors = StudentErrors(least_squares(design, y), covariance)
    else:
        errors = fit_in_classes(design, y, codes, own_levels=within == "fixed")
    fit = errors.fit
    slopes = np.zeros(centre.shape)
    slopes[..., list(terms.interacted)] = fit.coefficients[..., terms.slopes]
    sampling = _sampling(np.einsum("...nk,...k->...n", centred, slopes), inside, errors)
    one_class = bool(within and classes and classes.compared < 2)
    found, influence = _inference(errors, sampling, arm, terms, conf_level, one_class)
    if within:
        found = replace(found, method=f"{'within' if within == 'fixed' else within}_{found.method}")
    few = np.asarray(interactions & (10 * len(terms.interacted) > np.minimum(arm.sum(axis=-1), (~arm).sum(axis=-1))))
    flags = {**found.flags, "COLLINEAR": bool(terms.dropped), "TOO_FEW_FOR_INTERACTIONS": _flag(few)}
    return AdjustedDifference(
        replace(found, flags=flags),
        terms,
        errors,
        influence,
        plain(np.sqrt(_summed(errors, sampling))),
        target,
        centre,
        x.mean(axis=-2),
        _mean(x, arm),
        () if y.ndim > 1 else tuple(int(i) for i in np.flatnonzero(errors.unknown(np.eye(len(terms.names))[1]))),
        arm,
        within,
        classes,
    )


def adjusted_share_difference(
    event: ArrayLike, member: ArrayLike, covariates: ArrayLike | None = None, **settings: Any
) -> AdjustedDifference:
    """By how much does the share of events differ between members and non-members with the same covariates?

    event : (..., n), 0 or 1; everything else as in :func:`adjusted_difference`. With covariates that are categories
    (one indicator for each but one) and their products, this is exact standardisation over the strata. The limits
    stay between -1 and 1.

    >>> passed, before = [1, 1, 1, 0, 1, 0, 0, 1], [1, 1, 0, 0, 1, 0, 0, 1]
    >>> found = adjusted_share_difference(passed, [1, 1, 1, 1, 0, 0, 0, 0], np.transpose([before]))
    >>> round(found.difference.estimate, 4), found.difference.conf_high <= 1
    (0.25, True)
    """
    found = adjusted_difference(event, member, covariates, **settings)
    low, high = (np.clip(limit, -1.0, 1.0) for limit in (found.difference.conf_low, found.difference.conf_high))
    return replace(found, difference=replace(found.difference, conf_low=plain(low), conf_high=plain(high)))


def _aligned(outcome: ArrayLike, member: ArrayLike, covariates: ArrayLike | None) -> tuple[Array, Mask, Array]:
    y, arm = np.broadcast_arrays(np.asarray(outcome, dtype=float), np.asarray(member).astype(bool))
    if covariates is None:
        return y, arm, np.zeros((*y.shape, 0))
    x = np.asarray(covariates, dtype=float)
    shape = np.broadcast_shapes(y.shape, x.shape[:-1])
    return np.broadcast_to(y, shape), np.broadcast_to(arm, shape), np.broadcast_to(x, (*shape, x.shape[-1]))


def _mean(x: Array, inside: Mask) -> Array:
    total = np.einsum("...nk,...n->...k", x, inside.astype(float))
    return np.asarray(total / np.maximum(inside.sum(axis=-1), 1)[..., None])


def _sampling(values: Array, inside: Mask, errors: Errors) -> Array:
    """What each student contributes to the mean of these values among the target, its students being a sample."""
    n = inside.sum(axis=-1, keepdims=True)
    share = 1 / np.maximum(n, 2)
    if isinstance(errors, ClassErrors):
        share = (np.bincount(errors.codes, inside) / n)[errors.codes]
    left = np.where(share < 1 - 1e-12, 1 - share, np.inf)
    return np.asarray(np.where(inside, values / n / np.sqrt(left), 0.0))


def _inference(
    errors: Errors, sampling: Array, arm: Mask, terms: Terms, conf_level: float, one_class: bool = False
) -> tuple[Inference, Array]:
    """The difference with its uncertainty, and what each student contributes to it.

    Residuals and covariates of one student are uncorrelated, so that their parts add up; within a class they are not.
    """
    row = np.eye(len(terms.names))[1]
    residual, total = errors.influence(row), errors.influence(row) + sampling
    parts = (total,) if isinstance(errors, ClassErrors) else (residual, sampling)
    unknown = {"ONE_CLASS_COMPARED": np.asarray(True)} if one_class else _unknown_spread(errors, row, arm)
    known = ~np.any(list(unknown.values()), axis=0)
    perfect = np.all(errors.fit.residuals == 0, axis=-1)
    variance = np.where(perfect, 0.0, np.sum([_summed(errors, part) for part in parts], axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        adding_up = total * np.sqrt(np.where(known, variance, np.nan) / _summed(errors, total))[..., None]
    estimate, still = np.asarray(errors.fit.estimate(row)), known & (variance == 0)
    none = np.abs(estimate) <= 1e-12 * np.abs(errors.fit.coefficients[..., 0])
    estimate = np.where(none, 0.0, estimate)  # what rounding leaves of a difference of nothing
    of_students = np.any(errors.unknown(row), axis=-1)
    flags = {"NO_VARIATION": still & none, "DEGENERATE": still & ~none, "LEVERAGE_ONE": known & of_students}
    found = from_t(
        estimate,
        np.where(known, np.sqrt(variance), np.nan),
        _welch_df(residual, arm) if errors.kind == "hc2" and not terms.main else errors.df(row),
        conf_level=conf_level,
        method=f"{'lin' if terms.interacted else 'ancova' if terms.main else 'contrast'}_{errors.kind}",
        flags={name: _flag(value) for name, value in (unknown | flags).items()},
    )
    return found, adding_up


def _welch_df(residual: Array, arm: Mask) -> Array:
    of_members, of_others = (np.sum(np.where(which, residual, 0.0) ** 2, axis=-1) for which in (arm, ~arm))
    return satterthwaite(of_members, of_others, arm.sum(axis=-1) - 1, (~arm).sum(axis=-1) - 1)


def _unknown_spread(errors: Errors, row: Array, arm: Mask) -> dict[str, Mask]:
    """Is the spread of an arm unknown, because all of its students (or classes) decide their fitted values alone?"""
    few = _arm_unknown(errors, row, arm)
    if not isinstance(errors, ClassErrors):
        return {"TOO_FEW": few}
    alone = np.asarray(any(len(np.unique(errors.codes[which])) == 1 for which in (arm, ~arm)))
    return {"TOO_FEW_CLUSTERS": few & ~alone, "ONE_CLUSTER_IN_ARM": alone}


def _arm_unknown(errors: Errors, contrast: Array, arm: Mask) -> Mask:
    """Is an arm in this contrast of which all who are in it decide their fitted values alone?"""
    inside = np.abs(errors.fit.weights(contrast)) > NO_WEIGHT
    known = inside & ~errors.unknown(contrast)
    arms = [np.any(inside & which, axis=-1) & ~np.any(known & which, axis=-1) for which in (arm, ~arm)]
    return np.asarray(arms[0] | arms[1])


def _summed(errors: Errors, influence: Array) -> Array:
    """The sum of squares over students, or over classes."""
    values = np.bincount(errors.codes, influence) if isinstance(errors, ClassErrors) else influence
    return np.asarray(np.sum(values**2, axis=-1))


def _root(errors: Errors, contrast: Array) -> Any:
    return plain(np.sqrt(_summed(errors, errors.influence(contrast))))


def _flag(value: Any) -> Any:
    found = np.asarray(value)
    return found if found.ndim else bool(found)
