"""Which installed font writes the characters that the shipped one has not, as in the names 喆, 玥, 珺?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

CHINESE = (
    "Microsoft YaHei",
    "SimHei",
    "SimSun",
    "DengXian",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "STHeiti",
    "STSong",
    "AR PL UMing CN",
    "AR PL UKai CN",
    "SimSun-ExtB",
    "HanaMinA",
    "HanaMinB",
    "PingFang SC",
    "Hiragino Sans GB",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Songti SC",
)
"""Families that write Chinese, those of TrueType outlines first: a PDF file holds no others as Type 42."""
FILES = re.compile(
    r"cjk|notosanssc|notoserifsc|sourcehan|simsun|simhei|msyh|pingfang|hiragino|dengxian|deng|songti|stsong|stheiti|wqy"
    r"|uming|ukai|hanamin",
    re.IGNORECASE,
)
"""Names of files that hold such families."""
HEAVY = re.compile(r"bold|black|light|thin|medium|heavy", re.IGNORECASE)


def look_for(signs: Iterable[str]) -> list[str]:
    """Which families of this computer that matplotlib did not know of write any of these characters? It knows now."""
    from matplotlib.font_manager import findSystemFonts, fontManager, get_font

    lost, found = {ord(sign) for sign in signs}, list[str]()
    known = {font.fname for font in fontManager.ttflist}
    files = [Path(file) for file in findSystemFonts() if file not in known]
    for file in sorted((file for file in files if FILES.search(file.name)), key=_liking):
        try:
            written = lost & set(get_font(file).get_charmap())
            before = len(fontManager.ttflist)
            if written:
                fontManager.addfont(file)
        except (OSError, RuntimeError):  # a font that FreeType cannot read
            continue
        if written:
            names = [font.name for font in fontManager.ttflist[before:]]
            found.append(next((name for name in CHINESE if name in names), names[0]))
            lost -= written
        if not lost:
            break
    return found


def of_usual_weight(family: str) -> str:
    """The family, known to matplotlib as one of usual weight, so that one of a single weight is no fault."""
    from matplotlib.font_manager import fontManager

    entries = [font for font in fontManager.ttflist if font.name == family]
    if entries and all(font.weight not in (400, "normal", "regular") for font in entries):
        fontManager.ttflist.append(replace(entries[0], weight=400))
    return family


def _liking(file: Path) -> tuple[bool, bool, bool, str]:
    """TrueType outlines first, then usual weight, then without serifs; then by name, the same on every run."""
    serif = re.search(r"serif|ming|song|sun|kai|mincho", file.name, re.IGNORECASE) is not None
    return not _has_truetype(file), HEAVY.search(file.name) is not None, serif, file.name


def _has_truetype(file: Path) -> bool:
    """Are the shapes of the (first) font of this file TrueType's? Told by its table of contents."""
    try:
        with file.open("rb") as font:
            start = font.read(16)
            place = int.from_bytes(start[12:16], "big") if start.startswith(b"ttcf") else 0
            font.seek(place)
            head = font.read(12)
            tables = font.read(16 * int.from_bytes(head[4:6], "big"))
    except OSError:
        return False
    return b"glyf" in {tables[i : i + 4] for i in range(0, len(tables), 16)}
