"""Which pieces of a sentence are set in italics? Symbols between two marks; renderers turn the marks into their own."""

from __future__ import annotations

import re
from html import escape

from ..tables.table import Run

MARK = "\ue000"
SUBSCRIPT = re.compile(r"</i>_([A-Za-z0-9]+)")
UNBROKEN = re.compile(" (=|&lt;|&gt;) ")
BELOW, RELATION = re.compile("_([A-Za-z0-9]+)"), re.compile(" ([=<>]) ")


def marked(template: str) -> str:
    """A template with its starred symbols between marks; stars that arrive in values later stay stars."""
    return template.replace("*", MARK)


def plain(text: str) -> str:
    """The text without italics."""
    return text.replace(MARK, "")


def as_html(text: str) -> str:
    """The text escaped, its symbols in italics and what is written below them, no line broken at a relation sign."""
    pieces = UNBROKEN.sub("\u00a0\\1\u00a0", escape(text)).split(MARK)
    return SUBSCRIPT.sub(r"</i><sub>\1</sub>", "".join(f"<i>{p}</i>" if i % 2 else p for i, p in enumerate(pieces)))


def as_parts(text: str) -> list[tuple[str, bool, bool]]:
    """The text in parts, each with whether it is italic and whether it stands below the line (what follows ``_``)."""
    parts: list[tuple[str, bool, bool]] = []
    for i, piece in enumerate(RELATION.sub("\u00a0\\1\u00a0", text).split(MARK)):
        below = BELOW.match(piece) if i and i % 2 == 0 else None
        if below:
            parts.append((below[1], False, True))
        parts.append((piece[below.end() :] if below else piece, i % 2 == 1, False))
    return [part for part in parts if part[0]]


def as_runs(text: str) -> tuple[Run, ...]:
    """The text as the content of a table cell."""
    return tuple(Run(piece, bool(i % 2)) for i, piece in enumerate(text.split(MARK)) if piece)


def as_markdown(text: str) -> str:
    """The text with Markdown's own characters escaped, its symbols between stars."""
    for character in "\\`*_<>#|[]":
        text = text.replace(character, "\\" + character)
    return text.replace(MARK, "*")
