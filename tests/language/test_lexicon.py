"""The lint finds words that claim too much, and leaves harmless phrases and quotations alone."""

import pytest

from society_effects.language.lexicon import Span, lint

TOO_MUCH = {
    "en": [
        ("Membership improved the scores.", "improved"),
        ("The effect of membership was large.", "effect"),
        ("The impact was large.", "impact"),
        ("The society promotes skills.", "promotes"),
        ("Training enhanced performance.", "enhanced"),
        ("Joining leads to better scores.", "leads to"),
        ("Scores rose because of training.", "because of"),
        ("Better scores were due to the society.", "due to"),
        ("Students benefited.", "benefited"),
        ("Joining caused the gain.", "caused"),
        ("The programme was effective.", "effective"),
        ("There was no difference between groups.", "no difference"),
        ("A significant result.", "significant"),
        ("Non-significant results.", "Non-significant"),
    ],
    "zh": [
        ("参加社团提高了成绩。", "提高了"),
        ("社团活动对成绩有影响。", "影响"),
        ("社团训练效果良好。", "效果"),
        ("社团促进技能掌握。", "促进"),
        ("参加社团改善了成绩。", "改善"),
        ("参加社团导致成绩较高。", "导致"),
        ("社团培训有效。", "有效"),
        ("两组差异显著。", "显著"),
        ("两组没有差异。", "没有差异"),
        ("两组无差别。", "无差别"),
    ],
}
HARMLESS = {
    "en": [
        "The effect size was 0.4.",
        "Random effects, mixed effects and fixed effects were considered.",
        "Five students were excluded due to missing data.",
        "The difference was statistically significant.",
        "The result is consistent with an effect if no unmeasured cause of both remains.",
        "The authors write that it “improved” the scores.",
        "society_effects",
    ],
    "zh": [
        "回收有效问卷 667 份，有效回收率为 95%。",
        "影响因素分析与效果评价。",
        "差异有统计学意义。",
        "差异无统计学意义，尚不能排除该范围内的差异。",
        "作者称其“提高了”成绩。",
        "未预先设定最小有意义差值。",
        "本研究不能归因于社团。",
    ],
}


@pytest.mark.parametrize(
    ("lang", "text", "word"), [(lang, *case) for lang, cases in TOO_MUCH.items() for case in cases]
)
def test_a_claim_too_much_is_found(lang, text, word):
    for claim in ("E", "association", "D", "F"):
        found = lint(text, claim, lang)
        assert [span.word for span in found] == [word]
        assert text[found[0].start : found[0].end] == word
        assert found[0].suggestion


@pytest.mark.parametrize(("lang", "text"), [(lang, text) for lang, texts in HARMLESS.items() for text in texts])
def test_a_harmless_phrase_is_left_alone(lang, text):
    assert lint(text, "E", lang) == []


@pytest.mark.parametrize("claim", ["A", "B", "effect"])
def test_effects_may_be_said_from_grade_b_on(claim):
    assert lint("Membership improved the scores.", claim) == []
    assert lint("参加社团提高了成绩。", claim, "zh") == []


def test_some_words_are_never_allowed():
    for claim in "ABCDEF":
        assert [span.word for span in lint("A significant gain; no difference elsewhere.", claim)] == [
            "significant",
            "no difference",
        ]
        assert [span.word for span in lint("显著高于，其余没有差异。", claim, "zh")] == ["显著", "没有差异"]


def test_spans_come_in_the_order_of_the_text():
    found = lint("No difference, but an impact.", "E")
    assert found == sorted(found)
    assert isinstance(found[0], Span)


def test_an_unknown_language_is_refused():
    with pytest.raises(KeyError):
        lint("text", "E", "fr")
