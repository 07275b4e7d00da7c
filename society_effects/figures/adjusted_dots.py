"""How does the adjustment move each group? Its raw and its adjusted mean or share. Reads: adjusted_means, groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..findings.digits import OF_SHARES, digits_of
from ..findings.findings import Findings
from ..findings.lookup import matching, primary_rows
from ..language.numbers import undefined
from .canvas import LINE_SPACING, MM_PER_INCH, small_size
from .lettering import width_of
from .palette import Look, looks
from .panels import Cell, End, Panel, Shape, parts_of, show, spread
from .scales import named_ticks, reach
from .wording import PER_CENT, Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHAPE = Shape(tall=50.0, lowest=32.0, least=40.0)  # mm
PER_CATEGORY, NARROW = 15.0, 9.0  # mm that a category needs with its numbers, and without them
ENOUGH = 13.5  # mm of a category from which its numbers are written
WEIGHTINGS = ("members", "all")
"""Whose covariates the means are averaged over, as the answer has it."""
ROOM, BESIDE = 0.3, 4.0
"""How far the axis goes on behind the second step, in steps; mm free around the values before the first."""
MOST_FOR_VALUES = 0.5
"""Share of the drawing that the values before the first step take at most."""
APART, ASIDE = 0.03, 0.16
"""By how much groups stand beside each other, in steps: means, and shares of categories."""


@dataclass(frozen=True)
class Moved:
    """A raw and an adjusted number of a group, as they are drawn. place : of the category."""

    name: str
    look: Look
    raw: float
    value: float
    low: float
    high: float
    texts: tuple[str, str]
    place: int = 0


def material(findings: Findings) -> pd.DataFrame:
    """The adjusted means of those the answer aims at, of every outcome that has some."""
    rows = findings.frame("adjusted_means")
    rows = rows[rows["value"].notna() & rows["reference"].notna()]
    wanted = [weighting_of(findings, rows, outcome) for outcome in rows["outcome"]]
    return rows[rows["weighting"] == pd.Series(wanted, rows.index, dtype=object)]


def weighting_of(findings: Findings, rows: pd.DataFrame, outcome: str) -> str | None:
    """Whose covariates the answer of this outcome is averaged over."""
    known = set(rows.loc[rows["outcome"] == outcome, "weighting"])
    estimands = set()
    if findings.has("estimates"):
        answers = primary_rows(findings.frame("estimates"))
        estimands = set(answers.loc[answers["outcome"] == outcome, "estimand"])
    first = "all" if "adj_diff_all" in estimands or findings.settings.get("estimand") == "ate" else "members"
    return next((w for w in (first, *WEIGHTINGS) if w in known), None)


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw a panel for every outcome and contrast; on ``ax`` alone where there is one."""
    words, rows = Wording(findings, lang), material(findings)
    rows = rows.assign(contrast=_contrasts(rows))
    several = rows["contrast"].nunique() > 1
    own = [(name, one) for name, part in parts_of(words, rows) for _, one in part.groupby("contrast", sort=False)]
    groups = list(dict.fromkeys(rows["group"]))
    named = [_with_contrast(words, name, one) if several else name for name, one in own]
    panels = [_panel(words, name, one, groups) for name, (_, one) in zip(named, own, strict=True)]
    least = max(SHAPE.least, max(len(panel.steps) for panel in panels) * _each(rows))
    shape = Shape(SHAPE.tall, SHAPE.lowest, least)
    return show(words, panels, shape, _note(words, rows), "adjusted_means", journal, title, ax)


def _each(rows: pd.DataFrame) -> float:
    """What a category needs in mm: room for its numbers where nothing but categories is drawn."""
    if rows["category"].isna().all():
        return 0.0
    return PER_CATEGORY if rows["category"].notna().all() else NARROW


def _with_contrast(words: Wording, name: str, own: pd.DataFrame) -> str:
    last = own.iloc[-1]
    return words.say("named", name=name, estimate=words.minus(last["group"], last["reference"], ""))


