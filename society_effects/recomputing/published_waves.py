"""Published changes from before to after, recomputed: with which correlations of the two scores do they fit?

Publications print the mean and SD of both waves, hardly ever their correlation, on which the paired t test depends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..language.catalogue import Catalogue, catalogue
from ..language.numbers import NumberStyle
from ..language.numbers import style as number_style
from ..stats.paired_differences import PairedMoments, paired_t
from ..stats.printed import agrees, rounding_interval
from ..study.published import PublishedChange, published_changes
from ..tables.table import Cell, Note, Table

CORRELATIONS = np.linspace(-0.99, 0.99, 199)


@dataclass(frozen=True)
class RecomputedChange:
    """One published change.

    change : later minus earlier, from the means as printed. low, high : the correlations of the two scores between
    which the printed P and interval fit; None where none does. at_low, at_high : the 95 % limits at these two.
    """

    published: PublishedChange
    change: float
    low: float | None
    high: float | None
    at_low: tuple[float, float]
    at_high: tuple[float, float]


@cache
def recompute_changes() -> tuple[RecomputedChange, ...]:
    """With which correlations does each published change fit what was printed?

    >>> found = {change.published.row: change for change in recompute_changes()}["32"]
    >>> round(found.change, 2), found.low < 0.5
    (2.15, True)
    """
    return tuple(_recomputed(published) for published in published_changes())


def _recomputed(published: PublishedChange) -> RecomputedChange:
    fitting = [r for r in CORRELATIONS if _fits(published, float(r))]
    low, high = (float(fitting[0]), float(fitting[-1])) if fitting else (None, None)
    shown = [_limits(published, r if r is not None else np.nan) for r in (low, high)]
    return RecomputedChange(published, published.last[0] - published.first[0], low, high, shown[0], shown[1])


def _moments(published: PublishedChange, r: float, far: int, wide: int) -> PairedMoments:
    """The moments at a corner of what the rounding of the printed means and SDs allows."""
    means = [rounding_interval(text) for text in (published.printed_mean("first"), published.printed_mean("last"))]
    first, last = (rounding_interval(published.printed_sd(wave))[wide] for wave in ("first", "last"))
    change = means[1][far] - means[0][1 - far]
    return PairedMoments.printed(published.n, change, first, last, r)


def _fits(published: PublishedChange, r: float) -> bool:
    """Can the printed P, and the printed limits and mean change, come from scores with this correlation?"""
    corners = [paired_t(_moments(published, r, far, wide)) for far in (0, 1) for wide in (0, 1)]
    answers = [_agrees(corners, "p_value", published.printed["p_printed"])]
    for name, printed in (("conf_low", "ci_low"), ("conf_high", "ci_high"), ("estimate", "effect_value")):
        answers.append(_agrees(corners, name, published.printed[printed]))
    return False not in answers and True in answers


def _agrees(corners: list[Any], name: str, printed: str) -> bool | None:
    values = [float(getattr(corner, name)) for corner in corners]
    return agrees(min(values), max(values), printed) if printed else None


def _limits(published: PublishedChange, r: float) -> tuple[float, float]:
    """The 95 % limits from the numbers as printed, with this correlation."""
    if r != r:
        return (np.nan, np.nan)
    change = published.last[0] - published.first[0]
    found = paired_t(PairedMoments.printed(published.n, change, published.first[1], published.last[1], r))
    return float(found.conf_low), float(found.conf_high)


def recomputed_changes_table(lang: str = "en") -> Table:
    """Which correlations of the two scores fit each published change, side by side with what was printed?"""
    words, style = catalogue(lang), number_style(None, lang)
    names = ("change_study", "printed", "change", "fits", "limits_low", "limits_high")
    header = tuple(Cell(words.get(f"published.{n}"), align="left" if n == "change_study" else "center") for n in names)
    rows = tuple(_row(found, words, style) for found in recompute_changes())
    notes = (Note(words.get("published.note_changes")),)
    return Table(words.get("published.title_changes"), (header,), rows, notes, lang, style.name)


def _row(found: RecomputedChange, words: Catalogue, style: NumberStyle) -> tuple[Cell, ...]:
    published = found.published
    fits = words.get("published.none_fits")
    if found.low is not None and found.high is not None:
        fits = words.say("published.fitting", low=style.number(found.low, 2), high=style.number(found.high, 2))

    def limits(pair: tuple[float, float]) -> Cell:
        text = style.number(None) if pair[0] != pair[0] else style.limits(pair, 2)
        return Cell(text, {"low": pair[0], "high": pair[1]})

    return (
        Cell(f"{published.printed['study_id']}: {published.outcome}", align="left"),
        Cell(_printed(published)),
        Cell(style.number(found.change, 2), found.change),
        Cell(fits),
        limits(found.at_low),
        limits(found.at_high),
    )


def _printed(published: PublishedChange) -> str:
    row = published.printed
    parts = [f"P {row['p_printed']}"] if row["p_printed"] else []
    parts += [f"CI {row['ci_low']}, {row['ci_high']}"] if row["ci_low"] else []
    return "; ".join(parts)
