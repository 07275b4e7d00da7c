"""How did the groups change from wave to wave, and by how much more than others? Reads: estimates, groups.

A row per group with its scores at each wave and, of two waves, its change; below, one row per comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..findings.digits import digits_of
from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits, matching
from ..findings.measures import MEASURES
from ..findings.naming import capitalised, contrast_name, level_heading, measure_name, place_name, row_headings
from ..language.numbers import DASH, undefined
from .blocks import Tested
from .comparison_cells import interval_cell, one_symbol, shown_p_cell, statistic_cell, symbol, with_interval
from .comparison_notes import explain_adjustment, explain_band
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Run, Table

Row = tuple[Cell, ...]
APART = ("outcome", "site", "by", "level")


def build(findings: Findings, lang: str, style: str) -> Table:
    """What was each group at each wave, how did it change, and how do the changes compare?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    shown = shown_rows(findings)
    waves = _waves(findings)
    tested = [Tested.of(row) for _, row in shown.iterrows()]
    rows: list[Row] = []
    for name, own in _blocks(findings, shown, lang):
        rows += [(label(name), *(Cell() for _ in range(len(waves) + 4))), *_block(own, waves, tested, form, notes)]
    _explain(shown, tested, form, notes)
    header = _header(findings, waves, shown, tested, form)
    return Table(form.say("titles.changes"), (header,), tuple(rows), notes.all(), lang, style, "changes")


def shown_rows(findings: Findings) -> pd.DataFrame:
    """The differences and probabilities, without what is standardised or a ratio; of each group one change a wave."""
    estimates = findings.frame("estimates")
    measures = [MEASURES[m] for m in estimates["measure"]]
    shown = estimates[[m.is_plain_difference or m.is_probability for m in measures]]
    within = shown[shown["reference"].isna()].sort_values("primary", ascending=False, kind="stable")
    leading = within.drop_duplicates(["outcome", "group", "wave", "reference_wave", *APART[1:]])
    return shown[shown["reference"].notna() | shown.index.isin(leading.index)]


def _waves(findings: Findings) -> list[str]:
    if not findings.has("groups"):
        return []
    return list(findings.frame("groups")["wave"].dropna().unique())


