"""The right half of an estimation plot: each difference with its interval and distribution, on a floating axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .palette import INK, MEMBER, PALE, QUIET, Look
from .scales import nice_ticks, tick_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray
FACTORS = (20.0, 15.0, 10.0, 8.0, 6.0, 5.0, 4.0, 3.0, 2.0)
"""By how much the axis of the differences may be magnified against that of the scores."""
TOO_SMALL, FULL = 0.30, 0.62
"""Share of the height below which differences are magnified, and up to which they may then grow."""
TICK_DISTANCE, ABOVE_EDGE = 3.6, 1.5  # mm between ticks, and between the lowest and the names below, at least
TAIL = 0.01
"""Share of its peak below which a distribution is not drawn."""
ARROW = 0.025
"""Share of the axis that is left above the middle of an arrow."""
PLACE, WIDEST = 0.30, 0.42  # within the unit of each contrast: the estimate, and the width of its density


@dataclass(frozen=True)
class Contrast:
    """A difference as it is drawn: its name, its texts, its limits and its distribution.

    brief : the name without that of the reference.
    """

    key: str
    label: str
    brief: str
    value: str
    interval: str
    limits: str
    estimate: float
    low: float
    high: float
    truth: float
    truth_word: str
    x: Array | None = None
    density: Array | None = None
    look: Look = Look(MEMBER, "o")  # noqa: RUF009
    simultaneous: tuple[float, float] = (math.nan, math.nan)
    margin: tuple[float, float] | None = None


@dataclass(frozen=True)
class Lettering:
    """Type size of notes, length of the axis in mm, place of the texts within the unit of a contrast, thousands."""

    size: float
    height: float
    middle: float
    grouping: str


def draw_contrasts(
    ax: Axes,
    contrasts: Sequence[Contrast],
    span: tuple[float, float],
    reference: float,
    lettering: Lettering,
    guided: bool = False,
) -> None:
    """Draw all differences from one reference group on an axis whose zero stands beside the centre of that group.

    span : limits of the axis of the scores. reference : centre of the reference group.
    guided : a thin line comes over from the other group and goes on to the estimate.
    """
    magnified = magnification(contrasts, span, reference)
    low, high = ((v - reference) / magnified for v in span)
    ax.set_xlim(0, len(contrasts))
    ax.set_ylim(low, high)
    ax.axhline(0, color=QUIET, lw=0.6, zorder=1, gid="null")
    for place, contrast in enumerate(contrasts):
        _draw_one(ax, place, contrast, lettering)
    if guided:
        ax.plot([0, PLACE], [contrasts[0].estimate] * 2, color=QUIET, lw=0.6, zorder=1, gid="guide")
    _axis(ax, *floating_ticks(contrasts, (low, high), lettering.height), lettering.grouping)
    ax.set_xticks([p + lettering.middle for p in range(len(contrasts))], [c.label for c in contrasts], linespacing=1.2)
    ax.tick_params(axis="x", length=0)


def ends_of(contrasts: Sequence[Contrast], joint: bool = True) -> list[float]:
    """The numbers the axis must show: estimates, limits and truths. joint : with the limits for the whole family."""
    shown = ((c.estimate, c.low, c.high, c.truth, *(c.simultaneous if joint else ())) for c in contrasts)
    return [v for numbers in shown for v in numbers if math.isfinite(v)]


def magnification(contrasts: Sequence[Contrast], span: tuple[float, float], reference: float) -> float:
    """By how much must the axis be magnified for the differences to be read? 1 where they are large enough."""
    ends = ends_of(contrasts)
    extent = max([0.0, *ends]) - min([0.0, *ends])
    height = span[1] - span[0]
    if not ends or extent <= 0 or extent >= TOO_SMALL * height:
        return 1.0
    above, below = (span[1] - reference) * 0.95, (reference - span[0]) * 0.95
    for factor in FACTORS:
        highest, lowest = (factor * v for v in (max(ends) + 0.2 * extent, min(ends) - 0.2 * extent))
        if extent * factor <= FULL * height and highest <= above and -lowest <= below:
            return factor
    return 1.0


def _draw_one(ax: Axes, place: float, contrast: Contrast, lettering: Lettering) -> None:
    at = place + PLACE
    if contrast.margin is not None:
        low, high = (min(max(v, ax.get_ylim()[0]), ax.get_ylim()[1]) for v in contrast.margin)
        ax.fill_between([place + 0.06, place + 0.94], low, high, color=PALE, lw=0, zorder=0, gid="margin")
    if all(map(math.isfinite, contrast.simultaneous)):
        _draw_joint(ax, at, contrast.simultaneous)
    if contrast.x is not None and contrast.density is not None and len(contrast.x):
        share = contrast.density / contrast.density.max()
        seen = share >= TAIL
        shade: dict[str, Any] = {
            "color": contrast.look.colour,
            "alpha": 0.25,
            "lw": 0,
            "zorder": 2,
            "gid": "distribution",
        }
        ax.fill_betweenx(contrast.x[seen], at, at + WIDEST * share[seen], **shade)
    if math.isfinite(contrast.low) and math.isfinite(contrast.high):
        ends = [contrast.low, contrast.high]
        ax.plot([at] * 2, ends, color=INK, lw=2.0, solid_capstyle="butt", zorder=4, gid="interval")
    if math.isfinite(contrast.estimate):
        marker = contrast.look.marker
        ax.plot([at], [contrast.estimate], marker, ms=6.2, mfc=INK, mec="white", mew=0.5, zorder=5, gid="estimate")
    if math.isfinite(contrast.truth):
        ax.plot(
            [place + 0.08, place + 0.98], [contrast.truth] * 2, color=INK, lw=0.8, ls=(0, (3, 2)), zorder=3, gid="truth"
        )
        above = contrast.truth >= contrast.estimate
        where: dict[str, Any] = {"xytext": (0, 1.5 if above else -1.5), "textcoords": "offset points", "ha": "right"}
        corner = (place + 0.98, contrast.truth)
        ax.annotate(
            contrast.truth_word, corner, va="bottom" if above else "top", fontsize=lettering.size, color=QUIET, **where
        )
    _write_value(ax, place + lettering.middle, contrast, lettering.size)


def _draw_joint(ax: Axes, at: float, limits: tuple[float, float]) -> None:
    """The interval for the whole family, thin; arrows at the end of the axis where it goes on beyond."""
    low, high = ax.get_ylim()
    room = ARROW * (high - low)
    ends = [low + room if limits[0] < low else limits[0], high - room if limits[1] > high else limits[1]]
    ax.plot([at] * 2, ends, color=INK, lw=0.8, solid_capstyle="butt", zorder=3, gid="simultaneous")
    beyond = [(end, arrow) for end, v, arrow in zip(ends, limits, "v^", strict=True) if end != v]
    for end, arrow in beyond:
        ax.plot([at], [end], arrow, ms=3.0, color=INK, mew=0, zorder=4, gid="beyond")


def _write_value(ax: Axes, place: float, contrast: Contrast, note_size: float) -> None:
    where: dict[str, Any] = {
        "xycoords": ax.get_xaxis_transform(),
        "textcoords": "offset points",
        "ha": "center",
        "annotation_clip": False,
    }
    lift = note_size * 1.3
    ax.annotate(contrast.value, (place, 1), (0, lift + 3), va="bottom", fontweight="bold", gid="value", **where)
    if contrast.interval:
        ax.annotate(contrast.interval, (place, 1), (0, 2), va="bottom", fontsize=note_size, gid="limits", **where)


def floating_ticks(
    contrasts: Sequence[Contrast], span: tuple[float, float], height: float
) -> tuple[list[float], float]:
    """Ticks of the floating axis and their step: as far as the differences go, zero included, and at least two.

    span : limits of the axis. height : its length in mm.
    """
    ends = [*ends_of(contrasts), 0.0]
    extent = max(ends) - min(ends) or (span[1] - span[0]) / 2
    lowest = span[0] + ABOVE_EDGE / height * (span[1] - span[0])
    for room in (0.25, 1.0, 3.0, math.inf):
        low, high = max(min(ends) - room * extent, lowest), min(max(ends) + room * extent, span[1])
        for at_most in (6, 5, 4, 3, 2):
            ticks, step = nice_ticks(low, high, at_most)
            if len(ticks) > 1 and step / (span[1] - span[0]) * height >= TICK_DISTANCE:
                return ticks, step
    return ticks, step


def _axis(ax: Axes, ticks: Sequence[float], step: float, grouping: str) -> None:
    ax.yaxis.tick_right()
    ax.yaxis.set_label_position("right")
    ax.yaxis.set_ticks(ticks, labels=[tick_text(t, step, grouping) for t in ticks])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.spines["right"].set_visible(True)
    ax.spines["right"].set_bounds(ticks[0], ticks[-1])
