"""Sentences about yes-or-no outcomes say which answer is counted, and those about counts say what is higher."""

import numpy as np
import pandas as pd
import pytest

import society_effects as se
from society_effects.reports.italics import plain
from society_effects.reports.sentences import results_paragraph

RNG = np.random.default_rng(5)
JOINED = RNG.random(300) < 0.4
SCORE = RNG.normal(size=300) + 1.2 * JOINED
TABLE = pd.DataFrame(
    {
        "社团": np.where(JOINED, "社团组", "非社团组"),
        "性别": RNG.choice(["男", "女"], 300),
        "是否通过": np.where(SCORE > 0.4, "是", "否"),
        "通过": np.where(SCORE > 0.4, "是", "否"),
        "考核结果": np.where(SCORE > 0.4, "及格", "不及格"),
        "passed": (SCORE > 0.4).astype(int),
        "论文数": RNG.poisson(np.exp(0.2 + 0.8 * JOINED)),
    }
)


def said(outcome, design, lang):
    study = se.Study(TABLE, group="社团", member="社团组", outcomes=[outcome], covariates=["性别"])
    return plain(results_paragraph(design.fit(study), lang))


@pytest.mark.parametrize(
    ("outcome", "chinese", "english"),
    [
        (se.Outcome("是否通过", event="是"), "社团组“是否通过”为“是”的比例", "For 是否通过 = 是, "),
        (se.Outcome("考核结果", event="及格"), "社团组“考核结果”为“及格”的比例", "For 考核结果 = 及格, "),
        (se.Outcome("通过", event="是"), "社团组通过的比例", "For 通过, "),
        (se.Outcome("passed", label={"zh": "是否通过", "en": "passed"}), "“是否通过”为“是”的比例", "For passed, "),
    ],
)
@pytest.mark.parametrize("design", [se.MemberComparison(resamples=199), se.RegressionAdjustment()])
def test_the_answer_that_is_counted_is_said_where_the_name_does_not_say_it(outcome, chinese, english, design):
    text = said(outcome, design, "zh")
    assert chinese in text and "的比例的比例" not in text
    assert english in said(outcome, design, "en")


@pytest.mark.parametrize("design", [se.MemberComparison(resamples=199), se.RegressionAdjustment()])
def test_of_counts_the_mean_is_higher(design):
    text = said(se.Outcome("论文数", kind="count"), design, "en")
    assert "the mean count was higher among" in text and "more frequent" not in text
    assert "多于非社团组" in said(se.Outcome("论文数", kind="count"), design, "zh")


def test_an_event_is_kept_with_the_result(tmp_path):
    study = se.Study(TABLE, group="社团", member="社团组", outcomes=[se.Outcome("是否通过", event="是")])
    se.MemberComparison(resamples=199).fit(study).save(tmp_path)
    assert "“是否通过”为“是”的比例" in plain(results_paragraph(se.Result.load(tmp_path), "zh"))
