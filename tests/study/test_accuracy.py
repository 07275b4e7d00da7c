"""The moments of a study keep the digits of NIST's hard cases."""

import numpy as np
import pandas as pd
import pytest

from society_effects import Study


@pytest.mark.parametrize(
    ("values", "mean", "sd"),
    [
        ([10000001, 10000003, 10000002], 10000002, 1.0),  # NumAcc1
        ([1.2] + [1.1, 1.3] * 500, 1.2, 0.1),  # NumAcc2
        ([1000000.2] + [1000000.1, 1000000.3] * 500, 1000000.2, 0.1),  # NumAcc3
        ([10000000.2] + [10000000.1, 10000000.3] * 500, 10000000.2, 0.1),  # NumAcc4
    ],
)
def test_nist_numacc(values, mean, sd):
    frame = pd.DataFrame({"g": ["yes"] * len(values) + ["no"] * 3, "y": [*values, 1.0, 2.0, 3.0]})
    cell = Study(frame, outcomes="y", group="g").cells.set_index("group").loc["yes"]
    exact = np.std(np.array(values, dtype=np.longdouble), ddof=1)
    assert cell["mean"] == pytest.approx(mean, rel=1e-15)
    assert cell["sd"] == pytest.approx(float(exact), rel=1e-12)
    assert cell["sd"] == pytest.approx(sd, rel=2e-8)
