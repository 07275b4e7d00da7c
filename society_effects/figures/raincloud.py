"""How are the scores of each group spread: a cloud of density, a box, and rain of students? Reads: values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from ..findings.findings import Findings
from ..findings.lookup import matching
from .group_panel import HALF_WIDTH, MOST_POINTS, jitter
from .palette import INK, Look, looks
from .panels import Cell, Panel, Shape, parts_of, show
from .scales import named_ticks, reach
from .wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHAPE = Shape(tall=58.0, lowest=40.0, least=34.0)  # mm
LEAST_STEP = 17.0  # mm of width for each group
BOX, CLOUD, RAIN = 0.06, 0.10, 0.10  # of the distance between groups: half a box, from the middle to cloud and rain
WIDEST = 0.34
MOST_PANELS = 6
Array = np.ndarray


@dataclass(frozen=True)
class Drop:
    """A group as it is drawn: values, their density if known, and least, quartiles, median, greatest and mean."""

    values: Array
    x: Array
    density: Array
    box: tuple[float, float, float, float, float]
    mean: float
    look: Look


def material(findings: Findings) -> pd.DataFrame:
    """The groups that are drawn: of scores, with the values of their students."""
    groups, values = findings.frame("groups"), findings.frame("values")
    rows = groups[(groups["kind"] == "continuous") & groups["category"].isna() & (groups["n"] > 0)]
    return rows[rows["outcome"].isin(values["outcome"].unique())]


def fits(findings: Findings) -> bool:
    """Do the panels fit one page?"""
    return len(material(findings)[["outcome", "wave"]].drop_duplicates()) <= MOST_PANELS


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw a panel for every outcome and wave; on ``ax`` alone where there is one."""
    words, rows = Wording(findings, lang), material(findings)
    parts = parts_of(words, rows, *(("wave",) if rows["wave"].nunique() > 1 else ()))
    drops = [_drops(findings, part) for _, part in parts]
    panels = [_panel(words, name, part, own) for (name, part), own in zip(parts, drops, strict=True)]
    most = max(len(own) for own in drops)
    shape = Shape(SHAPE.tall, SHAPE.lowest, max(SHAPE.least, LEAST_STEP * most))
    note = _note(words, rows, [drop for own in drops for drop in own.values()])
    return show(words, panels, shape, note, "raincloud", journal, title, ax)


def _drops(findings: Findings, part: pd.DataFrame) -> dict[str | None, Drop]:
    """The groups of a panel, the reference first."""
    groups = list(dict.fromkeys(part["group"]))
    look = looks(groups, findings.provenance.get("reference"), findings.provenance.get("member"))
    rows = part.set_index("group")
    return {group: _drop(findings, rows.loc[group], group, look[group]) for group in look if group in groups}


def _drop(findings: Findings, row: pd.Series, group: str | None, look: Look) -> Drop:
    keys = row.to_dict() | {"group": group}
    values = matching(findings.frame("values"), "values", keys)
    values = values[values["group"].isna() if group is None else values["group"] == group]["value"]
    curve = pd.DataFrame({"x": [], "density": []})
    if findings.has("density"):
        curve = matching(findings.frame("density"), "density", keys)
        curve = curve[curve["measure"].isna() & (curve["group"].isna() if group is None else curve["group"] == group)]
    five = [float(row[name]) for name in ("minimum", "q1", "median", "q3", "maximum")]
    x, density = (curve[name].to_numpy(dtype=float) for name in ("x", "density"))
    return Drop(values.to_numpy(dtype=float), x, density, tuple(five), float(row["mean"]), look)  # type: ignore[arg-type]


def _panel(words: Wording, name: str, part: pd.DataFrame, drops: dict[str | None, Drop]) -> Panel:
    numbers = [v for drop in drops.values() for v in (*drop.values, *drop.box, drop.mean)]
    span = reach(numbers)
    sizes = part.set_index("group")["n"]
    steps = [words.sized_group(group, sizes[group]) for group in drops]
    unit = words.labels.unit(str(part["outcome"].iloc[0]), words.lang)
    cell = Cell(partial(_fill, drops=list(drops.values()), span=span))
    return Panel(words.with_unit(name, unit), [cell], named_ticks(*span, words.style.grouping), steps)


def _fill(ax: Axes, drops: Sequence[Drop], span: tuple[float, float]) -> None:
    ax.set_ylim(*span)
    for place, drop in enumerate(drops):
        if len(drop.x):
            ends = place + CLOUD + WIDEST * drop.density / drop.density.max()
            style: dict[str, Any] = {"color": drop.look.colour, "lw": 0, "zorder": 1, "gid": "density"}
            ax.fill_betweenx(drop.x, place + CLOUD, ends, alpha=0.55, **style)
        _rain(ax, place, drop)
        _box(ax, place, drop)
    ax.spines["bottom"].set_visible(False)


def _rain(ax: Axes, place: float, drop: Drop) -> None:
    n = len(drop.values)
    if not 0 < n <= MOST_POINTS:
        return
    values = np.sort(drop.values)
    beside = place - RAIN - WIDEST * (jitter(values) + HALF_WIDTH) / (2 * HALF_WIDTH)
    size, alpha = float(np.clip(28.0 / math.sqrt(n), 1.3, 3.6)), float(np.clip(9.0 / math.sqrt(n), 0.25, 0.7))
    style: dict[str, Any] = {"ms": size, "alpha": alpha, "color": drop.look.colour, "mew": 0, "ls": "", "zorder": 2}
    ax.plot(beside, values, drop.look.marker, rasterized=n > 500, gid="values", **style)


def _box(ax: Axes, place: float, drop: Drop) -> None:
    """Quartiles and median as a box, lines to the lowest and the highest value, and the mean."""
    low, q1, median, q3, high = drop.box
    line: dict[str, Any] = {"color": INK, "solid_capstyle": "butt", "zorder": 3}
    if q1 == q1:
        for start, end in ((low, q1), (q3, high)):
            ax.plot([place, place], [start, end], lw=0.8, gid="whisker", **line)
        look: dict[str, Any] = {"fc": "white", "ec": INK, "lw": 0.8, "zorder": 4, "gid": "box"}
        ax.add_patch(Rectangle((place - BOX, q1), 2 * BOX, q3 - q1, **look))
        ax.plot([place - BOX, place + BOX], [median] * 2, lw=1.8, gid="median", **(line | {"zorder": 5}))
    how: dict[str, Any] = {"ms": 4.2, "mfc": INK, "mec": "white", "mew": 0.5, "zorder": 6, "gid": "mean"}
    ax.plot([place], [drop.mean], drop.look.marker, **how)


def _note(words: Wording, rows: pd.DataFrame, drops: Sequence[Drop]) -> str:
    said = [words.say("note.clouds")] if any(len(drop.x) for drop in drops) else []
    boxes = "boxes" if any(drop.box[0] == drop.box[0] for drop in drops) else "boxes_alone"
    said += [words.say(f"note.{boxes}")] if any(drop.box[1] == drop.box[1] for drop in drops) else []
    said += [words.say("note.mean_mark")]
    said += [words.say("note.points_all")] if any(0 < len(d.values) <= MOST_POINTS for d in drops) else []
    return words.note(None, words.sized(rows.assign(conf_level=float("nan"))), said)
