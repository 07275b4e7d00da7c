"""Analysis of variance of repeated measures: do waves differ, and do groups differ in how they change?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .inference import Quantity, TestResult, never_zero
from .several_ranks import mid_ranks

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WithinEffect:
    """One line of the table: sums of squares, F, and F with degrees of freedom that allow for the covariance of waves.

    greenhouse_geisser, huynh_feldt : None for the comparison of groups, which needs neither.
    """

    ss: float
    ss_error: float
    test: TestResult
    greenhouse_geisser: TestResult | None = None
    huynh_feldt: TestResult | None = None

    @property
    def partial_eta_squared(self) -> float:
        """Which share of the variation that is left does the effect explain?"""
        total = self.ss + self.ss_error
        return self.ss / total if total > 0 else np.nan


@dataclass(frozen=True, slots=True)
class WithinAnova:
    """Waves, and with several groups also groups and their interaction.

    epsilon : the factors of the degrees of freedom, of Greenhouse and Geisser and of Huynh and Feldt (at most 1).
    """

    waves: WithinEffect
    groups: WithinEffect | None
    interaction: WithinEffect | None
    mauchly: TestResult
    greenhouse_geisser_epsilon: float
    huynh_feldt_epsilon: float
    n: int


def within_anova(values: ArrayLike, groups: ArrayLike | None = None) -> WithinAnova:
    """Do waves differ, and do groups differ in how they change? Repeated-measures analysis of variance.

    Parameters
    ----------
    values : array (n, waves), complete: students with all waves.
    groups : array (n,), optional. Groups of different size count the same (type III sums of squares).

    Flags: ``TOO_FEW`` (no degrees of freedom for the error), ``NO_VARIATION``, ``DEGENERATE`` (no error). Mauchly's
    test needs more students than waves, and three waves.
    Greenhouse and Geisser (1959) doi:10.1007/BF02289823; Huynh and Feldt (1976) doi:10.3102/10769986001001069, with
    the correction of Lecoutre (1991) doi:10.3102/10769986016004371.

    >>> found = within_anova([[1, 2, 4], [2, 2, 5], [3, 5, 7], [1, 3, 3]])
    >>> round(found.waves.test.statistic, 2), round(found.greenhouse_geisser_epsilon, 3)
    (17.21, 0.788)
    """
    y = np.asarray(values, dtype=float)
    y = y - np.median(y)
    arm = np.zeros(len(y), int) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    n, k, q = len(y), int(arm.max(initial=-1)) + 1, y.shape[1] - 1
    size = np.bincount(arm, minlength=k)
    mean = np.stack([y[arm == g].mean(axis=0) for g in range(k)])
    left = y - mean[arm]
    steps, level = _contrasts(q + 1), np.full((q + 1, 1), 1 / np.sqrt(q + 1))
    error = steps.T @ left.T @ left @ steps
    gg, hf = _factors(error, n - k)
    overall, between = np.full((1, k), 1 / k), _contrasts(k).T

    def effect(weights: Array, across: Array, factors: tuple[float, ...] = ()) -> WithinEffect:
        return _effect(weights @ mean @ across, (weights / size) @ weights.T, left @ across, n - k, factors, y)

    return WithinAnova(
        waves=effect(overall, steps, (gg, hf)),
        groups=effect(between, level) if k > 1 else None,
        interaction=effect(between, steps, (gg, hf)) if k > 1 else None,
        mauchly=_mauchly(error, n - k),
        greenhouse_geisser_epsilon=gg,
        huynh_feldt_epsilon=hf,
        n=n,
    )


def friedman(values: ArrayLike) -> TestResult:
    """Do students tend to larger values at some waves? Ranks within students, corrected for ties.

    values : array (n, waves), complete. P from the chi-square distribution. Flag ``ALL_TIED``.
    Friedman (1937) doi:10.1080/01621459.1937.10503522.

    >>> round(friedman([[1, 2, 4], [2, 3, 5], [3, 5, 7], [1, 3, 2]]).statistic, 4)
    6.5
    """
    ranks = np.stack([mid_ranks(row) for row in np.asarray(values, dtype=float)])
    n, k = ranks.shape
    spread, total = _rank_spread(ranks)
    if not total > 0:
        return TestResult("chi2", np.nan, np.nan, df1=k - 1.0, method="friedman", flags={"ALL_TIED": True})
    statistic = n * (k - 1) * spread / total
    p_value = never_zero(float(special.chdtrc(k - 1, statistic)))
    return TestResult("chi2", statistic, p_value, df1=k - 1.0, method="friedman", flags={"ALL_TIED": False})


def kendall_w(values: ArrayLike) -> Quantity:
    """How far do students agree in the order of the waves? 0 not at all, 1 entirely; corrected for ties, no interval.

    Kendall and Babington Smith (1939) doi:10.1214/aoms/1177732186.

    >>> kendall_w([[1, 2, 4], [2, 3, 5]]).value
    1.0
    """
    spread, total = _rank_spread(np.stack([mid_ranks(row) for row in np.asarray(values, dtype=float)]))
    tied = not total > 0
    return Quantity(np.nan if tied else spread / total, method="kendall_w", flags={"ALL_TIED": tied})


def _rank_spread(ranks: Array) -> tuple[float, float]:
    """Variation of the waves' mean ranks times the students, and of all ranks."""
    n, k = ranks.shape
    middle = (k + 1) / 2
    return float(n * np.sum((ranks.mean(axis=0) - middle) ** 2)), float(np.sum((ranks - middle) ** 2))


