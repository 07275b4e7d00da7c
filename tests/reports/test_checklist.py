"""Checklists and reviewers' questions filled from findings: what is known is said, the rest is left with advice."""

import ast
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from report_examples import findings, row

import society_effects as se
from society_effects.errors import OutputError
from society_effects.findings.checks import Check
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.language.lexicon import lint
from society_effects.reports import checklist_report, report
from society_effects.reports.checklists import CHECKLISTS, checklist, reviewer_questions
from society_effects.reports.checklists.reviewing import MOST, QUESTIONS
from society_effects.reports.italics import plain
from society_effects.reports.report import Checklist

FOLDER = Path(__file__).parents[2] / "society_effects" / "reports" / "checklists"
STROBE = "1a 1b 2 3 4 5 6a 6b 7 8 9 10 11 12a 12b 12c 12d 12e 13a 13b 13c 14a 14b 14c 15 16a 16b 16c 17 18 19 20 21 22"
FACTS = {
    "assignment": "self-selected",
    "membership_definition": {"en": "on the list since autumn", "zh": "秋季起在册"},
    "covariates_before_joining": "all",
    "examiners_blind": True,
    "exam_optional": False,
    "response": {"yes": 0.95, "no": 0.9},
    "training_overlaps_stations": ["osce"],
}


@pytest.fixture(scope="module")
def adjusted():
    return se.RegressionAdjustment(subgroups=("sex",)).fit(se.load_sample("clinical_skills_667", cluster="class"))


@pytest.fixture(scope="module")
def compared():
    return se.MemberComparison().fit(se.load_sample("clinical_skills_667"))


@pytest.fixture(scope="module")
def joined():
    return se.DifferenceInDifferences().fit(se.load_sample("professional_identity_panel"))


@pytest.fixture(scope="module")
def before_and_after():
    study = se.load_sample("professional_identity_panel")
    return se.PrePost(first="before", last="year").fit(study)


@pytest.fixture(scope="module")
def printed():
    table = {"outcome": ["osce"] * 2, "group": ["yes", "no"], "n": [60, 80], "mean": [80.0, 78.0], "sd": [8.0, 9.0]}
    return se.MemberComparison().fit(se.Study.from_summary(table, group="group", member="yes", reference="no"))


@pytest.fixture(scope="module")
def every(adjusted, compared, joined, before_and_after, printed):
    return adjusted, compared, joined, before_and_after, printed


def items_of(result, kind="strobe", lang="en"):
    return {item.key: item for item in checklist(result, kind, lang).items}


def asked_of(result, lang="en"):
    return {item.key: item for item in reviewer_questions(result, lang).items}


def stated(**facts):
    """A comparison of two stations whose study states these facts."""
    rows = [row("mean_difference", "above", "osce"), row("mean_difference", "includes", "history")]
    return findings(rows, provenance={"about": FACTS | facts})


