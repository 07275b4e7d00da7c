"""What should a reader of this result know? A Check is a key with a status and values, never prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["note", "warn", "fail"]

WHY_UNDEFINED: dict[str, Status] = {
    "TOO_FEW": "fail",
    "NO_EVENTS_AT_ALL": "fail",
    "ALL_EVENTS": "fail",
    "NO_VARIATION": "fail",
    "CATEGORIES_SEPARATED": "fail",
    "NO_CONVERGENCE": "fail",
    "NO_EVENTS_AMONG_ALIKE": "fail",
    "LIMIT_OUT_OF_REACH": "warn",
    "NOT_PROPORTIONAL": "warn",
    "TWO_CATEGORIES": "warn",
    "DEGENERATE": "fail",
    "NOBODY_CHANGED": "fail",
    "NO_SPREAD_LEFT": "fail",
    "ALL_ONE_WAY": "warn",
    "ALL_ONE_WAY_IN_CLASSES": "fail",
    "MIDDLE_DOES_NOT_VARY": "fail",
    "MIDDLE_CONSTANT_ARM": "warn",
    "ALL_TIED": "fail",
    "SEPARATED": "warn",
    "ZERO_VARIANCE_ARM": "warn",
    "ONE_CLUSTER_IN_ARM": "fail",
    "TOO_FEW_CLUSTERS": "fail",
    "ONE_CLASS_COMPARED": "fail",
    "SEPARATED_IN_CLASSES": "fail",
    "NO_LIMITS_FEW_CLUSTERS": "warn",
    "NO_OVERLAP": "fail",
    "NO_SHARED_CATEGORY": "fail",
    "SEPARATED_IN_STRATA": "warn",
    "NO_PAIRS": "fail",
    "NO_COMPARISON": "fail",
    "NOT_IDENTIFIED": "fail",
    "COMBINATION_NOT_SEEN": "fail",
    "EMPTY_CELLS": "fail",
    "NOTHING_NEW": "warn",
    "NO_PRE_WAVES": "fail",
    "NO_POST_WAVES": "fail",
    "CONSTANT_GROUP": "fail",
    "ALL_ALONE_IN_CLASS": "fail",
    "NO_LIMITS_PERMUTED": "warn",
    "OUTSIDE_RANGE": "fail",
    "NOT_MOVED": "warn",
    "NOTHING_LEFT": "warn",
    "ZERO_SHARE": "warn",
    "IMPOSSIBLE_BENCHMARK": "warn",
}
"""Flags of ``stats`` that say why a number is undefined, the more telling first; fail where none is ever left."""


def status_of_flag(flag: str) -> Status:
    """How heavy is this flag of ``stats``? One that leaves a number undefined fails, every other warns.

    >>> status_of_flag("TOO_FEW"), status_of_flag("ZERO_CELL")
    ('fail', 'warn')
    """
    return WHY_UNDEFINED.get(flag, "warn")


@dataclass(frozen=True)
class Check:
    """Something that was looked at: ``key`` names it, ``values`` hold what was found.

    status : ``"note"`` (good to know), ``"warn"`` (weakens the claim), ``"fail"`` (a number could not be made).
    outcome, group : the outcome and the group it concerns; None for the whole study.
    """

    key: str
    status: Status = "note"
    values: Mapping[str, Any] = field(default_factory=dict)
    outcome: str | None = None
    group: str | None = None
