"""Our numbers for adjusted comparisons: analysis of covariance (group 07) and Lin's regression (groups 08 and 25)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.adjusted_difference import AdjustedDifference, adjusted_difference
from society_effects.stats.inference import Inference, TestResult, from_t
from society_effects.stats.linear_model import LinearFit, StudentErrors, least_squares

Block = dict[str, Any]


def adjusted(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a comparison adjusted for covariates, with every covariance it can have."""
    args = case["args"]
    focal, names = str(args.get("focal")), args["covariates"]
    used = data[[args["outcome"], args.get("group") or args["treatment"], *names]].dropna()
    y = used[args["outcome"]].map(float).to_numpy()
    if args.get("above") is not None:
        y = (y > args["above"]).astype(float)
    columns = {
        name: column for term in names for name, column in _columns(term, used, args.get("levels") or {}).items()
    }
    member = (used.iloc[:, 1] == focal).to_numpy()
    classes = data.loc[used.index, args["cluster"]].to_numpy() if args.get("cluster") else None
    settings: Block = {"names": tuple(columns), "target": args.get("target", "all")}
    settings["interactions"] = args.get("interactions", True)

    def fit(**more: Any) -> AdjustedDifference:
        return adjusted_difference(y, member, np.column_stack(list(columns.values())), **settings, **more)

    if case["id"].endswith("_lin"):
        return _lin_block(fit, y, member, classes)
    hc3, hc2 = fit(), fit(covariance="hc2")
    block = {
        "n": len(y),
        "difference": _row(hc3.difference),
        "sampling_error": hc3.sampling_error,
        "hc3": {term: _row(hc3.coefficient(term)) for term in hc3.terms.names},
        "hc2": {term: _row(hc2.coefficient(term)) for term in hc2.terms.names},
        "adjusted_means": {at: [_row(hc3.adjusted_mean(arm, at)) for arm in (0, 1)] for at in ("members", "all")},
        "slopes_hc3": _test(hc3.slopes_differ()),
    }
    if classes is not None:
        cr2 = fit(clusters=classes)
        block["cr2"] = {term: _row(cr2.coefficient(term)) for term in cr2.terms.names}
        block["slopes_cr2"] = _test(cr2.slopes_differ())
    return block


def ancova(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to an analysis of covariance of several groups with the earlier score."""
    args = case["args"]
    pre, post = (data[args[wave]].map(float).to_numpy() for wave in ("pre", "post"))
    groups = np.column_stack([(data[args["group"]] == level).to_numpy(float) for level in args["levels"][1:]])
    one, names = np.ones(len(pre)), [f"group{level}" for level in args["levels"][1:]]
    fit = least_squares(np.column_stack([one, pre, groups]), post)
    alone = least_squares(np.column_stack([one, groups]), post)
    change = least_squares(np.column_stack([one, groups]), post - pre)
    crossed = least_squares(np.column_stack([one, pre, groups, groups * pre[:, None]]), post)
    k, terms = groups.shape[1], ["(Intercept)", "pre", *names]
    of_groups = StudentErrors(fit, "classical").joint(np.eye(2 + k)[2:])
    points = [np.r_[1.0, pre.mean(), np.eye(k + 1)[i][1:]] for i in range(k + 1)]
    means = [_contrast(fit, point) for point in points]
    kept = ("ci_low", "ci_high", "se")
    return {
        "n": len(pre),
        "ancova": _coefficients(fit, terms),
        "sigma": np.sqrt(np.sum(fit.residuals**2) / fit.df),
        "r2": 1 - np.sum(fit.residuals**2) / np.sum((post - post.mean()) ** 2),
        "group_F": _test(of_groups)
        | {"partial_eta2": of_groups.statistic * k / (of_groups.statistic * k + of_groups.df2)},
        "slopes_F": _test(StudentErrors(crossed, "classical").joint(np.eye(2 + 2 * k)[2 + k :])),
        "change": _coefficients(change, ["(Intercept)", *names]),
        "post_only": _coefficients(alone, ["(Intercept)", *names]),
        "hc2_se": {term: _contrast(fit, np.eye(2 + k)[i], "hc2").std_error for i, term in enumerate(terms)},
        "hc3_se": {term: _contrast(fit, np.eye(2 + k)[i], "hc3").std_error for i, term in enumerate(terms)},
        "adjusted_means": {
            level: {"mean": mean.estimate} | {key: _row(mean)[key] for key in kept}
            for level, mean in zip(args["levels"], means, strict=True)
        },
    }


def _lin_block(fit: Any, y: np.ndarray, member: np.ndarray, classes: np.ndarray | None) -> Block:
    hc2, hc3 = (fit(covariance=kind) for kind in ("hc2", "hc3"))
    plain, errors = adjusted_difference(y, member, covariance="hc2"), [a.coefficient("member") for a in (hc2, hc3)]
    theirs = from_t(errors[0].estimate, errors[0].std_error, errors[1].df)
    unadjusted = from_t(plain.difference.estimate, plain.difference.std_error, len(y) - 2)
    of_theirs = {key: value for key, value in _row(theirs).items() if key != "se"}
    block = {
        "n": len(y),
        "lin": of_theirs | {"se_hc2": errors[0].std_error, "se_hc3": errors[1].std_error},
        "unadjusted_hc2": {key: _row(unadjusted)[key] for key in ("estimate", "se", "p")},
    }
    if classes is not None:
        of_classes = fit(clusters=classes).coefficient("member")
        block["lin_cr2"] = {key: _row(of_classes)[key] for key in ("se", "df", "p")}
    return block


def _columns(variable: str, data: pd.DataFrame, levels: Mapping[str, list[str]]) -> dict[str, np.ndarray]:
    values = data[variable]
    try:
        return {variable: values.map(float).to_numpy()}
    except ValueError:
        known = levels.get(variable) or sorted(values.unique())
        named = {f"{variable}{level}": (values == level).to_numpy(dtype=float) for level in known[1:]}
        return {variable: next(iter(named.values()))} if len(named) == 1 else named


def _contrast(fit: LinearFit, contrast: np.ndarray, kind: str = "classical") -> Inference:
    errors = StudentErrors(fit, kind)
    return from_t(fit.estimate(contrast), np.sqrt(np.sum(errors.influence(contrast) ** 2)), errors.df(contrast))


def _coefficients(fit: LinearFit, terms: list[str]) -> Block:
    found = {term: _row(_contrast(fit, np.eye(len(terms))[i])) for i, term in enumerate(terms)}
    return {term: row | {"stat": row["t"]} for term, row in found.items()}


def _test(found: TestResult) -> Block:
    return {"F": found.statistic, "df1": found.df1, "df2": found.df2, "p": found.p_value}


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
