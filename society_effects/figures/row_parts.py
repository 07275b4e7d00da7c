"""What stands in the rows of a figure that lists what it shows: names, marks on one axis, columns of texts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .palette import INK
from .scales import reach

ROW, LOWEST, LINE = 5.5, 4.3, 3.6  # mm: a row, the lowest one where a page would not hold all, a line of a name
UNDER, ABOVE_STRONG = 0.6, 1.5  # mm more below a row with small type, and above a heading within a block
INDENT = "\u2002"
"""Before the name of a row that belongs to the one above, once for each step."""
WHOLE_DIAMOND = "whole diamond"
"""A diamond as wide as its interval, for an estimate that sums up the others."""


@dataclass(frozen=True)
class Mark:
    """An estimate with its interval, in the units of the axis.

    marker : of matplotlib, or ``WHOLE_DIAMOND``. fill, edge : colours of the marker. line : colour of the interval.
    size : of the marker in points. wide : limits for the whole family, drawn thin.
    """

    estimate: float
    low: float = math.nan
    high: float = math.nan
    marker: str = "s"
    fill: str = INK
    edge: str = INK
    line: str = INK
    size: float = 4.6
    wide: tuple[float, float] = (math.nan, math.nan)
    gid: str = "estimate"

    @property
    def numbers(self) -> tuple[float, ...]:
        """All that the axis must show."""
        return (self.estimate, self.low, self.high, *self.wide)


@dataclass(frozen=True)
class Upright:
    """A line across all rows, with a word above it. rows : the first and last of them, if not all are crossed."""

    value: float
    word: str
    gid: str
    dashed: bool = False
    colour: str = INK
    rows: tuple[int, int] | None = None


@dataclass(frozen=True)
class Row:
    """A row: its name, what stands below it in small type, its marks, the texts of its columns.

    indent : steps to the right. strong : a heading in bold type. colour : of all texts.
    """

    name: str
    cells: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    under: str = ""
    indent: int = 0
    strong: bool = False
    colour: str = INK


@dataclass(frozen=True)
class Block:
    """Rows on one axis under one name, with the headings of their columns.

    rights : which columns end in line at their right, as counts do. after : rows below the axis, whose one text stands
    where the drawing begins. span : limits of the axis, where the marks do not tell them. keys : marker, filling and
    edge that each column stands for. guided : does a pale line lead from the left of each row to its last mark?
    row, small_line : heights in mm of a row and of a line in small type.
    """

    rows: tuple[Row, ...]
    headings: tuple[str, ...]
    rights: tuple[bool, ...]
    axis_label: str
    name: str = ""
    null: float | None = 0.0
    logarithmic: bool = False
    uprights: tuple[Upright, ...] = ()
    after: tuple[Row, ...] = ()
    span: tuple[float, float] | None = None
    grouping: str = ""
    keys: tuple[tuple[str, str, str], ...] = ()
    guided: bool = False
    row: float = ROW
    small_line: float = 3.1

    @property
    def texts(self) -> list[str]:
        """All texts of the block."""
        of_rows = [text for row in (*self.rows, *self.after) for text in (row.name, row.under, *row.cells)]
        return [self.name, self.axis_label, *self.headings, *of_rows, *(u.word for u in self.uprights)]

    def reach(self) -> tuple[float, float]:
        """From where to where the axis goes."""
        if self.span is not None:
            return self.span
        numbers = [number for row in self.rows for mark in row.marks for number in mark.numbers]
        crossing = [u.value for u in self.uprights]
        return reach([*numbers, *crossing, *([] if self.null is None else [self.null])], self.logarithmic)

    def heights(self, rows: tuple[Row, ...]) -> list[float]:
        """Height of each of these rows in mm."""
        own = [self.row + LINE * row.name.count("\n") + self.under(row) for row in rows]
        return [height + (ABOVE_STRONG if i and rows[i].strong else 0.0) for i, height in enumerate(own)]

    def places(self, rows: tuple[Row, ...]) -> list[float]:
        """Where the marks of these rows stand, in mm from the top of the first row."""
        found, bottom = [], 0.0
        for row, height in zip(rows, self.heights(rows), strict=True):
            bottom += height
            own = self.row + LINE * row.name.count("\n")
            found.append(bottom - self.under(row) - own / 2)
        return found

    def under(self, row: Row) -> float:
        """Height in mm of what stands in small type below a row."""
        return self.small_line * (row.under.count("\n") + 1) + UNDER if row.under else 0.0
