"""Who is missing at one of the waves, and how were they at the other? Reads: attrition."""

from __future__ import annotations

import pandas as pd

from ..findings.digits import digits_of
from ..findings.findings import Findings
from ..findings.naming import level_heading, row_headings
from ..language.numbers import undefined
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Table

COLUMNS = ("measured_at", "missing_at", "n_kept", "kept", "n_lost", "lost", "smd")


def build(findings: Findings, lang: str, style: str) -> Table:
    """How do students whose other score is missing compare with those who have both?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("attrition")
    names = row_headings(frame[["outcome", "site", "by", "level"]], findings.labels, lang)
    rows, previous = [], None
    for name, (_, row) in zip(names, frame.iterrows(), strict=True):
        if name != previous:
            rows.append((label(name), *(Cell() for _ in COLUMNS)))
        rows.append(_row(row, findings, form))
        previous = name
    notes.add("attrition")
    header = (label(form.say("columns.group_of_outcome")), *(headed(form.rich(f"columns.{key}")) for key in COLUMNS))
    return Table(form.say("titles.attrition"), (header,), tuple(rows), notes.all(), lang, style, "attrition")


def _row(row: pd.Series, findings: Findings, form: Format) -> tuple[Cell, ...]:
    decimals = digits_of(findings, row["outcome"])
    group = "" if undefined(row["group"]) else level_heading(row["group"], findings.labels, form.lang)

    def centre(mean: float, sd: float) -> Cell:
        if row["kind"] == "binary":
            return Cell("" if undefined(mean) else form.style.percent(mean, 1), {"share": mean})
        return form.mean_sd(mean, sd, decimals)

    return (
        label(group, indent=1),
        Cell(findings.labels.wave(row["wave"], form.lang)),
        Cell(findings.labels.wave(row["reference_wave"], form.lang)),
        form.count(row["n"]),
        centre(row["mean"], row["sd"]),
        form.count(row["n_lost"]),
        centre(row["mean_lost"], row["sd_lost"]),
        form.number(row["smd"]),
    )
