"""How are the answers to ordered questions spread in each group? Bars that part in the middle. Reads: groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import primary_rows
from ..findings.naming import capitalised, measure_name
from .shown import with_one_reference
from .stacked_bars import Block, Style, Texts, blocks_of, category_rows, draw_bars, small_groups
from .wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BELOW = ("#8C510A", "#D8A657", "#F0DFC0")
ABOVE = ("#C9E2EF", "#5FA5CC", "#08519C")
MIDDLE = "#D9D9D9"
"""From the lowest to the highest category: browns below the middle, blues above, told apart by all eyes."""


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: categories of ordinal outcomes."""
    return category_rows(findings, "ordinal")


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the answers of every group; on ``ax`` alone where it is given."""
    rows, words = material(findings), Wording(findings, lang)
    compared = _compared(findings, rows)
    blocks = blocks_of(words, rows, _texts(words, compared))
    style = Style(colours, True, words.say("share"), _heading(words, compared), _notes(words, rows, compared, blocks))
    return draw_bars(words, journal, title, ax, rows, style, blocks)


def _compared(findings: Findings, rows: pd.DataFrame) -> pd.DataFrame:
    """The primary estimates of these outcomes: all there are, or none."""
    if not findings.has("estimates"):
        return pd.DataFrame()
    primary = primary_rows(findings.frame("estimates"))
    return primary[primary["outcome"].isin(rows["outcome"]) & primary["reference"].notna()]


def _texts(words: Wording, compared: pd.DataFrame) -> Texts:
    """What stands beside the bar of each outcome, group and wave: its estimate, or that it is the reference."""
    if not len(compared):
        return {}
    own = with_one_reference(compared)
    reference = words.say("reference")
    said = dict.fromkeys(zip(own["outcome"], own["reference"], own["wave"], strict=True), reference)
    keys = zip(own["outcome"], own["group"], own["wave"], strict=True)
    return said | dict(zip(keys, words.estimates(own), strict=True))


def _heading(words: Wording, compared: pd.DataFrame) -> str:
    if not len(compared):
        return ""
    measures = list(dict.fromkeys(compared["measure"]))
    name = capitalised(measure_name(measures[0], words.lang)) if len(measures) == 1 else words.say("estimate_alone")
    return words.say("with_interval", name=name, interval=words.interval(compared))


def _notes(words: Wording, rows: pd.DataFrame, compared: pd.DataFrame, blocks: Sequence[Block]) -> tuple[str, ...]:
    """What the note says: where zero stands, which groups are small, whom estimates are against, which are marked."""
    odd = {len(block.categories) % 2 == 1 for block in blocks}
    where = "both" if len(odd) > 1 else "odd" if odd == {True} else "even"
    said = [words.say("note.likert"), words.say(f"note.likert_{where}"), *small_groups(words, rows)]
    if len(compared):
        own = with_one_reference(compared)
        said += words.only_against(compared, own) + words.alone(own)
    return tuple(said)


def colours(k: int) -> tuple[str, ...]:
    """Colours of k ordered categories.

    >>> colours(3)
    ('#8C510A', '#D9D9D9', '#08519C')
    """
    sides = k // 2
    below = [_blend(BELOW, i / max(sides - 1, 1) * min(sides - 1, 2)) for i in range(sides)]
    above = [_blend(ABOVE[::-1], i / max(sides - 1, 1) * min(sides - 1, 2)) for i in range(sides)][::-1]
    return (*below, *([MIDDLE] if k % 2 else []), *above)


def _blend(scale: tuple[str, ...], place: float) -> str:
    """The colour at a place between the colours of a scale."""
    first = int(min(place, len(scale) - 2))
    share, pair = place - first, (scale[first], scale[first + 1])
    parts = (tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in pair)
    return "#" + "".join(f"{round(a + share * (b - a)):02X}" for a, b in zip(*parts, strict=True))
