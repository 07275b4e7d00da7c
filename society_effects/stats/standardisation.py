"""Which share, or rate, would the target have as members and as others? Marginal standardisation over a regression."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjustment_terms import Terms, chosen_terms, design_of
from .generalised_linear import LARGEST, GeneralisedFit, errors_of, log_linear, logistic, unknown_spread
from .standardised import Parts, Standardised, within_bounds, without_fit

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
TRUSTED_EVENTS = 10
"""Events in each arm below which a robust Poisson regression is not to be trusted."""


@dataclass(frozen=True, slots=True)
class _Data:
    """outcome, exposure : (n,). arm, inside : (n,), members, and the target. x, centred : (n, k).

    crossed : positions of the covariates that interact. codes : (n,), classes from 0, or None.
    """

    family: str
    outcome: Array
    exposure: Array
    arm: Mask
    inside: Mask
    x: Array
    centred: Array
    names: tuple[str, ...]
    crossed: tuple[int, ...]
    codes: NDArray[np.int64] | None


@dataclass(frozen=True, slots=True)
class _Regression:
    """fit : None where there is none. kept : (n,), who is in it; all others have no events for sure."""

    terms: Terms
    fit: GeneralisedFit | None
    kept: Mask
    separating: tuple[str, ...]
    flags: Mapping[str, bool]


def standardised_shares(
    event: ArrayLike,
    member: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    names: Sequence[str] = (),
    extra: ArrayLike | None = None,
    target: str = "members",
    interactions: bool = True,
    clusters: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> Standardised:
    """By how much, and by which factor, do the shares of members and of non-members with the same covariates differ?

    Logistic regression predicts for each student of the target the probability of the event as a member and as a
    non-member; the means of both are compared (g-computation).

    Parameters
    ----------
    event : (n,), 0 or 1. member : (n,), true for members. No missing values.
    covariates : (n, k), measured before joining. extra : (n, m), columns without a slope of their own among members
        (indicators of classes). names : of the covariates and then of the extra columns; ``x1, ..., extra1, ...``.
    target : whose covariates the shares are standardised to, ``"members"`` or ``"all"``.
    interactions : each arm has its own slopes. False: common slopes on the log odds scale.
    clusters : (n,), the class of each student: CR2 of the working regression with Satterthwaite degrees of freedom;
        otherwise HC3 with t(n - p).

    The variance counts the target as a sample (unconditional). Ratios have limits on the log scale, means on the logit
    scale, the difference none beyond -1 and 1. Where the event is separated by some columns, Firth's penalised
    likelihood is used (flag ``SEPARATION``, names in ``separating``), with the constant that predicts the observed
    number of events, and with model-based standard errors: residuals near 0 say nothing (in classes, whichever of
    model-based and CR2 is larger).

    Flags: ``NO_EVENTS_AT_ALL``, ``ALL_EVENTS`` (no test), ``SEPARATION``, ``NO_CONVERGENCE``, ``COLLINEAR``,
    ``TOO_FEW``, ``TOO_FEW_CLUSTERS``, ``ONE_CLUSTER_IN_ARM``, ``LEVERAGE_ONE``, ``NO_VARIATION``, ``DEGENERATE``,
    ``TOO_FEW_FOR_INTERACTIONS`` (more slopes to compare than a tenth of the events, or of the students without it, in
    an arm). Raises ``DesignError`` (``TREATMENT_NOT_IDENTIFIED``) where membership follows from the other columns.

    Localio, Margolis and Berlin (2007) doi:10.1016/j.jclinepi.2006.11.010; Puhr et al. (2017) doi:10.1002/sim.7273;
    Pustejovsky and Tipton (2018) doi:10.1080/07350015.2016.1247004.

    >>> passed, before = [1, 1, 1, 0, 1, 0, 0, 1], [1, 1, 0, 0, 1, 0, 0, 1]
    >>> found = standardised_shares(passed, [1, 1, 1, 1, 0, 0, 0, 0])
    >>> round(found.difference.estimate, 4), round(found.ratio.estimate, 4), round(found.odds_ratio.estimate, 4)
    (0.25, 1.5, 3.0)
    >>> standardised_shares(passed, [1, 1, 1, 1, 0, 0, 0, 0], np.transpose([before])).separating
    ('member', 'x1')
    """
    y = np.asarray(event, dtype=float)
    data = _data("binomial", y, member, covariates, extra, names, target, interactions, clusters, np.ones(len(y)))
    few = _too_few_slopes(data, lambda arm: min(y[arm].sum(), (1 - y[arm]).sum()))
    return _standardised(data, target, {"TOO_FEW_FOR_INTERACTIONS": few}, conf_level)


def standardised_rates(
    count: ArrayLike,
    member: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    exposure: ArrayLike | None = None,
    names: Sequence[str] = (),
    extra: ArrayLike | None = None,
    target: str = "members",
    interactions: bool = True,
    clusters: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> Standardised:
    """By how much, and by which factor, do the rates of members and of non-members with the same covariates differ?

    Poisson regression, robust and thus valid however counts vary, predicts for each student of the target the rate as a
    member and as a non-member; their means are compared. Each unit of exposure counts once, so that the rate of the
    members among themselves is the one observed, and the ratio the observed over the expected number of their events.

    count : (n,), 0 or more. exposure : (n,), above 0; 1 each by default. Everything else as in
    :func:`standardised_shares`.

    Students among whom, by columns that members and others share, no event occurred are expected to have none in
    either arm (flag ``NO_EVENTS_AMONG_SOME``, names in ``separating``). Where that is so in one arm only, there is no
    finite coefficient and no estimate (``NO_EVENTS_AMONG_ALIKE``; ``ZERO_CELL`` where an arm has no events at all).
    ``FEW_EVENTS``: fewer than ten in an arm, so that the standard error is not to be trusted.
    ``TOO_FEW_FOR_INTERACTIONS``: more slopes to compare than a tenth of the students, or of the events, in an arm.

    Wooldridge (1999) doi:10.1016/S0304-4076(98)00033-5; Santos Silva and Tenreyro (2010)
    doi:10.1016/j.econlet.2010.02.020.

    >>> found = standardised_rates([1, 2, 3, 2, 1, 0, 2, 1], [1, 1, 1, 1, 0, 0, 0, 0])
    >>> round(found.difference.estimate, 4), round(found.ratio.estimate, 4), found.difference.raised
    (1.0, 2.0, ('FEW_EVENTS',))
    """
    y = np.asarray(count, dtype=float)
    time = np.ones(len(y)) if exposure is None else np.asarray(exposure, dtype=float)
    data = _data("poisson", y, member, covariates, extra, names, target, interactions, clusters, time)
    events = [y[arm].sum() for arm in (data.arm, ~data.arm)]
    flags = {
        "TOO_FEW_FOR_INTERACTIONS": _too_few_slopes(data, lambda arm: min(arm.sum(), y[arm].sum())),
        "FEW_EVENTS": min(events) < TRUSTED_EVENTS,
        "ZERO_CELL": min(events) == 0 < max(events),
    }
    return _standardised(data, target, flags, conf_level)


def _data(
    family: str,
    outcome: Array,
    member: ArrayLike,
    covariates: ArrayLike | None,
    extra: ArrayLike | None,
    names: Sequence[str],
    target: str,
    interactions: bool,
    clusters: ArrayLike | None,
    exposure: Array,
) -> _Data:
    n, arm = len(outcome), np.asarray(member).astype(bool)
    blocks = [np.zeros((n, 0)) if block is None else np.asarray(block, dtype=float) for block in (covariates, extra)]
    k, m = (block.shape[1] for block in blocks)
    given = (*(f"x{i + 1}" for i in range(k)), *(f"extra{i + 1}" for i in range(m)))
    x = np.column_stack(blocks)
    inside = arm if target == "members" else np.ones(n, dtype=bool)
    centred = x - np.average(x, axis=0, weights=inside)
    codes = None if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    shown = (*names, *given[len(names) :])
    crossed = tuple(range(k)) if interactions else ()
    return _Data(family, outcome, exposure, arm, inside, x, centred, shown, crossed, codes)


def _too_few_slopes(data: _Data, informative: Callable[[Mask], float]) -> bool:
    return bool(10 * len(data.crossed) > min(informative(arm) for arm in (data.arm, ~data.arm)))


def _standardised(data: _Data, target: str, flags: Mapping[str, bool], conf_level: float) -> Standardised:
    regression = _regression(data)
    all_flags = {**flags, **regression.flags}
    if regression.fit is None:
        kind = f"{data.family}_{'hc3' if data.codes is None else 'cr2'}"
        return without_fit(kind, len(data.arm), regression.terms, regression.separating, target, all_flags, conf_level)
    parts = _parts(data, regression, regression.fit)
    (m0, m1), shares = parts.means, data.family == "binomial"
    difference, of_difference = parts.measured(m1 - m0, np.array([-1.0, 1.0]), "identity", all_flags, conf_level)
    ratio, of_log_ratio = parts.measured(m1 / m0, np.array([-1 / m0, 1 / m1]), "log", all_flags, conf_level)
    slopes = parts.means * (1 - parts.means) if shares else parts.means
    odds = None
    if shares:
        odds, _ = parts.measured(
            m1 / (1 - m1) * (1 - m0) / m0, np.array([-1, 1]) / slopes, "log", all_flags, conf_level
        )
        difference = within_bounds(difference, -1.0, 1.0)
    scale = "logit" if shares else "log"
    means = [parts.measured(parts.means[a], np.eye(2)[a] / slopes[a], scale, all_flags, conf_level)[0] for a in (0, 1)]
    return Standardised(
        difference,
        ratio,
        odds,
        (means[0], means[1]),
        of_difference,
        of_log_ratio,
        parts.sampling_error,
        regression.terms,
        target,
        regression.separating,
        regression.fit,
        parts.errors,
        parts.gradients,
    )


def _regression(data: _Data) -> _Regression:
    """The regression; no fit where there is nothing to fit, or where it would have no finite coefficients."""
    kept, flags = np.ones(len(data.arm), dtype=bool), dict[str, bool]()
    separating: tuple[str, ...] = ()
    none, every = not data.outcome.any(), data.family == "binomial" and bool(data.outcome.all())
    if data.family == "poisson" and not none:
        kept, separating = _possible_events(data)
        flags["NO_EVENTS_AMONG_SOME"] = bool(separating)
    alone = len(np.unique(data.arm[kept])) == 1
    terms = chosen_terms(data.arm, data.centred, data.x, data.names, data.crossed)
    if none or every or alone:
        names = {"NO_EVENTS_AT_ALL": none, "ALL_EVENTS": every, "NO_EVENTS_AMONG_ALIKE": alone}
        return _Regression(terms, None, kept, separating, flags | names)
    if separating:
        terms = chosen_terms(data.arm[kept], data.centred[kept], data.x[kept], data.names, data.crossed)
    flags["COLLINEAR"] = any(name.removeprefix("member:") not in separating for name in terms.dropped)
    design, plain = (design_of(terms, data.arm[kept], x[kept]) for x in (data.centred, data.x))
    if data.family == "binomial":
        fit = logistic(design, data.outcome, terms.names, plain)
        flags["SEPARATION"] = fit.separation.kind is not None
        refused = False
    else:
        fit = log_linear(design, data.outcome[kept], terms.names, np.log(data.exposure[kept]), plain)
        refused = flags["NO_EVENTS_AMONG_ALIKE"] = fit.separation.kind is not None
    flags["NO_CONVERGENCE"] = not fit.converged and not refused
    if data.family == "poisson" and not refused and _out_of_reach(data, terms, fit):
        flags["NO_CONVERGENCE"] = True
    ended = None if refused or flags["NO_CONVERGENCE"] else fit
    return _Regression(terms, ended, kept, (*separating, *fit.separation.columns), flags)


def _out_of_reach(data: _Data, terms: Terms, fit: GeneralisedFit) -> bool:
    """Would some student of the target be expected to have more events than a computer can count?"""
    target = data.centred[data.inside]
    arms = (design_of(terms, np.full(len(target), arm), target) for arm in (False, True))
    return bool(max(float((rows @ fit.coefficients).max()) for rows in arms) > LARGEST)


def _possible_events(data: _Data) -> tuple[Mask, tuple[str, ...]]:
    """Among whom do the columns that members and others share leave events possible, and which columns are that?"""
    if not data.x.shape[1] or data.outcome.all():
        return np.ones(len(data.arm), dtype=bool), ()
    terms = chosen_terms(data.arm, data.centred, data.x, data.names, ())
    design = np.delete(design_of(terms, data.arm, data.x), 1, axis=1)
    names = [name for i, name in enumerate(terms.names) if i != 1]
    fit = log_linear(design, data.outcome, names, np.log(data.exposure))
    return ~fit.separation.students, fit.separation.columns


def _parts(data: _Data, regression: _Regression, fit: GeneralisedFit) -> Parts:
    """The means of the target in each arm, their gradients, and what each student contributes."""
    codes, kept = data.codes, regression.kept
    errors = errors_of(fit, None if codes is None else codes[kept])
    weight = np.where(data.inside, data.exposure, 0.0)
    weight = weight / weight.sum()
    share = weight if codes is None else np.bincount(codes, weight)[codes]
    left = np.sqrt(np.where(share < 1 - 1e-12, 1 - share, np.inf))
    means, gradients, sampling = [], [], []
    for arm in (0, 1):
        rows = design_of(regression.terms, np.full(len(data.arm), bool(arm)), data.centred)
        mean = np.where(kept, fit.mean(rows), 0.0)
        means.append(weight @ mean)
        gradients.append((weight * fit.slope(mean)) @ rows)
        sampling.append(weight * (mean - means[-1]) / left)
    undefined = unknown_spread(errors, gradients[1] - gradients[0], data.arm[kept])
    return Parts(fit, errors, np.array(means), np.array(gradients), np.column_stack(sampling), kept, codes, undefined)
