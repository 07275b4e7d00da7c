"""Which rows of the findings belong together in a comparison table? Reads estimates, tests, quantities and groups."""

from __future__ import annotations

import pandas as pd

from ..findings.findings import Findings
from ..findings.glossary import KEYS
from ..findings.lookup import matching, primary_rows
from ..findings.measures import MEASURES
from ..findings.naming import contrast_heading, contrast_name, row_headings
from ..findings.schema import FRAMES
from .blocks import Block, Contrast, Reading, Tested

OF_A_CONTRAST = ("measure", "estimand", "group", "reference")
BLOCK_KEYS = [key for key in KEYS if key not in OF_A_CONTRAST]
WHOLE = ("omnibus", "independence")
"""Tests of all groups at once, shown on the row of the outcome."""
BESIDE_WHOLE = ("omega_squared", "cramers_v")
"""Quantities shown beside such a test."""


def read(findings: Findings, lang: str) -> Reading:
    """What do the findings say about each outcome?"""
    primary = _primary(findings)
    anchors = _in_order(findings, [*_firsts(primary), *_untold(findings, primary)])
    keyed = pd.DataFrame([{key: anchor.get(key) for key in BLOCK_KEYS} for anchor in anchors], dtype=object)
    names = row_headings(keyed, findings.labels, lang) if anchors else []
    blocks = [_block(findings, name, anchor, primary, lang) for name, anchor in zip(names, anchors, strict=True)]
    return Reading(findings, lang, _group_order(findings, blocks), tuple(blocks))


def _primary(findings: Findings) -> pd.DataFrame:
    """The row that answers for each contrast of each outcome."""
    if not findings.has("estimates"):
        return pd.DataFrame(columns=list(FRAMES["estimates"].columns), dtype=object)
    estimates = findings.frame("estimates")
    return primary_rows(estimates) if estimates["primary"].any() else estimates.drop_duplicates(BLOCK_KEYS)


def _firsts(primary: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in primary.drop_duplicates(BLOCK_KEYS).iterrows()]


def _wholes(findings: Findings) -> pd.DataFrame:
    tests = findings.frame("tests") if findings.has("tests") else pd.DataFrame(columns=FRAMES["tests"].columns)
    return tests[tests["test"].isin(WHOLE)]


def _untold(findings: Findings, primary: pd.DataFrame) -> list[pd.Series]:
    """The tests of outcomes that have no estimate: nominal ones."""
    wholes = _wholes(findings)
    keys = [key for key in BLOCK_KEYS if key in wholes]
    rows = [row for _, row in wholes.drop_duplicates(keys).iterrows()]
    return [row for row in rows if not len(matching(primary, "estimates", row[keys]))]


def _in_order(findings: Findings, anchors: list[pd.Series]) -> list[pd.Series]:
    """The outcomes in the order of the study, as the groups are described."""
    described = list(dict.fromkeys(findings.frame("groups")["outcome"])) if findings.has("groups") else []
    place = {outcome: i for i, outcome in enumerate(described)}
    return sorted(anchors, key=lambda anchor: place.get(anchor["outcome"], len(place)))


def _block(findings: Findings, name: str, anchor: pd.Series, primary: pd.DataFrame, lang: str) -> Block:
    keys = anchor[[key for key in BLOCK_KEYS if key in anchor]]
    rows = matching(primary, "estimates", keys)
    contrasts = tuple(_contrast(findings, row, lang) for _, row in rows.iterrows())
    whole = matching(_wholes(findings), "tests", keys)
    described = matching(findings.frame("groups"), "groups", keys) if findings.has("groups") else None
    groups, categories = ({}, {}) if described is None else _groups(described)
    kind = next((str(g["kind"]) for g in groups.values()), _kind(contrasts))
    return Block(
        name=name,
        outcome=str(anchor["outcome"]),
        kind=kind,
        groups=groups,
        contrasts=contrasts,
        whole=Tested.of(whole.iloc[0]) if len(whole) else None,
        quantity=_quantity(findings, keys) if len(whole) else None,
        categories=categories,
    )


def _contrast(findings: Findings, row: pd.Series, lang: str) -> Contrast:
    estimates = findings.frame("estimates")
    beside = matching(estimates, "estimates", row.drop(["measure", "estimand"]))
    beside = beside[~beside["primary"]]
    found = (beside[beside["measure"] == measure] for measure in MEASURES[row["measure"]].beside)
    companion = next((rows.iloc[0] for rows in found if len(rows)), None)
    named = row["group"], row["reference"], findings.labels, lang
    return Contrast(contrast_name(*named), contrast_heading(*named), row, companion, Tested.of(row))


def _quantity(findings: Findings, keys: pd.Series) -> pd.Series | None:
    if not findings.has("quantities"):
        return None
    found = matching(findings.frame("quantities"), "quantities", keys)
    found = found[found["quantity"].isin(BESIDE_WHOLE) & found["group"].isna()]
    return found.iloc[0] if len(found) else None


def _groups(described: pd.DataFrame) -> tuple[dict[str, pd.Series], dict[str, dict[str, pd.Series]]]:
    """The rows of the groups as a whole, and of each category."""
    groups: dict[str, pd.Series] = {}
    categories: dict[str, dict[str, pd.Series]] = {}
    for _, row in described.iterrows():
        into = groups if row["category"] is None else categories.setdefault(str(row["category"]), {})
        into[str(row["group"])] = row
    return groups, categories


def _group_order(findings: Findings, blocks: list[Block]) -> tuple[str, ...]:
    """Compared groups first, then their references, then groups that are only described.

    With several groups, the order in which they are described.
    """
    rows = [contrast.row for block in blocks for contrast in block.contrasts]
    if not rows and findings.has("tests"):
        rows = [row for _, row in _wholes(findings).iterrows()]
    named = [str(g) for side in ("group", "reference") for g in (row[side] for row in rows) if g is not None]
    references = {row["reference"] for row in rows}
    described = list(dict.fromkeys(g for block in blocks for g in block.groups))
    if len(described) > 2 and set(named) <= set(described):
        return tuple(described)
    return tuple(dict.fromkeys([*(g for g in named if g not in references), *named, *described]))


def _kind(contrasts: tuple[Contrast, ...]) -> str:
    shares = any(MEASURES[contrast.row["measure"]].of_shares for contrast in contrasts)
    return "binary" if shares else "continuous"
