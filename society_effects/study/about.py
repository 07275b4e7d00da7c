"""What can no column tell? Facts of the study that decide how far its numbers may be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..errors import StudyError
from .outcome import as_text

NOT_STATED = "not stated"
ASSIGNMENTS = ("self-selected", "lottery", "cut-off", "by class")


@dataclass(frozen=True)
class About:
    """How did this study come about?

    Every fact is ``"not stated"`` until it is stated; facts enter the checks of a result and its grade.

    Parameters
    ----------
    assignment : {"self-selected", "lottery", "cut-off", "by class"}
        How students came to be members.
    membership_definition : str or {language: str}
        Who counts as a member (on the list, attended so many meetings, ...), as a report may quote it.
    covariates_before_joining : {"all", "none"} or sequence of str
        Which covariates were measured before the society could have changed them; the name of a block stands for
        all of it.
    examiners_blind : bool
        Did the examiners not know who was a member?
    exam_optional : bool
        Could students stay away from the examination?
    response : mapping, level of the group -> share between 0 and 1
        Which share of each group took part?
    training_overlaps_stations : bool or sequence of str
        Does the society train what the examination asks: at all, or for which outcomes?

    Raises
    ------
    StudyError
        ``ABOUT_VALUE``: a fact has a value it cannot have.

    Examples
    --------
    >>> About(assignment="lottery").stated()
    {'assignment': 'lottery'}
    """

    assignment: str = NOT_STATED
    membership_definition: str | Mapping[str, str] = field(default=NOT_STATED, hash=False)
    covariates_before_joining: str | tuple[str, ...] = NOT_STATED
    examiners_blind: bool | str = NOT_STATED
    exam_optional: bool | str = NOT_STATED
    response: Mapping[str, float] | str = field(default=NOT_STATED, hash=False)
    training_overlaps_stations: bool | tuple[str, ...] | str = NOT_STATED

    def __post_init__(self) -> None:
        self._require("assignment", self.assignment in ASSIGNMENTS, " | ".join(ASSIGNMENTS))
        definition = self.membership_definition
        words = list(definition.values()) if isinstance(definition, Mapping) else [definition]
        good = bool(words) and all(isinstance(text, str) and text.strip() for text in words)
        self._require("membership_definition", good, "text | {language: text}")
        self._settle_before_joining()
        for fact in ("examiners_blind", "exam_optional"):
            self._require(fact, isinstance(getattr(self, fact), bool), "True | False")
        self._settle_names("training_overlaps_stations", "True | False | names", allow_bool=True)
        self._settle_response()

    def stated(self) -> dict[str, Any]:
        """Which facts are stated?"""
        facts = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in facts.items() if value != NOT_STATED}

    def _require(self, fact: str, good: bool, allowed: str) -> None:
        value = getattr(self, fact)
        if not good and not (isinstance(value, str) and value == NOT_STATED):
            raise StudyError("ABOUT_VALUE", fact=fact, value=str(value), allowed=allowed)

    def _settle_before_joining(self) -> None:
        told = self.covariates_before_joining
        if isinstance(told, str) and told not in ("all", "none", NOT_STATED):
            self._require("covariates_before_joining", bool(told.strip()), "all | none | names")
            object.__setattr__(self, "covariates_before_joining", (told,))
        if not isinstance(told, str):
            self._settle_names("covariates_before_joining", "all | none | names")

    def _settle_names(self, fact: str, allowed: str, allow_bool: bool = False) -> None:
        value = getattr(self, fact)
        if isinstance(value, str) or (allow_bool and isinstance(value, bool)):
            self._require(fact, isinstance(value, bool), allowed)
            return
        names = isinstance(value, Iterable) and not isinstance(value, Mapping)
        self._require(fact, names, allowed)
        object.__setattr__(self, fact, tuple(as_text(name) for name in value))

    def _settle_response(self) -> None:
        response = self.response
        if isinstance(response, str):
            self._require("response", False, "{level: share}")
            return
        good = isinstance(response, Mapping) and all(_is_share(share) for share in response.values())
        self._require("response", good, "{level: share between 0 and 1}")
        object.__setattr__(self, "response", {str(level): float(share) for level, share in response.items()})


def about_from(given: Any) -> About:
    """The facts as an About: given as such, as a mapping, or not at all."""
    if given is None or isinstance(given, About):
        return given or About()
    if not isinstance(given, Mapping):
        raise StudyError("ABOUT_VALUE", fact="about", value=str(given), allowed="About(...)")
    known = [f.name for f in fields(About)]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise StudyError("ABOUT_VALUE", fact="about", value=str(unknown[0]), allowed=", ".join(known))
    return About(**given)


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
