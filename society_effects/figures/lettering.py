"""Which font writes a text, how wide is it, and which characters can no font write?"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .fallback import CHINESE, look_for, of_usual_weight

if TYPE_CHECKING:
    from matplotlib.text import Text

SHIPPED = Path(__file__).parent / "fonts" / "NotoSansSC-GB2312.ttf"
SHIPPED_FAMILY = "Noto Sans SC GB2312"
LATIN = ("Arial", "Helvetica", "DejaVu Sans")
CJK = re.compile(
    "[\u2e80-\u303f\u31c0-\u31ef\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003134f]"
)
POINTS_PER_MM = 72 / 25.4
sought, found = set[str](), list[str]()
"""Characters that were looked for in all installed fonts, and the families that write some of them."""


def has_chinese(text: str) -> bool:
    """Does the text hold Chinese characters or punctuation?"""
    return CJK.search(text) is not None


@cache
def families(chinese: bool) -> tuple[str, ...]:
    """Which font families write the figure, in their order? The shipped Chinese font first where it is needed."""
    from matplotlib.font_manager import fontManager

    if SHIPPED_FAMILY not in {font.name for font in fontManager.ttflist}:
        fontManager.addfont(SHIPPED)
    installed = {font.name for font in fontManager.ttflist}
    others = [*(name for name in CHINESE if name in installed), *(name for name in found if name not in CHINESE)]
    cjk = [SHIPPED_FAMILY, *map(of_usual_weight, others)]
    latin = [name for name in LATIN if name in installed]
    return (*cjk, *latin) if chinese else (*latin, *cjk)


def find_fonts_for(text: str) -> None:
    """Look for an installed font once for each character that none of the known ones writes."""
    if text.isascii() or not has_chinese(text):
        return
    lost = {sign for sign in text if not sign.isspace() and ord(sign) not in _characters(families(True))} - sought
    if lost:
        sought.update(lost)
        found.extend(look_for(sorted(lost)))
        for cached in (families, size_of, _characters):
            cached.cache_clear()


@lru_cache(maxsize=20_000)
def size_of(text: str, points: float, chinese: bool) -> tuple[float, float]:
    """How wide and high is one line of text, in mm?"""
    from matplotlib.font_manager import FontProperties

    find_fonts_for(text)
    font = FontProperties(family=list(families(chinese)), size=points)
    with without_glyph_warnings():
        width, height, _ = _measuring_renderer().get_text_width_height_descent(text, font, False)
    return width / POINTS_PER_MM / 4, height / POINTS_PER_MM / 4


@cache
def _measuring_renderer() -> Any:
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(8, 8, 72 * 4)


@contextmanager
def without_glyph_warnings() -> Iterator[None]:
    """Without matplotlib's warning for each character that no font has: ``Canvas.save`` names them all at once."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from", UserWarning)
        yield


def width_of(text: str, points: float, chinese: bool) -> float:
    """How wide is the widest line of a text, in mm?"""
    return max(size_of(line, points, chinese)[0] if line else 0.0 for line in text.split("\n"))


def wrapped(text: str, width: float, points: float, chinese: bool) -> str:
    """The text in lines of at most this width (mm); breaks at spaces, and between Chinese characters."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph, width, points, chinese):
            if line.strip(" ") and width_of((line + piece).rstrip(" "), points, chinese) > width:
                lines.append(line.rstrip(" "))
                line = piece.lstrip(" ")
            else:
                line += piece
        lines.append(line.rstrip(" "))
    return "\n".join(lines)


def balanced(text: str, width: float, points: float, chinese: bool) -> str:
    """The text in as few lines of at most this width (mm) as it needs, all of about the same length."""
    return "\n".join(_balanced(paragraph, width, points, chinese) for paragraph in text.split("\n"))


def _balanced(text: str, width: float, points: float, chinese: bool) -> str:
    best = wrapped(text, width, points, chinese)
    least = widest_word(text, points, chinese)
    for narrower in (width * share / 100 for share in range(95, 45, -5)):
        tried = wrapped(text, narrower, points, chinese)
        if narrower < least or tried.count("\n") > best.count("\n"):
            break
        best = tried
    return best


BREAKABLE = r"[^_\-/]+[_\-/]* *|[_\-/]+ *"
"""A long word may be broken after an underscore, hyphen or slash."""
OPENING = "（《「『【“‘"
CLOSING = "，。、；：！？）》」』】”’~～%"


def _pieces(text: str, width: float, points: float, chinese: bool) -> Iterable[str]:
    """What may not be torn apart: words with the space behind them, Chinese characters with their punctuation."""
    for piece in re.findall(
        rf"[{OPENING}]*(?![{OPENING}]){CJK.pattern}[{CLOSING}]*"
        rf"|[{OPENING}]*(?:(?!{CJK.pattern})[^ ])+[{CLOSING}]* *|[{OPENING}]| +",
        text,
    ):
        if width_of(piece.rstrip(" "), points, chinese) <= width:
            yield piece
        else:
            yield from _torn(piece, width, points, chinese)


def _torn(word: str, width: float, points: float, chinese: bool) -> Iterable[str]:
    """A word wider than the line, in parts; after an underscore or hyphen where there is one."""
    for part in re.findall(BREAKABLE, word):
        while part and width_of(part, points, chinese) > width:
            fits = max((k for k in range(1, len(part)) if width_of(part[:k], points, chinese) <= width), default=1)
            yield part[:fits]
            part = part[fits:]
        yield part


def widest_word(text: str, points: float, chinese: bool) -> float:
    """How wide is the widest part of a text that may not be torn apart, in mm?"""
    pieces = (piece for line in text.split("\n") for piece in _pieces(line, math.inf, points, chinese))
    parts = (part.rstrip(" ") for piece in pieces for part in re.findall(BREAKABLE, piece))
    return max((width_of(part, points, chinese) for part in parts), default=0.0)


def letter(texts: Iterable[Text], chinese: bool) -> None:
    """Let these texts be written in the fonts of the figure; italics and bold type only where a Latin font has them."""
    texts = list(texts)
    for text in texts:
        find_fonts_for(text.get_text())
    upright, latin = list(families(chinese)), [name for name in families(False) if name in LATIN]
    for text in texts:
        if has_chinese(text.get_text()) or (chinese and text.get_fontstyle() != "italic"):
            text.set_fontweight("normal")
            text.set_fontstyle("normal")
        plain = text.get_fontstyle() == "normal" and text.get_fontweight() in ("normal", 400)
        text.set_fontfamily(upright if plain else latin)


def missing_glyphs(texts: Iterable[Text]) -> dict[str, list[str]]:
    """Which characters of these texts has no font of theirs? Text -> characters."""
    missing = {}
    for text in texts:
        known = _characters(tuple(text.get_fontfamily()))
        lost = sorted({c for c in text.get_text() if not c.isspace() and ord(c) not in known})
        if lost and text.get_visible():
            missing[text.get_text()] = lost
    return missing


@cache
def _characters(names: Sequence[str]) -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, fontManager, get_font

    known = {font.name for font in fontManager.ttflist}
    paths = [fontManager.findfont(FontProperties(family=[name])) for name in names if name in known]
    return frozenset(code for path in paths for code in get_font(path).get_charmap())
