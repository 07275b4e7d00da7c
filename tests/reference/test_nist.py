"""NIST Statistical Reference Datasets: univariate and one-way analysis of variance.

Data come from the installed scipy or from the published formula; what neither has is read from a folder beside this
repository where there is one. Certified values: https://www.itl.nist.gov/div898/strd/.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from society_effects.stats.anova import one_way
from society_effects.stats.moments import Moments

SCIPY_DATA = Path(str(importlib.util.find_spec("scipy").submodule_search_locations[0])) / "stats/tests/data/nist_anova"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "reference"
ANOVA_TOLERANCE = {
    "SiRstv": 1e-9, "SmLs01": 1e-12, "SmLs02": 1e-12, "SmLs03": 1e-12, "AtmWtAg": 1e-6,
    "SmLs04": 1e-8, "SmLs05": 1e-8, "SmLs06": 1e-8, "SmLs07": 1e-2, "SmLs08": 1e-2, "SmLs09": 1e-2,
}  # fmt: skip
"""Relative; the later sets have values whose digits no double holds, so that nothing can be more exact."""


@pytest.mark.parametrize("name", list(ANOVA_TOLERANCE))
def test_one_way_anova_meets_the_certified_values(name: str) -> None:
    path = SCIPY_DATA / f"{name}.dat"
    if not path.exists():
        pytest.skip("this scipy was installed without its test data")
    certified, table = read_nist(path)
    found = one_way(table[:, 1], table[:, 0])
    ours = (
        found.df_between, found.ss_between, found.ms_between, found.test.statistic,
        found.df_within, found.ss_within, found.ms_within, found.r_squared, found.residual_sd,
    )  # fmt: skip
    np.testing.assert_allclose(ours, certified, rtol=ANOVA_TOLERANCE[name])


def read_nist(path: Path) -> tuple[list[float], np.ndarray]:
    """The certified table (between, within, R squared, residual SD) and the data of a NIST file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    between = next(line for line in lines[40:60] if line.startswith("Between")).split()[-4:]
    within = next(line for line in lines[40:60] if line.startswith("Within")).split()[-3:]
    after = {
        word: float(line.split()[-1]) for line in lines[40:60] for word in ("R-Squared", "Deviation") if word in line
    }
    certified = [float(v) for v in (*between, *within)] + [after["R-Squared"], after["Deviation"]]
    return certified, np.array([[float(v) for v in line.split()] for line in lines[60:] if line.strip()])


def num_acc(base: float, step: float, first: float, n: int) -> np.ndarray:
    """NumAcc2 to 4: a first value, then alternating values around it (published formula)."""
    return np.r_[first, np.tile([base, base + step], (n - 1) // 2)]


@pytest.mark.parametrize(
    ("values", "mean", "sd", "digits"),
    [
        (np.array([10000001.0, 10000003.0, 10000002.0]), 10000002, 1, 1e-15),
        (num_acc(1.1, 0.2, 1.2, 1001), 1.2, 0.1, 1e-14),
        (num_acc(1000000.1, 0.2, 1000000.2, 1001), 1000000.2, 0.1, 1e-8),
        (num_acc(10000000.1, 0.2, 10000000.2, 1001), 10000000.2, 0.1, 1e-7),
    ],
    ids=["NumAcc1", "NumAcc2", "NumAcc3", "NumAcc4"],
)
def test_mean_and_sd_keep_their_digits(values: np.ndarray, mean: float, sd: float, digits: float) -> None:
    found = Moments.of(values)
    assert found.mean == pytest.approx(mean, rel=1e-15)
    assert found.sd == pytest.approx(sd, rel=digits)


@pytest.mark.parametrize("name", ["Lew", "Lottery", "Michelso"])
def test_univariate_sets(name: str) -> None:
    path = BESIDE / "data" / f"nist_{name}.csv"
    if not path.exists():
        pytest.skip("not in scipy, and no folder with reference data stands beside this repository")
    cases = json.loads((BESIDE / "cases" / "19_nist_strd.json").read_text(encoding="utf-8"))["cases"]
    expected = next(case["expected"] for case in cases if case["id"] == f"nist_{name}")
    found = Moments.of(np.genfromtxt(path, delimiter=",", skip_header=1))
    assert found.n == expected["n"]
    assert found.mean == pytest.approx(expected["mean"], rel=1e-13)
    assert found.sd == pytest.approx(expected["sd"], rel=1e-12)
