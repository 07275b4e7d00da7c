"""Which contrasts belong together in a comparison table? One block per outcome, with its groups and its contrasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import matching, primary_rows
from ..findings.naming import contrast_heading, contrast_name, level_heading, row_headings
from ..findings.schema import KEYS, MEASURES
from ..language.numbers import undefined

OF_A_CONTRAST = ("measure", "estimand", "group", "reference")
COMPANIONS = ("d_average", "risk_ratio")
"""Measures shown beside the primary one, the first that is there."""


@dataclass(frozen=True)
class Contrast:
    """One comparison: its primary row, the measure beside it, and the test its P value comes from."""

    name: str
    heading: str
    row: pd.Series
    companion: pd.Series | None
    test: str
    statistic_name: str | None
    statistic: float
    df: float

    @property
    def family(self) -> str:
        """The family of the primary measure: difference, share_difference, ratio, ..."""
        return MEASURES[self.row["measure"]].family


@dataclass(frozen=True)
class Block:
    """One outcome (in one wave, site or stratum): how its groups are described and compared."""

    name: str
    outcome: str
    kind: str
    groups: dict[str, pd.Series]
    contrasts: tuple[Contrast, ...]

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
        return max(len(block.contrasts) for block in self.blocks)

    @property
    def all_contrasts(self) -> list[Contrast]:
        """All contrasts, in their order."""
        return [contrast for block in self.blocks for contrast in block.contrasts]

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


def read(findings: Findings, lang: str) -> Reading:
    """What do the findings say about each outcome?"""
    estimates = findings.frame("estimates")
    primary = primary_rows(estimates) if estimates["primary"].any() else estimates.drop_duplicates([*_block_keys()])
    primary = primary.reset_index(drop=True)
    blocks = []
    keyed = primary[_block_keys()].apply(tuple, axis=1)
    firsts = [int(keyed[keyed == key].index[0]) for key in dict.fromkeys(keyed)]
    names = row_headings(primary.loc[firsts].drop(columns=list(OF_A_CONTRAST)), findings.labels, lang)
    for name, first in zip(names, firsts, strict=True):
        rows = primary[keyed == keyed[first]]
        contrasts = tuple(_contrast(findings, row, lang) for _, row in rows.iterrows())
        groups = _groups(findings, rows.iloc[0])
        kind = next((str(g["kind"]) for g in groups.values()), _kind(contrasts[0]))
        blocks.append(Block(name, str(rows.iloc[0]["outcome"]), kind, groups, contrasts))
    return Reading(findings, lang, _group_order(blocks), tuple(blocks))


def _block_keys() -> list[str]:
    return [key for key in KEYS if key not in OF_A_CONTRAST]


def _contrast(findings: Findings, row: pd.Series, lang: str) -> Contrast:
    estimates = findings.frame("estimates")
    beside = matching(estimates, "estimates", row.drop(["measure", "estimand"]))
    beside = beside[~beside["primary"] & beside["measure"].isin(COMPANIONS)]
    companion = beside.iloc[0] if len(beside) else None
    test, name, statistic, df = _test(findings, row)
    named = row["group"], row["reference"], findings.labels, lang
    return Contrast(contrast_name(*named), contrast_heading(*named), row, companion, test, name, statistic, df)


def _test(findings: Findings, row: pd.Series) -> tuple[str, Any, Any, Any]:
    """The test that made the P value: one of the frame ``tests`` with this very P, else the row's own method."""
    if findings.has("tests"):
        found = matching(findings.frame("tests"), "tests", row)
        found = found[found["p_value"] == row["p_value"]]
        if len(found):
            test = found.iloc[0]
            return str(test["test"]), test["statistic_name"], test["statistic"], test["df1"]
    return str(row["method"]), row["statistic_name"], row["statistic"], row["df"]


def _groups(findings: Findings, row: pd.Series) -> dict[str, pd.Series]:
    if not findings.has("groups"):
        return {}
    found = matching(findings.frame("groups"), "groups", row.drop(["group", "reference"]))
    found = found[found["category"].isna()]
    return {str(group["group"]): group for _, group in found.iterrows()}


def _group_order(blocks: list[Block]) -> tuple[str, ...]:
    """Compared groups first, then their references, then groups that are only described."""
    rows = [contrast.row for block in blocks for contrast in block.contrasts]
    named = [r["group"] for r in rows] + [r["reference"] for r in rows]
    compared = [g for g in named if g is not None and g not in {r["reference"] for r in rows}]
    described = [g for block in blocks for g in block.groups]
    return tuple(str(g) for g in dict.fromkeys([*compared, *named, *described]) if g is not None)


def _kind(contrast: Contrast) -> str:
    return "binary" if contrast.family in ("share_difference", "ratio") else "continuous"


def _zero(value: Any) -> Any:
    return 0 if undefined(value) else value
