"""Do the groups differ at all, is there a trend, is a difference small enough? The tests. Reads: tests."""

from __future__ import annotations

import math

import pandas as pd

from ..findings.digits import digits_of_row
from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits, subject_of
from ..findings.measures import MEASURES
from ..findings.naming import contrast_name, row_headings, term_name
from ..language.numbers import undefined
from .blocks import Tested
from .comparison_cells import p_cell, statistic_cell
from .comparison_notes import explain_adjustment
from .formats import Format, headed, label, marked
from .notes import Notes
from .table import Cell, Table

Row = tuple[Cell, ...]


def build(findings: Findings, lang: str, style: str) -> Table:
    """What came out of the tests of all groups, of trends and of equivalence?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("tests")
    place = {outcome: i for i, outcome in enumerate(dict.fromkeys(frame["outcome"]))}
    frame = frame.sort_values("outcome", key=lambda outcomes: outcomes.map(place), kind="stable")
    names = row_headings(frame.drop(columns=["measure", "group", "reference"]), findings.labels, lang)
    keys = _columns(frame)
    rows: list[Row] = []
    previous = None
    for name, (_, row) in zip(names, frame.iterrows(), strict=True):
        cells = _cells(row, findings, form, notes)
        rows.append((label(name if name != previous else ""), *(cells[key] for key in keys)))
        previous = name
    _explain(frame, form, notes)
    header = (label(form.say("columns.outcome")), *(_head(key, frame, form) for key in keys))
    title = "titles.tests_covariates" if subject_of(findings) == "covariates" else "titles.tests"
    return Table(form.say(title), (header,), tuple(rows), notes.all(), lang, style, "tests")


def _columns(frame: pd.DataFrame) -> list[str]:
    """The columns, without those that would be empty."""
    shown = {
        "p_adjusted": frame["p_adjusted"].notna().any(),
        **dict.fromkeys(("margins", "limits"), frame["margin_low"].notna().any() or frame["margin_high"].notna().any()),
        "verdict": frame["verdict"].notna().any(),
    }
    keys = ("question", "statistic", "p", "p_adjusted", "margins", "limits", "verdict", "method")
    return [key for key in keys if shown.get(key, True)]


def _head(key: str, frame: pd.DataFrame, form: Format) -> Cell:
    if key == "limits":
        known = frame["conf_level"][frame["verdict"].notna()].dropna()
        level = {"level": float(known.iloc[0])} if len(known) else {"level": None}
        return headed(form.words.say("terms.interval", form.style.name, **level))
    heading = "p_raw_row" if key == "p" and frame["p_adjusted"].notna().any() else key
    heading = {"p_adjusted": "p_adjusted_row", "method": "method_full"}.get(heading, heading)
    words = form.rich(f"columns.{heading}")
    return label(words) if key in ("question", "verdict", "method") else headed(words)


def _cells(row: pd.Series, findings: Findings, form: Format, notes: Notes) -> dict[str, Cell]:
    tested = Tested.of(row)
    verdict = "" if undefined(row["verdict"]) else form.words.get(f"tables.verdicts.{row['verdict']}")
    equivalence = row["test"] == "equivalence"
    p = p_cell(tested, form, notes, adjusted=False)
    return {
        "question": label(_question(row, findings, form)),
        "statistic": statistic_cell(tested, form, notes, named=True, with_df=row["test"] == "covariate"),
        "p": marked(p, notes.mark("p_of_equivalence")) if equivalence and not undefined(row["p_value"]) else p,
        "p_adjusted": Cell() if undefined(row["p_adjusted"]) else p_cell(tested, form, notes, adjusted=True),
        "margins": _pair(row, "margin_low", "margin_high", findings, form, notes),
        "limits": _pair(row, "conf_low", "conf_high", findings, form, notes),
        "verdict": label(verdict),
        "method": label(form.words.get(f"methods.{row['method']}")),
    }


def _question(row: pd.Series, findings: Findings, form: Format) -> str:
    """What was asked, and of which groups."""
    subject = "waves" if subject_of(findings) == "waves" else "covariates"
    kinds = (f"{subject}.{row['test']}", f"{row['test']}_{row['term']}", row["test"])
    key = next(kind for kind in kinds if kind == row["test"] or form.words.has(f"tables.questions.{kind}"))
    term = "" if undefined(row["term"]) else term_name(row["term"], findings.labels, form.lang, row["group"])
    question = form.say(f"questions.{key}", term=term)
    if undefined(row["group"]) or not _several_contrasts(findings):
        return question
    contrast = contrast_name(row["group"], row["reference"], findings.labels, form.lang)
    return form.say("cells.question_of", question=question, contrast=contrast)


def _several_contrasts(findings: Findings) -> bool:
    """Are there several contrasts, or tests of none, so that each test must name its own?"""
    tests = findings.frame("tests")
    return subject_of(findings) != "covariates" or tests[["group", "reference"]].drop_duplicates().shape[0] > 1


def _pair(row: pd.Series, low: str, high: str, findings: Findings, form: Format, notes: Notes) -> Cell:
    """Two limits in the units of the measure, in percentage points for shares."""
    if undefined(row["margin_low"]) and undefined(row["margin_high"]):
        return Cell()
    pair = row[low], row[high]
    shares = not undefined(row["measure"]) and MEASURES[row["measure"]].of_shares
    ends = {"conf_low": pair[0], "conf_high": pair[1], "simultaneous_low": math.nan, "simultaneous_high": math.nan}
    digits = 2 if undefined(row["measure"]) else digits_of_row(findings, row.to_dict() | ends)
    factor = 100 if shares else 1
    first, second = (math.nan if undefined(v) else factor * v for v in pair)
    cell = Cell(form.style.limits((first, second), digits), {"low": first, "high": second})
    return marked(cell, notes.mark("points") if shares else "")


def _explain(frame: pd.DataFrame, form: Format, notes: Notes) -> None:
    if (frame["test"] == "covariate").any():
        notes.add("sums_of_squares")
    if frame["verdict"].notna().any():
        notes.add("verdicts")
        if notes.findings.has("estimates") and any_joint_limits(notes.findings.frame("estimates")):
            notes.add("verdicts_alone")
    if frame["p_adjusted"].notna().any():
        explain_adjustment(notes)
    clusters = frame["n_clusters"].dropna()
    if len(clusters) and clusters.nunique() == 1:
        notes.add("clusters", k=int(clusters.iloc[0]))
