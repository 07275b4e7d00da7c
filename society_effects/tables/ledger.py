"""Who was in, who was dropped, and why? The ledger as a table. Reads: ledger."""

from __future__ import annotations

import pandas as pd

from ..findings.findings import Findings
from ..language.numbers import undefined
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Table, rich

COUNTS = ("n_before", "n_dropped", "n_after")


def build(findings: Findings, lang: str, style: str) -> Table:
    """How many students were there before each step, how many did it drop, how many are left?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("ledger")
    heads = [label(form.say("columns.step")), label(form.say("columns.reason"))]
    heads += [headed(rich(form.words, f"tables.columns.{name}")) for name in COUNTS]
    rows: list[tuple[Cell, ...]] = []
    section: tuple[str, str] | None = None
    for _, row in frame.iterrows():
        place = _section(row, findings, lang)
        if place != section and any(place):
            name = form.words.get("terms.list_separator").join(part for part in place if part)
            rows.append((label(name), Cell(align="left"), *(Cell() for _ in COUNTS)))
        section = place
        rows.append(_step(row, form, 1 if any(place) else 0))
    notes.add("ledger")
    return Table(form.say("titles.ledger"), (tuple(heads),), tuple(rows), notes.all(), lang, style, "ledger")


def _section(row: pd.Series, findings: Findings, lang: str) -> tuple[str, str]:
    outcome = "" if undefined(row["outcome"]) else findings.labels.outcome(row["outcome"], lang)
    group = "" if undefined(row["group"]) else findings.labels.level(row["group"], lang)
    return outcome, group


def _step(row: pd.Series, form: Format, indent: int) -> tuple[Cell, ...]:
    step = form.words.get(f"tables.steps.{row['step']}", str(row["step"]))
    reason = "" if undefined(row["reason"]) else form.words.get(f"tables.reasons.{row['reason']}", str(row["reason"]))
    return (label(step, indent=indent), label(reason), *(form.count(row[name]) for name in COUNTS))
