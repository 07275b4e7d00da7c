"""Raincloud, profile and flow: do their artists stand where the frames say, and can they be read?"""

import numpy as np
import pandas as pd
import pytest
from all_kinds import flow, standardised
from examples import comparison
from examples_of_adjustment import adjusted
from examples_of_waves import panel
from faults import faults
from matplotlib.figure import Figure
from test_figures_of_adjustment import artists, texts, without

from society_effects.errors import OutputError
from society_effects.figures import FIGURES, draw, possible_figures

LANGS = ("en", "zh")
GROUPS = ("no", "former", "yes", "officer")


# --- raincloud -------------------------------------------------------------------------------------------------------


def test_boxes_clouds_and_rain_are_those_of_the_frames():
    findings = comparison(density=True, truth=True)
    figure, rows = draw(findings, "raincloud"), findings.frame("groups")
    boxes = [(box.get_y(), box.get_y() + box.get_height()) for box in artists(figure, "box")]
    assert boxes == [pytest.approx(pair) for pair in zip(rows["q1"], rows["q3"], strict=True)]
    assert [line.get_ydata()[0] for line in artists(figure, "median")] == rows["median"].tolist()
    assert [line.get_ydata()[0] for line in artists(figure, "mean")] == rows["mean"].tolist()
    for line, group in zip(artists(figure, "values"), rows["group"], strict=True):
        own = findings.frame("values")
        assert line.get_ydata() == pytest.approx(np.sort(own.loc[own["group"] == group, "value"]))
    assert len(artists(figure, "density")) == 2
    rain = [line.get_xdata() for line in artists(figure, "values")]
    assert all((x < place - 0.05).all() and (x > place - 0.5).all() for place, x in enumerate(rain))


def test_large_groups_have_no_rain_and_small_ones_no_cloud():
    many = comparison(n=2500, density=True)
    assert not artists(draw(many, "raincloud"), "values") and artists(draw(many, "raincloud"), "density")
    few = draw(comparison(n=6), "raincloud")
    assert artists(few, "values") and not artists(few, "density")
    assert "Half curves" not in " ".join(texts(few))


def test_only_scores_of_students_have_a_raincloud():
    assert "raincloud" not in possible_figures(comparison(outcomes=0, binary=2))
    assert "raincloud" not in possible_figures(comparison(rows=False))
    assert FIGURES["raincloud"].fits(comparison(outcomes=6)) and not FIGURES["raincloud"].fits(comparison(outcomes=7))


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("outcomes", "n"), [(1, 5), (3, 70), (1, 70), (12, 40), (4, 900)])
def test_every_raincloud_can_be_read(outcomes, n, lang):
    findings = comparison(outcomes=outcomes, n=n, lang=lang, density=True, long_labels=outcomes == 3)
    figure = draw(findings, "raincloud")
    assert faults(figure) == []
    assert figure.height_mm <= figure.journal.tallest or outcomes == 12


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_several_groups_and_waves_of_a_raincloud(lang):
    assert faults(draw(comparison(groups=GROUPS, density=True, lang=lang), "raincloud")) == []
    assert faults(draw(panel(lang=lang), "raincloud")) == []


@pytest.mark.thinned
@pytest.mark.parametrize(
    "ugly",
    [{"values": lambda rng, g, n: [50.0] * n}, {"scale": 1e6}, {"scale": 1e-5}, {"shift": -200.0}, {"n": 2}],
)
def test_ugly_scores(ugly):
    assert faults(draw(comparison(density=True, **ugly), "raincloud")) == []


# --- profile ---------------------------------------------------------------------------------------------------------


def test_a_profile_has_one_measure_on_one_scale_with_the_means_beside_it():
    findings = standardised(comparison(outcomes=5))
    figure, rows = draw(findings, "profile"), findings.frame("estimates")
    own = rows[rows["measure"] == "d_average"]
    assert [a.get_xdata()[0] for a in artists(figure, "estimate")] == pytest.approx(own["estimate"].tolist())
    means = findings.frame("groups")["mean"]
    assert {f"{mean:.2f}" for mean in means} <= set(texts(figure))
    assert "Members\nmean" in texts(figure)


def test_adjusted_differences_stand_beside_adjusted_means():
    findings = standardised(adjusted(outcomes=2), "d_adjusted")
    said = texts(draw(findings, "profile"))
    values = findings.frame("adjusted_means").query("weighting == 'members' and outcome == 'continuous_1'")["value"]
    assert {f"{value:.2f}" for value in values} <= set(said)
    assert "Adjusted means" in " ".join(said)
    alone = draw(without(findings, "adjusted_means"), "profile")
    assert "mean" not in " ".join(texts(alone)).replace("mean difference", "")


