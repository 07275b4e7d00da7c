"""The lint finds words that claim too much, and leaves harmless phrases and quotations alone."""

import pytest

from society_effects.language.folding import folded
from society_effects.language.lexicon import Span, lint, without_interval

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
        ("It had EFFECTS on skills.", "EFFECTS"),
        ("Skills were affected.", "affected"),
        ("A lasting improvement was seen.", "improvement"),
        ("Improving skills is the aim.", "Improving"),
        ("Students benefitted.", "benefitted"),
        ("The society optimised learning.", "optimised"),
        ("It contributed to learning.", "contributed to"),
        ("Training resulted in higher scores.", "resulted in"),
        ("As a result of membership, scores were high.", "As a result of"),
        ("Scores are attributable to training.", "attributable to"),
        ("There is a causal relationship.", "causal"),
        ("Membership raised the scores.", "Membership raised"),
        ("The activities helped students.", "helped students"),
        ("No clear difference was found.", "No clear difference"),
        ("The groups were not different.", "not different"),
        ("Scores did not differ.", "did not differ"),
        ("Membership was not associated with scores.", "not associated"),
        ("It had no effect on scores.", "no effect"),
        ("The significance was high.", "significance"),
        ("This proves it.", "proves"),
        ("This is consistent with an effect.", "effect"),
        ("It _improved_ scores.", "improved"),
        ("It im-\nproved scores.", "im-\nproved"),
        ("It lead\nto more.", "lead\nto"),
        ("It im\u00adproved scores.", "im\u00adproved"),
        ("An eﬀect was seen.", "eﬀect"),
        ("It ｉｍｐｒｏｖｅｄ scores.", "ｉｍｐｒｏｖｅｄ"),
        ("社团improved成绩。", "improved"),
        ('A "good" society improved "scores".', "improved"),
        ("The difference disappeared after adjustment.", "difference disappeared"),
        ("It disappeared after adjustment.", "disappeared after"),
        ("The gap between the groups vanished.", "gap between the groups vanished"),
        ("The groups no longer differed.", "no longer differed"),
        ("Adjustment explained away the difference.", "explained away"),
        ("The difference was entirely explained by prior scores.", "difference was entirely explained by"),
        ("The association was robust across all models.", "association was robust"),
        ("It is robust across all models.", "robust across all models"),
        ("It is robust to unmeasured confounding.", "robust to unmeasured"),
        ("Our results are robust.", "results are robust"),
        ("There was no unmeasured confounding.", "no unmeasured confounding"),
        ("The E-value rules out residual confounding.", "rules out residual confounding"),
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
        ("两组没有明显差别。", "没有明显差别"),
        ("两组成绩相同。", "两组成绩相同"),
        ("参加社团使成绩提高。", "使成绩提高"),
        ("社团活动有助于学习。", "有助于"),
        ("参加社团提升学生能力。", "参加社团提升"),
        ("社团发挥了重要作用。", "发挥了重要作用"),
        ("社团助力学习。", "助力"),
        ("成绩较高源于社团。", "源于"),
        ("二者存在因果关系。", "存在因果关系"),
        ("社团对成绩没有影响。", "没有影响"),
        ("社团提\n高了成绩。", "提\n高了"),
        ("社团的影 响较大。", "影 响"),
        ("两组⽆差异。", "⽆差异"),
        ("这证明社团较好。", "证明"),
        ("校正后差异消失。", "差异消失"),
        ("校正后两组不再有差异。", "不再有差异"),
        ("差异由入学成绩解释。", "差异由入学成绩解释"),
        ("校正入学成绩后，差异可以完全被入学成绩所解释。", "差异可以完全被入学成绩所解释"),
        ("入学成绩解释了两组差异。", "解释了两组差异"),
        ("该结果稳健可靠。", "结果稳健可靠"),
        ("E值为2.10，结果较为稳健。", "结果较为稳健"),
        ("本研究不存在未测量混杂。", "不存在未测量混杂"),
        ("该分析排除了残余混杂。", "排除了残余混杂"),
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
        "The results in Table 2 show higher scores among members.",
        "The number of activities increased from 3 to 5.",
        "Sessions were facilitated by seniors; all authors contributed to the text.",
        "The effective sample size was 90 and the design effect 1.4.",
        "Twelve students were excluded because of missing scores, nine were absent due to illness.",
        "A quality improvement project; the impact factor; a high-impact journal.",
        "This does not show that the society improved the scores.",
        "The difference cannot be attributed to the society; no causal conclusion can be drawn.",
        "The compatible range is wide (95% CI), which is consistent with an effect if no unmeasured cause remains.",
        "The result was not statistically significant (95% CI, -1 to 3).",
        "The significance level was .05.",
        'The authors write of its ‘effects’ and that it "improved" scores.',
        "The column effect_score holds the total; an affective scale was used.",
        "There was no difference larger than 4 points.",
        "Prior achievement is a predictor of later scores; predictors were chosen beforehand.",
        "The adjusted difference was no longer statistically significant (95% CI -1 to 3).",
        "Standard errors are robust to unequal variances; robust (HC3) and cluster-robust covariance.",
        "This is right if there is no unmeasured confounding, and under the assumption of no residual confounding.",
        "An unmeasured cause would have to explain 9% of what is left.",
        "It cannot be said that the difference was explained by prior scores.",
    ],
    "zh": [
        "回收有效问卷 667 份，有效回收率为 95%。",
        "影响因素分析与效果评价。",
        "差异有统计学意义。",
        "差异无统计学意义，尚不能排除该范围内的差异。",
        "作者称其“提高了”成绩。",
        "未预先设定最小有意义差值。",
        "本研究不能归因于社团。",
        "成绩高于非社团组。",
        "医学促进会成员 60 名；数据来源于教务处，比较两组有无差异。",
        "为提高学生能力，学校成立了社团。",
        "量表的效度良好，具有效度证据；该问题引起重视。",
        "若不存在未测量的混杂因素，该结果与“参加社团有作用”的假设相符。",
        "若无未测混杂，则与存在效应相一致。",
        "不能认为社团提高了成绩。",
        "统计学上显著（P<0.05，显著性水平为 0.05）。",
        "两组考核内容相同，入社证明由教务处出具。",
        "入学成绩是后续成绩的预测因素。",
        "校正后差异不再有统计学意义（95%CI 为 -1~3）。",
        "采用稳健标准误与稳健值，并报告整群稳健方差。",
        "前提是不存在未测量混杂；若无残余混杂，则与存在效应相一致。",
        "差异可能由未测量的混杂因素解释。",
        "不能排除残余混杂，不能认为结果稳健。",
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


def test_a_refused_conclusion_excuses_nothing_behind_it():
    assert [s.word for s in lint("This does not show harm, but it improved scores.", "E")] == ["improved"]
    assert [s.word for s in lint("不能认为社团无用，但社团促进了学习。", "E", "zh")] == ["促进"]


def test_a_description_may_not_be_called_an_association_and_is_not_told_to_be_one():
    assert [s.reason for s in lint("Membership was associated with scores.", "F")] == ["association"]
    assert [s.reason for s in lint("参加社团与成绩存在关联。", "description", "zh")] == ["association"]
    assert lint("Membership was associated with scores.", "E") == []
    assert "associated" not in lint("It improved scores.", "F")[0].suggestion
    assert "关联" not in lint("社团影响成绩。", "F", "zh")[0].suggestion


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The groups were equivalent."),
        ("en", "There was no difference larger than 4 points."),
        ("en", "Scores did not differ by more than 4 points."),
        ("zh", "在该界值下两组等效。"),
        ("zh", "没有超过 4 分的差异。"),
    ],
)
def test_equivalence_may_be_said_where_it_was_shown(lang, text):
    assert lint(text, "E", lang, equivalent=True) == [] == lint(text, "E", lang)
    assert [span.reason for span in lint(text, "A", lang, equivalent=False)] == ["equivalence"]


