"""Our numbers for ordered categories: proportional odds (group 03) and adjusted comparisons of orders (group 29)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.inference import Inference, TestResult
from society_effects.stats.ordinal_regression import OrdinalFit, proportional_odds
from society_effects.stats.ordinal_standardisation import StandardisedOrders, standardised_orders
from society_effects.stats.parallel_lines import parallel_lines
from society_effects.stats.score_errors import score_errors

Block = dict[str, Any]


def cumulative_logits(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a proportional odds model of a table of factors, with or without frequencies."""
    args = case["args"]
    data = _repeated(data, args["freq"])
    levels = args["outcome_levels"]
    columns = {
        f"{name}{level}": (data[name] == level).to_numpy(dtype=float)
        for name in args["rhs"].split(" + ")
        for level in args["levels"][name][1:]
    }
    codes = data[args["outcome"]].map(levels.index).to_numpy()
    fit = proportional_odds(codes, np.column_stack(list(columns.values())), names=tuple(columns))
    cuts = [f"{low}|{high}" for low, high in pairwise(levels)]
    ratio = fit.likelihood_ratio()
    return {
        "coef": _rows(cuts, fit.cut_points()) | _rows(list(columns), fit.coefficients()),
        "loglik": fit.log_likelihood,
        "aic": fit.aic,
        "n": len(codes),
        "lr_chi2": ratio.statistic,
        "lr_df": ratio.df1,
        "odds_ratios": dict(zip(columns, fit.odds_ratios().estimate, strict=True)),
    }


def orders(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a comparison of ordered categories adjusted for covariates."""
    args = case["args"]
    used = _repeated(data, args["freq"])
    used = used.dropna(subset=[args["outcome"], args["group"], *args["covariates"]])
    values = used[args["outcome"]]
    codes = (
        values.map(args["outcome_levels"].index).to_numpy()
        if args["cuts"] is None
        else np.searchsorted(args["cuts"], values.map(float).to_numpy(), side="right")
    )
    columns = {name: column for term in args["covariates"] for name, column in _columns(term, used[term]).items()}
    x = np.column_stack(list(columns.values()))
    member = (used[args["group"]] == args["focal"]).to_numpy()
    settings: Block = {"names": tuple(columns), "target": args["target"]}
    separate = standardised_orders(codes, member, x, parallel=False, **settings)
    block: Block = {"n": len(codes), "separate": _standardised(separate)}
    classes = None if args["cluster"] is None else used[args["cluster"]].to_numpy()
    if codes.max() == 1:
        block["cr2"] = _clustered_logit(separate.fits[0], classes)
        return block
    found = standardised_orders(codes, member, x, **settings)
    both = np.column_stack([member, x - x.mean(axis=0)])
    return block | _model(found.fits[0], classes) | {"parallel": _standardised(found)} | _brant(codes, both)


def _model(fit: OrdinalFit, classes: np.ndarray | None) -> Block:
    slopes = fit.influence[:, len(fit.thresholds) :]
    robust = np.sqrt(np.sum(slopes**2, axis=0) * len(slopes) / (len(slopes) - len(fit.to_coefficients)))
    block = {
        "loglik": fit.log_likelihood,
        "coef": _rows(fit.names, fit.coefficients()),
        "thresholds": dict(enumerate(_rows(range(len(fit.thresholds)), fit.cut_points()).values())),
        "robust_se": dict(zip(fit.names, robust, strict=True)),
    }
    if classes is not None:
        sums = pd.DataFrame(slopes).groupby(classes).sum().to_numpy()
        block["cr0_se"] = dict(zip(fit.names, np.sqrt(np.sum(sums**2, axis=0)), strict=True))
    return block


def _clustered_logit(fit: OrdinalFit, classes: np.ndarray | None) -> Block:
    assert fit.model is not None
    errors = score_errors(fit.model.scores, fit.model.roots, fit.to_coefficients, classes)
    slopes = np.eye(1 + len(fit.slopes))[1:]
    sums = [pd.Series(errors.influence(slope)).groupby(classes).sum() for slope in slopes]
    return {"se": [np.sqrt(np.sum(part**2)) for part in sums], "df": [errors.df(slope) for slope in slopes]}


def _standardised(found: StandardisedOrders) -> Block:
    chance = found.superiority
    return {
        "others": [share.value for share in found.shares[0]],
        "members": [share.value for share in found.shares[1]],
        "at_or_above": [row.estimate for row in found.at_or_above],
        "at_or_above_se": [row.std_error for row in found.at_or_above],
        "superiority": {
            "estimate": chance.estimate,
            "se_logit": chance.std_error,
            "df": chance.df,
            "t": chance.statistic,
            "p": chance.p_value,
            "ci_low": chance.conf_low,
            "ci_high": chance.conf_high,
        },
    }


def _brant(codes: np.ndarray, columns: np.ndarray) -> Block:
    found = parallel_lines(codes, columns)
    tests = {"overall": _test(found.overall), "terms": [_test(test) for test in found.of_term]}
    fitted = [proportional_odds(codes >= cut, columns).at_or_above(columns)[:, 0] for cut in range(1, codes.max() + 1)]
    crossing = bool(np.any(np.diff(fitted, axis=0) > 0))
    return {"brant": tests | {"slopes": found.slopes.estimate.tolist(), "crossing": crossing}}


def _test(found: TestResult) -> Block:
    return {"chi2": found.statistic, "df": found.df1, "p": found.p_value}


def _rows(names: Any, found: Inference) -> Block:
    keys = {"estimate": "estimate", "se": "std_error", "stat": "statistic", "z": "statistic", "df": "df"}
    keys |= {"p": "p_value", "ci_low": "conf_low", "ci_high": "conf_high"}
    return {
        name: {
            key: float(np.broadcast_to(getattr(found, field), np.shape(found.estimate))[i])
            for key, field in keys.items()
        }
        for i, name in enumerate(names)
    }


def _repeated(data: pd.DataFrame, frequency: str | None) -> pd.DataFrame:
    return data if frequency is None else data.loc[data.index.repeat(data[frequency].map(int))]


def _columns(name: str, values: pd.Series) -> dict[str, np.ndarray]:
    try:
        return {name: values.map(float).to_numpy()}
    except ValueError:
        return {f"{name}{level}": (values == level).to_numpy(dtype=float) for level in sorted(values.unique())[1:]}
