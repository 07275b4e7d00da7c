"""How much may trends differ after joining, measured by what they did before, until nothing is left of an effect?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .influence import Influenced

Array = NDArray[np.float64]
MAGNITUDES = (0.0, 0.5, 1.0, 1.5, 2.0)
FARTHEST = 1024.0


@dataclass(frozen=True, slots=True)
class RelativeMagnitudes:
    """What remains of an effect when trends differ after joining by up to so many times what they did before.

    magnitude : array (m,). set_low, set_high : arrays (m,), the effects that the estimates leave possible.
    conf_low, conf_high : arrays (m,), conservative limits of that set. breakdown : the largest magnitude at which the
    limits exclude 0; 0 if they include it without any violation, NaN if no magnitude makes them include it.
    """

    estimate: float
    magnitude: Array
    set_low: Array
    set_high: Array
    conf_low: Array
    conf_high: Array
    breakdown: float
    conf_level: float
    flags: dict[str, Any] = field(default_factory=dict)


def relative_magnitudes(
    path: Influenced,
    times: ArrayLike,
    *,
    base_period: str,
    weights: ArrayLike | None = None,
    magnitudes: Sequence[float] = MAGNITUDES,
    conf_level: float = 0.95,
) -> RelativeMagnitudes:
    """What remains of the effect if trends after joining differ by up to M times the largest step seen before joining?

    Parameters
    ----------
    path, times : an event path with its waves since joining, before and after, of one ``base_period``.
    weights : of the waves from 0 on; by default their plain mean.

    From wave to wave, the difference in trends may grow by M times the largest step between waves before joining; e
    waves after joining it is at most (e + 1) times that. The limits are the union, over steps and directions, of the
    t limits of the estimate shifted by that step: conservative limits of the identified set, not the shortest ones of
    Rambachan and Roth. Flags: ``NO_PRE_WAVES``, ``NO_POST_WAVES``.
    Rambachan and Roth (2023) doi:10.1093/restud/rdad018.

    >>> influence = np.random.default_rng(1).normal(size=(400, 3)) / 400
    >>> one = Influenced(np.array([0.05, 0.5, 0.7]), influence, influence != 0, np.zeros(400, int))
    >>> found = relative_magnitudes(one, [-2, 0, 1], base_period="universal")
    >>> found.set_low.round(4).tolist()
    [0.6, 0.5625, 0.525, 0.4875, 0.45]
    """
    at, wanted = np.asarray(times), np.asarray(magnitudes, dtype=float)
    usable = path.std_error > 0
    steps, after = _steps(at, usable, base_period), usable & (at >= 0)
    if not steps.shape[1] or not after.any():
        nothing, flags = (
            np.full(len(wanted), np.nan),
            {"NO_PRE_WAVES": not steps.shape[1], "NO_POST_WAVES": not after.any()},
        )
        return RelativeMagnitudes(np.nan, wanted, nothing, nothing, nothing, nothing, np.nan, conf_level, flags)
    target = np.zeros(len(at))
    target[after] = 1 / after.sum() if weights is None else np.asarray(weights, dtype=float)
    reach = float(np.abs(target[after]) @ (at[after] + 1))
    known = path.only(usable)
    estimate, step = float(target[usable] @ known.estimate), float(np.abs(known.estimate @ steps[usable]).max())

    def limits(magnitude: float) -> tuple[float, float]:
        shifts = magnitude * reach * np.column_stack([steps, -steps])
        found = known.combined((target[:, None] + shifts)[usable]).inference(conf_level=conf_level)
        return float(np.min(found.conf_low)), float(np.max(found.conf_high))

    bounds = np.array([limits(magnitude) for magnitude in wanted])
    return RelativeMagnitudes(
        estimate=estimate,
        magnitude=wanted,
        set_low=estimate - wanted * reach * step,
        set_high=estimate + wanted * reach * step,
        conf_low=bounds[:, 0],
        conf_high=bounds[:, 1],
        breakdown=_breakdown(lambda magnitude: bool(np.prod(np.sign(limits(magnitude))) > 0)),
        conf_level=conf_level,
    )


def _steps(at: NDArray[np.int64], usable: NDArray[np.bool_], base_period: str) -> Array:
    """What each step between waves before joining is in the estimates, array (k, steps); per wave where some lack."""
    before = np.flatnonzero(usable & (at < 0))
    if base_period == "varying":
        return np.eye(len(at))[:, before]
    order = before[np.argsort(at[before])]
    columns = []
    for place, first in enumerate(order):
        last = order[place + 1] if place + 1 < len(order) else None
        step = np.zeros(len(at))
        gap = (-1 if last is None else at[last]) - at[first]
        step[first] = -1 / gap
        if last is not None:
            step[last] = 1 / gap
        columns.append(step)
    return np.array(columns, dtype=float).reshape(len(columns), len(at)).T


def _breakdown(excluded: Callable[[float], bool]) -> float:
    """The largest magnitude that still excludes 0, by bisection."""
    if not excluded(0.0):
        return 0.0
    low, high = 0.0, 1.0
    while excluded(high):
        low, high = high, 2 * high
        if high > FARTHEST:
            return np.nan
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if excluded(middle) else (low, middle)
    return low
