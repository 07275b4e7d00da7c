"""Which share of membership and outcome must a cause explain that the groups as they are were not compared on?"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..designs.adjusting.covariates_of import term_columns
from ..findings.lookup import alpha
from ..stats.omitted_variable import OmittedVariable, omitted_variable
from ..stats.partial_r2 import partial_r2
from .questions import Found, Question, limits_of

Array = np.ndarray


def impossible(question: Question) -> str | None:
    """Why has this answer no robustness value? None where it has one."""
    if question.outcome.kind != "continuous":
        return "not_a_score"
    if not question.study.has_rows:
        return "no_rows"
    if question.adjustment is not None:
        return None
    if question.row["measure"] != "mean_difference":
        return "not_of_means"
    return "whole_classes" if question.whole_classes else None


def write(question: Question, found: Found) -> None:
    """Write robustness values of the raw difference, and what adjusting for each covariate alone would leave.

    A regression adjustment has written its own when it was fitted.
    """
    if question.adjustment is not None:
        return
    students, row = question.students, question.row
    seen = students.seen
    of_classes: dict[str, Any] = {}
    if students.clusters is not None:
        of_classes = {"std_error": row["std_error"], "df": row["df"]}
    values, member = students.values[seen], students.member[seen]
    nothing = np.zeros((len(values), 0))
    raw = omitted_variable(values, member, nothing, groups={}, conf_level=question.conf_level, **of_classes)
    if raw.raised:
        return
    told: dict[str, Any] = {"method": "partial_r2", "conf_level": question.conf_level}
    for parameter, level in (("estimate", None), ("limit", alpha(question.conf_level))):
        found.row(question, "robustness_value", parameter, value=raw.robustness(alpha=level), **told)
    found.row(question, "extreme", "estimate", value=raw.partial_r2, **told)
    for name in question.study.covariate_names:
        _write_benchmark(question, found, raw, name, values, member, students.rows[seen])


def _write_benchmark(
    question: Question, found: Found, raw: OmittedVariable, name: str, values: Array, member: Array, rows: Array
) -> None:
    """As strong as a covariate that is not adjusted for: the shares that it explains itself, among those who have it.

    Nothing is extrapolated, so that there is no "twice as strong".
    """
    columns = term_columns(question.study, [name], rows)
    known = ~columns.missing
    own, arm = columns.columns[known], member[known].astype(float)
    if not own.shape[1] or len(np.unique(arm)) < 2:
        return
    r2_member = partial_r2(arm, own, np.zeros((len(arm), 0)))
    r2_outcome = partial_r2(values[known], own, arm[:, None])
    adjusted = raw.adjusted(r2_member, r2_outcome)
    if adjusted.estimate != adjusted.estimate:
        return
    shares = {"r2_member": r2_member, "r2_outcome": r2_outcome}
    found.row(question, "benchmark", "times", term=name, setting=1.0, **shares, **limits_of(adjusted))
