"""How was the Chinese font of the figures cut? Run with fontTools to cut it again from Noto Sans CJK.

python cut.py NotoSansCJK-Regular.ttc NotoSansSC-GB2312.ttf
"""

from __future__ import annotations

import sys

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTCollection, TTFont, newTable  # type: ignore[import-untyped]

FAMILY = "Noto Sans SC GB2312"
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x2B9, 0x2DD), (0x300, 0x338), (0x391, 0x3C9), (0x2010, 0x203B), (0x2070, 0x209C),
    (0x2150, 0x218B), (0x2190, 0x2199), (0x2200, 0x22A5), (0x2460, 0x2473), (0x25A0, 0x25CF), (0x3000, 0x3011),
    (0xFF01, 0xFF5E),
)  # fmt: skip
UNUSED = ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements", "SizeOfInstructions",
          "ComponentElements")  # fmt: skip
MAX_ERROR = 1.0  # of 1,000 units to the em, when cubic curves become quadratic


def gb2312() -> set[int]:
    """Which characters does the standard GB 2312 hold?"""
    rows = (bytes([0xA0 + row, 0xA0 + cell]) for row in range(1, 88) for cell in range(1, 95))
    return {ord(code.decode("gb2312")) for code in rows if code.decode("gb2312", "ignore")}


def simplified(path: str) -> TTFont:
    """The face for simplified Chinese in a collection of Noto Sans CJK."""
    faces = TTCollection(path).fonts
    return next(face for face in faces if face["name"].getDebugName(1) == "Noto Sans CJK SC")


def cut(font: TTFont) -> TTFont:
    """The font with the characters of GB 2312, Latin, Greek and the signs of statistics only."""
    options = subset.Options(layout_features=["kern"], hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    font.recalcTimestamp = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=gb2312() | {code for low, high in RANGES for code in range(low, high + 1)})
    cutter.subset(font)
    return font


def as_truetype(font: TTFont) -> TTFont:
    """The font with TrueType outlines, which PDF files can embed as Type 42."""
    outlines, order, glyphs = font.getGlyphSet(), font.getGlyphOrder(), {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    del font["CFF "]
    largest = font["maxp"]
    largest.tableVersion, largest.maxZones = 0x00010000, 1
    for name in UNUSED:
        setattr(largest, f"max{name}", 0)
    font.sfntVersion = "\000\001\000\000"
    post = font["post"]
    post.formatType, post.extraNames, post.mapping = 3.0, [], {}
    return font


def rename(font: TTFont) -> TTFont:
    """The font under a family name of its own, so that it is never taken for the complete one."""
    for entry in list(font["name"].names):
        new = {1: FAMILY, 3: f"{FAMILY} Regular", 4: FAMILY, 6: FAMILY.replace(" ", "") + "-Regular"}.get(entry.nameID)
        if new:
            entry.string = new
    return font


if __name__ == "__main__":
    source, target = sys.argv[1:]
    rename(as_truetype(cut(simplified(source)))).save(target)
