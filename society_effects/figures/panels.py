"""Panels in a grid: how many stand beside each other, how high they are, and what is written around each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ..errors import OutputError
from .canvas import LINE_SPACING, MARGIN, MM_PER_INCH, Canvas, Sheet, panel_letter
from .lettering import POINTS_PER_MM, has_chinese, wrapped
from .palette import INK, QUIET
from .wording import Wording, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTER, TICKS, BETWEEN, APART = 5.0, 3.2, 5.0, 3.0  # mm: letter, tick marks, between panels, between cells
BESIDE, MOST_BESIDE = 1.5, 25.0  # mm: before the texts at the right of a drawing, and their widest
WIDEST_TICK = 28.0  # mm
PART_KEYS = ("design", "outcome", "site", "by", "level")
"""What is drawn in panels of its own."""


class End(NamedTuple):
    """A text at the right of a drawing, as high as what it names."""

    place: float
    text: str
    colour: str


@dataclass(frozen=True)
class Cell:
    """One drawing: what is drawn, the text above it, and those at its right."""

    fill: Callable[[Axes], None]
    head: str = ""
    colour: str = INK
    ends: Sequence[End] = ()


@dataclass(frozen=True)
class Panel:
    """Drawings on one vertical axis, under one name.

    ticks : place -> text on the vertical axis. steps : names of equal steps on the horizontal one, if without numbers.
    room : how far the axis goes on before the first and behind the last step, in steps.
    """

    name: str
    cells: Sequence[Cell]
    ticks: Mapping[float, str]
    steps: Sequence[str] = ()
    x_label: str = ""
    y_label: str = ""
    room: float = 0.5


@dataclass(frozen=True)
class Shape:
    """The size of panels in mm: wished and least height, and least width of a drawing; are drawings squares?"""

    tall: float
    lowest: float
    least: float
    square: bool = False


def parts_of(words: Wording, rows: pd.DataFrame, *more: str) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each panel, with its name. more : further keys that are drawn apart."""
    keys = [key for key in (*PART_KEYS, *more) if key in rows and rows[key].notna().any()]
    parts = [part for _, part in rows.groupby(keys, sort=False, dropna=False)]
    unnamed = {key: None for key in ("group", "reference", "wave", "reference_wave") if key not in more}
    firsts = pd.concat([part.iloc[:1] for part in parts]).assign(**unnamed)
    return list(zip(words.rows(firsts), parts, strict=True))


def show(
    words: Wording,
    panels: Sequence[Panel],
    shape: Shape,
    note: str,
    figure: str,
    journal: str | None,
    title: str | None,
    ax: Axes | None,
) -> Any:
    """Draw the panels; on ``ax`` alone where it is given and one drawing is all."""
    if ax is not None:
        if len(panels) > 1 or len(panels[0].cells) > 1:
            raise OutputError("FIGURE_NEEDS_OWN_AXES", lang=words.lang, figure=figure)
        return _on_axis(ax, panels[0])
    chinese = needs_chinese(words.findings, words.lang, title)
    single, double = (Sheet(width, journal, chinese, title, note) for width in ("single", "double"))
    grid = Grid(single, panels, shape)
    return (grid if len(panels) == 1 and grid.roomy else Grid(double, panels, shape)).canvas()


