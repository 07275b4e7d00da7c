"""What is a report? Ordered blocks of words, tables and figures, written by one renderer per kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ..errors import OutputError
from ..tables.table import Table
from .italics import plain

if TYPE_CHECKING:
    from ..figures.canvas import Canvas

WRITERS = {".html": "html", ".docx": "word", ".md": "markdown"}
"""Suffix of a file -> module that writes it (``write(report, path)``)."""


@dataclass(frozen=True)
class Heading:
    """The heading of a part."""

    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Running text; symbols stand between italics marks."""

    text: str
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Banner:
    """What must not be overlooked: simulated data."""

    text: str
    kind: ClassVar[str] = "banner"


@dataclass(frozen=True)
class Claim:
    """What may be said and what may not, with the grade and its reason."""

    grade: str
    heading: str
    scale: str
    lines: tuple[tuple[str, str], ...]
    reason: str
    kind: ClassVar[str] = "claim"


@dataclass(frozen=True)
class TableBlock:
    """A table. number : its place among the tables, where they are numbered."""

    table: Table
    number: int | None = None
    kind: ClassVar[str] = "table"


@dataclass(frozen=True, eq=False)
class FigureBlock:
    """A figure with its caption; ``draw`` makes it when it is needed, with the name of a journal in its sizes.

    alt : what it shows, for those who cannot see it. number : its place among the figures, where they are numbered.
    """

    caption: str
    draw: Callable[..., Canvas]
    alt: str = ""
    number: int | None = None
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class CheckItem:
    """One line of a list of checks."""

    status: Literal["note", "warn", "fail"]
    status_name: str
    text: str
    concerns: str = ""


@dataclass(frozen=True)
class Checks:
    """A list of checks."""

    items: tuple[CheckItem, ...]
    kind: ClassVar[str] = "checks"


ItemStatus = Literal["filled", "partly", "to_do"]


@dataclass(frozen=True)
class ChecklistItem:
    """One item of a checklist for authors: what fills it, and what remains."""

    key: str
    name: str
    status: ItemStatus
    status_name: str
    text: str
    remains: str = ""


@dataclass(frozen=True)
class Checklist:
    """A checklist for authors, with its source."""

    items: tuple[ChecklistItem, ...]
    source: str
    kind: ClassVar[str] = "checklist"


@dataclass(frozen=True)
class Facts:
    """Names with values: settings, versions, fingerprints."""

    pairs: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Notes:
    """Small print."""

    text: str
    kind: ClassVar[str] = "notes"


@dataclass(frozen=True)
class Beside:
    """The same part of a report in several languages: each language with its blocks."""

    parts: tuple[tuple[str, tuple[Block, ...]], ...]
    kind: ClassVar[str] = "beside"


Block = Heading | Paragraph | Banner | Claim | TableBlock | FigureBlock | Checks | Checklist | Facts | Notes | Beside


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, tables and figures numbered in their order."""
    counted: dict[str, int] = {}
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, TableBlock | FigureBlock):
            counted[block.kind] = counted.get(block.kind, 0) + 1
            block = replace(block, number=counted[block.kind])
        found.append(block)
    return tuple(found)


def unfolded(report: Report) -> Iterator[tuple[str, Block]]:
    """The blocks one after the other, those of several languages too, each with its language."""
    for block in report.blocks:
        if isinstance(block, Beside):
            yield from ((lang, each) for lang, blocks in block.parts for each in blocks)
        else:
            yield report.lang, block


@dataclass(frozen=True)
class Report:
    """A report: its title and its blocks in their order.

    >>> print(Report("Scores", (Heading("Results"), Paragraph("All passed."))))
    Scores
    <BLANKLINE>
    Results
    <BLANKLINE>
    All passed.
    >>> Report("Scores", (Paragraph("All passed."),)).paragraphs
    ('All passed.',)
    """

    title: str
    blocks: tuple[Block, ...]
    lang: str = "en"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The running text to paste into a manuscript: one plain text per paragraph, in their order."""
        return tuple(plain(block.text) for _, block in unfolded(self) if isinstance(block, Paragraph))

    def to_html(self) -> str:
        """The report as one self-contained page: figures inside, nothing loaded from elsewhere."""
        return str(_renderer("html").page(self))

    def to_markdown(self) -> str:
        """The report as Markdown, without its figures."""
        return str(_renderer("markdown").render(self))

    def save(self, path: Path | str) -> Path:
        """Write the report; the suffix (.html, .docx, .md) says how. The path written.

        Word gets native tables and headings, to go on writing in. Markdown refers to its figures, which are written as
        PNG files beside it.
        """
        path = Path(path)
        if not path.suffix:
            raise OutputError("NO_REPORT_SUFFIX", lang=self.lang, allowed=tuple(WRITERS))
        if path.suffix.lower() not in WRITERS:
            raise OutputError("UNKNOWN_REPORT_SUFFIX", lang=self.lang, suffix=path.suffix, allowed=tuple(WRITERS))
        _renderer(WRITERS[path.suffix.lower()]).write(self, path)
        return path

    def _repr_html_(self) -> str:
        return str(_renderer("html").fragment(self))

    def __str__(self) -> str:
        return str(_renderer("plain").render(self))


def _renderer(module: str) -> Any:
    return import_module(f".{module}", __package__)