@pytest.mark.parametrize(
    ("lang", "text", "reasons"),
    [
        ("en", "Adjustment explained away the difference.", ["explained"]),
        ("en", "The difference disappeared after adjustment.", ["no_difference"]),
        ("en", "It is robust to unmeasured confounding.", ["robust"]),
        ("zh", "E值提示结果稳健，不存在未测量混杂。", ["robust", "robust"]),
        ("zh", "差异由入学成绩解释。", ["explained"]),
        ("zh", "校正后不再有差异。", ["no_difference"]),
    ],
)
def test_what_an_adjustment_did_is_not_what_there_is(lang, text, reasons):
    for claim in "BCDEF":
        assert [span.reason for span in lint(text, claim, lang)] == reasons


def test_a_predictor_is_not_a_cause_but_more_than_a_description():
    assert [s.reason for s in lint("Membership is a predictor of scores.", "F")] == ["association"]
    assert [s.reason for s in lint("社团身份是成绩的预测因素。", "F", "zh")] == ["association"]


def test_even_equivalence_is_not_the_absence_of_a_difference():
    assert lint("There was no difference.", "E", equivalent=True)
    assert lint("两组没有差异。", "E", "zh", equivalent=True)


def test_a_null_result_needs_an_interval():
    assert [s.word for s in without_interval("It was not statistically significant.")] == [
        "not statistically significant"
    ]
    assert without_interval("It was not statistically significant (95% CI, -1 to 3).") == []
    assert without_interval("It was statistically significant.") == []
    assert [s.word for s in without_interval("两组差异无统计学意义。", "zh")] == ["差异无统计学意义"]
    assert without_interval("两组差异无统计学意义（95%CI为-1~3）。", "zh") == []
    assert without_interval("作者写道“差异无统计学意义”。", "zh") == []


def test_no_span_lies_inside_another():
    found = lint("No significant difference.", "E")
    assert [span.word for span in found] == ["No significant difference"]


@pytest.mark.parametrize("text", ["", " ", "\n", "-", "“", "a\u00ad", "提\n", "\ufb00", "im-\n"])
def test_odd_texts_are_folded_and_looked_at(text):
    assert len(folded(text).text) == len(folded(text).places)
    assert lint(text, "E") == [] == lint(text, "E", "zh")


def test_a_new_paragraph_ends_a_quotation_and_a_sentence():
    assert [s.word for s in lint('It is "good\n\nand improved scores" again.', "E")] == ["improved"]
    assert lint("两组没有\n\n差异见下。", "E", "zh") == []


def test_spans_come_in_the_order_of_the_text():
    found = lint("No difference, but an impact.", "E")
    assert found == sorted(found)
    assert isinstance(found[0], Span)


def test_an_unknown_language_is_refused():
    with pytest.raises(KeyError):
        lint("text", "E", "fr")
