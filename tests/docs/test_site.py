"""The site as it is built: grades and links."""

import re
import subprocess
import sys
from html import unescape

import pytest
from check_site import faults
from grades_page import grade_tables
from pages import HERE as DOCS
from pages import translated_pages

from society_effects.designs import DESIGNS
from society_effects.figures import FIGURES
from society_effects.findings.grading import CAPS, GRADES

GOOD = '<a href="b.html#there">b</a><img src="a.png"><a href="https://doi.org/10.1/x">x</a>'


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_grades_designs_and_limits_are_all_explained(lang):
    tables = grade_tables(lang)
    assert all(f"| **{letter}** |" in tables for letter in GRADES)
    assert all(f"`{design.__name__}`" in tables for design in DESIGNS.values())
    assert all(f"`{key}` |" in tables for key in CAPS)
    assert "{" not in tables


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        (GOOD, None),
        ('<a href="c.html">c</a>', "leads nowhere"),
        ('<a href="b.html#nowhere">b</a>', "not on that page"),
        ('<a href="#nowhere">here</a>', "not on that page"),
        ('<img src="b.png">', "not there"),
        ('<script src="https://cdn.example.org/x.js"></script>', "from the net"),
        ('<img src="//example.org/x.png">', "from the net"),
        ('<link rel="stylesheet" href="http://example.org/x.css">', "from the net"),
    ],
)
def test_what_is_wrong_with_a_page_is_found(html, fault, tmp_path):
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    (tmp_path / "b.html").write_text('<p id="there"></p>', encoding="utf-8")
    (tmp_path / "a.png").write_bytes(b"")
    found = list(faults(tmp_path))
    assert len(found) == (fault is not None)
    assert fault is None or fault in found[0]


def test_a_folder_without_pages_is_no_site(tmp_path):
    assert list(faults(tmp_path))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Both languages, built without a warning."""
    pytest.importorskip("sphinx_design", reason="the documentation is built where its extra is installed")
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    for more in (
        [str(DOCS), str(folder)],
        ["-t", "zh", "-c", str(DOCS), str(DOCS / "zh"), str(folder / "zh")],
    ):
        done = subprocess.run([*build, *more], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_every_link_of_the_site_leads_somewhere_and_nothing_is_loaded(site):
    assert list(faults(site)) == []


@pytest.mark.slow
def test_every_page_leads_to_the_other_language(site):
    for page in site.rglob("*.html"):
        if "_static" not in page.parts and page.name != "search.html":
            assert "language-switch" in page.read_text(encoding="utf-8"), page
    for name in translated_pages():
        assert f'href="./zh/{name}.html"' in (site / f"{name}.html").read_text(encoding="utf-8")
        assert f'href="./../{name}.html"' in (site / "zh" / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["", "zh"])
def test_the_gallery_shows_every_figure_with_its_code(site, folder):
    text = (site / folder / "gallery.html").read_text(encoding="utf-8")
    said = unescape(re.sub("<[^>]*>", "", text))
    for name in FIGURES:
        assert f'src="_images/{name}.png"' in text
        assert (site / folder / "_images" / f"{name}.png").stat().st_size > 10_000
        assert f'result.plot("{name}"' in said
