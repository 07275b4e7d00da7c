"""Who was in, who was dropped, and why? The ledger as a table. Reads: ledger."""

from __future__ import annotations

import pandas as pd

from ..findings.findings import Findings
from ..findings.naming import level_heading, outcome_heading
from ..language.numbers import undefined
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Table

COUNTS = ("n_before", "n_dropped", "n_after")


def build(findings: Findings, lang: str, style: str) -> Table:
    """How many students were there before each step, how many did it drop, how many are left?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    heads = [label(form.say("columns.students")), label(form.say("columns.step"))]
    heads += [headed(form.rich(f"columns.{name}")) for name in COUNTS]
    rows: list[tuple[Cell, ...]] = []
    frame = _told(findings.frame("ledger"))
    previous = None
    for _, row in frame.iterrows():
        who = _who(row, findings, form)
        counts = (form.count(row[name]) for name in COUNTS)
        rows.append((label(who if who != previous else ""), label(_step(row, form)), *counts))
        previous = who
    notes.add("ledger")
    return Table(form.say("titles.ledger"), (tuple(heads),), tuple(rows), notes.all(), lang, style, "ledger")


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """The steps worth a row: those that drop nobody only where nothing else is said of the same students."""
    alone = frame.groupby(["outcome", "group"], dropna=False)["step"].transform("size") == 1
    return frame[(frame["n_dropped"] > 0) | alone | frame["outcome"].isna()]


def _who(row: pd.Series, findings: Findings, form: Format) -> str:
    outcome, group = (None if undefined(row[key]) else row[key] for key in ("outcome", "group"))
    if outcome is None:
        return form.say("columns.all_students") if group is None else level_heading(group, findings.labels, form.lang)
    name = outcome_heading(outcome, findings.labels, form.lang)
    parts = [name] if group is None else [name, findings.labels.level(group, form.lang)]
    return form.words.get("terms.list_separator").join(parts)


def _step(row: pd.Series, form: Format) -> str:
    step = form.words.get(f"tables.steps.{row['step']}", str(row["step"]))
    if undefined(row["reason"]):
        return step
    reason = form.words.get(f"tables.reasons.{row['reason']}", str(row["reason"]))
    return form.say("cells.step", step=step, reason=reason)
