"""The comparison with one row per outcome: groups, difference, standardised difference, statistic, P."""

from __future__ import annotations

from .comparison_cells import (
    explain,
    group_cell,
    interval_cell,
    is_adjusted,
    measure_heading,
    one_symbol,
    p_cell,
    statistic_cell,
    statistic_heading,
    with_interval,
)
from .contrasts import Block, Contrast, Reading
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Run, runs_of

Header = tuple[tuple[Cell, ...], ...]
Rows = tuple[tuple[Cell, ...], ...]


def lay_out(reading: Reading, form: Format, notes: Notes) -> tuple[Header, Rows]:
    """The header and the rows; the notes are added."""
    explain(reading, form, notes, lambda c: [row for row in (c.row, c.companion) if row is not None])
    companions = [c.companion for c in reading.all_contrasts if c.companion is not None]
    for measure in dict.fromkeys(row["measure"] for row in companions):
        notes.add(f"measures.{measure}")
    rows = [row for block in reading.blocks for row in _rows(reading, block, form, notes)]
    return _header(reading, form), tuple(rows)


def _header(reading: Reading, form: Format) -> Header:
    contrasts = reading.all_contrasts
    depth = 2 if is_adjusted(reading) else 1
    level = float(contrasts[0].row["conf_level"])
    heads = [label(form.say("columns.outcome"), depth=depth)]
    if reading.has_groups:
        heads += [headed(group_heading(reading, group, form), depth=depth) for group in reading.groups]
    primary = measure_heading([c.row for c in contrasts], form, "difference")
    heads.append(headed(with_interval(primary, level, form), depth=depth))
    companions = [c.companion for c in contrasts if c.companion is not None]
    if companions:
        beside = measure_heading(companions, form, "beside")
        heads.append(headed(with_interval(beside, level, form), depth=depth))
    heads.append(headed(statistic_heading(contrasts, form), depth=depth))
    if depth == 1:
        return ((*heads, headed(form.rich("columns.p"))),)
    below = tuple(headed(form.rich(f"columns.{key}")) for key in ("p_raw", "p_adjusted"))
    return (*heads, headed(form.rich("columns.p"), span=2)), below


def group_heading(reading: Reading, group: str, form: Format) -> tuple[Run, ...]:
    """The heading of a group with its size."""
    size = reading.size(group)
    if size is None:
        return runs_of(reading.heading(group))
    return form.rich("columns.group_n", name=reading.heading(group), n=size)


def _rows(reading: Reading, block: Block, form: Format, notes: Notes) -> Rows:
    groups = tuple(group_cell(reading, block, g, form) for g in reading.groups) if reading.has_groups else ()
    name = label(block.name)
    if len(block.contrasts) == 1:
        return ((name, *groups, *_numbers(reading, block.contrasts[0], form, notes)),)
    width = len(_numbers(reading, block.contrasts[0], form, notes))
    first = (name, *groups, *(Cell() for _ in range(width)))
    rest = tuple(
        (
            label(contrast.name, indent=1),
            *(Cell() for _ in groups),
            *_numbers(reading, contrast, form, notes),
        )
        for contrast in block.contrasts
    )
    return (first, *rest)


def _numbers(reading: Reading, contrast: Contrast, form: Format, notes: Notes) -> tuple[Cell, ...]:
    contrasts = reading.all_contrasts
    mixed = len({c.row["measure"] for c in contrasts}) > 1
    cells = [interval_cell(contrast.row, form, notes, mixed)]
    companions = {c.companion["measure"] for c in contrasts if c.companion is not None}
    if companions:
        cells.append(interval_cell(contrast.companion, form, notes, named=len(companions) > 1))
    cells.append(statistic_cell(contrast, form, notes, named=not one_symbol(contrasts)))
    cells.append(p_cell(contrast, form, notes, adjusted=False))
    if is_adjusted(reading):
        cells.append(p_cell(contrast, form, notes, adjusted=True))
    return tuple(cells)
