"""What would the answer be under another assumption? Sentences of ``sensitivity``, one per analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..findings.naming import term_name
from ..language.numbers import undefined
from .number_sentences import Shown
from .probing_sentences import missing_outcome_sentences, negative_control_sentences
from .sensitivity_rows import answer_of, name_of, shown_of
from .unmeasured_sentences import unmeasured_sentences
from .voice import Voice

KEYS = ["outcome", "analysis", "group", "reference", "measure", "term"]
OVER_A_RANGE = ("errors_in_variables", "regression_to_the_mean", "relative_magnitudes")
"""Analyses of which the ends of the range of what is not known are told."""


def sensitivity_sentences(voice: Voice) -> list[str]:
    """How strong an unmeasured cause would have to be, and what would be estimated if something else were different."""
    if not voice.findings.has("sensitivity"):
        return []
    frame = voice.findings.frame("sensitivity")
    ranges = frame[frame["estimate"].notna() & frame["analysis"].isin(OVER_A_RANGE)]
    over_a_range = []
    for _, together in ranges.groupby(["analysis", "term"], sort=False, dropna=False):
        parts = [rows.sort_values("setting") for _, rows in together.groupby(KEYS, sort=False, dropna=False)]
        several = len(parts) > 1 and not undefined(parts[0].iloc[0]["term"])
        over_a_range += [_several(voice, parts)] if several else [_sentence(voice, rows) for rows in parts]
    missing = missing_outcome_sentences(voice, frame)
    return [*unmeasured_sentences(voice, frame), *over_a_range, *missing, *negative_control_sentences(voice, frame)]


def _several(voice: Voice, parts: list[pd.DataFrame]) -> str:
    """One sentence on a covariate of several outcomes, from the lowest reliability that all of them allow."""
    key, items = "reports.results.errors_in_variables_of_covariate", []
    lowest = max(rows.iloc[0]["setting"] for rows in parts)
    for rows in (part[part["setting"] >= lowest] for part in parts):
        shown = shown_of(voice, rows.iloc[0])
        low, high = (shown.text(rows.iloc[end]["estimate"]) for end in (0, -1))
        items.append(
            voice.say(f"{key}_item", outcome=name_of(voice, rows.iloc[0]), low=low, high=high, unit=shown.unit)
        )
    ends = [voice.style.number(value, 2) for value in (lowest, parts[0].iloc[-1]["setting"])]
    term = term_name(parts[0].iloc[0]["term"], voice.findings.labels, voice.lang)
    joined = voice.words.get("reports.results.items_separator").join(items)
    return voice.say(f"{key}_several", term=term, low_setting=ends[0], high_setting=ends[1], items=joined)


def _sentence(voice: Voice, rows: pd.DataFrame) -> str:
    low, high = rows.iloc[0], rows.iloc[-1]
    key = f"reports.results.{low['method']}"
    if not voice.words.has(key):
        key = f"reports.results.{low['analysis']}"
    if not undefined(low["term"]):
        key += "_of_covariate"
    if len(rows) == 1:
        key += "_other" if low["method"] == "rtm_selected" and not _part_of_it(voice, low) else "_one"
    said: dict[str, Any] = {"outcome": name_of(voice, low), "members": voice.students(low["group"])}
    said |= {"others": voice.level(low["reference"]), "observed": _observed(voice, low)}
    said["term"] = "" if undefined(low["term"]) else term_name(low["term"], voice.findings.labels, voice.lang)
    for name, row in (("low", low), ("high", high)):
        shown = shown_of(voice, row)
        said |= {f"{name}_setting": voice.style.number(row["setting"], 2), name: shown.text(row["estimate"])}
        said |= {f"{name}_limits": shown.range(), "unit": shown.unit}
    return voice.say(key, **said)


def _observed(voice: Voice, row: pd.Series) -> str:
    found = answer_of(voice, row)
    return "" if found is None or undefined(found["estimate"]) else Shown(voice, found).text(found["estimate"])


def _part_of_it(voice: Voice, row: pd.Series) -> bool:
    """Is what is expected a part of what was observed: in the same direction, and no more?"""
    found = answer_of(voice, row)
    return found is not None and 0 <= row["estimate"] / (found["estimate"] or np.nan) <= 1
