"""Of what is a Word document made? Nodes of its XML: runs of text, paragraphs, numbered captions, pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any, Literal, NamedTuple

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML does not allow."""
CHINESE_MARKS = re.compile("(‘[^‘’]*’|[“”…—]+)")
"""Quotes, dashes and dots that Word sets in the Latin font unless it is told that they are Chinese."""
TWIPS_PER_MM = 1440 / 25.4
MARGIN_MM = {"en": 17.0, "zh": 20.0}
"""Left and right of the text: what remains of A4 is the two columns of the BMC and of the Chinese journals."""
TOP_MM, SHORT_MM, LONG_MM = 22.0, 210.0, 297.0


class Piece(NamedTuple):
    """A piece of text of one look. size : points, where it is not that of the paragraph. colour : RRGGBB."""

    text: str
    italic: bool = False
    bold: bool = False
    raised: Literal["", "superscript", "subscript"] = ""
    size: float | None = None
    colour: str = ""


TAB, BREAK = Piece("\t"), Piece("\n")
"""A step to the next tab stop, and a new line; tabs and line breaks inside texts are spaces."""


def text_width(lang: str, landscape: bool = False) -> float:
    """Width of the text on a page in mm."""
    return (LONG_MM if landscape else SHORT_MM) - 2 * MARGIN_MM[lang]


def text_height() -> float:
    """Height of the text on an upright page in mm."""
    return LONG_MM - 2 * TOP_MM


def twips(mm: float) -> int:
    """Millimetres in Word's twentieths of a point."""
    return round(mm * TWIPS_PER_MM)


def node(tag: str, *children: Any, **attributes: Any) -> Any:
    """A node of the document: ``node("p", ...)`` is ``w:p``; children that are None are left out."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(child for child in children if child is not None)
    return made


def allowed(text: str) -> str:
    """The text without characters that XML forbids, its line breaks and tabs as spaces."""
    return FORBIDDEN.sub("", re.sub(r"[ \t]*[\r\n\t]+[ \t]*", " ", text))


def runs(pieces: Iterable[Piece], lang: str) -> list[Any]:
    """The runs of these pieces."""
    return [run for piece in pieces for run in _runs(piece, lang)]


def _runs(piece: Piece, lang: str) -> list[Any]:
    if piece is TAB or piece is BREAK:
        return [node("r", node("tab" if piece is TAB else "br"))]
    text = allowed(piece.text)
    parts = CHINESE_MARKS.split(text) if lang == "zh" else [text]
    return [node("r", _look(piece, i % 2 == 1), _text(part)) for i, part in enumerate(parts) if part]


def _text(text: str) -> Any:
    from docx.oxml.ns import qn

    made = node("t")
    made.text = text
    made.set(qn("xml:space"), "preserve")
    return made


def _look(piece: Piece, chinese: bool) -> Any:
    size = None if piece.size is None else round(2 * piece.size)
    marks = [
        node("rFonts", hint="eastAsia") if chinese else None,
        node("b") if piece.bold else None,
        node("i") if piece.italic else None,
        node("color", val=piece.colour) if piece.colour else None,
        *([] if size is None else [node("sz", val=size), node("szCs", val=size)]),
        node("vertAlign", val=piece.raised) if piece.raised else None,
    ]
    made = node("rPr", *marks)
    return made if len(made) else None


def paragraph(style: str, pieces: Iterable[Any], lang: str, *, before: Iterable[Any] = (), **how: Any) -> Any:
    """A paragraph of a style. before : nodes in front of its text (a numbered name). how : see ``properties``."""
    return node("p", properties(style, **how), *before, *runs(pieces, lang))


def properties(style: str, *, keep_next: bool = False, align: str = "", indent: int = 0) -> Any:
    """How a paragraph stands; its indent in twips."""
    return node(
        "pPr",
        node("pStyle", val=style),
        node("keepNext") if keep_next else None,
        node("ind", left=indent) if indent else None,
        node("jc", val=align) if align else None,
    )


def numbered(template: str, kind: str, n: int, lang: str) -> list[Any]:
    """A name with a number that Word counts: "Table 1. ".

    template : ``{n:integer}`` is the number. kind : the name of the counter.
    """
    front, _, back = template.partition("{n:integer}")
    field = node("fldSimple", *runs([Piece(str(n))], lang), instr=f" SEQ {kind} \\* ARABIC ")
    return [*runs([Piece(front)] if front else [], lang), field, *runs([Piece(back)] if back else [], lang)]


def columns_beside(columns: int, width: float) -> Any:
    """An empty table without lines that holds paragraphs side by side. width : of the text on the page, mm."""
    each = twips(width / columns)
    return node(
        "tbl",
        node("tblPr", node("tblW", w=columns * each, type="dxa"), node("tblLayout", type="fixed")),
        node("tblGrid", *(node("gridCol", w=each) for _ in range(columns))),
    )


def row_beside(cells: list[list[Any]], width: float) -> Any:
    """A row of such a table: the paragraphs of each of its cells."""
    each = node("tcW", w=twips(width / len(cells)), type="dxa")
    return node("tr", *(node("tc", node("tcPr", deepcopy(each)), *paragraphs) for paragraphs in cells))


def page(lang: str, landscape: bool = False, footer: str = "") -> Any:
    """The properties of a part's pages: A4, with the page number below. footer : relation of the footer."""
    from docx.oxml.ns import qn

    wide, high = (LONG_MM, SHORT_MM) if landscape else (SHORT_MM, LONG_MM)
    side, top = twips(MARGIN_MM[lang]), twips(TOP_MM)
    reference = None
    if footer:
        reference = node("footerReference", type="default")
        reference.set(qn("r:id"), footer)
    size = {"w": twips(wide), "h": twips(high)} | ({"orient": "landscape"} if landscape else {})
    margins = {"top": top, "right": side, "bottom": top, "left": side, "header": 720, "footer": 600, "gutter": 0}
    return node("sectPr", reference, node("type", val="nextPage"), node("pgSz", **size), node("pgMar", **margins))
