"""Do the artists stand where the frames say?"""

import re

import numpy as np
import pytest
from examples import comparison, ratios

from society_effects.errors import OutputError
from society_effects.figures import draw, possible_figures
from society_effects.figures.scales import nice_ticks, tick_text


def artists(figure, gid):
    return [a for axes in figure.axes for a in axes.lines + axes.collections if a.get_gid() == gid]


def texts(figure):
    return [t.get_text() for t in figure.texts_shown()]


@pytest.mark.parametrize("kind", ["estimation", "forest"])
@pytest.mark.parametrize("outcomes", [1, 3])
def test_estimates_and_limits_are_those_of_the_frame(kind, outcomes):
    findings = comparison(outcomes=outcomes)
    figure = draw(findings, kind)
    rows = findings.frame("estimates")
    data = "get_ydata" if kind == "estimation" else "get_xdata"
    points = [getattr(a, data)()[0] for a in artists(figure, "estimate")]
    spans = [
        getattr(a, data)() for axes in _difference_axes(figure, kind) for a in axes.lines if a.get_gid() == "interval"
    ]
    assert points == pytest.approx(rows["estimate"].tolist())
    assert np.array(spans) == pytest.approx(rows[["conf_low", "conf_high"]].to_numpy())


def _difference_axes(figure, kind):
    return figure.axes[1::2] if kind == "estimation" else figure.axes


def test_means_values_and_quartiles_are_those_of_the_frames():
    findings = comparison()
    scores = draw(findings, "estimation").axes[0]
    groups = findings.frame("groups")
    drawn = {gid: [line for line in scores.lines if line.get_gid() == gid] for gid in ("centre", "quartiles", "values")}
    assert [line.get_ydata()[0] for line in drawn["centre"]] == pytest.approx(groups["mean"].tolist())
    assert [list(line.get_ydata()) for line in drawn["quartiles"]] == pytest.approx(groups[["q1", "q3"]].to_numpy())
    for line, group in zip(drawn["values"], groups["group"], strict=True):
        values = findings.frame("values")
        assert sorted(line.get_ydata()) == pytest.approx(sorted(values[values["group"] == group]["value"]))


@pytest.mark.parametrize("n", [5, 5000])
def test_zero_of_the_differences_stands_beside_the_mean_of_the_reference(n):
    figure = draw(comparison(n=n), "estimation")
    scores, differences = figure.axes
    reference = next(line for line in scores.lines if line.get_gid() == "centre").get_ydata()[0]
    beside = scores.transData.transform((0, reference))[1]
    assert differences.transData.transform((0, 0))[1] == pytest.approx(beside)
    magnified = np.ptp(scores.get_ylim()) / np.ptp(differences.get_ylim())
    said = re.search(r"magnified ×(\d+)", differences.get_ylabel())
    assert magnified == pytest.approx(float(said.group(1)) if said else 1.0)
    assert (n == 5000) == (magnified > 1)


def test_large_groups_are_drawn_as_densities_where_there_are_some():
    with_density = draw(comparison(n=5000, density=True), "estimation")
    assert len(artists(with_density, "density")) == 2
    assert not artists(with_density, "values")
    without = draw(comparison(n=5000), "estimation")
    assert [len(a.get_ydata()) for a in artists(without, "values")] == [2000, 2000]


def test_without_rows_means_and_intervals_only():
    figure = draw(comparison(rows=False), "estimation")
    assert not artists(figure, "values") and not artists(figure, "quartiles")
    assert len(artists(figure, "centre")) == 2
    assert "quartile" not in " ".join(texts(figure))


def test_shares_and_counts():
    findings = comparison(outcomes=0, binary=1)
    figure = draw(findings, "proportions")
    groups = findings.frame("groups")
    assert [a.get_xdata()[0] for a in artists(figure, "share")] == pytest.approx((100 * groups["share"]).tolist())
    spans = np.array([a.get_xdata() for a in artists(figure, "interval")])
    assert spans == pytest.approx(100 * groups[["conf_low", "conf_high"]].to_numpy())
    assert {"43/70 (61.4%)", "56/70 (80.0%)"} <= set(texts(figure))


def test_small_groups_get_no_percentages_in_chinese():
    small = {"outcomes": 0, "binary": 1, "n": 10}
    assert "8/10" in texts(draw(comparison(**small, lang="zh"), "proportions"))
    assert "8/10 (80.0%)" in texts(draw(comparison(**small), "proportions"))


