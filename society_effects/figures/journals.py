"""Which sizes does a journal ask for? Presets as data; widths and heights in mm, type in points."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import OutputError, nearest


@dataclass(frozen=True)
class Journal:
    """Widths of one and two columns, the tallest figure, the smallest type (mm, points), dots per inch of bitmaps."""

    name: str
    single: float
    double: float
    tallest: float
    label_size: float = 8.0
    note_size: float = 7.0
    dpi: int = 300

    def width(self, width: str | float) -> float:
        """A width in mm: of ``"single"`` or ``"double"`` column, or a number of mm as it is."""
        return {"single": self.single, "double": self.double}[width] if isinstance(width, str) else float(width)


DEFAULT = Journal("default", 89.0, 180.0, 240.0)
JOURNALS = {
    journal.name: journal
    for journal in (
        DEFAULT,
        Journal("plos", 132.0, 190.5, 222.3, note_size=8.0),
        Journal("bmc", 85.0, 176.0, 225.0, note_size=8.0),
        Journal("springer", 85.0, 176.0, 225.0, note_size=8.0),
        Journal("elsevier", 90.0, 190.0, 240.0),
        Journal("taylor_francis", 89.0, 180.0, 240.0, dpi=600),
        Journal("nature", 89.0, 183.0, 170.0, label_size=7.0, note_size=6.0),
        Journal("chinese", 80.0, 170.0, 240.0),
    )
}


def journal_style(name: str | None) -> Journal:
    """The preset of this name; the default one for None."""
    if name is None:
        return DEFAULT
    if name not in JOURNALS:
        raise OutputError("UNKNOWN_JOURNAL", journal=name, near=nearest(name, JOURNALS), known=tuple(JOURNALS))
    return JOURNALS[name]
