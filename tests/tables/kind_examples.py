"""Findings made by hand: outcomes of every kind in two, three or four groups, with and without classes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from table_examples import columns

from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels

NAN = np.nan
KINDS = ("continuous", "binary", "ordinal", "nominal", "count", "exposure")
LEVELS = ("never", "former", "member", "officer")
SIZES = {"never": 508, "former": 64, "member": 159, "officer": 24}
MEMBER_AND_OTHER = ("never", "member")
GROUP_NAMES = {
    "never": {"en": "never members", "zh": "从未参加者"},
    "former": {"en": "former members", "zh": "曾参加者"},
    "member": {"en": "members", "zh": "社团成员"},
    "officer": {"en": "officers", "zh": "社团骨干"},
}
NAMES = {
    "continuous": {"en": "OSCE total", "zh": "OSCE总分"},
    "binary": {"en": "passed the examination", "zh": "考试合格"},
    "ordinal": {"en": "confidence in procedures", "zh": "操作信心"},
    "nominal": {"en": "intended specialty", "zh": "意向专业"},
    "count": {"en": "posters presented", "zh": "壁报交流"},
    "exposure": {"en": "papers published", "zh": "发表论文"},
}
CATEGORIES = {
    "ordinal": {
        "low": {"en": "low", "zh": "低"},
        "middle": {"en": "middle", "zh": "中"},
        "high": {"en": "high", "zh": "高"},
    },
    "nominal": {
        "medicine": {"en": "internal medicine", "zh": "内科"},
        "surgery": {"en": "surgery", "zh": "外科"},
        "other": {"en": "other", "zh": "其他"},
    },
}
PRIMARY = {
    "continuous": ("mean_difference", 4.0, 2.33, 5.67, "t", 4.73, 209.2, "welch", "d_average"),
    "binary": ("risk_difference", 0.0712, 0.012, 0.125, None, NAN, NAN, "boschloo", "risk_ratio"),
    "ordinal": ("probability_of_superiority", 0.584, 0.531, 0.635, "t", 3.11, 231.4, "brunner_munzel", "cliffs_delta"),
    "count": ("rate_ratio", 1.42, 1.08, 1.87, "z", 2.51, NAN, "poisson_robust", "mean_difference"),
    "exposure": ("rate_ratio", 1.65, 1.1, 2.48, "z", 2.42, NAN, "poisson_robust", "rate_difference"),
}
BESIDE = {
    "d_average": (0.47, 0.28, 0.66, "bonett"),
    "d_total": (0.41, 0.2, 0.62, "cr2"),
    "risk_ratio": (1.09, 1.01, 1.17, "koopman"),
    "cliffs_delta": (0.168, 0.062, 0.27, "brunner_munzel"),
    "mean_difference": (0.31, 0.05, 0.57, "poisson_robust"),
    "rate_difference": (0.083, 0.012, 0.154, "poisson_robust"),
}
WHOLE = {
    "continuous": ("omnibus", "F", 5.32, 3, 98.7, "welch_anova"),
    "binary": ("omnibus", "chi2", 9.1, 3, NAN, "pearson_chi2"),
    "ordinal": ("omnibus", "H", 12.4, 3, NAN, "kruskal_wallis"),
    "nominal": ("independence", "chi2", 15.2, 6, NAN, "pearson_chi2"),
    "count": ("omnibus", "chi2", 8.8, 3, NAN, "poisson_wald"),
    "exposure": ("omnibus", "chi2", 7.7, 3, NAN, "poisson_wald"),
}


def compared(
    kinds: Sequence[str] = KINDS,
    groups: int = 2,
    clusters: int | None = None,
    adjusted: bool = True,
    pairwise: bool = False,
    lang: str = "en",
    outcomes: int | None = None,
) -> Findings:
    """Outcomes of these kinds (repeated until there are so many) in the first so many groups."""
    levels = MEMBER_AND_OTHER if groups == 2 else LEVELS[:groups]
    pairs = [(later, earlier) for i, later in enumerate(levels) for earlier in (levels[:i] if pairwise else levels[:1])]
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    tables: dict[str, list[dict[str, Any]]] = {"estimates": [], "tests": [], "quantities": [], "groups": []}
    names, categories = {}, {}
    for i in range(outcomes or len(kinds)):
        kind = kinds[i % len(kinds)]
        outcome, suffix = (kind, "") if i < len(kinds) else (f"{kind}_{i}", f" {i}")
        names[outcome] = {lang: name + suffix for lang, name in NAMES[kind].items()}
        if kind in CATEGORIES:
            categories[outcome] = CATEGORIES[kind]
        own = {"design": "member_comparison", "outcome": outcome} | ({"n_clusters": clusters} if clusters else {})
        for pair in pairs if kind != "nominal" else ():
            tables["estimates"] += estimate_rows(own, kind, pair, adjusted, clusters)
        if kind == "nominal" or groups > 2:
            pair = pairs[0] if groups == 2 else (None, None)
            tables["tests"].append(whole_row(own, kind, pair, adjusted and kind == "nominal", groups))
        quantity = {"nominal": "cramers_v", "continuous": "omega_squared"}.get(kind)
        if quantity and (kind == "nominal" or groups > 2):
            keys = {"design": "member_comparison", "outcome": outcome, "quantity": quantity}
            numbers = {"value": 0.137, "conf_low": 0.08, "conf_high": 0.21, "conf_level": 0.95}
            tables["quantities"].append(keys | numbers | {"method": "noncentral_chi2"})
        for level in levels:
            tables["groups"] += group_rows(outcome, kind, level, categories.get(outcome, {}))
    frames = {name: columns(rows) for name, rows in tables.items() if rows}
    labels = Labels({"en": "membership", "zh": "社团身份"}, names, GROUP_NAMES, categories=categories)
    return Findings.of("member_comparison", frames, labels=labels, start_grade="E", lang=lang)


def estimate_rows(
    own: dict[str, Any], kind: str, pair: tuple[str, str], adjusted: bool, clusters: int | None
) -> list[dict[str, Any]]:
    """The primary row of a contrast and the one beside it."""
    measure, estimate, low, high, name, statistic, df, method, beside = PRIMARY[kind]
    if clusters:
        method, name, statistic, df = "cr2", "t", 2.9, 9.3
        beside = "d_total" if beside == "d_average" else beside
    sizes = {"n_group": SIZES[pair[0]], "n_reference": SIZES[pair[1]], "n": SIZES[pair[0]] + SIZES[pair[1]]}
    keys = own | {"estimand": "diff", "group": pair[0], "reference": pair[1], "conf_level": 0.95} | sizes
    null = 1.0 if measure == "rate_ratio" else 0.5 if measure == "probability_of_superiority" else 0.0
    primary = {
        "measure": measure, "primary": True, "estimate": estimate, "conf_low": low, "conf_high": high,
        "statistic_name": name, "statistic": statistic, "df": df, "p_value": 0.0052, "method": method,
        "interval_method": "newcombe" if method == "boschloo" else None, "null_value": null,
    }  # fmt: skip
    if adjusted:
        wider = {"simultaneous_low": low - 0.01, "simultaneous_high": high + 0.01}
        primary |= {"p_adjusted": 0.021, "family": "outcomes", "adjustment": "max_t"} | wider
    value, below, above, made_by = BESIDE[beside]
    second = {
        "measure": beside, "primary": False, "estimate": value, "conf_low": below, "conf_high": above,
        "method": made_by, "null_value": 1.0 if beside == "risk_ratio" else 0.0,
    }  # fmt: skip
    return [keys | primary, keys | second]


def whole_row(
    own: dict[str, Any], kind: str, pair: tuple[str | None, str | None], adjusted: bool, groups: int
) -> dict[str, Any]:
    """The test of all groups, or of the categories of a nominal outcome."""
    test, name, statistic, df1, df2, method = WHOLE[kind]
    family = {"p_adjusted": 0.048, "family": "outcomes", "adjustment": "max_t"} if adjusted else {}
    keys = own | {"test": test, "group": pair[0], "reference": pair[1], "method": method}
    numbers = {"statistic_name": name, "statistic": statistic, "df1": df1 * (groups - 1) / 3, "df2": df2}
    return keys | numbers | {"p_value": 0.0187} | family


def group_rows(outcome: str, kind: str, level: str, categories: dict[str, Any]) -> list[dict[str, Any]]:
    """One group on one outcome: its own row, and one per category."""
    n, rank = SIZES[level], LEVELS.index(level)
    named = "count" if kind == "exposure" else kind
    keys = {"design": "member_comparison", "outcome": outcome, "group": level, "kind": named, "n": n, "missing": 0}
    share = 0.7 + 0.05 * rank
    own: dict[str, Any] = {
        "continuous": {"mean": 74.2 + rank, "sd": 8.1, "median": 75.0, "q1": 70.0, "q3": 80.0},
        "binary": {"events": round(n * share), "share": round(n * share) / n},
        "ordinal": {"median": 2.0, "q1": 1.0, "q3": 2.25},
        "nominal": {},
        "count": {"mean": 0.74, "sd": 1.13, "events": round(0.74 * n), "rate": 0.74},
        "exposure": {"mean": 0.74, "sd": 1.13, "events": 44, "exposure": 2.5 * n, "rate": 44 / (2.5 * n)},
    }[kind]
    parts = (0.5 - 0.05 * rank, 0.3, 0.2 + 0.05 * rank)
    counted = [
        keys | {"category": c, "events": round(n * part), "share": round(n * part) / n}
        for c, part in zip(categories, parts, strict=False)
    ]
    return [keys | own, *counted]
