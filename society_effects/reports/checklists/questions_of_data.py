"""What will a reviewer ask of how the data came about?"""

from __future__ import annotations

from ...findings.lookup import compares_waves
from ..group_sentences import class_sentences
from ..probing_sentences import missing_outcome_sentences
from .common import say_most_missing, untrained
from .filling import Fill, Filling

FEW_CLASSES = (
    "DF_LOW",
    "CLUSTER_PERMUTATION_COARSE",
    "ONE_CLUSTER_IN_ARM",
    "TOO_FEW_CLUSTERS",
    "ONE_CLASS_COMPARED",
    "NO_LIMITS_FEW_CLUSTERS",
    "WILD_BOOTSTRAP_CAUTIOUS",
    "WHOLE_CLASSES_ADJUSTED",
)
"""Checks by which so few classes, or classes of one group only, limit the answer."""
DIFFERENT_LOSS = (
    "MISSING_DIFF",
    "MISSING_DIFF_AT",
    "COVARIATES_MISSING",
    "COVARIATES_MISSING_DIFF",
    "WAVES_KEPT",
    "WAVES_AS_NEEDED",
    "PAIRS_LOST",
)
"""Checks on who is missing."""
MUCH_MISSING = 0.05
"""Share of the students of a group without a score from which it is asked what their scores might be."""


def _classes(item: Filling) -> None:
    if item.tell("CLUSTER_NOT_DECLARED"):
        item.remains("classes")
        return
    said = class_sentences(item.voice)
    if said:
        item.add(said[0], item.voice.say("reports.methods.by.cr2") if not item.tell(*FEW_CLASSES) else "")


def _examiners(item: Filling) -> None:
    if item.tell("MEASUREMENT"):
        item.remains("raters")
    if item.tell("MEASUREMENT_NOT_STATED"):
        item.remains("blind")


def _overlap(item: Filling) -> None:
    if not item.tell("TRAIN_TO_TEST"):
        return
    trained = {check.outcome for check in item.findings.checks if check.key == "TRAIN_TO_TEST"}
    others = untrained(item, trained)
    if None in trained:
        item.remains("which_overlap")
    elif others:
        item.say("not_overlapping", names=others)
    else:
        item.remains("nothing_untrained")


def _who_took_part(item: Filling) -> None:
    if item.tell("SELECTED_SAMPLE", "RESPONSE_DIFF"):
        item.remains("who_stayed_away")


def _missing(item: Filling) -> None:
    share = say_most_missing(item)
    if 0 < share <= MUCH_MISSING:
        item.say("few_missing", most=MUCH_MISSING)
    item.tell(*DIFFERENT_LOSS)
    probed = item.findings.has("sensitivity")
    said = missing_outcome_sentences(item.voice, item.findings.frame("sensitivity")) if probed else []
    item.add(*said)
    if share > MUCH_MISSING and not said:
        item.remains("why_missing" if compares_waves(item.findings) else "missing_probe")


def _leavers(item: Filling) -> None:
    item.tell("LEAVERS", "LEAVERS_AS_MEMBERS", "ALREADY_MEMBERS", "ALWAYS_MEMBERS", "JOINING_UNSURE", "JOINING_UNKNOWN")


OF_DATA: dict[str, Fill] = {
    "classes": _classes,
    "examiners": _examiners,
    "overlap": _overlap,
    "who_took_part": _who_took_part,
    "missing": _missing,
    "leavers": _leavers,
}
