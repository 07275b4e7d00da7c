"""How would the answer change under another assumption? Reads: sensitivity."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..findings.digits import OF_SHARES, USUAL, digits_of
from ..findings.findings import Findings
from ..findings.lookup import subject_of
from ..findings.measures import MEASURES
from ..findings.naming import capitalised, contrast_name, measure_name, row_headings, term_name
from ..language.numbers import DASH, undefined
from .comparison_cells import with_interval
from .formats import Format, headed, label, marked
from .notes import Notes
from .table import Cell, Table

Row = tuple[Cell, ...]
UNMEASURED = ("e_value", "robustness_value", "extreme", "benchmark", "oster")
"""Analyses of a cause that was not measured, which stand below one heading."""
STRENGTHS = ("e_value", "robustness_value", "extreme")
"""Analyses that find how strong such a cause must be: for the estimate, and for its limit."""
IN_PERCENT = ("robustness_value", "extreme")
"""Analyses whose values are shares of variance."""


def build(findings: Findings, lang: str, style: str) -> Table:
    """What would be estimated at each value of what is not known, and how strong would an unmeasured cause be?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("sensitivity").reset_index(drop=True)
    shown = _columns(frame)
    rows: list[Row] = []
    for name, own in _blocks(frame, findings, form):
        rows.append((label(name), *(Cell() for _ in shown)))
        rows += _rows(own, shown, form, notes)
    for analysis in dict.fromkeys(frame["analysis"]):
        notes.add(f"sensitivity.{_key(analysis, findings, form)}")
        if analysis == "e_value" and frame.loc[frame["analysis"].eq(analysis), "term"].notna().any():
            notes.add("sensitivity.observed")
        if analysis == "benchmark" and (frame.loc[frame["analysis"].eq(analysis), "r2_outcome"] >= 1).any():
            notes.add("sensitivity.all_explained")
    if _simultaneous(findings, frame):
        notes.add("sensitivity.each_alone")
    header = (label(form.say("columns.outcome")), *(_head(key, frame, form) for key in shown))
    return Table(form.say("titles.sensitivity"), (header,), tuple(rows), notes.all(), lang, style, "sensitivity")


def _simultaneous(findings: Findings, frame: pd.DataFrame) -> bool:
    """Does the text go by limits that hold for several comparisons at once?"""
    if not findings.has("estimates"):
        return False
    rows = findings.frame("estimates")
    return bool(rows.loc[rows["outcome"].isin(frame["outcome"]), "simultaneous_low"].notna().any())


def _key(analysis: str, findings: Findings, form: Format) -> str:
    """Under which key is this analysis spoken of? One may be about an earlier score, or about a covariate."""
    own = f"covariates.{analysis}"
    is_own = subject_of(findings) != "waves" and form.words.has(f"tables.analyses.{own}")
    return own if is_own else analysis


def _columns(frame: pd.DataFrame) -> list[str]:
    """The columns, without those that would be empty."""
    known = {
        "setting": frame["setting"].notna().any() or (frame["value"].isna() & frame["estimate"].isna()).any(),
        "r2_member": frame["r2_member"].notna().any(),
        "r2_outcome": frame["r2_outcome"].notna().any(),
        "value": frame["value"].notna().any(),
        "estimate": frame["estimate"].notna().any() or not frame["value"].notna().any(),
    }
    return [key for key, there in known.items() if there]


def _blocks(frame: pd.DataFrame, findings: Findings, form: Format) -> list[tuple[str, pd.DataFrame]]:
    """The rows below one heading: of an outcome and contrast the analyses of one kind."""
    names = row_headings(frame[["outcome", "site", "by", "level"]], findings.labels, form.lang)
    kinds = ["unmeasured" if a in UNMEASURED else a for a in frame["analysis"]]
    said = frame.assign(name=names, part=kinds)
    places = {outcome: i for i, outcome in enumerate(dict.fromkeys(said["name"]))}
    said = said.sort_values("name", key=lambda column: column.map(places), kind="stable")
    parts = said.groupby(["name", "part", "group", "reference"], sort=False, dropna=False)
    contrasts = len(frame[["group", "reference"]].drop_duplicates()) > 1 or bool(frame["reference"].isna().any())
    return [(_heading(own.iloc[0], contrasts, findings, form), own) for _, own in parts]


def _heading(row: pd.Series, contrasts: bool, findings: Findings, form: Format) -> str:
    what = form.words.get(f"tables.analyses.{_key(row['part'], findings, form)}")
    parts = [row["name"], what]
    if contrasts and not undefined(row["group"]):
        parts.append(contrast_name(row["group"], row["reference"], findings.labels, form.lang))
    return form.words.get("terms.list_separator").join(parts)


