"""What is written of every adjusted answer: its row, the unadjusted one, coefficients, adjusted means, fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...stats.adjusted_difference import AdjustedDifference
from ...stats.inference import Inference
from .adjustment import Adjustment, Answer
from .answers import raw_of

NUMBERS = (
    "estimate",
    "std_error",
    "df",
    "statistic_name",
    "statistic",
    "p_value",
    "conf_low",
    "conf_high",
    "conf_level",
)


def write_answer(adjustment: Adjustment, answer: Answer) -> None:
    """Write the primary row with what stands beside it, and keep what its family needs."""
    row = adjustment.write(answer.measure, answer.found, answer.estimand, primary=True)
    if answer.influence is not None:
        adjustment.task.support_by_influence(row, adjustment.aligned(answer.influence))
    for measure, found in answer.beside.items():
        adjustment.write(measure, found, answer.estimand)
    for measure, found in raw_of(adjustment).items():
        adjustment.write(measure, _quiet(found), "diff")
    _say_terms(adjustment, answer)


def _quiet(found: Inference) -> Inference:
    """The unadjusted number: what its flags say is said of the adjusted one."""
    return replace(found, flags={})


def _say_terms(adjustment: Adjustment, answer: Answer) -> None:
    """Say what was left out of the regression, and what of it is more than the students can bear."""
    terms = getattr(answer.fit, "terms", None)
    if terms is None:
        return
    lost = [name for name in (*adjustment.covariates.dropped, *terms.dropped) if not name.startswith("class:")]
    slopes = [name.removeprefix("member:") for name in lost if name.startswith("member:")]
    dropped = [name for name in lost if not name.startswith("member:")]
    same = [name for name in dropped if adjustment.within is not None and _same_in_classes(adjustment, name)]
    dropped = [name for name in dropped if name not in same]
    slopes = [name for name in slopes if name not in (*dropped, *same)]
    for key, names in (("COVARIATES_DROPPED", dropped), ("SLOPES_DROPPED", slopes)):
        if names:
            adjustment.check(key, names=tuple(names))
    crossed = [name for name in same if f"member:{name}" in terms.names]
    alone = [name for name in same if name not in crossed]
    for key, names in (("SAME_IN_CLASS", alone), ("SAME_IN_CLASS_CROSSED", crossed)):
        if names:
            adjustment.check(key, "note", names=tuple(names))
    _say_students(adjustment, answer, terms)


def _say_students(adjustment: Adjustment, answer: Answer, terms: Any) -> None:
    """Say where students are too few for what is estimated, and who says nothing about the difference."""
    classes = getattr(answer.fit, "classes", None)
    if adjustment.within is not None and classes is not None:
        if classes.not_compared:
            adjustment.check("AMONG_CLASSMATES", "note", alone=classes.not_compared)
        else:
            adjustment.check("ALL_AMONG_CLASSMATES", "note")
    smallest = int(min(adjustment.member.sum(), (~adjustment.member).sum()))
    if terms.main and not terms.interacted and adjustment.outcome.kind != "ordinal":
        key = "ONE_SLOPE_EACH" if isinstance(answer.fit, AdjustedDifference) else "ONE_SLOPE_OF_LOGS"
        adjustment.check(key, "note", p=len(terms.main), smallest=smallest)
    if len(adjustment.values) < 10 * len(terms.names):
        adjustment.check("OVERFIT", p=len(terms.names), n=len(adjustment.values))


def _same_in_classes(adjustment: Adjustment, name: str) -> bool:
    """Have all students of a class the same value of this column?"""
    if name not in adjustment.covariates.names or adjustment.clusters is None:
        return False
    values = adjustment.covariates.columns[:, adjustment.covariates.names.index(name)]
    codes = np.unique(adjustment.clusters, return_inverse=True)[1]
    first = values[np.unique(codes, return_index=True)[1]]
    return bool(np.all(values == first[codes]))


def write_coefficients(adjustment: Adjustment, model: str, link: str, found: Mapping[str, Inference]) -> None:
    """Write the coefficients of one regression, by term."""
    for term, one in found.items():
        numbers = {name: getattr(one, name) for name in NUMBERS}
        columns = {"model": model, "term": term, "link": link, "method": one.method, "n": len(adjustment.values)}
        adjustment.task.draft.row("coefficients", **adjustment.keys, **columns, **numbers)


def write_means(adjustment: Adjustment, weighting: str, arms: Mapping[str, Inference], **columns: Any) -> None:
    """Write the adjusted mean (share, rate) of each group, by level."""
    for level, found in arms.items():
        n = int((adjustment.member == (level == adjustment.contrast.group)).sum())
        limits = {name: getattr(found, name) for name in ("std_error", "df", "conf_low", "conf_high", "conf_level")}
        keys = adjustment.keys | {"group": level, "weighting": weighting}
        own = {"value": found.estimate, "method": found.method, "kind": adjustment.outcome.kind, "n": n}
        adjustment.task.draft.row("adjusted_means", **keys, **own, **limits, **columns)


def linear_rows(adjustment: Adjustment, fit: AdjustedDifference) -> None:
    """What is written of a linear regression: its coefficients, the adjusted means, whether the slopes differ, R2."""
    write_coefficients(adjustment, "adjusted", "identity", {term: fit.coefficient(term) for term in fit.terms.names})
    for at in ("members", "all"):
        arms = {level: fit.adjusted_mean(arm, at) for arm, level in enumerate(adjustment.levels)}
        write_means(adjustment, at, arms)
    if fit.terms.interacted:
        found = fit.slopes_differ()
        found = replace(found, flags={"SLOPES_NOT_TESTED": bool(found.raised)})
        adjustment.test("slopes_differ", found)
    names = ("r_squared", "adjusted_r_squared", "residual_sd")
    for name, value in zip(names, fit.errors.fit.described(adjustment.values), strict=True):
        adjustment.quantity(name, value, "least_squares", term="adjusted")
