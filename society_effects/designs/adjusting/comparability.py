"""Are there comparable students at all? Balance before adjustment, overlap, and what the regression extrapolates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...stats.adjusted_difference import AdjustedDifference
from ...stats.balance import balance
from ...stats.formula_terms import TermColumns
from ...stats.implied_weights import implied_weights
from ...stats.propensity_overlap import propensity_overlap
from .adjustment import Adjustment, Answer
from .covariates_of import term_columns

FEW_INSIDE, HALF_INSIDE = 0.80, 0.50
"""Shares of those aimed at with a counterpart, below which the claim is weakened, or the comparison extrapolates."""
FAR_APART, VERY_FAR_APART = 0.50, 1.00
"""Rubin's B from which a regression rests on its form (Rubin 2001, doi:10.1023/A:1020363010465), and twice that."""
MUCH_NEGATIVE = 0.10
"""Share of a group counted with the wrong sign from which the regression is called an extrapolation."""


def write_comparability(adjustments: Sequence[Adjustment]) -> None:
    """Write how alike the groups of one contrast are before adjustment, once for all outcomes adjusted alike.

    adjustments : of these outcomes. Students count who are analysed on any of them.
    """
    first = adjustments[0]
    if not first.covariates.names:
        return
    rows = np.unique(np.concatenate([one.rows for one in adjustments]))
    member = first.task.study.group_codes[rows] == first.contrast.g
    columns = term_columns(first.task.study, first.terms, rows)
    outcomes = {row["outcome"] for row in first.task.draft.rows("estimates")}
    everywhere = outcomes <= {one.column for one in adjustments}
    together = Together(first, None if everywhere else first.column, member, columns)
    _balance(together)
    _overlap(together)


@dataclass(frozen=True)
class Together:
    """The students of one contrast, whatever their outcome, and what they are adjusted for. outcome : None for all."""

    adjustment: Adjustment
    outcome: str | None
    member: np.ndarray
    columns: TermColumns

    @property
    def keys(self) -> dict[str, Any]:
        """The key columns of everything that is said of them."""
        return {"outcome": self.outcome, "group": self.adjustment.contrast.group}

    def check(self, key: str, **values: Any) -> None:
        """Add a Check on them."""
        self.adjustment.task.draft.check(key, "warn", self.outcome, self.adjustment.about, **values)


def _balance(together: Together) -> None:
    found = balance(together.columns.columns, together.member)
    for i, name in enumerate(together.columns.names):
        variable, _, category = name.partition("[")
        together.adjustment.task.draft.row(
            "balance",
            variable=variable,
            category=category.rstrip("]") or None,
            reference=together.adjustment.contrast.reference,
            stage="before",
            kind="nominal" if category else "continuous",
            n=len(together.member),
            smd=float(found.smd[i]),
            smd_focal=float(found.smd_members[i]),
            variance_ratio=float(found.variance_ratio[i]),
            ks=float(found.ks[i]),
            **together.keys,
        )


def _overlap(together: Together) -> None:
    found = propensity_overlap(together.member, together.columns.columns, names=together.columns.names)
    of_members = together.adjustment.target == "members"
    inside = found.members_inside if of_members else found.all_inside
    of = int(together.member.sum()) if of_members else len(together.member)
    for quantity, value in (("overlap_propensity", inside), ("rubin_b", found.rubin_b), ("rubin_r", found.rubin_r)):
        if value == value:
            row = {"quantity": quantity, "value": float(value), "method": "logistic"}
            together.adjustment.task.draft.row("quantities", **together.keys, **row)
    if found.flags["MEMBERSHIP_SEPARATED"]:
        together.check("NO_PROPENSITY", names=tuple(found.separated))
    if inside < FEW_INSIDE:
        key = "HALF_WITHOUT_COUNTERPART" if inside < HALF_INSIDE else "SOME_WITHOUT_COUNTERPART"
        together.check(key, n=round((1 - inside) * of), of=of)
    apart = float(abs(found.rubin_b))
    if apart > FAR_APART:
        together.check("COVARIATES_VERY_FAR_APART" if apart > VERY_FAR_APART else "COVARIATES_FAR_APART", b=apart)


def write_weights(adjustment: Adjustment, answer: Answer) -> None:
    """Write what a regression does to the students, as weights: wrong signs, and how many are left of each group."""
    if not isinstance(answer.fit, AdjustedDifference) or not adjustment.covariates.names:
        return
    found = implied_weights(answer.fit, adjustment.member)
    negative = found.negative_member, found.negative_reference
    effective = found.effective_member, found.effective_reference
    for level, share, n in zip(adjustment.levels[::-1], negative, effective, strict=True):
        adjustment.quantity("negative_weights", share, "implied_weights", group=level)
        adjustment.quantity("n_effective", n, "implied_weights", group=level)
        if share > MUCH_NEGATIVE:
            adjustment.check("EXTRAPOLATION", share=float(share), level=level)
