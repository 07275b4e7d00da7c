"""By how much do the groups differ on each outcome? The comparison table.

Reads: estimates, tests (groups, quantities). Outcomes in rows (usual in English) or groups in rows with rows of the
statistic and of P (usual in Chinese).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..findings.findings import Findings
from . import groups_in_rows, outcomes_in_rows
from .blocks import Reading
from .comparison_notes import explain
from .formats import Format
from .notes import Notes
from .reading import read
from .table import Table

LAYOUTS: Mapping[str, Callable[[Reading, Format, Notes], tuple]] = {
    "outcomes": outcomes_in_rows.lay_out,
    "groups": groups_in_rows.lay_out,
}
MOST_BESIDE = 5
"""So many columns of outcomes fit beside each other on a page; with more, groups in rows must be asked for."""


def build(findings: Findings, lang: str, style: str, layout: str | None = None) -> Table:
    """Which groups differ by how much, with which test and P?"""
    form = Format(lang, style)
    reading = read(findings, lang)
    notes = Notes(findings, form)
    chosen = layout or _usual(reading, lang)
    explain(reading, form, notes, rate_alone=chosen == "groups")
    header, rows = LAYOUTS[chosen](reading, form, notes)
    return Table(_title(reading, form), header, rows, notes.all(), lang, style, "comparison")


def _usual(reading: Reading, lang: str) -> str:
    columns = sum(groups_in_rows.width(block) for block in reading.blocks)
    return "groups" if lang == "zh" and columns <= MOST_BESIDE and reading.has_groups else "outcomes"


def _title(reading: Reading, form: Format) -> str:
    names = [reading.group_name(g) for g in reading.groups]
    if len(names) == 2:
        return form.say("titles.comparison", group=names[0], reference=names[1])
    return form.say("titles.comparison_several")
