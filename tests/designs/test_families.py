"""Several comparisons: who belongs to which family, and does an adjusted P value keep its promises?"""

import numpy as np
import pytest
from comparison_examples import four_groups, primary, students, two_groups

import society_effects as se

FRAME = students()
rng = np.random.default_rng(5)
STATIONS = students(n=200).assign(
    **{f"s{i}": rng.normal(70, 8, 200) + i * (np.arange(200) % 2) for i in range(4)},
)


def stations(**roles):
    frame = STATIONS.assign(society=np.where(np.arange(200) % 2 == 1, "yes", "no"))
    return se.Study(frame, **({"group": "society", "outcomes": ["s0", "s1", "s2", "s3"]} | roles))


def test_max_t_by_default_with_simultaneous_limits():
    result = se.MemberComparison(resamples=1999).fit(stations())
    rows = result.estimates[result.estimates["primary"]]
    assert set(rows["adjustment"]) == {"max_t"}
    assert (rows["p_adjusted"] >= rows["p_value"]).all()
    assert (rows["simultaneous_low"] < rows["conf_low"]).all()
    assert (rows["simultaneous_high"] > rows["conf_high"]).all()
    excluded = (rows["simultaneous_low"] > 0) | (rows["simultaneous_high"] < 0)
    assert (excluded == (rows["p_adjusted"] < 0.05)).all()
    assert result.provenance["seed"] == 20260206
    beside = result.estimates[~result.estimates["primary"]]
    assert beside["p_adjusted"].isna().all()
    assert {check.key for check in result.checks} & {"MAX_T_ADJUSTED", "HOLM_ADJUSTED"} == {"MAX_T_ADJUSTED"}


def test_max_t_is_between_no_adjustment_and_bonferroni():
    rows = primary_rows(se.MemberComparison(resamples=9999).fit(stations()))
    open_to_chance = rows["p_value"].between(0.01, 0.2)
    assert open_to_chance.any()
    assert (rows["p_adjusted"][open_to_chance] < 4.4 * rows["p_value"][open_to_chance]).all()


def primary_rows(result):
    return result.estimates[result.estimates["primary"]]


def test_step_down_has_no_limits_and_never_larger_p():
    single = primary_rows(se.MemberComparison(resamples=1999).fit(stations()))
    stepped = primary_rows(se.MemberComparison(adjustment="step-down", resamples=1999).fit(stations()))
    assert stepped["simultaneous_low"].isna().all()
    assert (stepped["p_adjusted"].to_numpy() <= single["p_adjusted"].to_numpy() + 1e-12).all()
    assert set(stepped["adjustment"]) == {"max_t_step_down"}


def test_holm_on_request_and_where_students_are_not_known():
    asked = primary_rows(se.MemberComparison(adjustment="holm").fit(stations()))
    assert set(asked["adjustment"]) == {"holm"}
    table = stations().cells.drop(columns=["wave", "category", "events"])
    printed = primary_rows(se.MemberComparison().fit(se.Study.from_summary(table)))
    assert set(printed["adjustment"]) == {"holm"}
    np.testing.assert_allclose(printed["p_adjusted"].astype(float), asked["p_adjusted"].astype(float), rtol=1e-9)


def test_a_test_that_cannot_be_resampled_with_the_others_counts_by_bonferroni():
    with_nominal = se.MemberComparison(resamples=999).fit(two_groups(FRAME))
    without = se.MemberComparison(resamples=999).fit(two_groups(FRAME, ["continuous", "binary", "ordinal", "count"]))
    for result in (with_nominal, without):
        assert set(primary_rows(result)["adjustment"]) == {"max_t"}
        assert primary_rows(result)["simultaneous_low"].notna().all()
    nominal = with_nominal.tests[with_nominal.tests["test"] == "independence"].iloc[0]
    assert nominal["adjustment"] == "max_t"
    assert nominal["p_value"] < nominal["p_adjusted"] <= 5.5 * nominal["p_value"] + 0.01
    more, fewer = primary_rows(with_nominal), primary_rows(without)
    assert (more["p_adjusted"].to_numpy() >= fewer["p_adjusted"].to_numpy()).all()
    assert (more["simultaneous_low"].to_numpy() <= fewer["simultaneous_low"].to_numpy()).all()
    stepped = se.MemberComparison(resamples=499, adjustment="step-down").fit(two_groups(FRAME))
    assert set(primary_rows(stepped)["adjustment"]) == {"holm"}