def _rows(own: pd.DataFrame, shown: Sequence[str], form: Format, notes: Notes) -> list[Row]:
    """The strengths of an unmeasured cause in one row each; everything else row by row."""
    rows: list[Row] = []
    previous = None
    needed = own["analysis"].isin(STRENGTHS) & own["term"].isna()
    for analysis in (a for a in STRENGTHS if (own.loc[needed, "analysis"] == a).any()):
        cells = {"value": _strength(own[needed & (own["analysis"] == analysis)], analysis, form)}
        rows.append(_line(form.words.get(f"tables.analyses.{analysis}"), cells, shown))
    for _, row in own[~needed].iterrows():
        name = _row_name(row, form, notes)
        rows.append(_line("" if name == previous else name, _cells(row, form, notes), shown))
        previous = name
    return rows


def _line(name: str, cells: dict[str, Cell], shown: Sequence[str]) -> Row:
    return (label(capitalised(name), indent=1), *(cells.get(key, Cell()) for key in shown))


def _strength(rows: pd.DataFrame, analysis: str, form: Format) -> Cell:
    """How strong an unmeasured cause must be: to explain the estimate away, and to bring its limit to no difference."""
    values = {row["parameter"]: row["value"] for _, row in rows.iterrows()}
    texts = {key: _value_text(value, analysis, form) for key, value in values.items()}
    text = texts.get("estimate", DASH)
    if "limit" in texts:
        text = form.say("cells.with_limit", estimate=text, limit=texts["limit"])
    return Cell(text, {key: float(value) for key, value in values.items()})


def _value_text(value: float, analysis: str, form: Format) -> str:
    return form.style.percent(value) if analysis in IN_PERCENT else form.quantity(value, USUAL)


def _row_name(row: pd.Series, form: Format, notes: Notes) -> str:
    """What a row is about: the covariate it is compared with, else the analysis or the measure."""
    if undefined(row["term"]) and row["analysis"] in UNMEASURED:
        return form.words.get(f"tables.analyses.{row['analysis']}")
    if undefined(row["term"]) or row["analysis"] == "negative_control":
        return measure_name(row["measure"], form.lang)
    term = _term(str(row["term"]), form, notes.findings)
    key = f"tables.cells.of_analysis.{row['analysis']}"
    return form.words.say(key, form.style.name, term=term) if form.words.has(key) else term


def _term(term: str, form: Format, findings: Findings) -> str:
    """The name of a covariate, or of a block of them that was left out together."""
    rows = findings.frame("sensitivity")
    covariate = term in findings.labels.variables or bool(
        (rows["term"].eq(term) & rows["analysis"].eq("benchmark")).any()
    )
    covariate = covariate or (findings.has("baseline") and bool(findings.frame("baseline")["variable"].eq(term).any()))
    block = f"rungs.names.{term}"
    return (
        form.words.get(block)
        if form.words.has(block) and not covariate
        else term_name(term, findings.labels, form.lang)
    )


def _cells(row: pd.Series, form: Format, notes: Notes) -> dict[str, Cell]:
    cells = {
        key: Cell(form.style.percent(row[key]), row[key])
        for key in ("r2_member", "r2_outcome")
        if not undefined(row[key])
    }
    parameter = "" if undefined(row["parameter"]) else form.words.get(f"tables.parameters.{row['parameter']}")
    if undefined(row["setting"]):
        cells["setting"] = Cell(parameter)
    else:
        times = row["parameter"] == "times"
        value = form.quantity(row["setting"], 0 if times else 2)
        text = form.say("cells.times" if times else "cells.setting", parameter=parameter, value=value)
        cells["setting"] = Cell(text, row["setting"])
    if not undefined(row["value"]):
        cells["value"] = Cell(_value_text(row["value"], row["analysis"], form), row["value"])
    if not undefined(row["estimate"]):
        cells["estimate"] = _estimate(row, form, notes)
    return cells


def _estimate(row: pd.Series, form: Format, notes: Notes) -> Cell:
    measure = MEASURES[row["measure"]]
    in_units = measure.in_units
    decimals = digits_of(notes.findings, row["outcome"]) if in_units else OF_SHARES if measure.of_shares else USUAL
    times, mark = (100, notes.mark("points")) if measure.of_shares else (1, "")
    estimate, low, high = (row[name] * times for name in ("estimate", "conf_low", "conf_high"))
    return marked(form.interval(estimate, low, high, decimals), mark)


def _head(key: str, frame: pd.DataFrame, form: Format) -> Cell:
    if key != "estimate":
        return headed(form.rich(f"columns.{key if key == 'setting' else 'sensitivity.' + key}"))
    level = frame.loc[frame["estimate"].notna(), "conf_level"].dropna()
    estimate = form.rich("columns.estimate_full")
    return headed(with_interval(estimate, float(level.iloc[0]), form) if len(level) else estimate)
