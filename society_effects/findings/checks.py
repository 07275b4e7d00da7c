"""What should a reader of this result know? A Check is a key with a status and values, never prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["note", "warn", "fail"]


@dataclass(frozen=True)
class Check:
    """Something that was looked at: ``key`` names it, ``values`` hold what was found.

    status : ``"note"`` (good to know), ``"warn"`` (weakens the claim), ``"fail"`` (a number could not be made).
    outcome, group : the outcome and the group it concerns; None for the whole study.
    """

    key: str
    status: Status = "note"
    values: Mapping[str, Any] = field(default_factory=dict)
    outcome: str | None = None
    group: str | None = None
