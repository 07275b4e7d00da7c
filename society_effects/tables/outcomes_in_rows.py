"""The comparison with one row per outcome: groups, estimate, measure beside it, statistic, P; contrasts below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .blocks import Block, Contrast, Reading
from .comparison_cells import category_cell, group_cell, rate_cell
from .comparison_lines import Line, lines
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Run, runs_of

Row = tuple[Cell, ...]


def lay_out(reading: Reading, form: Format, notes: Notes) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The header and the rows; footnotes are added to the notes."""
    columns = lines(reading.all_contrasts, reading.wholes, form, notes)
    rows = [row for block in reading.blocks for row in _rows(reading, block, columns, form)]
    return _header(reading, columns, form), tuple(rows)


def _header(reading: Reading, columns: Sequence[Line], form: Format) -> tuple[Row, ...]:
    two = [line.key for line in columns][-2:] == ["p", "p_adjusted"]
    depth = 2 if two else 1
    heads = [label(form.say("columns.outcome"), depth=depth)]
    if reading.has_groups:
        heads += [headed(_group(reading, g, form), depth=depth, value=reading.size(g)) for g in reading.groups]
    heads += [headed(line.heading, depth=depth) for line in columns if not (two and line.key.startswith("p"))]
    if not two:
        return (tuple(heads),)
    below = tuple(headed(form.rich(f"columns.{key}")) for key in ("p_raw", "p_adjusted"))
    return (*heads, headed(form.rich("columns.p"), span=2)), below


def _group(reading: Reading, group: str, form: Format) -> tuple[Run, ...]:
    """The heading of a group with its size."""
    size = reading.size(group)
    if size is None:
        return runs_of(reading.heading(group))
    return form.rich("columns.group_n", name=reading.heading(group), n=size)


def _rows(reading: Reading, block: Block, columns: Sequence[Line], form: Format) -> list[Row]:
    """An outcome: its own row, its categories or its rate, its contrasts where there are several."""
    groups = reading.groups if reading.has_groups else ()
    listed = block.summary == "categories" and block.categories
    name = label(form.rich("variable.count_share", name=block.name) if listed else block.name)
    described = [group_cell(reading, block, group, form) for group in groups]
    alone = block.contrasts[0] if len(block.contrasts) == 1 and block.whole is None else None
    rows = [(name, *described, *_numbers(block, alone, columns))]
    blank = [Cell() for _ in columns]
    if listed:
        rows += [
            (_below(_category(reading, block, c)), *(category_cell(block, c, g, form) for g in groups), *blank)
            for c in block.categories
        ]
    if block.has_exposure:
        rows.append((_below(form.say("columns.rate")), *(rate_cell(block, g, form) for g in groups), *blank))
    if alone is None:
        covered = [Cell() for _ in groups]
        rows += [
            (replace(_below(c.heading), span=1 + len(covered)), *covered, *_numbers(block, c, columns))
            for c in block.contrasts
        ]
    return rows


def _numbers(block: Block, contrast: Contrast | None, columns: Sequence[Line]) -> list[Cell]:
    if contrast is not None:
        return [line.of_contrast(contrast) for line in columns]
    return [Cell() if block.whole is None else line.of_whole(block) for line in columns]


def _category(reading: Reading, block: Block, category: str) -> str:
    return reading.findings.labels.category(block.outcome, category, reading.lang)


def _below(name: str) -> Cell:
    return label(name, indent=1)
