"""Did the groups develop alike before joining, would a difference have been seen, and what if it went on?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...findings.lookup import alpha
from ...findings.measures import MEASURES
from ...stats.pre_trends import detectable_trend, pre_trend_test
from ...stats.relative_magnitudes import relative_magnitudes
from .comparing_joiners import Question

BASE = "universal"
FEWEST_BEFORE = 3
"""Waves before joining, the last of them included, from which on trends are taken as tested."""


def write_trends(question: Question) -> None:
    """Write the test of the waves before joining with its power, and the limits if trends differ after it."""
    panel, draft = question.panel, question.task.draft
    before = int(panel.cohorts[0])
    p_value = _tested(question) if len(panel.waves) > 2 else np.nan
    if before < FEWEST_BEFORE or np.isnan(p_value):
        draft.check("PRE_TRENDS_NOT_TESTED", "warn", question.outcome, waves=before)
    if p_value < alpha(question.task.conf_level):
        draft.check("PRE_TRENDS_DIFFER", "warn", question.outcome, p=p_value)
    if len(panel.waves) > 2:
        _if_trends_differ(question)


def _tested(question: Question) -> float:
    """The P value of the joint test of the waves before joining; NaN where nothing can be tested."""
    times, path = question.path
    early, level = path.only(times < -1), alpha(question.task.conf_level)
    found = replace(pre_trend_test(early), flags={})
    if np.isnan(found.p_value):
        return np.nan
    draft, n = question.task.draft, int(question.panel.known.sum())
    draft.test(question.outcome, "pre_trend", found, n=n, **question.contrast)
    power = detectable_trend(early, times[times < -1], base_period=BASE, alpha=level)
    for share, slope in zip(power.power, power.slope, strict=True):
        keys = {"outcome": question.outcome, "group": question.contrast["group"], "term": f"{share:g}"}
        draft.row("quantities", quantity="pre_trend_slope", value=float(slope), method="pre_trend_power", **keys)
    return float(found.p_value)


def _if_trends_differ(question: Question) -> None:
    """Conservative limits if trends differ after joining by so many times the largest step before it."""
    times, path = question.path
    found = relative_magnitudes(path, times, base_period=BASE, conf_level=question.task.conf_level)
    if any(found.flags.values()):
        return
    draft = question.task.draft
    keys: dict[str, Any] = question.keys | {"analysis": "relative_magnitudes", "parameter": "magnitude"}
    keys |= {"estimand": "event_time", "method": "relative_magnitudes", "conf_level": found.conf_level}
    bounded = MEASURES[question.measure].bounded
    for place, magnitude in enumerate(found.magnitude):
        limits = {"conf_low": bounded(found.conf_low[place]), "conf_high": bounded(found.conf_high[place])}
        draft.row("sensitivity", **keys, setting=float(magnitude), estimate=found.estimate, **limits)
    draft.row(
        "quantities",
        outcome=question.outcome,
        quantity="breakdown_magnitude",
        group=question.contrast["group"],
        value=found.breakdown,
        method="relative_magnitudes",
    )
