"""How is a table written for a spreadsheet without looks? CSV in UTF-8 with BOM, so that Excel reads Chinese."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ..writing import write_text
from .table import Cell, Table, safe_text


def write(table: Table, path: Path) -> None:
    """Write the table as it is read: title, header, rows, notes."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([safe_text(table.title)])
    writer.writerow([safe_text(name) for name in table.columns])
    writer.writerows([_text(cell) for cell in row] for row in table.rows)
    writer.writerows([safe_text(f"{note.mark} {note.text}".strip())] for note in table.notes)
    write_text(path, file.getvalue(), encoding="utf-8-sig")


def _text(cell: Cell) -> str:
    marks = f" [{','.join(cell.marks)}]" if cell.marks else ""
    return safe_text(cell.text) + marks
