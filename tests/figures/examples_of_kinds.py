"""Findings of categories, classes, several groups, counts and margins: what the newer figures are tried on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from examples import LONG, SHORT, comparison
from scipy import stats

from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels

ANSWERS = {
    2: (("no", "不同意"), ("yes", "同意")),
    3: (("disagree", "不同意"), ("neither", "一般"), ("agree", "同意")),
    4: (("never", "从不"), ("rarely", "很少"), ("often", "经常"), ("always", "总是")),
    5: (
        ("strongly disagree", "非常不同意"),
        ("disagree", "不同意"),
        ("neither agree nor disagree", "一般"),
        ("agree", "同意"),
        ("strongly agree", "非常同意"),
    ),
    6: tuple((f"grade {letter}", f"{letter} 级") for letter in "FEDCBA"),
    7: tuple((f"{i} of 7", f"{i} 分（共 7 分）") for i in range(1, 8)),
}
LEVELS = {
    "never": {"en": "never members", "zh": "从未参加组"},
    "former": {"en": "former members", "zh": "曾参加组"},
    "yes": {"en": "members", "zh": "社团组"},
    "officer": {"en": "officers", "zh": "干部组"},
    "no": {"en": "non-members", "zh": "非社团组"},
}


def labels(names: Sequence[str], long_labels: bool = False, unit: dict[str, str] | None = None, k: int = 0) -> Labels:
    """Names of the outcomes, the groups and, where there are k of them, the categories."""
    label = LONG if long_labels else SHORT
    numbered = [
        {lang: text if len(names) == 1 else f"{text} {i + 1}" for lang, text in label.items()}
        for i in range(len(names))
    ]
    categories = {f"a{i}": {"en": en, "zh": zh} for i, (en, zh) in enumerate(ANSWERS.get(k, ()))}
    return Labels(
        group_name={"en": "society", "zh": "社团"},
        outcomes=dict(zip(names, numbered, strict=True)),
        levels=LEVELS,
        categories=dict.fromkeys(names, categories),
        units=dict.fromkeys(names, unit) if unit else {},
    )


def answers(
    k: int = 5,
    items: int = 1,
    kind: str = "ordinal",
    n: int = 80,
    groups: Sequence[str] = ("no", "yes"),
    lang: str = "en",
    long_labels: bool = False,
    empty: Sequence[int] = (),
    simulated: bool = True,
) -> Findings:
    """Items answered on k categories; the first group is the reference. empty : categories nobody chose."""
    rng = np.random.default_rng(20260206)
    names = [f"item_{i + 1}" for i in range(items)]
    described, estimates, tests = [], [], []
    for item, name in enumerate(names):
        for g, group in enumerate(groups):
            weights = (
                np.exp(0.35 * (g - 0.5 - item % 2) * (np.arange(k) - (k - 1) / 2)) if kind == "ordinal" else np.ones(k)
            )
            weights = np.where(np.isin(np.arange(k), empty), 0.0, weights * (1 + np.arange(k) % 3))
            counts = rng.multinomial(n, weights / weights.sum())
            common = {"outcome": name, "group": group, "kind": kind, "conf_level": 0.95}
            described.append(common | {"n": n, "missing": 0})
            for category, count in enumerate(counts):
                low, high = stats.binomtest(int(count), n).proportion_ci(method="wilson")
                row = common | {"category": f"a{category}", "n": n, "events": count, "share": count / n}
                described.append(row | {"conf_low": low, "conf_high": high, "method": "wilson"})
        for g, group in enumerate(groups[1:], 1):
            theta = 0.5 + 0.04 * g
            row = {"outcome": name, "group": group, "reference": groups[0], "measure": "probability_of_superiority"}
            row |= {
                "estimand": "diff",
                "primary": True,
                "estimate": theta,
                "conf_low": theta - 0.07,
                "conf_high": theta + 0.07,
            }
            estimates.append(
                row | {"conf_level": 0.95, "null_value": 0.5, "p_value": 0.04, "n": 2 * n, "method": "brunner_munzel"}
            )
        tests.append(
            {"outcome": name, "test": "independence", "p_value": 0.03, "n": n * len(groups), "method": "pearson_chi2"}
        )
    tables = {"groups": pd.DataFrame(described)}
    tables |= {"estimates": pd.DataFrame(estimates)} if kind == "ordinal" else {"tests": pd.DataFrame(tests)}
    known = {"simulated": simulated, "member": "yes", "reference": groups[0]}
    return Findings.of("member_comparison", tables, labels=labels(names, long_labels, k=k), provenance=known, lang=lang)


def classes(
    k: int = 14,
    outcomes: int = 1,
    kind: str = "continuous",
    whole: bool = False,
    groups: Sequence[str] = ("no", "yes"),
    lang: str = "en",
    long_labels: bool = False,
    size: int = 30,
    simulated: bool = True,
    scale: float = 1.0,
) -> Findings:
    """Classes of about this size. whole : every class belongs to one group."""
    rng = np.random.default_rng(20260206)
    names = [f"score_{i + 1}" for i in range(outcomes)]
    rows, described, quantities = [], [], []
    for name in names:
        level = rng.normal(0, 0.6, k)
        for g, group in enumerate(groups):
            own = [c for c in range(k) if not whole or c % len(groups) == g]
            n = rng.integers(2, size + 1, len(own))
            z = level[own] + 0.3 * g + rng.normal(0, 1, len(own)) / np.sqrt(n)
            mean = {"binary": stats.norm.cdf(z), "count": np.exp(0.5 + 0.4 * z)}.get(kind, scale * (75 + 9 * z))
            own_rows = {"outcome": name, "group": group, "cluster": [f"c{c:03d}" for c in own], "kind": kind, "n": n}
            rows.append(pd.DataFrame(own_rows | {"mean": mean}))
            centre, half = (
                float(np.average(mean, weights=n)),
                1.96 * float(mean.std()) / math.sqrt(max(len(own), 1)) or 1.0,
            )
            what = "share" if kind == "binary" else "mean"
            row = {"outcome": name, "group": group, "kind": kind, "n": n.sum(), "conf_level": 0.95}
            row |= {"conf_low": centre - half, "conf_high": centre + half}
            described.append(row | {what: centre})
            rows.append(pd.DataFrame([row | {"mean": centre}]))
        quantities.append({"outcome": name, "quantity": "icc", "value": 0.21, "conf_low": 0.05, "conf_high": 0.44})
        quantities.append({"outcome": name, "quantity": "design_effect", "value": 4.3})
    tables = {"clusters": pd.concat(rows), "groups": pd.DataFrame(described), "quantities": pd.DataFrame(quantities)}
    known = {"simulated": simulated, "member": "yes", "reference": groups[0]}
    unit = {"en": "points", "zh": "分"} if kind == "continuous" else None
    return Findings.of(
        "member_comparison", tables, labels=labels(names, long_labels, unit), provenance=known, lang=lang
    )


def several(
    groups: Sequence[str] = ("never", "former", "yes", "officer"),
    outcomes: int = 1,
    lang: str = "en",
    pairwise: bool = False,
    member: str = "yes",
    **options: Any,
) -> Findings:
    """Several groups: each against the first, or all pairs; with limits for the whole family."""
    found = comparison(outcomes=outcomes, groups=groups, lang=lang, **options)
    tables = {name: found.frame(name) for name in found.frames}
    rows = tables["estimates"]
    if pairwise:
        rows = pd.concat([_pairs(tables["groups"], name, groups) for name in dict.fromkeys(rows["outcome"])])
        tables.pop("density", None)
    half = 1.28 * (rows["conf_high"] - rows["conf_low"]) / 2
    wider = {"simultaneous_low": rows["estimate"] - half, "simultaneous_high": rows["estimate"] + half}
    p = np.minimum(1, rows["p_value"] * len(rows))
    tables["estimates"] = rows.assign(**wider, p_adjusted=p, adjustment="max_t", family="outcomes")
    names = list(dict.fromkeys(rows["outcome"]))
    known = {"simulated": found.simulated, "member": member, "reference": groups[0]}
    named = labels(names, options.get("long_labels", False), {"en": "points", "zh": "分"})
    return Findings.of("member_comparison", tables, labels=named, provenance=known, lang=lang)


def _pairs(described: pd.DataFrame, name: str, groups: Sequence[str]) -> pd.DataFrame:
    known = described[described["outcome"] == name].set_index("group")
    rows = []
    for reference, group in combinations(groups, 2):
        first, second = known.loc[group], known.loc[reference]
        error = math.hypot(first["sd"] / math.sqrt(first["n"]), second["sd"] / math.sqrt(second["n"]))
        estimate = first["mean"] - second["mean"]
        row = {"outcome": name, "group": group, "reference": reference, "measure": "mean_difference", "primary": True}
        row |= {
            "estimate": estimate,
            "conf_low": estimate - 2 * error,
            "conf_high": estimate + 2 * error,
            "estimand": "diff",
        }
        row |= {
            "p_value": 0.04,
            "conf_level": 0.95,
            "null_value": 0.0,
            "n": first["n"] + second["n"],
            "method": "games_howell",
        }
        rows.append(row)
    return pd.DataFrame(rows)


def within(findings: Findings, margin: tuple[float, float]) -> Findings:
    """The same findings, each primary row with this margin of equivalence."""
    rows = findings.frame("estimates")
    columns = ["outcome", "group", "reference", "measure"]
    own = rows.loc[rows["primary"], columns].assign(test="equivalence", verdict="inconclusive", method="tost_welch")
    own = own.assign(margin_low=margin[0], margin_high=margin[1], p_value=0.2, conf_level=0.9)
    tables = {name: findings.frame(name) for name in findings.frames} | {"tests": own}
    known = dict(findings.provenance)
    return Findings.of(findings.design, tables, labels=findings.labels, provenance=known, lang=findings.lang)


def counts(
    n: int = 70, groups: Sequence[str] = ("no", "yes"), lang: str = "en", outcomes: int = 1, exposure: bool = False
) -> Findings:
    """Counted papers: rate ratio first, the difference of means (or of rates) beside it."""
    rng = np.random.default_rng(20260206)
    names = [f"papers_{i + 1}" for i in range(outcomes)]
    described, values, estimates = [], [], []
    for name in names:
        rates = []
        for g, group in enumerate(groups):
            own = rng.poisson(1.1 + 0.5 * g, n)
            years = 3.0 * n if exposure else np.nan
            half = 1.96 * own.std(ddof=1) / math.sqrt(n)
            q1, median, q3 = np.quantile(own, [0.25, 0.5, 0.75])
            row = {"outcome": name, "group": group, "kind": "count", "n": n, "events": own.sum(), "mean": own.mean()}
            row |= {"q1": q1, "median": median, "q3": q3, "sd": own.std(ddof=1), "conf_level": 0.95}
            row |= {"conf_low": own.mean() - half, "conf_high": own.mean() + half}
            row |= {"exposure": years, "rate": own.sum() / years}
            described.append(row)
            rates.append(own.mean())
            units = [f"{group}{i}" for i in range(n)]
            values.append(pd.DataFrame({"unit": units, "outcome": name, "group": group, "value": own.astype(float)}))
        for g, group in enumerate(groups[1:], 1):
            keys = {"outcome": name, "group": group, "reference": groups[0], "estimand": "diff", "conf_level": 0.95}
            ratio, error = rates[g] / rates[0], math.sqrt(1 / (n * rates[g]) + 1 / (n * rates[0]))
            ends = {
                "estimate": ratio,
                "conf_low": ratio * math.exp(-2 * error),
                "conf_high": ratio * math.exp(2 * error),
            }
            keys |= {"n": 2 * n, "p_value": 0.01}
            estimates.append(keys | ends | {"measure": "rate_ratio", "primary": True, "null_value": 1.0})
            other = "rate_difference" if exposure else "mean_difference"
            gap = rates[g] - rates[0]
            ends = {"estimate": gap, "conf_low": gap - 0.4, "conf_high": gap + 0.4}
            estimates.append(keys | ends | {"measure": other, "primary": False, "null_value": 0.0})
    tables = {"groups": pd.DataFrame(described), "values": pd.concat(values), "estimates": pd.DataFrame(estimates)}
    known = {"simulated": True, "member": "yes", "reference": groups[0]}
    unit = {"en": "papers", "zh": "篇"}
    return Findings.of("member_comparison", tables, labels=labels(names, unit=unit), provenance=known, lang=lang)
