"""One outcome of two groups with what is adjusted for: the students who have all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from ...findings.naming import MEMBER, OF_CLASS
from ...stats.formula_terms import TermColumns
from ...stats.inference import Inference, TestResult
from ...study.outcome import Outcome
from ..classes import LOW_DF
from ..comparison import Comparison, Contrast
from ..waves.changing import renamed

Array = np.ndarray
Fit = TypeVar("Fit")
TARGETS = {"att": "members", "ate": "all"}
"""What the average is taken over: those who joined, or everybody."""
ESTIMANDS = {"members": "adj_diff_members", "all": "adj_diff_all"}
POOLED = "adj_diff_pooled"
"""Common slopes: a mixture of the differences of all kinds of students, not the average of either target."""
WITHIN_CLASS = "adj_diff_within_class"
SAID_BY_DESIGN = frozenset({"COLLINEAR", "TOO_FEW_FOR_INTERACTIONS", "SEPARATION"})
"""Flags that the design tells in its own words."""


@dataclass(frozen=True)
class Adjustment:
    """The students of two groups who have the outcome and every covariate.

    rows : their positions among the students of the study. values, member : of each. terms, covariates : what is
    adjusted for, as it was named and as columns. clusters : their classes. exposure : the time behind each count.
    target : ``"members"`` or ``"all"``. within : how classmates are compared. method : what was asked for.
    """

    task: Comparison
    outcome: Outcome
    contrast: Contrast
    rows: Array
    values: Array
    member: Array
    terms: tuple[str, ...]
    covariates: TermColumns
    clusters: Array | None
    exposure: Array | None
    target: str
    within: str | None
    method: str | None

    @property
    def column(self) -> str:
        """Column of the outcome."""
        return self.outcome.column

    @property
    def about(self) -> str | None:
        """The group that Checks name, where several groups are compared."""
        return self.contrast.group if self.task.several else None

    @property
    def estimand(self) -> str:
        """What the number aims at, where each group has its own slopes."""
        return WITHIN_CLASS if self.within else ESTIMANDS[self.target]

    @property
    def settings(self) -> dict[str, Any]:
        """What every adjusted estimate is told."""
        return {
            "names": self.covariates.names,
            "target": self.target,
            "clusters": self.clusters,
            "conf_level": self.task.conf_level,
        }

    @property
    def whole(self) -> bool:
        """Has every class, of the whole study, students of one of these two groups only?"""
        if self.task.classes is None:
            return False
        classes, group = self.task.classes.codes, self.task.study.group_codes
        return not np.intersect1d(classes[group == self.contrast.g], classes[group == self.contrast.r]).size

    @property
    def class_codes(self) -> Array:
        """The class of each student, from 0; everybody's own where there are none."""
        if self.clusters is None:
            return np.arange(len(self.values))
        return np.unique(self.clusters, return_inverse=True)[1]

    @property
    def class_means(self) -> Array | None:
        """What makes a regression other than least squares compare classmates: the class means of all columns.

        An indicator for each class would be biased in small classes, and would leave no class to judge it by.
        """
        if self.within is None or self.clusters is None:
            return None
        codes = self.class_codes
        columns = np.column_stack([self.member.astype(float), self.covariates.columns])
        sums = np.column_stack([np.bincount(codes, column) for column in columns.T])
        return np.asarray((sums / np.bincount(codes)[:, None])[codes])

    @property
    def settings_within(self) -> dict[str, Any]:
        """The same for a regression that takes the class means, where classmates are compared."""
        means, own = self.class_means, self.covariates.names
        if means is None:
            return self.settings
        return self.settings | {"extra": means, "names": (*own, *(OF_CLASS + name for name in (MEMBER, *own)))}

    @property
    def keys(self) -> dict[str, Any]:
        """The key columns of everything that is said of this outcome and contrast."""
        return {"outcome": self.column, "group": self.contrast.group, "reference": self.contrast.reference}

    @property
    def levels(self) -> tuple[str, str]:
        """The two groups, the reference first."""
        return self.contrast.reference, self.contrast.group

    def of(self, chosen: Array, covariates: TermColumns | None = None) -> Adjustment:
        """The same for some of the students, a mask; with other covariates if these are given."""
        own = self.covariates if covariates is None else covariates
        return replace(
            self,
            rows=self.rows[chosen],
            values=self.values[chosen],
            member=self.member[chosen],
            covariates=taken(own, chosen),
            clusters=None if self.clusters is None else self.clusters[chosen],
            exposure=None if self.exposure is None else self.exposure[chosen],
        )

    def aligned(self, influence: Array) -> Array:
        """The influence of each student of the study, 0 for those who are not in the comparison."""
        everyone = np.zeros(len(self.task.study.group_codes))
        everyone[self.rows] = influence
        return everyone

    def check(self, key: str, status: Any = "warn", **values: Any) -> None:
        """Add a Check on this outcome."""
        self.task.draft.check(key, status, self.column, self.about, **values)

    def quantity(self, name: str, value: float, method: str, **columns: Any) -> None:
        """Write a quantity of this comparison, unless it is undefined."""
        if value == value:
            keys = {"outcome": self.column, "group": self.contrast.group} | columns
            self.task.draft.row("quantities", quantity=name, value=float(value), method=method, **keys)

    def test(self, name: str, found: TestResult, **columns: Any) -> None:
        """Write a test of this comparison."""
        keys = {"group": self.contrast.group, "reference": self.contrast.reference}
        self.task.draft.test(self.column, name, found, n=len(self.values), **keys, **columns)

    def write(
        self, measure: str, found: Inference, estimand: str, *, primary: bool = False, **columns: Any
    ) -> dict[str, Any]:
        """Write an estimated contrast of this outcome."""
        n_group = int(self.member.sum())
        sizes: dict[str, Any] = {
            "n": len(self.member),
            "n_group": n_group,
            "n_reference": len(self.member) - n_group,
            "n_clusters": np.nan if self.clusters is None else len(set(self.clusters)),
        }
        told = renamed(found, dict.fromkeys(SAID_BY_DESIGN & set(found.flags), ""))
        told = replace(told, flags={key: value for key, value in told.flags.items() if key})
        row = self.task.draft.estimate(
            **(self.keys | {"measure": measure, "found": told, "primary": primary, "about": self.about}),
            **(sizes | {"estimand": estimand} | columns),
        )
        if primary and self.clusters is not None and found.df < LOW_DF:
            self.check("DF_LOW", df=found.df, clusters=sizes["n_clusters"])
        return row