class Grid:
    """Widths in mm that all panels share, so that they stand in line. columns : so many, whatever their width."""

    def __init__(self, sheet: Sheet, panels: Sequence[Panel], shape: Shape, columns: int = 0) -> None:
        self.sheet, self.panels, self.shape, self.small = sheet, panels, shape, sheet.journal.note_size
        self.ends = [end.text for panel in panels for cell in panel.cells for end in cell.ends]
        self.right = max((sheet.text_width(self._end(text), self.small) for text in self.ends), default=0.0)
        self.right += BESIDE if self.ends else 0.0
        ticks = max(sheet.text_width(text, self.small) for panel in panels for text in self._ticks(panel))
        self.label_room = shape.lowest if len(panels) > 1 else 0.85 * shape.tall
        labels = max(sheet.lines_height(self._y_label(panel)) for panel in panels)
        self.ticks_left = ticks + TICKS
        self.left = self.ticks_left + (labels + 0.6 if labels else 0.0)
        self.cells = max(len(panel.cells) for panel in panels)
        around = self.left + self.right + APART * (self.cells - 1)
        least = max([shape.least, *(self._least(panel) for panel in panels)]) * self.cells + around
        free = sheet.width - 2 * MARGIN
        self.roomy = least <= free
        most = min(len(panels), 2 if len(panels) == 4 else 3, int((free + BETWEEN) // (least + BETWEEN)))
        self.columns = columns or max(1, most)
        self.width = (free - BETWEEN * (self.columns - 1)) / self.columns
        self.cell = (self.width - around) / self.cells

    def _least(self, panel: Panel) -> float:
        """The least width of a drawing in which no name of a step is torn apart."""
        words = (self.sheet.widest_word(step, self.small) for step in panel.steps)
        steps = len(panel.steps) - 1 + 2 * panel.room
        return (max(words, default=0.0) + 1.0) * steps / min(2 * panel.room, 1.0)

    def _ticks(self, panel: Panel) -> list[str]:
        return [self.sheet.wrap(text, WIDEST_TICK, self.small) for text in panel.ticks.values()]

    def _end(self, text: str) -> str:
        return self.sheet.wrap(text, MOST_BESIDE, self.small)

    def _steps(self, panel: Panel) -> list[str]:
        steps = len(panel.steps) - 1 + 2 * panel.room
        width = self.cell * min(2 * panel.room, 1.0) / steps - 1.0 if panel.steps else 0.0
        return [self.sheet.wrap(step, width, self.small) for step in panel.steps]

    def _x_label(self, panel: Panel) -> str:
        return self.sheet.wrap(panel.x_label, self.cell)

    def _y_label(self, panel: Panel) -> str:
        return self.sheet.balance(panel.y_label, self.label_room, self.sheet.journal.label_size)

    def _name(self, panel: Panel) -> str:
        return self.sheet.wrap(panel.name, self.width - (LETTER if len(self.panels) > 1 else 0.0))

    def _head(self, cell: Cell) -> str:
        return self.sheet.wrap(cell.head, self.cell if self.cells > 1 else self.cell + self.right, self.small)

    def _below(self, panel: Panel) -> float:
        """Room for the texts below a drawing; steps that all panels share are named below the last of each column."""
        if not self._named(panel):
            return 1.0
        ticks = max((self.sheet.lines_height(text, self.small) for text in self._steps(panel)), default=0.0)
        ticks = ticks or self.sheet.lines_height("0", self.small)
        return TICKS + ticks + self.sheet.lines_height(self._x_label(panel)) + (1.0 if panel.x_label else 0.0)

    def _named(self, panel: Panel) -> bool:
        """Is the horizontal axis of this panel named?"""
        shared = bool(panel.steps) and len({(*p.steps, p.x_label) for p in self.panels}) == 1
        return not shared or any(panel is last for last in self.panels[-self.columns :])

    def _above(self, row: Sequence[Panel]) -> tuple[float, float]:
        """Room for the names of a row of panels, and for the texts above their drawings."""
        heads = [self._head(cell) for panel in row for cell in panel.cells]
        head = max(self.sheet.lines_height(text, self.small) for text in heads)
        return max(self.sheet.lines_height(self._name(p)) for p in row) + 1.0, head + (1.0 if head else 0.0) + 1.0

    @property
    def rows(self) -> list[Sequence[Panel]]:
        """The panels, row by row."""
        return [self.panels[i : i + self.columns] for i in range(0, len(self.panels), self.columns)]

    def canvas(self) -> Canvas:
        """All panels, on a canvas as high as they need."""
        height = self.height(self.sheet.journal.tallest - self.sheet.head - self.sheet.foot)
        canvas = self.sheet.canvas(height)
        self.draw(canvas, self.sheet.head, height)
        return canvas

    def height(self, room: float) -> float:
        """Height in mm that the panels want where there is room for so many."""
        tall = (room - self._texts()) / len(self.rows)
        tall = max(min(self.cell if self.shape.square else self.shape.tall, tall), self.shape.lowest)
        return self._texts() + tall * len(self.rows)

    def _texts(self) -> float:
        """Height in mm of all that is written above and below the drawings."""
        around = sum(sum(self._above(row)) + max(self._below(p) for p in row) for row in self.rows)
        return around + BETWEEN * (len(self.rows) - 1) + 2.0

    def draw(self, canvas: Canvas, top: float, height: float) -> None:
        """Draw the panels from here on, so high together."""
        tall = (height - self._texts()) / len(self.rows)
        for r, row in enumerate(self.rows):
            above = self._above(row)
            for c, panel in enumerate(row):
                left = MARGIN + c * (self.width + BETWEEN)
                self._write_name(canvas, panel, r * self.columns + c, left, top)
                self._place(canvas, panel, left + self.left, top + sum(above), tall)
            top += sum(above) + tall + max(self._below(p) for p in row) + BETWEEN

    def _write_name(self, canvas: Canvas, panel: Panel, number: int, left: float, top: float) -> None:
        if len(self.panels) > 1:
            canvas.write(left, top, panel_letter(number), fontweight="bold", gid="letter")
            left += LETTER
        canvas.write(left, top, self._name(panel), gid="heading")

    def _place(self, canvas: Canvas, panel: Panel, left: float, top: float, tall: float) -> None:
        width = min(self.cell, tall) if self.shape.square else self.cell
        for i, cell in enumerate(panel.cells):
            start = left + i * (self.cell + APART)
            axes = canvas.place(start, top, width, tall)
            cell.fill(axes)
            named = self._named(panel)
            _label_axes(axes, panel, self._ticks(panel), self._steps(panel) if named else [""] * len(panel.steps))
            axes.set_xlabel(self._x_label(panel) if named else "", linespacing=LINE_SPACING)
            if i:
                _hide_scale(axes)
            if head := self._head(cell):
                canvas.write(start, top - 1.0, head, va="bottom", fontsize=self.small, color=cell.colour, gid="head")
            write_ends(axes, [end._replace(text=self._end(end.text)) for end in cell.ends], self.small)
        first = canvas.axes[-len(panel.cells)]
        first.set_ylabel(self._y_label(panel), va="bottom", linespacing=LINE_SPACING)
        first.yaxis.set_label_coords(-(self.ticks_left + 0.4) / width, 0.5)


def _label_axes(ax: Axes, panel: Panel, ticks: Sequence[str], steps: Sequence[str]) -> None:
    ax.set_yticks(list(panel.ticks), ticks, linespacing=1.0)
    if steps:
        ax.set_xlim(-panel.room, len(steps) - 1 + panel.room)
        ax.set_xticks(range(len(steps)), steps, linespacing=LINE_SPACING)
        ax.tick_params(axis="x", length=0)


def _hide_scale(ax: Axes) -> None:
    """Leave the scale to the first drawing of the panel."""
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelleft=False)


def _on_axis(ax: Axes, panel: Panel) -> Any:
    cell = panel.cells[0]
    cell.fill(ax)
    box, step = ax.get_window_extent(), max(len(panel.steps) - 1 + 2 * panel.room, 1.0)
    wide, tall = (length / ax.figure.dpi * MM_PER_INCH for length in (box.width, box.height))
    steps = [wrapped(name, wide / step - 1.0, 7.0, has_chinese(name)) for name in panel.steps]
    _label_axes(ax, panel, list(panel.ticks.values()), steps)
    ax.set_xlabel(wrapped(panel.x_label, wide, 8.0, has_chinese(panel.x_label)))
    label = panel.y_label or panel.name
    ax.set_ylabel(wrapped(label, tall, 8.0, has_chinese(label)))
    if cell.head:
        ax.text(0, 1.02, cell.head, transform=ax.transAxes, va="bottom", fontsize=7, color=cell.colour, gid="head")
    write_ends(ax, cell.ends, 7.0)
    return ax.figure


def write_ends(ax: Axes, ends: Sequence[End], points: float) -> None:
    """Write texts at the right of a drawing, each as high as what it names but none over another."""
    ordered = sorted(ends, key=lambda end: end.place)
    low, high = ax.get_ylim()
    inches = ax.get_window_extent().height / ax.figure.dpi
    line = points * LINE_SPACING / 72 / inches * (high - low)
    heights = [line * (end.text.count("\n") + 1) for end in ordered]
    places = spread([end.place for end in ordered], heights, high)
    where: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points"}
    for end, place in zip(ordered, places, strict=True):
        ax.annotate(
            end.text,
            (1.0, place),
            (BESIDE * POINTS_PER_MM, 0),
            va="center",
            fontsize=points,
            linespacing=LINE_SPACING,
            color=end.colour,
            annotation_clip=False,
            gid="end",
            **where,
        )


def spread(places: Sequence[float], heights: Sequence[float], high: float) -> list[float]:
    """Where do texts stand that wish for these places, from the lowest, without overlap and not above ``high``?

    >>> spread([1.0, 1.5, 9.0], [2.0, 2.0, 2.0], 9.5)
    [1.0, 3.0, 8.5]
    """
    found: list[float] = []
    for place, height in zip(places, heights, strict=True):
        before = found[-1] + (heights[len(found) - 1] + height) / 2 if found else place
        found.append(max(place, before))
    limit = high
    for i in range(len(found) - 1, -1, -1):
        found[i] = min(found[i], limit - heights[i] / 2)
        limit = found[i] - heights[i] / 2
    return found


def null_line(ax: Axes, value: float = 0.0) -> None:
    """The thin line of no change or no difference."""
    ax.axhline(value, color=QUIET, lw=0.6, zorder=1, gid="null")
