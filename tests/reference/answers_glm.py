"""Our numbers for logistic and Poisson regressions and the standardisation over them (groups 03, 08 and 32)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from society_effects.stats.generalised_linear import GeneralisedFit, log_linear, logistic
from society_effects.stats.inference import Inference, from_t
from society_effects.stats.linear_model import StudentErrors, least_squares
from society_effects.stats.modified_poisson import conditional_risk_ratio
from society_effects.stats.ranks import u_statistic
from society_effects.stats.standardisation import standardised_rates, standardised_shares
from society_effects.stats.standardised import Standardised

Block = dict[str, Any]


def glm(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a standardised comparison with all it is made of (group 32)."""
    args = case["args"]
    plain = [args["outcome"], args["group"], *(name.split("=")[0] for name in args["covariates"])]
    used = data.dropna(subset=[*plain, *(args[key] for key in ("exposure", "cluster") if args[key])])
    y = used[args["outcome"]]
    outcome = (y.map(float) if args["event"] is None else (y == args["event"]).astype(float)).to_numpy()
    member = (used[args["group"]] == args["focal"]).to_numpy()
    columns = [_column(used, name) for name in args["covariates"]]
    settings = {"target": args["target"], "interactions": args["interactions"]}
    if args["exposure"]:
        settings["exposure"] = used[args["exposure"]].map(float).to_numpy()
    adjust = standardised_shares if args["family"] == "binomial" else standardised_rates
    found = adjust(outcome, member, np.column_stack(columns), **settings)
    means = [mean.estimate for mean in found.means]
    block: Block = {
        "n": len(outcome),
        "standardised": {
            "mean_others": means[0],
            "mean_members": means[1],
            "difference": _row(found.difference),
            "ratio": _row(found.ratio),
        },
    }
    if found.odds_ratio is not None:
        more = {"odds_ratio": found.odds_ratio, "others": found.means[0], "members": found.means[1]}
        block["standardised"] |= {key: _row(value) for key, value in more.items()}
    if args["firth"]:
        return block | _penalised(found)
    block["hc3"] = _table(found.coefficients.names, found.coefficients.values)  # type: ignore[union-attr]
    if args["cluster"]:
        in_classes = adjust(
            outcome, member, np.column_stack(columns), clusters=used[args["cluster"]].to_numpy(), **settings
        )
        block["cr2"] = _table(in_classes.coefficients.names, in_classes.coefficients.values)  # type: ignore[union-attr]
    return block


