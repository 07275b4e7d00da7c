"""What do several items say? Facts of the study that more than one of them needs, in one place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

import pandas as pd

from ...findings.labels import spoken
from ...findings.lookup import compares_waves
from ...language.numbers import undefined
from ..adjusted_methods import covariates_adjusted_for
from ..adjusted_sentences import adjusts_for_covariates, left_out_sentence, terms_of
from ..group_sentences import class_sentences
from ..methods_sentences import answering_rows
from ..sample_sentences import anything_missing, missing_in_table_one, missing_sentence, missing_unknown
from ..voice import Voice
from .filling import Filling

WORTH_A_LOOK = 0.1
"""An absolute standardised difference from which a characteristic is named."""


def kind_of_study(voice: Voice) -> str:
    """What kind of study is it, in the words a title would use?"""
    rows = answering_rows(voice.findings)
    alone = len(rows) > 0 and rows["reference"].isna().all() and rows["group"].nunique() < 2
    kind = "waves" if compares_waves(voice.findings) else "once"
    return voice.words.get(f"checklists.kind.{kind}_{'one_group' if alone and kind == 'waves' else 'groups'}")


def compares_groups(item: Filling) -> bool:
    """Is any answer a comparison of groups?"""
    rows = answering_rows(item.findings)
    return len(rows) > 0 and bool(rows["reference"].notna().any())


def outcomes_tested(item: Filling) -> list[str]:
    """The outcomes that were compared, by an answer or by a test, in their order."""
    frames = [answering_rows(item.findings)]
    frames += [item.findings.frame("tests")] if item.findings.has("tests") else []
    return list(dict.fromkeys(outcome for frame in frames for outcome in frame.get("outcome", ())))


def waves_of(item: Filling) -> list[str]:
    """The waves at which outcomes were measured; empty where they were measured once."""
    if not item.findings.has("groups"):
        return []
    waves = dict.fromkeys(item.findings.frame("groups")["wave"].dropna())
    return list(waves) if len(waves) > 1 else []


def say_waves(item: Filling) -> bool:
    """Say at which waves outcomes were measured. Were there several?"""
    waves = waves_of(item)
    if waves:
        item.say("waves", waves=tuple(item.voice.wave(wave) for wave in waves))
    return bool(waves)


def say_definition(item: Filling) -> bool:
    """Say who counts as a member, in the words of the study. Is it stated?"""
    definition = item.stated("membership_definition")
    if definition:
        item.say("definition", text=spoken(definition, item.voice.lang))
    return bool(definition)


def say_blinding(item: Filling) -> bool:
    """Say whether examiners knew who was a member. Is it stated?"""
    blind = item.stated("examiners_blind")
    if blind is True:
        item.say("blind")
    elif blind is False:
        item.say("not_blind")
    else:
        item.remains("blind")
    return blind is not None


def say_covariates(item: Filling) -> bool:
    """Say what is adjusted for. Is anything?"""
    adjusted = adjusts_for_covariates(item.findings)
    names = covariates_adjusted_for(item.voice) if adjusted else ""
    if names:
        item.say("covariates", covariates=names)
    return bool(names)


def adjusted_among(item: Filling, columns: Iterable[str]) -> list[str]:
    """For which of these covariates is any answer adjusted, as they are or in a term?"""
    terms = {term for _, row in answering_rows(item.findings).iterrows() for term in terms_of(item.findings, row)}
    return [name for name in columns if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", term) for term in terms)]


def say_missing(item: Filling) -> bool:
    """Say who has no score, or lacks a covariate. Is it known?"""
    if missing_unknown(item.voice) or not item.findings.has("groups"):
        item.remains("missing")
        return False
    left_out = left_out_sentence(item.voice)
    if left_out:
        item.add(left_out, missing_in_table_one(item.voice))
    elif anything_missing(item.voice):
        item.add(missing_sentence(item.voice))
    else:
        item.say("none_missing")
        item.add(missing_in_table_one(item.voice))
    return True


def say_most_missing(item: Filling) -> float:
    """Say of which outcome most students of a group have no score. Which share of them; 0 where nobody lacks one."""
    losses = _lost_at_a_wave(item) if waves_of(item) else _lost(item)
    n, of, outcome, group = max(losses, default=(0, 1, "", None), key=lambda lost: lost[0] / lost[1])
    if n:
        said = {"outcome": item.voice.outcome(outcome), "group": item.voice.students(group)}
        item.say("most_missing", n=n, of=of, share=n / of, **said)
    return n / of


def _lost_at_a_wave(item: Filling) -> list[tuple[int, int, str, str | None]]:
    """How many of how many students of each group have no score at each wave?"""
    rows = item.findings.frame("groups")
    rows = rows[rows["category"].isna() & (rows["missing"] > 0)]
    counts = zip(rows["missing"], rows["missing"] + rows["n"], rows["outcome"], rows["group"], strict=True)
    return [(int(n), int(of), str(outcome), group) for n, of, outcome, group in counts]


def _lost(item: Filling) -> list[tuple[int, int, str, str | None]]:
    """How many of how many students of each group have no score, as the ledger counts them?"""
    if not item.findings.has("ledger"):
        return []
    ledger = item.findings.frame("ledger")
    ledger = ledger[ledger["outcome"].isin(outcomes_tested(item))]
    lost = []
    for (outcome, group), own in ledger.groupby(["outcome", "group"], sort=False, dropna=False):
        missing = own.loc[own["step"] == "outcome_missing", "n_dropped"].sum()
        known = None if undefined(group) else str(group)
        lost.append((int(missing), max(int(own["n_before"].max()), 1), str(outcome), known))
    return lost


def untrained(item: Filling, trained: Collection[str | None]) -> tuple[str, ...]:
    """Which outcomes does the society not train for, as far as stated? Not totals that contain one it trains for."""
    totals = {check.outcome for check in item.findings.checks if check.key == "PART_WHOLE"}
    others = [outcome for outcome in outcomes_tested(item) if outcome not in trained and outcome not in totals]
    return named(item, others)


def say_response(item: Filling) -> bool:
    """Say which share of each group took part. Is it stated of any?"""
    shares = item.stated("response")
    if shares:
        item.say("response", shares=shares)
    return bool(shares)


def say_classes(item: Filling) -> bool:
    """Say how many classes the students belong to, and how alike classmates are. Is it known?"""
    said = class_sentences(item.voice)
    item.add(*said)
    if not said:
        item.remains("classes")
    return bool(said)


def say_apart(item: Filling) -> float:
    """Say on which characteristic the groups lie farthest apart, and how far; undefined without characteristics."""
    largest, variable = max(_standardised(item), default=(float("nan"), ""), key=lambda found: found[0])
    if not undefined(largest):
        key = "apart" if largest > WORTH_A_LOOK else "close"
        item.say(key, variable=item.voice.outcome(variable), size=item.voice.style.number(largest, 2))
    return largest


def say_apart_on(item: Filling, columns: Collection[str]) -> None:
    """Say how far apart the groups lie on each of these characteristics, where that is known."""
    for size, variable in _standardised(item):
        if variable in columns:
            item.say("apart_on", variable=item.voice.outcome(variable), size=item.voice.style.number(size, 2))


def _standardised(item: Filling) -> list[tuple[float, str]]:
    """Characteristics known of both groups, with the absolute standardised difference of each."""
    if not item.findings.has("baseline"):
        return []
    rows = item.findings.frame("baseline")
    rows = rows[rows["smd"].notna() & ~rows["variable"].isin(outcomes_tested(item))]
    return [(abs(float(smd)), str(variable)) for smd, variable in zip(rows["smd"], rows["variable"], strict=True)]


def named(item: Filling, columns: Iterable[Any]) -> tuple[str, ...]:
    """The display names of these columns, each once."""
    return tuple(dict.fromkeys(item.voice.outcome(str(column)) for column in columns))


def kinds_of(item: Filling) -> pd.DataFrame:
    """Each outcome with its kind."""
    if not item.findings.has("groups"):
        return pd.DataFrame({"outcome": [], "kind": []})
    return item.findings.frame("groups")[["outcome", "kind"]].drop_duplicates()
