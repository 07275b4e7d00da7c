"""The advice follows the decision guide, names every design once, and what it recommends can be fitted."""

import dataclasses
import pickle
import re

import numpy as np
import pytest
from advised_studies import ALL_BEFORE, PRIOR, STATED, STUDIES, long, over_waves, study, summary, table

import society_effects as se
from society_effects.language.catalogue import LANGUAGES, catalogue

ADJUSTMENT = "regression_adjustment"


@pytest.fixture(scope="module")
def advised():
    return {name: se.recommend_design(make()) for name, make in STUDIES.items()}


def chosen(advice):
    return [design.key for design in advice.designs]


def answer(advice, question):
    return next((a.answer for a in advice.answers if a.question == question), None)


def advice_on(advice, key):
    return next(design for design in advice.designs if design.key == key)


@pytest.mark.parametrize("name", STUDIES)
def test_every_design_is_named_once(advised, name):
    named = [*chosen(advised[name]), *(d.key for d in advised[name].not_usable)]
    assert sorted(named) == sorted(se.DESIGNS)
    assert not {d.key for d in advised[name].not_offered} & set(se.DESIGNS)


@pytest.mark.thinned
@pytest.mark.parametrize("name", STUDIES)
def test_what_is_recommended_can_be_fitted_as_it_is_written(advised, name):
    fitted = STUDIES[name]()
    for recommended in advised[name].designs:
        design = eval(recommended.call, {"se": se})
        assert design == recommended.design
        draws = {"resamples": 99} if "resamples" in recommended.design.settings else {}
        result = dataclasses.replace(design, **draws).fit(eval(recommended.on, {"study": fitted}))
        assert result.start_grade == recommended.start_grade
        assert result.grade >= recommended.highest_grade
        assert {check.key for check in recommended.lowered_by} <= set(result.grading.lowered_by)


def test_columns_are_called_by_their_labels():
    labels = {"sex": {"en": "tutorial group", "zh": "教学班"}}
    advice = se.recommend_design(study(cluster="sex", labels=labels))
    assert "“tutorial group”" in advice.text("en") and "“教学班”的" in advice.text("zh")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", STUDIES)
def test_it_says_everything_in_both_languages(advised, name, lang):
    advice = advised[name]
    said = advice.text(lang)
    assert "`" not in said and not any(f"{d.key} " in said for d in advice.not_usable)
    assert not re.search(r"[{}]|advice\.|not_usable\.|\bnan\b|None[^ ]", said.replace('={"', "").replace('"]}', ""))
    frame = advice.to_frame(lang)
    assert frame["why"].str.len().min() > 8
    assert list(frame["place"].unique()) == [
        place for place in ("recommended", "not_usable", "not_offered") if (frame["place"] == place).any()
    ]
    for block in advice.report(lang).blocks:
        for question, sentence in getattr(block, "pairs", ()):
            assert question and sentence
    if lang == "zh":
        words = re.sub(r"se\.[^：]*|about=[^：]*|\b\w*[a-z_]+\w*\b", "", said)
        assert not re.search(r"[A-Za-z]{4,} [a-z]{3,}", words)
    page = advice.report(lang)._repr_html_()
    assert all(word not in page for word in ("<script", "advice."))


GUIDE = {
    "as they are": ["member_comparison", "describe"],
    "prior achievement": [ADJUSTMENT, "member_comparison", "describe"],
    "demographics": ["member_comparison", ADJUSTMENT, "describe"],
    "after joining": ["member_comparison", "describe"],
    "summary": ["member_comparison"],
    "whole classes": ["member_comparison", "describe"],
    "one class alone": ["describe"],
    "several groups": ["member_comparison", "describe"],
    "before and after": ["pre_post_control", ADJUSTMENT, "difference_in_differences", "describe"],
    "before and after, covariates from after": ["pre_post_control", "difference_in_differences", "describe"],
    "before and after, several groups": ["pre_post_control", ADJUSTMENT, "describe"],
    "careers before and after": ["member_comparison", "describe"],
    "joining over waves": [
        *("difference_in_differences", "repeated_measures", "pre_post_control", ADJUSTMENT, "describe"),
    ],
    "changing membership": [
        *("difference_in_differences", "repeated_measures", "pre_post_control", ADJUSTMENT, "describe"),
    ],
    "waves without joining": ["repeated_measures", "pre_post_control", ADJUSTMENT, "describe"],
    "members only": [],
    "members before and after": ["pre_post"],
    "members over waves": ["repeated_measures", "pre_post"],
}


