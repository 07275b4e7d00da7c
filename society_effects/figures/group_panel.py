"""The left half of an estimation plot: the values of each group, their centre and its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .contrast_panel import Contrast, ends_of
from .palette import INK, NON_MEMBER, QUIET, Look
from .scales import plain_axis, reach

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_POINTS = 2000
"""Values per group up to which each student is a point."""
GOLDEN = (math.sqrt(5) - 1) / 2
HALF_WIDTH = 0.30  # of the distance between two groups: the widest swarm or density
LEFT, RIGHT = 0.55, 0.65  # of that distance, beside the first and the last group
BINS = 24
WIDEST_WITH_JOINT = 2.0
"""By how much the intervals for a whole family may widen the axis; wider ones are cut off, with an arrow."""
Array = np.ndarray


@dataclass(frozen=True)
class Group:
    """A group as it is drawn: its name, its centre with limits, quartiles, values and their density.

    what : what the centre is: mean, median, trimmed_mean or share.
    """

    key: str
    name: str
    label: str
    n: float
    centre: float
    low: float
    high: float
    what: str = "mean"
    q1: float = math.nan
    q3: float = math.nan
    values: Array | None = None
    x: Array | None = None
    density: Array | None = None
    look: Look = Look(NON_MEMBER, "s")  # noqa: RUF009

    @property
    def is_share(self) -> bool:
        """Is the centre a share of the students?"""
        return self.what == "share"


def span_of(groups: Sequence[Group], contrasts: Sequence[Contrast], reference: Group) -> tuple[float, float]:
    """From where to where does the axis of the scores go? It holds all values, centres, limits, and the difference."""
    numbers = [v for g in groups for v in (g.centre, g.low, g.high, g.q1, g.q3)]
    for group in groups:
        if group.values is not None and len(group.values):
            numbers += [float(group.values.min()), float(group.values.max())]
    low, high = reach([*numbers, *(reference.centre + v for v in ends_of(contrasts, joint=False))])
    wider = reach([*numbers, *(reference.centre + v for v in ends_of(contrasts))])
    return wider if wider[1] - wider[0] <= WIDEST_WITH_JOINT * (high - low) else (low, high)


def draw_groups(
    ax: Axes, groups: Sequence[Group], span: tuple[float, float], guided: Sequence[Group], scale: float, grouping: str
) -> None:
    """Draw every group: values light, quartiles as a pale bar, the centre and its interval dark.

    guided : groups whose centre a thin line carries over to the axis of the differences.
    scale : size of the points of students, 1 in a figure of one outcome. grouping : separator of thousands.
    """
    for group in guided:
        ax.plot(
            [groups.index(group), len(groups) - 1 + RIGHT],
            [group.centre] * 2,
            color=QUIET,
            lw=0.6,
            zorder=1,
            gid="guide",
        )
    for place, group in enumerate(groups):
        if group.values is not None and len(group.values):
            _draw_values(ax, place, group, scale)
        if group.q1 == group.q1:
            bar: dict[str, Any] = {
                "color": group.look.colour,
                "alpha": 0.45,
                "lw": 3.2,
                "solid_capstyle": "butt",
                "zorder": 2,
            }
            ax.plot([place + 0.40] * 2, [group.q1, group.q3], gid="quartiles", **bar)
        if group.low == group.low:
            ax.plot(
                [place] * 2, [group.low, group.high], color=INK, lw=1.6, solid_capstyle="butt", zorder=4, gid="interval"
            )
        ax.plot(
            [place], [group.centre], group.look.marker, ms=5.2, mfc=INK, mec="white", mew=0.5, zorder=5, gid="centre"
        )
    ax.set_xlim(-LEFT, len(groups) - 1 + RIGHT)
    ax.set_xticks(range(len(groups)), [g.label for g in groups], linespacing=1.2)
    ax.tick_params(axis="x", length=0)
    ax.set_ylim(*span)
    ticks = plain_axis(ax.yaxis, *axis_of(groups, span), grouping)
    ax.spines["left"].set_bounds(ticks[0], ticks[-1])
    ax.spines["bottom"].set_visible(False)


def axis_of(groups: Sequence[Group], span: tuple[float, float]) -> tuple[float, float]:
    """From where to where may ticks stand? Shares end at 0 and 100 %."""
    return (max(span[0], 0.0), min(span[1], 100.0)) if all(g.is_share for g in groups) else span


def _draw_values(ax: Axes, place: float, group: Group, scale: float) -> None:
    values = np.sort(np.asarray(group.values))
    if len(values) > MOST_POINTS and group.x is not None and group.density is not None:
        width = HALF_WIDTH * group.density / group.density.max()
        ax.fill_betweenx(group.x, place - width, place + width, color=group.look.colour, alpha=0.3, lw=0, gid="density")
        return
    if len(values) > MOST_POINTS:
        values = values[np.linspace(0, len(values) - 1, MOST_POINTS).round().astype(int)]
    n = len(values)
    alpha = float(np.clip(6.5 / math.sqrt(n), 0.12, 0.55))
    size = scale * float(np.clip(30.0 / math.sqrt(n), 1.2, 4.2))
    style: dict[str, Any] = {
        "ms": size,
        "alpha": alpha,
        "color": group.look.colour,
        "mew": 0,
        "ls": "",
        "zorder": 1,
        "gid": "values",
    }
    ax.plot(place + jitter(values), values, marker=group.look.marker, rasterized=n > 500, **style)


def jitter(values: Array) -> Array:
    """How far beside the axis does each of these sorted values stand? The wider the denser they are; never by chance.

    >>> bool(abs(jitter(np.arange(9.0))).max() <= HALF_WIDTH)
    True
    """
    n = len(values)
    span = float(values[-1] - values[0]) if n else 0.0
    if span <= 0:
        crowd = np.full(n, n)
    else:
        bins = np.minimum(((values - values[0]) / span * BINS).astype(int), BINS - 1)
        counts = np.bincount(bins, minlength=BINS)
        crowd = ((counts + np.r_[counts[1:], 0] + np.r_[0, counts[:-1]]) / 2)[bins]
    width = HALF_WIDTH * np.clip(np.sqrt(crowd / max(float(crowd.max()), 12.0)), 0.15, 1.0) if n else np.array([])
    return width * (2 * ((np.arange(n) * GOLDEN) % 1.0) - 1)
