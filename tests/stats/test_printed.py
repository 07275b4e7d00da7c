"""Printed numbers against recomputed ones."""

import pytest

from society_effects.stats.printed import agrees


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
def test_agrees(value, printed, wanted):
    assert agrees(value, printed) is wanted
