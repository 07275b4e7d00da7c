"""Did students tend to rise or to fall? Wilcoxon's signed ranks, the pseudo-median of the changes, the sign test."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import Inference, TestResult, two_sided_p
from .shift_limits import pairs_below
from .sign_flips import chances_of_sums, changes, countable, even_chances_p, two_sided_sign_p
from .walsh_averages import LISTED_UP_TO, averages, kth_averages, median_average

Array = NDArray[np.float64]
NO_WIDTH = 1e-9
ROUNDING = 1e-12
Ranks = tuple[NDArray[np.int64], NDArray[np.bool_]]


def signed_rank(
    first: ArrayLike, last: ArrayLike, *, zeros: str = "pratt", continuity_correction: bool = False
) -> TestResult:
    """Are the changes symmetric around 0? z with the variance corrected for ties; P from the normal distribution.

    Parameters
    ----------
    first, last : arrays (n,), aligned, without missing values.
    zeros : ``"pratt"`` (default): who did not change is ranked with the others, and then has no sign; ``"dropped"``:
        is left out first, as Wilcoxon did and SPSS and R do.
    continuity_correction : with dropped zeros P is then R's default for tied changes; without it, SPSS's.

    Flag ``NO_VARIATION``: nobody changed, P is undefined. Wilcoxon (1945) doi:10.2307/3001968; Pratt (1959)
    doi:10.1080/01621459.1959.10501526.

    >>> round(signed_rank([1, 2, 3, 4, 5], [2, 4, 3, 7, 9]).statistic, 4)
    1.9052
    """
    ranks, positive = _signed(changes(first, last), zeros)
    z = _z(ranks, positive, continuity_correction)
    return TestResult("z", z, float(two_sided_p(z)), method="signed_rank", flags={"NO_VARIATION": not len(ranks)})


def signed_rank_exact(first: ArrayLike, last: ArrayLike, *, zeros: str = "pratt") -> TestResult:
    """The same question, with P counted over all ways to give the changes signs, ties and zeros as they are.

    The statistic V is the sum of the ranks of those who rose. Parameters as :func:`signed_rank`. Flags:
    ``NO_VARIATION``; ``TOO_MANY`` (more than some 370 changes, 460 without ties: P undefined).

    >>> found = signed_rank_exact([1, 2, 3, 4, 5], [2, 4, 3, 7, 9])
    >>> found.statistic, found.p_value
    (14.0, 0.125)
    """
    ranks, positive = _signed(changes(first, last), zeros)
    many = not countable(_lowest(ranks))
    p_value = np.nan if many or not len(ranks) else two_sided_sign_p(_lowest(ranks), positive)
    flags = {"NO_VARIATION": not len(ranks), "TOO_MANY": many}
    return TestResult("V", float(ranks[positive].sum() / 2), p_value, method="signed_rank_exact", flags=flags)


def pseudo_median(first: ArrayLike, last: ArrayLike, *, zeros: str = "pratt", conf_level: float = 0.95) -> Inference:
    """By how much did students change in the middle? The median of all averages of two students' changes.

    Parameters as :func:`signed_rank`; with ``zeros="dropped"`` the estimate, too, leaves out who did not change.

    The limits are order statistics of these averages: all shifts that the signed-rank test does not reject, exact given
    the ties at each shift up to 367 pairs, otherwise normal. P is that of the test, exact or normal
    accordingly. Symmetric changes are assumed. No standard error. Where ties would leave an interval of no width, it is
    widened to the next averages. Flags: ``TOO_FEW`` (fewer than two pairs), ``NO_VARIATION`` (nobody changed),
    ``DEGENERATE`` (all changes are equal); P and limits are then undefined; ``CONF_LEVEL_NOT_REACHED`` (so few pairs
    that even the widest interval, from the smallest to the largest change, has a lower exact level).

    Hodges and Lehmann (1963) doi:10.1214/aoms/1177704172; Walsh (1949) doi:10.1214/aoms/1177730091.

    >>> found = pseudo_median([0, 0, 0, 0, 0, 0, 0], [1.1, 2.3, -0.7, 3.2, 4.6, 2.9, 5.4])
    >>> round(found.estimate, 2), round(found.conf_low, 2), round(found.conf_high, 2)
    (2.8, 0.8, 4.6)
    """
    change = np.sort(changes(first, last))
    change = change[change != 0] if zeros == "dropped" else change
    none = not change.any()
    few, constant = len(change) < 2 and not none, not none and bool(np.ptp(change) == 0)
    exact = countable(2 * np.arange(1, len(change) + 1))
    test = (signed_rank_exact if exact else signed_rank)(np.zeros(len(change)), change, zeros=zeros)
    low = high = p_value = np.nan
    reached = True
    if not (none or few or constant):
        low, high, reached = _limits(change, zeros, conf_level, exact)
        p_value = test.p_value
    return Inference(
        estimate=median_average(change),
        statistic=test.statistic,
        p_value=p_value,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        method="pseudo_median_exact" if exact else "pseudo_median",
        statistic_name=test.statistic_name,
        flags={
            "TOO_FEW": few,
            "NO_VARIATION": none,
            "DEGENERATE": constant and not few,
            "CONF_LEVEL_NOT_REACHED": not reached,
        },
    )


def sign_test(first: ArrayLike, last: ArrayLike) -> TestResult:
    """Did as many students rise as fall? The exact binomial test; who did not change is left out.

    The statistic S is the number of those who rose. Flag ``NO_VARIATION``: nobody changed, P is undefined.
    Dixon and Mood (1946) doi:10.1080/01621459.1946.10501898.

    >>> sign_test([1, 2, 3, 4, 5], [2, 4, 3, 7, 9]).p_value
    0.125
    """
    change = changes(first, last)
    rose, fell = int(np.sum(change > 0)), int(np.sum(change < 0))
    flags = {"NO_VARIATION": rose + fell == 0}
    return TestResult("S", float(rose), even_chances_p(rose, rose + fell), method="sign_test", flags=flags)


def _signed(change: Array, zeros: str) -> Ranks:
    """Twice the midranks of the changes that are not 0, and which of these are positive."""
    ranked = change[change != 0] if zeros == "dropped" else change
    size = np.abs(ranked)
    doubled = pairs_below(size, np.sort(size)).astype(np.int64) + 1
    return doubled[ranked != 0], ranked[ranked != 0] > 0


def _lowest(ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The ranks as the smallest whole numbers in the same proportions."""
    return ranks // max(int(np.gcd.reduce(ranks, initial=0)), 1)


