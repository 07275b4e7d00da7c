"""What stands in a PDF file: its size, the sizes of its type, its fonts, its thinnest line, its colours?"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

OBJECT = re.compile(rb"(?<!\d)(\d+)\s+\d+\s+obj\b(.*?)\bendobj\b", re.DOTALL)
STREAM = re.compile(rb"^(.*?)\bstream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
TOKEN = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|/[^\s/\[\]()<>]+|[+-]?\d*\.?\d+|[A-Za-z'\"*]+", re.DOTALL)
NUMBER = re.compile(rb"[+-]?\d*\.?\d+$")
BOX = re.compile(rb"/MediaBox\s*\[([^\]]*)\]")
KIND = re.compile(rb"/Subtype\s*/(Type0|Type1|MMType1|Type3|TrueType|CIDFontType[02])\b")
NAME = re.compile(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([^\s/<>\[\]()]+)")
DESCRIPTOR = re.compile(rb"/FontDescriptor\s+(\d+)")
CONTENTS = re.compile(rb"/Contents\s*(\[[^\]]*\]|\d+\s+\d+\s+R)")
REFERENCE = re.compile(rb"(\d+)\s+\d+\s+R")
FORM = re.compile(rb"/Subtype\s*/Form\b|/PatternType\b")
SHOWING = {b"Tj", b"TJ", b"'", b'"'}
COLOURS = {b"rg": "RGB", b"RG": "RGB", b"g": "grey", b"G": "grey", b"k": "CMYK", b"K": "CMYK"}
FONT_FILE = re.compile(rb"/FontFile([23]?)\s+(\d+)")
Matrix = np.ndarray
Objects: TypeAlias = dict[int, tuple[bytes, bytes | None]]


@dataclass(frozen=True)
class Font:
    """A font of a file: its name, its kind (TrueType, Type 3, ...), and whether its shapes are in the file."""

    name: str
    kind: str
    embedded: bool


@dataclass
class Drawn:
    """What is drawn on the pages. width, height : of the first page in points. type, lines : in points."""

    width: float = float("nan")
    height: float = float("nan")
    type: set[float] = field(default_factory=set)
    lines: set[float] = field(default_factory=set)
    colours: set[str] = field(default_factory=set)
    fonts: list[Font] = field(default_factory=list)


def read_pdf(content: bytes) -> Drawn:
    """Read the pages of a PDF file that is not encrypted."""
    found, objects = Drawn(), dict(_objects(content))
    for told, _ in objects.values():
        box = BOX.search(told)
        if box and found.width != found.width:
            left, bottom, right, top = map(float, box.group(1).split())
            found.width, found.height = right - left, top - bottom
    pages = {int(n) for told, _ in objects.values() for own in CONTENTS.findall(told) for n in REFERENCE.findall(own)}
    for number, (told, stream) in objects.items():
        if stream is not None and (number in pages or FORM.search(told)):
            _read_drawing(_unpacked(told, stream), found)
    found.fonts = sorted(set(_fonts(objects)), key=lambda font: (font.name, font.kind))
    return found


def _objects(content: bytes) -> Iterator[tuple[int, tuple[bytes, bytes | None]]]:
    """The objects of the file by number: what is told of each, and its stream as it is packed."""
    for number, body in OBJECT.findall(content):
        stream = STREAM.match(body)
        told, data = (stream.group(1), stream.group(2)) if stream else (body, None)
        if data is not None and re.search(rb"/Type\s*/ObjStm", told):
            yield from _packed_objects(told, _unpacked(told, data))
        else:
            yield int(number), (told, data)


def _packed_objects(told: bytes, data: bytes) -> Iterator[tuple[int, tuple[bytes, None]]]:
    first = int(re.search(rb"/First\s+(\d+)", told).group(1))  # type: ignore[union-attr]
    heads = [int(number) for number in data[:first].split()]
    starts = [*(first + start for start in heads[1::2]), len(data)]
    for number, start, end in zip(heads[::2], starts, starts[1:], strict=False):
        yield number, (data[start:end], None)


def _unpacked(told: bytes, stream: bytes) -> bytes:
    if b"/FlateDecode" not in told:
        return stream
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


def _fonts(objects: Objects) -> Iterator[Font]:
    """The fonts; one of parts is told by its part, which says what kind it is."""
    for told, _ in objects.values():
        kind = KIND.search(told)
        if not re.search(rb"/Type\s*/Font\b", told) or kind is None or kind.group(1) == b"Type0":
            continue
        name, described = NAME.search(told), DESCRIPTOR.search(told)
        known = {b"Type3": "Type 3", b"CIDFontType2": "TrueType", b"CIDFontType0": "Type 1", b"MMType1": "Type 1"}
        shape = known.get(kind.group(1), kind.group(1).decode().replace("Type1", "Type 1"))
        descriptor = objects.get(int(described.group(1)), (b"", None))[0] if described else b""
        whole = shape == "Type 3" or _holds_shapes(descriptor, objects)
        yield Font(name.group(1).decode("latin-1") if name else "?", shape, whole)


def _holds_shapes(descriptor: bytes, objects: Objects) -> bool:
    """Is the font in the file, and as what it is called? Outlines of OpenType are no TrueType."""
    file = FONT_FILE.search(descriptor)
    if file is None:
        return False
    told, stream = objects.get(int(file.group(2)), (b"", None))
    return not (file.group(1) == b"2" and _unpacked(told, stream or b"").startswith(b"OTTO"))


def _read_drawing(drawing: bytes, found: Drawn) -> None:
    """Follow the operators of a page: how large is the type that is shown, how thin the lines, in which colours?"""
    space, text = np.eye(3), np.eye(3)
    kept: list[Matrix] = []
    size, before = 0.0, []
    for token in TOKEN.findall(drawing):
        if NUMBER.match(token):
            before.append(float(token))
            continue
        if token == b"q":
            kept.append(space)
        elif token == b"Q" and kept:
            space = kept.pop()
        elif token == b"cm" and len(before) >= 6:
            space = _matrix(before[-6:]) @ space
        elif token == b"Tm" and len(before) >= 6:
            text = _matrix(before[-6:])
        elif token == b"BT":
            text = np.eye(3)
        elif token == b"Tf" and before:
            size = before[-1]
        elif token == b"w" and before and before[-1] > 0:
            found.lines.add(round(before[-1] * _scale(space), 3))
        elif token in SHOWING and size:
            found.type.add(round(size * _scale(text @ space), 3))
        elif token in COLOURS:
            found.colours.add(COLOURS[token])
        if token[:1] not in b"/(<":
            before = []


def _matrix(numbers: list[float]) -> Matrix:
    a, b, c, d, e, f = numbers
    return np.array([[a, b, 0.0], [c, d, 0.0], [e, f, 1.0]])


def _scale(space: Matrix) -> float:
    """By how much does this space enlarge what is upright in it?"""
    return float(np.hypot(space[1, 0], space[1, 1]))
