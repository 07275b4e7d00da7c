"""Which students move the adjusted difference the most? Reads: influential."""

from __future__ import annotations

import pandas as pd

from ..findings.digits import OF_SHARES, digits_of
from ..findings.findings import Findings
from ..findings.lookup import matching
from ..findings.measures import MEASURES
from ..findings.naming import capitalised, contrast_name, level_heading, measure_name, outcome_heading
from ..language.numbers import DASH
from .formats import Format, headed, label, marked
from .notes import Notes
from .table import Cell, Table

Row = tuple[Cell, ...]


def build(findings: Findings, lang: str, style: str) -> Table:
    """What would the difference be without each of these students?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("influential")
    several = frame[["group", "reference"]].drop_duplicates().shape[0] > 1
    rows: list[Row] = []
    for _, own in frame.groupby(["outcome", "group", "reference"], sort=False, dropna=False):
        rows.append((_heading(own.iloc[0], several, form, notes), *(Cell() for _ in range(4))))
        rows += [_row(row, form, notes) for _, row in own.iterrows()]
    notes.add("influential")
    measures = {measure_name(m, lang) for m in frame["measure"]}
    measure = measures.pop() if len(measures) == 1 else form.say("cells.estimate")
    header = (
        label(form.say("columns.outcome_student")),
        headed(form.say("columns.group_of_student")),
        headed(form.say("columns.own_value")),
        headed(capitalised(form.say("columns.without", measure=measure))),
        headed(form.say("columns.moved")),
    )
    return Table(form.say("titles.influential"), (header,), tuple(rows), notes.all(), lang, style, "influential")


def _heading(row: pd.Series, several: bool, form: Format, notes: Notes) -> Cell:
    """The outcome, with the estimate from all students where it is known."""
    findings = notes.findings
    name = outcome_heading(row["outcome"], findings.labels, form.lang)
    if several:
        contrast = contrast_name(row["group"], row["reference"], findings.labels, form.lang)
        name = form.say("cells.of_term", name=name, term=contrast)
    estimate = _estimate(findings, row)
    if estimate is None:
        return label(name)
    times, decimals = _scale(findings, row)
    return label(form.say("cells.with_all", name=name, estimate=form.quantity(times * estimate, decimals)))


def _estimate(findings: Findings, row: pd.Series) -> float | None:
    if not findings.has("estimates"):
        return None
    keys = {key: row[key] for key in ("outcome", "measure", "group", "reference")}
    found = matching(findings.frame("estimates"), "estimates", keys)
    found = found[found["primary"]]
    return float(found.iloc[0]["estimate"]) if len(found) else None


def _scale(findings: Findings, row: pd.Series) -> tuple[int, int]:
    """By how much the estimate is multiplied, to be in percentage points where it is of shares; and its decimals."""
    if MEASURES[row["measure"]].of_shares:
        return 100, OF_SHARES + 1
    return 1, digits_of(findings, row["outcome"])


def _row(row: pd.Series, form: Format, notes: Notes) -> Row:
    times, decimals = _scale(notes.findings, row)
    mark = notes.mark("points") if times == 100 else ""
    return (
        label(str(row["unit"]), indent=1),
        Cell(_group_of(row, notes.findings, form)),
        form.number(row["value"], 0 if times == 100 else decimals),
        marked(form.number(times * row["without"], decimals), mark),
        marked(form.number(times * row["change"], decimals), mark),
    )


def _group_of(row: pd.Series, findings: Findings, form: Format) -> str:
    """The group of the student, as far as the values of students are there; a dash otherwise."""
    if not findings.has("values"):
        return DASH
    values = findings.frame("values")
    own = values[(values["unit"] == row["unit"]) & (values["outcome"] == row["outcome"])]["group"].dropna()
    return level_heading(own.iloc[0], findings.labels, form.lang) if len(own) else DASH
