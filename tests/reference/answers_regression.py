"""Our numbers for ordinary regression: tables, diagnostics and adjusted means (groups 08 and 31)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.anova_tables import AnovaTable, anova_table, robust_anova_table
from society_effects.stats.formula_terms import TermColumns, columns_of_terms
from society_effects.stats.inference import Inference, TestResult
from society_effects.stats.marginal_means import marginal_means
from society_effects.stats.multiplicity import holm
from society_effects.stats.regression import Regression, regression
from society_effects.stats.regression_diagnostics import (
    breusch_pagan,
    coefficient_moves,
    durbin_watson,
    reset,
    student_diagnostics,
    variance_inflation,
)

Block = dict[str, Any]
HC = ("HC0", "HC1", "HC2", "HC3", "HC4")


def ordinary(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a regression written as a formula of R."""
    args = case["args"]
    outcome, right = args["formula"].split(" ~ ")
    terms = [term.replace("factor(", "C(") for term in right.split(" + ")]
    table, y = _complete(data, outcome, terms, args["levels"] or {})
    columns = columns_of_terms(table, terms)
    if "specs" in args:
        found = regression(columns.columns, columns.names, y, covariance="classical")
        return {
            weights: _adjusted(found, columns, table, args["specs"], weights) for weights in ("equal", "proportional")
        }
    return BY_KIND[case["id"].rsplit(".", 1)[-1]](table, terms, columns, y)


