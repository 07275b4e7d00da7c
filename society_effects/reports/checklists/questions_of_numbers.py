"""What will a reviewer ask of the numbers themselves?"""

from __future__ import annotations

import pandas as pd

from ..methods_sentences import answering_rows
from ..sentences import multiplicity_sentences
from .common import kinds_of, named, outcomes_tested
from .filling import Fill, Filling

FEW_STUDENTS = (
    "TOO_FEW",
    "OVERFIT",
    "FEW_EVENTS",
    "SKEWED_SMALL_GROUP",
    "ZERO_VARIANCE_ARM",
    "SEPARATED",
    "SEPARATION",
    "ZERO_CELL",
    "ONE_SLOPE_EACH",
    "ONE_SLOPE_OF_LOGS",
    "TOO_FEW_FOR_INTERACTIONS",
)
"""Checks by which too few students stand behind a number."""


def _many_outcomes(item: Filling) -> None:
    tested = outcomes_tested(item)
    if len(tested) < 2:
        return
    item.say("tested", k=len(tested), outcomes=named(item, tested))
    rows = answering_rows(item.findings)
    item.add(*multiplicity_sentences(item.voice, rows))
    item.tell("PART_WHOLE")
    adjusted = any(frame["p_adjusted"].notna().any() for frame in _tested(item))
    if not adjusted and not item.findings.settings.get("primary"):
        item.remains("many_outcomes")


def _tested(item: Filling) -> list[pd.DataFrame]:
    return [item.findings.frame(name) for name in ("estimates", "tests") if item.findings.has(name)]


def _few_students(item: Filling) -> None:
    if item.tell(*FEW_STUDENTS):
        item.remains("few_students")


def _regression_to_the_mean(item: Filling) -> None:
    item.tell("RTM_SELECTED", "RTM_CONDITIONAL")
    if item.tell("RTM_NOT_KNOWN"):
        item.remains("population_mean")


def _large_enough(item: Filling) -> None:
    told = item.tell("NOT_EQUIVALENT")
    if item.tell("NO_SESOI") or told:
        item.remains("margin")


def _dichotomised(item: Filling) -> None:
    kinds = kinds_of(item)
    binary = named(item, kinds.loc[kinds["kind"] == "binary", "outcome"])
    if binary:
        item.say("yes_or_no", names=binary)
        item.remains("whole_score")


def _subgroups(item: Filling) -> None:
    if item.tell("MANY_SUBGROUPS", "SUBGROUPS_EXPLORATORY"):
        item.remains("subgroups")


def _ends_of_the_scale(item: Filling) -> None:
    if item.tell("CEILING", "HIGHEST_OBSERVED", "FLOOR", "LOWEST_OBSERVED"):
        item.remains("ends_of_the_scale")


def _planned(item: Filling) -> None:
    if item.findings.provenance.get("planned"):
        item.say("planned")
    if item.tell("EXPLORATORY", "PRIMARY_DEVIATES"):
        item.remains("exploratory")


OF_NUMBERS: dict[str, Fill] = {
    "many_outcomes": _many_outcomes,
    "few_students": _few_students,
    "regression_to_the_mean": _regression_to_the_mean,
    "large_enough": _large_enough,
    "dichotomised": _dichotomised,
    "subgroups": _subgroups,
    "ends_of_the_scale": _ends_of_the_scale,
    "planned": _planned,
}
