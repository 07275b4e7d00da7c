"""How does a table look without its small counts? Those below a limit, and what they could be computed from, withheld.

Withheld are numbers and texts alike, so that no form of the table has them. In a variable with a withheld count all
numbers that compare the groups go too: a difference of shares or a P value gives away the count behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import OutputError
from .formats import Format
from .notes import letters
from .table import Cell, Note, Run, Table, header_grid, runs_of
from .withholding import HIDDEN, LARGE, SMALL, Part, withheld

KINDS = ("baseline", "comparison")
LOWEST = 3
"""Below two would be told that it is one."""
WITHHELD = "[c]"
Place = tuple[int, int]


@dataclass(frozen=True)
class Block:
    """One variable of a table. groups : size of each group (None: not told) and the places of its cells.

    compared : the places of what compares the groups.
    """

    groups: tuple[tuple[int | None, tuple[Place, ...]], ...]
    compared: tuple[Place, ...]


def suppressed(table: Table, below: int) -> Table:
    """The table without counts from 1 to ``below`` - 1 and all that would give them away."""
    if isinstance(below, bool) or not isinstance(below, int) or below < LOWEST:
        raise OutputError("BAD_SMALL_CELLS", lang=table.lang, value=str(below), lowest=LOWEST)
    if table.kind not in KINDS:
        raise OutputError("NO_SMALL_CELLS_HERE", lang=table.lang, table=table.kind or table.title, allowed=KINDS)
    work = _Withholding(table, below)
    blocks = tuple(_blocks(table))
    tiny = any(size is not None and 0 < size < below for block in blocks for size, _ in block.groups)
    for block in blocks:
        work.block(block, tiny)
    work.sizes()
    return work.table()


def _blocks(table: Table) -> Iterator[Block]:
    """The variables of a table: its rows, or its columns where groups stand in rows."""
    if table.rows and len(table.rows[0]) > 1 and _is_size(table.rows[0][1]):
        yield from _in_columns(table)
        return
    sizes = [cell.value for cell in header_grid(table)[0]]
    groups = [j for j in range(1, len(sizes)) if sizes[j] is not None or _describes(row[j] for row in table.rows)]
    starts = [i for i, row in enumerate(table.rows) if row[0].indent == 0]
    for start, end in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        rows = range(start, end)
        of_groups = tuple((_whole(sizes[j]), tuple((i, j) for i in rows)) for j in groups)
        rest = [j for j in range(1, len(sizes)) if j not in groups]
        yield Block(of_groups, tuple((i, j) for i in rows for j in rest))


def _in_columns(table: Table) -> Iterator[Block]:
    heads = header_grid(table)[0]
    rows = [i for i, row in enumerate(table.rows) if _is_size(row[1])]
    for start in (j for j in range(2, len(heads)) if heads[j] is not heads[j - 1] or heads[j].span == 1):
        columns = [j for j in range(start, len(heads)) if heads[j] is heads[start]]
        of_groups = tuple((_whole(table.rows[i][1].value), tuple((i, j) for j in columns)) for i in rows)
        rest = [i for i in range(len(table.rows)) if i not in rows]
        yield Block(of_groups, tuple((i, j) for i in rest for j in columns))


def _is_size(cell: Cell) -> bool:
    return isinstance(cell.value, int) and cell.number_format in ("0", "#,##0")


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _describes(cells: Iterator[Cell]) -> bool:
    """Do these cells describe a group?"""
    return any(isinstance(cell.value, Mapping) and {"events", "mean", "median"} & set(cell.value) for cell in cells)


class _Withholding:
    """Takes cells of one table away, block after block, and remembers what must be explained."""

    def __init__(self, table: Table, below: int) -> None:
        self.old, self.below = table, below
        self.form = Format(table.lang, table.style)
        self.cells = [list(row) for row in table.rows]
        self.done: set[str] = set()

    def block(self, block: Block, tiny: bool) -> None:
        """Withhold what must be withheld of one variable. tiny : some group has very few students."""
        before = [list(row) for row in self.cells]
        incomplete = False
        for size, places in block.groups:
            if size is not None and 0 < size < self.below:
                self._take(places, HIDDEN)
            else:
                incomplete |= self._group(size, places)
        if tiny or incomplete or before != self.cells:
            self._take([p for p in block.compared if tiny or self._gives_away(block, p)], HIDDEN)

    def _gives_away(self, block: Block, place: Place) -> bool:
        """Does this number depend on counts? A standardised difference of means follows from means and SDs."""
        means = any({"mean", "median"} & set(self._values(p)) for _, places in block.groups for p in places)
        of_p = (self.cells[place[0]][place[1]].number_format or "").startswith("[")
        return of_p or not (means and self.old.kind == "baseline")

    def sizes(self) -> None:
        """Withhold the size of a group of very few students, where it has a place of its own."""
        for i, row in enumerate(self.old.rows):
            if len(row) > 1 and _is_size(row[1]) and 0 < int(row[1].value) < self.below:  # type: ignore[arg-type]
                self._put(i, 1, SMALL)

    def _group(self, size: int | None, places: Sequence[Place]) -> bool:
        """Withhold small counts of one group; whether so few values are missing that this must not be told."""
        self._rates(places)
        counts = [p for p in places if {"events", "n"} <= set(self._values(p))]
        if not counts:
            return False
        events, totals = ([int(self._values(p)[name]) for p in counts] for name in ("events", "n"))
        n, compares = max(totals), self.old.kind == "comparison"
        if compares and 0 < n < self.below:
            self._take(counts, HIDDEN)
            return True
        few_missing = compares and size is not None and 0 < size - n < self.below
        rest = [n - sum(events), *([size - n] if few_missing and size is not None else [])]
        parts = [Part(k) for k in events] + [Part(k, printed=False) for k in rest if k or len(counts) == 1]
        told = withheld(parts, size if few_missing else n, self.below)[: len(counts)]
        of_missing = [what for what, total in zip(told, totals, strict=True) if total == n and min(totals) < n]
        for (i, j), what in zip(counts, told, strict=True):
            if what:
                self._put(i, j, what, with_total=not few_missing)
            elif few_missing or any(of_missing):
                self._count_only(i, j)
        return few_missing

    def _rates(self, places: Sequence[Place]) -> None:
        """Withhold few events over an exposure, with the mean from which they would follow."""
        for i, j in (p for p in places if {"events", "exposure"} <= set(self._values(p))):
            if 0 < self._values((i, j))["events"] < self.below:
                self._take(places, HIDDEN)
                self._put(i, j, SMALL)

    def _values(self, place: Place) -> Mapping[str, Any]:
        value = self.cells[place[0]][place[1]].value
        return value if isinstance(value, Mapping) else {}

    def _put(self, i: int, j: int, what: str, with_total: bool = True) -> None:
        """Tell of a count only that it is small, that it is not, or nothing."""
        cell = self.cells[i][j]
        text = {SMALL: f"<{self.below}", LARGE: f"≥{self.below}", HIDDEN: WITHHELD}[what]
        n = self._values((i, j)).get("n")
        if with_total and n is not None and "/" in cell.text and what != HIDDEN:
            text += f"/{self.form.style.count(n)}"
        self.done.add(what)
        self.cells[i][j] = replace(cell, content=text, value=None, number_format=None, marks=())

    def _count_only(self, i: int, j: int) -> None:
        """A count without its share, from which the total would follow."""
        events = int(self._values((i, j))["events"])
        self.cells[i][j] = replace(self.cells[i][j], content=self.form.style.count(events), value=events)

    def _take(self, places: Sequence[Place], what: str) -> None:
        """Withhold all numbers in these places."""
        for i, j in places:
            cell = self.cells[i][j]
            if cell.value is not None or cell.marks or (cell.text and cell.align != "left"):
                self.done.add(what)
                self.cells[i][j] = replace(cell, content=WITHHELD, value=None, number_format=None, marks=())

    def table(self) -> Table:
        """The table as it may be shown, with a note that says what was withheld."""
        notes = [note for note in self.old.notes if not any(0 < count < self.below for count in note.counts)]
        header = tuple(tuple(self._head(cell) for cell in row) for row in self.old.header)
        if not self.done and len(notes) == len(self.old.notes):
            return self.old
        explained = Note(
            self.form.rich("notes.small_cells", below=self.below, largest=self.below - 1, withheld=WITHHELD)
        )
        marked = [k for k, note in enumerate(notes) if note.mark]
        notes.insert(marked[0] if marked else len(notes), explained)
        return _renamed(replace(self.old, header=header, rows=tuple(map(tuple, self.cells)), notes=tuple(notes)))

    def _head(self, cell: Cell) -> Cell:
        """The heading of a group, its size withheld where it is small."""
        if not isinstance(cell.value, int) or not 0 < cell.value < self.below:
            return cell
        self.done.add(SMALL)
        *runs, last = runs_of(cell.content)
        text = re.sub(r"=(\s?)\d+", rf"<\g<1>{self.below}", last.text)
        return replace(cell, content=(*runs, Run(text, last.italic)), value=None)


def _renamed(table: Table) -> Table:
    """The table without footnotes that nothing points to, the others lettered anew."""
    used = {mark for row in (*table.header, *table.rows) for cell in row for mark in cell.marks}
    kept = [note for note in table.notes if not note.mark or note.mark in used]
    names = {note.mark: letters(k) for k, note in enumerate(n for n in kept if n.mark)}

    def anew(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(replace(cell, marks=tuple(sorted(names[mark] for mark in cell.marks))) for cell in row)

    notes = tuple(replace(note, mark=names.get(note.mark, "")) for note in kept)
    return replace(table, header=tuple(map(anew, table.header)), rows=tuple(map(anew, table.rows)), notes=notes)
