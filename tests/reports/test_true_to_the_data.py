"""What a report says is true of the data it was made from: nothing is asserted that nobody measured or stated."""

import re

import numpy as np
import pandas as pd
import pytest
from report_examples import findings, row

import society_effects as se
from society_effects.errors import OutputError
from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.reports.italics import plain
from society_effects.reports.methods_sentences import methods_paragraph
from society_effects.reports.positions import position
from society_effects.reports.sentences import limits_paragraph, results_paragraph

RNG = np.random.default_rng(9)
MEMBERS, OTHERS = np.exp(RNG.normal(0.9, 1, 25)), np.exp(RNG.normal(0, 1, 40))


def fit(members, others, method=None, outcome=None, about=None, levels=(1, 0), **settings):
    data = pd.DataFrame({"y": [*members, *others], "g": [levels[0]] * len(members) + [levels[1]] * len(others)})
    roles = {"group": "g", "member": levels[0], "about": about}
    study = se.Study(data, outcomes=outcome or se.Outcome("y", kind="continuous"), **roles)
    return se.MemberComparison(method=method, **settings).fit(study)


def printed(**cells):
    table = pd.DataFrame({"outcome": ["y", "y"], "group": ["yes", "no"], **cells})
    return se.MemberComparison().fit(se.Study.from_summary(table, group="group"))


def said(result, paragraph=results_paragraph, lang="en", style=None):
    return plain(paragraph(result, lang, style))


def several(families=None, **outcomes):
    rng = np.random.default_rng(3)
    names = list(outcomes) or list("abcde")
    data = pd.DataFrame({name: rng.normal(0, 1, 100) for name in names} | {"g": [1] * 40 + [0] * 60})
    families = families or {}
    made = [se.Outcome(name, family=families.get(name), **outcomes.get(name, {})) for name in names]
    return se.MemberComparison().fit(se.Study(data, outcomes=made, group="g"))


class TestWhoIsMissing:
    def test_a_printed_table_does_not_say(self):
        result = printed(n=[30, 50], mean=[3, 2], sd=[1, 2])
        assert said(result).startswith("The printed table reports on 80 students; missing scores are not reported.")
        assert "所据汇总表共含 80 名学生，未报告成绩缺失情况。" in said(result, lang="zh")
        for lang, words in (
            ("en", ("No score was", "data held", "left out")),
            ("zh", ("均无缺失", "数据共含", "未作填补")),
        ):
            text = said(result, lang=lang) + said(result, methods_paragraph, lang)
            assert not any(word in text for word in words)
        assert "The printed table does not say how many scores were missing" in said(result, methods_paragraph)

    def test_missing_scores_are_told_by_group_with_the_number_compared(self):
        result = fit([1, 2] + [np.nan] * 28, range(50))
        assert "Members (n = 2) were compared with non-members (n = 50) on one outcome." in said(result)
        assert "for y (members 28 of 30, non-members 0 of 50)" in said(result)
        assert "among members (M = 1.50" in said(result)
        assert "社团组 2 名，非社团组 50 名" in said(result, lang="zh")
        assert "y（社团组 28/30、非社团组 0/50）" in said(result, lang="zh")
        assert "were left out" in said(result, methods_paragraph)

    def test_of_several_outcomes_each_has_its_own_number(self):
        data = pd.DataFrame({"y": [1, 2, np.nan, 4, 5, 6, 7, 8], "x": range(8), "g": [1] * 4 + [0] * 4})
        result = se.MemberComparison().fit(se.Study(data, outcomes=["y", "x"], group="g"))
        assert "Members (n = 4) were compared with non-members (n = 4) on 2 outcomes." in said(result)
        assert "members (n = 3, M = 2.33" in said(result)
        assert "non-members (M = 6.50" in said(result)
        assert "（n=3，2.33±1.53）" in said(result, lang="zh")

    def test_where_none_is_missing_nobody_was_left_out(self):
        result = fit([1, 2, 4], [3, 5, 8])
        assert "No score was missing." in said(result)
        assert "left out" not in said(result, methods_paragraph)

    def test_gaps_in_table_one_are_told(self):
        data = pd.DataFrame({"y": range(8), "age": [20, None, 21, 22, 20, 21, None, 23], "g": [1, 0] * 4})
        result = se.Describe().fit(se.Study(data, outcomes=["y"], covariates=["age"], group="g"))
        assert "Among the characteristics, values were missing for age (2)." in said(result)
        assert "一般资料中有缺失值的变量：age（2 名）。" in said(result, lang="zh")


