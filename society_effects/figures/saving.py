"""How does a figure become a file? Bytes in each format, the same every time, with what the figure says in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

if TYPE_CHECKING:
    from PIL.Image import Image

    from .canvas import Canvas

FORMATS = ("pdf", "svg", "eps", "png", "tiff")
ENDINGS = {"tif": "tiff"} | {name: name for name in FORMATS}
"""Ending of a file -> its format."""
LZW_OF_DIFFERENCES = 2
"""TIFF's predictor: what is packed are the differences of neighbouring pixels, which makes half the bytes."""
PACKING = 3
"""Of PNG: of drawings as small as the highest, in less time."""
PREDICTOR, DESCRIPTION = 317, 270
"""Tags of TIFF."""
CLOCK = re.compile(rb"^%%CreationDate: .*\n", re.MULTILINE)


def encoded(canvas: Canvas, form: str) -> bytes:
    """The bytes of a file in this format: no date, no transparency in bitmaps and EPS, with the alternative text."""
    if form in ("png", "tiff"):
        return _bitmap(canvas, form)
    if form == "eps":
        with opaque(canvas):
            return CLOCK.sub(b"", _drawn(canvas, form, {"Title": "figure"}))
    told = canvas.alt_text
    if form == "pdf":
        return _drawn(canvas, form, {"CreationDate": None, "ModDate": None} | ({"Subject": told} if told else {}))
    return _drawn(canvas, form, {"Date": None} | ({"Description": told, "Title": told} if told else {}))


def pixels(canvas: Canvas, dpi: float) -> Image:
    """The figure as a picture without transparency, of so many dots per inch."""
    from PIL import Image as images

    raw = _drawn(canvas, "raw", None, dpi)
    width = int(canvas.get_size_inches()[0] * dpi)
    shape = (len(raw) // (4 * width), width, 4)
    return images.fromarray(np.ascontiguousarray(np.frombuffer(raw, dtype=np.uint8).reshape(shape)[..., :3]))


def _bitmap(canvas: Canvas, form: str) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    dpi, told, buffer = canvas.journal.dpi, canvas.alt_text, BytesIO()
    image = pixels(canvas, dpi)
    if form == "tiff":
        tags: dict[int, Any] = {PREDICTOR: LZW_OF_DIFFERENCES} | ({DESCRIPTION: told} if told.isascii() else {})
        image.save(buffer, "TIFF", compression="tiff_lzw", dpi=(dpi, dpi), tiffinfo=tags)
        return buffer.getvalue()
    words = PngInfo()
    if told:
        words.add_itxt("Description", told)
    image.save(buffer, "PNG", dpi=(dpi, dpi), pnginfo=words, compress_level=PACKING)
    return buffer.getvalue()


def _drawn(canvas: Canvas, form: str, metadata: dict[str, Any] | None, dpi: float | None = None) -> bytes:
    buffer = BytesIO()
    canvas.savefig(buffer, format=form, dpi=dpi or canvas.journal.dpi, metadata=metadata)
    return buffer.getvalue()


@contextmanager
def opaque(canvas: Canvas) -> Iterator[None]:
    """Draw what shines through in the colour it has on white paper: EPS knows no transparency."""
    thin = [artist for artist in canvas.findobj() if 0 < _alpha(artist) < 1]
    kept = [dict(vars(artist)) for artist in thin]
    for artist in thin:
        _make_opaque(artist)
    try:
        yield
    finally:
        for artist, state in zip(thin, kept, strict=True):
            vars(artist).update(state)


def _alpha(artist: Artist) -> float:
    """How opaque is all of it? 1 where that is not one number."""
    alpha: Any = artist.get_alpha()
    return float(alpha) if isinstance(alpha, int | float) else 1.0


def _make_opaque(artist: Artist) -> None:
    alpha = _alpha(artist)
    names = {Line2D: ("color", "markerfacecolor", "markeredgecolor"), Text: ("color",)}
    names |= {Collection: ("facecolor", "edgecolor"), Patch: ("facecolor", "edgecolor")}
    wanted = next((own for kind, own in names.items() if isinstance(artist, kind)), ())
    colours = {name: getattr(artist, f"get_{name}")() for name in wanted}
    artist.set_alpha(None)
    for name, colour in colours.items():
        getattr(artist, f"set_{name}")(on_white(colour, alpha))


def on_white(colour: Any, alpha: float) -> Any:
    """Which colour does a colour (or do several, of shape (k, 4)) of this opacity have on white paper?

    >>> on_white("#000000", 0.25)
    (0.75, 0.75, 0.75, 1.0)
    """
    if not isinstance(colour, np.ndarray):
        return tuple(float(part) for part in on_white(np.array([to_rgba(colour)]), alpha)[0])
    solid = colour.astype(float)
    seen = solid[:, 3] > 0
    solid[seen, :3] = 1 - alpha * (1 - solid[seen, :3])
    solid[seen, 3] = 1.0
    return solid
