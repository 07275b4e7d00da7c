"""Which comparison is made: one class per file. ``DESIGNS`` lists them all by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import DesignError, nearest
from .common import Design
from .describing import Describe
from .difference_in_differences import DifferenceInDifferences
from .member_comparison import MemberComparison
from .pre_post import PrePost
from .pre_post_control import PrePostControl
from .regression_adjustment import RegressionAdjustment
from .repeated_measures import RepeatedMeasures

DESIGNS: dict[str, type[Design]] = {
    design.key: design
    for design in (
        Describe,
        MemberComparison,
        PrePost,
        PrePostControl,
        RepeatedMeasures,
        DifferenceInDifferences,
        RegressionAdjustment,
    )
}


def rebuild(settings: Mapping[str, Any]) -> Design:
    """Which design had these settings? The design made again from ``result.settings``.

    >>> rebuild({"design": "describe", "median": ["age"]})
    Describe(variables=None, median=('age',), categorical=(), tests=False)
    """
    key = settings.get("design")
    if key not in DESIGNS:
        raise DesignError("UNKNOWN_DESIGN", design=str(key), near=nearest(key, DESIGNS))
    return DESIGNS[key](**{name: _setting(value) for name, value in settings.items() if name != "design"})


def _setting(value: Any) -> Any:
    if isinstance(value, Mapping) and "design" in value:
        return rebuild(value)
    return tuple(value) if isinstance(value, list) else value
