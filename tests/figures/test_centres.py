"""Is what is dark what is compared, and do numbers and ticks read alike?"""

from dataclasses import replace

import numpy as np
import pytest
from examples import comparison, ratios
from test_what_is_drawn import artists, texts

from society_effects.figures import draw
from society_effects.findings.checks import Check
from society_effects.findings.findings import Findings

LANGS = ("en", "zh")


def compared_by(measure: str, lang: str = "en", binary: int = 0) -> Findings:
    """A skewed comparison whose primary measure is this one."""
    findings = comparison(lang=lang, binary=binary, values=lambda rng, g, n: np.exp(rng.normal(0.9 * g, 1, n)))
    estimates, groups = findings.frame("estimates").copy(), findings.frame("groups").copy()
    scores = estimates["outcome"] == "score_1"
    estimates.loc[scores, ["measure", "estimate", "conf_low", "conf_high"]] = [measure, 1.1, 0.4, 1.9]
    if measure == "trimmed_mean_difference":
        groups["trimmed_mean"] = np.where(groups["mean"].isna(), np.nan, groups["median"] * 1.1)
    tables = {name: findings.frame(name) for name in ("values", "density")}
    tables |= {"estimates": estimates, "groups": groups}
    return Findings.of("member_comparison", tables, labels=findings.labels, lang=lang)


@pytest.mark.parametrize(
    ("measure", "centre", "said"),
    [
        ("mean_difference", "mean", ("Dark: means and their difference", "深色点线为均数、均数差")),
        (
            "hodges_lehmann",
            "median",
            ("medians of the groups, and the Hodges–Lehmann shift", "各组中位数，深色点线为Hodges"),
        ),
        ("trimmed_mean_difference", "trimmed_mean", ("20% trimmed means of the groups", "各组20%截尾均数")),
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_what_is_dark_is_what_is_compared(measure, centre, said, lang):
    findings = compared_by(measure, lang)
    figure = draw(findings, "estimation")
    groups = findings.frame("groups")
    drawn = [line.get_ydata()[0] for line in artists(figure, "centre")]
    assert drawn == pytest.approx(groups[centre].tolist())
    scores, differences = figure.axes
    beside = scores.transData.transform((0, drawn[0]))[1]
    assert differences.transData.transform((0, 0))[1] == pytest.approx(beside)
    assert said[LANGS.index(lang)] in "".join(texts(figure)).replace("\n", " " if lang == "en" else "")
    assert bool([a for a in scores.lines if a.get_gid() == "interval"]) == (centre == "mean")


def test_a_line_comes_over_only_where_the_difference_ends_at_the_other_centre():
    assert len(artists(draw(comparison(n=12), "estimation"), "guide")) == 3
    assert len(artists(draw(compared_by("hodges_lehmann"), "estimation"), "guide")) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_each_centre_is_named_where_there_are_several(lang):
    note = "".join(texts(draw(compared_by("hodges_lehmann", lang, binary=1), "estimation"))).replace("\n", " ")
    words = ("中位数", "比例、率差") if lang == "zh" else ("medians", "shares and their difference")
    assert all(word in note for word in words) and "means" not in note


@pytest.mark.parametrize(("lang", "grouped"), [("en", True), ("zh", False)])
@pytest.mark.parametrize("kind", ["estimation", "forest"])
def test_large_values_and_ticks_are_grouped_alike(lang, grouped, kind):
    shown = " ".join(texts(draw(comparison(shift=60_000.0, scale=1000.0, lang=lang), kind)))
    figure = draw(comparison(shift=60_000.0, scale=1000.0, lang=lang), kind)
    ticks = [t.get_text() for axes in figure.axes for t in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    for found in (shown, " ".join(ticks)):
        assert (",000" in found or any(f",{d}" in found for d in "123456789")) == grouped


@pytest.mark.parametrize(("lang", "text"), [("en", "≥ 2.82"), ("zh", "≥2.82")])
def test_a_forest_shows_the_one_limit_that_is_known(lang, text):
    nan = float("nan")
    figure = draw(ratios([(nan, 2.822, nan), (1.4, 0.8, 2.2)], lang=lang), "forest")
    assert text in texts(figure)
    assert len(artists(figure, "interval")) == 2 and len(artists(figure, "beyond")) == 1


def test_names_of_the_users_are_written_as_they_are():
    findings = ratios([(1.4, 0.8, 2.2), (1.1, 0.5, 2.0)])
    frame = findings.frame("estimates").assign(outcome=["pH", "nan"], group="a", reference="A")
    words = " ".join(texts(draw(Findings.of("member_comparison", {"estimates": frame}), "forest")))
    assert "pH" in words and "nan" in words and "a vs A" in words
    assert "PH" not in words and "Nan" not in words


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["estimation", "forest"])
def test_an_interval_below_its_level_says_so(lang, kind):
    findings = compared_by("hodges_lehmann", lang)
    below = replace(findings, checks=(Check("CONF_LEVEL_NOT_REACHED", "warn", {}, "score_1"),))
    said = "最宽区间" if lang == "zh" else "Widest interval"
    assert any(said in text for text in texts(draw(below, kind)))
    assert not any(said in text for text in texts(draw(findings, kind)))
    assert not any(text.startswith("95% CI 0.4") for text in texts(draw(below, kind)))
