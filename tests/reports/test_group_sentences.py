"""Tests of all groups, trends, categories and equivalence: every sentence, in both languages, keeps to its claim."""

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from report_examples import findings, row

import society_effects as se
from society_effects.findings.findings import Findings
from society_effects.findings.measures import VERDICTS
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.language.lexicon import lint
from society_effects.reports.group_sentences import equivalence_sentences, group_sentences
from society_effects.reports.italics import plain
from society_effects.reports.methods_sentences import methods_paragraph
from society_effects.reports.sentences import results_paragraph
from society_effects.reports.voice import Voice

NAN = float("nan")
CLAIMS = ("description", "association", "adjusted_association", "effect")
TESTS = ("omnibus", "trend", "waves", "interaction", "independence", "independence_two")
P_VALUES = {"found": 0.004, "open": 0.31, "undefined": NAN}
ASSERTS = {
    "en": r" differed|tended to be|there is a difference",
    "zh": "差异有统计学意义|趋势有统计学意义|交互作用有统计学意义",
}
N = 60


def with_test(test, p, claim="association", statistic=4.31, **changes):
    """Findings of a comparison with one row of ``tests``."""
    two = test in ("independence_two", "equivalence")
    own = {
        "design": "member_comparison",
        "outcome": "osce",
        "test": test.removesuffix("_two"),
        "group": "yes" if two else None,
        "reference": "no" if two else None,
        "statistic_name": "t" if test in ("trend", "equivalence") else "chi2",
        "statistic": NAN if np.isnan(p) else statistic,
        "df1": 3.0,
        "p_value": p,
        "method": "pearson_chi2",
    } | changes
    base = findings([row("mean_difference", "above")], claim)
    frames = {name: base.frame(name) for name in ("estimates", "groups")} | {"tests": {k: [v] for k, v in own.items()}}
    return Findings.of(base.design, frames, labels=base.labels, start_grade=base.start_grade, settings=base.settings)


def verdict(name, claim="association"):
    margins = {"margin_low": -5.0, "margin_high": 5.0, "conf_low": -1.2, "conf_high": 2.1, "conf_level": 0.9}
    return with_test(
        "equivalence", NAN if name is None else 0.02, claim, measure="mean_difference", verdict=name, **margins
    )


def said(found, sentences, lang):
    return plain("".join(sentences(Voice.of(found, lang))))


class TestTestsOfGroups:
    @pytest.mark.parametrize(("test", "claim", "where", "lang"), list(product(TESTS, CLAIMS, P_VALUES, LANGUAGES)))
    def test_a_difference_is_asserted_only_where_p_is_small_and_the_claim_allows(self, test, claim, where, lang):
        text = said(with_test(test, P_VALUES[where], claim), group_sentences, lang)
        assert not lint(text, claim, lang), text
        assert bool(re.search(ASSERTS[lang], text)) == (where == "found" and claim != "description"), text

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_the_direction_of_a_trend_is_that_of_its_statistic(self, lang):
        rising, falling = (
            said(with_test("trend", 0.004, statistic=sign * 3.0), group_sentences, lang) for sign in (1, -1)
        )
        words = {"en": ("higher", "lower"), "zh": ("上升", "下降")}[lang]
        assert words[0] in rising
        assert words[1] in falling

    def test_the_p_of_the_sentence_is_the_adjusted_one(self):
        adjusted = {"p_adjusted": 0.06, "adjustment": "max_t", "family": "f"}
        text = said(with_test("independence", 0.02, **adjusted), group_sentences, "en")
        assert "in the distribution over the categories was not shown" in text
        assert "adjusted p = .060" in text

    @pytest.mark.parametrize(("lang", "word"), [("en", "unadjusted p ="), ("zh", "未校正 P=")])
    def test_beside_adjusted_p_values_it_is_named_as_unadjusted(self, lang, word):
        alone = with_test("trend", 0.02)
        beside = with_estimates(alone, p_adjusted=0.2, adjustment="holm", family="f")
        assert word in said(beside, group_sentences, lang)
        assert word not in said(alone, group_sentences, lang)


def with_estimates(found, **changes):
    """The same findings with these columns of ``estimates``."""
    frames = {name: found.frame(name) for name in found.frames}
    frames["estimates"] = frames["estimates"].assign(**changes)
    return Findings.of(found.design, frames, labels=found.labels, settings=found.settings, start_grade="E")


