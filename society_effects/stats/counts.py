"""Counts of events (papers, awards): rates, their ratio, and their difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .differences import satterthwaite
from .inference import Inference, TestResult, from_t, never_zero
from .several_means import welch_f

TRUSTED_DISPERSION = 0.05
"""P value of the index of dispersion below which counts vary more than the Poisson distribution allows."""


@dataclass(frozen=True, slots=True)
class CountMoments:
    """What a comparison of rates needs to know of one group.

    n : students. events : their events. exposure : the time behind them. variance : of the rate, robust (HC2): each
    residual Y - rate T is divided by the root of one minus its share of the exposure. dispersion_p : P of the index of
    dispersion against more variation than Poisson.
    """

    n: float
    events: float
    exposure: float
    variance: float
    dispersion_p: float

    @property
    def rate(self) -> float:
        """Events per unit of exposure."""
        return self.events / self.exposure

    @classmethod
    def of(cls, counts: ArrayLike, exposure: ArrayLike | None = None) -> CountMoments:
        """From the count of each student, and the exposure behind it (1 each by default).

        >>> CountMoments.of([0, 1, 2, 5]).rate
        2.0
        """
        y = np.asarray(counts, dtype=float)
        time = np.ones(len(y)) if exposure is None else np.asarray(exposure, dtype=float)
        residuals, share = y - y.sum() / time.sum() * time, time / time.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = float(np.sum(residuals**2 / (1 - share))) / time.sum() ** 2 if len(y) > 1 else np.nan
            pearson = float(np.sum(residuals**2 / (y.sum() / time.sum() * time))) if y.sum() else np.nan
        return cls(float(len(y)), float(y.sum()), float(time.sum()), variance, _dispersion_p(pearson, len(y)))

    @classmethod
    def from_summary(cls, n: float, mean: float, sd: float) -> CountMoments:
        """From the mean and standard deviation of the counts of n students.

        >>> CountMoments.from_summary(4, 2.0, 2.0).variance
        1.0
        """
        pearson = (n - 1) * sd**2 / mean if mean else np.nan
        events = float(np.rint(n * mean))  # a whole number that a printed mean only comes near
        return cls(float(n), events, float(n), sd**2 / n, _dispersion_p(pearson, n))


def robust_rate_ratio(member: CountMoments, reference: CountMoments, *, conf_level: float = 0.95) -> Inference:
    """How many times as large is the rate of one group? Poisson regression with a robust standard error; null value 1.

    The ratio of two rates is what Poisson regression estimates; its robust standard error (HC2) does not assume that
    counts vary as the Poisson distribution does. Satterthwaite degrees of freedom. Without events in a group: flag
    ``ZERO_CELL``, or ``NO_EVENTS_AT_ALL`` in both. White (1982) doi:10.2307/1912526; Wooldridge (1999)
    doi:10.1016/S0304-4076(98)00033-5.

    >>> found = robust_rate_ratio(CountMoments.of([1, 2, 3, 2]), CountMoments.of([1, 0, 2, 1]))
    >>> found.estimate, round(found.std_error, 4)
    (2.0, 0.4564)
    """
    if member.events == 0 or reference.events == 0:
        return _without_events(member, reference, conf_level, "poisson_robust")
    first, second = (arm.variance / arm.rate**2 for arm in (member, reference))
    df = satterthwaite(first, second, member.n - 1, reference.n - 1)
    flags = {"TOO_FEW": bool(np.isnan(first + second)), "NO_VARIATION": first + second == 0}
    return from_t(
        member.rate / reference.rate,
        np.sqrt(first + second),
        df,
        null_value=1.0,
        scale="log",
        conf_level=conf_level,
        method="poisson_robust",
        flags=flags,
    )


def rate_difference(member: CountMoments, reference: CountMoments, *, conf_level: float = 0.95) -> Inference:
    """By how much do the rates of two groups differ, per unit of exposure? Robust standard error as of the ratio.

    >>> found = rate_difference(CountMoments.of([1, 2, 3, 2]), CountMoments.of([1, 0, 2, 1]))
    >>> found.estimate, round(found.std_error, 4)
    (1.0, 0.5774)
    """
    variance = member.variance + reference.variance
    df = satterthwaite(member.variance, reference.variance, member.n - 1, reference.n - 1)
    flags = {"TOO_FEW": bool(np.isnan(variance)), "NO_VARIATION": variance == 0}
    estimate = member.rate - reference.rate
    return from_t(estimate, np.sqrt(variance), df, conf_level=conf_level, method="poisson_robust", flags=flags)


def exact_rate_ratio(member: CountMoments, reference: CountMoments, *, conf_level: float = 0.95) -> Inference:
    """How many times as large is the rate of one group, when events are few? Exact, given all events; null value 1.

    Given their total, the events of one group are binomial: Clopper and Pearson's limits, and P adds all outcomes that
    are no more probable. Assumes that counts vary as the Poisson distribution does: flag ``OVERDISPERSED`` where they
    vary more. Without events in the reference group the ratio and its upper limit are infinite (NaN, ``ZERO_CELL``).
    Przyborowski and Wilenski (1940) doi:10.1093/biomet/31.3-4.313.

    >>> found = exact_rate_ratio(CountMoments.of([1] * 8), CountMoments.of([1] * 2 + [0] * 6))
    >>> found.estimate, round(found.p_value, 4)
    (4.0, 0.1094)
    """
    from scipy.stats import binomtest

    total = int(member.events + reference.events)
    if total == 0:
        return _without_events(member, reference, conf_level, "poisson_exact")
    share = member.exposure / (member.exposure + reference.exposure)
    test = binomtest(int(member.events), total, share)
    limits = test.proportion_ci(conf_level, method="exact")
    per_exposure = reference.exposure / member.exposure
    low, high = (p / (1 - p) * per_exposure if p < 1 else np.nan for p in (limits.low, limits.high))
    zero = reference.events == 0
    spread = min(member.dispersion_p, reference.dispersion_p) < TRUSTED_DISPERSION
    return Inference(
        estimate=np.nan if zero else member.rate / reference.rate,
        p_value=never_zero(float(test.pvalue)),
        conf_low=float(low),
        conf_high=float(high),
        conf_level=conf_level,
        method="poisson_exact",
        null_value=1.0,
        scale="log",
        flags={"ZERO_CELL": zero, "OVERDISPERSED": spread},
    )


def poisson_wald(arms: Sequence[CountMoments]) -> TestResult:
    """Do the rates of several groups differ? Welch's F of the log rates, with their robust variances.

    F instead of chi-square because the variances are estimated from few students. Flags, where P is undefined:
    ``ZERO_CELL`` (a group without events has no log rate), ``TOO_FEW`` (a group of one), ``CONSTANT_GROUP``.

    >>> arms = [CountMoments.of(v) for v in ([1, 2, 3, 2], [1, 0, 2, 1], [4, 3, 5, 2])]
    >>> round(poisson_wald(arms).statistic, 3)
    4.268
    """
    flags = _why_untested(arms) | {"CONSTANT_GROUP": any(arm.variance == 0 < arm.events for arm in arms)}
    if any(flags.values()):
        return TestResult("F", np.nan, np.nan, method="poisson_wald", flags=flags)
    rates = np.array([arm.rate for arm in arms])
    variances = np.array([arm.variance for arm in arms]) / rates**2
    return welch_f(np.log(rates), variances, np.array([arm.n - 1 for arm in arms]), "poisson_wald")


def rate_trend(arms: Sequence[CountMoments], scores: ArrayLike) -> TestResult:
    """Do the log rates rise or fall with these scores of the groups? Robust variances, Satterthwaite df.

    Flags of groups whose score is not the mean score: ``ZERO_CELL``, ``TOO_FEW``, ``DEGENERATE``.

    >>> arms = [CountMoments.of(v) for v in ([1, 0, 2, 1], [1, 2, 3, 2], [4, 3, 5, 2])]
    >>> round(rate_trend(arms, [0, 1, 2]).statistic, 3)
    2.797
    """
    centred = np.asarray(scores, dtype=float) - np.mean(np.asarray(scores, dtype=float))
    arms, centred = [arm for arm, score in zip(arms, centred, strict=True) if score], centred[centred != 0]
    flags = _why_untested(arms) | {"DEGENERATE": all(arm.variance == 0 < arm.events for arm in arms)}
    if any(flags.values()):
        return TestResult("t", np.nan, np.nan, method="rate_trend", flags=flags)
    rates = np.array([arm.rate for arm in arms])
    parts = centred**2 * np.array([arm.variance for arm in arms]) / rates**2
    df = parts.sum() ** 2 / np.sum(parts**2 / np.array([arm.n - 1 for arm in arms]))
    found = from_t(float(centred @ np.log(rates)), float(np.sqrt(parts.sum())), float(df))
    return TestResult("t", found.statistic, found.p_value, df1=found.df, method="rate_trend")


def _why_untested(arms: Sequence[CountMoments]) -> dict[str, bool]:
    """Why do the log rates of these groups have no test? All false where they have."""
    zero, few = any(arm.events == 0 for arm in arms), any(np.isnan(arm.variance) for arm in arms)
    return {"ZERO_CELL": zero, "TOO_FEW": few and not zero}


def _dispersion_p(pearson: float, n: float) -> float:
    return float(special.chdtrc(n - 1, pearson)) if n > 1 and pearson == pearson else 1.0


def _without_events(member: CountMoments, reference: CountMoments, conf_level: float, method: str) -> Inference:
    none = member.events == 0 and reference.events == 0
    return Inference(
        estimate=np.nan if reference.events == 0 else 0.0,
        conf_level=conf_level,
        method=method,
        null_value=1.0,
        scale="log",
        flags={"NO_EVENTS_AT_ALL": none, "ZERO_CELL": not none},
    )