@pytest.mark.parametrize("name", GUIDE)
def test_the_order_is_that_of_the_decision_guide(advised, name):
    assert chosen(advised[name]) == GUIDE[name]


@pytest.mark.parametrize(
    ("name", "question", "expected"),
    [
        ("as they are", "lottery", "not_known"),
        ("lottery", "lottery", "yes"),
        ("lottery", "cut_off", "no"),
        ("cut-off", "cut_off", "yes"),
        ("prior achievement", "prior", "yes"),
        ("demographics", "prior", "no"),
        ("before and after", "prior", "yes"),
        ("prior achievement", "measured_before", "yes"),
        ("prior achievement, nothing stated", "measured_before", "not_known"),
        ("after joining", "measured_before", "no"),
        ("whole classes", "whole_classes", "yes"),
        ("classes inside", "whole_classes", "no"),
        ("as they are", "whole_classes", "not_known"),
        ("members only", "groups", "no"),
        ("joining over waves", "when_joined", "yes"),
        ("changing membership", "when_joined", "yes"),
        ("waves without joining", "when_joined", "not_known"),
        ("joined at the first wave", "when_joined", "no"),
        ("summary", "students", "no"),
        ("summary", "whole_classes", None),
        ("margin", "alike", "yes"),
        ("as they are", "alike", None),
        ("kinds", "scores", "no"),
        ("sites", "sites", "yes"),
        ("optional examination", "exam_optional", "yes"),
        ("as they are", "examiners_blind", "not_known"),
    ],
)
def test_the_questions_are_answered_from_the_study(advised, name, question, expected):
    assert answer(advised[name], question) == expected


def test_the_values_found_are_those_of_the_study(advised):
    values = {a.question: dict(a.values) for a in advised["whole classes"].answers}
    assert values["groups"] == {"groups": {"no": 80, "yes": 40}}
    assert values["whole_classes"]["classes"] == {"no": 8, "yes": 8}
    joined = {a.question: dict(a.values) for a in advised["joining over waves"].answers}
    assert joined["when_joined"] == {"column": "joined", "n": 3}
    changing = {a.question: dict(a.values) for a in advised["changing membership"].answers}
    assert changing["when_joined"] == {"column": "now", "n": 3}
    assert {a.question: dict(a.values) for a in advised["summary"].answers}["groups"] == {
        "groups": {"no": 547, "yes": 120}
    }


def test_labels_of_the_study_are_used():
    advice = se.recommend_design(se.load_sample("clinical_skills_667"))
    assert "non-members (508), members (159)" in advice.text()
    assert "非社团组（508 名）" in advice.text("zh")


def test_the_grade_is_no_better_than_what_is_stated_allows(advised):
    optional = advice_on(advised["optional examination"], "member_comparison")
    assert (optional.start_grade, optional.highest_grade) == ("E", "E")
    three_before = advice_on(advised["joining over waves"], "difference_in_differences")
    assert (three_before.start_grade, three_before.highest_grade, three_before.lowered_by) == ("B", "B", ())
    one_before = advice_on(advised["late waves"], "difference_in_differences")
    assert one_before.highest_grade == "C" and "waves_before_joining" in one_before.raises
    unstated = se.recommend_design(over_waves(joined="joined", about=None))
    assert advice_on(unstated, "difference_in_differences").highest_grade == "C"
    assert advice_on(advised["members over waves"], "repeated_measures").highest_grade == "F"


def test_adjustment_keeps_its_grade_only_with_prior_achievement_from_before():
    def grade_of(**roles):
        return advice_on(se.recommend_design(study(**roles)), ADJUSTMENT).highest_grade

    assert grade_of(covariates=PRIOR, about=ALL_BEFORE) == "C"
    assert grade_of(covariates=PRIOR, about=STATED) == "D"
    assert grade_of(covariates=["sex"], about=ALL_BEFORE) == "D"


def test_covariates_from_after_joining_are_the_reason_not_to_adjust(advised):
    (reason,) = [d for d in advised["after joining"].not_usable if d.key == ADJUSTMENT]
    assert reason.reason == "advice.not_usable.after_joining" and reason.values == {"names": ("prior",)}


