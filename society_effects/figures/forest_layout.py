"""Where do the rows of a forest stand, and what is drawn in them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..findings.measures import MEASURES
from ..language.numbers import undefined
from .canvas import LINE_SPACING, MARGIN, Canvas, Sheet, small_size
from .lettering import POINTS_PER_MM, has_chinese, width_of
from .palette import INK, PALE, QUIET
from .scales import fitting_axis, log_axis, reach
from .wording import factor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, LOWEST, LINE = 5.5, 4.3, 3.6  # mm: a row, the lowest one where a page would not hold them all, a line of a name
HEADER, AXIS, GAP = 6.0, 11.0, 3.0  # mm: column headings, ticks and axis label, between columns
APART = 0.8  # mm more above an outcome than between its contrasts
NARROWEST = 45.0  # mm, the drawing itself
WIDEST_NAME = 0.36  # of the figure
INDENT = "\u2002"
"""Before the name of a contrast that stands below its outcome."""
WIDEST_WITH_MARGIN = 3.0
"""By how much a margin may widen the axis; a wider one is cut off at its ends."""


@dataclass
class Panel:
    """The rows of one measure in one unit, with all their texts.

    above : what stands in a line of its own above each row; mostly nothing.
    """

    rows: pd.DataFrame
    names: list[str]
    above: list[str]
    values: list[str]
    p_values: list[str]
    headings: tuple[str, str]
    axis_label: str
    truths: list[float]
    truth_word: str
    grouping: str
    margins: list[tuple[float, float] | None]
    row: float = ROW

    @property
    def measure(self) -> str:
        """The measure of all rows."""
        return str(self.rows["measure"].iloc[0])

    @property
    def header(self) -> float:
        """Height in mm of the headings of the columns."""
        return HEADER + LINE * self.headings[0].count("\n")

    @property
    def heights(self) -> list[float]:
        """Height of each row in mm: the usual one, more where the name takes several lines."""
        return [self.row + LINE * name.count("\n") for name in self.names]

    @property
    def rises(self) -> list[float]:
        """Height in mm of what stands above each row."""
        return [self.row + APART + LINE * name.count("\n") if name else 0.0 for name in self.above]

    @property
    def height(self) -> float:
        """Height in mm of all rows and headings."""
        return self.header + sum(self.heights) + sum(self.rises)

    @property
    def labels(self) -> list[str]:
        """All texts of the column of names."""
        return [*self.names, *(name for name in self.above if name)]

    @property
    def truth_shown(self) -> bool:
        """Is the truth of a simulation known for any row?"""
        return any(t == t for t in self.truths)


def lay_out(sheet: Sheet, panels: list[Panel]) -> Canvas:
    """Draw all panels on a canvas as high as they need."""
    for panel in panels:
        _wrap(panel, sheet)
    fixed = sheet.head + sheet.foot + sum(AXIS + sheet.lines_height(p.axis_label) for p in panels)
    if fixed + sum(p.height for p in panels) > sheet.journal.tallest:
        for panel in panels:
            panel.row = LOWEST
    names = max(sheet.text_width(name) for p in panels for name in p.labels)
    left = MARGIN + names + GAP
    values = max(sheet.text_width(text) for p in panels for text in (*p.values, p.headings[0]))
    p_values = max(sheet.text_width(text) for p in panels for text in (*p.p_values, p.headings[1]))
    width = max(sheet.width - left - values - p_values - 2 * GAP - MARGIN, NARROWEST)
    for panel in panels:
        panel.axis_label = sheet.wrap(panel.axis_label, 2 * (sheet.width - MARGIN - left - width / 2))
    axis = [AXIS + sheet.lines_height(p.axis_label) for p in panels]
    canvas = sheet.canvas(sum(p.height for p in panels) + sum(axis))
    top = sheet.head
    columns = [(-names - GAP, "left"), (GAP, "left"), (GAP + values + GAP + p_values, "right")]
    for panel, below in zip(panels, axis, strict=True):
        axes = canvas.place(left, top, width, panel.height)
        _fill(axes, panel, columns, sheet.journal.label_size)
        top += panel.height + below
    return canvas


def _wrap(panel: Panel, sheet: Sheet) -> None:
    """Break long names into lines; those below the name of their outcome are indented."""
    room = sheet.width * WIDEST_NAME
    indent = INDENT if any(panel.above) else ""
    size = sheet.journal.label_size
    names = [sheet.balance(name, room - sheet.text_width(indent), size) for name in panel.names]
    panel.names = [indent + name.replace("\n", f"\n{indent}") for name in names]
    panel.above = [sheet.balance(name, room, size) for name in panel.above]


def on_axis(ax: Axes, panel: Panel) -> Any:
    """Draw the rows into this axis; its figure."""
    size = 8.0
    longest = max(len(text) for text in (*panel.values, *panel.headings[0].split("\n")))
    chinese = any(map(has_chinese, panel.labels))
    names = max(width_of(name, size, chinese) for name in panel.labels)
    columns = [(-names - GAP, "left"), (GAP, "left"), (GAP + longest * size * 0.6 / POINTS_PER_MM + 12, "right")]
    _fill(ax, panel, columns, size)
    return ax.figure


def _fill(ax: Axes, panel: Panel, columns: list[tuple[float, str]], size: float) -> None:
    """Draw the rows; the vertical axis counts mm from the top, the first of which are the headings.

    columns : where the texts of names, estimates and P values begin or end, in mm beside the drawing.
    """
    bottoms = panel.header + np.cumsum(np.array(panel.heights) + np.array(panel.rises))
    places = bottoms - np.array(panel.heights) / 2
    ax.set_ylim(float(bottoms[-1]), 0.0)
    _name_rows(ax, panel, places, columns[0][0], size)
    _scale(ax, panel, size)
    ax.set_xlabel(panel.axis_label, fontsize=size, linespacing=LINE_SPACING)
    for place, row, truth in zip(places, panel.rows.itertuples(), panel.truths, strict=True):
        _mark(ax, float(place), row, truth)
    for place, height, margin in zip(places, panel.heights, panel.margins, strict=True):
        if margin is not None:
            low, high = (v * factor(panel.measure) for v in margin)
            ax.fill_betweenx(
                [place - height / 2, place + height / 2], low, high, color=PALE, lw=0, zorder=0, gid="margin"
            )
    if panel.truth_shown:
        _name_truth(ax, panel, size)
    for (offset, align), texts, heading in zip(
        columns[1:], (panel.values, panel.p_values), panel.headings, strict=True
    ):
        slant = "italic" if heading == "P" else "normal"
        _beside(ax, panel.header / 2, heading, offset, align, fontsize=size, style=slant, linespacing=LINE_SPACING)
        for place, text in zip(places, texts, strict=True):
            _beside(ax, float(place), text, offset, align, fontsize=size)


def _name_rows(ax: Axes, panel: Panel, places: np.ndarray, offset: float, size: float) -> None:
    """Write the names of the rows, and what stands above them, as labels of the axis that begin in line."""
    tops = places - np.array(panel.heights) / 2
    higher = [
        (top - (rise - APART) / 2, name) for top, rise, name in zip(tops, panel.rises, panel.above, strict=True) if name
    ]
    shown = sorted([*zip(places, panel.names, strict=True), *higher])
    ax.set_yticks([p for p, _ in shown], [n for _, n in shown], fontsize=size, linespacing=LINE_SPACING, ha="left")
    ax.tick_params(axis="y", length=0, pad=-offset * POINTS_PER_MM)
    ax.spines["left"].set_visible(False)


def _name_truth(ax: Axes, panel: Panel, size: float) -> None:
    truth = next(t for t in panel.truths if t == t) * factor(panel.measure)
    low, high = ax.transAxes.inverted().transform(ax.transData.transform([(truth, 0.0)]))[0][0], 0.85
    align = "right" if low > high else "left" if low < 1 - high else "center"
    ax.text(
        truth, panel.header - HEADER * 0.55, panel.truth_word, ha=align, va="center", fontsize=small_size(), color=QUIET
    )


def _beside(ax: Axes, place: float, text: str, offset: float, align: str, **options: Any) -> None:
    where: dict[str, Any] = {
        "xycoords": ax.get_yaxis_transform(),
        "textcoords": "offset points",
        "annotation_clip": False,
    }
    ax.annotate(text, (1.0, place), (offset * POINTS_PER_MM, 0), ha=align, va="center_baseline", **where, **options)


def _scale(ax: Axes, panel: Panel, size: float) -> None:
    known = MEASURES.get(panel.measure)
    times = factor(panel.measure)
    null = float(panel.rows["null_value"].dropna().iloc[0]) if panel.rows["null_value"].notna().any() else 0.0
    columns = ["estimate", "conf_low", "conf_high", "simultaneous_low", "simultaneous_high"]
    numbers = [
        *(panel.rows[columns].to_numpy(dtype=float).ravel() * times),
        *(np.array(panel.truths) * times),
        null * times,
    ]
    logarithmic = known is not None and known.scale == "log"
    low, high = reach(numbers, logarithmic)
    wider = reach([*numbers, *(v * times for margin in panel.margins if margin for v in margin)], logarithmic)
    if wider[1] - wider[0] <= WIDEST_WITH_MARGIN * (high - low):
        low, high = wider
    if logarithmic:
        log_axis(ax.xaxis, low, high, panel.grouping)
    else:
        fitting_axis(ax, low, high, size, panel.grouping)
    ax.set_xlim(low, high)
    ax.plot(
        [null * times] * 2, [panel.header - HEADER * 0.2, ax.get_ylim()[0]], color=QUIET, lw=0.6, zorder=1, gid="null"
    )


def _mark(ax: Axes, place: float, row: Any, truth: float) -> None:
    """One row: interval, simultaneous interval, estimate, truth."""
    times = factor(row.measure)
    low, high = ax.get_xlim()
    spans = [
        (row.simultaneous_low, row.simultaneous_high, 0.7, "simultaneous"),
        (row.conf_low, row.conf_high, 1.6, "interval"),
    ]
    for start, end, width, gid in spans:
        if start == start or end == end:
            start, end = (-np.inf if undefined(start) else start), (np.inf if undefined(end) else end)
            shown = [min(max(v * times, low), high) for v in (start, end)]
            ax.plot(shown, [place] * 2, color=INK, lw=width, solid_capstyle="butt", zorder=3, gid=gid)
            ends = [(v, m) for v, m, out in ((low, "<", start * times < low), (high, ">", end * times > high)) if out]
            for edge, arrow in ends:
                ax.plot([edge], [place], arrow, ms=3.5, color=INK, clip_on=False, zorder=4, gid="beyond")
    if row.estimate == row.estimate and low <= row.estimate * times <= high:
        ax.plot([row.estimate * times], [place], "s", ms=4.6, color=INK, mew=0, zorder=5, gid="estimate")
    if truth == truth:
        half = ROW / 2 - 0.3
        ax.plot(
            [truth * times] * 2,
            [place - half, place + half],
            color=INK,
            lw=0.9,
            ls=(0, (2, 1.4)),
            zorder=6,
            gid="truth",
        )
