"""How are the answers to ordered questions spread in each group? Bars that part in the middle. Reads: groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import primary_rows
from ..findings.naming import capitalised, measure_name
from .stacked_bars import Style, category_rows, draw_bars
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
    most = int(rows.groupby("outcome")["category"].nunique().max())
    heading = capitalised(measure_name(_measure(findings, rows), lang))
    style = Style(colours(most), True, words.say("share"), heading)
    return draw_bars(findings, lang, journal, title, ax, rows, style, "likert")


def _measure(findings: Findings, rows: pd.DataFrame) -> str:
    """The measure of the numbers beside the bars."""
    known = primary_rows(findings.frame("estimates")) if findings.has("estimates") else rows[:0].assign(measure=None)
    known = known[known["outcome"].isin(rows["outcome"])]["measure"]
    return str(known.iloc[0]) if len(known) else ""


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
