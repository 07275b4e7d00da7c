"""What cannot be shown says how it can be had; a slip of the pen is named."""

import pytest

import society_effects as se
from society_effects.errors import OutputError, StudyError

STUDY = se.load_sample("clinical_skills_667")
ADJUSTED = se.RegressionAdjustment().fit(STUDY)
RAW = se.MemberComparison(resamples=199).fit(STUDY)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("result", "ask", "kind", "how"),
    [
        (ADJUSTED, "table", "subgroups", "RegressionAdjustment(subgroups=["),
        (ADJUSTED, "plot", "subgroups", "RegressionAdjustment(subgroups=["),
        (RAW, "table", "coefficients", "RegressionAdjustment().fit(study)"),
        (RAW, "plot", "contour", "RegressionAdjustment().fit(study)"),
        (RAW, "plot", "ladder", "triangulate(study)"),
        (RAW, "table", "rungs", "triangulate(study)"),
        (RAW, "table", "sensitivity", "sensitivity(result, study)"),
        (RAW, "table", "reconciliation", "reconcile("),
    ],
)
def test_a_refusal_says_how_it_can_be_had(result, ask, kind, how, lang):
    with pytest.raises(OutputError) as refused:
        getattr(result, ask)(kind, lang=lang)
    assert how in str(refused.value)


def test_a_refusal_without_a_way_ends_as_a_sentence():
    with pytest.raises(OutputError) as refused:
        RAW.table("attrition")
    assert str(refused.value).endswith(".") and "  " not in str(refused.value)


def test_a_slip_of_the_pen_in_an_argument_is_named():
    with pytest.raises(StudyError, match=r"langs= is not an argument of read_study \(did you mean `lang`\?\)"):
        se.read_study("scores.xlsx", langs="zh")


def test_a_format_may_be_one_word(tmp_path):
    (file,) = RAW.plot("forest").save(tmp_path / "y", "png")
    assert file == tmp_path / "y.png" and file.exists()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_summary_says_in_one_line_what_else_there_is(lang):
    last = str(ADJUSTED.summary(lang)).strip().splitlines()[-1]
    assert {"en": "coefficients", "zh": "回归系数"}[lang] in last and "result.report()" in last
    assert "result.report()" not in str(RAW.summary(lang))
