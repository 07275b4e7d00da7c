"""How does a report look on a page? One self-contained HTML file, readable on paper and on a phone."""

from __future__ import annotations

import base64
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..writing import write_text
from .captions import named, numbered_name, titled
from .italics import as_html, plain
from .report import FigureBlock, Report

if TYPE_CHECKING:
    from jinja2 import Environment

LANG_TAGS = {"en": "en", "zh": "zh-CN"}
LARGEST_SVG = 400_000
"""Bytes above which a figure (thousands of points) is embedded as PNG."""
PNG_DPI = 200


def page(report: Report) -> str:
    """The report as a whole page."""
    return _environment().get_template("page.html").render(report=report)


def fragment(report: Report) -> str:
    """The report as a piece of a page, as notebooks show it."""
    return _environment().get_template("report.html").render(report=report)


def write(report: Report, path: Path) -> None:
    """Write the page."""
    write_text(path, page(report))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, select_autoescape
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader(__package__, "templates"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["rich"] = lambda text: Markup(as_html(text))
    environment.filters["plain"] = plain
    environment.filters["tag"] = lambda lang: LANG_TAGS.get(lang, lang)
    environment.filters["table"] = lambda block, lang: Markup(titled(block, lang).to_html())
    environment.filters["number"] = numbered_name
    environment.filters["named"] = named
    environment.filters["source"] = figure_source
    return environment


def figure_source(block: FigureBlock) -> str:
    """The figure as a data address: SVG where it is small, else PNG."""
    figure = block.draw()
    svg = _saved(figure, "svg", metadata={"Date": None})
    if len(svg) <= LARGEST_SVG:
        return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')}"
    png = _saved(figure, "png", dpi=PNG_DPI, metadata={"Software": None})
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def _saved(figure: Any, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format=kind, **options)
    return buffer.getvalue()
