"""Our numbers for several waves: random intercepts (07, 11), analysis of variance (07), unstructured covariance (28)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.cluster_sums import ClusterRobust
from society_effects.stats.inference import TestResult
from society_effects.stats.random_intercept import random_intercept
from society_effects.stats.satterthwaite import Coefficients
from society_effects.stats.unstructured_waves import UnstructuredWaves, group_wave_design, unstructured_waves
from society_effects.stats.within_anova import WithinEffect, friedman, kendall_w, within_anova

Block = dict[str, Any]


def levels_of_clusters(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a model with a random intercept; none to one with random slopes."""
    outcome, right = (part.strip() for part in case["args"]["formula"].split("~"))
    fixed, cluster = (part.strip(" )") for part in right.split("+ (1 |")) if "(1 |" in right else (None, None)
    if fixed is None:
        return {}
    columns, terms = _columns(fixed, data, case["args"]["levels"] or {})
    y = data[outcome].map(float).to_numpy()
    fit = random_intercept(y, np.column_stack(list(columns.values())), data[cluster].to_numpy())
    rows = {
        name: _fixed(fit.coefficients, weights) for name, weights in zip(columns, np.eye(len(columns)), strict=True)
    }
    joint = {name: _f(fit.coefficients.joint(weights)) for name, weights in _type_three(columns, terms).items()}
    return {
        "n": fit.n,
        "fixed": rows,
        "varcomp_reml": {f"{cluster}:(Intercept)": fit.intercept_variance, "residual": fit.residual_variance},
        "loglik_reml": fit.log_likelihood,
        "icc_reml": fit.icc().value,
        "type3_satterthwaite": joint,
    }


def _columns(fixed: str, data: pd.DataFrame, levels: Mapping[str, list[str]]) -> tuple[dict[str, np.ndarray], Block]:
    """The design in treatment coding, and which columns belong to which term."""
    columns: dict[str, np.ndarray] = {"(Intercept)": np.ones(len(data))}
    terms: Block = {}

    def main(variable: str) -> dict[str, np.ndarray]:
        if variable not in levels:
            return {variable: data[variable].map(float).to_numpy()}
        return {f"{variable}{level}": (data[variable] == level).to_numpy(float) for level in levels[variable][1:]}

    for part in (part.strip() for part in fixed.split("+") if part.strip() != "1"):
        own = [main(variable.strip()) for variable in part.split("*")]
        terms |= {variable.strip(): list(one) for variable, one in zip(part.split("*"), own, strict=True)}
        for one in own:
            columns |= one
        if len(own) == 2:
            crossed = {f"{a}:{b}": own[0][a] * own[1][b] for b, a in product(own[1], own[0])}
            terms[":".join(variable.strip() for variable in part.split("*"))] = list(crossed)
            columns |= crossed
    return columns, terms


def _type_three(columns: Mapping[str, np.ndarray], terms: Block) -> dict[str, np.ndarray]:
    """Weights that compare a factor's levels at the mean over the other factor's levels."""
    names, found = list(columns), {}
    interaction = next((term for term in terms if ":" in term), None)
    for term, members in terms.items():
        rows = np.zeros((len(members), len(names)))
        for row, member in zip(rows, members, strict=True):
            row[names.index(member)] = 1.0
            if interaction and term != interaction:
                other = next(o for o in terms if o not in (term, interaction))
                together = [name for name in terms[interaction] if member in name.split(":")]
                row[[names.index(name) for name in together]] = 1 / (len(terms[other]) + 1)
        found[term] = rows
    return found


def _fixed(coefficients: Coefficients, weights: np.ndarray) -> Block:
    found = coefficients.contrast(weights)
    return {
        "estimate": found.estimate,
        "se": found.std_error,
        "t": found.statistic,
        "df_satterthwaite": found.df,
        "p_satterthwaite": found.p_value,
    }


def _f(found: TestResult) -> Block:
    return {"F": found.statistic, "df1": found.df1, "df2": found.df2, "p": found.p_value}


