"""How strong is the association, how alike are classmates? Quantities that are no difference. Reads: quantities."""

from __future__ import annotations

import pandas as pd

from ..findings.findings import Findings
from ..findings.naming import SEPARATOR, row_headings
from ..language.numbers import undefined
from .comparison_cells import quantity_cell, with_interval
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Table


def build(findings: Findings, lang: str, style: str) -> Table:
    """Which quantities with their limits came out for each outcome?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("quantities")
    names = _names(frame, findings, form)
    rows, previous = [], None
    for name, (_, row) in zip(names, frame.iterrows(), strict=True):
        shown = label(name if name != previous else "")
        how = label("" if undefined(row["method"]) else form.words.get(f"methods.{row['method']}"))
        rows.append((shown, label(_quantity(row, form)), quantity_cell(row, form, notes), how))
        previous = name
    for quantity in dict.fromkeys(frame["quantity"]):
        if form.words.has(f"tables.notes.measures.{quantity}"):
            notes.add(f"measures.{quantity}")
    header = _header(frame, form)
    return Table(form.say("titles.quantities"), (header,), tuple(rows), notes.all(), lang, style, "quantities")


def _names(frame: pd.DataFrame, findings: Findings, form: Format) -> list[str]:
    """What each quantity is of: an outcome, a group; or what all outcomes share."""
    names = row_headings(frame.assign(reference=None), findings.labels, form.lang)
    every = form.say("columns.all_outcomes")
    return [
        SEPARATOR.join(part for part in (every, name) if part) if undefined(outcome) else name
        for name, outcome in zip(names, frame["outcome"], strict=True)
    ]


def _header(frame: pd.DataFrame, form: Format) -> tuple[Cell, ...]:
    levels = frame["conf_level"].dropna()
    value = form.rich("columns.value")
    return (
        label(form.say("columns.outcome")),
        label(form.say("columns.quantity")),
        headed(with_interval(value, float(levels.iloc[0]), form) if len(levels) else value),
        label(form.say("columns.method_full")),
    )


def _quantity(row: pd.Series, form: Format) -> str:
    name = form.words.get(f"tables.quantities.{row['quantity']}")
    if undefined(row["term"]):
        return name
    term = form.words.get(f"tables.terms.{row['term']}", row["term"])
    return form.say("cells.of_term", name=name, term=term)
