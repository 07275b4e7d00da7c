"""An outcome that membership cannot have changed: compared in the same way, and what is left beside it."""

import numpy as np
import pytest
from probing_examples import one, rows_of, students, study_of

import society_effects as se
from society_effects.stats.adjusted_difference import adjusted_difference
from society_effects.stats.effect_sizes import d_adjusted
from society_effects.stats.moments import Moments

FRAME = students(missing=False)
OUTCOMES = ["osce", "anatomy"]
NAMES = ["prior", "motivation"]


def member(frame):
    return (frame["society"] == "yes").to_numpy()


def sd(values, arm):
    return np.sqrt((np.var(values[arm], ddof=1) + np.var(values[~arm], ddof=1)) / 2)


def test_the_control_is_compared_as_the_outcome_is():
    study = study_of(FRAME, OUTCOMES, NAMES)
    fit = se.RegressionAdjustment().fit(study)
    found = se.sensitivity(fit, study, negative_control="anatomy")
    estimates = fit.estimates.query("outcome == 'anatomy'").set_index("measure")
    for measure in ("adjusted_mean_difference", "d_adjusted"):
        rows = rows_of(found, "negative_control", "anatomy", "control", "anatomy")
        row = rows[rows["measure"] == measure].iloc[0]
        assert row["estimate"] == pytest.approx(estimates.loc[measure, "estimate"], rel=1e-10)
        assert row["conf_low"] == pytest.approx(estimates.loc[measure, "conf_low"], rel=1e-9)
    own = one(found, "negative_control", "osce", "calibrated", "anatomy")
    d = fit.estimates.query("measure == 'd_adjusted'").set_index("outcome")["estimate"]
    assert own["estimate"] == pytest.approx(d["osce"] - d["anatomy"], rel=1e-10)


def test_a_covariate_as_control_is_no_covariate_then():
    study = study_of(FRAME, ["osce"], [*NAMES, "anatomy"])
    fit = se.RegressionAdjustment().fit(study)
    found = se.sensitivity(fit, study, "negative_control", negative_control="anatomy")
    arm, x = member(FRAME), FRAME[NAMES].to_numpy()
    control = adjusted_difference(FRAME["anatomy"], arm, x)
    values = FRAME["anatomy"].to_numpy()
    d = d_adjusted(control.difference, Moments.of(values[arm]), Moments.of(values[~arm]))
    rows = rows_of(found, "negative_control", parameter="control").set_index("measure")
    assert rows.loc["adjusted_mean_difference", "estimate"] == pytest.approx(control.difference.estimate, rel=1e-9)
    assert rows.loc["d_adjusted", "conf_high"] == pytest.approx(d.conf_high, rel=1e-9)
    scores = FRAME["osce"].to_numpy()
    outcome = adjusted_difference(scores, arm, x)
    influence = outcome.influence / sd(scores, arm) - control.influence / sd(values, arm)
    row = one(found, "negative_control", "osce", "calibrated")
    expected = outcome.difference.estimate / sd(scores, arm) - control.difference.estimate / sd(values, arm)
    assert row["estimate"] == pytest.approx(expected, rel=1e-9)
    assert row["std_error"] == pytest.approx(np.sqrt(np.sum(influence**2)), rel=1e-9)


def test_what_differs_on_the_control_is_told():
    frame = FRAME.assign(anatomy=FRAME["anatomy"] + FRAME["prior"])
    for name, differs in (("raw", True), ("all", False)):
        study = study_of(frame, OUTCOMES, NAMES)
        design = se.MemberComparison() if name == "raw" else se.RegressionAdjustment()
        found = se.sensitivity(design.fit(study), study, negative_control="anatomy")
        row = rows_of(found, "negative_control", parameter="control").iloc[0]
        assert (row["conf_low"] > 0) == differs
        assert any(c.key == "NEGATIVE_CONTROL_DIFFERS" for c in found.checks) == differs


