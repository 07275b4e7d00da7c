"""Do shifted outcomes and worst-case bounds cover the truth when missing scores really are lower?"""

from __future__ import annotations

import numpy as np
import pytest

from society_effects.stats.missing_outcomes import shifted_outcomes
from society_effects.stats.worst_case_bounds import worst_case_bounds

pytestmark = pytest.mark.slow
REPLICATES = 1500


@pytest.mark.parametrize("n", [80, 300])
def test_at_the_true_shift_the_interval_covers_and_without_it_does_not(n: int) -> None:
    """Missing members lie .8 points below those like them, missing others .4 above; spread differs between arms."""
    rng, truth = np.random.default_rng(n), 1 - 0.8 * 0.225 - 0.4 * 0.1
    shifted, as_predicted = np.zeros((2, REPLICATES), dtype=bool)
    for i in range(REPLICATES):
        x = rng.standard_normal((n, 1))
        arm = rng.random(n) < 1 / (1 + np.exp(0.3 - 0.8 * x[:, 0]))
        y = x[:, 0] * (1 + 0.5 * arm) + arm + rng.standard_normal(n) * (1 + 0.5 * arm)
        gone = rng.random(n) < 0.1 + 0.25 * arm * (x[:, 0] > 0)
        found = shifted_outcomes(np.where(gone, np.nan, y), arm, x, target="all")
        one, two = found.shifted(-0.8 / found.sd, 0.4 / found.sd), found.shifted(0, 0)
        shifted[i] = one.conf_low <= truth <= one.conf_high
        as_predicted[i] = two.conf_low <= truth <= two.conf_high
    assert abs(shifted.mean() - 0.95) < 3 * np.sqrt(0.05 * 0.95 / REPLICATES)
    if n == 300:
        assert as_predicted.mean() < 0.85


@pytest.mark.parametrize("n", [100, 400])
def test_bounds_cover_at_the_worst_place(n: int) -> None:
    """All missing members failed and all missing others passed: the truth is the lower bound itself."""
    rng, hits = np.random.default_rng(n), 0
    for _ in range(REPLICATES):
        arm = np.arange(n) < n // 2
        gone = rng.random(n) < 0.15
        y = np.where(gone, ~arm, rng.random(n) < np.where(arm, 0.7, 0.5)).astype(float)
        truth = 0.85 * (0.7 - 0.5) - 0.15
        found = worst_case_bounds(np.where(gone, np.nan, y), arm, lowest=0, highest=1)
        hits += found.conf_low <= truth <= found.conf_high
    assert hits / REPLICATES > 0.95 - 3 * np.sqrt(0.05 * 0.95 / REPLICATES)
    assert hits / REPLICATES < 0.97
