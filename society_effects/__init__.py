"""Study designs for one question: does joining an academic student society help?

A study says what is known, a design says which comparison to make, fitting a design to a study gives a result, and a
result shows itself as a summary, a table, a figure or a report.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    # what is known
    "Study": "study.study",
    "Outcome": "study.outcome",
    "About": "study.about",
    "read_study": "study.readers",
    "load_sample": "study.samples",
    "samples": "study.samples",
    "published_studies": "study.published",
    "published_comparisons": "study.published",
    "published_changes": "study.published",
    # which comparison
    "MemberComparison": "designs.member_comparison",
    "PrePost": "designs.pre_post",
    "PrePostControl": "designs.pre_post_control",
    "RepeatedMeasures": "designs.repeated_measures",
    "DifferenceInDifferences": "designs.difference_in_differences",
    "RegressionAdjustment": "designs.regression_adjustment",
    "Describe": "designs.describing",
    "DESIGNS": "designs",
    "rebuild": "designs",
    "recommend_design": "advising",
    # what came out
    "Result": "result",
    "compose": "figures.composing",
    "check_wording": "reports.wording_check",
    # one question through several designs
    "triangulate": "triangulation",
    # what something unmeasured would have to be
    "sensitivity": "probing",
    # the numbers of other programs
    "reconcile": "reconciling",
    # what was decided beforehand, and what changed since
    "Plan": "plans",
    "read_plan": "plans",
    "diff": "diffing",
    # cohorts with a known truth
    "simulate_cohort": "simulate",
    "simulate_panel": "simulate",
    "simulate_survey": "simulate",
    # what can go wrong
    "SocietyEffectsError": "errors",
    "StudyError": "errors",
    "DesignError": "errors",
    "ContractError": "errors",
    "OutputError": "errors",
    "PlanError": "errors",
}

__all__ = ["__version__", *_PUBLIC]  # noqa: PLE0604 (names, spelled out above)


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that the bare import stays light."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_PUBLIC[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
