"""Findings as a comparison of groups writes them, made from seeded random numbers: what the figures are tried on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels

LONG = {
    "en": "Comprehensive assessment of physical examination and bedside communication skills in simulated patients",
    "zh": "模拟患者情境下体格检查与床旁医患沟通技能综合考核成绩（含病史采集与操作规范）",
}
SHORT = {"en": "Physical examination", "zh": "体格检查"}


def comparison(
    n: int = 70,
    outcomes: int = 1,
    binary: int = 0,
    lang: str = "en",
    long_labels: bool = False,
    rows: bool = True,
    groups: Sequence[str] = ("no", "yes"),
    shift: float = 0.0,
    scale: float = 1.0,
    values: Any = None,
    simulated: bool = True,
    truth: bool = False,
    density: bool = False,
) -> Findings:
    """A comparison of groups on continuous and binary outcomes; the first group is the reference.

    values : function of (rng, group number, n) that gives the values of a group.
    """
    rng = np.random.default_rng(20260206)
    frames: dict[str, list[pd.DataFrame]] = {"estimates": [], "groups": [], "values": [], "density": [], "truth": []}
    names = [f"score_{i + 1}" for i in range(outcomes)]
    for i, name in enumerate(names):
        make = values or (lambda rng, g, n, i=i: 75 + 3 * g * (i % 3 != 2) + rng.normal(0, 9, n))
        arms = [shift + scale * np.asarray(make(rng, g, n), dtype=float) for g in range(len(groups))]
        _continuous(frames, name, groups, arms, rows, truth, density)
    for i in range(binary):
        counts = [round(n * share) for share in (0.62, 0.80, 0.7, 0.5)[: len(groups)]]
        _binary(frames, f"passed_{i + 1}", groups, counts, n)
    tables = {name: pd.concat(parts) for name, parts in frames.items() if parts}
    tables["estimates"]["p_adjusted"] = np.minimum(tables["estimates"]["p_value"] * max(outcomes + binary, 1), 1)
    if outcomes + binary == 1:
        tables["estimates"]["p_adjusted"] = np.nan
    label = LONG if long_labels else SHORT
    labels = Labels(
        group_name={"en": "society", "zh": "社团"},
        outcomes={
            name: {k: v if outcomes + binary == 1 else f"{v} {i + 1}" for k, v in label.items()}
            for i, name in enumerate([*names, *(f"passed_{j + 1}" for j in range(binary))])
        },
        levels={
            "yes": {"en": "members", "zh": "社团组"},
            "no": {"en": "non-members", "zh": "非社团组"},
            "former": {"en": "former members", "zh": "曾参加组"},
            "officer": {"en": "officers", "zh": "干部组"},
        },
        units={name: {"en": "points", "zh": "分"} for name in names},
    )
    return Findings.of("member_comparison", tables, labels=labels, provenance={"simulated": simulated}, lang=lang)


def _continuous(
    frames: dict, name: str, groups: Sequence[str], arms: list[np.ndarray], rows: bool, truth: bool, density: bool
) -> None:
    for group, values in zip(groups, arms, strict=True):
        n, mean, sd = len(values), values.mean(), values.std(ddof=1)
        half = stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n)
        q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75]) if rows else [np.nan] * 3
        described = {"outcome": name, "group": group, "kind": "continuous", "n": n, "mean": mean, "sd": sd, "q1": q1}
        described |= {"median": median, "q3": q3, "conf_low": mean - half, "conf_high": mean + half, "conf_level": 0.95}
        frames["groups"].append(pd.DataFrame([described]))
        if rows:
            units = [f"{group}{i}" for i in range(n)]
            frames["values"].append(pd.DataFrame({"unit": units, "outcome": name, "group": group, "value": values}))
        if density and sd > 0:
            x = np.linspace(values.min(), values.max(), 101)
            frames["density"].append(
                pd.DataFrame({"outcome": name, "group": group, "x": x, "density": stats.norm.pdf(x, mean, sd)})
            )
    for group, values in list(zip(groups, arms, strict=True))[1:]:
        _difference(frames, name, group, groups[0], values, arms[0])
        if truth:
            frames["truth"].append(
                pd.DataFrame({"outcome": [name], "measure": ["mean_difference"], "estimand": ["diff"], "value": [4.0]})
            )


def _difference(frames: dict, name: str, group: str, reference: str, first: np.ndarray, second: np.ndarray) -> None:
    difference = first.mean() - second.mean()
    parts = [v.var(ddof=1) / len(v) for v in (first, second)]
    error = math.sqrt(sum(parts))
    keys = {"outcome": name, "group": group, "reference": reference}
    row = {**keys, "measure": "mean_difference", "estimand": "diff", "primary": True, "null_value": 0.0}
    row |= {"p_value": np.nan, "n": len(first) + len(second), "conf_level": 0.95, "std_error": error, "method": "welch"}
    if error > 0:
        df = error**4 / sum(p**2 / (len(v) - 1) for p, v in zip(parts, (first, second), strict=True))
        half = stats.t.ppf(0.975, df) * error
        row |= {"estimate": difference, "conf_low": difference - half, "conf_high": difference + half}
        row |= {"p_value": 2 * stats.t.sf(abs(difference) / error, df)}
        x = difference + error * np.linspace(-4, 4, 101)
        shape = stats.t.pdf((x - difference) / error, df) / error
        frames["density"].append(pd.DataFrame({**keys, "measure": "mean_difference", "x": x, "density": shape}))
    else:
        row |= {"estimate": difference}
    frames["estimates"].append(pd.DataFrame([row]))


def _binary(frames: dict, name: str, groups: Sequence[str], counts: list[int], n: int) -> None:
    for group, events in zip(groups, counts, strict=True):
        low, high = stats.binomtest(events, n).proportion_ci(method="wilson")
        row = {"outcome": name, "group": group, "kind": "binary", "n": n, "events": events, "share": events / n}
        row |= {"conf_low": low, "conf_high": high, "conf_level": 0.95, "method": "wilson"}
        frames["groups"].append(pd.DataFrame([row]))
    for group, events in list(zip(groups, counts, strict=True))[1:]:
        p, q = events / n, counts[0] / n
        half = 1.96 * math.sqrt((p * (1 - p) + q * (1 - q)) / n)
        row = {"outcome": name, "group": group, "reference": groups[0], "measure": "risk_difference", "primary": True}
        row |= {"estimand": "diff", "estimate": p - q, "conf_low": p - q - half, "conf_high": p - q + half, "n": 2 * n}
        row |= {"p_value": 0.0123, "conf_level": 0.95, "null_value": 0.0, "method": "newcombe"}
        frames["estimates"].append(pd.DataFrame([row]))


def ratios(estimates: Sequence[tuple[float, float, float]], measure: str = "odds_ratio", lang: str = "en") -> Findings:
    """Ratios with their limits, one outcome each."""
    rows = [
        {"outcome": f"y{i}", "measure": measure, "group": "yes", "reference": "no", "primary": True, "null_value": 1.0}
        | {"estimate": e, "conf_low": low, "conf_high": high, "conf_level": 0.95, "p_value": 0.2, "n": 100}
        for i, (e, low, high) in enumerate(estimates)
    ]
    return Findings.of("member_comparison", {"estimates": pd.DataFrame(rows)}, lang=lang)
