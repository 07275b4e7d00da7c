"""What would the mean of each group be, if the groups had the same covariates? Reads: adjusted_means."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..findings.digits import OF_SHARES, digits_of
from ..findings.findings import Findings
from ..findings.naming import contrast_name, level_heading, outcome_heading
from ..language.numbers import DASH
from .comparison_cells import with_interval
from .formats import Format, headed, label
from .notes import Notes
from .table import Cell, Table

Row = tuple[Cell, ...]
WEIGHTINGS = ("members", "all", "equal", "proportional")
IN_PERCENT = ("binary", "ordinal")
"""Kinds of outcomes whose adjusted values are shares."""
OF_A_PART = ("outcome", "wave", "site", "by", "level", "design")


def build(findings: Findings, lang: str, style: str) -> Table:
    """Which mean, share or rate has each group at the covariates of the members, of all, or with equal weights?"""
    form = Format(lang, style)
    notes = Notes(findings, form)
    frame = findings.frame("adjusted_means")
    known = dict.fromkeys(frame["weighting"])
    weightings = [w for w in WEIGHTINGS if w in known] + [w for w in known if w not in WEIGHTINGS]
    rows: list[Row] = []
    several = frame.loc[frame["group"] != frame["reference"], "group"].nunique() > 1
    for own in _parts(frame):
        rows += _block(own, several, weightings, findings, form)
    _explain(frame, weightings, form, notes)
    level = float(frame["conf_level"].dropna().iloc[0])
    header = (
        label(form.say("columns.group_of_outcome")),
        headed(form.rich("columns.n")),
        *(headed(with_interval(form.rich(f"columns.weighting.{w}"), level, form)) for w in weightings),
    )
    return Table(form.say("titles.adjusted_means"), (header,), tuple(rows), notes.all(), lang, style, "adjusted_means")


def _parts(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each outcome and contrast, in a column ``contrast`` the group that is compared."""
    keys = [key for key in OF_A_PART if key in frame]
    own = frame["group"] == frame["reference"]
    compared = list(dict.fromkeys(frame.loc[~own, "group"]))
    place = frame.groupby([*keys, "group", "weighting", "category"], sort=False, dropna=False).cumcount()
    contrast = [
        compared[min(int(k), len(compared) - 1)] if is_own and compared else group
        for k, is_own, group in zip(place, own, frame["group"], strict=True)
    ]
    parts = frame.assign(contrast=contrast).groupby([*keys, "contrast"], sort=False, dropna=False)
    return [part for _, part in parts]


def _block(own: pd.DataFrame, several: bool, weightings: Sequence[str], findings: Findings, form: Format) -> list[Row]:
    """An outcome: its groups, the reference last; of ordered categories each group with its categories."""
    labels, first = findings.labels, own.iloc[0]
    blank = [Cell() for _ in range(len(weightings) + 1)]
    name = outcome_heading(first["outcome"], labels, form.lang)
    if several:
        contrast = contrast_name(first["contrast"], first["reference"], labels, form.lang)
        name = form.say("cells.of_term", name=name, term=contrast)
    rows: list[Row] = [(label(name), *blank)]
    groups = sorted(dict.fromkeys(own["group"]), key=lambda group: group == first["reference"])
    for group in groups:
        members = own[own["group"] == group]
        heading = label(level_heading(group, labels, form.lang), indent=1)
        if members["category"].isna().all():
            rows.append((heading, *_cells(members, weightings, findings, form)))
            continue
        rows.append((heading, *blank))
        for category in dict.fromkeys(members["category"]):
            found = members[members["category"] == category]
            shown = labels.category(first["outcome"], category, form.lang)
            rows.append((label(shown, indent=2), *_cells(found, weightings, findings, form)))
    return rows


def _cells(rows: pd.DataFrame, weightings: Sequence[str], findings: Findings, form: Format) -> list[Cell]:
    by_weighting = {row["weighting"]: row for _, row in rows.iterrows()}
    counts = [row["n"] for row in by_weighting.values()]
    return [form.count(counts[0]), *(_value(by_weighting.get(w), findings, form) for w in weightings)]


def _value(row: pd.Series | None, findings: Findings, form: Format) -> Cell:
    if row is None:
        return Cell(DASH)
    percent = row["kind"] in IN_PERCENT
    times = 100 if percent else 1
    decimals = OF_SHARES if percent else digits_of(findings, row["outcome"])
    numbers = [row[name] * times for name in ("value", "conf_low", "conf_high")]
    return form.interval(numbers[0], numbers[1], numbers[2], decimals, unit="%" if percent else "")


def _explain(frame: pd.DataFrame, weightings: Sequence[str], form: Format, notes: Notes) -> None:
    groups = dict.fromkeys(frame.loc[frame["group"] != frame["reference"], "group"])
    names = form.words.get("terms.list_separator").join(notes.findings.labels.level(g, form.lang) for g in groups)
    for weighting in weightings:
        if form.words.has(f"tables.notes.weightings.{weighting}"):
            notes.add(f"weightings.{weighting}", group=names)
    methods = dict.fromkeys(_made_by(method, form) for method in frame["method"].dropna().unique())
    notes.add("methods", methods=form.say("cells.between_entries").join(methods))


def _made_by(method: str, form: Format) -> str:
    """How means were made; a covariance alone is that of an analysis of covariance."""
    return form.words.get(f"tables.means_by.{method}", form.words.get(f"methods.{method}"))
