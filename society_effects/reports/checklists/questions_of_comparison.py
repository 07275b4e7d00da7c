"""What will a reviewer ask of who is compared with whom?"""

from __future__ import annotations

import pandas as pd

from ...findings.findings import Findings
from ...findings.lookup import compares_changes, compares_waves
from ...findings.measures import MEASURES
from ..adjusted_sentences import adjusts_for_covariates
from ..methods_sentences import answering_rows
from ..sentences import limits_of_claim
from ..trend_sentences import trend_sentences
from ..unmeasured_sentences import ANALYSES, excludes_null, not_examined, unmeasured_sentences
from .common import compares_groups, named, say_apart, say_covariates
from .filling import Fill, Filling

FAR_APART = (
    "COVARIATES_FAR_APART",
    "COVARIATES_VERY_FAR_APART",
    "SOME_WITHOUT_COUNTERPART",
    "HALF_WITHOUT_COUNTERPART",
    "NO_OVERLAP",
    "NO_PROPENSITY",
    "EXTRAPOLATION",
    "MEMBERS_LEFT_OUT",
    "NO_SHARED_CATEGORY",
)
"""Checks by which students are compared who have no like among the others."""
FEW_ANSWERS = 2
"""Up to so many answers, what an unmeasured cause would need is told of each."""


def _no_control(item: Filling) -> None:
    if item.tell("NO_COMPARISON_GROUP"):
        item.remains("control")


def _who_joins(item: Filling) -> None:
    findings = item.findings
    if not compares_groups(item) or findings.claim == "effect":
        return
    adjusted = say_covariates(item)
    if adjusted:
        item.see("adjusted", "rungs")
    else:
        say_apart(item)
    item.add(*limits_of_claim(item.voice))
    if findings.has_check("ASSIGNMENT_NOT_STATED"):
        item.remains("assignment")
    left_out = [check for check in findings.checks if check.key == "COVARIATES_NOT_ADJUSTED"]
    if left_out:
        names = tuple(item.voice.outcome(name) for name in left_out[0].values.get("names", ()))
        item.remains("adjust", names=names)
    elif not adjusted and not compares_waves(findings):
        item.remains("measure_causes")


def _alike_over_time(item: Filling) -> None:
    if not compares_groups(item) or not compares_waves(item.findings):
        return
    item.add(*(sentence for sentence in trend_sentences(item.voice)[-1:] if compares_changes(item.findings)))
    item.tell("PRE_TRENDS_DIFFER", "LORD", "LORD_BRACKET", "RUNGS_DISAGREE", "BASELINE_NOT_ADJUSTED")
    if item.tell("PRE_TRENDS_NOT_TESTED"):
        item.remains("waves_before")
    if item.tell("SELECTION_NOT_STATED"):
        item.remains("selection_on")


def _comparable(item: Filling) -> None:
    told = item.tell(*FAR_APART)
    lacking = item.tell("NO_BASELINE")
    if told and adjusts_for_covariates(item.findings):
        say_apart(item)
        item.see("balance")
    if told:
        item.remains("overlap_of_groups")
    if lacking:
        item.remains("achievement")


def _unmeasured(item: Filling) -> None:
    findings = item.findings
    if not compares_groups(item) or findings.claim in ("effect", "description"):
        return
    made = findings.frame("sensitivity") if findings.has("sensitivity") else pd.DataFrame({"analysis": []})
    if made["analysis"].isin(ANALYSES).any():
        _say_what_it_needs(item, made)
        item.tell("WEAK_CONFOUNDING", "WEAK_CONFOUNDING_E")
        item.see("sensitivity")
        left = not_examined(item.voice)
        if left:
            item.remains("not_examined", names=left)
    elif _can_be_probed(findings):
        item.remains("probe")


def _say_what_it_needs(item: Filling, made: pd.DataFrame) -> None:
    """Say of each answer what such a cause would need; of many that are no null value, from which to which E-value."""
    rows = answering_rows(item.findings)
    found = {(row["outcome"], row["group"]) for _, row in rows.iterrows() if excludes_null(row)}
    about_found = pd.Series([pair in found for pair in zip(made["outcome"], made["group"], strict=True)], made.index)
    values = made[(made["analysis"] == "e_value") & made["term"].isna() & about_found]
    ends = {name: values.loc[values["parameter"] == name, "value"].dropna() for name in ("estimate", "limit")}
    if len(found) <= FEW_ANSWERS or not all(map(len, ends.values())):
        item.add(*unmeasured_sentences(item.voice, made))
        return
    said = {name: _range(item, own) for name, own in ends.items()}
    item.say("e_values", outcomes=named(item, values["outcome"]), **said)
    item.add(*unmeasured_sentences(item.voice, made[~about_found]))


def _range(item: Filling, values: pd.Series) -> str:
    low, high = (item.voice.style.number(value, 2) for value in (values.min(), values.max()))
    return low if low == high else item.voice.say("sentences.pieces.range", low=low, high=high)


def _can_be_probed(findings: Findings) -> bool:
    """Are the answers differences of outcomes, for which it is known what an unmeasured cause would need?"""
    measures = answering_rows(findings)["measure"]
    return not findings.has("rungs") and any(MEASURES[measure].over == "scores" for measure in measures)


def _timing(item: Filling) -> None:
    if item.tell("BAD_CONTROL"):
        item.remains("leave_out")
    if item.tell("TIMING_NOT_STATED"):
        item.remains("timing")


OF_COMPARISON: dict[str, Fill] = {
    "no_control": _no_control,
    "who_joins": _who_joins,
    "alike_over_time": _alike_over_time,
    "comparable": _comparable,
    "unmeasured": _unmeasured,
    "timing": _timing,
}
