"""Was this result planned? What lies outside the plan is exploratory, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..designs import DESIGNS, rebuild
from ..findings.checks import Check
from ..result import Result
from .analyses import TRIANGULATION, Analysis

if TYPE_CHECKING:
    from .plan import Plan

EXPLORATORY = "EXPLORATORY"
PRIMARY_DEVIATES = "PRIMARY_DEVIATES"
MARKS = (EXPLORATORY, PRIMARY_DEVIATES)


def marked(plan: Plan, result: Result, own: Analysis | None) -> Result:
    """The result with ``planned`` in its provenance, and a Check where it was not.

    own : the analysis of the plan that it is; None where the plan does not list it.
    """
    of_plan = own is not None and _same_data(plan, result)
    known = {"planned": of_plan, "plan_hash": plan.hash} | ({"analysis": own.name} if own and of_plan else {})
    kept = {k: v for k, v in result.provenance.items() if k not in ("planned", "plan_hash", "analysis")}
    checks = tuple(check for check in result.checks if check.key not in MARKS)
    if not of_plan:
        checks = (Check(EXPLORATORY), *_other_primary(plan, result), *checks)
    return replace(result, provenance=kept | known, checks=checks)


def listed(plan: Plan, result: Result) -> Analysis | None:
    """The analysis of the plan with this design and these settings, if there is one."""
    for analysis in plan.analyses:
        if analysis.of is None and analysis.kind == result.design and _same_settings(plan, analysis, result.settings):
            return analysis
    return None


def _same_settings(plan: Plan, analysis: Analysis, settings: Mapping[str, Any]) -> bool:
    """Are these the settings of the analysis? Those of a ladder depend on the data, so that it is climbed again."""
    if analysis.kind == TRIANGULATION:
        return dict(plan.fit(analysis.name).settings) == dict(settings)
    return analysis.design == rebuild(settings)


def _same_data(plan: Plan, result: Result) -> bool:
    """Was the result made from the data of the plan, as its design looks at them?"""
    seen = [plan.study.fingerprint]
    if result.design in DESIGNS:
        seen.append(rebuild(result.settings).view(plan.study).fingerprint)
    return result.provenance.get("data_hash") in seen


def _other_primary(plan: Plan, result: Result) -> tuple[Check, ...]:
    """A Check where the result has another primary outcome than the plan, or none."""
    if plan.primary is None or result.settings.get("primary", plan.primary) == plan.primary:
        return ()
    return (Check(PRIMARY_DEVIATES, "warn", {"planned": plan.primary}),)
