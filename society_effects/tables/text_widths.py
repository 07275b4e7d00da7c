"""About how wide is a text on paper? In widths of Times, in em: those of its type size."""

from __future__ import annotations

import re
from unicodedata import combining, east_asian_width

from .table import Cell

INDENT = 1.0
BETWEEN_SCRIPTS, SCRIPTS_MEET = (
    0.25,
    re.compile(r"(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3400-\u9fff])"),
)
"""Space that Word and TeX put between Chinese and Latin letters."""
NARROW, WIDE = set("ijlt.,:;|'!()[]/ \N{NO-BREAK SPACE}’‘"), set("mwMWOQ%@—")


def em_width(text: str) -> float:
    """About how wide is a text in Times, in em?

    >>> em_width("体格检查"), round(em_width("12.5"), 2)
    (4.0, 1.81)
    """
    return sum(map(_em, text)) + BETWEEN_SCRIPTS * len(SCRIPTS_MEET.findall(text))


def _em(character: str) -> float:
    if combining(character):
        return 0.0
    if east_asian_width(character) in "WF":
        return 1.0
    if character in NARROW:
        return 0.28 if character != " " else 0.25
    if character in WIDE:
        return 0.85
    return 0.72 if character.isupper() else 0.57 if character in "=<>±×−~+" else 0.51


def beside(cell: Cell) -> float:
    """The width of what stands beside a text: its indent and its marks."""
    return INDENT * cell.indent + 0.35 * len(",".join(cell.marks))
