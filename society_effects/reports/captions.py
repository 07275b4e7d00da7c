"""What stands around the parts of a report: "Table 1. ", the colon after a name, brackets, in each language."""

from __future__ import annotations

from dataclasses import replace

from ..language.catalogue import catalogue
from ..tables.table import Table
from .report import FigureBlock, TableBlock


def numbered_name(block: TableBlock | FigureBlock, lang: str) -> str:
    """What a table or a figure is called in front of its title: "Table 1. "; nothing without a number."""
    return "" if block.number is None else catalogue(lang).say(f"reports.captions.{block.kind}", n=block.number)


def titled(block: TableBlock, lang: str) -> Table:
    """The table with its number in its title."""
    return replace(block.table, title=(numbered_name(block, lang) + block.table.title).strip())


def named(name: str, lang: str) -> str:
    """A name before what it names, with a colon; nothing for no name."""
    return name + catalogue(lang).get("reports.captions.colon") if name else ""


def in_brackets(text: str, lang: str) -> str:
    """The text in brackets, as it follows other text."""
    return catalogue(lang).say("reports.captions.in_brackets", text=text)
