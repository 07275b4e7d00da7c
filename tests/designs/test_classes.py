"""Students who share classes: nothing is compared as if they did not, and what cannot be known is refused."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from comparison_examples import four_groups, primary, row_of_test, students, two_groups

import society_effects as se
from society_effects.simulate import simulate_survey

QUICK = se.MemberComparison(resamples=499)
INSIDE = students(classes=14)
WHOLE = students(classes=16, whole=True)
KINDS = ("continuous", "binary", "ordinal", "nominal", "count")


def cr2_by_hand(values, member, classes):
    """CR2 standard error and Satterthwaite df of a difference of two means, by the matrices themselves."""
    design = np.column_stack([np.ones(len(values)), member.astype(float)])
    bread = np.linalg.inv(design.T @ design)
    hat = design @ bread @ design.T
    residuals = values - hat @ values
    meat, columns = np.zeros((2, 2)), []
    for name in np.unique(classes):
        own = classes == name
        root, vectors = np.linalg.eigh(np.eye(own.sum()) - hat[np.ix_(own, own)])
        adjust = vectors @ np.diag(root**-0.5) @ vectors.T
        score = design[own].T @ adjust @ residuals[own]
        meat += np.outer(score, score)
        columns.append((np.eye(len(values)) - hat)[:, own] @ adjust @ design[own] @ bread[:, 1])
    product = np.column_stack(columns).T @ np.column_stack(columns)
    return np.sqrt((bread @ meat @ bread)[1, 1]), np.trace(product) ** 2 / np.sum(product**2)


@pytest.mark.parametrize(("frame", "kind"), [(f, k) for f in ("inside", "whole") for k in KINDS])
@pytest.mark.parametrize("groups", [two_groups, four_groups])
def test_every_kind_is_compared(frame, kind, groups):
    data = {"inside": INSIDE, "whole": WHOLE}[frame]
    result = QUICK.fit(groups(data, [kind], cluster="class"))
    rows = result.tests if kind == "nominal" else result.estimates
    assert rows["n_clusters"].notna().all()
    assert rows["p_value"].notna().any()
    assert "CLUSTER_NOT_DECLARED" not in {check.key for check in result.checks}


def test_membership_inside_classes_has_cr2_and_its_own_df():
    result = QUICK.fit(two_groups(INSIDE, ["continuous", "binary"], cluster="class"))
    member = INSIDE["group"].isin(["member", "officer"]).to_numpy()
    for outcome in ("score", "passed"):
        error, df = cr2_by_hand(INSIDE[outcome].to_numpy(float), member, INSIDE["class"].to_numpy())
        found = primary(result, outcome).iloc[0]
        assert found["method"] == "cr2"
        assert found["std_error"] == pytest.approx(error, rel=1e-10)
        assert found["df"] == pytest.approx(df, rel=1e-10)
        assert found["estimate"] == pytest.approx(
            INSIDE.loc[member, outcome].mean() - INSIDE.loc[~member, outcome].mean(), rel=1e-12
        )


def test_whole_classes_are_compared_by_their_means():
    from scipy import stats

    result = QUICK.fit(two_groups(WHOLE, ["continuous"], cluster="class"))
    means = WHOLE.groupby("class").agg(score=("score", "mean"), group=("group", "first"))
    member = means["group"].isin(["member", "officer"])
    theirs = stats.ttest_ind(means.loc[member, "score"], means.loc[~member, "score"], equal_var=False)
    found = primary(result, "score").iloc[0]
    assert found["method"] == "cluster_means"
    assert (found["statistic"], found["p_value"]) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)
    assert found["df"] == pytest.approx(min(theirs.df, len(means) - 2), rel=1e-9)
    clusters = result.frame("clusters")
    assert clusters.groupby(clusters["cluster"].isna())["n"].sum().eq(len(WHOLE)).all()
    assert set(clusters["cluster"].dropna()) == set(WHOLE["class"])


def test_a_group_has_the_limits_of_what_its_classes_show():
    """Without a cluster stands the group: its rate per unit of exposure, its mean position, with limits that fit."""
    study = simulate_survey()
    result = QUICK.fit(study)
    clusters = result.frame("clusters").set_index("outcome")
    whole = clusters[clusters["cluster"].isna()]
    assert (whole["conf_low"].lt(whole["mean"]) & whole["mean"].lt(whole["conf_high"])).all()
    members = study.units["group"].to_numpy(object) == "member"
    papers, years = study.matrix(["papers"])[members, 0], study.units["years"].to_numpy(float)[members]
    found = whole[whole["group"] == "member"]
    assert found.loc["papers", "mean"] == pytest.approx(papers.sum() / years.sum())
    assert found.loc["confidence", "mean"] == pytest.approx(1 + study.matrix(["confidence"])[members, 0].mean())
    classes = study.units["cluster"].to_numpy(object)[members]
    by_class = {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(classes)[0]}}
    fit = sm.WLS(papers / years, np.ones(len(years)), weights=years).fit(**by_class)
    width = found.loc["papers", "conf_high"] - found.loc["papers", "conf_low"]
    assert width == pytest.approx(2 * 2.16 * fit.bse[0], rel=0.1)


def test_few_whole_classes_are_permuted_and_the_smallest_p_is_told():
    frame = WHOLE[WHOLE["class"].isin(["c00", "c01", "c02", "c03", "c04", "c05"])].reset_index(drop=True)
    result = QUICK.fit(two_groups(frame, ["continuous", "ordinal"], cluster="class"))
    found = primary(result, "score").iloc[0]
    assert found["method"] == "cluster_permutation_exact"
    coarse = [check for check in result.checks if check.key == "CLUSTER_PERMUTATION_COARSE"]
    assert coarse
    assert found["p_value"] >= coarse[0].values["smallest"]
    assert (found["p_value"] * 15) % 1 == pytest.approx(0, abs=1e-9)


def test_many_whole_classes_have_cr2():
    frame = students(n=900, classes=40, whole=True)
    result = QUICK.fit(two_groups(frame, ["continuous"], cluster="class"))
    assert primary(result, "score").iloc[0]["method"] == "cr2"


def test_intraclass_correlation_and_design_effect():
    result = QUICK.fit(two_groups(INSIDE, ["continuous"], cluster="class"))
    found = result.frame("quantities").set_index("quantity")
    assert 0 <= found.loc["icc", "value"] < 1
    assert found.loc["icc", "conf_low"] <= found.loc["icc", "value"] <= found.loc["icc", "conf_high"]
    assert found.loc["design_effect", "value"] >= 1


def test_refusals():
    one = INSIDE.assign(**{"class": "a"})
    with pytest.raises(se.DesignError, match="one class"):
        QUICK.fit(two_groups(one, ["continuous"], cluster="class"))
    confounded = pd.concat([WHOLE[WHOLE["class"] == "c00"], WHOLE[WHOLE["class"] == "c02"]], ignore_index=True)
    with pytest.raises(se.DesignError, match="cannot be told apart"):
        QUICK.fit(two_groups(confounded, ["continuous"], cluster="class"))
    with pytest.raises(se.DesignError, match="declares classes"):
        se.MemberComparison(method="welch").fit(two_groups(INSIDE, ["continuous"], cluster="class"))
    with pytest.raises(se.DesignError, match="declares none"):
        se.MemberComparison(method="cr2").fit(two_groups(INSIDE, ["continuous"]))
    with pytest.raises(se.DesignError, match="whole classes"):
        se.MemberComparison(method="cluster-means").fit(two_groups(INSIDE, ["continuous"], cluster="class"))


def test_every_student_a_class_is_welch():
    from scipy import stats

    frame = students(n=120).assign(**{"class": lambda d: [f"s{i}" for i in range(len(d))]})
    result = se.MemberComparison(method="cr2").fit(two_groups(frame, ["continuous"], cluster="class"))
    member = frame["group"].isin(["member", "officer"])
    theirs = stats.ttest_ind(frame.loc[member, "score"], frame.loc[~member, "score"], equal_var=False)
    assert primary(result, "score").iloc[0]["statistic"] == pytest.approx(theirs.statistic, rel=1e-10)


def test_low_df_is_told():
    frame = INSIDE[INSIDE["class"].isin(["c00", "c01", "c02"])].reset_index(drop=True)
    result = QUICK.fit(two_groups(frame, ["continuous"], cluster="class"))
    low = [check for check in result.checks if check.key == "DF_LOW"]
    assert low
    assert low[0].values["df"] == primary(result, "score").iloc[0]["df"] < 4


def test_several_groups_in_classes():
    result = QUICK.fit(four_groups(INSIDE, ["continuous"], cluster="class"))
    found = row_of_test(result, "omnibus", "score")
    assert found["method"] == "cr2_wald"
    assert found["df1"] == 3
    assert 0 < found["p_value"] <= 1
    assert row_of_test(result, "trend", "score")["p_value"] > 0


def test_wild_bootstrap_on_request():
    result = se.MemberComparison(method="wild-bootstrap", resamples=499).fit(
        two_groups(INSIDE, ["continuous"], cluster="class")
    )
    found = primary(result, "score").iloc[0]
    assert found["method"].startswith("wild_bootstrap")
    assert found["conf_low"] < found["estimate"] < found["conf_high"]
    assert result.provenance["seed"] == 20260206


def test_shares_of_categories_keep_the_classes_in_their_intervals():
    rng = np.random.default_rng(3)
    classes = np.repeat(np.arange(12), 15)
    answers = np.clip(np.round(3 + rng.normal(0, 1, 12)[classes] + rng.normal(0, 0.4, 180)), 1, 5).astype(int)
    frame = pd.DataFrame({"society": np.where(np.arange(180) % 2, "yes", "no"), "item": answers, "class": classes})
    outcome = se.Outcome("item", kind="ordinal", categories=("1", "2", "3", "4", "5"))
    groups = se.MemberComparison().fit(se.Study(frame, outcomes=outcome, group="society", cluster="class"))
    rows = groups.to_frame("groups").dropna(subset="category")
    assert set(rows["method"]) == {"cr2"}
    assert rows["conf_low"].dropna().ge(0).all() and rows["conf_high"].dropna().le(1).all()
    alone = se.MemberComparison().fit(se.Study(frame, outcomes=outcome, group="society")).to_frame("groups")
    width = (rows["conf_high"] - rows["conf_low"]).to_numpy()
    assert np.nanmean(width) > (alone["conf_high"] - alone["conf_low"]).mean()
