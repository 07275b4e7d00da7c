"""How wide is each column of a table on paper, and does the table stand upright or on its side?

Text is measured in widths of Times, so that Word and LaTeX get columns that hold their numbers unbroken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple
from unicodedata import east_asian_width

from .decimal_points import width_of_aligned
from .line_breaks import is_short, whole_pieces
from .table import Cell, Content, Table, header_grid, is_alone, plain
from .text_widths import beside, em_width

SIZES = (9.0, 8.0)
"""Type sizes in points that are tried on the upright page before the table is put on its side."""
SMALLEST = 7.0
PADDING = 3.2  # mm left and right of a text together, and a little
MM_PER_POINT = 25.4 / 72
HEAD_MOST = 9.0  # em up to which a heading gets a line, where there is room
LABEL_LEAST, LABEL_MOST = 6.0, 22.0
"""Widths in em between which labels are wrapped."""
FEW_LINES, MOST_LINES, RAGGED = 2, 3, 1.1


@dataclass(frozen=True)
class Layout:
    """Widths of the columns in mm, the type size in points, upright or not.

    unwrapped : every text fits on one line. fits : nothing is broken that should not be. lines : of the highest row.
    """

    widths: tuple[float, ...]
    size: float
    landscape: bool
    unwrapped: bool
    fits: bool
    lines: int


class _Needs(NamedTuple):
    """The width each column wants, the width it must have, and that in which its numbers stay in one line, in em."""

    natural: list[float]
    least: list[float]
    whole: list[float]


def layout_of(table: Table, upright: float, on_side: float) -> Layout:
    """Which layout holds this table? ``upright`` and ``on_side`` are the widths of the page between its margins, mm.

    The first in which no number is broken more than it may be and no row has more than three lines: numbers in one
    line before larger type before an upright page; smaller type where it leaves no row more than two lines. Else the
    one whose rows have fewest lines.
    """
    needs = _needs(table)
    tries = [(size, upright, whole) for whole in (True, False) for size in SIZES]
    tries += [(size, on_side, whole) for whole in (True, False) for size in SIZES]
    tries += [(SMALLEST, on_side, whole) for whole in (True, False)]
    fitting = []
    wanted = [(FEW_LINES, *one) for one in tries[: len(SIZES)]] + [(MOST_LINES, *one) for one in tries]
    for most, size, room, whole in wanted:
        layout = _layout(table, needs, size, room, room == on_side, whole)
        if layout.fits and layout.lines <= most:
            return layout
        fitting += [layout] if layout.fits else []
    return min(fitting, key=lambda one: one.lines, default=layout)


def _layout(table: Table, needs: _Needs, size: float, room: float, landscape: bool, whole: bool) -> Layout:
    em = size * MM_PER_POINT
    free = (room - PADDING * len(needs.natural)) / em
    least = needs.whole if whole else needs.least
    shares = _shared_out(needs.natural, least, free)
    lines = [_lines(cell, i, shares[i]) for row in table.rows for i, cell in _in_columns(row)]
    widths = tuple(share * em + PADDING for share in shares)
    places = [place for row in table.rows for place in _in_columns(row)]
    places += [(i, cell) for row in header_grid(table) for i, cell in enumerate(row) if cell.span == 1]
    unwrapped = all(em_width(cell.text) + beside(cell) <= shares[i] for i, cell in places)
    return Layout(widths, size, landscape, unwrapped, sum(least) <= free, max([1, *lines]))


def _lines(cell: Cell, column: int, room: float) -> int:
    """About how many lines does a label have in a column of this width?"""
    return ceil(RAGGED * em_width(cell.text) / room) if _is_label(cell, column) and em_width(cell.text) > room else 1


def _shared_out(natural: Sequence[float], least: Sequence[float], free: float) -> list[float]:
    if sum(natural) <= free:
        return [width * free / sum(natural) for width in natural]
    wishes = [more - less for more, less in zip(natural, least, strict=True)]
    left = free - sum(least)
    if left <= 0 or not sum(wishes):
        return [width * free / sum(least) for width in least]
    return [less + left * wish / sum(wishes) for less, wish in zip(least, wishes, strict=True)]


def _needs(table: Table) -> _Needs:
    grid = header_grid(table)
    natural, least, whole = [], [], []
    for i in range(len(grid[0])):
        body = [cell for row in table.rows for place, cell in _in_columns(row) if place == i]
        heads = [row[i] for row in grid if row[i].span == 1]
        needed = max([1.0, *(_needed(cell, i) for cell in body), *map(_head_needed, heads)])
        numbers = [_wanted(cell, i) for cell in body if not _is_label(cell, i)]
        numbers.append(width_of_aligned(body) if i else 0.0)
        least.append(needed)
        whole.append(max([needed, *numbers]))
        natural.append(max([needed, *numbers, *(_wanted(cell, i) for cell in body), *map(_head_wanted, heads)]))
    for row in grid:
        for widths in (natural, least, whole):
            _widen_below(row, widths)
    return _Needs(natural, least, whole)


def _in_columns(row: tuple[Cell, ...]) -> list[tuple[int, Cell]]:
    """The cells of a row that must find room in one column, with their places."""
    return [] if is_alone(row) else [(i, cell) for i, cell in enumerate(row) if cell.span == 1]


def _widen_below(row: list[Cell], widths: list[float]) -> None:
    """Columns below a heading that spans them are together as wide as its longest word."""
    for start, cell in enumerate(row):
        if cell.span > 1 and (start == 0 or row[start - 1] is not cell):
            covered = range(start, start + cell.span)
            missing = _head_needed(cell) - sum(widths[i] for i in covered)
            for i in covered:
                widths[i] += max(missing, 0.0) / len(covered)


def _wanted(cell: Cell, column: int) -> float:
    width = em_width(cell.text) + beside(cell)
    return min(width, LABEL_MOST) if _is_label(cell, column) else width


def _needed(cell: Cell, column: int) -> float:
    if not _is_label(cell, column):
        return _head_needed(cell) + beside(cell)
    longest = max([0.0, *(min(em_width(word), LABEL_MOST) for word in _words(cell.content))])
    return max(longest, min(em_width(cell.text), LABEL_LEAST)) + beside(cell)


def _head_wanted(cell: Cell) -> float:
    return min(em_width(cell.text), max(_head_needed(cell), HEAD_MOST))


def _head_needed(cell: Cell) -> float:
    """The widest piece of a heading or a number that must stay on one line."""
    if is_short(cell.content):
        return em_width(cell.text)
    return max([0.0, *(em_width(word) for word in _words(cell.content))])


def _words(content: Content) -> list[str]:
    """The pieces of a text between which a line may break: words, and in Chinese four characters at a time."""
    words = re.split("[ \n\t]+|(?<=[^ ]{9}-)|(?=（)", plain(whole_pieces(content)))
    return [word[:4] if word and word[0] != "（" and east_asian_width(word[0]) in "WF" else word for word in words]


def _is_label(cell: Cell, column: int) -> bool:
    return column == 0 or cell.align == "left"
