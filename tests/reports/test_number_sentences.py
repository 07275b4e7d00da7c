"""Every measure x claim x language x place of the interval has its sentence, and keeps to its claim."""

import json
import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from report_examples import findings, row

from society_effects.findings.measures import MEASURES
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.language.lexicon import lint
from society_effects.reports.italics import plain
from society_effects.reports.number_sentences import number_sentence, sentence_key
from society_effects.reports.positions import POSITIONS, position
from society_effects.reports.voice import Voice

CLAIMS = ("description", "association", "adjusted_association", "effect")
FAMILIES = sorted({measure.family for measure in MEASURES.values()})
SNAPSHOTS = Path(__file__).with_name("number_sentences.json")
KINDS = {(m.family, m.of_shares, m.in_units, m.over): m.name for m in reversed(MEASURES.values())}
"""One measure of each kind of sentence; the snapshot holds the sentences of all measures."""
GRID = list(product(KINDS.values(), CLAIMS, POSITIONS))


@cache
def sentence(measure, claim, where, lang, style=None):
    found = findings([row(measure, where)], claim)
    return plain(number_sentence(Voice.of(found, lang, style), found.frame("estimates").iloc[0], "osce"))


def numbers_in(text):
    """Every number of a text, as a set of plain decimals (.001 and 0.001 are one)."""
    found = re.findall(r"[−-]?\d*\.?\d+", text.replace("−", "-").replace("20%", "").replace("N = 667", ""))
    return {float(n) for n in found}


@pytest.mark.parametrize(("family", "claim", "where", "lang"), list(product(FAMILIES, CLAIMS, POSITIONS, LANGUAGES)))
def test_the_grid_is_complete(family, claim, where, lang):
    voice = Voice.of(findings([row("mean_difference", "above")]), lang)
    assert voice.words.has(sentence_key(voice, family, claim, where))


def test_the_examples_lie_where_they_say():
    for measure, where in product(MEASURES, POSITIONS):
        assert position(row(measure, where, simultaneous_low=None, simultaneous_high=None)) == where


def test_sentences_are_those_of_the_snapshot():
    """Run ``python tests/reports/test_number_sentences.py`` after a change of words, and read the difference."""
    assert json.loads(SNAPSHOTS.read_text(encoding="utf-8")) == all_sentences()


@pytest.mark.parametrize(("measure", "claim", "where"), GRID)
def test_both_languages_say_the_same_numbers(measure, claim, where):
    english, chinese = (sentence(measure, claim, where, lang) for lang in LANGUAGES)
    assert numbers_in(english) == numbers_in(chinese), (english, chinese)


@pytest.mark.parametrize(("measure", "claim", "where"), GRID)
def test_no_sentence_claims_too_much(measure, claim, where):
    for lang in LANGUAGES:
        text = sentence(measure, claim, where, lang)
        assert not lint(text, claim, lang), text


@pytest.mark.thinned
@pytest.mark.parametrize(("measure", "claim"), list(product(MEASURES, CLAIMS)))
def test_an_association_is_asserted_only_when_the_interval_excludes_the_null(measure, claim):
    asserting = {"above", "below"} | ({"untested"} if claim == "description" else set())
    for where in set(POSITIONS) - asserting:
        chinese = sentence(measure, claim, where, "zh").replace("差异有无统计学意义", "")
        assert "差异有统计学意义" not in chinese
        assert not re.search(
            r"higher among|lower among|more frequent|less frequent", sentence(measure, claim, where, "en")
        )
    assert "compatible with" in sentence(measure, claim, "includes", "en")
    assert "尚不能排除" in sentence(measure, claim, "includes", "zh")


def test_the_direction_is_in_the_words():
    assert "4.00 points higher among members" in sentence("mean_difference", "association", "above", "en")
    assert "lower among members" in sentence("mean_difference", "association", "below", "en")
    assert "mean difference −4.00 points" in sentence("mean_difference", "association", "below", "en")
    assert "高于" in sentence("mean_difference", "association", "above", "zh")
    assert "低于" in sentence("mean_difference", "association", "below", "zh")


def test_each_style_writes_numbers_its_own_way():
    apa, ama = (sentence("mean_difference", "association", "above", "en", style) for style in ("apa", "ama"))
    gbt = sentence("mean_difference", "association", "above", "zh")
    assert "Welch’s t(209.2) = 4.73, p < .001, 95% CI [2.33, 5.67]" in apa
    assert "P < .001, 95% CI 2.33 to 5.67" in ama
    assert "t′=4.73，ν=209.2，P<0.001" in gbt
    assert "82.00±8.00" in gbt


def test_an_adjusted_p_is_shown_and_named():
    for adjustment, english, chinese in (
        ("max_t", " adjusted p = .012", "，校正 P=0.012"),
        ("holm", "Holm-adjusted p = .012", "Holm 校正 P=0.012"),
    ):
        found = findings([row("mean_difference", "above", p_adjusted=0.0123, adjustment=adjustment)])
        for lang, wanted in (("en", english), ("zh", chinese)):
            said = plain(number_sentence(Voice.of(found, lang), found.frame("estimates").iloc[0], "osce"))
            assert wanted in said
            assert "4.2e" not in said


def test_a_test_without_a_statistic_is_named():
    exact = row("risk_difference", "above", method="fisher", statistic=float("nan"), statistic_name=None, p_value=0.012)
    for lang, wanted in (("en", "Fisher exact test, p = .012"), ("zh", "（Fisher 确切概率法，P=0.012）")):
        found = findings([exact])
        assert wanted in plain(number_sentence(Voice.of(found, lang), found.frame("estimates").iloc[0], "osce"))


def test_simultaneous_limits_decide_and_are_named():
    wide = row("mean_difference", "above", simultaneous_low=-0.4, simultaneous_high=8.4, p_adjusted=0.07)
    found = findings([wide])
    said = plain(number_sentence(Voice.of(found, "en"), found.frame("estimates").iloc[0], "osce"))
    assert "compatible with differences from −0.40 to 8.40 points" in said


def test_without_group_rows_the_sentence_still_stands():
    found = findings([row("mean_difference", "above")], frames=("estimates",))
    said = plain(number_sentence(Voice.of(found, "en"), found.frame("estimates").iloc[0], "osce"))
    assert "higher among members than among non-members" in said


def test_chinese_gives_no_percentage_for_small_groups():
    small = {"outcome": ["osce"] * 2, "group": ["yes", "no"], "n": [12, 15], "events": [9, 6], "share": [0.75, 0.4]}
    found = findings([row("risk_difference", "above")])
    found = type(found).of(found.design, {"estimates": found.frame("estimates"), "groups": small}, labels=found.labels)
    rows = found.frame("estimates").iloc[0]
    assert "（9/12）" in number_sentence(Voice.of(found, "zh"), rows, "osce")
    assert "75" in number_sentence(Voice.of(found, "en"), rows, "osce")


def all_sentences():
    return {
        f"{measure} | {claim} | {where} | {lang}": sentence(measure, claim, where, lang)
        for measure, claim, where in GRID
        for lang in LANGUAGES
    }


def test_every_measure_and_its_short_name_is_named():
    for lang in LANGUAGES:
        words = catalogue(lang)
        assert all(words.has(f"measures.{m}") and words.has(f"measures.short.{m}") for m in MEASURES)


if __name__ == "__main__":
    SNAPSHOTS.write_text(json.dumps(all_sentences(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