def titanic_and_cps(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a logistic regression, its standardisation with fixed covariates, or modified Poisson (group 08)."""
    args = case["args"]
    used = data[[args["outcome"], args["treatment"], *args["covariates"]]].dropna()
    event = (used[args["outcome"]] == args["event"]).to_numpy(dtype=float)
    member = (used[args["treatment"]] == args["focal"]).to_numpy()
    columns = {}
    for name in args["covariates"]:
        levels = (args.get("levels") or {}).get(name)
        for shown in [name] if levels is None else [f"{name}={level}" for level in levels[1:]]:
            columns[shown.replace("=", "")] = _column(used, shown)
    x = np.column_stack(list(columns.values()))
    design, names = np.column_stack([np.ones(len(x)), member, x]), ("(Intercept)", "T01", *columns)
    if case["id"].endswith("gcomp"):
        targets = {"ate": "all", "att": "members"}
        return {key: _with_fixed_covariates(event, member, x, target) for key, target in targets.items()}
    if case["id"].endswith("rr_poisson"):
        return _modified_poisson(event, member, x, design, names)
    fit, reduced = logistic(design, event, names), logistic(np.delete(design, 1, axis=1), event, np.delete(names, 1))
    n1, expected = event.sum(), fit.mean(design)
    return _fit_block(fit) | {
        "null_deviance": fit.model.null_deviance,
        "lr_treatment": reduced.model.deviance - fit.model.deviance,
        "mcfadden_r2": 1 - fit.model.deviance / fit.model.null_deviance,
        "auc": u_statistic(expected[event > 0], expected[event == 0]) / (n1 * (len(event) - n1)),
        "treatment_or": np.exp(fit.coefficients[1]),
    }


def poisson(case: Mapping[str, Any], data: pd.DataFrame) -> Block:
    """Our answer to a Poisson regression with several factors, and the log of an exposure (group 03)."""
    left, right = case["args"]["formula"].split(" ~ ")
    columns, offset = {"(Intercept)": np.ones(len(data))}, None
    for term in right.split(" + "):
        name = term.removeprefix("factor(").removesuffix(")")
        if term.startswith("offset"):
            offset = np.log(data["Holders"].map(float).to_numpy())
            continue
        levels = case["args"]["levels"].get(name) or sorted(data[name].unique())
        columns |= {f"{term}{level}": (data[name] == level).to_numpy(float) for level in levels[1:]}
    fit = log_linear(np.column_stack(list(columns.values())), data[left].map(float), tuple(columns), offset)
    pearson, df = fit.model.pearson_chi2, fit.working.df
    quasi = [np.sqrt(pearson / df) * _error(fit, i) for i in range(len(columns))]
    return _fit_block(fit) | {
        "rate_ratio": dict(zip(columns, np.exp(fit.coefficients), strict=True)),
        "df_residual": df,
        "loglik": fit.model.llf,
        "pearson_chi2": np.sum(fit.working.residuals**2),
        "dispersion": pearson / df,
        "se_quasi": dict(zip(columns, quasi, strict=True)),
    }


def merged(one: Block, other: Block) -> Block:
    """Both blocks, at every depth; the numbers of the second win."""
    both = {key: merged(one[key], other[key]) for key in one.keys() & other.keys() if isinstance(one[key], dict)}
    return one | other | both


def _fit_block(fit: GeneralisedFit) -> Block:
    """Coefficients with model-based errors and those of HC0, and how well the regression fits."""
    errors = [_error(fit, i) for i in range(len(fit.names))]
    hc0 = [_error(fit, i, robust=True) for i in range(len(fit.names))]
    return {
        "coef": _table(fit.names, from_t(fit.coefficients, errors)),
        "se_hc0": dict(zip(fit.names, hc0, strict=True)),
        "deviance": fit.model.deviance,
        "aic": fit.model.aic,
        "n": len(fit.design),
    }


def _with_fixed_covariates(event: np.ndarray, member: np.ndarray, x: np.ndarray, target: str) -> Block:
    found = standardised_shares(event, member, x, target=target, interactions=False)
    assert found.fit is not None and found.odds_ratio is not None
    m = np.array([mean.estimate for mean in found.means])
    of_log_ratio, of_log_odds = np.array([-1, 1]) / m, np.array([-1, 1]) / (m * (1 - m))
    block = {
        "p1": m[1],
        "p0": m[0],
        "rd": found.difference.estimate,
        "rr": found.ratio.estimate,
        "or_marginal": found.odds_ratio.estimate,
    }
    for name, weights in (("rd", np.array([-1, 1])), ("log_rr", of_log_ratio), ("log_or", of_log_odds)):
        gradient = weights @ found.gradients
        block[f"{name}_se_model"] = np.linalg.norm(found.fit.working.in_basis(gradient))
        block[f"{name}_se_hc0"] = np.linalg.norm(StudentErrors(found.fit.working, "hc0").influence(gradient))
    return block


def _modified_poisson(
    event: np.ndarray, member: np.ndarray, x: np.ndarray, design: np.ndarray, names: tuple[str, ...]
) -> Block:
    ours = conditional_risk_ratio(event, member, x)
    fit, lpm = log_linear(design, event, names), least_squares(design, event)
    assert np.isclose(np.log(ours.estimate), fit.coefficients[1], rtol=1e-9)
    row, hc0 = np.eye(len(names))[1], [_error(fit, i, robust=True) for i in range(len(names))]
    errors = {kind: np.linalg.norm(StudentErrors(lpm, kind).influence(row)) for kind in ("hc0", "hc2", "hc3")}
    return {
        "coef": _table(names, from_t(fit.coefficients, hc0)),
        "rr": dict(zip(names, np.exp(fit.coefficients), strict=True)) | {"T01": ours.estimate},
        "lpm": {"estimate": lpm.coefficients[1]} | {f"se_{kind}": value for kind, value in errors.items()},
    }


def _penalised(found: Standardised) -> Block:
    assert found.fit is not None and found.fit.penalised is not None
    block = {}
    for i, name in enumerate(found.terms.names):
        one = found.fit.penalised.coefficient(i)
        limits = {"ci_low": one.conf_low, "ci_high": one.conf_high}
        block[name] = {"estimate": one.estimate, "se": one.std_error, "chi2": one.statistic**2} | limits
    return {"firth": block, "constant_for_prediction": found.fit.coefficients[0]}


def _error(fit: GeneralisedFit, column: int, robust: bool = False) -> float:
    row = np.eye(len(fit.names))[column]
    kept = StudentErrors(fit.working, "hc0").influence(row) if robust else fit.working.in_basis(row)
    return float(np.linalg.norm(kept))


def _column(data: pd.DataFrame, name: str) -> np.ndarray:
    variable, _, level = name.partition("=")
    return (data[variable] == level).to_numpy(float) if level else data[variable].map(float).to_numpy()


def _table(names: tuple[str, ...], values: Inference) -> Block:
    return {name: (row := _row(values.at(i))) | {"stat": row["t"]} for i, name in enumerate(names)}


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
