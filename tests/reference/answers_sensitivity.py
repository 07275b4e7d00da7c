"""Our numbers for sensitivity to unmeasured causes and for comparability (parts of group 09)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.balance import balance
from society_effects.stats.e_value import EValue, e_value_of_difference, e_value_of_odds_ratio, e_value_of_ratio
from society_effects.stats.inference import Inference
from society_effects.stats.omitted_variable import OmittedVariable, omitted_variable
from society_effects.stats.propensity_overlap import propensity_overlap

Block = dict[str, Any]


def sensitivity(case: Mapping[str, Any], data: pd.DataFrame | None) -> Block:
    """Our answer to an E-value, to the strength of an omitted variable, to balance, or to a propensity score."""
    args = case["args"]
    if data is None:
        return _e_values(args)
    if case["id"].startswith("sens_"):
        return _omitted(args, data)
    columns = _columns(args["covariates"], data, args["levels"])
    member = (data[args["treatment"]] == str(args["focal"])).to_numpy()
    return (_balance if case["id"].endswith(".balance") else _scores)(columns, member)


def _e_values(args: Mapping[str, Any]) -> Block:
    ratio = args["rr"], args["ci_low"], args["ci_high"]
    found = e_value_of_ratio(*ratio)
    block = {"point": found.point, "ci_limit": found.limit}
    block["from_common_or"] = e_value_of_odds_ratio(*ratio, common=True).point
    if args["d"] is not None:
        block |= {"from_smd": _of_difference(e_value_of_difference(args["d"], args["d_se"]))}
    return block


def _of_difference(found: EValue) -> Block:
    limits = [found.conf_low, found.conf_high]
    return {"rr": found.risk_ratio, "point": found.point, "rr_ci": limits, "ci_limit": found.limit}


def _omitted(args: Mapping[str, Any], data: pd.DataFrame) -> Block:
    outcome, terms = (part.strip() for part in args["formula"].split("~"))
    columns = _columns([term.strip() for term in terms.split("+")], data, args["levels"] or {})
    member = columns.pop(args["treatment_term"]) == 1
    values = data[outcome].map(float).to_numpy()
    found = omitted_variable(values, member, np.column_stack(list(columns.values())), names=tuple(columns))
    one, (of_member, of_outcome) = found.benchmark(args["benchmark"]), found.shares[args["benchmark"]]
    return {
        "estimate": found.coefficient.estimate,
        "se": found.coefficient.std_error,
        "t": found.coefficient.statistic,
        "df": found.coefficient.df,
        "partial_r2_yd": found.partial_r2,
        "partial_f2": found.f**2,
        "rv_q1": found.robustness(),
        "rv_q1_alpha05": found.robustness(alpha=0.05),
        "rv_q05": found.robustness(0.5),
        "benchmark": {
            "r2dxj_x": of_member,
            "r2yxj_dx": of_outcome,
            "r2dz_x": one.r2_member,
            "r2yz_dx": one.r2_outcome,
            "adjusted_estimate": one.adjusted.estimate,
            "adjusted_se": one.adjusted.std_error,
            "adjusted_t": one.adjusted.statistic,
        },
    }


def partial_r2(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to the strength of an omitted variable, with groups of columns as benchmarks (group 30)."""
    args = case["args"]
    used, (member, focal) = data[: args["rows"]], args["member"]
    levels = {name: sorted(used[name].unique()) for name in args["categories"]}
    blocks = {name: _columns([name], used, levels) for name in args["covariates"]}
    names = [column for block in blocks.values() for column in block]
    found = omitted_variable(
        used[args["outcome"]].map(float),
        used[member] == focal,
        np.column_stack([column for block in blocks.values() for column in block.values()]),
        names=names,
        groups={name: [names.index(column) for column in blocks[name]] for name in args["benchmarks"]},
    )
    return {
        "estimate": found.coefficient.estimate,
        "se": found.coefficient.std_error,
        "df": found.coefficient.df,
        "partial_r2": found.partial_r2,
        "robustness": {
            f"q{q}_alpha{alpha}": found.robustness(q, None if alpha == 1 else alpha)
            for q in (1, 0.5)
            for alpha in (1.0, 0.05, 0.2)
        },
        "benchmarks": {name: _benchmarks(found, name) for name in args["benchmarks"]},
        "points": [_adjusted(found.adjusted(*point)) for point in args["points"]],
    }


def _benchmarks(found: OmittedVariable, name: str) -> Block:
    block: Block = dict(zip(("r2_member", "r2_outcome"), found.shares[name], strict=True))
    for k in (1, 2, 3):
        one = found.benchmark(name, k)
        block[f"times{k}"] = {"r2_member": one.r2_member, "r2_outcome": one.r2_outcome, **_adjusted(one.adjusted)}
        if "IMPOSSIBLE_BENCHMARK" in one.raised:
            block[f"times{k}"] = one.r2_member
    return block


def _adjusted(found: Inference) -> Block:
    return {"estimate": found.estimate, "se": found.std_error, "t": found.statistic}


def _balance(columns: Mapping[str, np.ndarray], member: np.ndarray) -> Block:
    found = balance(np.column_stack(list(columns.values())), member)
    parts = {"pooled": found.smd, "focal_sd": found.smd_members, "variance_ratio": found.variance_ratio, "ks": found.ks}
    return {part: dict(zip(columns, values.tolist(), strict=True)) for part, values in parts.items()}


def _scores(columns: Mapping[str, np.ndarray], member: np.ndarray) -> Block:
    found = propensity_overlap(member, np.column_stack(list(columns.values())), names=tuple(columns))
    scores, rows = found.scores, [found.coefficients.at(i) for i in range(len(found.names))]
    gap = float(found.logits[member].mean() - found.logits[~member].mean())
    return {
        "coef": {
            name: {
                "estimate": row.estimate,
                "se": row.std_error,
                "stat": row.statistic,
                "df": row.df,
                "p": row.p_value,
                "ci_low": row.conf_low,
                "ci_high": row.conf_high,
            }
            for name, row in zip(found.names, rows, strict=True)
        },
        "ps_first6": scores[:6].tolist(),
        "ps_min": scores.min(),
        "ps_max": scores.max(),
        "mean_focal": scores[member].mean(),
        "mean_reference": scores[~member].mean(),
        "logit_sd_pooled": gap / found.rubin_b,
        "auc": found.auc,
        "n_outside_01_09": int(np.sum((scores < 0.1) | (scores > 0.9))),
    }


def _columns(names: list[str], data: pd.DataFrame, levels: Mapping[str, list[str]]) -> dict[str, np.ndarray]:
    """Numbers as they are, categories as dummies of all levels but the first."""
    columns: dict[str, np.ndarray] = {}
    for name in names:
        if name in levels:
            columns |= {f"{name}{level}": (data[name] == level).to_numpy(float) for level in levels[name][1:]}
        else:
            columns[name] = data[name].map(float).to_numpy()
    return columns
