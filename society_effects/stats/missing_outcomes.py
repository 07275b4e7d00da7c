"""How different must the missing scores be from what was predicted to change the conclusion?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjusted_difference import AdjustedDifference, adjusted_difference
from .inference import Inference, from_t, t_quantile

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
NO_SHARE = 1e-10


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """How far the missing scores of one arm must lie from their prediction to change what is concluded.

    estimate : the shift at which the adjusted difference is 0. limit : the smallest shift (either way) at which its
    interval comes to include 0. Both in standard deviations of the scores.
    flags : ``NO_MISSING`` (nobody is missing in this arm: both NaN), ``ALREADY_INCLUDES`` (the interval includes 0
    without any shift: ``limit`` is 0). Where the difference has no interval, ``limit`` is NaN, and its flags say why;
    where scores do not vary within the arms, both are.
    """

    estimate: float
    limit: float
    flags: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class ShiftedOutcomes:
    """The adjusted difference when missing scores differ from their prediction by so much.

    difference : without any shift, standardised to *all* students of the target, those without a score too.
    share_member, share_reference : the share of missing scores in each arm, standardised in the same way: by so much
    the difference moves per unit of shift. covariance : (3, 3), of the three. sd : of the scores within the arms, the
    unit of all shifts. df, conf_level, method : of all intervals.
    flags : as :func:`society_effects.stats.adjusted_difference.adjusted_difference`, and ``SHARE_EXTRAPOLATED`` (a
    standardised share is outside 0 to 1: too few students of one arm resemble the target).
    """

    difference: float
    share_member: float
    share_reference: float
    covariance: Array
    sd: float
    df: float
    conf_level: float
    method: str
    flags: Mapping[str, bool]

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true?"""
        return tuple(key for key, value in self.flags.items() if value)

    def shifted(self, member: ArrayLike, reference: ArrayLike) -> Inference:
        """What is the difference if the missing scores of members and of the others are off by so many SD?

        member, reference : arrays of one shape (after broadcasting), positive where the missing scores are higher
        than those of similar students of the same arm with a score.
        """
        d1, d0 = np.broadcast_arrays(*(self.sd * np.asarray(v, dtype=float) for v in (member, reference)))
        row = np.stack([np.ones(d1.shape), d1, -d0], axis=-1)
        estimate = row @ [self.difference, self.share_member, self.share_reference]
        variance = np.einsum("...i,ij,...j->...", row, self.covariance, row)
        settings = {"conf_level": self.conf_level, "method": self.method, "flags": self.flags}
        return from_t(estimate, np.sqrt(np.maximum(variance, 0.0)), self.df, **settings)  # type: ignore[arg-type]

    def tipping(self, arm: str) -> TippingPoint:
        """How many SD off must the missing scores of ``"members"`` (or ``"reference"``) be, the others as predicted?"""
        share, place, sign = (self.share_member, 1, 1.0) if arm == "members" else (self.share_reference, 2, -1.0)
        nobody = not abs(share) > NO_SHARE
        if nobody or not self.sd > 0:
            return TippingPoint(np.nan, np.nan, {"NO_MISSING": nobody, "ALREADY_INCLUDES": False})
        limit, already = self._reaches_null(
            sign * share, sign * self.covariance[0, place], self.covariance[place, place]
        )
        flags = {"NO_MISSING": False, "ALREADY_INCLUDES": already}
        return TippingPoint(-sign * self.difference / share / self.sd, limit / self.sd, flags)

    def _reaches_null(self, slope: float, covariance: float, variance: float) -> tuple[float, bool]:
        """The smallest shift at which estimate^2 = t^2 variance, both quadratic in the shift."""
        squared = float(t_quantile(self.df, (1 + self.conf_level) / 2)) ** 2
        coefficients = (
            slope**2 - squared * variance,
            2 * (self.difference * slope - squared * covariance),
            self.difference**2 - squared * float(self.covariance[0, 0]),
        )
        if coefficients[2] <= 0:
            return 0.0, True
        if not np.all(np.isfinite(coefficients)):
            return np.nan, False
        roots = np.roots(coefficients).real  # the interval includes 0 at least where the estimate is 0
        return float(roots[np.argmin(np.abs(roots))]), False


