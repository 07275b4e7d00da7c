"""Logistic regression that has finite coefficients whatever the data: Firth's penalised likelihood."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from .inference import Inference, two_sided_p

Array = NDArray[np.float64]
LARGEST_STEP = 5.0
"""By how much a coefficient of a column of unit size may change in one step of the search."""
STEPS = 300
PRECISION, WITHIN_PROFILE = 1e-10, 1e-7
"""Largest last step of a search; the likelihood itself, which a profile needs, is as exact as its square."""
FARTHEST = 1e4
"""How many standard errors away a limit is looked for."""


@dataclass(frozen=True, slots=True)
class Firth:
    """A penalised logistic regression.

    design : (n, p). event : (n,). coefficients : (p,). fitted : (n,), probabilities. log_likelihood : penalised.
    covariance : (p, p), the inverse of the information. converged : did the search end?
    """

    design: Array
    event: Array
    coefficients: Array
    fitted: Array
    log_likelihood: float
    converged: bool
    covariance: Array = field(repr=False)

    def coefficient(self, column: int, *, conf_level: float = 0.95) -> Inference:
        """How large is a coefficient? Profile penalised likelihood: limits, and the test that it is 0.

        The statistic is the signed root of the likelihood ratio. The standard error, from the information, belongs
        neither to the limits nor to P. Flag ``NO_CONVERGENCE``: the search did not end; P and limits are undefined.
        Heinze and Schemper (2002) doi:10.1002/sim.1047.

        >>> design = np.column_stack([np.ones(12), np.repeat([0, 1], 6)])
        >>> found = firth(design, [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]).coefficient(1)
        >>> round(found.estimate, 4), round(found.conf_low, 4), round(found.p_value, 4)
        (3.1527, 0.4631, 0.0188)
        """
        estimate, std_error = float(self.coefficients[column]), float(np.sqrt(self.covariance[column, column]))
        drop = float(special.chdtri(1, 1 - conf_level)) / 2
        statistic = low = high = np.nan
        if self.converged:
            root = np.sqrt(2 * max(self._fall(column, 0.0), 0.0))
            statistic = float(np.sign(estimate) * root)
            low, high = (self._limit(column, drop, side * std_error) for side in (-1, 1))
        return Inference(
            estimate,
            std_error,
            np.inf,
            statistic,
            float(two_sided_p(statistic)),
            low,
            high,
            conf_level,
            "firth",
            "z",
            interval_method="profile_penalised_likelihood",
            flags={"NO_CONVERGENCE": bool(np.isnan(statistic + low + high))},
        )

    def predicting(self) -> Array:
        """Coefficients (p,) for prediction: the constant expects as many events as occurred.

        Penalised probabilities are drawn towards one half, which matters where events are rare. "FLIC" of Puhr et al.
        (2017) doi:10.1002/sim.7273. The first column must be the constant, and some but not all must have the event.
        """
        others = self.design[:, 1:] @ self.coefficients[1:]
        total = self.event.sum()
        reach = float(np.abs(others).max(initial=0.0)) + np.log(len(others)) + 1
        constant = optimize.brentq(lambda a: special.expit(a + others).sum() - total, -reach, reach, xtol=1e-14)
        return np.r_[constant, self.coefficients[1:]]

    def _fall(self, column: int, value: float, start: Array | None = None) -> float:
        """By how much does the log-likelihood fall when a coefficient has this value? NaN where no search ends."""
        beginning = self.coefficients.copy() if start is None else start
        beginning[column] = value
        found = _search(self.design, self.event, beginning, np.arange(len(beginning)) != column, WITHIN_PROFILE)
        beginning[:] = found.coefficients
        return self.log_likelihood - found.log_likelihood if found.converged else np.nan

    def _limit(self, column: int, drop: float, step: float) -> float:
        """Where on this side has the log-likelihood fallen by so much?"""
        start, centre, inner, outer = self.coefficients.copy(), self.coefficients[column], 0.0, 2 * step

        def beyond(distance: float) -> float:
            return self._fall(column, centre + distance, start) - drop

        while (fallen := beyond(outer)) < 0 and abs(outer) < FARTHEST * abs(step):
            inner, outer = outer, 1.5 * outer
        if not fallen >= 0:
            return np.nan
        try:
            return float(centre + optimize.brentq(beyond, inner, outer, xtol=1e-10 * abs(step), rtol=1e-12))
        except ValueError:  # a search in between did not end
            return np.nan


def firth(design: ArrayLike, event: ArrayLike) -> Firth:
    """Which coefficients of a logistic regression maximise the likelihood times the root of the information?

    They are finite even where the columns tell those with and those without the event apart, and less biased in small
    samples.

    Parameters
    ----------
    design : array (n, p) of full rank, its first column the constant. event : array (n,), 0 or 1.

    Newton's method with step halving. Firth (1993) doi:10.1093/biomet/80.1.27; Heinze and Schemper (2002)
    doi:10.1002/sim.1047.

    >>> design = np.column_stack([np.ones(40), np.repeat([0, 1], 20)])
    >>> found = firth(design, [0, 1] * 10 + [1] * 20)  # the log of (20.5 / 0.5) / (10.5 / 10.5)
    >>> round(float(found.coefficients[1]), 6)
    3.713572
    """
    x, y = np.asarray(design, dtype=float), np.asarray(event, dtype=float)
    return _search(x, y, np.zeros(x.shape[1]), np.ones(x.shape[1], dtype=bool))


def _search(x: Array, y: Array, start: Array, free: NDArray[np.bool_], precision: float = PRECISION) -> Firth:
    """Newton's method from a start, over the free coefficients; the penalty is that of all of them."""
    scale = np.sqrt(np.mean(x**2, axis=0))
    unit, beta = x / scale, start * scale
    fitted, height, information, curvature, score = _at(unit, y, beta)
    converged = False
    for _ in range(STEPS):
        step = np.zeros(len(beta))
        step[free] = np.linalg.lstsq(curvature[np.ix_(free, free)], score[free], rcond=None)[0]
        step *= min(1.0, LARGEST_STEP / max(np.abs(step).max(), LARGEST_STEP))
        if np.abs(step).max() <= precision * max(1.0, np.abs(beta).max()):
            converged = True
            break
        for _ in range(40):
            trial = _at(unit, y, beta + step)
            if trial[1] >= height - 1e-13 * abs(height):
                break
            step /= 2
        else:
            break
        beta = beta + step
        fitted, height, information, curvature, score = trial
    covariance = np.linalg.pinv(information) / np.outer(scale, scale)
    height = height + float(np.log(scale).sum())  # of the columns in their own units
    return Firth(x, y, beta / scale, fitted, height, converged, covariance)


def _at(x: Array, y: Array, beta: Array) -> tuple[Array, float, Array, Array, Array]:
    """Probabilities, penalised log-likelihood, information, curvature and penalised score of these coefficients.

    The curvature counts each student once more by the leverage, as the penalty does. Without that a student who alone
    decides a coefficient (leverage 1) would be overshot by as much in every step, and the search would never end.
    """
    linear = x @ beta
    fitted = special.expit(linear)
    weighted = x * (fitted * special.expit(-linear))[:, None]
    information = x.T @ weighted
    sign, log_determinant = np.linalg.slogdet(information)
    if sign <= 0:  # fitted probabilities of 0 and 1 only
        return fitted, -np.inf, information, information, np.zeros(len(beta))
    leverage = np.sum(weighted * np.linalg.solve(information, x.T).T, axis=1)
    score = x.T @ (y - fitted + leverage * (0.5 - fitted))
    height = -float(np.sum(np.logaddexp(0.0, np.where(y > 0, -linear, linear)))) + log_determinant / 2
    return fitted, height, information, x.T @ (weighted * (1 + leverage)[:, None]), score
