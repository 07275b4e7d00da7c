"""Settings that designs of two waves share: what is known of the reliability and of the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import DesignError

Reliability = float | Sequence[float] | None
GRID = (0.6, 0.7, 0.8, 0.9)
"""Reliabilities that are tried where none is stated."""


def valid_reliability(given: Reliability) -> None:
    """Is this a reliability, or a grid of them, above 0 and at most 1?"""
    values = () if given is None else given if isinstance(given, Sequence) else (given,)
    if given is not None and not values:
        raise DesignError("BAD_RELIABILITY", value=repr(given))
    for value in values:
        if isinstance(value, bool | str) or not isinstance(value, int | float) or not 0 < value <= 1:
            raise DesignError("BAD_RELIABILITY", value=repr(given))


def grid_of(given: Reliability, exact: bool = False) -> tuple[float, ...]:
    """The reliabilities to be tried; with ``exact`` also that of a score without error, for comparison."""
    if given is None:
        return (*GRID, 1.0) if exact else GRID
    return tuple(float(v) for v in given) if isinstance(given, Sequence) else (float(given),)


def known_number(given: Any, outcome: str) -> float | None:
    """The number given for this outcome, by its name or for all."""
    value = given.get(outcome) if isinstance(given, Mapping) else given
    if value is None:
        return None
    if isinstance(value, bool | str) or not isinstance(value, int | float):
        raise DesignError("BAD_POPULATION_MEAN", value=repr(value), outcome=outcome)
    return float(value)