def _contrasts(rows: pd.DataFrame) -> pd.Series:
    """The group that each row belongs to: that of its own, for a reference the one that is written behind it."""
    own = rows["group"].where(rows["group"] != rows["reference"])
    keys = [rows[key] for key in ("outcome", "reference", "weighting", "site", "wave") if rows[key].notna().any()]
    return own.groupby(keys, sort=False).bfill()


def _panel(words: Wording, name: str, own: pd.DataFrame, groups: Sequence[str]) -> Panel:
    first = own.iloc[0]
    categories = list(dict.fromkeys(own["category"].dropna()))
    shares = first["kind"] == "binary" or bool(categories)
    numbers = _moved(words, own, categories, groups)
    span = reach(v for m in numbers for v in (m.raw, m.value, m.low, m.high))
    if shares:
        span = max(span[0], -3.0), min(span[1], 103.0)
    ticks = named_ticks(*span, words.style.grouping)
    if categories:
        steps = [words.labels.category(str(first["outcome"]), c, words.lang) for c in categories]
        cell = Cell(partial(_fill_categories, numbers=numbers, span=span, steps=len(steps)), ends=_last(numbers))
        return Panel(name, [cell], ticks, steps, y_label=words.say("share"), room=0.5)
    ends = [End(m.value, f"{m.name} {m.texts[1]}", m.look.colour) for m in numbers]
    steps = [words.say("step.raw"), words.say("step.adjusted")]
    cell = Cell(partial(_fill, numbers=numbers, span=span, steps=steps), ends=ends)
    return Panel(name, [cell], ticks, y_label=_axis_name(words, first))


def _axis_name(words: Wording, row: pd.Series) -> str:
    if row["kind"] == "binary":
        return words.say("share")
    return words.with_unit(words.say("mean"), words.labels.unit(str(row["outcome"]), words.lang))


def _moved(words: Wording, own: pd.DataFrame, categories: Sequence[str], groups: Sequence[str]) -> list[Moved]:
    """The way of every group and category. groups : all that are drawn, in whatever panel."""
    shares = own["kind"].iloc[0] == "binary" or bool(categories)
    times = PER_CENT if shares else 1.0
    look = looks(groups, str(own["reference"].iloc[0]), words.findings.provenance.get("member"))
    digits = OF_SHARES if shares else digits_of(words.findings, str(own["outcome"].iloc[0]))
    found = []
    for _, row in own.iterrows():
        before = raw(words.findings, row) * times
        value, low, high = (float(row[name]) * times for name in ("value", "conf_low", "conf_high"))
        number, limits = words.style.number(value, digits), words.style.limits((low, high), digits)
        known = words.say("value_above", value=number, limits=limits) if low == low and high == high else number
        texts = words.style.number(before, digits), known
        if categories:
            texts = ("", words.style.number(value, 0))
        place = categories.index(row["category"]) if categories else 0
        group = str(row["group"])
        found.append(Moved(words.group(group), look[group], before, value, low, high, texts, place))
    return found


def raw(findings: Findings, row: pd.Series) -> float:
    """The mean, share or rate of this group as it is; undefined where it is not described."""
    if not findings.has("groups"):
        return math.nan
    groups = matching(findings.frame("groups"), "groups", row.drop(["reference"]))
    category = row["category"]
    own = groups[groups["category"].isna() if category is None else groups["category"] == category]
    if not len(own):
        return math.nan
    wanted = ("rate", "mean") if row["kind"] == "count" else ("share", "mean") if _of_shares(row) else ("mean",)
    return next((float(own[name].iloc[0]) for name in wanted if not undefined(own[name].iloc[0])), math.nan)


def _of_shares(row: pd.Series) -> bool:
    return row["kind"] == "binary" or row["category"] is not None


def _last(numbers: Sequence[Moved]) -> list[End]:
    """The names of the groups, beside their last category."""
    last = max(m.place for m in numbers)
    return [End(m.value, m.name, m.look.colour) for m in numbers if m.place == last]