def crossed(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a regression with products of terms, with HC3."""
    args = case["args"]
    terms = args["terms"]
    table, y = _complete(data, args["outcome"], terms, {})
    columns = columns_of_terms(table, terms)
    found = regression(columns.columns, columns.names, y)
    moved = next(name for name in found.names if _as_in_r(name) == args["moved"])
    moves, scaled = coefficient_moves(found, moved), coefficient_moves(found, moved, standardised=True)
    top = np.argsort(-np.abs(moves), kind="stable")[:5]
    return {
        "type2": _table(anova_table(table, terms, y)),
        "type3": _table(anova_table(table, terms, y, kind="III")),
        "type2_hc3": _table(robust_anova_table(table, terms, y)),
        "type3_hc3": _table(robust_anova_table(table, terms, y, kind="III")),
        "equal": _robust_means(found, columns, table, args["factor"], "equal"),
        "proportional": _robust_means(found, columns, table, args["factor"], "proportional"),
        "dfbeta": {
            "rows": [int(i) + 1 for i in top],
            "values": moves[top].tolist(),
            "standardised": scaled[top].tolist(),
            "sum_of_squares": float(np.sum(scaled**2)),
        },
    }


def _complete(
    data: pd.DataFrame, outcome: str, terms: list[str], levels: Mapping[str, list[str]]
) -> tuple[Block, np.ndarray]:
    """The variables, numbers as numbers and categories in their order, of the rows without missing values."""
    named = [name for name in data if any(re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", term) for term in terms)]
    used = data[[outcome, *named]].dropna()
    table: Block = {}
    for name in named:
        try:
            table[name] = used[name].map(float).to_numpy()
        except ValueError:
            known = levels.get(name) or sorted(used[name].unique())
            table[name] = pd.Categorical(used[name], known, ordered=True)
    return table, used[outcome].map(float).to_numpy()


def _fit_block(table: Block, terms: list[str], columns: TermColumns, y: np.ndarray) -> Block:
    found = regression(columns.columns, columns.names, y, covariance="classical")
    rows = {_as_in_r(name): found.coefficient(name) for name in found.names}
    return {
        "coef": {name: _row(row) | {"stat": row.statistic} for name, row in rows.items()},
        "sigma": found.sigma,
        "r2": found.r_squared,
        "adj_r2": found.adjusted_r_squared,
        "F": found.overall.statistic,
        "F_df": [found.overall.df1, found.overall.df2],
        "loglik": found.log_likelihood,
        "aic": found.aic,
        "bic": found.bic,
        "n": found.n,
    }


def _hc_block(table: Block, terms: list[str], columns: TermColumns, y: np.ndarray) -> Block:
    fits = {kind: regression(columns.columns, columns.names, y, covariance=kind.lower()) for kind in HC}
    errors = {
        kind: {_as_in_r(name): found.coefficient(name).std_error for name in found.names}
        for kind, found in fits.items()
    }
    spread, form = breusch_pagan(fits["HC3"]), reset(fits["HC3"])
    return errors | {
        "breusch_pagan_koenker": {"LM": spread.statistic, "df": spread.df1, "p": {"BP": spread.p_value}},
        "reset_power_2_3": _test(form),
    }


def _diagnostics_block(table: Block, terms: list[str], columns: TermColumns, y: np.ndarray) -> Block:
    found = regression(columns.columns, columns.names, y)
    shown = student_diagnostics(found)
    inflated = variance_inflation(columns.columns, columns.term_of, columns.terms)
    plain = all(one.df == 1 for one in inflated)
    return {
        "cooks_max": shown.cooks_distance.max(),
        "cooks_argmax_row": int(np.argmax(shown.cooks_distance)) + 1,
        "leverage_max": shown.leverage.max(),
        "rstudent_max_abs": np.abs(shown.studentised).max(),
        "dffits_max_abs": np.abs(shown.dffits).max(),
        "durbin_watson": durbin_watson(found),
        "vif": {
            _as_in_r(one.term): one.factor if plain else {"gvif": one.factor, "df": one.df, "gvif_adj": one.per_column}
            for one in inflated
        },
    }


def _anova_block(table: Block, terms: list[str], columns: TermColumns, y: np.ndarray) -> Block:
    kinds = {name: anova_table(table, terms, y, kind=kind) for name, kind in TYPES.items()}
    any_of_them = kinds["type2"]
    return {name: _table(found) for name, found in kinds.items()} | {
        "residual_ss": any_of_them.residual_ss,
        "residual_df": any_of_them.residual_df,
    }


TYPES = {"type1": "I", "type2": "II", "type3": "III"}
BY_KIND = {"ols": _fit_block, "hc": _hc_block, "diag": _diagnostics_block, "anova": _anova_block}


def _adjusted(found: Regression, columns: TermColumns, table: Block, factor: str, weights: str) -> Block:
    shown = marginal_means(found, columns, table, factor, weights=weights)
    # emmeans takes the later level from the earlier one
    names = [f"{shown.levels[earlier]} - {shown.levels[later]}" for later, earlier in shown.pairs]
    p_holm = holm([pair.inference.p_value for pair in shown.differences])
    return {
        "means": _means(shown.levels, shown.means),
        "contrasts": {
            name: {
                "estimate": -pair.inference.estimate,
                "se": pair.inference.std_error,
                "t": -pair.inference.statistic,
                "p": pair.inference.p_value,
                "p_tukey": pair.p_adjusted,
                "p_holm": of_family,
            }
            for name, pair, of_family in zip(names, shown.differences, p_holm, strict=True)
        },
    }


def _robust_means(found: Regression, columns: TermColumns, table: Block, factor: str, weights: str) -> Block:
    shown = marginal_means(found, columns, table, factor, weights=weights)
    names = [f"{shown.levels[later]} - {shown.levels[earlier]}" for later, earlier in shown.pairs]
    return {
        "means": _means(shown.levels, shown.means),
        "differences": {
            name: _row(pair.inference)
            | {
                "p_tukey": pair.p_adjusted,
                "low_tukey": pair.simultaneous_low,
                "high_tukey": pair.simultaneous_high,
            }
            for name, pair in zip(names, shown.differences, strict=True)
        },
    }


def _means(levels: tuple[Any, ...], means: Inference) -> Block:
    each = {level: _row(means.at(i)) for i, level in enumerate(levels)}
    return {level: row | {"mean": row["estimate"]} for level, row in each.items()}


def _table(found: AnovaTable) -> Block:
    return {
        _as_in_r(row.term): {"ss": row.sum_of_squares, "df": row.df, "F": row.test.statistic, "p": row.test.p_value}
        for row in found.rows
    }


def _as_in_r(name: str) -> str:
    """``C(am)[1]`` as ``factor(am)1``."""
    return name.replace("C(", "factor(").replace("[", "").replace("]", "")


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
