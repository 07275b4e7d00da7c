"""Which styles has a Word document? Few, by name, so that looks are changed in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .word_parts import node

LATIN = "Times New Roman"
SONG = {"en": "SimSun", "zh": "宋体"}
HEI = {"en": "SimSun", "zh": "黑体"}
"""The Chinese fonts of running text and of headings; in an English document they write Chinese labels."""
LANG_TAGS = {"en": "en-US", "zh": "zh-CN"}
BODY, HEADING, TITLE, CAPTION, CHECK, SMALL, TABLE, NOTE = 10.5, 13.0, 17.0, 10.0, 9.5, 9.0, 9.0, 8.0
STATUS = {"en": 1300, "zh": 900}
"""How far the words of a check stand from the left, in twips."""
BLUE, RUST, GREY = "2F5D8A", "8A3D10", "595959"
SIDES = ("top", "left", "bottom", "right")
BUILT_IN = ("Normal", "Body Text", "Title", "heading 1", "caption", "footer")
"""Names that Word knows, and shows in its own language."""


@dataclass(frozen=True)
class Style:
    """How a kind of paragraph looks. size : points. before, after, left, right, hanging : twips.

    line : distance of lines in 240ths. characters : indent of the first line. next_to : kept with what follows.
    together : not divided between pages. level : of a heading, from 0.
    """

    key: str
    name: str
    size: float = BODY
    before: int = 0
    after: int = 0
    line: int = 240
    left: int = 0
    right: int = 0
    hanging: int = 0
    characters: int = 0
    align: str = ""
    font: str = ""
    bold: bool = False
    colour: str = ""
    fill: str = ""
    border: tuple[str, ...] = ()
    border_colour: str = ""
    next_to: bool = False
    together: bool = False
    level: int | None = None


def styles(lang: str) -> list[Any]:
    """The default looks and all styles of a document in this language."""
    hidden = [_hidden("character", "DefaultParagraphFont", "Default Paragraph Font"), _hidden_table()]
    none = _hidden("numbering", "NoList", "No List")
    return [_defaults(lang), *hidden, none, *(_node(style) for style in _paragraphs(lang))]


def _paragraphs(lang: str) -> list[Style]:
    hei, bold, indent = HEI[lang], lang != "zh", 2 if lang == "zh" else 0
    status = STATUS[lang]
    return [
        Style("Normal", "Normal"),
        Style("BodyText", "Body Text", after=110, line=300, characters=indent),
        Style("Title", "Title", size=TITLE, after=200, bold=bold, font=hei, next_to=True, together=True),
        Style("Heading1", "heading 1", HEADING, 300, 110, bold=bold, font=hei, next_to=True, together=True, level=0),
        Style("Caption", "caption", CAPTION, 200, 80, bold=bold, font=hei, together=True),
        Style("Figure", "Figure", before=160, align="center", next_to=True),
        Style("TableText", "Table Text", TABLE, 20, 20),
        Style("TableNote", "Table Note", NOTE, 50),
        Style(
            "Banner", "Banner", after=200, left=140, right=140, bold=True, colour=RUST, fill="FDF5EF", border=SIDES,
            border_colour="B3541E",
        ),
        Style(
            "Claim", "Claim", line=276, left=160, fill="F4F7FA", border=("left",), border_colour=BLUE, together=True
        ),
        Style("Check", "Check", CHECK, 40, 40, line=264, left=status, hanging=status),
        Style("SmallPrint", "Small Print", SMALL, 20, 20, line=252, colour=GREY),
        Style("Footer", "footer", SMALL, align="center"),
    ]  # fmt: skip


def _defaults(lang: str) -> Any:
    fonts = node("rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=SONG[lang], cs=LATIN)
    language = node("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    run = node("rPrDefault", node("rPr", fonts, *_sized(BODY), language))
    spacing = node("spacing", after=0, line=240, lineRule="auto")
    return node("docDefaults", run, node("pPrDefault", node("pPr", spacing)))


def _hidden(kind: str, key: str, name: str, *children: Any) -> Any:
    marks = [node("uiPriority", val=99), node("semiHidden"), node("unhideWhenUsed")]
    return node("style", node("name", val=name), *marks, *children, type=kind, styleId=key, default=1)


def _hidden_table() -> Any:
    margins = node("tblCellMar", *(node(side, w=70 if side in ("left", "right") else 0, type="dxa") for side in SIDES))
    return _hidden("table", "TableNormal", "Normal Table", node("tblPr", node("tblInd", w=0, type="dxa"), margins))


def _node(style: Style) -> Any:
    root = style.key == "Normal"
    kind = {"type": "paragraph", "styleId": style.key} | ({"default": "1"} if root else {})
    return node(
        "style",
        node("name", val=style.name),
        None if root else node("basedOn", val="Normal"),
        node("next", val="BodyText") if style.key in ("Title", "Heading1") else None,
        node("qFormat"),
        _stands(style),
        _looks(style),
        **kind | ({} if style.name in BUILT_IN else {"customStyle": "1"}),
    )


def _stands(style: Style) -> Any:
    thick = 8 if style.border == SIDES else 24
    borders = [node(side, val="single", sz=thick, space=6, color=style.border_colour) for side in style.border]
    indents = {name: twips for name in ("left", "right", "hanging") if (twips := getattr(style, name))}
    if style.characters:
        first = {"firstLineChars": 100 * style.characters, "firstLine": round(20 * style.size * style.characters)}
        indents |= first
    return node(
        "pPr",
        node("keepNext") if style.next_to else None,
        node("keepLines") if style.together else None,
        node("pBdr", *borders) if borders else None,
        node("shd", val="clear", color="auto", fill=style.fill) if style.fill else None,
        node("spacing", before=style.before, after=style.after, line=style.line, lineRule="auto"),
        node("ind", **indents) if indents else None,
        node("jc", val=style.align) if style.align else None,
        None if style.level is None else node("outlineLvl", val=style.level),
    )


def _looks(style: Style) -> Any:
    return node(
        "rPr",
        node("rFonts", eastAsia=style.font) if style.font else None,
        node("b") if style.bold else None,
        node("color", val=style.colour) if style.colour else None,
        *_sized(style.size),
    )


def _sized(points: float) -> list[Any]:
    return [node("sz", val=round(2 * points)), node("szCs", val=round(2 * points))]
