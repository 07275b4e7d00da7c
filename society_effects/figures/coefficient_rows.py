"""How does the outcome go with membership and with each covariate, given the others? Reads: coefficients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..findings.adjusted import is_of_classes
from ..findings.digits import USUAL, digits
from ..findings.findings import Findings
from ..findings.naming import INTERCEPT, MEMBER, term_heading
from ..language.numbers import DASH, undefined
from .palette import INK
from .palette import MEMBER as MEMBERS_COLOUR
from .panels import parts_of
from .row_layout import show_rows
from .row_parts import Block, Mark, Row
from .wording import Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MODEL = "adjusted"
RATIOS = ("log", "logit")
"""Links whose coefficients are drawn as ratios, on a logarithmic axis."""
MOST_ROWS = 40
"""Terms on one page."""


def material(findings: Findings) -> pd.DataFrame:
    """The coefficients of the regressions of the answers, without the intercepts and the means of classes."""
    rows = findings.frame("coefficients")
    drawn = np.array([term != INTERCEPT and not is_of_classes(term) for term in rows["term"]], dtype=bool)
    return rows[drawn & (rows["model"] == MODEL) & rows["estimate"].notna()]


def fits(findings: Findings) -> bool:
    """Do all terms of all outcomes fit one page?"""
    return len(material(findings)) <= MOST_ROWS


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw the terms of every outcome and contrast; on ``ax`` alone where there is one."""
    words, rows = Wording(findings, lang), material(findings)
    several = len(rows[["group", "reference"]].drop_duplicates()) > 1
    parts = parts_of(words, rows, *(("group", "reference") if several else ()))
    blocks = [_block(words, name, part) for name, part in parts]
    products = rows["term"].str.startswith(f"{MEMBER}:").any()
    extra = [words.say("note.products")] if products else []
    return show_rows(words, blocks, words.note("forest", rows, extra), "coefficients", journal, title, ax)


def _block(words: Wording, name: str, part: pd.DataFrame) -> Block:
    link = str(part["link"].iloc[0])
    ratio = link in RATIOS
    ordered = sorted(part.index, key=lambda i: part["term"][i] != MEMBER)
    unit = "" if ratio else words.labels.unit(str(part["outcome"].iloc[0]), words.lang)
    level = words.say("interval", level=float(part["conf_level"].max()))
    return Block(
        rows=tuple(_row(words, part.loc[i], ratio) for i in ordered),
        headings=(words.say("estimate_header", interval=level), words.say("p")),
        rights=(False, True),
        axis_label=words.with_unit(words.say(f"coefficient.{link}"), unit),
        name=name,
        null=1.0 if ratio else 0.0,
        logarithmic=ratio,
        grouping=words.style.grouping,
    )


def told(words: Wording, row: pd.Series) -> tuple[str, str]:
    """The name of a term, and its coefficient with its interval, as they stand in the figure."""
    drawn = _row(words, row, str(row["link"]) in RATIOS)
    return drawn.name, drawn.cells[0]


def _row(words: Wording, row: pd.Series, ratio: bool) -> Row:
    numbers = row[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    decimals = USUAL if ratio else digits([numbers[0]], [float(row["std_error"])])
    with np.errstate(over="ignore"):
        estimate, low, high = (float(v) for v in (np.exp(numbers) if ratio else numbers))
    colour = MEMBERS_COLOUR if row["term"] == MEMBER else INK
    p_value = DASH if undefined(row["p_value"]) else words.style.p_cell(row["p_value"])
    mark = Mark(estimate, low, high, "s", colour, colour, colour)
    name = term_heading(str(row["term"]), words.labels, words.lang, row["group"], row["reference"])
    return Row(name, (words.with_limits(estimate, low, high, decimals), p_value), (mark,))