def repeated_measures(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to the analysis of variance of repeated measures, and to Friedman's test."""
    args = case["args"]
    values = data[args["columns"]].map(float).to_numpy()
    fit = within_anova(values, None if args["between"] is None else data[args["between"]].to_numpy())
    lines = {"time": fit.waves, "B": fit.groups, "B:time": fit.interaction}
    effects = {name: effect for name, effect in lines.items() if effect is not None}
    changing = {name: effect for name, effect in effects.items() if name != "B"}
    mauchly, ranks = fit.mauchly, friedman(values)
    return {
        "n_subjects": fit.n,
        "tests": {name: _line(effect) for name, effect in effects.items()},
        "sphericity": {name: {"W": mauchly.statistic, "p": mauchly.p_value} for name in changing},
        "gg": {n: _corrected(e.greenhouse_geisser, fit.greenhouse_geisser_epsilon) for n, e in changing.items()},
        "hf": {n: _corrected(e.huynh_feldt, fit.huynh_feldt_epsilon) for n, e in changing.items()},
        "partial_eta2": {name: effect.partial_eta_squared for name, effect in effects.items()},
        "friedman_ignoring_groups": {
            "chi2": ranks.statistic,
            "df": ranks.df1,
            "p": ranks.p_value,
            "kendall_w": kendall_w(values).value,
        },
    }


def _line(effect: WithinEffect) -> Block:
    test = effect.test
    squares = {"ss": effect.ss, "ss_error": effect.ss_error}
    return squares | {"df1": test.df1, "df2": test.df2, "F": test.statistic, "p": test.p_value}


def _corrected(test: TestResult | None, epsilon: float) -> Block:
    return {} if test is None else {"epsilon": epsilon, "p": test.p_value}


def waves(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to means of groups and waves with any covariance of the waves."""
    args = case["args"]
    values = data[args["columns"]].map(float).to_numpy(copy=True)
    for row, wave in args["missing"]:
        values[row - 1, wave - 1] = np.nan
    groups = np.zeros(len(values), int) if args["group"] is None else data[args["group"]].map(args["levels"].index)
    design = group_wave_design(groups, values.shape[1])
    if case["id"] == "obk_level.waves":
        students = np.repeat(np.arange(len(values)), values.shape[1])
        robust = random_intercept(values.ravel(), design.reshape(values.size, -1), students).robust()
        return {"students": _robust(robust, args["contrasts"])}
    if not args["contrasts"]:
        apart = unstructured_waves(values, design, strata=groups)
        return {"groups": [_group(apart, values, np.asarray(groups), g) for g in range(len(args["levels"]))]}
    fit = unstructured_waves(values, design)
    block = _fit(fit, 0, args["contrasts"]) | {"n_students": fit.n_students, "n": fit.n_values}
    block["loglik"] = fit.log_likelihood
    if args["classes"]:
        block["classes"] = _robust(fit.by_class(np.arange(len(values)) % args["classes"]), args["contrasts"])
    return block


def _group(apart: UnstructuredWaves, values: np.ndarray, groups: np.ndarray, g: int) -> Block:
    """One group of the fit in which every group has its own covariance; its likelihood by a fit of its own."""
    own = values[groups == g]
    alone = unstructured_waves(own, group_wave_design(np.zeros(len(own)), values.shape[1]))
    weights = np.zeros((len(np.unique(groups)), values.shape[1]))
    weights[g, 0], weights[g, -1] = -1.0, 1.0
    block = _fit(apart, g, [weights.ravel()])
    return block | {"n_students": alone.n_students, "n": alone.n_values, "loglik": alone.log_likelihood}


def _fit(fit: UnstructuredWaves, stratum: int, contrasts: list[Any]) -> Block:
    found = [fit.coefficients.contrast(weights) for weights in contrasts]
    rows = [{"estimate": f.estimate, "se": f.std_error, "df": f.df, "p": f.p_value} for f in found]
    return {"covariance": fit.covariance[stratum].tolist(), "contrasts": rows}


def _robust(fit: ClusterRobust, contrasts: list[Any]) -> list[Block]:
    found = [fit.contrast(weights) for weights in contrasts]
    return [
        {"estimate": f.estimate, "se": f.std_error, "df": f.df, "ci_low": f.conf_low, "ci_high": f.conf_high}
        for f in found
    ]