class TestTests:
    def test_a_bootstrap_shows_no_t(self):
        result = fit(MEMBERS, OTHERS, "bootstrap", resamples=999)
        assert "bootstrap-t, p " in said(result)
        assert "（bootstrap-t 法，P" in said(result, lang="zh")
        for lang in LANGUAGES:
            assert not re.search(r"Welch’s t\(|t′=|ν=", said(result, lang=lang))

    def test_a_permutation_shows_its_t_without_degrees_of_freedom(self):
        drawn, exact = (
            fit(MEMBERS, OTHERS, "permutation", resamples=999),
            fit([5, 6, 7, 9], [1, 2, 3, 6], "permutation"),
        )
        assert "studentised permutation test, t = 2.72, p " in said(drawn)
        assert "exact studentised permutation test, t = " in said(exact)
        assert "all possible allocations were counted" in said(exact, methods_paragraph)
        assert "drawn at random" in said(drawn, methods_paragraph)
        assert "（学生化置换检验，t=2.72，P" in said(drawn, lang="zh")
        assert "（穷举全部分组的学生化置换检验，t=" in said(exact, lang="zh")

    @pytest.mark.parametrize(
        ("members", "others", "method", "drawn"),
        [
            ([5, 6, 7, 8], [1, 2, 3, 4], None, False),
            ([5, 6, 7, 9], [1, 2, 3, 6], "permutation", False),
            ([1, 1, 1], [2, 2, 2], "permutation", False),
            (MEMBERS, OTHERS, "permutation", True),
            (MEMBERS, OTHERS, "bootstrap", True),
        ],
    )
    def test_a_seed_is_told_where_something_was_drawn(self, members, others, method, drawn):
        result = fit(members, others, method, resamples=999)
        assert ("999 resamples" in said(result, methods_paragraph)) == drawn
        assert ("随机种子" in said(result, methods_paragraph, "zh")) == drawn

    def test_where_no_test_is_possible_none_is_reported(self):
        for n, events in (([5, 7], [0, 0]), ([5, 7], [5, 7])):
            result = printed(n=n, events=events)
            assert "no test is possible" in said(result)
            assert "无法进行检验" in said(result, lang="zh")
            for lang, words in (("en", "statistically significant"), ("zh", "差异无统计学意义")):
                assert words not in said(result, lang=lang)
            assert "Boschloo" not in said(result, methods_paragraph)
            assert "tests were" not in said(result, methods_paragraph)

    def test_p_equal_to_alpha_is_not_below_it(self):
        for level, p in ((0.95, 0.05), (0.9, 0.1), (0.99, 0.01)):
            row_at_alpha = row("mean_difference", "above", p_value=p, conf_level=level)
            row_at_alpha |= {"simultaneous_low": None, "simultaneous_high": None}
            assert position(row_at_alpha) == "discordant"
            assert position(row_at_alpha | {"p_value": np.nextafter(p, 0)}) == "above"

    def test_described_rows_need_no_test(self):
        untested = row("mean_difference", "untested", simultaneous_low=None, simultaneous_high=None)
        assert position(untested) == "untested"
        assert position(untested, described_only=True) == "above"


