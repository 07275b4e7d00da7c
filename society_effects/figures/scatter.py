"""How do later scores go with earlier ones in each group? Points and fitted lines. Reads: pairs, groups.

Uses the fitted lines, and the difference between them that the estimates name, where they are there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import matching
from ..findings.naming import capitalised, contrast_heading, measure_name
from ..findings.schema import FRAMES
from ..language.numbers import undefined
from .palette import FAINT, INK, Look, looks
from .panels import Cell, End, Panel, Shape, parts_of, show
from .scales import fitting_axis, named_ticks, reach
from .wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHAPE = Shape(tall=56.0, lowest=34.0, least=34.0, square=True)
SCORES = ("continuous", "count")
MOST_POINTS = 2000
"""Students per group up to which each is a point; of more, so many from the lowest to the highest earlier score."""
Array = np.ndarray


@dataclass(frozen=True)
class Gap:
    """The difference between two fitted lines at the mean earlier score of a group, and its text."""

    x: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Cloud:
    """One group: its students, and its fitted line with limits."""

    label: str
    first: Array
    last: Array
    line: pd.DataFrame
    look: Look


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: both scores of students, where these are numbers."""
    groups, pairs = findings.frame("groups"), findings.frame("pairs")
    return pairs[pairs["outcome"].isin(groups[groups["kind"].isin(SCORES)]["outcome"])]


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw a panel for every outcome; on ``ax`` alone where there is one."""
    words, rows = Wording(findings, lang), material(findings)
    parts = parts_of(words, rows, "wave", "reference_wave")
    compared = _compared(findings)
    texts = pd.Series(words.estimates(compared), compared.index, dtype=object)
    clouds = [_clouds(words, part) for _, part in parts]
    gaps = [_gaps(words, part, compared, texts) for _, part in parts]
    panels = [_panel(words, *found) for found in zip(parts, clouds, gaps, strict=True)]
    note = _note(words, rows, [cloud for own in clouds for cloud in own], compared)
    return show(words, panels, SHAPE, note, "scatter", journal, title, ax)


def _compared(findings: Findings) -> pd.DataFrame:
    """The estimates of a difference between fitted lines."""
    if not findings.has("estimates"):
        return pd.DataFrame(columns=list(FRAMES["estimates"].columns))
    rows = findings.frame("estimates")
    measures = findings.frame("lines")["measure"].unique() if findings.has("lines") else []
    return rows[rows["measure"].isin(measures) & rows["reference"].notna() & rows["estimate"].notna()]


def _note(words: Wording, rows: pd.DataFrame, clouds: Sequence[Cloud], compared: pd.DataFrame) -> str:
    fitted = [float(c.line["conf_level"].max()) for c in clouds if len(c.line)]
    said = [words.points(max(len(c.first) for c in clouds), MOST_POINTS)]
    said += [words.say("note.lines", level=fitted[0])] if fitted else []
    if len(compared):
        groups = [words.labels.level(group, words.lang) for group in compared["group"].unique()]
        named = words.words.get("terms.list_separator").join(groups)
        said += [words.say("note.gap", group=named, interval=words.interval(compared)), *words.alone(compared)]
    said += [words.say("note.identity")]
    sized = pd.DataFrame({"n": rows.groupby("outcome").size(), "conf_level": math.nan})
    return words.note(None, sized, said)


def _clouds(words: Wording, part: pd.DataFrame) -> list[Cloud]:
    """The groups of an outcome, the reference first."""
    groups, known = list(dict.fromkeys(part["group"])), words.findings.provenance
    look = looks(groups, known.get("reference"), known.get("member"))
    return [_cloud(words, part, group, look[group]) for group in look if group in groups]


def _cloud(words: Wording, part: pd.DataFrame, group: str | None, look: Look) -> Cloud:
    own = part[part["group"].isna() if group is None else part["group"] == group].sort_values("first", kind="stable")
    keys = own.iloc[0].drop("unit")
    lines = matching(words.findings.frame("lines"), "lines", keys) if words.findings.has("lines") else pd.DataFrame()
    lines = lines.drop_duplicates("x") if len(lines) else lines
    first, last = (own[name].to_numpy(dtype=float) for name in ("first", "last"))
    return Cloud(words.sized_group(group, len(own)), first, last, lines, look)


def _gaps(words: Wording, part: pd.DataFrame, compared: pd.DataFrame, texts: pd.Series) -> list[Gap]:
    """The differences between the fitted lines of an outcome, each at the mean earlier score of its group."""
    rows = matching(compared, "estimates", part.iloc[0].drop(["unit", "group"]))
    found = []
    for index, row in rows.iterrows():
        text = words.say("named", name=_name(words, row, len(rows) > 1), estimate=texts[index])
        line, x = matching(words.findings.frame("lines"), "lines", row), _earlier_mean(words.findings, row)
        if len(line) and not undefined(x):
            high = float(np.interp(x, line["x"], line["value"]))
            found.append(Gap(x, high - float(row["estimate"]), high, text))
    return found


def _name(words: Wording, row: pd.Series, several: bool) -> str:
    """What the difference is called: its measure, or of several which groups are compared."""
    if several:
        return contrast_heading(row["group"], row["reference"], words.labels, words.lang)
    return capitalised(measure_name(row["measure"], words.lang))


def _earlier_mean(findings: Findings, row: pd.Series) -> float:
    """The mean earlier score of the group of this estimate."""
    keys = row.drop(["wave", "reference"]).to_dict() | {"wave": row["reference_wave"]}
    rows = matching(findings.frame("groups"), "groups", keys)
    rows = rows[rows["category"].isna()]
    return float(rows["mean"].iloc[0]) if len(rows) else math.nan


def _panel(words: Wording, named: tuple[str, pd.DataFrame], clouds: Sequence[Cloud], gaps: Sequence[Gap]) -> Panel:
    (name, part), unit = named, words.labels.unit(str(named[1]["outcome"].iloc[0]), words.lang)
    shown = [v for c in clouds for v in (*c.first, *c.last, *(c.line["value"] if len(c.line) else []))]
    span = reach([*shown, *(v for gap in gaps for v in (gap.low, gap.high))])
    grouping = words.style.grouping
    cell = Cell(
        lambda ax: _fill(ax, clouds, gaps, span, grouping),
        "\n".join(gap.text for gap in gaps),
        ends=[_end(cloud) for cloud in clouds],
    )
    earlier, later = (words.with_unit(words.wave(part[key].iloc[0]), unit) for key in ("reference_wave", "wave"))
    return Panel(name, [cell], named_ticks(*span, grouping), x_label=earlier, y_label=later)


def _end(cloud: Cloud) -> End:
    """The name of a group, at the end of its line or at the height of its students."""
    place = cloud.line["value"].iloc[-1] if len(cloud.line) else np.mean(cloud.last)
    return End(float(place), cloud.label, cloud.look.colour)


def _fill(ax: Axes, clouds: Sequence[Cloud], gaps: Sequence[Gap], span: tuple[float, float], grouping: str) -> None:
    """Draw the points light, the line of equal scores thin, the fitted lines and the differences between them dark."""
    ax.set_xlim(*span)
    ax.set_ylim(*span)
    fitting_axis(ax, *span, 7.0, grouping)
    ax.plot(span, span, color=FAINT, lw=0.8, zorder=0, gid="identity")
    for cloud in clouds:
        _draw_points(ax, cloud)
        if len(cloud.line):
            x, limits = cloud.line["x"], (cloud.line["conf_low"], cloud.line["conf_high"])
            ax.fill_between(x, *limits, color=cloud.look.colour, alpha=0.2, lw=0, zorder=2, gid="limits")
            ax.plot(x, cloud.line["value"], color=cloud.look.colour, lw=1.6, zorder=3, gid="line")
    for gap in gaps:
        ax.plot([gap.x] * 2, [gap.low, gap.high], color=INK, lw=2.0, solid_capstyle="butt", zorder=5, gid="gap")


def _draw_points(ax: Axes, cloud: Cloud) -> None:
    n = len(cloud.first)
    chosen = np.linspace(0, n - 1, min(n, MOST_POINTS)).round().astype(int)
    style: dict[str, Any] = {
        "ms": float(np.clip(26.0 / math.sqrt(n), 1.2, 3.6)),
        "alpha": float(np.clip(5.0 / math.sqrt(n), 0.12, 0.55)),
        "color": cloud.look.colour,
        "mew": 0,
        "ls": "",
        "zorder": 1,
    }
    marker = cloud.look.marker
    ax.plot(cloud.first[chosen], cloud.last[chosen], marker, rasterized=n > 500, gid="students", **style)
