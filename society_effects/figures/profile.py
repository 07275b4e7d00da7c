"""How do the groups differ in several competencies on one scale of standard deviations? Reads: estimates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..findings.digits import digits_of
from ..findings.findings import Findings
from ..findings.naming import contrast_heading, outcome_heading
from ..language.numbers import DASH, undefined
from .adjusted_dots import weighting_of
from .palette import MEMBER
from .row_layout import show_rows
from .row_parts import Block, Mark, Row
from .wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STANDARDISED = ("d_adjusted", "d_ppc2", "d_total", "d_average", "hedges_g")
"""Measures in standard deviations: that of most outcomes is drawn, of those that are equal the first."""
ADJUSTED = "d_adjusted"
MOST_ROWS = 36
FEWEST = 2
"""Outcomes that make a profile."""


def material(findings: Findings) -> pd.DataFrame:
    """The standardised differences of whole groups in one measure, where at least two outcomes have it."""
    rows = findings.frame("estimates")
    rows = rows[rows["by"].isna() & rows["estimate"].notna() & rows["reference"].notna()]
    counts = {name: rows.loc[rows["measure"] == name, "outcome"].nunique() for name in STANDARDISED}
    measure = max(STANDARDISED, key=lambda name: counts[name])
    return rows[rows["measure"] == measure] if counts[measure] >= FEWEST else rows[:0]


def fits(findings: Findings) -> bool:
    """Do all rows fit one page?"""
    return len(material(findings)) <= MOST_ROWS


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw a row for every outcome, a block for every contrast; on ``ax`` alone where there is one."""
    words, rows = Wording(findings, lang), material(findings)
    keys = ["design", "group", "reference", "wave", "reference_wave"]
    parts = [part for _, part in rows.groupby(keys, sort=False, dropna=False)]
    blocks = [_block(words, part, len(parts) > 1) for part in parts]
    beside = any(len(block.headings) > 1 for block in blocks)
    said = ["profile"] + (["profile_adjusted_means" if _adjusted(rows) else "profile_means"] if beside else [])
    level = float(rows["conf_level"].max())
    note = words.note(None, rows, [words.say(f"note.{key}", level=level) for key in said])
    return show_rows(words, blocks, note, "profile", journal, title, ax)


def _adjusted(rows: pd.DataFrame) -> bool:
    return bool((rows["measure"] == ADJUSTED).all())


def _block(words: Wording, part: pd.DataFrame, named: bool) -> Block:
    first = part.iloc[0]
    group, reference, measure = str(first["group"]), str(first["reference"]), str(first["measure"])
    level = words.say("interval", level=float(part["conf_level"].max()))
    rows = [_row(words, row) for _, row in part.iterrows()]
    heads = [words.say("mean_of", group=words.group(name)) for name in (group, reference)]
    if all(text == DASH for row in rows for text in row.cells[1:]):
        rows, heads = [replace(row, cells=row.cells[:1]) for row in rows], []
    return Block(
        rows=tuple(rows),
        headings=(words.say("estimate_header", interval=level), *heads),
        rights=(False, *(True for _ in heads)),
        axis_label=f"{words.measure(measure, '')}\n{words.minus(group, reference, 'mean_difference')}",
        name=contrast_heading(group, reference, words.labels, words.lang) if named else "",
        grouping=words.style.grouping,
    )


def _row(words: Wording, row: pd.Series) -> Row:
    outcome = str(row["outcome"])
    estimate, low, high = (float(row[name]) for name in ("estimate", "conf_low", "conf_high"))
    means = [_mean(words, row, str(row[name])) for name in ("group", "reference")]
    texts = [
        DASH if undefined(mean) else words.style.number(mean, digits_of(words.findings, outcome)) for mean in means
    ]
    name = outcome_heading(outcome, words.labels, words.lang)
    mark = Mark(estimate, low, high, fill=MEMBER, edge=MEMBER, size=5.2)
    named = words.with_unit(name, words.labels.unit(outcome, words.lang))
    return Row(named, (words.with_limits(estimate, low, high, 2), *texts), (mark,))


def _mean(words: Wording, row: pd.Series, group: str) -> float:
    """The mean of a group, adjusted where the difference is; undefined where it is not one number."""
    name, column = ("adjusted_means", "value") if row["measure"] == ADJUSTED else ("groups", "mean")
    if not words.findings.has(name):
        return float("nan")
    rows = words.findings.frame(name)
    wave = row["wave"]
    if name == "adjusted_means":
        rows = rows[rows["weighting"] == weighting_of(words.findings, rows, str(row["outcome"]))]
    own = rows[(rows["outcome"] == row["outcome"]) & (rows["group"] == group) & rows["category"].isna()]
    own = own[own["wave"].isna() | (own["wave"] == wave)] if wave is not None else own
    values = own[column].dropna()
    return float(values.iloc[0]) if values.nunique() == 1 else float("nan")
