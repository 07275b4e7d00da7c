"""Our numbers of differences in differences: regressions (group 10) and staggered joining (group 26)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.calibrated_odds import calibrated_odds
from society_effects.stats.clustered_regression import ClusteredRegression, clustered_regression
from society_effects.stats.difference_in_changes import difference_in_changes
from society_effects.stats.group_time import GroupTime, group_time
from society_effects.stats.group_time_aggregates import aggregate
from society_effects.stats.influence import Influenced
from society_effects.stats.two_way_fixed_effects import TwoWay, event_indicators, two_way_fixed_effects

Block = dict[str, Any]
Reader = Callable[[Mapping[str, Any]], pd.DataFrame]


def changes(case: Mapping[str, Any], read: Reader) -> Block:
    """Our answer to a difference in differences; empty for a time series, which belongs to another design."""
    if "start" in case["args"]:
        return {}
    data, args = read(case), case["args"]
    if "years" in args:
        return _staggered(args, data[data[args["time"]].isin([str(year) for year in args["years"]])])
    if "post" in args:
        return _two_by_two(args, data)
    return _event_study(args, data) if "low" in args else _two_way(args, data)


def _two_by_two(args: Mapping[str, Any], data: pd.DataFrame) -> Block:
    treated = (data[args["treatment"]] == str(args["focal"])).to_numpy(dtype=float)
    post = data[args["time"]].isin([str(wave) for wave in args["post"]]).to_numpy(dtype=float)
    y, units = data[args["outcome"]].map(float).to_numpy(), data[args["unit"]].to_numpy()
    design = np.column_stack([np.ones(len(y)), treated, post, treated * post])
    fit = clustered_regression(design, y, units)
    rows = clustered_regression(design, y, np.arange(len(y)))
    names = ("(Intercept)", "T", "P", "T:P")
    table = pd.DataFrame({"y": y, "post": post, "unit": units, "treated": treated})
    means = table.groupby(["unit", "treated", "post"])["y"].mean().unstack()
    per_unit = (means[1.0] - means[0.0]).reset_index(name="change")
    alone = np.arange(len(per_unit))
    found = difference_in_changes(per_unit["change"], per_unit["treated"] == 1, clusters=alone)
    return {
        "cell_means": {f"T{t}P{p}": y[(treated == t) & (post == p)].mean() for t in (0, 1) for p in (0, 1)},
        "did": found.estimate,
        "coef": {name: _t_block(fit, i) for i, name in enumerate(names)},
        "se_hc1": rows.inference(3, "CR1S").std_error,
        "se_CR0": fit.inference(3, "CR0").std_error,
        "se_CR1S": fit.inference(3, "CR1S").std_error,
        "CR2": {"se": found.std_error, "df": found.df, "p": found.p_value},
        "n": len(y),
        "n_units": len(per_unit),
    }


def _t_block(fit: ClusteredRegression, position: int) -> Block:
    found = fit.inference(position, "classical")
    return {
        "estimate": found.estimate,
        "se": found.std_error,
        "stat": found.statistic,
        "df": found.df,
        "p": found.p_value,
        "ci_low": found.conf_low,
        "ci_high": found.conf_high,
    }


def _two_way(args: Mapping[str, Any], data: pd.DataFrame) -> Block:
    y, member, _ = _panel(args, data)
    columns = [member, *(_wide(args, data, name).to_numpy() for name in args["covariates"] or [])]
    names = ["D", *(args["covariates"] or [])]
    fit = two_way_fixed_effects(y, np.stack(columns, axis=2))
    block: Block = {
        "n": fit.n,
        "n_units": fit.n_units,
        "n_times": fit.n_waves,
        "k_all": fit.regression.n_parameters,
        "r2_within": fit.r2_within,
        "coef": dict(zip(names, fit.coefficients, strict=True)),
        "CR2": {},
    }
    for theirs, kind in (("se_classical", "classical"), ("CR0", "CR0"), ("CR1", "CR1"), ("CR1S_nested", "CR1S_nested")):
        block[theirs] = _errors(fit, names, kind)
    block["CR1S_all_params"] = _errors(fit, names, "CR1S")
    for i, name in enumerate(names):
        found = fit.inference(i)
        block["CR2"][name] = {"se": found.std_error, "df": found.df, "p": found.p_value}
    return block


def _event_study(args: Mapping[str, Any], data: pd.DataFrame) -> Block:
    y, _, first = _panel(args, data)
    times, indicators = event_indicators(first, y.shape[1], args["low"], args["high"])
    kept = first != 0
    fit = two_way_fixed_effects(y[kept], indicators[kept])
    names = [f"k{'m' if time < 0 else 'p'}{abs(time)}" for time in times]
    return {
        "n": fit.n,
        "n_units": fit.n_units,
        "coef": dict(zip(names, fit.coefficients, strict=True)),
        "CR0": _errors(fit, names, "CR0"),
        "CR1S": _errors(fit, names, "CR1S"),
    }


def _errors(fit: TwoWay, names: list[str], kind: str) -> Block:
    return {name: fit.inference(i, kind).std_error for i, name in enumerate(names)}


def _wide(args: Mapping[str, Any], data: pd.DataFrame, column: str) -> pd.DataFrame:
    return data.assign(x=data[column].map(float)).pivot(index=args["unit"], columns=args["time"], values="x")


def _panel(args: Mapping[str, Any], data: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores and membership of units by waves, and the first wave as a member."""
    values = _wide(args, data, args["outcome"]).to_numpy()
    member = _wide(args, data.assign(member=(data[args["treatment"]] == "yes") * 1), "member").to_numpy()
    first = np.where(member.any(axis=1), member.argmax(axis=1), -1)
    return np.log(values) if args["log_outcome"] else values, member, first


