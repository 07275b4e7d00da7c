"""The simulated survey: every kind of outcome, four groups, classes, both languages."""

import numpy as np
import pytest

import society_effects as se
from society_effects.simulate.survey import LEVELS, SHIFTS


def test_the_same_seed_gives_the_same_survey_and_it_says_simulated():
    first, again, other = (se.simulate_survey(seed=s) for s in (1, 1, 2))
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert first.source["simulated"]
    assert {o.kind for o in first.outcomes} == {"continuous", "binary", "ordinal", "count", "nominal"}


def test_groups_differ_by_what_was_declared():
    study = se.simulate_survey(n=40_000, classes=400, icc=0.0, seed=3)
    scores = study.matrix(["score"])[:, 0]
    means = np.array([scores[study.arm(level)].mean() for level in LEVELS])
    errors = np.array([8 / np.sqrt(study.arm(level).sum()) for level in LEVELS])
    assert (np.abs(means - 72 - 8 * np.array(SHIFTS)) < 4 * errors + 0.01).all()


def test_whole_classes():
    units = se.simulate_survey(by_class=True).units
    assert (units.groupby("cluster")["group"].nunique() == 1).all()


def test_labels_in_both_languages():
    result = se.MemberComparison(resamples=99).fit(se.simulate_survey())
    assert "社团干部组" in str(result.summary("zh"))
    assert "officers" in str(result.summary("en"))
    with pytest.raises(se.DesignError, match="classes"):
        se.simulate_survey(n=20, classes=10)
