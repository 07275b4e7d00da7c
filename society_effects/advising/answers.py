"""What does the study answer to each question of the decision guide, in its order?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..study.about import NOT_STATED
from .known import Known

YES, NO, NOT_KNOWN = "yes", "no", "not_known"


@dataclass(frozen=True)
class Answer:
    """One question and what the study answers.

    question : its key. answer : ``yes``, ``no`` or ``not_known``. saying : which sentence explains it. values : what
    was found in the study.
    """

    question: str
    answer: str
    saying: str
    values: Mapping[str, Any] = field(default_factory=dict)


def answers_of(known: Known) -> tuple[Answer, ...]:
    """The answers, in the order in which the questions decide."""
    asked = (
        _assignment(known, "lottery"),
        _assignment(known, "cut_off"),
        _groups(known),
        _before_and_after(known),
        _when_joined(known),
        _prior(known),
        _measured_before(known),
        _whole_classes(known),
        _scores(known),
        _students(known),
        _sites(known),
        _alike(known),
        _stated(known, "examiners_blind"),
        _stated(known, "exam_optional"),
    )
    return tuple(answer for answer in asked if answer is not None)


def _assignment(known: Known, question: str) -> Answer:
    how = known.about.assignment
    if how == NOT_STATED:
        return Answer(question, NOT_KNOWN, NOT_KNOWN)
    if how == question.replace("_", "-"):
        return Answer(question, YES, YES)
    return Answer(question, NO, NO, {"how": how})


def _groups(known: Known) -> Answer:
    if not known.compares:
        return Answer("groups", NO, NO, {"n": known.n})
    return Answer("groups", YES, "yes_several" if len(known.sizes) > 2 else YES, {"groups": dict(known.sizes)})


def _before_and_after(known: Known) -> Answer:
    if not known.repeated:
        return Answer("before_and_after", NO, NO)
    saying = "yes_two" if len(known.waves) == 2 else "yes_several"
    return Answer("before_and_after", YES, saying, {"n": len(known.waves), "waves": known.waves})


def _when_joined(known: Known) -> Answer | None:
    """Asked where students are compared over three waves or more, or where it is known."""
    if not (known.compares and known.repeated) or (len(known.waves) == 2 and known.joining is None):
        return None
    if known.joining is None:
        return Answer("when_joined", NOT_KNOWN, NOT_KNOWN)
    if known.before_joining is None:
        return Answer("when_joined", NO, "no_before", {"column": known.joining})
    return Answer("when_joined", YES, YES, {"column": known.joining, "n": known.before_joining})


def _prior(known: Known) -> Answer | None:
    """Prior achievement, asked where groups are compared."""
    if not known.compares:
        return None
    if known.prior:
        return Answer("prior", YES, YES, {"names": known.prior})
    if known.repeated:
        return Answer("prior", YES, "yes_earlier", {"waves": known.waves[:1]})
    if known.covariates:
        return Answer("prior", NO, "no_other", {"names": known.covariates})
    return Answer("prior", NO, "no_covariates")


def _measured_before(known: Known) -> Answer | None:
    if not (known.compares and known.covariates):
        return None
    if known.after:
        return Answer("measured_before", NO, NO, {"names": known.after})
    if known.unclear:
        return Answer("measured_before", NOT_KNOWN, NOT_KNOWN, {"names": known.unclear})
    return Answer("measured_before", YES, YES, {"names": known.before})


def _whole_classes(known: Known) -> Answer | None:
    if not (known.compares and known.has_rows):
        return None
    if known.cluster is None:
        return Answer("whole_classes", NOT_KNOWN, NOT_KNOWN)
    found: dict[str, Any] = {"column": known.cluster}
    if known.classes is None:
        return Answer("whole_classes", YES, "yes_alone", found | {"group": str(known.alone)})
    found |= {"n": known.classes.n, "classes": dict(zip(known.sizes, known.classes.per_level, strict=True))}
    if not known.classes.whole:
        return Answer("whole_classes", NO, NO, found)
    return Answer("whole_classes", YES, "yes_few" if known.few_classes else YES, found)


def _scores(known: Known) -> Answer:
    scores = known.kinds == ("continuous",)
    return Answer("scores", YES if scores else NO, YES if scores else NO, {"kinds": known.kinds})


def _students(known: Known) -> Answer:
    return Answer("students", *((YES, YES) if known.has_rows else (NO, NO)), {"n": known.n})


def _sites(known: Known) -> Answer | None:
    return None if known.sites is None or known.sites < 2 else Answer("sites", YES, YES, {"n": known.sites})


def _alike(known: Known) -> Answer | None:
    """Asked only where a smallest difference that matters was declared."""
    return Answer("alike", YES, YES, {"names": known.margins}) if known.margins else None


def _stated(known: Known, fact: str) -> Answer | None:
    """A fact of the examination, asked where groups are compared."""
    if not known.compares:
        return None
    value = getattr(known.about, fact)
    answer = NOT_KNOWN if value == NOT_STATED else YES if value else NO
    return Answer(fact, answer, answer)
