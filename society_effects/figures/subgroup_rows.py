"""Is the difference the same in all subgroups? Differences in each, and their differences. Reads: estimates.

Uses the lines of the difference over a measurement.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits, primary_rows
from ..findings.measures import MEASURES
from ..findings.naming import SEPARATOR, capitalised, measure_name, outcome_heading, term_heading
from ..language.numbers import undefined
from .palette import FAINT, INK, MEMBER
from .panels import Cell, Grid, Panel, Shape, null_line
from .row_layout import Below, show_rows
from .row_parts import WHOLE_DIAMOND, Block, Mark, Row, Upright
from .scales import named_ticks, reach
from .wording import PER_CENT, Wording, factor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .canvas import Canvas, Sheet

BETWEEN_SUBGROUPS = "_between_subgroups"
"""The end of the names of measures that compare subgroups."""
NUMBERS = ("estimate", "conf_low", "conf_high")
SHAPE = Shape(tall=34.0, lowest=22.0, least=34.0)  # mm
MOST_ROWS = 40
"""Rows on one page."""


def material(findings: Findings) -> pd.DataFrame:
    """The rows of subgroups and of what compares them; categories of the outcome itself are none."""
    rows = findings.frame("estimates")
    rows = rows[rows["by"].notna()]
    compared = rows["measure"].str.endswith(BETWEEN_SUBGROUPS)
    of_answers = rows["measure"].isin(primary_rows(findings.frame("estimates"))["measure"])
    return rows[compared | of_answers]


def fits(findings: Findings) -> bool:
    """Do all subgroups of all outcomes fit one page?"""
    rows = material(findings)
    keys = rows[["outcome", "group", "reference", "by"]].drop_duplicates()
    return len(keys) + len(_subgroups(rows)) + len(keys[["outcome", "group"]].drop_duplicates()) <= MOST_ROWS


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the subgroups below the answer they belong to; on ``ax`` alone where there is one measure and no line."""
    words, rows = Wording(findings, lang), material(findings)
    answers = primary_rows(findings.frame("estimates"))
    answers = answers[answers["by"].isna() & answers["outcome"].isin(rows["outcome"])]
    units = [words.unit(o, m) for o, m in zip(answers["outcome"], answers["measure"], strict=True)]
    grouped = answers.groupby([answers["measure"], pd.Series(units, answers.index)], sort=False)
    several = len(answers) > 1
    names = words.rows(answers.assign(measure=None, estimand=None)) if several else [words.say("overall")]
    named = pd.Series(names, answers.index, dtype=object)
    blocks = [_block(words, part, rows, named) for _, part in grouped]
    lines = _lines(words, rows)
    below = Below(partial(_height, lines), partial(_draw_lines, lines)) if lines else None
    return show_rows(words, blocks, _note(words, answers, rows, bool(lines)), "subgroups", journal, title, ax, below)


