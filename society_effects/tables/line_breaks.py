"""Where may a line of a table break? Not inside brackets, and not between a sign of equality and its number."""

from __future__ import annotations

import re

from .as_text import display_width
from .table import Content, Run, plain, runs_of
from .text_widths import em_width

NO_BREAK = "\N{NO-BREAK SPACE}"
SHORT = 13
"""Headings and numbers up to this display width are never broken."""
LONGEST_BRACKET = 17
NEW_LINE = "\N{LINE SEPARATOR}"
LAST_BRACKET = re.compile(r"(?<=\S)\s?([\[（].*)$")
BRACKET = re.compile(r"[(\[（][^)\]）]*[)\]）]")


def is_short(content: Content) -> bool:
    """Does a heading or a number stay on one line?"""
    return display_width(plain(content)) <= SHORT


def unbroken(content: Content) -> tuple[Run, ...]:
    """The content with what stands in brackets kept on one line."""
    inside, kept = False, []
    for run in runs_of(content):
        text = ""
        for character in run.text:
            inside = character in "([（" or (inside and character not in ")]）")
            text += NO_BREAK if inside and character == " " else character
        kept.append(run._replace(text=text))
    return tuple(kept)


def whole_pieces(content: Content) -> tuple[Run, ...]:
    """The content with spaces only where a column of fixed width may break it; brackets that are long may be broken.

    >>> [run.text for run in whole_pieces("t = 4.74 (df = 9)")]
    ['t =\\xa04.74 (df\\xa0=\\xa09)']
    """
    long = any(display_width(bracket) > LONGEST_BRACKET for bracket in BRACKET.findall(plain(content)))
    kept = runs_of(content) if long else unbroken(content)
    return tuple(run._replace(text=re.sub("(?<=[=%]) ", NO_BREAK, run.text)) for run in kept)


def broken_before_bracket(content: Content, room: float) -> tuple[Run, ...]:
    """A heading too wide for its column (``room`` in em), its bracket whole on a new line where it has room there.

    >>> [run.text for run in broken_before_bracket("变化或差值（95%同时CI）", 8)]
    ['变化或差值\u2028（95%同时CI）']
    """
    text = plain(content)
    found = LAST_BRACKET.search(text)
    if not found or em_width(text) <= room or em_width(found[1]) > room:
        return runs_of(content)
    kept, at = [], 0
    for run in runs_of(content):
        here = found.start(1) - at
        at += len(plain((run,)))
        if here in range(len(run.text)):
            run = run._replace(text=run.text[:here].rstrip() + NEW_LINE + run.text[here:])
        kept.append(run)
    return tuple(kept)
