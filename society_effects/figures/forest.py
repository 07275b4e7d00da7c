"""Where does the estimate of every outcome lie, and how sure is it? One row per estimate. Reads: estimates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import OutputError
from ..findings.findings import Findings
from ..findings.lookup import margin_of, matching, primary_rows
from ..findings.measures import MEASURES
from ..language.numbers import undefined
from .canvas import LINE_SPACING, MARGIN, Canvas, Sheet
from .lettering import POINTS_PER_MM
from .palette import INK, PALE, QUIET
from .scales import fitting_axis, log_axis, reach
from .wording import Wording, factor, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 5.5  # mm
HEADER, AXIS, GAP = 6.0, 11.0, 3.0  # mm: column headings, ticks and axis label, between columns
NARROWEST = 45.0  # mm, the drawing itself
WIDEST_NAME = 0.34  # of the figure
UNADJUSTED = "†"
WIDEST_WITH_MARGIN = 3.0
"""By how much a margin may widen the axis; a wider one is cut off at its ends."""


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: the primary ones, or all where none is primary."""
    estimates = findings.frame("estimates")
    primary = primary_rows(estimates)
    return primary if len(primary) else estimates


@dataclass
class Panel:
    """The rows of one measure in one unit, with all their texts."""

    rows: pd.DataFrame
    names: list[str]
    values: list[str]
    p_values: list[str]
    headings: tuple[str, str]
    axis_label: str
    truths: list[float]
    truth_word: str
    grouping: str
    margins: list[tuple[float, float] | None]

    @property
    def measure(self) -> str:
        """The measure of all rows."""
        return str(self.rows["measure"].iloc[0])

    @property
    def heights(self) -> list[float]:
        """Height of each row in mm: the usual one, more where the name takes several lines."""
        return [ROW + 3.6 * name.count("\n") for name in self.names]

    @property
    def truth_shown(self) -> bool:
        """Is the truth of a simulation known for any row?"""
        return any(t == t for t in self.truths)


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the forest; on ``ax`` alone where it is given and one measure is shown."""
    words, rows = Wording(findings, lang), material(findings)
    panels = [_panel(words, part) for part in _by_measure(words, rows)]
    if ax is not None:
        if len(panels) > 1:
            raise OutputError("FIGURE_NEEDS_OWN_AXES", lang=lang, figure="forest")
        return _on_axis(ax, panels[0])
    sheet = Sheet(
        "double",
        journal,
        needs_chinese(findings, lang, title),
        title,
        words.note("forest", rows, [*_extras(words, panels), *words.not_reached(rows)]),
    )
    return _lay_out(sheet, panels)


def _by_measure(words: Wording, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each measure apart, and those in different units too: they share no axis."""
    units = [words.unit(o, m) for o, m in zip(rows["outcome"], rows["measure"], strict=True)]
    return [part for _, part in rows.groupby([rows["measure"], pd.Series(units, rows.index)], sort=False)]


def _panel(words: Wording, rows: pd.DataFrame) -> Panel:
    adjusted = rows["p_adjusted"].notna()
    digits = words.digits(rows)
    listed = [row for _, row in rows.iterrows()]
    p_values = [
        words.style.p_cell(row["p_adjusted"]) if has else words.style.p_cell(row["p_value"])
        for row, has in zip(listed, adjusted, strict=True)
    ]
    if adjusted.any():
        p_values = [p if has or p == "—" else p + UNADJUSTED for p, has in zip(p_values, adjusted, strict=True)]
    first = listed[0]
    measure = str(first["measure"])
    label = words.measure(measure, words.unit(first["outcome"], measure))
    label = f"{label}\n{words.direction(rows)}".rstrip()
    heading = words.say("estimate_header", level=rows["conf_level"].max())
    p_heading = words.say("p_adjusted" if adjusted.any() else "p")
    values = [words.estimate(row, d) for row, d in zip(listed, digits, strict=True)]
    truths = _truths(words.findings, listed)
    return Panel(
        rows,
        words.rows(rows),
        values,
        p_values,
        (heading, p_heading),
        label,
        truths,
        words.say("truth"),
        words.style.grouping,
        [margin_of(words.findings, row) for row in listed],
    )


