"""The canvas: sizes in mm, saved bytes, fonts, and nothing global touched."""

import subprocess
import sys

import matplotlib
import pytest
from examples import comparison
from matplotlib.figure import Figure

from society_effects.errors import OutputError
from society_effects.figures import draw
from society_effects.figures.canvas import Canvas
from society_effects.figures.journals import JOURNALS
from society_effects.figures.lettering import SHIPPED_FAMILY, families, widest_word, width_of, wrapped


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_saved_files_are_the_same_every_time(tmp_path, lang):
    findings = comparison(outcomes=2, lang=lang)
    first = draw(findings, "estimation").save(tmp_path / "first", ("pdf", "svg", "png"))
    second = draw(findings, "estimation").save(tmp_path / "second", ("pdf", "svg", "png"))
    assert [f.name for f in first] == ["first.pdf", "first.svg", "first.png"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pdf_fonts_are_embedded_as_type_42(tmp_path, lang):
    with matplotlib.rc_context({"pdf.compression": 0}):
        (file,) = draw(comparison(lang=lang), "forest").save(tmp_path / "forest.pdf")
    saved = file.read_bytes()
    assert b"/FontFile2" in saved
    assert b"/Type3" not in saved


def test_png_has_the_resolution_of_the_journal(tmp_path):
    from matplotlib.image import imread

    figure = draw(comparison(), "forest", journal="nature")
    (file,) = figure.save(tmp_path / "figure.png")
    assert imread(file).shape[1] == pytest.approx(183 / 25.4 * 300, abs=1)


def test_a_dot_in_the_name_is_no_format(tmp_path):
    files = draw(comparison(), "forest").save(tmp_path / "v1.2", ("png", "svg"))
    assert [f.name for f in files] == ["v1.2.png", "v1.2.svg"]


def test_unknown_format_and_journal_are_refused(tmp_path):
    with pytest.raises(OutputError, match="pdf, svg"):
        draw(comparison(), "forest").save(tmp_path / "figure", ("bmp",))
    with pytest.raises(OutputError, match="did you mean `nature`"):
        draw(comparison(), "forest", journal="natur")


@pytest.mark.parametrize("name", list(JOURNALS))
def test_widths_are_those_of_the_journal(name):
    assert Canvas("double", 40, name).get_size_inches()[0] * 25.4 == pytest.approx(JOURNALS[name].double)
    assert Canvas("single", 40, name).get_size_inches()[0] * 25.4 == pytest.approx(JOURNALS[name].single)
    assert Canvas(120, 40, name).get_size_inches()[0] * 25.4 == pytest.approx(120)


def test_settings_of_the_user_are_neither_used_nor_changed():
    plain = draw(comparison(), "estimation")._repr_png_()
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30, "lines.linewidth": 9}):
        before = dict(matplotlib.rcParams)
        assert draw(comparison(), "estimation")._repr_png_() == plain
        assert dict(matplotlib.rcParams) == before


def test_pyplot_is_never_imported():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from examples import comparison\n"
        "from society_effects.figures import draw\n"
        "for kind in ('estimation', 'forest'): draw(comparison(lang='zh'), kind)._repr_png_()\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    from pathlib import Path

    subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent)], check=True)


def test_chinese_comes_first_wherever_it_is_drawn():
    assert families(True)[0] == SHIPPED_FAMILY
    assert families(False)[0] != SHIPPED_FAMILY
    figure = draw(comparison(lang="en"), "forest", title="临床技能")
    figure._repr_png_()
    assert all(t.get_fontfamily()[0] == SHIPPED_FAMILY for t in figure.texts_shown() if t.get_fontstyle() == "normal")


def test_chinese_added_by_hand_is_lettered_when_drawn():
    figure = draw(comparison(lang="en"), "forest")
    text = figure.write(2, 2, "补充说明")
    figure._repr_png_()
    assert text.get_fontfamily()[0] == SHIPPED_FAMILY
    assert figure.missing_glyphs() == {}


def test_the_shipped_font_writes_all_that_is_printed():
    from matplotlib.font_manager import get_font

    from society_effects.figures.lettering import SHIPPED

    known = get_font(SHIPPED).get_charmap()
    assert [c for c in "社团非成员−χ²αβ～~，。（）±≥≤√×†Ⅰ①“”·—–′\u00a0\u0304" if ord(c) not in known] == []


def test_lines_are_never_wider_than_asked():
    for text in (
        "Comprehensive assessment of physical-examination skills",
        "模拟患者体格检查（含病史）与操作",
        "a_very_long_name_x",
    ):
        lines = wrapped(text, 20.0, 8.0, True).split("\n")
        assert len(lines) > 1
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert max(width_of(line, 8.0, True) for line in lines) <= 20.0
    assert wrapped("甲乙丙丁，戊己", 4 * 2.9, 8.0, True).split("\n")[1][0] not in "，。"
    for width in range(10, 40):
        lines = wrapped("未纳入：无该项成绩（n=11）、协变量缺失（n=16）", width, 8.0, True).split("\n")
        assert not any(line.endswith("（") for line in lines)
    assert "".join(wrapped("甲（（乙）丙（", 4.0, 8.0, True).split("\n")) == "甲（（乙）丙（"
    assert widest_word("Non-members", 8.0, False) < width_of("Non-members", 8.0, False)


def test_an_axis_of_the_user():
    figure = Figure()
    axes = figure.subplots()
    assert draw(comparison(outcomes=3), "forest", ax=axes) is figure
    assert [t.get_text() for t in axes.get_yticklabels()] == [f"Physical examination {i}" for i in (1, 2, 3)]
    assert axes.get_xlabel().endswith("Simulated data")
    with pytest.raises(OutputError, match="more than one axis"):
        draw(comparison(), "estimation", ax=axes)
    with pytest.raises(OutputError, match="more than one axis"):
        draw(comparison(outcomes=1, binary=1), "forest", ax=axes)
