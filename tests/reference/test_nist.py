"""NIST Statistical Reference Datasets: univariate, one-way analysis of variance and linear regression.

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
from society_effects.stats.linear_model import StudentErrors, least_squares
from society_effects.stats.moments import Moments
from society_effects.stats.regression import Regression, regression

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


LONGLEY = {
    "estimate": [-3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683, -1.03322686717359,
                 -0.511041056535807e-01, 1829.15146461355],
    "std_error": [890420.383607373, 84.9149257747669, 0.334910077722432e-01, 0.488399681651699, 0.214274163161675,
                  0.226073200069370, 455.478499142212],
    "summary": [304.854073561965, 0.995479004577296, 330.285339234588],
}  # fmt: skip
NORRIS = {
    "estimate": [-0.262323073774029, 1.00211681802045],
    "std_error": [0.232818234301152, 0.429796848199937e-03],
    "summary": [0.884796396144373, 0.999993745883712, 5436385.54079785],
}
PONTIUS = {
    "estimate": [0.673565789473684e-03, 0.732059160401003e-06, -0.316081871345029e-14],
    "std_error": [0.107938612033077e-03, 0.157817399981659e-09, 0.486652849992036e-16],
    "summary": [0.205177424076185e-03, 0.999999900178537, 185330865.995752],
}
WAMPLER_ERRORS = [
    2152.32624678170,
    2363.55173469681,
    779.343524331583,
    101.475507550350,
    5.64566512170752,
    0.112324854679312,
]
WAMPLER_NOISE = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 1838, -2048, 2048, -2048,
                 2523, -2048, 2048, -2048, 759]  # fmt: skip
"""What Wampler3 adds to the polynomial; Wampler4 adds a hundred times, Wampler5 ten thousand times as much."""


def digits(found: object, certified: object) -> float:
    """How many significant digits agree, in the worst of these numbers?"""
    ours, theirs = np.asarray(found, dtype=float), np.asarray(certified, dtype=float)
    return float(-np.log10(np.max(np.maximum(np.abs(ours - theirs) / np.abs(theirs), 1e-16))))


def test_the_worst_digits_count() -> None:
    assert digits([1.0, 1.01], [1.0, 1.0]) == pytest.approx(2) and digits([1.0], [1.0]) == 16


def meets(found: Regression, certified: dict[str, list[float]], wanted: float) -> bool:
    summary = [found.sigma, found.r_squared, found.overall.statistic]
    return (
        digits(found.coefficients.estimate, certified["estimate"]) > wanted
        and digits(found.coefficients.std_error, certified["std_error"]) > wanted
        and digits(summary, certified["summary"]) > wanted
    )


def powers(x: np.ndarray, degree: int) -> np.ndarray:
    return np.column_stack([x**power for power in range(1, degree + 1)])


def test_longley() -> None:
    from statsmodels.datasets import longley

    data = longley.load_pandas().data
    columns = data[["GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"]]
    found = regression(columns.to_numpy(), list(columns), data["TOTEMP"], covariance="classical")
    assert meets(found, LONGLEY, 11) and not found.dropped
    assert digits(found.model.params, LONGLEY["estimate"]) > 9


def test_norris() -> None:
    path = SCIPY_DATA.parent / "nist_linregress" / "Norris.dat"
    if not path.exists():
        pytest.skip("this scipy was installed without its test data")
    y, x = np.array([[float(v) for v in line.split()] for line in path.read_text().splitlines()[60:] if line.strip()]).T
    assert meets(regression(x[:, None], ["x"], y, covariance="classical"), NORRIS, 11)


def test_pontius() -> None:
    path = BESIDE / "data" / "nist_Pontius.csv"
    if not path.exists():
        pytest.skip("not in an installed package, and no folder with reference data stands beside this repository")
    data = np.genfromtxt(path, delimiter=",", names=True)
    found = regression(powers(data["x"], 2), ["x", "x2"], data["y"], covariance="classical")
    assert meets(found, PONTIUS, 11)
    assert digits(found.model.params, PONTIUS["estimate"]) < 9  # statsmodels, by its pseudo-inverse: 6


def test_line_through_the_origin() -> None:
    x = np.arange(60.0, 71.0)
    errors = StudentErrors(least_squares(x[:, None], x + 70), "classical")  # NoInt1: y = 130, ..., 140
    assert digits(errors.fit.coefficients, 2.07438016528926) > 13
    assert digits(np.linalg.norm(errors.influence([1.0])), 0.165289256198347e-01) > 12


@pytest.mark.parametrize(("noise", "wanted"), [(0, 8), (1, 8), (100, 6), (10000, 4)], ids=[1, 3, 4, 5])
def test_wampler(noise: int, wanted: float) -> None:
    x = np.arange(21.0)
    polynomial = 1 + powers(x, 5).sum(axis=1)
    y = polynomial + noise * np.array(WAMPLER_NOISE)
    found = regression(powers(x, 5), list("abcde"), y, covariance="classical")
    assert digits(found.coefficients.estimate, np.ones(6)) > wanted and not found.dropped
    if noise:
        assert digits(found.coefficients.std_error, noise * np.array(WAMPLER_ERRORS)) > 12
    else:
        assert found.r_squared == 1 and found.flags["DEGENERATE"] and np.isnan(found.coefficients.p_value).all()
