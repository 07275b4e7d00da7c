"""How does a report look in a terminal? Text, with tables drawn and figures named."""

from __future__ import annotations

from .captions import named, titled
from .italics import plain
from .report import (
    Beside,
    Block,
    Checklist,
    ChecklistItem,
    Checks,
    Claim,
    Facts,
    FigureBlock,
    Heading,
    Report,
    TableBlock,
    unfolded,
)


def render(report: Report) -> str:
    """The report as text."""
    said = (_block(block, lang) for lang, block in unfolded(report))
    return "\n\n".join([report.title, *(text for text in said if text)])


def _block(block: Block, lang: str) -> str:
    match block:
        case Heading():
            return block.text
        case Claim():
            lines = [block.heading, *(named(name, lang) + text for name, text in block.lines), block.reason]
            return plain("\n".join(lines))
        case TableBlock():
            return str(titled(block, lang))
        case FigureBlock() | Beside():
            return ""
        case Checks():
            return "\n".join(f"[{i.status_name}] {named(i.concerns, lang)}{plain(i.text)}" for i in block.items)
        case Checklist():
            lines = [_item(item) for item in block.items]
            return plain("\n".join([*lines, block.source]))
        case Facts():
            return "\n".join(f"{named(name, lang)}{value}" for name, value in block.pairs)
        case _:
            return plain(block.text)


def _item(item: ChecklistItem) -> str:
    lines = [f"[{item.status_name}] {item.name}", *(f"    {text}" for text in (item.text, item.remains) if text)]
    return "\n".join(lines)
