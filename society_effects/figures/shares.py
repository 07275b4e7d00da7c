"""How is each group spread over unordered categories? Bars of 100 %. Reads: groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..findings.findings import Findings
from .stacked_bars import Style, blocks_of, category_rows, draw_bars, small_groups
from .wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#33658A", "#E69F00", "#7FB285", "#B5536C", "#86BBD8", "#C9B458", "#6E6E6E", "#B39CD0")


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: categories of nominal outcomes."""
    return category_rows(findings, "nominal")


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the shares of every group; on ``ax`` alone where it is given."""
    rows, words = material(findings), Wording(findings, lang)
    style = Style(colours, False, words.say("share"), "", (words.say("note.shares"), *small_groups(words, rows)))
    return draw_bars(words, journal, title, ax, rows, style, blocks_of(words, rows, {}))


def colours(k: int) -> tuple[str, ...]:
    """Colours of k unordered categories."""
    return tuple(COLOURS[i % len(COLOURS)] for i in range(k))
