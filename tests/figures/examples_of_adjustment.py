"""Findings of adjusted comparisons, made from seeded random numbers: what the figures of adjustment are tried on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from examples import LONG, SHORT
from examples_of_kinds import ANSWERS, LEVELS

from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels

COVARIATES = {
    "sex": {"en": "sex", "zh": "性别"},
    "year": {"en": "year of study", "zh": "年级"},
    "prior_score": {"en": "prior score", "zh": "入社前成绩"},
    "motivation": {"en": "motivation questionnaire", "zh": "学习动机问卷得分"},
}
LONG_COVARIATE = {
    "en": "average mark of all preclinical courses in the academic year before anybody could join",
    "zh": "入社前一学年全部基础医学课程的加权平均成绩（百分制）",
}
SEXES = {"female": {"en": "female", "zh": "女"}, "male": {"en": "male", "zh": "男"}}
STRENGTHS = {"sex": (0.0006, 0.0003), "year": (0.001, 0.001), "prior_score": (0.043, 0.13), "motivation": (0.053, 0.04)}
KEYS = {"group": "yes", "reference": "no"}
MEASURES = {
    "continuous": "adjusted_mean_difference",
    "binary": "adjusted_share_difference",
    "ordinal": "adjusted_superiority",
    "count": "adjusted_rate_ratio",
}
CATEGORIES = 5


def adjusted(
    outcomes: int = 1,
    kind: str = "continuous",
    lang: str = "en",
    long_labels: bool = False,
    estimate: float = 1.4,
    error: float = 0.5,
    scale: float = 1.0,
    terms: int = 4,
    after: bool = False,
    categories: int = CATEGORIES,
    levels: int = 2,
    simulated: bool = True,
    target: str = "members",
) -> Findings:
    """Adjusted outcomes with all that is written beside them. terms : covariates. levels : of the subgroup ``year``."""
    names = [f"{kind}_{i + 1}" for i in range(outcomes)]
    frames: dict[str, list[Any]] = {}
    covariates = [*COVARIATES, *(f"covariate_{i}" for i in range(max(terms - 4, 0)))][:terms]
    for i, name in enumerate(names):
        own = estimate * scale * (1 - 0.4 * i)
        _answer(frames, name, kind, own, error * scale, scale, categories, target)
        _subgroups(frames, name, kind, own, error * scale, levels)
        _coefficients(frames, name, kind, own, error * scale, covariates)
        if kind == "continuous":
            _unmeasured(frames, name, own, error * scale, covariates)
    _balance(frames, covariates, after)
    tables = {name: pd.concat(map(pd.DataFrame, rows)) for name, rows in frames.items() if rows}
    labels = _labels(names, kind, long_labels, categories)
    known = {"simulated": simulated, "member": "yes", "reference": "no"}
    return Findings.of("regression_adjustment", tables, labels=labels, provenance=known, lang=lang)


def _labels(names: Sequence[str], kind: str, long_labels: bool, categories: int) -> Labels:
    label = LONG if long_labels else SHORT
    numbered = {
        name: {lang: text if len(names) == 1 else f"{text} {i + 1}" for lang, text in label.items()}
        for i, name in enumerate(names)
    }
    answers = {f"a{i}": {"en": en, "zh": zh} for i, (en, zh) in enumerate(ANSWERS[categories])}
    years = {str(i): {"en": f"year {i}", "zh": f"{i} 年级"} for i in range(1, 12)}
    return Labels(
        group_name={"en": "society", "zh": "社团"},
        outcomes=numbered,
        levels=LEVELS,
        units={name: {"en": "points", "zh": "分"} for name in names} if kind == "continuous" else {},
        variables=COVARIATES | ({"prior_score": LONG_COVARIATE} if long_labels else {}),
        categories={"sex": SEXES, "year": years} | dict.fromkeys(names, answers),
    )


def _add(frames: dict[str, list[Any]], frame: str, rows: Any) -> None:
    frames.setdefault(frame, []).append(rows if isinstance(rows, pd.DataFrame) else [rows])


def _limits(estimate: float, error: float, kind: str, times: float = 1.96) -> dict[str, float]:
    """Estimate and limits of a measure of this kind; ``estimate`` in standard errors from none for all but scores."""
    middle, half = estimate, times * error
    if kind == "binary":
        middle, half = estimate / 20, half / 20
    if kind == "ordinal":
        middle, half = 0.5 + estimate / 20, half / 20
    found = {"estimate": middle, "conf_low": middle - half, "conf_high": middle + half}
    if kind == "count":
        found = {name: float(np.exp(value / 5)) for name, value in found.items()}
    return found | {"conf_level": 0.95, "null_value": {"ordinal": 0.5, "count": 1.0}.get(kind, 0.0)}


def _answer(
    frames: dict, name: str, kind: str, estimate: float, error: float, scale: float, categories: int, target: str
) -> None:
    keys = KEYS | {"outcome": name, "estimand": f"adj_diff_{target}", "measure": MEASURES[kind]}
    found = {"std_error": error, "p_value": 0.005, "n": 600, "n_group": 150, "n_reference": 450}
    _add(frames, "estimates", keys | _limits(estimate, error, kind) | found | {"primary": True})
    raw = keys | {"estimand": "diff", "measure": "mean_difference", "primary": False}
    if kind == "continuous":
        _add(frames, "estimates", raw | _limits(3 * estimate, error, kind) | found)
    for g, group in enumerate(("no", "yes")):
        common = {"outcome": name, "group": group, "kind": kind, "n": 150 if g else 450, "conf_level": 0.95}
        if kind == "ordinal":
            _of_categories(frames, common, g, categories, target)
            continue
        what = {"continuous": "mean", "binary": "share", "count": "mean"}[kind]
        raw_value = {"continuous": 75 * scale + 3 * estimate * g, "binary": 0.5 + 0.2 * g, "count": 1.2 + 0.3 * g}[kind]
        half = {"continuous": 1.5 * error, "binary": 0.05, "count": 0.2}[kind]
        spread = {"sd": 8.0 * scale} if kind != "binary" else {}
        limits = {"conf_low": raw_value - half, "conf_high": raw_value + half}
        _add(frames, "groups", common | {what: raw_value} | limits | spread)
        moved = {"continuous": 2 * estimate, "binary": 0.12, "count": 0.25}[kind] * (1 - g)
        for weighting, shift in (("members", 1.0), ("all", 0.3)):
            value = raw_value + shift * moved - (1 - shift) * moved * g
            own = {"value": value, "conf_low": value - half, "conf_high": value + half}
            _add(frames, "adjusted_means", common | own | {"weighting": weighting, "reference": "no"})


def _of_categories(frames: dict, common: dict[str, Any], g: int, categories: int, target: str) -> None:
    _add(frames, "groups", common | {"median": 2 + g})
    for moved, frame in ((0.0, "groups"), (0.5, "adjusted_means")):
        weights = np.exp(0.3 * (g + moved * (1 - g)) * np.arange(categories)) * (1 + np.arange(categories) % 3)
        for c, share in enumerate(weights / weights.sum()):
            limits = {"conf_low": share * 0.8, "conf_high": share * 1.2, "category": f"a{c}"}
            own = {"share": share} if frame == "groups" else {"value": share, "weighting": target, "reference": "no"}
            _add(frames, frame, common | limits | own)


def _subgroups(frames: dict, name: str, kind: str, estimate: float, error: float, levels: int) -> None:
    common = KEYS | {"outcome": name, "estimand": "adj_diff_members", "measure": MEASURES[kind]}
    common |= {"std_error": error, "primary": False}
    between = {
        "continuous": "difference_between_subgroups",
        "binary": "share_difference_between_subgroups",
        "count": "ratio_between_subgroups",
    }.get(kind)
    for by, own in (("sex", list(SEXES)), ("year", [str(i + 1) for i in range(levels)])):
        for k, level in enumerate(own):
            found = _limits(estimate * (0.5 + k), error * 1.6, kind)
            _add(frames, "estimates", common | found | {"by": by, "level": level, "n": 200 - 10 * k})
            if k and between:
                told = {"by": by, "level": level, "reference_level": own[0], "measure": between, "n": 600}
                alone, joint = _limits(estimate * k, error * 2, kind), _limits(estimate * k, error * 2, kind, 2.6)
                wide = {"simultaneous_low": joint["conf_low"], "simultaneous_high": joint["conf_high"]}
                _add(frames, "estimates", common | alone | wide | told | {"p_adjusted": 0.4})
    if kind == "continuous":
        told = {"by": "prior_score", "measure": between, "n": 600, "p_adjusted": 0.7}
        wide = {"simultaneous_low": -2.6 * error, "simultaneous_high": 2.8 * error}
        _add(frames, "estimates", common | _limits(0.1 * error, error, kind) | wide | told)
        x = np.linspace(55, 95, 41)
        middle, half = estimate + 0.01 * error * (x - 75), error * (1.5 + 0.1 * np.abs(x - 75))
        line = {"outcome": name, "group": "yes", "measure": MEASURES[kind], "by": "prior_score", "conf_level": 0.95}
        limits = {"x": x, "value": middle, "conf_low": middle - half, "conf_high": middle + half}
        _add(frames, "lines", pd.DataFrame(line | limits))
    if kind == "ordinal":
        own = common | {"measure": "adjusted_share_at_least", "by": name, "level": "a2", "n": 600}
        _add(frames, "estimates", own | _limits(estimate, error, "binary"))


def _coefficients(frames: dict, name: str, kind: str, estimate: float, error: float, covariates: list[str]) -> None:
    if kind == "ordinal":
        return
    columns = {"sex": "sex[male]", "year": "C(year)[4]"}
    slopes = [columns.get(c, c) for c in covariates]
    terms = {"(Intercept)": 70.0, "member": estimate} | {t: 0.3 * error * (i - 1) for i, t in enumerate(slopes)}
    terms |= {f"member:{t}": 0.1 * error * i for i, t in enumerate(slopes)}
    link = {"continuous": "identity", "binary": "logit", "count": "log"}[kind]
    shrunk = 1.0 if kind == "continuous" else 0.3
    for model, times in (("adjusted", 1.0), ("unadjusted", 3.0)):
        for term, value in terms.items():
            own = error * shrunk * (1.0 if term == "member" or "[" in term else 0.2)
            found = {
                "estimate": value * shrunk * times,
                "std_error": own,
                "p_value": 0.03,
                "conf_level": 0.95,
                "n": 600,
            }
            limits = {"conf_low": found["estimate"] - 1.96 * own, "conf_high": found["estimate"] + 1.96 * own}
            keys = KEYS | {"outcome": name, "model": model, "term": term, "link": link}
            _add(frames, "coefficients", keys | found | limits)


def _unmeasured(frames: dict, name: str, estimate: float, error: float, covariates: list[str]) -> None:
    """Estimates over how strong a cause is, as the formula of omitted variables has it (600 students)."""
    keys = KEYS | {"outcome": name, "measure": "adjusted_mean_difference"}
    shares = np.linspace(0.0, 0.6, 49)
    of_member, of_outcome = (grid.ravel() for grid in np.meshgrid(shares, shares))
    moved, wider = _moved(estimate, error, of_member, of_outcome)
    limit = moved - np.sign(estimate) * 1.96 * wider
    strong = {"r2_member": of_member, "r2_outcome": of_outcome}
    _add(frames, "surface", pd.DataFrame(keys | strong | {"estimate": moved, "limit": limit}))
    for i, term in enumerate(covariates):
        one = STRENGTHS.get(term, (0.01 + 0.004 * i, 0.05 / (1 + 0.2 * i)))
        for times in (1, 2, 3):
            own = {"r2_member": one[0] * times, "r2_outcome": one[1] * times}
            value, _ = _moved(estimate, error, *(np.array(v) for v in own.values()))
            told = {"analysis": "benchmark", "parameter": "times", "term": term, "setting": times, "conf_level": 0.95}
            _add(
                frames, "sensitivity", keys | {"estimand": "adj_diff_members"} | told | own | {"estimate": float(value)}
            )


def _moved(estimate: float, error: float, r2_member: Any, r2_outcome: Any) -> tuple[Any, Any]:
    bias = error * np.sqrt(595) * np.sqrt(r2_outcome * r2_member / (1 - r2_member))
    return estimate - np.sign(estimate) * bias, error * np.sqrt((1 - r2_outcome) / (1 - r2_member))


def _balance(frames: dict, covariates: list[str], after: bool) -> None:
    for i, name in enumerate(covariates):
        category = {"sex": "male", "year": "2"}.get(name)
        keys = KEYS | {
            "variable": name,
            "category": category,
            "kind": "nominal" if category else "continuous",
            "n": 600,
        }
        smd = (0.07, -0.157, 0.633, 0.69)[i % 4] * (1 - 0.02 * i)
        _add(frames, "balance", keys | {"stage": "before", "smd": smd, "variance_ratio": 1.05})
        if after:
            _add(frames, "balance", keys | {"stage": "after", "smd": 0.05 * smd, "variance_ratio": 1.01})


def several_contrasts(lang: str = "en", contrasts: Sequence[str] = ("former", "yes", "officer")) -> Findings:
    """The frames of several groups, each adjusted and compared with the first."""
    found = adjusted(lang=lang)
    tables: dict[str, list[pd.DataFrame]] = {}
    for k, group in enumerate(contrasts):
        for name in found.frames:
            frame = found.frame(name).copy()
            if "group" in frame:
                frame["group"] = frame["group"].where(frame["group"] != "yes", group)
            if name == "balance":
                frame["smd"] *= 1 - 0.3 * k
            if name == "groups":
                frame = frame[(frame["group"] == group) | (k == 0)]
            tables.setdefault(name, []).append(frame)
    joined = {name: pd.concat(parts) for name, parts in tables.items()}
    return Findings.of(found.design, joined, labels=found.labels, provenance=dict(found.provenance), lang=lang)


RUNGS = (
    ("raw", "nothing", "diff", "", 3.1, 0.7),
    ("demographics", "alike_on", "adj_diff_members", "sex, year", 3.0, 0.7),
    ("prior_achievement", "alike_on", "adj_diff_members", "sex, year, prior_score", 1.2, 0.72),
    ("motivation", "alike_on", "adj_diff_members", "sex, year, prior_score, motivation", 0.7, 0.73),
    ("within_class", "alike_in_class", "adj_diff_within_class", "sex, year, prior_score, motivation", 0.9, 0.95),
    ("change", "parallel_changes", "adj_diff_members", "", 1.1, 0.8),
)


def ladder(
    outcomes: int = 1,
    missed: Sequence[str] = (),
    lang: str = "en",
    long_labels: bool = False,
    truth: bool = True,
    scale: float = 1.0,
    classes: bool = True,
    effective: bool = False,
    shares: bool = False,
    raw: float = 3.1,
    rungs: int = len(RUNGS),
    simulated: bool = True,
) -> Findings:
    """A ladder for every outcome. missed : rungs that could not be climbed, with the reasons of the catalogue."""
    names = [f"score_{i + 1}" for i in range(outcomes)]
    reasons = ("no_classes", "no_earlier_wave", "no_covariates", "whole_classes", "failed")
    rows, truths, groups, estimates = [], [], [], []
    for o, name in enumerate(names):
        times = (0.05 if shares else scale) * (1 - 0.35 * o)
        for k, (rung, assumption, estimand, adjusted_for, value, error) in enumerate(RUNGS[:rungs]):
            row = KEYS | {"outcome": name, "design": rung, "position": k + 1, "assumption": assumption}
            row |= {"estimand": estimand, "adjusted_for": adjusted_for or None, "conf_level": 0.95}
            if rung in missed:
                rows.append(row | {"reason": reasons[list(missed).index(rung)]})
                continue
            middle, half = (raw if rung == "raw" else value) * times, 1.96 * error * abs(times)
            row |= {"n": 633, "estimate": middle, "conf_low": middle - half, "conf_high": middle + half}
            row |= {"n_clusters": 24} if classes and rung == "within_class" else {}
            row |= {"n_effective": 520.4 - 60 * k} if effective and k else {}
            rows.append(row)
        truths += [{"outcome": name, "measure": "mean_difference", "estimand": "att", "value": 1.44 * times}]
        kind = {"kind": "binary", "share": 0.6} if shares else {"kind": "continuous", "mean": 75.0 * scale}
        groups.append({"outcome": name, "group": "yes", "n": 152, "sd": np.nan if shares else 8 * scale} | kind)
        measure = "adjusted_share_difference" if shares else "adjusted_mean_difference"
        estimates.append(
            KEYS | {"outcome": name, "measure": measure, "primary": True, "estimate": 1.0, "null_value": 0}
        )
    tables = {"rungs": pd.DataFrame(rows), "groups": pd.DataFrame(groups), "estimates": pd.DataFrame(estimates)}
    tables |= {"truth": pd.DataFrame(truths)} if truth else {}
    labels = _labels(names, "binary" if shares else "continuous", long_labels, CATEGORIES)
    known = {"simulated": simulated, "member": "yes", "reference": "no"}
    return Findings.of("triangulation", tables, labels=labels, provenance=known, lang=lang)
