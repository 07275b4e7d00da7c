"""Contour lines of an estimate over how strong an unmeasured cause is, with the points it is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patheffects import withStroke

from .canvas import LINE_SPACING, MM_PER_INCH, small_size
from .label_places import Box, Places, way
from .lettering import has_chinese, width_of, wrapped
from .palette import INK, MEMBER, QUIET
from .wording import PER_CENT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = np.ndarray
LINES = "#BDBDBD"
WIDEST_LABEL = (0.55, 0.4, 0.8)  # of the drawing, the first wished for most
BEGINNING = 18
"""Characters of a long label that are written where there is no room for it."""
FINE = 121
"""Places on each axis between which the lines are drawn."""
SHAPES = ("o", "s", "^", "D", "v", "P", "<", ">", "X", "p")
"""One for each covariate, the same in all panels."""
FILLS = ("white", "#B9CFE0", MEMBER)
"""Filling of a benchmark that is once, twice, three times as strong as its covariate."""
LEAD = 2.8  # mm from a point to its label, from which a line joins them
HALO = (withStroke(linewidth=2.0, foreground="white"),)


@dataclass(frozen=True)
class Surface:
    """Estimate and nearest limit on a grid (outcome, member) of shares, and where the axes end."""

    x: Array
    y: Array
    estimate: Array
    limit: Array
    right: float
    top: float

    def span(self) -> tuple[float, float]:
        """From which to which estimate the drawing goes."""
        corner = self._at(self.estimate, self.right)
        ends = self.estimate[0, 0], float(np.interp(self.top, self.y, corner))
        return min(ends), max(ends)

    def fine(self) -> Surface:
        """The same on a finer grid between the axes; over the roots of both shares it is nearly linear."""
        x, y = (np.linspace(0, np.sqrt(end), FINE) ** 2 for end in (self.right, self.top))
        estimate, limit = (_between(grid, (self.x, self.y), (x, y)) for grid in (self.estimate, self.limit))
        return Surface(x, y, estimate, limit, self.right, self.top)

    @property
    def reaches_zero(self) -> bool:
        """Is the line of no difference within the axes?"""
        low, high = self.span()
        return low < 0.0 < high

    @property
    def limit_excludes_zero(self) -> bool:
        """Does the interval exclude zero where there is no unmeasured cause?"""
        first = self.limit[0, 0]
        return bool(first == first and first * self.estimate[0, 0] > 0)

    def at_right(self, grid: Array, level: float) -> float | None:
        """The share of the outcome at which the line of this level meets the right edge; None where it does not."""
        edge = self._at(grid, self.right)
        known = np.isfinite(edge)
        y, edge = self.y[known], edge[known]
        crossed = np.flatnonzero((edge[:-1] - level) * (edge[1:] - level) <= 0)
        for i in crossed:
            if edge[i] == edge[i + 1]:
                continue
            place = float(y[i] + (level - edge[i]) / (edge[i + 1] - edge[i]) * (y[i + 1] - y[i]))
            if 0 < place <= self.top:
                return place
        return None

    def _at(self, grid: Array, share: float) -> Array:
        """The values of a grid at this share of membership."""
        return np.array([np.interp(share, self.x, row) for row in grid])


def _between(grid: Array, known: tuple[Array, Array], wanted: tuple[Array, Array]) -> Array:
    """A grid (outcome, member) at other shares, interpolated over their roots."""
    (x, y), (fine_x, fine_y) = ([np.sqrt(shares) for shares in pair] for pair in (known, wanted))
    wide = np.array([np.interp(fine_x, x, row) for row in grid])
    return np.array([np.interp(fine_y, y, column) for column in wide.T]).T


@dataclass(frozen=True)
class Benchmark:
    """A cause so many times as strong as a covariate: its places (k, 2), the times, and a label of each, if any."""

    term: str
    shape: str
    places: Array
    times: Sequence[float]
    labels: Sequence[str]

    @property
    def named(self) -> bool:
        """Has any of the points a label?"""
        return any(self.labels)


def draw_surface(
    ax: Axes,
    surface: Surface,
    levels: Sequence[float],
    benchmarks: Sequence[Benchmark],
    origin: str,
    x_ticks: Mapping[float, str],
    lost: dict[str, str],
) -> None:
    """Draw the lines, the origin with its estimate, and the benchmarks with labels that cover nothing.

    lost : filled with the terms whose name had no room, and the shape of their points.
    """
    ax.set_xlim(0, surface.right * PER_CENT)
    ax.set_ylim(0, surface.top * PER_CENT)
    ax.set_xticks([share * PER_CENT for share in x_ticks], list(x_ticks.values()))
    x, y = surface.x * PER_CENT, surface.y * PER_CENT
    others = [level for level in levels if level != 0]
    if others:
        drawn = ax.contour(x, y, surface.estimate, levels=others, colors=LINES, linewidths=0.7, linestyles="solid")
        drawn.set_gid("contour")
    dark = []
    if surface.reaches_zero:
        dark.append(ax.contour(x, y, surface.estimate, levels=[0.0], colors=INK, linewidths=1.5, linestyles="solid"))
        dark[-1].set_gid("zero")
    if surface.limit_excludes_zero and np.nanmin(surface.limit) < 0 < np.nanmax(surface.limit):
        style: Any = [(0, (4, 2))]
        dark.append(ax.contour(x, y, surface.limit, levels=[0.0], colors=INK, linewidths=1.0, linestyles=style))
        dark[-1].set_gid("limit")
    _draw_points(ax, benchmarks)
    look: dict[str, Any] = {"ms": 6.0, "mfc": INK, "mec": "white", "mew": 0.6, "clip_on": False, "zorder": 7}
    ax.plot([0], [0], "D", gid="origin", **look)
    lost |= _label(ax, surface, benchmarks, origin, [_places(ax, line) for line in dark])


def _draw_points(ax: Axes, benchmarks: Sequence[Benchmark]) -> None:
    for one in benchmarks:
        places = one.places * PER_CENT
        if not one.named:
            ax.plot(*places.T, ".", ms=3.0, color=QUIET, clip_on=False, zorder=5, gid="weak benchmark")
            continue
        ax.plot(*places.T, color=QUIET, lw=0.5, zorder=4, gid="same covariate")
        for (x, y), times in zip(places, one.times, strict=True):
            fill = FILLS[min(max(round(times), 1), len(FILLS)) - 1]
            how: dict[str, Any] = {"mfc": fill, "mec": INK, "mew": 0.8, "clip_on": False, "zorder": 6}
            ax.plot([x], [y], one.shape, ms=4.6, gid="benchmark", **how)


def _label(
    ax: Axes, surface: Surface, benchmarks: Sequence[Benchmark], origin: str, lines: Sequence[Array]
) -> dict[str, str]:
    """Write the estimate at the origin and the labels of benchmarks, the strongest first; terms without room."""
    width, height = _size(ax)
    scale = np.array([width / surface.right, height / surface.top])
    room = Places(width, height, list(lines))
    for one in benchmarks:
        places = one.places * scale
        for x, y in places:
            room.keep_free(x, y)
        room.lines += [way(*ends) for ends in pairwise(places) if one.named]
    room.keep_free(0.0, 0.0)
    _write(ax, room, (0.0, 0.0), origin, far=True, bold=True)
    lost: dict[str, str] = {}
    for far in (True, False):
        for one in benchmarks:
            full = len(one.labels) - 1
            for i in [full] if far else range(full - 1, -1, -1):
                x, y = one.places[i] * scale
                written = _write(ax, room, (x, y), one.labels[i], far=far)
                lost |= {one.term: one.shape} if far and one.named and not written else {}
    return lost


def _write(ax: Axes, room: Places, point: tuple[float, float], text: str, far: bool, bold: bool = False) -> bool:
    """Write a label beside its point, or, where it must be written, further away with a line to it; was there room?"""
    small, box = small_size(), None
    for written in _ways_to_write(text, small, room.width) if text else ():
        width = width_of(written, small, has_chinese(written)) * (1.12 if bold else 1.0)
        height = small * LINE_SPACING * (written.count("\n") + 1) / 72 * MM_PER_INCH
        box = (room.near if far else room.beside)(*point, width, height)
        if box is not None:
            break
    if box is None:
        return False
    share = np.array([room.width, room.height])
    middle = np.array([(box.left + box.right) / 2, (box.bottom + box.top) / 2]) / share
    how: dict[str, Any] = {"fontweight": "bold" if bold else "normal", "path_effects": HALO, "zorder": 8}
    how |= {"ha": "center", "va": "center", "fontsize": small, "linespacing": LINE_SPACING, "gid": "label"}
    ax.text(float(middle[0]), float(middle[1]), written, transform=ax.transAxes, **how)
    _lead(ax, room, box, np.array(point), share)
    return True


def _ways_to_write(text: str, points: float, room: float) -> Iterator[str]:
    """A label in lines of several widths, and, where a long one has no place at all, its beginning."""
    chinese = has_chinese(text)
    for share in WIDEST_LABEL:
        yield wrapped(text, share * room, points, chinese)
    if len(text) > BEGINNING:
        yield wrapped(f"{text[:BEGINNING].rstrip()}…", WIDEST_LABEL[0] * room, points, chinese)


def _lead(ax: Axes, room: Places, box: Box, point: Array, share: Array) -> None:
    """A thin line from a label that stands away from its point."""
    line = box.way_to((float(point[0]), float(point[1])))
    if np.hypot(*(line[-1] - line[0])) > LEAD:
        room.lines.append(line)
        ends = line[[0, -1]] / share
        ax.plot(*ends.T, transform=ax.transAxes, color=QUIET, lw=0.5, zorder=5, gid="leader")


def _size(ax: Axes) -> tuple[float, float]:
    """Width and height of the drawing in mm."""
    box = ax.get_window_extent()
    return box.width / ax.figure.dpi * MM_PER_INCH, box.height / ax.figure.dpi * MM_PER_INCH


def _places(ax: Axes, contour: Any) -> Array:
    """Places (k, 2) in mm along a drawn line."""
    size = np.array(_size(ax))
    ends = np.array([ax.get_xlim()[1], ax.get_ylim()[1]])
    found = []
    for path in contour.get_paths():
        corners = path.vertices / ends * size
        found += [way(start, end) for start, end in pairwise(corners)]
    return np.vstack(found) if found else np.zeros((0, 2))
