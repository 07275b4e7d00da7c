"""The comparison with one row per group and below them a row of the statistic and a row of P (usual in Chinese)."""

from __future__ import annotations

from collections.abc import Callable

from ..language.numbers import DASH
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
    summary_of,
    with_interval,
)
from .contrasts import Block, Contrast, Reading
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Content, Run

Header = tuple[tuple[Cell, ...], ...]
Rows = tuple[tuple[Cell, ...], ...]


def lay_out(reading: Reading, form: Format, notes: Notes) -> tuple[Header, Rows]:
    """The header and the rows; the notes are added."""
    explain(reading, form, notes, lambda c: [c.row])
    heads = [label(form.say("columns.groups")), headed(form.rich("columns.n"))]
    heads += [headed((Run(block.name), *form.rich(f"shown_as.{summary_of(block)}"))) for block in reading.blocks]
    rows: list[tuple[Cell, ...]] = []
    for group in reading.groups:
        size = reading.size(group)
        described = (group_cell(reading, block, group, form) for block in reading.blocks)
        rows.append((label(reading.heading(group)), form.count(size), *described))
    for i in range(reading.n_contrasts):
        rows += _contrast_rows(reading, i, form, notes)
    return (tuple(heads),), tuple(rows)


def _contrast_rows(reading: Reading, i: int, form: Format, notes: Notes) -> list[tuple[Cell, ...]]:
    """The rows of the i-th contrast of every outcome: difference, statistic, P, adjusted P."""
    contrasts = [block.contrasts[i] if i < len(block.contrasts) else None for block in reading.blocks]
    present = [c for c in contrasts if c is not None]
    name = form.say("cells.of_contrast", contrast=present[0].heading) if reading.n_contrasts > 1 else ""
    named = not one_symbol(present)

    def row(heading: Content, make: Callable[[Contrast, Block], Cell]) -> tuple[Cell, ...]:
        cells = (
            Cell(DASH) if contrast is None else make(contrast, block)
            for contrast, block in zip(contrasts, reading.blocks, strict=True)
        )
        runs = (Run(heading),) if isinstance(heading, str) else heading
        return (label((Run(name), *runs) if name else runs), Cell(), *cells)

    primary = measure_heading([c.row for c in present], form, "difference")
    mixed = len({c.row["measure"] for c in reading.all_contrasts}) > 1
    level = float(present[0].row["conf_level"])
    p = "columns.p_raw_row" if is_adjusted(reading) else "columns.p"
    rows = [
        row(with_interval(primary, level, form), lambda c, b: interval_cell(c.row, form, notes, mixed)),
        row(statistic_heading(present, form), lambda c, b: statistic_cell(c, form, notes, named=named)),
        row(form.rich(p), lambda c, b: p_cell(c, form, notes, adjusted=False)),
    ]
    if is_adjusted(reading):
        rows.append(row(form.rich("columns.p_adjusted_row"), lambda c, b: p_cell(c, form, notes, adjusted=True)))
    return rows
