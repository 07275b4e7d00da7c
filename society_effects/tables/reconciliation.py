"""What does another program print for the same comparison, and why is it not our number? Reads: reconciliation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from ..findings.digits import USUAL
from ..findings.findings import Findings
from ..findings.naming import contrast_name, level_heading, outcome_heading
from ..language.numbers import DASH, undefined
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Table

Row = tuple[Cell, ...]
OF_P = ("p", "sig", "p_value")
"""Items whose name begins or ends so are P values."""


def build(findings: Findings, lang: str, style: str) -> Table:
    """Which numbers does the program print, by which formula, and what stands beside them here?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("reconciliation")
    programs = [form.words.get(f"reconcile.programs.{p}") for p in dict.fromkeys(frame["program"])]
    rows = [row for block in _blocks(frame) for row in _rows(block, len(programs) > 1, findings, form)]
    if frame["marked"].any():
        notes.add("marked", programs=programs)
    if findings.checks_on(keys=("RECONCILE_IGNORES_CLASSES",)):
        notes.add("ignores_classes", programs=programs)
    keys = ("item", "formula", "theirs", "ours", "counterpart")
    words = {key: form.rich(f"columns.{key}", programs=programs) for key in keys}
    header = tuple(headed(words[key]) if key in ("theirs", "ours") else label(words[key]) for key in keys)
    title = form.say("titles.reconciliation", programs=programs)
    return Table(title, (header,), tuple(rows), notes.all(), lang, style, "reconciliation")


def _blocks(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows of one program, outcome and pair of groups."""
    keys = ["program", "outcome", "group", "reference"]
    for _, block in frame.groupby(keys, sort=False, dropna=False):
        yield block


def _rows(block: pd.DataFrame, several: bool, findings: Findings, form: Format) -> Iterator[Row]:
    yield (label(_heading(block.iloc[0], several, findings, form)), *(Cell() for _ in range(4)))
    for _, row in block.iterrows():
        item = f"reconcile.items.{row['item']}"
        name = form.words.get(f"{item}.name", str(row["item"]))
        if not undefined(row["term"]):
            name = form.say("cells.of_term", name=name, term=findings.labels.level(row["term"], form.lang))
        counterpart = row["counterpart"]
        ours = "" if undefined(counterpart) else form.words.get(f"reconcile.counterparts.{counterpart}", counterpart)
        cells = (
            label(name, indent=1),
            label(form.words.get(f"{item}.formula", "")),
            _number(row["theirs"], row["item"], form),
            _number(row["ours"], row["item"], form),
            label(ours),
        )
        yield tuple(replace(cell, emphasis=True) for cell in cells) if row["marked"] else cells


def _heading(row: pd.Series, several: bool, findings: Findings, form: Format) -> str:
    """The outcome, the groups where they are named, the program where there are several."""
    outcome = None if undefined(row["outcome"]) else outcome_heading(row["outcome"], findings.labels, form.lang)
    group = None if undefined(row["group"]) else row["group"]
    groups = group and (
        level_heading(group, findings.labels, form.lang)
        if undefined(row["reference"])
        else contrast_name(group, row["reference"], findings.labels, form.lang)
    )
    program = form.words.get(f"reconcile.programs.{row['program']}") if several else None
    return form.words.get("terms.list_separator").join(part for part in (program, outcome, groups) if part)


def _number(value: float, item: str, form: Format) -> Cell:
    """A P value as a P value, everything else with three decimals as such programs print it."""
    if undefined(value):
        return Cell(DASH)
    parts = item.split("_")
    if parts[0] in OF_P or parts[-1] in OF_P:
        return form.p(value)
    return form.number(value, 0 if float(value).is_integer() else USUAL + 1)
