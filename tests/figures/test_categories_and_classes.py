"""Stacked bars and class means: what is drawn, and can it be read, in both languages, small, large and ugly?"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from faults import faults

sys.path.insert(0, str(Path(__file__).parents[1] / "designs"))
from comparison_examples import four_groups, students, two_groups

import society_effects as se
from society_effects.figures import draw, possible_figures
from society_effects.simulate import simulate_survey

LANGS = ("en", "zh")
FIVE = ("非常不同意", "不同意", "一般", "同意", "非常同意")
QUICK = se.MemberComparison(resamples=99)


def items(k, n=90, categories=FIVE, kind="ordinal", long=False):
    """Members and others on k questions."""
    rng = np.random.default_rng(k + n)
    frame = pd.DataFrame({"society": np.where(np.arange(n) % 3 == 0, "yes", "no")})
    label = "通过参加社团活动，我在临床技能操作方面的自信心明显增强" if long else "题目"
    english = "I feel confident that I can perform a complete physical examination" if long else "Item"
    outcomes = []
    for i in range(k):
        frame[f"q{i}"] = np.array(categories)[rng.integers(0, len(categories), n)]
        names = {"en": f"{english} {i + 1}", "zh": f"{label} {i + 1}"}
        outcomes.append(se.Outcome(f"q{i}", kind=kind, categories=categories, label=names))
    return QUICK.fit(se.Study(frame, group="society", outcomes=outcomes))


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("k", "n", "long"), [(1, 90, False), (4, 9, False), (6, 900, True), (12, 90, False)])
@pytest.mark.parametrize(("figure", "kind"), [("likert", "ordinal"), ("shares", "nominal")])
def test_nothing_overlaps_or_is_lost(figure, kind, k, n, long, lang):
    assert faults(draw(items(k, n, kind=kind, long=long), figure, lang=lang)) == []


@pytest.mark.parametrize(("figure", "kind"), [("likert", "ordinal"), ("shares", "nominal")])
def test_small_groups_get_no_percentages_in_chinese(figure, kind):
    """As in the tables: below 20 students the bars hold numbers of students, and the note says so."""
    result = items(1, 48, kind=kind)  # 16 members, 32 others
    found = draw(result, figure, lang="zh")
    inside = [text.get_text() for axes in found.axes for text in axes.texts if text.get_gid() == "in bar"]
    members = result.frame("groups").query("group == 'yes' and category == category")["events"]
    assert [text for text in inside if text.endswith("人")] == [f"{n:.0f}人" for n in members]
    assert any(not text.endswith("人") for text in inside)
    said = "例数不足20的组标人数，不标百分比。"
    assert said in "".join(text.get_text().replace("\n", "") for text in found.texts_shown())
    assert not any("人" in text.get_text() for text in draw(items(1, kind=kind), figure, lang="zh").texts_shown())
    assert not any("below 20" in text.get_text() for text in draw(result, figure).texts_shown())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_few_and_many_categories(count, lang):
    categories = tuple(f"答案选项 {i}" for i in range(count))
    assert faults(draw(items(2, categories=categories), "likert", lang=lang)) == []


def test_a_bar_parts_in_its_middle_and_adds_up():
    figure = draw(items(1), "likert")
    bars = [p for p in figure.axes[0].patches if p.get_gid() == "share"]
    for row in (bars[:5], bars[5:]):
        assert sum(p.get_width() for p in row) == pytest.approx(100)
        assert row[2].get_x() + row[2].get_width() / 2 == pytest.approx(0, abs=1e-9)
    even = draw(items(1, categories=FIVE[:4]), "likert")
    third = [p for p in even.axes[0].patches if p.get_gid() == "share"][2]
    assert third.get_x() == pytest.approx(0, abs=1e-9)


def test_what_is_written_is_what_was_found():
    result = items(1)
    shares = result.frame("groups").query("category == category")["share"]
    bars = [p for p in draw(result, "likert").axes[0].patches if p.get_gid() == "share"]
    assert sorted(p.get_width() for p in bars) == pytest.approx(sorted(100 * shares))
    said = " ".join(text.get_text() for text in draw(result, "likert").texts_shown())
    assert f"{result.estimates.iloc[0]['estimate']:.2f}" in said
    assert all(category in said for category in FIVE)


@pytest.mark.thinned
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("classes", [3, 14, 60])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("kinds", [["continuous"], ["continuous", "binary", "count"]])
def test_class_means_can_be_read(kinds, whole, classes, lang):
    if whole and classes < 14:
        classes = 8
    frame = students(n=40 * classes if classes < 20 else 900, classes=classes, whole=whole)
    result = QUICK.fit(two_groups(frame, kinds, cluster="class"))
    assert faults(draw(result, "cluster_means", lang=lang)) == []


def test_one_point_per_class_and_group():
    frame = students(classes=14)
    result = QUICK.fit(two_groups(frame, ["continuous"], cluster="class"))
    axes = draw(result, "cluster_means").axes[0]
    points = sum(len(c.get_offsets()) for c in axes.collections if c.get_gid() == "class")
    assert points == result.frame("clusters")["cluster"].notna().sum()
    joined = sum(line.get_gid() == "same class" for line in axes.lines)
    assert joined == result.frame("clusters")["cluster"].value_counts().eq(2).sum()


def test_a_group_is_drawn_with_the_interval_of_what_its_classes_show():
    """Scores, shares, positions of ordered answers and rates per year: never the interval of something else."""
    figure = draw(se.MemberComparison(resamples=99).fit(simulate_survey()), "cluster_means")
    for axes in figure.axes:
        centres, intervals = ([li for li in axes.lines if li.get_gid() == gid] for gid in ("centre", "interval"))
        assert len(centres) == len(intervals) == 4
        for centre, interval in zip(centres, intervals, strict=True):
            low, high = interval.get_ydata()
            assert low < centre.get_ydata()[0] < high
        assert not any(line.get_gid() == "same class" for line in axes.lines), "lines would cover the classes"
    said = " ".join(text.get_text() for text in figure.texts_shown()).replace("\n", " ")
    assert "means of their positions" in said
    assert "events per unit of it" in said and "Grey lines" not in said


@pytest.mark.parametrize("lang", LANGS)
def test_four_groups_in_classes(lang):
    frame = students(n=600, classes=16, whole=True)
    result = QUICK.fit(four_groups(frame, ["continuous", "ordinal"], cluster="class"))
    for kind in ("cluster_means", "likert", "estimation", "forest"):
        assert faults(draw(result, kind, lang=lang)) == [], kind


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("margin", [1.0, 5.0, 400.0])
def test_the_margin_is_a_band_and_never_hides_the_data(margin, lang):
    result = se.MemberComparison(resamples=99, margin=margin).fit(two_groups(students(), ["continuous"]))
    for kind in ("estimation", "forest"):
        figure = draw(result, kind, lang=lang)
        assert faults(figure) == []
        assert any(c.get_gid() == "margin" for axes in figure.axes for c in axes.collections)
        assert ("浅色带" if lang == "zh" else "Pale band") in " ".join(t.get_text() for t in figure.texts_shown())


def test_members_are_blue_wherever_they_stand():
    result = QUICK.fit(four_groups(students(), ["continuous"]))
    figure = draw(result, "estimation")
    from society_effects.figures.palette import looks

    found = looks(["never", "former", "member", "officer"], "never", "member")
    assert found["member"].colour == "#0072B2"
    assert found["never"].colour == "#8C8C8C"
    assert len({look.colour for look in found.values()}) == 4
    assert figure.axes


@pytest.mark.parametrize(("lang", "word"), [("en", "Simulated data"), ("zh", "模拟数据")])
def test_simulated_data_say_so(lang, word):
    study = two_groups(students(classes=14), ["continuous", "ordinal", "nominal"], cluster="class")
    for simulated in (True, False):
        result = QUICK.fit(study.with_source({"simulated": simulated}))
        for kind in ("likert", "shares", "cluster_means"):
            said = " ".join(text.get_text() for text in draw(result, kind, lang=lang).texts_shown())
            assert (word in said) == simulated, kind


def test_only_what_is_there_can_be_drawn():
    assert "likert" not in possible_figures(QUICK.fit(two_groups(students(), ["continuous"])))
    assert "cluster_means" not in possible_figures(QUICK.fit(two_groups(students(), ["continuous"])))
    nominal = QUICK.fit(two_groups(students(), ["nominal"]))
    assert possible_figures(nominal) == ("shares", "flow")


def test_a_number_that_cannot_be_read_on_its_bar_is_a_fault():
    figure = draw(items(1), "likert")
    number = next(text for text in figure.texts_shown() if text.get_gid() == "in bar" and text.get_color() == "white")
    number.set_color("#555555")
    assert faults(figure)
