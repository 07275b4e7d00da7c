"""What does a text say, whatever its form? One form for broken lines, full-width letters and the ligatures of a PDF."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphens and characters of no width."""
OTHER_FORMS = re.compile("[\u2f00-\u2fdf\uf900-\ufaff\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
"""Radicals and compatibility characters that PDF files give for Chinese ones, ligatures, full-width letters, digits."""
CHINESE = "\u3400-\u4dbf\u4e00-\u9fff"
BROKEN_WORD = re.compile(r"(?<=[A-Za-z])[-\u2010\u2011][ \t]*\r?\n[ \t]*(?=[a-z])")
"""A hyphen at the end of a line, inside a word."""
BETWEEN_CHINESE = re.compile(rf"(?<=[{CHINESE}])[ \t\u3000]*(?:\r?\n)?[ \t\u3000]*(?=[{CHINESE}])")
SPACES = re.compile(r"\s+")
PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Folded:
    """A text in its one form, and where each of its characters stands in the text as it was written."""

    text: str
    places: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where does this piece stand in the text as it was written?"""
        return self.places[start], self.places[end - 1] + 1


def folded(text: str) -> Folded:
    """The text in its one form.

    >>> folded("im-\\nproved, ｅﬀect, 提\\n高了").text
    'improved, effect, 提高了'
    """
    characters: list[tuple[str, int]] = []
    for place, character in enumerate(text):
        if character not in INVISIBLE:
            same = unicodedata.normalize("NFKC", character) if OTHER_FORMS.match(character) else character
            characters += [(piece, place) for piece in same]
    for pattern in (BROKEN_WORD, BETWEEN_CHINESE):
        characters = _without(pattern, characters)
    return _spaced(characters)


def _without(pattern: re.Pattern[str], characters: list[tuple[str, int]]) -> list[tuple[str, int]]:
    kept: list[tuple[str, int]] = []
    last = 0
    for match in pattern.finditer("".join(character for character, _ in characters)):
        kept += characters[last : match.start()]
        last = match.end()
    return kept + characters[last:]


def _spaced(characters: list[tuple[str, int]]) -> Folded:
    """One space for any other white space; a new paragraph remains one."""
    pieces: list[str] = []
    places: list[int] = []
    last, written = 0, "".join(character for character, _ in characters)
    for match in SPACES.finditer(written):
        pieces += [written[last : match.start()], "\n" if PARAGRAPH.search(match.group()) else " "]
        places += [place for _, place in characters[last : match.start() + 1]]
        last = match.end()
    pieces.append(written[last:])
    places += [place for _, place in characters[last:]]
    return Folded("".join(pieces), tuple(places))
