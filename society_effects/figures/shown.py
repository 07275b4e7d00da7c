"""Which rows of the estimates does a panel of a figure show?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import pandas as pd

from ..findings.glossary import KEYS

ALONE = "‡"
"""Marks an interval of one comparison alone, where others hold for their whole family at once."""
Row: TypeAlias = Mapping[str, Any] | pd.Series


def apart(rows: pd.DataFrame, within: tuple[str, ...] = ("group", "reference", "estimand", "measure")) -> list[str]:
    """Which keys tell the panels of these rows apart? within : the keys that may vary inside a panel."""
    return [key for key in KEYS if key in rows and key not in within and rows[key].notna().any()]


def with_one_reference(rows: pd.DataFrame) -> pd.DataFrame:
    """Which rows of each outcome (site, wave, ...) have the reference that most groups are compared with?"""
    parts = [part for _, part in rows.groupby(apart(rows), sort=False, dropna=False)]
    return pd.concat([part[part["reference"] == _most(part["reference"])] for part in parts]) if parts else rows


def _most(references: pd.Series) -> Any:
    counted = references.value_counts(sort=False)
    return next(name for name in references.unique() if counted.get(name, 0) == counted.max())


def without_subgroups(estimates: pd.DataFrame) -> pd.DataFrame:
    """The estimates of whole groups, where there are some: those of subgroups never stand among them."""
    whole = estimates[estimates["by"].isna()]
    return whole if len(whole) else estimates
