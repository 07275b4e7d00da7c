"""How large are the changes, whatever the level? Change over average. Reads: pairs, estimates, quantities.

Never over the earlier score: of two unrelated scores, too, the change falls as the earlier one rises.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..findings.digits import digits_of
from ..findings.findings import Findings
from ..findings.lookup import matching
from ..findings.naming import capitalised, measure_name
from .palette import INK, Look, looks
from .panels import Cell, End, Panel, Shape, null_line, parts_of, show
from .scales import fitting_axis, named_ticks, reach
from .wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHAPE = Shape(tall=52.0, lowest=30.0, least=38.0)
MEASURE = "mean_change"
AGREEMENT = ("agreement_low", "agreement_high")
MOST_POINTS = 2000
"""Students per panel up to which each is a point; of more, so many from the lowest to the highest average."""


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: students of groups whose limits of agreement are known."""
    pairs = findings.frame("pairs")
    known = {(row.outcome, row.group) for row in findings.frame("quantities").itertuples() if row.quantity in AGREEMENT}
    return pairs[[key in known for key in zip(pairs["outcome"], pairs["group"], strict=True)]]


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw a panel for every outcome and group; on ``ax`` alone where there is one."""
    words, rows = Wording(findings, lang), material(findings)
    parts = parts_of(words, rows.assign(reference=None), "group", "wave", "reference_wave")
    changes = [_change(findings, part) for _, part in parts]
    panels = [_panel(words, name, part, row) for (name, part), row in zip(parts, changes, strict=True)]
    sizes = {"n": [len(part) for _, part in parts], "conf_level": [row["conf_level"] for row in changes]}
    said = [words.points(max(sizes["n"]), MOST_POINTS)]
    note = words.note("agreement", pd.DataFrame(sizes), said)
    return show(words, panels, SHAPE, note, "agreement", journal, title, ax)


def _change(findings: Findings, part: pd.DataFrame) -> pd.Series:
    """The mean change of these students."""
    rows = matching(findings.frame("estimates"), "estimates", part.iloc[0].drop(["unit", "reference"]))
    return rows[(rows["measure"] == MEASURE) & rows["reference"].isna()].iloc[0]


def _limits(findings: Findings, part: pd.DataFrame) -> dict[str, float]:
    """The limits of agreement of these students."""
    rows = matching(findings.frame("quantities"), "quantities", part.iloc[0].drop("unit"))
    return {name: float(rows[rows["quantity"] == name]["value"].iloc[0]) for name in AGREEMENT}


def _panel(words: Wording, name: str, part: pd.DataFrame, change: pd.Series) -> Panel:
    outcome = str(part["outcome"].iloc[0])
    limits, unit = _limits(words.findings, part), words.labels.unit(outcome, words.lang)
    known = words.findings.provenance
    look = looks([part["group"].iloc[0]], known.get("reference"), known.get("member"))[part["group"].iloc[0]]
    drawn = [change["estimate"], change["conf_low"], change["conf_high"], *limits.values(), 0.0]
    span = reach([*part["change"], *drawn])
    grouping = words.style.grouping
    cell = Cell(
        lambda ax: _fill(ax, part, change, limits, look, span, grouping),
        ends=_ends(words, change, limits, outcome),
    )
    x_label, y_label = words.with_unit(words.say("average"), unit), _label(words, part, unit)
    return Panel(name, [cell], named_ticks(*span, grouping), x_label=x_label, y_label=y_label)


def _label(words: Wording, part: pd.DataFrame, unit: str) -> str:
    """Which wave minus which, with the unit."""
    later, earlier = words.wave(part["wave"].iloc[0]), words.labels.wave(part["reference_wave"].iloc[0], words.lang)
    return words.with_unit(words.say("minus", group=later, reference=earlier), unit)


def _ends(words: Wording, change: pd.Series, limits: Mapping[str, float], outcome: str) -> Sequence[End]:
    """The names of the lines with their numbers."""
    digits = digits_of(words.findings, outcome)
    named = capitalised(measure_name(MEASURE, words.lang))
    mean = words.say("named_below", name=named, estimate=words.estimate(change, digits))
    ends = [End(float(change["estimate"]), mean, INK)] if not math.isnan(change["estimate"]) else []
    for name, value in limits.items():
        text = words.say("named_below", name=words.say(name), estimate=words.style.number(value, digits))
        ends.append(End(value, text, INK))
    return ends


def _fill(
    ax: Axes,
    part: pd.DataFrame,
    change: pd.Series,
    limits: Mapping[str, float],
    look: Look,
    span: tuple[float, float],
    grouping: str,
) -> None:
    """Draw the students light, the mean change with its band dark, the limits of agreement thin."""
    ordered = part.sort_values("average", kind="stable")
    n = len(ordered)
    chosen = ordered.iloc[np.linspace(0, n - 1, min(n, MOST_POINTS)).round().astype(int)]
    low, high = reach(ordered["average"])
    ax.set_xlim(low, high)
    ax.set_ylim(*span)
    fitting_axis(ax, low, high, 7.0, grouping)
    size, alpha = float(np.clip(30.0 / math.sqrt(n), 1.4, 4.0)), float(np.clip(5.0 / math.sqrt(n), 0.12, 0.6))
    style: dict[str, Any] = {"ms": size, "alpha": alpha, "color": look.colour, "mew": 0, "ls": "", "zorder": 2}
    ax.plot(chosen["average"], chosen["change"], look.marker, rasterized=n > 500, gid="students", **style)
    null_line(ax)
    ax.axhspan(change["conf_low"], change["conf_high"], color=INK, alpha=0.15, lw=0, zorder=3, gid="interval")
    ax.axhline(change["estimate"], color=INK, lw=1.4, zorder=4, gid="estimate")
    for value in limits.values():
        ax.axhline(value, color=INK, lw=0.7, zorder=3, gid="limit")
