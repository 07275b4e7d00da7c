"""The figures of adjusted comparisons: do their artists stand where the frames say?"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from examples import comparison
from examples_of_adjustment import adjusted, ladder, several_contrasts
from matplotlib.figure import Figure

from society_effects.errors import OutputError
from society_effects.figures import FIGURES, draw, possible_figures
from society_effects.figures.label_places import Places
from society_effects.findings.adjusted import terms_in
from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings


def artists(figure, gid):
    return [a for axes in figure.axes for a in (*axes.lines, *axes.collections, *axes.patches) if a.get_gid() == gid]


def texts(figure):
    return [text.get_text() for text in figure.texts_shown()]


def xs(figure, gid):
    return [artist.get_xdata()[0] for artist in artists(figure, gid)]


def without(findings, frame, **changed):
    tables = {name: findings.frame(name) for name in findings.frames if name != frame}
    known = dict(findings.provenance)
    return Findings.of(findings.design, tables | changed, labels=findings.labels, provenance=known, lang=findings.lang)


def vertices(contour):
    return np.vstack([path.vertices for path in contour.get_paths() if len(path.vertices)])


# --- the contour -----------------------------------------------------------------------------------------------------


def bias(x, y, error=0.5):
    return error * np.sqrt(595) * np.sqrt(y * x / (1 - x))


@pytest.mark.parametrize("estimate", [1.4, 3.0, -2.0])
def test_the_dark_line_is_where_nothing_is_left(estimate):
    figure = draw(adjusted(estimate=estimate), "contour")
    (zero,) = artists(figure, "zero")
    x, y = vertices(zero).T / 100
    inside = (x > 0.01) & (y > 0.01)
    assert bias(x[inside], y[inside]) == pytest.approx(np.full(inside.sum(), abs(estimate)), rel=0.03)


def test_lines_are_labelled_where_they_end_with_plain_numbers():
    findings = adjusted(estimate=3.0)
    figure = draw(findings, "contour")
    axes = figure.axes[0]
    ends = {t.get_text(): t.xy[1] for t in axes.texts if t.get_gid() == "end"}
    assert {"2", "1", "0", "−1", "limit 0"} <= set(ends)
    right = axes.get_xlim()[1] / 100
    for text in ("0", "−1"):
        left = 3.0 - bias(right, ends[text] / 100)
        assert left == pytest.approx(float(text.replace("−", "-")), abs=0.1)


def test_the_dashed_line_is_there_only_where_the_interval_excludes_zero():
    sure, unsure = (draw(adjusted(estimate=e), "contour") for e in (3.0, 0.5))
    assert artists(sure, "limit") and "Dashed" in " ".join(texts(sure))
    assert not artists(unsure, "limit") and "Dashed" not in " ".join(texts(unsure))


def test_the_origin_says_what_the_surface_has_there():
    findings = adjusted(estimate=3.0)
    surface = findings.frame("surface")
    there = surface[(surface["r2_member"] == 0) & (surface["r2_outcome"] == 0)]["estimate"].iloc[0]
    figure = draw(findings, "contour")
    assert f"{there:.2f}" in texts(figure)
    (origin,) = artists(figure, "origin")
    assert (origin.get_xdata()[0], origin.get_ydata()[0]) == (0, 0)


def test_benchmarks_stand_where_they_were_found_the_weakest_without_a_label():
    findings = adjusted()
    rows = findings.frame("sensitivity").set_index(["term", "setting"])
    figure = draw(findings, "contour")
    drawn = {(line.get_xdata()[0], line.get_ydata()[0]) for line in artists(figure, "benchmark")}
    for term in ("prior_score", "motivation"):
        for times in (1, 2, 3):
            row = rows.loc[(term, times)]
            assert any(np.allclose(place, 100 * row[["r2_member", "r2_outcome"]].astype(float)) for place in drawn)
    assert len(drawn) == 6 and len(artists(figure, "weak benchmark")) == 2
    said = [" ".join(text.split()) for text in texts(figure)]
    assert "3 × prior score" in said and "3 × motivation questionnaire" in said
    assert any("Small points, weaker: year of study, sex." in text for text in said)


@pytest.mark.parametrize(("estimate", "ends"), [(3.0, (30, 45)), (1.4, (20, 45))])
def test_axes_reach_the_furthest_benchmark_and_the_dark_line(estimate, ends):
    axes = draw(adjusted(estimate=estimate), "contour").axes[0]
    assert (axes.get_xlim()[1], axes.get_ylim()[1]) == pytest.approx(ends)


def test_axes_go_to_ten_percent_at_least_and_benchmarks_beyond_sixty_are_counted():
    findings = adjusted(estimate=0.05)
    alone = without(findings, "sensitivity")
    axes = draw(alone, "contour").axes[0]
    assert (axes.get_xlim()[1], axes.get_ylim()[1]) == pytest.approx((10, 10))
    rows = findings.frame("sensitivity").copy()
    rows.loc[rows["term"] == "prior_score", "r2_outcome"] = 0.9
    figure = draw(without(findings, "sensitivity", sensitivity=rows), "contour")
    assert len(artists(figure, "benchmark")) == 3
    said = " ".join(" ".join(texts(figure)).split())
    assert "3 points of causes as strong as a covariate" in said and "lie beyond the axes." in said


def test_labels_take_free_places_only():
    places = Places(30.0, 20.0, [np.column_stack([np.linspace(0, 30, 200), np.full(200, 10.0)])])
    places.keep_free(5.0, 5.0)
    first, second = places.beside(5.0, 5.0, 8.0, 2.0), places.beside(5.0, 5.0, 8.0, 2.0)
    assert first.left > 5.0 and not first.meets(second)
    far = places.near(5.0, 10.0, 8.0, 3.0)
    assert far.top < 9.7 or far.bottom > 10.3
    assert places.near(5.0, 5.0, 40.0, 3.0) is None


def test_a_covariate_has_one_shape_in_all_panels():
    findings = adjusted(outcomes=2)
    rows = findings.frame("sensitivity").copy()
    second = (rows["outcome"] == "continuous_2") & rows["term"].eq("motivation")
    rows.loc[second, "r2_outcome"] *= 6
    figure = draw(without(findings, "sensitivity", sensitivity=rows), "contour")
    drawn = [{a.get_marker() for a in axes.lines if a.get_gid() == "benchmark"} for axes in figure.axes]
    strong = [
        max((a for a in x.lines if a.get_gid() == "benchmark"), key=lambda a: a.get_ydata()[0]) for x in figure.axes
    ]
    assert drawn == [{"o", "s"}] * 2 and [a.get_marker() for a in strong] == ["o", "s"]


def test_a_covariate_without_room_for_its_name_stands_in_the_note(monkeypatch):
    assert "Without room" not in " ".join(texts(draw(adjusted(), "contour")))
    near = Places.near

    def crowded(self, x, y, width, height):
        return near(self, x, y, width, height) if (x, y) == (0, 0) else None

    monkeypatch.setattr(Places, "near", crowded)
    note = " ".join(" ".join(texts(draw(adjusted(), "contour"))).split())
    assert "Without room for a label: prior score (circles)." in note
    assert "Without room for a label: motivation questionnaire (squares)." in note


# --- the ladder ------------------------------------------------------------------------------------------------------


def test_rungs_stand_in_their_order_with_their_limits_and_names():
    findings = ladder()
    rows = findings.frame("rungs")
    shuffled = without(findings, "rungs", rungs=rows.iloc[::-1])
    figure = draw(shuffled, "ladder")
    assert xs(figure, "estimate") == pytest.approx(rows["estimate"].tolist())
    spans = [list(line.get_xdata()) for line in artists(figure, "interval")]
    assert np.array(spans) == pytest.approx(rows[["conf_low", "conf_high"]].to_numpy())
    said = texts(figure)
    assert {"Raw difference", "Demographics", "+ prior achievement", "+ motivation", "Within classes"} <= set(said)
    assert "comparable if alike in sex, year of study" in [" ".join(text.split()) for text in said]


def test_lines_at_zero_raw_and_truth_are_named():
    figure = draw(ladder(), "ladder")
    assert (xs(figure, "null"), xs(figure, "raw"), xs(figure, "truth")) == ([0.0], [3.1], [1.44])
    assert {"raw", "truth"} <= set(texts(figure))
    assert not artists(draw(ladder(truth=False), "ladder"), "truth")


def test_the_truth_of_a_study_with_waves_is_that_of_the_waves_of_the_rungs():
    findings = ladder()
    keys = {"outcome": "score_1", "measure": "adjusted_mean_difference", "estimand": "adj_diff_members"}
    rows = [keys | {"wave": w, "reference_wave": "before", "value": v} for w, v in (("year", 2.4), ("term", 1.5))]
    truth = pd.DataFrame(rows)
    estimates = findings.frame("estimates").assign(wave="year", reference_wave="before")
    assert xs(draw(without(findings, "truth", truth=truth, estimates=estimates), "ladder"), "truth") == [2.4]
    assert not xs(draw(without(findings, "truth", truth=truth), "ladder"), "truth")


@pytest.mark.parametrize(("outcomes", "said"), [(1, "All rungs are of"), (3, "In each panel all rungs are of")])
def test_the_same_students_are_told_per_panel(outcomes, said):
    findings = ladder(outcomes=outcomes)
    rungs = findings.frame("rungs")
    rungs = rungs.assign(n=rungs["n"] + rungs["outcome"].map({f"score_{i + 1}": i for i in range(3)}))
    same = draw(without(findings, "rungs", rungs=rungs), "ladder")
    assert said in " ".join(" ".join(texts(same)).split())
    other = rungs.assign(n=rungs["n"] - (rungs["position"] == 3))
    assert "Not all rungs" in " ".join(texts(draw(without(findings, "rungs", rungs=other), "ladder")))


def test_outcomes_that_no_ladder_was_made_of_are_named():
    findings = ladder()
    left_out = Check("NOT_IN_LADDER", "warn", {"outcomes": ["score_2"]})
    figure = draw(replace(findings, checks=(*findings.checks, left_out)), "ladder")
    assert "same scale: score_2" in " ".join(" ".join(texts(figure)).split())


def test_the_truth_is_that_of_those_the_ladder_aims_at():
    findings = ladder()
    truth = pd.concat([findings.frame("truth"), findings.frame("truth").assign(estimand="ate", value=1.2)])
    everybody = findings.frame("rungs").copy()
    everybody.loc[everybody["estimand"] == "adj_diff_members", "estimand"] = "adj_diff_all"
    assert xs(draw(without(findings, "truth", truth=truth), "ladder"), "truth") == [1.44]
    assert xs(draw(without(findings, "truth", truth=truth, rungs=everybody), "ladder"), "truth") == [1.2]


def test_the_unadjusted_rung_is_hollow_and_others_are_filled():
    markers = artists(draw(ladder(), "ladder"), "estimate")
    hollow = [marker.get_markerfacecolor() == "white" for marker in markers]
    assert hollow == [True, False, False, False, False, False]
    assert markers[4].get_marker() == "s" != markers[1].get_marker()
    assert "Square" in " ".join(texts(draw(ladder(), "ladder")))


def test_rungs_not_climbed_are_listed_with_the_reason():
    figure = draw(ladder(missed=("within_class", "change")), "ladder")
    grey = [text.get_text() for text in figure.texts if text.get_gid() == "after"]
    assert grey == ["Within classes", "not done: no classes", "Change scores", "not done: no earlier wave"]
    assert len(artists(figure, "estimate")) == 4


def test_counts_stand_in_columns_where_there_are_some():
    full, plain = draw(ladder(effective=True), "ladder"), draw(ladder(classes=False), "ladder")
    assert {"Classes", "24", "460"} <= set(texts(full)) and any("Effective" in text for text in texts(full))
    assert "Classes" not in texts(plain) and texts(plain).count("633") == 6


def test_what_is_assumed_is_said_once_for_several_outcomes():
    figure = draw(ladder(outcomes=3), "ladder")
    assert texts(figure).count("groups as they are") == 1
    assert len(artists(figure, "estimate")) == 18


def test_shares_are_drawn_in_percentage_points():
    findings = ladder(shares=True)
    figure = draw(findings, "ladder")
    assert xs(figure, "estimate") == pytest.approx((100 * findings.frame("rungs")["estimate"]).tolist())
    assert "percentage points" in figure.axes[0].get_xlabel()


def test_terms_with_commas_are_not_torn():
    assert terms_in("sex, bs(prior_score, 4), C(year)") == ["sex", "bs(prior_score, 4)", "C(year)"]
    assert terms_in(None) == []


# --- adjusted means --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("target", "weighting"), [("members", "members"), ("all", "all")])
def test_each_group_goes_from_its_raw_to_its_adjusted_mean(target, weighting):
    findings = adjusted(target=target)
    figure = draw(findings, "adjusted_means")
    groups = findings.frame("groups")
    means = findings.frame("adjusted_means")
    means = means[means["weighting"] == weighting]
    raw, moved = ([line.get_ydata()[0] for line in artists(figure, gid)] for gid in ("raw", "adjusted"))
    assert raw == pytest.approx(groups["mean"].tolist()) and moved == pytest.approx(means["value"].tolist())
    ways = [list(line.get_ydata()) for line in artists(figure, "way")]
    assert np.array(ways) == pytest.approx(np.column_stack([raw, moved]))
    spans = [list(line.get_ydata()) for line in artists(figure, "interval")]
    assert np.array(spans) == pytest.approx(means[["conf_low", "conf_high"]].to_numpy())


def test_raw_is_hollow_adjusted_is_filled():
    figure = draw(adjusted(), "adjusted_means")
    assert {line.get_markerfacecolor() for line in artists(figure, "raw")} == {"white"}
    assert "white" not in {line.get_markerfacecolor() for line in artists(figure, "adjusted")}


def test_shares_and_categories_are_in_percent():
    binary, ordinal = adjusted(kind="binary"), adjusted(kind="ordinal")
    for findings in (binary, ordinal):
        means = findings.frame("adjusted_means")
        means = means[means["weighting"] == "members"]
        figure = draw(findings, "adjusted_means")
        drawn = [line.get_ydata()[0] for line in artists(figure, "adjusted")]
        assert drawn == pytest.approx((100 * means["value"]).tolist())
    assert len(artists(draw(ordinal, "adjusted_means"), "raw")) == 10


def test_an_adjusted_mean_without_limits_is_shown_without_brackets():
    findings = adjusted()
    means = findings.frame("adjusted_means").copy()
    means.loc[means["group"] != means["reference"], ["std_error", "conf_low", "conf_high"]] = np.nan
    shown = "".join(texts(draw(without(findings, "adjusted_means", adjusted_means=means), "adjusted_means")))
    assert "—" not in shown and "(" in shown


def test_several_contrasts_have_panels_of_their_own():
    figure = draw(several_contrasts(), "adjusted_means")
    assert [len(axes.lines) for axes in figure.axes] == [8, 8, 8]
    assert any("Officers vs non-members" in text.replace("\n", " ") for text in texts(figure))


# --- subgroups -------------------------------------------------------------------------------------------------------


def test_subgroups_stand_below_a_diamond_as_wide_as_the_interval():
    findings = adjusted()
    rows = findings.frame("estimates")
    own = rows[rows["level"].notna() & rows["reference_level"].isna()]
    figure = draw(findings, "subgroups")
    assert xs(figure, "estimate") == pytest.approx(own["estimate"].tolist())
    (diamond,) = artists(figure, "overall")[-1:]
    corners = diamond.get_xy()[:, 0]
    answer = rows[rows["primary"]].iloc[0]
    assert (corners.min(), corners.max()) == pytest.approx((answer["conf_low"], answer["conf_high"]))
    said = [text.replace("\u00a0", " ").strip() for text in texts(figure)]
    assert {"All students (n = 600)", "Sex", "Male (n = 190)", "1.40 (−1.20 to 4.00)", "reference"} <= set(said)


def test_a_measurement_has_a_row_and_a_line_with_its_band():
    findings = adjusted()
    figure = draw(findings, "subgroups")
    assert any("Prior score, per standard deviation" in text for text in texts(figure))
    assert "0.05 (−1.30 to 1.40)" in texts(figure)
    lines = findings.frame("lines")
    (line,) = artists(figure, "line")
    assert line.get_ydata() == pytest.approx(lines["value"].to_numpy())
    (band,) = artists(figure, "band")
    corners = band.get_paths()[0].vertices[:, 1]
    assert (corners.min(), corners.max()) == pytest.approx((lines["conf_low"].min(), lines["conf_high"].max()))


def test_categories_of_the_outcome_itself_are_no_subgroups():
    findings = adjusted(kind="ordinal")
    figure = draw(findings, "subgroups")
    assert len(artists(figure, "estimate")) == 4
    rows = findings.frame("estimates")
    only = without(findings, "estimates", estimates=rows[rows["by"].isna() | (rows["by"] == rows["outcome"])])
    assert "subgroups" not in possible_figures(only)


def test_subgroups_and_raw_rows_never_stand_in_the_forest():
    findings = adjusted(outcomes=3)
    figure = draw(findings, "forest")
    rows = findings.frame("estimates")
    assert xs(figure, "estimate") == pytest.approx(rows[rows["primary"]]["estimate"].tolist())
    nobody = without(findings, "estimates", estimates=rows.assign(primary=False))
    drawn = draw(nobody, "forest")
    assert len(artists(drawn, "estimate")) == int(rows["by"].isna().sum())


def test_adjusted_differences_are_not_put_beside_the_means_as_they_are():
    assert "estimation" not in possible_figures(adjusted())
    assert "estimation" in possible_figures(comparison())


# --- balance and coefficients ----------------------------------------------------------------------------------------


def test_covariates_are_sorted_by_how_far_apart_the_groups_are():
    findings = adjusted(after=True)
    rows = findings.frame("balance")
    before, after = (rows[rows["stage"] == stage].set_index("variable")["smd"] for stage in ("before", "after"))
    order = before.abs().sort_values(ascending=False).index
    figure = draw(findings, "balance")
    assert xs(figure, "before") == pytest.approx(before.abs()[order].tolist())
    assert xs(figure, "after") == pytest.approx(after.abs()[order].tolist())
    assert {line.get_markerfacecolor() for line in artists(figure, "before")} == {"white"}
    assert xs(figure, "small") == [0.1]
    assert {"Sex: male", "Prior score", "−0.15"} <= set(texts(figure))


def test_several_contrasts_differ_in_shape_with_a_key_above_each_column():
    figure = draw(several_contrasts(), "balance")
    shapes = {line.get_marker() for line in artists(figure, "before")}
    assert len(shapes) == 3 and {line.get_marker() for line in artists(figure, "key")} == shapes


@pytest.mark.parametrize(("kind", "back"), [("continuous", np.asarray), ("binary", np.exp), ("count", np.exp)])
def test_coefficients_are_drawn_on_their_own_scale_membership_first(kind, back):
    findings = adjusted(kind=kind)
    rows = findings.frame("coefficients")
    rows = rows[(rows["model"] == "adjusted") & (rows["term"] != "(Intercept)")]
    figure = draw(findings, "coefficients")
    assert xs(figure, "estimate") == pytest.approx(back(rows["estimate"].to_numpy()).tolist())
    assert figure.axes[0].get_xscale() == ("linear" if kind == "continuous" else "log")
    colours = [line.get_markerfacecolor() for line in artists(figure, "estimate")]
    assert colours[0] == "#0072B2" and set(colours[1:]) == {"#1A1A1A"}
    assert {"Members (vs non-members)", "Sex: male", "Members × prior score"} <= set(texts(figure))


def test_membership_comes_first_wherever_it_is_written():
    findings = adjusted()
    rows = findings.frame("coefficients").iloc[::-1]
    figure = draw(without(findings, "coefficients", coefficients=rows), "coefficients")
    assert artists(figure, "estimate")[0].get_markerfacecolor() == "#0072B2"


# --- all of them -----------------------------------------------------------------------------------------------------

KINDS = ("contour", "adjusted_means", "subgroups", "balance", "coefficients", "ladder")


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_of_one_drawing_fits_an_axis_of_ones_own(kind):
    findings = ladder() if kind == "ladder" else adjusted(kind="binary" if kind == "subgroups" else "continuous")
    figure = Figure(figsize=(8, 5))
    axes = figure.add_axes((0.35, 0.25, 0.3, 0.6))
    assert draw(findings, kind, ax=axes) is figure
    assert axes.lines or axes.collections


@pytest.mark.parametrize("kind", KINDS)
def test_several_drawings_need_axes_of_their_own(kind):
    findings = ladder(outcomes=2) if kind == "ladder" else adjusted(outcomes=2)
    if kind == "balance":
        rows = pd.concat([findings.frame("balance").assign(outcome=f"continuous_{i}") for i in (1, 2)])
        findings = without(findings, "balance", balance=rows)
    with pytest.raises(OutputError, match="more than one axis"):
        draw(findings, kind, ax=Figure().add_subplot())


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_the_same_to_the_byte(kind):
    findings = ladder() if kind == "ladder" else adjusted()
    assert draw(findings, kind)._repr_png_() == draw(findings, kind)._repr_png_()


@pytest.mark.parametrize("kind", KINDS)
def test_findings_without_the_rows_have_no_such_figure(kind):
    assert kind not in possible_figures(comparison())
    assert set(FIGURES[kind].needs) <= {"surface", "adjusted_means", "estimates", "balance", "coefficients", "rungs"}


def test_many_rows_do_not_count_as_one_page():
    for kind in ("subgroups", "coefficients"):
        small, large = adjusted(outcomes=2), adjusted(outcomes=8)
        assert FIGURES[kind].fits(small) and not FIGURES[kind].fits(large)
    assert FIGURES["ladder"].fits(ladder(outcomes=3)) and not FIGURES["ladder"].fits(ladder(outcomes=9))
    assert FIGURES["balance"].fits(adjusted()) and not FIGURES["balance"].fits(adjusted(terms=60))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["subgroups", "ladder"])
def test_intervals_that_are_not_simultaneous_are_said_to_be_of_each_comparison_alone(kind, lang):
    findings = ladder() if kind == "ladder" else adjusted()
    note = " ".join(" ".join(texts(draw(findings, kind, lang=lang))).split())
    assert {"en": "CI of each comparison alone", "zh": "单独的95%CI"}[lang] in note.replace("\n", "")
