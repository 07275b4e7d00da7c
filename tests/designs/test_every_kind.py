"""Every kind of outcome, two groups and four: which numbers are primary, and do they agree with another source?"""

import numpy as np
import pandas as pd
import pytest
from comparison_examples import ANSWERS, LEVELS, four_groups, outcomes, primary, row_of_test, students, two_groups
from scipy import stats

import society_effects as se

FRAME = students()
QUICK = se.MemberComparison(resamples=499)
TWO = QUICK.fit(two_groups(FRAME))
FOUR = QUICK.fit(four_groups(FRAME))
MEASURES = {
    "score": "mean_difference",
    "passed": "risk_difference",
    "agreement": "probability_of_superiority",
    "papers": "rate_ratio",
}


def halves(column):
    member = FRAME["group"].isin(LEVELS[2:])
    return FRAME.loc[member, column].to_numpy(), FRAME.loc[~member, column].to_numpy()


@pytest.mark.parametrize(("outcome", "measure"), MEASURES.items())
def test_one_primary_row_per_contrast(outcome, measure):
    assert primary(TWO, outcome)["measure"].tolist() == [measure]
    assert primary(FOUR, outcome)["measure"].tolist() == [measure] * 3
    assert primary(FOUR, outcome)["group"].tolist() == list(LEVELS[1:])
    assert set(primary(FOUR, outcome)["reference"]) == {"never"}


def test_a_nominal_outcome_has_a_test_and_no_estimate():
    assert "career" not in set(TWO.estimates["outcome"])
    member = FRAME["group"].isin(LEVELS[2:])
    for result, groups in ((TWO, member), (FOUR, FRAME["group"])):
        found = row_of_test(result, "independence", "career")
        theirs = stats.chi2_contingency(pd.crosstab(groups, FRAME["career"]), correction=False)
        assert found["statistic"] == pytest.approx(theirs.statistic, rel=1e-12)
        assert found["p_value"] == pytest.approx(theirs.pvalue, rel=1e-9)
        assert found["df1"] == theirs.dof
    assert (row_of_test(TWO, "independence", "career")[["group", "reference"]] == ["yes", "no"]).all()
    assert row_of_test(FOUR, "independence", "career")["group"] is None
    only = QUICK.fit(two_groups(FRAME, ["nominal"]))
    assert not only.has("estimates")
    assert "χ²" in str(only.summary())


def test_ordinal_outcomes_agree_with_scipy():
    place = {answer: k for k, answer in enumerate(ANSWERS)}
    member, other = (np.array([place[v] for v in half]) for half in halves("agreement"))
    found = primary(TWO, "agreement").iloc[0]
    theirs = stats.mannwhitneyu(member, other)
    assert found["estimate"] == pytest.approx(theirs.statistic / (len(member) * len(other)), rel=1e-12)
    delta = TWO.estimates[TWO.estimates["measure"] == "cliffs_delta"].iloc[0]
    assert delta["estimate"] == pytest.approx(2 * found["estimate"] - 1, rel=1e-12)
    assert delta["conf_low"] == pytest.approx(2 * found["conf_low"] - 1, rel=1e-12)
    assert delta["p_value"] == found["p_value"]


def test_categories_are_counted_in_their_order():
    rows = TWO.frame("groups")
    own = rows[(rows["outcome"] == "agreement") & (rows["group"] == "yes")]
    assert own["category"].tolist() == [None, *ANSWERS]
    member = halves("agreement")[0]
    assert own["events"].tolist()[1:] == [int((member == a).sum()) for a in ANSWERS]
    assert own["n"].tolist() == [len(member)] * 4
    assert own["median"].iloc[0] == np.median([ANSWERS.index(a) + 1 for a in member])


def test_counts_agree_with_a_robust_poisson_regression():
    import statsmodels.api as sm

    member = FRAME["group"].isin(LEVELS[2:]).to_numpy(dtype=float)
    found = primary(TWO, "papers").iloc[0]
    fit = sm.GLM(FRAME["papers"], sm.add_constant(member), family=sm.families.Poisson()).fit(cov_type="HC0")
    assert np.log(found["estimate"]) == pytest.approx(fit.params.iloc[1], rel=1e-8)
    assert found["std_error"] == pytest.approx(fit.bse.iloc[1], rel=0.02)


def test_exposure_makes_rates():
    frame = FRAME.assign(society=np.where(FRAME["group"].isin(LEVELS[2:]), "yes", "no"))
    study = se.Study(frame, group="society", outcomes=se.Outcome("papers", kind="count", exposure="years"))
    result = QUICK.fit(study)
    rates = frame.groupby("society")["papers"].sum() / frame.groupby("society")["years"].sum()
    assert primary(result, "papers").iloc[0]["estimate"] == pytest.approx(rates["yes"] / rates["no"], rel=1e-12)
    difference = result.estimates[result.estimates["measure"] == "rate_difference"].iloc[0]
    assert difference["estimate"] == pytest.approx(rates["yes"] - rates["no"], rel=1e-12)
    groups = result.frame("groups").set_index("group")
    assert groups.loc["yes", "exposure"] == frame.loc[frame["society"] == "yes", "years"].sum()
    assert groups.loc["yes", "rate"] == pytest.approx(rates["yes"])
    with pytest.raises(se.DesignError, match="years"):
        QUICK.fit(se.Study(frame.assign(years=0.0), group="society", outcomes=study.outcomes[0]))