class TestNumbers:
    def test_trimmed_means_stand_beside_their_difference(self):
        result = fit(MEMBERS, OTHERS, "trimmed")
        shown = [float(x) for x in re.findall(r"20% trimmed mean (\d+\.\d+)", said(result))]
        estimate = float(re.search(r"was (\d+\.\d+) higher", said(result))[1])
        assert shown[0] - shown[1] == pytest.approx(estimate, abs=0.0101)
        assert "M = " not in said(result).split("standardised")[0]
        assert f"（20% 截尾均数为 {shown[0]:.2f}）" in said(result, lang="zh")

    def test_medians_stand_beside_a_shift(self):
        assert f"Mdn = {np.median(MEMBERS):.2f}" in said(fit(MEMBERS, OTHERS, "mann-whitney"))

    def test_an_interval_that_does_not_reach_its_level_is_not_given_that_level(self):
        result = fit([5, 6, 7.5], [1, 2, 3], "mann-whitney")
        assert "differences from 2.00 to 6.50 (<95% CI" in said(result)
        assert "<95%CI 为 2.00~6.50" in said(result, lang="zh")
        assert "no interval at the stated confidence level" in said(result, limits_paragraph)
        assert "<95%" not in said(fit(MEMBERS, OTHERS, "mann-whitney"))

    def test_a_ratio_without_an_estimate_has_its_known_limit(self):
        result = printed(n=[5, 7], events=[5, 0])
        assert "The risk ratio was at least 2.82 (95% CI; no finite estimate)." in said(result)
        assert "相对危险度：至少为 2.82（95%CI 的下限，估计值非有限）。" in said(result, lang="zh")

    def test_text_and_table_show_the_same_decimals(self):
        x = np.array([0.5, 0.52, 0.49, 0.53, 0.51, 0.5, 0.515] * 6)
        for members, others in ((x + 0.0071, x), (1e8 + x * 100, 1e8 + x * 90), (1500 + 3000 * x, 1400 + 3000 * x)):
            result = fit(members, others)
            table = str(result.table("comparison"))
            low_high = re.search(r"\[[^]]+\]", said(result))[0]
            assert low_high in table.replace("\u00a0", " ")


class TestFamilies:
    def test_each_family_has_its_sentence(self):
        result = several({"a": "f", "b": "f", "c": "h", "d": "h"})
        text = said(result)
        for names in ("a, b", "c, d"):
            together = "The adjusted p values and the simultaneous intervals hold for the 2 comparisons together"
            assert f"For {names}: {together}" in text
        assert "4 comparisons" not in text
        assert "Outside this adjustment, with unadjusted p values: e." in text
        assert "Totals" not in text
        assert "a、b：校正 P 值与同时置信区间对 2 项比较联合成立" in said(result, lang="zh")
        assert "合计得分" not in said(result, lang="zh")
        assert said(result, methods_paragraph).count("by single-step max-T") == 2

    def test_a_total_is_called_one_only_with_parts(self):
        text = said(several(a={}, b={}, c={"parts": ("a", "b")}))
        assert "Totals that contain other outcomes (c) stand outside this adjustment" in text
        assert "Outside this adjustment, with" not in text


class TestHowMembershipCameAbout:
    ASSERTED = (
        "chose",
        "formed themselves",
        "not assigned",
        "as the students were found",
        "自愿",
        "自行形成",
        "并非由研究者",
    )

    @pytest.mark.parametrize("assignment", ["not stated", "lottery", "cut-off", "by class"])
    def test_nothing_is_asserted_that_was_not_stated(self, assignment):
        about = se.About(assignment=assignment)
        result = fit([3, 4, 6, 8], [1, 2, 5, 7], about=about)
        for lang in LANGUAGES:
            text = str(result.report(lang))
            assert not [word for word in self.ASSERTED if word in text]
        words = {"not stated": "not stated", "lottery": "by lottery", "cut-off": "by a cut-off", "by class": "by class"}
        assert words[assignment] in said(result, methods_paragraph)
        assert ("who joins" if assignment == "not stated" else words[assignment]) in said(result, limits_paragraph)

    def test_what_was_stated_is_said(self):
        result = fit([3, 4, 6, 8], [1, 2, 5, 7], about=se.About(assignment="self-selected"))
        assert "chose themselves" in said(result, methods_paragraph)
        assert "formed themselves" in said(result, limits_paragraph)
        assert "自行形成" in said(result, limits_paragraph, "zh")

    def test_findings_that_do_not_know_say_nothing(self):
        text = said(findings([row("mean_difference", "above")]), methods_paragraph)
        assert "stated" not in text


