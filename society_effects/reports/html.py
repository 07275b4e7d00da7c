"""How does a report look on a page? One self-contained HTML file, readable on paper and on a phone."""

from __future__ import annotations

import base64
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..writing import write_text
from .captions import named, numbered_name, titled
from .italics import as_html, plain
from .report import FigureBlock, Report

if TYPE_CHECKING:
    from jinja2 import Environment

LANG_TAGS = {"en": "en", "zh": "zh-CN"}
MOST_POINTS = 2300
"""Points (of students, mostly) above which a figure is embedded as PNG: as SVG it would be far larger."""
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
    """The figure as a data address: SVG, or PNG where it has thousands of points."""
    figure = block.draw()
    points = sum(np.size(line.get_xdata()) for axis in figure.axes for line in axis.lines)
    if points > MOST_POINTS:
        return _address("png", _saved(figure, "png", dpi=PNG_DPI, metadata={"Software": None}))
    return _address("svg+xml", _saved(figure, "svg", metadata={"Date": None}))


def _address(kind: str, image: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(image).decode('ascii')}"


def _saved(figure: Any, kind: str, **options: Any) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format=kind, **options)
    return buffer.getvalue()
