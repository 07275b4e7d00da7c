"""Is the difference the same in all subgroups? Reads: estimates, tests.

One row per subgroup with its own difference; beside it by how much that differs from the first subgroup.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits, matching, subgroup_rows
from ..findings.measures import MEASURES
from ..findings.naming import capitalised, contrast_name, level_name, measure_name, outcome_heading, term_heading
from ..language.numbers import undefined
from .blocks import Tested
from .comparison_cells import interval_cell, shown_p_cell, statistic_cell, with_interval
from .comparison_notes import explain_adjustment
from .formats import Format, headed, label, marked
from .notes import Notes
from .table import Cell, Run, Table

Row = tuple[Cell, ...]
COMPARED = ("difference_between_subgroups", "share_difference_between_subgroups", "ratio_between_subgroups")
"""Measures that compare subgroups."""
OF_A_PART = ("outcome", "group", "reference", "wave", "site", "design")


def build(findings: Findings, lang: str, style: str) -> Table:
    """What is the difference in each subgroup, and do the subgroups differ?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = subgroup_rows(findings.frame("estimates"))
    compared = frame[frame["measure"].isin(COMPARED)]
    tested = [Tested.of(row) for _, row in compared.iterrows()]
    several = frame[["group", "reference"]].drop_duplicates().shape[0] > 1
    rows: list[Row] = []
    for _, own in frame.groupby(list(OF_A_PART), sort=False, dropna=False):
        rows.append((label(_heading(own.iloc[0], several, findings, form)), *(Cell() for _ in range(5))))
        for by in dict.fromkeys(own["by"]):
            rows += _variable(own[own["by"] == by], tested, form, notes)
    _explain(frame, compared, several, form, notes)
    header = (_header(frame, compared, form),)
    return Table(form.say("titles.subgroups"), header, tuple(rows), notes.all(), lang, style, "subgroups")


def _heading(row: pd.Series, several: bool, findings: Findings, form: Format) -> str:
    name = outcome_heading(row["outcome"], findings.labels, form.lang)
    if not several:
        return name
    contrast = contrast_name(row["group"], row["reference"], findings.labels, form.lang)
    return form.say("cells.of_term", name=name, term=contrast)


def _variable(own: pd.DataFrame, tested: Sequence[Tested], form: Format, notes: Notes) -> list[Row]:
    """The variable with the test of all its subgroups; its subgroups; a measurement has one row."""
    by = str(own.iloc[0]["by"])
    name = term_heading(by, notes.findings.labels, form.lang)
    compared = own["measure"].isin(COMPARED)
    along = own[compared & own["level"].isna()]
    if len(along):
        shown = form.words.say("terms.per_sd", name=name)
        return [(label(shown, indent=1), *_blank(3), *_compared(along.iloc[0], tested, form, notes))]
    rows: list[Row] = [(label(name, indent=1), *_blank(3), *_together(own.iloc[0], form, notes))]
    contrasts = {row["level"]: row for _, row in own[compared].iterrows()}
    references = {row["reference_level"] for row in contrasts.values()}
    for _, row in own[~compared].iterrows():
        level = capitalised(level_name(row, notes.findings.labels, form.lang))
        numbers = (form.count(row["n_group"]), form.count(row["n_reference"]), _estimate(row, form, notes))
        if row["level"] in contrasts:
            beside = _compared(contrasts[row["level"]], tested, form, notes)
        else:
            beside = (Cell(form.say("cells.first_level")) if row["level"] in references else Cell(), Cell())
        rows.append((label(level, indent=2), *numbers, *beside))
    return rows


def _blank(k: int) -> Row:
    return tuple(Cell() for _ in range(k))


def _estimate(row: pd.Series, form: Format, notes: Notes) -> Cell:
    return interval_cell(row, form, notes, mixed=True, named=_named(notes.findings))


def _compared(row: pd.Series, tested: Sequence[Tested], form: Format, notes: Notes) -> Row:
    joint = _joint(notes.findings)
    cell = interval_cell(row, form, notes, mixed=True, named=_named(notes.findings), simultaneous=joint)
    return cell, shown_p_cell(Tested.of(row), tested, form, notes)


def _joint(findings: Findings) -> bool:
    frame = subgroup_rows(findings.frame("estimates"))
    return any_joint_limits(frame)


def _named(findings: Findings) -> bool:
    """Do the estimates differ so much in kind that each cell names its measure?"""
    frame = subgroup_rows(findings.frame("estimates"))
    measures = set(frame.loc[~frame["measure"].isin(COMPARED), "measure"])
    return len(measures) > 1 and not all(MEASURES[m].is_plain_difference for m in measures)


def _together(row: pd.Series, form: Format, notes: Notes) -> Row:
    """The test of all subgroups of a variable at once, where there are more than two."""
    findings = notes.findings
    if not findings.has("tests"):
        return _blank(2)
    keys = {key: row[key] for key in ("outcome", "group", "reference", "site")}
    found = matching(findings.frame("tests"), "tests", keys)
    found = found[(found["test"] == "subgroups_differ") & (found["term"] == row["by"])]
    if not len(found):
        return _blank(2)
    tested = Tested.of(found.iloc[0])
    cell = statistic_cell(tested, form, notes, named=True)
    return marked(cell, notes.mark("all_subgroups")), form.p(tested.p_value)


def _header(frame: pd.DataFrame, compared: pd.DataFrame, form: Format) -> Row:
    level = float(frame["conf_level"].iloc[0])
    joint = "tables.cells.simultaneous" if any_joint_limits(compared) else "terms.interval"
    within = frame[~frame["measure"].isin(COMPARED)]
    adjusted = bool(compared["p_adjusted"].notna().any())
    return (
        label(form.say("columns.subgroup")),
        headed(form.rich("columns.n_compared")),
        headed(form.rich("columns.n_reference")),
        headed(with_interval(_name(within, form), level, form)),
        headed(with_interval(form.rich("columns.between_subgroups"), level, form, joint)),
        headed(form.rich("columns.p_adjusted_row" if adjusted else "columns.p")),
    )


def _name(rows: pd.DataFrame, form: Format) -> tuple[Run, ...]:
    measures = set(rows["measure"])
    if len(measures) == 1:
        return (Run(capitalised(measure_name(measures.pop(), form.lang))),)
    plain = all(MEASURES[m].is_plain_difference for m in measures)
    return form.rich(f"columns.adjusted_{'difference' if plain else 'mixture'}")


def _explain(frame: pd.DataFrame, compared: pd.DataFrame, several: bool, form: Format, notes: Notes) -> None:
    labels, first = notes.findings.labels, frame.iloc[0]
    if several:
        notes.add("subgroups_several")
    else:
        sides = (labels.level(first[side], form.lang) for side in ("group", "reference"))
        notes.add("subgroups", **dict(zip(("group", "reference"), sides, strict=True)))
    if len(compared):
        notes.add("subgroups_compared")
    if (compared["measure"] == "ratio_between_subgroups").any():
        notes.add("subgroups_ratio")
    if compared["level"].isna().any():
        notes.add("subgroups_per_sd")
    if any(undefined(row["p_value"]) for _, row in frame.iterrows()):
        notes.add("subgroups_untested")
    methods = dict.fromkeys(form.words.get(f"methods.{method}") for method in frame["method"].dropna())
    notes.add("methods", methods=form.say("cells.between_entries").join(methods))
    explain_adjustment(notes, any_joint_limits(compared), subgroups=True)
