"""The odds ratio of a 2 x 2 table given its margins: conditional estimate, exact limits, Fisher's exact test."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import Inference, TestResult, never_zero
from .two_by_two import empty_margins, two_by_two

Array = NDArray[np.float64]
AS_LIKELY = 1 + 1e-7


def odds_ratio(
    events: ArrayLike, n: ArrayLike, reference_events: ArrayLike, reference_n: ArrayLike, *, conf_level: float = 0.95
) -> Inference:
    """How many times as large are the odds of the event among members? Conditional estimate, exact limits.

    Takes one table. The estimate is the conditional maximum likelihood one (R's ``fisher.test``), not the cross product
    (scipy's ``fisher_exact``); limits as Cornfield's exact ones; P is Fisher's, which counts all tables that are no
    more probable, so that it may differ from the limits near the null value 1. Where a cell is empty the estimate may
    be 0 (given as 0) or infinite (NaN with the flag ``ZERO_CELL``; the lower limit stands). No standard error. Flags
    ``NO_EVENTS_AT_ALL``, ``ALL_EVENTS``: nothing is known.
    Cornfield (1956), Proceedings of the Third Berkeley Symposium 4:135-148.

    >>> found = odds_ratio(8, 10, 1, 6)
    >>> round(found.estimate, 4)
    15.4658
    """
    table = two_by_two(events, n, reference_events, reference_n)
    support, log_weights = _hypergeometric(table)
    x, tail = table[0, 0], (1 - conf_level) / 2
    test = fisher(table)
    fixed = len(support) == 1
    at_bottom, at_top = x == support[0], x == support[-1]
    estimate, low, high = np.nan, np.nan, np.nan
    if not fixed:
        estimate = 0.0 if at_bottom else np.nan
        if not (at_bottom or at_top):
            estimate = _solve(lambda v: _weighted(support, log_weights, v) @ support - x)
        low = 0.0 if at_bottom else _solve(lambda v: _weighted(support, log_weights, v)[support >= x].sum() - tail)
        high = np.nan if at_top else _solve(lambda v: tail - _weighted(support, log_weights, v)[support <= x].sum())
    return Inference(
        estimate=estimate,
        p_value=test.p_value,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        method="conditional_exact",
        null_value=1.0,
        scale="log",
        flags={"ZERO_CELL": bool(not fixed and at_top), **test.flags},
    )


def fisher(table: ArrayLike) -> TestResult:
    """Do the shares of two groups (rows: event, no event) differ? Fisher's exact test, two-sided.

    P adds up all tables with these margins that are no more probable than the one observed, as R and scipy do. Flags
    as :func:`society_effects.stats.two_by_two.empty_margins`; P is undefined where one is true.
    Fisher (1935) doi:10.2307/2342435.

    >>> round(fisher([[8, 2], [1, 5]]).p_value, 6)
    0.034965
    """
    counts = np.asarray(table, dtype=float)
    flags = empty_margins(counts)
    if any(flags.values()):
        return TestResult(None, np.nan, np.nan, method="fisher", flags=flags)
    support, log_weights = _hypergeometric(counts)
    probabilities = _weighted(support, log_weights, 0.0)
    observed = probabilities[support == counts[0, 0]][0]
    p_value = never_zero(float(min(probabilities[probabilities <= observed * AS_LIKELY].sum(), 1.0)))
    return TestResult(None, np.nan, p_value, method="fisher", flags=flags)


def _hypergeometric(table: Array) -> tuple[Array, Array]:
    """The possible first cells given the margins, and the log of their weights at an odds ratio of 1."""
    (a, b), (c, d) = table
    n1, n0, events = a + b, c + d, a + c
    support = np.arange(max(0.0, events - n0), min(n1, events) + 1)
    parts = (support, n1 - support, events - support, n0 - events + support)
    return support, -sum(special.gammaln(part + 1) for part in parts)


def _weighted(support: Array, log_weights: Array, log_odds: float) -> Array:
    """Probabilities of the possible first cells at this log odds ratio."""
    exponent = log_weights + support * log_odds
    weights = np.exp(exponent - exponent.max())
    return weights / weights.sum()


def _solve(rising: Callable[[float], float]) -> float:
    """The odds ratio at which a function that rises with its log crosses 0."""
    low, high = -1.0, 1.0
    while rising(low) > 0 and low > -700:
        low *= 2
    while rising(high) < 0 and high < 700:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) >= 0 else (middle, high)
        if high - low <= 1e-15 * max(1.0, abs(low)):
            break
    return float(np.exp((low + high) / 2))
