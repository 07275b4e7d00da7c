"""How strong must an unmeasured cause be to explain the difference? Reads: surface. Uses the benchmarks of sensitivity.

After Cinelli and Hazlett (2020) doi:10.1111/rssb.12348.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..findings.digits import digits_of
from ..findings.findings import Findings
from ..findings.lookup import matching
from ..findings.naming import term_name
from .contour_drawing import SHAPES, Benchmark, Surface, draw_surface
from .palette import INK, QUIET
from .panels import Cell, End, Panel, Shape, parts_of, show
from .scales import named_ticks, nice_ticks, tick_text
from .wording import PER_CENT, Wording, factor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHAPE = Shape(tall=58.0, lowest=38.0, least=40.0)  # mm
LEAST, MOST, STEP = 0.10, 0.60, 0.05
"""How far the axes go at least and at most, and in which steps."""
BEYOND = 1.12
"""By how much an axis goes on behind what it must show."""
LEVELS = 7
WEAK = 0.05
"""Share of both axes within which a benchmark has no label of its own."""
MOST_NAMED = 4
"""Covariates with labels in a panel."""


@dataclass(frozen=True)
class Found:
    """What one panel shows: its surface and benchmarks, how many lie beyond the axes, and which have no label."""

    surface: Surface
    benchmarks: list[Benchmark]
    beyond: int
    unnamed: list[str]


def material(findings: Findings) -> pd.DataFrame:
    """The surfaces that are drawn."""
    rows = findings.frame("surface")
    return rows[rows["estimate"].notna()]


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw a panel for every outcome and contrast; on ``ax`` alone where there is one."""
    words, rows = Wording(findings, lang), material(findings)
    several = len(rows[["group", "reference"]].drop_duplicates()) > 1
    parts = parts_of(words, rows, *(("group", "reference") if several else ()))
    found = _in_shapes([_found(words, part) for _, part in parts])
    lost: dict[str, str] = {}
    panels = [_panel(words, name, part, one, lost) for (name, part), one in zip(parts, found, strict=True)]
    shown = show(words, panels, SHAPE, _note(words, rows, found), "contour", journal, title, ax)
    if not lost or ax is not None:
        return shown
    return show(words, panels, SHAPE, _note(words, rows, found, dict(lost)), "contour", journal, title, None)


def _in_shapes(found: Sequence[Found]) -> list[Found]:
    """The same, each covariate with a shape of its own in all panels."""
    named = dict.fromkeys(b.term for one in found for b in one.benchmarks if b.named)
    shapes = {term: SHAPES[i % len(SHAPES)] for i, term in enumerate(named)}
    return [
        replace(one, benchmarks=[replace(b, shape=shapes.get(b.term, b.shape)) for b in one.benchmarks])
        for one in found
    ]


def _found(words: Wording, part: pd.DataFrame) -> Found:
    first = part.iloc[0]
    times = factor(str(first["measure"]))
    grids = {
        name: part.pivot_table(index="r2_outcome", columns="r2_member", values=name, dropna=False) * times
        for name in ("estimate", "limit")
    }
    estimate = grids["estimate"]
    x, y = estimate.columns.to_numpy(dtype=float), estimate.index.to_numpy(dtype=float)
    rows = _benchmark_rows(words.findings, first)
    within = rows[(rows["r2_member"] <= min(MOST, x[-1])) & (rows["r2_outcome"] <= min(MOST, y[-1]))]
    tipping = _tipping(estimate)
    ends = [_end(within[name], tipping, grid[-1]) for name, grid in (("r2_member", x), ("r2_outcome", y))]
    limit = grids["limit"].reindex_like(estimate)
    surface = Surface(x, y, estimate.to_numpy(dtype=float), limit.to_numpy(dtype=float), *ends).fine()
    benchmarks, unnamed = _benchmarks(words, within, surface)
    return Found(surface, benchmarks, len(rows) - len(within), unnamed)


def _benchmark_rows(findings: Findings, first: pd.Series) -> pd.DataFrame:
    """The benchmarks that belong to a surface."""
    if not findings.has("sensitivity"):
        return pd.DataFrame({"term": [], "setting": [], "r2_member": [], "r2_outcome": []})
    rows = findings.frame("sensitivity")
    rows = rows[(rows["analysis"] == "benchmark") & rows["r2_member"].notna() & rows["r2_outcome"].notna()]
    return matching(rows, "sensitivity", first)


def _tipping(estimate: pd.DataFrame) -> float:
    """The share of both from which on nothing is left of the difference; 0 where it is never so within the grid."""
    shares = [share for share in estimate.index if share in estimate.columns]
    values = np.array([float(estimate.loc[share, share]) for share in shares])
    turned = np.flatnonzero(np.sign(values) != np.sign(values[0]))
    return float(shares[turned[0]]) if len(turned) else 0.0


def _end(benchmarks: pd.Series, tipping: float, last: float) -> float:
    """Where an axis ends: behind the furthest benchmark and the line of no difference, within bounds."""
    wanted = BEYOND * max([tipping, *benchmarks.to_numpy(dtype=float)])
    return float(min(max(math.ceil(wanted / STEP - 1e-9) * STEP, LEAST), MOST, last))


