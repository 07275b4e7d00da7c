"""The glossary: every frame a result may hold, every column, and what it means. Nothing else is allowed.

Designs write frames, outputs read frames; this file is the contract between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..errors import ContractError, nearest
from .glossary import COUNTS, EVERYWHERE, FLAGS, TEXT


@dataclass(frozen=True)
class Frame:
    """A table a result may hold: its meaning, its key columns and its value columns."""

    name: str
    meaning: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    per_student: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, in their order."""
        return self.keys + self.values


def _frame(name: str, meaning: str, keys: str, values: str, per_student: bool = False) -> Frame:
    own = tuple(keys.split())
    return Frame(name, meaning, own + tuple(k for k in EVERYWHERE if k not in own), tuple(values.split()), per_student)


FRAMES: dict[str, Frame] = {
    frame.name: frame
    for frame in (
        _frame(
            "estimates",
            "one row per estimated contrast",
            "design outcome measure estimand group reference wave reference_wave reference_level",
            "primary estimate std_error df statistic_name statistic p_value conf_low conf_high conf_level p_adjusted "
            "simultaneous_low simultaneous_high family adjustment null_value n n_group n_reference n_clusters "
            "n_effective weight method interval_method",
        ),
        _frame(
            "tests",
            "tests that are not an estimate of one contrast; conf_low and conf_high are the limits that the verdict "
            "on equivalence compares with the margins, at conf_level (1 - 2 alpha)",
            "design outcome test measure term group reference wave",
            "statistic_name statistic df1 df2 p_value p_adjusted family adjustment n n_clusters margin_low margin_high "
            "conf_low conf_high conf_level verdict method",
        ),
        _frame(
            "quantities",
            "other quantities with an interval",
            "design outcome quantity term group wave",
            "value conf_low conf_high conf_level method",
        ),
        _frame(
            "groups",
            "each group described on each outcome, over all waves and categories in the key: a row with null category, "
            "for ordinal and nominal outcomes one more per category, in their order, with events and share; median "
            "and quartiles of an ordinal outcome are positions of categories, the lowest 1; limits are of the mean or "
            "share, never of the rate",
            "outcome group wave category",
            "kind n missing mean sd median q1 q3 trimmed_mean minimum maximum events share exposure rate conf_low "
            "conf_high conf_level method",
        ),
        _frame(
            "baseline",
            "Table 1: per variable and group one row with null category (n, missing, the numbers of a continuous "
            "variable), for categorical ones a row per category with events and share; smd and p_test stand on the "
            "member's row with null category; of more than two groups, a row with null group holds the largest "
            "absolute smd of any two and the test of all; method is mean_sd, median_quartiles or count_share",
            "variable category group reference",
            "kind n missing mean sd median q1 q3 events share smd p_test test method",
        ),
        _frame(
            "density",
            "densities drawn behind data and estimates",
            "outcome measure group reference wave reference_wave",
            "x density",
        ),
        _frame(
            "clusters",
            "the students of each group in each cluster (class): how many, and their mean, share or rate (of ordered "
            "categories the mean of their positions, lowest 1); without a cluster the whole group, with its limits",
            "outcome group cluster wave",
            "kind n mean conf_low conf_high conf_level method",
        ),
        _frame(
            "reconciliation",
            "what another program prints for the same comparison, number by number, beside ours",
            "program outcome group reference item term",
            "theirs ours counterpart marked",
        ),
        _frame(
            "lines",
            "fitted lines of the later score over the earlier one, per group, with pointwise limits",
            "outcome measure group wave reference_wave",
            "x value conf_low conf_high conf_level",
        ),
        _frame(
            "attrition",
            "the scores at `wave` of those who also have a score at `reference_wave`, and of those who do not; smd is "
            "lost minus kept",
            "outcome group wave reference_wave",
            "kind n mean sd n_lost mean_lost sd_lost smd",
        ),
        _frame(
            "sensitivity",
            "how the answer would change under another assumption: one row per value of the parameter; `value` is what "
            "the analysis itself finds (an E-value, a robustness value), `term` the covariate it is compared with",
            "outcome measure estimand group reference wave reference_wave analysis parameter term",
            "setting value r2_member r2_outcome estimate std_error conf_low conf_high conf_level p_value n method",
        ),
        _frame(
            "surface",
            "what would be estimated if an unmeasured cause were so strong: `estimate` and the limit nearest to none",
            "outcome measure group reference wave",
            "r2_member r2_outcome estimate limit",
        ),
        _frame(
            "coefficients",
            "the coefficients of each regression, on the scale of its link; method names their standard errors",
            "outcome model term group reference wave",
            "link estimate std_error df statistic_name statistic p_value conf_low conf_high conf_level n method",
        ),
        _frame(
            "adjusted_means",
            "the adjusted mean (share, rate) of each group; of ordered categories one row per category",
            "outcome group reference weighting category wave",
            "kind value std_error df conf_low conf_high conf_level n method",
        ),
        _frame(
            "balance",
            "how far apart the groups are on each covariate, before or after an adjustment: smd by the pooled standard "
            "deviation, smd_focal by that of the group",
            "variable category group reference stage outcome",
            "kind n smd smd_focal variance_ratio ks",
        ),
        _frame(
            "influential",
            "the students without whom the estimate would move the most",
            "unit outcome measure group reference wave",
            "value change without",
            per_student=True,
        ),
        _frame(
            "rungs",
            "the rungs of the ladder in their order: what each assumes and is adjusted for, by how much it differs "
            "from the rung before and from the unadjusted one, and why it could not be climbed",
            "design outcome group reference",
            "position assumption estimand adjusted_for reason n n_clusters n_effective estimate std_error conf_low "
            "conf_high moved moved_low moved_high from_raw from_raw_low from_raw_high share_left share_left_low "
            "share_left_high conf_level method",
        ),
        _frame(
            "pairs",
            "the scores of each student at two waves",
            "unit outcome group wave reference_wave",
            "first last change average verdict cluster",
            per_student=True,
        ),
        _frame("values", "the values of each student", "unit outcome group wave", "value cluster", per_student=True),
        _frame(
            "ledger",
            "who was in, who was dropped and why",
            "step outcome group reason",
            "n_before n_dropped n_after",
        ),
        _frame(
            "truth",
            "what a simulation knows to be true: of the estimand `diff` the difference itself, of all others what "
            "membership added for those it aims at",
            "outcome measure estimand wave reference_wave",
            "value",
        ),
    )
}


