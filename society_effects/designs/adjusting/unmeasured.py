"""How strong would a cause that was not measured have to be? E-values, robustness values and benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...findings.lookup import alpha
from ...findings.measures import MEASURES
from ...stats.adjustment_terms import chosen_terms
from ...stats.e_value import EValue, e_value_of_difference, e_value_of_ratio
from ...stats.omitted_variable import OmittedVariable, omitted_variable
from .adjustment import Adjustment, Answer

TIMES = (1.0, 2.0, 3.0)
"""How many times as strong as a covariate the cause is taken to be."""
WEAK = 0.05
"""Robustness value below which weak confounding could explain a difference."""
WEAK_E_VALUE = 1.25
"""E-value of the limit below which hardly any cause is needed."""
GRID = np.linspace(0.0, 0.6, 49)
"""Shares of variance over which the contour lines are drawn."""
RATIO_OF = {
    "adjusted_mean_difference": "d_adjusted",
    "adjusted_share_difference": "adjusted_risk_ratio",
    "adjusted_rate_ratio": "adjusted_rate_ratio",
}
"""Primary measure -> the one beside it that an E-value is made from."""


def write_unmeasured(adjustment: Adjustment, answer: Answer) -> None:
    """Write the default bundle of the outcome's kind: scores robustness and E-values, shares and counts E-values."""
    needed = e_value_of_answer(answer)
    if needed is not None:
        _write_e_value(adjustment, answer, needed)
    of_scores = answer.measure == "adjusted_mean_difference"
    found = _omitted(adjustment, answer) if of_scores and adjustment.covariates.names else None
    if found is not None and not found.raised:
        _write_robustness(adjustment, answer, found)
        _write_benchmarks(adjustment, answer, found)
        _write_surface(adjustment, found)
    _say_weak(adjustment, answer, needed, found)


def e_value_of_answer(answer: Answer) -> EValue | None:
    """The E-value of the answer; None where its kind has none."""
    name = RATIO_OF.get(answer.measure)
    if name is None:
        return None
    found = answer.found if name == answer.measure else answer.beside.get(name)
    if found is None or found.estimate != found.estimate:
        return None
    if MEASURES[name].scale == "log":
        return e_value_of_ratio(found.estimate, found.conf_low, found.conf_high)
    return e_value_of_difference(found.estimate, found.std_error, df=found.df, conf_level=found.conf_level)


def _omitted(adjustment: Adjustment, answer: Answer) -> OmittedVariable:
    """The plain regression behind the robustness values (amended by the standard error of the answer with classes).

    Among classmates every class has a level of its own in it. What the regression of the answer left out is no
    benchmark.
    """
    columns = adjustment.covariates
    x = columns.columns
    new = list(chosen_terms(adjustment.member, x - x.mean(axis=0), x, columns.names, interactions=False).main)
    lost = (getattr(answer.fit, "terms", None) or answer.fit).dropped
    kept = np.array([columns.names[i] not in lost for i in new], dtype=bool)
    groups = {term: np.flatnonzero(kept & (columns.term_of[new] == i)).tolist() for i, term in enumerate(columns.terms)}
    groups = {term: positions for term, positions in groups.items() if positions}
    codes = adjustment.class_codes if adjustment.within is not None else np.zeros(len(x), dtype=int)
    levels = (codes[:, None] == np.arange(1, codes.max() + 1)).astype(float)
    of_classes: dict[str, Any] = {}
    if adjustment.clusters is not None:
        of_classes = {"std_error": answer.found.std_error, "df": answer.found.df}
    return omitted_variable(
        adjustment.values,
        adjustment.member,
        np.column_stack([x[:, new], levels]),
        names=[*(columns.names[i] for i in new), *(f"class:{k + 1}" for k in range(levels.shape[1]))],
        groups=groups,
        conf_level=adjustment.task.conf_level,
        **of_classes,
    )


def _keys(adjustment: Adjustment, answer: Answer, analysis: str) -> dict[str, Any]:
    return adjustment.keys | {"measure": answer.measure, "estimand": answer.estimand, "analysis": analysis}


def _write_e_value(adjustment: Adjustment, answer: Answer, needed: EValue) -> None:
    keys = _keys(adjustment, answer, "e_value") | {"method": needed.method}
    for parameter, value in (("estimate", needed.point), ("limit", needed.limit)):
        if value == value:
            adjustment.task.draft.row(
                "sensitivity", **keys, parameter=parameter, value=value, conf_level=adjustment.task.conf_level
            )


def _write_robustness(adjustment: Adjustment, answer: Answer, found: OmittedVariable) -> None:
    keys = _keys(adjustment, answer, "robustness_value") | {"method": "partial_r2"}
    level = adjustment.task.conf_level
    values = {"estimate": found.robustness(), "limit": found.robustness(alpha=alpha(level))}
    for parameter, value in values.items():
        adjustment.task.draft.row("sensitivity", **keys, parameter=parameter, value=value, conf_level=level)
    partial = _keys(adjustment, answer, "extreme") | {"method": "partial_r2", "parameter": "estimate"}
    adjustment.task.draft.row("sensitivity", **partial, value=found.partial_r2, conf_level=level)
    if found.differs_from(answer.found.estimate):
        adjustment.check("PLAIN_DIFFERS", "note", a=float(found.coefficient.estimate), measure=answer.measure)


def _write_benchmarks(adjustment: Adjustment, answer: Answer, found: OmittedVariable) -> None:
    keys = _keys(adjustment, answer, "benchmark") | {"parameter": "times", "method": "omitted_variable"}
    for term in found.shares:
        for times in TIMES:
            one = found.benchmark(term, times)
            if one.flags["IMPOSSIBLE_BENCHMARK"]:
                continue
            shares: Mapping[str, float] = {"r2_member": one.r2_member, "r2_outcome": one.r2_outcome}
            names = ("estimate", "std_error", "conf_low", "conf_high", "conf_level", "p_value")
            numbers = {name: getattr(one.adjusted, name) for name in names}
            adjustment.task.draft.row("sensitivity", **keys, term=term, setting=times, **shares, **numbers)


def _write_surface(adjustment: Adjustment, found: OmittedVariable) -> None:
    """The adjusted estimate, and its limit nearest to none, over how strong an unmeasured cause is."""
    below = GRID[GRID < 1]
    surface = found.surface(below, below)
    low, high = np.asarray(surface.conf_low), np.asarray(surface.conf_high)
    nearest = low if found.coefficient.estimate >= 0 else high
    of_member, of_outcome = np.meshgrid(below, below)
    columns = {
        "r2_member": of_member.ravel(),
        "r2_outcome": of_outcome.ravel(),
        "estimate": np.asarray(surface.estimate).ravel(),
        "limit": nearest.ravel(),
    }
    keys = adjustment.keys | {"measure": "adjusted_mean_difference"}
    adjustment.task.draft.column_rows("surface", of_member.size, **keys, **columns)


def _say_weak(adjustment: Adjustment, answer: Answer, needed: EValue | None, found: OmittedVariable | None) -> None:
    """Say where little would explain the difference; of a difference that may be none there is nothing to explain."""
    low, high, null = answer.found.conf_low, answer.found.conf_high, answer.found.null_value
    if not (low == low and not low <= null <= high):
        return
    if found is not None and not found.raised:
        value = found.robustness()
        if value < WEAK:
            adjustment.check("WEAK_CONFOUNDING", rv=value)
    elif needed is not None and needed.limit < WEAK_E_VALUE:
        adjustment.check("WEAK_CONFOUNDING_E", limit=needed.limit)
