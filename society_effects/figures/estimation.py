"""How do the groups differ, and how sure is it? Groups left, difference right. Reads: estimates, groups.

Uses the students' values and the distributions of the groups and of the difference where they are kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import OutputError
from ..findings.findings import Findings
from ..findings.lookup import matching, primary_rows
from ..findings.schema import KEYS, MEASURES
from .canvas import MARGIN, Canvas, Sheet
from .contrast_panel import Contrast, draw_contrasts
from .group_panel import Group, draw_groups, span_of
from .palette import looks
from .wording import PER_CENT, Wording, factor, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GROUP_WIDTH, CONTRAST_WIDTH = 17.0, 22.0  # mm, wished for each group and each contrast
TALL, LOW = 62.0, 40.0  # mm, the drawing of a single outcome, and the lowest of a panel
Y_AXIS, DIFFERENCE_AXIS, BETWEEN = 13.0, 16.0, 6.0  # mm: ticks and label left, right, and between panels
VALUE_LINES = 8.5  # mm above the drawing for the value and interval of the difference
GRID_WIDTH = 54.0  # mm, least width of a panel


def material(findings: Findings) -> pd.DataFrame:
    """The primary rows with groups to stand beside: in units of the outcome, at least one; differences of shares too."""
    rows = primary_rows(findings.frame("estimates"))
    known = [MEASURES.get(m) for m in rows["measure"]]
    in_units = pd.Series([m is not None and m.in_units for m in known], rows.index, dtype=bool)
    of_shares = pd.Series([factor(m) == PER_CENT for m in rows["measure"]], rows.index, dtype=bool)
    described = rows["outcome"].isin(set(findings.frame("groups")["outcome"])) & rows["reference"].notna()
    return rows[(in_units | of_shares) & described] if (in_units & described).any() else rows[:0]


@dataclass
class Panel:
    """One outcome: its name, its groups, and the contrasts with the reference group."""

    name: str
    unit: str
    groups: list[Group]
    contrasts: list[Contrast]
    reference: Group
    axis_label: str
    ceiling: tuple[float, float]

    @property
    def columns(self) -> tuple[float, float]:
        """Widths wished for groups and contrasts."""
        return GROUP_WIDTH * len(self.groups), CONTRAST_WIDTH * len(self.contrasts)


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Canvas:
    """Draw a panel for every outcome; ``ax`` is refused, since groups and difference need two axes."""
    if ax is not None:
        raise OutputError("FIGURE_NEEDS_OWN_AXES", lang=lang, figure="estimation")
    words, rows = Wording(findings, lang), material(findings)
    panels = _panels(words, rows)
    wished = sum(panels[0].columns) + Y_AXIS + DIFFERENCE_AXIS
    width = "single" if len(panels) == 1 and len(panels[0].groups) == 2 else "double"
    sheet = Sheet(width, journal, needs_chinese(findings, lang, title), title, "")
    columns = 1 if len(panels) == 1 else _columns(len(panels), sheet.width, max(wished, GRID_WIDTH))
    note = _note(words, rows, panels)
    sheet = Sheet(width, journal, sheet.chinese, title, note)
    return _lay_out(sheet, panels, columns, words)


def _columns(panels: int, width: float, wished: float) -> int:
    most = max(1, min(3, int(width // (wished * 0.84))))
    return 2 if panels == 4 and most >= 2 else min(most, panels)


def _note(words: Wording, rows: pd.DataFrame, panels: list[Panel]) -> str:
    shares = any(p.reference.is_share for p in panels)
    extras = [words.say("note.quartiles")] if any(g.q1 == g.q1 for p in panels for g in p.groups) else []
    return words.note("estimation_shares" if shares else "estimation", rows, extras)


def _panels(words: Wording, rows: pd.DataFrame) -> list[Panel]:
    """One panel for each outcome (site, wave, subgroup ...); its contrasts are those with one reference group."""
    apart = [k for k in KEYS if k in rows and k not in ("group", "reference", "estimand", "measure") and rows[k].notna().any()]
    parts = [part for _, part in rows.groupby(apart, sort=False, dropna=False)]
    parts = [part[part["reference"] == part["reference"].iloc[0]] for part in parts]
    firsts = pd.concat([part.iloc[:1] for part in parts])
    firsts = firsts.assign(group=None, reference=None, measure=None, estimand=None)
    names = words.rows(firsts)
    return [_panel(words, name, part) for name, part in zip(names, parts, strict=True)]


def _panel(words: Wording, name: str, rows: pd.DataFrame) -> Panel:
    first = rows.iloc[0]
    groups = _groups(words, first)
    times = factor(str(first["measure"]))
    reference = next((g for g in groups if g.key == first["reference"]), groups[0])
    contrasts = [_contrast(words, row, digits) for (_, row), digits in zip(rows.iterrows(), words.digits(rows), strict=True)]
    look = looks([g.key for g in groups], reference.key)
    groups = [replace(g, look=look[g.key]) for g in groups]
    contrasts = [replace(c, look=look.get(c.key, look[reference.key])) for c in contrasts]
    unit = words.unit(first["outcome"], first["measure"])
    label = words.measure(str(first["measure"]), unit)
    unit = words.say("share_unit") if times == PER_CENT else unit
    ceiling = (0.0, PER_CENT) if times == PER_CENT else (-math.inf, math.inf)
    return Panel(name, unit, groups, contrasts, reference, label, ceiling)


def _groups(words: Wording, row: pd.Series) -> list[Group]:
    """The groups of the outcome of this row, the reference first."""
    findings = words.findings
    keys = row.drop(["group", "reference"])
    frame = matching(findings.frame("groups"), "groups", keys)
    frame = frame[frame["category"].isna()]
    frame = frame.iloc[sorted(range(len(frame)), key=lambda i: frame["group"].iloc[i] != row["reference"])]
    return [_group(words, keys, described) for _, described in frame.iterrows()]


def _group(words: Wording, keys: pd.Series, row: pd.Series) -> Group:
    findings, is_share = words.findings, row["mean"] != row["mean"] and row["share"] == row["share"]
    times = PER_CENT if is_share else 1.0
    own = pd.Series({**keys, "group": row["group"]})
    group = Group(
        key=row["group"],
        label=words.sized_group(row["group"], row["n"]),
        n=float(row["n"]),
        centre=float(row["share"] if is_share else row["mean"]) * times,
        low=float(row["conf_low"]) * times,
        high=float(row["conf_high"]) * times,
        is_share=is_share,
    )
    if is_share:
        return group
    values = _part(findings, "values", own)
    density = _part(findings, "density", own)
    density = density[density["measure"].isna()] if len(density) else density
    return replace(
        group,
        q1=float(row["q1"]),
        q3=float(row["q3"]),
        values=values["value"].to_numpy(dtype=float) if len(values) else None,
        x=density["x"].to_numpy(dtype=float) if len(density) else None,
        density=density["density"].to_numpy(dtype=float) if len(density) else None,
    )


def _part(findings: Findings, name: str, keys: pd.Series) -> pd.DataFrame:
    return matching(findings.frame(name), name, keys) if findings.has(name) else pd.DataFrame()


def _contrast(words: Wording, row: pd.Series, digits: int) -> Contrast:
    times = factor(str(row["measure"]))
    density, truth = (_part(words.findings, name, row) for name in ("density", "truth"))
    density = density[density["measure"] == row["measure"]] if len(density) else density
    limits = words.limits(row, digits)
    interval = words.say("interval_line", level=row["conf_level"], limits=limits) if limits else ""
    return Contrast(
        key=row["group"],
        label=words.minus(row["group"], row["reference"], str(row["measure"])),
        value=words.value(row, digits),
        interval=interval,
        estimate=float(row["estimate"]) * times,
        low=float(row["conf_low"]) * times,
        high=float(row["conf_high"]) * times,
        truth=float(truth["value"].iloc[0]) * times if len(truth) else math.nan,
        truth_word=words.say("truth"),
        x=density["x"].to_numpy(dtype=float) * times if len(density) else None,
        density=density["density"].to_numpy(dtype=float) if len(density) else None,
    )


@dataclass(frozen=True)
class Cell:
    """Where a panel stands: its left and upper edge and its width, in mm, and the height of its drawing."""

    left: float
    top: float
    width: float
    height: float
    letter: str


def _lay_out(sheet: Sheet, panels: list[Panel], columns: int, words: Wording) -> Canvas:
    single, note = len(panels) == 1, sheet.journal.note_size
    width = (sheet.width - 2 * MARGIN - BETWEEN * (columns - 1)) / columns
    for panel in panels:
        _fit_labels(sheet, panel, width)
        panel.name = sheet.wrap(panel.name, TALL if single else width - 5)
    heads = [0.0 if single else max(sheet.lines_height(p.name) for p in panels[i : i + columns]) + 1 for i in range(0, len(panels), columns)]
    ticks = max(max(g.label.count("\n") for g in p.groups + p.contrasts) + 1 for p in panels)  # type: ignore[operator]
    below = 3 + ticks * note * 1.25 / 72 * 25.4 + 2
    room = (sheet.journal.tallest - sheet.head - sheet.foot - sum(heads)) / len(heads) - VALUE_LINES - below
    height = TALL if single else min(max(room, LOW), TALL - 12)
    tops = [sheet.head + sum(heads[:i]) + i * (height + VALUE_LINES + below) for i in range(len(heads))]
    canvas = sheet.canvas(tops[-1] + heads[-1] + VALUE_LINES + height + below - sheet.head)
    for i, panel in enumerate(panels):
        row, column = divmod(i, columns)
        cell = Cell(MARGIN + column * (width + BETWEEN), tops[row], width, height, "" if single else _letter(i))
        _fill(canvas, panel, cell, tops[row] + heads[row] + VALUE_LINES, words)
    return canvas


def _letter(i: int) -> str:
    return chr(65 + i) if i < 26 else _letter(i // 26 - 1) + chr(65 + i % 26)


def _fit_labels(sheet: Sheet, panel: Panel, width: float) -> None:
    """Wrap the names of groups and contrasts to the place they have."""
    note = sheet.journal.note_size
    groups, contrasts = _split(panel, width)
    one, other = groups / len(panel.groups) - 1, contrasts / len(panel.contrasts) - 1
    panel.groups = [replace(g, label=sheet.wrap(g.label, one, note)) for g in panel.groups]
    panel.contrasts = [
        replace(c, label=sheet.wrap(c.label, other, note), interval=_interval(sheet, c, other, len(panel.contrasts)))
        for c in panel.contrasts
    ]


def _interval(sheet: Sheet, contrast: Contrast, width: float, contrasts: int) -> str:
    """The interval in one line, without its level where that does not fit (the note names it)."""
    room = width + (DIFFERENCE_AXIS if contrasts == 1 else 0)
    fits = sheet.text_width(contrast.interval, sheet.journal.note_size) <= room
    return contrast.interval if fits else contrast.interval.split("CI ")[-1]


def _split(panel: Panel, width: float) -> tuple[float, float]:
    """Widths of the groups and of the contrasts in a panel of this width."""
    free = width - Y_AXIS - DIFFERENCE_AXIS
    groups, contrasts = panel.columns
    return free * groups / (groups + contrasts), free * contrasts / (groups + contrasts)


def _fill(canvas: Canvas, panel: Panel, cell: Cell, top: float, words: Wording) -> None:
    groups, contrasts = _split(panel, cell.width)
    if cell.letter:
        canvas.write(cell.left, cell.top, cell.letter, fontweight="bold")
        canvas.write(cell.left + 5, cell.top, panel.name)
    left = cell.left + Y_AXIS
    low, high = span_of(panel.groups, panel.contrasts, panel.reference, panel.ceiling)
    scores = canvas.place(left, top, groups, cell.height)
    draw_groups(scores, panel.groups, (low, high))
    label = panel.unit if cell.letter else words.with_unit(panel.name, panel.unit)
    scores.set_ylabel(label)
    scores.yaxis.set_label_coords(-(Y_AXIS - 2.5) / groups, 0.5)
    difference = canvas.place(left + groups, top, contrasts, cell.height)
    magnified = draw_contrasts(difference, panel.contrasts, (low, high), panel.reference.centre, canvas.journal.note_size)
    label = panel.axis_label + (f"\n{words.say('magnified', factor=f'{magnified:g}')}" if magnified != 1 else "")
    difference.set_ylabel(label, linespacing=1.2)
    difference.yaxis.set_label_coords(1 + (DIFFERENCE_AXIS - 5.0) / contrasts, 0.5)