class TestVerdicts:
    def test_the_interval_of_a_verdict_is_told_from_the_simultaneous_one(self):
        joint = {"p_adjusted": 0.2, "adjustment": "max_t", "family": "f"}
        joint |= {"simultaneous_low": -0.4, "simultaneous_high": 6.1}
        for lang, level, alone in (
            ("en", "the unadjusted 90% CI", "rest on the unadjusted interval of each comparison alone"),
            ("zh", "差值的未校正 90%CI", "各项比较单独的未校正置信区间"),
        ):
            text = said(with_estimates(verdict("equivalent"), **joint), equivalence_sentences, lang)
            assert level in text and alone in text
            assert alone not in said(verdict("equivalent"), equivalence_sentences, lang)

    @pytest.mark.parametrize(("name", "claim", "lang"), list(product((*VERDICTS, None), CLAIMS, LANGUAGES)))
    def test_each_verdict_shows_its_margin_and_keeps_to_its_claim(self, name, claim, lang):
        text = said(verdict(name, claim), equivalence_sentences, lang)
        assert not lint(text, claim, lang), text
        asserts = str(name).startswith("different") and claim != "description"
        assert bool(re.search(ASSERTS[lang], text)) == asserts, text
        if name is not None:
            assert "±5.00" in text
            assert "90%" in text
            assert "2.10" in text

    def test_equivalence_is_said_of_that_verdict_only(self):
        english = {name: said(verdict(name), equivalence_sentences, "en") for name in VERDICTS}
        chinese = {name: said(verdict(name), equivalence_sentences, "zh") for name in VERDICTS}
        assert [name for name in VERDICTS if "are equivalent" in english[name]] == ["equivalent"]
        assert [name for name in VERDICTS if "两组等效" in chinese[name]] == ["equivalent"]
        assert "neither a difference nor equivalence" in english["inconclusive"]
        assert "既未显示差异，也未显示" in chinese["inconclusive"]

    def test_one_sided_tests_are_not_called_two_sided(self):
        for lang, words in (("en", "except for the pairs of one-sided tests"), ("zh", "除等效性检验采用双单侧检验外")):
            assert words in plain(methods_paragraph(verdict("equivalent"), lang))
            assert words not in plain(methods_paragraph(with_test("omnibus", 0.02), lang))


@pytest.fixture(scope="module")
def students():
    rng = np.random.default_rng(3)
    group = np.array(["never", "former", "member"])[np.arange(N) % 3]
    return pd.DataFrame(
        {
            "group": group,
            "joined": np.where(group == "member", "yes", "no"),
            "osce": rng.normal(70, 8, N),
            "mcq": rng.normal(60, 8, N),
            "papers": rng.poisson(1.5, N),
            "years": rng.uniform(1, 3, N),
            "likes": rng.integers(1, 6, N),
            "speciality": rng.choice(["surgery", "medicine", "general practice"], N),
            "class": np.arange(N) // 6,
        }
    )


def fit(students, *outcomes, several=True, cluster=None, **settings):
    roles = {"group": "group", "reference": "never"} if several else {"group": "joined", "member": "yes"}
    kinds = {"speciality": {"kind": "nominal"}, "likes": {"kind": "ordinal"}}
    kinds["papers"] = {"kind": "count", "exposure": "years"}
    made = [se.Outcome(name, **kinds.get(name, {"kind": "continuous"})) for name in outcomes]
    study = se.Study(students, outcomes=made, cluster=cluster, **roles)
    return se.MemberComparison(resamples=199, **settings).fit(study)


def results(result, lang="en"):
    return plain(results_paragraph(result, lang))


def methods(result, lang="en"):
    return plain(methods_paragraph(result, lang))


class TestWhoWasCompared:
    def test_where_no_contrast_was_estimated_the_groups_are_named(self, students):
        two, three = fit(students, "speciality", several=False), fit(students, "speciality")
        assert "(n = 20) were compared with" in results(two)
        assert "never (n = 20)" in results(three)
        assert "were compared with each other" in results(three)
        assert "各组相互比较" in results(three, "zh")
        for result, lang in product((two, three), LANGUAGES):
            assert not re.search(r"of  |of ;|比较与|与的", methods(result, lang))
        assert "The outcomes of all groups were compared together" in methods(three)
        assert "How students came to be members is not stated." in methods(two)

    def test_all_pairs_are_not_said_to_be_compared_with_one_group(self, students):
        pairs = fit(students, "osce", contrasts="pairwise")
        assert "were compared with each other" in results(pairs)
        assert "Groups were compared with" in results(fit(students, "osce"))


