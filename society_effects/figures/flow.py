"""How many students were there, how many were left out and why, how many were analysed? Reads: ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import OutputError
from ..findings.findings import Findings
from ..findings.naming import outcome_heading
from .canvas import Sheet
from .flow_drawing import Chart, draw_chart
from .wording import Wording, needs_chinese

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_OUTCOMES = 12
"""Outcomes on one page."""
ANALYSED = "analysed"


def material(findings: Findings) -> pd.DataFrame:
    """The steps of all students, and of the outcomes that were analysed."""
    rows = findings.frame("ledger")
    done = rows.loc[rows["step"] == ANALYSED, "outcome"].dropna().unique()
    return rows[rows["outcome"].isna() | rows["outcome"].isin(done)] if len(done) else rows[:0]


def fits(findings: Findings) -> bool:
    """Do the boxes of all outcomes fit one page?"""
    return len(analysed(findings)) <= MOST_OUTCOMES


def all_students(findings: Findings) -> float:
    """How many students were in the data?"""
    return float(material(findings)["n_before"].max())


def analysed(findings: Findings) -> dict[str, float]:
    """How many students were analysed on each outcome?"""
    rows = material(findings)
    rows = rows[(rows["step"] == ANALYSED) & rows["outcome"].notna()]
    return {str(outcome): float(n) for outcome, n in rows.groupby("outcome", sort=False)["n_after"].sum().items()}


def draw(findings: Findings, lang: str, journal: str | None, title: str | None, ax: Axes | None = None) -> Any:
    """Draw boxes from all students to those analysed, a column for every group, a row for every outcome."""
    if ax is not None:
        raise OutputError("FIGURE_NEEDS_OWN_AXES", lang=lang, figure="flow")
    words, rows = Wording(findings, lang), material(findings)
    general, special = rows[rows["outcome"].isna()], rows[rows["outcome"].notna()]
    groups = list(dict.fromkeys(special["group"]))
    known = findings.provenance.get("reference")
    groups.sort(key=lambda group: group != known)
    outcomes = list(dict.fromkeys(special["outcome"]))
    chart = Chart(
        top=_top(words, all_students(findings)),
        left_out=[words.say("flow.loss", text=name, n=n) for name, n in _losses(words, general).items()],
        groups=[_group(words, special, group) for group in groups] if groups != [None] else [],
        names=[outcome_heading(str(outcome), words.labels, words.lang) for outcome in outcomes],
        cells=[[_cell(words, special, outcome, group) for group in groups] for outcome in outcomes],
    )
    note = words.note(None, pd.DataFrame({"n": [], "conf_level": []}), [])
    chinese = needs_chinese(findings, lang, title)
    wide = len(groups) > 1 or len(outcomes) > 1
    return draw_chart(Sheet("double" if wide else "single", journal, chinese, title, note), chart)


def _top(words: Wording, n: float) -> str:
    return f"{words.words.get('tables.steps.data')}\n{words.say('size', n=n)}"


def _losses(words: Wording, rows: pd.DataFrame) -> dict[str, float]:
    """How many were left out at which step; steps that left nobody out are not named."""
    found: dict[str, float] = {}
    for _, row in rows[rows["n_dropped"] > 0].iterrows():
        name = words.words.get(f"tables.steps.{row['step']}", str(row["step"]))
        found[name] = found.get(name, 0.0) + float(row["n_dropped"])
    return found


def _group(words: Wording, rows: pd.DataFrame, group: str | None) -> str:
    """Name and size of a group before anything of a single outcome is asked."""
    own = rows[rows["group"].isna() if group is None else rows["group"] == group]
    return words.sized_group(group, float(own["n_before"].max()))


def _cell(words: Wording, rows: pd.DataFrame, outcome: str, group: str | None) -> tuple[str, str]:
    """How many of a group were analysed on an outcome, and below it how many were not, and why."""
    own = rows[(rows["outcome"] == outcome) & (rows["group"].isna() if group is None else rows["group"] == group)]
    done = own[own["step"] == ANALYSED]
    said = words.say("flow.analysed", n=float(done["n_after"].sum()))
    losses = [words.say("flow.loss", text=_within(name), n=n) for name, n in _losses(words, own).items()]
    listed = words.words.get("terms.list_separator").join(losses)
    return said, words.say("flow.left_out", losses=listed) if losses else ""


def _within(name: str) -> str:
    """A name as it is written within a sentence."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name
