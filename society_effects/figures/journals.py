"""Which sizes does a journal ask for? Presets as data; widths and heights in mm, type in points."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ..errors import OutputError, nearest

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Journal:
    """How figures are drawn for a journal, and within which limits it takes them.

    single, double : widths of one and two columns in mm. tallest : in mm. label_size, note_size : type in points.
    dpi : dots per inch of bitmaps, as drawn; dpi_from, dpi_to : as taken. narrowest : mm. type_from, type_to : points.
    line : the thinnest line in points. most_bytes : of a file. formats : that are taken, of files; empty for any.
    editable : is text wanted as text where a file can hold it? faces : Latin typefaces that are taken; empty for any.
    """

    name: str
    single: float
    double: float
    tallest: float
    label_size: float = 8.0
    note_size: float = 7.0
    dpi: int = 300
    narrowest: float = 0.0
    type_from: float = 6.0
    type_to: float = math.inf
    dpi_from: int = 300
    dpi_to: float = math.inf
    line: float = 0.25
    most_bytes: float = math.inf
    formats: tuple[str, ...] = ()
    editable: bool = False
    faces: tuple[str, ...] = ()

    def width(self, width: str | float) -> float:
        """A width in mm: of ``"single"`` or ``"double"`` column, or a number of mm as it is."""
        return {"single": self.single, "double": self.double}[width] if isinstance(width, str) else float(width)


DEFAULT = Journal("default", 89.0, 180.0, 240.0)
SPRINGER = Journal(
    "springer",
    85.0,
    176.0,
    225.0,
    note_size=8.0,
    type_from=8.0,
    line=0.5,
    most_bytes=10 * MEGABYTE,
    formats=("eps", "pdf", "tiff", "png", "jpeg"),
)
JOURNALS = {
    journal.name: journal
    for journal in (
        DEFAULT,
        Journal(
            "plos",
            132.0,
            190.5,
            222.3,
            note_size=8.0,
            narrowest=66.8,
            type_from=8.0,
            type_to=12.0,
            dpi_to=600,
            most_bytes=10 * MEGABYTE,
            formats=("tiff", "eps"),
            faces=("Arial", "Times", "Symbol"),
        ),
        replace(SPRINGER, name="bmc"),
        SPRINGER,
        Journal(
            "elsevier", 90.0, 190.0, 240.0, dpi=500, dpi_from=500, type_from=7.0, faces=("Arial", "Helvetica", "Times")
        ),
        Journal("taylor_francis", 89.0, 180.0, 240.0, dpi=600, dpi_from=600, line=0.3),
        Journal(
            "nature",
            89.0,
            183.0,
            170.0,
            label_size=7.0,
            note_size=6.0,
            type_from=5.0,
            type_to=7.0,
            editable=True,
            faces=("Arial", "Helvetica"),
        ),
        Journal("chinese", 80.0, 170.0, 240.0, dpi=600, dpi_to=600, type_from=7.0, type_to=9.0),
    )
}


def journal_style(name: str | None) -> Journal:
    """The preset of this name; the default one for None."""
    if name is None:
        return DEFAULT
    if name not in JOURNALS:
        raise OutputError("UNKNOWN_JOURNAL", journal=name, near=nearest(name, JOURNALS), known=tuple(JOURNALS))
    return JOURNALS[name]
