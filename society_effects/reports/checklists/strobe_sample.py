"""STROBE, items 13 to 15: participants, descriptive data, outcome data."""

from __future__ import annotations

from ..methods_sentences import answering_rows
from ..sample_sentences import data_sentence, design_sentence
from .common import say_apart, say_missing, say_response, say_waves
from .filling import Fill, Filling

NUMBERS = ("comparison", "adjusted", "changes", "rungs")
"""Parts of a report with the outcomes of each group."""


def _counted(item: Filling) -> None:
    item.add(data_sentence(item.voice), design_sentence(item.voice, answering_rows(item.findings)))
    item.see("ledger")
    say_response(item)
    item.remains("counted")


def _why_absent(item: Filling) -> None:
    item.see("ledger")
    item.remains("why_absent")


def _flow(item: Filling) -> None:
    if item.findings.has("ledger"):
        item.say("flow")
    item.remains("flow")


def _characteristics(item: Filling) -> None:
    if not item.see("baseline", "balance"):
        item.remains("characteristics")
        return
    say_apart(item)


def _missing_by_variable(item: Filling) -> None:
    say_missing(item)


def _time(item: Filling) -> None:
    item.remains("between_waves" if say_waves(item) else "time_as_member")


def _outcome_data(item: Filling) -> None:
    if not (item.findings.has("groups") and item.see(*NUMBERS)):
        item.remains("outcome_data")


SAMPLE: dict[str, Fill] = {
    "13a": _counted,
    "13b": _why_absent,
    "13c": _flow,
    "14a": _characteristics,
    "14b": _missing_by_variable,
    "14c": _time,
    "15": _outcome_data,
}
