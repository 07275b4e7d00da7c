"""Where do the numbers of a column begin so that their decimal points stand below each other?

Only cells of one form are aligned with each other, as ``2.11 [−0.08, 4.31]``; the others stay in the middle.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .table import Cell
from .text_widths import beside, em_width

NUMBER = re.compile(r"[<>]?[−-]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)")
SLACK = 1.02


def starts(cells: Sequence[Cell], room: float) -> list[float | None]:
    """How far from the left of its column does each cell begin, in em? None where it stays as it is.

    room : width of the column in em. Nothing is moved where the numbers, point below point, would be wider.

    >>> [round(start, 2) for start in starts([Cell("9.50"), Cell("12.25"), Cell("−3.00")], 6)]
    [2.38, 1.87, 1.81]
    >>> starts([Cell("t = 2.1"), Cell("3.5"), Cell("—")], 6)
    [None, None, None]
    """
    around = _around_points(cells)
    left, right = _widest(around)
    if not any(around) or SLACK * (left + right) > room:
        return [None] * len(cells)
    return [(room - left - right) / 2 + left - pair[0] if pair else None for pair in around]


def width_of_aligned(cells: Sequence[Cell]) -> float:
    """How wide are the numbers of a column together, point below point, in em?"""
    return SLACK * sum(_widest(_around_points(cells)))


def _around_points(cells: Sequence[Cell]) -> list[tuple[float, float] | None]:
    """Widths left and right of the points that are aligned: of the cells of the commonest form, if there are two."""
    forms = [_form(cell) for cell in cells]
    form, often = max(Counter(filter(None, forms)).items(), key=lambda item: item[1], default=("", 0))
    aligned = [own == form and often > 1 for own in forms]
    return [_around_point(cell) if moved else None for cell, moved in zip(cells, aligned, strict=True)]


def _widest(around: Sequence[tuple[float, float] | None]) -> tuple[float, float]:
    known = [pair for pair in around if pair]
    return max((left for left, _ in known), default=0.0), max((right for _, right in known), default=0.0)


def _form(cell: Cell) -> str:
    """The text with a nought for each number, where it begins with one and may be moved."""
    movable = cell.align == "center" and cell.span == 1 and not cell.indent and NUMBER.match(cell.text)
    return NUMBER.sub("0", cell.text) if movable else ""


def _around_point(cell: Cell) -> tuple[float, float]:
    """Widths left and right of the point of the first number, or of its end."""
    number = NUMBER.match(cell.text)
    whole = number[0].partition(".")[0] if number else ""
    return em_width(whole), em_width(cell.text[len(whole) :]) + beside(cell)
