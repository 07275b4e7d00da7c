"""What is left of the difference from rung to rung of the ladder? Reads: rungs (estimates)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..findings.adjusted import terms_in
from ..findings.digits import OF_SHARES, USUAL, digits_of
from ..findings.findings import Findings
from ..findings.lookup import primary_rows
from ..findings.measures import MEASURES, Measure
from ..findings.naming import capitalised, contrast_name, outcome_heading, term_name
from ..language.numbers import DASH, undefined
from .comparison_cells import with_interval
from .formats import Format, headed, label, marked
from .notes import Notes
from .table import Cell, Table

Row = tuple[Cell, ...]
NUMBERS = ("estimate", "from_raw", "share_left")
"""What stands on a rung that was climbed."""


def build(findings: Findings, lang: str, style: str) -> Table:
    """What does each rung assume, what does it find, and how much of the unadjusted difference is left?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("rungs")
    several = frame[["group", "reference"]].drop_duplicates().shape[0] > 1
    parts = [own for _, own in frame.groupby(["outcome", "group", "reference"], sort=False, dropna=False)]
    rows: list[Row] = []
    for own in parts:
        if len(parts) > 1:
            name = _heading(own.iloc[0], several, findings, form)
            rows.append((label(name), *(Cell() for _ in range(len(NUMBERS) + 3))))
        for _, row in own.sort_values("position", kind="stable").iterrows():
            rows.append(_row(row, int(len(parts) > 1), form, notes))
    _explain(frame, form, notes)
    header = (_header(frame, findings, form),)
    return Table(_title(parts, several, findings, form), header, tuple(rows), notes.all(), lang, style, "rungs")


def _title(parts: Sequence[pd.DataFrame], several: bool, findings: Findings, form: Format) -> str:
    if len(parts) > 1:
        return form.say("titles.rungs")
    return form.say("titles.rungs_of", outcome=findings.labels.outcome(parts[0].iloc[0]["outcome"], form.lang))


def _heading(row: pd.Series, several: bool, findings: Findings, form: Format) -> str:
    name = outcome_heading(row["outcome"], findings.labels, form.lang)
    if not several:
        return name
    contrast = contrast_name(row["group"], row["reference"], findings.labels, form.lang)
    return form.say("cells.of_term", name=name, term=contrast)


def _row(row: pd.Series, indent: int, form: Format, notes: Notes) -> Row:
    """A rung; of one that was not climbed, the reason in the place of its numbers."""
    name = label(capitalised(_rung_name(str(row["design"]), notes.findings, form)), indent=indent)
    adjusted_for = label(_adjusted_for(row, form, notes))
    if undefined(row["estimate"]):
        reason = "failed" if undefined(row["reason"]) else row["reason"]
        why = form.say("cells.not_climbed", reason=form.words.get(f"rungs.reasons.{reason}"))
        return name, adjusted_for, label(why, span=5), *(Cell() for _ in range(4))
    covariates = form.words.get("rungs.covariates")
    assumption = label(capitalised(form.words.say(f"rungs.assumptions.{row['assumption']}", covariates=covariates)))
    mark = "" if undefined(row["estimand"]) else _mark(str(row["estimand"]), form, notes)
    numbers = [_number(row, number, form, notes) for number in NUMBERS]
    return name, adjusted_for, assumption, form.count(row["n"]), marked(numbers[0], mark), *numbers[1:]


def _adjusted_for(row: pd.Series, form: Format, notes: Notes) -> str:
    """The terms, or the blocks of covariates, of this rung."""
    labels = notes.findings.labels
    named = []
    for term in terms_in(row["adjusted_for"]):
        of_block = term not in labels.variables and form.words.has(f"rungs.names.{term}")
        named.append(form.words.get(f"rungs.names.{term}") if of_block else term_name(term, labels, form.lang))
    return form.words.get("terms.list_separator").join(named) or DASH


def _rung_name(key: str, findings: Findings, form: Format) -> str:
    known = form.words.has(f"rungs.names.{key}")
    return form.words.get(f"rungs.names.{key}") if known else findings.labels.outcome(key, form.lang)


def _mark(estimand: str, form: Format, notes: Notes) -> str:
    """The footnote that says whose average a number is."""
    return notes.mark(f"whose.{estimand}") if form.words.has(f"tables.footnotes.whose.{estimand}") else ""


def _number(row: pd.Series, name: str, form: Format, notes: Notes) -> Cell:
    """One number with its limits: in units, in percentage points, or as a percentage of the unadjusted one."""
    keys = ("estimate", "conf_low", "conf_high") if name == "estimate" else (name, f"{name}_low", f"{name}_high")
    numbers = [row[key] for key in keys]
    if name == "share_left":
        unit, times, decimals = "%", 100, 0
    else:
        measure = _measure(notes.findings, row)
        shares = measure is not None and measure.of_shares
        unit, times, decimals = "", 100 if shares else 1, _decimals(notes.findings, row, measure)
    if undefined(numbers[0]):
        return Cell(DASH)
    estimate, low, high = (times * value for value in numbers)
    cell = form.interval(estimate, low, high, decimals, unit)
    return marked(cell, notes.mark("points") if times == 100 and not unit else "")


def _measure(findings: Findings, row: pd.Series) -> Measure | None:
    """In what is the outcome of this rung measured?"""
    if not findings.has("estimates"):
        return None
    rows: Any = primary_rows(findings.frame("estimates"))
    own = rows[(rows["outcome"] == row["outcome"]) & (rows["design"] == row["design"])]
    found = own if len(own) else rows[rows["outcome"] == row["outcome"]]
    return MEASURES[found.iloc[0]["measure"]] if len(found) else None


def _decimals(findings: Findings, row: pd.Series, measure: Measure | None) -> int:
    if measure is None or measure.in_units:
        return digits_of(findings, row["outcome"])
    return OF_SHARES if measure.of_shares else USUAL


def _header(frame: pd.DataFrame, findings: Findings, form: Format) -> Row:
    level = float(frame["conf_level"].dropna().iloc[0])
    heads = [headed(with_interval(form.rich(f"columns.rung.{name}"), level, form)) for name in NUMBERS]
    return (
        label(form.say("columns.rung.name")),
        label(form.say("columns.rung.adjusted_for")),
        label(form.say("columns.rung.assumption")),
        headed(form.rich("columns.n")),
        *heads,
    )


def _explain(frame: pd.DataFrame, form: Format, notes: Notes) -> None:
    findings, first = notes.findings, frame.iloc[0]
    if not undefined(first["group"]):
        labels = findings.labels
        sides = (labels.level(first[side], form.lang) for side in ("group", "reference"))
        notes.add("direction", **dict(zip(("group", "reference"), sides, strict=True)))
    notes.add("rungs")
    if frame["share_left"].notna().any():
        notes.add("share_left")
    counts = frame.loc[frame["reason"].isna(), "n"].dropna()
    if len(counts) and counts.groupby(frame["outcome"]).nunique().max() == 1:
        notes.add("rungs_same_students")
    clusters = frame["n_clusters"].dropna()
    if len(clusters):
        notes.add("clusters", k=int(clusters.max()))
    for check in findings.checks:
        if check.key == "NOT_IN_LADDER":
            left_out = (findings.labels.outcome(column, form.lang) for column in check.values["outcomes"])
            notes.add("not_in_ladder", outcomes=form.say("cells.between_entries").join(left_out))
    methods = dict.fromkeys(form.words.get(f"methods.{method}") for method in frame["method"].dropna())
    if methods:
        notes.add("methods", methods=form.say("cells.between_entries").join(methods))
