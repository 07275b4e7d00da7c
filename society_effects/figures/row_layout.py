"""Rows of names, marks and texts on a canvas: how wide is every column, and what is drawn where?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import OutputError
from .canvas import MARGIN, Canvas, Sheet, panel_letter
from .lettering import has_chinese
from .row_drawing import Frame, draw_block, header_height
from .row_parts import INDENT, LOWEST, Block, Row
from .wording import Wording, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP, BETWEEN, AXIS, TICKS = 3.0, 4.0, 8.0, 5.5  # mm: between columns, between blocks, axis with and without a name
NAME, LETTER, BEFORE_NOTE = 5.0, 5.0, 2.0  # mm: the line of a block's name, its letter, below the rows after it
NARROWEST, NARROWEST_SINGLE = 45.0, 30.0  # mm, the drawing itself
LEAST_NAMES = 24.0  # mm
WIDER_HEADING = 1.35
"""How much wider than its texts the heading of a column may be."""
WIDEST_NAME, WIDEST_SINGLE = 0.38, 0.45  # of the figure


@dataclass(frozen=True)
class Below:
    """A further drawing below all rows: its height in a room of so many mm, and what draws it at this place."""

    height: Callable[[Sheet, float], float]
    draw: Callable[[Sheet, Canvas, float, float], None]


def show_rows(
    words: Wording,
    blocks: Sequence[Block],
    note: str,
    figure: str,
    journal: str | None,
    title: str | None,
    ax: Axes | None,
    below: Below | None = None,
) -> Any:
    """Draw the blocks below each other; on ``ax`` alone where it is given and one block is all."""
    chinese = needs_chinese(words.findings, words.lang, title) or any(has_chinese(t) for b in blocks for t in b.texts)
    if ax is not None:
        if len(blocks) > 1 or below is not None:
            raise OutputError("FIGURE_NEEDS_OWN_AXES", lang=words.lang, figure=figure)
        return _on_axis(ax, blocks[0], chinese)
    single, double = (Sheet(width, journal, chinese, title, note) for width in ("single", "double"))
    columns = _Columns(single, blocks, NARROWEST_SINGLE, WIDEST_SINGLE)
    if len(blocks) > 1 or below is not None or not columns.roomy:
        columns = _Columns(double, blocks, NARROWEST)
    return columns.canvas(below)


class _Columns:
    """Widths in mm that all blocks share."""

    def __init__(
        self, sheet: Sheet, blocks: Sequence[Block], narrowest: float, widest_name: float = WIDEST_NAME
    ) -> None:
        self.sheet = sheet
        cells = [_cells(block) for block in blocks]
        plain = [max((sheet.text_width(t) for of in cells for t in of[i]), default=0.0) for i in range(len(cells[0]))]
        headings = [[_heading(sheet, h, w) for h, w in zip(b.headings, plain, strict=True)] for b in blocks]
        self.cells = [max([w, *(sheet.text_width(of[i]) for of in headings)]) for i, w in enumerate(plain)]
        free = sheet.width - 2 * MARGIN - GAP - sum(GAP + width for width in self.cells)
        widest = max(sheet.text_width(INDENT * r.indent + r.name) for b in blocks for r in (*b.rows, *b.after))
        room = max(min(widest_name * sheet.width, free - narrowest), LEAST_NAMES)
        self.roomy = widest <= room and free - widest >= narrowest
        small = sheet.journal.note_size
        self.blocks = [
            replace(_wrapped(block, sheet, room), headings=tuple(of), small_line=sheet.lines_height("n", small))
            for block, of in zip(blocks, headings, strict=True)
        ]
        rows = [row for block in self.blocks for row in (*block.rows, *block.after)]
        self.names = max(max(sheet.text_width(r.name), sheet.text_width(r.under, small)) for r in rows)
        self.width = max(free - self.names, narrowest / 2)
        label_room = 2 * (sheet.width - MARGIN - self.left - self.width / 2)
        self.blocks = [replace(b, axis_label=sheet.wrap(b.axis_label, label_room)) for b in self.blocks]

    @property
    def left(self) -> float:
        """Where the drawings begin."""
        return MARGIN + self.names + GAP

    def frame(self, block: Block) -> Frame:
        """Where the columns of a block stand, beside its drawing."""
        places, at = [], GAP
        for width, right in zip(self.cells, block.rights, strict=True):
            places.append(at + width if right else at)
            at += width + GAP
        journal = self.sheet.journal
        return Frame(self.width, -self.names - GAP, tuple(places), journal.label_size, journal.note_size)

    def canvas(self, below: Below | None) -> Canvas:
        """All blocks, on a canvas as high as they need; rows are lowered where a page would not hold them."""
        sheet = self.sheet
        room = sheet.journal.tallest - sheet.head - sheet.foot
        least = below.height(sheet, 0.0) + BETWEEN if below else 0.0
        if self._height() + least > room:
            self.blocks = [replace(block, row=LOWEST) for block in self.blocks]
        if self._height() + least > room:
            self.blocks = _said_once(self.blocks)
        further = below.height(sheet, room - self._height() - BETWEEN) + BETWEEN if below else 0.0
        canvas, top = sheet.canvas(self._height() + further), sheet.head
        for i, block in enumerate(self.blocks):
            self._place(canvas, block, i, top)
            top += self._of(block) + BETWEEN
        if below is not None:
            below.draw(sheet, canvas, top, further - BETWEEN)
        return canvas

    def _height(self) -> float:
        return sum(map(self._of, self.blocks)) + BETWEEN * (len(self.blocks) - 1)

    def _of(self, block: Block) -> float:
        """Height of a block in mm: its name, headings, rows and axis, and the rows below the axis."""
        name = NAME if block.name else 0.0
        rows = sum(block.heights(block.rows)) + self._axis(block)
        after = sum(block.heights(block.after)) + (BEFORE_NOTE if block.after else 0.0)
        return name + header_height(block, self.frame(block)) + rows + after

    def _axis(self, block: Block) -> float:
        return (AXIS if block.axis_label else TICKS) + self.sheet.lines_height(block.axis_label)

    def _place(self, canvas: Canvas, block: Block, number: int, top: float) -> None:
        frame = self.frame(block)
        if block.name:
            left = MARGIN
            if len(self.blocks) > 1:
                canvas.write(left, top, panel_letter(number), fontweight="bold", gid="letter")
                left += LETTER
            canvas.write(left, top, block.name, gid="heading")
            top += NAME
        height = header_height(block, frame) + sum(block.heights(block.rows))
        draw_block(canvas.place(self.left, top, self.width, height), block, frame)
        self._write_after(canvas, block, top + height + self._axis(block))

    def _write_after(self, canvas: Canvas, block: Block, top: float) -> None:
        """The rows below the axis: their names, and their texts from where the drawing begins."""
        for row, place in zip(block.after, block.places(block.after), strict=True):
            how: dict[str, Any] = {"va": "center", "color": row.colour, "gid": "after"}
            canvas.write(MARGIN, top + place, row.name, **how)
            for text in row.cells[:1]:
                canvas.write(self.left, top + place, text, **how)


def _said_once(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with the headings of columns above the first only and the name of the axis below the last."""
    first, last = blocks[0], blocks[-1]
    found = [first, *(replace(b, headings=("",) * len(b.headings)) for b in blocks[1:] if b.headings == first.headings)]
    if len(found) < len(blocks) or any(block.axis_label != last.axis_label for block in blocks):
        return list(blocks)
    return [*(replace(block, axis_label="") for block in found[:-1]), found[-1]]


