"""Are there others who were as likely as the members to join, by what was measured before?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .adjustment_terms import chosen_terms
from .generalised_linear import highest_likelihood
from .inference import Inference, from_t
from .ranks import u_statistic
from .separation import separated_events

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
PRIOR_SD = 1.0
"""Spread of the normal prior on coefficients (per SD of a covariate) where the data alone give no finite ones."""


@dataclass(frozen=True, slots=True)
class PropensityOverlap:
    """How far both arms cover the same range of the propensity score.

    scores, logits : (n,), the fitted probability of being a member, and its logit. names, coefficients : of the
    regression (batch of them, z). members_inside : share of the members whose score lies within the range of the
    others' scores; reference_inside : the reverse; all_inside : share of everybody within both ranges.
    rubin_b : difference of the mean logits / root of the mean of their two variances (above .25 is far apart).
    rubin_r : variance of the members' logits / that of the others (.5 to 2 is alike). auc : how often a member has a
    higher score than another.
    flags : ``MEMBERSHIP_SEPARATED`` (some combination of covariates tells some members and others apart: penalised
    scores; those students count as outside, the coefficients have no standard errors), ``NO_VARIATION`` (no covariate
    says anything: rubin_b is 0, rubin_r NaN). separated : the columns that do it. dropped : columns that say nothing
    new.
    """

    scores: Array
    logits: Array
    names: tuple[str, ...]
    coefficients: Inference
    members_inside: float
    reference_inside: float
    all_inside: float
    rubin_b: float
    rubin_r: float
    auc: float
    separated: tuple[str, ...]
    dropped: tuple[str, ...]
    flags: Mapping[str, Any]

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true?"""
        return tuple(key for key, value in self.flags.items() if value)


def propensity_overlap(member: ArrayLike, covariates: ArrayLike, *, names: Sequence[str] = ()) -> PropensityOverlap:
    """How far do members and others cover the same range of the probability of joining?

    Parameters
    ----------
    member : (n,), true for members. covariates : (n, k), without missing values. names : ``x1, x2, ...`` by default.

    Logistic regression on the covariates as they are, by maximum likelihood; with separation, with a normal prior of
    spread 1 on the coefficients per SD. Ranges are from the smallest to the largest score.
    Raises ``DesignError`` (``TREATMENT_NOT_IDENTIFIED``) where membership is a linear function of the covariates.

    Rosenbaum and Rubin (1983) doi:10.1093/biomet/70.1.41; Rubin (2001) doi:10.1023/A:1020363010465.

    >>> score = [[1.0], [2], [3], [4], [5], [3], [4], [5], [6], [7]]
    >>> found = propensity_overlap([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], score)
    >>> found.members_inside, found.reference_inside, found.auc
    (0.6, 0.6, 0.82)
    """
    arm, x = np.asarray(member).astype(bool), np.asarray(covariates, dtype=float)
    labels = tuple(names) or tuple(f"x{i + 1}" for i in range(x.shape[1]))
    mean = x.mean(axis=0)
    terms = chosen_terms(arm, x - mean, x, labels, interactions=False)
    kept, shown = list(terms.main), ("(Intercept)", *(labels[i] for i in terms.main))
    unit = (x - mean)[:, kept].std(axis=0)
    design = np.column_stack([np.ones(len(arm)), (x - mean)[:, kept] / unit])
    apart = separated_events(design, arm, shown)
    separated = bool(apart.students.any())
    estimates, covariance = (None, None) if separated else _most_likely(design, arm)
    if estimates is None or covariance is None:
        estimates, covariance = _penalised(design, arm)
    logits = design @ estimates
    scale = np.diag(np.r_[1.0, 1 / unit])
    scale[0, 1:] = -mean[kept] / unit
    errors = np.sqrt(np.diag(scale @ covariance @ scale.T))
    flags = {"MEMBERSHIP_SEPARATED": separated, "NO_VARIATION": not np.ptp(logits) > 0}
    within = [_within(logits, logits[which]) & ~apart.students for which in (arm, ~arm)]
    b, r = _rubin(logits[arm], logits[~arm])
    return PropensityOverlap(
        special.expit(logits),
        logits,
        shown,
        from_t(scale @ estimates, errors, method="logistic_penalised" if separated else "logistic", flags=flags),
        float(np.mean(within[1][arm])),
        float(np.mean(within[0][~arm])),
        float(np.mean(within[0] & within[1])),
        b,
        r,
        float(u_statistic(logits[arm], logits[~arm]) / (arm.sum() * (~arm).sum())),
        apart.columns,
        terms.dropped,
        flags,
    )


def _most_likely(design: Array, arm: Mask) -> tuple[Array, Array] | tuple[None, None]:
    """Coefficients and their covariance by maximum likelihood; None where the search does not end.

    The maximum exists as nothing is separated, but it may lie too far away.
    """
    best, ended = highest_likelihood("binomial", design, arm.astype(float), np.zeros(len(arm)))
    fitted = special.expit(design @ best)
    information = design.T @ (design * (fitted * (1 - fitted))[:, None])
    if not ended or np.linalg.matrix_rank(information, hermitian=True) < len(best):
        return None, None
    return best, np.linalg.inv(information)


def _penalised(design: Array, arm: Mask) -> tuple[Array, Array]:
    """Coefficients with a normal prior on all but the constant: Newton's method with halved steps."""
    penalty = np.diag(np.r_[0.0, np.full(design.shape[1] - 1, 1 / PRIOR_SD**2)])
    sign, b = np.where(arm, 1.0, -1.0), np.zeros(design.shape[1])

    def loss(at: Array) -> float:
        return float(np.sum(np.logaddexp(0.0, -sign * (design @ at))) + at @ penalty @ at / 2)

    for _ in range(200):
        p = special.expit(design @ b)
        gradient = design.T @ (p - arm) + penalty @ b
        step = np.linalg.solve(design.T @ (design * (p * (1 - p))[:, None]) + penalty, gradient)
        while loss(b - step) > loss(b) + 1e-12 and np.abs(step).max() > 1e-14:
            step = step / 2
        b = b - step
        if np.abs(step).max() <= 1e-12 * max(1.0, np.abs(b).max()):
            break
    return b, np.full((len(b), len(b)), np.nan)


def _within(values: Array, others: Array) -> Mask:
    rounding = 1e-12 * max(1.0, np.abs(others).max())
    return np.asarray((values >= others.min() - rounding) & (values <= others.max() + rounding))


def _rubin(member: Array, reference: Array) -> tuple[float, float]:
    """Rubin's B and R; NaN where an arm has one student, or no spread to divide by."""
    if min(len(member), len(reference)) < 2:
        return np.nan, np.nan
    gap = float(member.mean() - reference.mean())
    one, two = (float(v.var(ddof=1)) for v in (member, reference))
    rounding = 1e-24 * max(1.0, float(np.abs(member).max())) ** 2
    if one + two <= rounding:
        return (0.0, np.nan) if abs(gap) <= 1e-12 else (np.nan, np.nan)
    return gap / np.sqrt((one + two) / 2), one / two if two > rounding else np.nan