class TestWords:
    def test_items_are_those_of_the_checklists(self):
        assert list(CHECKLISTS["strobe"]) == STROBE.split()
        assert list(CHECKLISTS["society_12"]) == [str(k) for k in range(1, 13)]

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_item_and_question_has_a_name_and_no_name_waits_for_one(self, lang):
        named = {"reviewer.questions": QUESTIONS} | {f"{kind}.items": items for kind, items in CHECKLISTS.items()}
        for start, keys in named.items():
            entries = {key.removeprefix(f"{start}.") for key in catalogue(lang).entries if key.startswith(f"{start}.")}
            assert entries == set(keys), start
        for words in ("checklists", "reviewer"):
            assert all(catalogue(lang).has(f"{words}.status.{status}") for status in ("filled", "partly", "to_do"))

    def test_every_sentence_that_is_asked_for_is_there_and_every_other_is_not(self):
        texts = {
            node.value
            for file in FOLDER.glob("*.py")
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        for kind, called in (("said", "say"), ("remains", "remains")):
            wanted = first_arguments(called)
            there = {k.split(".")[2] for k in catalogue("en").entries if k.startswith(f"checklists.{kind}.")}
            assert wanted <= there
            unused = there - wanted - texts - {"outcome_with_unit"}
            assert not unused


def first_arguments(method):
    """What is passed first to this method of items, anywhere in the folder."""
    found = set()
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id == "item":
                found |= {c.value for c in ast.walk(node.args[0]) if isinstance(c, ast.Constant)}
    return {text for text in found if isinstance(text, str)}


class TestStates:
    def test_each_state_is_reached_by_what_is_known(self, every):
        reached = {}
        for result in every:
            for kind in CHECKLISTS:
                for key, item in items_of(result, kind).items():
                    reached.setdefault((kind, key), set()).add(item.status)
                    assert (item.status == "filled") == (not item.remains)
                    assert (item.status == "to_do") == (not item.text)
        states = [state for found in reached.values() for state in found]
        assert {state: states.count(state) > 10 for state in ("filled", "partly", "to_do")} == {
            "filled": True,
            "partly": True,
            "to_do": True,
        }

    def test_what_no_result_can_know_is_never_filled(self, every):
        for result in every:
            items = items_of(result)
            assert {items[key].status for key in ("2", "10", "18", "22")} == {"to_do"}
            assert "filled" not in {
                items[key].status for key in ("1a", "1b", "3", "5", "6a", "8", "13a", "19", "20", "21")
            }
            assert items_of(result, "society_12")["1"].status == "to_do"

    def test_facts_that_are_stated_are_said_and_no_others(self):
        told, silent = items_of(stated()), items_of(findings([row("mean_difference", "above")]))
        assert (
            "on the list since autumn" in told["6a"].text and "秋季起在册" in items_of(stated(), lang="zh")["6a"].text
        )
        assert "did not know" in told["8"].text and "examiners_blind" not in told["8"].remains
        assert "95" in told["13a"].text
        assert "about=About(membership_definition" in silent["7"].remains
        assert "about=About(examiners_blind" in silent["8"].remains and not silent["8"].text
        assert "knew who was a member" in items_of(stated(examiners_blind=False))["8"].text

    def test_what_the_society_trains_for(self):
        def seventh(overlap):
            return items_of(stated(training_overlaps_stations=overlap), "society_12")["7"]

        assert seventh(["osce"]).status == "filled" and "For history score, no such overlap" in seventh(["osce"]).text
        assert seventh(False).status == "filled" and "does not train" in seventh(False).text
        unnamed = findings(
            [row("mean_difference", "above")],
            checks=[Check("TRAIN_TO_TEST", "warn")],
            provenance={"about": {"training_overlaps_stations": True}},
        )
        assert items_of(unnamed, "society_12")["7"].status == "partly"
        assert items_of(findings([row("mean_difference", "above")]), "society_12")["7"].status == "to_do"

    def test_a_total_that_contains_a_trained_station_is_not_called_untrained(self, compared, adjusted):
        for result in (compared, adjusted):
            assert "For history taking, no such overlap" in items_of(result, "society_12")["7"].text

    def test_achievement_and_motivation_are_known_by_name_adjusted_for_or_left_out(self, compared, adjusted, printed):
        raw, by_regression, unknown = (items_of(r, "society_12") for r in (compared, adjusted, printed))
        assert "not adjusted for: prior score" in raw["8"].text and "0.64 standard deviations" in raw["8"].text
        assert "se.RegressionAdjustment()" in raw["8"].remains
        assert by_regression["8"].status == "filled" and "Adjusted for prior score" in by_regression["8"].text
        assert "Adjusted for motivation" in by_regression["9"].text and "questionnaire" in by_regression["9"].remains
        assert {unknown["8"].status, unknown["9"].status} == {"to_do"}

    def test_leavers_are_counted_where_membership_is_known_over_waves(self):
        left = Check("LEAVERS", values={"n": 3, "first": "before", "last": "after"})
        known = items_of(findings([row("mean_difference", "above")], checks=[left]), "society_12")
        assert known["5"].status == "filled" and "3 students" in known["5"].text

    def test_missing_scores_are_those_of_the_ledger(self, adjusted):
        assert "16 of 508 non-members (3.1%)" in items_of(adjusted, "society_12")["11"].text


class TestStrobe:
    def test_an_adjusted_comparison_fills_methods_and_both_estimates(self, adjusted):
        items = items_of(adjusted)
        assert items["12a"].status == "filled" and "Lin’s regression" in items["12a"].text
        assert "prior score" in items["12a"].text
        assert items["12b"].status == "filled" and "Subgroups were compared" in items["12b"].text
        assert items["12e"].status == "filled" and "E-values" in items["12e"].text
        assert items["16a"].status == "partly" and items["16a"].text.count("unadjusted") == 4
        assert "Say why these covariates are adjusted for" in items["16a"].remains
        assert "20 classes" in items["12d"].text and "cluster=" not in items["12d"].remains
        assert items["17"].status == "filled" and "“Subgroups”" in items["17"].text

    def test_a_raw_comparison_leaves_adjustment_to_the_author(self, compared):
        items = items_of(compared)
        assert "nothing is adjusted for" in items["12a"].remains
        assert items["12e"].status == "to_do" and not items["12e"].text
        assert "Only unadjusted estimates" in items["16a"].remains
        assert "cluster=" in items["12d"].remains
        assert "motivation questionnaire (absolute standardised difference 0.69)" in items["14a"].text

    def test_one_group_is_not_asked_for_what_only_a_comparison_has(self, before_and_after):
        items = items_of(before_and_after)
        assert "without a comparison group" in items["1a"].remains
        assert "no comparison group" in items["16a"].remains and "adjusted ones" not in items["16a"].remains

    def test_the_lowest_rung_is_the_unadjusted_number_of_a_ladder(self):
        ladder = se.triangulate(se.load_sample("clinical_skills_667"))
        rows = ladder.estimates
        raw = rows[(rows.design == "raw") & (rows.outcome == "total")]["estimate"].iloc[0]
        assert f"unadjusted {raw:.2f} points" in items_of(ladder)["16a"].text

    def test_relative_measures_need_absolute_ones_beside_them(self):
        alone = findings([row("risk_ratio", "above")])
        assert items_of(alone)["16c"].status == "to_do"
        both = findings([row("risk_difference", "above"), row("risk_ratio", "above", primary=False)])
        assert items_of(both)["16c"].status == "filled"
        assert items_of(findings([row("mean_difference", "above")]))["16c"].status == "filled"

    def test_yes_or_no_outcomes_ask_for_their_boundary(self):
        items = items_of(findings([row("risk_difference", "above")]))
        assert "osce" in items["16b"].remains and "osce" in items["11"].remains

    def test_of_a_printed_table_it_is_not_known_who_is_missing(self, printed):
        assert "not known" in items_of(printed)["12c"].remains
        assert items_of(printed)["14b"].status == "to_do"


class TestReviewer:
    def test_open_questions_come_first_and_no_more_than_a_reader_takes_in(self, every):
        for result in every:
            items = reviewer_questions(result).items
            still_open = [bool(item.remains) for item in items]
            assert 0 < len(items) <= MOST and still_open == sorted(still_open, reverse=True)

    def test_a_raw_comparison_is_asked_who_joins_and_told_what_to_do(self, compared):
        asked = asked_of(compared)
        assert next(iter(asked)) == "who_joins"
        assert "se.RegressionAdjustment().fit(study)" in asked["who_joins"].remains
        assert "se.sensitivity(result, study)" in asked["unmeasured"].remains
        assert "cluster=" in asked["classes"].remains
        assert asked["many_outcomes"].status == "filled" and "max-T" in asked["many_outcomes"].text

    def test_an_adjusted_comparison_answers_them(self, adjusted):
        asked = asked_of(adjusted)
        assert {asked[key].status for key in ("who_joins", "unmeasured", "classes")} == {"filled"}
        assert "no group do more than 5.0%" in asked["missing"].text
        assert "prior score" in asked["who_joins"].text and "no unmeasured cause is needed" in asked["unmeasured"].text
        assert asked["comparable"].status == "partly" and "Rubin’s B" in asked["comparable"].text

    def test_what_was_probed_is_no_longer_asked(self):
        rng = np.random.default_rng(4)
        member = np.repeat(["yes", "no"], 60)
        data = pd.DataFrame({"member": member, "osce": rng.normal(75, 8, 120) + 6 * (member == "yes")})
        study = se.Study(data, outcomes="osce", group="member", member="yes", reference="no")
        result = se.MemberComparison().fit(study)
        assert asked_of(result)["unmeasured"].status == "to_do"
        probed = asked_of(se.sensitivity(result, study, "e_value"))["unmeasured"]
        assert probed.status == "filled" and "E-value" in probed.text

    def test_of_many_answers_the_e_values_are_told_from_which_to_which(self, compared):
        probed = se.sensitivity(compared, se.load_sample("clinical_skills_667"), "e_value")
        found = probed.frame("sensitivity").query("outcome != 'history_taking' and analysis == 'e_value'")
        values = found[found["term"].isna()].groupby("parameter")["value"].agg(["min", "max"])
        text = asked_of(probed)["unmeasured"].text
        for low, high in values.to_numpy():
            assert f"{low:.2f} to {high:.2f}" in text
        assert "physical examination, basic operations, total score" in text
        assert "For history taking, the simultaneous interval includes the null value" in text

    def test_one_group_is_asked_for_a_comparison_and_for_the_mean(self, before_and_after):
        asked = asked_of(before_and_after)
        assert "se.PrePostControl()" in asked["no_control"].remains
        assert "population_mean=" in asked["regression_to_the_mean"].remains
        assert not {"who_joins", "unmeasured"} & set(asked)

    def test_joiners_are_asked_for_waves_before_joining(self, joined):
        assert "three waves" in asked_of(joined)["alike_over_time"].remains

    @pytest.mark.parametrize(
        ("key", "check"),
        [
            ("examiners", Check("MEASUREMENT", "warn")),
            ("who_took_part", Check("SELECTED_SAMPLE", "warn")),
            ("timing", Check("TIMING_NOT_STATED", "warn", {"names": ("gpa",)})),
            ("timing", Check("BAD_CONTROL", "warn", {"names": ("gpa",)})),
            ("few_students", Check("TOO_FEW", "fail")),
            ("ends_of_the_scale", Check("CEILING", "warn", {"share": 0.3})),
            ("subgroups", Check("MANY_SUBGROUPS", "warn", {"k": 4})),
            ("planned", Check("EXPLORATORY", "note")),
            ("overlap", Check("TRAIN_TO_TEST", "warn", outcome="osce")),
            ("leavers", Check("LEAVERS", "note", {"n": 2, "first": "before", "last": "after"})),
            ("large_enough", Check("NO_SESOI")),
        ],
    )
    def test_a_check_gives_reason_to_ask(self, key, check):
        rows = [row("mean_difference", "above")]
        assert key in asked_of(findings(rows, checks=[check])) and key not in asked_of(findings(rows))

    def test_an_outcome_of_yes_and_no_may_have_been_cut(self):
        assert (
            "compare the score itself" in asked_of(findings([row("risk_difference", "above")]))["dichotomised"].remains
        )


class TestInReports:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_they_claim_no_more_than_the_grade(self, lang, every):
        for result in every:
            lists = [checklist(result, kind, lang) for kind in CHECKLISTS] + [reviewer_questions(result, lang)]
            for item in (item for found in lists for item in found.items):
                said = plain(f"{item.name} {item.text} {item.remains}")
                assert item.text or item.remains, item.name
                assert "{" not in said.replace("response={...}", "").replace('covariates={"prior', ""), said
                assert not [span for span in lint(said, result.claim, lang) if span.reason != "interval"], said

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_they_stand_in_the_report(self, lang, compared):
        whole = report(compared, lang)
        blocks = [block for block in whole.blocks if isinstance(block, Checklist)]
        wanted = [reviewer_questions(compared, lang), *(checklist(compared, kind, lang) for kind in CHECKLISTS)]
        assert sorted(map(repr, blocks)) == sorted(map(repr, wanted))
        for rendered in (str(whole), whole.to_markdown().replace("\\", "")):
            assert all(item.status_name in rendered for found in wanted for item in found.items)
        assert "10.1371/journal.pmed.0040296" in whole.to_html()

    def test_in_chinese_only_advice_stands_upright_and_symbols_stay_italic(self, compared):
        page = compared.checklist("society_12", "zh").to_html()
        upright = re.findall(r"([^}]*){ ?font-style: normal", page)
        assert [rule for rule in upright if ".checklist i" in rule] and all("i.left" in rule for rule in upright)
        assert '<i class="left">' in page and "<i>P</i>" in page

    def test_one_of_them_is_a_report_of_its_own(self, compared, tmp_path):
        alone = compared.checklist("society_12", "zh")
        assert alone == checklist_report(compared, "society_12", "zh")
        assert "模拟" in str(alone) and "社团的活动内容" in str(alone)
        for suffix in (".docx", ".html", ".md"):
            assert alone.save(tmp_path / f"list{suffix}").stat().st_size > 500

    def test_a_slip_in_its_name_is_told(self, compared):
        with pytest.raises(OutputError) as raised:
            compared.checklist("strobes")
        assert raised.value.code == "UNKNOWN_CHECKLIST" and "strobe" in str(raised.value)

    def test_findings_without_estimates_have_none(self):
        described = se.Describe().fit(se.load_sample("clinical_skills_667"))
        assert not any(isinstance(block, Checklist) for block in report(described).blocks)
        assert len(checklist(described).items) == len(CHECKLISTS["strobe"])
