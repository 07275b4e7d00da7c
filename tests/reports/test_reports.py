"""Reports: every part from the frames it needs, the simulated banner everywhere, labels never trusted as HTML."""

import re
from html.parser import HTMLParser

import pytest
from report_examples import findings, groups, labels, row, simulated

import society_effects as se
from society_effects.errors import OutputError
from society_effects.figures.canvas import Canvas
from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings
from society_effects.findings.labels import Labels
from society_effects.language.catalogue import LANGUAGES
from society_effects.language.lexicon import lint
from society_effects.reports import report, summary
from society_effects.reports.check_texts import spoken_checks
from society_effects.reports.italics import MARK, as_html, as_markdown, plain
from society_effects.reports.methods_sentences import methods_paragraph
from society_effects.reports.report import Banner, FigureBlock, Heading, Report, TableBlock
from society_effects.reports.sentences import claim_sentence, limits_paragraph, results_paragraph, results_paragraphs
from society_effects.reports.voice import Voice

PARAGRAPHS = (results_paragraph, methods_paragraph, limits_paragraph)
WARNINGS = (
    Check("SELF_SELECTION"),
    Check("MEASUREMENT", "warn"),
    Check("TRAIN_TO_TEST", "warn", outcome="osce"),
    Check("TRAIN_TO_TEST", "warn", outcome="total"),
    Check("CEILING", "warn", {"share": 0.21}, "osce"),
    Check("HAS_MISSING", "note", {"n": 6}, "osce"),
    Check("MISSING_DIFF", "warn", {"shares": {"yes": 0.12, "no": 0.01}}, "osce"),
)
MIXED = ("above", "below", "includes", "undefined", "absent", "adjusted_away", "discordant")


def many(claim="association", **rest):
    """Seven outcomes, one at each position."""
    return findings([row("mean_difference", where, f"o{i}") for i, where in enumerate(MIXED)], claim, **rest)


@pytest.fixture(scope="module")
def cohort():
    return se.MemberComparison().fit(se.load_sample("clinical_skills_667"))


def numbers_in(text):
    ungrouped = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return sorted(set(re.findall(r"-?\d*\.?\d+", ungrouped.replace("−", "-").replace("0.", "."))))


