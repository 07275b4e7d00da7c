"""How would the answer change with the reliability of the earlier score? A path with its band. Reads: sensitivity.

Uses the estimate that stands beside it, as it was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import matching
from ..findings.naming import capitalised, measure_name
from .palette import INK, MEMBER
from .panels import Cell, End, Panel, Shape, null_line, parts_of, show
from .scales import named_ticks, reach
from .wording import Wording, factor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHAPE = Shape(tall=46.0, lowest=28.0, least=34.0)
PARAMETER = "reliability"
CONTRAST = ("group", "reference", "wave", "reference_wave")
LIMITS = ("conf_low", "conf_high")


def material(findings: Findings) -> pd.DataFrame:
    """The rows that are drawn: estimates over the reliability of the earlier score."""
    rows = findings.frame("sensitivity")
    return rows[(rows["parameter"] == PARAMETER) & rows["estimate"].notna()]


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw a panel for every outcome and contrast; on ``ax`` alone where there is one."""
    words, rows = Wording(findings, lang), material(findings)
    parts = parts_of(words, rows, "analysis", *CONTRAST)
    found = [_found(findings, part) for _, part in parts]
    panels = [_panel(words, name, part, row) for (name, part), row in zip(parts, found, strict=True)]
    level = float(rows["conf_level"].max())
    one = "_one" if all(len(part) == 1 for _, part in parts) else ""
    said = [words.say(f"note.{method}{one}", level=level) for method in dict.fromkeys(rows["method"])]
    sizes = [row["n"] for row in found if row is not None]
    note = words.note(None, pd.DataFrame({"n": sizes, "conf_level": [level] * len(sizes)}), said)
    return show(words, panels, SHAPE, note, "sensitivity_path", journal, title, ax)


def _found(findings: Findings, part: pd.DataFrame) -> pd.Series | None:
    """The estimate as it was found, beside which the path stands."""
    if not findings.has("estimates"):
        return None
    first = part.iloc[0]
    rows = matching(findings.frame("estimates"), "estimates", first)
    rows = rows[(rows["measure"] == first["measure"]) & rows["estimate"].notna()]
    return rows.iloc[0] if len(rows) else None


def _panel(words: Wording, name: str, part: pd.DataFrame, found: pd.Series | None) -> Panel:
    first, rows = part.iloc[0], part.sort_values("setting")
    measure, analysis = str(first["measure"]), str(first["analysis"])
    times, unit = factor(measure), words.unit(first["outcome"], measure)
    observed = [] if found is None else [float(found["estimate"]) * times]
    span = reach([*(rows[["estimate", *LIMITS]].to_numpy(dtype=float).ravel() * times), *observed, 0.0])
    label = words.say(f"path.{analysis}.y", measure=capitalised(measure_name(measure, words.lang)))
    cell = Cell(lambda ax: _fill(ax, rows, times, observed, span), ends=_ends(words, analysis, found, observed))
    x_label, y_label = words.say(f"path.{analysis}.x"), words.with_unit(label, unit)
    return Panel(name, [cell], named_ticks(*span, words.style.grouping), x_label=x_label, y_label=y_label)


def _ends(words: Wording, analysis: str, found: pd.Series | None, observed: Sequence[float]) -> list[End]:
    if found is None:
        return []
    value = words.value(found, words.digits(found.to_frame().T)[0])
    named = words.say(f"path.{analysis}.found")
    return [End(observed[0], words.say("named_below", name=named, estimate=value), MEMBER)]


def _fill(ax: Axes, rows: pd.DataFrame, times: float, observed: Sequence[float], span: tuple[float, float]) -> None:
    """Draw the path with its band, and the estimate as it was found."""
    x, y, low, high = (rows[name].to_numpy(dtype=float) for name in ("setting", "estimate", *LIMITS))
    room = 0.05 if len(x) == 1 else 0.08 * (x[-1] - x[0])
    ax.set_xlim(x[0] - room, x[-1] + room)
    ax.set_ylim(*span)
    digits = 1 if all(round(setting, 1) == setting for setting in x) else 2
    ax.set_xticks(x, [f"{setting:.{digits}f}" for setting in x])
    null_line(ax)
    ax.fill_between(x, low * times, high * times, color=INK, alpha=0.12, lw=0, zorder=2, gid="band")
    if len(x) == 1:
        ax.plot([x[0]] * 2, [low[0] * times, high[0] * times], color=INK, lw=2.0, zorder=3, gid="interval")
    ax.plot(x, y * times, "o-", color=INK, ms=4.4, lw=1.4, zorder=4, gid="path")
    for value in observed:
        ax.axhline(value, color=MEMBER, lw=1.0, zorder=3, gid="observed")
