"""A margin stated beforehand: four verdicts, and none of them is drawn from P > .05 alone."""

import numpy as np
import pandas as pd
import pytest
from comparison_examples import row_of_test, students, two_groups

import society_effects as se
from society_effects.reports.sentences import limits_paragraph


def study(difference, spread, n=80, **outcome):
    """Two groups whose means differ by exactly this, with exactly this spread."""
    pattern = np.tile([-1.0, 1.0], n // 2) * spread
    frame = pd.DataFrame(
        {"society": ["yes"] * n + ["no"] * n, "score": [*(70 + difference + pattern), *(70 + pattern)]}
    )
    return se.Study(frame, group="society", outcomes=se.Outcome("score", **outcome))


@pytest.mark.parametrize(
    ("difference", "spread", "verdict"),
    [
        (0.2, 5.0, "equivalent"),
        (8.0, 5.0, "different_not_negligible"),
        (2.0, 2.0, "different_negligible"),
        (2.0, 15.0, "inconclusive"),
    ],
)
def test_verdicts(difference, spread, verdict):
    result = se.MemberComparison(margin=5).fit(study(difference, spread))
    found = row_of_test(result, "equivalence", "score")
    assert found["verdict"] == verdict
    assert (found["margin_low"], found["margin_high"]) == (-5, 5)
    inside = found["conf_low"] > -5 and found["conf_high"] < 5
    assert inside == (found["p_value"] < 0.05)
    assert found["conf_level"] == pytest.approx(0.90)


def test_agrees_with_statsmodels():
    from statsmodels.stats.weightstats import ttost_ind

    frame = students()
    result = se.MemberComparison(margin={"score": 4}).fit(two_groups(frame, ["continuous"]))
    member = frame["group"].isin(["member", "officer"])
    theirs = ttost_ind(frame.loc[member, "score"], frame.loc[~member, "score"], -4, 4, usevar="unequal")
    found = row_of_test(result, "equivalence", "score")
    assert found["p_value"] == pytest.approx(theirs[0], rel=1e-9)
    assert found["method"] == "tost_welch"


def test_the_margin_of_the_outcome_and_of_the_design():
    own = se.MemberComparison().fit(study(0.2, 5.0, margin=3))
    assert row_of_test(own, "equivalence", "score")["margin_high"] == 3
    both = se.MemberComparison(margin={"score": 6}).fit(study(0.2, 5.0, margin=3))
    assert row_of_test(both, "equivalence", "score")["margin_high"] == 6
    assert "NO_SESOI" not in {check.key for check in own.checks}
    assert "NO_SESOI" in {check.key for check in se.MemberComparison().fit(study(0.2, 5.0)).checks}


def test_a_verdict_answers_what_a_large_p_leaves_open():
    with_margin = se.MemberComparison(margin=5).fit(study(0.2, 5.0))
    without = se.MemberComparison().fit(study(0.2, 5.0))
    assert "NOT_EQUIVALENT" not in {check.key for check in with_margin.checks}
    assert "NOT_EQUIVALENT" in {check.key for check in without.checks}


@pytest.mark.parametrize("method", ["student", "permutation", "bootstrap", "mann-whitney", "trimmed"])
def test_every_method_of_means_has_a_verdict(method):
    result = se.MemberComparison(method=method, margin=5, resamples=199).fit(study(0.2, 5.0))
    assert row_of_test(result, "equivalence", "score")["p_value"] < 0.05


def test_shares_counts_and_classes():
    frame = students(classes=14)
    kinds = ["binary", "count"]
    result = se.MemberComparison(margin={"passed": 0.5, "papers": 5}, resamples=199).fit(two_groups(frame, kinds))
    assert row_of_test(result, "equivalence", "passed")["measure"] == "risk_difference"
    assert row_of_test(result, "equivalence", "papers")["measure"] == "mean_difference"
    clustered = se.MemberComparison(margin={"passed": 0.5, "papers": 5}, resamples=199).fit(
        two_groups(frame, kinds, cluster="class")
    )
    assert set(clustered.tests["method"]) == {"tost_cr2"}
    assert clustered.tests["df1"].notna().all()


def test_categories_have_no_margin_and_say_so():
    result = se.MemberComparison(margin=1, resamples=199).fit(two_groups(students(), ["ordinal", "nominal"]))
    told = {check.outcome for check in result.checks if check.key == "MARGIN_NOT_APPLIED"}
    assert told == {"agreement", "career"}


@pytest.mark.parametrize("margin", [0, -1, "5", True, {"score": 0}, float("nan")])
def test_bad_margins(margin):
    with pytest.raises(se.DesignError, match="margin"):
        se.MemberComparison(margin=margin)


@pytest.mark.parametrize("classes", [{}, {"cluster": "class"}])
def test_a_share_has_no_margin_of_100_percent(classes):
    passed = two_groups(students(classes=14), ["binary"], **classes)
    for design in (se.MemberComparison(margin=4), se.MemberComparison(margin={"passed": 1})):
        with pytest.raises(se.DesignError, match=r"`passed`.*between 0 and 1"):
            design.fit(passed)


def test_one_margin_is_not_for_points_and_papers():
    with pytest.raises(se.DesignError, match=r'`score` and `papers`.*margin=\{"score": 4\}'):
        se.MemberComparison(margin=4).fit(two_groups(students(), ["continuous", "count"]))
    frame = students().assign(minutes=30.0)
    units = [se.Outcome("score", unit="points"), se.Outcome("minutes", unit="min")]
    with pytest.raises(se.DesignError, match="different kinds or units"):
        se.MemberComparison(margin=4).fit(se.Study(frame, group="group", reference="never", outcomes=units))


def test_only_outcomes_without_a_margin_are_said_to_have_none():
    result = se.MemberComparison(margin={"score": 4}, resamples=199).fit(
        two_groups(students(), ["continuous", "count"])
    )
    assert [check.outcome for check in result.checks if check.key == "NO_SESOI"] == ["papers"]
    assert "practical importance cannot be judged (concerning papers)" in limits_paragraph(result)


def test_the_table_says_on_which_interval_a_verdict_rests():
    frame = students()
    several = se.MemberComparison(margin={"score": 4}, resamples=199).fit(two_groups(frame, ["continuous", "count"]))
    alone = se.MemberComparison(margin={"score": 4}).fit(two_groups(frame, ["continuous"]))
    for lang, words in (("en", "comparison alone, unadjusted"), ("zh", "单独的未校正区间")):
        assert words in several.table("tests", lang).to_markdown()
        assert words not in alone.table("tests", lang).to_markdown()


def test_a_margin_of_an_unknown_outcome():
    with pytest.raises(se.DesignError, match="scores"):
        se.MemberComparison(margin={"scores": 5}).fit(two_groups(students(), ["continuous"]))


def test_settings_survive_the_way_through_json():
    import json

    from society_effects.designs import rebuild

    design = se.MemberComparison(margin={"score": 5}, contrasts="pairwise", primary="score", adjustment="holm")
    assert rebuild(json.loads(json.dumps(design.settings))) == design
