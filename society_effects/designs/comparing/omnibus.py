"""What belongs to all groups together: a trend over ordered groups, and how much of the variance they explain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...findings.checks import status_of_flag
from ...stats.anova import OneWay
from ...stats.inference import Inference, TestResult
from ...stats.several_means import omega_squared
from ..comparison import Comparison


def write_trend(task: Comparison, outcome: str, trend: Callable[[np.ndarray], Inference | TestResult]) -> None:
    """Write the trend over the groups, equally spaced, where the study gives them an order."""
    if not (task.several and task.study.ordered):
        return
    found = trend(np.arange(len(task.study.levels), dtype=float))
    if isinstance(found, Inference):
        found = TestResult(
            found.statistic_name, found.statistic, found.p_value, df1=found.df, method=found.method, flags=found.flags
        )
    task.add_test(outcome, "trend", found)


def write_omega_squared(task: Comparison, outcome: str, analysis: OneWay) -> None:
    """Write how much of the variance lies between the groups."""
    found = omega_squared(analysis, conf_level=task.conf_level)
    write_quantity(task, outcome, "omega_squared", found)


def write_quantity(task: Comparison, outcome: str, quantity: str, found: Any) -> None:
    """Write a quantity with its interval, where it is defined, with a Check for each of its flags."""
    for flag in found.raised:
        task.draft.check(flag, "note" if found.value == found.value else status_of_flag(flag), outcome)
    if found.value != found.value:
        return
    limits = {"conf_low": found.conf_low, "conf_high": found.conf_high, "conf_level": task.conf_level}
    task.draft.row("quantities", outcome=outcome, quantity=quantity, value=found.value, method=found.method, **limits)
