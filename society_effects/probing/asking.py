"""Which sensitivity analyses are asked of an answer, and why may one not be possible?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import e_values, missing_scores, negative_controls, proportional, raw_robustness, unreliable_covariates
from .questions import Found, Question

MANY_MISSING = 0.05
"""Share of missing outcomes in a group above which it belongs to the default bundle to ask what they might be."""


@dataclass(frozen=True)
class Wish:
    """What was asked for beyond the names of analyses: a negative control, and covariates measured with error."""

    negative_control: str | None = None
    unreliable: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Analysis:
    """One analysis: why it is not possible for an answer (None where it is), and what writes its rows."""

    impossible: Callable[[Question, Wish], str | None]
    write: Callable[[Question, Wish, Found], None]


ANALYSES: dict[str, Analysis] = {
    "e_value": Analysis(lambda q, w: e_values.impossible(q), lambda q, w, f: e_values.write(q, f)),
    "robustness_value": Analysis(lambda q, w: raw_robustness.impossible(q), lambda q, w, f: raw_robustness.write(q, f)),
    "oster": Analysis(lambda q, w: proportional.impossible(q), lambda q, w, f: proportional.write(q, f)),
    "tipping_point": Analysis(
        lambda q, w: missing_scores.no_tipping_point(q), lambda q, w, f: missing_scores.write_tipping_point(q, f)
    ),
    "worst_case": Analysis(
        lambda q, w: missing_scores.no_worst_case(q), lambda q, w, f: missing_scores.write_worst_case(q, f)
    ),
    "negative_control": Analysis(
        lambda q, w: negative_controls.impossible(q, w.negative_control),
        lambda q, w, f: negative_controls.write(q, str(w.negative_control), f),
    ),
    "errors_in_variables": Analysis(
        lambda q, w: unreliable_covariates.impossible(q, w.unreliable),
        lambda q, w, f: unreliable_covariates.write(q, w.unreliable, f),
    ),
}


def bundle_of(question: Question, wish: Wish) -> Sequence[str]:
    """Which analyses are made of this answer unless some are named? They follow its kind and its design."""
    chosen = ["e_value"]
    scores, compared = question.outcome.kind == "continuous", question.row["reference_wave"] is None
    if scores and compared and question.study.has_rows:
        chosen += ["oster"] if question.adjustment is not None else ["robustness_value"]
    if scores and (wish.unreliable is not None or unreliable_covariates.default_covariates(question)):
        chosen.append("errors_in_variables")
    may_miss = compared and question.study.has_rows and question.outcome.kind in missing_scores.KINDS
    if may_miss and max(question.students.shares_missing) > MANY_MISSING:
        chosen += ["tipping_point", "worst_case"] if scores else ["worst_case"]
    return [*chosen, *(["negative_control"] if wish.negative_control is not None else [])]
