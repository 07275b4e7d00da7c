"""What standardisation over a regression of events or counts finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .adjustment_terms import Terms
from .generalised_linear import Coefficients, GeneralisedFit, coefficients_of, finite_from_t
from .inference import Inference, plain
from .linear_model import Errors

Array = NDArray[np.float64]
NULL_VALUES = {"identity": 0.0, "log": 1.0, "logit": 0.5}


@dataclass(frozen=True, slots=True)
class Standardised:
    """The shares (or rates) that the students of the target would have as members and as non-members.

    difference, ratio : members less, or over, others. odds_ratio : the marginal one; None for rates. means : of the
    target as others and as members.
    influence_of_difference, influence_of_log_ratio : (n,), what each student contributes. The squares (with classes,
    the squares of the sums per class) add up to the squared standard error.
    sampling_error : the part of the standard error of the difference that comes from the target being a sample.
    terms : the columns by name, and what was left out as saying nothing new (``dropped``).
    target : ``"members"`` or ``"all"``. separating : columns that tell those with and without the event apart.
    fit, errors : the regression and how precise it is; None where there is none. gradients : (2, p), by how much the
    means rise with each coefficient.
    """

    difference: Inference
    ratio: Inference
    odds_ratio: Inference | None
    means: tuple[Inference, Inference]
    influence_of_difference: Array
    influence_of_log_ratio: Array
    sampling_error: float
    terms: Terms
    target: str
    separating: tuple[str, ...]
    fit: GeneralisedFit | None
    errors: Errors | None
    gradients: Array

    @property
    def model(self) -> Any:
        """The result of statsmodels; None where there is none (penalised, or nothing could be fitted)."""
        return None if self.fit is None else self.fit.model

    @property
    def penalised(self) -> bool:
        """Was the likelihood penalised (Firth), because it has no finite maximum?"""
        return self.fit is not None and self.fit.penalised is not None

    @property
    def interacted(self) -> bool:
        """Has each arm its own slopes?"""
        return bool(self.terms.interacted)

    @property
    def coefficients(self) -> Coefficients | None:
        """The coefficients by name, robust; made when asked for (profiles of a penalised fit take time)."""
        if self.fit is None or self.errors is None:
            return None
        return coefficients_of(self.fit, self.errors, conf_level=self.difference.conf_level)


@dataclass(frozen=True, slots=True)
class Parts:
    """The two means, and where their uncertainty comes from.

    means : (2,), of others and members. gradients : (2, p). sampling : (n, 2), what each student contributes to the
    means by being one of the target. kept : (n,), who is in the regression. codes : (n,), classes from 0, or None.
    undefined : why there is no standard error, flags of which one is true; empty where there is one.
    """

    fit: GeneralisedFit
    errors: Errors
    means: Array
    gradients: Array
    sampling: Array
    kept: NDArray[np.bool_]
    codes: NDArray[np.int64] | None
    undefined: Mapping[str, bool]

    def measured(
        self, estimate: float, weights: Array, scale: str, flags: Mapping[str, bool], conf_level: float
    ) -> tuple[Inference, Array]:
        """A function of the means with its uncertainty, and what each student contributes to it.

        weights : (2,), the derivatives of the function (on its scale) by the means.
        """
        null = NULL_VALUES[scale]
        gradient = weights @ self.gradients
        influence, variance = self._influence(gradient, self.sampling @ weights)
        known, perfect = not any(self.undefined.values()), not np.any(self.fit.working.residuals)
        if perfect:
            variance = 0.0
        still = known and variance <= 0
        same = abs(estimate - null) <= 1e-12
        alone = known and bool(np.any(self.errors.unknown(gradient)))
        varies = {"NO_VARIATION": still and same, "DEGENERATE": still and not same, "LEVERAGE_ONE": alone}
        found = finite_from_t(
            null if still and same else estimate,
            np.sqrt(variance) if known else np.nan,
            self.errors.df(gradient),
            null_value=null,
            scale=scale,
            conf_level=conf_level,
            method=self._method,
            flags={**flags, **self.undefined, **varies},
        )
        return found, influence if known else np.full(len(influence), np.nan)

    def _influence(self, gradient: Array, sampling: Array) -> tuple[Array, float]:
        """What each student contributes, and the variance to which the squares add up."""
        of_fit = np.zeros(len(sampling))
        of_fit[self.kept] = self.errors.influence(gradient)
        if self.fit.penalised is None:
            return of_fit + sampling, self._summed(of_fit + sampling)
        of_model = self.fit.working.weights(gradient) * np.sign(self.fit.working.residuals)
        variance = float(np.sum(of_model**2) + np.sum(sampling**2))
        total = of_model + sampling
        if self.codes is not None:
            total = of_fit + sampling
            variance = max(variance, self._summed(total))
        size = self._summed(total)
        return total * np.sqrt(variance / size) if size > 0 else total, variance

    def _summed(self, influence: Array) -> float:
        values = influence if self.codes is None else np.bincount(self.codes, influence)
        return float(np.sum(values**2))

    @property
    def sampling_error(self) -> float:
        """The part of the standard error of the difference that comes from the target being a sample."""
        return float(np.sqrt(self._summed(self.sampling @ np.array([-1.0, 1.0]))))

    @property
    def _method(self) -> str:
        if self.fit.penalised is not None:
            return "standardised_firth" + ("" if self.codes is None else "_cr2")
        return f"standardised_{'logistic' if self.fit.family == 'binomial' else 'poisson'}_{self.errors.kind}"


def within_bounds(found: Inference, low: float, high: float) -> Inference:
    """The same with limits that stay where the measure can be."""
    limits = {name: plain(np.clip(getattr(found, name), low, high)) for name in ("conf_low", "conf_high")}
    return replace(found, **limits)


def without_fit(
    kind: str,
    n: int,
    terms: Terms,
    separating: tuple[str, ...],
    target: str,
    flags: Mapping[str, bool],
    conf_level: float,
) -> Standardised:
    """What is known of n students without a regression: with no events, or nothing but events, that means are equal.

    kind : family of the regression and kind of its errors, such as ``"binomial_hc3"``.
    """
    shares = kind.startswith("binomial")
    none, every = flags.get("NO_EVENTS_AT_ALL", False), flags.get("ALL_EVENTS", False)
    method = f"standardised_{kind.replace('binomial', 'logistic')}"

    def known(value: float, scale: str) -> Inference:
        return Inference(
            value, conf_level=conf_level, method=method, null_value=NULL_VALUES[scale], scale=scale, flags=flags
        )

    mean = known(0.0 if none else 1.0 if every else np.nan, "logit" if shares else "log")
    nobody, gradients = np.full(n, np.nan), np.full((2, len(terms.names)), np.nan)
    difference = known(0.0 if none or every else np.nan, "identity")
    ratio, odds = known(1.0 if every else np.nan, "log"), known(np.nan, "log") if shares else None
    return Standardised(
        difference,
        ratio,
        odds,
        (mean, mean),
        nobody,
        nobody,
        np.nan,
        terms,
        target,
        separating,
        None,
        None,
        gradients,
    )
