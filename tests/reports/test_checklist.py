"""STROBE filled from findings: each item says what the result tells and leaves the rest to the author."""

import pytest
from report_examples import findings, row

import society_effects as se
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.language.lexicon import lint
from society_effects.reports import report, strobe
from society_effects.reports.checklist import ITEMS
from society_effects.reports.italics import plain
from society_effects.reports.report import Checklist


@pytest.fixture(scope="module")
def adjusted():
    return se.RegressionAdjustment(subgroups=("sex",)).fit(se.load_sample("clinical_skills_667", cluster="class"))


@pytest.fixture(scope="module")
def compared():
    return se.MemberComparison().fit(se.load_sample("clinical_skills_667"))


def items_of(result, lang="en"):
    return {item.key: item for item in strobe(result, lang).items}


def test_items_are_data_with_words_in_both_languages():
    for lang in LANGUAGES:
        words = catalogue(lang)
        assert all(words.has(f"strobe.items.{key}") for key in ITEMS)
        assert all(words.has(f"strobe.status.{status}") for status in ("filled", "partly", "to_do"))
    assert list(ITEMS) == ["12a", "12b", "12c", "12d", "12e", "16a", "16b", "16c"]


def test_an_adjusted_comparison_fills_methods_and_both_estimates(adjusted):
    items = items_of(adjusted)
    assert items["12a"].status == "filled" and "Lin’s regression" in items["12a"].text
    assert "prior score" in items["12a"].text
    assert items["12b"].status == "filled" and "Subgroups were compared" in items["12b"].text
    assert items["12e"].status == "filled" and "E-values" in items["12e"].text
    assert items["16a"].status == "partly" and items["16a"].text.count("unadjusted") == 4
    assert "Say why these covariates were chosen" in items["16a"].remains
    assert "20 classes" in items["12d"].text and "cluster=" not in items["12d"].remains


def test_a_raw_comparison_leaves_adjustment_to_the_author(compared):
    items = items_of(compared)
    assert "nothing is adjusted for" in items["12a"].remains
    assert items["12e"].status == "to_do" and not items["12e"].text
    assert "Only unadjusted estimates" in items["16a"].remains
    assert "cluster=" in items["12d"].remains


def test_the_lowest_rung_is_the_unadjusted_number_of_a_ladder():
    ladder = se.triangulate(se.load_sample("clinical_skills_667"))
    rows = ladder.estimates
    raw = rows[(rows.design == "raw") & (rows.outcome == "total")]["estimate"].iloc[0]
    assert f"unadjusted {raw:.2f} points" in items_of(ladder)["16a"].text


def test_relative_measures_need_absolute_ones_beside_them():
    alone = findings([row("risk_ratio", "above")])
    assert items_of(alone)["16c"].status == "to_do"
    both = findings([row("risk_difference", "above"), row("risk_ratio", "above", primary=False)])
    assert items_of(both)["16c"].status == "filled"
    assert items_of(findings([row("mean_difference", "above")]))["16c"].status == "filled"


def test_yes_or_no_outcomes_ask_for_their_boundary():
    assert "osce" in items_of(findings([row("risk_difference", "above")]))["16b"].remains


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_stands_in_the_report_and_claims_no_more_than_the_grade(lang, adjusted, compared):
    for result in (adjusted, compared):
        whole = report(result, lang)
        block = next(block for block in whole.blocks if isinstance(block, Checklist))
        assert block == strobe(result, lang)
        for item in block.items:
            said = plain(f"{item.text} {item.remains}")
            assert item.name.startswith(item.key) and said.strip()
            assert not [span for span in lint(said, result.claim, lang) if span.reason != "interval"], said
            for rendered in (str(whole), whole.to_markdown().replace("\\", "")):
                assert item.status_name in rendered
        assert "10.1371/journal.pmed.0040296" in whole.to_html()


def test_findings_without_estimates_have_no_checklist():
    described = se.Describe().fit(se.load_sample("clinical_skills_667"))
    assert not any(isinstance(block, Checklist) for block in report(described).blocks)
    assert len(strobe(described).items) == len(ITEMS)


def test_of_a_printed_table_it_is_not_known_who_is_missing():
    table = {"outcome": ["osce"] * 2, "group": ["yes", "no"], "n": [60, 80], "mean": [80.0, 78.0], "sd": [8.0, 9.0]}
    study = se.Study.from_summary(table, group="group", member="yes", reference="no")
    assert "printed table does not" in items_of(se.MemberComparison().fit(study))["12c"].remains
