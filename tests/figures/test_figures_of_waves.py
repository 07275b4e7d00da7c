"""Do the figures of two and more waves show what the frames say, and can they be read?"""

import numpy as np
import pytest
from examples_of_waves import panel
from faults import faults
from matplotlib.figure import Figure

from society_effects.errors import OutputError
from society_effects.figures import FIGURES, draw, possible_figures
from society_effects.figures.panels import spread

ONE = {"change": ("no", "yes"), "scatter": ("no", "yes"), "agreement": ("yes",), "sensitivity_path": ("no", "yes")}
"""The figures of waves, each with the groups it is tried on."""


def artists(figure, gid):
    return [a for axes in figure.axes for a in axes.lines + axes.collections + axes.patches if a.get_gid() == gid]


def texts(figure):
    return [text.get_text().replace("\u00a0", " ") for text in figure.texts_shown()]


def rows(findings, frame, **keys):
    found = findings.frame(frame)
    for key, value in keys.items():
        found = found[found[key].isna() if value is None else found[key] == value]
    return found


@pytest.mark.thinned
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("outcomes", "n"), [(1, 5), (3, 30), (6, 30), (1, 3000)])
@pytest.mark.parametrize("kind", list(ONE))
def test_nothing_overlaps_or_is_lost(kind, outcomes, n, lang):
    figure = draw(panel(n=n, outcomes=outcomes, groups=ONE[kind], lang=lang), kind)
    assert faults(figure) == []
    assert figure.height_mm <= figure.journal.tallest


@pytest.mark.thinned
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", list(ONE))
def test_long_names(kind, lang):
    assert faults(draw(panel(outcomes=3, groups=ONE[kind], lang=lang, long_labels=True), kind)) == []


@pytest.mark.thinned
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["continuous", "binary", "ordinal"])
def test_five_waves(kind, lang):
    for outcomes in (1, 6):
        assert faults(draw(panel(outcomes=outcomes, waves=5, kind=kind, lang=lang), "change")) == []


@pytest.mark.thinned
@pytest.mark.parametrize("kind", list(ONE))
@pytest.mark.parametrize("journal", ["bmc", "nature", "chinese"])
def test_journals(kind, journal):
    figure = draw(panel(outcomes=3, groups=ONE[kind]), kind, journal=journal, title="Before and after")
    assert faults(figure) == []
    assert figure.height_mm <= figure.journal.tallest


@pytest.mark.parametrize("kind", ["change", "scatter", "sensitivity_path"])
def test_four_groups(kind):
    assert faults(draw(panel(groups=("no", "former", "yes", "officer")), kind)) == []


@pytest.mark.parametrize("scale", [1e-5, 1e6])
@pytest.mark.parametrize("kind", list(ONE))
def test_small_and_large_numbers(kind, scale):
    assert faults(draw(panel(groups=ONE[kind], scale=scale), kind)) == []


@pytest.mark.parametrize("waves", [2, 5])
@pytest.mark.parametrize(("kind", "centre", "times"), [("continuous", "mean", 1), ("binary", "share", 100)])
def test_centres_and_limits_are_those_of_the_groups(kind, centre, times, waves):
    findings = panel(kind=kind, waves=waves)
    figure = draw(findings, "change")
    for axes, group in zip(figure.axes, ("no", "yes"), strict=True):
        own = rows(findings, "groups", group=group)
        (path,) = (line for line in axes.lines if line.get_gid() == "path")
        assert path.get_ydata() == pytest.approx((times * own[centre]).to_numpy())
        spans = np.array([line.get_ydata() for line in axes.lines if line.get_gid() == "interval"])
        assert spans == pytest.approx(times * own[["conf_low", "conf_high"]].to_numpy())


def test_ordered_outcomes_show_medians_and_quartiles_on_the_names_of_the_categories():
    findings = panel(kind="ordinal", groups=("yes",))
    figure, own = draw(findings, "change"), rows(findings, "groups", category=None)
    assert [line.get_ydata().tolist() for line in artists(figure, "path")] == [own["median"].tolist()]
    spans = [line.get_ydata() for line in artists(figure, "interval")]
    assert np.array(spans) == pytest.approx(own[["q1", "q3"]].to_numpy())
    assert figure.axes[0].get_yticklabels()[0].get_text() == "strongly disagree"


