"""The cohort that stands in for the 667 students: reproducible, believable, and one station without a difference."""

import numpy as np
import pytest
from scipy import stats

from society_effects.simulate.clinical_skills import (
    CLASSES,
    ICC,
    SELECTION,
    SHARE,
    STATIONS,
    WEIGHTS,
    clinical_skills_csv,
    clinical_skills_truth,
)
from society_effects.simulate.cohort import draw_scores, draw_students
from society_effects.simulate.selection import Selection
from society_effects.study.samples import _folder, load_sample


def test_the_bundled_file_is_written_byte_for_byte_from_its_seed():
    assert clinical_skills_csv() == (_folder() / "clinical_skills_667.csv").read_bytes()
    assert clinical_skills_csv(seed=1) != clinical_skills_csv()


def test_the_bundled_truth_is_the_computed_truth():
    bundled = {(r["outcome"], r["estimand"]): r["value"] for r in load_sample("clinical_skills_667").source["truth"]}
    computed = {(r["outcome"], r["estimand"]): r["value"] for r in clinical_skills_truth()}
    assert bundled == pytest.approx(computed, abs=1e-6)
    assert all(value == 0 for (outcome, _), value in bundled.items() if outcome == "history_taking")


def test_members_are_higher_at_two_stations_and_in_total_only():
    study = load_sample("clinical_skills_667")
    p, gap = {}, {}
    for outcome in study.outcomes:
        scores = study.matrix([outcome.column])[:, 0]
        groups = [scores[study.arm(level) & ~np.isnan(scores)] for level in ("yes", "no")]
        p[outcome.column] = stats.ttest_ind(*groups, equal_var=False).pvalue
        gap[outcome.column] = groups[0].mean() - groups[1].mean()
    for higher in ("physical_examination", "basic_operations", "total"):
        assert p[higher] < 0.05 and 1 < gap[higher] < 6
    assert p["history_taking"] > 0.2


def test_gaps_are_few_and_the_total_needs_all_stations():
    study = load_sample("clinical_skills_667")
    scores = study.matrix()
    missing = np.isnan(scores)
    assert (missing.sum(axis=0) < 0.05 * 667).all() and missing.any(axis=0).all()
    np.testing.assert_array_equal(missing[:, 3], missing[:, :3].any(axis=1))
    seen = ~missing[:, 3]
    np.testing.assert_allclose(scores[seen, 3], scores[seen][:, :3] @ np.array(WEIGHTS), atol=0.0501)
    assert np.nanmin(scores) >= 0 and np.nanmax(scores) <= 100


def test_a_large_draw_shows_the_truth():
    rule, rng = Selection.of(SELECTION, SHARE), np.random.default_rng(11)
    students = draw_students(300_000, 100 * CLASSES, rule, rng)
    scores = draw_scores(students, STATIONS, ICC, rng)
    gaps = scores[students.member].mean(axis=0) - scores[~students.member].mean(axis=0)
    true = [r["value"] for r in clinical_skills_truth() if r["estimand"] == "diff" and r["outcome"] != "total"]
    assert gaps == pytest.approx(true, abs=0.15)
