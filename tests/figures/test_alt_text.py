"""Words for those who cannot see a figure: its main numbers, and no more than may be claimed."""

import pandas as pd
import pytest
from all_kinds import flow, of_kind
from examples import comparison
from examples_of_adjustment import adjusted, ladder
from examples_of_kinds import answers

from society_effects import MemberComparison, check_wording, load_sample
from society_effects.figures import FIGURES, alternative_text, draw, possible_figures
from society_effects.findings.findings import Findings


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", list(FIGURES))
def test_every_figure_is_told_in_a_few_sentences(kind, lang):
    told = alternative_text(of_kind(kind, lang), kind, lang)
    assert 20 < len(told) < 900 and "nan" not in told and "None" not in told and "{" not in told
    assert sum(told.count(stop) for stop in (". ", "。")) <= 3


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_told_is_never_more_than_the_claim(lang):
    result = MemberComparison().fit(load_sample("clinical_skills_667"))
    for kind in possible_figures(result):
        assert not len(check_wording(alternative_text(result, kind, lang), result, lang=lang))


def test_the_numbers_are_those_of_the_figure():
    findings = comparison(outcomes=5)
    told = draw(findings, "forest").alt_text
    for estimate in findings.frame("estimates")["estimate"][:3]:
        assert f"{estimate:.2f}".replace("-", "−") in told
    assert "; and 2 more. Simulated data." in told


def test_groups_rungs_covariates_and_students_are_told():
    assert "Non-members" in alternative_text(comparison(), "raincloud", "en")
    assert "Raw difference 3.10 (1.73 to 4.47), Change scores 1.10" in alternative_text(ladder(), "ladder", "en")
    assert "Members 80.0%" in alternative_text(comparison(outcomes=0, binary=1), "proportions", "en")
    assert "Motivation questionnaire: 0.6" in alternative_text(adjusted(), "balance", "en")
    assert "Of 668 students, analysed: Physical examination: 614." in alternative_text(flow(), "flow", "en")


def test_what_is_told_is_of_the_outcomes_that_are_drawn():
    scores, ordered = comparison(), answers()
    rows = [findings.frame("estimates") for findings in (scores, ordered)]
    frames = dict(ordered.frames) | {"estimates": pd.concat(rows)}
    mixed = Findings.of("member_comparison", frames, labels=ordered.labels, lang="en")
    told = alternative_text(mixed, "likert", "en")
    assert "robability of superiority" in told and "ean difference" not in told
    findings = adjusted(outcomes=2)
    rows = findings.frame("adjusted_means")
    row, told = rows.iloc[0], alternative_text(findings, "adjusted_means", "en")
    groups = findings.frame("groups")
    raw = groups.loc[(groups["outcome"] == row["outcome"]) & (groups["group"] == row["group"]), "mean"].iloc[0]
    assert f"from {raw:.2f} to {row['value']:.2f}" in told and told.count("Members from") == 2
    coefficients = findings.frame("coefficients")
    member = coefficients.loc[coefficients["term"] == "member", "estimate"].iloc[0]
    assert f"(vs non-members) {member:.2f}" in alternative_text(findings, "coefficients", "en")
    surface = findings.frame("surface").iloc[0]
    told = alternative_text(findings, "contour", "en")
    assert f": {surface['estimate']:.2f}" in told and "CI" not in told
