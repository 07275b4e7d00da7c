"""Findings of adjusted comparisons made by hand: every kind of outcome, two or three groups, classes, subgroups."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from kind_examples import CATEGORIES, GROUP_NAMES, NAMES, SIZES, group_rows
from table_examples import columns

from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels

NAN = np.nan
MEMBERS = "adj_diff_members"
VARIABLES = {
    "sex": {"en": "sex", "zh": "性别"},
    "year": {"en": "year of study", "zh": "年级"},
    "prior": {"en": "prior score", "zh": "入社前成绩"},
}
ANSWERS = {
    "continuous": ("adjusted_mean_difference", 1.41, 0.12, 2.7, "lin_hc3", "mean_difference", 3.48, 1.87, 5.1),
    "binary": ("adjusted_share_difference", 0.0592, -0.025, 0.144, "standardised_logistic_hc3", "risk_difference",
               0.1944, 0.0998, 0.289),
    "ordinal": ("adjusted_superiority", 0.499, 0.444, 0.554, "proportional_odds", "probability_of_superiority",
                0.53, 0.474, 0.585),
    "count": ("adjusted_rate_ratio", 1.37, 1.06, 1.77, "standardised_poisson_hc3", "rate_ratio", 1.49, 1.18, 1.88),
}  # fmt: skip
NULLS = {"adjusted_rate_ratio": 1.0, "rate_ratio": 1.0, "adjusted_superiority": 0.5, "probability_of_superiority": 0.5}
LINKS = {"continuous": "identity", "binary": "logit", "count": "log"}
TERMS = ("(Intercept)", "member", "sex[male]", "prior", "member:sex[male]", "member:prior")


def labels() -> Labels:
    """Labels in both languages."""
    sexes = {"female": {"en": "female", "zh": "女"}, "male": {"en": "male", "zh": "男"}}
    categories = CATEGORIES | {"sex": sexes}
    group = {"en": "membership", "zh": "社团身份"}
    return Labels(group, dict(NAMES), GROUP_NAMES, variables=VARIABLES, categories=categories)


def keys_of(outcome: str, group: str = "member", **rest: Any) -> dict[str, Any]:
    return {"design": "regression_adjustment", "outcome": outcome, "group": group, "reference": "never"} | rest


def estimate(outcome: str, group: str, measure: str, numbers: Sequence[float], **rest: Any) -> dict[str, Any]:
    value, low, high = numbers
    n = {"n_group": SIZES[group], "n_reference": SIZES["never"], "n": SIZES[group] + SIZES["never"]}
    own = {"measure": measure, "estimate": value, "conf_low": low, "conf_high": high, "conf_level": 0.95}
    return keys_of(outcome, group, primary=False, null_value=NULLS.get(measure, 0.0)) | own | n | rest


def answers(
    kind: str, group: str = "member", joint: bool = True, clusters: int | None = None, **rest: Any
) -> list[dict[str, Any]]:
    """The adjusted row and the unadjusted one."""
    measure, value, low, high, method, raw, raw_value, raw_low, raw_high = ANSWERS[kind]
    family = {"p_adjusted": 0.0412, "family": "outcomes", "adjustment": "max_t_multivariate_t"} if joint else {}
    family |= {"simultaneous_low": low - 0.01, "simultaneous_high": high + 0.01} if joint else {}
    tested = {"statistic_name": "t", "statistic": 2.16, "df": 623.0, "p_value": 0.0311, "std_error": 0.65}
    counted = {"n_clusters": clusters} if clusters else {}
    first = estimate(
        kind, group, measure, (value, low, high), primary=True, estimand=MEMBERS, method=method, **tested, **counted
    )
    beside = {"estimand": "diff", "method": "welch", **counted}
    return [first | family | rest, estimate(kind, group, raw, (raw_value, raw_low, raw_high), **beside)]


def coefficient_rows(kind: str, terms: Sequence[str] = TERMS, group: str = "member", **rest: Any) -> list[dict]:
    """One regression."""
    rows = []
    for k, term in enumerate(terms):
        value = 0.4 - 0.3 * k if kind != "continuous" or k else 76.98
        numbers = {"estimate": value, "std_error": 0.052, "conf_low": value - 0.1, "conf_high": value + 0.1}
        tested = {"df": 623.0, "statistic_name": "t", "statistic": value / 0.052, "p_value": 0.0007, "conf_level": 0.95}
        own = {"model": "adjusted", "term": term, "link": LINKS[kind], "n": 633}
        method = {"continuous": "lin_hc3", "binary": "logistic_hc3", "count": "poisson_hc3"}[kind]
        rows.append(keys_of(kind, group) | own | numbers | tested | {"method": method} | rest)
    return rows


def adjusted(
    kinds: Sequence[str] = ("continuous", "binary", "ordinal", "count"),
    groups: Sequence[str] = ("member",),
    joint: bool = True,
    clusters: int | None = None,
    equal: bool = False,
    lang: str = "en",
    checks: Sequence[Check] = (),
    **frames: list[dict[str, Any]],
) -> Findings:
    """Adjusted answers for these kinds of outcomes. equal : every outcome has the same students."""
    tables: dict[str, list[dict[str, Any]]] = {"estimates": [], "groups": [], "coefficients": []}
    for i, kind in enumerate(kinds):
        for group in groups:
            tables["estimates"] += answers(kind, group, joint, clusters)
            if kind in LINKS:
                tables["coefficients"] += coefficient_rows(kind, group=group)
        for level in ("never", *groups):
            rows = group_rows(kind, kind, level, CATEGORIES.get(kind, {}))
            own = {"design": "regression_adjustment"}
            tables["groups"] += [row | own | ({} if equal else {"n": row["n"] - i}) for row in rows]
    tables |= frames
    made = {name: columns(rows) for name, rows in tables.items() if rows}
    return Findings.of("regression_adjustment", made, labels=labels(), start_grade="C", lang=lang, checks=tuple(checks))


def subgroup_rows(kind: str = "continuous") -> list[dict[str, Any]]:
    """Two sexes with their contrast, three years with theirs, and a measurement."""
    measure, value, low, high, method = ANSWERS[kind][:5]
    compared = {
        "continuous": "difference_between_subgroups",
        "binary": "share_difference_between_subgroups",
        "count": "ratio_between_subgroups",
    }[kind]
    rows = []
    for by, levels in (("sex", ("female", "male")), ("year", ("1", "2", "3"))):
        for k, level in enumerate(levels):
            within = {"by": by, "level": level, "estimand": MEMBERS, "method": method}
            sizes = {"n_group": 70 + k, "n_reference": 200 + k, "n": 270 + 2 * k}
            rows.append(estimate(kind, "member", measure, (value, low, high)) | within | sizes)
            if k:
                rows.append(between(kind, compared, by=by, level=level, reference_level=levels[0]))
    return [*rows, between(kind, compared, by="prior")]


def between(kind: str, measure: str, **rest: Any) -> dict[str, Any]:
    """A contrast of subgroups with limits that hold for all of them."""
    numbers = (1.1, 0.6, 2.0) if kind == "count" else (0.31, -0.22, 0.84)
    joint = {"simultaneous_low": numbers[1] - 0.1, "simultaneous_high": numbers[2] + 0.1}
    tested = {"statistic_name": "t", "statistic": 1.2, "df": 532.0, "p_value": 0.21, "p_adjusted": 0.547}
    family = {"family": "subgroups", "adjustment": "max_t_multivariate_t", "estimand": MEMBERS, "method": "lin_hc3"}
    null = {"null_value": 1.0 if kind == "count" else 0.0}
    return estimate(kind, "member", measure, numbers) | joint | tested | family | null | rest


def together() -> dict[str, Any]:
    """The test of three subgroups at once."""
    found = {"statistic_name": "F", "statistic": 0.53, "df1": 2.0, "df2": 611.2, "p_value": 0.588, "method": "hc3"}
    return keys_of("continuous") | {"test": "subgroups_differ", "term": "year"} | found


def sensitivity_rows(kind: str = "continuous") -> list[dict[str, Any]]:
    """What is written of every score: E-values, robustness values, extreme case, benchmarks."""
    measure = ANSWERS[kind][0]
    own = keys_of(kind, measure=measure, estimand=MEMBERS, conf_level=0.95)
    rows = []
    for analysis, estimate_, limit, method in (
        ("e_value", 1.58, 1.0, "exp_difference"),
        ("robustness_value", 0.0602, 0.0113, "partial_r2"),
        ("extreme", 0.0038, NAN, "partial_r2"),
    ):
        for parameter, value in (("estimate", estimate_), ("limit", limit)):
            if value == value:
                rows.append(own | {"analysis": analysis, "parameter": parameter, "value": value, "method": method})
    for term, value in (("sex", 1.3), ("prior", 0.29)):
        for times in (1.0, 2.0):
            shares = {"setting": times, "r2_member": 0.043 * times, "r2_outcome": 0.0531 * times}
            numbers = {"estimate": value / times, "conf_low": -1.35, "conf_high": 1.92, "method": "omitted_variable"}
            rows.append(own | {"analysis": "benchmark", "parameter": "times", "term": term} | shares | numbers)
    return rows


def balance_rows(after: bool = False, outcomes: Sequence[str | None] = (None,)) -> list[dict[str, Any]]:
    rows = []
    for outcome in outcomes:
        for stage, times in (("before", 1.0), *((("after", 0.1),) if after else ())):
            for variable, category, smd in (("sex", "male", -0.05), ("prior", None, 0.64), ("sex", "male]:prior", 0.2)):
                numbers = {"smd": smd * times, "smd_focal": smd * times, "ks": 0.27, "n": 633}
                numbers |= {} if category else {"variance_ratio": 1.0712}
                named = {"variable": variable, "category": category, "stage": stage}
                kind = {"kind": "nominal" if category else "continuous"}
                rows.append(keys_of(str(outcome)) | {"outcome": outcome} | named | kind | numbers)
    return rows


def mean_rows(kind: str, groups: Sequence[str] = ("member",)) -> list[dict[str, Any]]:
    """The adjusted values of each group and of its reference, contrast by contrast."""
    rows = []
    weightings = ("members", "all", "equal", "proportional") if kind == "continuous" else ("members",)
    for k, group in enumerate(groups):
        for weighting in weightings:
            for level in ("never", group):
                value = {"continuous": 76.0, "binary": 0.7, "ordinal": 0.3, "count": 0.8}[kind] + 0.01 * k
                numbers = {"value": value, "conf_low": value - 0.05, "conf_high": value + 0.05, "conf_level": 0.95}
                own = {"group": level, "weighting": weighting, "kind": kind, "n": SIZES[level], "method": "lin_hc3"}
                for category in CATEGORIES.get(kind, {None: None}):
                    rows.append(keys_of(kind) | own | numbers | {"category": category})
    return rows


RUNGS = (
    ("raw", "nothing", None, "diff", 3.48),
    ("demographics", "alike_on", "sex, year", MEMBERS, 3.55),
    ("prior_achievement", "alike_on", "sex, year, bs(prior, 4)", MEMBERS, 2.22),
)


def rungs(outcomes: Sequence[str] = ("continuous",), measure: str = "mean_difference") -> Findings:
    """A ladder of three rungs, and two that were not climbed."""
    rows, estimates = [], []
    times = 0.01 if measure == "risk_difference" else 1.0
    for outcome in outcomes:
        for k, (rung, assumption, adjusted_for, estimand, value) in enumerate(RUNGS):
            own = keys_of(outcome) | {"design": rung, "position": k + 1, "assumption": assumption, "n": 633}
            numbers = {"estimate": value * times, "conf_low": (value - 1.6) * times, "conf_high": (value + 1.6) * times}
            change = (value - 3.48) * times
            moved = {"from_raw": change, "from_raw_low": change - 0.1 * times, "from_raw_high": change + 0.1 * times}
            left = {"share_left": value / 3.48, "share_left_low": value / 3.48 - 0.2, "share_left_high": 1.1}
            told = {"adjusted_for": adjusted_for, "estimand": estimand, "conf_level": 0.95, "method": "lin_hc3"}
            rows.append(own | numbers | told | ({} if rung == "raw" else moved | left))
        for k, (rung, reason) in enumerate((("within_class", "no_classes"), ("change", "no_earlier_wave"))):
            rows.append(keys_of(outcome) | {"design": rung, "position": k + 4, "reason": reason})
        estimates.append(
            estimate(outcome, "member", measure, (3.48 * times, 1.87 * times, 5.1 * times), primary=True)
            | {"design": "prior_achievement"}
        )
    tables = {"rungs": columns(rows), "estimates": columns(estimates)}
    return Findings.of("triangulation", tables, labels=labels(), start_grade="C")
