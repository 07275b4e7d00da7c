"""STROBE, items 7 to 11: variables, measurement, bias, size of the study, quantitative variables."""

from __future__ import annotations

from .common import (
    compares_groups,
    kinds_of,
    named,
    outcomes_tested,
    say_apart,
    say_blinding,
    say_covariates,
    say_definition,
)
from .filling import Fill, Filling

BIASES = (
    "SELF_SELECTION",
    "NO_COMPARISON_GROUP",
    "SELECTED_SAMPLE",
    "RESPONSE_DIFF",
    "MEASUREMENT",
    "TRAIN_TO_TEST",
    "BAD_CONTROL",
    "TIMING_NOT_STATED",
    "ALREADY_MEMBERS",
    "MISSING_DIFF",
    "MISSING_DIFF_AT",
    "COVARIATES_MISSING_DIFF",
    "RTM_SELECTED",
    "PRE_TRENDS_DIFFER",
    "CLUSTER_NOT_DECLARED",
)
"""Checks that name a way in which the answer may be off the mark."""
CATEGORIES = ("binary", "ordinal", "nominal")


def _variables(item: Filling) -> None:
    voice = item.voice
    names = []
    for outcome in outcomes_tested(item):
        unit = item.findings.labels.unit(outcome, voice.lang)
        said = {"outcome": voice.outcome(outcome), "unit": unit}
        names.append(voice.say("checklists.said.outcome_with_unit", **said) if unit else voice.outcome(outcome))
    if names:
        item.say("outcomes", outcomes=tuple(names))
    if not say_definition(item) and compares_groups(item):
        item.remains("definition")
    say_covariates(item)
    item.remains("variables")


def _measurement(item: Filling) -> None:
    say_blinding(item)
    item.tell("TRAIN_TO_TEST")
    item.remains("measurement")


def _bias(item: Filling) -> None:
    item.tell(*BIASES)
    if compares_groups(item):
        say_apart(item)
    say_covariates(item)
    item.remains("bias")


def _size(item: Filling) -> None:
    item.remains("size")


def _quantitative(item: Filling) -> None:
    kinds = kinds_of(item)
    as_categories = kinds["kind"].isin(CATEGORIES)
    for key, rows in (("as_measured", kinds[~as_categories]), ("as_categories", kinds[as_categories])):
        if len(rows):
            item.say(key, names=named(item, rows["outcome"]))
    divided = named(item, kinds.loc[kinds["kind"].isin(("binary", "ordinal")), "outcome"])
    if divided:
        item.remains("boundaries", names=divided)
    elif not len(kinds):
        item.remains("quantitative")


MEASURING: dict[str, Fill] = {
    "7": _variables,
    "8": _measurement,
    "9": _bias,
    "10": _size,
    "11": _quantitative,
}
