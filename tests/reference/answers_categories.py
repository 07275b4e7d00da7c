"""Our numbers for tables of groups by categories, and for counts (group 03)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.contingency import (
    adjusted_residuals,
    cramers_v,
    expected_counts,
    fisher_table,
    likelihood_ratio,
)
from society_effects.stats.counts import CountMoments, robust_rate_ratio
from society_effects.stats.two_by_two import pearson_chi2

Block = dict[str, Any]


def crossed(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a table of groups by categories."""
    args = case["args"]
    frame = data.dropna(subset=[args["rows"], args["cols"]])
    weights = np.ones(len(frame)) if args["freq"] is None else frame[args["freq"]].map(float).to_numpy()
    places = [
        frame[args[side]].map(list(args[levels]).index)
        for side, levels in (("rows", "row_levels"), ("cols", "col_levels"))
    ]
    table = np.zeros((len(args["row_levels"]), len(args["col_levels"])))
    np.add.at(table, tuple(p.to_numpy() for p in places), weights)
    chi2, ratio, v = pearson_chi2(table), likelihood_ratio(table), cramers_v(table)
    exact = fisher_table(table, resamples=99)
    return {
        "table": table.tolist(),
        "chi2": chi2.statistic,
        "df": chi2.df1,
        "p": chi2.p_value,
        "g": ratio.statistic,
        "g_p": ratio.p_value,
        "expected_min": expected_counts(table).min(),
        "std_residuals": adjusted_residuals(table).tolist(),
        "cramers_v": v.value,
        "cramers_v_ci_exact": [v.conf_low, v.conf_high],
        "cramers_v_effectsize_ci": [v.conf_low, v.conf_high],
        "contingency_c": float(np.sqrt(chi2.statistic / (chi2.statistic + table.sum()))),
        **({"fisher_p": exact.p_value} if exact.method == "fisher_table" else {}),
    }


def rates(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a Poisson regression on one group: the ratio of the rates."""
    outcome, group = (part.strip() for part in case["args"]["formula"].split("~"))
    first, second = case["args"]["levels"][group]
    arms = [CountMoments.of(data.loc[data[group] == level, outcome].map(float)) for level in (second, first)]
    found = robust_rate_ratio(*arms)
    name, log = f"{group}{second}", float(np.log(found.estimate))
    n = len(data)
    hc0 = np.sqrt(sum(arm.variance * (arm.n - 1) / arm.n / arm.rate**2 for arm in arms))
    return {
        "coef": {"(Intercept)": {"estimate": float(np.log(arms[1].rate))}, name: {"estimate": log}},
        "rate_ratio": {"(Intercept)": arms[1].rate, name: found.estimate},
        "se_hc0": {name: hc0},
        "n": n,
        "df_residual": n - 2,
    }
