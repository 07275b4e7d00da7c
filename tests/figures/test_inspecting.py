"""A saved file is measured, not the object: each planted fault must be seen, and a sound file passes."""

import zlib

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from society_effects.errors import OutputError
from society_effects.figures.canvas import Canvas
from society_effects.figures.inspecting import check_file, measure, said
from society_effects.figures.pdf_reading import Font, read_pdf


def keys(path, journal="bmc"):
    return [check.key for check in check_file(path, journal)]


def picture(path, mode="RGB", size=(1000, 600), dpi=300, **options):
    Image.new(mode, size).save(path, dpi=(dpi, dpi), **options)
    return path


def drawing(path, size=8.0, width=1.0, turned=0, **settings):
    """A page with a text of this size and a line of this width."""
    figure = Figure(figsize=(3, 2))
    figure.text(0.2, 0.5, "members", fontsize=size, rotation=turned)
    figure.add_artist(matplotlib.lines.Line2D([0.1, 0.9], [0.2, 0.2], lw=width))
    with matplotlib.rc_context({"pdf.fonttype": 42} | settings):
        figure.savefig(path)
    return path


def test_sound_files_pass(tmp_path):
    assert keys(picture(tmp_path / "a.png")) == keys(drawing(tmp_path / "a.pdf")) == []
    assert keys(picture(tmp_path / "a.tiff", compression="tiff_lzw"), "plos") == []
    assert keys(picture(tmp_path / "a.jpg")) == keys(drawing(tmp_path / "a.eps")) == []


def test_a_size_that_no_page_holds_is_seen(tmp_path):
    assert keys(picture(tmp_path / "a.png", size=(2130, 600))) == ["FIGURE_TOO_WIDE"]
    assert keys(picture(tmp_path / "a.png", size=(600, 2700))) == ["FIGURE_TOO_TALL"]
    assert keys(picture(tmp_path / "a.tiff", size=(700, 600), compression="tiff_lzw"), "plos") == ["FIGURE_TOO_NARROW"]
    Image.new("RGB", (600, 600)).save(tmp_path / "b.png")
    assert keys(tmp_path / "b.png") == ["FIGURE_WITHOUT_SIZE"]


def test_too_few_and_too_many_dots_are_seen(tmp_path):
    assert keys(picture(tmp_path / "a.png", size=(300, 200), dpi=72)) == ["FIGURE_FEW_DOTS"]
    many = picture(tmp_path / "a.tiff", size=(4000, 200), dpi=1200, compression="tiff_lzw")
    assert keys(many, "plos") == ["FIGURE_MANY_DOTS"]


@pytest.mark.parametrize(("mode", "told"), [("RGBA", "RGBA"), ("L", "grey"), ("CMYK", "CMYK"), ("P", "palette")])
def test_other_colours_than_rgb_are_seen(tmp_path, mode, told):
    path = picture(tmp_path / "a.tiff", mode, compression="tiff_lzw")
    (check,) = check_file(path, "bmc")
    assert (check.key, check.values["colours"]) == ("FIGURE_NOT_RGB", (told,))


def test_a_palette_that_shines_through_is_seen(tmp_path):
    assert "RGBA" in measure(picture(tmp_path / "a.png", "P", transparency=0)).colours


@pytest.mark.parametrize("packing", [None, "tiff_deflate"])
def test_a_tiff_that_is_not_packed_by_lzw_is_seen(tmp_path, packing):
    assert keys(picture(tmp_path / "a.tiff", compression=packing)) == ["FIGURE_NOT_LZW"]


