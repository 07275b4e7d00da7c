"""Would a journal take this file? What is measured is what was saved: size, resolution, type, fonts, colours, bytes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import OutputError
from ..findings.checks import Check
from ..language.catalogue import catalogue
from .journals import MEGABYTE, Journal, journal_style
from .pdf_reading import Font, read_pdf
from .saving import ENDINGS

POINT = 25.4 / 72  # mm
SLACK = 0.3
"""mm by which a size may be missed: pixels are whole."""
BITMAPS = {"PNG": "png", "TIFF": "tiff", "JPEG": "jpeg"}
MODES = {"RGB": "RGB", "RGBA": "RGBA", "L": "grey", "LA": "grey with transparency", "P": "palette", "CMYK": "CMYK"}
PACKED = ("tiff_lzw",)
NOT_LATIN = ("Noto", "SourceHan", "SimSun", "SimHei", "WenQuanYi", "MicrosoftYaHei")
"""How the names of fonts begin that write Chinese, for which no journal names a typeface."""


class FigureWarning(UserWarning):
    """A saved figure breaks a rule of the journal it was drawn for, or some characters are missing in it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a saved figure is. Lengths in mm, type and lines in points; NaN or empty where a format does not tell.

    form : png, tiff, jpeg, pdf, svg or eps. colours : RGB, RGBA, grey, CMYK, palette. packed : how a TIFF is packed.
    """

    form: str
    width: float
    height: float
    n_bytes: int
    dpi: float = math.nan
    type: tuple[float, ...] = ()
    lines: tuple[float, ...] = ()
    fonts: tuple[Font, ...] = ()
    colours: tuple[str, ...] = ()
    packed: str = ""


def measure(path: Path | str) -> Measured:
    """What is in this file, whatever its name says?"""
    content = Path(path).read_bytes()
    if content.startswith(b"%PDF"):
        page = read_pdf(content)
        drawn = {"type": tuple(sorted(page.type)), "lines": tuple(sorted(page.lines))}
        how: dict[str, Any] = drawn | {"fonts": tuple(page.fonts), "colours": tuple(sorted(page.colours))}
        return Measured("pdf", page.width * POINT, page.height * POINT, len(content), **how)
    if content.startswith(b"%!PS"):
        return _measured_eps(content)
    if re.match(rb"\s*(?:<\?xml|<svg)", content):
        return _measured_svg(content)
    return _measured_bitmap(Path(path), len(content))


def _measured_bitmap(path: Path, n_bytes: int) -> Measured:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            form, (width, height), mode, told = image.format, image.size, image.mode, dict(image.info)
    except UnidentifiedImageError:
        raise OutputError("NO_FIGURE_FILE", file=str(path), known=tuple(ENDINGS)) from None
    dpi = float(told["dpi"][0]) if "dpi" in told and float(told["dpi"][0]) > 1 else math.nan
    colours = (MODES.get(mode, mode),) if "transparency" not in told else (MODES.get(mode, mode), "RGBA")
    packed = str(told.get("compression", "raw")) if form == "TIFF" else ""
    size = (width / dpi * 25.4, height / dpi * 25.4)
    return Measured(BITMAPS.get(str(form), str(form).lower()), *size, n_bytes, dpi, colours=colours, packed=packed)


def _measured_eps(content: bytes) -> Measured:
    box = re.search(rb"%%HiResBoundingBox:\s*([-\d. ]+)", content) or re.search(
        rb"%%BoundingBox:\s*([-\d. ]+)", content
    )
    left, bottom, right, top = map(float, box.group(1).split()) if box else [math.nan] * 4
    sizes = {float(size) for size in re.findall(rb"([\d.]+) selectfont", content)}
    lines = {float(line) for line in re.findall(rb"([\d.]+) setlinewidth", content)} - {0.0}
    names = re.findall(rb"/FontName /(\S+) def", content)
    used = set(re.findall(rb"/(\S+) [\d.]+ selectfont", content))
    fonts = [Font(name.decode("latin-1"), "outlines", name in names) for name in sorted(used)]
    colours = ["CMYK"] if b"setcmykcolor" in content else ["RGB"]
    how: dict[str, Any] = {"type": tuple(sorted(sizes)), "lines": tuple(sorted(lines)), "fonts": tuple(fonts)}
    size = ((right - left) * POINT, (top - bottom) * POINT)
    return Measured("eps", *size, len(content), colours=tuple(colours), **how)


def _measured_svg(content: bytes) -> Measured:
    text = content.decode("utf-8", "replace")
    root = text[text.index("<svg") :].split(">", 1)[0]
    width, height = (_length(re.search(rf'\b{side}="([\d.]+)([a-z]*)"', root)) for side in ("width", "height"))
    box = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', root)
    unit = width / POINT / float(box.group(1)) if box else 0.75
    sizes = {round(float(found) * unit, 3) for found in re.findall(r"font(?:-size)?:[^;\"]*?([\d.]+)px", text)}
    lines = {round(float(found) * unit, 3) for found in re.findall(r"stroke-width: ?([\d.]+)", text)} - {0.0}
    how: dict[str, Any] = {"type": tuple(sorted(sizes)), "lines": tuple(sorted(lines))}
    return Measured("svg", width, height, len(content), colours=("RGB",), **how)


def _length(found: re.Match[str] | None) -> float:
    """A length of SVG in mm."""
    units = {"pt": POINT, "": POINT * 0.75, "px": POINT * 0.75, "mm": 1.0, "cm": 10.0, "in": 25.4}
    return float(found.group(1)) * units.get(found.group(2), math.nan) if found else math.nan


def check_file(path: Path | str, journal: str | None = None) -> list[Check]:
    """Which rules of the journal does this file break? Notes say what it does not take in this form, warnings the rest.

    >>> import tempfile
    >>> from society_effects.figures.canvas import Canvas
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path, = Canvas(300, 40, "nature").save(folder + "/wide.png", check=False)
    ...     [check.key for check in check_file(path, "nature")]
    ['FIGURE_TOO_WIDE']
    """
    found, rules = measure(path), journal_style(journal)
    return [*_size(found, rules), *_bitmap(found, rules), *_drawing(found, rules), *_file(found, rules)]


def _warn(key: str, **values: Any) -> Check:
    return Check(key, "warn", values)


def _size(found: Measured, rules: Journal) -> Iterator[Check]:
    if found.width != found.width:
        yield _warn("FIGURE_WITHOUT_SIZE")
    if found.width > rules.double + SLACK:
        yield _warn("FIGURE_TOO_WIDE", width=found.width, most=rules.double)
    if found.width < rules.narrowest - SLACK:
        yield _warn("FIGURE_TOO_NARROW", width=found.width, least=rules.narrowest)
    if found.height > rules.tallest + SLACK:
        yield _warn("FIGURE_TOO_TALL", height=found.height, most=rules.tallest)


def _bitmap(found: Measured, rules: Journal) -> Iterator[Check]:
    if found.dpi < rules.dpi_from - 0.5:
        yield _warn("FIGURE_FEW_DOTS", dpi=found.dpi, least=rules.dpi_from)
    if found.dpi > rules.dpi_to + 0.5:
        yield _warn("FIGURE_MANY_DOTS", dpi=found.dpi, most=rules.dpi_to)
    if found.form in BITMAPS.values() and found.colours != ("RGB",):
        yield _warn("FIGURE_NOT_RGB", colours=found.colours)
    if found.form == "tiff" and found.packed not in PACKED:
        yield _warn("FIGURE_NOT_LZW", packed=found.packed)


def _drawing(found: Measured, rules: Journal) -> Iterator[Check]:
    if found.type and found.type[0] < rules.type_from - 0.05:
        yield _warn("FIGURE_SMALL_TYPE", size=found.type[0], least=rules.type_from)
    if found.type and found.type[-1] > rules.type_to + 0.05:
        yield _warn("FIGURE_LARGE_TYPE", size=found.type[-1], most=rules.type_to)
    if found.lines and found.lines[0] < rules.line - 0.01:
        yield _warn("FIGURE_THIN_LINES", width=found.lines[0], least=rules.line)
    if third := [font.name for font in found.fonts if font.kind == "Type 3"]:
        yield _warn("FIGURE_TYPE_3", fonts=tuple(third))
    if missing := [font.name for font in found.fonts if not font.embedded]:
        yield _warn("FIGURE_FONTS_MISSING", fonts=tuple(missing))
    if found.form not in BITMAPS.values() and "CMYK" in found.colours:
        yield _warn("FIGURE_NOT_RGB", colours=("CMYK",))


def _file(found: Measured, rules: Journal) -> Iterator[Check]:
    if found.n_bytes > rules.most_bytes:
        yield _warn("FIGURE_MANY_BYTES", size=found.n_bytes / MEGABYTE, most=rules.most_bytes / MEGABYTE)
    latin = [font.name for font in found.fonts if not font.name.startswith(NOT_LATIN)]
    others = tuple(name for name in latin if rules.faces and not name.startswith(rules.faces))
    if others:
        yield Check("FIGURE_TYPEFACE", "note", {"fonts": others, "taken": rules.faces})
    if rules.formats and found.form not in rules.formats:
        taken = tuple(name.upper() for name in rules.formats)
        yield Check("FIGURE_FORMAT", "note", {"form": found.form.upper(), "taken": taken})


def said(checks: Sequence[Check], lang: str) -> list[str]:
    """What do these checks of a file say?"""
    words = catalogue(lang)
    return [words.say(f"checks.{check.key}", **check.values) for check in checks]
