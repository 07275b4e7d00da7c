"""How much more than the measured causes would unmeasured ones have to matter, if both select members alike?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjustment_terms import NOTHING_NEW, chosen_terms, design_of
from .linear_model import least_squares

Array = NDArray[np.float64]
R_MAX_FACTOR = 1.3


@dataclass(frozen=True, slots=True)
class ProportionalSelection:
    """What proportional selection on unmeasured causes would do to an adjusted difference.

    uncontrolled, controlled : the difference without and with the covariates. r2_uncontrolled, r2_controlled : R2 of
    the two regressions. r2_max : the R2 the outcome would have with the unmeasured causes too.
    delta : how many times as much as the covariates the unmeasured causes must be related to membership to bring the
    difference to 0. estimate : the difference if they are related exactly as much (delta = 1). approximate : the same
    by the linear rule, which holds where covariates change little; not to be reported where the two differ.
    flags : ``NOT_MOVED`` (the covariates move neither difference nor R2: neither number can be known),
    ``NOTHING_LEFT`` (r2_max is no larger than r2_controlled), ``AWAY_FROM_NULL`` (delta is negative: the unmeasured
    causes would have to select in the other direction than the measured ones).
    """

    uncontrolled: float
    controlled: float
    r2_uncontrolled: float
    r2_controlled: float
    r2_max: float
    delta: float
    estimate: float
    approximate: float
    flags: Mapping[str, Any]

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true?"""
        return tuple(key for key, value in self.flags.items() if value)


def proportional_selection(
    outcome: ArrayLike, member: ArrayLike, covariates: ArrayLike, *, r2_max: float | None = None
) -> ProportionalSelection:
    """How much would unmeasured causes have to matter, selecting members as the measured ones do?

    Parameters
    ----------
    outcome : (n,). member : (n,), true for members. covariates : (n, k). No missing values.
    r2_max : by default the smaller of 1 and 1.3 times the R2 with the covariates.

    Both numbers are Oster's exact solutions. The bias v = controlled - true solves a cubic equation; with delta = 1 it
    is quadratic, with one root of each sign, of which the one in the direction in which the covariates moved the
    difference fulfils her assumption 3 (the covariates' index and its estimate go with membership in one direction).
    Delta follows from the same equation at v = controlled, in which it is linear. They rest on proportional selection
    (one number for all unmeasured causes, which are independent of the covariates) and on r2_max: secondary.

    Oster (2019) doi:10.1080/07350015.2016.1227711, propositions 2 and 3.

    >>> rng = np.random.default_rng(1)
    >>> x = rng.standard_normal((500, 1))
    >>> club = x[:, 0] + rng.standard_normal(500) > 0
    >>> found = proportional_selection(x[:, 0] + club + rng.standard_normal(500), club, x)
    >>> found.controlled < found.uncontrolled, found.estimate < found.controlled
    (True, True)
    """
    y, arm, x = np.asarray(outcome, dtype=float), np.asarray(member).astype(bool), np.asarray(covariates, dtype=float)
    centred, d = x - x.mean(axis=0), arm - arm.mean()
    terms = chosen_terms(arm, centred, x, tuple(f"x{i + 1}" for i in range(x.shape[1])), interactions=False)
    design = design_of(terms, arm, centred)
    short, long = least_squares(design[:, :2], y), least_squares(design, y)
    rest = least_squares(np.delete(design, 1, axis=1), arm.astype(float)).residuals
    spread = float(np.mean((y - y.mean()) ** 2))
    if spread <= 0:
        return _undefined(float(short.coefficients[1]), float(long.coefficients[1]))
    r2 = [1 - float(np.mean(fit.residuals**2)) / spread for fit in (short, long)]
    return _solved(
        float(short.coefficients[1]),
        float(long.coefficients[1]),
        r2[0],
        r2[1],
        min(1.0, R_MAX_FACTOR * r2[1]) if r2_max is None else r2_max,
        spread,
        float(np.mean(d**2)),
        float(np.mean(rest**2)),
    )


def _undefined(uncontrolled: float, controlled: float) -> ProportionalSelection:
    flags = {"NOT_MOVED": True, "NOTHING_LEFT": False, "AWAY_FROM_NULL": False}
    none = np.nan
    return ProportionalSelection(uncontrolled, controlled, none, none, none, none, none, none, flags)


def _solved(
    uncontrolled: float, controlled: float, r0: float, r1: float, r2_max: float, of_y: float, of_d: float, rest: float
) -> ProportionalSelection:
    """Both numbers from the coefficients and R2 of the two regressions, and from the variances of the outcome, of
    membership, and of what the covariates leave of membership."""
    moved, gain, more = uncontrolled - controlled, (r1 - r0) * of_y, (r2_max - r1) * of_y
    still = bool(gain <= NOTHING_NEW * of_y or abs(moved) * np.sqrt(of_d) <= NOTHING_NEW * np.sqrt(of_y))
    nothing = bool(more <= NOTHING_NEW * of_y)
    delta = estimate = approximate = np.nan
    if not still and not nothing:
        v = controlled
        without = rest * (gain * v + of_d * moved**2 * v + 2 * of_d * moved * v**2 + (of_d - rest) * v**3)
        per_delta = more * (of_d * moved + (of_d - rest) * v) + rest * (of_d * moved * v**2 + (of_d - rest) * v**3)
        delta = without / per_delta if per_delta != 0 else np.nan
        linear = more * (of_d - rest) - rest * (gain + of_d * moved**2)
        estimate = controlled - _root_like(-rest * moved * of_d, linear, more * moved * of_d, moved)
        approximate = controlled - moved * more / gain
    flags = {"NOT_MOVED": still, "NOTHING_LEFT": nothing, "AWAY_FROM_NULL": bool(delta < 0)}
    return ProportionalSelection(
        uncontrolled, controlled, r0, r1, r2_max, float(delta), float(estimate), float(approximate), flags
    )


def _root_like(a: float, b: float, c: float, direction: float) -> float:
    """The root of a v^2 + b v + c that has the sign of ``direction``, where a and c are of opposite signs."""
    half = -(b + np.copysign(np.sqrt(b**2 - 4 * a * c), b)) / 2
    return float(next(root for root in (half / a, c / half) if np.sign(root) == np.sign(direction)))
