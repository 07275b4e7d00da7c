"""How does a table read in a terminal? Aligned text; Chinese characters count double."""

from __future__ import annotations

import unicodedata

from .table import Cell, Table, header_grid

RULE, GAP = "─", "  "


def render(table: Table) -> str:
    """The table as aligned text with its three rules and its notes."""
    grid = header_grid(table)
    body = [[_shown(cell) for cell in row] for row in table.rows]
    widths = _widths(grid, body)
    rule = RULE * (sum(widths) + len(GAP) * (len(widths) - 1))
    lines = [table.title] if table.title else []
    lines += [rule, *_header_lines(grid, widths), rule]
    for texts, cells in zip(body, table.rows, strict=True):
        lines.append(_line([_pad(t, w, c.align) for t, w, c in zip(texts, widths, cells, strict=True)]))
    lines += [rule]
    lines += [f"{note.mark} {note.text}" if note.mark else note.text for note in table.notes]
    return "\n".join(lines)


def display_width(text: str) -> int:
    """How many columns of a terminal does this text take?"""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _shown(cell: Cell) -> str:
    marks = f"[{','.join(cell.marks)}]" if cell.marks else ""
    return "  " * cell.indent + cell.text + marks


def _widths(grid: list[list[Cell]], body: list[list[str]]) -> list[int]:
    places = range(len(grid[0]))
    widths = [max([0, *(display_width(row[i]) for row in body)]) for i in places]
    for row in grid:
        for start in (i for i in places if i == 0 or row[i] is not row[i - 1]):
            covered = [i for i in places if row[i] is row[start] and i >= start]
            missing = (
                display_width(_shown(row[start])) - sum(widths[i] for i in covered) - len(GAP) * (len(covered) - 1)
            )
            for extra in range(max(missing, 0)):
                widths[covered[extra % len(covered)]] += 1
    return widths


def _header_lines(grid: list[list[Cell]], widths: list[int]) -> list[str]:
    lines = []
    for level, row in enumerate(grid):
        parts, i = [], 0
        while i < len(row):
            j = i
            while j + 1 < len(row) and row[j + 1] is row[i] and row[i].span > 1:
                j += 1
            last = level + 1 == len(grid) or grid[level + 1][i] is not row[i]
            width = sum(widths[i : j + 1]) + len(GAP) * (j - i)
            parts.append(_pad(_shown(row[i]) if last else "", width, row[i].align))
            i = j + 1
        lines.append(_line(parts))
    return lines


def _pad(text: str, width: int, align: str) -> str:
    spare = max(width - display_width(text), 0)
    if align == "left":
        return text + " " * spare
    if align == "right":
        return " " * spare + text
    return " " * (spare - spare // 2) + text + " " * (spare // 2)


def _line(parts: list[str]) -> str:
    return GAP.join(parts).rstrip()
