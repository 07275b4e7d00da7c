"""What all statistics share: the levels that nobody chose, and records that nobody changes."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import is_dataclass
from typing import Any

import society_effects.stats

NAMES = [found.name for found in pkgutil.iter_modules(society_effects.stats.__path__, "society_effects.stats.")]
OWN = [
    it for name in NAMES for it in vars(importlib.import_module(name)).values() if getattr(it, "__module__", "") == name
]
CLASSES = [it for it in OWN if inspect.isclass(it)]


def functions() -> list[Any]:
    of_classes = [getattr(part, "__func__", part) for it in CLASSES for part in vars(it).values()]
    return [it for it in [*OWN, *of_classes] if inspect.isfunction(it)]


def test_limits_hold_95_times_of_100_unless_asked_for_others() -> None:
    asked = [inspect.signature(function).parameters for function in functions()]
    for name, usual in {"conf_level": 0.95, "alpha": 0.05}.items():
        given = [its[name].default for its in asked if name in its]
        assert usual in given and set(given) <= {usual, inspect.Parameter.empty, None}, name


def test_records_cannot_be_changed() -> None:
    records = [it for it in CLASSES if is_dataclass(it)]
    assert len(records) > 50
    assert [it for it in records if not it.__dataclass_params__.frozen] == []
