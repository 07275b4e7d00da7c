"""Printed numbers against recomputed ones."""

import pytest

from society_effects.stats.printed import agrees, rounding_interval


@pytest.mark.parametrize(
    ("value", "printed", "wanted"),
    [
        (-2.6494, "-2.652", False),
        (-2.6521, "-2.652", True),
        (-2.6521, "−2.652", True),
        (0.245, "0.24", True),
        (0.2449, "0.24", True),
        (0.2451, "0.24", False),
        (0.0499, "<0.05", True),
        (0.05, "<0.05", False),
        (0.2, ">0.05", True),
        (0.0003, "＜0.001", True),
        (2.0, "2", True),
        (2.4, "2", True),
        (2.4, "2.0", False),
        (float("nan"), "2.0", None),
        (0.01, '"increased significantly"', None),
        (0.01, "", None),
        (0.01, ".003;.01;.02", None),
        (0.009, ".009", True),
    ],
)
def test_an_exact_number(value, printed, wanted):
    assert agrees(value, value, printed) is wanted


def test_a_number_known_within_limits():
    assert agrees(-2.655, -2.645, "-2.652") is True
    assert agrees(-2.651, -2.645, "-2.652") is False
    assert agrees(0.04, 0.06, "<0.05") is True
    assert agrees(0.04, 0.06, ">0.05") is True
    assert agrees(0.051, 0.06, "<0.05") is False


@pytest.mark.parametrize(
    ("printed", "wanted"), [("76.05", (76.045, 76.055)), ("9.20", (9.195, 9.205)), ("38", (37.5, 38.5))]
)
def test_the_rounding_interval_counts_trailing_zeros(printed, wanted):
    assert rounding_interval(printed) == pytest.approx(wanted)
