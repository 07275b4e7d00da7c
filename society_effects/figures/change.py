"""How did each group change from wave to wave? Students light, means with intervals dark. Reads: groups.

Uses the students' values, and the estimates of a change between two waves, where they are there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import matching
from ..findings.measures import MEASURES
from .palette import INK, Look, looks
from .panels import Cell, Panel, Shape, parts_of, show
from .scales import named_ticks, reach
from .wording import PER_CENT, Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES = 2000
"""Students per group up to which each is a line; above, the quartiles stand for them."""
CENTRES = {"continuous": "mean", "count": "mean", "binary": "share", "ordinal": "median"}
"""What stands for a group, by kind of outcome."""
LIMITS = {"mean": ("conf_low", "conf_high"), "share": ("conf_low", "conf_high"), "median": ("q1", "q3")}
SHAPE = Shape(tall=46.0, lowest=22.0, least=24.0)
PAGE, STEP, BESIDE, ROWS = 176.0, 13.0, 15.0, 6  # mm: a page, a wave, beside a panel; rows of panels on a page
ROOM = 0.3  # of the distance between two waves, beside each of them
Array = np.ndarray


@dataclass(frozen=True)
class Path:
    """One group over the waves: its centre with limits, its quartiles, and its students as rows."""

    n: tuple[int, int]
    centre: Array
    low: Array
    high: Array
    q1: Array
    q3: Array
    students: Array
    look: Look

    @property
    def banded(self) -> bool:
        """Do quartiles stand for the students?"""
        return len(self.students) > MOST_LINES

    @property
    def ends(self) -> list[float]:
        """All numbers that the axis must hold."""
        drawn = [self.q1, self.q3] if self.banded else [self.students]
        return [float(v) for values in (self.centre, self.low, self.high, *drawn) for v in values.ravel()]


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: groups described at several waves."""
    groups = findings.frame("groups")
    rows = groups[groups["category"].isna() & groups["wave"].notna() & groups["kind"].isin(CENTRES)]
    several = rows.groupby("outcome")["wave"].transform("nunique") > 1
    return rows[several]


