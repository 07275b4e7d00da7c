"""What may be written about these findings? Paragraphs of results and limits, and the sentence on the claim.

Pure functions from findings to text. The grade decides the verbs: below grade B nothing is ever called an effect.
Symbols stand between italics marks; :func:`italics.plain` takes them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import anything_found, compares_changes, compares_waves
from ..findings.measures import MEASURES
from .adjusted_methods import OF_COVARIATES
from .adjusted_sentences import adjusts_for_covariates, before_sentence, lead_sentences, left_out_sentence
from .beside_sentences import beside_sentences
from .check_texts import SpokenCheck, spoken_checks, with_concerns
from .group_sentences import class_sentences, equivalence_sentences, group_sentences
from .ladder_sentences import ladder_paragraphs, ladder_sample
from .methods_sentences import TOLD_WITH_THEIR_ROWS, adjusted_families, answering_rows
from .number_sentences import Shown, number_sentence, p_text, place, sentence_key
from .positions import POSITIONS
from .sample_sentences import data_sentence, design_sentence, missing_in_table_one, missing_sentence
from .sensitivity_sentences import sensitivity_sentences
from .subgroup_sentences import category_sentences, subgroup_sentences
from .trend_sentences import trend_sentences
from .voice import Voice

LISTED_ONE_BY_ONE = 4
"""Up to this many comparisons each have a sentence of their own."""
LIMITING_NOTES = (
    "EXPLORATORY",
    "SELF_SELECTION",
    "ASSIGNMENT_NOT_STATED",
    "ASSIGNMENT_NOT_USED",
    "CLUSTER_NOT_DECLARED",
    "RESPONSE_DIFF",
    "NO_SESOI",
    "NOT_EQUIVALENT",
    "PART_WHOLE",
    "BASELINE_NOT_ADJUSTED",
    "ODDS_RATIO_NOT_RISK_RATIO",
    "NO_COMPARISON_GROUP",
    "SELECTION_NOT_STATED",
    "LORD_BRACKET",
)
"""Checks that limit the claim although they are only notes."""


def results_paragraph(findings: Findings, lang: str | None = None, style: str | None = None) -> str:
    """What was found? All that :func:`results_paragraphs` says, in one paragraph."""
    voice = Voice.of(findings, lang, style)
    return voice.join(_results(voice))


def results_paragraphs(findings: Findings, lang: str | None = None, style: str | None = None) -> list[str]:
    """What was found? One paragraph for a single comparison; for several, one for each of the parts of the results."""
    voice = Voice.of(findings, lang, style)
    parts = [part for part in _results(voice) if part]
    return parts if len(answering_rows(findings)) > 1 or findings.has("rungs") else [voice.join(parts)]


def _results(voice: Voice) -> list[str]:
    """Who was compared; tests of all groups; the primary numbers; those beside them; further tests; multiplicity."""
    rows = answering_rows(voice.findings)
    simulated = voice.say("reports.results.simulated") if voice.findings.simulated else ""
    exploratory = voice.say("reports.results.exploratory") if voice.findings.has_check("EXPLORATORY") else ""
    who = [data_sentence(voice), design_sentence(voice, rows), *_missing(voice), simulated]
    who.append(exploratory)
    further = trend_sentences(voice) + sensitivity_sentences(voice) + equivalence_sentences(voice)
    parts = [
        who + class_sentences(voice),
        group_sentences(voice),
        [*_numbers(voice, rows), _ties(voice, rows), _lower_is_better(voice, rows)] if len(rows) else [],
        beside_sentences(voice, before_said=_one_by_one(rows)) if len(rows) else [],
        *([text] for text in ladder_paragraphs(voice)),
        category_sentences(voice) + subgroup_sentences(voice),
        further,
        multiplicity_sentences(voice, rows),
    ]
    return [voice.join(part) for part in parts]


def limits_paragraph(findings: Findings, lang: str | None = None, style: str | None = None) -> str:
    """How far may the result be read? The limits of the claim and what the checks found against it."""
    voice = Voice.of(findings, lang, style)
    limiting = [c for c in spoken_checks(voice) if c.status != "note" or c.key in LIMITING_NOTES]
    return voice.join([*limits_of_claim(voice), *(with_concerns(voice, as_limit(voice, c)) for c in limiting)])


def limits_of_claim(voice: Voice) -> list[str]:
    """What limits the claim itself? Nothing where there is no result to state."""
    findings, key = voice.findings, f"reports.limits.claim_{voice.findings.claim}"
    if nothing_to_state(findings):
        return []
    own = _of_waves(voice, key)
    if own == key and findings.provenance.get("assignment") == "self-selected" and voice.words.has(f"{key}_formed"):
        own = f"{key}_formed"
    adjusted = findings.claim == "adjusted_association" and own != key and findings.settings.get("covariates")
    return [voice.say(key), voice.say(own)] if adjusted else [voice.say(own)]


def _of_waves(voice: Voice, key: str) -> str:
    """The key of these words for designs that compare changes, or waves, where there are such words."""
    if compares_changes(voice.findings) and voice.words.has(f"{key}_changes"):
        return f"{key}_changes"
    return f"{key}_waves" if compares_waves(voice.findings) and voice.words.has(f"{key}_waves") else key


def nothing_to_state(findings: Findings) -> bool:
    """Was a claim about groups intended, and no number for it could be computed?"""
    return findings.claim != "description" and not anything_found(findings)


def as_limit(voice: Voice, check: SpokenCheck) -> SpokenCheck:
    """The check as it may be printed: one that asks the author for a fact says what follows if it is not known."""
    key = f"reports.limits.unknown.{check.key}"
    return replace(check, text=voice.say(key)) if voice.words.has(key) else check


def claim_sentence(findings: Findings, lang: str | None = None) -> str:
    """What may be claimed, and why no more? The grade, its words, and what lowered it."""
    voice = Voice.of(findings, lang)
    grade = voice.say("reports.claim.grade_named", grade=findings.grade, name=claim_name(voice))
    return voice.join([grade, may_be_said(voice), claim_reason(voice)])


def claim_name(voice: Voice) -> str:
    """What is a claim of this grade called?"""
    if nothing_to_state(voice.findings):
        return voice.words.get("reports.claim.nothing_name")
    return voice.words.get(_of_waves(voice, f"reports.claim.name.{voice.findings.grade}"))


def may_be_said(voice: Voice) -> str:
    """What may be said at this grade, of one wave or of several? Empty where there is no result."""
    if nothing_to_state(voice.findings):
        return ""
    return voice.say(_of_waves(voice, f"reports.claim.may_text.{voice.findings.grade}"))


def may_not_be_said(voice: Voice) -> str:
    """What may not be said at this grade?"""
    return voice.say(_of_waves(voice, f"reports.claim.may_not_text.{voice.findings.claim}"))


def claim_reason(voice: Voice) -> str:
    """Why is the grade what it is, and is there nothing to be said?"""
    nothing = voice.say("reports.claim.nothing") if nothing_to_state(voice.findings) else ""
    return voice.join([nothing, _reason_of_grade(voice)])


def _reason_of_grade(voice: Voice) -> str:
    findings = voice.findings
    lowering = findings.grading.lowered_by
    reasons = [as_limit(voice, c).text for c in spoken_checks(voice) if c.key in lowering and c.status != "note"]
    if not reasons:
        return voice.say("reports.claim.reason_start", grade=findings.start_grade)
    said = voice.join(list(dict.fromkeys(reasons)))
    return voice.say("reports.claim.reason_lowered", start=findings.start_grade, grade=findings.grade, reasons=said)


def _missing(voice: Voice) -> list[str]:
    """Who has no score; of a ladder, who stands on every rung."""
    said = ladder_sample(voice)
    if left_out := left_out_sentence(voice):
        return [said, left_out, "" if said else missing_in_table_one(voice)]
    return [said or missing_sentence(voice)]


def _one_by_one(rows: pd.DataFrame) -> bool:
    """Has each comparison a sentence of its own, as few of them, or one per contrast, have?"""
    return len(rows) <= LISTED_ONE_BY_ONE or len(rows) == len(rows[["group", "reference"]].drop_duplicates())


def _numbers(voice: Voice, rows: pd.DataFrame) -> list[str]:
    lead = lead_sentences(voice, rows)
    if _one_by_one(rows):
        names = voice.row_names(rows, contrast=False)
        return lead + [
            sentence
            for name, (_, row) in zip(names, rows.iterrows(), strict=True)
            for sentence in (number_sentence(voice, row, name), before_sentence(voice, row))
        ]
    contrasts = rows.groupby(["group", "reference"], sort=False, dropna=False)
    return lead + [sentence for _, own in contrasts for sentence in _listed(voice, own)]


def _listed(voice: Voice, rows: pd.DataFrame) -> list[str]:
    """All rows of one contrast, listed by where their interval lies."""
    first = rows.iloc[0]
    contrast = {"members": voice.students(first["group"]), "others": voice.level(first["reference"])}
    many = "many" if first["reference"] is not None else "many_changes"
    lead = "lead" if all(MEASURES[m].subtracts for m in rows["measure"]) or many != "many" else "lead_mixed"
    sentences = [voice.say(f"sentences.{many}.{lead}", k=len(rows), **contrast)]
    named = list(zip(voice.row_names(rows), (row for _, row in rows.iterrows()), strict=True))
    separator = voice.say("sentences.many.item_separator")
    for where in POSITIONS:
        items = [_item(voice, row, name) for name, row in named if place(voice, row) == where]
        if items:
            key = sentence_key(voice, many, voice.findings.claim, where)
            sentences.append(voice.say(key, k=len(items), items=separator.join(items), **contrast))
    return sentences


def _item(voice: Voice, row: Any, name: str) -> str:
    shown, p = Shown(voice, row), p_text(voice, row)
    said = shown.text(row["estimate"])
    if not MEASURES[row["measure"]].subtracts:
        said = voice.say("sentences.many.named", measure=row["measure"], estimate=said)
    return voice.say(
        "sentences.many.item",
        outcome=name,
        estimate=said,
        unit=shown.unit,
        interval=shown.interval("interval_item"),
        p=voice.say("sentences.pieces.p_item", p=p) if p else "",
    )


def _ties(voice: Voice, rows: pd.DataFrame) -> str:
    """What counts as half in a probability of a higher value?"""
    of_superiority = any(MEASURES[measure].family == "superiority" for measure in rows["measure"])
    return voice.say("reports.results.ties_half") if of_superiority else ""


def _lower_is_better(voice: Voice, rows: pd.DataFrame) -> str:
    """Of which of these outcomes is a lower value the better one?"""
    lower = {check.outcome for check in voice.findings.checks if check.key == "LOWER_IS_BETTER"}
    named = list(dict.fromkeys(voice.outcome(o) for o in rows["outcome"] if o in lower))
    listed = voice.words.get("terms.list_separator").join(named)
    return voice.say("reports.results.lower_better", outcomes=listed) if named else ""


def multiplicity_sentences(voice: Voice, rows: pd.DataFrame) -> list[str]:
    """Which *P* values are adjusted for several comparisons, and which are not?"""
    families = [f for f in adjusted_families(voice.findings) if f["family"] not in TOLD_WITH_THEIR_ROWS]
    if not families:
        tested = int(rows["p_value"].notna().sum()) if len(rows) else 0
        return [voice.say("reports.results.unadjusted", k=tested)] if tested > 1 else []
    said = [_adjusted(voice, family, alone=len(families) == 1) for family in families]
    primary = voice.findings.settings.get("primary")
    if primary is not None:
        said.append(voice.say("reports.results.primary", outcome=voice.outcome(str(primary))))
    return [*said, *_apart(voice, rows), _tests_apart(voice)]


def _tests_apart(voice: Voice) -> str:
    """Which tests of all groups, of trends and of equivalence stand outside the adjustment?"""
    if not voice.findings.has("tests"):
        return ""
    rows = voice.findings.frame("tests")
    apart = dict.fromkeys(rows.loc[rows["p_value"].notna() & rows["p_adjusted"].isna(), "test"])
    ending = OF_COVARIATES if adjusts_for_covariates(voice.findings) else ""
    start = "reports.results.tests_named"
    named = [voice.words.get(f"{start}.{test}{ending}", voice.words.get(f"{start}.{test}")) for test in apart]
    listed = voice.words.get("terms.list_separator").join(named)
    return voice.say("reports.results.tests_apart", tests=listed) if named else ""


def _adjusted(voice: Voice, family: Mapping[str, Any], alone: bool) -> str:
    """What holds for all comparisons of a family together; several families are named by their outcomes."""
    how = family["adjustment"]
    key = f"reports.results.adjusted_by.{how}"
    if not voice.words.has(key):
        return voice.say("reports.results.adjusted")
    said = voice.say(key, k=family["k"])
    return said if alone else voice.say("reports.results.of_family", outcomes=family["outcomes"], text=said)


def _apart(voice: Voice, rows: pd.DataFrame) -> list[str]:
    """Which outcomes were tested without adjustment beside a family that was adjusted: totals, and others?"""
    if not len(rows):
        return []
    apart = rows[rows["p_adjusted"].isna() & rows["p_value"].notna()]
    apart = apart[apart["outcome"] != voice.findings.settings.get("primary")]
    totals = apart["outcome"].isin([check.outcome for check in voice.findings.checks if check.key == "PART_WHOLE"])
    separator = voice.words.get("terms.list_separator")
    return [
        voice.say(f"reports.results.{key}_apart", outcomes=separator.join(voice.row_names(chosen)))
        for key, chosen in (("total", apart[totals]), ("others", apart[~totals]))
        if len(chosen)
    ]
