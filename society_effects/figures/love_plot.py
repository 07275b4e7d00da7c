"""How far apart are the groups on each covariate, before and after an adjustment? Reads: balance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.naming import outcome_heading, term_heading
from ..language.numbers import DASH, undefined
from .palette import INK, MARKERS, QUIET, looks
from .row_layout import show_rows
from .row_parts import Block, Mark, Row, Upright
from .wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STAGES = ("before", "after")
SMALL = 0.1
"""A standardised difference up to which groups are usually called balanced."""
LEAST = 0.25
"""How far the axis goes at least."""
MOST_ROWS = 45
"""Covariates on one page."""
DIGITS = 2


def material(findings: Findings) -> pd.DataFrame:
    """The standardised differences that are defined."""
    rows = findings.frame("balance")
    return rows[rows["smd"].notna()]


def fits(findings: Findings) -> bool:
    """Do all covariates fit one page?"""
    rows = material(findings)
    return len(rows[["outcome", "variable", "category"]].drop_duplicates()) <= MOST_ROWS


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the covariates, the furthest apart first; on ``ax`` alone where all outcomes share them."""
    words, rows = Wording(findings, lang), material(findings)
    blocks = [_block(words, outcome, part) for outcome, part in rows.groupby("outcome", sort=False, dropna=False)]
    return show_rows(words, blocks, _note(words, rows), "balance", journal, title, ax)


def _block(words: Wording, outcome: Any, part: pd.DataFrame) -> Block:
    contrasts = list(part[["group", "reference"]].drop_duplicates().itertuples(index=False, name=None))
    stages = [stage for stage in STAGES if (part["stage"] == stage).any()]
    keyed = part.assign(size=part["smd"].abs(), category=part["category"].fillna(""))
    first = keyed[keyed["stage"] == stages[0]]
    order = (
        first.groupby(["variable", "category"], sort=False)["size"].max().sort_values(ascending=False, kind="stable")
    )
    rows = [_row(words, keyed, key, contrasts, stages) for key in order.index]
    one = len(contrasts) == 1
    columns = [words.say(f"stage.{stage}") for stage in stages] if one else [words.group(g) for g, _ in contrasts]
    shapes = _shapes(words.findings, contrasts)
    high = max(LEAST, *(mark.estimate for row in rows for mark in row.marks)) * 1.06
    return Block(
        rows=tuple(rows),
        headings=tuple(columns),
        rights=tuple(True for _ in columns),
        axis_label=words.say("absolute_smd"),
        name="" if undefined(outcome) else outcome_heading(str(outcome), words.labels, words.lang),
        null=0.0,
        uprights=(Upright(SMALL, words.style.number(SMALL, 1), "small", colour=QUIET),),
        span=(0.0, high),
        keys=()
        if one
        else tuple((m, colour if "after" in stages else "white", colour) for m, colour in shapes.values()),
        guided=True,
        grouping=words.style.grouping,
    )


def _row(words: Wording, keyed: pd.DataFrame, key: Any, contrasts: list[tuple[str, str]], stages: list[str]) -> Row:
    """A covariate or a category: a mark for every contrast and stage, and of one contrast the signed numbers."""
    variable, category = key
    own = keyed[(keyed["variable"] == variable) & (keyed["category"] == category)]
    shapes = _shapes(words.findings, contrasts)
    marks, cells = [], []
    for contrast in contrasts:
        texts = []
        of_contrast = own[(own["group"] == contrast[0]) & (own["reference"] == contrast[1])].set_index("stage")["smd"]
        for stage in stages:
            smd = float(of_contrast[stage]) if stage in of_contrast else float("nan")
            texts.append(DASH if undefined(smd) else words.style.number(smd, DIGITS))
            marker, colour = shapes[contrast]
            fill = "white" if stage == "before" else colour
            marks.append(Mark(abs(smd), marker=marker, fill=fill, edge=colour, size=5.0, gid=stage))
        cells += texts if len(contrasts) == 1 else [" / ".join(texts)]
    shown = tuple(mark for mark in marks if mark.estimate == mark.estimate)
    return Row(variable_name(words, str(variable), category), tuple(cells), shown)


def variable_name(words: Wording, variable: str, category: str | None) -> str:
    """The name of a covariate, or of one category of it."""
    return term_heading(f"{variable}[{category}]" if category else variable, words.labels, words.lang)


def _shapes(findings: Findings, contrasts: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Shape and colour of each contrast: dark circles where there is one."""
    if len(contrasts) == 1:
        return {contrasts[0]: ("o", INK)}
    colours = looks([group for group, _ in contrasts], None, findings.provenance.get("member"))
    return {pair: (MARKERS[i % len(MARKERS)], colours[pair[0]].colour) for i, pair in enumerate(contrasts)}


def _note(words: Wording, rows: pd.DataFrame) -> str:
    extra = [words.say("note.balance_after" if (rows["stage"] == "after").any() else "note.balance_before")]
    references = rows["reference"].dropna().unique()
    if len(rows[["group", "reference"]].drop_duplicates()) > 1 and len(references) == 1:
        extra.append(words.say("note.reference", reference=words.labels.level(references[0], words.lang)))
    return words.note(None, rows.assign(conf_level=float("nan")), extra)
