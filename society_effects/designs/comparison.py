"""One study while its groups are being compared: which contrasts, which students, and what families need of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from ..errors import DesignError
from ..findings.methods import method_of
from ..stats.inference import Inference, TestResult
from ..stats.moments import Moments
from ..study.study import Study
from .classes import Classes
from .draft import Draft

CONTRASTS = ("reference", "pairwise")


@dataclass(frozen=True)
class Contrast:
    """A group and the reference it is compared with, as levels and as their positions among the levels."""

    group: str
    reference: str
    g: int
    r: int


def contrasts_of(study: Study, how: str) -> tuple[Contrast, ...]:
    """Which groups are compared: each with the reference, or all pairs (the later level minus the earlier one)?"""
    place = {level: i for i, level in enumerate(study.levels)}
    if how == "pairwise" and len(study.levels) > 2:
        pairs = [(later, earlier) for earlier, later in combinations(study.levels, 2)]
    else:
        pairs = [(level, str(study.reference)) for level in study.levels if level != study.reference]
    return tuple(Contrast(group, reference, place[group], place[reference]) for group, reference in pairs)


@dataclass(frozen=True)
class Evidence:
    """What a family of comparisons needs of a primary row beyond the row itself.

    scores : a number per student whose means differ as the estimate does (values, placements, residual counts); None
        where only the influence is known, as of a regression.
    sides : 1 for students of the group, -1 for those of the reference, 0 for all who are not in the comparison.
    influence : the share of each class, or without classes of each student, in the estimate; the squares add up to
        its variance.
    limits_at : the limits at another confidence level, where these do not come from a standard error.
    """

    row: dict[str, Any]
    scores: np.ndarray | None
    sides: np.ndarray | None
    influence: np.ndarray | None = None
    limits_at: Callable[[float], Inference] | None = None


def influence_of_means(scores: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """The share of each student in each difference of means; a student alone in a group has none that is known.

    scores, sides : (n, k), as in :class:`Evidence`. Welch's: the squares add up to the variance.
    """
    influence = np.zeros(scores.shape)
    for side in (1, -1):
        here = sides == side
        n = here.sum(axis=0)
        means = np.where(here, scores, 0.0).sum(axis=0) / n
        influence += side * np.where(here, scores - means, 0.0) / np.sqrt(n * np.maximum(n - 1, 1))
    return influence


@dataclass
class Comparison:
    """The study, its contrasts and its classes, with the draft that is being written."""

    draft: Draft
    study: Study
    contrasts: tuple[Contrast, ...] = ()
    classes: Classes | None = None
    _columns: dict[str, np.ndarray] = field(default_factory=dict, init=False, repr=False)

    @property
    def evidence(self) -> list[Evidence]:
        """What the families of this study's primary rows need of them."""
        return self.draft.evidence

    @property
    def conf_level(self) -> float:
        """Confidence level of the design."""
        return float(self.draft.settings.get("conf_level", 0.95))

    @property
    def draws(self) -> dict[str, Any]:
        """Resamples and seed of the design, as ``stats`` takes them."""
        return {name: self.draft.settings[name] for name in ("resamples", "seed")}

    @property
    def several(self) -> bool:
        """Are there more than two groups?"""
        return len(self.study.levels) > 2

    def column(self, outcome: str) -> np.ndarray:
        """The value of each student on one outcome, NaN where missing."""
        if outcome not in self._columns:
            self._columns[outcome] = self.study.matrix([outcome])[:, 0]
        return self._columns[outcome]

    def of_level(self, outcome: str, level: str) -> np.ndarray:
        """The observed values of one group."""
        values = self.column(outcome)
        return values[~np.isnan(values) & self.study.arm(level)]

    def pair(self, outcome: str, contrast: Contrast) -> tuple[np.ndarray, np.ndarray]:
        """The observed values of the two groups of a contrast."""
        return self.of_level(outcome, contrast.group), self.of_level(outcome, contrast.reference)

    def observed(self, outcome: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Value, position of the group and class of every student with a value (class 0 where none are declared)."""
        values = self.column(outcome)
        seen = ~np.isnan(values)
        codes = np.zeros(len(values), dtype=int) if self.classes is None else self.classes.codes
        return values[seen], self.study.group_codes[seen], codes[seen]

    def moments(self, columns: list[str]) -> list[Moments]:
        """n, mean and SD of each level on these outcomes, from the cells of the study."""
        cells = [[self.draft.cell(column, level) for column in columns] for level in self.study.levels]
        return [
            Moments(*(np.array([cell[name] for cell in row], dtype=float) for name in ("n", "mean", "sd")))
            for row in cells
        ]

    def add(
        self, outcome: str, measure: str, found: Inference, contrast: Contrast, *, primary: bool = False
    ) -> dict[str, Any]:
        """Write an estimated contrast; the row, to be completed by its family."""
        sizes = [int(self.draft.counts(outcome, level).sum()) for level in (contrast.group, contrast.reference)]
        if method_of(found.method).drawn and found.p_value == found.p_value:
            self.draft.provenance["seed"] = self.draft.settings["seed"]
        return self.draft.estimate(
            outcome,
            measure,
            found,
            primary=primary,
            about=contrast.group if self.several else None,
            estimand="diff",
            group=contrast.group,
            reference=contrast.reference,
            n=sum(sizes),
            n_group=sizes[0],
            n_reference=sizes[1],
            n_clusters=np.nan if self.classes is None else self._n_classes(outcome, contrast),
        )

    def add_test(self, outcome: str, test: str, found: TestResult, **columns: Any) -> dict[str, Any]:
        """Write a test of all groups together; the row, to be completed by its family."""
        if method_of(found.method).drawn and found.p_value == found.p_value:
            self.draft.provenance["seed"] = self.draft.settings["seed"]
        counted: dict[str, Any] = {"n": sum(int(self.draft.counts(outcome, lv).sum()) for lv in self.study.levels)}
        if self.classes is not None:
            counted["n_clusters"] = len(np.unique(self.observed(outcome)[2]))
        return self.draft.test(outcome, test, found, **counted, **columns)

    def support(self, row: dict[str, Any], scores: np.ndarray, contrast: Contrast, **more: Any) -> None:
        """Keep what the family of this row needs: a score per student of the study, NaN for those without a value."""
        codes = self.study.group_codes
        sides = np.where(np.isnan(scores), 0, (codes == contrast.g).astype(int) - (codes == contrast.r))
        self.evidence.append(Evidence(row, np.nan_to_num(scores), sides.astype(np.int8), **more))

    def support_by_influence(self, row: dict[str, Any], influence: np.ndarray) -> None:
        """Keep what each student of the study contributes to this row, summed over the students of each class."""
        own = influence if self.classes is None else np.bincount(self.classes.codes, influence, self.classes.n)
        self.evidence.append(Evidence(row, None, None, own))

    def _n_classes(self, outcome: str, contrast: Contrast) -> int:
        _, arms, codes = self.observed(outcome)
        return len(np.unique(codes[(arms == contrast.g) | (arms == contrast.r)]))


def valid_contrasts(value: Any) -> None:
    """Is this one of the ways to choose contrasts?"""
    if value not in CONTRASTS:
        raise DesignError("UNKNOWN_CONTRASTS", value=repr(value), allowed=CONTRASTS)


def column_of_levels(study: Study, by_level: Mapping[str, np.ndarray], outcome: str) -> np.ndarray:
    """Numbers given for the observed students of some levels, back in the order of all students; NaN elsewhere."""
    values = study.matrix([outcome])[:, 0]
    placed = np.full(len(values), np.nan)
    for level, numbers in by_level.items():
        placed[~np.isnan(values) & study.arm(level)] = numbers
    return placed
