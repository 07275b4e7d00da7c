"""Decimals: decided once per outcome, so that tables, figures and sentences never disagree."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import society_effects as se
from society_effects.findings.digits import digits, digits_of, digits_of_row, digits_of_statistic
from society_effects.findings.findings import Findings
from society_effects.language.numbers import style as number_style

NUMBER_STYLE = {"en": "ama", "zh": "gbt"}


def compared(mean, sd, estimate, low, high, measure="mean_difference", **more):
    keys = {"design": ["d"], "outcome": ["y"], "measure": [measure], "group": ["yes"], "reference": ["no"]}
    numbers = {"primary": [True], "estimate": [estimate], "conf_low": [low], "conf_high": [high]}
    tables = {"estimates": keys | numbers | {k: [v] for k, v in more.items()}}
    if mean is not None:
        tables["groups"] = {"outcome": ["y"] * 2, "group": ["yes", "no"], "mean": [mean] * 2, "sd": [sd] * 2}
    return Findings.of("d", tables)


@pytest.mark.parametrize(
    ("values", "spreads", "expected"),
    [
        ([76.2, 71.0], [8.1, 9.2], 2),
        ([1520.0], [310.0], 1),
        ([15200.0], [310.0], 0),
        ([1e8], [5.0], 1),
        ([0.0123], [0.0021], 4),
        ([3.104], [0.05], 3),
        ([10.0], [0.0], 2),
        ([1e-9], [1e-9], 5),
        ([math.nan], [None], 2),
        ([], [], 2),
    ],
)
def test_decimals_follow_size_and_spread(values, spreads, expected):
    assert digits(values, spreads) == expected


@pytest.mark.parametrize(
    ("mean", "sd", "estimate", "low", "high", "expected"),
    [
        (76.2, 8.1, 4.0, 2.33, 5.67, 2),
        (0.51, 0.013, 0.0071, 0.0015, 0.0127, 3),
        (0.51, 0.013, 0.0070, 0.0004, 0.0137, 4),
        (3.1, 0.45, 0.062, -0.072, 0.197, 2),
        (1500.0, 150.0, 70.0, 15.98, 124.02, 1),
        (12_000.0, 900.0, 328.71, -12.0, 669.0, 0),
        (12_000.0, 900.0, 328.71, 0.3, 657.0, 1),
        (1e8, 5.0, 1.13, -2.4, 4.6, 1),
        (76.2, 8.1, 0.0035, -0.0012, 0.0082, 3),
        (76.2, 8.1, 4.0, -0.001, 8.0, 2),
        (76.2, 8.1, -4.0, -8.0, -0.001, 3),
        (None, None, 0.03, 0.01, 0.05, 3),
        (76.2, 8.1, math.nan, math.nan, math.nan, 2),
        (76.2, 8.1, math.inf, 2.0, math.inf, 2),
    ],
)
def test_an_outcome_has_the_decimals_of_its_groups_and_its_interval(mean, sd, estimate, low, high, expected):
    assert digits_of(compared(mean, sd, estimate, low, high), "y") == expected


@pytest.mark.parametrize(
    ("measure", "low", "high", "expected"),
    [
        ("risk_difference", 0.012, 0.125, 1),
        ("risk_difference", 0.0002, 0.125, 2),
        ("risk_ratio", 1.01, 1.3, 2),
        ("risk_ratio", 1.003, 1.3, 3),
        ("odds_ratio", 0.5, 0.9996, 4),
        ("risk_ratio", 0.99, 1.0004, 2),
        ("d_average", 0.003, 0.4, 3),
        ("risk_ratio", 2.82, math.inf, 2),
    ],
)
def test_a_limit_that_excludes_the_null_value_is_never_written_as_it(measure, low, high, expected):
    findings = compared(70.0, 8.0, 1.0, low, high, measure)
    assert digits_of_row(findings, findings.frame("estimates").iloc[0]) == expected


def test_a_probability_in_percent_has_the_decimals_of_percent():
    findings = compared(70.0, 8.0, 0.6, 0.51, 0.7, "probability_of_superiority")
    row = findings.frame("estimates").iloc[0]
    assert (digits_of_row(findings, row), digits_of_row(findings, row, hundredfold=True)) == (2, 1)


def test_rank_sums_have_one_decimal():
    assert [digits_of_statistic(name) for name in ("W", "t", "chi2", None)] == [1, 2, 2, 2]


def test_a_row_in_units_has_the_decimals_of_its_outcome():
    findings = compared(1500.0, 150.0, 70.0, 15.98, 124.02)
    assert digits_of_row(findings, findings.frame("estimates").iloc[0]) == digits_of(findings, "y") == 1


def test_an_outcome_that_is_only_described_has_decimals_too():
    described = {"outcome": ["y"], "group": ["yes"], "mean": [4.0], "sd": [0.002]}
    assert digits_of(Findings.of("d", {"groups": described}), "y") == 4


PREMADE = {
    "narrow": (np.tile([0.5, 0.52, 0.49, 0.53, 0.51, 0.5, 0.515], 6), 0.0071),
    "barely": (np.tile([0.5, 0.52, 0.49, 0.53, 0.51, 0.5, 0.515], 6), 0.0057),
    "large": (1500 + 150 * np.linspace(-1.7, 1.7, 60), 70.0),
    "larger": (12_000 + 900 * np.linspace(-1.7, 1.7, 60), 328.71),
    "far from zero": (1e8 + 5 * np.linspace(-1.7, 1.7, 40), 1.13),
    "grades": (3.1 + 0.45 * np.linspace(-1.7, 1.7, 80), 0.062),
}


@pytest.mark.parametrize("name", PREMADE)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_table_figure_and_report_write_the_same_numbers(name, lang):
    values, shift = PREMADE[name]
    study = se.Study(
        pd.DataFrame({"y": np.r_[values + shift, values], "g": np.repeat([1, 0], len(values))}),
        outcomes=[se.Outcome("y", kind="continuous")],
        group="g",
    )
    result = se.MemberComparison().fit(study)
    style = NUMBER_STYLE[lang]
    row = result.estimates.iloc[0]
    decimals = digits_of(result, "y")
    estimate, *limits = (
        number_style(style, lang).number(row[c], decimals) for c in ("estimate", "conf_low", "conf_high")
    )
    table = str(result.table("comparison", lang, style))
    report = result.report(lang, style).to_markdown()
    figure = " ".join(t.get_text() for t in result.plot("estimation", lang=lang).texts_shown())
    for said in (table, report, figure):
        assert all(limit in said for limit in limits)
        assert estimate in said
    low, high = row["conf_low"], row["conf_high"]
    assert (low > 0) == (row["p_value"] < 0.05) and (limits[0].strip("0.") != "" or low <= 0 <= high)
