"""How far apart are the groups on each covariate, before and after an adjustment? Reads: balance."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..findings.adjusted import column_of_balance
from ..findings.findings import Findings
from ..findings.naming import contrast_name, outcome_heading, term_heading
from ..language.numbers import DASH, undefined
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Table

Row = tuple[Cell, ...]
STAGES = ("before", "after")
NUMBERS = ("smd", "variance_ratio", "ks")
CUSTOMARY = 0.1
"""Absolute standardised difference from which groups are customarily called unlike."""
OF_A_PART = ("outcome", "group", "reference", "site", "design")


def build(findings: Findings, lang: str, style: str) -> Table:
    """By how many standard deviations do the groups differ on each covariate?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("balance")
    stages = [stage for stage in STAGES if (frame["stage"] == stage).any()]
    numbers = [name for name in NUMBERS if frame[name].notna().any()]
    parts = _parts(frame, findings, form)
    rows: list[Row] = []
    for name, own in parts:
        if len(parts) > 1:
            rows.append((label(name), *(Cell() for _ in range(len(stages) * len(numbers)))))
        rows += _rows(own, stages, numbers, len(parts) > 1, findings, form)
    _explain(frame, parts, numbers, form, notes)
    header = _header(stages, numbers, form)
    return Table(form.say("titles.balance"), header, tuple(rows), notes.all(), lang, style, "balance")


def _parts(frame: pd.DataFrame, findings: Findings, form: Format) -> list[tuple[str, pd.DataFrame]]:
    """The rows that belong together, with what tells them apart."""
    keys = [key for key in OF_A_PART if key in frame]
    parts = [own for _, own in frame.groupby(keys, sort=False, dropna=False)]
    contrasts = frame[["group", "reference"]].drop_duplicates().shape[0] > 1
    outcomes = frame["outcome"].nunique(dropna=False) > 1
    return [(_part_name(own.iloc[0], outcomes, contrasts, findings, form), own) for own in parts]


def _part_name(row: pd.Series, outcomes: bool, contrasts: bool, findings: Findings, form: Format) -> str:
    parts = []
    if outcomes and not undefined(row["outcome"]):
        parts.append(outcome_heading(row["outcome"], findings.labels, form.lang))
    if contrasts or not parts:
        parts.append(contrast_name(row["group"], row["reference"], findings.labels, form.lang))
    return form.words.get("terms.list_separator").join(parts)


def _rows(
    own: pd.DataFrame, stages: Sequence[str], numbers: Sequence[str], below: bool, findings: Findings, form: Format
) -> list[Row]:
    """One row per covariate, a category with its variable."""
    named = own.assign(column=[column_of_balance(row) for _, row in own.iterrows()])
    rows = []
    for column in dict.fromkeys(named["column"]):
        found = named[named["column"] == column]
        by_stage = {row["stage"]: row for _, row in found.iterrows()}
        cells = [_cell(by_stage.get(stage), number, form) for stage in stages for number in numbers]
        rows.append((label(term_heading(column, findings.labels, form.lang), indent=int(below)), *cells))
    return rows


def _cell(row: pd.Series | None, number: str, form: Format) -> Cell:
    of_category = number == "variance_ratio" and row is not None and row["kind"] == "nominal"
    if row is None or undefined(row[number]) or of_category:
        return Cell(DASH)
    return form.number(row[number], 2)


def _header(stages: Sequence[str], numbers: Sequence[str], form: Format) -> tuple[Row, ...]:
    variable = form.say("columns.variable")
    heads = [headed(form.rich(f"columns.{number}")) for number in numbers]
    if len(stages) == 1:
        return ((label(variable), *heads),)
    named = [headed(form.say(f"columns.stage.{stage}"), span=len(numbers)) for stage in stages]
    return (label(variable, depth=2), *named), tuple(head for _ in stages for head in heads)


def _explain(
    frame: pd.DataFrame, parts: Sequence[tuple[str, pd.DataFrame]], numbers: Sequence[str], form: Format, notes: Notes
) -> None:
    first = frame.iloc[0]
    names = [notes.findings.labels.level(first[side], form.lang) for side in ("group", "reference")]
    several = frame[["group", "reference"]].drop_duplicates().shape[0] > 1
    if several:
        notes.add("balance_several")
    else:
        notes.add("balance", group=names[0], reference=names[1])
    for number in numbers:
        if form.words.has(f"tables.notes.of_balance.{number}"):
            notes.add(f"of_balance.{number}")
    notes.add("balance_customary", limit=CUSTOMARY)
    counts = {int(n) for n in frame["n"].dropna()}
    if len(parts) == 1 and len(counts) == 1:
        notes.add("balance_n", n=counts.pop())