def as_frame(name: str, table: Mapping[str, Any] | pd.DataFrame) -> pd.DataFrame:
    """Does this table keep to the glossary? The frame with all its columns, in order and typed; else a ContractError.

    Text columns hold text or None, numbers are float64 with NaN, counts int64 where none is missing, flags bool.
    """
    check_columns(name, table)
    empty = np.full(n_rows(table), None, dtype=object)
    typed = {column: _typed(column, table.get(column, empty)) for column in FRAMES[name].columns}
    return pd.DataFrame({column: _kept_as_object(values) for column, values in typed.items()})


def check_columns(name: str, table: Mapping[str, Any] | pd.DataFrame) -> None:
    """Are this frame and its columns in the glossary? A ContractError that names the nearest, if not."""
    if name not in FRAMES:
        raise ContractError("UNKNOWN_FRAME", frame=name, near=nearest(name, FRAMES))
    columns = FRAMES[name].columns
    unknown = [c for c in table if c not in columns]
    if unknown:
        raise ContractError("UNKNOWN_FRAME_COLUMN", frame=name, column=unknown[0], near=nearest(unknown[0], columns))


def n_rows(table: Mapping[str, Any] | pd.DataFrame) -> int:
    """How many rows has a table of columns?"""
    return len(table) if isinstance(table, pd.DataFrame) else len(next(iter(table.values()), ()))


def _typed(column: str, values: Any) -> np.ndarray:
    if column in TEXT:
        return _text(np.array(values, dtype=object))
    if column in FLAGS:
        return np.array(values, dtype=bool)
    numbers = np.array(values, dtype=np.float64)
    return numbers.astype(np.int64) if column in COUNTS and not np.isnan(numbers).any() else numbers


def _text(values: np.ndarray) -> np.ndarray:
    missing = pd.isna(values)
    if pd.api.types.infer_dtype(values[~missing]) not in ("string", "empty"):
        values[~missing] = [str(value) for value in values[~missing]]
    values[missing] = None
    return values


def _kept_as_object(values: np.ndarray) -> np.ndarray | pd.Index:
    """Text stays what it is; pandas would turn an array of objects into its own type of text."""
    return pd.Index(values, dtype=object) if values.dtype == object else values
