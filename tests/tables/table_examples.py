"""Findings made by hand, so that the tables are tested without any design."""

from __future__ import annotations

from typing import Any

import numpy as np

from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels

NAMES = [
    ("physical_examination", "physical examination", "体格检查"),
    ("basic_operations", "basic operations", "基本操作"),
    ("history_taking", "history taking", "病史采集"),
]
SIMULATED = {"simulated": True, "seed": 20260206}
LEVELS = {
    "yes": {"en": "members", "zh": "社团组"},
    "no": {"en": "non-members", "zh": "非社团组"},
    "officer": {"en": "officers", "zh": "骨干"},
}


def mean_rows(
    outcome: str, group: str = "yes", reference: str = "no", p: float = 0.0000042, **changes: Any
) -> list[dict[str, Any]]:
    """The primary row and d_average of a continuous outcome."""
    keys = {
        "design": "member_comparison",
        "outcome": outcome,
        "estimand": "diff",
        "group": group,
        "reference": reference,
    }
    counts = {"n": 667, "n_group": 159, "n_reference": 508, "conf_level": 0.95}
    mean = {
        "measure": "mean_difference", "primary": True, "estimate": 4.0, "std_error": 0.846, "df": 209.2,
        "statistic_name": "t", "statistic": 4.73, "p_value": p, "conf_low": 2.33, "conf_high": 5.67,
        "null_value": 0.0, "method": "welch",
    }  # fmt: skip
    d = {
        "measure": "d_average", "primary": False, "estimate": 0.47, "std_error": 0.1, "conf_low": 0.28,
        "conf_high": 0.66, "null_value": 0.0, "method": "bonett",
    }  # fmt: skip
    return [keys | counts | mean | changes, keys | counts | d]


def share_rows(outcome: str, p: float = 0.0164) -> list[dict[str, Any]]:
    """Risk difference (primary, Boschloo, no statistic) and risk ratio of a binary outcome."""
    keys = {"design": "member_comparison", "outcome": outcome, "estimand": "diff", "group": "yes", "reference": "no"}
    counts = {"n": 667, "n_group": 159, "n_reference": 508, "conf_level": 0.95}
    difference = {
        "measure": "risk_difference", "primary": True, "estimate": 0.0712, "conf_low": 0.012, "conf_high": 0.125,
        "p_value": p, "null_value": 0.0, "method": "boschloo", "interval_method": "newcombe",
    }  # fmt: skip
    ratio = {
        "measure": "risk_ratio", "primary": False, "estimate": 1.09, "conf_low": 1.01, "conf_high": 1.17,
        "null_value": 1.0, "method": "koopman",
    }  # fmt: skip
    return [keys | counts | difference, keys | counts | ratio]


def group_row(outcome: str, group: str, kind: str = "continuous", **values: Any) -> dict[str, Any]:
    """One group described on one outcome."""
    n = {"yes": 159, "no": 508, "officer": 20}[group]
    usual = {
        "mean": 78.2 if group == "yes" else 74.2,
        "sd": 9.6 if group == "yes" else 8.1,
        "median": 75,
        "q1": 70,
        "q3": 80,
    }
    if kind == "binary":
        usual = {"events": 140 if group == "yes" else 411}
        usual["share"] = usual["events"] / n
    keys = {"design": "member_comparison", "outcome": outcome, "group": group, "kind": kind}
    return keys | {"n": n, "missing": 0} | usual | values


def labels(outcomes: dict[str, Any]) -> Labels:
    """Labels in both languages."""
    return Labels(
        group_name={"en": "membership", "zh": "社团身份"},
        outcomes=outcomes,
        levels=LEVELS,
        units={"age": {"en": "years", "zh": "岁"}},
        variables={
            "age": {"en": "Age", "zh": "年龄"},
            "sex": {"en": "Sex", "zh": "性别"},
            "motivation": {"en": "Motivation", "zh": "动机得分"},
        },
        categories={"sex": {"f": {"en": "female", "zh": "女"}, "m": {"en": "male", "zh": "男"}}},
    )


