"""Our numbers for students compared with classmates, and for whole classes with students' covariates (group 30)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.adjusted_difference import AdjustedDifference, adjusted_difference
from society_effects.stats.inference import Inference
from society_effects.stats.two_stage import two_stage

Block = dict[str, Any]


def within_classes(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a comparison of students, or of whole classes, in schools."""
    args = case["args"]
    used = data[data[args["cluster"]].isin(args["schools"])] if args["schools"] else data
    y = used[args["outcome"]].map(float).to_numpy()
    if args["above"] is not None:
        y = (y > args["above"]).astype(float)
    member, schools = (used[args["group"]] == args["focal"]).to_numpy(), used[args["cluster"]].to_numpy()
    if case["id"].endswith(".within"):
        return _among_classmates(args, used, y, member, schools)
    return _whole_classes(args, used, y, member, schools)


def _among_classmates(args: Block, used: pd.DataFrame, y: np.ndarray, member: np.ndarray, schools: np.ndarray) -> Block:
    settings = {"names": tuple(args["covariates"]), "interactions": args["interactions"]}
    x = _columns(used, args["covariates"])
    plain = adjusted_difference(y, member, x, **settings)
    fixed, mundlak = (
        adjusted_difference(y, member, x, clusters=schools, within=how, **settings) for how in ("fixed", "mundlak")
    )
    hc3, classes, slopes = plain.coefficient("member"), fixed.classes, fixed.slopes_differ()
    assert classes is not None
    return {
        "n": len(y),
        "compared": classes.compared,
        "not_compared": classes.not_compared,
        "without_classes_hc3": _row(hc3),
        "fixed": _terms(fixed),
        "mundlak": _terms(mundlak),
        "slopes": {"F": slopes.statistic, "df1": slopes.df1, "df2": slopes.df2, "p": slopes.p_value},
    }


def _whole_classes(args: Block, used: pd.DataFrame, y: np.ndarray, member: np.ndarray, schools: np.ndarray) -> Block:
    names = tuple(args["covariates"] + args["shared"])
    x = _columns(used, list(names))
    within, pooled = (
        two_stage(y, member, schools, x, names=names, kind=args["kind"], slopes=how) for how in ("within", "pooled")
    )
    found, classes = within.difference, within.classes
    eye = np.eye(len(classes.names))
    return {
        "n": len(y),
        "classes": len(classes.values),
        "slopes": {name: _row(classes.slope(eye[i])) for i, name in enumerate(classes.names)},
        "slope_error": within.slope_error,
        "pooled": _row(pooled.difference),
        "within": _row(found),
        "permuted": {"estimate": found.estimate, "p": found.p_value},
    }


def _terms(found: AdjustedDifference) -> Block:
    """The coefficients; the means of the classes named in their order, as R has them."""
    own = [name for name in found.terms.names[1:] if not name.startswith("class:")]
    return {
        f"m{own.index(name.removeprefix('class:')) + 1}" if name.startswith("class:") else name: _row(
            found.coefficient(name)
        )
        for name in found.terms.names[1:]
    }


def _columns(used: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Numbers as they are; of two categories, whether it is the second."""
    columns = []
    for name in names:
        try:
            columns.append(used[name].map(float).to_numpy())
        except ValueError:
            columns.append((used[name] == sorted(used[name].unique())[1]).to_numpy(dtype=float))
    return np.column_stack(columns)


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
