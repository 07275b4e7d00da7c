"""Reference numbers of omitted-variable sensitivity: partial R2, robustness values, benchmarks, by PySensemakr.

Run in the folder that holds data/ and cases/, with PySensemakr 0.0.8 and statsmodels: python scripts/30_sensitivity.py
Groups of columns are benchmarks too; PySensemakr takes their partial R2 from a Wald F of the regression.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

CASES = [
    {
        "id": "lalonde_race",
        "data": "lalonde.csv",
        "outcome": "re78",
        "member": ["treat", "1"],
        "covariates": ["age", "educ", "race", "married", "nodegree", "re74", "re75"],
        "categories": ["race"],
        "benchmarks": ["race", "educ", "re75"],
        "rows": None,
    },
    {
        "id": "cps_region",
        "data": "cps_union.csv",
        "outcome": "wage",
        "member": ["union", "yes"],
        "covariates": ["education", "experience", "gender", "ethnicity", "region"],
        "categories": ["gender", "ethnicity", "region"],
        "benchmarks": ["gender", "ethnicity", "experience"],
        "rows": None,
    },
    {
        "id": "mtcars_few",
        "data": "mtcars.csv",
        "outcome": "wt",
        "member": ["am", "1"],
        "covariates": ["hp"],
        "categories": [],
        "benchmarks": ["hp"],
        "rows": 10,
    },
]
POINTS = [[0.05, 0.1], [0.2, 0.05], [0.01, 0.6]]


def case(args):
    import sensemakr
    import statsmodels.formula.api as smf
    from sensemakr.sensitivity_statistics import group_partial_r2

    data = pd.read_csv(f"data/{args['data']}", dtype=str)[: args["rows"]]
    member, focal = args["member"]
    frame = pd.DataFrame({n: data[n] if n in args["categories"] else data[n].astype(float) for n in args["covariates"]})
    frame["y"], frame["member"] = data[args["outcome"]].astype(float), (data[member] == focal).astype(float)
    right = " + ".join(f"C({name})" if name in args["categories"] else name for name in args["covariates"])
    model, of_member = smf.ols(f"y ~ member + {right}", frame).fit(), smf.ols(f"member ~ {right}", frame).fit()
    point = (float(model.params["member"]), float(model.bse["member"]), float(model.df_resid))
    settings = {"estimate": point[0], "se": point[1], "dof": point[2]}
    robustness = {
        f"q{q}_alpha{alpha}": float(
            np.ravel(sensemakr.robustness_value(t_statistic=point[0] / point[1], dof=point[2], q=q, alpha=alpha))[0]
        )
        for q in (1, 0.5)
        for alpha in (1.0, 0.05, 0.2)
    }
    benchmarks = {}
    for name in args["benchmarks"]:
        group = [term for term in model.params.index if term == name or term.startswith(f"C({name})")]
        shares = [float(group_partial_r2(fit, group)) for fit in (of_member, model)]
        block = {"r2_member": shares[0], "r2_outcome": shares[1]}
        for k in (1, 2, 3):
            try:
                bound = sensemakr.ovb_partial_r2_bound(r2dxj_x=shares[0], r2yxj_dx=shares[1], kd=k, ky=k)
            except SystemExit:  # how PySensemakr says that there is no such cause
                block[f"times{k}"] = "Inf"
                continue
            except TypeError:  # a bound above 1 for the outcome, which PySensemakr 0.0.8 cannot cap in a single number
                bound = {"r2dz_x": k * shares[0] / (1 - shares[0]), "r2yz_dx": 1.0}
            d, y = float(np.ravel(bound["r2dz_x"])[0]), float(np.ravel(bound["r2yz_dx"])[0])
            block[f"times{k}"] = {"r2_member": d, "r2_outcome": y, **adjusted(sensemakr, d, y, settings)}
        benchmarks[name] = block
    expected = {
        "estimate": point[0],
        "se": point[1],
        "df": point[2],
        "partial_r2": float(np.ravel(sensemakr.partial_r2(t_statistic=point[0] / point[1], dof=point[2]))[0]),
        "robustness": robustness,
        "benchmarks": benchmarks,
        "points": [adjusted(sensemakr, d, y, settings) for d, y in POINTS],
    }
    return {
        "id": args["id"],
        "data": args["data"],
        "spec": "OLS with classical errors, member 0/1, categories as dummies (all but the first level).",
        "r_call": "sensemakr.robustness_value; ovb_partial_r2_bound(kd=k, ky=k); adjusted_estimate, adjusted_se, adjusted_t",
        "args": {key: value for key, value in args.items() if key not in ("id", "data")} | {"points": POINTS},
        "expected": expected,
        "tol": {"rel": 1e-8, "abs": 1e-11},
    }


def adjusted(sensemakr, d, y, settings):
    return {
        "estimate": float(sensemakr.adjusted_estimate(d, y, **settings)),
        "se": float(sensemakr.adjusted_se(d, y, se=settings["se"], dof=settings["dof"])),
        "t": float(sensemakr.adjusted_t(d, y, **settings)) if y < 1 else "Inf",
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = [case(dict(args)) for args in CASES]
    block = {
        "group": "30_sensitivity",
        "set": "reference",
        "r": "PySensemakr 0.0.8",
        "n_cases": len(found),
        "cases": found,
    }
    Path("cases/30_sensitivity.json").write_text(
        json.dumps(block, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
