"""What is known beforehand to lower the grade of a design, and what would raise it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..designs.circumstances import WIDE_GAP
from ..designs.joining.trends_before_joining import FEWEST_BEFORE
from ..findings.checks import Check
from ..study.study import Study
from .known import Known

RAISED_BY = {
    "MEASUREMENT": "blind_examiners",
    "MEASUREMENT_NOT_STATED": "blind_examiners",
    "SELECTED_SAMPLE": "examination_for_all",
    "RESPONSE_DIFF": "equal_response",
    "TIMING_NOT_STATED": "timing_stated",
    "BAD_CONTROL": "covariates_before",
    "NO_BASELINE": "prior_achievement",
    "PRE_TRENDS_NOT_TESTED": "waves_before_joining",
    "NO_COMPARISON_GROUP": "comparison_group",
}
"""Check that lowers a grade -> what would lift the cap."""
NEXT = {
    "member_comparison": ("prior_achievement", "lottery"),
    "regression_adjustment": ("waves_before_joining", "lottery"),
    "pre_post": ("comparison_group",),
    "pre_post_control": ("waves_before_joining", "lottery"),
    "repeated_measures": ("joining_stated", "lottery"),
    "difference_in_differences": ("lottery",),
}
"""Design -> what another design would need that starts from a better grade."""


def cautions(key: str, study: Study, known: Known) -> tuple[Check, ...]:
    """The checks of a design that follow from what is known, before any score is looked at."""
    if key in ("describe", "pre_post"):
        return ()
    own = {"regression_adjustment": _of_covariates, "difference_in_differences": _of_joining}
    found = list(_of_examination(study)) if known.compares else [Check("NO_COMPARISON_GROUP", "warn")]
    return (*found, *(own[key](known) if key in own else ()))


def what_raises(key: str, known: Known, lowering: tuple[Check, ...]) -> tuple[str, ...]:
    """What would raise the grade: what lifts the caps, then what a better design needs."""
    beyond = [step for step in NEXT.get(key, ()) if _is_missing(step, known)]
    lifted = [RAISED_BY[check.key] for check in lowering if check.key in RAISED_BY]
    return tuple(dict.fromkeys([*lifted, *beyond]))


def _is_missing(step: str, known: Known) -> bool:
    """Is this not there already?"""
    if step == "lottery":
        return known.compares and known.about.assignment != "lottery"
    if step == "prior_achievement":
        return not known.prior
    if step == "joining_stated":
        return known.compares and known.joining is None
    if step == "waves_before_joining":
        return known.before_joining is None or known.before_joining < FEWEST_BEFORE
    return True


def _of_examination(study: Study) -> Iterator[Check]:
    about = study.about
    if about.examiners_blind is not True:
        yield Check("MEASUREMENT" if about.examiners_blind is False else "MEASUREMENT_NOT_STATED", "warn")
    if about.exam_optional is True:
        yield Check("SELECTED_SAMPLE", "warn")
    shares = about.response if isinstance(about.response, Mapping) else {}
    if len(shares) > 1 and max(shares.values()) - min(shares.values()) > WIDE_GAP:
        yield Check("RESPONSE_DIFF", "warn", {"shares": dict(shares)})


def _of_covariates(known: Known) -> Iterator[Check]:
    if known.unclear:
        yield Check("TIMING_NOT_STATED", "warn", {"names": known.unclear})
    if known.after:
        yield Check("BAD_CONTROL", "warn", {"names": known.after})
    if not known.prior and not known.repeated:
        yield Check("NO_BASELINE", "warn")


def _of_joining(known: Known) -> Iterator[Check]:
    if known.before_joining is not None and known.before_joining < FEWEST_BEFORE:
        yield Check("PRE_TRENDS_NOT_TESTED", "warn", {"waves": known.before_joining})
