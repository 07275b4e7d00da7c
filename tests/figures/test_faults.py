"""The helper that looks at figures must see planted faults; else its silence means nothing."""

import pytest
from faults import faults

from society_effects.figures.canvas import Canvas


@pytest.fixture
def canvas():
    figure = Canvas("single", 50)
    axes = figure.place(15, 5, 60, 30)
    axes.set_xticks([0, 1])
    axes.set_yticks([0, 1])
    return figure


def test_a_sound_figure_has_no_faults(canvas):
    assert faults(canvas) == []


def test_overlapping_texts_are_seen(canvas):
    canvas.write(30, 10, "one text")
    canvas.write(32, 10.5, "another text")
    assert [f for f in faults(canvas) if f.startswith("overlap")] == ["overlap: 'one text' and 'another text'"]


def test_clipped_text_is_seen(canvas):
    canvas.write(80, 45, "beyond the edge")
    assert faults(canvas) == ["clipped: 'beyond the edge'"]


def test_crowded_text_is_seen(canvas):
    first = canvas.write(20, 45, "95% CI 0.39 to 6.03")
    canvas._repr_png_()
    end = first.get_window_extent().x1 / canvas.bbox.width * canvas.width_mm
    canvas.write(end + 0.3, 45, "95% CI 2.71 to 8.06")
    assert [f.split(":")[0] for f in faults(canvas)] == ["crowded"]


def test_many_decimals_are_seen(canvas):
    canvas.write(20, 45, "0.123456")
    assert faults(canvas) == ["decimals: '0.123456'"]


def test_an_axis_without_a_scale_is_seen(canvas):
    canvas.axes[0].set_yticks([0])
    assert [f.split(":")[0] for f in faults(canvas)] == ["no scale"]


def test_text_on_ink_is_seen(canvas):
    canvas.axes[0].axhspan(0.4, 0.6, color="black")
    canvas.axes[0].text(0.5, 0.5, "unreadable", va="center", ha="center")
    assert faults(canvas) == ["on ink: 'unreadable'"]


def test_a_missing_glyph_is_seen(canvas):
    text = canvas.axes[0].text(0.5, 0.5, "\ue123")
    with pytest.warns(UserWarning, match="Glyph"):
        found = faults(canvas)
    assert any(f.startswith("no glyph") for f in found)
    assert canvas.missing_glyphs() == {text.get_text(): ["\ue123"]}
