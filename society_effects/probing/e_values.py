"""How strong must an unmeasured cause be to explain an answer, and as strong as which is each covariate?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..designs.adjusting.adjustment import Adjustment
from ..designs.adjusting.answers import answer_of
from ..designs.adjusting.covariates_of import term_columns
from ..designs.adjusting.unmeasured import e_value_of_answer
from ..findings.measures import MEASURES, STANDARDISED
from ..stats.e_value import EValue, e_value_of_difference, e_value_of_ratio, observed_e_value
from ..stats.effect_sizes import d_adjusted
from ..stats.inference import Inference
from ..stats.moments import Moments
from .questions import Found, Question, limits_of

BESIDE: dict[str, tuple[str, ...]] = {
    "mean_difference": STANDARDISED,
    "trimmed_mean_difference": STANDARDISED,
    "hodges_lehmann": STANDARDISED,
    "risk_difference": ("risk_ratio",),
    "adjusted_mean_difference": ("d_adjusted",),
    "adjusted_share_difference": ("adjusted_risk_ratio",),
}
"""Answer -> the numbers beside it from which an E-value may be made, the first to be preferred."""


def impossible(question: Question) -> str | None:
    """Why has this answer no E-value? None where it has one."""
    if _needed(question) is not None:
        return None
    if question.whole_classes:
        return "whole_classes"
    if question.outcome.kind == "ordinal":
        return "of_orders"
    return "shares_among_classmates" if question.among_classmates and question.outcome.kind == "binary" else "no_ratio"


def write(question: Question, found: Found) -> None:
    """Write what is needed for the estimate and for its limit, and without each of the covariates."""
    needed = _needed(question)
    if needed is None:
        return
    for flag in needed.raised:
        found.check(question, flag)
    told: dict[str, Any] = {"method": needed.method, "conf_level": question.conf_level}
    for parameter, value in (("estimate", needed.point), ("limit", needed.limit)):
        if value == value:
            found.row(question, "e_value", parameter, value=value, **told)
    if question.adjustment is not None:
        _write_without(question, question.adjustment, found)


def _needed(question: Question) -> EValue | None:
    """The E-value of an answer: of a ratio, or of a standardised difference."""
    row, rows = question.row, {r["measure"]: r for r in question.beside}
    if row["estimate"] != row["estimate"]:
        return None
    if row["reference_wave"] is not None:
        return _of_two_waves(question)
    names = (row["measure"],) if MEASURES[row["measure"]].scale == "log" else BESIDE.get(row["measure"], ())
    name = next((n for n in names if n in rows and rows[n]["estimate"] == rows[n]["estimate"]), None)
    if name is None:
        return None
    numbers = row if name == row["measure"] else rows[name]
    if MEASURES[name].scale == "log":
        return e_value_of_ratio(numbers["estimate"], numbers["conf_low"], numbers["conf_high"])
    df = numbers["df"] if numbers["df"] > 0 else float("inf")
    return e_value_of_difference(numbers["estimate"], numbers["std_error"], df=df, conf_level=question.conf_level)


def _of_two_waves(question: Question) -> EValue | None:
    """Of scores adjusted for the earlier ones, in SD of the later scores; of changes, in SD of the changes.

    The approximation is about the outcome that is compared: where changes are compared, that is the change, and the
    unmeasured cause is one of changing more than others, not of scoring higher all along.
    """
    row = question.row
    if row["measure"] not in ("adjusted_mean_difference", "difference_in_changes"):
        return None
    table = question.study.pairs(row["outcome"], row["reference_wave"], row["wave"]).dropna(subset=["first", "last"])
    changes = row["measure"] == "difference_in_changes"
    compared = (table["last"] - table["first"] if changes else table["last"]).to_numpy(dtype=float)
    groups = table["group"].to_numpy(dtype=object)
    arms = [Moments.of(compared[groups == row[role]]) for role in ("group", "reference")]
    found = Inference(row["estimate"], row["std_error"], conf_level=question.conf_level)
    d = d_adjusted(found, *arms)
    if d.estimate != d.estimate:
        return None
    return e_value_of_difference(d.estimate, d.std_error, df=d.df, conf_level=question.conf_level)


def _write_without(question: Question, adjustment: Adjustment, found: Found) -> None:
    """As strong as which unmeasured cause is each covariate, and each block of them: the answer without it."""
    if adjustment.method == "wild-bootstrap":  # of the estimate alone, which it does not change, nothing is resampled
        adjustment = replace(adjustment, method=None)
    whole = e_value_of_answer(answer_of(adjustment))
    if whole is None:
        return
    for name, left in _left_out(question, adjustment):
        fewer = term_columns(question.study, left, adjustment.rows)
        answer = answer_of(replace(adjustment, terms=left, covariates=fewer))
        needed = e_value_of_answer(answer)
        if needed is None or needed.raised:
            continue
        value = observed_e_value(whole.risk_ratio, needed.risk_ratio)
        numbers = limits_of(answer.found) | {"method": needed.method}
        found.row(question, "e_value", "without", term=name, value=value, **numbers)


def _left_out(question: Question, adjustment: Adjustment) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each covariate, and each block of several, with the terms that are left without it."""
    used = {term: set(term_columns(question.study, [term], adjustment.rows).used) for term in adjustment.terms}
    every = set().union(*used.values())
    ordered = [name for name in question.study.covariate_names if name in every]
    parts = {name: {name} for name in ordered}
    for block, names in question.study.covariates.items():
        own = set(names) & every
        if len(own) > 1 and own != every and block not in parts:
            parts[block] = own
    for name, variables in parts.items():
        yield name, tuple(term for term, needs in used.items() if not needs & variables)
