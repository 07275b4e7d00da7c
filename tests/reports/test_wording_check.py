"""A user's own text is held against the grade: every word in context, with a reason and what to write instead."""

import pickle
import re

import pytest

import society_effects as se
from society_effects.findings.grading import CLAIMS, GRADES
from society_effects.language.catalogue import LANGUAGES

SAYS_TOO_MUCH = {"en": "Membership improved the scores.", "zh": "参加社团提高了成绩。"}
MIXED = "参加社团的学生成绩较高，membership improved scores，社团促进学习。"


@pytest.fixture(scope="module")
def result():
    return se.MemberComparison().fit(se.load_sample("clinical_skills_667"))


def equivalent_result(shift):
    scores = [float(70 + k % 7) for k in range(200)] + [float(70 + shift + k % 7) for k in range(200)]
    study = se.Study({"society": ["yes"] * 200 + ["no"] * 200, "score": scores}, group="society", outcomes="score")
    return se.MemberComparison(margin=3.0).fit(study)


def words(check):
    return [span.word for span in check]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("grade", GRADES)
def test_every_grade_and_its_claim_are_held_against_the_text(lang, grade):
    found = se.check_wording(SAYS_TOO_MUCH[lang], grade)
    assert bool(found) == (grade not in "AB")
    assert words(found) == words(se.check_wording(SAYS_TOO_MUCH[lang], CLAIMS[grade]))
    assert found.grade == grade and found.lang == lang
    assert f"{grade}" in repr(found)


def test_a_result_speaks_for_itself(result):
    assert result.grade == "E"
    found = se.check_wording(SAYS_TOO_MUCH["en"], result)
    assert words(found) == ["improved"]
    assert found.licence and found.licence in repr(found)


def test_it_is_a_sequence_that_can_be_kept():
    found = se.check_wording(MIXED, "E")
    assert len(found) == 2 == len(list(found)) and found[-1].word == "促进" and len(found[:1]) == 1
    assert found[0] in found
    assert pickle.loads(pickle.dumps(found)) == found
    assert not se.check_wording("Members scored higher.", "E")


def test_a_text_is_looked_at_in_the_languages_it_is_written_in_whatever_language_explains():
    for lang in (None, *LANGUAGES):
        assert words(se.check_wording(MIXED, "E", lang=lang)) == ["improved", "促进"]
        assert words(se.check_wording(SAYS_TOO_MUCH["zh"], "E", lang=lang)) == ["提高了"]
    assert "Why:" in repr(se.check_wording(SAYS_TOO_MUCH["zh"], "E", lang="en"))
    assert se.check_wording(MIXED, "E").lang == "zh"
    assert se.check_wording("The society (学术社团) improved the scores of all students there.", "E").lang == "en"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_shows_each_word_in_context_with_its_reason_and_another_word(lang):
    found = se.check_wording(SAYS_TOO_MUCH[lang], "E")
    lines = repr(found).splitlines()
    assert lines[1] == {"en": "1. Membership >>improved<< the scores.", "zh": "1. 参加社团【提高了】成绩。"}[lang]
    assert found[0].suggestion in lines[3]
    assert len(lines) == 6


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_is_said(lang):
    text = {
        "en": "It improved scores. There was no difference. It was significant. This proves it. They were equivalent. "
        "It was not statistically significant. It is associated with scores. The results were robust. "
        "Adjustment explained away the rest.",
        "zh": "社团提高了成绩。两组没有差异。差异显著。这证明了。在该界值下两组等效。差异无统计学意义。参加社团与成绩存在关联。"
        "结果稳健。差异由入学成绩解释。",
    }[lang]
    described = se.Describe().fit(se.load_sample("clinical_skills_667"))
    found = se.check_wording(text, described)
    assert {s.reason for s in found} == {
        *("effect", "no_difference", "significance", "proof", "equivalence", "interval", "association"),
        *("explained", "robust"),
    }
    assert "reasons" not in repr(found) and "{" not in repr(found)


def test_a_long_text_is_shown_near_the_word_only():
    text = "word " * 200 + "improved" + " word" * 200
    line = repr(se.check_wording(text, "E")).splitlines()[1]
    assert ">>improved<<" in line and len(line) < 120 and line.startswith("1. …word") and line.endswith("word…")
    text = "社团" * 200 + "促进" + "社团" * 200
    line = repr(se.check_wording(text, "E")).splitlines()[1]
    assert "【促进】" in line and len(line) < 120


def test_the_page_shows_the_text_with_marks_and_lets_nothing_through():
    page = se.check_wording("<b>It</b> improved\n\nx & y.", "E")._repr_html_()
    assert "<mark>improved</mark><br><br>x &amp; y." in page
    assert "<b>" not in page and "&lt;b&gt;" in page
    assert page.count("<li>") == page.count("</li>") == 1
    page = se.check_wording("参加社团使<b>成绩</b>提高。", "E")._repr_html_()
    assert page.count("<mark>使&lt;b&gt;成绩&lt;/b&gt;提高</mark>") == 2 and "<b>" not in page


def test_quoted_words_are_left_alone():
    assert not se.check_wording("The review says that membership “improved” the scores.", "E")
    assert not se.check_wording("综述称参加社团“提高了”成绩。", "E")


def test_an_interval_in_either_language_answers_for_the_text():
    assert [s.reason for s in se.check_wording("It was not statistically significant.", "E")] == ["interval"]
    assert not se.check_wording("It was not statistically significant (95% CI -1 to 3).", "E")
    assert not se.check_wording("差异无统计学意义（difference was not statistically significant），95%CI为-1~3。", "E")


def test_words_of_equivalence_need_a_result_that_shows_it():
    text = "No difference larger than 3 points: the groups were equivalent within that margin."
    assert not se.check_wording(text, equivalent_result(0.0))
    assert {s.reason for s in se.check_wording(text, equivalent_result(3.0))} == {"equivalence"}
    assert se.check_wording("There was no difference.", equivalent_result(0.0))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_library_writes_itself_passes(result, lang):
    for paragraph in result.report(lang=lang).paragraphs:
        assert not [s for s in se.check_wording(paragraph, result) if s.reason != "interval"], paragraph


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bad_input_is_refused_in_the_language_asked_for(lang):
    chinese = re.compile("[\u4e00-\u9fff]")
    for text, given, code in ((3, "E", "NOT_A_TEXT"), ("x", "G", "NO_SUCH_CLAIM"), ("x", 3, "NO_SUCH_CLAIM")):
        with pytest.raises(se.OutputError) as caught:
            se.check_wording(text, given, lang=lang)
        assert caught.value.code == code
        assert bool(chinese.search(str(caught.value))) == (lang == "zh")
    with pytest.raises(se.OutputError, match="fr"):
        se.check_wording("x", "E", lang="fr")


def test_a_near_claim_is_named():
    with pytest.raises(se.OutputError, match="`association`"):
        se.check_wording("x", "asociation")
    assert se.check_wording("x improved", "e").grade == "E"
