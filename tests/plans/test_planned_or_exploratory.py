"""What is not in the plan is exploratory, and says so wherever it is shown."""

import pytest
from plan_examples import plan

import society_effects as se
from society_effects.language.catalogue import LANGUAGES, catalogue

FEW = {"resamples": 99}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return plan(tmp_path_factory.mktemp("plan"))


def is_exploratory(result):
    return result.has_check("EXPLORATORY")


def test_an_analysis_by_name_is_planned(planned):
    result = planned.fit("未校正")
    assert result.provenance["planned"] is True and result.provenance["analysis"] == "未校正"
    assert result.provenance["plan_hash"] == planned.hash
    assert not is_exploratory(result)
    probed = planned.fit("what is missing")
    assert probed.provenance["planned"] is True and probed.has("sensitivity")


def test_a_design_of_the_plan_is_planned_and_takes_what_the_plan_says_for_all(planned):
    result = planned.fit(se.MemberComparison(**FEW))
    assert result.provenance["planned"] is True
    assert result.settings["primary"] == "体格检查" and result.settings["conf_level"] == 0.9


@pytest.mark.parametrize(
    "design",
    [
        se.MemberComparison(method="student", **FEW),
        se.MemberComparison(conf_level=0.99, **FEW),
        se.RegressionAdjustment(**FEW),
        se.Describe(tests=True),
    ],
)
def test_any_other_design_is_exploratory(planned, design):
    result = planned.fit(design)
    assert result.provenance["planned"] is False and "analysis" not in result.provenance
    assert is_exploratory(result)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_exploratory_stands_in_title_results_limits_and_checks(planned, lang):
    result = planned.fit(se.MemberComparison(method="student", **FEW))
    report = result.report(lang)
    text, words = str(report), catalogue(lang)
    assert {"en": "exploratory, not in the analysis plan", "zh": "探索性分析，未列入分析计划"}[lang] in report.title
    assert report.title == result.summary(lang).title
    assert words.get("reports.results.exploratory") in text
    assert text.count(words.get("checks.EXPLORATORY")) >= 2  # limits and checks
    own = planned.fit("未校正").report(lang)
    assert words.get("checks.EXPLORATORY") not in str(own) and own.title in report.title
    assert words.get("reports.settings.planned") in str(own) and planned.hash in str(own)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_primary_outcome_is_said(planned, lang):
    result = planned.fit(se.MemberComparison(primary="基本操作", **FEW))
    assert result.has_check("PRIMARY_DEVIATES") and is_exploratory(result)
    assert {"en": "physical examination as the primary outcome", "zh": "以体格检查为主要结局"}[lang] in str(
        result.report(lang)
    )
    none = planned.mark(se.MemberComparison(conf_level=0.9, seed=7, **FEW).fit(planned.study))
    assert none.has_check("PRIMARY_DEVIATES")


def test_other_students_are_exploratory(planned):
    some = planned.study.where(lambda units: units["入社前"] > 65)
    assert is_exploratory(planned.fit("未校正", some))
    assert is_exploratory(planned.fit("what is missing", some))


def test_a_result_made_without_the_plan_can_be_marked(planned):
    like = se.MemberComparison(primary="体格检查", conf_level=0.9, seed=7, **FEW).fit(planned.study)
    marked = planned.mark(like)
    assert marked.provenance["planned"] is True
    assert "planned" not in like.provenance
    assert planned.mark(planned.mark(like)).provenance == marked.provenance
    other = planned.mark(se.Describe(tests=True).fit(planned.study))
    assert [check.key for check in planned.mark(other).checks].count("EXPLORATORY") == 1


def test_a_mark_is_kept(planned, tmp_path):
    result = planned.fit(se.Describe(tests=True))
    result.save(tmp_path)
    loaded = se.Result.load(tmp_path)
    assert is_exploratory(loaded) and loaded.provenance["planned"] is False


def test_a_ladder_is_planned_by_what_it_climbs(tmp_path):
    text = [("  - describe\n", "  - {design: triangulation, resamples: 99}\n")]
    own = plan(tmp_path, replaced=text)
    assert own.mark(se.triangulate(own.study, conf_level=0.9, seed=7, **FEW)).provenance["planned"] is True
    assert is_exploratory(own.mark(se.triangulate(own.study, headline="raw", conf_level=0.9, seed=7, **FEW)))


def test_what_fit_does_not_take(planned):
    with pytest.raises(se.PlanError, match="未校正"):
        planned.fit("未校")
    with pytest.raises(se.DesignError):
        planned.fit(3)