def test_too_many_bytes_are_seen(tmp_path):
    noise = np.random.default_rng(1).integers(0, 255, (1900, 1900, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png", dpi=(300, 300), compress_level=0)
    assert keys(tmp_path / "a.png") == ["FIGURE_MANY_BYTES"]


@pytest.mark.parametrize("form", ["pdf", "eps", "svg"])
@pytest.mark.parametrize("turned", [0, 90])
def test_small_and_large_type_is_measured_as_it_is_shown(tmp_path, form, turned):
    path = drawing(tmp_path / f"a.{form}", size=4.0, turned=turned, **{"svg.fonttype": "none"})
    assert measure(path).type == (4.0,)
    assert keys(path, "elsevier")[0] == "FIGURE_SMALL_TYPE"
    large = drawing(tmp_path / f"b.{form}", size=11.0, turned=turned, **{"svg.fonttype": "none"})
    assert [key for key in keys(large, "nature") if key != "FIGURE_TYPEFACE"] == ["FIGURE_LARGE_TYPE"]


@pytest.mark.parametrize("form", ["pdf", "eps", "svg"])
def test_lines_that_vanish_in_print_are_seen(tmp_path, form):
    path = drawing(tmp_path / f"a.{form}", width=0.1)
    assert measure(path).lines[0] == pytest.approx(0.1)
    assert keys(path)[0] == "FIGURE_THIN_LINES"


def test_type_3_fonts_are_seen(tmp_path):
    assert keys(drawing(tmp_path / "a.pdf", **{"pdf.fonttype": 3})) == ["FIGURE_TYPE_3"]
    assert keys(drawing(tmp_path / "a.pdf", **{"pdf.fonttype": 3, "pdf.compression": 0})) == ["FIGURE_TYPE_3"]


def page(drawing, font, more=b"", box=b"[0 0 200 100]"):
    """A PDF file written by hand, as other programs may write one."""
    packed = zlib.compress(drawing)
    parts = [
        b"1 0 obj << /Type /Page /MediaBox " + box + b" /Contents 2 0 R >> endobj",
        b"2 0 obj << /Length %d /Filter /FlateDecode >> stream\r\n" % len(packed) + packed + b"\r\nendstream endobj",
        font,
        more,
    ]
    return b"%PDF-1.5\n" + b"\n".join(parts) + b"\ntrailer << >>\n%%EOF"


BARE = b"3 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj"


def test_fonts_that_are_not_in_the_file_are_seen(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(page(b"BT /F1 9 Tf (a \\) b) Tj ET", BARE))
    (check,) = check_file(path, "bmc")
    assert (check.key, check.values["fonts"]) == ("FIGURE_FONTS_MISSING", ("Helvetica",))
    packed = zlib.compress(b"3 0 4 70 " + BARE[8:-7].ljust(70) + b"<< /Type /FontDescriptor >>")
    stream = b"9 0 obj << /Type /ObjStm /N 2 /First 9 /Filter /FlateDecode >> stream\n" + packed + b"\nendstream endobj"
    path.write_bytes(page(b"BT /F1 9 Tf (a) Tj ET", b"", stream))
    assert keys(path) == ["FIGURE_FONTS_MISSING"]


def test_outlines_that_are_called_truetype_and_are_not_are_seen():
    described = b"/FontDescriptor 4 0 R >> endobj 4 0 obj << /Type /FontDescriptor /FontFile2 5 0 R >> endobj"
    named = b"3 0 obj << /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Song "
    for start, whole in ((b"OTTO", False), (b"\0\1\0\0", True)):
        file = b"5 0 obj << /Length 4 /Length1 4 >> stream\n" + start + b"\nendstream endobj"
        assert read_pdf(page(b"", named + described, file)).fonts == [Font("Song", "TrueType", whole)]


def test_type_lines_and_size_are_those_after_all_scaling():
    drawing = (
        b"q 0.5 0 0 0.5 0 0 cm 2 w q 0 2 -2 0 9 9 cm BT /F1 3 Tf 2 0 0 2 3 3 Tm [<61> 2 <62>] TJ ET Q S Q 0 0 0 1 k 3 w"
    )
    read = read_pdf(page(drawing, b"", box=b"[ 10 10 210.5 110 ]"))
    assert (read.width, read.height) == (200.5, 100.0)
    assert (read.type, read.lines, read.colours) == ({6.0}, {1.0, 3.0}, {"CMYK"})


def test_four_inks_are_seen_in_drawings(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(page(b"0 0 0 1 k", b""))
    assert keys(path) == ["FIGURE_NOT_RGB"]


def test_only_what_is_drawn_is_read(tmp_path):
    """Tables of characters are bytes like any others: none of them is an ink, a line or type."""
    path = tmp_path / "a.pdf"
    path.write_bytes(
        page(b"0 g", b"3 0 obj << /Length 30 >> stream\n0 0 0 1 k 0.01 w BT /F1 2 Tf (a) Tj\nendstream endobj")
    )
    assert keys(path) == [] and measure(path).colours == ("grey",)
    mark = b"3 0 obj << /Subtype /Form /Length 30 >> stream\nBT /F1 2 Tf (a) Tj\nendstream endobj"
    path.write_bytes(page(b"/M0 Do", mark))
    assert keys(path) == ["FIGURE_SMALL_TYPE"]


def test_what_a_journal_does_not_take_is_a_note(tmp_path):
    svg = drawing(tmp_path / "a.svg")
    assert [(c.key, c.status) for c in check_file(svg, "plos")] == [("FIGURE_FORMAT", "note")]
    face = check_file(drawing(tmp_path / "a.pdf"), "nature")
    assert ("FIGURE_TYPEFACE", "note") in [(c.key, c.status) for c in face] or "Arial" in str(
        measure(tmp_path / "a.pdf")
    )


def test_a_broken_rule_is_said_in_both_languages(tmp_path):
    checks = check_file(picture(tmp_path / "a.png", size=(300, 200), dpi=72), "bmc")
    assert said(checks, "en") == ["The saved figure has 72 dots per inch; the journal wants at least 300."]
    assert said(checks, "zh") == ["所保存的图分辨率为72 dpi，期刊要求不低于300 dpi。"]


def test_what_is_no_figure_is_refused(tmp_path):
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(OutputError, match="no figure that can be measured"):
        measure(tmp_path / "a.png")


def test_the_file_is_measured_and_not_the_object(tmp_path):
    figure = Canvas("single", 40, "bmc")
    (path,) = figure.save(tmp_path / "a.png")
    assert measure(path).width == pytest.approx(85.0, abs=0.1)
    picture(path, size=(100, 100), dpi=72)
    assert keys(path) == ["FIGURE_FEW_DOTS"]
