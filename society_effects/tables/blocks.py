"""What does a comparison table show? One block per outcome, with its groups, its test of all groups, its contrasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.measures import MEASURES
from ..findings.naming import level_heading
from ..language.numbers import undefined

MOST_LISTED = 5
"""Up to so many ordered categories are counted one by one; more are summarised by median and quartiles."""


@dataclass(frozen=True)
class Tested:
    """A test as a table shows it: the method that made its P value, its statistic, its P values."""

    outcome: str
    method: str
    statistic_name: str | None
    statistic: float
    df: float
    df2: float
    p_value: float
    p_adjusted: float
    adjustment: str | None
    n_clusters: float

    @classmethod
    def of(cls, row: Mapping[str, Any] | pd.Series) -> Tested:
        """The test of a row of ``estimates`` or of ``tests``."""
        return cls(
            outcome=str(row["outcome"]),
            method=str(row["method"]),
            statistic_name=row["statistic_name"],
            statistic=row["statistic"],
            df=row["df1"] if "df1" in row else row["df"],
            df2=row.get("df2", float("nan")),
            p_value=row["p_value"],
            p_adjusted=row["p_adjusted"],
            adjustment=row["adjustment"],
            n_clusters=row["n_clusters"],
        )


@dataclass(frozen=True)
class Contrast:
    """One comparison: its primary row, the measure beside it, and its test."""

    name: str
    heading: str
    row: pd.Series
    companion: pd.Series | None
    tested: Tested


@dataclass(frozen=True)
class Block:
    """One outcome (in one wave, site or stratum): how its groups are described and compared.

    whole : the test of all groups at once, or of the categories of a nominal outcome. quantity : the number beside it.
    categories : category -> group -> its row of ``groups``.
    """

    name: str
    outcome: str
    kind: str
    groups: dict[str, pd.Series]
    contrasts: tuple[Contrast, ...]
    whole: Tested | None = None
    quantity: pd.Series | None = None
    categories: dict[str, dict[str, pd.Series]] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """How are the groups summarised: mean_sd, median, positions, trimmed_mean, share or categories?"""
        if self.kind == "nominal" or (self.kind == "ordinal" and 0 < len(self.categories) <= MOST_LISTED):
            return "categories"
        if self.kind in ("ordinal", "binary"):
            return "positions" if self.kind == "ordinal" else "share"
        centres = (MEASURES[contrast.row["measure"]].centre for contrast in self.contrasts)
        for centre in (c for c in centres if c in ("median", "trimmed_mean")):
            if any(not undefined(group[centre]) for group in self.groups.values()):
                return centre
        return "mean_sd"

    @property
    def has_exposure(self) -> bool:
        """Are events counted over a known time or opportunity?"""
        return any(not undefined(group["exposure"]) for group in self.groups.values())

    def size(self, group: str) -> int:
        """How many students of this group have a value?"""
        if group in self.groups:
            return int(self.groups[group]["n"])
        sides = ("group", "n_group"), ("reference", "n_reference")
        found = [c.row[n] for c in self.contrasts for side, n in sides if c.row[side] == group]
        return int(next((n for n in found if not undefined(n)), 0))


@dataclass(frozen=True)
class Reading:
    """What a comparison table shows, before it is laid out."""

    findings: Findings
    lang: str
    groups: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def has_groups(self) -> bool:
        """Is there anything to say about the single groups?"""
        return any(block.groups for block in self.blocks)

    @property
    def n_contrasts(self) -> int:
        """The largest number of contrasts of an outcome."""
        return max((len(block.contrasts) for block in self.blocks), default=0)

    @property
    def several(self) -> bool:
        """Has any outcome more to show than one comparison?"""
        return self.n_contrasts > 1 or any(block.whole and block.contrasts for block in self.blocks)

    @property
    def all_contrasts(self) -> list[Contrast]:
        """All contrasts, in their order."""
        return [contrast for block in self.blocks for contrast in block.contrasts]

    @property
    def wholes(self) -> list[Block]:
        """The blocks with a test of all groups."""
        return [block for block in self.blocks if block.whole is not None]

    @property
    def all_tested(self) -> list[Tested]:
        """All tests: of all groups, and of contrasts."""
        return [b.whole for b in self.blocks if b.whole is not None] + [c.tested for c in self.all_contrasts]

    def heading(self, group: str) -> str:
        """What is this group called at the head of a row or column?"""
        return level_heading(group, self.findings.labels, self.lang)

    def group_name(self, group: str) -> str:
        """What is this group called?"""
        return self.findings.labels.level(group, self.lang)

    def size(self, group: str) -> int | None:
        """How many students has this group? None if outcomes differ in it.

        Those without a value are included, unless the table shows a single outcome.
        """
        described = [b.groups[group] for b in self.blocks if group in b.groups]
        alone = len(self.blocks) == 1
        sizes = {int(row["n"] if alone else row["n"] + _zero(row["missing"])) for row in described}
        if not sizes:
            sides = ("group", "n_group"), ("reference", "n_reference")
            found = {c.row[n] for c in self.all_contrasts for side, n in sides if c.row[side] == group}
            sizes = {int(n) for n in found if not undefined(n)}
        return sizes.pop() if len(sizes) == 1 else None

    def incomplete(self) -> dict[str, tuple[int, ...]]:
        """Block name -> students without a value in each group, for the blocks that have such students."""
        counts = {
            b.name: tuple(int(_zero(b.groups[g]["missing"])) if g in b.groups else 0 for g in self.groups)
            for b in self.blocks
        }
        return {name: missing for name, missing in counts.items() if any(missing)}

    def analysed(self) -> dict[str, tuple[int, ...]]:
        """Block name -> students with a value in each group."""
        return {b.name: tuple(b.size(g) for g in self.groups) for b in self.blocks}


def _zero(value: Any) -> Any:
    return 0 if undefined(value) else value
