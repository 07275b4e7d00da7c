"""By how much do the groups differ among students with the same covariates? Reads: estimates (groups, coefficients).

Outcomes in rows: each group with its students as they were, the unadjusted difference of these students, the adjusted
one, and its P.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ..findings.adjusted import unadjusted_row
from ..findings.findings import Findings
from ..findings.lookup import any_joint_limits
from ..findings.naming import capitalised, level_heading, measure_name
from .adjusted_notes import explain
from .blocks import Block, Contrast, Reading, Tested
from .comparison_cells import category_cell, group_cell, interval_cell, rate_cell, shown_p_cell, with_interval
from .comparison_lines import is_named
from .formats import Format, headed, label
from .notes import Notes
from .reading import read
from .table import Cell, Run, Table

Row = tuple[Cell, ...]


def build(findings: Findings, lang: str, style: str) -> Table:
    """What is each group, how do they differ, and how do students with the same covariates differ?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    shown = _Shown.of(findings, lang)
    rows = [row for block in shown.reading.blocks for row in _rows(shown, block, form, notes)]
    explain(shown.reading, shown.raw_rows, form, notes)
    return Table(_title(shown.reading, form), _header(shown, form), tuple(rows), notes.all(), lang, style, "adjusted")


@dataclass(frozen=True)
class _Shown:
    """What the table shows. raw : the unadjusted row of each contrast, in order. sizes : of a group, where one."""

    reading: Reading
    raw: tuple[pd.Series | None, ...]
    sizes: dict[str, int]
    tested: tuple[Tested, ...]
    joint: bool

    @classmethod
    def of(cls, findings: Findings, lang: str) -> _Shown:
        reading = read(findings, lang)
        contrasts = reading.all_contrasts
        sizes = {group: {block.size(group) for block in reading.blocks} for group in reading.groups}
        return cls(
            reading,
            tuple(unadjusted_row(findings, contrast.row) for contrast in contrasts),
            {g: found.pop() for g, found in sizes.items()} if all(len(s) == 1 for s in sizes.values()) else {},
            tuple(contrast.tested for contrast in contrasts),
            any_joint_limits(pd.DataFrame([contrast.row for contrast in contrasts])),
        )

    @property
    def named(self) -> bool:
        """Does each cell name its measure?"""
        return is_named(self.reading.all_contrasts)

    @property
    def raw_rows(self) -> list[pd.Series]:
        """The unadjusted rows that there are."""
        return [row for row in self.raw if row is not None]

    def raw_of(self, contrast: Contrast) -> pd.Series | None:
        """The unadjusted row of this contrast."""
        place = next(i for i, own in enumerate(self.reading.all_contrasts) if own is contrast)
        return self.raw[place]


def _rows(shown: _Shown, block: Block, form: Format, notes: Notes) -> list[Row]:
    """An outcome: its own row, its categories or its rate, its contrasts where there are several."""
    reading, groups = shown.reading, shown.reading.groups
    listed = block.summary == "categories" and block.categories
    name = label(form.rich("variable.count_share", name=block.name) if listed else block.name)
    alone = block.contrasts[0] if len(block.contrasts) == 1 else None
    own = [_described(shown, block.size(g), group_cell(reading, block, g, form), form) for g in groups]
    rows = [(name, *_flat(own), *_numbers(shown, alone, form, notes))]
    blank = _numbers(shown, None, form, notes)
    for category in block.categories if listed else ():
        named = reading.findings.labels.category(block.outcome, category, reading.lang)
        counts = [_described(shown, None, category_cell(block, category, g, form), form) for g in groups]
        rows.append((label(named, indent=1), *_flat(counts), *blank))
    if block.has_exposure:
        rates = [_described(shown, None, rate_cell(block, g, form), form) for g in groups]
        rows.append((label(form.say("columns.rate"), indent=1), *_flat(rates), *blank))
    for contrast in () if alone else block.contrasts:
        covered = [Cell() for _ in _flat(own)]
        heading = replace(label(contrast.heading, indent=1), span=1 + len(covered))
        rows.append((heading, *covered, *_numbers(shown, contrast, form, notes)))
    return rows


def _flat(cells: Sequence[Row]) -> Row:
    return tuple(cell for pair in cells for cell in pair)


def _described(shown: _Shown, n: int | None, cell: Cell, form: Format) -> Row:
    """A group on an outcome, with its students where their number is not at the head of the column."""
    if shown.sizes:
        return (cell,)
    return (Cell() if n is None else form.count(n), cell)


def _numbers(shown: _Shown, contrast: Contrast | None, form: Format, notes: Notes) -> Row:
    """The unadjusted number, the adjusted one, and P; empty cells where there is no contrast."""
    if contrast is None:
        return (Cell(), Cell(), Cell())
    raw = interval_cell(shown.raw_of(contrast), form, notes, mixed=True, named=shown.named)
    adjusted = interval_cell(contrast.row, form, notes, mixed=True, named=shown.named, simultaneous=shown.joint)
    return raw, adjusted, shown_p_cell(contrast.tested, shown.tested, form, notes)


def _header(shown: _Shown, form: Format) -> tuple[Row, ...]:
    depth = 1 if shown.sizes else 2
    reading = shown.reading
    rows = [contrast.row for contrast in reading.all_contrasts]
    level = float(rows[0]["conf_level"])
    joint = "tables.cells.simultaneous" if shown.joint else "terms.interval"
    numbers = [
        with_interval(_number_heading("unadjusted", shown.raw_rows, shown.named, form), level, form),
        with_interval(_number_heading("adjusted", rows, shown.named, form), level, form, joint),
        form.rich("columns.p_adjusted_row" if rows and _any_adjusted(shown) else "columns.p"),
    ]
    first = [label(form.say("columns.outcome"), depth=depth)]
    heads = [headed(content, depth=depth) for content in numbers]
    names = {g: level_heading(g, reading.findings.labels, form.lang) for g in reading.groups}
    if shown.sizes:
        groups = [headed(form.rich("columns.group_n", name=names[g], n=shown.sizes[g])) for g in reading.groups]
        return ((*first, *groups, *heads),)
    groups = [headed(names[g], span=2) for g in reading.groups]
    below = [cell for _ in reading.groups for cell in (headed(form.rich("columns.n")), headed(_summary(reading, form)))]
    return (*first, *groups, *heads), tuple(below)


def _any_adjusted(shown: _Shown) -> bool:
    return any(tested.p_adjusted == tested.p_adjusted for tested in shown.tested)


def _summary(reading: Reading, form: Format) -> tuple[Run, ...]:
    """How the groups are summarised, where all outcomes are in one way."""
    summaries = {block.summary for block in reading.blocks}
    return form.rich(f"columns.summary.{summaries.pop() if len(summaries) == 1 else 'mixture'}")


def _number_heading(kind: str, rows: Sequence[pd.Series], named: bool, form: Format) -> tuple[Run, ...]:
    measures = {row["measure"] for row in rows}
    if len(measures) == 1:
        name = measure_name(measures.pop(), form.lang)
        return (Run(capitalised(name if kind == "adjusted" else form.say("cells.unadjusted", measure=name))),)
    return form.rich(f"columns.{kind}_{'mixture' if named else 'difference'}")


def _title(reading: Reading, form: Format) -> str:
    names = [reading.group_name(g) for g in reading.groups]
    if len(names) == 2:
        return form.say("titles.adjusted", group=names[0], reference=names[1])
    return form.say("titles.adjusted_several")
