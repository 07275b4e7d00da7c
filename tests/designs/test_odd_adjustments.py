"""Odd studies of students who chose to join: sound numbers, or a reason why there are none."""

import numpy as np
import pytest
import statsmodels.formula.api as smf
from adjusted_examples import row, students, study

import society_effects as se
from society_effects.errors import DesignError
from society_effects.stats.standardisation import standardised_rates, standardised_shares

COUNT = se.Outcome("papers", kind="count", exposure="months")


def fitted(table, outcomes=("osce",), *, covariates=None, roles=None, **settings):
    """The result of the design with few resamples; covariates and roles are the study's."""
    own = {} if covariates is None else {"covariates": covariates}
    return se.RegressionAdjustment(resamples=199, **settings).fit(study(table, outcomes, **own, **(roles or {})))


def checks(result, key):
    return [check for check in result.checks if check.key == key]


def whole(table, classes=6):
    own = table["class"] % classes
    return table.assign(**{"class": np.where(table["society"] == "yes", own, classes + own)})


@pytest.mark.parametrize("months", [0.0, -1.0, np.nan])
@pytest.mark.parametrize("classes", [None, "mixed", "whole"])
def test_an_exposure_that_is_no_time_is_refused(months, classes):
    table = students().assign(months=12.0)
    table.loc[0, "months"] = months
    table = whole(table) if classes == "whole" else table
    with pytest.raises(DesignError) as refused:
        fitted(table, [COUNT], roles={"cluster": "class"} if classes else {})
    assert refused.value.code == "BAD_EXPOSURE"


def test_the_unit_of_the_exposure_moves_neither_the_ratio_nor_its_limits():
    table = students().assign(months=12.0)
    one, other = (
        row(fitted(table.assign(months=table["months"] * unit), [COUNT]), "adjusted_rate_ratio", "papers")
        for unit in (1.0, 1e9)
    )
    names = ["estimate", "std_error", "df", "conf_low", "p_value"]
    assert other[names].tolist() == pytest.approx(one[names].tolist(), rel=1e-6)


@pytest.mark.parametrize("name", ["member", "(Intercept)"])
def test_a_covariate_with_a_name_that_the_regression_needs_is_refused(name):
    table = students().rename(columns={"prior": name})
    with pytest.raises(DesignError) as refused:
        fitted(table, covariates=[name, "sex"])
    assert refused.value.code == "RESERVED_NAME"
    assert name in str(refused.value)


def test_a_covariate_of_that_name_that_is_not_adjusted_for_does_no_harm():
    table = students()
    named = table.assign(member=table["motivation"])
    with_it = study(named, covariates=["sex", "prior", "member"])
    settings = {"covariates": ("sex", "prior"), "sums_of_squares": 2}
    one = se.RegressionAdjustment(**settings).fit(with_it)
    other = se.RegressionAdjustment(**settings).fit(study(table, covariates=["sex", "prior"]))
    for frame in ("adjusted_means", "tests"):
        column = "value" if frame == "adjusted_means" else "p_value"
        assert one.frame(frame)[column].tolist() == pytest.approx(other.frame(frame)[column].tolist(), nan_ok=True)


@pytest.mark.parametrize("value", [1.0, "third year"])
@pytest.mark.parametrize("classes", [None, "mixed", "whole"])
def test_a_covariate_that_is_the_same_for_all_is_said_to_be_left_out(value, classes):
    table = students().assign(same=value)
    table = whole(table) if classes == "whole" else table
    roles = {"cluster": "class"} if classes else {}
    result = fitted(table, covariates=["same", "prior"], roles=roles)
    assert [check.values["names"] for check in checks(result, "COVARIATES_DROPPED")] == [("same",)]


def test_of_whole_classes_too_what_says_nothing_new_is_told():
    table = whole(students()).assign(twice=lambda t: 2 * t["prior"] + 1)
    table["shared"] = table["class"] % 3.0
    table["again"] = 2 * table["shared"]
    result = fitted(table, covariates=["prior", "twice", "shared", "again"], roles={"cluster": "class"})
    (check,) = checks(result, "COVARIATES_DROPPED")
    assert set(check.values["names"]) == {"twice", "again"}


def test_a_category_of_one_student_leaves_the_shares_an_answer():
    table = students()
    table["rare"] = np.where(np.arange(len(table)) == len(table) - 1, "b", "a")
    found = row(fitted(table, ["passed"], covariates=["rare", "prior"]), "adjusted_share_difference", "passed")
    plain = row(fitted(table, ["passed"], covariates=["prior"]), "adjusted_share_difference", "passed")
    assert found["estimate"] == pytest.approx(plain["estimate"], abs=0.02)
    assert found["std_error"] == pytest.approx(plain["std_error"], rel=0.1)