def _truths(findings: Findings, rows: list[pd.Series]) -> list[float]:
    if not findings.has("truth"):
        return [np.nan] * len(rows)
    known = [matching(findings.frame("truth"), "truth", row)["value"] for row in rows]
    return [float(v.iloc[0]) if v.nunique() == 1 else np.nan for v in known]


def _extras(words: Wording, panels: list[Panel]) -> list[str]:
    said = {
        "simultaneous": any(p.rows["simultaneous_low"].notna().any() for p in panels),
        _truth_note(words.findings): any(p.truth_shown for p in panels),
        "margin": any(m is not None for p in panels for m in p.margins),
        "unadjusted": any(text.endswith(UNADJUSTED) for p in panels for text in p.p_values),
    }
    return [words.say(f"note.{key}") for key, shown in said.items() if shown]


def _truth_note(findings: Findings) -> str:
    """Is the truth that of each number itself, or what membership added, whatever the number aims at?"""
    return "truth_added" if findings.has("truth") and findings.frame("truth")["estimand"].isna().all() else "truth"


def _lay_out(sheet: Sheet, panels: list[Panel]) -> Canvas:
    for panel in panels:
        panel.names = [sheet.wrap(name, sheet.width * WIDEST_NAME) for name in panel.names]
    left = MARGIN + max(sheet.text_width(name) for p in panels for name in p.names) + GAP
    values = max(sheet.text_width(text) for p in panels for text in (*p.values, p.headings[0]))
    p_values = max(sheet.text_width(text) for p in panels for text in (*p.p_values, p.headings[1]))
    width = max(sheet.width - left - values - p_values - 2 * GAP - MARGIN, NARROWEST)
    axis = [AXIS + sheet.lines_height(p.axis_label) for p in panels]
    heights = [HEADER + sum(p.heights) for p in panels]
    canvas = sheet.canvas(sum(heights) + sum(axis))
    top = sheet.head
    for panel, height, below in zip(panels, heights, axis, strict=True):
        axes = canvas.place(left, top, width, height)
        _fill(axes, panel, [(GAP, "left"), (GAP + values + GAP + p_values, "right")], sheet.journal.label_size)
        top += height + below
    return canvas


def _on_axis(ax: Axes, panel: Panel) -> Any:
    size = 8.0
    longest = max(len(text) for text in (*panel.values, panel.headings[0]))
    _fill(ax, panel, [(GAP, "left"), (GAP + longest * size * 0.6 / POINTS_PER_MM + 12, "right")], size)
    return ax.figure


def _fill(ax: Axes, panel: Panel, columns: list[tuple[float, str]], size: float) -> None:
    """Draw the rows; the vertical axis counts mm from the top, the first of which are the headings."""
    bottoms = HEADER + np.cumsum(panel.heights)
    places = bottoms - np.array(panel.heights) / 2
    ax.set_ylim(float(bottoms[-1]), 0.0)
    ax.set_yticks(places, panel.names, fontsize=size, linespacing=LINE_SPACING)
    ax.tick_params(axis="y", length=0, pad=GAP * POINTS_PER_MM)
    ax.spines["left"].set_visible(False)
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
        _name_truth(ax, next(t for t in panel.truths if t == t) * factor(panel.measure), panel.truth_word, size)
    for (offset, align), texts, heading in zip(columns, (panel.values, panel.p_values), panel.headings, strict=True):
        slant = "italic" if heading == "P" else "normal"
        _beside(ax, HEADER / 2, heading, offset, align, fontsize=size, style=slant)
        for place, text in zip(places, texts, strict=True):
            _beside(ax, float(place), text, offset, align, fontsize=size)


def _name_truth(ax: Axes, truth: float, word: str, size: float) -> None:
    low, high = ax.transAxes.inverted().transform(ax.transData.transform([(truth, 0.0)]))[0][0], 0.85
    align = "right" if low > high else "left" if low < 1 - high else "center"
    ax.text(truth, HEADER * 0.45, word, ha=align, va="center", fontsize=size - 1, color=QUIET)


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
    ax.plot([null * times] * 2, [HEADER * 0.8, ax.get_ylim()[0]], color=QUIET, lw=0.6, zorder=1, gid="null")


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
