"""How do the groups differ, and how sure is it? Groups left, difference right. Reads: estimates, groups.

Uses the students' values and the distributions of the groups and of the difference where they are kept.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import OutputError
from ..findings.findings import Findings
from ..findings.lookup import below_level, margin_of, matching, primary_rows
from ..findings.measures import MEASURES
from ..language.numbers import undefined
from .canvas import Canvas
from .contrast_panel import Contrast
from .estimation_layout import Panel, lay_out
from .group_panel import Group
from .palette import looks
from .shown import apart, with_one_reference, without_subgroups
from .wording import PER_CENT, Wording, factor, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOTES = {
    "mean": "estimation",
    "median": "estimation_medians",
    "trimmed_mean": "estimation_trimmed",
    "share": "estimation_of_shares",
}
"""What the note says of each centre."""
ADJUSTED = "adjusted_difference"
"""Family of measures that compare other means than those of the groups as they are."""
MOST_OF_SEVERAL = 4
"""Panels of several contrasts on one page."""


def material(findings: Findings) -> pd.DataFrame:
    """The primary rows in units of their outcome, with those of shares beside them; none where all are of shares.

    Changes and adjusted differences do not start at the mean of a group, and are drawn elsewhere.
    """
    rows = without_subgroups(primary_rows(findings.frame("estimates")))
    known = [MEASURES.get(m) for m in rows["measure"]]
    in_units = pd.Series([m is not None and m.in_units for m in known], rows.index, dtype=bool)
    of_shares = pd.Series([factor(m) == PER_CENT for m in rows["measure"]], rows.index, dtype=bool)
    described = rows["outcome"].isin(set(findings.frame("groups")["outcome"])) & rows["reference"].notna()
    adjusted = [m is not None and m.family == ADJUSTED for m in known]
    described &= rows["reference_wave"].isna() & ~pd.Series(adjusted, rows.index, dtype=bool)
    return rows[(in_units | of_shares) & described] if (in_units & described).any() else rows[:0]


def fits(findings: Findings) -> bool:
    """Do the panels fit one page? Those of several contrasts take its whole width."""
    rows = with_one_reference(material(findings))
    panels = len(rows[apart(rows)].drop_duplicates())
    return len(rows) == panels or panels <= MOST_OF_SEVERAL


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Canvas:
    """Draw a panel for every outcome; ``ax`` is refused, since groups and difference need two axes."""
    if ax is not None:
        raise OutputError("FIGURE_NEEDS_OWN_AXES", lang=lang, figure="estimation")
    words, rows = Wording(findings, lang), material(findings)
    shown = with_one_reference(rows)
    panels = _panels(words, shown)
    chinese = needs_chinese(findings, lang, title)
    only = words.only_against(rows, shown)

    def note(more: list[str]) -> str:
        return _note(words, shown, panels, only or more)

    return lay_out(panels, words, journal, chinese, title, note)


def _note(words: Wording, rows: pd.DataFrame, panels: list[Panel], more: list[str]) -> str:
    """What the note says. more : of the reference."""
    centres, contrasts = {panel.reference.what for panel in panels}, [c for panel in panels for c in panel.contrasts]
    level = float(rows["conf_level"].max())
    extras = [words.say(f"note.{NOTES[what]}", level=level) for what in NOTES if what in centres]
    if centres == {"mean", "share"}:
        extras = [words.say("note.estimation_shares", level=level)]
    extras += [words.say("note.quartiles")] if any(g.q1 == g.q1 for p in panels for g in p.groups) else []
    extras += [words.say("note.distribution", level=level)] if any(c.x is not None for c in contrasts) else []
    extras += [*words.simultaneous(rows), *words.alone(rows), *more]
    extras += [words.say("note.beyond")] if any(p.cut for p in panels) else []
    extras += [words.say("note.share_points")] if "share" in centres else []
    extras += [words.say("note.margin")] if any(c.margin for c in contrasts) else []
    extras += [words.say("note.truth")] if any(math.isfinite(c.truth) for c in contrasts) else []
    sized = pd.DataFrame({"n": [sum(g.n for g in p.groups) for p in panels], "conf_level": rows["conf_level"].max()})
    return words.note(None, sized, [*extras, *words.not_reached(rows)])


def _panels(words: Wording, rows: pd.DataFrame) -> list[Panel]:
    """One panel for each outcome (site, wave, subgroup ...); its contrasts are those with one reference group."""
    parts = [part for _, part in rows.groupby(apart(rows), sort=False, dropna=False)]
    firsts = pd.concat([part.iloc[:1] for part in parts])
    firsts = firsts.assign(group=None, reference=None, measure=None, estimand=None)
    names = words.rows(firsts)
    marks = pd.Series(words.marks(rows), rows.index)
    return [_panel(words, name, part, list(marks[part.index])) for name, part in zip(names, parts, strict=True)]


def _panel(words: Wording, name: str, rows: pd.DataFrame, marks: list[str]) -> Panel:
    first = rows.iloc[0]
    groups = _groups(words, first)
    times = factor(str(first["measure"]))
    reference = next((g for g in groups if g.key == first["reference"]), groups[0])
    contrasts = [
        _contrast(words, row, digits, mark)
        for (_, row), digits, mark in zip(rows.iterrows(), words.digits(rows), marks, strict=True)
    ]
    look = looks([g.key for g in groups], reference.key, words.findings.provenance.get("member"))
    groups = [replace(g, look=look[g.key]) for g in groups]
    contrasts = [replace(c, look=look.get(c.key, look[reference.key])) for c in contrasts]
    unit = words.unit(first["outcome"], first["measure"])
    label = words.measure(str(first["measure"]), unit)
    unit = words.say("share_unit") if times == PER_CENT else unit
    return Panel(name, unit, groups, contrasts, reference, label)


def _groups(words: Wording, row: pd.Series) -> list[Group]:
    """The groups of the outcome of this row, the reference first."""
    findings = words.findings
    keys = row.drop(["group", "reference"])
    frame = matching(findings.frame("groups"), "groups", keys)
    frame = frame[frame["category"].isna()]
    frame = frame.iloc[sorted(range(len(frame)), key=lambda i: frame["group"].iloc[i] != row["reference"])]
    return [_group(words, keys, described) for _, described in frame.iterrows()]


def _group(words: Wording, keys: pd.Series, row: pd.Series) -> Group:
    findings, what = words.findings, _centre(row, str(keys["measure"]))
    times = PER_CENT if what == "share" else 1.0
    limits = [float(row[name]) * times if what in ("mean", "share") else math.nan for name in ("conf_low", "conf_high")]
    own = pd.Series({**keys, "group": row["group"]})
    group = Group(
        key=row["group"],
        name=words.labels.level(row["group"], words.lang),
        label=words.sized_group(row["group"], row["n"]),
        n=float(row["n"]),
        centre=float(row[what]) * times,
        low=limits[0],
        high=limits[1],
        what=what,
    )
    if what == "share":
        return group
    values = _part(findings, "values", own)
    density = _part(findings, "density", own)
    density = density[density["measure"].isna()] if len(density) else density
    return replace(
        group,
        q1=float(row["q1"]),
        q3=float(row["q3"]),
        values=values["value"].to_numpy(dtype=float) if len(values) else None,
        x=density["x"].to_numpy(dtype=float) if len(density) else None,
        density=density["density"].to_numpy(dtype=float) if len(density) else None,
    )


def _centre(row: pd.Series, measure: str) -> str:
    """What stands for the group: what its measure compares where that is known, else its mean, or its share."""
    compared = MEASURES[measure].centre
    if compared in row and not undefined(row[compared]):
        return compared
    return "share" if undefined(row["mean"]) and not undefined(row["share"]) else "mean"


def _part(findings: Findings, name: str, keys: pd.Series) -> pd.DataFrame:
    return matching(findings.frame(name), name, keys) if findings.has(name) else pd.DataFrame()


def _contrast(words: Wording, row: pd.Series, digits: int, mark: str) -> Contrast:
    times = factor(str(row["measure"]))
    density, truth = (_part(words.findings, name, row) for name in ("density", "truth"))
    density = density[density["measure"] == row["measure"]] if len(density) else density
    limits = words.limits(row, digits)
    kind = words.interval(row.to_frame().T)
    line = "widest_line" if below_level(words.findings, row) else "interval_line"
    interval = words.say(line, interval=kind, limits=limits) + mark if limits else ""
    margin = margin_of(words.findings, row)
    return Contrast(
        key=row["group"],
        label=words.minus(row["group"], row["reference"], str(row["measure"])),
        value=words.value(row, digits),
        interval=interval,
        limits=limits + mark,
        brief=words.against_reference(row["group"], str(row["measure"])),
        estimate=float(row["estimate"]) * times,
        low=float(row["conf_low"]) * times,
        high=float(row["conf_high"]) * times,
        truth=float(truth["value"].iloc[0]) * times if len(truth) else math.nan,
        truth_word=words.say("truth"),
        simultaneous=(float(row["simultaneous_low"]) * times, float(row["simultaneous_high"]) * times),
        margin=None if margin is None else (margin[0] * times, margin[1] * times),
        x=density["x"].to_numpy(dtype=float) * times if len(density) else None,
        density=density["density"].to_numpy(dtype=float) if len(density) else None,
    )
