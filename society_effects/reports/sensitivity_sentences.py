"""What would the answer be under another assumption? Sentences of ``sensitivity``, one per analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..findings.lookup import matching
from ..findings.naming import contrast_name
from ..language.numbers import undefined
from .number_sentences import Shown
from .voice import Voice

KEYS = ["outcome", "analysis", "group", "reference", "measure"]


def sensitivity_sentences(voice: Voice) -> list[str]:
    """One sentence per outcome and analysis: what is estimated at the ends of the range of what is not known."""
    if not voice.findings.has("sensitivity"):
        return []
    frame = voice.findings.frame("sensitivity")
    frame = frame[frame["estimate"].notna()]
    parts = frame.groupby(KEYS, sort=False, dropna=False)
    return [_sentence(voice, rows.sort_values("setting")) for _, rows in parts]


def _sentence(voice: Voice, rows: pd.DataFrame) -> str:
    low, high = rows.iloc[0], rows.iloc[-1]
    key = f"reports.results.{low['method']}"
    if not voice.words.has(key):
        key = f"reports.results.{low['analysis']}"
    if len(rows) == 1:
        key += "_other" if low["method"] == "rtm_selected" and not _part_of_it(voice, low) else "_one"
    said: dict[str, Any] = {"outcome": _name(voice, low), "members": voice.students(low["group"])}
    said |= {"others": voice.level(low["reference"]), "observed": _observed(voice, low)}
    for name, row in (("low", low), ("high", high)):
        shown = _shown(voice, row)
        said |= {f"{name}_setting": voice.style.number(row["setting"], 2), name: shown.text(row["estimate"])}
        said |= {f"{name}_limits": shown.range(), "unit": shown.unit}
    return voice.say(key, **said)


def _name(voice: Voice, row: pd.Series) -> str:
    """The outcome, and the contrast where several groups are compared."""
    name = voice.outcome(row["outcome"])
    contrasts = voice.findings.frame("sensitivity")[["group", "reference"]].dropna().drop_duplicates()
    if len(contrasts) < 2:
        return name
    contrast = contrast_name(row["group"], row["reference"], voice.findings.labels, voice.lang)
    return voice.say("reports.results.of_contrast", outcome=name, contrast=contrast)


def _shown(voice: Voice, row: pd.Series) -> Shown:
    """The numbers of a sensitivity analysis, written as those of the estimates."""
    blank = {name: float("nan") for name in ("simultaneous_low", "simultaneous_high")}
    return Shown(voice, pd.Series({**row.to_dict(), **blank}))


def _observed(voice: Voice, row: pd.Series) -> str:
    found = _estimate(voice, row)
    return "" if found is None or undefined(found["estimate"]) else Shown(voice, found).text(found["estimate"])


def _part_of_it(voice: Voice, row: pd.Series) -> bool:
    """Is what is expected a part of what was observed: in the same direction, and no more?"""
    found = _estimate(voice, row)
    return found is not None and 0 <= row["estimate"] / (found["estimate"] or np.nan) <= 1


def _estimate(voice: Voice, row: pd.Series) -> pd.Series | None:
    rows = matching(voice.findings.frame("estimates"), "estimates", row)
    rows = rows[rows["measure"] == row["measure"]]
    return rows.iloc[0] if len(rows) else None