def _blocks(findings: Findings, shown: pd.DataFrame, lang: str) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each outcome (in each site or stratum), with its name."""
    parts = [own for _, own in shown.groupby(list(APART), sort=False, dropna=False)]
    firsts = pd.DataFrame([{key: own.iloc[0][key] for key in APART} for own in parts], dtype=object)
    return list(zip(row_headings(firsts, findings.labels, lang), parts, strict=True))


def _block(own: pd.DataFrame, waves: Sequence[str], tested: Sequence[Tested], form: Format, notes: Notes) -> list[Row]:
    """The groups of an outcome with their change, where each has a single one, and all other estimates below."""
    findings, first = notes.findings, own.iloc[0]
    changes = own[own["reference"].isna()]
    single = len(waves) <= 2 and not changes["group"].duplicated().any()
    rows: list[Row] = []
    for group in _groups(findings, own):
        change = _of_group(changes, group)
        row = change.iloc[0] if single and len(change) else None
        name = level_heading(group, findings.labels, form.lang) if group else form.say("columns.all_students")
        rows.append(
            (
                label(name, indent=1),
                *_described(findings, first, group, waves, form),
                *_numbers(row, tested, form, notes),
            )
        )
    below = own[own["reference"].notna()] if single else own
    names = _names(below, findings, form)
    blank = [Cell() for _ in range(len(waves) + 1)]
    rows += [
        (label(name, indent=1), *blank, *_numbers(row, tested, form, notes))
        for name, (_, row) in zip(names, below.iterrows(), strict=True)
    ]
    return rows


def _groups(findings: Findings, own: pd.DataFrame) -> list[str | None]:
    """The groups that are compared, the references last; all students where there are no groups."""
    if own["group"].isna().all():
        return [None]
    described = _of_outcome(findings, own.iloc[0])
    groups = list(dict.fromkeys(described["group"].dropna())) if len(described) else list(own["group"].dropna())
    compared = set(own["group"]) | set(own["reference"])
    references = set(own["reference"].dropna())
    return sorted((g for g in dict.fromkeys(groups) if g in compared), key=lambda g: g in references)


def _of_group(rows: pd.DataFrame, group: str | None) -> pd.DataFrame:
    return rows[rows["group"].isna() if group is None else rows["group"] == group]


def _of_outcome(findings: Findings, row: pd.Series) -> pd.DataFrame:
    if not findings.has("groups"):
        return pd.DataFrame()
    found = matching(findings.frame("groups"), "groups", {key: row[key] for key in APART})
    return found[found["category"].isna()]


def _described(
    findings: Findings, first: pd.Series, group: str | None, waves: Sequence[str], form: Format
) -> list[Cell]:
    """How many students, and what the group was at each wave."""
    described = _of_outcome(findings, first)
    described = _of_group(described, group) if len(described) else described
    counts = list(described["n"]) if len(described) else []
    same = len(set(counts)) == 1
    n = form.count(counts[0]) if same else Cell("/".join(form.style.count(c) for c in counts))
    by_wave = {row["wave"]: row for _, row in described.iterrows()}
    return [n if counts else Cell(DASH), *(_at(findings, by_wave.get(wave), form) for wave in waves)]


def _at(findings: Findings, row: pd.Series | None, form: Format) -> Cell:
    if row is None:
        return Cell(DASH)
    if row["kind"] == "binary":
        return form.share(row["events"], row["n"], with_total=True, percent=True)
    if row["kind"] == "ordinal":
        return form.median_quartiles(row["median"], row["q1"], row["q3"], 0)
    return form.mean_sd(row["mean"], row["sd"], digits_of(findings, row["outcome"]))


def _numbers(row: pd.Series | None, tested: Sequence[Tested], form: Format, notes: Notes) -> list[Cell]:
    if row is None:
        return [Cell() for _ in range(3)]
    own, named = Tested.of(row), not one_symbol(tested)
    estimate = interval_cell(row, form, notes, mixed=True, simultaneous=_joint(notes.findings))
    return [estimate, statistic_cell(own, form, notes, named), shown_p_cell(own, tested, form, notes)]


def _joint(findings: Findings) -> bool:
    """Are there limits that hold for a family at once?"""
    return any_joint_limits(findings.frame("estimates"))


def _names(rows: pd.DataFrame, findings: Findings, form: Format) -> list[str]:
    """What is estimated, of whom, over which waves where these differ."""
    several = rows[["wave", "reference_wave"]].drop_duplicates().shape[0] > 1
    contrasts = rows[["group", "reference"]].drop_duplicates().shape[0] > 1
    names = []
    for _, row in rows.iterrows():
        parts = [capitalised(measure_name(row["measure"], form.lang))]
        place = place_name(row, findings.labels, form.lang)
        if several and place:
            parts.append(place)
        if contrasts:
            parts.append(contrast_name(row["group"], row["reference"], findings.labels, form.lang))
        names.append(form.words.get("terms.list_separator").join(parts))
    return names


def _header(
    findings: Findings, waves: Sequence[str], shown: pd.DataFrame, tested: Sequence[Tested], form: Format
) -> Row:
    level = float(shown["conf_level"].iloc[0])
    joint = _joint(findings)
    key = "tables.cells.simultaneous" if joint else "terms.interval"
    statistic: Any = form.rich("columns.statistic")
    known = [t for t in tested if not undefined(t.statistic)]
    if known and one_symbol(tested):
        statistic = symbol(known[0], form)
    p = "p_adjusted_row" if shown["p_adjusted"].notna().any() else "p"
    return (
        label(form.say("columns.group_of_outcome")),
        headed(form.rich("columns.n")),
        *(headed(capitalised(findings.labels.wave(wave, form.lang))) for wave in waves),
        headed(with_interval(_estimate_heading(form), level, form, key)),
        headed(statistic),
        headed(form.rich(f"columns.{p}")),
    )


def _estimate_heading(form: Format) -> tuple[Run, ...]:
    return form.rich("columns.change")


def _explain(shown: pd.DataFrame, tested: Sequence[Tested], form: Format, notes: Notes) -> None:
    """Say how groups are summarised, what the estimates are, and by which tests."""
    kinds = set(notes.findings.frame("groups")["kind"]) if notes.findings.has("groups") else set()
    for kind, key in (("continuous", "mean_sd"), ("binary", "share"), ("ordinal", "positions")):
        if kind in kinds:
            notes.add(f"shown.{key}")
    notes.add("later_minus_earlier")
    for measure in dict.fromkeys(shown["measure"]):
        if form.words.has(f"tables.notes.measures.{measure}"):
            notes.add(f"measures.{measure}")
    methods = dict.fromkeys(t.method for t in tested if not undefined(t.p_value))
    named = [form.words.get(f"methods.{method}") for method in methods]
    if named:
        notes.add("tests", methods=form.say("cells.between_entries").join(named))
    if shown["p_adjusted"].notna().any():
        explain_adjustment(notes, any_joint_limits(shown))
    explain_band(notes)
    clusters = shown["n_clusters"].dropna()
    if len(clusters):
        notes.add("clusters", k=int(clusters.max()))
