"""How do the classes of each group differ? One point per class, as large as the class. Reads: clusters."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import OutputError
from ..findings.findings import Findings
from ..language.numbers import undefined
from .canvas import MARGIN, Canvas, Sheet
from .palette import FAINT, INK, Look, looks
from .scales import plain_axis, reach
from .wording import PER_CENT, Wording, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANEL, AXIS, GAP, LEFT = 52.0, 3.0, 5.0, 15.0  # mm: height of a panel, below it, between panels, left of it
NARROWEST = 50.0
SMALLEST, LARGEST = 8.0, 70.0  # points squared: the area of a class
GOLDEN = (math.sqrt(5) - 1) / 2
SPREAD = 0.24  # of the distance between two groups


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: classes with a mean."""
    rows = findings.frame("clusters")
    return rows[rows["mean"].notna()]


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the classes of every group, an outcome per panel; on ``ax`` alone where it is given and one is shown."""
    words, rows = Wording(findings, lang), material(findings)
    outcomes = list(dict.fromkeys(rows["outcome"]))
    found = _looks(findings, list(dict.fromkeys(rows["group"])))
    if ax is not None:
        if len(outcomes) > 1:
            raise OutputError("FIGURE_NEEDS_OWN_AXES", lang=lang, figure="cluster_means")
        _panel(ax, words, rows, found)
        return ax.figure
    sized = pd.DataFrame({"n": rows.groupby("outcome")["n"].sum(), "conf_level": _level(findings)})
    note = words.note("cluster_means", sized, [*_same_class(words, rows), *_alike(words, outcomes)])
    sheet = Sheet("double", journal, needs_chinese(findings, lang, title), title, note)
    return _lay_out(sheet, words, rows, outcomes, found)


def _looks(findings: Findings, groups: list[str]) -> dict[str, Look]:
    known = findings.provenance
    return looks(groups, known.get("reference") or groups[0], known.get("member"))


def _level(findings: Findings) -> float:
    return float(findings.frame("groups")["conf_level"].max()) if findings.has("groups") else math.nan


def _same_class(words: Wording, rows: pd.DataFrame) -> list[str]:
    """What the note says where a class has students of several groups."""
    return [words.say("note.same_class")] if rows.duplicated(["outcome", "cluster"]).any() else []


def _alike(words: Wording, outcomes: list[str]) -> list[str]:
    """The intraclass correlation of each outcome, for the note."""
    if not words.findings.has("quantities"):
        return []
    rows = words.findings.frame("quantities")
    rows = rows[rows["quantity"] == "icc"].set_index("outcome")
    several = len(outcomes) > 1
    items = [
        words.say(
            "icc_of" if several else "icc", outcome=words.labels.outcome(o, words.lang), value=rows.loc[o, "value"]
        )
        for o in outcomes
        if o in rows.index
    ]
    return [words.say("note.icc", items=words.words.get("terms.list_separator").join(items))] if items else []


def _lay_out(sheet: Sheet, words: Wording, rows: pd.DataFrame, outcomes: list[str], found: dict[str, Look]) -> Canvas:
    beside = 1 if len(outcomes) == 1 else 2
    width = (sheet.width - MARGIN - beside * LEFT - (beside - 1) * GAP) / beside
    width = min(max(width, NARROWEST), 90.0)
    lines = -(-len(outcomes) // beside)
    below = AXIS + sheet.lines_height("x\nx")
    canvas = sheet.canvas(lines * (PANEL + below + GAP) - GAP + 2.0)
    for i, outcome in enumerate(outcomes):
        left = LEFT + (i % beside) * (width + LEFT + GAP)
        top = sheet.head + 2.0 + (i // beside) * (PANEL + below + GAP)
        _panel(canvas.place(left, top, width, PANEL), words, rows[rows["outcome"] == outcome], found)
    return canvas


def _panel(ax: Axes, words: Wording, rows: pd.DataFrame, found: dict[str, Look]) -> None:
    """One outcome: the classes of each group side by side, what one class has in two groups joined."""
    outcome, kind = str(rows["outcome"].iloc[0]), str(rows["kind"].iloc[0])
    factor = PER_CENT if kind == "binary" else 1.0
    groups = [g for g in found if g in set(rows["group"])]
    ends = [*(rows["mean"] * factor), *(v for g in groups for v in _limits(words.findings, outcome, g, factor)[1:])]
    low, high = reach([v for v in ends if not undefined(v)])
    largest = float(rows["n"].max())
    places: dict[tuple[str, str], tuple[float, float]] = {}
    for i, group in enumerate(groups):
        own = rows[rows["group"] == group].sort_values(["mean", "cluster"])
        shifts = SPREAD * (2 * ((np.arange(len(own)) + 1) * GOLDEN % 1) - 1) if len(own) > 1 else np.zeros(len(own))
        x, y = i + shifts, own["mean"].to_numpy() * factor
        area = np.maximum(LARGEST * own["n"].to_numpy() / largest, SMALLEST)
        look = found[group]
        ax.scatter(
            x, y, area, color=look.colour, alpha=0.65, marker=look.marker, lw=0.4, ec="white", zorder=3, gid="class"
        )
        places |= {(group, c): (a, b) for c, a, b in zip(own["cluster"], x, y, strict=True)}
        centre, *limits = _limits(words.findings, outcome, group, factor)
        if not undefined(centre):
            ax.plot([i + 0.38] * 2, limits, color=INK, lw=1.8, solid_capstyle="butt", zorder=4, gid="interval")
            ax.plot([i + 0.38], [centre], look.marker, ms=6.0, mfc=INK, mec="white", mew=0.5, zorder=5, gid="centre")
    for first, second in pairwise(groups):
        for name in {c for g, c in places if g == first} & {c for g, c in places if g == second}:
            (x0, y0), (x1, y1) = places[first, name], places[second, name]
            ax.plot([x0, x1], [y0, y1], color=FAINT, lw=0.6, zorder=1, gid="same class")
    counted = [int((rows["group"] == g).sum()) for g in groups]
    names = [f"{words.group(g)}\n{words.say('classes', n=k)}" for g, k in zip(groups, counted, strict=True)]
    ax.set_xlim(-0.55, len(groups) - 0.35)
    ax.set_xticks(range(len(groups)), names)
    ax.tick_params(axis="x", length=0)
    plain_axis(ax.yaxis, low, high)
    ax.set_ylim(low, high)
    unit = words.say("share_unit") if kind == "binary" else words.labels.unit(outcome, words.lang)
    ax.set_ylabel(words.with_unit(words.rows(rows.head(1))[0], unit))


def _limits(findings: Findings, outcome: str, group: str, factor: float) -> tuple[float, float, float]:
    """Mean (share, rate) of a group as a whole, with its interval."""
    if not findings.has("groups"):
        return math.nan, math.nan, math.nan
    rows = findings.frame("groups")
    rows = rows[(rows["outcome"] == outcome) & (rows["group"] == group) & rows["category"].isna()]
    if not len(rows):
        return math.nan, math.nan, math.nan
    row = rows.iloc[0]
    centre = next((row[name] for name in ("rate", "share", "mean", "median") if not undefined(row[name])), math.nan)
    return tuple(float(v) * factor for v in (centre, row["conf_low"], row["conf_high"]))  # type: ignore[return-value]
