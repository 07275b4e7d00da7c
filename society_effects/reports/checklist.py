"""Which items of a checklist do these findings fill, and what remains for the author? STROBE, item by item.

An item is one entry of ``ITEMS``: its key, and the function that fills it. Its name and its words stand in the
language files (``strobe.toml``). von Elm et al. (2007) doi:10.1371/journal.pmed.0040296.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ..findings.adjusted import UNADJUSTED, unadjusted_row
from ..findings.findings import Findings
from ..findings.lookup import has_subgroups
from ..findings.measures import MEASURES
from ..language.numbers import undefined
from .adjusted_methods import analyses, covariates_adjusted_for, further_methods
from .adjusted_sentences import adjusts_for_covariates, anybody_left_out, left_out_sentence
from .group_sentences import rows_of_tests
from .ladder_sentences import RAW
from .methods_sentences import answering_rows, method_names, missing_method
from .number_sentences import Shown
from .report import Checklist, ChecklistItem, ItemStatus
from .sample_sentences import anything_missing, missing_sentence, missing_unknown, students
from .voice import Voice


@dataclass
class Filling:
    """What fills an item: sentences that say it, and sentences that say what remains."""

    voice: Voice
    said: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def say(self, key: str, **values: Any) -> None:
        """Fill in a sentence of the checklist."""
        self.said.append(self.voice.say(f"strobe.said.{key}", **values))

    def remains(self, key: str, **values: Any) -> None:
        """Leave something for the author."""
        self.left.append(self.voice.say(f"strobe.remains.{key}", **values))

    @property
    def status(self) -> ItemStatus:
        """Is the item filled, partly filled, or to do?"""
        return "filled" if not self.left else "partly" if self.said else "to_do"


def strobe(findings: Findings, lang: str | None = None, style: str | None = None) -> Checklist:
    """Which items of STROBE do these findings fill, with which words, and what remains for the author?

    >>> import society_effects as se
    >>> found = strobe(se.MemberComparison().fit(se.load_sample("clinical_skills_667")))
    >>> [(item.key, item.status) for item in found.items][:2]
    [('12a', 'partly'), ('12b', 'filled')]
    """
    voice = Voice.of(findings, lang, style)
    items = tuple(_item(voice, key, fill) for key, fill in ITEMS.items())
    return Checklist(items, voice.say("strobe.source"))


def _item(voice: Voice, key: str, fill: Callable[[Filling], None]) -> ChecklistItem:
    filling = Filling(voice)
    fill(filling)
    heading = voice.say("strobe.heading", item=key, name=voice.words.get(f"strobe.items.{key}"))
    status = voice.words.get(f"strobe.status.{filling.status}")
    left = voice.say("strobe.left", text=voice.join(filling.left)) if filling.left else ""
    return ChecklistItem(key, heading, filling.status, status, voice.join(filling.said), left)


def _statistical_methods(item: Filling) -> None:
    names = method_names(item.voice)
    if names:
        item.say("methods", methods=item.voice.say("reports.results.missing_separator").join(names))
    if adjusts_for_covariates(item.voice.findings):
        item.say("covariates", covariates=covariates_adjusted_for(item.voice))
    elif not any(measure in UNADJUSTED for measure in answering_rows(item.voice.findings).get("measure", ())):
        item.remains("no_adjustment")


def _subgroups(item: Filling) -> None:
    findings = item.voice.findings
    if has_subgroups(findings):
        item.said.append(item.voice.say("reports.methods.subgroups"))
    else:
        item.say("no_subgroups")
    if adjusts_for_covariates(findings) and len(rows_of_tests(findings, "slopes_differ")):
        item.say("slopes_tested")


def _missing_data(item: Filling) -> None:
    if missing_unknown(item.voice):
        item.remains("missing")
    elif anything_missing(item.voice):
        item.said += [left_out_sentence(item.voice) or missing_sentence(item.voice), missing_method(item.voice)]
    elif not anybody_left_out(item.voice.findings):
        item.say("none_missing")
    if anybody_left_out(item.voice.findings):
        item.said.append(item.voice.say("reports.methods.left_out"))


def _sampling(item: Filling) -> None:
    n = students(item.voice)
    if n:
        item.say("data", n=n)
    clusters = answering_rows(item.voice.findings).get("n_clusters", pd.Series(dtype=float)).max()
    if not undefined(clusters):
        item.say("classes", clusters=clusters)
    elif item.voice.findings.has_check("CLUSTER_NOT_DECLARED"):
        item.remains("classes")
    item.remains("sampling")


def _sensitivity(item: Filling) -> None:
    if analyses(item.voice.findings):
        item.said += further_methods(item.voice, subgroups=False)
    if not item.said:
        item.remains("sensitivity")


def _estimates(item: Filling) -> None:
    rows = answering_rows(item.voice.findings)
    for name, (_, row) in zip(item.voice.row_names(rows) if len(rows) else (), rows.iterrows(), strict=True):
        _estimate(item, name, row)
    adjusted = any(measure in UNADJUSTED for measure in rows.get("measure", ()))
    item.remains("why" if adjusted else "adjusted")


def _estimate(item: Filling, name: str, row: pd.Series) -> None:
    said: dict[str, Any] = {"outcome": item.voice.headed(name), "measure": row["measure"]}
    if undefined(row["estimate"]):
        item.say("not_computed", **said)
        return
    said |= _numbers(item.voice, row, "estimate", "")
    before = _before(item.voice.findings, row)
    if before is None or undefined(before["estimate"]):
        item.say("unadjusted", **said)
        return
    item.say("adjusted", **said, **_numbers(item.voice, before, "before", "before_"))


def _numbers(voice: Voice, row: pd.Series, name: str, start: str) -> dict[str, str]:
    shown = Shown(voice, row)
    limits = {f"{start}unit": shown.unit, f"{start}interval": shown.interval("interval")}
    return {name: shown.text(row["estimate"]), **limits}


def _before(findings: Findings, row: pd.Series) -> pd.Series | None:
    """The unadjusted number beside an adjusted one; on a ladder, the lowest rung."""
    if not findings.has("rungs"):
        return unadjusted_row(findings, row)
    rows = findings.frame("estimates")
    same = (rows["outcome"] == row["outcome"]) & (rows["group"] == row["group"]) & (rows["design"] == RAW)
    return rows[same].iloc[0] if same.any() and row["design"] != RAW else None


def _boundaries(item: Filling) -> None:
    item.say("whole_scales")
    if not item.voice.findings.has("groups"):
        return
    groups = item.voice.findings.frame("groups")
    divided = groups[groups["kind"].isin(("binary", "ordinal"))]["outcome"]
    names = tuple(dict.fromkeys(item.voice.outcome(str(outcome)) for outcome in divided))
    if names:
        item.remains("boundaries", names=names)


def _absolute(item: Filling) -> None:
    if not item.voice.findings.has("estimates"):
        return
    rows = item.voice.findings.frame("estimates")
    rows = rows[(rows["by"].isna() | (rows["by"] == rows["outcome"])) & rows["estimate"].notna()]
    relative = rows[rows["measure"].isin([name for name, measure in MEASURES.items() if measure.scale == "log"])]
    plain = rows[rows["measure"].isin([name for name, measure in MEASURES.items() if measure.is_plain_difference])]
    outcomes = dict.fromkeys(relative["outcome"])
    if not outcomes:
        item.say("no_ratio")
        return
    beside = tuple(item.voice.outcome(o) for o in outcomes if o in set(plain["outcome"]))
    alone = tuple(item.voice.outcome(o) for o in outcomes if o not in set(plain["outcome"]))
    if beside:
        item.say("absolute", outcomes=beside)
    if alone:
        item.remains("absolute", outcomes=alone)


ITEMS: dict[str, Callable[[Filling], None]] = {
    "12a": _statistical_methods,
    "12b": _subgroups,
    "12c": _missing_data,
    "12d": _sampling,
    "12e": _sensitivity,
    "16a": _estimates,
    "16b": _boundaries,
    "16c": _absolute,
}
"""Item -> what fills it, in the order of the checklist."""
