"""Between which bounds does the difference lie, whatever the missing scores are?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .adjusted_difference import adjusted_difference
from .inference import Inference, t_quantile, upper_tail_p

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and the highest difference that the scores we have not seen allow.

    low, high : each with its own interval. conf_low, conf_high : the interval for the difference itself, which covers
    it with ``conf_level`` wherever between the bounds it lies. n_missing : scores that are missing.
    flags : ``OUTSIDE_RANGE`` (a score lies outside the declared range, which is not one then: NaN), and those of
    :func:`society_effects.stats.adjusted_difference.adjusted_difference`.
    """

    low: Inference
    high: Inference
    conf_low: float
    conf_high: float
    conf_level: float
    n_missing: int
    flags: Mapping[str, Any]

    @property
    def raised(self) -> tuple[str, ...]:
        """Which flags are true?"""
        return tuple(key for key, value in self.flags.items() if value)


def worst_case_bounds(
    outcome: ArrayLike,
    member: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    lowest: float,
    highest: float,
    conf_level: float = 0.95,
    **settings: Any,
) -> Bounds:
    """How low and how high can the adjusted difference be, whatever the missing scores are?

    Parameters
    ----------
    outcome : (n,), NaN where missing. member : (n,). covariates : (n, k), complete.
    lowest, highest : the range of the scores (0 and 1 for an event). settings : of ``adjusted_difference``.

    Every missing score is set to the end of the range that makes the difference lowest (highest): without covariates
    the lowest score for members and the highest for the others; with them, as the sign of the weight says that the
    regression gives this student. No completion of the data gives a difference outside these two. The interval is that
    of Imbens and Manski for the difference, not for the two bounds, with the t distribution of the regression in place
    of the normal one, so that without missing scores it is the usual interval.

    Manski (1990) American Economic Review 80:319-323; Imbens and Manski (2004) doi:10.1111/j.1468-0262.2004.00555.x.

    >>> found = worst_case_bounds([1, 1, 0, np.nan, 0, 0, 1, 0], [1, 1, 1, 1, 0, 0, 0, 0], lowest=0, highest=1)
    >>> round(found.low.estimate, 4), round(found.high.estimate, 4)
    (0.25, 0.5)
    """
    y, arm = np.asarray(outcome, dtype=float), np.asarray(member).astype(bool)
    gone = np.isnan(y)
    settings = {**settings, "conf_level": conf_level}
    if np.any(y < lowest) or np.any(y > highest):
        none = Inference(np.nan, conf_level=conf_level)
        return Bounds(none, none, np.nan, np.nan, conf_level, int(gone.sum()), {"OUTSIDE_RANGE": True})
    any_scores = adjusted_difference(np.where(gone, lowest, y), arm, covariates, **settings)
    raises = any_scores.errors.fit.weights(np.eye(len(any_scores.terms.names))[1]) > 0
    low, high = (
        adjusted_difference(np.where(gone, np.where(up, highest, lowest), y), arm, covariates, **settings).difference
        for up in (~raises, raises)
    )
    width = highest - lowest
    conf_low, conf_high = (float(np.clip(v, -width, width)) for v in _interval(low, high, conf_level))
    flags = {"OUTSIDE_RANGE": False}
    flags |= {key: bool(low.flags[key] or high.flags[key]) for key in low.flags}
    return Bounds(low, high, conf_low, conf_high, conf_level, int(gone.sum()), flags)


def _interval(low: Inference, high: Inference, conf_level: float) -> tuple[float, float]:
    """Limits whose tails share 1 - conf_level as far as the difference between the bounds allows."""
    larger = max(low.std_error, high.std_error)
    if not (np.isfinite(larger) and larger > 0):
        return np.nan, np.nan
    df, apart = min(low.df, high.df), (high.estimate - low.estimate) / larger
    inner, outer = (float(t_quantile(df, level)) for level in (conf_level, (1 + conf_level) / 2))
    for _ in range(100):
        middle = (inner + outer) / 2
        tails = float(upper_tail_p(middle, df) + upper_tail_p(middle + apart, df))
        inner, outer = (middle, outer) if tails > 1 - conf_level else (inner, middle)
    return float(low.estimate - outer * low.std_error), float(high.estimate + outer * high.std_error)
