"""What stands beside the primary numbers: standardised differences, ratios, the unadjusted numbers of long lists."""

from __future__ import annotations

import pandas as pd

from ..findings.adjusted import UNADJUSTED
from ..findings.lookup import any_joint_limits, primary_rows, subject_of
from ..findings.measures import MEASURES
from ..language.numbers import undefined
from .methods_sentences import answering_rows
from .number_sentences import Shown
from .voice import Voice

NOT_IN_TEXT = ("hedges_g",)
"""Measures that stand in tables for later reviews of studies, but not in the text."""
SINGLE = ("d_average", "d_total")
"""Measures with a sentence of their own for one and for several comparisons."""


def beside_sentences(voice: Voice, before_said: bool) -> list[str]:
    """One sentence per further measure. before_said : do the unadjusted numbers already stand beside the adjusted?

    A ladder has none of its own: its other numbers are its rungs.
    """
    estimates = voice.findings.frame("estimates")
    if voice.findings.has("rungs"):
        return []
    beside = estimates[~estimates["primary"] & estimates[["estimate", "conf_low"]].notna().any(axis="columns")]
    if primary_rows(estimates)["by"].isna().all():
        beside = beside[beside["by"].isna()]
    sentences = []
    before = _unadjusted(estimates)
    for measure in _measures_beside(estimates):
        rows = beside[beside["measure"] == measure]
        if len(rows) and not (before_said and measure in before):
            sentences.append(_sentence(voice, measure, rows, measure in before))
    alone = any_joint_limits(primary_rows(estimates)) and beside["conf_low"].notna().any()
    return [*sentences, voice.say("reports.results.beside_alone")] if sentences and alone else sentences


def _sentence(voice: Voice, measure: str, rows: pd.DataFrame, unadjusted: bool) -> str:
    items = _items(voice, rows)
    if measure in SINGLE:
        key = "standardised" if len(rows) > 1 else "standardised_one"
        return voice.say(f"reports.results.{key}.{measure}", items=items)
    if unadjusted:
        return voice.say("reports.results.before.many", measure=measure, items=items)
    keys = (f"reports.results.beside.{measure}_{subject_of(voice.findings)}", f"reports.results.beside.{measure}")
    own = next((key for key in keys if voice.words.has(key)), None)
    if own is None:
        return voice.say("reports.results.ratios", measure=measure, items=items)
    many = "many" if len(answering_rows(voice.findings)) > 1 else "one"
    return voice.say(own, items=voice.say(f"reports.results.beside.items_{many}", items=items))


def _unadjusted(estimates: pd.DataFrame) -> set[str]:
    """Which measures are the unadjusted ones of adjusted answers?"""
    return {UNADJUSTED[measure] for measure in primary_rows(estimates)["measure"] if measure in UNADJUSTED}


def _measures_beside(estimates: pd.DataFrame) -> list[str]:
    """Which measures stand beside the primary ones?"""
    primary = dict.fromkeys(estimates.loc[estimates["primary"], "measure"])
    return list(dict.fromkeys(m for measure in primary for m in MEASURES[measure].beside if m not in NOT_IN_TEXT))


def _items(voice: Voice, rows: pd.DataFrame) -> str:
    key = "secondary_item" if len(answering_rows(voice.findings)) > 1 else "secondary_item_one"
    items = []
    for name, (_, row) in zip(voice.row_names(rows), rows.iterrows(), strict=True):
        shown = Shown(voice, row)
        if undefined(row["estimate"]):
            low = {"low": shown.text(shown.low), "level": row["conf_level"]}
            items.append(voice.say(f"reports.results.{key}_low", outcome=name, **low))
            continue
        if undefined(shown.low) or undefined(shown.high):
            items.append(voice.say(f"reports.results.{key}_bare", outcome=name, estimate=shown.text(row["estimate"])))
            continue
        interval = voice.say("reports.results.secondary_interval", level=row["conf_level"], limits=shown.limits())
        estimate = shown.text(row["estimate"]) + shown.unit
        items.append(voice.say(f"reports.results.{key}", outcome=name, estimate=estimate, interval=interval))
    return voice.say("reports.results.items_separator").join(items)
