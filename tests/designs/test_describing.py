"""Table 1: what is shown, and what is never claimed."""

import numpy as np
import pandas as pd
import pytest

import society_effects as se


@pytest.fixture
def study():
    frame = pd.DataFrame(
        {
            "society": ["yes"] * 4 + ["no"] * 6,
            "age": [20, 21, 22, np.nan, 19, 20, 21, 22, 23, 24],
            "hours": [0, 0, 5, 50, 1, 2, 3, 4, 5, 6],
            "sex": ["F", "F", "M", None, "F", "M", "M", "M", "F", "M"],
            "year": [1, 2, 3, 3, 1, 1, 2, 2, 3, 3],
            "score": np.arange(10.0),
        }
    )
    covariates = ["age", "hours", "sex", "year"]
    return se.Study(frame, outcomes="score", group="society", covariates=covariates)


def test_counts_means_and_missing(study):
    table = se.Describe(median=("hours",), categorical=("year",)).fit(study).frame("baseline")
    age = table[(table["variable"] == "age") & (table["group"] == "yes")].iloc[0]
    assert (age["n"], age["missing"], age["mean"], age["method"]) == (3, 1, 21.0, "mean_sd")
    assert age["sd"] == pytest.approx(1.0)
    hours = table[(table["variable"] == "hours") & (table["group"] == "no")].iloc[0]
    assert (hours["median"], hours["q1"], hours["q3"], hours["method"]) == (3.5, 2.25, 4.75, "median_quartiles")
    sex = table[(table["variable"] == "sex") & (table["group"] == "yes")]
    assert sex["category"].tolist() == [None, "F", "M"]
    assert sex["events"].tolist()[1:] == [2, 1]
    assert sex["missing"].iloc[0] == 1
    year = table[(table["variable"] == "year") & (table["group"] == "no")]
    assert year["category"].tolist() == [None, "1", "2", "3"]


def test_missing_is_never_a_category_of_a_test(study):
    table = se.Describe(tests=True).fit(study).frame("baseline")
    sex = table[(table["variable"] == "sex") & (table["group"] == "yes") & table["category"].isna()].iloc[0]
    from scipy.stats import chi2_contingency

    assert sex["p_test"] == pytest.approx(chi2_contingency([[2, 1], [2, 4]], correction=False).pvalue)


def test_standardised_differences(study):
    table = se.Describe().fit(study).frame("baseline")
    smd = table.set_index(["variable", "group", "category"])["smd"]
    age = smd.loc[("age", "yes")].iloc[0]
    assert age == pytest.approx((21.0 - 21.5) / np.sqrt((1.0 + 3.5) / 2))
    sex = abs(smd.loc[("sex", "yes")].iloc[0])
    p1, p0 = 2 / 3, 2 / 6
    assert sex == pytest.approx((p1 - p0) / np.sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2))


def test_balanced_groups_with_missing_values_have_no_difference():
    frame = pd.DataFrame(
        {"society": ["yes"] * 4 + ["no"] * 4, "sex": ["F", "M", None, None, "F", "M", "F", "M"], "y": range(8)}
    )
    table = (
        se.Describe(tests=True).fit(se.Study(frame, outcomes="y", group="society", covariates="sex")).frame("baseline")
    )
    whole = table[(table["group"] == "yes") & table["category"].isna()].iloc[0]
    assert whole["smd"] == 0
    assert whole["p_test"] == 1


def test_it_claims_nothing(study):
    result = se.Describe().fit(study)
    assert result.claim == "description"
    assert not {"MEASUREMENT", "SELF_SELECTION", "MISSING_DIFF"} & {check.key for check in result.checks}
    assert not result.has("estimates")
    assert result.frame("baseline")["p_test"].isna().all()


def test_a_group_has_the_colour_that_it_has_where_groups_are_compared():
    study = se.load_sample("clinical_skills_667", outcomes="total")
    data = study.data.assign(passed=(study.data["total"].fillna(0) > 80).astype(int))
    of_passing = se.Study(data, outcomes="passed", group="society", member="yes", reference="no", unit="student")
    figures = [design.fit(of_passing).plot("proportions") for design in (se.Describe(), se.MemberComparison())]
    described, compared = ([line.get_color() for line in figure.axes[0].lines] for figure in figures)
    assert described == compared


def test_unknown_variables_are_named(study):
    with pytest.raises(se.DesignError, match="hours"):
        se.Describe(variables=("hour",)).fit(study)
    with pytest.raises(se.DesignError):
        se.Describe(median=3)


def test_missing_outcomes_are_said_to_be_missing_and_no_more():
    frame = pd.DataFrame({"society": ["yes", "no"] * 6, "age": range(12), "score": [None, 1.0, *range(10)]})
    result = se.Describe().fit(se.Study(frame, outcomes="score", group="society", covariates="age"))
    text = str(result.report("en"))
    assert "Scores were missing for score" in text
    assert "left out of the analysis" not in text


@pytest.fixture
def three_groups():
    values = np.random.default_rng(20260302)
    frame = pd.DataFrame(
        {
            "society": ["never"] * 20 + ["member"] * 20 + ["officer"] * 20,
            "age": np.round(values.normal(21, 2, 60) + np.repeat([0, 1, -2], 20), 1),
            "sex": values.choice(["F", "M"], 60),
            "score": np.arange(60.0),
        }
    )
    covariates = ["age", "sex"]
    roles = {"group": "society", "member": "member", "reference": "never", "covariates": covariates}
    return frame, se.Study(frame, outcomes="score", levels=("never", "member", "officer"), **roles)


def test_several_groups_have_the_largest_difference_of_any_two(three_groups):
    frame, study = three_groups
    table = se.Describe().fit(study).frame("baseline")
    largest = table[table["group"].isna()].set_index("variable")["smd"]
    age = frame.groupby("society")["age"].agg(["mean", "var"])
    pairs = [("never", "member"), ("never", "officer"), ("member", "officer")]
    expected = max(
        abs(age["mean"][a] - age["mean"][b]) / np.sqrt((age["var"][a] + age["var"][b]) / 2) for a, b in pairs
    )
    assert largest["age"] == pytest.approx(expected) and largest["sex"] > 0
    against_reference = table[(table["variable"] == "age") & (table["group"] == "officer")]["smd"].iloc[0]
    assert against_reference < 0 and abs(against_reference) < largest["age"]
    assert str(round(expected, 2)) in str(se.Describe().fit(study).table("baseline"))


def test_several_groups_are_tested_all_at_once(three_groups):
    frame, study = three_groups
    table = se.Describe(tests=True).fit(study).frame("baseline")
    from scipy.stats import chi2_contingency, f_oneway, kruskal

    assert table[table["group"].notna()]["p_test"].isna().all()
    whole = table[table["group"].isna()].set_index("variable")
    counts = pd.crosstab(frame["society"], frame["sex"])
    assert whole.loc["sex", "p_test"] == pytest.approx(chi2_contingency(counts, correction=False).pvalue)
    ages = [part.to_numpy() for _, part in frame.groupby("society")["age"]]
    assert whole.loc["age", "p_test"] == pytest.approx(f_oneway(*ages, equal_var=False).pvalue)
    ranked = se.Describe(tests=True, median=("age",)).fit(study).frame("baseline")
    row = ranked[ranked["group"].isna() & (ranked["variable"] == "age")].iloc[0]
    assert row["p_test"] == pytest.approx(kruskal(*ages).pvalue) and row["test"] == "kruskal_wallis"
