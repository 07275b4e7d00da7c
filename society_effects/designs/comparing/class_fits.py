"""One outcome whose students share classes: its means, shares or rates, with what the classes do to their precision."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from ...stats.class_means import ClassMeans, class_means
from ...stats.clustered_means import ClusteredMeans, clustered_means
from ...study.outcome import Outcome
from ..classes import Classes
from ..comparison import Comparison, Contrast

DIFFERENCES = {"continuous": "mean_difference", "binary": "risk_difference", "count": "mean_difference"}


class ClassFits:
    """The values of one outcome with group and class of each student, and the fits that methods share."""

    def __init__(self, task: Comparison, outcome: Outcome, classes: Classes) -> None:
        self.task, self.outcome = task, outcome
        self.values, self.arms, self.codes = task.observed(outcome.column)
        self.classes = classes.with_values(self.arms, self.codes)
        self.exposure: np.ndarray | None = None
        if outcome.exposure is not None:
            seen = ~np.isnan(task.column(outcome.column))
            self.exposure = task.study.units[outcome.exposure].to_numpy(dtype=float)[seen]

    @property
    def difference(self) -> str:
        """The measure of the difference."""
        return "rate_difference" if self.exposure is not None else DIFFERENCES[str(self.outcome.kind)]

    @cached_property
    def of_students(self) -> ClusteredMeans:
        """Every student counts the same; the covariance is robust to the classes (CR2)."""
        return clustered_means(self.values, self.arms, self.codes, exposure=self.exposure)

    @cached_property
    def of_classes(self) -> ClassMeans:
        """Every class counts the same: one number per class."""
        return class_means(self.values, self.arms, self.codes, exposure=self.exposure)

    def of(self, method: str) -> ClusteredMeans | ClassMeans:
        """The fit behind a method."""
        return self.of_classes if method == "cluster-means" else self.of_students

    def methods(self, asked: str | None) -> set[str]:
        """The methods of all contrasts."""
        return {self.method_of(contrast, asked) for contrast in self.task.contrasts}

    def together(self, asked: str | None) -> ClusteredMeans | ClassMeans:
        """The fit for all groups together: students, where the contrasts are compared by them."""
        return self.of_students if self.methods(asked) <= {"cr2", "wild-bootstrap"} else self.of_classes

    def method_of(self, contrast: Contrast, asked: str | None) -> str:
        """The method of one contrast: the one asked for, or what the numbers of classes call for."""
        return asked or self.classes.default_method(contrast.g, contrast.r)

    def of_all_classes(self, numbers: np.ndarray) -> np.ndarray:
        """Numbers of the classes that have a value, as numbers of all classes of the study (0 elsewhere)."""
        placed = np.zeros(self.classes.n)
        placed[np.unique(self.codes)] = numbers
        return placed

    def pair(self, contrast: Contrast) -> dict[str, Any]:
        """Values, arms and classes as ``stats`` takes them, with the positions of the two groups."""
        return {"values": self.values, "arms": self.arms, "clusters": self.codes, "g": contrast.g, "r": contrast.r}
