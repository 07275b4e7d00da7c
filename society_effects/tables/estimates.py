"""What was estimated, in full? Every row of the estimates with its measure, interval, test and P. Reads: estimates."""

from __future__ import annotations

import pandas as pd

from ..findings.digits import digits_of_statistic
from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits
from ..findings.naming import capitalised, measure_name, row_headings
from ..language.numbers import DASH, undefined
from .blocks import Tested
from .comparison_cells import interval_cell, symbol, with_interval
from .comparison_notes import explain_adjustment, explain_band
from .formats import Format, headed, label, marked
from .notes import Notes
from .table import Cell, Run, Table

COLUMNS = ("outcome", "measure", "estimate", "df", "statistic", "p_raw", "p_adjusted", "n", "method")


def build(findings: Findings, lang: str, style: str) -> Table:
    """Which estimates, primary and beside it, came out for each outcome?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("estimates")
    names = row_headings(frame.drop(columns=["measure"]), findings.labels, lang)
    adjusted = bool(frame["p_adjusted"].notna().any())
    rows, previous = [], None
    for name, (_, row) in zip(names, frame.iterrows(), strict=True):
        cells = _row(row, form, notes, adjusted)
        rows.append((label(name if name != previous else ""), *cells))
        previous = name
    if (frame["null_value"] == 1).any():
        notes.add("ratios")
    if adjusted:
        explain_adjustment(notes, any_joint_limits(frame), subgroups=None)
    explain_band(notes)
    header = (_header(float(frame["conf_level"].iloc[0]), form, adjusted),)
    return Table(form.say("titles.estimates"), header, tuple(rows), notes.all(), lang, style, "estimates")


def _header(level: float, form: Format, adjusted: bool) -> tuple[Cell, ...]:
    heads = []
    for key in COLUMNS:
        if key == "p_adjusted" and not adjusted:
            continue
        words = form.rich(f"columns.{'p' if key == 'p_raw' and not adjusted else key + '_full'}")
        content = with_interval(words, level, form) if key == "estimate" else words
        heads.append(label(content) if key in ("outcome", "measure", "method") else headed(content))
    return tuple(heads)


def _row(row: pd.Series, form: Format, notes: Notes, adjusted: bool) -> tuple[Cell, ...]:
    measure = label(capitalised(measure_name(row["measure"], form.lang)))
    measure = marked(measure, notes.mark("primary") if row["primary"] else "")
    estimate = interval_cell(row, form, notes, mixed=True)
    statistic = Cell(DASH)
    if not undefined(row["statistic"]):
        equals = " = " if form.style.spaced else "="
        shown = form.quantity(row["statistic"], digits_of_statistic(row["statistic_name"]))
        statistic = Cell((*symbol(Tested.of(row), form), Run(equals + shown)), row["statistic"])
    untested = row["primary"] and undefined(row["p_value"])
    p_cells = [marked(form.p(row["p_value"]), notes.undefined(row["outcome"]) if untested else "")]
    if adjusted:
        p_cells.append(Cell("") if undefined(row["p_adjusted"]) else form.p(row["p_adjusted"]))
    finite = not undefined(row["df"]) and row["df"] != float("inf")
    return (
        measure,
        estimate,
        Cell(form.style.df(row["df"]), row["df"], "0.0") if finite else Cell(DASH),
        statistic,
        *p_cells,
        form.count(row["n"]),
        label(_made_by(row, form)),
    )


def _made_by(row: pd.Series, form: Format) -> str:
    """The method of the row, and of its limits where they come from another."""
    names = [form.words.get(f"methods.{row[key]}") for key in ("method", "interval_method") if row[key]]
    return form.say("cells.between_entries").join(names)
