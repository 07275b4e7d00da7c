"""Tables in LaTeX: every character escaped, booktabs rules, and a page that compiles where XeLaTeX is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import table_examples as examples

from society_effects.tables import build
from society_effects.tables.as_latex import FORBIDDEN, escaped
from society_effects.tables.table import Cell, Note, Run, Table

SPECIAL = r"""\{}$&%#_~^<>|"'`-−±×≤≥≠≈∞′→·²³₁χα"""
PRINTED = {
    r"\textbackslash{}": "\\", r"\{": "{", r"\}": "}", r"\$": "$", r"\&": "&", r"\%": "%", r"\#": "#", r"\_": "_",
    r"\textasciitilde{}": "~", r"\textasciicircum{}": "^", r"\textless{}": "<", r"\textgreater{}": ">",
    r"\textbar{}": "|", r"\textquotedbl{}": '"', r"\textquotesingle{}": "'", r"\textasciigrave{}": "`",
    r"\textminus{}": "−", r"\textpm{}": "±", r"\texttimes{}": "×", r"$\leq$": "≤", r"$\geq$": "≥", r"$\neq$": "≠",
    r"$\approx$": "≈", r"$\infty$": "∞", r"$'$": "′", r"$\rightarrow$": "→", r"\textperiodcentered{}": "·",
    r"$\chi$": "χ", r"$\alpha$": "α", "~": "\N{NO-BREAK SPACE}", "{}": "",
}  # fmt: skip
DIGITS = {rf"\textsuperscript{{{i}}}": "⁰¹²³⁴⁵⁶⁷⁸⁹"[i] for i in range(10)}
DIGITS |= {rf"\textsubscript{{{i}}}": "₀₁₂₃₄₅₆₇₈₉"[i] for i in range(10)}
TOKENS = sorted(PRINTED | DIGITS, key=len, reverse=True)
needs_tex = pytest.mark.skipif(shutil.which("xelatex") is None, reason="XeLaTeX is not installed")


def printed(source: str) -> str:
    """What TeX prints of this source, read by a list of commands written down by hand; a stray special is an error."""
    text = ""
    while source:
        token = next((t for t in TOKENS if source.startswith(t)), "")
        if token:
            text, source = text + (PRINTED | DIGITS)[token], source[len(token) :]
        else:
            assert source[0] not in r"\{}$&%#_~^", source
            text, source = text + source[0], source[1:]
    return text


@given(st.text(st.sampled_from(SPECIAL + "ab1 中[]*") | st.characters(exclude_categories=("Cs", "Mn")), max_size=40))
def test_every_text_is_printed_as_it_is(text):
    source = escaped(text)
    if any("GREEK" in name for name in map(_name, text)):
        return
    assert printed(source) == re.sub(r"\s*[\r\n\t\u2028\u2029]+\s*", " ", FORBIDDEN.sub("", text))
    assert not re.search("--|``|''|!`|\\?`", source)


def _name(character):
    import unicodedata

    return unicodedata.name(character, "") if character not in "χα" else ""


def test_symbols_with_bars_and_greek_letters():
    assert escaped("x̄±s") == r"$\bar{x}$\textpm{}s"
    assert escaped("χ²=3.2, p̂, η") == r"$\chi$\textsuperscript{2}=3.2, $\hat{p}$, $\eta$"
    assert escaped("P<0.05") == r"P\textless{}0.05"
    assert escaped("a--b---c") == "a-{}-b-{}-{}-c"


def test_rules_of_booktabs_and_headers_that_span():
    source = build(examples.comparison(), "comparison", "en", layout="outcomes").to_latex()
    assert [source.count(rule) for rule in (r"\toprule", r"\midrule", r"\bottomrule")] == [1, 1, 1]
    assert re.search(r"\\multicolumn\{2\}\{(@\{\})?c(@\{\})?\}\{\\textit\{p\}\}", source)
    assert r"\cmidrule(lr){7-8}" in source
    assert r"\begin{tablenotes}" in source and r"\caption{" in source and r"\label{" not in source.split("\n")[0]
    assert "booktabs" in source.split("\n")[0] and source.startswith("%")
    assert "|" not in re.search(r"\\begin\{tabular\}\{(.*)\}", source)[1]


