"""A cohort with a known truth: what is declared is what comes out."""

import numpy as np
import pytest

from society_effects.simulate import Station, simulate_cohort
from society_effects.simulate.selection import Selection

REPLICATES, MCSE = 1600, 0.004


def gap(study):
    scores = study.matrix()[:, 0]
    return scores[study.arm("yes")].mean() - scores[study.arm("no")].mean()


def adjusted(study, covariates):
    """Lin's estimator at the members' means, by least squares."""
    member = study.arm("yes").astype(float)
    x = study.units[covariates].to_numpy()
    x = x - x[member == 1].mean(axis=0)
    design = np.column_stack([np.ones(len(x)), member, x, member[:, None] * x])
    return np.linalg.lstsq(design, study.matrix()[:, 0], rcond=None)[0][1]


def truth(study, estimand):
    return next(row["value"] for row in study.source["truth"] if row["estimand"] == estimand)


def test_the_same_seed_gives_the_same_cohort():
    assert simulate_cohort().fingerprint == simulate_cohort().fingerprint
    assert simulate_cohort().fingerprint != simulate_cohort(seed=1).fingerprint


@pytest.mark.parametrize("n, classes", [(667, 20), (101, 7), (4, 4)])
def test_sizes_are_as_asked(n, classes):
    study = simulate_cohort(n=n, classes=classes, selection="none", share=0.5)
    assert len(study.data) == n and study.data["class"].nunique() == classes
    assert study.data["class"].value_counts().max() - study.data["class"].value_counts().min() <= 1


@pytest.mark.parametrize("strength", ["none", "mild", "strong", "extreme"])
def test_population_averages_of_members_are_right(strength):
    rule, rng = Selection.of(strength, 0.25), np.random.default_rng(9)
    n = 400_000
    ability = rng.standard_normal(n)
    motivation = 0.3 * ability + np.sqrt(0.91) * rng.standard_normal(n)
    joined = rule.joins(ability, motivation, rng)
    assert joined.mean() == pytest.approx(0.25, abs=0.003)
    assert (ability[joined].mean(), motivation[joined].mean()) == pytest.approx(rule.members, abs=0.012)
    gaps = [x[joined].mean() - x[~joined].mean() for x in (ability, motivation)]
    assert gaps == pytest.approx(rule.gap, abs=0.012)


def test_the_declared_truth_of_the_default_cohort():
    study = simulate_cohort()
    assert truth(study, "ate") == pytest.approx(2.00)
    assert truth(study, "att") == pytest.approx(2.60, abs=0.005)
    assert truth(study, "diff") == pytest.approx(8.55, abs=0.02)


@pytest.mark.slow
def test_a_large_cohort_shows_the_declared_difference_and_variance():
    study = simulate_cohort(n=200_000, classes=5_000, seed=4)
    assert gap(study) == pytest.approx(truth(study, "diff"), abs=0.2)
    outside = study.matrix()[study.arm("no"), 0]
    assert simulate_cohort(n=100_000, classes=5_000, tau=0, het=0, selection="none").matrix().std() == pytest.approx(
        10, abs=0.1
    )
    assert outside.std() < 10


@pytest.mark.slow
def test_without_selection_the_difference_is_the_effect():
    study = simulate_cohort(n=200_000, classes=1_000, selection="none")
    assert truth(study, "diff") == truth(study, "ate") == pytest.approx(2.0)
    assert gap(study) == pytest.approx(2.0, abs=0.2)


def test_stations_share_what_is_left_to_chance():
    stations = (Station("a", 0, 0, ability=0, motivation=0), Station("b", 0, 0, ability=0, motivation=0))
    study = simulate_cohort(n=50_000, classes=50, stations=stations, icc=0.0)
    assert np.corrcoef(study.matrix().T)[0, 1] == pytest.approx(0.5, abs=0.02)


def test_names_are_there_in_both_languages():
    study = simulate_cohort()
    assert study.labels["society=yes"] == {"en": "members", "zh": "社团组"}
    assert "模拟数据" in study.summary("zh")


@pytest.mark.slow
def test_means_over_replicates_are_those_of_the_specification():
    numbers = []
    for seed in range(REPLICATES):
        study = simulate_cohort(seed=seed)
        numbers.append([gap(study), adjusted(study, ["prior_score"]), adjusted(study, ["prior_score", "motivation"])])
    raw, prior, both = np.mean(numbers, axis=0) / 10
    assert raw == pytest.approx(0.855, abs=4 * MCSE)
    assert prior == pytest.approx(0.572, abs=4 * MCSE)
    assert both == pytest.approx(0.371, abs=4 * MCSE)
    assert raw == pytest.approx(truth(study, "diff") / 10, abs=4 * MCSE)
