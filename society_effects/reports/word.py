"""How does a report look in Word? A document to go on writing in: headings, numbered native tables, figures, pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ..tables import as_word
from ..tables.word_document import add, footer_of, keep, new_document, turn_last_pages
from ..tables.word_parts import columns_beside, node, page, paragraph, properties, row_beside, text_width
from .italics import plain
from .report import Beside, Block, Checklist, Checks, FigureBlock, Heading, Report, TableBlock, unfolded
from .word_blocks import InWord, pieces


def write(report: Report, path: Path) -> None:
    """Write the document."""
    document = new_document(report.lang, plain(report.title))
    _Writer(document, report).write()
    keep(document, path)


class _Writer:
    """Writes the blocks of a report in their order, and turns pages for wide tables."""

    def __init__(self, document: Any, report: Report) -> None:
        self.document, self.report, self.lang = document, report, report.lang
        self.landscape = False
        self.beside: Any = None

    def write(self) -> None:
        """Write all blocks."""
        add(self.document, [paragraph("Title", pieces(self.report.title), self.lang)])
        blocks = self.report.blocks
        for i, block in enumerate(blocks):
            if isinstance(block, Heading):
                self._turn(self._is_wide(*blocks[i + 1 : i + 2]))
            if not isinstance(block, Beside):
                self._add(block, self.lang)
            elif any(isinstance(each, TableBlock | FigureBlock) for _, own in block.parts for each in own):
                for lang, each in unfolded(replace(self.report, blocks=(block,))):
                    self._add(each, lang)
            else:
                self._add_beside(block)
        if self.landscape:
            turn_last_pages(self.document, self.lang)

    def _add(self, block: Block, lang: str) -> None:
        """Write a block over the whole width of the page."""
        self.beside = None
        if not isinstance(block, Heading):
            self._turn(self._is_wide(block))
        add(self.document, self._in(lang).nodes(block))

    def _add_beside(self, block: Beside) -> None:
        """Write a part in several languages side by side: lists item by item, all else as a whole."""
        self._turn(False)
        if self.beside is None:
            self.beside = columns_beside(len(block.parts), text_width(self.lang))
            add(self.document, [self.beside])
        made = [[node for each in own for node in self._in(lang).nodes(each)] for lang, own in block.parts]
        lists = all(isinstance(each, Checks | Checklist) for _, own in block.parts for each in own)
        by_item = lists and len({len(own) for own in made}) == 1
        for row in [[[item] for item in items] for items in zip(*made, strict=True)] if by_item else [made]:
            self.beside.append(row_beside(row, text_width(self.lang)))

    def _in(self, lang: str) -> InWord:
        return InWord(self.document, lang, self.lang)

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

    def _is_wide(self, *blocks: Block) -> bool:
        """Does the first table of these blocks need a page on its side?"""
        each = (each for _, each in unfolded(replace(self.report, blocks=blocks)))
        table = next((block.table for block in each if isinstance(block, TableBlock)), None)
        return table is not None and as_word.page_layout(table, self.lang).landscape
