"""What does every study hold? Its settled facts, which cannot be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from functools import cached_property
from typing import Any, Self

import pandas as pd

from .about import About
from .ledger import Step
from .outcome import Outcome
from .students import Rows


class Facts:
    """The settled roles of a study, and behind them its students or its printed cells."""

    outcomes: tuple[Outcome, ...]
    group: str | None
    member: str | None
    reference: str | None
    levels: tuple[str, ...]
    ordered: bool
    covariates: Mapping[str, tuple[str, ...]]
    waves: tuple[str, ...]
    unit: str | None
    wave: str | None
    joined: str | None
    cluster: str | None
    site: str | None
    offset: str | None
    labels: Mapping[str, Mapping[str, str]]
    missing: str
    about: About
    lang: str
    notes: tuple[tuple[str, dict[str, Any]], ...]
    source: Mapping[str, Any]

    _rows: Rows | None
    _cells: pd.DataFrame | None
    _steps: tuple[Step, ...]
    _at: str | None
    _measured: tuple[Outcome, ...]
    _given: dict[str, Any]

    def __setattr__(self, name: str, value: Any) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _derived(self, **changes: Any) -> Self:
        study = type(self).__new__(type(self))
        cached = {name for name, value in vars(type(self)).items() if isinstance(value, cached_property)}
        study.__dict__.update({k: v for k, v in self.__dict__.items() if k not in cached} | changes)
        return study