def fits(findings: Findings) -> bool:
    """Do the panels fit one page? So many as a rule; long names take more room."""
    rows = material(findings)
    steps = rows["group"].nunique(dropna=False) * rows["wave"].nunique()
    columns = min(max(int(PAGE / (STEP * steps + BESIDE)), 1), 3)
    return bool(rows["outcome"].nunique() <= ROWS * columns)


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw a panel for every outcome with a drawing for every group; on ``ax`` alone where there is one of each."""
    words, rows = Wording(findings, lang), material(findings)
    parts = parts_of(words, rows)
    paths = [_paths(findings, part) for _, part in parts]
    panels = [_panel(words, name, part, own) for (name, part), own in zip(parts, paths, strict=True)]
    numbered = any("\n" in cell.head for panel in panels for cell in panel.cells)
    note = _note(words, rows, [path for own in paths for path in own.values()], numbered)
    return show(words, panels, SHAPE, note, "change", journal, title, ax)


def _note(words: Wording, rows: pd.DataFrame, paths: Sequence[Path], numbered: bool) -> str:
    level = float(rows["conf_level"].max())
    centres = {CENTRES[kind] for kind in rows["kind"]}
    said = [
        words.say(f"note.change_{centre}", level=level) for centre in ("mean", "share", "median") if centre in centres
    ]
    said += [words.say("note.change_number", level=level)] if numbered else []
    said += [words.say("note.change_points")] if numbered and "share" in centres else []
    said += [words.say("note.students")] if any(len(p.students) and not p.banded for p in paths) else []
    said += [words.say("note.band")] if any(p.banded for p in paths) else []
    return words.note(None, words.sized(rows), said)


def _paths(findings: Findings, part: pd.DataFrame) -> dict[str | None, Path]:
    """The path of each group of an outcome, the reference first."""
    groups = list(dict.fromkeys(part["group"]))
    known = findings.provenance
    look = looks(groups, known.get("reference"), known.get("member"))
    return {g: _path(findings, part, g, look[g]) for g in look if g in groups}


def _path(findings: Findings, part: pd.DataFrame, group: str | None, look: Look) -> Path:
    waves = _waves(part)
    own = part[part["group"].isna() if group is None else part["group"] == group].set_index("wave").reindex(waves)
    what = CENTRES[str(part["kind"].iloc[0])]
    times = PER_CENT if what == "share" else 1.0
    columns = (what, *LIMITS[what], "q1", "q3")
    centre, low, high, q1, q3 = (own[column].to_numpy(dtype=float) * times for column in columns)
    n = own["n"].dropna()
    students = _students(findings, part, group, waves) if what == "mean" else np.empty((0, len(waves)))
    return Path((int(n.min()), int(n.max())), centre, low, high, q1, q3, students, look)


def _waves(part: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(part["wave"]))


def _students(findings: Findings, part: pd.DataFrame, group: str | None, waves: Sequence[str]) -> Array:
    """The values of the students of a group: a row per student, a column per wave."""
    if not findings.has("values"):
        return np.empty((0, len(waves)))
    keys = part.iloc[0].drop(["wave", "group"])
    rows = matching(findings.frame("values"), "values", keys)
    rows = rows[(rows["group"].isna() if group is None else rows["group"] == group) & rows["wave"].isin(waves)]
    return rows.pivot(index="unit", columns="wave", values="value").reindex(columns=waves).to_numpy(dtype=float)


def _panel(words: Wording, name: str, part: pd.DataFrame, paths: dict[str | None, Path]) -> Panel:
    outcome, kind = str(part["outcome"].iloc[0]), str(part["kind"].iloc[0])
    span, ticks = _scale(words, part, list(paths.values()))
    unit = words.say("share_unit") if kind == "binary" else words.labels.unit(outcome, words.lang)
    cells = [
        Cell(partial(_fill, path=path, span=span), _head(words, part, group, path)) for group, path in paths.items()
    ]
    waves = [words.wave(wave) for wave in _waves(part)]
    return Panel(words.with_unit(name, unit), cells, ticks, waves, room=ROOM if len(waves) == 2 else 0.5)


def _head(words: Wording, part: pd.DataFrame, group: str | None, path: Path) -> str:
    """What stands above a drawing: the group, its size, and the change where it is one number."""
    low, high = path.n
    size = words.say("size", n=high) if low == high else words.say("size_range", low=low, high=high)
    name = words.say("sized", group=words.group(group), size=size)
    row = _change(words.findings, part, group)
    if row is None:
        return name
    estimate = words.estimate(row, words.digits(row.to_frame().T)[0])
    return f"{name}\n{words.say('change', estimate=estimate)}"


def _change(findings: Findings, part: pd.DataFrame, group: str | None) -> pd.Series | None:
    """The one estimate of the change of this group in its own unit; None where there is none, or several."""
    if not findings.has("estimates"):
        return None
    rows = matching(findings.frame("estimates"), "estimates", part.iloc[0].drop(["wave", "group"]))
    rows = rows[(rows["group"].isna() if group is None else rows["group"] == group) & rows["reference"].isna()]
    known = (MEASURES[m] for m in rows["measure"])
    rows = rows[np.array([m.over == "change" and (m.in_units or m.of_shares) for m in known], dtype=bool)]
    rows = rows[rows["primary"]] if rows["primary"].any() else rows
    return rows.iloc[0] if len(rows) == 1 and not math.isnan(rows.iloc[0]["estimate"]) else None


def _scale(words: Wording, part: pd.DataFrame, paths: Sequence[Path]) -> tuple[tuple[float, float], dict[float, str]]:
    """From where to where goes the vertical axis, and which texts stand at it?"""
    kind = str(part["kind"].iloc[0])
    if kind == "ordinal":
        names = _categories(words, part)
        return (0.5, len(names) + 0.5), {i + 1.0: name for i, name in enumerate(names)}
    low, high = reach([v for path in paths for v in path.ends])
    inner = (max(low, 0.0), min(high, PER_CENT)) if kind == "binary" else (low, high)
    return (low, high), named_ticks(*inner, words.style.grouping)


def _categories(words: Wording, part: pd.DataFrame) -> list[str]:
    groups = words.findings.frame("groups")
    outcome = str(part["outcome"].iloc[0])
    known = groups[(groups["outcome"] == outcome) & groups["category"].notna()]["category"]
    return [words.labels.category(outcome, category, words.lang) for category in dict.fromkeys(known)]


def _fill(ax: Axes, path: Path, span: tuple[float, float]) -> None:
    """Draw one group: students or their quartiles light, the centres and their limits dark."""
    places = np.arange(len(path.centre))
    ax.set_ylim(*span)
    if path.banded:
        ax.fill_between(places, path.q1, path.q3, color=path.look.colour, alpha=0.25, lw=0, zorder=1, gid="band")
    elif len(path.students):
        _draw_students(ax, places, path)
    ax.plot(places, path.centre, color=INK, lw=1.1, zorder=3, gid="path")
    for place, low, high in zip(places, path.low, path.high, strict=True):
        ax.plot([place] * 2, [low, high], color=INK, lw=2.0, solid_capstyle="butt", zorder=4, gid="interval")
    style: dict[str, Any] = {"ms": 5.6, "mfc": INK, "mec": "white", "mew": 0.5, "ls": "", "zorder": 5}
    ax.plot(places, path.centre, marker=path.look.marker, gid="centre", **style)


def _draw_students(ax: Axes, places: Array, path: Path) -> None:
    """A light line for each student, broken where a wave is missing."""
    from matplotlib.collections import LineCollection

    n = len(path.students)
    lines = [np.column_stack([places, values]) for values in path.students]
    alpha = float(np.clip(3.0 / math.sqrt(n), 0.08, 0.6))
    style: dict[str, Any] = {"linewidths": 0.7, "colors": path.look.colour, "zorder": 1}
    ax.add_collection(LineCollection(lines, alpha=alpha, rasterized=n > 500, gid="students", **style))
