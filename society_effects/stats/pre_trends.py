"""Did those who join later change like the others before joining, and which difference would have been seen?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from .cluster_robust import hotelling_test
from .inference import TestResult
from .influence import Influenced

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DetectableTrend:
    """Differences in trend that the test of the waves before joining finds with a given power.

    power : array (m,), as asked for. slope : array (m,), the difference in change per wave, in units of the outcome.
    A trend that goes on at this slope biases the estimate e waves after joining by ``slope * (e + 1)``.
    flags : why nothing is defined, as for the test.
    """

    power: Array
    slope: Array
    alpha: float
    flags: dict[str, Any] = field(default_factory=dict)


def pre_trend_test(path: Influenced) -> TestResult:
    """Are all differences before joining zero? Wald test of the estimates of these waves, as Hotelling's F.

    path : the estimates of waves before joining (the base wave is not one of them); those without a standard error
    take no part. df2 come from the estimate with the fewest degrees of freedom. That it does not reject does not show
    parallel trends: see :func:`detectable_trend`.
    Flags: ``NO_PRE_WAVES`` (nothing to test), ``TOO_FEW`` (no more students, or classes, than estimates),
    ``NO_VARIATION``.

    >>> rng = np.random.default_rng(1)
    >>> influence = rng.normal(size=(60, 2)) / 60
    >>> found = pre_trend_test(Influenced(np.array([0.1, -0.2]), influence, influence != 0, np.zeros(60, int)))
    >>> found.df1, round(found.df2, 6)
    (2.0, 58.0)
    """
    tested = _testable(path)
    if not len(tested.estimate):
        return TestResult("F", np.nan, np.nan, method="pre_trend_wald", flags={"NO_PRE_WAVES": True})
    found = hotelling_test(tested.estimate, tested.covariance, float(tested.df.min()))
    flags = {"TOO_FEW": found.flags["TOO_FEW_CLUSTERS"], "NO_VARIATION": found.flags["NO_VARIATION"]}
    return replace(found, method="pre_trend_wald", flags=flags)


def detectable_trend(
    path: Influenced,
    times: ArrayLike,
    *,
    base_period: str,
    power: Sequence[float] = (0.5, 0.8),
    alpha: float = 0.05,
) -> DetectableTrend:
    """Which difference in trend would the test before joining have found, with 50 % and with 80 % power?

    Parameters
    ----------
    path, times : the estimates before joining and their waves since joining (-2, -3, ...), of one
        ``base_period``: with ``"universal"`` a constant slope shows as slope * (time + 1), with ``"varying"`` as the
        slope itself at every wave.

    The test is :func:`pre_trend_test` at level alpha; its statistic under such a trend is a noncentral F.
    Roth (2022) doi:10.1257/aeri.20210236, with the joint test in place of single ones.

    >>> rng = np.random.default_rng(1)
    >>> influence = rng.normal(size=(400, 2)) / 400
    >>> one = Influenced(np.zeros(2), influence, influence != 0, np.zeros(400, int))
    >>> detectable_trend(one, [-3, -2], base_period="universal").slope.round(2).tolist()
    [0.05, 0.07]
    """
    wanted = np.asarray(power, dtype=float)
    test, usable = pre_trend_test(path), path.std_error > 0
    if test.raised:
        return DetectableTrend(wanted, np.full(len(wanted), np.nan), alpha, dict(test.flags))
    tested = _testable(path)
    direction = np.asarray(times, dtype=float)[usable] + 1 if base_period == "universal" else np.ones(usable.sum())
    per_slope = float(direction @ np.linalg.solve(tested.covariance, direction))
    needed = [_noncentrality(float(test.df1), float(test.df2), share, alpha) for share in wanted]
    return DetectableTrend(wanted, np.sqrt(np.array(needed) / per_slope), alpha)


def _testable(path: Influenced) -> Influenced:
    return path.only(path.std_error > 0)


def _noncentrality(df1: float, df2: float, power: float, alpha: float) -> float:
    """The noncentrality at which an F test of this level has this power."""
    critical = special.fdtri(df1, df2, 1 - alpha)

    def lacking(noncentrality: float) -> float:
        return float(1 - special.ncfdtr(df1, df2, noncentrality, critical) - power)

    high = 1.0
    while lacking(high) < 0:
        high *= 2
    return float(optimize.brentq(lacking, 0.0, high, xtol=1e-12, rtol=1e-12))
