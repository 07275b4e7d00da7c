"""STROBE, item 12: statistical methods."""

from __future__ import annotations

from ...findings.adjusted import UNADJUSTED
from ...findings.lookup import has_subgroups
from ..adjusted_methods import analyses, further_methods
from ..adjusted_sentences import adjusts_for_covariates, anybody_left_out
from ..group_sentences import class_sentences, rows_of_tests
from ..methods_sentences import answering_rows, method_names, missing_method
from ..sample_sentences import anything_missing, missing_unknown, students
from .common import compares_groups, say_covariates
from .filling import Fill, Filling


def _methods(item: Filling) -> None:
    names = method_names(item.voice)
    if names:
        item.say("methods", methods=item.voice.say("reports.results.missing_separator").join(names))
        item.point_to("methods")
    adjusted = any(measure in UNADJUSTED for measure in answering_rows(item.findings).get("measure", ()))
    if not say_covariates(item) and not adjusted:
        item.remains("no_adjustment" if compares_groups(item) else "no_comparison")


def _subgroups(item: Filling) -> None:
    if has_subgroups(item.findings):
        item.add(item.voice.say("reports.methods.subgroups"))
    else:
        item.say("no_subgroups")
    if adjusts_for_covariates(item.findings) and len(rows_of_tests(item.findings, "slopes_differ")):
        item.say("slopes_tested")


def _missing_data(item: Filling) -> None:
    if missing_unknown(item.voice):
        item.remains("missing")
    item.add(missing_method(item.voice))
    if anybody_left_out(item.findings):
        item.add(item.voice.say("reports.methods.left_out"))
    elif not anything_missing(item.voice) and not missing_unknown(item.voice):
        item.say("none_missing")


def _sampling(item: Filling) -> None:
    n = students(item.voice)
    if n:
        item.say("data", n=n)
    item.add(*class_sentences(item.voice)[:1])
    if item.findings.has_check("CLUSTER_NOT_DECLARED"):
        item.remains("classes")
    item.tell("PAIRS_LOST", "WAVES_KEPT", "WAVES_AS_NEEDED")
    item.remains("sampling")


def _sensitivity(item: Filling) -> None:
    if analyses(item.findings):
        item.add(*further_methods(item.voice, subgroups=False))
    if not item.said:
        item.remains("sensitivity")


STATISTICS: dict[str, Fill] = {
    "12a": _methods,
    "12b": _subgroups,
    "12c": _missing_data,
    "12d": _sampling,
    "12e": _sensitivity,
}
