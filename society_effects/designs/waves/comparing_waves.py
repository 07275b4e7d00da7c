"""How did the groups change from wave to wave, and did members change by more? The rows of several waves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...findings.measures import MEASURES
from ..classes import LOW_DF
from ..comparison import Comparison, Contrast, Evidence
from .wave_fits import WaveFit
from .wave_panel import Panel

CHANGE, DIFFERENCE = "change", "diff_in_changes"
SLOPE, SLOPES = "slope", "diff_in_slopes"
SCORES = {CHANGE: "mean_change", DIFFERENCE: "difference_in_changes"}
SHARES = {CHANGE: "share_change", DIFFERENCE: "difference_in_share_changes"}
TRENDS = {SLOPE: "mean_slope", SLOPES: "difference_in_slopes"}
Array = np.ndarray


@dataclass(frozen=True)
class OverWaves:
    """One outcome over its waves, fitted, with the study that is being compared."""

    task: Comparison
    panel: Panel
    fit: WaveFit

    @property
    def outcome(self) -> str:
        """Column of the outcome."""
        return self.panel.outcome.column

    @property
    def shares(self) -> bool:
        """Are shares compared instead of means?"""
        return self.panel.outcome.kind == "binary"

    def sizes(self, contrast: Contrast | None, level: str | None) -> dict[str, Any]:
        """How many students, and classes, are behind a row?"""
        levels = [level] if contrast is None else [contrast.group, contrast.reference]
        masks = [self.panel.of(own) & self.panel.analysed for own in levels]
        counts = [int(mask.sum()) for mask in masks]
        found: dict[str, Any] = {"n": sum(counts), "n_group": counts[0]}
        if contrast is not None:
            found["n_reference"] = counts[1]
        if self.panel.classes is not None:
            found["n_clusters"] = len(np.unique(self.panel.classes[np.logical_or.reduce(masks)]))
        return found


def compare_waves(over: OverWaves) -> None:
    """Write changes and trends of each group, their differences, and the tests of all waves together."""
    panel, n_waves = over.panel, len(over.panel.waves)
    changes = np.eye(n_waves)[1:] - np.eye(n_waves)[0]
    names, trend = (SHARES if over.shares else SCORES), per_wave(n_waves)
    alone = not over.task.contrasts
    for g, level in enumerate(panel.levels):
        one = np.eye(len(panel.levels))[g]
        for wave, change in zip(panel.waves[1:], changes, strict=True):
            waves = {"wave": wave, "reference_wave": panel.waves[0], "estimand": CHANGE}
            _write(over, names[CHANGE], np.kron(one, change), {"group": level} | waves, None, primary=alone)
        if not over.shares:
            _write(over, TRENDS[SLOPE], np.kron(one, trend), {"group": level, "estimand": SLOPE}, None, primary=False)
    for contrast in over.task.contrasts:
        two = np.eye(len(panel.levels))[contrast.g] - np.eye(len(panel.levels))[contrast.r]
        own = {"group": contrast.group, "reference": contrast.reference}
        for wave, change in zip(panel.waves[1:], changes, strict=True):
            waves = {"wave": wave, "reference_wave": panel.waves[0], "estimand": DIFFERENCE}
            _write(over, names[DIFFERENCE], np.kron(two, change), own | waves, contrast, primary=True)
        if not over.shares:
            _write(over, TRENDS[SLOPES], np.kron(two, trend), own | {"estimand": SLOPES}, contrast, primary=False)
    _tests(over, changes)
    _low_df(over)


def per_wave(n_waves: int) -> Array:
    """Weights of the waves whose sum is the slope of the least-squares line through the means, per wave.

    >>> per_wave(3).tolist()
    [-0.5, 0.0, 0.5]
    """
    place = np.arange(n_waves) - (n_waves - 1) / 2
    return np.asarray(place / np.sum(place**2))


def _write(
    over: OverWaves, measure: str, weights: Array, keys: dict[str, Any], contrast: Contrast | None, primary: bool
) -> None:
    task = over.task
    found, bounded = over.fit.contrast(weights, task.conf_level), MEASURES[measure].bounded
    found = replace(found, conf_low=bounded(found.conf_low), conf_high=bounded(found.conf_high))
    about = keys["group"] if contrast is None or task.several else None
    sizes = over.sizes(contrast, keys["group"])
    row = task.draft.estimate(over.outcome, measure, found, primary=primary, about=about, **keys, **sizes)
    influence = over.fit.influence(weights) if primary else None
    if influence is not None:
        task.evidence.append(Evidence(row, None, None, influence))


def _tests(over: OverWaves, changes: Array) -> None:
    """Do the means change at all (every group counting the same), and do the groups change alike?"""
    n_groups = len(over.panel.levels)
    sizes: dict[str, Any] = {"n": int(over.panel.analysed.sum())}
    if over.panel.classes is not None:
        sizes["n_clusters"] = len(np.unique(over.panel.classes[over.panel.analysed]))
    together = np.kron(np.full(n_groups, 1 / n_groups), changes)
    over.task.draft.test(over.outcome, "waves", over.fit.joint(together), **sizes)
    if over.task.contrasts:
        apart = np.kron(np.eye(n_groups)[1:] - np.eye(n_groups)[0], changes)
        over.task.draft.test(over.outcome, "interaction", over.fit.joint(apart), **sizes)


def _low_df(over: OverWaves) -> None:
    """Say so where classes leave few degrees of freedom, of a primary comparison or of a test of all waves together."""
    if over.panel.classes is None:
        return
    draft = over.task.draft
    found = [(row["df"], row["n_clusters"]) for row in draft.rows("estimates") if _of(over, row) and row["primary"]]
    found += [(row["df2"], row["n_clusters"]) for row in draft.rows("tests") if _of(over, row)]
    low = [pair for pair in found if pair[0] < LOW_DF]
    if low:
        df, clusters = min(low)
        draft.check("DF_LOW", "warn", over.outcome, df=df, clusters=clusters)


def _of(over: OverWaves, row: Mapping[str, Any]) -> bool:
    return bool(row["outcome"] == over.outcome)
