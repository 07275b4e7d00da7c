"""How wide are the two columns of names at the left of a row: the outcome's, and the group's?"""

from __future__ import annotations

from collections.abc import Sequence

from .canvas import Sheet

LINE, AROUND = 3.6, 1.5  # mm: a line of a name, and what is free around all of them
MOST = 0.55  # of the figure, for both columns
OUTCOMES = 0.5  # of both columns, for the names of outcomes where both are long


def wrap_names(
    sheet: Sheet, names: Sequence[str], groups: Sequence[str], room: float, points: float | None = None
) -> tuple[list[str], list[str]]:
    """The names of outcomes and those of groups in lines, so that both columns leave room for the drawing.

    room : mm that both have at most. points : type size of the groups.
    """
    room = min(room, MOST * sheet.width)
    wide, other = max(map(sheet.text_width, names)), max(sheet.text_width(g, points) for g in groups)
    if wide + other > room:
        wide = min(wide, max(OUTCOMES * room, room - other))
        other = min(other, room - wide)
    wrapped = [sheet.balance(name, wide + 0.1, sheet.journal.label_size) for name in names]
    other = min(other, room - max(map(sheet.text_width, wrapped)))
    return wrapped, [sheet.wrap(group, other + 0.1, points) for group in groups]


def height_of(name: str) -> float:
    """Height in mm of the lines of a name, with what is free around them."""
    return LINE * (name.count("\n") + 1) + AROUND


def row_height(groups: Sequence[str], usual: float) -> float:
    """Height in mm of every row: the usual one, or more where the name of a group takes several lines."""
    return max([usual, *(height_of(group) for group in groups if "\n" in group)])
