"""Several groups, families, long names: do the words beside an estimate agree with its table, and does all fit?"""

import dataclasses
import re

import pandas as pd
import pytest
from examples_of_kinds import ANSWERS, answers, classes, several
from faults import faults
from test_what_is_drawn import artists, texts

from society_effects.figures import draw
from society_effects.findings.findings import Findings

LANGS = ("en", "zh")
GROUPS = ("never", "former", "yes", "officer")


def flat(figure):
    """All that is written, in one line; Chinese is broken without a space."""
    joined = (re.sub(r"(?<=[\u3000-\u9fff])\n(?=[\u3000-\u9fff])", "", text) for text in texts(figure))
    return " ".join(joined).replace("\n", " ")


def changed(findings, **frames):
    """The same findings with these frames in the place of theirs."""
    return dataclasses.replace(findings, frames={**findings.frames, **frames})


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("outcomes", [1, 3, 12])
@pytest.mark.parametrize("groups", [("no", "yes"), GROUPS])
def test_long_names_in_class_means(groups, outcomes, lang):
    figure = draw(classes(outcomes=outcomes, groups=groups, lang=lang, long_labels=True), "cluster_means")
    assert faults(figure) == []
    assert figure.height_mm <= figure.journal.tallest or outcomes == 12


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("pairwise", [False, True])
def test_three_outcomes_of_four_groups(pairwise, lang):
    for kind in ("estimation", "forest"):
        assert faults(draw(several(outcomes=3, lang=lang, pairwise=pairwise), kind)) == []


@pytest.mark.parametrize(("lang", "said"), [("en", "against never members"), ("zh", "以从未参加组为参照")])
def test_all_pairs_where_only_those_with_one_reference_are_drawn(lang, said):
    figure = draw(several(lang=lang, pairwise=True), "estimation")
    assert len(artists(figure, "estimate")) == 3
    assert said in flat(figure) and ("forest" in flat(figure) or "森林图" in flat(figure))
    assert said not in flat(draw(several(lang=lang), "estimation"))
    assert len(artists(draw(several(lang=lang, pairwise=True), "forest"), "estimate")) == 6


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_is_dropped_beside_the_answers_of_several_pairs(lang):
    findings = answers(groups=GROUPS, lang=lang)
    rows = findings.frame("estimates")
    other = rows.iloc[[1, 2]].assign(reference="former")
    pairs = changed(findings, estimates=pd.concat([rows, other]))
    shown, alone = (texts(draw(f, "likert")) for f in (pairs, findings))
    interval = re.compile(r"^0\.\d+ ?[(（]")
    assert sum(bool(interval.match(t)) for t in shown) == sum(bool(interval.match(t)) for t in alone) == 3
    assert ("reference" if lang == "en" else "参照") in shown


@pytest.mark.parametrize(("lang", "grey", "border"), [("en", "grey", "two middle"), ("zh", "灰色", "中间两个")])
@pytest.mark.parametrize("k", sorted(ANSWERS))
def test_a_grey_middle_is_only_named_where_there_is_one(k, lang, grey, border):
    said = flat(draw(answers(k, lang=lang), "likert")).lower()
    assert (grey in said) == (k % 2 == 1)
    assert (border in said) == (k % 2 == 0)


@pytest.mark.parametrize(("lang", "named"), [("en", "simultaneous 95% CI"), ("zh", "95%同时CI")])
@pytest.mark.parametrize("kind", ["estimation", "forest"])
def test_the_numbers_are_those_of_the_table(kind, lang, named):
    findings = several(lang=lang)
    figure, rows = draw(findings, kind), findings.frame("estimates")
    said = flat(figure)
    for row in rows.itertuples():
        between = " to " if lang == "en" else "~"
        limits = f"{row.simultaneous_low:.2f}{between}{row.simultaneous_high:.2f}".replace("-", "−")
        single = f"{row.conf_low:.2f}{between}{row.conf_high:.2f}".replace("-", "−")
        assert limits in said and single not in said
    assert named.replace(" ", "") in said.replace(" ", "")
    assert len(artists(figure, "simultaneous")) == len(rows)


@pytest.mark.parametrize("kind", ["estimation", "forest"])
def test_an_interval_outside_the_family_is_marked(kind):
    findings = several(outcomes=2)
    rows = findings.frame("estimates").copy()
    rows.loc[rows["outcome"] == "score_1", ["simultaneous_low", "simultaneous_high"]] = float("nan")
    said = texts(draw(changed(findings, estimates=rows), kind))
    assert sum(text.rstrip(")").endswith("‡") for text in said) == 3
    assert any("‡: 95% CI of this comparison alone" in text.replace("\n", " ") for text in said)


def test_a_forest_names_an_outcome_once_above_its_contrasts():
    said = texts(draw(several(outcomes=3, long_labels=True), "forest"))
    assert sum("Comprehensive" in text for text in said) == 3
    assert sum(text.strip() == "Officers vs never members" for text in said) == 3


def test_findings_stay_as_they_are():
    findings = several()
    before = findings.frame("estimates").copy()
    draw(findings, "estimation"), draw(findings, "forest")
    assert isinstance(findings, Findings) and findings.frame("estimates").equals(before)


def test_what_does_not_fit_a_page_is_no_default():
    prefer = ("estimation", "forest")
    assert len(draw(several(outcomes=12), prefer=prefer).axes) == 1
    assert len(draw(several(outcomes=3), prefer=prefer).axes) == 6
    assert len(draw(several(outcomes=12), "estimation").axes) == 24


def test_a_very_wide_simultaneous_interval_is_cut_off_and_never_hides_the_data():
    findings = several()
    rows = findings.frame("estimates").copy()
    rows["simultaneous_high"] = [5.0, 12.0, 900.0]
    scores, differences = draw(changed(findings, estimates=rows), "estimation").axes
    assert scores.get_ylim()[1] < 150
    (arrow,) = (line for line in differences.lines if line.get_gid() == "beyond")
    low, high = differences.get_ylim()
    assert low < arrow.get_ydata()[0] < high
    assert "Arrows: the interval goes on beyond the axis." in flat(
        draw(changed(findings, estimates=rows), "estimation")
    )
    assert "Arrows" not in flat(draw(findings, "estimation"))
    assert faults(draw(changed(findings, estimates=rows), "estimation")) == []


def test_a_mark_is_only_explained_where_it_stands():
    findings = several(outcomes=1, binary=1)
    rows = findings.frame("estimates").copy()
    rows.loc[rows["measure"] == "risk_difference", ["simultaneous_low", "simultaneous_high"]] = float("nan")
    assert "‡" not in flat(draw(changed(findings, estimates=rows), "forest"))
    assert flat(draw(changed(findings, estimates=rows), "estimation")).count("‡") == 4


def test_a_difference_of_shares_is_never_cut_at_100_percent():
    """What a group may not exceed, a difference beside it may; curves and units are explained."""
    findings = several(outcomes=1, binary=1)
    rows = findings.frame("estimates").copy()
    shares = rows["measure"] == "risk_difference"
    rows.loc[shares, ["conf_high", "simultaneous_high"]] = [0.7, 0.8]
    figure = draw(changed(findings, estimates=rows), "estimation")
    scores, differences = figure.axes[2:]
    assert differences.get_ylim()[1] >= 80
    assert max(scores.get_yticks()) <= 100 < scores.get_ylim()[1]
    assert not any(line.get_gid() == "beyond" for line in differences.lines)
    assert "Differences of shares in percentage points." in flat(figure) and "Half curves" in flat(figure)
    assert "percentage points" not in flat(draw(several(), "estimation"))
