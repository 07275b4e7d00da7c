"""How much would students have changed without any effect, had they been chosen because of their first score?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .inference import Inference, from_t, plain, t_quantile
from .moments import Moments
from .paired_differences import PairedMoments, change_flags

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RegressionToTheMean:
    """What regression to the mean would give, and what is left; each field has the shape of ``reliability``.

    expected : the change expected without any effect. beyond : the observed change less the expected one.
    share : expected / observed; more than 1 where more was expected than observed, negative where they have opposite
    signs.
    """

    expected: Inference
    beyond: Inference
    share: Inference


def regression_to_the_mean(
    first: ArrayLike, last: ArrayLike, *, population_mean: float, reliability: ArrayLike, conf_level: float = 0.95
) -> RegressionToTheMean:
    """How much of the change would be expected without any effect, had students been chosen by their first score?

    Parameters
    ----------
    first, last : arrays (n,), aligned, without missing values.
    population_mean : mean first score of the population the students were chosen from, in points, taken as known.
    reliability : correlation of two measurements in that population (test-retest), a number or a grid, 0 to 1.

    Expected change = (1 - reliability) (population mean - mean first score); the population's mean and spread are the
    same at both waves. Only true of selection by that very score: a subpopulation that is stably higher has no such
    drift. Uncertain is the mean of the students at hand (t, n - 1 degrees of freedom), not the two given numbers. The P
    value of ``expected`` tests whether the students' mean is that of the population. ``share`` has Fieller's limits.
    Flags: ``TOO_FEW``; ``NO_VARIATION`` or ``DEGENERATE`` (``expected``: first scores are all equal; ``beyond``: what
    is left is the same for everybody; no limits); ``RATIO_UNBOUNDED`` (the observed change is not clear of 0, so that
    its share has no limits; NaN where it is 0).
    Barnett, van der Pols and Dobson (2005) doi:10.1093/ije/dyh299; Fieller (1954)
    doi:10.1111/j.2517-6161.1954.tb00159.x.

    >>> found = regression_to_the_mean([40, 44, 48, 52], [50, 47, 51, 57], population_mean=60, reliability=[0.6, 0.8])
    >>> found.expected.estimate.round(2).tolist(), found.share.estimate.round(2).tolist()
    ([5.6, 2.8], [1.07, 0.53])
    """
    before, after = (np.asarray(v, dtype=float) for v in (first, last))
    drift, pairs = 1 - np.asarray(reliability, dtype=float), PairedMoments.of(before, after)
    gap = _mean_t(Moments.of(population_mean - before), conf_level)
    left = _mean_t(
        Moments.of(after - population_mean - (1 - drift)[..., None] * (before - population_mean)), conf_level
    )
    return RegressionToTheMean(_times(gap, drift), left, _times(_ratio(gap.estimate, pairs, conf_level), drift))


def _mean_t(moments: Moments, conf_level: float) -> Inference:
    n, mean, sd = moments.arrays()
    with np.errstate(invalid="ignore", divide="ignore"):
        error = sd / np.sqrt(n)
    flags = change_flags(mean, sd)
    return from_t(mean, error, n - 1, conf_level=conf_level, method="regression_to_the_mean", flags=flags)


def _ratio(gap: float, pairs: PairedMoments, conf_level: float) -> Inference:
    """The gap between the population and the students at the first wave / their mean change, with Fieller's limits."""
    n, change, sd, one, two = (float(v) for v in pairs.arrays())
    with_change = (sd**2 + one**2 - two**2) / 2
    of_gap, of_change, of_both = (
        v * float(t_quantile(n - 1, (1 + conf_level) / 2)) ** 2 / n for v in (one**2, sd**2, with_change)
    )
    clear, middle = change**2 - of_change, gap * change - of_both
    unbounded = n > 1 and not clear > 0
    low = high = np.nan
    if n > 1 and not unbounded:
        half = np.sqrt(max(middle**2 - clear * (gap**2 - of_gap), 0.0))
        low, high = (middle - half) / clear, (middle + half) / clear
    return Inference(
        estimate=gap / change if change else np.nan,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        method="fieller",
        flags={"TOO_FEW": n < 2, "RATIO_UNBOUNDED": unbounded},
    )


def _times(found: Inference, factor: Array) -> Inference:
    """An estimate on the plain scale in another unit."""
    names = ("estimate", "std_error", "conf_low", "conf_high")
    numbers = {name: plain(factor * getattr(found, name)) for name in names}
    return replace(found, **numbers)
