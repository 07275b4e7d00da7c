"""In which share of each group did it happen? Shares with their intervals and counts. Reads: groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..findings.findings import Findings
from .canvas import LINE_SPACING, MARGIN, Canvas, Sheet
from .lettering import POINTS_PER_MM
from .name_columns import height_of, row_height, wrap_names
from .palette import FAINT, INK, Look, looks
from .scales import plain_axis
from .wording import PER_CENT, Wording, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 5.5  # mm
BETWEEN, AXIS, GAP = 2.5, 9.0, 3.0  # mm: between outcomes, ticks, between columns
NARROWEST = 45.0
DRAWN_ELSEWHERE = ("ordinal", "nominal")  # by likert and shares


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: groups with a share."""
    groups = findings.frame("groups")
    return groups[groups["share"].notna() & ~groups["kind"].isin(DRAWN_ELSEWHERE)]


@dataclass
class Block:
    """One outcome: its name and one row per group."""

    name: str
    rows: list[Any]
    groups: list[str]
    counts: list[str]
    row: float = ROW

    @property
    def height(self) -> float:
        """Height in mm: of its rows, or of the lines of its name."""
        return max(self.row * len(self.rows), height_of(self.name))


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the shares of every group on every outcome; on ``ax`` alone where it is given."""
    words, rows = Wording(findings, lang), material(findings)
    found = looks(list(rows["group"].unique()), _reference(findings), findings.provenance.get("member"))
    blocks = _blocks(words, rows)
    method = words.say("note.wilson") if set(rows["method"].dropna()) == {"wilson"} else ""
    if ax is not None:
        _fill(ax, blocks, found, 8.0, words.say("share"), names_inside=True)
        return ax.figure
    sheet = Sheet("double", journal, needs_chinese(findings, lang, title), title, _note(words, rows, method))
    return _lay_out(sheet, blocks, found, words.say("share"))


def _reference(findings: Findings) -> str | None:
    if not findings.has("estimates"):
        return findings.provenance.get("reference")
    known = findings.frame("estimates")["reference"].dropna()
    return str(known.iloc[0]) if len(known) else None


def _note(words: Wording, rows: pd.DataFrame, method: str) -> str:
    return words.note("proportions", words.sized(rows), method=method)


def _blocks(words: Wording, rows: pd.DataFrame) -> list[Block]:
    apart = [key for key in ("outcome", "category", "wave", "site", "by", "level") if rows[key].notna().any()]
    firsts = rows.drop_duplicates(apart)
    names = words.rows(firsts.drop(columns="group"))
    blocks = []
    for name, (_, part) in zip(names, rows.groupby(apart, sort=False, dropna=False), strict=True):
        listed = list(part.itertuples())
        counts = [_counts(words, r) for r in listed]
        blocks.append(Block(name, listed, [words.group(r.group) for r in listed], counts))
    return blocks


def _counts(words: Wording, row: Any) -> str:
    """Events of students, with the percentage; Chinese journals want none of small groups."""
    return words.say(
        "counts_alone" if words.no_percentages(row.n) else "counts", events=row.events, n=row.n, share=row.share
    )


def _lay_out(sheet: Sheet, blocks: list[Block], found: dict[str, Look], label: str) -> Canvas:
    counts = max(sheet.text_width(c) for b in blocks for c in b.counts)
    room = sheet.width - counts - 3 * GAP - 2 * MARGIN - NARROWEST
    wrapped, lines = wrap_names(sheet, [b.name for b in blocks], [g for b in blocks for g in b.groups], room)
    for block, name in zip(blocks, wrapped, strict=True):
        block.name, block.groups, lines = name, lines[: len(block.groups)], lines[len(block.groups) :]
        block.row = row_height(block.groups, ROW)
    names = max(sheet.text_width(b.name) for b in blocks)
    groups = max(sheet.text_width(g) for b in blocks for g in b.groups)
    left = MARGIN + names + GAP + groups + GAP
    width = max(sheet.width - left - counts - GAP - MARGIN, NARROWEST)
    height = sum(b.height + BETWEEN for b in blocks)
    canvas = sheet.canvas(height + AXIS + sheet.lines_height(label))
    axes = canvas.place(left, sheet.head, width, height)
    places = _fill(axes, blocks, found, sheet.journal.label_size, label)
    for block, place in zip(blocks, places, strict=True):
        canvas.write(MARGIN, sheet.head + place, block.name, va="center")
    return canvas


def _fill(
    ax: Axes,
    blocks: list[Block],
    found: dict[str, Look],
    size: float,
    label: str,
    names_inside: bool = False,
) -> list[float]:
    """Draw the rows; the vertical axis counts mm from the top. The middle of each block."""
    tops = np.cumsum([0.0, *(b.height + BETWEEN for b in blocks)])
    low, high = _limits(blocks)
    ticks, texts, middles = [], [], []
    for i, (block, top) in enumerate(zip(blocks, tops, strict=False)):
        middle = float(top) + BETWEEN / 2 + block.height / 2
        middles.append(middle)
        places = middle + block.row * (np.arange(len(block.rows)) - (len(block.rows) - 1) / 2)
        ticks += list(places)
        texts += [f"{block.name}: {g}" if names_inside and len(blocks) > 1 else g for g in block.groups]
        for place, row, counts in zip(places, block.rows, block.counts, strict=True):
            _mark(ax, float(place), row, found[row.group], counts, size)
        if i:
            ax.axhline(float(top), color=FAINT, lw=0.5, zorder=0)
    ax.set_ylim(float(tops[-1]), 0.0)
    ax.set_yticks(ticks, texts, fontsize=size, linespacing=LINE_SPACING)
    ax.tick_params(axis="y", length=0, pad=GAP * POINTS_PER_MM)
    ax.spines["left"].set_visible(False)
    plain_axis(ax.xaxis, low, high)
    ax.set_xlim(low, high)
    ax.set_xlabel(label, fontsize=size)
    return middles


def _limits(blocks: list[Block]) -> tuple[float, float]:
    """From 0 to 100 %, unless all intervals lie in a small part of it."""
    ends = [v for b in blocks for r in b.rows for v in (r.share, r.conf_low, r.conf_high) if v == v]
    low, high = PER_CENT * min(ends), PER_CENT * max(ends)
    if high - low > 40:
        return 0.0, PER_CENT
    step = 10.0 if high - low > 8 else 2.0
    return max(0.0, np.floor(low / step) * step), min(PER_CENT, np.ceil(high / step + 1e-9) * step)


def _mark(ax: Axes, place: float, row: Any, look: Look, counts: str, size: float) -> None:
    ax.plot(
        [PER_CENT * row.conf_low, PER_CENT * row.conf_high],
        [place] * 2,
        color=look.colour,
        lw=1.6,
        solid_capstyle="butt",
        clip_on=False,
        gid="interval",
    )
    ax.plot([PER_CENT * row.share], [place], look.marker, ms=5.4, color=look.colour, mew=0, clip_on=False, gid="share")
    where: dict[str, Any] = {
        "xycoords": ax.get_yaxis_transform(),
        "textcoords": "offset points",
        "annotation_clip": False,
    }
    ax.annotate(counts, (1.0, place), (GAP * POINTS_PER_MM, 0), va="center_baseline", fontsize=size, color=INK, **where)
