"""What is said of designs that compare changes: their own condition, whom they compare, and nothing without a result."""

import re

import numpy as np
import pandas as pd
import pytest
from report_examples import findings, row

import society_effects as se
from society_effects.errors import DesignError, OutputError
from society_effects.findings.checks import Check
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.language.lexicon import lint
from society_effects.reports.italics import plain
from society_effects.reports.methods_sentences import methods_paragraph
from society_effects.reports.report import Claim
from society_effects.reports.sentences import claim_sentence, limits_paragraph, results_paragraph

ADJUSTED = re.compile("after adjustment|no unmeasured|Adjustment covers|not measured|混杂|校正后|校正仅限|未测量")
ALIKE = {"en": "changed alike", "zh": "变化相同"}
STAGGERED = "Each cohort of joiners was compared at every wave"


def study(joining=("t3",), never=30, waves=3, kind="continuous", **roles):
    """Students who join at these waves, and others who never do."""
    rng, names = np.random.default_rng(2), [f"t{wave + 1}" for wave in range(waves)]
    joined = [wave for wave in joining for _ in range(20)] + [None] * never
    scores = rng.normal(60, 8, (len(joined), waves)).round()
    if kind == "ordinal":
        scores = rng.integers(1, 5, (len(joined), waves))
    data = pd.DataFrame(scores, columns=[f"y_{name}" for name in names])
    data["society"] = [0 if wave is None else 1 for wave in joined]
    data["joined"], data["age"] = joined, rng.normal(20, 1, len(joined))
    outcome = se.Outcome("y", kind=kind, categories=("1", "2", "3", "4") if kind == "ordinal" else ())
    columns = {"y": {name: f"y_{name}" for name in names}}
    return se.Study(data, outcomes=[outcome], waves=columns, joined="joined", group="society", **roles)


def claim_of(result, lang):
    return next(block for block in result.report(lang).blocks if isinstance(block, Claim))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("grade", ["adjusted_association", "effect"])
def test_designs_that_compare_changes_say_their_own_condition(lang, grade):
    cautious = [Check("PRE_TRENDS_NOT_TESTED", "warn", {"n": 1})]
    for checks in ([], cautious):
        found = findings([row("difference_in_changes", "above")], grade, checks=checks)
        text = claim_sentence(found, lang) + limits_paragraph(found, lang)
        assert not ADJUSTED.search(text)
        assert ALIKE[lang] in text
        assert not lint(plain(text), found.claim, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_designs_that_adjust_keep_the_words_of_adjustment(lang):
    rows = [row("adjusted_mean_difference", "above"), row("difference_in_changes", "above", primary=False)]
    found = findings(rows, "adjusted_association")
    assert ADJUSTED.search(claim_sentence(found, lang)) and ADJUSTED.search(limits_paragraph(found, lang))


def test_covariates_are_an_adjustment_too():
    found = se.DifferenceInDifferences(covariates=["age"]).fit(study(covariates=["age"]))
    assert "Adjustment covers only" in limits_paragraph(found) and ALIKE["en"] in claim_sentence(found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_may_be_said_where_nothing_was_computed(lang):
    result = se.DifferenceInDifferences().fit(study(kind="ordinal"))
    may, nothing = (catalogue(lang).get(f"reports.claim.{key}") for key in ("may", "nothing"))
    block = claim_of(result, lang)
    assert may not in [name for name, _ in block.lines] and nothing in block.reason
    assert nothing in claim_sentence(result, lang)
    assert not re.search(r"\(\)|（）", methods_paragraph(result, lang))
    undefined = findings([row("mean_difference", "undefined")])
    assert nothing in claim_sentence(undefined, lang)
    for found in (findings([row("mean_difference", "above")]), findings([row("mean_change", "above")], "description")):
        assert nothing not in claim_sentence(found, lang)


class TestWhoIsCompared:
    def test_at_one_wave(self):
        text = plain(methods_paragraph(se.DifferenceInDifferences().fit(study())))
        assert "students who never joined" in text and "ohort" not in text

    def test_at_several_waves(self):
        never = plain(methods_paragraph(se.DifferenceInDifferences(comparison="never").fit(study(("t2", "t3")))))
        later = plain(methods_paragraph(se.DifferenceInDifferences(comparison="not-yet").fit(study(("t2", "t3")))))
        assert f"{STAGGERED} with students who never joined" in never and "not joined yet" not in never
        assert f"{STAGGERED} with students who had not joined yet" in later and "never joined" not in later

    def test_in_chinese(self):
        result = se.DifferenceInDifferences(comparison="not-yet").fit(study(("t2", "t3")))
        text = plain(methods_paragraph(result, "zh"))
        assert "尚未入社" in text and "始终未入社" not in text
        assert "始终未入社" in methods_paragraph(se.DifferenceInDifferences().fit(study()), "zh")

    def test_students_with_some_of_the_scores_are_kept(self):
        check = Check("WAVES_AS_NEEDED", values={"n": 1, "of": 9})
        found = findings([row("difference_in_changes", "above")], checks=[check])
        assert "Every number is of the students who have the scores it compares" in methods_paragraph(found)
        assert "left out" not in methods_paragraph(found)


def test_names_of_estimates_hold_no_words_of_the_code():
    for result in (se.DifferenceInDifferences().fit(study()), se.DifferenceInDifferences().fit(study(("t2", "t3")))):
        text = str(result.table("estimates", "en"))
        assert not re.search(r"diff_in|adj_diff|· change ·|event_time|· twfe", text), text


class TestChinese:
    def test_an_outcome_stands_before_what_is_said_of_it(self):
        rows = [
            row(measure, "above", outcome=name, primary=measure.startswith("adj"))
            for name in ("a", "b")
            for measure in ("adjusted_mean_difference", "difference_in_changes")
        ]
        text = plain(results_paragraph(findings(rows, "adjusted_association"), "zh"))
        assert "变化之差：a 成绩 4.00" in text and "为 a 成绩" not in text
        assert "变化之差为 4.00" in plain(results_paragraph(findings(rows[:2], "adjusted_association"), "zh"))

    def test_numbers_without_a_unit_do_not_run_into_words(self):
        said = catalogue("zh").say
        values = {"members": "社团组", "outcome": "得分", "observed": "1.0", "low_setting": "0.7", "low": "0.56"}
        assert not re.search(r"0\.56\w", said("reports.results.rtm_selected_one", unit="", **values))

    def test_one_pair_of_brackets(self):
        said = catalogue("zh").say
        name = said("reports.results.at_wave", outcome="得分", wave="一学期后")
        assert "）（" not in said("reports.results.missing_item", outcome=name, groups="社团组 20/192")

    def test_ratios_without_a_finite_estimate(self):
        assert "有比值无有限" not in catalogue("zh").get("checks.ZERO_CELL")


@pytest.mark.parametrize("lang", LANGUAGES)
class TestErrors:
    def test_a_study_without_covariates(self, lang):
        with pytest.raises(DesignError) as raised:
            se.DifferenceInDifferences(covariates=["age"]).fit(study(lang=lang))
        assert raised.value.code == "NO_COVARIATES" and "。：" not in str(raised.value)

    def test_a_file_without_a_suffix(self, lang, tmp_path):
        result = se.DifferenceInDifferences().fit(study())
        for made in (result.report(lang), result.table("estimates", lang)):
            with pytest.raises(OutputError) as raised:
                made.save(tmp_path / "report")
            assert "``" not in str(raised.value) and ".html" in str(raised.value)