def shifted_outcomes(
    outcome: ArrayLike,
    member: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    target: str = "members",
    interactions: bool = True,
    clusters: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> ShiftedOutcomes:
    """What happens to the adjusted difference if missing scores are not what similar students would lead us to expect?

    Parameters
    ----------
    outcome : (n,), NaN where missing. member : (n,), true for members. covariates : (n, k), complete.
    target, interactions, clusters, conf_level : as in ``adjusted_difference``.

    The adjusted mean of an arm among everybody is that of the regression among those with a score, plus the shift
    times the share of the target that would be missing in that arm; the share comes from the same regression of being
    missing on the covariates. So the difference is linear in both shifts. Its variance is that of the two
    regressions and of the sample of the target, student by student (class by class): nobody's score is filled in as
    if it had been seen; the SD that is the unit of the shifts counts as known. Without missing scores it is exactly
    ``adjusted_difference``.

    Carpenter and Kenward (2013) doi:10.1002/9781119942283, chapter 10; Cro et al. (2020) doi:10.1002/sim.8569.

    >>> y, club = [5, 6, 7, 8, np.nan, 3, 4, 5, 6, 4], [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    >>> found = shifted_outcomes(y, club)
    >>> round(found.difference, 3), round(found.share_member, 3), round(found.shifted(-1, 0).estimate, 3)
    (2.1, 0.2, 1.859)
    """
    y, arm = np.asarray(outcome, dtype=float), np.asarray(member).astype(bool)
    x = np.zeros((len(y), 0)) if covariates is None else np.asarray(covariates, dtype=float)
    seen = ~np.isnan(y)
    codes = None if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    inside = arm if target == "members" else np.ones(len(y), dtype=bool)
    settings = partial(adjusted_difference, target=target, interactions=interactions, conf_level=conf_level)
    of_scores = settings(y[seen], arm[seen], x[seen], clusters=None if codes is None else codes[seen])
    of_missing = settings(~seen, arm, x, clusters=codes)
    target_students = _Target(x - x[inside].mean(axis=0), x[inside].mean(axis=0), inside, codes)
    parts = (
        target_students.part(of_scores, (1, 0), seen),
        target_students.part(of_missing, (1,), np.ones(len(y), dtype=bool)),
        target_students.part(of_missing, (0,), np.ones(len(y), dtype=bool)),
    )
    one, two = parts[1].estimate, parts[2].estimate
    usual = of_scores.difference
    known = bool(np.isfinite(usual.std_error) and usual.std_error > 0)
    outside = min(one, two) < -NO_SHARE or max(one, two) > 1 + NO_SHARE
    return ShiftedOutcomes(
        parts[0].estimate,
        one,
        two,
        target_students.covariance(parts) if known else np.full((3, 3), np.nan),
        _sd_within(y[seen], arm[seen]),
        parts[0].df,
        conf_level,
        usual.method,
        {key: bool(value) for key, value in usual.flags.items()} | {"SHARE_EXTRAPOLATED": bool(outside)},
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A standardised number: its value, what each student contributes by residual, and by being in the target."""

    estimate: float
    residual: Array
    sampling: Array
    df: float


@dataclass(frozen=True, slots=True)
class _Target:
    """The students to whose covariates numbers are standardised.

    centred : (n, k), covariates around their means ``centre`` in the target. inside : (n,). codes : (n,), classes.
    """

    centred: Array
    centre: Array
    inside: Mask
    codes: NDArray[np.int64] | None

    def part(self, found: AdjustedDifference, arms: tuple[int, ...], used: Mask) -> _Part:
        """The standardised mean of an arm, or the difference of two, by a regression among the students ``used``."""
        signs = (1.0, -1.0)[: len(arms)]
        steps, k = self.centre - found.centre, len(self.centre)
        row = sum(sign * found.terms.row(arm, steps) for sign, arm in zip(signs, arms, strict=True))
        per_unit = sum(
            sign * (found.terms.row(arm, np.eye(k)) - found.terms.row(arm, np.zeros((k, k))))
            for sign, arm in zip(signs, arms, strict=True)
        )
        residual = np.zeros(len(used))
        residual[used] = found.errors.influence(row)
        sampling = np.where(self.inside, self.centred @ (per_unit @ found.errors.fit.coefficients), 0.0)
        return _Part(float(found.errors.fit.estimate(row)), residual, sampling, float(found.errors.df(row)))

    def covariance(self, parts: tuple[_Part, ...]) -> Array:
        """Sums over students (or classes) of the products of contributions, the target being a sample."""
        n = self.inside.sum()
        share = np.full(len(self.inside), 1 / max(n, 2))
        if self.codes is not None:
            share = (np.bincount(self.codes, self.inside) / n)[self.codes]
        left = np.where(share < 1 - 1e-12, 1 - share, np.inf)
        residual = np.column_stack([part.residual for part in parts])
        sampling = np.column_stack([part.sampling for part in parts]) / n / np.sqrt(left)[:, None]
        if self.codes is None:
            return np.asarray(residual.T @ residual + sampling.T @ sampling)
        sums = np.zeros((self.codes.max() + 1, len(parts)))
        np.add.at(sums, self.codes, residual + sampling)
        return np.asarray(sums.T @ sums)


def _sd_within(y: Array, arm: Mask) -> float:
    """The standard deviation within the arms, pooled."""
    squares = sum(float(np.sum((y[which] - y[which].mean()) ** 2)) for which in (arm, ~arm) if which.any())
    return float(np.sqrt(squares / max(len(y) - 2, 1)))
