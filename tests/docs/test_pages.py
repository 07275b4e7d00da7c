"""The pages of the documentation: their code runs, and the Chinese pages say what the English ones say."""

import ast
import re

import pytest
from gallery_page import GALLERY
from pages import HERE, blocks, hand_written, noted, page, sections, stated, translated_pages

import society_effects as se
from society_effects.figures import FIGURES

QUICK = ("start", "from_spss", "howto_check_your_data")
WITH_CODE = [name for name in hand_written() if blocks(page(name))]
RUN = [("en", name) for name in WITH_CODE] + [("zh", name) for name in WITH_CODE]


def only_quick(lang, name):
    """Pages that are slow to run, and all Chinese ones, belong to the slow tests."""
    return () if lang == "en" and name in QUICK else (pytest.mark.slow,)


@pytest.mark.parametrize(
    ("lang", "name"), [pytest.param(*one, id="-".join(one), marks=only_quick(*one)) for one in RUN]
)
def test_the_code_of_a_page_runs(lang, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for number, code in enumerate(blocks(page(name, lang)), 1):
        exec(compile(code, f"{name}, block {number}", "exec"), names)
    if name == "start":
        assert (tmp_path / "report.docx").stat().st_size > 50_000


def test_all_code_that_could_run_is_run():
    """A page shows Python that is not run only where it is a sketch, on the first page and in the gallery."""
    assert {name for name in translated_pages() if name != "gallery" and "```python" in page(name)} == {"index"}
    assert len(WITH_CODE) >= 12


@pytest.mark.parametrize("name", hand_written())
def test_a_chinese_page_has_the_sections_and_the_code_of_its_english_page(name):
    english, chinese = page(name), page(name, "zh")
    assert [level for level, _, _ in sections(english)] == [level for level, _, _ in sections(chinese)]
    assert [calls(code) for code in blocks(english)] == [calls(code) for code in blocks(chinese)]
    assert len(re.findall("[\u4e00-\u9fff]", chinese)) > 40


def calls(code):
    """What of the library a block of code uses, in order."""
    tree = ast.walk(ast.parse(code))
    return sorted(n.attr for n in tree if isinstance(n, ast.Attribute) and ast.unparse(n.value) in ("se", "result"))


@pytest.mark.parametrize("name", hand_written())
def test_a_chinese_page_is_the_translation_of_the_english_page_as_it_is_now(name):
    now, then = stated()[name], noted().get(name, {})
    changed = sorted(set(now.items()) ^ set(then.items()))
    told = f"docs/{name}.md has changed since it was translated; bring docs/zh/{name}.md up to date, then run "
    assert not changed, f"{told}`python docs/pages.py`: {changed}"


def test_every_page_for_both_languages_is_there():
    missing = {path.stem for path in (HERE / "zh").glob("*.md")} - {path.stem for path in HERE.glob("*.md")}
    assert missing <= {"gallery", "grade_tables"}
    english_only = {path.stem for path in HERE.glob("*.md")} - set(translated_pages())
    assert english_only <= {"benchmarks", "project", "grade_tables"}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_files_that_are_linked_or_named_are_there(name):
    text = (HERE.parent / name).read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(([^):#]+)\)|`(docs/[\w/.]+\.\w+)`", text))
    paths = {path for pair in named for path in pair if path}
    assert paths
    assert [path for path in sorted(paths) if not (HERE.parent / path).exists()] == []


def test_every_figure_stands_in_the_gallery_once():
    assert sorted(name for kinds in GALLERY.values() for name in kinds) == sorted(FIGURES)


def test_every_public_name_stands_in_the_reference():
    told = set((HERE / "api.rst").read_text(encoding="utf-8").split())
    assert set(se.__all__) - {"__version__"} <= told


def test_every_method_page_stands_in_the_list_of_methods_in_both_languages():
    names = {path.stem for path in (HERE / "methods").glob("*.md")} - {"grid_tables"}
    for lang in ("en", "zh"):
        assert names <= set(re.findall(r"methods/(\w+)", page("methods", lang)))
