"""By how much did the same students change between two waves? The mean change, also in standard deviations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .allocations import DEFAULT_SEED
from .clustered_means import clustered_means
from .inference import Inference, Quantity, from_t, plain
from .moments import Moments, power_of_two
from .noncentral_t import noncentrality_limits
from .sign_flips import changes, flipped_sum_p

Array = NDArray[np.float64]
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class PairedMoments:
    """What comparisons of two waves need to know: numbers, or arrays of one shape for many outcomes at once.

    n : pairs. change, sd_change : mean and standard deviation (n - 1) of last minus first. sd_first, sd_last : standard
    deviations of the waves.
    """

    n: Any
    change: Any
    sd_change: Any
    sd_first: Any
    sd_last: Any

    @classmethod
    def of(cls, first: ArrayLike, last: ArrayLike) -> PairedMoments:
        """The moments of raw values, arrays (n,) or (..., n), aligned and without missing values.

        >>> PairedMoments.of([1, 2, 3], [2, 4, 6])
        PairedMoments(n=3.0, change=2.0, sd_change=1.0, sd_first=1.0, sd_last=2.0)
        """
        change, before, after = (Moments.of(values) for values in (changes(first, last), first, last))
        return cls(change.n, change.mean, change.sd, before.sd, after.sd)

    @classmethod
    def printed(
        cls, n: ArrayLike, change: ArrayLike, sd_first: ArrayLike, sd_last: ArrayLike, correlation: ArrayLike
    ) -> PairedMoments:
        """The moments of a published table, given the correlation of the two waves (a number or a grid).

        >>> float(PairedMoments.printed(25, 2.0, 3.0, 4.0, 0.0).sd_change)
        5.0
        """
        one, two, r = (np.asarray(v, dtype=float) for v in (sd_first, sd_last, correlation))
        return cls(n, change, np.sqrt((one - two) ** 2 + 2 * (1 - r) * one * two), sd_first, sd_last)

    @property
    def correlation(self) -> Any:
        """The correlation of the two waves; NaN where one does not vary."""
        _, _, sd, one, two = self.arrays()
        with np.errstate(invalid="ignore", divide="ignore"):
            return plain(np.clip(1 - (sd**2 - (one - two) ** 2) / (2 * one * two), -1.0, 1.0))

    def arrays(self) -> tuple[Array, ...]:
        """n, change, sd_change, sd_first, sd_last as float arrays of one shape; spreads NaN below two pairs."""
        fields = (self.n, self.change, self.sd_change, self.sd_first, self.sd_last)
        n, change, *sds = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in fields))
        return n, change, *(np.where(n < 2, np.nan, sd) for sd in sds)


def paired_t(pairs: PairedMoments, *, conf_level: float = 0.95) -> Inference:
    """By how much did the students change on average (last minus first)? Student's t interval of the mean change.

    Flags: ``TOO_FEW`` (fewer than two pairs), ``NO_VARIATION`` (nobody changed), ``DEGENERATE`` (everybody changed by
    the same amount); in the last two P and the limits are undefined, never 0. Student (1908) doi:10.1093/biomet/6.1.1.

    >>> found = paired_t(PairedMoments.of([60, 62, 71, 58], [64, 63, 77, 63]))
    >>> found.estimate, round(found.conf_low, 3), round(found.conf_high, 3)
    (4.0, 0.563, 7.437)
    """
    n, change, sd, _, _ = pairs.arrays()
    with np.errstate(invalid="ignore", divide="ignore"):
        error = sd / np.sqrt(n)
    return from_t(change, error, n - 1, conf_level=conf_level, method="paired_t", flags=change_flags(change, sd))


def d_av(pairs: PairedMoments, *, conf_level: float = 0.95) -> Inference:
    """By how many standard deviations did the students change, both waves' spreads counting alike?

    The standardiser is the root of the mean of the two variances, as in a comparison of groups; Bonett's interval
    (normal) for paired waves. Flags as :func:`paired_t`; where all changes are equal the estimate stands alone.
    Bonett (2008) doi:10.1037/1082-989X.13.2.99; Bonett (2015) doi:10.3102/1076998615583904.

    >>> found = d_av(PairedMoments.printed(25, 8.3, 14.6, 15.3, 0.75))
    >>> round(found.estimate, 7), round(found.std_error, 7)
    (0.5550319, 0.1609934)
    """
    moments = _scaled(pairs)
    *_, one, two = moments
    with np.errstate(invalid="ignore", divide="ignore"):
        standardiser = np.sqrt((one**2 + two**2) / 2)
        slope = -1 / (2 * (one**2 + two**2))
        return _standardised(moments, standardiser, (slope, slope, np.zeros_like(one)), "bonett_paired", conf_level)


def d_rm(pairs: PairedMoments, *, conf_level: float = 0.95) -> Inference:
    """By how many standard deviations did the students change, the standardiser being made from the changes?

    The standard deviation of the changes / sqrt(2 (1 - r)), which is that of a wave where both waves vary alike. The
    interval is normal, by the delta method as :func:`d_av`'s, so that the uncertainty of r counts. Flags as there, and
    ``ONE_WAVE_CONSTANT`` or ``PERFECT_CORRELATION``: undefined. Morris and DeShon (2002)
    doi:10.1037/1082-989X.7.1.105.

    >>> found = d_rm(PairedMoments.printed(25, 8.0, 15.0, 15.0, 0.75))
    >>> round(found.estimate, 4), round(found.conf_low, 4), round(found.conf_high, 4)
    (0.5333, 0.2206, 0.8461)
    """
    moments = _scaled(pairs)
    _, _, sd, one, two = moments
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = (sd**2 - (one - two) ** 2) / (2 * one * two)
        perfect = distance < ROUNDING
        distance = np.where(perfect, np.nan, distance)
        slopes = [(1 - distance) / (4 * distance * wave**2) - 1 / (2 * sd**2) for wave in (one, two)]
        together = 1 / sd**2 - 1 / (2 * distance * one * two)
        found = _standardised(moments, sd / np.sqrt(2 * distance), (*slopes, together), "delta_method", conf_level)
    constant = (sd > 0) & ((one == 0) | (two == 0))
    flags = {"ONE_WAVE_CONSTANT": _flag(constant), "PERFECT_CORRELATION": _flag((sd > 0) & ~constant & perfect)}
    return replace(found, flags={**found.flags, **flags})


def d_z(pairs: PairedMoments, *, conf_level: float = 0.95) -> Inference:
    """By how many standard deviations *of the changes* did the students change?

    It grows with the correlation of the waves and is not comparable with a difference between groups. Limits from the
    noncentral t distribution, exact for normal changes; statistic and P are those of :func:`paired_t`, which these
    limits invert; the standard error is the large-sample one, 1/n + d^2 / (2 n). Flags as there; where all changes are
    equal the estimate is infinite, or 0/0, and undefined. Cumming and Finch (2001) doi:10.1177/0013164401614002.

    >>> found = d_z(PairedMoments.of([60, 62, 71, 58], [64, 63, 77, 63]))
    >>> round(found.estimate, 4), round(found.conf_low, 4), round(found.conf_high, 4)
    (1.8516, 0.111, 3.5322)
    """
    n = pairs.arrays()[0]
    test = paired_t(pairs, conf_level=conf_level)
    t, df = np.asarray(test.statistic), np.asarray(test.df)
    with np.errstate(invalid="ignore", divide="ignore"):
        d = t / np.sqrt(n)
        low, high = (limit / np.sqrt(n) for limit in noncentrality_limits(t, df, conf_level))
        error = np.sqrt((1 + d**2 / 2) / n)
    numbers = {"estimate": d, "std_error": error, "conf_low": low, "conf_high": high}
    return replace(test, **{name: plain(value) for name, value in numbers.items()}, method="noncentral_t_paired")


def sign_flip(
    first: ArrayLike,
    last: ArrayLike,
    *,
    conf_level: float = 0.95,
    resamples: int = 9999,
    seed: int = DEFAULT_SEED,
) -> Inference:
    """Would the mean change be as large if each student's change might as well have been in the other direction?

    Parameters
    ----------
    first, last : arrays (n,), aligned, without missing values.
    resamples : random signs, where they cannot all be counted (they can where changes are short decimals, and up to 15
        pairs always).
    seed : seed of the random signs; P does not depend on the order of the pairs.

    The statistic is the paired t; with signs changed it orders the samples as the sum of the changes does. The limits
    are those of :func:`paired_t`, and so are the flags. Symmetry of the changes around 0 is what is tested. With random
    signs P = (b + 1) / (B + 1); ``method`` ends in ``_exact`` where nothing was drawn.
    Fisher (1935), The Design of Experiments, section 21.

    >>> sign_flip([60, 62, 71, 58], [64, 63, 77, 63]).p_value
    0.125
    """
    found = paired_t(PairedMoments.of(first, last), conf_level=conf_level)
    if found.raised:
        return replace(found, df=np.nan, method="sign_flip_exact")
    p_value, exact = flipped_sum_p(changes(first, last), resamples, seed)
    method = "sign_flip_exact" if exact else "sign_flip"
    return replace(found, df=np.nan, p_value=p_value, method=method, interval_method="paired_t")


def clustered_change(first: ArrayLike, last: ArrayLike, clusters: ArrayLike, *, conf_level: float = 0.95) -> Inference:
    """By how much did students who share classes change on average? CR2 with Satterthwaite degrees of freedom.

    Parameters
    ----------
    first, last : arrays (n,), aligned, without missing values. clusters : array (n,), the class of each student.

    A regression of the changes on a constant. Flags: ``TOO_FEW_CLUSTERS`` (one class: no standard error), ``TOO_FEW``,
    ``NO_VARIATION`` (nobody changed), ``DEGENERATE`` (the mean change is the same in every class).
    Pustejovsky and Tipton (2018) doi:10.1080/07350015.2016.1247004.

    >>> found = clustered_change([1, 2, 3, 4, 5, 6], [2, 4, 4, 7, 9, 8], [0, 0, 1, 1, 2, 2])
    >>> round(found.estimate, 4), round(found.std_error, 4), round(found.df, 2)
    (2.1667, 0.441, 2.0)
    """
    change = changes(first, last)
    settings: dict[str, Any] = {"conf_level": conf_level, "method": "cr2"}
    mean, few = Moments.of(change).mean, len(np.unique(np.asarray(clusters))) < 2
    if few:
        flags = {"TOO_FEW": len(change) < 2, "TOO_FEW_CLUSTERS": len(change) > 1}
        return from_t(mean, np.nan, np.nan, flags=flags, **settings)
    fit = clustered_means(change, np.zeros(len(change), dtype=int), clusters)
    error = float(np.sqrt(fit.covariance[0, 0]))
    none, constant = not change.any(), error <= ROUNDING * float(np.abs(change).max())
    flags = {"TOO_FEW": False, "TOO_FEW_CLUSTERS": False, "NO_VARIATION": none, "DEGENERATE": constant and not none}
    return from_t(mean, 0.0 if constant else error, fit.df(np.ones(1)), flags=flags, **settings)


def correlation(pairs: PairedMoments, *, conf_level: float = 0.95) -> Quantity:
    """How closely do the two waves go together? Pearson's r with Fisher's interval (from four pairs on).

    Flags: ``TOO_FEW``, ``ONE_WAVE_CONSTANT`` (r undefined), ``PERFECT_CORRELATION`` (r is 1 or -1: no interval).
    Fisher (1921), Metron 1:3-32.

    >>> found = correlation(PairedMoments.printed(28, 0.0, 1.0, 1.0, 0.5))
    >>> round(found.value, 3), round(found.conf_low, 3), round(found.conf_high, 3)
    (0.5, 0.156, 0.736)
    """
    n, _, _, one, two = (float(v) for v in pairs.arrays())
    r, constant = float(pairs.correlation), one == 0 or two == 0
    perfect = 1 - abs(r) < ROUNDING
    flags = {"TOO_FEW": n < 4, "ONE_WAVE_CONSTANT": constant, "PERFECT_CORRELATION": n >= 4 and perfect}
    if any(flags.values()):
        value = float(np.sign(r)) if perfect else r
        return Quantity(value, conf_level=conf_level, method="fisher_z", flags=flags)
    found = from_t(r, 1 / np.sqrt(n - 3), conf_level=conf_level, scale="fisher")
    return Quantity(r, found.conf_low, found.conf_high, conf_level, "fisher_z", flags)


def _standardised(
    moments: tuple[Array, ...], standardiser: Array, slopes: tuple[Array, ...], method: str, conf_level: float
) -> Inference:
    """The mean change / a standardiser made from the two variances and the covariance of normal waves.

    slopes : how the log of 1 / standardiser changes with the variance of the first wave, of the last, their covariance.
    """
    n, change, sd, one, two = moments
    v1, v2, c = one**2, two**2, (one**2 + two**2 - sd**2) / 2
    a, b, k = slopes
    spread = 2 * (a * v1) ** 2 + 2 * (b * v2) ** 2 + 4 * a * b * c**2
    spread += k**2 * (v1 * v2 + c**2) + 4 * k * c * (a * v1 + b * v2)
    d = np.where(standardiser > 0, change / standardiser, np.nan)
    error = np.sqrt(((sd / standardiser) ** 2 + d**2 * spread) / (n - 1))
    error = np.where((sd > 0) & np.isfinite(d), error, np.nan)
    return from_t(d, error, conf_level=conf_level, method=method, flags=change_flags(change, sd))


def _scaled(pairs: PairedMoments) -> tuple[Array, ...]:
    """The moments in a unit in which spreads can be raised to the fourth power."""
    n, change, *sds = pairs.arrays()
    unit = power_of_two(np.fmax(sds[1], sds[2]))
    return n, change / unit, *(sd / unit for sd in sds)


def change_flags(change: Array, sd: Array) -> Mapping[str, Any]:
    """Why has the mean change no test?"""
    found = {
        "TOO_FEW": np.isnan(sd),
        "NO_VARIATION": (sd == 0) & (change == 0),
        "DEGENERATE": (sd == 0) & (change != 0),
    }
    return {name: _flag(value) for name, value in found.items()}


def _flag(value: Array) -> Any:
    return value if np.ndim(value) else bool(value)
