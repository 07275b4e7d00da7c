"""What may be measured and asked: measures with their scales, tests, verdicts and quantities, by key."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import ContractError, nearest


@dataclass(frozen=True)
class Measure:
    """A measure: its scale, its null value, its bounds, the family its sentence belongs to.

    centre : the column of ``groups`` that is compared, shown beside the estimate.
    beside : where this measure is the primary one, the measures that stand beside it, the first to be preferred.
    """

    name: str
    family: str
    scale: str = "identity"
    null_value: float = 0.0
    low: float = -math.inf
    high: float = math.inf
    in_units: bool = False
    centre: str = "mean"
    beside: tuple[str, ...] = ()


STANDARDISED = ("d_total", "d_average")
"""Beside a difference in units: standardised by the total variance in clusters, else by the average variance."""

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("mean_difference", "difference", in_units=True, beside=STANDARDISED),
        Measure("trimmed_mean_difference", "difference", in_units=True, centre="trimmed_mean", beside=STANDARDISED),
        Measure("hodges_lehmann", "difference", in_units=True, centre="median", beside=STANDARDISED),
        Measure("d_average", "standardised"),
        Measure("hedges_g", "standardised"),
        Measure("probability_of_superiority", "superiority", "logit", 0.5, 0.0, 1.0, beside=("cliffs_delta",)),
        Measure("risk_difference", "share_difference", low=-1.0, high=1.0, beside=("risk_ratio", "odds_ratio")),
        Measure("risk_ratio", "ratio", "log", 1.0, 0.0),
        Measure("odds_ratio", "ratio", "log", 1.0, 0.0),
        Measure("cliffs_delta", "standardised", "fisher", low=-1.0, high=1.0),
        Measure("rate_ratio", "ratio", "log", 1.0, 0.0, centre="rate", beside=("rate_difference", "mean_difference")),
        Measure("rate_difference", "difference", centre="rate"),
        Measure("d_total", "standardised"),
    )
}

TESTS = {
    "omnibus": "do the groups differ at all?",
    "trend": "do the values rise or fall over the ordered groups?",
    "independence": "are the categories of a nominal outcome distributed alike in the groups?",
    "equivalence": "is the difference smaller than the smallest one that matters?",
}
VERDICTS = ("different_not_negligible", "different_negligible", "equivalent", "inconclusive")
"""Verdicts on equivalence: is the null value excluded, and do the limits at 1 - 2 alpha lie within the margins?"""
QUANTITIES = {
    "omega_squared": "share of the variance between the groups, corrected for chance",
    "cramers_v": "strength of the association of a nominal outcome with the groups, from 0 to 1",
    "icc": "share of the variance between clusters, within groups",
    "design_effect": "by how much clusters inflate the variance of a mean: 1 + (mean size - 1) icc",
}


def check_measure(name: str, scale: str, null_value: float) -> Measure:
    """Is this a measure of the glossary, tested on its own scale against its own null value?"""
    if name not in MEASURES:
        raise ContractError("UNKNOWN_MEASURE", measure=name, near=nearest(name, MEASURES))
    measure = MEASURES[name]
    if (measure.scale, measure.null_value) != (scale, null_value):
        raise ContractError(
            "MEASURE_SCALE",
            measure=name,
            scale=scale,
            null=null_value,
            wanted=measure.scale,
            wanted_null=measure.null_value,
        )
    return measure
