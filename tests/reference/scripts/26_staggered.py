"""Reference numbers of staggered joining: group-time effects and their averages, by csdid (a port of R's did).

Run in the folder that holds data/ and cases/, with csdid 0.4.3 and drdid 1.1.7: python scripts/26_staggered.py
The laws of guns.csv, seen in seven years; laws are joining, states are students. Standard errors are analytic.
"""

import contextlib
import io
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

YEARS = [1977, 1981, 1986, 1990, 1992, 1995, 1998]
CALL = "ATTgt(yname, tname, idname, gname, control_group, xformla).fit(est_method, base_period, bstrap=False); .aggte(typec)"


def panel():
    data = pd.read_csv("data/guns.csv", float_precision="round_trip")
    data = data[data.year.isin(YEARS)].copy()
    data["wave"] = data.year.map(YEARS.index) + 1
    data["y"] = np.log(data.violent)
    first = data[data.law == "yes"].groupby("state").wave.min()
    data["first"] = data.state.map(first).fillna(0).astype(int)
    data["id"] = data.state.astype("category").cat.codes + 1
    start = data[data.wave == 1].set_index("state")
    data["dense"] = data.state.map((start.density > start.density.median()).astype(float))
    return data


def plain(values):
    return [None if np.isnan(v) else float(v) for v in np.atleast_1d(np.asarray(values, dtype=float))]


def case(name, comparison, base, covariate=None):
    from csdid.att_gt import ATTgt

    found = ATTgt(
        yname="y",
        tname="wave",
        idname="id",
        gname="first",
        data=panel(),
        control_group=comparison,
        xformla=f"~{covariate}" if covariate else None,
    ).fit(est_method="dr" if covariate else "reg", base_period=base, bstrap=False)
    cells = pd.DataFrame({key: np.asarray(found.results[key], dtype=float) for key in ("group", "year", "att", "se")})
    cells = cells[cells.se.notna()]
    expected = {
        "cells": {
            "cohort": plain(cells.group - 1),
            "wave": plain(cells.year - 1),
            "att": plain(cells.att),
            "se": plain(cells.se),
        }
    }
    for kind, ours in (("simple", "simple"), ("dynamic", "event"), ("group", "cohort"), ("calendar", "calendar")):
        block = found.aggte(typec=kind, bstrap=False, cband=False).atte
        expected[ours] = {"overall": float(block["overall_att"]), "overall_se": float(block["overall_se"])}
        if kind == "dynamic":
            at = np.asarray(block["egt"], dtype=float)
        elif kind != "simple":
            at = np.asarray(block["egt"], dtype=float) - 1
        if kind != "simple":
            kept = ~np.isnan(np.asarray(block["se_egt"], dtype=float))
            expected[ours] |= {
                "at": plain(at[kept]),
                "att": plain(np.asarray(block["att_egt"])[kept]),
                "se": plain(np.asarray(block["se_egt"])[kept]),
            }
    args = {
        "outcome": "violent",
        "log_outcome": True,
        "treatment": "law",
        "unit": "state",
        "time": "year",
        "years": YEARS,
        "comparison": comparison,
        "base_period": base,
        "above_median": "density" if covariate else None,
    }
    return {
        "id": name,
        "data": "guns.csv",
        "spec": "Group-time effects with influence-function standard errors; waves from 0",
        "r_call": CALL,
        "args": args,
        "expected": expected,
        "tol": {"rel": 1e-8, "abs": 1e-10},
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):
        cases = [
            case(f"guns_{comparison}_{base}", comparison, base)
            for comparison in ("nevertreated", "notyettreated")
            for base in ("varying", "universal")
        ]
        cases.append(case("guns_nevertreated_covariate", "nevertreated", "varying", "dense"))
    group = {
        "group": "26_staggered",
        "set": "staggered joining",
        "python": "csdid 0.4.3, drdid 1.1.7",
        "n_cases": len(cases),
        "cases": cases,
    }
    Path("cases/26_staggered.json").write_text(json.dumps(group, indent=1) + "\n", encoding="utf-8")
