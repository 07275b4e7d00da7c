"""How is a table written for LaTeX? With booktabs and threeparttable, everything escaped, for XeLaTeX and LuaLaTeX.

Chinese needs the package ctex; a comment on top of each table names the packages it needs.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

from ..writing import write_text
from .column_widths import PADDING, Layout, layout_of
from .line_breaks import NO_BREAK, whole_pieces
from .table import Cell, Content, Note, Run, Table, header_grid, is_alone, note_paragraphs, runs_of

UPRIGHT_MM, ON_SIDE_MM = 160.0, 240.0
"""Widths of the text of an A4 page that a table should fit."""
LONG = 40
"""Rows from which a table runs over several pages."""
SIZES = {9.0: r"\small", 8.0: r"\footnotesize", 7.0: r"\scriptsize"}
ALIGN = {"left": "l", "center": "c", "right": "r"}
SET = {"left": r"\raggedright", "center": r"\centering", "right": r"\raggedleft"}
COMMANDS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}",
    NO_BREAK: "~", "\N{MINUS SIGN}": r"\textminus{}", "±": r"\textpm{}", "×": r"\texttimes{}",
    "≤": r"$\leq$", "≥": r"$\geq$", "≠": r"$\neq$", "≈": r"$\approx$", "∞": r"$\infty$", "′": r"$'$",
    "→": r"$\rightarrow$", "·": r"\textperiodcentered{}",
    **{sign: rf"\textsuperscript{{{digit}}}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{sign: rf"\textsubscript{{{digit}}}" for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
}  # fmt: skip
"""What TeX would not print as it stands."""
ACCENTS = {"\N{COMBINING MACRON}": r"\bar", "\N{COMBINING CIRCUMFLEX ACCENT}": r"\hat"}
GREEK = {
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "mu", "nu", "xi", "pi"),
    *("rho", "sigma", "tau", "phi", "chi", "psi", "omega"),
}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def render(table: Table) -> str:
    """The table as a float, or over several pages where it is long; on its side where it is wide."""
    layout = layout_of(table, UPRIGHT_MM, ON_SIDE_MM)
    long = len(table.rows) >= LONG
    lines = _long(table, layout) if long else _floating(table, layout)
    return "\n".join([_packages(table, layout, long), *lines])


def write(table: Table, path: Path) -> None:
    """Write the table as a file to be read by ``\\input``."""
    write_text(path, render(table) + "\n")


def escaped(text: str) -> str:
    """A text as TeX prints it, whatever characters it holds.

    >>> escaped("50 % of A&B_1, P ≤ 0.05")
    '50 \\\\% of A\\\\&B\\\\_1, P $\\\\leq$ 0.05'
    """
    text = re.sub(r"\s*[\r\n\t\u2028\u2029]+\s*", " ", FORBIDDEN.sub("", text))
    made = "".join(map(_escaped, re.findall("[^\u0304\u0302][\u0304\u0302]|.", text, flags=re.DOTALL)))
    return re.sub("(?<=-)-", "{}-", made) if "--" in text else made


def _escaped(piece: str) -> str:
    if len(piece) == 2:
        return (
            f"${ACCENTS[piece[1]]}{{{piece[0]}}}$" if piece[0].isalpha() and piece[0].isascii() else _escaped(piece[0])
        )
    if piece in COMMANDS:
        return COMMANDS[piece]
    name = unicodedata.name(piece, "")
    if name.startswith("GREEK SMALL LETTER ") and (letter := name.rsplit(" ", 1)[1].lower()) in GREEK:
        return rf"$\{letter}$"
    return "" if piece in ACCENTS else piece


def _packages(table: Table, layout: Layout, long: bool) -> str:
    needed = ["booktabs", "array", "longtable" if long else "threeparttable"]
    needed += [("pdflscape" if long else "rotating")] if layout.landscape else []
    texts = [table.title, *(note.text for note in table.notes), *(c.text for row in table.header for c in row)]
    texts += [cell.text for row in table.rows for cell in row]
    chinese = any(CHINESE.search(text) for text in texts)
    needed += ["ctex"] if chinese else []
    return f"% Packages: {', '.join(needed)}; for {'xelatex' if chinese else 'xelatex or lualatex'}."


def _floating(table: Table, layout: Layout) -> list[str]:
    place = "sidewaystable" if layout.landscape else "table"
    notes = [_note(note) for note in note_paragraphs(table)]
    return [
        rf"\begin{{{place}}}" + ("" if layout.landscape else "[htbp]"),
        r"\centering\setlength{\belowcaptionskip}{4pt}",
        *([_caption(table)] if table.title else []),
        r"\begin{threeparttable}",
        f"{SIZES[layout.size]}\n{_tight(layout)}",
        rf"\begin{{tabular}}{{@{{}}{_columns(table, layout)}@{{}}}}",
        r"\toprule",
        *_head(table, layout),
        r"\midrule",
        *(_row(row, layout) for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
        *(
            [r"\begin{tablenotes}[flushleft]", r"\setlength{\labelsep}{0pt}\footnotesize", *notes, r"\end{tablenotes}"]
            if notes
            else []
        ),
        r"\end{threeparttable}",
        rf"\end{{{place}}}",
    ]


def _long(table: Table, layout: Layout) -> list[str]:
    head = [r"\toprule", *_head(table, layout), r"\midrule"]
    notes = [rf"{_marked(note)}{_said(note)}\par" for note in note_paragraphs(table)]
    inner = [
        rf"\begingroup{SIZES[layout.size]}",
        _tight(layout),
        rf"\begin{{longtable}}{{@{{}}{_columns(table, layout)}@{{}}}}",
        *([_caption(table) + r"\\"] if table.title else []),
        *head,
        r"\endfirsthead",
        *head,
        r"\endhead",
        r"\bottomrule",
        r"\endlastfoot",
        *(_row(row, layout) for row in table.rows),
        r"\end{longtable}",
        *([r"\setlength{\parindent}{0pt}\footnotesize", *notes] if notes else []),
        r"\endgroup",
    ]
    return [r"\begin{landscape}", *inner, r"\end{landscape}"] if layout.landscape else inner


def _tight(layout: Layout) -> str:
    return rf"\setlength{{\tabcolsep}}{{{PADDING / 2:g}mm}}" if layout.unwrapped else r"\setlength{\tabcolsep}{1.2mm}"


def _caption(table: Table) -> str:
    label = re.sub("[^a-z0-9]+", "-", table.kind.lower())
    return rf"\caption{{{escaped(table.title)}}}" + (rf"\label{{tab:{label}}}" if label else "")


def _columns(table: Table, layout: Layout) -> str:
    """Columns as wide as their texts, or where these are too long together, of a share of the line."""
    cells = table.rows[0] if table.rows else header_grid(table)[-1]
    if layout.unwrapped:
        return "".join(ALIGN[cell.align] for cell in cells)
    return "".join(_share(layout, i, cell.align) for i, cell in enumerate(cells))


def _share(layout: Layout, column: int, align: str) -> str:
    return rf">{{{SET[align]}\arraybackslash}}m{{{_width(layout, column):.1f}mm}}"


def _width(layout: Layout, column: int) -> float:
    return layout.widths[column] - 2.4


def _head(table: Table, layout: Layout) -> list[str]:
    """The header: a heading stands in the lowest of its rows, a rule below each that spans several columns."""
    grid, lines = header_grid(table), []
    for level, row in enumerate(grid):
        cells, rules = [], []
        for start, span in _stretches(row):
            cell = row[start]
            here = level + 1 == len(grid) or grid[level + 1][start] is not cell
            shown = (
                _heading(cell, span, start, layout)
                if here
                else ("" if span == 1 else rf"\multicolumn{{{span}}}{{c}}{{}}")
            )
            cells.append(shown)
            if span > 1 and here and level + 1 < len(grid):
                rules.append(rf"\cmidrule(lr){{{start + 1}-{start + span}}}")
        lines.append(_line(cells) + "".join(rules))
    return lines


def _stretches(row: list[Cell]) -> list[tuple[int, int]]:
    """Where each heading of a row begins, and over how many columns it reaches."""
    starts = [i for i, cell in enumerate(row) if i == 0 or cell is not row[i - 1] or cell.span == 1]
    return [(start, end - start) for start, end in pairwise([*starts, len(row)])]


def _heading(cell: Cell, span: int, column: int, layout: Layout) -> str:
    """A heading; the first and the last of a table have no space beside them, like the columns below."""
    if span > 1:
        kind = "c"
    elif layout.unwrapped:
        kind = ALIGN[cell.align]
    else:
        kind = rf">{{{SET[cell.align]}\arraybackslash}}b{{{_width(layout, column):.1f}mm}}"
    before = "@{}" if column == 0 else ""
    after = "@{}" if column + span == len(layout.widths) else ""
    return rf"\multicolumn{{{span}}}{{{before}{kind}{after}}}{{{_content(cell)}}}"


def _row(row: tuple[Cell, ...], layout: Layout) -> str:
    if is_alone(row):
        return _line([rf"\multicolumn{{{len(row)}}}{{@{{}}l}}{{{_body(row[0])}}}"])
    cells, i = [], 0
    while i < len(row):
        cell, span = row[i], row[i].span
        said = _body(cell)
        cells.append(said if span == 1 else rf"\multicolumn{{{span}}}{{{ALIGN[cell.align]}}}{{{said}}}")
        i += span
    return _line(cells) + ("" if layout.unwrapped else "[2pt]")


def _line(cells: list[str]) -> str:
    """A row; one that begins like an option of the row before is guarded."""
    line = " & ".join(cells)
    return ("{}" if line[:1] in ("[", "*") else "") + line + r" \\"


def _body(cell: Cell) -> str:
    indent = rf"\hspace*{{{cell.indent}em}}" if cell.indent else ""
    said = _content(cell)
    return indent + (rf"\textbf{{{said}}}" if cell.emphasis and said else said)


def _content(cell: Cell) -> str:
    marks = rf"\textsuperscript{{{escaped(','.join(cell.marks))}}}" if cell.marks else ""
    return _text(whole_pieces(cell.content)) + marks


def _text(content: Content) -> str:
    return "".join(_run(run) for run in runs_of(content))


def _run(run: Run) -> str:
    if run.below:
        return rf"\textsubscript{{{escaped(run.text)}}}"
    return rf"\textit{{{escaped(run.text)}}}" if run.italic else escaped(run.text)


def _note(note: Note) -> str:
    return rf"\item[]{_marked(note)}{_said(note)}"


def _marked(note: Note) -> str:
    return rf"\textsuperscript{{{escaped(note.mark)}}} " if note.mark else ""


def _said(note: Note) -> str:
    return rf"\textbf{{{_text(note.content)}}}" if note.emphasis else _text(note.content)
