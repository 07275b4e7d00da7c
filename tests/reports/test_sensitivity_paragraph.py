"""What is written about unmeasured causes, missing outcomes and negative controls: the numbers of the frame, no more."""

import re
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "probing"))
from probing_examples import one, students, study_of

import society_effects as se
from society_effects.language.catalogue import LANGUAGES
from society_effects.language.lexicon import lint, without_interval
from society_effects.reports.sensitivity_sentences import sensitivity_sentences
from society_effects.reports.voice import Voice

STUDY = study_of(students(), [se.Outcome("osce", range=(0, 120)), "passed", se.Outcome("papers", kind="count")])
ANATOMY = study_of(students(), ["osce", "anatomy"])


def probed(design, study=STUDY, **asked):
    return se.sensitivity(design.fit(study), study, **asked)


ADJUSTED = probed(se.RegressionAdjustment())
RAW = probed(se.MemberComparison(resamples=199))
CONTROL = probed(se.RegressionAdjustment(), ANATOMY, negative_control="anatomy")
RESULTS = {"adjusted": ADJUSTED, "raw": RAW, "control": CONTROL}


def said(result, lang="en"):
    return " ".join(sensitivity_sentences(Voice.of(result, lang)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", RESULTS)
def test_no_word_claims_too_much_at_any_grade(name, lang):
    text = said(RESULTS[name], lang)
    assert text and not re.search(r"\bnan\b|\binf\b|\{", text)
    for grade in "CDE":
        assert not lint(text, grade, lang)
    assert not without_interval(text, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_numbers_are_those_of_the_frame(lang):
    text = said(ADJUSTED, lang)
    for parameter in ("estimate", "limit"):
        assert f"{one(ADJUSTED, 'e_value', 'osce', parameter)['value']:.2f}" in text
        assert f"{100 * one(ADJUSTED, 'robustness_value', 'osce', parameter)['value']:.1f}%" in text
    oster = one(ADJUSTED, "oster")
    assert f"{oster['value']:.2f}" in text and f"{100 * oster['setting']:.1f}%" in text
    for end in ("lowest", "highest"):
        assert f"{one(ADJUSTED, 'worst_case', 'osce', end)['estimate']:.2f}".replace("-", "−") in text
    assert f"{abs(one(ADJUSTED, 'tipping_point', 'osce', 'tips_members')['value']):.2f}" in text


def test_the_benchmark_is_the_covariate_that_takes_most():
    rows = ADJUSTED.frame("sensitivity").query("analysis == 'benchmark' and setting == 1")
    strongest = rows.loc[rows["estimate"].idxmin(), "term"]
    assert f"as strong as {strongest}, the covariate that takes most" in said(ADJUSTED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_benchmark_starts_from_the_difference_of_the_regression_it_belongs_to(lang):
    surface = ADJUSTED.frame("surface").query("r2_member == 0 and r2_outcome == 0").iloc[0]
    expected = {"en": f"Of the {surface['estimate']:.2f} of the regression with common slopes, "}
    expected["zh"] = f"在两组斜率相同的回归中，差值为 {surface['estimate']:.2f}；"
    assert expected[lang] in said(ADJUSTED, lang)
    assert expected[lang][:12] not in said(RAW, lang)


def test_nothing_needs_an_explanation_where_the_interval_includes_the_null_value():
    text = said(ADJUSTED)
    row = ADJUSTED.estimates.query("outcome == 'papers' and primary").iloc[0]
    assert row["conf_low"] < 1 < row["conf_high"]
    assert re.search(r"For [^.]*papers[^.]*, the simultaneous interval includes the null value as it is", text)
    assert "For papers, an unmeasured cause" not in text


def test_a_difference_of_which_it_was_not_asked_is_named():
    assert "was not examined" not in said(ADJUSTED)
    rows = ADJUSTED.estimates
    found = rows[rows["primary"] & (rows["outcome"] == "osce")].assign(outcome="rating")
    frames = dict(ADJUSTED.frames) | {"estimates": pd.concat([rows, found])}
    more = se.Result.of(ADJUSTED.design, frames, provenance=dict(ADJUSTED.provenance), start_grade="C")
    assert "to explain the difference was not examined for rating." in said(more)


def test_the_raw_difference_is_beyond_nothing():
    text = said(RAW)
    assert "of the variance of membership" in text and "beyond what is adjusted for" not in text


def test_what_a_control_says():
    row = one(CONTROL, "negative_control", "osce", "calibrated")
    text = said(CONTROL)
    assert "does not show that there are no unmeasured causes" in text or "points to unmeasured causes" in text
    assert f"{row['estimate']:.2f} (95% CI [{row['conf_low']:.2f}, {row['conf_high']:.2f}]) for osce" in text.replace(
        "−", "-"
    )


def test_one_sentence_on_a_covariate_of_several_outcomes():
    text = said(CONTROL)
    assert text.count("is measured with error") == 1 and "for osce" in text and "for anatomy" in text


def test_the_fit_of_a_design_is_spoken_about_too():
    fit = se.RegressionAdjustment().fit(STUDY)
    text = said(fit)
    assert "E-value" in text and "Oster" not in text and "benchmark" not in text