def test_a_declared_primary_outcome_stands_outside():
    result = se.MemberComparison(primary="s3", resamples=499).fit(stations())
    assert np.isnan(primary(result, "s3").iloc[0]["p_adjusted"])
    assert primary(result, "s1").iloc[0]["family"] == "outcomes"
    assert "PRIMARY_DECLARED" in {check.key for check in result.checks}
    with pytest.raises(se.DesignError, match="s3"):
        se.MemberComparison(primary="s33").fit(stations())


def test_contrasts_of_one_outcome_are_a_family():
    result = se.MemberComparison(resamples=999).fit(four_groups(FRAME, ["continuous"]))
    rows = primary(result, "score")
    assert set(rows["adjustment"]) == {"max_t"}
    assert (rows["simultaneous_high"] - rows["simultaneous_low"] > rows["conf_high"] - rows["conf_low"]).all()


def test_all_pairs_of_one_outcome_are_games_and_howells():
    from scipy.stats import tukey_hsd

    result = se.MemberComparison(contrasts="pairwise").fit(four_groups(FRAME, ["continuous"]))
    rows = primary(result, "score")
    assert set(rows["adjustment"]) == {"games_howell"}
    levels = ["never", "former", "member", "officer"]
    arms = [FRAME.loc[FRAME["group"] == level, "score"] for level in levels]
    theirs = tukey_hsd(*arms, equal_var=False)
    for _, row in rows.iterrows():
        i, j = levels.index(row["group"]), levels.index(row["reference"])
        assert row["p_adjusted"] == pytest.approx(max(theirs.pvalue[i, j], row["p_value"]), abs=1e-6)
    pooled = se.MemberComparison(contrasts="pairwise", method="student").fit(four_groups(FRAME, ["continuous"]))
    same = tukey_hsd(*arms)
    for _, row in primary(pooled, "score").iterrows():
        i, j = levels.index(row["group"]), levels.index(row["reference"])
        assert row["p_adjusted"] == pytest.approx(max(same.pvalue[i, j], row["p_value"]), abs=1e-6)


def test_few_classes_and_tiny_groups_use_the_multivariate_t():
    frame = students(classes=12)
    few = se.MemberComparison(resamples=999).fit(two_groups(frame, ["continuous", "binary"], cluster="class"))
    assert set(primary_rows(few)["adjustment"]) == {"max_t_multivariate_t"}
    many = se.MemberComparison(resamples=999).fit(
        two_groups(students(n=600, classes=30), ["continuous", "binary", "ordinal"], cluster="class")
    )
    assert set(primary_rows(many)["adjustment"]) == {"max_t_clusters"}
    tiny = se.MemberComparison(resamples=999).fit(two_groups(FRAME.head(16), ["continuous", "binary"]))
    assert set(primary_rows(tiny)["adjustment"]) == {"max_t_multivariate_t"}
    for result in (few, many, tiny):
        assert (primary_rows(result)["p_adjusted"] >= primary_rows(result)["p_value"]).all()


def test_the_answer_is_repeatable_and_follows_the_seed():
    first, again, other = (se.MemberComparison(resamples=499, seed=s).fit(stations()) for s in (1, 1, 2))
    assert primary_rows(first)["p_adjusted"].tolist() == primary_rows(again)["p_adjusted"].tolist()
    assert primary_rows(first)["simultaneous_low"].tolist() != primary_rows(other)["simultaneous_low"].tolist()


def test_few_degrees_of_freedom_are_not_counted_twice():
    """An ordinal outcome in classes stands beside a multivariate t with its P value, and by Bonferroni at most."""
    rng, n = np.random.default_rng(3), 84
    classes = np.arange(n) % 7
    members = np.where(rng.random(n) < 0.45, "yes", "no")
    before = rng.normal(50, 8, n)
    item = rng.integers(1, 5, n)
    frame = students(n=n)[[]].assign(
        society=members,
        room=classes,
        b1=before,
        a1=before + rng.normal(2, 5, n) + 2 * (members == "yes"),
        b2=rng.normal(50, 8, n),
        a2=rng.normal(50, 8, n),
        b3=item,
        a3=np.clip(item + rng.integers(-1, 2, n) + (members == "yes"), 1, 4),
    )
    outcomes = ["a1", "a2", se.Outcome("a3", kind="ordinal")]
    study = se.Study(
        frame, group="society", cluster="room", outcomes=outcomes, baseline={"a1": "b1", "a2": "b2", "a3": "b3"}
    )
    rows = primary_rows(se.PrePostControl(selection_on="stable").fit(study)).set_index("outcome")
    row = rows.loc["a3"]
    assert set(rows["adjustment"]) == {"max_t_multivariate_t"} and row["df"] < 10
    assert row["p_value"] < row["p_adjusted"] < 3.3 * row["p_value"]
    assert (row["simultaneous_low"] > 0.5) == (row["p_adjusted"] < 0.05)
