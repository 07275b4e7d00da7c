"""The right half of an estimation plot: each difference with its interval and distribution, on a floating axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .palette import FAINT, INK, MEMBER, QUIET, Look
from .scales import plain_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray
FACTORS = (20.0, 10.0, 5.0, 4.0, 3.0, 2.0)
"""By how much the axis of the differences may be magnified against that of the scores."""
TOO_SMALL, FULL = 0.30, 0.62
"""Share of the height below which differences are magnified, and up to which they may then grow."""
PLACE, WIDEST = 0.30, 0.42  # within the unit of each contrast: the estimate, and the width of its density


@dataclass(frozen=True)
class Contrast:
    """A difference as it is drawn: its name, its texts, its limits and its distribution."""

    key: str
    label: str
    value: str
    interval: str
    estimate: float
    low: float
    high: float
    truth: float
    truth_word: str
    x: Array | None = None
    density: Array | None = None
    look: Look = Look(MEMBER, "o")  # noqa: RUF009


def draw_contrasts(
    ax: Axes, contrasts: Sequence[Contrast], span: tuple[float, float], reference: float, note_size: float
) -> float:
    """Draw all differences from one reference group; by how much their axis is magnified against that of the scores.

    span : limits of the axis of the scores. reference : mean of the reference group, where the difference is zero.
    """
    ends = [v for c in contrasts for v in (c.estimate, c.low, c.high, c.truth) if math.isfinite(v)]
    magnified = magnification(ends, span, reference)
    low, high = ((v - reference) / magnified for v in span)
    ax.set_xlim(0, len(contrasts))
    ax.set_ylim(low, high)
    ax.axhline(0, color=QUIET, lw=0.6, zorder=1, gid="null")
    for place, contrast in enumerate(contrasts):
        _draw_one(ax, place, contrast, note_size)
    _axis(ax, [*ends, 0.0], (low, high))
    ax.set_xticks([p + PLACE + 0.1 for p in range(len(contrasts))], [c.label for c in contrasts], linespacing=1.2)
    ax.tick_params(axis="x", length=0)
    return magnified


def magnification(ends: Sequence[float], span: tuple[float, float], reference: float) -> float:
    """By how much must the axis be magnified for the differences to be read? 1 where they are large enough."""
    extent = max([0.0, *ends]) - min([0.0, *ends])
    height = span[1] - span[0]
    if not ends or extent <= 0 or extent >= TOO_SMALL * height:
        return 1.0
    above, below = (span[1] - reference) * 0.95, (reference - span[0]) * 0.95
    for factor in FACTORS:
        if extent * factor <= FULL * height and max(ends) * factor <= above and -min(ends) * factor <= below:
            return factor
    return 1.0


def _draw_one(ax: Axes, place: float, contrast: Contrast, note_size: float) -> None:
    at = place + PLACE
    if contrast.x is not None and contrast.density is not None and len(contrast.x):
        width = WIDEST * contrast.density / contrast.density.max()
        shade = {"color": contrast.look.colour, "alpha": 0.25, "lw": 0, "zorder": 2, "gid": "distribution"}
        ax.fill_betweenx(contrast.x, at, at + width, **shade)
    if math.isfinite(contrast.low) and math.isfinite(contrast.high):
        ends = [contrast.low, contrast.high]
        ax.plot([at] * 2, ends, color=INK, lw=2.0, solid_capstyle="butt", zorder=4, gid="interval")
    if math.isfinite(contrast.estimate):
        marker = contrast.look.marker
        ax.plot([at], [contrast.estimate], marker, ms=6.2, mfc=INK, mec="white", mew=0.5, zorder=5, gid="estimate")
    if math.isfinite(contrast.truth):
        ax.plot([place + 0.08, place + 0.98], [contrast.truth] * 2, color=INK, lw=0.8, ls=(0, (3, 2)), zorder=3, gid="truth")
        above = contrast.truth >= contrast.estimate
        where = {"xytext": (0, 1.5 if above else -1.5), "textcoords": "offset points", "ha": "right"}
        corner = (place + 0.98, contrast.truth)
        ax.annotate(contrast.truth_word, corner, va="bottom" if above else "top", fontsize=note_size, color=QUIET, **where)
    _write_value(ax, place, contrast, note_size)


def _write_value(ax: Axes, place: float, contrast: Contrast, note_size: float) -> None:
    where = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", "ha": "center", "annotation_clip": False}
    lift = note_size * 1.3
    ax.annotate(contrast.value, (place + 0.5, 1), (0, lift + 3), va="bottom", fontweight="bold", gid="value", **where)
    if contrast.interval:
        ax.annotate(contrast.interval, (place + 0.5, 1), (0, 2), va="bottom", fontsize=note_size, gid="limits", **where)


def _axis(ax: Axes, ends: Sequence[float], span: tuple[float, float]) -> None:
    """A floating axis at the right that reaches only as far as the differences do."""
    extent = max(ends) - min(ends) or (span[1] - span[0]) / 4
    low, high = max(min(ends) - 0.25 * extent, span[0]), min(max(ends) + 0.25 * extent, span[1])
    ax.yaxis.tick_right()
    ax.yaxis.set_label_position("right")
    ticks = plain_axis(ax.yaxis, low, high, at_most=6)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.spines["right"].set_visible(True)
    ax.spines["right"].set_bounds(ticks[0], ticks[-1])
    ax.spines["right"].set_color(FAINT if len(ticks) < 2 else INK)