def test_every_student_is_a_line_broken_where_a_wave_is_missing():
    findings = panel(n=12, waves=3, lost=4)
    for lines, group in zip(artists(draw(findings, "change"), "students"), ("no", "yes"), strict=True):
        drawn = [len(path.vertices) for path in lines.get_paths()]
        assert len(drawn) == 12
        seen = np.sort(np.concatenate([p.vertices[~np.isnan(p.vertices[:, 1]), 1] for p in lines.get_paths()]))
        assert seen == pytest.approx(np.sort(rows(findings, "values", group=group)["value"]))
    assert "Members (n = 8 to 12)" in texts(draw(findings, "change"))


def test_of_large_groups_quartiles_stand_for_the_students():
    findings = panel(n=2001, groups=("yes",))
    figure, own = draw(findings, "change"), rows(findings, "groups", group="yes")
    assert not artists(figure, "students")
    drawn = {y for _, y in artists(figure, "band")[0].get_paths()[0].vertices}
    assert set(own["q1"]) | set(own["q3"]) <= drawn
    assert any("Pale bands" in text for text in texts(figure))


def test_the_change_is_said_where_it_is_one_number():
    findings = panel()
    assert sum("Change" in text for text in texts(draw(findings, "change"))) == 2
    estimate = rows(findings, "estimates", measure="mean_change", group="yes")["estimate"].iloc[0]
    assert any(f"Change {estimate:.2f} (" in text for text in texts(draw(findings, "change")))
    assert not any("Change " in text for text in texts(draw(panel(waves=3), "change")))


def test_points_lines_and_gap_of_the_scatter():
    findings = panel()
    figure = draw(findings, "scatter")
    for points, line, group in zip(artists(figure, "students"), artists(figure, "line"), ("no", "yes"), strict=True):
        own = rows(findings, "pairs", group=group)
        assert sorted(points.get_xdata()) == pytest.approx(sorted(own["first"]))
        assert sorted(points.get_ydata()) == pytest.approx(sorted(own["last"]))
        assert line.get_ydata() == pytest.approx(rows(findings, "lines", group=group)["value"].to_numpy())
    estimate = rows(findings, "estimates", measure="adjusted_mean_difference").iloc[0]
    (gap,) = artists(figure, "gap")
    assert np.ptp(gap.get_ydata()) == pytest.approx(estimate["estimate"])
    assert gap.get_xdata() == pytest.approx([rows(findings, "pairs", group="yes")["first"].mean()] * 2)
    ends = [np.interp(gap.get_xdata()[0], *line.get_data()) for line in artists(figure, "line")]
    assert sorted(gap.get_ydata()) == pytest.approx(ends)
    (identity,) = artists(figure, "identity")
    assert list(identity.get_xdata()) == list(identity.get_ydata())
    assert any(text.startswith(f"Adjusted mean difference: {estimate['estimate']:.2f} (") for text in texts(figure))


def test_large_groups_say_how_many_students_are_points():
    figure = draw(panel(n=3000), "scatter")
    assert [len(points.get_xdata()) for points in artists(figure, "students")] == [2000, 2000]
    assert any("Points: 2,000 students of each group" in " ".join(text.split()) for text in texts(figure))


def test_without_a_fit_there_are_points_and_no_gap():
    figure = draw(panel(groups=("yes",)), "scatter")
    assert len(artists(figure, "students")) == 1
    assert not artists(figure, "gap") and not artists(figure, "line")


def test_changes_stand_over_the_average_never_over_the_earlier_score():
    findings = panel(groups=("yes",))
    figure, own = draw(findings, "agreement"), findings.frame("pairs")
    (points,) = artists(figure, "students")
    order = np.argsort(own["average"])
    assert points.get_xdata() == pytest.approx(own["average"].to_numpy()[order])
    assert points.get_ydata() == pytest.approx(own["change"].to_numpy()[order])
    estimate = rows(findings, "estimates", measure="mean_change").iloc[0]
    assert artists(figure, "estimate")[0].get_ydata() == pytest.approx([estimate["estimate"]] * 2)
    box = artists(figure, "interval")[0].get_bbox()
    assert (box.y0, box.y1) == pytest.approx((estimate["conf_low"], estimate["conf_high"]))
    limits = [line.get_ydata()[0] for line in artists(figure, "limit")]
    assert limits == pytest.approx(findings.frame("quantities")["value"].tolist())
    assert artists(figure, "null")[0].get_ydata()[0] == 0


