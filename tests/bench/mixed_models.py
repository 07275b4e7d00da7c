"""How fast are the models of several waves and of students in classes?

Public calls on bare arrays, with their checks, against statsmodels' mixed model of the same data (its default optimiser).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from society_effects.stats.inference import Inference
from society_effects.stats.random_intercept import random_intercept
from society_effects.stats.unstructured_waves import group_wave_design, unstructured_waves

STUDENTS, CLASSES, WAVES = 10_000, 100, 4
RNG = np.random.default_rng(1)
CODES = np.repeat(np.arange(CLASSES), STUDENTS // CLASSES)
DESIGN = np.column_stack([np.ones(STUDENTS), CODES % 2 == 0, RNG.normal(size=STUDENTS)]).astype(float)
SCORES = 70 + 3 * RNG.normal(size=CLASSES)[CODES] + 8 * RNG.normal(size=STUDENTS)
ARMS = np.repeat([0, 1], [500, 167])
PANEL = 70 + RNG.normal(0, 5, (667, 1)) + RNG.normal(0, 2, (667, 1)) * np.arange(WAVES) + RNG.normal(0, 5, (667, WAVES))
PANEL[:, 1:][RNG.random((667, WAVES - 1)) < 0.1] = np.nan


def ours() -> Inference:
    """Random intercept of the classes, and the contrast with its degrees of freedom."""
    return random_intercept(SCORES, DESIGN, CODES).coefficients.contrast([0, 1, 0])


def mixed_lm() -> object:
    """The same model, without degrees of freedom."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    return MixedLM(SCORES, DESIGN, groups=CODES).fit()


def unstructured() -> Inference:
    """667 students at four waves with 10 % missing: the difference in change."""
    fit = unstructured_waves(PANEL, group_wave_design(ARMS, WAVES))
    return fit.coefficients.contrast(np.kron([-1, 1], [-1, 0, 0, 1]))


def mixed_lm_of_waves() -> object:
    """The same with a random intercept and slope per student, the nearest that statsmodels offers."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    seen = ~np.isnan(PANEL)
    students, waves = np.nonzero(seen)
    slopes = np.column_stack([np.ones(len(waves)), waves])
    return MixedLM(PANEL[seen], group_wave_design(ARMS, WAVES)[seen], groups=students, exog_re=slopes).fit()


def rows(interleaved: Callable[..., dict[str, float]]) -> list[tuple[str, str, str]]:
    """Lines of the page: what was measured, how much, and the goal."""
    calls: dict[str, Callable[[], object]] = {f.__name__: f for f in (ours, unstructured, mixed_lm)}
    seconds = interleaved(calls, repeats=5) | interleaved({"waves": mixed_lm_of_waves}, repeats=1)
    size = f"n = {STUDENTS:,} in {CLASSES} groups"
    return [
        (
            f"random intercept, {size}: statsmodels MixedLM / ours",
            f"{seconds['mixed_lm'] / seconds['ours']:.0f}",
            "≥ 10",
        ),
        (
            "667 students, four waves, 10 % missing: MixedLM with random slopes / ours, unstructured",
            f"{seconds['waves'] / seconds['unstructured']:.0f}",
            "–",
        ),
    ]
