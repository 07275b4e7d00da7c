"""What must be said below a table of adjusted numbers? Adjusted for what, averaged over whom, by which methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..findings.adjusted import adjusted_for
from ..findings.lookup import has_joint_limits
from ..findings.measures import MEASURES
from ..findings.naming import term_name
from ..language.numbers import undefined
from .blocks import Block, Reading
from .comparison_notes import explain_adjustment, explain_clusters, explain_groups
from .formats import Format
from .notes import Notes


def explain(reading: Reading, raw: Sequence[pd.Series], form: Format, notes: Notes) -> None:
    """Add the notes. raw : the unadjusted rows that are shown."""
    explain_groups(reading, form, notes)
    rows = [contrast.row for contrast in reading.all_contrasts]
    if any(MEASURES[row["measure"]].is_plain_difference for row in rows):
        names = [reading.group_name(g) for g in reading.groups]
        both = len(names) == 2
        notes.add("direction", group=names[0], reference=names[1]) if both else notes.add("direction_several")
    explain_covariates(reading.blocks, form, notes)
    explain_estimands(reading.blocks, form, notes)
    for measure in dict.fromkeys(row["measure"] for row in [*rows, *raw]):
        if form.words.has(f"tables.notes.adjusted_measures.{measure}"):
            notes.add(f"adjusted_measures.{measure}")
    _methods(rows, raw, form, notes)
    if raw:
        notes.add("same_students")
    explain_adjustment(notes, any(has_joint_limits(row) for row in rows))
    explain_clusters(reading, form, notes)


def explain_covariates(blocks: Sequence[Block], form: Format, notes: Notes) -> None:
    """Say for what each outcome is adjusted."""
    findings = notes.findings
    found = {block.name: adjusted_for(findings, block.outcome) for block in blocks}
    named = {
        name: [term_name(term, findings.labels, form.lang) for term in terms] for name, terms in found.items() if terms
    }
    if len({tuple(terms) for terms in named.values()}) == 1 and len(named) == len(found):
        notes.add("adjusted_for", terms=next(iter(named.values())))
    elif named:
        separator = form.words.get("terms.list_separator")
        entries = [form.say("cells.of_term", name=n, term=separator.join(terms)) for n, terms in named.items()]
        notes.add("adjusted_for_of", entries=form.say("cells.between_entries").join(entries))


def explain_estimands(blocks: Sequence[Block], form: Format, notes: Notes) -> None:
    """Say whose average the adjusted numbers are."""
    named: dict[str, list[str]] = {}
    labels = notes.findings.labels
    groups: dict[str, None] = {}
    references: dict[str, None] = {}
    for block in blocks:
        for contrast in block.contrasts:
            row = contrast.row
            groups |= {labels.level(row["group"], form.lang): None}
            references |= {labels.level(row["reference"], form.lang): None}
            if block.name not in named.setdefault(str(row["estimand"]), []):
                named[str(row["estimand"])].append(block.name)
    separator = form.words.get("terms.list_separator")
    who = {"group": separator.join(groups), "reference": separator.join(references)}
    for estimand, names in named.items():
        if form.words.has(f"tables.estimands.{estimand}"):
            said = form.say(f"estimands.{estimand}", **who)
            notes.add("estimand", said=said) if len(named) == 1 else notes.add("estimand_of", outcomes=names, said=said)


def _methods(rows: Sequence[pd.Series], raw: Sequence[pd.Series], form: Format, notes: Notes) -> None:
    """Say how the adjusted and the unadjusted numbers were made."""
    for key, shown in (("method_adjusted", rows), ("method_unadjusted", raw)):
        methods = dict.fromkeys(_made_by(row, form) for row in shown if not undefined(row["estimate"]))
        if methods:
            notes.add(key, methods=form.say("cells.between_entries").join(methods))


def _made_by(row: Any, form: Format) -> str:
    """The method of a row, and of its limits where they come from another."""
    names = [form.words.get(f"methods.{row[key]}") for key in ("method", "interval_method") if row[key]]
    return form.words.get("terms.list_separator").join(names)
