"""Where do the ticks of an axis stand, and how far does it reach?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from ..language.numbers import MINUS
from .lettering import width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

NICE = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0)
ROOM = 0.06  # of the range, free at both ends
FURTHEST_RATIO = 100.0


def tick_text(value: float, step: float, grouping: str = "") -> str:
    """A tick as plain text, with as many decimals as its step needs. grouping : separator of thousands."""
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    if step > 0 and abs(step * 10**digits - round(step * 10**digits)) > 1e-6:
        digits += 1
    text = f"{value:,.{digits}f}"
    text = text.replace("-", MINUS) if float(text.replace(",", "")) else text.lstrip("-")
    return text.replace(",", grouping)


def nice_ticks(low: float, high: float, at_most: int = 6) -> tuple[list[float], float]:
    """Round numbers within these limits, as many as allowed, and the step between them.

    >>> nice_ticks(52.0, 107.0)
    ([60.0, 70.0, 80.0, 90.0, 100.0], 10.0)
    """
    if not high > low:
        return [low], 1.0
    power = 10.0 ** math.floor(math.log10((high - low) / at_most))
    for step in (nice * power for nice in NICE):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < at_most:
            break
    return [k * step for k in range(first, last + 1)], step


def tick_texts(low: float, high: float, grouping: str = "", at_most: int = 6) -> list[str]:
    """The texts of these ticks."""
    ticks, step = nice_ticks(low, high, at_most)
    return [tick_text(t, step, grouping) for t in ticks]


def named_ticks(low: float, high: float, grouping: str = "", at_most: int = 6) -> dict[float, str]:
    """Round numbers within these limits with their texts.

    >>> named_ticks(-0.6, 0.6, at_most=3)
    {-0.5: '−0.5', 0.0: '0.0', 0.5: '0.5'}
    """
    ticks, step = nice_ticks(low, high, at_most)
    return {tick: tick_text(tick, step, grouping) for tick in ticks}


def plain_axis(axis: Axis, low: float, high: float, grouping: str = "", at_most: int = 6) -> list[float]:
    """Put round ticks on a linear axis."""
    ticks, step = nice_ticks(low, high, at_most)
    axis.set_ticks(ticks, labels=[tick_text(t, step, grouping) for t in ticks])
    return ticks


def fitting_axis(axes: Axes, low: float, high: float, points: float, grouping: str = "") -> list[float]:
    """Put round ticks on a horizontal linear axis, as many as have room for their texts in this type size."""
    inches = axes.get_window_extent().transformed(axes.figure.dpi_scale_trans.inverted())
    width = inches.width * 25.4
    for at_most in (6, 5, 4, 3, 2):
        texts = tick_texts(low, high, grouping, at_most)
        if sum(width_of(text, points, False) + points * 0.35 for text in texts) <= width * 0.9:
            break
    return plain_axis(axes.xaxis, low, high, grouping, at_most)


def log_axis(axis: Axis, low: float, high: float, grouping: str = "") -> list[float]:
    """Put plain ratios (0.5, 1, 2) on a logarithmic axis, and no more than eight."""
    axis.axes.set_xscale("log")
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    chosen: list[float] = []
    for mantissas in ((1.0, 1.5, 2.0, 3.0, 5.0, 7.0), (1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        chosen = [m * 10.0**p for p in powers for m in mantissas if low <= m * 10.0**p <= high]
        if len(chosen) <= 8:
            break
    axis.set_ticks(chosen, labels=[f"{t:,.6g}".replace(",", grouping) for t in chosen])
    axis.set_ticks([], minor=True)
    return chosen


def reach(numbers: Iterable[float], logarithmic: bool = False) -> tuple[float, float]:
    """From where to where must an axis go to show these numbers, with a little room at both ends?"""
    values = np.array([float(v) for v in numbers if math.isfinite(v) and (v > 0 or not logarithmic)])
    if logarithmic:
        logs = np.log(np.clip(values, 1 / FURTHEST_RATIO, FURTHEST_RATIO)) if len(values) else np.array([0.0])
        low, high = min(logs.min(), -math.log(1.5)), max(logs.max(), math.log(1.5))
        room = ROOM * (high - low)
        return math.exp(low - room), math.exp(high + room)
    low, high = (float(values.min()), float(values.max())) if len(values) else (-1.0, 1.0)
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300):
        half = abs(low) * 0.1 or 1.0
        low, high = low - half, high + half
    room = ROOM * (high - low)
    return low - room, high + room
