"""Which rungs has the ladder of a study, what does each of them assume, and which cannot be climbed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..designs.common import Design
from ..designs.difference_in_differences import DifferenceInDifferences
from ..designs.member_comparison import MemberComparison
from ..designs.pre_post_control import PrePostControl
from ..designs.regression_adjustment import RegressionAdjustment
from ..study.study import Study

RAW, BASELINE, WITHIN_CLASS, CHANGE = "raw", "baseline", "within_class", "change"


@dataclass(frozen=True)
class Rung:
    """One rung: a design, what it assumes beyond the data, what it adjusts for; or why it cannot be climbed."""

    key: str
    design: Design | None
    assumption: str
    adjusted_for: tuple[str, ...] = ()
    reason: str | None = None


def rungs_of(study: Study, first: str | None, last: str | None, shared: Mapping[str, Any]) -> tuple[Rung, ...]:
    """The ladder: as they are, block after block of covariates, earlier scores, classmates, changes.

    first, last : the two waves of a study with waves. shared : estimand, confidence level, draws.
    """
    comparison = {name: value for name, value in shared.items() if name != "estimand"}
    waves: dict[str, Any] = {"first": first, "last": last} if study.waves else {}
    rungs = [Rung(RAW, MemberComparison(**comparison), "nothing")]
    names: tuple[str, ...] = ()
    taken = {RAW, WITHIN_CLASS, CHANGE, *((BASELINE,) if study.waves else ())}
    for block, own in study.covariates.items():
        names += own
        design = RegressionAdjustment(
            covariates=names, adjust_for_baseline=False, within_cluster=None, **waves, **shared
        )
        key = f"{block} (covariates)" if block in taken else block
        rungs.append(Rung(key, design, "alike_on", names))
    if not names:
        rungs.append(Rung("covariates", None, "alike_on", reason="no_covariates"))
    if study.waves:
        design = RegressionAdjustment(covariates=names, within_cluster=None, **waves, **shared)
        rungs.append(Rung(BASELINE, design, "alike_before", (*names, BASELINE)))
    rungs.append(_within_class(study, names, waves, shared))
    if not study.waves:
        return (*rungs, Rung(CHANGE, None, "parallel_changes", reason="no_earlier_wave"))
    change = PrePostControl(headline="change", selection_on="stable", **waves, **comparison)
    return (*rungs, Rung(CHANGE, change, "parallel_changes"))


def named_rungs(designs: Mapping[str, Design]) -> tuple[Rung, ...]:
    """Designs of the user's own as rungs, in their order."""
    return tuple(Rung(name, design, _assumption(design), _covariates(design)) for name, design in designs.items())


def _within_class(study: Study, names: tuple[str, ...], waves: Mapping[str, Any], shared: Mapping[str, Any]) -> Rung:
    used = (*names, BASELINE) if study.waves else names
    if study.cluster is None or not used:
        reason = "no_classes" if study.cluster is None else "no_covariates"
        return Rung(WITHIN_CLASS, None, "alike_in_class", used, reason)
    if not _mixed(study):
        return Rung(WITHIN_CLASS, None, "alike_in_class", used, "whole_classes")
    design = RegressionAdjustment(covariates=names, within_cluster="fixed", **waves, **shared)
    return Rung(WITHIN_CLASS, design, "alike_in_class", used)


def _mixed(study: Study) -> bool:
    """Has any class students of the reference group and of another one?"""
    classes, others = study.units["cluster"].to_numpy(object).astype(str), study.arm(str(study.reference))
    return bool(np.intersect1d(classes[others], classes[~others]).size)


def _assumption(design: Design) -> str:
    if isinstance(design, RegressionAdjustment):
        return "alike_in_class" if design.within_cluster in ("fixed", "mundlak") else "alike_on"
    if isinstance(design, PrePostControl):
        return "parallel_changes" if design.headline == "change" else "alike_before"
    return "parallel_changes" if isinstance(design, DifferenceInDifferences) else "nothing"


def _covariates(design: Design) -> tuple[str, ...]:
    return tuple(getattr(design, "covariates", None) or ())
