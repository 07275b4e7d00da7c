"""Findings over two and more waves, made from seeded random numbers: what the figures of change are tried on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from examples import LONG
from examples_of_kinds import ANSWERS, LEVELS
from scipy import stats

from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels

WAVES = {
    "t1": {"en": "before joining", "zh": "入社前"},
    "t2": {"en": "after one term", "zh": "一学期后"},
    "t3": {"en": "after one year", "zh": "一年后"},
    "t4": {"en": "after two years", "zh": "两年后"},
    "t5": {"en": "at graduation", "zh": "毕业时"},
}
LONG_WAVES = {
    "t1": {"en": "before the first training of the academic student society", "zh": "学生学术社团首次培训开始之前"},
    "t2": {"en": "after the last training of the academic student society", "zh": "学生学术社团最后一次培训结束之后"},
}
SHORT = {"en": "Professional identity", "zh": "职业认同感"}
CATEGORIES = 5


def panel(
    n: int = 30,
    outcomes: int = 1,
    waves: int = 2,
    kind: str = "continuous",
    groups: Sequence[str | None] = ("no", "yes"),
    lang: str = "en",
    long_labels: bool = False,
    simulated: bool = True,
    lost: int = 0,
    scale: float = 1.0,
) -> Findings:
    """Students of groups at several waves; the first of several groups is the reference. lost : after the first wave."""
    rng = np.random.default_rng(20260206)
    frames: dict[str, list[dict[str, Any]] | list[pd.DataFrame]] = {}
    names, steps = [f"{kind}_{i + 1}" for i in range(outcomes)], list(WAVES)[:waves]
    for name in names:
        arms = {}
        for g, group in enumerate(groups):
            able = rng.normal(0, 1, n)
            latent = np.column_stack([able + 0.3 * (1 + g) * k + rng.normal(0, 0.6, n) for k in range(waves)])
            if lost:
                latent[:lost, 1:] = np.nan
            arms[group] = _as_kind(latent, kind, scale)
            for k, wave in enumerate(steps):
                _describe(frames, name, group, wave, arms[group][:, k], kind)
            _students(frames, name, group, steps, arms[group])
        if waves == 2:
            _two_waves(frames, name, kind, steps, arms)
    tables = {name: pd.concat(map(pd.DataFrame, rows)) for name, rows in frames.items() if rows}
    known = {"simulated": simulated}
    known |= {"member": "yes", "reference": groups[0]} if len(groups) > 1 else {"member": groups[0]}
    design = "pre_post_control" if len(groups) > 1 else "pre_post"
    return Findings.of(design, tables, labels=_labels(names, kind, long_labels), provenance=known, lang=lang)


def _labels(names: Sequence[str], kind: str, long_labels: bool) -> Labels:
    label = LONG if long_labels else SHORT
    named = {
        name: {lang: text if len(names) == 1 else f"{text} {i + 1}" for lang, text in label.items()}
        for i, name in enumerate(names)
    }
    answers = {f"a{i}": {"en": en, "zh": zh} for i, (en, zh) in enumerate(ANSWERS[CATEGORIES])}
    return Labels(
        outcomes=named,
        levels=LEVELS,
        units={name: {"en": "points", "zh": "分"} for name in names} if kind == "continuous" else {},
        categories=dict.fromkeys(names, answers) if kind == "ordinal" else {},
        waves=WAVES | LONG_WAVES if long_labels else WAVES,
    )


def _as_kind(latent: np.ndarray, kind: str, scale: float) -> np.ndarray:
    if kind == "binary":
        return np.where(np.isnan(latent), np.nan, latent > 0.3)
    if kind == "ordinal":
        return np.where(np.isnan(latent), np.nan, np.digitize(latent, [-1, 0, 1, 2]))
    return scale * (60 + 8 * latent)


def _add(frames: dict, frame: str, *rows: Any) -> None:
    frames.setdefault(frame, []).extend(pd.DataFrame([row]) if isinstance(row, dict) else row for row in rows)


def _describe(frames: dict, name: str, group: str | None, wave: str, values: np.ndarray, kind: str) -> None:
    known = values[~np.isnan(values)]
    n = len(known)
    row = {"outcome": name, "group": group, "wave": wave, "kind": kind, "n": n, "conf_level": 0.95}
    if kind == "continuous":
        mean, sd = known.mean(), known.std(ddof=1)
        half = stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n)
        q1, median, q3 = np.quantile(known, [0.25, 0.5, 0.75])
        limits = {"conf_low": mean - half, "conf_high": mean + half}
        _add(frames, "groups", row | limits | {"mean": mean, "sd": sd, "q1": q1, "median": median, "q3": q3})
    elif kind == "binary":
        _add(frames, "groups", row | _share(int(known.sum()), n))
    else:
        q1, median, q3 = np.quantile(known + 1, [0.25, 0.5, 0.75])
        _add(frames, "groups", row | {"q1": q1, "median": median, "q3": q3})
        for c in range(CATEGORIES):
            _add(frames, "groups", row | {"category": f"a{c}"} | _share(int((known == c).sum()), n))


def _share(events: int, n: int) -> dict[str, Any]:
    low, high = stats.binomtest(events, n).proportion_ci(method="wilson")
    return {"events": events, "share": events / n, "conf_low": low, "conf_high": high, "method": "wilson"}


def _students(frames: dict, name: str, group: str | None, steps: Sequence[str], values: np.ndarray) -> None:
    units = np.array([f"{group}{i}" for i in range(len(values))])
    for k, wave in enumerate(steps):
        seen = ~np.isnan(values[:, k])
        keys = {"unit": units[seen], "outcome": name, "group": group, "wave": wave}
        _add(frames, "values", pd.DataFrame(keys | {"value": values[seen, k]}))
    if len(steps) == 2:
        both = ~np.isnan(values).any(axis=1)
        first, last = values[both].T
        keys = {"unit": units[both], "outcome": name, "group": group, "wave": steps[1], "reference_wave": steps[0]}
        columns = {"first": first, "last": last, "change": last - first, "average": (first + last) / 2}
        _add(frames, "pairs", pd.DataFrame(keys | columns))


def _two_waves(frames: dict, name: str, kind: str, steps: Sequence[str], arms: dict) -> None:
    """The change of each group, and of several groups the adjusted difference with its lines and its path."""
    keys = {"outcome": name, "wave": steps[1], "reference_wave": steps[0], "conf_level": 0.95}
    alone = len(arms) == 1
    measure = {"continuous": "mean_change", "binary": "share_change", "ordinal": "paired_superiority"}[kind]
    arms = {group: values[~np.isnan(values).any(axis=1)] for group, values in arms.items()}
    for group, values in arms.items():
        change = values[:, 1] - values[:, 0] if kind != "ordinal" else (np.sign(values[:, 1] - values[:, 0]) + 1) / 2
        null = 0.5 if kind == "ordinal" else 0.0
        row = _estimate(change.mean(), change.std(ddof=1) / math.sqrt(len(change)), len(change), null)
        _add(
            frames,
            "estimates",
            keys | row | {"measure": measure, "group": group, "estimand": "change", "primary": alone},
        )
        if kind == "continuous" and alone:
            of_group = {"outcome": name, "group": group, "wave": steps[1]}
            for sign, which in ((-1, "low"), (1, "high")):
                value = change.mean() + sign * 1.96 * change.std(ddof=1)
                _add(frames, "quantities", of_group | {"quantity": f"agreement_{which}", "value": value})
            path = {"measure": measure, "group": group, "estimand": "change", "analysis": "regression_to_the_mean"}
            _path(frames, keys | path | {"method": "rtm_conditional"}, change.mean(), slope=-1.0)
    if not alone and kind == "continuous":
        _adjusted(frames, keys, arms)


def _estimate(estimate: float, error: float, n: int, null: float = 0.0) -> dict[str, Any]:
    half = stats.t.ppf(0.975, n - 1) * error
    limits = {"conf_low": estimate - half, "conf_high": estimate + half, "null_value": null}
    return {"estimate": estimate, "std_error": error, "n": n, "p_value": 0.01} | limits


def _adjusted(frames: dict, keys: dict[str, Any], arms: dict) -> None:
    """A line for each group, and the difference of each from the first at its own mean earlier score."""
    reference, fits = next(iter(arms)), {g: np.polyfit(*values.T, 1) for g, values in arms.items()}
    for group, (first, last) in {g: v.T for g, v in arms.items()}.items():
        x = np.linspace(first.min(), first.max(), 21)
        y, half = np.polyval(fits[group], x), 2 * last.std(ddof=1) / math.sqrt(len(last))
        line = {"x": x, "value": y, "conf_low": y - half, "conf_high": y + half, "group": group}
        _add(frames, "lines", pd.DataFrame(keys | line | {"measure": "adjusted_mean_difference"}))
        if group == reference:
            continue
        gap = float(np.polyval(fits[group] - fits[reference], first.mean()))
        row = {"measure": "adjusted_mean_difference", "group": group, "reference": reference, "primary": True}
        row |= {"estimand": "adj_diff_members"}
        error = last.std(ddof=1) * math.sqrt(2 / len(last))
        _add(frames, "estimates", keys | row | _estimate(gap, error, len(last) + len(arms[reference])))
        path = {name: value for name, value in row.items() if name != "primary"}
        _path(frames, keys | path | {"analysis": "errors_in_variables", "method": "error_in_variables"}, gap, slope=0.4)


def _path(frames: dict, keys: dict[str, Any], found: float, slope: float) -> None:
    for setting in (0.6, 0.7, 0.8, 0.9, 1.0):
        estimate = found * (1 - abs(slope) * (1 - setting)) if slope > 0 else found * (1 - setting)
        row = {"parameter": "reliability", "setting": setting, "estimate": estimate}
        _add(frames, "sensitivity", keys | row | {"conf_low": estimate - 2.0, "conf_high": estimate + 2.0})
