"""How does the difference in changes develop over the waves, before and after one of them? Reads: estimates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..findings.findings import Findings
from ..findings.measures import EVENT_TIME, MEASURES
from ..language.numbers import MINUS
from .palette import FAINT, INK
from .panels import Cell, Panel, Shape, null_line, parts_of, show
from .scales import named_ticks, reach
from .wording import Wording, factor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHAPE = Shape(tall=58.0, lowest=32.0, least=52.0)  # mm
BAND = "#CFE0EC"
LIMITS = ("conf_low", "conf_high", "simultaneous_low", "simultaneous_high")
KEYS = ["design", "outcome", "measure", "estimand", "group", "reference", "site", "by", "level"]


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: differences in changes at two waves or more, all against one reference wave."""
    rows = findings.frame("estimates")
    rows = rows[[MEASURES[measure].family == "changes" for measure in rows["measure"]]]
    rows = rows[rows["reference_wave"].notna() & rows["wave"].notna() & rows["reference"].notna()]
    if not len(rows):
        return rows
    several = rows.groupby(KEYS, dropna=False)["wave"].transform("nunique") > 1
    single = rows.groupby(KEYS, dropna=False)["reference_wave"].transform("nunique") == 1
    return rows[several & single]


@dataclass(frozen=True)
class Path:
    """One path: equal steps from the first wave to the last, the place of the reference, and the rows at the others."""

    steps: list[str]
    reference: int
    places: np.ndarray
    rows: pd.DataFrame
    times: float

    def column(self, name: str) -> np.ndarray:
        """A column of the rows as it is drawn."""
        return self.rows[name].to_numpy(dtype=float) * self.times


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the path of every outcome, with limits of each wave and, where there are some, of all together."""
    words, rows = Wording(findings, lang), material(findings)
    contrasts = rows[["group", "reference"]].drop_duplicates()
    more = ("group",) if len(contrasts) > 1 else ()
    panels = [_panel(words, name, part) for name, part in parts_of(words, rows, *more)]
    return show(words, panels, SHAPE, _note(words, rows), "event_path", journal, title, ax)


def _panel(words: Wording, name: str, rows: pd.DataFrame) -> Panel:
    path, first = _path(words, rows), rows.iloc[0]
    numbers = [0.0, *(v for column in ("estimate", *LIMITS) for v in path.column(column))]
    low, high = reach(numbers)
    unit = words.unit(first["outcome"], first["measure"])
    fill = partial(_fill, path=path, low=low, high=high)
    label = words.say("since_joining") if first["estimand"] == EVENT_TIME else ""
    ticks = named_ticks(low, high, words.style.grouping)
    return Panel(name, [Cell(fill)], ticks, path.steps, label, words.measure(first["measure"], unit))


def _path(words: Wording, rows: pd.DataFrame) -> Path:
    times = factor(str(rows["measure"].iloc[0]))
    reference = str(rows["reference_wave"].iloc[0])
    if rows["estimand"].iloc[0] == EVENT_TIME:
        at = rows["wave"].astype(int).to_numpy()
        all_times = range(min(at.min(), int(reference)), max(at.max(), int(reference)) + 1)
        steps = [str(t).replace("-", MINUS) for t in all_times]
        return Path(steps, int(reference) - all_times[0], at - all_times[0], rows, times)
    order = _order(words.findings, [reference, *rows["wave"]])
    places = np.array([order.index(wave) for wave in rows["wave"]])
    return Path([words.labels.wave(w, words.lang) for w in order], order.index(reference), places, rows, times)


def _order(findings: Findings, waves: list[str]) -> list[str]:
    """The waves in their order, as the groups are described in it."""
    known = list(findings.frame("groups")["wave"].dropna().unique()) if findings.has("groups") else []
    return sorted(dict.fromkeys(waves), key=lambda wave: known.index(wave) if wave in known else len(known))


def _fill(ax: Axes, path: Path, low: float, high: float) -> None:
    ax.set_ylim(low, high)
    ax.set_xlim(-0.5, len(path.steps) - 0.5)
    null_line(ax)
    if path.rows["estimand"].iloc[0] == EVENT_TIME:
        ax.axvline(path.reference + 0.5, color=FAINT, lw=0.8, zorder=0.5, gid="joining")
    _band(ax, path)
    for place, start, end in zip(path.places, path.column("conf_low"), path.column("conf_high"), strict=True):
        ax.plot([place, place], [start, end], color=INK, lw=1.6, solid_capstyle="butt", zorder=4, gid="interval")
    places = np.append(path.places, path.reference)
    values = np.append(path.column("estimate"), 0.0)
    order = np.argsort(places)
    ax.plot(places[order], values[order], color=INK, lw=0.7, zorder=3, gid="path")
    ax.plot(path.places, path.column("estimate"), "o", ms=4.4, color=INK, mew=0, zorder=5, gid="estimate")
    ax.plot([path.reference], [0.0], "o", ms=4.4, mfc="white", mec=INK, mew=0.9, zorder=6, gid="reference")


def _band(ax: Axes, path: Path) -> None:
    """The simultaneous limits, closing at the reference."""
    low, high = path.column("simultaneous_low"), path.column("simultaneous_high")
    known = np.isfinite(low) & np.isfinite(high)
    if not known.any():
        return
    places = np.append(path.places[known], path.reference)
    order = np.argsort(places)
    bottom, top = (np.append(values[known], 0.0)[order] for values in (low, high))
    ax.fill_between(places[order], bottom, top, color=BAND, lw=0, zorder=0, gid="band")


def _note(words: Wording, rows: pd.DataFrame) -> str:
    events = (rows["estimand"] == EVENT_TIME).all()
    reference = words.say("note.last_before")
    if not events:
        reference = words.labels.wave(str(rows["reference_wave"].iloc[0]), words.lang)
    extra = [words.say("note.event_band")] if rows["simultaneous_low"].notna().any() else []
    extra.append(words.say("note.event_reference", wave=reference))
    return words.note("event_path", rows, extra)
