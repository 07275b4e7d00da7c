"""Does the correction for an unreliable prior score recover what adjusting for the true ability gives?"""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.simulate.cohort import Station, draw_scores, draw_students, observed
from society_effects.simulate.selection import Selection
from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.error_in_variables import error_in_variables, within_arm_reliability

pytestmark = pytest.mark.slow
RELIABILITY = 0.8


def test_the_cohort_of_667() -> None:
    """Adjusted for the prior score .572 SD, as specified for this cohort; corrected, what adjusting for ability gives."""
    found = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        students = draw_students(667, 20, Selection.of("strong", 0.25), rng)
        prior = observed(students.ability, RELIABILITY, rng)
        station = Station("score", effect=0.2, effect_per_motivation=0.1)
        score = draw_scores(students, (station,), 0.05, rng)[:, 0] / station.sd
        arm = students.member
        within = float(within_arm_reliability(RELIABILITY, prior, arm))
        corrected = error_in_variables(score, prior, arm, within, resamples=99, seed=seed).difference
        usual, true = (adjusted_difference(score, arm, x[:, None]).difference for x in (prior, students.ability))
        found.append([usual.estimate, true.estimate, corrected.estimate[0], corrected.std_error[0]])
    usual, true, corrected, error = np.mean(found, axis=0)
    of_mean = 3 * np.std(found, axis=0) / np.sqrt(len(found))
    assert abs(usual - 0.572) < of_mean[0] + 0.002, usual
    apart = np.array([row[2] - row[1] for row in found])
    assert abs(corrected - true) < 3 * np.std(apart) / np.sqrt(len(apart)) + 0.003, (corrected, true)
    assert usual - corrected > 10 * abs(corrected - true)
    assert error == pytest.approx(np.std([row[2] for row in found]), rel=0.12)
