"""Of which paragraphs, tables and pictures is each block of a report made in Word?"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from ..language.catalogue import catalogue
from ..tables import as_word
from ..tables.word_parts import TAB, Piece, node, numbered, paragraph, properties, text_height, text_width
from ..tables.word_styles import BLUE, GREY, RUST, SMALL
from .captions import named
from .italics import as_parts, plain
from .report import (
    Banner,
    Beside,
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
    Paragraph,
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


class InWord:
    """Blocks in one language as nodes of a document, whose pages are those of its own language."""

    def __init__(self, document: Any, lang: str, page_lang: str) -> None:
        self.document, self.lang, self.page_lang = document, lang, page_lang
        self.words = catalogue(lang)

    def nodes(self, block: Block) -> list[Any]:
        """A block as nodes of the document."""
        match block:
            case Heading():
                return [self.paragraph("Heading1", block.text)]
            case TableBlock():
                return as_word.nodes(block.table, as_word.page_layout(block.table, self.page_lang), self.number(block))
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
            case Banner():
                return [self.paragraph("Banner", block.text)]
            case Paragraph():
                return [self.paragraph("BodyText", block.text)]
            case Beside():
                raise TypeError("one language at a time")

    def paragraph(self, style: str, text: str, **how: Any) -> Any:
        """A paragraph of a text in which symbols are marked."""
        return paragraph(style, pieces(text), self.lang, **how)

    def number(self, block: TableBlock | FigureBlock) -> list[Any]:
        """The name with the number that Word counts, where tables and figures are numbered."""
        if block.number is None:
            return []
        start = "reports.captions."
        return numbered(self.words.get(start + block.kind), self.counter(block), block.number, self.lang)

    def counter(self, block: TableBlock | FigureBlock) -> str:
        """What Word counts: tables or figures."""
        return self.words.get(f"reports.captions.{block.kind}s")

    def figure(self, block: FigureBlock) -> list[Any]:
        """A figure as wide as it was drawn, its caption below."""
        canvas = block.draw(JOURNALS[self.lang])
        room = text_width(self.page_lang), text_height() - CAPTION_MM
        shrunk = min(1.0, room[0] / canvas.width_mm, room[1] / canvas.height_mm)
        size = (round(mm * shrunk * EMU_PER_MM) for mm in (canvas.width_mm, canvas.height_mm))
        buffer = BytesIO()
        canvas.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        inline = self.document.part.new_pic_inline(buffer, *size)
        for described in (inline.docPr, inline.graphic.graphicData.pic.nvPicPr.cNvPr):
            described.set("descr", block.alt or plain(block.caption))
            described.set("name", f"{self.counter(block)} {block.number or ''}".strip())
        drawing = node("drawing")
        drawing.append(inline)
        picture = node("p", properties("Figure", keep_next=True), node("r", drawing))
        return [picture, self.paragraph("Caption", block.caption, before=self.number(block))]

    def claim(self, block: Claim) -> list[Any]:
        """What may be said, in a box."""
        letter = Piece(block.grade, bold=True, size=LETTER, colour=BLUE)
        scale = pieces(f"  {block.scale}", size=SMALL, colour=GREY)
        head = [letter, Piece("  "), *pieces(block.heading, bold=True), *scale]
        lines = [[Piece(named(name, self.lang), bold=True), *pieces(text)] for name, text in block.lines]
        reason = list(pieces(block.reason, size=SMALL, colour=GREY))
        return [paragraph("Claim", line, self.lang, keep_next=line is not reason) for line in (head, *lines, reason)]

    def check(self, item: CheckItem) -> Any:
        """A check: its status, what it concerns, its words."""
        status = Piece(item.status_name, bold=True, colour=COLOURS.get(item.status, GREY))
        concerns = [Piece(named(item.concerns, self.lang), bold=True)] if item.concerns else []
        return paragraph("Check", [status, TAB, *concerns, *pieces(item.text)], self.lang)

    def item(self, item: ChecklistItem) -> Any:
        """An item of a checklist: its status, its name, what fills it and what remains."""
        status = Piece(item.status_name, bold=True, colour=COLOURS.get(item.status, GREY))
        said = [Piece(item.name, bold=True)]
        said += [Piece(" "), *pieces(item.text)] if item.text else []
        apart: dict[str, Any] = {"colour": GREY} if self.lang == "zh" else {"italic": True}
        said += [Piece(" "), *pieces(item.remains, **apart)] if item.remains else []
        return paragraph("Check", [status, TAB, *said], self.lang)

    def fact(self, name: str, value: str) -> Any:
        """A setting or a version, by name."""
        return paragraph("SmallPrint", [Piece(named(plain(name), self.lang)), *pieces(value)], self.lang)


def pieces(text: str, italic: bool = False, **look: Any) -> Iterable[Piece]:
    """A text in which symbols are marked, as pieces of a paragraph."""
    return [
        Piece(part, italic=italic or slanted, raised="subscript" if below else "", **look)
        for part, slanted, below in as_parts(text)
    ]