def _z(ranks: NDArray[np.int64], positive: NDArray[np.bool_], continuity_correction: bool = False) -> float:
    rank = ranks / 2
    if not len(rank):
        return float("nan")
    away = float(rank[positive].sum() - rank.sum() / 2)
    correction = 0.5 * np.sign(away) if continuity_correction else 0.0
    return float((away - correction) / np.sqrt(np.sum(rank**2) / 4))


def _limits(change: Array, zeros: str, conf_level: float, exact: bool) -> tuple[float, float, bool]:
    """The limits of the pseudo-median of sorted changes, and whether the interval reaches its level.

    Without ties these are order statistics at a known place. Otherwise, and where 0 itself is an average, so that the
    test has ties there, the shifts around that place are tested one by one.
    """
    n, alpha = len(change), round(1 - conf_level, 12)
    place, reached = _exact_place(n, alpha) if exact else (_normal_place(n, alpha), True)
    low, high = kth_averages(change, (place, n * (n + 1) // 2 + 1 - place))
    distinct = np.unique(change)
    if len(distinct) > LISTED_UP_TO:
        return low, high, reached
    slack = NO_WIDTH * float(np.ptp(change))
    steps = np.unique(averages(distinct))
    steps = steps[np.r_[True, np.diff(steps) > slack]]
    at_low, at_high = (int(np.argmin(np.abs(steps - limit))) for limit in (low, high))
    if len(distinct) < n or np.isin(-change, change).any():

        def kept(shift: float) -> bool:
            return _p_at(change, shift, zeros, exact) >= alpha - ROUNDING

        at_low, low_reached = _walked(steps, at_low, kept)
        at_high, high_reached = _walked(-steps[::-1], len(steps) - 1 - at_high, lambda shift: kept(-shift))
        at_high, reached = len(steps) - 1 - at_high, low_reached and high_reached
    if at_low == at_high:
        at_low, at_high = max(at_low - 1, 0), min(at_high + 1, len(steps) - 1)
    return float(steps[at_low]), float(steps[at_high]), reached


def _exact_place(n: int, alpha: float) -> tuple[int, bool]:
    """Which average is the lower limit (counted from 1; the upper is the same from the end), and is alpha kept?"""
    p_values = 2 * np.cumsum(chances_of_sums(np.arange(1, n + 1)))
    rejected = int(np.sum(p_values < alpha - ROUNDING))
    return max(rejected, 1), rejected > 0


def _normal_place(n: int, alpha: float) -> int:
    half = -special.ndtri(alpha / 2) * np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    return max(round(n * (n + 1) / 4 - half), 1)


def _walked(steps: Array, at: int, kept: Callable[[float], bool]) -> tuple[int, bool]:
    """The place of the lowest average that is kept, or has a kept shift right above it; is there a rejected one below?

    Between two neighbouring averages nothing changes, so one shift there, and the average itself, are tested.
    """
    between = np.r_[steps[0] - 1, (steps[:-1] + steps[1:]) / 2, steps[-1] + 1]

    def reaches(place: int) -> bool:
        return kept(between[place + 1]) or (place >= 0 and kept(steps[place]))

    while at >= 0 and reaches(at - 1):
        at -= 1
    while 0 <= at < len(steps) - 1 and not reaches(at):
        at += 1
    return max(at, 0), at >= 0


def _p_at(change: Array, shift: float, zeros: str, exact: bool) -> float:
    """P of the test after a shift; 1 where nothing is left to be tested."""
    ranks, positive = _signed(changes(shift, change), zeros)
    if not len(ranks):
        return 1.0
    return two_sided_sign_p(_lowest(ranks), positive) if exact else float(two_sided_p(_z(ranks, positive)))
