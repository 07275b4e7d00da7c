"""Which model gives the means of groups and waves their precision, and what is done where it cannot be estimated?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...stats.cluster_sums import ClusterRobust
from ...stats.inference import Inference, TestResult
from ...stats.random_intercept import random_intercept
from ...stats.satterthwaite import Coefficients
from ...stats.unstructured_waves import group_wave_design, unstructured_waves
from .wave_panel import Panel

COVARIANCES = ("unstructured", "random-intercept")
SMALLEST = 1e-9
"""A standard error below this share of the scores' size is what rounding leaves of none at all."""
ABOUT_STUDENTS = {"ONE_CLUSTER_IN_ARM": "TOO_FEW", "TOO_FEW_CLUSTERS": "TOO_FEW", "BOUNDARY": "STUDENT_BOUNDARY"}
"""Flags of classes as they are called where the classes are the students themselves."""
OF_CHANGES = {"NO_VARIATION": "NO_SPREAD_LEFT", "DEGENERATE": "NO_SPREAD_LEFT"}
"""Flags of scores as they are called where they are about changes."""
Array = np.ndarray


@dataclass(frozen=True)
class WaveFit:
    """Means of groups and waves, group by group, with their precision.

    estimator : makes the inference. sandwich : the same coefficients with CR2 over students, or classes, whose
    influence tells which rows of a family go together. fell_back : was the covariance that was asked for not estimable?
    """

    panel: Panel
    estimator: Coefficients | ClusterRobust
    sandwich: ClusterRobust
    fell_back: bool = False

    @property
    def robust(self) -> bool:
        """Do the standard errors hold whatever the covariance is?"""
        return self.estimator is self.sandwich

    @property
    def method(self) -> str:
        """Key of the method."""
        return self.estimator.method

    def contrast(self, weights: Array, conf_level: float) -> Inference:
        """How large is this sum of means? Without any precision only the sum itself."""
        found = self.estimator.contrast(weights, conf_level=conf_level)
        if np.isnan(found.estimate):
            found = replace(found, estimate=float(weights @ _means(self.panel)))
        size = float(np.nanmax(np.abs(self.panel.values)))
        if found.std_error <= SMALLEST * size:
            flags = {"NO_SPREAD_LEFT": True}
            return Inference(found.estimate, conf_level=conf_level, method=found.method, flags=flags)
        return replace(found, flags=self._named(found.flags))

    def joint(self, weights: Array) -> TestResult:
        """Are all these sums of means zero?"""
        found = self.estimator.joint(weights)
        return replace(found, method=self.method, flags=self._named(found.flags))

    def influence(self, weights: Array) -> Array | None:
        """What each piece (student or class) contributes to a sum of means, 0 for those without a score."""
        if self.sandwich.precision is None:
            return None
        pieces = self.panel.pieces
        everyone = np.zeros(int(pieces.max()) + 1)
        everyone[np.unique(pieces[self.panel.analysed])] = self.sandwich.precision.influence @ weights
        return everyone

    def _named(self, flags: Mapping[str, Any]) -> dict[str, Any]:
        """The flags with their reasons: of students where these are the pieces; of classes only what concerns them."""
        names = OF_CHANGES | (ABOUT_STUDENTS if self.panel.classes is None else {})
        raised = [key for key, value in flags.items() if value and (key != "BOUNDARY" or key in names)]
        return {names.get(key, key): True for key in raised}


def fit_waves(panel: Panel, covariance: str) -> WaveFit:
    """The model that was asked for, or, where its covariance cannot be estimated, a random intercept with CR2.

    Every group has a covariance of its own. Shares, whose variance depends on their mean, and students in classes get
    CR2 whatever the model, which then only decides the weights.
    """
    design = group_wave_design(panel.codes, len(panel.waves))
    robust = panel.classes is not None or panel.outcome.kind == "binary"
    if covariance == "unstructured":
        fit = unstructured_waves(panel.values, design, strata=panel.codes)
        if fit.converged:
            sandwich = fit.by_class(panel.pieces)
            return WaveFit(panel, sandwich if robust else fit.coefficients, sandwich)
    seen = panel.seen
    level = random_intercept(panel.values[seen], design[seen], np.nonzero(seen)[0])
    sandwich = level.robust(panel.pieces[panel.analysed])
    fell_back = covariance == "unstructured"
    return WaveFit(panel, sandwich if robust or fell_back else level.coefficients, sandwich, fell_back)


def _means(panel: Panel) -> Array:
    """The mean of each group at each wave of those who have a score there, group by group."""
    means = [np.nanmean(panel.values[panel.of(level)], axis=0) for level in panel.levels]
    return np.concatenate(means)
