"""A figure of a given size in mm, with the type of a journal, that saves itself to the same bytes every time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.style
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from ..errors import OutputError
from ..findings.checks import Check
from ..writing import write_bytes
from .journals import DEFAULT, Journal, journal_style
from .lettering import (
    balanced,
    families,
    has_chinese,
    letter,
    missing_glyphs,
    widest_word,
    width_of,
    without_glyph_warnings,
    wrapped,
)
from .palette import INK, QUIET

MM_PER_INCH = 25.4
LINE_SPACING = 1.25
MARGIN = 2.0  # mm between anything drawn and the edge
SCREEN_DPI = 160


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
        "ps.fonttype": 3,  # in EPS these are the outlines of the letters; Chinese needs them
        "svg.fonttype": "none" if journal.editable else "path",
        "svg.hashsalt": "society_effects",
    }
    with matplotlib.style.context(["default", ours]):
        yield


def small_size() -> float:
    """The type size of small texts in a drawing, in the style that is being drawn in."""
    return float(matplotlib.rcParams["xtick.labelsize"])


@dataclass(frozen=True)
class Spot:
    """Where a figure stands that is a part of a larger one: its width in mm, letters used before it, and the whole.

    whole : None while the figure is only measured. top : mm from the upper edge of the whole.
    """

    width: float
    letters: int = 0
    whole: Canvas | None = None
    top: float = 0.0


SPOT: ContextVar[Spot | None] = ContextVar("SPOT", default=None)
"""Where the figure that is being drawn stands; None where it stands alone."""


def panel_letter(i: int) -> str:
    """Which letter has a panel: A to Z, then AA? In a part of a larger figure it goes on from the parts before.

    >>> panel_letter(0), panel_letter(27)
    ('A', 'AB')
    """
    spot = SPOT.get()
    return _letter_of(i + (spot.letters if spot else 0))


def _letter_of(i: int) -> str:
    return chr(65 + i) if i < 26 else _letter_of(i // 26 - 1) + chr(65 + i % 26)


class Canvas(Figure):
    """A figure measured in mm from its upper left corner.

    width : ``"single"`` or ``"double"`` column of the journal, or mm. height : mm. chinese : is Chinese written in it?
    ``alt_text`` says in a few sentences what is seen; ``frames`` hold the numbers behind it; ``lang`` is its language;
    ``again`` draws the same figure once more.
    """

    def __init__(self, width: str | float, height: float, journal: str | None = None, chinese: bool = False) -> None:
        self.journal = journal_style(journal)
        self.width_mm, self.height_mm, self.chinese = self.journal.width(width), float(height), chinese
        self.lang, self.alt_text, self.frames = "zh" if chinese else "en", "", dict[str, pd.DataFrame]()
        self.again: Callable[..., Any] | None = None
        size = (self.width_mm / MM_PER_INCH, self.height_mm / MM_PER_INCH)
        with house_style(self.journal):
            super().__init__(figsize=size, dpi=SCREEN_DPI)
        FigureCanvasAgg(self)

    def box(self, left: float, top: float, width: float, height: float) -> tuple[float, float, float, float]:
        """A box (mm from the left and upper edge) in shares of the figure, from its lower left corner."""
        wide, high = self.width_mm, self.height_mm
        return left / wide, 1 - (top + height) / high, width / wide, height / high

    def place(self, left: float, top: float, width: float, height: float, **options: Any) -> Axes:
        """Axes whose box lies here: mm from the left and upper edge."""
        box = self.box(left, top, width, height)
        with house_style(self.journal):
            return self.add_axes(box, **options)

    def write(self, left: float, top: float, text: str, **options: Any) -> Text:
        """Text whose upper left corner lies here (mm)."""
        how: dict[str, Any] = {"va": "top", "ha": "left", "linespacing": LINE_SPACING} | options
        with house_style(self.journal):
            return self.text(*self.box(left, top, 0, 0)[:2], text, **how)

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

    def save(
        self, path: Path | str, formats: Sequence[str] = (), *, check: bool | None = None, data: bool = False
    ) -> Saved:
        """Save as PDF, SVG, EPS, PNG or TIFF, the same bytes every time; the files written, with ``checks`` of them.

        path : its ending names the format, unless ``formats`` names one or several: ``save("figure", ("pdf", "png"))``.
        check : is each file measured against the journal's rules, with a warning for every rule it breaks? By default
            where a journal was named. data : are the numbers behind the figure saved beside it, as CSV files that a
            README names?
        """
        from .saving import ENDINGS, FORMATS, encoded

        path = Path(path)
        ending = path.suffix.removeprefix(".").lower()
        wanted = ((formats,) if isinstance(formats, str) else tuple(formats)) or (ending or "png",)
        for unknown in (name for name in wanted if name not in ENDINGS):
            raise OutputError("UNKNOWN_FIGURE_FORMAT", format=unknown, known=FORMATS)
        stem = path.stem if ending in ENDINGS else path.name
        saved = Saved(path.with_name(f"{stem}.{name}") for name in wanted)
        for file, name in zip(saved, wanted, strict=True):
            with without_glyph_warnings():
                write_bytes(file, encoded(self, ENDINGS[name]))
        self._look_over(saved, self.journal is not DEFAULT if check is None else check)
        if data:
            from .data_beside import save_data

            saved += save_data(self, path.with_name(stem), saved)
        return saved

    def _look_over(self, saved: Saved, measured: bool) -> None:
        """Measure the files, and warn of what a journal would refuse and of characters that are missing."""
        from .inspecting import FigureWarning, check_file, said

        lost = sorted({sign for signs in self.missing_glyphs().values() for sign in signs})
        checks = [Check("FIGURE_GLYPHS_MISSING", "warn", {"signs": tuple(lost)})] if lost else []
        if measured:
            checks += [found for file in saved for found in check_file(file, self.journal.name)]
        saved.checks = tuple({(check.key, str(check.values)): check for check in checks}.values())
        for text in dict.fromkeys(said([check for check in checks if check.status == "warn"], self.lang)):
            warnings.warn(text, FigureWarning, stacklevel=3)

    def grey(self, dpi: float = SCREEN_DPI) -> Any:
        """How does the figure look in grey print? Its lightness as a PIL image, to be looked at or saved."""
        from .saving import pixels

        return pixels(self, dpi).convert("L")

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        self.savefig(buffer, format="png", dpi=SCREEN_DPI, metadata={"Software": None})
        return buffer.getvalue()


class Part:
    """A part of a larger canvas that looks like a canvas of its own, so high and from so far below the upper edge."""

    def __init__(self, whole: Canvas, top: float, height: float) -> None:
        self.whole, self.top, self.height_mm = whole, top, height

    def place(self, left: float, top: float, width: float, height: float, **options: Any) -> Axes:
        """Axes whose box lies here: mm from the left edge and from the upper edge of the part."""
        return self.whole.place(left, self.top + top, width, height, **options)

    def write(self, left: float, top: float, text: str, **options: Any) -> Text:
        """Text whose upper left corner lies here (mm)."""
        return self.whole.write(left, self.top + top, text, **options)

    def box(self, left: float, top: float, width: float, height: float) -> tuple[float, float, float, float]:
        """A box in shares of the whole figure."""
        return self.whole.box(left, self.top + top, width, height)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)


class Saved(list[Path]):
    """The files that were written. checks : what was found when they were measured."""

    checks: tuple[Check, ...] = ()


class Sheet:
    """A plan of a figure before its height is known: measures text, then becomes a Canvas with title and note."""

    def __init__(self, width: str | float, journal: str | None, chinese: bool, title: str | None, note: str) -> None:
        self.journal_name, self.journal, self.chinese = journal, journal_style(journal), chinese
        spot = SPOT.get()
        self.width = spot.width if spot else self.journal.width(width)
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

    def _ground(self, height: float) -> Any:
        """What is drawn on: a canvas of its own, or a part of a larger one."""
        spot = SPOT.get()
        if spot and spot.whole:
            return Part(spot.whole, spot.top, height)
        return Canvas(self.width, height, self.journal_name, self.chinese)

    def canvas(self, content_height: float) -> Any:
        """The canvas, as high as title, content and note; the content begins at ``head``."""
        height = self.head + content_height + self.foot
        canvas = self._ground(height)
        if self.title:
            canvas.write(MARGIN, MARGIN, self.title, fontweight="bold", gid="title")
        if self.note:
            top = height - self.foot
            canvas.write(MARGIN, top, self.note, fontsize=self.journal.note_size, color=QUIET, gid="note")
        return canvas