def _cells(block: Block) -> list[list[str]]:
    """The texts of each column of a block."""
    return [[row.cells[i] for row in block.rows if row.cells] for i in range(len(block.headings))]


def _heading(sheet: Sheet, heading: str, width: float) -> str:
    """A heading in lines that make its column no wider than they must."""
    room = max(WIDER_HEADING * width, 12.0)
    lines = [sheet.wrap(line, max(room, sheet.widest_word(line))) for line in heading.split("\n")]
    return "\n".join(lines)


def _wrapped(block: Block, sheet: Sheet, room: float) -> Block:
    """The block with its names, and what stands below them, in lines."""
    rows = tuple(_wrapped_row(row, sheet, room) for row in block.rows)
    return replace(block, rows=rows, after=tuple(_wrapped_row(row, sheet, room) for row in block.after))


def _wrapped_row(row: Row, sheet: Sheet, room: float) -> Row:
    indent, small = INDENT * row.indent, sheet.journal.note_size
    own = room - sheet.text_width(indent)
    name = sheet.balance(row.name, own, sheet.journal.label_size)
    under = sheet.wrap(row.under, own, small)
    return replace(row, name=_indented(name, indent), under=_indented(under, indent) if under else "")


def _indented(text: str, indent: str) -> str:
    return indent + text.replace("\n", f"\n{indent}")


def _on_axis(ax: Axes, block: Block, chinese: bool) -> Any:
    """Draw the rows into the user's own axis; its figure."""
    sheet = Sheet("double", None, chinese, None, "")
    columns = _Columns(sheet, [block], NARROWEST)
    inches = ax.get_window_extent().width / ax.figure.dpi
    columns.width = inches * 25.4 if math.isfinite(inches) else columns.width
    draw_block(ax, columns.blocks[0], columns.frame(columns.blocks[0]))
    return ax.figure
