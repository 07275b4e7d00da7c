"""What is drawn in a block of rows: names, marks, lines across them with their words, columns of texts, the axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.transforms import ScaledTranslation

from .canvas import LINE_SPACING, MM_PER_INCH
from .lettering import POINTS_PER_MM, has_chinese, width_of
from .palette import FAINT, QUIET
from .row_parts import LINE, WHOLE_DIAMOND, Block, Mark, Row, Upright
from .scales import fitting_axis, log_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEADER = 6.0  # mm: headings of the columns in one line
ABOVE_ROWS = 1.2  # mm between the words of lines and the first row
BESIDE_LINE = 0.6  # mm between a line and the word at its side
HALF_DIAMOND, BESIDE_KEY = 1.35, 1.0  # mm


@dataclass(frozen=True)
class Frame:
    """Width of the drawing, where names begin and columns stand beside it (mm), type of texts and of small ones."""

    width: float
    names: float
    columns: tuple[float, ...]
    size: float
    small: float


class Word(NamedTuple):
    """A word above a line: where it begins (mm from the left of the drawing), and its level from the rows upwards."""

    upright: Upright
    start: float
    level: int


def header_height(block: Block, frame: Frame) -> float:
    """Height in mm of the headings of the columns, and of the words above the lines."""
    lines = max((h.count("\n") + 1 for h in block.headings if h), default=0) + (1 if block.keys else 0)
    levels = max((word.level + 1 for word in words_above(block, frame)), default=0)
    return max(HEADER + LINE * (lines - 1) if lines else 2.0, levels * LINE + 2 * ABOVE_ROWS if levels else 0.0)


def words_above(block: Block, frame: Frame) -> list[Word]:
    """Where the words of all lines stand so that none overlaps another or is crossed by a line."""
    named = sorted((u for u in block.uprights if u.word), key=lambda u: u.value)
    if not named:
        return []
    low, high = (_scaled(v, block) for v in block.reach())
    places = [(_scaled(u.value, block) - low) / (high - low) * frame.width for u in named]
    widths = [width_of(u.word, frame.small, has_chinese(u.word)) for u in named]
    options = [list(_options(place, width)) for place, width in zip(places, widths, strict=True)]
    tried = sorted(product(*options), key=lambda chosen: sum(cost for _, _, cost in chosen))
    best = next((c for c in tried if _readable(c, places, widths, frame.width)), tried[0])
    return [Word(u, start, level) for u, (start, level, _) in zip(named, best, strict=True)]


def _options(place: float, width: float) -> Iterator[tuple[float, int, int]]:
    """Where a word may begin, on which level, and how little this is wished for."""
    starts = (place - width / 2, place + BESIDE_LINE, place - width - BESIDE_LINE)
    for level in range(3):
        for dislike, start in enumerate(starts):
            yield start, level, 3 * level + dislike


def _readable(
    chosen: Sequence[tuple[float, int, int]], places: Sequence[float], widths: Sequence[float], room: float
) -> bool:
    spans = [(start, start + width, level) for (start, level, _), width in zip(chosen, widths, strict=True)]
    for i, (start, end, level) in enumerate(spans):
        if start < -1.0 or end > room + 1.0:
            return False
        for j, (other, other_end, other_level) in enumerate(spans):
            if i < j and level == other_level and start < other_end + 1.0 and other < end + 1.0:
                return False
            if i != j and level < other_level and start - 0.4 < places[j] < end + 0.4:
                return False
    return True


def draw_block(ax: Axes, block: Block, frame: Frame) -> None:
    """Draw all rows; the vertical axis counts mm from the top, the first of which are the headings."""
    header = header_height(block, frame)
    heights = block.heights(block.rows)
    places = [header + place for place in block.places(block.rows)]
    bottom = header + sum(heights)
    ax.set_ylim(bottom, 0.0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    _scale(ax, block, frame)
    tops = [header + sum(heights[:i]) for i in range(len(heights) + 1)]
    _draw_uprights(ax, block, frame, header, tops)
    _draw_keys(ax, block, frame, header)
    for row, place in zip(block.rows, places, strict=True):
        if block.guided and row.marks:
            furthest = max(mark.estimate for mark in row.marks)
            ax.plot([block.reach()[0], furthest], [place] * 2, color=FAINT, lw=0.6, zorder=0, gid="guide")
        _write_row(ax, block, row, place, frame)
        for mark in row.marks:
            _draw_mark(ax, mark, place)
    for heading, at, right in zip(block.headings, frame.columns, block.rights, strict=True):
        slant = "italic" if heading in ("P", "n") else "normal"
        lines = heading.count("\n")
        how: dict[str, Any] = {"va": "center" if lines else "center_baseline", "style": slant}
        how |= {"ha": "right" if right else "left", "linespacing": LINE_SPACING, "fontsize": frame.size}
        _write(ax, (1.0, header - LINE * (lines + 1) / 2 - 1.0), at, heading, **how)


def _draw_keys(ax: Axes, block: Block, frame: Frame, header: float) -> None:
    """The marker that each column stands for, above its heading."""
    lines = max((heading.count("\n") for heading in block.headings), default=0)
    for (marker, fill, edge), at, right in zip(block.keys, frame.columns, block.rights, strict=False):
        beside = (at + (-BESIDE_KEY if right else BESIDE_KEY)) / MM_PER_INCH
        moved = ax.get_yaxis_transform() + ScaledTranslation(beside, 0, ax.figure.dpi_scale_trans)
        place = header - LINE * (lines + 1.5) - 1.0
        look: dict[str, Any] = {"ms": 5.0, "mfc": fill, "mec": edge, "mew": 0.9, "clip_on": False, "gid": "key"}
        ax.plot([1.0], [place], marker, transform=moved, **look)


def _scaled(value: float, block: Block) -> float:
    return math.log(value) if block.logarithmic else value


def _scale(ax: Axes, block: Block, frame: Frame) -> None:
    low, high = block.reach()
    if block.logarithmic:
        log_axis(ax.xaxis, low, high, block.grouping)
    else:
        fitting_axis(ax, low, high, frame.small, block.grouping)
    ax.set_xlim(low, high)
    ax.set_xlabel(block.axis_label, fontsize=frame.size, linespacing=LINE_SPACING)


def _draw_uprights(ax: Axes, block: Block, frame: Frame, header: float, tops: Sequence[float]) -> None:
    """The line of no difference, and further lines, each up to its word."""
    if block.null is not None:
        ax.plot([block.null] * 2, [header - ABOVE_ROWS, tops[-1]], color=QUIET, lw=0.6, zorder=1, gid="null")
    words = {id(word.upright): word for word in words_above(block, frame)}
    for upright in block.uprights:
        word = words.get(id(upright))
        first, last = upright.rows or (0, len(tops) - 2)
        top = tops[first] if word is None else header - ABOVE_ROWS - LINE * word.level
        style: Any = (0, (3, 2)) if upright.dashed else "-"
        how: dict[str, Any] = {"color": upright.colour, "lw": 0.8, "ls": style, "zorder": 1.5, "gid": upright.gid}
        ax.plot([upright.value] * 2, [top, tops[last + 1]], **how)
        if word is not None:
            place = header - ABOVE_ROWS - LINE * (word.level + 0.5)
            small: dict[str, Any] = {"fontsize": frame.small, "color": QUIET, "va": "center", "gid": "word"}
            _write(ax, (0.0, place), word.start, upright.word, **small)


def _write_row(ax: Axes, block: Block, row: Row, place: float, frame: Frame) -> None:
    weight = "bold" if row.strong else "normal"
    how: dict[str, Any] = {"color": row.colour, "linespacing": LINE_SPACING}
    lines = row.name.count("\n")
    centred = "center" if lines else "center_baseline"
    _write(ax, (0.0, place), frame.names, row.name, va=centred, fontsize=frame.size, fontweight=weight, **how)
    if row.under:
        below = place + LINE * (lines + 1) / 2 + 0.3 + block.small_line * (row.under.count("\n") + 1) / 2
        small = how | {"color": QUIET, "fontsize": frame.small, "gid": "under"}
        _write(ax, (0.0, below), frame.names, row.under, va="center", **small)
    for text, at, right in zip(row.cells, frame.columns, block.rights, strict=False):
        align = "right" if right else "left"
        _write(ax, (1.0, place), at, text, ha=align, va="center_baseline", fontsize=frame.size, **how)


def _write(ax: Axes, place: tuple[float, float], offset: float, text: str, **how: Any) -> None:
    """A text at this share of the width and so many mm from the top, moved to the right by ``offset`` mm."""
    if text:
        where: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points"}
        ax.annotate(text, place, (offset * POINTS_PER_MM, 0), annotation_clip=False, **where, **how)


def _draw_mark(ax: Axes, mark: Mark, place: float) -> None:
    """Interval, interval for the whole family, estimate; arrows where an interval goes on beyond the axis."""
    low, high = ax.get_xlim()
    if mark.marker == WHOLE_DIAMOND and math.isfinite(mark.low) and math.isfinite(mark.high):
        corners = [min(max(v, low), high) for v in (mark.low, mark.estimate, mark.high, mark.estimate)]
        up = [place, place - HALF_DIAMOND, place, place + HALF_DIAMOND]
        ax.fill(corners, up, facecolor=mark.fill, edgecolor=mark.edge, lw=0.6, zorder=5, gid=mark.gid)
        return
    for (start, end), width, gid in ((mark.wide, 0.7, "simultaneous"), ((mark.low, mark.high), 1.6, "interval")):
        if start == start and end == end:
            shown = [min(max(v, low), high) for v in (start, end)]
            ax.plot(shown, [place] * 2, color=mark.line, lw=width, solid_capstyle="butt", zorder=3, gid=gid)
            for edge, arrow, beyond in ((low, "<", start < low), (high, ">", end > high)):
                if beyond:
                    ax.plot([edge], [place], arrow, ms=3.5, color=mark.line, clip_on=False, zorder=4, gid="beyond")
    if low <= mark.estimate <= high:
        shape = "D" if mark.marker == WHOLE_DIAMOND else mark.marker
        look: dict[str, Any] = {"ms": mark.size, "mfc": mark.fill, "mec": mark.edge, "mew": 0.9, "zorder": 5}
        ax.plot([mark.estimate], [place], shape, clip_on=False, gid=mark.gid, **look)
