"""Which comparison is made: one class per file. ``DESIGNS`` lists them all by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from ..errors import DesignError, nearest
from .common import Design

PLACES = {
    "describe": "describing.Describe",
    "member_comparison": "member_comparison.MemberComparison",
    "pre_post": "pre_post.PrePost",
    "pre_post_control": "pre_post_control.PrePostControl",
    "repeated_measures": "repeated_measures.RepeatedMeasures",
    "difference_in_differences": "difference_in_differences.DifferenceInDifferences",
    "regression_adjustment": "regression_adjustment.RegressionAdjustment",
}
"""Key of each design -> its file and class."""


class Designs(Mapping[str, type[Design]]):
    """The designs by key, each loaded when it is first asked for: a comparison does not wait for all the others."""

    def __getitem__(self, key: str) -> type[Design]:
        file, _, name = PLACES[key].partition(".")
        design: type[Design] = getattr(import_module(f".{file}", __name__), name)
        return design

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)

    def __contains__(self, key: object) -> bool:
        return key in PLACES


DESIGNS = Designs()


def rebuild(settings: Mapping[str, Any]) -> Design:
    """Which design had these settings? The design made again from ``result.settings``.

    >>> rebuild({"design": "describe", "median": ["age"]})
    Describe(variables=None, median=('age',), categorical=(), tests=False)
    """
    key = settings.get("design")
    if key not in DESIGNS:
        raise DesignError("UNKNOWN_DESIGN", design=str(key), near=nearest(key, DESIGNS))
    return DESIGNS[str(key)](**{name: _setting(value) for name, value in settings.items() if name != "design"})


def _setting(value: Any) -> Any:
    if isinstance(value, Mapping) and "design" in value:
        return rebuild(value)
    return tuple(value) if isinstance(value, list) else value
