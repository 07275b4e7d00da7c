"""Where do the boxes and arrows of a flow of students stand, and how large are they?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Rectangle

from .canvas import LINE_SPACING, MARGIN, Sheet
from .palette import INK, PALE, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INSIDE = 1.6  # mm between the edge of a box and its text
DOWN, SIDE, BETWEEN = 5.5, 5.0, 3.0  # mm: an arrow downwards, one to the side, between columns or rows of boxes
WIDEST = 78.0  # mm, a box
NAMES = 0.26  # of the figure, at most, for the names of outcomes


@dataclass(frozen=True)
class Chart:
    """The texts of a flow: all students, who was left out of all, the groups, and per outcome a box for each group.

    groups : empty where there is one column only. cells : rows of outcomes of columns of groups: large and small text.
    """

    top: str
    left_out: Sequence[str]
    groups: Sequence[str]
    names: Sequence[str]
    cells: Sequence[Sequence[tuple[str, str]]]


def draw_chart(sheet: Sheet, chart: Chart) -> Any:
    """Draw the chart on a canvas as high as it needs."""
    return _Layout(sheet, chart).canvas()


class _Layout:
    """Sizes in mm, from the left edge of the figure and from below its head."""

    def __init__(self, sheet: Sheet, chart: Chart) -> None:
        self.sheet, self.chart, self.small = sheet, chart, sheet.journal.note_size
        named = len(chart.names) > 1
        room = NAMES * sheet.width
        self.names = [sheet.balance(name, room, sheet.journal.label_size) if named else "" for name in chart.names]
        widest = max(sheet.text_width(name) for name in self.names)
        self.left = MARGIN + (widest + BETWEEN if named else 0.0)
        columns = max(len(row) for row in chart.cells)
        free = sheet.width - MARGIN - self.left
        self.box = min((free - BETWEEN * (columns - 1)) / columns - SIDE, WIDEST)
        self.step = (free + BETWEEN) / columns
        inner = self.box - 2 * INSIDE
        self.groups = [sheet.wrap(text, inner) for text in chart.groups]
        self.cells = [[self._wrapped(cell, inner) for cell in row] for row in chart.cells]
        self.aside = [sheet.wrap(text, self._room_aside() - 2 * INSIDE, self.small) for text in chart.left_out]

    def _wrapped(self, cell: tuple[str, str], room: float) -> tuple[str, str]:
        return self.sheet.wrap(cell[0], room), self.sheet.wrap(cell[1], room, self.small) if cell[1] else ""

    def _column(self, i: int) -> float:
        """Left edge of a column; its spine runs down there, the boxes of outcomes stand right of it."""
        return self.left + i * self.step

    @property
    def middle(self) -> float:
        """Where the arrow from all students runs down."""
        return (self._column(0) + self._column(len(self.cells[0]) - 1)) / 2 + SIDE + self.box / 2

    def _room_aside(self) -> float:
        return min(self.sheet.width - MARGIN - self._aside_from(), WIDEST)

    def _aside_from(self) -> float:
        return self.middle + SIDE if len(self.cells[0]) > 1 else self.left + 2.5 * SIDE

    def _height(self, large: str, small: str = "") -> float:
        return self.sheet.lines_height(large) + self.sheet.lines_height(small, self.small) + 2 * INSIDE

    def canvas(self) -> Any:
        """The canvas with all boxes."""
        tops, height = self._tops()
        canvas = self.sheet.canvas(height + BETWEEN)
        ax = canvas.place(0.0, self.sheet.head, self.sheet.width, height)
        ax.set_xlim(0.0, self.sheet.width)
        ax.set_ylim(height, 0.0)
        ax.set_axis_off()
        self._draw_top(ax, tops[0])
        self._draw_columns(ax, tops)
        for name, row, top in zip(self.names, self.cells, tops[1:], strict=True):
            if name:
                middle = top + self._row_height(name, row) / 2
                ax.text(MARGIN, middle, name, va="center", linespacing=LINE_SPACING, gid="outcome")
        return canvas

    def _tops(self) -> tuple[list[float], float]:
        """Where the boxes of groups begin, and each row of outcomes; and where all ends."""
        top = self._height(self.chart.top) + DOWN
        top += sum(self._height("", text) + BETWEEN for text in self.aside)
        tops = [top]
        if self.groups:
            top += max(map(self._height, self.groups)) + BETWEEN
        for name, row in zip(self.names, self.cells, strict=True):
            tops.append(top)
            top += self._row_height(name, row) + BETWEEN
        return tops, top - BETWEEN + 0.5

    def _row_height(self, name: str, row: Sequence[tuple[str, str]]) -> float:
        return max([self.sheet.lines_height(name), *(self._height(*cell) for cell in row)])

    def _draw_top(self, ax: Axes, below: float) -> None:
        """All students, and at the side of the arrow that leaves them those who are in no group."""
        height, width = self._height(self.chart.top), self.box + SIDE
        several = len(self.cells[0]) > 1
        left = self.middle - width / 2 if several else self.left
        self._draw_box(ax, left, 0.2, width, height - 0.2, self.chart.top, "")
        spine, top = self.middle if several else self.left + SIDE / 2, height + BETWEEN / 2
        for text in self.aside:
            own = self._height("", text)
            self._draw_box(ax, self._aside_from(), top, self._room_aside(), own, "", text)
            _arrow(ax, (spine, top + own / 2), (self._aside_from(), top + own / 2))
            top += own + BETWEEN
        if several:
            fork = below - DOWN / 2
            ends = [self._column(i) + (SIDE + self.box) / 2 for i in range(len(self.cells[0]))]
            _line(ax, [spine, spine], [height, fork])
            _line(ax, [ends[0], ends[-1]], [fork, fork])
            for end in ends:
                _arrow(ax, (end, fork), (end, below))
        elif self.groups:
            _arrow(ax, (spine, height), (spine, below))

    def _draw_columns(self, ax: Axes, tops: Sequence[float]) -> None:
        """The groups, and from each a line down with an arrow to every outcome."""
        for i in range(len(self.cells[0])):
            left, spine = self._column(i), self._column(i) + SIDE / 2
            start = self._height(self.chart.top)
            if self.groups:
                start = tops[0] + max(map(self._height, self.groups))
                self._draw_box(ax, left, tops[0], self.box + SIDE, start - tops[0], self.groups[i], "")
            last = start
            for name, row, top in zip(self.names, self.cells, tops[1:], strict=True):
                height = self._row_height(name, row)
                last = top + height / 2
                self._draw_box(ax, left + SIDE, top, self.box, height, *row[i], face=PALE)
                _arrow(ax, (spine, last), (left + SIDE, last))
            _line(ax, [spine, spine], [start, last])

    def _draw_box(
        self,
        ax: Axes,
        left: float,
        top: float,
        width: float,
        height: float,
        large: str,
        small: str,
        face: str = "white",
    ) -> None:
        look: dict[str, Any] = {"fc": face, "ec": INK, "lw": 0.7, "gid": "box", "clip_on": False}
        ax.add_patch(Rectangle((left, top), width, height, **look))
        high = self.sheet.lines_height(large)
        start = top + (height - high - self.sheet.lines_height(small, self.small)) / 2
        how: dict[str, Any] = {"va": "center", "linespacing": LINE_SPACING}
        if large:
            ax.text(left + INSIDE, start + high / 2, large, gid="count", **how)
        if small:
            middle = start + high + self.sheet.lines_height(small, self.small) / 2
            ax.text(left + INSIDE, middle, small, fontsize=self.small, color=QUIET, gid="left out", **how)


def _line(ax: Axes, x: Sequence[float], y: Sequence[float]) -> None:
    ax.plot(x, y, color=INK, lw=0.7, solid_capstyle="projecting", zorder=0.9, gid="way")


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    look: dict[str, Any] = {"arrowstyle": "-|>", "lw": 0.7, "color": INK, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=look | {"mutation_scale": 6.5}, annotation_clip=False)