def _contrasts(k: int) -> Array:
    """k - 1 orthonormal contrasts, array (k, k - 1)."""
    return np.asarray(np.linalg.qr(np.eye(k) - 1 / k)[0][:, : k - 1])


def _effect(means: Array, leverage: Array, left: Array, df: int, factors: tuple[float, ...], y: Array) -> WithinEffect:
    """The line of contrasts whose means have this covariance, in units of the error's."""
    ss = float(np.trace(means.T @ np.linalg.solve(leverage, means)))
    ss_error, q = float(np.sum(left**2)), left.shape[1]
    tiny = 1e-24 * float(np.sum(y**2))
    few, nothing = df < 1, ss_error <= tiny
    flags = {"TOO_FEW": few, "NO_VARIATION": not few and nothing and ss <= tiny}
    flags["DEGENERATE"] = not few and nothing and ss > tiny
    ratio = np.nan if any(flags.values()) else (ss / (len(means) * q)) / (ss_error / (df * q))

    def test(factor: float, method: str) -> TestResult:
        df1, df2 = factor * len(means) * q, factor * df * q
        p_value = never_zero(float(special.fdtrc(df1, df2, ratio))) if ratio == ratio and factor == factor else np.nan
        return TestResult("F", ratio, p_value, df1=df1, df2=df2, method=method, flags=flags)

    corrected = (test(f, name) for f, name in zip(factors, ("greenhouse_geisser", "huynh_feldt"), strict=False))
    return WithinEffect(ss, ss_error, test(1.0, "within_anova"), *corrected)


def _factors(error: Array, df: int) -> tuple[float, float]:
    """How far is the covariance of the waves from compound symmetry? Greenhouse-Geisser's factor, Huynh-Feldt's."""
    q, square = len(error), float(np.sum(error**2))
    if df < 1 or not square > 0:
        return np.nan, np.nan
    gg = float(np.trace(error) ** 2 / (q * square))
    left = df - q * gg
    return gg, min(((df + 1) * q * gg - 2) / (q * left), 1.0) if left > 0 else 1.0


def _mauchly(error: Array, df: int) -> TestResult:
    """Could the differences between any two waves have one variance? Mauchly's W, P with the second-order term.

    Flags: ``TWO_WAVES`` (nothing to test), ``TOO_FEW``, ``DEGENERATE`` (a contrast of the waves does not vary).
    Mauchly (1940) doi:10.1214/aoms/1177731915; Anderson (2003), Multivariate Statistical Analysis, sec. 10.7.
    """
    q = len(error)
    flags = {"TWO_WAVES": q < 2, "TOO_FEW": q > 1 and df < q}
    if not any(flags.values()):
        values = np.linalg.eigvalsh(error)
        flags["DEGENERATE"] = not values[0] > 1e-14 * values[-1]
    if any(flags.values()):
        return TestResult("W", np.nan, np.nan, method="mauchly", flags=flags)
    log_w = float(np.sum(np.log(values))) - q * float(np.log(np.trace(error) / q))
    rho = 1 - (2 * q * q + q + 2) / (6 * q * df)
    second = (q + 2) * (q - 1) * (q - 2) * (2 * q**3 + 6 * q * q + 3 * q + 2) / (288 * (q * df * rho) ** 2)
    chi2, f = -df * rho * log_w, q * (q + 1) / 2 - 1
    tails = special.chdtrc([f, f + 4], chi2)
    p_value = never_zero(float(tails[0] + second * (tails[1] - tails[0])))
    return TestResult("W", float(np.exp(log_w)), p_value, df1=f, method="mauchly", flags=flags)
