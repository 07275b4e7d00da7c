"""Numbers in cells: decimals follow the data, nothing non-zero reads as zero."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from society_effects.findings.digits import digits
from society_effects.tables.formats import Format


@given(st.floats(min_value=1e-12, max_value=1e9), st.sampled_from(["apa", "ama", "gbt"]))
def test_a_spread_is_never_shown_as_zero_nor_with_more_than_five_decimals(spread, style):
    text = Format("en", style).quantity(spread, digits([], [spread]))
    assert any(c in "123456789" for c in text)
    assert "×" in text or len(text.partition(".")[2]) <= 5


def test_intervals_in_every_style():
    cells = [Format("en", style).interval(-1.2, -2.0, -0.4, 2).text for style in ("apa", "ama", "gbt")]
    assert cells == ["−1.20 [−2.00, −0.40]", "−1.20 (−2.00 to −0.40)", "−1.20(−2.00~−0.40)"]


def test_p_values_in_cells_and_in_excel():
    cell = Format("en", "apa").p(0.0004)
    assert (cell.text, cell.value, cell.number_format) == ("<.001", 0.0004, '[<0.001]"<.001";[>0.9995]">.999";.000')
    assert Format("zh", "gbt").p(math.nan).text == "—"