@pytest.mark.parametrize(
    ("groups", "measure"), [(("no", "yes"), "adjusted_mean_difference"), (("yes",), "mean_change")]
)
def test_the_path_over_the_reliability(groups, measure):
    findings = panel(groups=groups)
    figure, path = draw(findings, "sensitivity_path"), findings.frame("sensitivity")
    (line,) = artists(figure, "path")
    assert line.get_xdata() == pytest.approx(path["setting"].to_numpy())
    assert line.get_ydata() == pytest.approx(path["estimate"].to_numpy())
    drawn = artists(figure, "band")[0].get_paths()[0].vertices[:, 1]
    assert (drawn.min(), drawn.max()) == pytest.approx((path["conf_low"].min(), path["conf_high"].max()))
    found = rows(findings, "estimates", measure=measure)["estimate"].iloc[0]
    assert artists(figure, "observed")[0].get_ydata() == pytest.approx([found] * 2)


def test_a_condition_nobody_declared_is_said():
    said = " ".join(" ".join(texts(draw(panel(groups=("yes",)), "sensitivity_path"))).split())
    assert "if students had been chosen by this very score" in said


def test_bars_of_answers_are_those_of_a_group_at_a_wave():
    findings = panel(kind="ordinal")
    figure = draw(findings, "likert")
    names = [t.get_text().replace("\n", " ").replace("\u00a0", " ") for t in figure.axes[0].get_yticklabels()]
    assert "Members, after one term (n = 30)" in names and len(names) == 4
    widths = [bar.get_width() for bar in artists(figure, "share")]
    assert widths == pytest.approx((100 * findings.frame("groups")["share"].dropna()).tolist())


@pytest.mark.parametrize(("kind", "figure"), [("binary", "proportions"), ("ordinal", "likert"), ("binary", "change")])
def test_students_are_counted_once_not_at_every_wave(kind, figure):
    assert any("n = 60." in text for text in texts(draw(panel(kind=kind, waves=3), figure)))


@pytest.mark.parametrize("kind", ["continuous", "binary", "ordinal"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_study_without_groups_has_students(kind, lang):
    findings = panel(kind=kind, groups=(None,), lang=lang)
    for figure in possible_figures(findings):
        assert faults(draw(findings, figure)) == []
    assert any(("Students" if lang == "en" else "学生") in text for text in texts(draw(findings, "change")))


def test_changes_are_named_and_have_a_direction_in_the_forest():
    figure = draw(panel(groups=("yes",)), "forest")
    assert "Mean change (points)\nAfter one term − before joining" in texts(figure)
    assert "Members − non-members" in " ".join(texts(draw(panel(), "forest")))


def test_a_difference_of_changes_does_not_start_at_the_mean_of_a_group():
    assert "estimation" not in possible_figures(panel())


@pytest.mark.parametrize(("lang", "word"), [("en", "Simulated data"), ("zh", "模拟数据")])
@pytest.mark.parametrize("kind", list(ONE))
def test_simulated_data_say_so(kind, lang, word):
    for simulated in (True, False):
        figure = draw(panel(groups=ONE[kind], lang=lang, simulated=simulated), kind)
        assert any(word in " ".join(text.split()) for text in texts(figure)) == simulated


@pytest.mark.parametrize("kind", ["scatter", "agreement", "sensitivity_path"])
def test_one_panel_is_drawn_into_an_axis_of_the_user(kind):
    figure = Figure()
    assert draw(panel(groups=ONE[kind]), kind, ax=figure.add_axes((0.15, 0.15, 0.5, 0.7))) is figure
    with pytest.raises(OutputError, match="more than one axis"):
        draw(panel(outcomes=2, groups=ONE[kind]), kind, ax=Figure().add_subplot())


def test_two_groups_need_two_axes():
    with pytest.raises(OutputError, match="more than one axis"):
        draw(panel(), "change", ax=Figure().add_subplot())


@pytest.mark.parametrize(("outcomes", "groups", "fits"), [(6, ("no", "yes"), True), (40, ("no", "yes"), False)])
def test_as_many_panels_as_fit_a_page(outcomes, groups, fits):
    assert FIGURES["change"].fits(panel(n=5, outcomes=outcomes, groups=groups)) == fits


def test_texts_beside_a_drawing_stand_apart():
    assert spread([0.0, 0.1, 0.2], [1.0, 1.0, 1.0], 10.0) == pytest.approx([0.0, 1.0, 2.0])
    assert spread([9.8, 9.9], [1.0, 1.0], 10.0) == pytest.approx([8.5, 9.5])
