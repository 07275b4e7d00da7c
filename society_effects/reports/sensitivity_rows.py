"""What every sentence of ``sensitivity`` needs of a row: its name, its numbers as written, the answer it is about."""

from __future__ import annotations

import pandas as pd

from ..findings.lookup import matching
from ..findings.naming import contrast_name
from .number_sentences import Shown
from .voice import Voice

SAID_ELSEWHERE = ("design", "estimand")
"""Keys by which a sensitivity analysis and the answer it is about may differ."""


def name_of(voice: Voice, row: pd.Series) -> str:
    """The outcome, and the contrast where several groups are compared."""
    name = voice.outcome(row["outcome"])
    contrasts = voice.findings.frame("sensitivity")[["group", "reference"]].dropna().drop_duplicates()
    if len(contrasts) < 2:
        return name
    contrast = contrast_name(row["group"], row["reference"], voice.findings.labels, voice.lang)
    return voice.say("reports.results.of_contrast", outcome=name, contrast=contrast)


def shown_of(voice: Voice, row: pd.Series) -> Shown:
    """The numbers of a sensitivity analysis, written as those of the estimates."""
    blank = {name: float("nan") for name in ("simultaneous_low", "simultaneous_high")}
    return Shown(voice, pd.Series({**row.to_dict(), **blank}))


def interval_of(voice: Voice, shown: Shown) -> str:
    """The interval with its level."""
    return voice.say("reports.results.secondary_interval", level=shown.row["conf_level"], limits=shown.limits())


def answer_of(voice: Voice, row: pd.Series) -> pd.Series | None:
    """The row of ``estimates`` that this analysis is about; of several rungs the one that answers."""
    keys = {key: value for key, value in row.to_dict().items() if key not in SAID_ELSEWHERE}
    rows = matching(voice.findings.frame("estimates"), "estimates", keys)
    rows = rows[(rows["measure"] == row["measure"]) & rows["by"].isna()]
    primary = rows[rows["primary"]]
    rows = primary if len(primary) else rows
    return rows.iloc[0] if len(rows) else None