class TestDescriptions:
    @pytest.mark.parametrize("short", [False, True])
    def test_a_description_refers_to_its_table_of_the_groups(self, short):
        report = se.Describe().fit(se.load_sample("clinical_skills_667")).report("en", short=short)
        assert any("Table 1 describes the groups; see also Figure 1." in text for text in report.paragraphs)
        first = next(block for block in report.blocks if block.kind == "table")
        assert first.table.title == "Characteristics of the students in the two groups"

    def test_differences_and_tests_of_table_one_are_named(self):
        data = pd.DataFrame(
            {"y": range(20), "age": [20, 21, 24, 22, 20] * 4, "sex": list("fmmf") * 5, "g": [1, 0] * 10}
        )
        study = se.Study(data, outcomes=["y"], covariates=["age", "sex"], group="g")
        plainly, tested = se.Describe().fit(study), se.Describe(tests=True).fit(study)
        for result in (plainly, tested):
            text = str(result.report()) + str(result.report("zh"))
            assert "nothing is compared" not in text
            assert "不作组间比较" not in text
            assert "standardised mean difference" in said(result, methods_paragraph)
            assert "标准化均数差" in said(result, methods_paragraph, "zh")
        assert "Welch t test, Pearson χ² test" in said(tested, methods_paragraph)
        assert "Welch t′ 检验、Pearson χ² 检验" in said(tested, methods_paragraph, "zh")
        assert "Welch" not in said(plainly, methods_paragraph)


class TestLimits:
    @pytest.mark.parametrize(
        ("key", "values", "english"),
        [
            (
                "P_CI_DISCORDANT",
                {"measure": "probability_of_superiority"},
                "For the probability of superiority, p value and interval disagree",
            ),
            ("CONF_LEVEL_NOT_REACHED", {}, "no interval at the stated confidence level"),
            ("RESPONSE_DIFF", {"shares": {"yes": 0.5, "no": 0.9}}, "members 50.0%, non-members 90.0%"),
            ("HIGHEST_OBSERVED", {"share": 0.25}, "share the highest value observed"),
        ],
    )
    def test_cautions_reach_the_limits(self, key, values, english):
        found = findings([row("mean_difference", "above")], checks=(Check(key, "warn", values, "osce"),))
        assert english in said(found, limits_paragraph)
        assert f"checks.{key}" in catalogue("zh").entries

    @pytest.mark.parametrize("key", ["CLUSTER_NOT_DECLARED", "ODDS_RATIO_NOT_RISK_RATIO", "ASSIGNMENT_NOT_STATED"])
    def test_notes_that_limit_reach_the_limits(self, key):
        found = findings([row("risk_difference", "above")], checks=(Check(key, "note", {"share": 0.3}, None),))
        words = {"C": "Classes were not taken into account", "O": "is not a risk ratio", "A": "who joins"}[key[0]]
        assert words in said(found, limits_paragraph)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_what_is_printed_asks_the_reader_for_no_code(self, lang):
        words = catalogue(lang)
        of_code = [key for key in words.entries if key.startswith("checks.") and re.search(r"[a-z]=", words.get(key))]
        assert len(of_code) > 5
        for key in of_code:
            own = f"reports.limits.unknown.{key.removeprefix('checks.')}"
            assert words.has(own) and "=" not in words.get(own), key

    def test_a_lowered_grade_asks_the_reader_for_no_code(self):
        data = pd.DataFrame({"y": range(40), "age": [20, 21, 24, 22] * 10, "g": [1, 0] * 20})
        result = se.RegressionAdjustment().fit(se.Study(data, outcomes="y", covariates="age", group="g"))
        assert "TIMING_NOT_STATED" in result.grading.lowered_by
        for lang in LANGUAGES:
            claim = next(block for block in result.report(lang).blocks if block.kind == "claim")
            assert "=" not in claim.reason and "=" not in said(result, limits_paragraph, lang)

    def test_an_extreme_nobody_declared_is_no_full_mark(self):
        result = fit([4, 5, 6.0], [1.5, 2, 3])
        for lang in LANGUAGES:
            assert not re.search("得满分|highest score;|strong|weak|水平学生", str(result.report(lang)))

    def test_a_lower_value_that_is_better_is_said_in_words(self):
        outcome = se.Outcome("errors", kind="continuous", higher_is_better=False)
        data = pd.DataFrame({"errors": [3, 4, 6, 8, 1, 2, 5, 7], "g": [1] * 4 + [0] * 4})
        result = se.MemberComparison().fit(se.Study(data, outcomes=outcome, group="g"))
        assert "A lower value is better for errors." in said(result)
        assert "errors以数值较低为优。" in said(result, lang="zh")
        assert "lower value is better" not in said(fit([3, 4, 6], [1, 2, 5]))