def _staggered(args: Mapping[str, Any], data: pd.DataFrame) -> Block:
    y, _, first = _panel(args, data)
    covariate = None
    if args["above_median"]:
        start = _wide(args, data, args["above_median"]).to_numpy()[:, 0]
        covariate = (start > np.median(start)).astype(float)
    comparison = {"nevertreated": "never", "notyettreated": "not_yet"}[args["comparison"]]
    found = group_time(y, first, comparison=comparison, base_period=args["base_period"], covariates=covariate)
    found = _without_leverage(found, first[first != 0], None if covariate is None else covariate[first != 0])
    cells = {"cohort": found.cohort, "wave": found.wave, "att": found.effects.estimate, "se": found.effects.std_error}
    block: Block = {"cells": {key: list(value) for key, value in cells.items()}}
    for kind in ("simple", "event", "cohort", "calendar"):
        mean = aggregate(found, kind)
        block[kind] = {"overall": mean.overall.estimate[0], "overall_se": mean.overall.std_error[0]}
        if kind != "simple":
            block[kind] |= {"at": list(mean.at), "att": list(mean.path.estimate), "se": list(mean.path.std_error)}
    return block


def _without_leverage(found: GroupTime, first: np.ndarray, covariate: np.ndarray | None) -> GroupTime:
    """The influence as did has it: not divided by the root of one minus each unit's share of its arm."""
    influence: np.ndarray = found.effects.influence.copy()
    for i, cohort in enumerate(found.cohort):
        joined = first == cohort
        others = found.effects.used[:, i] & ~joined
        share = np.zeros(len(first))
        share[joined] = 1 / joined.sum()
        share[others], terms = 1 / others.sum(), 1
        if covariate is not None:
            x = np.column_stack([np.ones(len(first)), covariate])
            odds = calibrated_odds(x[joined], x[others])
            share[others], terms = odds / odds.sum(), 2
        influence[:, i] *= np.sqrt(1 - share)
        influence[others, i] *= np.sqrt((others.sum() - terms) / (others.sum() - 1))
    effects: Influenced = replace(found.effects, influence=influence)
    return replace(found, effects=effects)