def test_each_row_has_its_cells():
    table = build(examples.comparison(), "comparison", "en", layout="outcomes")
    body = table.to_latex().split(r"\midrule")[1].split(r"\bottomrule")[0].strip().splitlines()
    assert len(body) == len(table.rows)
    for line, row in zip(body, table.rows, strict=True):
        assert len(re.findall(r"(?<!\\)&", line)) == len(row) - 1


def test_chinese_asks_for_ctex_and_english_does_not():
    assert "ctex" in build(examples.comparison(), "comparison", "zh").to_latex().split("\n")[0]
    assert "ctex" not in build(examples.comparison(), "comparison", "en").to_latex()


def test_a_row_that_begins_like_an_option_is_guarded():
    table = Table("T", ((Cell("A"),),), ((Cell("[5]"),), (Cell("*"),), (Cell("b"),)))
    lines = [line for line in table.to_latex().splitlines() if r"\\" in line]
    assert [line.startswith("{}") for line in lines] == [False, True, True, False]


def test_long_tables_run_over_pages_and_wide_ones_lie_on_their_side():
    rows = tuple((Cell(f"row {i}", align="left"), Cell("1")) for i in range(70))
    source = Table("T", ((Cell("A"), Cell("B")),), rows, (Note("Said."),)).to_latex()
    assert r"\begin{longtable}" in source and r"\endhead" in source and "Said." in source
    wide = (tuple(Cell("−12.34 (−23.45 to 34.56)") for _ in range(11)),)
    source = Table("T", (tuple(Cell(f"H{i}") for i in range(11)),), wide).to_latex()
    assert r"\begin{sidewaystable}" in source and "rotating" in source.split("\n")[0]


def test_saving_writes_what_to_latex_says(tmp_path):
    table = build(examples.table_one(), "baseline", "zh")
    assert table.save(tmp_path / "t.tex").read_text(encoding="utf-8") == table.to_latex() + "\n"


@needs_tex
def test_it_compiles(tmp_path):
    ugly = SPECIAL + " [x] -- “引” ‘a’ é"
    tables = [
        build(examples.comparison(), "comparison", "en"),
        build(examples.mixed(), "comparison", "zh", layout="outcomes"),
        build(examples.table_one(), "baseline", "zh"),
        Table(ugly, ((Cell(ugly), Cell((Run("x̄", True),))),), ((Cell("[2pt]"), Cell("*", marks=("a",))),), (Note(ugly, "a"),)),
        Table("Long", ((Cell("A"),),), tuple((Cell(f"[{i}]"),) for i in range(70)), (Note("One."), Note("Two.", "a"))),
    ]  # fmt: skip
    chinese = subprocess.run(["kpsewhich", "ctex.sty"], capture_output=True, text=True).stdout.strip()
    if not chinese:
        tables = [table for table in tables if "ctex" not in table.to_latex().split("\n")[0]]
    packages = "booktabs,array,longtable,threeparttable,rotating,pdflscape" + (",ctex" if chinese else "")
    for package in packages.split(","):
        if not subprocess.run(["kpsewhich", f"{package}.sty"], capture_output=True, text=True).stdout.strip():
            pytest.skip(f"the LaTeX package {package} is not installed")
    body = "\n".join(table.to_latex() + "\n\\clearpage" for table in tables)
    page = f"\\documentclass{{article}}\\usepackage[a4paper,margin=25mm]{{geometry}}\\usepackage{{{packages}}}\n"
    (tmp_path / "t.tex").write_text(f"{page}\\begin{{document}}\n{body}\n\\end{{document}}\n", encoding="utf-8")
    command = ["xelatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "t.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert run.returncode == 0, run.stdout[-2000:]
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", run.stdout)]
    assert max([0.0, *wide]) < 10, wide
