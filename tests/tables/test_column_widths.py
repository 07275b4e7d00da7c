"""Columns on paper hold their numbers; wide tables and long labels turn the page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import table_examples as examples

from society_effects.tables import build
from society_effects.tables.column_widths import MM_PER_POINT, PADDING, layout_of
from society_effects.tables.table import Cell, Table
from society_effects.tables.text_widths import em_width

UPRIGHT, ON_SIDE = 170.0, 257.0


def layout(table):
    return layout_of(table, UPRIGHT, ON_SIDE)


def simple(*columns, heads=()):
    n = len(columns[0])
    rows = tuple(
        tuple(Cell(columns[j][i], align="left" if j == 0 else "center") for j in range(len(columns))) for i in range(n)
    )
    return Table("T", (tuple(Cell(h) for h in heads or "ABCDEFGHIJKLMNOP"[: len(columns)]),), rows)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["comparison", "baseline"])
def test_numbers_fit_into_their_columns(kind, lang):
    table = build(examples.table_one() if kind == "baseline" else examples.comparison(), kind, lang)
    made = layout(table)
    assert sum(made.widths) == pytest.approx(UPRIGHT)
    for row in table.rows:
        for i, cell in enumerate(row[1:], start=1):
            assert em_width(cell.text) * made.size * MM_PER_POINT <= made.widths[i] - PADDING + 1e-9


@given(st.lists(st.lists(st.text("0123456789.() ab中文", min_size=1, max_size=60), min_size=2, max_size=2), min_size=1, max_size=14))  # fmt: skip
def test_widths_are_positive_and_fill_the_page(columns):
    made = layout(simple(*columns))
    assert sum(made.widths) == pytest.approx(ON_SIDE if made.landscape else UPRIGHT)
    assert min(made.widths) > 0


def test_long_labels_beside_many_numbers_turn_the_page():
    label = "Standardised patient interview: history taking, communication and care at station 1"
    numbers = [["79.79 (7.62)"]] * 6 + [["3.33 [1.67, 5.00]"]] * 2
    assert layout(simple([label], *numbers)).landscape
    assert not layout(simple(["Total"], *numbers)).landscape


def test_type_becomes_smaller_before_a_number_is_broken_or_the_page_turned():
    numbers = [["3.33 [1.67, 5.00]"]] * 5
    assert layout(simple(["Total score"], *numbers)).size == 9.0
    small = layout_of(simple(["Total score"], *numbers), 140.0, ON_SIDE)
    assert (small.size, small.landscape, small.lines) == (8.0, False, 1)


def test_a_heading_inside_the_table_asks_for_no_width():
    long = "Physical examination, as if there were a cause that was not measured"
    rows = ((Cell(long, align="left"), Cell("")), (Cell("a", align="left"), Cell("1.2")))
    short = ((Cell("b", align="left"), Cell("")), *rows[1:])
    head = ((Cell("A"), Cell("B")),)
    assert layout(Table("T", head, rows)).widths == layout(Table("T", head, short)).widths


def test_chinese_letters_are_as_wide_as_they_are_high():
    assert em_width("体格检查") == 4 and em_width("x̄") == em_width("x")
    assert em_width("校正P值") == pytest.approx(3 + em_width("P") + 0.5)
