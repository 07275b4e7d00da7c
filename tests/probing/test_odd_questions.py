"""What cannot be asked: an error by name, a Check in the default bundle; ugly data do not break anything."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from probing_examples import one, rows_of, students, study_of

import society_effects as se
from society_effects.language.catalogue import LANGUAGES, catalogue
from society_effects.probing.asking import ANALYSES, Analysis
from society_effects.reports.sentences import results_paragraphs
from society_effects.stats.worst_case_bounds import worst_case_bounds

FRAME = students()
KINDS = [
    se.Outcome("osce", range=(0, 120)),
    "passed",
    se.Outcome("rating", kind="ordinal"),
    se.Outcome("papers", kind="count"),
]


def reasons(result):
    return {
        (c.outcome, c.values["analysis"]): c.values["why"].split(".")[1]
        for c in result.checks
        if c.key == "SENSITIVITY_NOT_POSSIBLE"
    }


def probed(design, **roles):
    study = study_of(FRAME, KINDS, **roles)
    return se.sensitivity(design.fit(study), study)


def test_every_kind_has_what_it_can_have():
    found = probed(se.RegressionAdjustment())
    assert reasons(found) == {("rating", "e_value"): "of_orders"}
    assert len(rows_of(found, "e_value", "papers", "without")) == 5
    assert reasons(probed(se.MemberComparison(resamples=199)))[("rating", "e_value")] == "of_orders"


def test_classmates_and_whole_classes():
    among = reasons(probed(se.RegressionAdjustment(), cluster="class"))
    assert among["osce", "tipping_point"] == among["osce", "errors_in_variables"] == "among_classmates"
    whole = reasons(probed(se.RegressionAdjustment(), cluster="half"))
    assert whole["osce", "oster"] == whole["osce", "worst_case"] == "whole_classes"
    everybody = probed(se.RegressionAdjustment(within_cluster=None), cluster="class")
    assert set(rows_of(everybody, outcome="osce")["analysis"]) >= set(ANALYSES) - {"negative_control"}
    assert reasons(probed(se.MemberComparison(), cluster="half"))["osce", "robustness_value"] == "whole_classes"


def test_methods_asked_for_are_kept():
    many = FRAME.assign(half=FRAME["class"] * 3 + FRAME["year"] + 100 * (FRAME["society"] == "yes"))
    study = study_of(many, ["osce", "anatomy"], ["prior"], cluster="half")
    for design in (se.RegressionAdjustment, se.MemberComparison):
        whole = se.sensitivity(design(method="cluster-permutation", resamples=199).fit(study), study)
        assert "whole_classes" in reasons(whole).values()
        assert "whole_classes" not in reasons(se.sensitivity(design().fit(study), study)).values()
    study = study_of(FRAME, ["osce", "anatomy"], ["prior", "motivation"])
    fit = se.RegressionAdjustment(method="hc2").fit(study)
    found = se.sensitivity(fit, study, negative_control="anatomy")
    own = fit.estimates.query("outcome == 'anatomy' and primary").iloc[0]
    row = rows_of(found, "negative_control", parameter="control").iloc[0]
    assert row["method"] == own["method"] == "lin_hc2" and row["conf_low"] == pytest.approx(own["conf_low"])
    assert set(rows_of(found, "e_value", "osce", "without")["method"]) == {"exp_difference"}
    classes = study_of(FRAME, ["osce"], ["prior", "motivation"], cluster="class")
    wild = se.RegressionAdjustment(method="wild-bootstrap", resamples=199).fit(classes)
    assert len(rows_of(se.sensitivity(wild, classes), "e_value", "osce", "without")) == 2


def test_bounds_among_classmates_hold_for_every_completion():
    rng = np.random.default_rng(1)
    found = probed(se.RegressionAdjustment(), cluster="class")
    low, high = (one(found, "worst_case", "osce", end)["estimate"] for end in ("lowest", "highest"))
    complete = FRAME[FRAME["prior"].notna()]
    arm = (complete["society"] == "yes").to_numpy()
    x = np.column_stack([complete["sex"] == "M", complete["year"], complete["prior"], complete["motivation"]]).astype(
        float
    )
    settings = {"clusters": complete["class"], "within": "fixed", "lowest": 0, "highest": 120}
    for _ in range(20):
        filled = complete["osce"].fillna(0) + complete["osce"].isna() * rng.choice([0, 120], len(complete))
        assert low <= worst_case_bounds(filled, arm, x, **settings).low.estimate <= high


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"analyses": "ostr"}, "UNKNOWN_ANALYSIS"),
        ({"analyses": "negative_control"}, "ANALYSIS_NOT_POSSIBLE"),
        ({"negative_control": "anatomie"}, "UNKNOWN_CONTROL"),
        ({"unreliable": "priors"}, "UNKNOWN_COVARIATE"),
        ({"unreliable": "sex"}, "ANALYSIS_NOT_POSSIBLE"),
        ({"analyses": "robustness_value"}, None),
    ],
)
def test_what_is_asked_for_by_name(asked, code):
    study = study_of(FRAME)
    fit = se.RegressionAdjustment().fit(study)
    if code is None:
        assert len(se.sensitivity(fit, study, **asked).frame("sensitivity")) == len(fit.frame("sensitivity"))
        return
    with pytest.raises(se.DesignError) as refused:
        se.sensitivity(fit, study, **asked)
    assert refused.value.code == code
    for lang in LANGUAGES:
        refused.value.lang = lang
        assert "not_probed" not in str(refused.value) and "{" not in str(refused.value)


def test_a_result_needs_its_own_study():
    study = study_of(FRAME)
    fit = se.RegressionAdjustment().fit(study)
    other = study_of(students(seed=8))
    for given, code in (
        ((fit, other), "RESULT_OF_ANOTHER_STUDY"),
        ((study, fit), "NOT_A_RESULT_AND_ITS_STUDY"),
        ((se.Describe().fit(study), study), "DESIGN_NOT_PROBED"),
    ):
        with pytest.raises(se.DesignError) as refused:
            se.sensitivity(*given)
        assert refused.value.code == code


def test_a_printed_table_has_an_e_value_and_nothing_else():
    table = {"outcome": ["osce"] * 2, "group": ["no", "yes"], "n": [547, 120], "mean": [78, 82], "sd": [10, 8]}
    study = se.Study.from_summary(table)
    fit = se.MemberComparison().fit(study)
    assert set(se.sensitivity(fit, study).frame("sensitivity")["analysis"]) == {"e_value"}
    for analysis in ("robustness_value", "tipping_point", "worst_case"):
        with pytest.raises(se.DesignError) as refused:
            se.sensitivity(fit, study, analysis)
        assert refused.value.values["why"] == "not_probed.no_rows"


def test_a_covariate_in_a_spline_or_product_is_not_taken_for_a_measurement():
    study = study_of(FRAME)
    for terms in (("bs(prior, df=4)", "motivation"), ("prior", "prior:motivation"), ("C(year)", "motivation")):
        fit = se.RegressionAdjustment(covariates=terms).fit(study)
        found = se.sensitivity(fit, study)
        assert not len(rows_of(found, "errors_in_variables"))
        with pytest.raises(se.DesignError):
            se.sensitivity(fit, study, unreliable="prior")
    two = se.sensitivity(se.RegressionAdjustment().fit(study), study, unreliable=("prior", "motivation"))
    assert rows_of(two, "errors_in_variables")["term"].unique().tolist() == ["prior", "motivation"]


def test_more_error_than_a_covariate_varies():
    frame = FRAME.assign(prior=FRAME["motivation"] + 0.6 * np.random.default_rng(4).normal(size=len(FRAME)))
    study = study_of(frame)
    found = se.sensitivity(se.RegressionAdjustment().fit(study), study)
    rows = rows_of(found, "errors_in_variables")
    assert rows["estimate"].notna().all() and rows["setting"].min() > 0.6
    assert any(c.key == "COVARIATE_TOO_UNRELIABLE" for c in found.checks)


@pytest.mark.parametrize("what", ["constant", "alike", "one_member_missing", "tiny"])
def test_ugly_data(what):
    frame = students(60)
    if what == "constant":
        frame["osce"] = 70.0
    elif what == "alike":
        frame["osce"] = np.where(frame["society"] == "yes", 80.0, 70.0)
    elif what == "one_member_missing":
        members = frame.index[frame["society"] == "yes"]
        frame["osce"] = frame["osce"].fillna(70.0)
        frame.loc[members[:2], "osce"] = np.nan
    else:
        frame = frame.groupby("society").head(8)
    study = study_of(frame, covariates=["prior", "motivation"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for design in (se.RegressionAdjustment(resamples=199), se.MemberComparison(resamples=199)):
            found = se.sensitivity(design.fit(study), study)
            assert np.isfinite(rows_of(found)["value"].dropna()).all()
            for lang in LANGUAGES:
                said = " ".join(results_paragraphs(found, lang)) + found.table("sensitivity", lang).to_markdown()
                assert not re.search(r"\bnan\b|\binf\b", said)


def test_several_groups_are_asked_one_by_one():
    frame = FRAME.assign(society=np.where(FRAME["society"] == "no", "none", np.where(FRAME["year"] > 4, "a", "b")))
    study = se.Study(
        frame, group="society", member="a", reference="none", outcomes=["osce"], covariates=["prior", "motivation"]
    )
    found = se.sensitivity(se.RegressionAdjustment().fit(study), study, negative_control="motivation")
    for analysis in ("e_value", "oster", "negative_control"):
        assert set(rows_of(found, analysis)["group"]) == {"a", "b"}
    pairs = se.MemberComparison(contrasts="pairwise").fit(study)
    rows = rows_of(se.sensitivity(pairs, study), "robustness_value", parameter="estimate")
    assert len(rows[["group", "reference"]].drop_duplicates()) == 3


def test_every_reason_has_its_words():
    keys = {key for key in catalogue("en").entries if key.startswith("terms.not_probed.")}
    source = "".join(path.read_text() for path in (Path(se.__path__[0]) / "probing").glob("*.py"))
    assert not {key for key in keys if key.rsplit(".", 1)[1] not in source}
    assert all(catalogue(lang).has(f"terms.analyses.{name}") for lang in LANGUAGES for name in ANALYSES)


def said(result):
    """What is said, in the report, not to have been made: the reason of each analysis."""
    text = str(result.report("en"))
    for check in result.checks:
        if check.key == "SENSITIVITY_NOT_POSSIBLE":
            name = catalogue("en").get(f"terms.analyses.{check.values['analysis']}")
            assert f"Sensitivity analysis not made: {name}, because" in text
    return reasons(result)


@pytest.mark.parametrize("whole", [False, True])
def test_what_the_bundle_leaves_out_among_classes_is_told_with_its_reason(whole):
    study = study_of(FRAME, ["osce", "passed"], cluster="half" if whole else "class")
    found = se.sensitivity(se.RegressionAdjustment().fit(study), study)
    why = "whole_classes" if whole else "among_classmates"
    expected = {("osce", "tipping_point"): why, ("osce", "errors_in_variables"): why}
    if whole:
        both = (("osce", "oster"), ("osce", "worst_case"), ("passed", "worst_case"))
        expected |= dict.fromkeys([*both, ("osce", "e_value"), ("passed", "e_value")], why)
    else:
        expected |= {("osce", "worst_case"): "no_range", ("passed", "e_value"): "shares_among_classmates"}
    assert said(found) == expected


def test_an_analysis_that_ends_without_a_number_says_so(monkeypatch):
    silent = Analysis(lambda question, wish: None, lambda question, wish, found: None)
    monkeypatch.setitem(ANALYSES, "oster", silent)
    study = study_of(FRAME, ["osce"])
    found = se.sensitivity(se.RegressionAdjustment().fit(study), study, "oster")
    assert said(found) == {("osce", "oster"): "undefined"}
