"""Who was compared, and who is missing? The sentences before the numbers, from the ledger and the groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import compares_waves
from ..findings.naming import level_heading
from ..language.numbers import undefined
from .voice import Voice

GAPS = {"WAVES_KEPT": "sample_missing_kept", "WAVES_AS_NEEDED": "sample_missing_needed"}
"""What is done about students with some of the waves, by the Check that says so; else they have no change."""


def design_sentence(voice: Voice, rows: pd.DataFrame) -> str:
    """Which groups of which size were compared on how many outcomes? Nothing where none were compared."""
    rows = rows if len(rows) else tested_groups(voice.findings)
    if not len(rows):
        return ""
    outcomes = len(_compared(voice))
    key = "outcomes_one" if outcomes == 1 else "outcomes_many"
    said: dict[str, Any] = {"outcomes": voice.say(f"reports.results.{key}", k=outcomes)}
    if rows["reference"].isna().all() and "reference_wave" in rows and rows["reference_wave"].notna().all():
        return _waves_sentence(voice, rows, said)
    if rows["reference"].nunique() != 1:
        levels = dict.fromkeys(level for level in _groups(voice)["group"] if level is not None)
        return voice.say("reports.results.design_all", groups=_sizes(voice, rows, levels), **said)
    reference = rows.iloc[0]["reference"]
    said |= {"others": voice.level(reference), "n_reference": group_size(voice, rows, reference, "n_reference")}
    groups = list(dict.fromkeys(rows["group"]))
    if len(groups) == 1:
        size = group_size(voice, rows, groups[0], "n_group")
        first = level_heading(groups[0], voice.findings.labels, voice.lang)
        compared = voice.say("reports.results.design_comparison", members_first=first, n_group=size, **said)
    else:
        compared = voice.say("reports.results.design_several", groups=_sizes(voice, rows, groups), **said)
    waves = _named_waves(voice, rows)
    return voice.join([compared, voice.say("reports.results.design_over_waves", **waves) if waves else ""])


def _waves_sentence(voice: Voice, rows: pd.DataFrame, said: dict[str, Any]) -> str:
    """Which group was measured at which waves, and how many of its students at both?"""
    first = rows.iloc[0]
    group = level_heading(first["group"], voice.findings.labels, voice.lang) if first["group"] is not None else ""
    waves = {"first": voice.wave(first["reference_wave"]), "last": voice.wave(first["wave"])}
    several = _named_waves(voice, rows)
    key = f"design_{'several_' if several else ''}waves{'' if group else '_all'}"
    waves |= several
    return voice.say(f"reports.results.{key}", members_first=group, n=_n_of_rows(voice, rows), **waves, **said)


def _n_of_rows(voice: Voice, rows: pd.DataFrame) -> str:
    """How many students are behind these rows? A range where outcomes differ."""
    low, high = rows["n"].min(), rows["n"].max()
    if low == high:
        return voice.style.count(high)
    return voice.say("reports.results.n_range", low=low, high=high)


def _named_waves(voice: Voice, rows: pd.DataFrame) -> dict[str, Any]:
    """How many waves were compared, and which, where these are more than two; else nothing."""
    if "reference_wave" not in rows or rows[["wave", "reference_wave"]].dropna().drop_duplicates().shape[0] < 2:
        return {}
    waves = list(dict.fromkeys([*rows["reference_wave"], *rows["wave"]]))
    listed = voice.words.get("terms.list_separator").join(voice.wave(wave) for wave in waves)
    return {"k": len(waves), "waves": listed}


def tested_groups(findings: Findings) -> pd.DataFrame:
    """Where no contrast was estimated: the tests of nominal outcomes, which say what was compared."""
    if not (findings.has("tests") and findings.has("groups")):
        return pd.DataFrame()
    tests = findings.frame("tests")
    return tests[tests["test"] == "independence"]


def _sizes(voice: Voice, rows: pd.DataFrame, levels: Iterable[str]) -> str:
    """Groups with their numbers of students, listed."""
    items = [
        voice.say("reports.results.group_item", group=voice.level(g), n=group_size(voice, rows, g, "n_group"))
        for g in levels
    ]
    return voice.words.get("terms.list_separator").join(items)


def group_size(voice: Voice, rows: pd.DataFrame, level: str | None, column: str) -> float:
    """How many students of a group were compared? With several outcomes: all of the group, with or without scores.

    On one outcome: those who were analysed, as in the ledger. Without group rows: the most that were compared.
    """
    groups = _groups(voice)
    own = groups[groups["group"] == level] if len(groups) and level is not None else groups.iloc[:0]
    compared = _compared(voice)
    if len(compared) == 1 and (analysed := _analysed(voice, next(iter(compared)), level)):
        return analysed
    if len(compared) > 1 and (before := _before_covariates(voice, level)):
        return before
    if len(compared) == 1 and len(own) and not waves_kept(voice):
        own = own[own["outcome"].isin(compared)].assign(missing=0)
    if len(own):
        return float((own["n"] + own["missing"].fillna(0)).max())
    side = "group" if column == "n_group" else "reference"
    chosen = rows[rows[side] == level] if level is not None else rows
    return float(chosen[column].max())


def _analysed(voice: Voice, outcome: str, level: str | None) -> float:
    """How many students of a group does the ledger count as analysed? 0 where it does not say."""
    if level is None or not voice.findings.has("ledger"):
        return 0
    rows = voice.findings.frame("ledger")
    rows = rows[(rows["step"] == "analysed") & (rows["outcome"] == outcome) & (rows["group"] == level)]
    return float(rows["n_after"].max()) if len(rows) else 0


def _before_covariates(voice: Voice, level: str | None) -> float:
    """How many students has a group before those without a covariate are left out? 0 where nobody is."""
    ledger = voice.findings.frame("ledger") if voice.findings.has("ledger") else pd.DataFrame({"step": []})
    if not (ledger["step"] == "covariate_missing").any():
        return 0
    return float(ledger.loc[ledger["group"] == level, "n_before"].max())


def _compared(voice: Voice) -> set[str]:
    """The outcomes on which groups were compared, by an estimate or by a test."""
    names = [name for name in ("estimates", "tests") if voice.findings.has(name)]
    return {outcome for name in names for outcome in voice.findings.frame(name)["outcome"]}


def students(voice: Voice) -> int:
    """How many students did the data hold? 0 where the ledger does not say."""
    if not voice.findings.has("ledger"):
        return 0
    ledger = voice.findings.frame("ledger")
    start = ledger[ledger["outcome"].isna() & ledger["group"].isna()]
    return int(start.iloc[0]["n_before"]) if len(start) else 0


def data_sentence(voice: Voice) -> str:
    """How many students were in the data, or in the printed table, and how many of them have no known group?"""
    n = students(voice)
    if not n:
        return ""
    if missing_unknown(voice):
        return voice.say("reports.results.sample_printed", n=n)
    ledger = voice.findings.frame("ledger")
    lost = int(ledger.loc[ledger["step"] == "group_missing", "n_dropped"].sum())
    without = voice.say("reports.results.sample_group_missing", n=lost) if lost else ""
    return voice.say("reports.results.sample", n=n) + without + voice.say("reports.results.end")


def missing_unknown(voice: Voice) -> bool:
    """Is it unknown who has no score, as for a printed table that does not say?"""
    groups = _groups(voice)
    return bool(len(groups)) and bool(groups["missing"].isna().all())


def missing_sentence(voice: Voice) -> str:
    """Who has no score, on which outcome, in which group? And which variables of Table 1 have gaps?"""
    groups = _groups(voice)
    if not len(groups) or missing_unknown(voice):
        return missing_in_table_one(voice)
    items = []
    kept = waves_kept(voice)
    for (outcome, wave), own in _by_wave(groups, always=kept):
        if own["missing"].sum() > 0:
            name, shares = voice.outcome(str(outcome)), _missing_by_group(voice, own)
            if not undefined(wave):
                name = voice.say("reports.results.at_wave", outcome=name, wave=voice.wave(wave))
            items.append(voice.say("reports.results.missing_item", outcome=name, groups=shares))
    separator = voice.say("reports.results.missing_separator")
    said = "sample_complete"
    if items:
        said = "sample_missing" if voice.findings.has("estimates") else "sample_missing_described"
        if said == "sample_missing" and compares_waves(voice.findings):
            said = next((said for key, said in GAPS.items() if voice.findings.has_check(key)), "sample_missing_pairs")
    sentence = voice.say(f"reports.results.{said}", items=separator.join(items))
    return voice.join([sentence, missing_in_table_one(voice)])


def waves_kept(voice: Voice) -> bool:
    """Were students with some of the waves kept in the analysis?"""
    return voice.findings.has_check("WAVES_KEPT")


def _by_wave(groups: pd.DataFrame, always: bool) -> Iterable[tuple[tuple[Any, Any], pd.DataFrame]]:
    """The groups of each outcome at each wave; once for all waves where the same students are missing at each."""
    for outcome, own in groups.groupby("outcome", sort=False):
        counts = own.groupby("group", dropna=False)["missing"].nunique()
        if (counts <= 1).all() and not always:
            yield (outcome, None), own.drop_duplicates("group")
        else:
            yield from (((outcome, wave), rows) for wave, rows in own.groupby("wave", sort=False))


def anything_missing(voice: Voice) -> bool:
    """Is a student without a score known of?"""
    groups = _groups(voice)
    return bool(len(groups)) and bool((groups["missing"] > 0).any())


def _groups(voice: Voice) -> pd.DataFrame:
    """The groups on each outcome as a whole, not by category."""
    if not voice.findings.has("groups"):
        return pd.DataFrame()
    groups = voice.findings.frame("groups")
    return groups[groups["category"].isna()]


def _missing_by_group(voice: Voice, own: pd.DataFrame) -> str:
    """Of each group with its number of students: how many have no score. The reference group comes last."""
    known = own[own["missing"].notna()]
    known = known.iloc[known["group"].isin(_references(voice)).argsort(kind="stable")]
    items = [
        voice.say(
            "reports.results.missing_group",
            group=voice.students(row["group"]),
            n=row["missing"],
            total=row["n"] + row["missing"],
        )
        for _, row in known.iterrows()
    ]
    return voice.words.get("terms.list_separator").join(items)


def _references(voice: Voice) -> list[str]:
    """The groups that others are compared with."""
    found = [voice.findings.frame(name)["reference"] for name in ("estimates", "baseline") if voice.findings.has(name)]
    return [level for column in found for level in column.dropna().unique()]


def missing_in_table_one(voice: Voice) -> str:
    """Which variables of Table 1 that are no outcomes have missing values, and how many?"""
    if not voice.findings.has("baseline"):
        return ""
    rows = voice.findings.frame("baseline")
    outcomes = set(_groups(voice)["outcome"]) if voice.findings.has("groups") else set()
    rows = rows[rows["category"].isna() & ~rows["variable"].isin(outcomes)]
    items = [
        voice.say("reports.results.missing_variable", variable=voice.outcome(str(name)), n=own["missing"].sum())
        for name, own in rows.groupby("variable", sort=False)
        if own["missing"].sum() > 0
    ]
    listed = voice.words.get("terms.list_separator").join(items)
    return voice.say("reports.results.missing_in_table_one", items=listed) if items else ""