def _fill(ax: Axes, numbers: Sequence[Moved], span: tuple[float, float], steps: Sequence[str]) -> None:
    """Draw each group's way from the raw to the adjusted mean, with the raw values at the left."""
    box, points = ax.get_window_extent(), small_size()
    widest = max(width_of(m.texts[0], points, False) for m in numbers) + BESIDE
    share = min(widest / (box.width / ax.figure.dpi * MM_PER_INCH), MOST_FOR_VALUES)
    ax.set_xlim(-(1 + ROOM) * share / (1 - share), 1 + ROOM)
    ax.set_xticks([0, 1], list(steps))
    ax.tick_params(axis="x", length=0)
    ax.set_ylim(*span)
    for i, moved in enumerate(numbers):
        at = 1 + APART * (2 * i - len(numbers) + 1)
        _draw(ax, moved, 0.0, at, moved.look)
    known = sorted((m for m in numbers if m.raw == m.raw), key=lambda m: m.raw)
    line = points * LINE_SPACING / 72 / (box.height / ax.figure.dpi) * (span[1] - span[0])
    for moved, place in zip(known, spread([m.raw for m in known], [line] * len(known), span[1]), strict=True):
        where: dict[str, Any] = {"xytext": (-5, 0), "textcoords": "offset points", "ha": "right", "va": "center"}
        ax.annotate(moved.texts[0], (0.0, place), fontsize=points, color=moved.look.colour, gid="raw value", **where)


def _fill_categories(ax: Axes, numbers: Sequence[Moved], span: tuple[float, float], steps: int) -> None:
    """Draw each group's way in every category, with the adjusted percentages beside it."""
    ax.set_xlim(-0.5, steps - 0.5)
    ax.set_ylim(*span)
    names = list(dict.fromkeys(m.name for m in numbers))
    inches = ax.get_window_extent().width / ax.figure.dpi
    numbered = inches * MM_PER_INCH / steps >= ENOUGH
    for moved in numbers:
        side = -1 if names.index(moved.name) < len(names) / 2 else 1
        at = moved.place + side * ASIDE
        _draw(ax, moved, at, at, moved.look)
        if not numbered:
            continue
        where: dict[str, Any] = {"xytext": (4 * side, 0), "textcoords": "offset points", "va": "center"}
        align = "left" if side > 0 else "right"
        how: dict[str, Any] = {"fontsize": small_size(), "color": moved.look.colour, "ha": align, "gid": "value"}
        ax.annotate(moved.texts[1], (at, moved.value), **where, **how)


def _draw(ax: Axes, moved: Moved, start: float, end: float, look: Look) -> None:
    colour = look.colour
    if moved.raw == moved.raw:
        ax.plot([start, end], [moved.raw, moved.value], color=colour, lw=0.9, zorder=2, gid="way")
        how: dict[str, Any] = {"mfc": "white", "mec": colour, "mew": 1.0, "zorder": 4, "gid": "raw"}
        ax.plot([start], [moved.raw], look.marker, ms=5.0, **how)
    if moved.low == moved.low and moved.high == moved.high:
        limits = [moved.low, moved.high]
        ax.plot([end, end], limits, color=colour, lw=1.8, solid_capstyle="butt", zorder=3, gid="interval")
    filled: dict[str, Any] = {"mfc": colour, "mec": "white", "mew": 0.5, "zorder": 5, "gid": "adjusted"}
    ax.plot([end], [moved.value], look.marker, ms=6.0, **filled)


def _note(words: Wording, rows: pd.DataFrame) -> str:
    findings = words.findings
    level = float(rows["conf_level"].max())
    said = [words.say("note.adjusted_means", level=level)]
    for weighting in dict.fromkeys(rows["weighting"]):
        members = findings.provenance.get("member")
        named = words.labels.level(members, words.lang) if members else words.words.get("terms.member")
        said.append(words.say(f"note.weighting_{weighting}", members=named))
    if rows["category"].notna().all():
        said.append(words.say("note.adjusted_categories"))
    sized = rows[rows["category"].isna() | ~rows.duplicated(["outcome", "contrast", "group"])]
    n = sized.groupby(["outcome", "contrast"], sort=False)["n"].sum()
    return words.note(None, pd.DataFrame({"n": n, "conf_level": level}), said)
