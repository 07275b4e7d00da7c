"""STROBE, items 1 to 6: title and abstract, introduction, design, setting, participants."""

from __future__ import annotations

from ..methods_sentences import answering_rows, design_method
from ..sample_sentences import design_sentence
from .common import kind_of_study, say_definition, say_waves
from .filling import Fill, Filling


def _title(item: Filling) -> None:
    item.remains("title", kind=kind_of_study(item.voice))


def _abstract(item: Filling) -> None:
    item.add(design_sentence(item.voice, answering_rows(item.findings)))
    item.remains("abstract")


def _background(item: Filling) -> None:
    item.remains("background")


def _objectives(item: Filling) -> None:
    if item.findings.provenance.get("planned"):
        item.say("planned")
    item.tell("EXPLORATORY")
    primary = item.findings.settings.get("primary")
    if primary:
        item.add(item.voice.say("reports.methods.primary", outcome=item.voice.outcome(str(primary))))
    item.remains("objectives")


def _design(item: Filling) -> None:
    said = design_method(item.voice, answering_rows(item.findings))
    item.add(said)
    item.say("kind", kind=kind_of_study(item.voice))
    if not said:
        item.remains("design")


def _setting(item: Filling) -> None:
    say_waves(item)
    item.remains("setting")


def _eligible(item: Filling) -> None:
    say_definition(item)
    if item.stated("exam_optional") is False:
        item.say("exam_for_all")
    item.tell("SELECTED_SAMPLE")
    item.remains("eligible")


def _matched(item: Filling) -> None:
    item.say("not_matched")


OPENING: dict[str, Fill] = {
    "1a": _title,
    "1b": _abstract,
    "2": _background,
    "3": _objectives,
    "4": _design,
    "5": _setting,
    "6a": _eligible,
    "6b": _matched,
}
