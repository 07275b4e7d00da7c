"""How much may be claimed? The honesty grade: where the design starts, lowered by what the checks found.

Nothing raises a grade: no P value, no sample size, no size of an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .checks import Check

GRADES = "ABCDEF"
CLAIMS = {
    "A": "effect",
    "B": "effect",
    "C": "adjusted_association",
    "D": "adjusted_association",
    "E": "association",
    "F": "description",
}
CAPS = {
    "MEASUREMENT": "C",
    "MEASUREMENT_NOT_STATED": "C",
    "MISSING_DIFF": "D",
    "RESPONSE_DIFF": "D",
    "SELECTED_SAMPLE": "E",
    "NO_OVERLAP": "E",
    "NO_SHARED_CATEGORY": "E",
    "MISSING_DIFF_AT": "D",
    "DF_LOW": "D",
    "CLUSTER_PERMUTATION_COARSE": "D",
    "PRE_TRENDS_NOT_TESTED": "C",
    "PRE_TRENDS_DIFFER": "D",
    "NO_COMPARISON_GROUP": "F",
    "BAD_CONTROL": "D",
    "TIMING_NOT_STATED": "D",
    "NO_BASELINE": "D",
    "COVARIATES_MISSING": "D",
    "COVARIATES_FAR_APART": "C",
    "COVARIATES_VERY_FAR_APART": "D",
    "EXTRAPOLATION": "C",
    "SOME_WITHOUT_COUNTERPART": "C",
    "HALF_WITHOUT_COUNTERPART": "E",
}


@dataclass(frozen=True)
class Grade:
    """A letter from A to F with the checks that lowered it."""

    letter: str
    lowered_by: tuple[str, ...] = ()

    @property
    def claim(self) -> str:
        """What may be claimed at this grade: effect, adjusted_association, association or description."""
        return CLAIMS[self.letter]


def grade(start: str, checks: Iterable[Check]) -> Grade:
    """Which grade is left of the start grade once every warning has had its say?

    >>> grade("C", [Check("MISSING_DIFF", "warn")])
    Grade(letter='D', lowered_by=('MISSING_DIFF',))
    """
    caps = {check.key: CAPS[check.key] for check in checks if check.key in CAPS and check.status != "note"}
    letter = max([start, *caps.values()], key=GRADES.index)
    lowering = tuple(key for key, cap in caps.items() if GRADES.index(cap) > GRADES.index(start))
    return Grade(letter, lowering)
