"""A figure of a given size in mm, with the type of a journal, that saves itself to the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from ..errors import OutputError
from ..writing import write_bytes
from .journals import Journal, journal_style
from .lettering import balanced, families, has_chinese, letter, missing_glyphs, widest_word, width_of, wrapped
from .palette import INK, QUIET

MM_PER_INCH = 25.4
LINE_SPACING = 1.25
MARGIN = 2.0  # mm between anything drawn and the edge
SCREEN_DPI = 160
METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "ModDate": None},
    "svg": {"Date": None},
}
"""The formats a figure is saved in, and what must be left out of each for the bytes not to depend on the day."""


@contextmanager
def house_style(journal: Journal) -> Iterator[None]:
    """Draw in the style of this library, whatever the user's own settings are; they are left as they were."""
    ours = {
        "font.size": journal.label_size,
        "axes.labelsize": journal.label_size,
        "axes.titlesize": journal.label_size,
        "xtick.labelsize": journal.note_size,
        "ytick.labelsize": journal.note_size,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.6,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "xtick.major.pad": 2.5,
        "ytick.major.pad": 2.5,
        "text.hinting": "none",
        "pdf.fonttype": 42,
        "svg.fonttype": "path",
        "svg.hashsalt": "society_effects",
    }
    with matplotlib.style.context(["default", ours]):
        yield


def small_size() -> float:
    """The type size of small texts in a drawing, in the style that is being drawn in."""
    return float(matplotlib.rcParams["xtick.labelsize"])


def panel_letter(i: int) -> str:
    """Which letter has a panel: A to Z, then AA?

    >>> panel_letter(0), panel_letter(27)
    ('A', 'AB')
    """
    return chr(65 + i) if i < 26 else panel_letter(i // 26 - 1) + chr(65 + i % 26)


class Canvas(Figure):
    """A figure measured in mm from its upper left corner.

    width : ``"single"`` or ``"double"`` column of the journal, or mm. height : mm. chinese : is Chinese written in it?
    """

    def __init__(self, width: str | float, height: float, journal: str | None = None, chinese: bool = False) -> None:
        self.journal = journal_style(journal)
        self.width_mm, self.height_mm, self.chinese = self.journal.width(width), float(height), chinese
        size = (self.width_mm / MM_PER_INCH, self.height_mm / MM_PER_INCH)
        with house_style(self.journal):
            super().__init__(figsize=size, dpi=SCREEN_DPI)
        FigureCanvasAgg(self)

    def place(self, left: float, top: float, width: float, height: float, **options: Any) -> Axes:
        """Axes whose box lies here: mm from the left and upper edge."""
        box = (
            left / self.width_mm,
            1 - (top + height) / self.height_mm,
            width / self.width_mm,
            height / self.height_mm,
        )
        with house_style(self.journal):
            return self.add_axes(box, **options)

    def write(self, left: float, top: float, text: str, **options: Any) -> Text:
        """Text whose upper left corner lies here (mm)."""
        how: dict[str, Any] = {"va": "top", "ha": "left", "linespacing": LINE_SPACING} | options
        with house_style(self.journal):
            return self.text(left / self.width_mm, 1 - top / self.height_mm, text, **how)

    def texts_shown(self) -> list[Text]:
        """All texts of the figure that say something."""
        return [text for text in self.findobj(Text) if text.get_text().strip() and text.get_visible()]

    def missing_glyphs(self) -> dict[str, list[str]]:
        """Which characters can no font of this machine write? Text -> characters; empty when all is well."""
        self._letter()
        return missing_glyphs(self.texts_shown())

    def _letter(self) -> None:
        self.chinese = self.chinese or any(has_chinese(text.get_text()) for text in self.texts_shown())
        letter(self.findobj(Text), self.chinese)
        for axes in self.axes:
            axes.tick_params(which="both", labelfontfamily=list(families(self.chinese)))

    def draw(self, renderer: Any) -> None:
        """Draw in the house style, Chinese in a font that has it."""
        with house_style(self.journal):
            self._letter()
            super().draw(renderer)

    def savefig(self, fname: Any, **options: Any) -> None:
        """Like matplotlib's, in the house style; ``save`` is the shorter way."""
        with house_style(self.journal):
            super().savefig(fname, **options)

    def save(self, path: Path | str, formats: Sequence[str] = ()) -> list[Path]:
        """Save as PDF, SVG or PNG, the same bytes every time; the files written.

        path : its ending names the format, unless ``formats`` names one or several: ``save("figure", ("pdf", "png"))``.
        """
        path = Path(path)
        wanted = tuple(formats) or (path.suffix.removeprefix(".").lower() or "png",)
        for unknown in (name for name in wanted if name not in METADATA):
            raise OutputError("UNKNOWN_FIGURE_FORMAT", format=unknown, known=tuple(METADATA))
        stem = path.name if path.suffix.lower().removeprefix(".") not in METADATA else path.stem
        files = [path.with_name(f"{stem}.{name}") for name in wanted]
        for file, name in zip(files, wanted, strict=True):
            buffer = BytesIO()
            self.savefig(buffer, format=name, dpi=self.journal.dpi, metadata=METADATA[name])
            write_bytes(file, buffer.getvalue())
        return files

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        self.savefig(buffer, format="png", dpi=SCREEN_DPI, metadata=METADATA["png"])
        return buffer.getvalue()


class Sheet:
    """A plan of a figure before its height is known: measures text, then becomes a Canvas with title and note."""

    def __init__(self, width: str | float, journal: str | None, chinese: bool, title: str | None, note: str) -> None:
        self.journal_name, self.journal, self.chinese = journal, journal_style(journal), chinese
        self.width = self.journal.width(width)
        self.title = self.wrap(title or "", self.width - 2 * MARGIN, self.journal.label_size)
        self.note = self.wrap(note, self.width - 2 * MARGIN, self.journal.note_size)
        self.head = MARGIN + (self.lines_height(self.title, self.journal.label_size) + 2 if self.title else 0.0)
        self.foot = MARGIN + self.lines_height(self.note, self.journal.note_size)

    def wrap(self, text: str, width: float, points: float | None = None) -> str:
        """The text in lines of at most this width in mm."""
        return wrapped(text, width, points or self.journal.label_size, self.chinese)

    def balance(self, text: str, width: float, points: float) -> str:
        """The text in as few lines of at most this width in mm as it needs, all of about the same length."""
        return balanced(text, width, points, self.chinese)

    def text_width(self, text: str, points: float | None = None) -> float:
        """Width of a text in mm."""
        return width_of(text, points or self.journal.label_size, self.chinese)

    def widest_word(self, text: str, points: float | None = None) -> float:
        """Width in mm of the widest word of a text."""
        return widest_word(text, points or self.journal.label_size, self.chinese)

    def lines_height(self, text: str, points: float | None = None) -> float:
        """Height of the lines of a text in mm."""
        lines = text.count("\n") + 1 if text else 0
        return lines * (points or self.journal.label_size) * LINE_SPACING / 72 * MM_PER_INCH

    def canvas(self, content_height: float) -> Canvas:
        """The canvas, as high as title, content and note; the content begins at ``head``."""
        height = self.head + content_height + self.foot
        canvas = Canvas(self.width, height, self.journal_name, self.chinese)
        if self.title:
            canvas.write(MARGIN, MARGIN, self.title, fontweight="bold", gid="title")
        if self.note:
            top = height - self.foot
            canvas.write(MARGIN, top, self.note, fontsize=self.journal.note_size, color=QUIET, gid="note")
        return canvas