class TestNames:
    def test_names_of_the_user_keep_their_letters(self):
        data = pd.DataFrame({"pH": [3, 4, 6, 8, 1, 2, 5, 7], "g": ["a"] * 4 + ["A"] * 4})
        result = se.MemberComparison().fit(se.Study(data, outcomes=["pH"], group="g", member="a"))
        assert "a (n = 4) were compared with A (n = 4)" in said(result)
        assert "PH" not in str(result.summary())
        assert "PH" not in str(result.report())

    def test_latin_names_do_not_run_together_in_chinese(self):
        for levels in (("members", "others"), ("a", "A"), ("2008 (SRP)", "2006")):
            result = fit([3, 4, 6, 8], [1, 2, 5, 7], levels=levels)
            assert f"{levels[0]}的y（" in said(result, lang="zh")
        assert "社团组y（" in said(fit([3, 4, 6, 8], [1, 2, 5, 7]), lang="zh")
        effect = findings([row("mean_difference", "above")], "effect", frames=("estimates",))
        named = Labels(levels={"yes": "members", "no": "others"}, outcomes={"osce": "OSCE"})
        effect = Findings(**{name: getattr(effect, name) for name in Findings.__dataclass_fields__} | {"labels": named})
        assert "members的OSCE" in said(effect, lang="zh")

    def test_the_p_of_apa_is_small(self):
        result = several()
        text = "".join(
            said(result, paragraph) for paragraph in (results_paragraph, methods_paragraph, limits_paragraph)
        )
        assert not re.search(r"\bP\b", text)
        assert re.search(r"\bP\b", said(result, style="ama"))
        assert not re.search(r"[.:] p ", text)


class TestWhatDoesNotExist:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_an_unknown_language_or_style_is_a_sentence(self, lang):
        found = findings([row("mean_difference", "above")], lang=lang)
        result = se.result.Result(**{name: getattr(found, name) for name in Findings.__dataclass_fields__})
        for ask in (lambda: result.report(style="x"), lambda: result.summary("fr"), lambda: result.report("fr")):
            with pytest.raises(OutputError) as caught:
                ask()
            assert bool(re.search("[一-龥]", str(caught.value))) == (lang == "zh")
            assert re.search("apa|zh", str(caught.value))

    def test_labels_without_letters_do_not_break_a_chinese_sentence(self):
        found = findings([row("mean_difference", "above")])
        named = Labels(levels={"yes": "", "no": ""}, outcomes={"osce": ""})
        found = Findings(**{name: getattr(found, name) for name in Findings.__dataclass_fields__} | {"labels": named})
        assert results_paragraph(found, "zh")


class TestNamesOfGroups:
    """Groups are called by their names, in titles and cautions too."""

    def study(self, labels=None, missing=()):
        groups = ["never", "former", "member"] * 12
        values = [float((7 * i) % 11) for i in range(36)]
        for i in missing:
            values[i] = float("nan")
        data = pd.DataFrame({"y": values, "g": groups})
        given = {f"g={level}": name for level, name in (labels or {}).items()}
        return se.Study(data, outcomes=["y"], group="g", member="member", reference="never", labels=given)

    def test_several_groups_are_not_called_members_and_non_members(self):
        result = se.MemberComparison().fit(self.study())
        assert str(result.report()).startswith("Comparison of 3 groups")
        assert str(result.report("zh")).startswith("3 组的比较")
        assert not re.search("non-members|Members and", str(result.report()))

    def test_two_groups_have_the_names_they_were_given(self):
        data = pd.DataFrame({"y": [3, 4, 6, 8, 1, 2, 5, 7], "g": ["debate"] * 4 + ["none"] * 4})
        names = {"g=debate": {"en": "debaters", "zh": "辩论队"}, "g=none": {"en": "others", "zh": "其他学生"}}
        study = se.Study(data, outcomes=["y"], group="g", member="debate", reference="none", labels=names)
        result = se.MemberComparison().fit(study)
        assert str(result.report()).startswith("Comparison of debaters and others")
        assert str(result.summary("zh")).startswith("辩论队与其他学生的比较")

    def test_the_groups_that_differ_in_what_is_missing_are_named(self):
        """Not members and the reference, when it is another group that lacks scores."""
        result = se.MemberComparison().fit(self.study({"former": "former members"}, missing=range(1, 19, 3)))
        text = "The share of missing scores differs between the groups: never 0.0%, former members 50.0%, member 0.0%."
        assert text in str(result.report())
        assert "各组成绩缺失率不同" in str(result.report("zh"))
