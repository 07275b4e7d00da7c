"""Bars of stacked shares, a row per outcome and group: what the figures of ordered and unordered categories share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..findings.findings import Findings
from .bar_legend import Line, legend_lines, legend_on_axis, write_legend
from .canvas import LINE_SPACING, MARGIN, Canvas, Sheet
from .lettering import POINTS_PER_MM, width_of
from .name_columns import height_of, row_height, wrap_names
from .palette import INK, QUIET
from .wording import PER_CENT, SMALL_GROUP, Wording, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, BAR = 6.0, 4.4  # mm: a row, and the bar in it
BETWEEN, AXIS, GAP = 3.0, 10.0, 3.0  # mm: between outcomes, ticks and label, between columns
NARROWEST = 40.0  # mm, the drawing itself
IN_BAR = "in bar"
DARK = 0.55
"""Luminance below which a colour takes white letters."""


Texts = Mapping[tuple[str, str, str | None], str]


@dataclass
class Bar:
    """The shares of one group with what is written in them, and the text at its right."""

    group: str
    shares: np.ndarray
    inside: tuple[str, ...]
    text: str


@dataclass
class Block:
    """One outcome: its name, its categories and a bar per group."""

    name: str
    categories: tuple[str, ...]
    bars: list[Bar] = field(default_factory=list)
    row: float = ROW

    @property
    def height(self) -> float:
        """Height in mm: of its bars, or of the lines of its name."""
        return max(self.row * len(self.bars), height_of(self.name))


@dataclass(frozen=True)
class Style:
    """How the shares are drawn: colours for a number of categories, and whether bars part in the middle of them.

    heading : above the texts at the right. notes : what the note says.
    """

    colours: Callable[[int], tuple[str, ...]]
    diverging: bool
    label: str
    heading: str
    notes: tuple[str, ...]


def category_rows(findings: Findings, kind: str) -> pd.DataFrame:
    """The rows with the shares of the categories of outcomes of this kind."""
    groups = findings.frame("groups")
    return groups[groups["category"].notna() & (groups["kind"] == kind) & groups["share"].notna()]


def blocks_of(words: Wording, rows: pd.DataFrame, texts: Texts) -> list[Block]:
    """One block per outcome. texts : what stands beside the bar of an outcome, group and wave."""
    blocks = []
    for outcome, own in rows.groupby("outcome", sort=False):
        column = str(outcome)
        known = tuple(dict.fromkeys(own["category"]))
        names = tuple(words.labels.category(column, category, words.lang) for category in known)
        block = Block(words.rows(own.head(1))[0], names)
        for _, part in own.groupby(["group", "wave"], sort=False, dropna=False):
            by_category = part.set_index("category").reindex(known)
            first = part.iloc[0]
            shares = by_category["share"].fillna(0.0).to_numpy()
            text = texts.get((column, first["group"], first["wave"]), "")
            block.bars.append(Bar(_bar_name(words, first), shares, _inside(words, by_category, first["n"]), text))
        blocks.append(block)
    return blocks


def _inside(words: Wording, rows: pd.DataFrame, n: float) -> tuple[str, ...]:
    """What is written in each part of a bar: its percentage or, of a group too small for one, its students."""
    if words.no_percentages(n):
        return tuple(words.say("students", n=events) for events in rows["events"].fillna(0))
    return tuple(f"{PER_CENT * share:.0f}" for share in rows["share"].fillna(0.0))


def small_groups(words: Wording, rows: pd.DataFrame) -> list[str]:
    """What the note says where the bars of small groups hold numbers of students."""
    small = any(words.no_percentages(n) for n in rows["n"])
    return [words.say("note.small_groups", n=SMALL_GROUP)] if small else []


def _bar_name(words: Wording, row: pd.Series) -> str:
    """The group of a bar, its wave where there are several, and its size."""
    name = words.group(row["group"])
    if row["wave"] is not None:
        name = words.say("in_wave", group=name, wave=words.labels.wave(row["wave"], words.lang))
    return words.say("sized", group=name, size=words.say("size", n=row["n"]))


def draw_bars(
    words: Wording,
    journal: str | None,
    title: str | None,
    ax: Axes | None,
    rows: pd.DataFrame,
    style: Style,
    blocks: list[Block],
) -> Any:
    """Draw the bars; on ``ax`` alone where it is given."""
    if ax is not None:
        _fill(ax, blocks, style, 8.0, 6.5)
        legend_on_axis(ax, blocks[0].categories, style.colours(len(blocks[0].categories)))
        return ax.figure
    per_outcome = rows.groupby(["outcome", "group"], dropna=False)["n"].max().groupby("outcome").sum()
    sized = pd.DataFrame({"n": per_outcome, "conf_level": rows["conf_level"].max()})
    chinese = needs_chinese(words.findings, words.lang, title)
    return _lay_out(Sheet("double", journal, chinese, title, words.note(None, sized, style.notes)), blocks, style)


def _wrap(sheet: Sheet, blocks: Sequence[Block], room: float) -> None:
    """Break the names of outcomes and groups into lines of together this width, and make the rows high enough."""
    small = sheet.journal.note_size
    names, groups = wrap_names(
        sheet, [b.name for b in blocks], [bar.group for b in blocks for bar in b.bars], room, small
    )
    bars = [bar for block in blocks for bar in block.bars]
    for bar, group in zip(bars, groups, strict=True):
        bar.group = group
    for block, name in zip(blocks, names, strict=True):
        block.name, block.row = name, row_height(groups, ROW)


def _lay_out(sheet: Sheet, blocks: list[Block], style: Style) -> Canvas:
    size, small = sheet.journal.label_size, sheet.journal.note_size
    texts = max(sheet.text_width(bar.text) for b in blocks for bar in b.bars)
    texts = max(texts, sheet.text_width(style.heading)) if texts else 0.0
    _wrap(sheet, blocks, sheet.width - texts - 3 * GAP - 2 * MARGIN - 2.0 - NARROWEST)
    names = max(sheet.text_width(b.name) for b in blocks)
    groups = max(sheet.text_width(bar.group, small) for b in blocks for bar in b.bars)
    left = MARGIN + names + GAP + groups + GAP
    width = max(sheet.width - left - (texts + GAP if texts else 0.0) - MARGIN - 2.0, NARROWEST)
    legends = _legends(sheet, blocks, sheet.width - 2 * MARGIN)
    heading = sheet.lines_height(style.heading) if texts else 0.0
    tops: list[float] = []
    place = sheet.head
    for block, legend in zip(blocks, legends, strict=True):
        place += len(legend) * ROW + (heading if not tops else 0.0)
        tops.append(place)
        place += block.height + BETWEEN
    canvas = sheet.canvas(place - sheet.head + AXIS + sheet.lines_height(style.label) - BETWEEN)
    span = _span(blocks, style)
    for i, (block, top, legend) in enumerate(zip(blocks, tops, legends, strict=True)):
        colours = style.colours(len(block.categories))
        write_legend(canvas, legend, top - len(legend) * ROW - (heading if i == 0 else 0.0), colours)
        axes = canvas.place(left, top, width, block.height)
        _fill(axes, [block], style, size, small, span, last=i == len(blocks) - 1)
        canvas.write(MARGIN, top + block.height / 2, block.name, va="center")
        for bar, middle in zip(block.bars, _middles(block), strict=True):
            if bar.text:
                canvas.write(left + width + GAP + 2.0, top + middle, bar.text, va="center")
    if texts:
        canvas.write(left + width + GAP + 2.0, tops[0] - heading, style.heading)
    return canvas


def _middles(block: Block) -> list[float]:
    """The middle of each bar in mm below the top of its block."""
    return [float(block.height / 2 + block.row * (i - (len(block.bars) - 1) / 2)) for i in range(len(block.bars))]


def _span(blocks: Sequence[Block], style: Style) -> tuple[float, float]:
    """From where to where does the axis go, in percent? A little beyond the longest bars."""
    if not style.diverging:
        return 0.0, PER_CENT
    starts = [_start(bar.shares) for block in blocks for bar in block.bars]
    ends = [start + bar.shares.sum() for start, bar in zip(starts, (b for k in blocks for b in k.bars), strict=True)]
    reach = float(np.ceil(max(max(-min(starts), max(ends)) * 10, 1.0)) * 10)
    return -min(reach, PER_CENT), min(reach, PER_CENT)


def _start(shares: np.ndarray) -> float:
    """Where does a bar begin whose middle category (or the border between the two middle ones) stands at zero?"""
    k = len(shares)
    below = shares[: k // 2].sum()
    return -float(below + (shares[k // 2] / 2 if k % 2 else 0.0))


def _fill(
    ax: Axes,
    blocks: Sequence[Block],
    style: Style,
    size: float,
    small: float,
    span: tuple[float, float] | None = None,
    last: bool = True,
) -> None:
    """Draw the bars of these blocks; the vertical axis counts mm from the top."""
    low, high = span or _span(blocks, style)
    ax.set_xlim(low, high)
    ticks, texts, top = [], [], 0.0
    for block in blocks:
        for bar, middle in zip(block.bars, _middles(block), strict=True):
            _one_bar(ax, bar, top + middle, style, small)
            ticks.append(top + middle)
            texts.append(bar.group)
        top += block.height + BETWEEN
    ax.set_ylim(top - BETWEEN, 0.0)
    ax.set_yticks(ticks, texts, fontsize=small, linespacing=LINE_SPACING)
    ax.tick_params(axis="y", length=0, pad=GAP * POINTS_PER_MM)
    ax.spines["left"].set_visible(False)
    if style.diverging:
        ax.axvline(0, color=QUIET, lw=0.6, zorder=1, gid="null")
    places = np.linspace(low, high, 5)
    if not last:
        ax.spines["bottom"].set_visible(False)
        ax.set_xticks([])
        return
    ax.set_xticks(places, [f"{abs(p):.0f}" for p in places])
    ax.set_xlabel(style.label, fontsize=size)


def _one_bar(ax: Axes, bar: Bar, middle: float, style: Style, small: float) -> None:
    left = PER_CENT * _start(bar.shares) if style.diverging else 0.0
    low, high = ax.get_xlim()
    mm = ax.get_window_extent().width / ax.figure.dpi * 25.4 / (high - low)
    parts = zip(PER_CENT * bar.shares, bar.inside, style.colours(len(bar.shares)), strict=True)
    for share, text, colour in parts:
        ax.barh(middle, share, BAR, left, color=colour, edgecolor="white", lw=0.5, zorder=3, gid="share")
        if share * mm > width_of(text, small, True) + 1.2:
            letter = "white" if _luminance(colour) < DARK else INK
            ax.text(
                left + share / 2,
                middle,
                text,
                ha="center",
                va="center_baseline",
                fontsize=small,
                color=letter,
                zorder=5,
                gid=IN_BAR,
            )
        left += share


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _legends(sheet: Sheet, blocks: Sequence[Block], width: float) -> list[list[Line]]:
    """The lines of category names above each block: where the categories are those of the block before, none."""
    found: list[list[Line]] = []
    before: tuple[str, ...] = ()
    for block in blocks:
        found.append(legend_lines(sheet, block.categories, width) if block.categories != before else [])
        before = block.categories
    return found
