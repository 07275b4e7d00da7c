"""How does a report look in Word? A document to go on writing in: headings, numbered native tables, figures, pages."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from ..language.catalogue import catalogue
from ..tables import as_word
from ..tables.word_document import add, footer_of, keep, new_document, turn_last_pages
from ..tables.word_parts import TAB, Piece, node, numbered, page, paragraph, properties, text_height, text_width
from ..tables.word_styles import BLUE, GREY, RUST, SMALL
from .italics import as_parts, plain
from .report import (
    Block,
    CheckItem,
    Checklist,
    ChecklistItem,
    Checks,
    Claim,
    Facts,
    FigureBlock,
    Heading,
    Notes,
    Report,
    TableBlock,
)

EMU_PER_MM = 36000
CAPTION_MM = 38.0
"""What a figure leaves of a page for the heading above it and its caption below."""
JOURNALS = {"en": "bmc", "zh": "chinese"}
"""Presets whose two columns are as wide as our text, so that a figure has the type size it was drawn in."""
DPI = 300
RED = "A32121"
COLOURS = {"warn": RUST, "partly": RUST, "fail": RED, "to_do": RED}
LETTER = 20.0


def write(report: Report, path: Path) -> None:
    """Write the document."""
    document = new_document(report.lang, plain(report.title))
    _Writer(document, report).write()
    keep(document, path)


class _Writer:
    """Writes the blocks of a report in their order; counts tables and figures, and turns pages for wide tables."""

    def __init__(self, document: Any, report: Report) -> None:
        self.document, self.report, self.lang = document, report, report.lang
        self.words = catalogue(report.lang)
        self.tables = self.figures = 0
        self.landscape = False

    def write(self) -> None:
        """Write all blocks."""
        add(self.document, [self.paragraph("Title", self.report.title)])
        blocks = self.report.blocks
        for i, block in enumerate(blocks):
            self._turn(_is_wide(blocks[i : i + 2]) if isinstance(block, Heading | TableBlock) else False)
            add(self.document, self.nodes(block))
        if self.landscape:
            turn_last_pages(self.document, self.lang)

    def _turn(self, landscape: bool) -> None:
        """End the pages so far where the next block stands on the other kind of page."""
        if landscape == self.landscape:
            return
        ended = page(self.lang, self.landscape, footer_of(self.document))
        last = self.document.element.body[-2]
        if not last.tag.endswith("}p"):
            last = node("p", properties("SmallPrint"))
            add(self.document, [last])
        last.pPr.append(ended)
        self.landscape = landscape

    def nodes(self, block: Block) -> list[Any]:
        """A block as nodes of the document."""
        match block:
            case Heading():
                return [self.paragraph("Heading1", block.text)]
            case TableBlock():
                self.tables += 1
                number = numbered(
                    self.words.get("reports.word.table"), self.words.get("reports.word.tables"), self.tables, self.lang
                )
                return as_word.nodes(block.table, as_word.page_layout(block.table), number)
            case FigureBlock():
                return self.figure(block)
            case Claim():
                return self.claim(block)
            case Checks():
                return [self.check(item) for item in block.items]
            case Checklist():
                return [*(self.item(item) for item in block.items), self.paragraph("SmallPrint", block.source)]
            case Facts():
                return [self.fact(*pair) for pair in block.pairs]
            case Notes():
                return [self.paragraph("SmallPrint", block.text)]
            case _:
                return [self.paragraph("Banner" if block.kind == "banner" else "BodyText", block.text)]

    def paragraph(self, style: str, text: str, **how: Any) -> Any:
        """A paragraph of a text in which symbols are marked."""
        return paragraph(style, pieces(text), self.lang, **how)

    def figure(self, block: FigureBlock) -> list[Any]:
        """A figure as wide as it was drawn, its caption below."""
        self.figures += 1
        canvas = block.draw(JOURNALS[self.lang])
        shrunk = min(1.0, text_width(self.lang) / canvas.width_mm, (text_height() - CAPTION_MM) / canvas.height_mm)
        size = (round(mm * shrunk * EMU_PER_MM) for mm in (canvas.width_mm, canvas.height_mm))
        buffer = BytesIO()
        canvas.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        inline = self.document.part.new_pic_inline(buffer, *size)
        number = numbered(
            self.words.get("reports.word.figure"), self.words.get("reports.word.figures"), self.figures, self.lang
        )
        for described in (inline.docPr, inline.graphic.graphicData.pic.nvPicPr.cNvPr):
            described.set("descr", block.alt or plain(block.caption))
            described.set("name", f"{self.words.get('reports.word.figures')} {self.figures}")
        drawing = node("drawing")
        drawing.append(inline)
        picture = node("p", properties("Figure", keep_next=True), node("r", drawing))
        return [picture, self.paragraph("Caption", block.caption, before=number)]

    def claim(self, block: Claim) -> list[Any]:
        """What may be said, in a box."""
        letter = Piece(block.grade, bold=True, size=LETTER, colour=BLUE)
        scale = pieces(f"  {block.scale}", size=SMALL, colour=GREY)
        head = [letter, Piece("  "), *pieces(block.heading, bold=True), *scale]
        lines = [[Piece(f"{name}{self.colon}", bold=True), *pieces(text)] for name, text in block.lines]
        reason = list(pieces(block.reason, size=SMALL, colour=GREY))
        return [paragraph("Claim", line, self.lang, keep_next=line is not reason) for line in (head, *lines, reason)]

    @property
    def colon(self) -> str:
        """What stands between a name and what it names."""
        return self.words.get("reports.word.colon")

    def check(self, item: CheckItem) -> Any:
        """A check: its status, what it concerns, its words."""
        status = Piece(item.status_name, bold=True, colour=COLOURS.get(item.status, GREY))
        concerns = [Piece(f"{item.concerns}{self.colon}", bold=True)] if item.concerns else []
        return paragraph("Check", [status, TAB, *concerns, *pieces(item.text)], self.lang)

    def item(self, item: ChecklistItem) -> Any:
        """An item of a checklist: its status, its name, what fills it and what remains."""
        status = Piece(item.status_name, bold=True, colour=COLOURS.get(item.status, GREY))
        said = [Piece(item.name, bold=True)]
        said += [Piece(" "), *pieces(item.text)] if item.text else []
        said += [Piece(" "), *pieces(item.remains, italic=True)] if item.remains else []
        return paragraph("Check", [status, TAB, *said], self.lang)

    def fact(self, name: str, value: str) -> Any:
        """A setting or a version, by name."""
        return paragraph("SmallPrint", [Piece(f"{plain(name)}{self.colon}"), *pieces(value)], self.lang)


def pieces(text: str, italic: bool = False, **look: Any) -> Iterable[Piece]:
    """A text in which symbols are marked, as pieces of a paragraph."""
    return [
        Piece(part, italic=italic or slanted, raised="subscript" if below else "", **look)
        for part, slanted, below in as_parts(text)
    ]


def _is_wide(blocks: tuple[Block, ...]) -> bool:
    """Does a table, or a heading with the table below it, need a page on its side?"""
    table = next((block for block in blocks if isinstance(block, TableBlock)), None)
    if table is None or (isinstance(blocks[0], TableBlock) and table is not blocks[0]):
        return False
    return as_word.page_layout(table.table).landscape
