"""How did the difference develop over the waves since joining, and did the groups develop alike before?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.lookup import alpha, matching
from ..findings.measures import EVENT_TIME
from ..findings.naming import place_name
from ..language.numbers import undefined
from .group_sentences import rows_of_tests, statistics_of_test
from .number_sentences import Shown
from .voice import Voice


def trend_sentences(voice: Voice) -> list[str]:
    """The differences from joining on, and the test of the waves before it with what it would have noticed."""
    paths = [_path(voice, str(outcome), own) for outcome, own in _event_rows(voice).groupby("outcome", sort=False)]
    tests = [_before(voice, row) for _, row in rows_of_tests(voice.findings, "pre_trend").iterrows()]
    return [*paths, *tests]


def _event_rows(voice: Voice) -> pd.DataFrame:
    """The rows of the waves from joining on."""
    if not voice.findings.has("estimates"):
        return pd.DataFrame({"outcome": []})
    rows = voice.findings.frame("estimates")
    rows = rows[(rows["estimand"] == EVENT_TIME) & rows["estimate"].notna()]
    return rows[rows["wave"].astype(float) >= 0]


def _path(voice: Voice, outcome: str, rows: pd.DataFrame) -> str:
    items = []
    for _, row in rows.iterrows():
        shown = Shown(voice, row)
        place = place_name(row, voice.findings.labels, voice.lang)
        said = {"estimate": shown.text(row["estimate"]), "unit": shown.unit, "place": place}
        items.append(voice.say("reports.results.path_item", interval=shown.interval("interval_item"), **said))
    listed = voice.say("reports.results.path_separator").join(items)
    return voice.say("reports.results.path", outcome=voice.outcome(outcome), items=listed)


def _before(voice: Voice, row: Any) -> str:
    p = row["p_value"]
    place = "undefined" if undefined(p) else "found" if p < alpha(voice.findings.settings["conf_level"]) else "open"
    said = {"outcome": voice.outcome(row["outcome"]), "statistics": statistics_of_test(voice, row)}
    return voice.say(f"reports.results.pre_trend.{place}", power=_power(voice, row), **said)


def _power(voice: Voice, row: Any) -> str:
    """Which difference in trend the test would have noticed, with a power of 50 % and of 80 %."""
    if not voice.findings.has("quantities"):
        return ""
    rows = voice.findings.frame("quantities")
    rows = rows[(rows["outcome"] == row["outcome"]) & (rows["quantity"] == "pre_trend_slope") & rows["value"].notna()]
    slopes = dict(zip(rows["term"], rows["value"], strict=True))
    estimates = matching(voice.findings.frame("estimates"), "estimates", row)
    if not {"0.5", "0.8"} <= set(slopes) or not len(estimates):
        return ""
    shown = Shown(voice, estimates.iloc[0])
    said = {"half": shown.text(slopes["0.5"]), "most": shown.text(slopes["0.8"]), "unit": shown.unit}
    return voice.say("reports.results.pre_trend.power", **said)
