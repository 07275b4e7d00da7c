"""SOCIETY-12: the twelve things that decide what a comparison of society members and others can say."""

from __future__ import annotations

from ..methods_sentences import answering_rows
from ..sentences import multiplicity_sentences
from .common import (
    adjusted_among,
    named,
    outcomes_tested,
    say_apart_on,
    say_blinding,
    say_classes,
    say_definition,
    say_most_missing,
    say_response,
    say_waves,
    untrained,
)
from .filling import Fill, Filling


def _activities(item: Filling) -> None:
    item.remains("activities")


def _joining(item: Filling) -> None:
    assignment = item.stated("assignment")
    if assignment is None:
        item.remains("assignment")
    else:
        item.add(item.voice.say(f"reports.methods.assignment.{assignment}"))
    item.remains("joining")


def _time_of_joining(item: Filling) -> None:
    say_waves(item)
    if item.stated("covariates_before_joining") == "all":
        item.say("covariates_before")
    item.tell("ALREADY_MEMBERS", "ALWAYS_MEMBERS", "JOINING_UNKNOWN", "JOINING_UNSURE", "NOT_YET_COMPARED")
    item.tell("BAD_CONTROL", "TIMING_NOT_STATED")
    item.remains("time_of_joining")


def _definition(item: Filling) -> None:
    if not say_definition(item):
        item.remains("definition")
    item.remains("dose")


def _leavers(item: Filling) -> None:
    if not item.tell("LEAVERS", "LEAVERS_AS_MEMBERS"):
        item.remains("leavers")


def _examiners(item: Filling) -> None:
    say_blinding(item)
    item.remains("examiners")


def _overlap(item: Filling) -> None:
    overlap = item.stated("training_overlaps_stations")
    if overlap is None:
        item.remains("overlap")
    elif overlap is False:
        item.say("no_overlap")
    elif overlap is True:
        item.tell("TRAIN_TO_TEST")
        item.remains("which_overlap")
    else:
        item.say("overlap", names=named(item, overlap))
        others = untrained(item, overlap)
        if others:
            item.say("not_overlapping", names=others)


def _prior_achievement(item: Filling) -> None:
    known = item.findings.provenance.get("prior_achievement", [])
    adjusted = adjusted_among(item, known)
    if adjusted:
        item.say("achievement_adjusted", names=named(item, adjusted))
    elif say_waves(item):
        item.say("earlier_wave")
    elif known:
        item.say("achievement_known", names=named(item, known))
        say_apart_on(item, known)
        item.remains("adjust", names=named(item, known))
    else:
        item.remains("achievement")


def _motivation(item: Filling) -> None:
    known = item.findings.provenance.get("motivation", [])
    adjusted = adjusted_among(item, known)
    if adjusted:
        item.say("motivation_adjusted", names=named(item, adjusted))
    elif known:
        item.say("motivation_known", names=named(item, known))
    item.remains("motivation_instrument" if known else "motivation")
    if known and not adjusted:
        item.remains("adjust", names=named(item, known))


def _classes(item: Filling) -> None:
    say_classes(item)


def _participation(item: Filling) -> None:
    complete = say_response(item)
    if item.stated("exam_optional") is False:
        item.say("exam_for_all")
    item.tell("SELECTED_SAMPLE")
    say_most_missing(item)
    if not complete:
        item.remains("response")


def _outcomes(item: Filling) -> None:
    tested = outcomes_tested(item)
    if tested:
        item.say("tested", k=len(tested), outcomes=named(item, tested))
    item.add(*multiplicity_sentences(item.voice, answering_rows(item.findings)))
    if item.findings.provenance.get("planned"):
        item.say("planned")
    else:
        item.remains("outcomes")


SOCIETY: dict[str, Fill] = {
    "1": _activities,
    "2": _joining,
    "3": _time_of_joining,
    "4": _definition,
    "5": _leavers,
    "6": _examiners,
    "7": _overlap,
    "8": _prior_achievement,
    "9": _motivation,
    "10": _classes,
    "11": _participation,
    "12": _outcomes,
}
