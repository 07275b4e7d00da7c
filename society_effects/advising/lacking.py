"""What would the study call for that is not part of the library, and which facts would change the advice?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..designs import DESIGNS
from ..findings.grading import CAPS
from ..study.about import NOT_STATED
from .candidates import Advice
from .known import Known

SERIES = 4
"""Waves of members alone from which their own trend before joining could serve as a comparison."""


@dataclass(frozen=True)
class NotOffered:
    """A design that is not part of this library: its key, and whether this study calls for it."""

    key: str
    called_for: bool


@dataclass(frozen=True)
class ToAdd:
    """A fact or role that is not stated and would change the advice: its key, and how it is stated."""

    key: str
    how: str


def not_offered(known: Known) -> tuple[NotOffered, ...]:
    """Designs that are not part of this library, those that the study calls for first."""
    how = known.about.assignment
    rich = known.compares and bool(known.before or known.unclear)
    called_for = {
        "randomised_offer": how == "lottery",
        "cut_off": how == "cut-off",
        "weighting": rich,
        "matching": rich,
        "doubly_robust": rich,
        "interrupted_series": not known.compares and len(known.waves) >= SERIES,
        "several_sites": known.sites is not None and known.sites > 1,
        "dose": False,
        "mechanism": False,
        "time_to_event": False,
        "coming_and_going": False,
    }
    missing = [NotOffered(key, wanted) for key, wanted in called_for.items() if key not in DESIGNS]
    return tuple(sorted(missing, key=lambda design: not design.called_for))


def facts_to_add(known: Known, designs: Sequence[Advice]) -> tuple[ToAdd, ...]:
    """The facts not stated that would change the advice, those that change the design first."""
    return (*_of_study(known), *(_of_examination(known, designs) if known.compares else ()))


def _of_study(known: Known) -> Iterator[ToAdd]:
    if not known.compares:
        yield ToAdd("group", 'group="..."')
        return
    if known.about.assignment == NOT_STATED:
        yield ToAdd("assignment", 'about=se.About(assignment="self-selected")')
    if not known.has_rows:
        return
    if known.repeated and known.joining is None and len(known.waves) > 2:
        yield ToAdd("joined", 'joined="..."')
    if not known.repeated and not known.covariates:
        yield ToAdd("covariates", 'covariates={"prior_achievement": ["..."]}')
    elif not known.repeated and not known.prior:
        yield ToAdd("prior_achievement", 'covariates={"prior_achievement": ["..."]}')
    if known.unclear:
        yield ToAdd("covariates_before_joining", 'about=se.About(covariates_before_joining="all")')
    if known.cluster is None:
        yield ToAdd("cluster", 'cluster="..."')


def _of_examination(known: Known, designs: Sequence[Advice]) -> Iterator[ToAdd]:
    """Facts of the examination, where a design would do better or worse for them."""
    if known.about.examiners_blind == NOT_STATED and any(d.start_grade < CAPS["MEASUREMENT"] for d in designs):
        yield ToAdd("examiners_blind", "about=se.About(examiners_blind=True)")
    if known.about.exam_optional == NOT_STATED and any(d.highest_grade < CAPS["SELECTED_SAMPLE"] for d in designs):
        yield ToAdd("exam_optional", "about=se.About(exam_optional=False)")
