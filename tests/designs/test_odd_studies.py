"""Odd studies: every number that cannot be made is missing with a reason, every number that is made is a sound one."""

import numpy as np
import pandas as pd
import pytest
from comparison_examples import four_groups, primary, row_of_test, students, two_groups

import society_effects as se

QUICK = se.MemberComparison(resamples=199)
WHOLE = students(n=240, seed=6, classes=16, whole=True)


def keys(result, outcome=None):
    return {check.key for check in result.checks if check.outcome in (None, outcome)}


def two(frame, outcomes, **roles):
    return se.Study(frame, group="g", member="m", reference="n", outcomes=outcomes, **roles)


def classes_lost(lost, outcomes, frame=WHOLE):
    """The same students, some classes without values on these outcomes."""
    changed = frame.copy()
    changed[outcomes] = changed[outcomes].astype(object)
    changed.loc[changed["class"].isin(lost), outcomes] = None
    return changed


def test_a_student_alone_in_a_group_does_not_spoil_the_family():
    frame = pd.DataFrame({"g": ["m"] + ["n"] * 12, "b": [1, *[0, 1] * 6], "c": [5, *range(12)], "s": range(13)})
    outcomes = [se.Outcome("b", kind="binary", event=1), se.Outcome("c", kind="count"), "s"]
    result = QUICK.fit(two(frame, outcomes))
    rows = result.estimates[result.estimates["primary"] & result.estimates["p_value"].notna()]
    assert (rows["p_adjusted"] >= rows["p_value"]).all()
    assert "TOO_FEW" in keys(result, "s")


def test_adjusted_p_and_simultaneous_limits_that_disagree_are_told():
    frame = pd.DataFrame({"g": ["m"] * 4 + ["n"] * 15, "s": np.arange(19) % 7})
    frame["o"] = np.where(frame["g"] == "m", 1, 3)
    result = QUICK.fit(two(frame, ["s", se.Outcome("o", kind="ordinal", categories=(1, 2, 3))]))
    row = primary(result, "o").iloc[0]
    assert row["p_adjusted"] < 0.05 and row["conf_high"] < 0.5 < row["simultaneous_high"]
    assert "P_CI_DISCORDANT" in keys(result, "o") and "P_CI_DISCORDANT" not in keys(result, "s")


@pytest.mark.parametrize(("x1", "x0"), [(0, 0), (20, 30), (0, 30)])
def test_equivalence_of_shares_is_tested_where_nobody_or_everybody_has_the_event(x1, x0):
    frame = pd.DataFrame({"g": ["m"] * 20 + ["n"] * 30, "b": [1] * x1 + [0] * (20 - x1) + [1] * x0 + [0] * (30 - x0)})
    result = QUICK.fit(two(frame, [se.Outcome("b", kind="binary", event=1, margin=0.2)]))
    found = row_of_test(result, "equivalence", "b")
    assert found["method"] == "tost_score"
    assert 0 < found["p_value"] <= 1 and found["verdict"] is not None
    inside = found["conf_low"] > -0.2 and found["conf_high"] < 0.2
    assert inside == (found["p_value"] < 0.05) == (x1 / 20 == x0 / 30)


@pytest.mark.parametrize("method", ["cluster-permutation", "wild-bootstrap"])
def test_equivalence_is_tested_where_classes_are_permuted_or_resampled(method):
    study = two_groups(WHOLE, ["continuous", "count"], cluster="class")
    result = se.MemberComparison(method=method, margin={"score": 40.0, "papers": 40.0}, resamples=499).fit(study)
    for outcome in ("score", "papers"):
        found = row_of_test(result, "equivalence", outcome)
        assert found["p_value"] < 0.05 and found["verdict"] in ("equivalent", "different_negligible")
        assert -40 < found["conf_low"] < found["conf_high"] < 40


def test_few_classes_have_no_verdict_but_a_reason():
    frame = WHOLE[WHOLE["class"].isin(["c00", "c01", "c02", "c03", "c05"])].reset_index(drop=True)
    result = se.MemberComparison(margin=40.0).fit(two_groups(frame, ["continuous"], cluster="class"))
    found = row_of_test(result, "equivalence", "score")
    assert found["verdict"] is None and found["p_value"] >= 0.1
    assert "NO_LIMITS_FEW_CLUSTERS" in keys(result, "score")


