"""What if missing outcomes were different, a covariate unreliable, and what of the negative control? Sentences."""

from __future__ import annotations

import pandas as pd

from .sensitivity_rows import interval_of, name_of, shown_of
from .voice import Voice

KEYS = ["outcome", "group", "reference", "measure"]
SHIFTS = ("shift_members", "shift_others")
TIPS = {"tips_members": "group", "tips_others": "reference"}
"""Parameter of the shift that changes the conclusion -> the group whose missing scores are shifted."""
CALIBRATED = {"calibrated": "estimate", "calibrated_outcome": "own", "calibrated_control": "of_control"}
"""Parameter of the calibrated difference, and of the two numbers behind it -> its place in the sentence."""


def missing_outcome_sentences(voice: Voice, frame: pd.DataFrame) -> list[str]:
    """How far would missing outcomes have to lie from what similar students scored?"""
    rows = frame[frame["analysis"].isin(("tipping_point", "worst_case"))]
    said: list[str] = []
    for _, own in rows.groupby(KEYS, sort=False, dropna=False):
        said += [_tips(voice, own), _shifts(voice, own), _bounds(voice, own)]
    return [sentence for sentence in said if sentence]


def _tips(voice: Voice, rows: pd.DataFrame) -> str:
    items = []
    for _, row in rows[rows["parameter"].isin(TIPS)].iterrows():
        direction = voice.words.get(f"reports.results.missing_outcomes.{'below' if row['value'] < 0 else 'above'}")
        size, group = voice.style.number(abs(row["value"]), 2), voice.level(row[TIPS[row["parameter"]]])
        said = {"group": group, "size": size, "direction": direction}
        items.append(voice.say("reports.results.missing_outcomes.tips_item", **said))
    if not items:
        return ""
    joined = voice.words.get("reports.results.missing_outcomes.or_those").join(items)
    return voice.say("reports.results.missing_outcomes.tips", outcome=name_of(voice, rows.iloc[0]), items=joined)


def _shifts(voice: Voice, rows: pd.DataFrame) -> str:
    own = rows[rows["parameter"].isin(SHIFTS)]
    if not len(own):
        return ""
    shown, most = shown_of(voice, own.iloc[0]), own["setting"].abs().max()
    low, high = (shown.text(value) for value in (own["estimate"].min(), own["estimate"].max()))
    said = {"outcome": name_of(voice, own.iloc[0]), "most": voice.style.number(most, 0), "unit": shown.unit}
    return voice.say("reports.results.missing_outcomes.shifts", low=low, high=high, **said)


def _bounds(voice: Voice, rows: pd.DataFrame) -> str:
    bounds = {row["parameter"]: row for _, row in rows[rows["analysis"] == "worst_case"].iterrows()}
    if {"lowest", "highest"} - set(bounds):
        return ""
    shown = shown_of(voice, bounds["lowest"])
    low, high = (shown.text(bounds[end]["estimate"]) for end in ("lowest", "highest"))
    said = {"outcome": name_of(voice, bounds["lowest"]), "unit": shown.unit, "interval": interval_of(voice, shown)}
    return voice.say("reports.results.missing_outcomes.worst_case", low=low, high=high, **said)


def negative_control_sentences(voice: Voice, frame: pd.DataFrame) -> list[str]:
    """How do the groups differ on what membership cannot have changed, and by how much more on the outcomes?"""
    rows = frame[(frame["analysis"] == "negative_control") & frame["measure"].str.startswith("d_")]
    own, others = rows[rows["parameter"] == "control"], rows[rows["parameter"].isin(CALIBRATED)]
    said = [_control(voice, row) for _, row in own.iterrows()]
    return said + [_calibrated(voice, part) for _, part in others.groupby("term", sort=False)]


def _control(voice: Voice, row: pd.Series) -> str:
    shown = shown_of(voice, row)
    differs = "differs" if row["conf_low"] > 0 or row["conf_high"] < 0 else "open"
    members, others = voice.students(row["group"]), voice.level(row["reference"])
    said = {"control": voice.outcome(row["term"]), "members": members, "others": others}
    said |= {"estimate": shown.text(row["estimate"]), "interval": interval_of(voice, shown)}
    return voice.say(f"reports.results.negative_control.{differs}", **said)


def _calibrated(voice: Voice, rows: pd.DataFrame) -> str:
    control, items = voice.outcome(rows.iloc[0]["term"]), []
    for _, own in rows.groupby(KEYS, sort=False, dropna=False):
        found = {row["parameter"]: row for _, row in own.iterrows()}
        row = found["calibrated"]
        shown = shown_of(voice, row)
        said = {role: shown.text(found[parameter]["estimate"]) for parameter, role in CALIBRATED.items()}
        said |= {"outcome": name_of(voice, row), "control": control, "n": voice.style.integer(row["n"])}
        interval = interval_of(voice, shown)
        items.append(voice.say("reports.results.negative_control.calibrated_item", interval=interval, **said))
    joined = voice.words.get("reports.results.items_separator").join(items)
    return voice.say("reports.results.negative_control.calibrated", control=control, items=joined)