def test_few_events_are_compared_exactly():
    frame = pd.DataFrame({"society": ["yes"] * 20 + ["no"] * 60, "prizes": [1] * 4 + [0] * 16 + [1] * 3 + [0] * 57})
    study = se.Study(frame, group="society", outcomes=se.Outcome("prizes", kind="count"))
    found = primary(QUICK.fit(study), "prizes").iloc[0]
    assert found["method"] == "poisson_exact"
    assert found["p_value"] == pytest.approx(stats.binomtest(4, 7, 20 / 80).pvalue, rel=1e-9)
    asked = se.MemberComparison(method="poisson").fit(study)
    assert primary(asked, "prizes").iloc[0]["method"] == "poisson_robust"


def test_all_groups_together_agree_with_scipy():
    arms = [FRAME.loc[FRAME["group"] == level] for level in LEVELS]
    welch = stats.f_oneway(*[arm["score"] for arm in arms], equal_var=False)
    found = row_of_test(FOUR, "omnibus", "score")
    assert found["method"] == "welch_anova"
    assert (found["statistic"], found["p_value"]) == pytest.approx((welch.statistic, welch.pvalue), rel=1e-9)
    place = {answer: k for k, answer in enumerate(ANSWERS)}
    kruskal = stats.kruskal(*[arm["agreement"].map(place) for arm in arms])
    assert row_of_test(FOUR, "omnibus", "agreement")["p_value"] == pytest.approx(kruskal.pvalue, rel=1e-9)
    pearson = stats.chi2_contingency(pd.crosstab(FRAME["group"], FRAME["passed"]), correction=False)
    assert row_of_test(FOUR, "omnibus", "passed")["p_value"] == pytest.approx(pearson.pvalue, rel=1e-9)
    assert row_of_test(FOUR, "omnibus", "papers")["p_value"] < 1
    assert not FOUR.tests[FOUR.tests["test"] == "omnibus"]["outcome"].isin(["career"]).any()


def test_a_trend_is_tested_where_the_levels_have_an_order():
    assert set(FOUR.tests[FOUR.tests["test"] == "trend"]["outcome"]) == set(MEASURES)
    unordered = QUICK.fit(four_groups(FRAME, levels=None))
    assert "trend" not in set(unordered.tests["test"])
    assert "trend" not in set(TWO.tests["test"])


def test_how_much_of_the_variance_lies_between_the_groups():
    found = FOUR.frame("quantities")
    omega = found[found["quantity"] == "omega_squared"].iloc[0]
    arms = [FRAME.loc[FRAME["group"] == level, "score"] for level in LEVELS]
    within = sum(((a - a.mean()) ** 2).sum() for a in arms)
    between = sum(len(a) * (a.mean() - FRAME["score"].mean()) ** 2 for a in arms)
    mean_square = within / (len(FRAME) - 4)
    assert omega["value"] == pytest.approx((between - 3 * mean_square) / (between + within + mean_square), rel=1e-9)
    assert omega["conf_low"] <= omega["value"] <= omega["conf_high"]


def test_all_pairs_on_request():
    result = se.MemberComparison(contrasts="pairwise", resamples=499).fit(four_groups(FRAME, ["continuous"]))
    pairs = primary(result, "score")[["group", "reference"]].to_numpy().tolist()
    assert pairs == [
        ["former", "never"],
        ["member", "never"],
        ["officer", "never"],
        ["member", "former"],
        ["officer", "former"],
        ["officer", "member"],
    ]
    with pytest.raises(se.DesignError, match="pairwise"):
        se.MemberComparison(contrasts="all")


@pytest.mark.parametrize("kinds", [["continuous"], ["binary"], ["ordinal"], ["nominal"], ["count"]])
def test_a_printed_table_gives_the_same_where_counts_are_enough(kinds):
    study = two_groups(FRAME, kinds)
    cells = study.cells
    table = cells.drop(columns="wave").assign(counts=cells["events"].where(cells["category"].notna()))
    outcome = outcomes(*kinds)[0]
    given = {"outcomes": outcome} if isinstance(outcome, se.Outcome) else {}
    printed = QUICK.fit(se.Study.from_summary(table, **given))
    full = QUICK.fit(study)
    frame = "tests" if kinds == ["nominal"] else "estimates"
    ours, theirs = printed.frame(frame), full.frame(frame)
    same = theirs[theirs["measure"].isin(ours["measure"])] if frame == "estimates" else theirs
    for column in ("statistic", "p_value"):
        np.testing.assert_allclose(ours[column].astype(float), same[column].astype(float), rtol=1e-9)
