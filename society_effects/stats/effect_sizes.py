"""By how many standard deviations do two groups differ?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .differences import student, variance_flags
from .inference import Inference, from_t, plain
from .moments import Moments, power_of_two
from .noncentral_t import noncentrality_limits

Array = NDArray[np.float64]


def hedges_correction(df: ArrayLike) -> Array:
    """By what factor is a standardised difference too large in small samples? Hedges' J, in its exact form.

    Hedges (1981) doi:10.3102/10769986006002107.

    >>> round(float(hedges_correction(10)), 12)
    0.922745608053
    """
    nu = np.asarray(df, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        exact = np.exp(special.gammaln(nu / 2) - special.gammaln((nu - 1) / 2) - 0.5 * np.log(nu / 2))
    return np.where(nu > 1, exact, np.nan)


def cohen_d(member: Moments, reference: Moments, *, conf_level: float = 0.95) -> Inference:
    """By how many pooled standard deviations do the means differ, without the small-sample correction?

    Limits from the noncentral t distribution, exact for normal values of equal spread; statistic and P are Student's,
    which these limits invert. The standard error is the large-sample one, 1/n1 + 1/n0 + d^2 / (2 (n1 + n0)).
    Flags as :func:`society_effects.stats.differences.welch`. Cumming and Finch (2001) doi:10.1177/0013164401614002.

    >>> found = cohen_d(Moments(120, 82.0, 8.0), Moments(547, 78.0, 10.0))
    >>> round(found.estimate, 10), round(found.conf_low, 10), round(found.conf_high, 10)
    (0.4135421402, 0.2145702873, 0.6122067991)
    """
    return _pooled(member, reference, conf_level, corrected=False)


def hedges_g(member: Moments, reference: Moments, *, conf_level: float = 0.95) -> Inference:
    """By how many pooled standard deviations do the means differ, corrected for small samples?

    Estimate and limits are those of :func:`cohen_d` times :func:`hedges_correction`. With unequal spreads *and* group
    sizes its interval does not hold its level (83 or 99 % instead of 95 %): :func:`d_average` does.

    Parameters
    ----------
    member, reference : moments of the two groups, numbers or arrays of one shape.
    conf_level : default 0.95.

    Hedges (1981) doi:10.3102/10769986006002107.

    >>> found = hedges_g(Moments(120, 82.0, 8.0), Moments(547, 78.0, 10.0))
    >>> round(found.estimate, 10), round(found.conf_low, 10), round(found.conf_high, 10)
    (0.4130755346, 0.2143281846, 0.6115160374)
    """
    return _pooled(member, reference, conf_level, corrected=True)


def d_average(member: Moments, reference: Moments, *, conf_level: float = 0.95) -> Inference:
    """By how many standard deviations do the means differ, where both groups' spreads count alike?

    The standardiser is the root of the mean of the two variances; the interval (normal) does not assume equal spreads.
    Flags as :func:`society_effects.stats.differences.welch`. Bonett (2008) doi:10.1037/1082-989X.13.2.99.

    >>> found = d_average(Moments(120, 82.0, 8.0), Moments(547, 78.0, 10.0))
    >>> round(found.estimate, 10), round(found.std_error, 10)
    (0.4417261043, 0.0947815826)
    """
    (n1, mean1, sd1), (n0, mean0, sd0) = member.arrays(), reference.arrays()
    flags = variance_flags(mean1 - mean0, sd1, sd0)
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = power_of_two(np.fmax(sd1, sd0))
        sd1, sd0 = sd1 / unit, sd0 / unit
        variance = (sd1**2 + sd0**2) / 2
        d = np.where(variance > 0, (mean1 - mean0) / unit / np.sqrt(variance), np.nan)
        spread = d**2 * (sd1**4 / (n1 - 1) + sd0**4 / (n0 - 1)) / (8 * variance**2)
        std_error = np.sqrt(spread + (sd1**2 / (n1 - 1) + sd0**2 / (n0 - 1)) / variance)
    return from_t(d, std_error, conf_level=conf_level, method="bonett", flags=flags)


def d_adjusted(difference: Inference, member: Moments, reference: Moments) -> Inference:
    """How many standard deviations is an adjusted difference? By the average variance of the unadjusted scores.

    difference : on the scale of the scores, with its standard error. The standard deviation counts as estimated, as in
    :func:`d_average`, from which it differs by n instead of n - 1 where nothing is adjusted for, and by the degrees of
    freedom of the difference, whose limits and its own then tell the same. Flags:
    ``ALL_ALIKE_IN_ARMS`` (the scores of neither group vary: no standard deviation). Bonett (2008)
    doi:10.1037/1082-989X.13.2.99.

    >>> from society_effects.stats.differences import welch
    >>> arms = Moments(120, 82.0, 8.0), Moments(547, 78.0, 10.0)
    >>> round(d_adjusted(welch(*arms), *arms).estimate, 10), round(d_average(*arms).estimate, 10)
    (0.4417261043, 0.4417261043)
    """
    (n1, _, sd1), (n0, _, sd0) = member.arrays(), reference.arrays()
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (sd1**2 + sd0**2) / 2
        d = np.asarray(difference.estimate) / np.sqrt(variance)
        of_sd = d**2 * (sd1**4 / (n1 - 1) + sd0**4 / (n0 - 1)) / (8 * variance**2)
        of_difference = np.asarray(difference.std_error) ** 2 / variance
        std_error = np.sqrt(of_sd + of_difference)
    none = ~(variance > 0)
    d, std_error = (np.where(none, np.nan, value) for value in (d, std_error))
    flags = {"ALL_ALIKE_IN_ARMS": bool(np.any(none))}
    df = np.where(np.isnan(difference.df), np.inf, difference.df)
    return from_t(d, std_error, df, conf_level=difference.conf_level, method="bonett", flags=flags)


def smd(member: Moments, reference: Moments) -> float | Array:
    """How far apart are two groups in a column of Table 1? Difference of the means / root of the mean variance.

    NaN where neither group varies. Austin (2009) doi:10.1002/sim.3697.

    >>> round(smd(Moments(50, 1.0, 1.0), Moments(50, 0.0, 2.0)), 4)
    0.6325
    """
    (_, mean1, sd1), (_, mean0, sd0) = member.arrays(), reference.arrays()
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = power_of_two(np.fmax(sd1, sd0))
        variance = ((sd1 / unit) ** 2 + (sd0 / unit) ** 2) / 2
        return plain(np.where(variance > 0, (mean1 - mean0) / unit / np.sqrt(variance), np.nan))


def smd_of_shares(member_counts: ArrayLike, reference_counts: ArrayLike) -> float:
    """How far apart are two groups in a categorical column of Table 1? From the counts of each category.

    The Mahalanobis distance of the shares (Yang and Dalton, 2012, SAS Global Forum, paper 335); it has no direction.
    With two categories it is the absolute difference of the shares / root of the mean variance. Infinite distances
    (two groups that share no variation) are NaN.

    >>> round(smd_of_shares([30, 70], [50, 50]), 4)
    0.417
    """
    first, second = (np.asarray(c, dtype=float) for c in (member_counts, reference_counts))
    used = (first + second) > 0
    first, second = first[used], second[used]
    if first.sum() == 0 or second.sum() == 0:
        return float("nan")
    p1, p0 = (first / first.sum())[1:], (second / second.sum())[1:]
    difference = p1 - p0
    if not len(difference) or not np.any(difference):
        return 0.0
    covariance = sum((np.diag(p) - np.outer(p, p)) / 2 for p in (p1, p0))
    inverse = np.linalg.pinv(covariance, rcond=1e-10, hermitian=True)
    if not np.allclose(covariance @ inverse @ difference, difference, atol=1e-9):
        return float("nan")
    return float(np.sqrt(difference @ inverse @ difference))


def _pooled(member: Moments, reference: Moments, conf_level: float, corrected: bool) -> Inference:
    (n1, _, _), (n0, _, _) = member.arrays(), reference.arrays()
    test = student(member, reference, conf_level=conf_level)
    t, df = np.asarray(test.statistic), np.asarray(test.df)
    with np.errstate(invalid="ignore", divide="ignore"):
        per_t = np.sqrt(1 / n1 + 1 / n0)
        factor = np.where(np.isnan(t), np.nan, hedges_correction(df) if corrected else 1.0)
        low, high = (factor * per_t * limit for limit in noncentrality_limits(t, df, conf_level))
        d = factor * per_t * t
        std_error = np.sqrt(per_t**2 + d**2 / (2 * (n1 + n0)))
    return Inference(
        estimate=plain(d),
        std_error=plain(std_error),
        df=test.df,
        statistic=test.statistic,
        p_value=test.p_value,
        conf_low=plain(low),
        conf_high=plain(high),
        conf_level=conf_level,
        method="noncentral_t",
        statistic_name="t",
        flags=test.flags,
    )
