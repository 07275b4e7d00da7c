"""The names of categories above stacked bars, each behind a square of its colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from .canvas import MARGIN, Canvas, Sheet, small_size
from .palette import FAINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, GAP, SWATCH = 6.0, 3.0, 2.6  # mm: a line of names, between two of them, the coloured square
Line: TypeAlias = list[tuple[float, str, int]]


def legend_lines(sheet: Sheet, categories: Sequence[str], width: float) -> list[Line]:
    """The names of categories in lines of this width: where each begins, its text, and its number."""
    lines: list[Line] = [[]]
    place = 0.0
    for number, name in enumerate(categories):
        shown = sheet.wrap(name, width - SWATCH - 1.5).split("\n")[0]
        needed = SWATCH + 1.5 + sheet.text_width(shown, sheet.journal.note_size)
        if lines[-1] and place + needed > width:
            lines.append([])
            place = 0.0
        lines[-1].append((place, shown, number))
        place += needed + GAP
    return lines


def write_legend(canvas: Canvas, lines: Sequence[Line], top: float, colours: Sequence[str]) -> None:
    """Write these lines from here (mm) on, each name behind a square of its colour."""
    from matplotlib.patches import Rectangle

    for row, line in enumerate(lines):
        middle = top + (row + 0.4) * ROW
        for place, name, number in line:
            left, bottom, *size = canvas.box(MARGIN + place, middle - SWATCH / 2, SWATCH, SWATCH)
            swatch = Rectangle(
                (left, bottom), *size, transform=canvas.transFigure, fc=colours[number], ec=FAINT, lw=0.5
            )
            canvas.add_artist(swatch)
            left = MARGIN + place + SWATCH + 1.5
            canvas.write(left, middle, name, va="center_baseline", fontsize=canvas.journal.note_size, gid="category")


def legend_on_axis(ax: Axes, categories: Sequence[str], colours: Sequence[str]) -> None:
    """Name the categories above an axis of the user."""
    from matplotlib.patches import Patch

    handles = [Patch(color=colour, label=name) for colour, name in zip(colours, categories, strict=True)]
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(handles),
        frameon=False,
        fontsize=small_size(),
    )