def test_what_is_not_offered_is_named_where_it_is_called_for(advised):
    def called_for(name):
        return {d.key for d in advised[name].not_offered if d.called_for}

    assert called_for("lottery") == {"randomised_offer"}
    assert called_for("cut-off") == {"cut_off"}
    assert {"matching", "weighting"} <= called_for("prior achievement")
    assert called_for("sites") == {"several_sites"}
    assert called_for("members over waves") == {"interrupted_series"}
    assert called_for("as they are") == set()
    assert "not part of this library yet" in advised["lottery"].text()


def test_facts_are_asked_for_until_they_are_stated(advised):
    def asked(advice):
        return [fact.key for fact in advice.to_add]

    assert asked(advised["as they are"]) == ["assignment", "covariates", "cluster"]
    assert asked(advised["classes inside"]) == []
    assert asked(advised["demographics"]) == ["prior_achievement", "cluster"]
    assert asked(advised["waves without joining"]) == ["joined", "cluster"]
    assert asked(advised["members only"]) == ["group"]
    assert asked(advised["summary"]) == ["assignment"]
    unstated = se.recommend_design(over_waves(joined="joined", about=None))
    assert asked(unstated) == ["assignment", "cluster", "examiners_blind", "exam_optional"]


def test_what_is_asked_for_is_written_as_it_is_stated():
    asked = [*se.recommend_design(study(covariates=["sex"])).to_add]
    asked += se.recommend_design(over_waves(joined="joined", about=None)).to_add
    assert {fact.key for fact in asked} >= {"covariates_before_joining", "examiners_blind", "exam_optional", "cluster"}
    for fact in asked:
        given = eval(f"dict({fact.how})", {"se": se})
        if "about" in given:
            assert fact.key in given["about"].stated()
        else:
            assert set(given) <= {"cluster", "covariates"}


@pytest.mark.parametrize("name", ["as they are", "before and after", "kinds", "joining over waves"])
def test_the_scores_play_no_part(name, monkeypatch):
    """With other scores the advice is the same to the letter."""
    before = se.recommend_design(STUDIES[name]())
    rng = np.random.default_rng(1)
    frames = {"table": table(), "long": long()}

    def others(frame, *columns):
        return frame.assign(**{c: rng.permutation(frame[c].to_numpy()) for c in columns})

    import sys

    module = sys.modules[STUDIES[name].__module__]
    monkeypatch.setattr(module, "table", lambda: others(frames["table"], "pre", "post", "passed", "rating", "papers"))
    monkeypatch.setattr(module, "long", lambda *a, **k: others(frames["long"], "score"))
    assert se.recommend_design(STUDIES[name]()).text() == before.text()


def test_it_is_frozen_and_can_be_kept(advised):
    advice = advised["prior achievement"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        advice.lang = "zh"
    assert pickle.loads(pickle.dumps(advice)).text() == advice.text()
    assert repr(advice) == advice.text() == advice.text("en")
    assert advice._repr_html_().startswith("<article")


def test_it_speaks_the_language_of_the_study():
    chinese = study(lang="zh")
    assert se.recommend_design(chinese).text().startswith(catalogue("zh").get("advice.title"))
    assert se.recommend_design(chinese, lang="en").text().startswith(catalogue("en").get("advice.title"))
    frame = se.recommend_design(chinese).to_frame()
    assert re.search("[\u4e00-\u9fff]", frame["why"][0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bad_input_is_refused_in_the_language_asked_for(lang):
    with pytest.raises(se.DesignError) as caught:
        se.recommend_design(table(), lang=lang)
    assert caught.value.code == "NOT_A_STUDY_TO_ADVISE"
    assert bool(re.search("[\u4e00-\u9fff]", str(caught.value))) == (lang == "zh")
    with pytest.raises(se.StudyError, match="fr"):
        se.recommend_design(summary(), lang="fr")
    with pytest.raises(se.StudyError, match="fr"):
        se.recommend_design(summary()).text("fr")


def test_the_rows_of_the_user_stay_as_they_were():
    frame = table()
    copy = frame.copy()
    se.recommend_design(se.Study(frame, outcomes="post", group="society", covariates=PRIOR))
    assert frame.equals(copy)