def test_permuting_classes_gives_no_interval_of_orders_and_says_so():
    frame = WHOLE[WHOLE["class"].isin(["c00", "c01", "c02", "c03", "c05"])].reset_index(drop=True)
    result = QUICK.fit(two_groups(frame, ["ordinal"], cluster="class"))
    assert np.isnan(primary(result, "agreement").iloc[0]["conf_low"])
    assert "NO_LIMITS_PERMUTED" in keys(result, "agreement")


def test_classes_are_counted_where_the_outcome_is_known():
    members = ["c02", "c03", "c06", "c07", "c10", "c11", "c14", "c15"]
    result = QUICK.fit(two_groups(classes_lost(members[2:], ["score"]), ["continuous", "count"], cluster="class"))
    assert primary(result, "score").iloc[0]["method"] == "cluster_permutation_exact"
    assert primary(result, "papers").iloc[0]["method"] == "cluster_means"
    coarse = next(check for check in result.checks if check.key == "CLUSTER_PERMUTATION_COARSE")
    assert coarse.outcome == "score" and coarse.values == {"clusters": 10, "smallest": 1 / 45}


@pytest.mark.parametrize("kind", ["continuous", "binary", "ordinal", "nominal", "count"])
@pytest.mark.parametrize("method", [None, "cr2", "cluster-permutation"])
@pytest.mark.parametrize("groups", [two_groups, four_groups])
def test_one_class_left_of_a_group_is_not_compared(kind, method, groups):
    column = {"continuous": "score", "binary": "passed", "ordinal": "agreement", "nominal": "career", "count": "papers"}
    levels = {two_groups: ["c02", "c03", "c06", "c07", "c10", "c11", "c14"], four_groups: ["c02", "c06", "c10"]}
    frame = classes_lost(levels[groups], [column[kind]])
    result = se.MemberComparison(method=method, resamples=99).fit(groups(frame, [kind], cluster="class"))
    assert "ONE_CLUSTER_IN_ARM" in {check.key for check in result.checks}
    if result.has("estimates"):
        alone = result.estimates[result.estimates["group"].isin(["yes", "member"])]
        assert alone["p_value"].isna().all() and alone["conf_low"].isna().all()
    if result.has("tests"):
        together = result.tests[result.tests["test"].isin(["omnibus", "independence"])]
        assert together["p_value"].isna().all()


def test_few_whole_classes_of_several_groups_are_permuted_together():
    frame = WHOLE[WHOLE["class"] < "c12"].reset_index(drop=True)
    result = QUICK.fit(four_groups(frame, ["continuous"], cluster="class"))
    assert row_of_test(result, "omnibus", "score")["method"] == "cluster_permutation"
    assert result.provenance["seed"] == QUICK.seed


def test_all_groups_together_are_tested_by_the_method_asked_for():
    for method, expected in (("cr2", "cr2_wald"), ("wild-bootstrap", "cr2_wald"), ("cluster-means", "cluster_means")):
        result = se.MemberComparison(method=method, resamples=99).fit(
            four_groups(WHOLE, ["continuous"], cluster="class")
        )
        assert row_of_test(result, "omnibus", "score")["method"] == expected


def test_the_wild_bootstrap_of_few_classes_says_that_it_is_cautious():
    few = WHOLE[~WHOLE["class"].isin(["c02", "c03", "c06", "c07", "c10"])].reset_index(drop=True)
    asked = se.MemberComparison(method="wild-bootstrap", resamples=99)
    for frame, told in ((few, True), (WHOLE, False)):
        result = asked.fit(two_groups(frame, ["continuous"], cluster="class"))
        assert ("WILD_BOOTSTRAP_CAUTIOUS" in keys(result, "score")) == told


def test_students_alone_in_their_classes():
    frame = students(n=60).assign(**{"class": [f"s{i}" for i in range(60)]})
    result = se.MemberComparison(method="cr2").fit(two_groups(frame, ["continuous"], cluster="class"))
    assert "ALL_ALONE_IN_CLASS" in keys(result, "score") and "NO_VARIATION" not in keys(result, "score")
    assert not result.has("quantities")