def with_slopes(adjustment: Adjustment, fit: Callable[..., Fit], **settings: Any) -> Fit:
    """A regression with slopes of its own for each group; with common ones where a group is too small for that."""
    told = (adjustment.values, adjustment.member, adjustment.covariates.columns)
    found = fit(*told, **settings)
    too_few = found.difference.flags.get("TOO_FEW_FOR_INTERACTIONS", False)  # type: ignore[attr-defined]
    return fit(*told, **settings, interactions=False) if too_few else found


def taken(columns: TermColumns, chosen: Array) -> TermColumns:
    """The columns of some of the students, a mask; knots and indicators stay as they are, constant columns go."""
    values = columns.columns[chosen]
    varies = np.array([np.ptp(column) > 0 for column in values.T], dtype=bool)
    return replace(
        columns,
        columns=values[:, varies],
        names=tuple(name for name, kept in zip(columns.names, varies, strict=True) if kept),
        term_of=columns.term_of[varies],
        missing=columns.missing[chosen],
    )


@dataclass(frozen=True)
class Answer:
    """What an adjusted comparison of one outcome found, whatever its kind.

    measure, found : the primary number. influence : what each student contributes to it, on the scale of the measure;
    None where it is not known. estimand : what it aims at. beside : further measures. fit : the record of ``stats``.
    tests : those that were made on the way, by key.
    """

    measure: str
    found: Inference
    influence: Array | None
    estimand: str
    beside: Mapping[str, Inference]
    fit: Any
    tests: Mapping[str, TestResult] = field(default_factory=dict)
