"""How is a table written for a spreadsheet without looks? CSV in UTF-8 with BOM, so that Excel reads Chinese."""

from __future__ import annotations

import csv
from pathlib import Path

from .table import Cell, Table, safe_text


def write(table: Table, path: Path) -> None:
    """Write the table as it is read: title, header, rows, notes."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([safe_text(table.title)])
        writer.writerow([safe_text(name) for name in table.columns])
        writer.writerows([_text(cell) for cell in row] for row in table.rows)
        writer.writerows([safe_text(f"{note.mark} {note.text}".strip())] for note in table.notes)


def _text(cell: Cell) -> str:
    marks = f" [{','.join(cell.marks)}]" if cell.marks else ""
    return safe_text(cell.text) + marks
