"""How was a comparison adjusted, and how was it judged what adjustment cannot reach? Sentences of the methods."""

from __future__ import annotations

from ..findings.findings import Findings
from ..findings.lookup import has_subgroups
from .adjusted_sentences import adjusts_for_covariates, anybody_left_out, covariates_of, is_adjusted_for_covariates
from .voice import Voice

OF_COVARIATES = "_covariates"
"""How the key of a method's words ends where it adjusts for covariates."""
TOGETHER = {"robustness_value": "omitted_variable", "extreme": "omitted_variable", "benchmark": "omitted_variable"}
"""Analyses of one kind, which share a sentence."""


def adjustment_methods(voice: Voice) -> list[str]:
    """What was adjusted for, who was left out for that, and how comparable the groups were judged to be."""
    if not adjusts_for_covariates(voice.findings):
        return []
    names = covariates_adjusted_for(voice)
    said = [voice.say("reports.methods.adjusted_for", covariates=names)] if names else []
    if anybody_left_out(voice.findings) or voice.findings.has("rungs"):
        said.append(voice.say("reports.methods.left_out"))
    return said


def further_methods(voice: Voice, subgroups: bool = True) -> list[str]:
    """How subgroups were compared (where that is wanted), and what an unmeasured cause would have to be."""
    said = []
    if subgroups and has_subgroups(voice.findings):
        said.append(voice.say("reports.methods.subgroups"))
    keys = [f"reports.methods.sensitivity.{analysis}" for analysis in analyses(voice.findings)]
    return said + [voice.say(key) for key in keys if voice.words.has(key)]


def analyses(findings: Findings) -> tuple[str, ...]:
    """Which sensitivity analyses were made? Those of one kind under one name."""
    if not findings.has("sensitivity"):
        return ()
    made = findings.frame("sensitivity")["analysis"].dropna()
    return tuple(dict.fromkeys(TOGETHER.get(analysis, analysis) for analysis in made))


def covariates_adjusted_for(voice: Voice) -> str:
    """Which covariates are the answers adjusted for? Each once, listed."""
    estimates = voice.findings.frame("estimates")
    rows = estimates[estimates["primary"] & estimates["by"].isna()]
    found = [covariates_of(voice, row) for _, row in rows.iterrows() if is_adjusted_for_covariates(row)]
    return voice.words.get("terms.list_separator").join(dict.fromkeys(name for names in found for name in names))
