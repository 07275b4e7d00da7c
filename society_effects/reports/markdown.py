"""How is a report kept as Markdown? Pipe tables, and figures as PNG files beside the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..writing import write_text
from .captions import in_brackets, named, numbered_name, titled
from .italics import as_markdown, plain
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
    Notes,
    Report,
    TableBlock,
    unfolded,
)


def render(report: Report, figures: list[str] | None = None) -> str:
    """The report as Markdown; ``figures`` are the file names of its figures in their order, if they were written."""
    names = iter(figures or [])
    parts = [f"# {as_markdown(report.title)}"]
    for lang, block in unfolded(report):
        if not isinstance(block, FigureBlock):
            parts.append(_block(block, lang))
        elif name := next(names, None):
            parts += _figure(block, name, lang)
    return "\n\n".join(parts) + "\n"


def write(report: Report, path: Path) -> None:
    """Write the report and its figures."""
    names = []
    drawn = (block for _, block in unfolded(report) if isinstance(block, FigureBlock))
    for number, block in enumerate(drawn, start=1):
        names += [file.name for file in block.draw().save(path.with_name(f"{path.stem}_{number}.png"))]
    write_text(path, render(report, names))


def _figure(block: FigureBlock, name: str, lang: str) -> Iterator[str]:
    """The picture with what it shows in words, and its caption below."""
    yield f"![{as_markdown(plain(block.alt or block.caption))}]({name.replace(' ', '%20')})"
    yield f"**{as_markdown(numbered_name(block, lang) + plain(block.caption))}**"


def _block(block: Block, lang: str) -> str:
    match block:
        case Heading():
            return f"## {as_markdown(block.text)}"
        case Claim():
            lines = [f"**{as_markdown(block.heading)}**{as_markdown(in_brackets(block.scale, lang))}"]
            lines += [f"**{as_markdown(named(name, lang).strip())}** {as_markdown(text)}" for name, text in block.lines]
            return "\n>\n".join(f"> {line}" for line in [*lines, as_markdown(block.reason)])
        case TableBlock():
            return titled(block, lang).to_markdown()
        case Checks():
            return "\n".join(
                f"* **{as_markdown(i.status_name)}** {as_markdown(named(i.concerns, lang))}{as_markdown(i.text)}"
                for i in block.items
            )
        case Checklist():
            lines = [_item(item, lang) for item in block.items]
            return "\n".join(lines) + f"\n\n<small>{as_markdown(block.source)}</small>"
        case Facts():
            return "\n".join(f"* {as_markdown(named(name, lang))}{as_markdown(value)}" for name, value in block.pairs)
        case Notes():
            return f"<small>{as_markdown(block.text)}</small>"
        case FigureBlock() | Beside():
            return ""
        case _:
            return f"**{as_markdown(block.text)}**" if block.kind == "banner" else as_markdown(block.text)


def _item(item: ChecklistItem, lang: str) -> str:
    remains = f" *{as_markdown(item.remains)}*" if item.remains else ""
    status = as_markdown(in_brackets(item.status_name, lang))
    return f"* **{as_markdown(item.name)}**{status} {as_markdown(item.text)}{remains}"