def test_one_outcome_or_none_standardised_is_no_profile():
    assert "profile" not in possible_figures(standardised(comparison(outcomes=1)))
    assert "profile" not in possible_figures(comparison(outcomes=3))
    findings = standardised(comparison(outcomes=3))
    rows = findings.frame("estimates")
    more = rows[(rows["measure"] == "d_average") & (rows["outcome"] != "score_3")].assign(measure="d_total")
    mixed = without(findings, "estimates", estimates=pd.concat([rows, more]))
    assert len(artists(draw(mixed, "profile"), "estimate")) == 3


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "case", [{"outcomes": 2}, {"outcomes": 5, "long_labels": True}, {"outcomes": 30}, {"groups": GROUPS, "outcomes": 3}]
)
def test_every_profile_can_be_read(case, lang):
    figure = draw(standardised(comparison(lang=lang, **case)), "profile")
    assert faults(figure) == [] and figure.height_mm <= figure.journal.tallest


# --- flow ------------------------------------------------------------------------------------------------------------


def test_every_student_of_the_ledger_is_in_a_box():
    said = [text.replace("\u00a0", " ") for text in texts(draw(flow(general=[("group_missing", 3)]), "flow"))]
    assert "Students in the data\nn = 671" in said and "Membership unknown (n = 3)" in said
    assert said.count("Analysed: n = 307") == 2 and "Members\nn = 334" in said
    left = [" ".join(text.split()) for text in said if text.startswith("Left out")]
    assert left == ["Left out: no value (n = 11), covariate missing (n = 16)"] * 2


def test_students_left_out_at_one_step_for_two_reasons_are_added_up():
    said = [
        text.replace("\u00a0", " ") for text in texts(draw(flow(losses=[("selected", 4), ("selected", 5)]), "flow"))
    ]
    assert "Left out: not in the group that is analysed (n = 9)" in [" ".join(text.split()) for text in said]


def test_steps_that_leave_nobody_out_are_not_named():
    said = [text.replace("\u00a0", " ") for text in texts(draw(flow(losses=[("outcome_missing", 0)]), "flow"))]
    assert not any("Left out" in text for text in said) and "Analysed: n = 334" in said


def test_arrows_lead_from_the_group_to_every_outcome():
    figure = draw(flow(outcomes=3), "flow")
    assert len(artists(figure, "box")) == 1 + 2 + 6
    arrows = [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == 2 + 6
    spines = [line for line in artists(figure, "way") if len(set(line.get_xdata())) == 1]
    assert len(spines) == 3


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "case",
    [
        {"outcomes": 4, "long_labels": True},
        {"groups": (None,), "general": [("selected", 288)]},
        pytest.param({"outcomes": 12}, marks=pytest.mark.slow),
        {"groups": GROUPS[:3], "outcomes": 2, "general": [("group_missing", 3), ("joining_unknown", 2)]},
        {
            "losses": [
                ("outcome_missing", 5),
                ("covariate_missing", 7),
                ("not_in_every_rung", 9),
                ("waves_incomplete", 4),
            ]
        },
        {"groups": ("yes",)},
        pytest.param({"groups": GROUPS, "outcomes": 3}, marks=pytest.mark.slow),
    ],
)
def test_every_flow_can_be_read(case, lang):
    figure = draw(flow(lang=lang, **case), "flow")
    assert faults(figure) == [] and figure.height_mm <= figure.journal.tallest


def test_a_flow_needs_a_page_of_its_own_and_an_analysis():
    with pytest.raises(OutputError, match="more than one axis"):
        draw(flow(), "flow", ax=Figure().add_subplot())
    nobody = pd.DataFrame([{"step": "data", "n_before": 5, "n_dropped": 0, "n_after": 5}])
    assert "flow" not in possible_figures(without(flow(), "ledger", ledger=nobody))


@pytest.mark.parametrize("kind", ["raincloud", "profile"])
def test_they_fit_an_axis_of_ones_own(kind):
    axes = Figure(figsize=(8, 5)).add_axes((0.35, 0.25, 0.3, 0.6))
    findings = comparison(density=True) if kind == "raincloud" else standardised(comparison(outcomes=3))
    assert draw(findings, kind, ax=axes) is axes.figure and axes.lines
