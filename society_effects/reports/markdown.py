"""How is a report kept as Markdown? Pipe tables, and figures as PNG files beside the text."""

from __future__ import annotations

from pathlib import Path

from ..writing import write_text
from .italics import as_markdown, plain
from .report import (
    Block,
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


def render(report: Report, figures: list[str] | None = None) -> str:
    """The report as Markdown; ``figures`` are the file names of its figures in their order, if they were written."""
    names = iter(figures or [])
    parts = [f"# {as_markdown(report.title)}"]
    for block in report.blocks:
        if isinstance(block, FigureBlock):
            name = next(names, None)
            if name is not None:
                parts.append(f"![{as_markdown(plain(block.caption))}]({name.replace(' ', '%20')})")
            continue
        parts.append(_block(block))
    return "\n\n".join(parts) + "\n"


def write(report: Report, path: Path) -> None:
    """Write the report and its figures."""
    names = []
    for number, block in enumerate((b for b in report.blocks if isinstance(b, FigureBlock)), start=1):
        names += [file.name for file in block.draw().save(path.with_name(f"{path.stem}_{number}.png"))]
    write_text(path, render(report, names))


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"## {as_markdown(block.text)}"
        case Claim():
            lines = [f"**{as_markdown(block.heading)}** ({as_markdown(block.scale)})"]
            lines += [f"**{as_markdown(name)}:** {as_markdown(text)}" for name, text in block.lines]
            return "\n>\n".join(f"> {line}" for line in [*lines, as_markdown(block.reason)])
        case TableBlock():
            return block.table.to_markdown()
        case Checks():
            return "\n".join(
                f"* **{as_markdown(i.status_name)}** {as_markdown(f'{i.concerns}: ' if i.concerns else '')}"
                f"{as_markdown(i.text)}"
                for i in block.items
            )
        case Checklist():
            lines = [_item(item) for item in block.items]
            return "\n".join(lines) + f"\n\n<small>{as_markdown(block.source)}</small>"
        case Facts():
            return "\n".join(f"* {as_markdown(name)}: {as_markdown(value)}" for name, value in block.pairs)
        case Notes():
            return f"<small>{as_markdown(block.text)}</small>"
        case FigureBlock():
            return ""
        case _:
            return f"**{as_markdown(block.text)}**" if block.kind == "banner" else as_markdown(block.text)


def _item(item: ChecklistItem) -> str:
    remains = f" *{as_markdown(item.remains)}*" if item.remains else ""
    return f"* **{as_markdown(item.name)}** ({as_markdown(item.status_name)}) {as_markdown(item.text)}{remains}"
