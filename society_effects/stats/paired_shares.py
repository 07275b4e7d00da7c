"""The same students and a yes-or-no outcome at two waves: McNemar's test, the change of the share, the odds ratio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .inference import Inference, TestResult, never_zero
from .proportions import wilson
from .sign_flips import even_chances_p


@dataclass(frozen=True, slots=True)
class PairedCounts:
    """How many students had the event at both waves, gained it, lost it, and never had it."""

    both: float
    gained: float
    lost: float
    neither: float

    @classmethod
    def of(cls, first: ArrayLike, last: ArrayLike) -> PairedCounts:
        """The counts of raw values, 1 for the event and 0 else, arrays (n,), aligned, without missing values.

        >>> PairedCounts.of([1, 1, 0, 0, 0], [1, 0, 1, 1, 0])
        PairedCounts(both=1.0, gained=2.0, lost=1.0, neither=1.0)
        """
        before, after = (np.asarray(v, dtype=float) == 1 for v in (first, last))
        cells = (before & after, ~before & after, before & ~after, ~before & ~after)
        return cls(*(float(cell.sum()) for cell in cells))

    @property
    def n(self) -> float:
        """Number of students."""
        return self.both + self.gained + self.lost + self.neither

    @property
    def changed(self) -> float:
        """Number of students who gained or lost the event; only they tell whether the share changed."""
        return self.gained + self.lost


def mcnemar(counts: PairedCounts) -> TestResult:
    """Did as many students gain the event as lose it? McNemar's mid-p test.

    Unlike the exact test it uses nearly all of its level, and it hardly ever exceeds it. Flag ``NO_VARIATION``: nobody
    changed, P is undefined. Fagerland, Lydersen and Laake (2013) doi:10.1186/1471-2288-13-91.

    >>> round(mcnemar(PairedCounts(10, 7, 1, 2)).p_value, 12)
    0.0390625
    """
    p_value = even_chances_p(counts.gained, counts.changed, mid_p=True)
    return TestResult(None, np.nan, p_value, method="mcnemar_mid_p", flags=_flags(counts))


def mcnemar_exact(counts: PairedCounts) -> TestResult:
    """The same question by the exact binomial test, which is conservative. Flag as :func:`mcnemar`.

    >>> round(mcnemar_exact(PairedCounts(10, 7, 1, 2)).p_value, 12)
    0.0703125
    """
    p_value = even_chances_p(counts.gained, counts.changed)
    return TestResult(None, np.nan, p_value, method="mcnemar_exact", flags=_flags(counts))


def mcnemar_chi2(counts: PairedCounts, *, continuity_correction: bool = False) -> TestResult:
    """The same question by McNemar's chi-square, for many changes; corrected, as R and SPSS print it, conservative.

    Flag as :func:`mcnemar`. McNemar (1947) doi:10.1007/BF02295996.

    >>> mcnemar_chi2(PairedCounts(10, 7, 1, 2)).statistic
    4.5
    """
    method = "mcnemar_corrected" if continuity_correction else "mcnemar_chi2"
    if counts.changed == 0:
        return TestResult("chi2", np.nan, np.nan, method=method, flags=_flags(counts))
    apart = abs(counts.gained - counts.lost)
    statistic = max(apart - (1.0 if continuity_correction else 0.0), 0.0) ** 2 / counts.changed
    p_value = never_zero(float(special.chdtrc(1, statistic)))
    return TestResult("chi2", statistic, p_value, df1=1.0, method=method, flags=_flags(counts))


def paired_risk_difference(counts: PairedCounts, *, conf_level: float = 0.95) -> Inference:
    """By how much did the share with the event change (last minus first)? Newcombe's limits for paired shares.

    Wilson's limits of the two shares, joined with their correlation (his method 10). P is McNemar's mid-p. No standard
    error. Flags: ``NO_VARIATION`` (nobody changed: P undefined, the limits stand), ``TOO_FEW`` (no student).
    Newcombe (1998) doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C.

    >>> found = paired_risk_difference(PairedCounts(1, 1, 7, 12))
    >>> round(found.estimate, 3), round(found.conf_low, 3), round(found.conf_high, 3)
    (-0.286, -0.507, -0.026)
    """
    test, n = mcnemar(counts), counts.n
    low = high = change = np.nan
    if n > 0:
        one, two = counts.both + counts.lost, counts.both + counts.gained
        change = (counts.gained - counts.lost) / n
        (l1, u1), (l2, u2) = wilson(one, n, conf_level), wilson(two, n, conf_level)
        phi = _correlation(counts)
        below, above = (two / n - l2, u1 - one / n), (u2 - two / n, one / n - l1)
        low, high = (
            change + side * np.sqrt(a**2 - 2 * phi * a * b + b**2) for side, (a, b) in ((-1, below), (1, above))
        )
    return Inference(
        estimate=change,
        p_value=test.p_value,
        conf_low=float(low),
        conf_high=float(high),
        conf_level=conf_level,
        method=test.method,
        interval_method="newcombe_paired",
        flags={"TOO_FEW": n == 0, **test.flags},
    )


def paired_odds_ratio(counts: PairedCounts, *, conf_level: float = 0.95) -> Inference:
    """How many times as many students gained the event as lost it? The conditional odds ratio of paired shares.

    Exact limits from Clopper and Pearson's for the share of gains among the changes; P is that of
    :func:`mcnemar_exact`, which belongs to them. Null value 1. Where nobody lost the event the ratio and its upper
    limit are infinite (NaN, flag ``ZERO_CELL``; the lower limit stands); where nobody gained it, it is 0. No standard
    error. Flag ``NO_VARIATION``: nobody changed, nothing is known.
    Clopper and Pearson (1934) doi:10.1093/biomet/26.4.404.

    >>> found = paired_odds_ratio(PairedCounts(10, 7, 1, 2))
    >>> found.estimate, round(found.conf_low, 4), round(found.conf_high, 4)
    (7.0, 0.8993, 315.4834)
    """
    gained, lost, tail = counts.gained, counts.lost, (1 - conf_level) / 2
    test = mcnemar_exact(counts)
    estimate = gained / lost if lost else np.nan
    low = high = np.nan
    if gained:
        low = special.betaincinv(gained, lost + 1, tail) / special.betaincinv(lost + 1, gained, 1 - tail)
    elif lost:
        low = 0.0
    if lost:
        high = special.betaincinv(gained + 1, lost, 1 - tail) / special.betaincinv(lost, gained + 1, tail)
    return Inference(
        estimate=estimate,
        p_value=test.p_value,
        conf_low=float(low),
        conf_high=float(high),
        conf_level=conf_level,
        method="paired_conditional_exact",
        null_value=1.0,
        scale="log",
        flags={"ZERO_CELL": lost == 0 < gained, **test.flags},
    )


def _correlation(counts: PairedCounts) -> float:
    """The correlation of the two waves, a positive one taken down by Newcombe's correction."""
    a, b, c, d = counts.both, counts.lost, counts.gained, counts.neither
    product = (a + b) * (c + d) * (a + c) * (b + d)
    excess = a * d - b * c
    corrected = min(excess, 0.0) + max(excess - counts.n / 2, 0.0)
    return corrected / float(np.sqrt(product)) if product > 0 else 0.0


def _flags(counts: PairedCounts) -> dict[str, bool]:
    return {"NO_VARIATION": counts.n > 0 and counts.changed == 0}