@pytest.mark.parametrize("osce", ["constant", "prior"])
@pytest.mark.parametrize("cluster", [None, "class"])
def test_an_outcome_without_rest_has_no_subgroup_line(osce, cluster):
    table = students()
    table["osce"] = 5.0 if osce == "constant" else table["prior"]
    result = fitted(table, roles={"cluster": cluster}, subgroups=("sex", "prior"), sums_of_squares=3)
    assert "lines" not in result.frames
    assert {"NO_VARIATION"} <= {check.key for check in result.checks}


def test_subgroups_of_a_covariate_that_some_lack_count_those_who_have_it():
    table = students()
    table["sex"] = table["sex"].astype(object)
    table.loc[:19, "sex"] = None
    own = se.RegressionAdjustment(covariates=("prior",), subgroups=("sex", "prior"))
    result = own.fit(study(table, covariates=["sex", "prior"]))
    rows = result.estimates[result.estimates["by"] == "sex"].set_index("measure")
    contrast = rows.loc["difference_between_subgroups"]
    within = rows.loc["adjusted_mean_difference"]
    for name in ("n", "n_group", "n_reference"):
        assert contrast[name] == within[name].sum(), name
    assert contrast["n"] == 220


def test_a_subgroup_says_nothing_of_the_whole():
    """Lines that cross in one subgroup only, classes that are few in one subgroup only: no check on all students."""
    rng = np.random.default_rng(4)
    table = students(600, seed=9)
    apart = (table["sex"] == "F") & (table["society"] == "yes")
    table.loc[apart, "rating"] = rng.choice([0, 3], apart.sum())
    outcome = [se.Outcome("rating", kind="ordinal")]
    without, having = (fitted(table, outcome, subgroups=own) for own in ((), ("sex",)))
    told = [[check.values for check in checks(result, "PARALLEL_REJECTED")] for result in (without, having)]
    assert told[0] == told[1]
    assert len(told[1]) <= 1
    classes = whole(students(600, seed=9), 4)
    classes.loc[(classes["sex"] == "F") & (classes["class"] > 5), "sex"] = "M"
    few = fitted(classes, roles={"cluster": "class"}, subgroups=("sex",))
    assert not checks(few, "CLUSTER_PERMUTATION_COARSE")


def test_weights_and_penalised_likelihood_do_not_depend_on_units():
    table = students()
    member, prior = table["society"] == "yes", table[["prior"]].to_numpy()
    rates = [
        standardised_rates(table["papers"], member, prior * unit, exposure=np.full(240, 1e8 * unit))
        for unit in (1e-6, 1e6)
    ]
    assert rates[0].ratio.std_error == pytest.approx(rates[1].ratio.std_error)
    alone = np.column_stack([np.arange(240) == 239, table["prior"]]).astype(float)
    assert np.isfinite(standardised_shares(table["passed"], member, alone).difference.std_error)


def test_groups_of_which_two_share_classes_are_compared_with_the_classes_of_the_third():
    """Members and officers sit in the same classes, the others in classes of their own: whole classes, for each."""
    table = students(400, seed=3)
    officers = np.random.default_rng(5).random(400) < 0.3
    table["society"] = np.where((table["society"] == "yes") & officers, "officer", table["society"])
    table["class"] = np.where(table["society"] == "no", table["class"] % 6, 6 + table["class"] % 6)
    roles = {"levels": ("no", "yes", "officer"), "reference": "no", "member": "yes", "cluster": "class"}
    primary = fitted(table, roles=roles).estimates.query("primary")
    assert primary["method"].tolist() == ["two_stage", "two_stage"]
    two = table[table["society"] != "officer"]
    alone = fitted(two, roles={"cluster": "class"}).estimates.query("primary")
    assert primary.iloc[0][["estimate", "p_value"]].tolist() == pytest.approx(alone.iloc[0][["estimate", "p_value"]])


@pytest.mark.parametrize(
    ("asked", "methods"),
    [
        (None, ("two_stage", "two_stage")),
        ("cluster-permutation", ("two_stage_permutation_exact", "two_stage_permutation_exact")),
        ("wild-bootstrap", ("wild_bootstrap", "two_stage")),
        ("modified-poisson", ("two_stage", "standardised_logistic_cr2")),
    ],
)
def test_whole_classes_are_compared_by_the_method_that_was_asked_for(asked, methods):
    result = fitted(whole(students(400, seed=3)), ["osce", "passed"], roles={"cluster": "class"}, method=asked)
    assert tuple(result.estimates.query("primary")["method"]) == methods
    others = {"wild-bootstrap": ("passed",), "modified-poisson": ("osce",)}
    assert [check.values["outcomes"] for check in checks(result, "METHOD_NOT_APPLIED")] == (
        [others[asked]] if asked in others else []
    )
    if asked == "cluster-permutation":
        assert row(result, "mean_difference")["method"] == "cluster_permutation_exact"


