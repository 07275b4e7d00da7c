"""What came out: frames, checks, labels, settings and provenance, checked against the glossary once, at creation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import pandas as pd

from ..errors import ContractError, nearest
from .checks import Check
from .frames import Frames
from .grading import Grade, grade
from .labels import Labels


@dataclass(frozen=True, eq=False)
class Findings:
    """Everything a figure, a table or a report may read.

    design : key of the design. frames : name -> table; empty ones are left out.
    start_grade : the grade the design starts from. provenance : data hash, versions, seed, whether it is simulated.
    default_figures : the figures these findings are read by, the preferred one first.
    """

    design: str
    frames: Mapping[str, pd.DataFrame]
    checks: tuple[Check, ...] = ()
    labels: Labels = field(default_factory=Labels)
    settings: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    start_grade: str = "F"
    lang: str = "en"
    default_figures: tuple[str, ...] = ()

    @classmethod
    def of(cls, design: str, tables: Mapping[str, Any], **rest: Any) -> Self:
        """Findings from tables in any order of columns, each checked against the glossary."""
        return cls(design, Frames(tables), **rest)

    def has(self, *names: str) -> bool:
        """Are these frames here?"""
        return all(name in self.frames for name in names)

    def frame(self, name: str) -> pd.DataFrame:
        """The frame of this name; a ContractError that names the frames that are here, if it is not."""
        if name not in self.frames:
            raise ContractError(
                "NO_SUCH_FRAME", frame=name, near=nearest(name, self.frames), found=tuple(self.frames), lang=self.lang
            )
        return self.frames[name]

    @cached_property
    def grading(self) -> Grade:
        """The honesty grade with what lowered it."""
        return grade(self.start_grade, self.checks)

    @property
    def grade(self) -> str:
        """The honesty grade, a letter from A (randomised) to F (description only)."""
        return self.grading.letter

    @property
    def claim(self) -> str:
        """What may be claimed: effect, adjusted_association, association or description."""
        return self.grading.claim

    @property
    def simulated(self) -> bool:
        """Are these data simulated?"""
        return bool(self.provenance.get("simulated"))

    def has_check(self, key: str) -> bool:
        """Was this found, of whatever outcome?"""
        return any(check.key == key for check in self.checks)

    def checks_on(self, outcome: str | None = None, keys: Iterable[str] | None = None) -> tuple[Check, ...]:
        """Which checks concern this outcome (None: the whole study)?"""
        wanted = None if keys is None else set(keys)
        return tuple(c for c in self.checks if c.outcome == outcome and (wanted is None or c.key in wanted))
