"""Which numbers does a comparison show, one after the other? Columns in one layout, rows in the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..findings.lookup import has_joint_limits
from ..findings.measures import MEASURES
from ..findings.naming import capitalised, measure_name
from ..language.numbers import DASH, undefined
from .blocks import Block, Contrast, Tested
from .comparison_cells import (
    df_text,
    interval_cell,
    one_symbol,
    p_cell,
    quantity_cell,
    statistic_cell,
    symbol,
    with_interval,
)
from .formats import Format
from .notes import Notes
from .table import Cell, Run

Heading = tuple[Run, ...]


@dataclass(frozen=True)
class Line:
    """One kind of number: what it is called, and its cell for a contrast or for the test of all groups of a block."""

    key: str
    heading: Heading
    of_contrast: Callable[[Contrast], Cell]
    of_whole: Callable[[Block], Cell]


def lines(contrasts: Sequence[Contrast], wholes: Sequence[Block], form: Format, notes: Notes) -> list[Line]:
    """The kinds of numbers that these contrasts and tests of all groups have: estimate, measure beside it, test, P."""
    made = [_estimates(contrasts, form, notes)] if contrasts else []
    if any(c.companion is not None for c in contrasts) or any(b.quantity is not None for b in wholes):
        made.append(_beside(contrasts, wholes, form, notes))
    tested = [*(b.whole for b in wholes if b.whole is not None), *(c.tested for c in contrasts)]
    return [*made, _statistics(tested, form, notes), *_p_values(tested, form, notes)]


def is_named(contrasts: Sequence[Contrast]) -> bool:
    """Do the estimates differ so much in kind that each cell names its measure?"""
    measures = {contrast.row["measure"] for contrast in contrasts}
    return len(measures) > 1 and not all(MEASURES[m].is_plain_difference for m in measures)


def _estimates(contrasts: Sequence[Contrast], form: Format, notes: Notes) -> Line:
    measures = list(dict.fromkeys(c.row["measure"] for c in contrasts))
    named, joint = is_named(contrasts), any(has_joint_limits(c.row) for c in contrasts)
    words = (
        _name(measures[0], form) if len(measures) == 1 else form.rich(f"columns.{'mixture' if named else 'difference'}")
    )
    level = float(contrasts[0].row["conf_level"])
    heading = with_interval(words, level, form, "tables.cells.simultaneous" if joint else "terms.interval")
    return Line(
        "estimate",
        heading,
        lambda c: interval_cell(c.row, form, notes, len(measures) > 1, named, joint),
        lambda b: Cell() if b.contrasts else Cell(DASH),
    )


def _beside(contrasts: Sequence[Contrast], wholes: Sequence[Block], form: Format, notes: Notes) -> Line:
    companions = [c.companion for c in contrasts if c.companion is not None]
    quantities = [b.quantity for b in wholes if b.quantity is not None]
    names = list(dict.fromkeys([*(r["measure"] for r in companions), *(r["quantity"] for r in quantities)]))
    named = len(names) > 1
    words = form.rich("columns.beside") if named else _name(names[0], form)
    level = float([*companions, *quantities][0]["conf_level"])
    return Line(
        "beside",
        with_interval(words, level, form),
        lambda c: interval_cell(c.companion, form, notes, named, named),
        lambda b: quantity_cell(b.quantity, form, notes, named),
    )


def _statistics(tested: Sequence[Tested], form: Format, notes: Notes) -> Line:
    named = not one_symbol(tested)
    return Line(
        "statistic",
        form.rich("columns.statistic") if named else _symbol(tested, form),
        lambda c: statistic_cell(c.tested, form, notes, named),
        lambda b: _whole(b, lambda tested: statistic_cell(tested, form, notes, named)),
    )


def _symbol(tested: Sequence[Tested], form: Format) -> Heading:
    """The symbol that all the statistics share, with that of the degrees of freedom where they are shown."""
    first = next(t for t in tested if not undefined(t.statistic))
    df = (Run(" ("), *form.rich("symbols.df"), Run(")")) if df_text(first, form) else ()
    return (*symbol(first, form), *df)


def _p_values(tested: Sequence[Tested], form: Format, notes: Notes) -> list[Line]:
    """P, and the adjusted P where there is one; a test of all groups whose contrasts are adjusted has only its own."""

    def line(key: str, heading: str, of_family: bool) -> Line:
        def of_whole(tested: Tested, block: Block) -> Cell:
            apart = of_family and block.contrasts and undefined(tested.p_adjusted)
            return Cell() if apart else p_cell(tested, form, notes, of_family)

        return Line(
            key,
            form.rich(heading),
            lambda c: p_cell(c.tested, form, notes, of_family),
            lambda b: _whole(b, lambda tested: of_whole(tested, b)),
        )

    if all(undefined(t.p_adjusted) for t in tested):
        return [line("p", "columns.p", False)]
    return [line("p", "columns.p_raw_row", False), line("p_adjusted", "columns.p_adjusted_row", True)]


def _whole(block: Block, make: Callable[[Tested], Cell]) -> Cell:
    return Cell() if block.whole is None else make(block.whole)


def _name(key: str, form: Format) -> Heading:
    """The heading of a column that holds one measure or quantity only."""
    if form.words.has(f"tables.headings.{key}"):
        return form.rich(f"headings.{key}")
    name: Any = measure_name(key, form.lang)
    return (Run(capitalised(name)),)