def test_students_alike_in_their_classes():
    frame = WHOLE.assign(score=WHOLE["class"].str[1:].astype(float) ** 2)
    result = QUICK.fit(two_groups(frame, ["continuous"], cluster="class"))
    found = result.frame("quantities").set_index("quantity")
    assert found.loc["icc", "value"] == 1 and np.isnan(found.loc["icc", "conf_low"])
    assert "ALIKE_IN_CLASSES" in keys(result, "score")
    for lang in ("en", "zh"):
        assert "nan" not in str(result.report(lang=lang)).lower()


def test_cramers_v_of_students_in_classes_has_no_interval():
    result = QUICK.fit(two_groups(students(n=240, seed=6, classes=12), ["nominal"], cluster="class"))
    found = result.frame("quantities").set_index("quantity").loc["cramers_v"]
    assert 0 < found["value"] < 1 and np.isnan(found["conf_low"]) and np.isnan(found["conf_high"])
    assert "NO_LIMITS_IN_CLASSES" in keys(result, "career")


def test_a_printed_mean_of_counts_is_a_whole_number_of_events():
    table = pd.DataFrame({
        "outcome": "papers", "group": ["m", "n"], "n": [100, 100], "mean": [0.29, 0.07], "sd": [0.5, 0.3],
    })  # fmt: skip
    outcomes = [se.Outcome("papers", kind="count")]
    study = se.Study.from_summary(table, group="g", member="m", reference="n", outcomes=outcomes)
    from scipy.stats import binomtest

    row = primary(se.MemberComparison(method="exact").fit(study), "papers").iloc[0]
    assert row["p_value"] == pytest.approx(binomtest(29, 36, 0.5).pvalue, rel=1e-12)


def test_why_counts_of_several_groups_have_no_test():
    frame = pd.DataFrame({"g": ["n"] * 6 + ["x"] * 6 + ["m"] * 6, "c": [0, 1, 2, 3, 1, 2] * 3})
    roles = {"group": "g", "member": "m", "reference": "n", "levels": ("n", "x", "m")}
    for own, flag, of_trend in (
        ([0] * 6, "ZERO_CELL", False),
        ([2] * 6, "CONSTANT_GROUP", False),
        ([3], "TOO_FEW", False),
        ([0] * 6, "ZERO_CELL", True),
    ):
        level = "m" if of_trend else "x"
        kept = frame[frame["g"] != level]
        changed = pd.concat([kept, pd.DataFrame({"g": level, "c": own})], ignore_index=True)
        result = QUICK.fit(se.Study(changed, outcomes=[se.Outcome("c", kind="count")], **roles))
        assert np.isnan(row_of_test(result, "omnibus", "c")["p_value"]) and flag in keys(result, "c")
        assert np.isnan(row_of_test(result, "trend", "c")["p_value"]) == of_trend


@pytest.mark.parametrize(("sizes", "told"), [((8, 24), True), ((60, 120), False)])
def test_skewed_scores_in_a_small_group_are_told(sizes, told):
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"g": np.repeat(["m", "n"], sizes), "s": np.exp(1.2 * rng.normal(size=sum(sizes)))})
    frame["t"] = rng.normal(size=sum(sizes))
    result = QUICK.fit(two(frame, ["s", "t"]))
    assert ("SKEWED_SMALL_GROUP" in keys(result, "s")) == told
    assert "SKEWED_SMALL_GROUP" not in keys(result, "t")
    ranks = se.MemberComparison(method="mann-whitney").fit(two(frame, ["s"]))
    assert "SKEWED_SMALL_GROUP" not in keys(ranks, "s")


@pytest.mark.parametrize("scale", [1e-100, 1e100])
def test_the_unit_of_the_scores_does_not_matter(scale):
    frame = WHOLE.assign(score=WHOLE["score"] * scale)
    for groups, roles in ((four_groups, {}), (two_groups, {"cluster": "class"})):
        ours, plain = (QUICK.fit(groups(data, ["continuous"], **roles)) for data in (frame, WHOLE))
        assert np.allclose(ours.estimates["p_value"], plain.estimates["p_value"], rtol=1e-6)
        if not roles:
            assert np.allclose(ours.tests["p_value"], plain.tests["p_value"], rtol=1e-6)
