"""Our numbers for regressions whose students share classes (the cluster cases of group 08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.cluster_robust import cr2
from society_effects.stats.inference import two_sided_p

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