def test_ratios_on_a_logarithmic_axis_with_plain_labels():
    figure = draw(ratios([(2.1, 0.8, 5.2), (0.5, 0.0, 3.0), (4.0, 1.2, float("inf"))]), "forest")
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    assert {"0.5", "1", "2", "5"} <= {t.get_text() for t in axes.get_xticklabels()}
    assert artists(figure, "null")[0].get_xdata()[0] == 1
    assert len(artists(figure, "beyond")) == 2


def test_rows_without_an_estimate_keep_their_name():
    figure = draw(ratios([(2.0, 1.0, 4.0), (float("nan"),) * 3]), "forest")
    assert len(artists(figure, "estimate")) == 1
    assert {"y0", "y1", "—"} <= set(texts(figure))


def test_adjusted_p_is_shown_and_named():
    several, one = draw(comparison(outcomes=2), "forest"), draw(comparison(), "forest")
    assert "Adjusted P" in texts(several) and "P" not in texts(several)
    assert "P" in texts(one) and "Adjusted P" not in texts(one)


def test_unadjusted_rows_among_adjusted_ones_are_marked():
    findings = comparison(outcomes=3)
    findings.frame("estimates").loc[2, "p_adjusted"] = np.nan
    shown = texts(draw(findings, "forest"))
    assert sum(text.endswith("†") for text in shown) == 1
    assert any("†: P not adjusted" in text for text in shown)


@pytest.mark.parametrize("kind", ["estimation", "forest"])
def test_truth_is_drawn_and_named(kind):
    figure = draw(comparison(truth=True), kind)
    (line,) = artists(figure, "truth")
    assert (line.get_ydata() if kind == "estimation" else line.get_xdata())[0] == 4.0
    assert "truth" in texts(figure)
    assert "truth" not in texts(draw(comparison(), kind))


@pytest.mark.parametrize(("lang", "word"), [("en", "Simulated data"), ("zh", "模拟数据")])
@pytest.mark.parametrize("kind", ["estimation", "forest", "proportions"])
def test_simulated_data_say_so(kind, lang, word):
    counted = {"outcomes": 0, "binary": 1} if kind == "proportions" else {}
    assert any(word in t for t in texts(draw(comparison(lang=lang, **counted), kind)))
    assert not any(word in t for t in texts(draw(comparison(lang=lang, simulated=False, **counted), kind)))


def test_group_sizes_stand_in_the_labels():
    assert "Members\nn\u00a0=\u00a070" in texts(draw(comparison(), "estimation"))
    assert "社团组\nn=70" in texts(draw(comparison(lang="zh"), "estimation"))


def test_the_first_drawable_preference_wins():
    prefer = ("estimation", "proportions", "forest")
    assert len(draw(comparison(), prefer=prefer).axes) == 2
    shares = draw(comparison(outcomes=0, binary=1), prefer=prefer)
    assert artists(shares, "share")
    assert possible_figures(comparison()) == ("estimation", "forest", "raincloud")


def test_a_figure_that_cannot_be_drawn_names_those_that_can():
    with pytest.raises(OutputError, match="possible are: estimation, forest"):
        draw(comparison(), "proportions")
    with pytest.raises(OutputError, match="可绘制的图：estimation、forest"):
        draw(comparison(lang="zh"), "proportions")
    with pytest.raises(OutputError, match="did you mean `forest`"):
        draw(comparison(), "forrest")


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [(-0.5, 0.5, "−0.5"), (2.5, 2.5, "2.5"), (0.0, 0.02, "0.00"), (1_200_000, 200_000, "1,200,000"), (-0.0, 1, "0")],
)
def test_ticks_are_plain_numbers(value, step, text):
    assert tick_text(value, step, ",") == text


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3.2, 7.7), (52, 107), (1e-6, 3e-6), (1e5, 9e6)])
def test_ticks_lie_within_the_axis_and_are_not_too_many(low, high):
    ticks, step = nice_ticks(low, high)
    assert 3 <= len(ticks) <= 6
    assert low - 1e-9 <= ticks[0] and ticks[-1] <= high + 1e-9
    assert np.diff(ticks) == pytest.approx(step)
