"""Files in every format: the same bytes every time, sound for the journal, with words and numbers beside them."""

import re
import warnings

import pandas as pd
import pytest
from examples import comparison
from matplotlib.image import imread
from PIL import Image

from society_effects.figures import draw
from society_effects.figures.canvas import Canvas
from society_effects.figures.inspecting import FigureWarning, measure
from society_effects.figures.saving import FORMATS, on_white, opaque

SIMPLE = ("eps", "png", "tiff", "svg")


@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_every_format_has_the_same_bytes_every_time(tmp_path, lang):
    findings = comparison(lang=lang, n=20)
    first, second = (draw(findings, "forest").save(tmp_path / str(i) / "a", FORMATS) for i in range(2))
    assert [file.name for file in first] == [f"a.{name}" for name in FORMATS]
    assert b"/Subject" in first[0].read_bytes()
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert not re.search(rb"20[2-9]\d[-/:]?\d\d[-/:]?\d\d|CreationDate", one.read_bytes())
        assert (measure(one).width, measure(one).height) == pytest.approx((180.0, 39.0), abs=5)


def test_bitmaps_have_no_transparency_and_tiffs_are_packed(tmp_path):
    png, tiff = draw(comparison(), "forest", journal="elsevier").save(tmp_path / "a", ("png", "tif"))
    assert (png.name, tiff.name) == ("a.png", "a.tif")
    for file in (png, tiff):
        found = measure(file)
        assert found.colours == ("RGB",) and round(found.dpi) == 500
    assert measure(tiff).packed == "tiff_lzw"
    assert (imread(png)[..., :3] * 255 == imread(tiff)[..., :3]).all()


def test_words_for_those_who_cannot_see_it_are_in_the_file(tmp_path):
    for lang, word in (("zh", "均数差"), ("en", "Mean difference")):
        figure = draw(comparison(lang=lang), "forest")
        png, svg = figure.save(tmp_path / lang, ("png", "svg"))
        with Image.open(png) as picture:
            assert word in figure.alt_text and picture.info["Description"] == figure.alt_text
        assert f"<title>{figure.alt_text}" in svg.read_text(encoding="utf-8")


def test_eps_shows_pale_colours_where_others_shine_through(tmp_path):
    figure = draw(comparison(), "estimation")
    before = figure._repr_png_()
    thin = [artist for artist in figure.findobj() if 0 < (artist.get_alpha() or 0) < 1]
    with opaque(figure):
        assert thin and all(artist.get_alpha() is None for artist in thin)
    assert figure._repr_png_() == before
    assert on_white("#0072B2", 0.5) == pytest.approx((0.5, 0.5 + 114 / 510, 0.5 + 178 / 510, 1.0))
    assert on_white("none", 0.5) == (0.0, 0.0, 0.0, 0.0)
    (file,) = figure.save(tmp_path / "a.eps")
    assert b"CreationDate" not in file.read_bytes()


def test_text_stays_text_where_the_journal_wants_to_edit_it(tmp_path):
    (edited,) = draw(comparison(), "forest", journal="nature").save(tmp_path / "a.svg")
    (drawn,) = draw(comparison(), "forest").save(tmp_path / "b.svg")
    assert b"<text" in edited.read_bytes() and b"<text" not in drawn.read_bytes()


def test_a_broken_rule_is_a_warning_and_never_a_refusal(tmp_path):
    with pytest.warns(FigureWarning, match="220.0 mm wide; the journal takes at most 176.0 mm"):
        saved = Canvas(220, 40, "bmc").save(tmp_path / "a.png")
    assert saved[0].exists() and [check.key for check in saved.checks] == ["FIGURE_TOO_WIDE"]
    assert Canvas(220, 40, "bmc").save(tmp_path / "a.png", check=False).checks == ()
    assert Canvas(220, 40).save(tmp_path / "a.png").checks == ()
    with pytest.warns(FigureWarning):
        assert Canvas(220, 40).save(tmp_path / "a.png", check=True).checks


def test_numbers_behind_a_figure_are_saved_beside_it(tmp_path):
    (tmp_path / "README.md").write_text("# Mine\n- `b.groups.csv`: other\n", encoding="utf-8")
    findings = comparison(outcomes=2, density=True)
    figure = draw(findings, "estimation")
    for _ in range(2):
        saved = figure.save(tmp_path / "a.svg", data=True)
    names = [file.name for file in saved]
    assert names == ["a.svg", "a.estimates.csv", "a.groups.csv", "a.density.csv", "README.md"]
    told = pd.read_csv(tmp_path / "a.estimates.csv")
    assert told["estimate"].tolist() == pytest.approx(findings.frame("estimates")["estimate"].tolist())
    lines = (tmp_path / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["# Mine", "- `b.groups.csv`: other"] and len(lines) == 6
    assert "- `a.estimates.csv`: one row per estimate, behind a.svg." in lines
    assert any("`a.values.csv` is not written" in line for line in lines)


def test_a_figure_of_ones_own_has_no_numbers_behind_it(tmp_path):
    assert [file.name for file in Canvas("single", 30).save(tmp_path / "a.png", data=True)] == ["a.png"]


def test_grey_print_shows_lightness_only():
    figure = draw(comparison(), "estimation")
    grey = figure.grey()
    assert grey.mode == "L" and grey.size[0] == pytest.approx(figure.width_mm / 25.4 * 160, abs=1)


def test_nothing_is_said_where_all_is_well(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw(comparison(), "forest", journal="bmc").save(tmp_path / "a", SIMPLE)
