"""Whole classes as members: one adjusted value for each class, then the classes are compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...stats.class_means import class_means, permute_classes, smallest_p
from ...stats.inference import Inference
from ...stats.two_stage import TwoStage, two_stage
from ..classes import FEW_CLASSES, MANY_CLASSES
from .adjustment import Adjustment, Answer

KINDS = {"continuous": "score", "binary": "share", "count": "rate"}
MEASURES_OF = {
    "continuous": ("adjusted_mean_difference", "mean_difference"),
    "binary": ("adjusted_share_difference", "risk_difference"),
    "count": ("adjusted_rate_difference", "rate_difference"),
}
"""Kind of outcome -> the adjusted measure of classes, and the unadjusted one."""
PERMUTED = "cluster-permutation"
OF_CLASSES = "adj_diff_classes"
"""Every class counts once."""


def fits(adjustment: Adjustment) -> bool:
    """Are whole classes compared: members come in whole classes, and these are too few for a robust covariance?"""
    if not adjustment.whole or adjustment.outcome.kind not in KINDS:
        return False
    return len(np.unique(adjustment.class_codes)) < MANY_CLASSES or adjustment.method == PERMUTED


def answer_of(adjustment: Adjustment) -> Answer:
    """By how much do classes of members differ from classes whose students have the same covariates?"""
    found = two_stage(
        adjustment.values,
        adjustment.member,
        adjustment.class_codes,
        adjustment.covariates.columns,
        names=adjustment.covariates.names,
        kind=KINDS[str(adjustment.outcome.kind)],
        exposure=adjustment.exposure,
        permuted=adjustment.method == PERMUTED,
        conf_level=adjustment.task.conf_level,
        **adjustment.task.draws,
    )
    measure = MEASURES_OF[str(adjustment.outcome.kind)][0]
    return Answer(measure, found.difference, None, OF_CLASSES, {}, found)


def raw(adjustment: Adjustment) -> dict[str, Inference]:
    """The unadjusted difference of the class means."""
    level: dict[str, Any] = {"conf_level": adjustment.task.conf_level}
    arms, exposure, classes = adjustment.member.astype(int), adjustment.exposure, adjustment.class_codes
    if adjustment.method == PERMUTED or min(_classes_per_arm(adjustment)) < FEW_CLASSES:
        draws = level | adjustment.task.draws
        found = permute_classes(adjustment.values, arms, classes, 1, 0, exposure=exposure, **draws)
    else:
        found = class_means(adjustment.values, arms, classes, exposure=exposure).difference(1, 0, **level)
    return {MEASURES_OF[str(adjustment.outcome.kind)][1]: found}


def model(adjustment: Adjustment, answer: Answer) -> Any:
    """There is no single regression behind an answer in two stages."""
    return None


def say_classes(adjustment: Adjustment, found: TwoStage) -> None:
    """Say what was compared, without which covariates, and how small a P value so few classes can give."""
    adjustment.check("WHOLE_CLASSES_ADJUSTED", "note")
    dropped = (*adjustment.covariates.dropped, *found.dropped)
    if dropped:
        adjustment.check("COVARIATES_DROPPED", names=dropped)
    if found.difference.method.endswith(("permutation", "permutation_exact")):
        group, all_of_them = int(found.member.sum()), len(found.member)
        smallest = smallest_p(all_of_them, group)
        adjustment.check("CLUSTER_PERMUTATION_COARSE", clusters=all_of_them, smallest=smallest)


def _classes_per_arm(adjustment: Adjustment) -> tuple[int, int]:
    clusters, member = adjustment.class_codes, adjustment.member
    return len(np.unique(clusters[member])), len(np.unique(clusters[~member]))