def _benchmarks(words: Wording, rows: pd.DataFrame, surface: Surface) -> tuple[list[Benchmark], list[str]]:
    """The points of each covariate, the strongest first, and the names of covariates that have no label."""
    found, unnamed = [], []
    strength = {
        term: max((part["r2_member"] / surface.right + part["r2_outcome"] / surface.top).to_numpy(dtype=float))
        for term, part in rows.groupby("term", sort=False)
    }
    for rank, term in enumerate(sorted(strength, key=lambda t: -strength[t])):
        name = term_name(str(term), words.labels, words.lang)
        named = strength[term] > 2 * WEAK and rank < MOST_NAMED
        unnamed += [] if named else [name]
        part = rows[rows["term"] == term].sort_values("setting")
        times = [int(setting) if float(setting).is_integer() else float(setting) for setting in part["setting"]]
        places = part[["r2_member", "r2_outcome"]].to_numpy(dtype=float)
        full = words.say("contour.benchmark", times=words.style.text(times[-1]), term=name)
        short = [words.say("contour.times", times=words.style.text(t)) for t in times]
        found.append(Benchmark(name, SHAPES[0], places, times, [*short[:-1], full] if named else [""] * len(times)))
    return found, unnamed


def _panel(words: Wording, name: str, part: pd.DataFrame, found: Found, lost: dict[str, str]) -> Panel:
    first, surface = part.iloc[0], found.surface
    outcome, measure = str(first["outcome"]), str(first["measure"])
    digits = digits_of(words.findings, outcome) if factor(measure) == 1.0 else 1
    levels, step = nice_ticks(*surface.span(), LEVELS)
    levels = [0.0 if abs(level) < step / 1e3 else level for level in levels]
    origin = words.style.number(surface.estimate[0, 0], digits)
    fill = partial(draw_surface, surface=surface, levels=levels, benchmarks=found.benchmarks, origin=origin, lost=lost)
    head = words.measure(measure, words.unit(outcome, measure))
    ticks = {share * PER_CENT: text for share, text in _shares(surface.top).items()}
    cell = Cell(partial(fill, x_ticks=_shares(surface.right)), head, ends=_ends(words, surface, levels, step))
    x_label, y_label = words.say("contour.member"), words.say("contour.outcome")
    return Panel(name, [cell], ticks, x_label=x_label, y_label=y_label)


def _shares(end: float) -> dict[float, str]:
    """Ticks of an axis in percent, by the shares they stand for."""
    return {tick / PER_CENT: text for tick, text in named_ticks(0.0, end * PER_CENT).items()}


def _ends(words: Wording, surface: Surface, levels: Sequence[float], step: float) -> list[End]:
    """What each line says, at the right edge of the drawing where it ends."""
    found = []
    for level in levels:
        place = surface.at_right(surface.estimate, level)
        text = tick_text(level, step, words.style.grouping) if level else words.say("contour.zero")
        found += [] if place is None else [End(place * PER_CENT, text, INK if level == 0 else QUIET)]
    place = surface.at_right(surface.limit, 0.0) if surface.limit_excludes_zero else None
    return found + ([] if place is None else [End(place * PER_CENT, words.say("contour.limit"), INK)])


def _note(
    words: Wording, rows: pd.DataFrame, found: Sequence[Found], lost: Mapping[str, str] = MappingProxyType({})
) -> str:
    said = [words.say("note.contour")]
    crosses = any(one.surface.reaches_zero for one in found)
    said += [words.say("note.contour_zero")] if crosses else []
    said += [words.say("note.contour_limit")] if any(one.surface.limit_excludes_zero for one in found) else []
    if any(one.benchmarks for one in found):
        said.append(words.say("note.contour_benchmarks"))
    separator = words.words.get("terms.list_separator")
    for shape in dict.fromkeys(lost.values()):
        terms = separator.join(term for term, own in lost.items() if own == shape)
        said.append(words.say("note.contour_no_room", shape=words.say(f"contour.shape.{shape}"), terms=terms))
    unnamed = dict.fromkeys(name for one in found for name in one.unnamed)
    if unnamed:
        said.append(words.say("note.contour_unnamed", terms=separator.join(unnamed)))
    beyond = sum(one.beyond for one in found)
    said += [words.say("note.contour_beyond", n=beyond)] if beyond else []
    return words.note(None, _sized(words, rows), said)


def _sized(words: Wording, rows: pd.DataFrame) -> pd.DataFrame:
    """How many students each surface was made from, where the estimates tell it."""
    firsts = rows.drop_duplicates(["outcome", "group", "reference"])
    sizes = []
    for _, first in firsts.iterrows() if words.findings.has("estimates") else ():
        own = matching(words.findings.frame("estimates"), "estimates", first)
        own = own[own["primary"] & own["by"].isna()]
        sizes += own["n"].tolist()[:1]
    return pd.DataFrame({"n": sizes, "conf_level": [math.nan] * len(sizes)})
