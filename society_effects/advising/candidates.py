"""Which designs fit, in which order, from which grade do they start, and which cannot be used?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..designs import DESIGNS
from ..designs.common import Design, needed_waves, open_doors
from ..designs.difference_in_differences import KINDS as KINDS_OF_JOINING
from ..designs.repeated_measures import KINDS as KINDS_OF_WAVES
from ..designs.waves.changing import METHODS as KINDS_OF_CHANGES
from ..designs.waves.wave_panel import FEWEST_WAVES
from ..errors import DesignError
from ..findings.checks import Check
from ..findings.grading import grade
from ..study.study import Study
from .cautions import cautions, what_raises
from .known import Known

KINDS_COMPARED = {
    "pre_post": tuple(KINDS_OF_CHANGES),
    "pre_post_control": tuple(KINDS_OF_CHANGES),
    "repeated_measures": KINDS_OF_WAVES,
    "difference_in_differences": KINDS_OF_JOINING,
    "regression_adjustment": ("continuous", "binary", "ordinal", "count"),
}
"""Designs that compare some kinds of outcome only."""
FEWEST_CLASSES_OF_JOINING = 3


@dataclass(frozen=True)
class Advice:
    """A design that fits the study.

    key : of the design. design : ready to be fitted. wave : fit it to ``study.at(wave=...)``; None for the study as it
    is. why : key of the reason. start_grade : where the design starts. highest_grade : what is left of it by what is
    known so far; the data may lower it further. lowered_by : the checks that lower it. raises : keys of what would
    raise it. cannot_show : key of what it leaves open.
    """

    key: str
    design: Design
    why: str
    start_grade: str
    highest_grade: str
    lowered_by: tuple[Check, ...] = ()
    raises: tuple[str, ...] = ()
    cannot_show: str = ""
    wave: str | None = None

    @property
    def call(self) -> str:
        """The design as it is written: ``se.PrePostControl()``."""
        changed = {k: v for k, v in self.design.settings.items() if v != type(self.design)().settings[k]}
        return f"se.{type(self.design).__name__}({', '.join(f'{k}={v!r}' for k, v in changed.items())})"

    @property
    def on(self) -> str:
        """What it is fitted to, as it is written."""
        return "study" if self.wave is None else f"study.at(wave={self.wave!r})"


@dataclass(frozen=True)
class NotUsable:
    """A design that does not fit the study: the key of the reason, or the refusal of the design itself."""

    key: str
    name: str
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    key: str
    why: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    wave: str | None = None


def chosen_designs(study: Study, known: Known) -> tuple[tuple[Advice, ...], tuple[NotUsable, ...]]:
    """The designs that fit in their order, and the others; each design of the library is in one of the two."""
    fitting: dict[str, Advice] = {}
    unfit: dict[str, NotUsable] = {}
    for candidate in _candidates(study, known):
        if candidate.key not in DESIGNS or candidate.key in fitting:
            continue
        design = DESIGNS[candidate.key](**candidate.settings)
        reason = _refusal(design, study, known, candidate.wave)
        if reason is None:
            fitting[candidate.key] = _advice(candidate, design, study, known)
            unfit.pop(candidate.key, None)
        else:
            unfit[candidate.key] = reason
    for key, design_class in DESIGNS.items():
        if key not in fitting and key not in unfit:
            unfit[key] = _not_chosen(design_class, study, known)
    return tuple(fitting.values()), tuple(unfit.values())


def _advice(candidate: _Candidate, design: Design, study: Study, known: Known) -> Advice:
    checks = cautions(candidate.key, study, known)
    left = grade(design.start_grade, checks)
    lowering = tuple(check for check in checks if check.key in left.lowered_by)
    return Advice(
        candidate.key,
        design,
        candidate.why,
        design.start_grade,
        left.letter,
        lowering,
        what_raises(candidate.key, known, lowering),
        candidate.key if known.compares else "pre_post",
        candidate.wave,
    )


def _candidates(study: Study, known: Known) -> Iterator[_Candidate]:
    """The designs that the decision guide names, the better first."""
    if not known.compares:
        yield from _of_members_alone(known)
    elif known.repeated:
        yield from _of_waves(study, known)
    else:
        yield from _of_one_wave(known)
    yield _Candidate("describe", "table_one", wave=study.waves[0] if study.waves else None)


def _of_members_alone(known: Known) -> Iterator[_Candidate]:
    if len(known.waves) >= FEWEST_WAVES:
        yield _Candidate("repeated_measures", "members_over_waves")
    yield _Candidate("pre_post", "members_before_and_after", _ends(known))


def _of_waves(study: Study, known: Known) -> Iterator[_Candidate]:
    joiners = known.before_joining is not None
    if len(known.waves) >= FEWEST_WAVES:
        if joiners:
            yield _Candidate("difference_in_differences", "joining_known")
        yield _Candidate("repeated_measures", "several_waves")
    yield _Candidate("pre_post_control", "two_waves", _ends(known))
    if not known.after:
        yield _Candidate("regression_adjustment", "earlier_score", _ends(known))
    if len(known.waves) == 2 and joiners:
        yield _Candidate("difference_in_differences", "trends_alone")
    later = None if study.waves == ("before", "after") else known.waves[-1]
    if not set(known.kinds) <= set(KINDS_OF_WAVES):
        yield _Candidate("member_comparison", "kinds_at_one_wave", wave=later)


def _of_one_wave(known: Known) -> Iterator[_Candidate]:
    adjusted = "adjusting_achievement" if known.prior else "adjusting_others"
    if known.prior and not known.after:
        yield _Candidate("regression_adjustment", adjusted)
    yield _Candidate("member_comparison", "beside_adjustment" if known.prior and not known.after else "as_they_are")
    if known.covariates and not known.after:
        yield _Candidate("regression_adjustment", adjusted)


def _ends(known: Known) -> dict[str, str]:
    """The first and the last wave, named where there are others between them."""
    return {"first": known.waves[0], "last": known.waves[-1]} if len(known.waves) > 2 else {}


def _refusal(design: Design, study: Study, known: Known, wave: str | None) -> NotUsable | None:
    """Would the design refuse the study, whatever the scores are?"""
    key, name = design.key, type(design).__name__
    compared = set(KINDS_COMPARED.get(key, known.kinds))
    try:
        seen = study if wave is None else study.at(wave=wave)
        needed_waves(design, seen)
        seen = design.view(seen)
        open_doors(design, seen)
    except DesignError as error:
        return NotUsable(key, name, f"errors.{error.code}", error.values)
    if known.alone is not None and key != "describe":
        return NotUsable(key, name, "errors.CONFOUNDED_CLUSTER", {"cluster": known.cluster, "group": known.alone})
    if not set(known.kinds) & compared:
        return NotUsable(key, name, "advice.not_usable.kinds")
    if design.fewest_waves > 1 and known.single:
        return NotUsable(key, name, "errors.OUTCOME_AT_ONE_WAVE", {"outcome": known.single[0]})
    if key == "difference_in_differences":
        return _refusal_of_joining(study, known)
    if key == "regression_adjustment" and not known.covariates and (known.single or not known.repeated):
        return NotUsable(key, name, "advice.not_usable.no_covariates")
    return None


def _refusal_of_joining(study: Study, known: Known) -> NotUsable | None:
    key, name = "difference_in_differences", "DifferenceInDifferences"
    if len(known.sizes) > 2:
        values = {"design": key, "column": study.group, "levels": study.levels}
        return NotUsable(key, name, "errors.TWO_GROUPS_ONLY", values)
    if known.classes is not None and known.classes.n < FEWEST_CLASSES_OF_JOINING:
        return NotUsable(key, name, "errors.TWO_CLUSTERS", {"cluster": known.cluster})
    if known.joining is None and known.before_joining is None:
        values = {"waves": tuple(study.waves), "wave": study.waves[1]}
        return NotUsable(key, name, "errors.FIRST_POST_NEEDED", values)
    return None if known.before_joining is not None else NotUsable(key, name, "advice.not_usable.nobody_joins")


def _not_chosen(design: type[Design], study: Study, known: Known) -> NotUsable:
    """Why is a design left out: by choice, by its own refusal, or because nothing calls for it?"""
    if design.key == "pre_post" and known.compares and known.repeated:
        return NotUsable(design.key, design.__name__, "advice.not_usable.others_left_out")
    if design.key == "regression_adjustment" and known.compares and known.after:
        return NotUsable(design.key, design.__name__, "advice.not_usable.after_joining", {"names": known.after})
    refused = _refusal(design(), study, known, None)
    if refused is not None:
        return refused
    reason = "earlier_left_out" if known.repeated and design.key == "member_comparison" else "not_called_for"
    return NotUsable(design.key, design.__name__, f"advice.not_usable.{reason}")