def _subgroups(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[~rows["measure"].str.endswith(BETWEEN_SUBGROUPS)]


def _block(words: Wording, answers: pd.DataFrame, rows: pd.DataFrame, named: pd.Series) -> Block:
    """All answers of one measure and unit on one axis, each followed by its subgroups. named : all answers, by row."""
    measure = str(answers["measure"].iloc[0])
    compared = rows[rows["measure"].str.endswith(BETWEEN_SUBGROUPS) & rows["outcome"].isin(answers["outcome"])]
    found: list[Row] = []
    uprights = []
    for i, answer in answers.iterrows():
        own = rows[_same(rows, answer)]
        listed = _rows_of(words, answer, own, named[i], strong=len(named) > 1)
        value = float(answer["estimate"]) * factor(measure)
        ends = len(found), len(found) + len(listed) - 1
        uprights += [Upright(value, "", "overall", dashed=True, colour=FAINT, rows=ends)] if value == value else []
        found += listed
    any_compared = rows["measure"].str.endswith(BETWEEN_SUBGROUPS).any()
    label = words.measure(measure, words.unit(str(answers["outcome"].iloc[0]), measure))
    columns = 2 if any_compared else 1
    return Block(
        rows=tuple(replace(row, cells=row.cells[:columns]) for row in found),
        headings=_headings(words, answers, compared)[:columns],
        rights=(False,) * columns,
        axis_label=f"{label}\n{words.direction(answers)}".rstrip(),
        null=MEASURES[measure].null_value * factor(measure),
        logarithmic=MEASURES[measure].scale == "log",
        uprights=tuple(uprights),
        grouping=words.style.grouping,
    )


def _same(rows: pd.DataFrame, answer: pd.Series) -> pd.Series:
    """Which rows belong to the outcome and contrast of this answer?"""
    same = pd.Series(True, rows.index)
    for key in ("outcome", "group", "reference", "wave", "site", "design"):
        if not undefined(answer[key]):
            same &= rows[key] == answer[key]
    return same


def _headings(words: Wording, answers: pd.DataFrame, compared: pd.DataFrame) -> tuple[str, str]:
    level = words.say("interval", level=float(answers["conf_level"].max()))
    ratios = any(MEASURES[m].scale == "log" for m in compared["measure"])
    key = "ratio_of_subgroups" if ratios else "difference_of_subgroups"
    heading = words.say(key, interval=words.interval(compared)) if len(compared) else ""
    return words.say("estimate_header", interval=level), heading


def _rows_of(words: Wording, answer: pd.Series, own: pd.DataFrame, name: str, strong: bool) -> list[Row]:
    """The answer, and below it every variable with its subgroups."""
    digits = words.digits(answer.to_frame().T)[0]
    sized = words.say("sized", group=name, size=words.say("size", n=answer["n"]))
    found = [Row(sized, (_alone(words, answer, digits), ""), (_mark(answer, WHOLE_DIAMOND),), strong=strong)]
    for by in own["by"].drop_duplicates():
        found += _variable_rows(words, str(by), own[own["by"] == by], digits)
    return found


def _variable_rows(words: Wording, by: str, own: pd.DataFrame, digits: int) -> list[Row]:
    name = term_heading(by, words.labels, words.lang)
    levels, compared = _subgroups(own), own[own["measure"].str.endswith(BETWEEN_SUBGROUPS)]
    along = compared[compared["level"].isna()]
    if len(along):
        text = words.estimate(along.iloc[0], digits)
        return [Row(words.say("per_sd", name=name), ("", text), indent=1)]
    told = {str(row["level"]): words.estimate(row, digits) for _, row in compared.iterrows()}
    references = set(compared["reference_level"].dropna())
    found = [Row(name, indent=1)]
    for _, row in levels.iterrows():
        level = str(row["level"])
        text = words.say("reference") if level in references else told.get(level, "")
        sized = words.say("sized", group=_level(words, by, level), size=words.say("size", n=row["n"]))
        found.append(Row(sized, (_alone(words, row, digits), text), (_mark(row, "s"),), indent=3))
    return found


def _level(words: Wording, by: str, level: str) -> str:
    """The name of a subgroup where it stands alone."""
    name = words.labels.category(by, level, words.lang)
    return capitalised(name) if level in words.labels.categories.get(by, {}) else name


def _alone(words: Wording, row: pd.Series, digits: int) -> str:
    """An estimate with the limits that hold for it alone."""
    times = factor(str(row["measure"]))
    estimate, low, high = (float(row[column]) * times for column in NUMBERS)
    return words.with_limits(estimate, low, high, digits)


def _mark(row: pd.Series, marker: str) -> Mark:
    times = factor(str(row["measure"]))
    estimate, low, high = (float(row[column]) * times for column in NUMBERS)
    return Mark(estimate, low, high, marker, gid="overall" if marker == WHOLE_DIAMOND else "estimate")


def _lines(words: Wording, rows: pd.DataFrame) -> list[Panel]:
    """A panel for the difference over every measurement that has a line."""
    if not words.findings.has("lines"):
        return []
    lines = words.findings.frame("lines")
    lines = lines[lines["by"].notna() & lines["by"].isin(rows["by"])]
    told = [key for key in ("outcome", "group") if lines[key].nunique() > 1]
    return [_panel(words, part, told) for _, part in lines.groupby(["outcome", "group", "by"], sort=False)]


def _panel(words: Wording, part: pd.DataFrame, told: list[str]) -> Panel:
    """One line. told : what its name must say, the outcome or the group."""
    first = part.iloc[0]
    outcome, measure, times = str(first["outcome"]), str(first["measure"]), factor(str(first["measure"]))
    x, middle, low, high = (part[c].to_numpy(dtype=float) for c in ("x", "value", "conf_low", "conf_high"))
    span = reach([*(low * times), *(high * times), 0.0])

    def fill(ax: Axes) -> None:
        null_line(ax)
        ax.fill_between(x, low * times, high * times, color=INK, alpha=0.12, lw=0, zorder=2, gid="band")
        ax.plot(x, middle * times, color=MEMBER, lw=1.4, zorder=3, gid="line")
        ax.set_ylim(*span)
        ax.set_xlim(*reach(x))
        ticks = named_ticks(*reach(x), words.style.grouping, 5)
        ax.set_xticks(list(ticks), list(ticks.values()))

    unit = words.say("percentage_points") if times == PER_CENT else words.unit(outcome, measure)
    name = SEPARATOR.join(
        outcome_heading(outcome, words.labels, words.lang) if key == "outcome" else words.group(str(first["group"]))
        for key in told
    )
    over = term_heading(str(first["by"]), words.labels, words.lang)
    label = words.with_unit(words.say("difference"), unit)
    return Panel(name, [Cell(fill)], named_ticks(*span, words.style.grouping, 5), x_label=over, y_label=label)


def _grid(lines: list[Panel], sheet: Sheet) -> Grid:
    return Grid(sheet, lines, SHAPE, min(max(len(lines), 2), 4))


def _height(lines: list[Panel], sheet: Sheet, room: float) -> float:
    return _grid(lines, sheet).height(room)


def _draw_lines(lines: list[Panel], sheet: Sheet, canvas: Canvas, top: float, height: float) -> None:
    _grid(lines, sheet).draw(canvas, top, height)


def _note(words: Wording, answers: pd.DataFrame, rows: pd.DataFrame, lines: bool) -> str:
    level = float(answers["conf_level"].max())
    compared = rows[rows["measure"].str.endswith(BETWEEN_SUBGROUPS)]
    said = ["subgroups"]
    said += ["subgroups_together"] if any_joint_limits(compared) else []
    said += ["subgroup_lines"] if lines else []
    name = [capitalised(measure_name(m, words.lang)) for m in dict.fromkeys(answers["measure"])]
    return words.note(None, answers, [words.say(f"note.{key}", level=level, measure=name[0]) for key in said])
