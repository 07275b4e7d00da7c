"""Characters outside the shipped font: written by an installed one, else named."""

import matplotlib.font_manager as fonts
import pytest
from examples import comparison

from society_effects.figures import draw, fallback, lettering
from society_effects.figures.fallback import look_for
from society_effects.figures.inspecting import FigureWarning

NAME = "喆、玥、珺"


@pytest.fixture
def forgetful():
    """Forgets before and after what was found of fonts."""

    def forget(entries):
        lettering.sought.clear(), lettering.found.clear()
        fonts.fontManager.ttflist[:] = entries
        for cached in (lettering.families, lettering.size_of, lettering._characters):
            cached.cache_clear()
        fonts._find_fonts_by_props_cached.cache_clear() if hasattr(fonts, "_find_fonts_by_props_cached") else None

    lettering.families(True)
    before = list(fonts.fontManager.ttflist)
    forget([font for font in before if font.name not in fallback.CHINESE])
    yield
    forget(before)


def test_without_any_other_font_the_missing_characters_are_named(forgetful, monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "findSystemFonts", lambda *_, **__: [])
    figure = draw(comparison(lang="zh"), "forest", title=NAME)
    with pytest.warns(FigureWarning, match="喆"):
        saved = figure.save(tmp_path / "a.png")
    (check,) = saved.checks
    assert check.key == "FIGURE_GLYPHS_MISSING" and set(check.values["signs"]) == {"喆", "玥", "珺"}
    assert saved[0].exists()


def test_fonts_that_cannot_be_read_are_passed_over(forgetful, monkeypatch, tmp_path):
    (tmp_path / "simsun.ttf").write_bytes(b"no font")
    monkeypatch.setattr(fonts, "findSystemFonts", lambda *_, **__: [str(tmp_path / "simsun.ttf")])
    assert look_for("喆") == []


def test_an_installed_font_writes_them(forgetful, tmp_path):
    files = [file for file in fonts.findSystemFonts() if fallback.FILES.search(file.rpartition("/")[2])]
    if not any(ord("喆") in fonts.get_font(file).get_charmap() for file in files):
        pytest.skip("no other Chinese font on this computer")
    figure = draw(comparison(lang="zh"), "forest", title=NAME)
    assert figure.save(tmp_path / "a.png").checks == ()
    assert figure.missing_glyphs() == {}
    assert lettering.families(True)[0] == lettering.SHIPPED_FAMILY


def test_fonts_are_only_looked_for_where_a_character_is_missing(forgetful, monkeypatch):
    monkeypatch.setattr(lettering, "look_for", lambda signs: pytest.fail(f"looked for {signs}"))
    draw(comparison(lang="zh"), "forest")._repr_png_()


def test_truetype_outlines_are_liked_most():
    assert fallback._liking(lettering.SHIPPED)[0] is False
    assert fallback._has_truetype(lettering.SHIPPED.with_name("none.ttf")) is False
