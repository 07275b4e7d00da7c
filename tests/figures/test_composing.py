"""Several figures on one page: lettered on, as high together as they are alone, and each still readable."""

import pytest
from all_kinds import of_kind
from faults import faults
from matplotlib.figure import Figure

from society_effects import compose
from society_effects.errors import OutputError
from society_effects.figures import FIGURES, draw
from society_effects.figures.canvas import Canvas
from society_effects.figures.composing import LETTER


def letters(figure):
    found = [text for text in figure.texts_shown() if text.get_gid() == "letter"]
    return [
        text.get_text()
        for text in sorted(found, key=lambda text: (-round(text.get_position()[1], 4), text.get_position()[0]))
    ]


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_figures_stand_below_each_other_and_can_be_read(lang):
    alone = [
        draw(of_kind(kind, lang, outcomes), kind) for kind, outcomes in (("forest", 3), ("ladder", 2), ("flow", 2))
    ]
    whole = compose(*alone, title="Members")
    assert faults(whole) == []
    assert letters(whole) == ["A", "B", "C", "D"]
    assert whole.width_mm == 180.0 and whole.lang == lang
    assert whole.height_mm == pytest.approx(sum(f.height_mm for f in alone) + 2 * 5 + 2 * 3 + 6, abs=3)
    assert whole.alt_text.startswith("A: ") and " B: " in whole.alt_text and " D: " in whole.alt_text
    assert {"estimates.A", "rungs.B", "ledger.D"} <= set(whole.frames)


def test_what_is_drawn_is_the_same_as_alone():
    findings = of_kind("forest", outcomes=3)
    whole, alone = compose(draw(findings, "forest"), draw(findings, "forest")), draw(findings, "forest")
    (first, *_), (only,) = whole.axes, alone.axes
    tops = [(1 - axes.get_position().y1) * figure.height_mm for axes, figure in ((first, whole), (only, alone))]
    assert tops[0] - tops[1] == pytest.approx(LETTER)
    assert first.get_xlim() == only.get_xlim()
    assert [line.get_xdata()[0] for line in first.lines] == [line.get_xdata()[0] for line in only.lines]
    assert [a.get_gid() for a in first.lines] == [a.get_gid() for a in only.lines]


def test_a_journal_and_numbers_beside_it(tmp_path):
    whole = compose(draw(of_kind("forest"), "forest"), draw(of_kind("balance"), "balance"), journal="bmc")
    saved = whole.save(tmp_path / "a.png", data=True)
    assert whole.width_mm == 176.0 and saved.checks == ()
    assert {"a.estimates.A.csv", "a.balance.B.csv"} <= {file.name for file in saved}


@pytest.mark.slow
def test_a_composition_has_the_same_bytes_every_time():
    figures = draw(of_kind("likert"), "likert"), draw(of_kind("forest"), "forest")
    assert compose(*figures)._repr_png_() == compose(*figures)._repr_png_()


@pytest.mark.parametrize("figures", [(), (Figure(),), (Canvas("single", 30),), ("forest",)])
def test_other_things_are_refused(figures):
    with pytest.raises(OutputError, match="Only figures that `plot` made"):
        compose(*figures)


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(FIGURES))
def test_every_kind_can_be_a_part(kind):
    assert faults(compose(draw(of_kind(kind), kind), draw(of_kind("forest"), "forest"))) == []