class TestSeveralContrasts:
    def test_one_outcome_has_a_sentence_for_each_pair(self, students):
        more = students.assign(group=np.array(["never", "former", "member", "officer"])[np.arange(N) % 4])
        text = results(fit(more, "osce", contrasts="pairwise"))
        assert text.count("For osce, the mean") == 6
        assert "1 comparisons" not in text

    def test_ratios_and_probabilities_are_named_and_are_no_differences(self, students):
        result = fit(students, "osce", "papers", "likes")
        assert "(rate ratio " in results(result)
        assert "(probability of superiority " in results(result)
        assert "ratios as former to never" in results(result)
        assert "papers（率比 " in results(result, "zh")
        only = results(fit(students, "osce", "mcq", "papers").__class__(**_without(result, ("papers", "likes"))))
        assert "ratios as" not in only

    def test_tests_outside_the_adjustment_are_said(self, students):
        result = fit(students, "osce", "mcq")
        assert "Not part of the adjustment are the tests of all groups together." in results(result)
        assert "整体检验的 P 值未作多重校正。" in results(result, "zh")
        assert "Not part" not in results(fit(students, "osce", "mcq", several=False))


def _without(result, outcomes):
    """The parts of these findings without some outcomes."""
    fields = {name: getattr(result, name) for name in Findings.__dataclass_fields__}
    frames = {name: frame[~frame["outcome"].isin(outcomes)] for name, frame in fields["frames"].items()}
    return fields | {"frames": frames}


class TestCountsAndClasses:
    def test_ties_and_intervals_of_one_comparison_are_told_once(self, students):
        several, one = fit(students, "likes", "osce", "mcq", several=False), fit(students, "osce", several=False)
        for lang, ties, alone in (
            ("en", "equal values count half", "each hold for one comparison alone"),
            ("zh", "相等者计一半", "仅就各项比较单独成立"),
        ):
            assert [results(several, lang).count(words) for words in (ties, alone)] == [1, 1]
            assert [results(one, lang).count(words) for words in (ties, alone)] == [0, 0]

    def test_events_stand_over_their_exposure(self, students):
        text = results(fit(students, "papers", several=False))
        own = students[students["joined"] == "yes"]
        assert f"({own['papers'].sum()}/{own['years'].sum():.1f}, rate " in text

    def test_the_methods_tell_the_ratio_of_rates_from_their_difference(self, students):
        few = students.assign(papers=students["papers"].clip(upper=1) * (students.index % 5 == 0))
        for lang, ratio, difference in (
            ("en", "Rate ratios were tested by the exact", "Differences of rates have robust"),
            ("zh", "率比采用以事件总数为条件的确切检验", "率差采用稳健标准误"),
        ):
            text = plain(methods_paragraph(fit(few, "papers", several=False, method="exact"), lang))
            assert ratio in text and difference in text
            assert "Poisson regression" not in text

    def test_classes_are_counted_and_their_likeness_is_told(self, students):
        result = fit(students, "osce", several=False, cluster="class")
        assert "The students belong to 10 classes" in results(result)
        assert "The intraclass correlation within the groups was" in results(result)
        assert "（ICC）：osce" in results(result, "zh")
        assert re.search(r"t\(\d", results(result))
        assert "Differences are of the class means" not in results(result)

    def test_differences_of_class_means_are_not_taken_for_those_of_students(self, students):
        whole = students.assign(joined=np.where(students["class"] < 5, "yes", "no"))
        result = fit(whole, "osce", several=False, cluster="class")
        assert "Differences are of the class means, every class counting the same" in results(result)
        assert "差值为班级均数之差，各班等权" in results(result, "zh")


def test_quantities_say_how_they_were_obtained(students):
    several, classes = fit(students, "osce", "speciality"), fit(students, "osce", several=False, cluster="class")
    for result, english, chinese in (
        (several, "by ω², with an interval from the noncentral F", "以 ω² 表示"),
        (several, "Cramér’s V, with an interval from the noncentral χ²", "以 Cramér V 表示"),
        (classes, "the design effect is 1 + (mean class size − 1) × ICC", "设计效应为 1+"),
    ):
        assert english in methods(result)
        assert chinese in methods(result, "zh")
    assert "ICC" not in methods(several)


def test_every_test_and_adjustment_has_its_sentences():
    for lang in LANGUAGES:
        words = catalogue(lang)
        for test, where in product(TESTS, ("open", "undefined", "described")):
            assert words.has(f"reports.results.{test}.{where}")
        for how in ("holm", "max_t", "max_t_clusters", "max_t_multivariate_t", "max_t_step_down", "games_howell"):
            assert words.has(f"reports.results.adjusted_by.{how}")
            assert words.has(f"reports.methods.adjusted_by.{how}")


def test_of_a_binary_outcome_the_shares_are_compared():
    result = se.MemberComparison().fit(se.simulate_survey(n=200))
    for lang, words in (("en", "For the share of “passed"), ("zh", "的比例比较，差异")):
        assert words in plain(results_paragraph(result, lang))
