"""What adjustment takes away of a difference between students who chose to join, and what it leaves.

The core cohort of the simulator: 667 students, a quarter members, ability and motivation behind both joining and
scores, instruments of reliability .80. Truth: .26 standard deviations among those who join.
"""

from __future__ import annotations

import numpy as np
import pytest

import society_effects as se
from society_effects.simulate.cohort import Station, draw_scores, draw_students, observed
from society_effects.simulate.selection import Selection
from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.rung_differences import Rung, rung_difference

pytestmark = pytest.mark.slow
REPLICATES, N, CLASSES, RELIABILITY = 500, 667, 20, 0.80
ANSWERS = {"raw": 0.855, "prior": 0.572, "both": 0.371, "true": 0.265}
"""What the means over replicates are, by what is adjusted for (Monte-Carlo standard error .004)."""


@pytest.fixture(scope="module")
def cohorts():
    """Scores, members and covariates of every replicate, one batch axis first; the truth of each (effect among members)."""
    rule, rng = Selection.of("strong", 0.25), np.random.default_rng(1)
    scores, members, covariates, truth = [], [], [], []
    for _ in range(REPLICATES):
        students = draw_students(N, CLASSES, rule, rng)
        scores.append(draw_scores(students, (Station("score"),), 0.05, rng)[:, 0] / 10)
        members.append(students.member)
        seen = [observed(trait, RELIABILITY, rng) for trait in (students.ability, students.motivation)]
        covariates.append(np.column_stack([*seen, students.ability, students.motivation]))
        truth.append(0.20 + 0.10 * rule.members[1])
    return np.array(scores), np.array(members), np.array(covariates), np.array(truth)


COLUMNS = {"raw": [], "prior": [0], "both": [0, 1], "true": [2, 3]}


@pytest.mark.parametrize("rung", ANSWERS)
def test_each_rung_takes_away_as_much_as_it_can_see(cohorts, rung: str) -> None:
    scores, members, covariates, _ = cohorts
    found = adjusted_difference(scores, members, covariates[..., COLUMNS[rung]]).difference
    error = found.estimate.std(ddof=1) / np.sqrt(REPLICATES)
    assert found.estimate.mean() == pytest.approx(ANSWERS[rung], abs=4 * np.hypot(error, 0.004))
    spread = found.std_error.mean() / found.estimate.std(ddof=1)
    assert 0.93 < spread < 1.08, spread


def test_the_interval_holds_the_truth_when_everything_that_matters_is_measured(cohorts) -> None:
    scores, members, covariates, truth = cohorts
    found = adjusted_difference(scores, members, covariates[..., [2, 3]]).difference
    covered = np.mean((found.conf_low <= truth) & (truth <= found.conf_high))
    assert covered == pytest.approx(0.95, abs=3 * np.sqrt(0.05 * 0.95 / REPLICATES)), covered
    measured = adjusted_difference(scores, members, covariates[..., [0, 1]]).difference
    missed = np.mean((measured.conf_low <= truth) & (truth <= measured.conf_high))
    assert missed < 0.85, missed  # a reliability of .80 leaves a tenth of a standard deviation


def test_the_limits_of_what_a_rung_took_away_hold_their_level(cohorts) -> None:
    """What adjustment for the prior score takes away, against its mean over the replicates."""
    scores, members, covariates, _ = cohorts
    raw = adjusted_difference(scores, members)
    prior = adjusted_difference(scores, members, covariates[..., [0]])
    moved = prior.difference.estimate - raw.difference.estimate
    covered = []
    for i in range(REPLICATES):
        one, other = (
            Rung(
                float(fit.difference.estimate[i]),
                fit.influence[i],
                float(np.broadcast_to(fit.difference.df, REPLICATES)[i]),
            )
            for fit in (prior, raw)
        )
        found = rung_difference(one, other)
        covered.append(found.conf_low <= moved.mean() <= found.conf_high)
    assert np.mean(covered) == pytest.approx(0.95, abs=3 * np.sqrt(0.05 * 0.95 / REPLICATES) + 0.005), np.mean(covered)


def test_the_design_and_the_ladder_tell_the_same_story_of_one_cohort() -> None:
    study = se.simulate_cohort(n=20_000, classes=200, seed=5)
    shown = se.triangulate(study, resamples=199).frame("rungs").set_index("design")
    for key, rung in (("raw", "raw"), ("prior_achievement", "prior"), ("motivation", "both")):
        assert shown.loc[key, "estimate"] / 10 == pytest.approx(ANSWERS[rung], abs=0.06)