def comparison(n_outcomes: int = 3, adjusted: bool = True, simulated: bool = True, lang: str = "en") -> Findings:
    """Members against non-members on some continuous outcomes."""
    estimates, groups, names = [], [], {}
    for i in range(n_outcomes):
        key, en, zh = NAMES[i % 3]
        key, suffix = (key, "") if i < 3 else (f"{key}_{i}", f" {i}")
        names[key] = {"en": en + suffix, "zh": zh + suffix}
        p = (0.0000042, 0.0164, 0.62)[i % 3]
        family = (
            {"p_adjusted": min(1.0, p * n_outcomes), "family": "outcomes", "adjustment": "holm"} if adjusted else {}
        )
        estimates += mean_rows(key, p=p, **family)
        groups += [group_row(key, "no"), group_row(key, "yes", n=157, missing=2)]
    return findings(estimates, groups, names, simulated=simulated, lang=lang)


def findings(
    estimates: list[dict[str, Any]],
    groups: list[dict[str, Any]],
    names: dict[str, Any],
    checks: tuple[Check, ...] = (),
    simulated: bool = False,
    lang: str = "en",
) -> Findings:
    """Findings of these rows."""
    tables = {"estimates": columns(estimates)}
    if groups:
        tables["groups"] = columns(groups)
    return Findings.of(
        "member_comparison", tables, labels=labels(names), checks=checks, start_grade="E", lang=lang,
        provenance=SIMULATED if simulated else {},
    )  # fmt: skip


def mixed() -> Findings:
    """A continuous outcome, a binary one (Boschloo) and one that has no P value."""
    nan = np.nan
    broken = mean_rows("broken", p=nan, statistic=nan, df=nan, conf_low=nan, conf_high=nan, std_error=nan)[:1]
    estimates = [*mean_rows("score"), *share_rows("passed"), *broken]
    kinds = {"score": "continuous", "passed": "binary", "broken": "continuous"}
    groups = [group_row(outcome, group, kind) for outcome, kind in kinds.items() for group in ("no", "yes")]
    names = {
        "score": {"en": "<b>Total</b> score", "zh": "<b>总分</b>"},
        "passed": {"en": "passed the examination", "zh": "考试合格"},
        "broken": {"en": "=SUM(A1) | stations", "zh": "=SUM(A1) | 考站"},
    }
    return findings(estimates, groups, names, (Check("TOO_FEW", "fail", {}, "broken"),), simulated=True)


def several_groups() -> Findings:
    """Three groups, two contrasts per outcome."""
    estimates = [row for o in ("a", "b") for g in ("yes", "officer") for row in mean_rows(o, group=g)]
    groups = [group_row(o, g) for o in ("a", "b") for g in ("no", "yes", "officer")]
    return findings(estimates, groups, {"a": {"en": "station A", "zh": "甲站"}, "b": {"en": "station B", "zh": "乙站"}})


def table_one(n_members: int = 159, tests: bool = False, third: bool = False) -> Findings:
    """Age (mean), motivation (median), sex (counts), with missing values."""
    rows: list[dict[str, Any]] = []
    sizes = {"no": 508, "yes": n_members} | ({"officer": 20} if third else {})
    for group, n in sizes.items():
        compared = {} if group == "no" else {"reference": "no"}
        smd = {} if group == "no" else {"smd": -0.214} | ({"p_test": 0.0004} if tests else {})
        base = {"design": "describe", "group": group} | compared
        age = {"mean": 20.31, "sd": 1.204, "median": 20, "q1": 19, "q3": 21}
        rows.append(
            base | age | smd | {"variable": "age", "kind": "continuous", "n": n - 2, "missing": 2, "method": "mean_sd"}
        )
        scale = {"mean": 4.2, "sd": 1.1, "median": 4, "q1": 3, "q3": 5}
        motivation = {"variable": "motivation", "kind": "continuous", "n": n, "missing": 0}
        rows.append(base | scale | smd | motivation | {"method": "median_quartiles"})
        sex = {"variable": "sex", "kind": "nominal", "n": n, "missing": 0, "method": "count_share"}
        rows.append(base | sex | smd)
        for category, part in (("f", 0.6), ("m", 0.4)):
            events = round(part * n)
            rows.append(
                {"design": "describe", "group": group, "category": category, "events": events, "share": events / n}
                | sex
            )
    for row in [row for row in rows if third and row["group"] == "yes" and "category" not in row]:
        keys = {name: row[name] for name in ("design", "variable", "kind", "method")}
        rows.append(keys | {"smd": 0.412, "p_test": 0.031 if tests else None})
    return Findings.of("describe", {"baseline": columns(rows)}, labels=labels({}), provenance=SIMULATED)


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns, absent values null."""
    return {name: [row.get(name) for row in rows] for name in dict.fromkeys(n for row in rows for n in row)}
