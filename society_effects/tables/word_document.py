"""How does a Word document begin and end? Empty with our styles; kept as the same bytes for the same content."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from ..writing import without_clock, write_bytes
from .word_parts import Piece, allowed, node, page, paragraph, runs
from .word_styles import LANG_TAGS, styles

MAKER = "society_effects"
APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    f"<Application>{MAKER}</Application></Properties>"
)
UNWANTED = ("/thumbnail", "/customXml", "/stylesWithEffects", "/numbering", "/webSettings", "/fontTable")
"""Ends of the relations by which a new document of python-docx carries what this one does not need."""
LONGEST_PROPERTY = 255


def new_document(lang: str, title: str) -> Any:
    """An empty document in this language: styles, title, page number below; python-docx's, as it is changed further."""
    from docx import Document

    document = Document()
    for owner in (document.part, document.part.package):
        for key in [key for key, relation in owner.rels.items() if relation.reltype.endswith(UNWANTED)]:
            del owner.rels[key]
    _restyle(document, lang)
    _describe(document, lang, title)
    body = document.element.body
    for child in list(body):
        body.remove(child)
    body.append(page(lang, footer=_footer(document, lang)))
    return document


def add(document: Any, nodes: list[Any]) -> None:
    """Put these nodes at the end of the document."""
    last = document.element.body[-1]
    for each in nodes:
        last.addprevious(each)


def turn_last_pages(document: Any, lang: str) -> None:
    """Put the last part of the document on its side."""
    last = document.element.body[-1]
    last.getparent().replace(last, page(lang, landscape=True, footer=footer_of(document)))


def footer_of(document: Any) -> str:
    """The relation of the footer with the page number."""
    return next(key for key, relation in document.part.rels.items() if relation.reltype.endswith("/footer"))


def keep(document: Any, path: Path) -> None:
    """Write the document: the same content makes the same bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    write_bytes(path, without_clock(buffer.getvalue()))


def _footer(document: Any, lang: str) -> str:
    part, key = document.part.add_footer_part()
    for child in list(part.element):
        part.element.remove(child)
    number = node("fldSimple", *runs([Piece("1")], lang), instr=" PAGE ")
    part.element.append(paragraph("Footer", (), lang, before=[number]))
    return str(key)


def _restyle(document: Any, lang: str) -> None:
    root = document.styles.element
    for child in list(root):
        root.remove(child)
    root.extend(styles(lang))
    settings = document.settings.element
    for element in settings.iter():
        if element.tag.endswith("}compatSetting") and "compatibilityMode" in element.attrib.values():
            element.set(next(key for key in element.attrib if key.endswith("}val")), "15")
        if element.tag.endswith("}themeFontLang"):
            element.set(next(key for key in element.attrib if key.endswith("}eastAsia")), "zh-CN")
        if element.tag.endswith("}zoom"):
            element.set(f"{element.tag.removesuffix('zoom')}percent", "100")


def _describe(document: Any, lang: str, title: str) -> None:
    properties = document.core_properties
    properties.title = allowed(title)[:LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = MAKER
    properties.comments = properties.keywords = properties.subject = ""
    properties.language = LANG_TAGS[lang]
    properties.created = properties.modified = datetime(2000, 1, 1)
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            part._blob = APP.encode()
