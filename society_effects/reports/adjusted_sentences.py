"""For what is a comparison adjusted, whose average is it, and what was it before? Sentences around adjusted numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.adjusted import adjusted_for, terms_in, unadjusted_row
from ..findings.findings import Findings
from ..findings.lookup import ADJUSTED
from ..findings.measures import MEASURES
from ..findings.naming import term_name
from ..language.numbers import undefined
from .number_sentences import Shown
from .voice import Voice

LEFT_OUT = ("outcome_missing", "covariate_missing")
"""Steps of the ledger by which students of an adjusted comparison are left out."""


def is_adjusted_for_covariates(row: Any) -> bool:
    """Is this number adjusted for covariates, and not only for an earlier wave?"""
    return str(row["measure"]).startswith(ADJUSTED) and row["reference_wave"] is None


def adjusts_for_covariates(findings: Findings) -> bool:
    """Is any number adjusted for covariates?"""
    if not findings.has("estimates"):
        return False
    return any(is_adjusted_for_covariates(row) for _, row in findings.frame("estimates").iterrows())


def covariates_of(voice: Voice, row: Any) -> tuple[str, ...]:
    """The names of the covariates and terms that this number is adjusted for; of a ladder, those of its rung."""
    return tuple(term_of(voice, term) for term in terms_of(voice.findings, row))


def terms_of(findings: Findings, row: Any) -> tuple[str, ...]:
    """The covariates and terms that this number is adjusted for, by their columns; of a ladder, those of its rung."""
    if not findings.has("rungs"):
        return adjusted_for(findings, row["outcome"], row["group"])
    rungs = findings.frame("rungs")
    own = rungs[(rungs["design"] == row["design"]) & (rungs["outcome"] == row["outcome"])]
    return tuple(terms_in(own.iloc[0]["adjusted_for"])) if len(own) else ()


def term_of(voice: Voice, term: str) -> str:
    """The name of a covariate or term; of the earlier scores of a ladder, their own."""
    labels = voice.findings.labels
    of_ladder = voice.findings.has("rungs") and term not in labels.variables
    known = of_ladder and voice.words.has(f"rungs.names.{term}")
    return voice.words.get(f"rungs.names.{term}") if known else term_name(term, labels, voice.lang)


def lead_sentences(voice: Voice, rows: pd.DataFrame) -> list[str]:
    """For what are these comparisons adjusted, and whose average are they? Once for all that share both."""
    alike: dict[tuple[tuple[str, ...], str], list[Any]] = {}
    for _, row in rows.iterrows():
        if is_adjusted_for_covariates(row) and not undefined(row["estimate"]):
            terms = covariates_of(voice, row)
            alike.setdefault((terms, str(row["estimand"])), []).append(row)
    return [_lead(voice, *key, own, alone=len(own) == len(rows)) for key, own in alike.items() if key[0]]


def _lead(voice: Voice, terms: tuple[str, ...], estimand: str, rows: list[Any], alone: bool) -> str:
    key = f"reports.results.adjusted_lead.{estimand}"
    if not voice.words.has(key):
        key = "reports.results.adjusted_lead.other"
    separator = voice.words.get("terms.list_separator")
    outcomes = tuple(dict.fromkeys(row["outcome"] for row in rows))
    which = "all" if alone else "some"
    return voice.say(
        key,
        what=voice.say(f"reports.results.adjusted_what.{which}", outcomes=outcomes),
        covariates=separator.join(terms),
        whose=whose(voice),
        members=separator.join(dict.fromkeys(voice.level(row["group"]) for row in rows)),
        others=separator.join(dict.fromkeys(voice.level(row["reference"]) for row in rows)),
    )


def whose(voice: Voice) -> str:
    """Whom is the average taken over: those who joined, each group that is compared, or all students?"""
    members = voice.findings.provenance.get("member")
    target = voice.findings.settings.get("estimand", "att")
    if target == "att" and (members is None or voice.several_contrasts):
        return voice.words.get("reports.methods.whose.each")
    return voice.say(f"reports.methods.whose.{target}", members=voice.level(members))


def before_sentence(voice: Voice, row: Any) -> str:
    """What was the difference, ratio or probability before adjustment? Nothing where it was not computed."""
    if not is_adjusted_for_covariates(row):
        return ""
    found = unadjusted_row(voice.findings, row)
    if found is None or undefined(found["estimate"]):
        return ""
    shown = Shown(voice, found)
    said = {"estimate": shown.text(found["estimate"]), "unit": shown.unit, "interval": shown.interval("interval")}
    return voice.say(f"reports.results.before.{MEASURES[found['measure']].family}", **said)


def left_out_sentence(voice: Voice) -> str:
    """Who was left out, where a covariate is missing of anybody? By group, as in the ledger; by outcome."""
    if not anybody_left_out(voice.findings):
        return ""
    ledger = voice.findings.frame("ledger")
    rows = ledger[ledger["group"].notna() & ledger["outcome"].notna()]
    alike: dict[str, list[str]] = {}
    for outcome, own in rows.groupby("outcome", sort=False):
        alike.setdefault(_trails(voice, own), []).append(str(outcome))
    if len(alike) == 1:
        return voice.say("reports.results.left_out", groups=next(iter(alike)))
    items = [
        voice.say("reports.results.left_out_item", outcomes=outcomes, groups=trail)
        for trail, outcomes in alike.items()
        if trail
    ]
    return voice.say("reports.results.left_out", groups=voice.say("reports.results.missing_separator").join(items))


def _trails(voice: Voice, rows: pd.DataFrame) -> str:
    """Of how many students of each group how many were left out, why, and how many remain? The reference comes last."""
    items = []
    for group in reversed(list(dict.fromkeys(rows["group"]))):
        own = rows[rows["group"] == group]
        lost = {step: int(own.loc[own["step"] == step, "n_dropped"].sum()) for step in LEFT_OUT}
        steps = [voice.say(f"reports.results.left_out_{step}", n=n) for step, n in lost.items() if n]
        said = {"of": own["n_before"].max(), "group": voice.students(group), "n": own["n_after"].min()}
        if steps:
            separator = voice.words.get("reports.results.left_out_and")
            items.append(voice.say("reports.results.left_out_group", steps=separator.join(steps), **said))
    return voice.words.get("reports.results.left_out_between").join(items)


def anybody_left_out(findings: Findings) -> bool:
    """Was anybody left out because a covariate is missing?"""
    return len(_left_out(findings)) > 0


def _left_out(findings: Findings) -> pd.DataFrame:
    if not findings.has("ledger"):
        return pd.DataFrame({"outcome": []})
    ledger = findings.frame("ledger")
    return ledger[(ledger["step"] == "covariate_missing") & (ledger["n_dropped"] > 0)]
