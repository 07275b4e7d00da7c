"""How does a report look in a terminal? Text, with tables drawn and figures named."""

from __future__ import annotations

from .italics import plain
from .report import Block, Checklist, ChecklistItem, Checks, Claim, Facts, FigureBlock, Heading, Report, TableBlock


def render(report: Report) -> str:
    """The report as text."""
    return "\n\n".join([report.title, *(_block(block) for block in report.blocks if _block(block))])


def _block(block: Block) -> str:
    match block:
        case Heading():
            return block.text
        case Claim():
            lines = [block.heading, *(f"{name}: {text}" for name, text in block.lines), block.reason]
            return plain("\n".join(lines))
        case TableBlock():
            return str(block.table)
        case FigureBlock():
            return ""
        case Checks():
            return "\n".join(
                f"[{i.status_name}] {f'{i.concerns}: ' if i.concerns else ''}{plain(i.text)}" for i in block.items
            )
        case Checklist():
            lines = [_item(item) for item in block.items]
            return plain("\n".join([*lines, block.source]))
        case Facts():
            return "\n".join(f"{name}: {value}" for name, value in block.pairs)
        case _:
            return plain(block.text)


def _item(item: ChecklistItem) -> str:
    lines = [f"[{item.status_name}] {item.name}", *(f"    {text}" for text in (item.text, item.remains) if text)]
    return "\n".join(lines)
