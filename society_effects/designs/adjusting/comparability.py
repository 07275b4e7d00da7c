"""Are there comparable students at all? Balance before adjustment, overlap, and what the regression extrapolates."""

from __future__ import annotations

from ...stats.adjusted_difference import AdjustedDifference
from ...stats.balance import balance
from ...stats.implied_weights import implied_weights
from ...stats.propensity_overlap import propensity_overlap
from .adjustment import Adjustment, Answer

FEW_INSIDE, HALF_INSIDE = 0.80, 0.50
"""Shares of those aimed at with a counterpart, below which the claim is weakened, or the comparison extrapolates."""
FAR_APART = 0.50
"""Rubin's B from which a regression rests on its form (Rubin 2001, doi:10.1023/A:1020363010465)."""
MUCH_NEGATIVE = 0.10
"""Share of a group counted with the wrong sign from which the regression is called an extrapolation."""


def write_comparability(adjustment: Adjustment, answer: Answer) -> None:
    """Write how alike the groups are before adjustment, and how far the regression has to reach."""
    if not adjustment.covariates.names:
        return
    _balance(adjustment)
    _overlap(adjustment)
    if isinstance(answer.fit, AdjustedDifference):
        _weights(adjustment, answer.fit)


def _balance(adjustment: Adjustment) -> None:
    found = balance(adjustment.covariates.columns, adjustment.member)
    for i, name in enumerate(adjustment.covariates.names):
        variable, _, category = name.partition("[")
        adjustment.task.draft.row(
            "balance",
            variable=variable,
            category=category.rstrip("]") or None,
            stage="before",
            kind="nominal" if category else "continuous",
            n=len(adjustment.member),
            smd=float(found.smd[i]),
            smd_focal=float(found.smd_members[i]),
            variance_ratio=float(found.variance_ratio[i]),
            ks=float(found.ks[i]),
            **adjustment.keys,
        )


def _overlap(adjustment: Adjustment) -> None:
    found = propensity_overlap(adjustment.member, adjustment.covariates.columns, names=adjustment.covariates.names)
    of_members = adjustment.target == "members"
    inside = found.members_inside if of_members else found.all_inside
    of = int(adjustment.member.sum()) if of_members else len(adjustment.member)
    for quantity, value in (("overlap_propensity", inside), ("rubin_b", found.rubin_b), ("rubin_r", found.rubin_r)):
        adjustment.quantity(quantity, value, "logistic")
    if found.flags["MEMBERSHIP_SEPARATED"]:
        adjustment.check("NO_PROPENSITY", names=tuple(found.separated))
    if inside < FEW_INSIDE:
        key = "HALF_WITHOUT_COUNTERPART" if inside < HALF_INSIDE else "SOME_WITHOUT_COUNTERPART"
        adjustment.check(key, n=round((1 - inside) * of), of=of)
    if abs(found.rubin_b) > FAR_APART:
        adjustment.check("COVARIATES_FAR_APART", b=abs(found.rubin_b))


def _weights(adjustment: Adjustment, fit: AdjustedDifference) -> None:
    """What the regression does to the students, as weights: wrong signs, and how many students are left of each arm."""
    found = implied_weights(fit, adjustment.member)
    levels = adjustment.levels[::-1]
    negative = found.negative_member, found.negative_reference
    effective = found.effective_member, found.effective_reference
    for level, share, n in zip(levels, negative, effective, strict=True):
        adjustment.quantity("negative_weights", share, "implied_weights", group=level)
        adjustment.quantity("n_effective", n, "implied_weights", group=level)
        if share > MUCH_NEGATIVE:
            adjustment.check("EXTRAPOLATION", share=share, group=level)
