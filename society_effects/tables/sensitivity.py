"""How would the answer change under another assumption? Reads: sensitivity."""

from __future__ import annotations

import pandas as pd

from ..findings.digits import OF_SHARES, USUAL, digits_of
from ..findings.findings import Findings
from ..findings.measures import MEASURES
from ..findings.naming import capitalised, contrast_name, measure_name, row_headings
from ..language.numbers import undefined
from .comparison_cells import with_interval
from .formats import Format, headed, label, marked
from .notes import Notes
from .table import Cell, Table


def build(findings: Findings, lang: str, style: str) -> Table:
    """What would be estimated at each value of what is not known?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("sensitivity")
    names = row_headings(frame[["outcome", "site", "by", "level"]], findings.labels, lang)
    rows: list[tuple[Cell, ...]] = []
    previous = None
    for name, (_, row) in zip(names, frame.iterrows(), strict=True):
        said = (name, row["analysis"], row["group"], row["reference"])
        if said != previous:
            rows.append((label(_heading(name, row, findings, form)), Cell(), Cell()))
        rows.append(_row(row, findings, form, notes))
        previous = said
    for analysis in dict.fromkeys(frame["analysis"]):
        notes.add(f"sensitivity.{analysis}")
    level = frame["conf_level"].dropna()
    estimate = form.rich("columns.estimate_full")
    header = (
        label(form.say("columns.outcome")),
        headed(form.rich("columns.setting")),
        headed(with_interval(estimate, float(level.iloc[0]), form) if len(level) else estimate),
    )
    return Table(form.say("titles.sensitivity"), (header,), tuple(rows), notes.all(), lang, style, "sensitivity")


def _heading(name: str, row: pd.Series, findings: Findings, form: Format) -> str:
    parts = [name, form.words.get(f"tables.analyses.{row['analysis']}")]
    if not undefined(row["group"]):
        parts.append(contrast_name(row["group"], row["reference"], findings.labels, form.lang))
    return form.words.get("terms.list_separator").join(parts)


def _row(row: pd.Series, findings: Findings, form: Format, notes: Notes) -> tuple[Cell, ...]:
    measure = MEASURES[row["measure"]]
    decimals = digits_of(findings, row["outcome"]) if measure.in_units else OF_SHARES if measure.of_shares else USUAL
    times, mark = (100, notes.mark("points")) if measure.of_shares else (1, "")
    estimate, low, high = (row[name] * times for name in ("estimate", "conf_low", "conf_high"))
    parameter = form.words.get(f"tables.parameters.{row['parameter']}")
    return (
        label(capitalised(measure_name(row["measure"], form.lang)), indent=1),
        Cell(form.say("cells.setting", parameter=parameter, value=form.quantity(row["setting"], 2)), row["setting"]),
        marked(form.interval(estimate, low, high, decimals), mark),
    )
