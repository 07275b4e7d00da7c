"""By which factor do risks or odds of members and others with the same covariates differ, if it is the same for all?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from .adjustment_terms import chosen_terms, design_of
from .generalised_linear import (
    GeneralisedFit,
    errors_of,
    finite_from_t,
    log_linear,
    logistic,
    summed,
    unknown_spread,
)
from .inference import Inference
from .linear_model import Errors

METHODS = {"binomial": "logistic", "poisson": "modified_poisson"}


def conditional_risk_ratio(
    event: ArrayLike,
    member: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    names: Sequence[str] = (),
    clusters: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> Inference:
    """How many times as probable is the event for a member as for a non-member with the same covariates?

    Modified Poisson regression: a log-linear regression of the event without interactions, its standard error robust
    because events do not vary as counts do. Expected shares above 1 are possible and are no concern of the ratio.

    Parameters
    ----------
    event : (n,), 0 or 1. member : (n,), true for members. covariates : (n, k), measured before joining. names : of the
        covariates; ``x1, x2, ...`` by default. No missing values.
    clusters : (n,), the class of each student: CR2 with Satterthwaite degrees of freedom; otherwise HC3 with t(n - p).

    Flags: ``NO_EVENTS_AMONG_ALIKE`` (no finite coefficient, no estimate), ``NO_EVENTS_AT_ALL``, ``ALL_EVENTS``,
    ``TOO_FEW``, ``TOO_FEW_CLUSTERS``, ``ONE_CLUSTER_IN_ARM``, ``COLLINEAR``, ``NO_CONVERGENCE``,
    ``LIMIT_OUT_OF_REACH``. Zou (2004) doi:10.1093/aje/kwh090.

    >>> round(conditional_risk_ratio([1, 1, 1, 0, 1, 0, 0, 1], [1, 1, 1, 1, 0, 0, 0, 0]).estimate, 4)
    1.5
    """
    return _of_member("poisson", event, member, covariates, names, clusters, conf_level)


def conditional_odds_ratio(
    event: ArrayLike,
    member: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    names: Sequence[str] = (),
    clusters: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> Inference:
    """How many times as large are a member's odds of the event as those of a non-member with the same covariates?

    The coefficient of membership in a logistic regression without interactions. Even without any confounding it is
    farther from 1 than the odds ratio between all members and all others (odds ratios do not collapse): it is not to be
    compared with one that is adjusted for other covariates, nor with the marginal one.

    Parameters and flags as of :func:`conditional_risk_ratio`; where some columns tell those with and those without the
    event apart (flag ``SEPARATION``), Firth's penalised likelihood with its profile limits, which takes no account of
    classes. Greenland, Robins and Pearl (1999) doi:10.1214/ss/1009211805.

    >>> round(conditional_odds_ratio([1, 1, 1, 0, 1, 0, 0, 1, 0], [1, 1, 1, 1, 0, 0, 0, 0, 0]).estimate, 4)
    4.5
    """
    return _of_member("binomial", event, member, covariates, names, clusters, conf_level)


def _of_member(
    family: str,
    event: ArrayLike,
    member: ArrayLike,
    covariates: ArrayLike | None,
    names: Sequence[str],
    clusters: ArrayLike | None,
    conf_level: float,
) -> Inference:
    y, arm = np.asarray(event, dtype=float), np.asarray(member).astype(bool)
    x = np.zeros((len(y), 0)) if covariates is None else np.asarray(covariates, dtype=float)
    centred = x - x.mean(axis=0)
    terms = chosen_terms(arm, centred, x, names or tuple(f"x{i + 1}" for i in range(x.shape[1])), False)
    flags = {"NO_EVENTS_AT_ALL": not y.any(), "ALL_EVENTS": bool(y.all()), "COLLINEAR": bool(terms.dropped)}
    nothing = Inference(np.nan, conf_level=conf_level, method=METHODS[family], null_value=1.0, scale="log")
    if flags["NO_EVENTS_AT_ALL"] or flags["ALL_EVENTS"]:
        estimate = 1.0 if flags["ALL_EVENTS"] and family == "poisson" else np.nan
        return replace(nothing, estimate=estimate, flags=flags)
    design, plain = design_of(terms, arm, centred), design_of(terms, arm, x)
    if family == "binomial":
        fit = logistic(design, y, terms.names, plain)
    else:
        fit = log_linear(design, y, terms.names, plain=plain)
    separated = fit.separation.kind is not None
    flags["SEPARATION" if family == "binomial" else "NO_EVENTS_AMONG_ALIKE"] = separated
    if not fit.converged:
        flags["NO_CONVERGENCE"] = family == "binomial" or not separated
        return replace(nothing, flags=flags)
    errors = errors_of(fit, clusters)
    return _exponentiated(fit, errors, flags, unknown_spread(errors, np.eye(len(fit.names))[1], arm), conf_level)


def _exponentiated(
    fit: GeneralisedFit, errors: Errors, flags: dict[str, bool], unknown: dict[str, bool], conf_level: float
) -> Inference:
    """The coefficient of membership as a ratio."""
    if fit.penalised is not None:
        found = fit.penalised.coefficient(1, conf_level=conf_level)
        back = {name: float(np.exp(getattr(found, name))) for name in ("estimate", "conf_low", "conf_high")}
        return replace(found, **back, null_value=1.0, scale="log", flags={**found.flags, **flags})  # type: ignore[arg-type]
    row = np.eye(len(fit.names))[1]
    std_error = np.sqrt(summed(errors, errors.influence(row)))
    return finite_from_t(
        float(np.exp(fit.coefficients[1])),
        np.nan if any(unknown.values()) else std_error,
        errors.df(row),
        null_value=1.0,
        scale="log",
        conf_level=conf_level,
        method=f"{METHODS[fit.family]}_{errors.kind}",
        flags={**flags, **unknown},
    )
