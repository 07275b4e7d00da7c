"""The comparison with one row per group and below them rows of the statistic and of P (usual in Chinese).

An outcome has one column, or one per category under a heading of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..language.numbers import DASH
from .blocks import Block, Contrast, Reading
from .comparison_cells import category_cell, group_cell, rate_cell
from .comparison_lines import lines
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Run

Row = tuple[Cell, ...]


def lay_out(reading: Reading, form: Format, notes: Notes) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The header and the rows; footnotes are added to the notes."""
    rows: list[Row] = []
    for group in reading.groups:
        described = (cell for block in reading.blocks for cell in _described(reading, block, group, form))
        rows.append((label(reading.heading(group)), form.count(reading.size(group)), *described))
    return _header(reading, form), (*rows, *_tested(reading, form, notes))


def width(block: Block) -> int:
    """How many columns does this outcome take?"""
    return len(block.categories) if block.summary == "categories" and block.categories else 1


def _header(reading: Reading, form: Format) -> tuple[Row, ...]:
    depth = 2 if any(width(block) > 1 for block in reading.blocks) else 1
    heads = [label(form.say("columns.groups"), depth=depth), headed(form.rich("columns.n"), depth=depth)]
    below: list[Cell] = []
    for block in reading.blocks:
        summary = "rate" if block.has_exposure else block.summary
        content = (Run(block.name), *form.rich(f"shown_as.{summary}"))
        heads.append(headed(content, span=width(block), depth=1 if width(block) > 1 else depth))
        if width(block) > 1:
            names = (reading.findings.labels.category(block.outcome, c, reading.lang) for c in block.categories)
            below += [headed(name) for name in names]
    return (tuple(heads), tuple(below)) if depth == 2 else (tuple(heads),)


def _described(reading: Reading, block: Block, group: str, form: Format) -> list[Cell]:
    if width(block) > 1:
        return [category_cell(block, category, group, form) for category in block.categories]
    return [rate_cell(block, group, form) if block.has_exposure else group_cell(reading, block, group, form)]


def _tested(reading: Reading, form: Format, notes: Notes) -> list[Row]:
    """Rows of the tests: of what each outcome has only one of, or of all groups first and then of each contrast."""
    if not reading.several:
        own = [block.contrasts[0] if block.contrasts else None for block in reading.blocks]
        return _section(reading, own, True, form, notes)
    rows = _section(reading, [None] * len(reading.blocks), True, form, notes) if reading.wholes else []
    for i in range(reading.n_contrasts):
        contrasts = [block.contrasts[i] if i < len(block.contrasts) else None for block in reading.blocks]
        heading = label(next(c.heading for c in contrasts if c is not None))
        blank = [Cell() for block in reading.blocks for _ in range(width(block))]
        rows.append((heading, Cell(), *blank))
        rows += _section(reading, contrasts, False, form, notes)
    return rows


def _section(
    reading: Reading, contrasts: Sequence[Contrast | None], whole: bool, form: Format, notes: Notes
) -> list[Row]:
    """One row per kind of number.

    contrasts : of each outcome, or None. whole : show the test of all groups where an outcome has no contrast here.
    """
    pairs = list(zip(reading.blocks, contrasts, strict=True))
    present = [contrast for contrast in contrasts if contrast is not None]
    wholes = [block for block, contrast in pairs if whole and contrast is None and block.whole is not None]
    rows: list[Row] = []
    for line in lines(present, wholes, form, notes):
        cells: list[Cell] = []
        for block, contrast in pairs:
            if contrast is not None:
                made = line.of_contrast(contrast)
            else:
                made = line.of_whole(block) if block in wholes else Cell(DASH)
            cells += [replace(made, span=width(block)), *(Cell() for _ in range(width(block) - 1))]
        rows.append((label(line.heading, indent=0 if whole else 1), Cell(), *cells))
    return rows
