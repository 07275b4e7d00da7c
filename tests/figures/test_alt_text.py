"""Words for those who cannot see a figure: its main numbers, and no more than may be claimed."""

import pytest
from all_kinds import flow, of_kind
from examples import comparison
from examples_of_adjustment import adjusted, ladder

from society_effects import MemberComparison, check_wording, load_sample
from society_effects.figures import FIGURES, alternative_text, draw, possible_figures


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