def test_students_of_a_class_are_not_independent():
    study = study_of(FRAME, ["osce"], [*NAMES, "anatomy"], cluster="class")
    fit = se.RegressionAdjustment().fit(study)
    found = se.sensitivity(fit, study, negative_control="anatomy")
    assert fit.estimates.query("primary")["method"].iloc[0].startswith("within")
    arm, x = member(FRAME), FRAME[NAMES].to_numpy()
    settings = {"clusters": FRAME["class"], "within": "fixed"}
    control, outcome = (adjusted_difference(FRAME[name], arm, x, **settings) for name in ("anatomy", "osce"))
    rows = rows_of(found, "negative_control", parameter="control").set_index("measure")
    assert rows.loc["adjusted_mean_difference", "std_error"] == pytest.approx(control.difference.std_error, rel=1e-9)
    units = [sd(FRAME[name].to_numpy(), arm) for name in ("osce", "anatomy")]
    influence = outcome.influence / units[0] - control.influence / units[1]
    of_classes = np.bincount(FRAME["class"], influence)
    row = one(found, "negative_control", "osce", "calibrated")
    assert row["std_error"] == pytest.approx(np.sqrt(np.sum(of_classes**2)), rel=1e-9)


def test_a_total_is_not_calibrated_by_its_part():
    frame = FRAME.assign(total=FRAME["osce"] + FRAME["anatomy"])
    outcomes = [se.Outcome("total", parts=("osce", "anatomy")), "osce", "anatomy"]
    study = study_of(frame, outcomes, NAMES)
    found = se.sensitivity(se.RegressionAdjustment().fit(study), study, negative_control="anatomy")
    assert rows_of(found, "negative_control", parameter="calibrated")["outcome"].tolist() == ["osce"]


@pytest.mark.parametrize("control", ["sex", "passed"])
def test_only_a_score_can_be_a_control(control):
    study = study_of(FRAME, ["osce", "passed"], ["prior", "sex"])
    fit = se.RegressionAdjustment().fit(study)
    with pytest.raises(se.DesignError) as refused:
        se.sensitivity(fit, study, negative_control=control)
    assert refused.value.values["why"] == "not_probed.control_not_a_score"


def test_nor_what_was_measured_after_joining():
    about = se.About(covariates_before_joining=["prior"])
    study = se.Study(FRAME, group="society", outcomes=["osce"], covariates=["prior", "anatomy"], about=about)
    fit = se.RegressionAdjustment().fit(study)
    with pytest.raises(se.DesignError) as refused:
        se.sensitivity(fit, study, negative_control="anatomy")
    assert refused.value.values["why"] == "not_probed.control_after_joining"


def test_the_numbers_behind_the_calibrated_one_are_told():
    frame = FRAME.assign(anatomy=FRAME["anatomy"].where(FRAME.index % 10 > 0))
    study = study_of(frame, ["osce"], {"prior_achievement": ["prior"], "others": ["motivation", "anatomy"]})
    found = se.sensitivity(se.RegressionAdjustment().fit(study), study, negative_control="anatomy")
    rows = rows_of(found, "negative_control", "osce").set_index("parameter")
    difference = rows.loc["calibrated_outcome", "estimate"] - rows.loc["calibrated_control", "estimate"]
    assert rows.loc["calibrated", "estimate"] == pytest.approx(difference, rel=1e-12)
    assert (rows["n"] == 270).all()
    part = frame[frame["anatomy"].notna()]
    own = adjusted_difference(part["osce"], member(part), part[NAMES].to_numpy()).difference
    unit = sd(part["osce"].to_numpy(), member(part))
    for name in ("estimate", "conf_low", "conf_high"):
        assert rows.loc["calibrated_outcome", name] == pytest.approx(getattr(own, name) / unit, rel=1e-9)
    text = str(found.report("en"))
    assert "neither adjusted for anatomy" in text and "among the 270 students who have both" in text
    assert "neither number behind it is adjusted for the control" in str(found.table("sensitivity", lang="en"))