def test_more_levels_than_students_can_tell_apart_take_no_time():
    table = students(120)
    result = fitted(table, covariates=["prior"])
    many = se.RegressionAdjustment(covariates=("C(prior)",)).fit(study(table, covariates=["prior"]))
    assert {"OVERFIT", "LEVERAGE_ONE"} <= {check.key for check in many.checks}
    assert row(many, "adjusted_mean_difference")["std_error"] > row(result, "adjusted_mean_difference")["std_error"]


@pytest.mark.parametrize(
    ("values", "outcome", "key"),
    [
        (0, se.Outcome("papers", kind="count"), "NO_EVENTS_AT_ALL"),
        (0, se.Outcome("passed", kind="binary", event=1), "NO_EVENTS_AT_ALL"),
        (1, se.Outcome("passed", kind="binary", event=1), "ALL_EVENTS"),
    ],
)
def test_whole_classes_of_which_all_are_alike_do_not_differ(values, outcome, key):
    table = whole(students()).assign(**{outcome.column: values})
    result = fitted(table, [outcome], roles={"cluster": "class"})
    (found,) = result.estimates.query("primary").itertuples()
    assert found.estimate == 0 and np.isnan(found.std_error) and np.isnan(found.p_value)
    assert [check.status for check in checks(result, key)] == ["fail"]
    assert not checks(result, "NO_CONVERGENCE")


@pytest.mark.parametrize(
    ("seed", "n", "outcome", "estimand"),
    [(0, 60, "passed", "att"), (0, 250, "papers", "ate"), (1, 20, "papers", "att"), (10, 20, "passed", "ate")],
)
def test_splines_that_almost_separate_give_a_number_or_a_reason(seed, n, outcome, estimand):
    """Fitted chances and counts go to 0 by rounding; neither the search nor the propensity score runs away."""
    table, rng = students(n, seed=seed), np.random.default_rng(seed)
    table["papers"] = rng.poisson(np.exp((table["prior"] - 80) / 3).clip(0, 50))
    table["passed"] = (np.random.default_rng(seed).random(n) < 0.04).astype(int)
    kind = {"papers": "count", "passed": "binary"}[outcome]
    outcomes = [se.Outcome(outcome, kind=kind, event=1 if kind == "binary" else None)]
    design = se.RegressionAdjustment(covariates=("bs(prior, 4)",), estimand=estimand, resamples=199)
    result = design.fit(study(table, outcomes, covariates=["prior"]))
    (found,) = result.estimates.query("primary").itertuples()
    assert not np.isinf(found.estimate) and not np.isinf(found.conf_high)
    assert np.isfinite(found.std_error) or any(check.status == "fail" for check in result.checks)


@pytest.mark.parametrize("n", [90, 240])
def test_a_subgroup_that_is_fitted_perfectly_does_not_spoil_the_others(n):
    table = students(n)
    inside = table["year"] == 4
    table.loc[inside, "osce"] = 2 * table.loc[inside, "prior"]
    result = fitted(table, covariates=["prior", "year"], subgroups=("year",))
    rows = result.estimates[result.estimates["by"] == "year"]
    assert len(rows) >= 2 and rows["estimate"].notna().all()
    tested = rows[rows["p_adjusted"].notna()]
    assert (tested["p_adjusted"] >= tested["p_value"]).all()


def test_the_standardised_difference_and_its_e_value_say_what_the_difference_says_with_few_classes():
    table = students(160, seed=9).assign(**{"class": lambda t: np.arange(len(t)) % 4})
    result = se.RegressionAdjustment().fit(study(table, cluster="class"))
    difference, d = row(result, "adjusted_mean_difference"), row(result, "d_adjusted")
    assert d["df"] == pytest.approx(difference["df"])
    assert (d["conf_low"] > 0) == (difference["conf_low"] > 0)


def test_robustness_among_classmates_is_of_the_regression_with_a_level_for_each_class():
    table = students(300, seed=4).assign(member=lambda t: (t["society"] == "yes").astype(int))
    result = se.RegressionAdjustment().fit(study(table, cluster="class"))
    shown = result.frame("sensitivity").query("analysis == 'robustness_value' and parameter == 'estimate'")
    fit = smf.ols("osce ~ member + sex + year + prior + motivation + C(Q('class'))", table).fit()
    f = abs(fit.tvalues["member"]) / np.sqrt(fit.df_resid)
    assert shown["value"].iloc[0] == pytest.approx((np.sqrt(f**4 + 4 * f**2) - f**2) / 2)
    assert not result.frame("sensitivity")["term"].astype(str).str.startswith("class:").any()


def test_few_permuted_classes_are_no_better_than_grade_d():
    table = students(200)
    whole = np.where(table["society"] == "yes", table["class"] % 3, 3 + table["class"] % 3)
    result = se.RegressionAdjustment().fit(study(table.assign(**{"class": whole}), cluster="class"))
    assert result.grade == "D"
    assert "CLUSTER_PERMUTATION_COARSE" in result.grading.lowered_by
