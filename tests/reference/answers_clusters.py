"""Our numbers where students share classes: regressions (group 08) and groups (group 20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.cluster_robust import cr2
from society_effects.stats.clustered_means import clustered_means
from society_effects.stats.inference import Inference, two_sided_p

Block = dict[str, Any]


def clusters(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a linear regression with CR2 standard errors and Satterthwaite degrees of freedom."""
    args = case["args"]
    outcome, right = (part.strip() for part in args["formula"].split("~"))
    terms = [term.strip() for term in right.split("+")]
    columns = {"(Intercept)": np.ones(len(data))}
    for term in terms:
        columns |= _columns(term, data, args["levels"] or {})
    design, y = np.column_stack(list(columns.values())), data[outcome].map(float).to_numpy()
    coefficients = np.linalg.solve(design.T @ design, design.T @ y)
    found = cr2(design, y - design @ coefficients, data[args["cluster"]].to_numpy())
    block: Block = {"n_clusters": data[args["cluster"]].nunique(), "n": len(data), "k": design.shape[1], "CR2": {}}
    for i, name in enumerate(columns):
        se, df = float(np.sqrt(found.covariance[i, i])), found.df(np.eye(len(columns))[i])
        t = float(coefficients[i] / se)
        block["CR2"][name] = {"se": se, "t": t, "df": df, "p": float(two_sided_p(t, df))}
    return block


def _columns(term: str, data: pd.DataFrame, levels: Mapping[str, list[str]]) -> dict[str, np.ndarray]:
    variable = term.removeprefix("factor(").removesuffix(")")
    known = levels.get(variable) or (sorted(data[variable].unique()) if term.startswith("factor(") else None)
    if known is None:
        return {variable: data[variable].map(float).to_numpy()}
    return {f"{term}{level}": (data[variable] == level).to_numpy(dtype=float) for level in known[1:]}


def groups_in_classes(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to groups whose students share classes: differences, ratios, odds ratios and the joint test."""
    args, classes = case["args"], data[case["args"]["cluster"]].to_numpy()
    values = data[args["outcome"]].map(float).to_numpy()
    if args["above"] is not None:
        values = (values > args["above"]).astype(float)
    exposure = None if args["exposure"] is None else data[args["exposure"]].map(float).to_numpy()
    named = data[args["group"]].agg(" ".join, axis=1)
    fit = clustered_means(values, named.map(args["levels"].index).to_numpy(), classes, exposure=exposure)
    later, test = range(1, len(args["levels"])), fit.wald()
    return {
        "n_clusters": fit.n_clusters,
        "n": len(data),
        "difference": [_row(fit.difference(arm, 0)) for arm in later],
        "log_ratio": [_row(fit.log_ratio(arm, 0)) for arm in later],
        "odds_ratio": [_row(fit.odds_ratio(arm, 0)) for arm in later] if args["above"] is not None else [],
        "wald": {"F": test.statistic, "df1": test.df1, "df2": test.df2, "p": test.p_value},
    }


def _row(found: Inference) -> Block:
    return {
        "estimate": found.estimate,
        "se": found.std_error,
        "t": found.statistic,
        "df": found.df,
        "p": found.p_value,
        "ci_low": found.conf_low,
        "ci_high": found.conf_high,
    }
