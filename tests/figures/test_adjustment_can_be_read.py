"""The figures of adjusted comparisons in both languages, small, large and ugly: can they be read?"""

import pytest
from examples_of_adjustment import adjusted, ladder, several_contrasts
from faults import faults

from society_effects.figures import FIGURES, draw

KINDS = ("contour", "adjusted_means", "subgroups", "balance", "coefficients")
CASES = {
    "one": {},
    "two": {"outcomes": 2},
    "four": {"outcomes": 4},
    "binary": {"kind": "binary", "outcomes": 3},
    "ordinal": {"kind": "ordinal", "outcomes": 2},
    "seven categories": {"kind": "ordinal", "categories": 7},
    "count": {"kind": "count"},
    "long": {"long_labels": True},
    "long and two": {"long_labels": True, "outcomes": 2},
    "many covariates": {"terms": 14, "after": True, "long_labels": True},
    "forty covariates": {"terms": 40},
    "one covariate": {"terms": 1},
    "negative": {"estimate": -2.0},
    "zero": {"estimate": 0.0},
    "unsure": {"error": 30.0},
    "sure": {"error": 0.01},
    "thousandths": {"scale": 1e-5},
    "millions": {"scale": 1e6},
    "nine subgroups": {"levels": 9},
}
QUICK = ("two", "binary", "seven categories", "long and two", "many covariates", "zero", "unsure", "millions")
"""Tried with the quick tests; the others with the slow ones."""
LADDERS = {
    "one": {},
    "three": {"outcomes": 3, "effective": True},
    "one missed": {"missed": ("change",)},
    "four missed": {"missed": ("within_class", "change", "demographics", "motivation")},
    "several missed": {"outcomes": 4, "missed": ("change",)},
    "long": {"long_labels": True, "effective": True, "outcomes": 2},
    "shares": {"shares": True, "long_labels": True},
    "truth at raw": {"raw": 1.44},
    "truth near raw": {"raw": 1.5},
    "raw far off": {"raw": 30.0},
    "raw at zero": {"raw": 0.0},
    "negative": {"scale": -1.0},
    "millions": {"scale": 1e6},
    "thousandths": {"scale": 1e-5},
    "two rungs": {"rungs": 2, "truth": False},
}


def quick_first(cases):
    """The cases as parameters; those that are not quick are marked slow."""
    return [pytest.param(case, marks=() if case in QUICK else pytest.mark.slow) for case in cases]


def readable(findings, kind, **options):
    figure = draw(findings, kind, **options)
    assert faults(figure) == []
    if FIGURES[kind].fits(findings):
        assert figure.height_mm <= figure.journal.tallest
    return figure


@pytest.mark.thinned
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("case", quick_first(CASES))
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_overlaps_or_is_lost(kind, case, lang):
    findings = adjusted(lang=lang, **CASES[case])
    if FIGURES[kind].possible(findings):
        readable(findings, kind)


@pytest.mark.thinned
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("case", list(LADDERS))
def test_every_ladder_can_be_read(case, lang):
    readable(ladder(lang=lang, **LADDERS[case]), "ladder")


@pytest.mark.thinned
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_several_contrasts(kind, lang):
    readable(several_contrasts(lang), kind)


@pytest.mark.thinned
@pytest.mark.parametrize("journal", ["plos", "bmc", "nature", "chinese"])
@pytest.mark.parametrize("kind", [*KINDS, "ladder"])
def test_journal_presets(kind, journal):
    findings = ladder(missed=("change",)) if kind == "ladder" else adjusted(outcomes=2)
    figure = readable(findings, kind, journal=journal, title="Members and non-members")
    assert min(text.get_fontsize() for text in figure.texts_shown()) >= figure.journal.note_size
