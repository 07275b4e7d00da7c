"""Where do the panels of an estimation plot stand? One panel per outcome, as many beside each other as can be read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ..language.numbers import MINUS
from .canvas import MARGIN, Canvas, Sheet, panel_letter
from .contrast_panel import Contrast, Lettering, draw_contrasts, floating_ticks, magnification
from .group_panel import LEFT, RIGHT, Group, axis_of, draw_groups, span_of
from .scales import tick_text, tick_texts
from .wording import Wording

GROUP_WIDTH, CONTRAST_WIDTH = 16.0, 21.0  # mm, wished for each group and each contrast
NARROW_CONTRAST = 11.0  # mm, enough for a contrast in a grid of panels
WORD_GAP = 0.8  # mm between the names of groups
READABLE = 12.0  # mm, the widest that the place of a group gets for its name to take fewer lines
MOST_LINES = 4
"""Lines of the name of a contrast above which the note names the reference."""
TALL, GRID_TALL, LOW = 62.0, 46.0, 28.0  # mm, the drawing of a single outcome, of a panel in a grid, and the lowest
VALUE_LINES = 8.5  # mm above the drawing for the value and interval of the difference
TICKS, AXIS_LABEL, BETWEEN = 2.8, 4.6, 4.0  # mm: tick marks, a line of an axis label, between panels


Note: TypeAlias = Callable[[list[str]], str]


@dataclass
class Panel:
    """One outcome: its name, its groups, and the contrasts with the reference group."""

    name: str
    unit: str
    groups: list[Group]
    contrasts: list[Contrast]
    reference: Group
    axis_label: str

    @property
    def span(self) -> tuple[float, float]:
        """Limits of the axis of the scores."""
        return span_of(self.groups, self.contrasts, self.reference)

    @property
    def magnified(self) -> float:
        """By how much the axis of the differences is magnified."""
        return magnification(self.contrasts, self.span, self.reference.centre)

    @property
    def cut(self) -> bool:
        """Does an interval for the whole family go on beyond the axis?"""
        low, high = ((v - self.reference.centre) / self.magnified for v in self.span)
        return any(c.simultaneous[0] < low or c.simultaneous[1] > high for c in self.contrasts)

    @property
    def met(self) -> bool:
        """Does the only difference end where the centre of the other group stands, on an axis of the same scale?"""
        if len(self.groups) != 2 or len(self.contrasts) != 1 or self.magnified != 1:
            return False
        (other,) = (g for g in self.groups if g.key != self.reference.key)
        return math.isclose(self.reference.centre + self.contrasts[0].estimate, other.centre, rel_tol=1e-6)


@dataclass
class Grid:
    """Widths in mm that all panels share, so that they stand in line."""

    sheet: Sheet
    panels: Sequence[Panel]
    words: Wording
    columns: int = 1

    def __post_init__(self) -> None:
        note = self.sheet.journal.note_size
        left = max(
            self.sheet.text_width(t, note)
            for p in self.panels
            for t in tick_texts(*axis_of(p.groups, p.span), self.grouping)
        )
        right = max(self.sheet.text_width(t, note) for p in self.panels for t in self._difference_ticks(p))
        magnified = self.beside and any(p.magnified != 1 for p in self.panels)
        names = [self.sheet.wrap(self.words.with_unit(p.name, p.unit), TALL) for p in self.panels]
        self.left = left + TICKS + (1.2 + self.sheet.lines_height(names[0]) if self.single else 0.0)
        self.ticks_left = left + TICKS
        self.right = right + TICKS + AXIS_LABEL * ((1 if self.single else 0) + magnified)
        self.columns = 1 if self.single else self._columns()
        self.width = (self.sheet.width - 2 * MARGIN - BETWEEN * (self.columns - 1)) / self.columns
        groups, contrasts = self._shape
        free = self.width - self.left - self.right
        whole = GROUP_WIDTH * groups + CONTRAST_WIDTH * contrasts
        most = free - self._least_contrast() * contrasts
        self.groups = min(max(free * GROUP_WIDTH * groups / whole, self._least_groups()), max(most, free / 4))
        self.contrasts = free - self.groups

    @property
    def grouping(self) -> str:
        """The separator of thousands."""
        return self.words.style.grouping

    @property
    def single(self) -> bool:
        """Is there one outcome only?"""
        return len(self.panels) == 1

    @property
    def cramped(self) -> bool:
        """Are the names of the groups or the contrasts wider than their place?"""
        contrasts = self._shape[1]
        wished = max(CONTRAST_WIDTH * 0.7, self._least_contrast()) * contrasts
        return self.groups < self._least_groups() or self.contrasts < wished

    @property
    def _shape(self) -> tuple[int, int]:
        return max(len(p.groups) for p in self.panels), max(len(p.contrasts) for p in self.panels)

    def _columns(self) -> int:
        contrasts = self._shape[1]
        least = self._least_groups() + self._least_contrast() * contrasts + self.left + self.right
        most = max(1, min(3, int((self.sheet.width - 2 * MARGIN + BETWEEN) // (least + BETWEEN))))
        return 2 if len(self.panels) == 4 and most >= 2 else min(most, len(self.panels))

    @property
    def beside(self) -> bool:
        """Does the magnification stand beside the axis (else below the contrast, which takes no width)?"""
        return self.single or self._shape[1] > 1

    @property
    def groups_across(self) -> float:
        """The groups with the place beside the first and the last, in units of their distance."""
        return self._shape[0] - 1 + LEFT + RIGHT

    def _least_groups(self) -> float:
        """The least width of all groups in which no name is torn apart, nor broken into many lines."""
        labels = {g.label for p in self.panels for g in p.groups}
        return self.groups_across * (max(map(self._least, labels)) + WORD_GAP)

    def _least(self, label: str) -> float:
        small = self.sheet.journal.note_size
        half = min(self.sheet.text_width(label, small) / 2 + 0.4, READABLE)
        return max(self.sheet.widest_word(label, small), half)

    def _least_contrast(self) -> float:
        """The least width of a contrast: that of its numbers; a single one may use the place below its axis too."""
        small, size = self.sheet.journal.note_size, self.sheet.journal.label_size
        shown = [c for p in self.panels for c in p.contrasts]
        wide = max(max(self.sheet.text_width(c.limits, small), self.sheet.text_width(c.value, size)) for c in shown)
        return max(NARROW_CONTRAST, wide + 2 * WORD_GAP - (self.right if self._shape[1] == 1 else 0.0))

    def _difference_ticks(self, panel: Panel) -> list[str]:
        low, high = ((v - panel.reference.centre) / panel.magnified for v in panel.span)
        ticks, step = floating_ticks(panel.contrasts, (low, high), self.axis_height)
        return [tick_text(t, step, self.grouping) for t in ticks]

    @property
    def axis_height(self) -> float:
        """The height in mm that is sure before the rows are counted; ticks are chosen for it."""
        return TALL if self.single else GRID_TALL if len(self.panels) <= 4 else LOW

    def text_room(self, panel: Panel) -> float:
        """Width in mm for the texts of one contrast; a single one may use the place below its axis too."""
        return self.contrasts / len(panel.contrasts) + (self.right if len(panel.contrasts) == 1 else 0.0) - 0.8

    def middle(self, panel: Panel) -> float:
        """Where the texts of a contrast are centred, within its unit."""
        return min(0.5 * self.text_room(panel) / (self.contrasts / len(panel.contrasts)), 0.95)

    def rows(self) -> list[list[Panel]]:
        """The panels row by row."""
        return [list(self.panels[i : i + self.columns]) for i in range(0, len(self.panels), self.columns)]


def lay_out(
    panels: Sequence[Panel], words: Wording, journal: str | None, chinese: bool, title: str | None, note: Note
) -> Canvas:
    """Draw all panels on a canvas as high as they need. note : the note below, with what the layout adds to it."""
    sheet = Sheet("single" if len(panels) == 1 else "double", journal, chinese, title, note([]))
    grid = Grid(sheet, panels, words)
    if grid.cramped:
        sheet = Sheet("double", journal, chinese, title, note([]))
        grid = Grid(sheet, panels, words)
    if _brief(grid):
        references = dict.fromkeys(p.reference.name for p in panels)
        said = [words.say("note.reference", reference=name) for name in references]
        sheet = Sheet(sheet.width, journal, chinese, title, note(said))
        grid = Grid(sheet, panels, words)
    for panel in panels:
        _fit_labels(grid, panel)
    _fit_intervals(grid)
    heads = [_heading(grid, row) for row in grid.rows()]
    labels = [g.label for p in panels for g in p.groups] + [c.label for p in panels for c in p.contrasts]
    ticks = max(label.count("\n") + 1 for label in labels)
    below = 3.0 + sheet.lines_height("\n" * (ticks - 1) + " ", sheet.journal.note_size) + (2.0 if grid.single else 3.5)
    room = (sheet.journal.tallest - sheet.head - sheet.foot - sum(heads)) / len(heads) - VALUE_LINES - below
    height = TALL if grid.single else min(max(room, LOW), GRID_TALL)
    canvas = sheet.canvas(sum(heads) + len(heads) * (VALUE_LINES + height + below))
    top = sheet.head
    for r, (row, head) in enumerate(zip(grid.rows(), heads, strict=True)):
        for c, panel in enumerate(row):
            left = MARGIN + c * (grid.width + BETWEEN)
            if not grid.single:
                canvas.write(left, top, panel_letter(r * grid.columns + c), fontweight="bold", gid="letter")
                canvas.write(left + 5, top, panel.name, gid="heading")
            _draw(canvas, grid, panel, left, top + head + VALUE_LINES, height)
        top += head + VALUE_LINES + height + below
    return canvas


def _heading(grid: Grid, row: Sequence[Panel]) -> float:
    return 0.0 if grid.single else max(grid.sheet.lines_height(p.name) for p in row) + 1.0


def _fit_labels(grid: Grid, panel: Panel) -> None:
    """Wrap the names of the outcome, the groups and the contrasts to the place they have."""
    sheet, note = grid.sheet, grid.sheet.journal.note_size
    one, other = grid.groups / grid.groups_across - WORD_GAP * 0.9, grid.text_room(panel)
    name = grid.words.with_unit(panel.name, panel.unit)
    panel.name = sheet.wrap(name, TALL if grid.single else grid.width - 6)
    panel.groups = [replace(g, label=sheet.balance(g.label, one, note)) for g in panel.groups]
    panel.contrasts = [
        replace(c, label=text) for c, text in zip(panel.contrasts, _contrast_labels(grid, panel), strict=True)
    ]
    if panel.magnified != 1 and not grid.beside:
        said = sheet.wrap(grid.words.say("magnified", factor=f"{panel.magnified:g}"), other, note)
        panel.contrasts = [replace(c, label=f"{c.label}\n{said}") for c in panel.contrasts]


def _fit_intervals(grid: Grid) -> None:
    """Leave out what kind of interval it is (the note says so) where that does not fit beside every one."""
    note = grid.sheet.journal.note_size
    room = [(c.interval, grid.text_room(panel) - 2 * WORD_GAP) for panel in grid.panels for c in panel.contrasts]
    if any(grid.sheet.text_width(interval, note) > width for interval, width in room):
        for panel in grid.panels:
            panel.contrasts = [replace(c, interval=c.limits) for c in panel.contrasts]


def _brief(grid: Grid) -> bool:
    """Are the names of contrasts so long that they go without their reference? They are then changed so."""
    labels = [text for p in grid.panels for text in _contrast_labels(grid, p)]
    if max(text.count("\n") for text in labels) < MOST_LINES:
        return False
    for panel in grid.panels:
        panel.contrasts = [replace(c, label=c.brief) for c in panel.contrasts]
    return True


def _contrast_labels(grid: Grid, panel: Panel) -> list[str]:
    """The names of the contrasts, all broken behind the minus sign where one does not fit."""
    sheet, note, width = grid.sheet, grid.sheet.journal.note_size, grid.text_room(panel)
    labels = [c.label for c in panel.contrasts]
    if all(sheet.text_width(label, note) <= width for label in labels):
        return labels
    return [sheet.balance(label.replace(f"{MINUS} ", f"{MINUS}\n"), width, note) for label in labels]


def _draw(canvas: Canvas, grid: Grid, panel: Panel, left: float, top: float, height: float) -> None:
    span, magnified = panel.span, panel.magnified
    guided = panel.groups if panel.met else [g for g in panel.groups if g.key == panel.reference.key]
    scores = canvas.place(left + grid.left, top, grid.groups, height)
    scale = min(1.0, grid.groups / len(panel.groups) / GROUP_WIDTH)
    draw_groups(scores, panel.groups, span, guided, scale, grid.grouping)
    difference = canvas.place(left + grid.left + grid.groups, top, grid.contrasts, height)
    lettering = Lettering(canvas.journal.note_size, grid.axis_height, grid.middle(panel), grid.grouping)
    draw_contrasts(difference, panel.contrasts, span, panel.reference.centre, lettering, panel.met)
    labels = [panel.axis_label] if grid.single else []
    if magnified != 1 and grid.beside:
        labels.append(grid.words.say("magnified", factor=f"{magnified:g}"))
    difference.set_ylabel("\n".join(labels), linespacing=1.2, va="top")
    difference.yaxis.set_label_coords(1 + (grid.right - AXIS_LABEL * len(labels)) / grid.contrasts, 0.5)
    if grid.single:
        scores.set_ylabel(panel.name, va="bottom", linespacing=1.2)
        scores.yaxis.set_label_coords(-(grid.ticks_left + 0.4) / grid.groups, 0.5)