class TestParagraphs:
    def test_up_to_four_comparisons_have_a_sentence_each(self):
        found = findings([row("mean_difference", "above", f"o{i}") for i in range(4)])
        assert plain(results_paragraph(found)).count("higher among members") == 4

    def test_more_are_listed_by_position_and_none_is_lost(self):
        for lang in LANGUAGES:
            said = plain(results_paragraph(many(), lang))
            assert all(f"o{i} " in said for i in range(len(MIXED)))
        assert "Not statistically significant" in plain(results_paragraph(many()))

    def test_results_of_several_comparisons_are_divided(self, cohort):
        for lang in LANGUAGES:
            parts = results_paragraphs(cohort, lang)
            assert len(parts) == 4
            assert Voice.of(cohort, lang).join(parts) == results_paragraph(cohort, lang)
            texts = [block.text for block in report(cohort, lang).blocks if block.kind == "paragraph"]
            see = {"en": "Table 1 gives these results in full; Figure 1 shows them.", "zh": "详见表1、图1。"}[lang]
            assert texts[:4] == [*parts[:3], Voice.of(cohort, lang).join([parts[3], see])]
        assert len(results_paragraphs(findings([row("mean_difference", "above")]))) == 1

    def test_each_contrast_of_several_groups_is_named(self):
        levels = {"members": "yes", "officers": "officer"}
        for k in (1, 3):
            rows = [row("mean_difference", "above", f"o{i}", group=g) for i in range(k) for g in levels.values()]
            found = findings(rows)
            named = Labels(levels={"yes": "members", "officer": "officers", "no": "non-members"})
            found = Findings(**{**vars_of(found), "labels": named})
            said = plain(results_paragraph(found))
            for name in levels:
                assert f"higher among {name}" in said
                assert f"{name} (n = " in said
            assert well_formed(report(found).to_html())

    @pytest.mark.parametrize("claim", ["description", "association", "adjusted_association"])
    def test_nothing_claims_too_much(self, claim, cohort):
        for found in (many(claim, checks=WARNINGS), findings([row("risk_ratio", "above")], claim), cohort):
            for lang in LANGUAGES:
                texts = [paragraph(found, lang) for paragraph in PARAGRAPHS] + [claim_sentence(found, lang)]
                texts.append(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", summary(found, lang).to_html()))
                for text in texts:
                    assert not lint(plain(text), found.claim, lang), text

    def test_both_languages_say_the_same_numbers(self, cohort):
        for paragraph in PARAGRAPHS:
            english, chinese = (plain(paragraph(cohort, lang)) for lang in LANGUAGES)
            assert numbers_in(english) == numbers_in(chinese)

    def test_the_total_outside_the_family_is_named(self, cohort):
        assert "Totals that contain other outcomes (total score)" in plain(results_paragraph(cohort))
        assert "（总分）不在此校正范围内" in plain(results_paragraph(cohort, "zh"))

    def test_methods_name_the_test_that_was_used(self):
        for method, words in (
            ("welch", "Welch t test"),
            ("student", "Student’s t test"),
            ("yates_chi2", "Yates’ continuity correction"),
            ("permutation_studentised", "permutation test"),
        ):
            found = findings([row("mean_difference", "above", method=method)])
            assert words in plain(methods_paragraph(found)).replace(
                "Welch t test.", "" if method != "welch" else "Welch t test"
            )
        assert "Welch t′ 检验" in plain(methods_paragraph(findings([row("mean_difference", "above")]), "zh"))

    def test_random_steps_give_their_seed(self):
        found = findings([row("mean_difference", "above", method="bootstrap_studentised")])
        found = Findings(**{**vars_of(found), "settings": {"seed": 7, "resamples": 999}})
        assert "999 resamples and the seed 7" in methods_paragraph(found)
        assert "seed" not in methods_paragraph(findings([row("mean_difference", "above")]))

    def test_a_lowered_grade_says_why(self):
        lowered = findings(
            [row("mean_difference", "above")], "adjusted_association", checks=(Check("SELECTED_SAMPLE", "warn"),)
        )
        said = claim_sentence(lowered)
        assert "lowered to E" in said
        assert "Only students who took the examination" in said
        assert "无降级因素" in claim_sentence(findings([row("mean_difference", "above")]), "zh")

    def test_limits_assert_nothing_that_is_not_stated(self):
        frame = se.load_sample("clinical_skills_667").data
        for blind, key in ((None, "MEASUREMENT_NOT_STATED"), (False, "MEASUREMENT")):
            about = se.About() if blind is None else se.About(examiners_blind=blind)
            study = se.Study(frame, outcomes=["total"], group="society", about=about)
            result = se.MemberComparison().fit(study)
            assert key in [check.key for check in result.checks]
            for lang, words in (("en", ("not stated", "xaminers were not")), ("zh", ("未说明", "考官未设盲"))):
                said = limits_paragraph(result, lang)
                assert words[0] not in said and (words[1] in said) is (blind is False), said

    def test_a_subscript_stands_below_its_symbol(self):
        assert as_html(f"{MARK}d{MARK}_av, a_b") == "<i>d</i><sub>av</sub>, a_b"

    def test_settings_are_named(self, cohort):
        for lang, words in (("en", "each group with the reference"), ("zh", "各组分别与对照组比较")):
            assert words in str(report(cohort, lang))

    def test_limits_name_the_outcomes_concerned_once(self):
        said = limits_paragraph(many(checks=WARNINGS))
        assert said.count("station-specific") == 1
        assert "concerning osce, total" in said
        assert "no causal conclusion" in said


class TestChecks:
    def test_order_and_merging(self):
        voice = Voice.of(many(checks=(*WARNINGS, Check("DEGENERATE", "fail", outcome="osce"))))
        spoken = spoken_checks(voice)
        assert [c.status for c in spoken] == sorted((c.status for c in spoken), key=("fail", "warn", "note").index)
        assert next(c for c in spoken if c.key == "TRAIN_TO_TEST").concerns == ("osce", "total")

    def test_a_check_without_words_or_values_is_still_shown(self):
        voice = Voice.of(many(checks=(Check("BRAND_NEW", "warn", {"k": 3}), Check("CEILING", "warn"))))
        assert [c.text for c in spoken_checks(voice)] == ["BRAND_NEW (k=3)", "CEILING"]


class TestReport:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_the_whole_report_of_the_cohort(self, cohort, lang):
        whole = report(cohort, lang)
        headings = [block.text for block in whole.blocks if isinstance(block, Heading)]
        assert len(headings) == 14
        assert sum(isinstance(block, FigureBlock) for block in whole.blocks) >= 2
        html = whole.to_html()
        assert html.startswith("<!DOCTYPE html>")
        assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html
        assert not re.search(r"""(?:src|href)=["'](?!data:)|url\(|@import""", html)
        assert MARK not in html
        assert well_formed(html)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_simulated_data_say_so_everywhere(self, lang):
        word = {"en": "imulated", "zh": "模拟数据"}[lang]
        found = simulated([row("mean_difference", "above")])
        for made in (report(found, lang), summary(found, lang)):
            assert isinstance(made.blocks[0], Banner)
            assert word in made.blocks[0].text
            assert all(word in text for text in (made.to_html(), made.to_markdown(), str(made)))
            for block in made.blocks:
                if isinstance(block, FigureBlock):
                    assert word in block.caption
        assert word in results_paragraph(found, lang)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_real_data_do_not_say_simulated(self, lang):
        made = report(findings([row("mean_difference", "above")]), lang)
        assert not any(isinstance(block, Banner) for block in made.blocks)
        assert "imulated data" not in made.to_html()

    @pytest.mark.parametrize("frames", [("estimates",), ("estimates", "groups")])
    @pytest.mark.parametrize("where", MIXED)
    def test_parts_without_frames_are_left_out(self, frames, where):
        found = findings([row("mean_difference", where)], frames=frames)
        for lang in LANGUAGES:
            assert well_formed(report(found, lang).to_html())
            assert str(summary(found, lang))

    def test_findings_without_estimates_are_described(self):
        found = Findings.of("describe", {"groups": groups(["osce"])}, labels=labels("osce"))
        assert "Grade F" in str(summary(found))
        assert well_formed(report(found, "zh").to_html())

    def test_nothing_at_all_still_gives_a_summary(self):
        for lang in LANGUAGES:
            assert str(summary(Findings.of("a_new_design", {}), lang))

    def test_labels_are_escaped(self):
        evil = '<script>alert("x")</script>'
        found = findings([row("mean_difference", "above")])
        found = Findings(
            **{**vars_of(found), "labels": Labels(outcomes={"osce": evil}, levels={"yes": evil, "no": "b"}, study=evil)}
        )
        for made in (report(found), summary(found)):
            assert "<script" not in made.to_html().lower()
            assert "<script" not in made._repr_html_().lower()
            assert "<script" not in made.to_markdown().lower().replace("\\<script", "")

    def test_saved_by_suffix(self, tmp_path, cohort):
        made = report(cohort, "zh")
        page = made.save(tmp_path / "r.html")
        assert page.read_text(encoding="utf-8") == made.to_html()
        text = made.save(tmp_path / "r.md").read_text(encoding="utf-8")
        for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
            assert (tmp_path / name).stat().st_size > 1000
        assert "r_1.png" in text
        with pytest.raises(OutputError, match=r"\.docm"):
            made.save(tmp_path / "r.docm")

    def test_the_same_report_twice_is_the_same_bytes(self, cohort):
        assert report(cohort).to_html() == report(cohort).to_html()

    def test_an_interval_of_the_summary_that_is_not_simultaneous_is_marked(self):
        total = row("mean_difference", "above", "total")
        part = row("mean_difference", "above", "a", simultaneous_low=1.1, simultaneous_high=6.9, p_adjusted=0.01)
        other = row("mean_difference", "above", "b", simultaneous_low=1.1, simultaneous_high=6.9, p_adjusted=0.01)
        assert "not simultaneous" in str(summary(findings([total, part, other])))
        assert "not simultaneous" not in str(summary(findings([part, other])))

    def test_a_table_in_the_summary_shows_the_p_of_the_text(self, cohort):
        block = next(b for b in summary(cohort).blocks if isinstance(b, TableBlock))
        cells = [[cell.text for cell in r] for r in block.table.rows]
        assert cells[2] == ["History taking", "−0.94 points [−2.84, 0.95]", "adjusted p = .505"]

    def test_a_bare_column_name_keeps_its_letters(self):
        found = findings([row("mean_difference", "above", "gpa")])
        bare = Findings(**{**vars_of(found), "labels": Labels()})
        assert "\ngpa " in str(summary(bare))
        assert "\nGpa score " in str(summary(found))


class TestItalics:
    def test_only_symbols_of_the_template_are_italic(self):
        text = f"{MARK}p{MARK} = .01 for a*b_c <i>"
        assert plain(text) == "p = .01 for a*b_c <i>"
        assert as_html(text) == "<i>p</i>\u00a0=\u00a0.01 for a*b_c &lt;i&gt;"
        assert as_markdown(text) == "*p* = .01 for a\\*b\\_c \\<i\\>"


def vars_of(found):
    return {name: getattr(found, name) for name in Findings.__dataclass_fields__}


VOID = {"meta", "wbr", "img", "br", "hr", "link", "input"}


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.good = [], True

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.good = False


def well_formed(html):
    """Is every tag closed, in order?"""
    tags = _Tags()
    tags.feed(html)
    return tags.good and not tags.open


def test_the_helper_sees_an_open_tag():
    assert not well_formed("<p><b>x</p></b>")


def test_report_is_a_public_type():
    assert isinstance(report(findings([row("mean_difference", "above")])), Report)


@pytest.mark.parametrize(("points", "kind"), [(50, "svg+xml"), (5000, "png")])
def test_a_figure_of_thousands_of_points_is_a_picture_of_dots(points, kind):
    def draw(journal=None):
        figure = Canvas("single", 40, journal)
        figure.subplots().plot(range(points), range(points), "o")
        return figure

    page = Report("Title", (FigureBlock("Points.", draw, "Many points"),)).to_html()
    assert f'src="data:image/{kind};base64,' in page and 'alt="Many points"' in page


def test_lists_of_facts_keep_their_width_in_a_notebook():
    """Notebooks squeeze the terms of a list into a fifth of the page, which tears long questions into letters."""
    style = Report("Scores", ())._repr_html_()
    rule = next(rule for rule in style.split("}") if ".se-report .facts dt" in rule and "float: none" in rule)
    assert "width: auto" in rule and ".facts dd" in rule and ".claim dt" in rule
