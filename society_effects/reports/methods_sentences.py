"""How was it done? The sentences of the methods, each said only of what was really done."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import alpha, primary_rows
from ..language.numbers import undefined
from .sample_sentences import anything_missing, missing_unknown
from .voice import Voice


def methods_paragraph(findings: Findings, lang: str | None = None, style: str | None = None) -> str:
    """How was it done? What was compared, tests by their exact names, intervals, adjustment, missing data, software."""
    voice = Voice.of(findings, lang, style)
    rows = answering_rows(findings)
    sentences = [_design_method(voice, rows)]
    if len(rows):
        sentences += _methods(voice)
        sentences.append(_level_and_alpha(voice, rows.iloc[0]["conf_level"]))
        sentences += [voice.say("reports.methods.no_pretest"), *_adjustment_method(voice, rows)]
    sentences += _baseline_methods(voice)
    if len(rows):
        sentences += [_missing_method(voice), _random_steps(voice)]
    return voice.join([*sentences, _software(voice)])


def answering_rows(findings: Findings) -> pd.DataFrame:
    """The primary rows of ``estimates``; all rows where none is primary; an empty table without estimates."""
    if not findings.has("estimates"):
        return pd.DataFrame()
    estimates = findings.frame("estimates")
    primary = primary_rows(estimates)
    return primary if len(primary) else estimates


def holm_families(voice: Voice) -> list[dict[str, Any]]:
    """The outcomes of each family that was adjusted by the Holm method, with their number."""
    found = [check.values for check in voice.findings.checks if check.key == "HOLM_ADJUSTED"]
    return [{"k": values.get("k", 0), "outcomes": tuple(values.get("outcomes", ()))} for values in found]


def _design_method(voice: Voice, rows: pd.DataFrame) -> str:
    """What was compared with what, and how students came to be in their group, as far as it is stated."""
    key = f"reports.methods.design.{voice.findings.design}"
    if not voice.words.has(key):
        return ""
    first = rows.iloc[0] if len(rows) else {"group": None, "reference": None}
    said = voice.say(key, members=voice.level(first["group"]), others=voice.level(first["reference"]))
    assigned = f"reports.methods.assignment.{voice.findings.provenance.get('assignment')}"
    stated = len(rows) and voice.words.has(assigned)
    return voice.join([said, voice.say(assigned) if stated else ""])


def _methods(voice: Voice) -> list[str]:
    """One sentence per method that gave a number; where nothing was tested, per method of the interval."""
    rows = voice.findings.frame("estimates")
    rows = rows[rows[["p_value", "conf_low", "conf_high"]].notna().any(axis="columns")]
    untested = rows["p_value"].isna() & rows["interval_method"].notna()
    used = rows.assign(method=rows["method"].where(~untested, rows["interval_method"]))[["method", "measure"]]
    sentences = []
    for method, measure in used.drop_duplicates("method").itertuples(index=False):
        own = f"reports.methods.by.{method}"
        key = own if voice.words.has(own) else "reports.methods.by.other"
        if method:
            sentences.append(voice.say(key, method=method, measure=measure))
    return sentences


def _level_and_alpha(voice: Voice, level: float) -> str:
    """At which level were the tests made, if there were any, and what are the intervals?"""
    if not voice.findings.frame("estimates")["p_value"].notna().any():
        return voice.say("reports.methods.level_only", level=level)
    written = f"{alpha(level):.4g}"
    shown = written if voice.style.p_leading_zero else written.removeprefix("0")
    return voice.say("reports.methods.alpha", alpha=shown, level=level)


def _baseline_methods(voice: Voice) -> list[str]:
    """How are the groups of Table 1 told apart, and by which tests?"""
    if not voice.findings.has("baseline"):
        return []
    rows = voice.findings.frame("baseline")
    tests = rows.loc[rows["p_test"].notna(), "test"].dropna().drop_duplicates()
    named = voice.words.get("terms.list_separator").join(voice.words.get(f"methods.{test}") for test in tests)
    sentences = [voice.say("reports.methods.smd")] if rows["smd"].notna().any() else []
    return [*sentences, voice.say("reports.methods.baseline_tests", tests=named)] if named else sentences


def _missing_method(voice: Voice) -> str:
    """What was done about students without a score? Nothing to say where there are none."""
    if missing_unknown(voice):
        return voice.say("reports.methods.missing_unknown")
    return voice.say("reports.methods.missing") if anything_missing(voice) else ""


def _adjustment_method(voice: Voice, rows: pd.DataFrame) -> list[str]:
    if not rows["p_adjusted"].notna().any():
        return []
    said = [voice.say("reports.methods.holm", **family) for family in holm_families(voice)]
    return said or [voice.say("reports.methods.adjusted")]


def _random_steps(voice: Voice) -> str:
    """How often, and from which seed, was something drawn? Nothing to say where nothing was."""
    rows = voice.findings.frame("estimates")
    settings = voice.findings.settings
    if settings.get("seed") is None or not any(_drawn(row) for _, row in rows.iterrows()):
        return ""
    if settings.get("resamples") is None:
        return voice.say("reports.methods.seed_only", seed=settings["seed"])
    return voice.say("reports.methods.seed", seed=settings["seed"], resamples=settings["resamples"])


def _drawn(row: Any) -> bool:
    """Did the P value of this row need random draws? Not where all allocations were counted, or nothing was tested."""
    method = str(row["method"])
    resampled = method.startswith(("permutation", "bootstrap")) or "_permuted" in method
    return resampled and not method.endswith("_exact") and not undefined(row["p_value"])


def _software(voice: Voice) -> str:
    versions = dict(voice.findings.provenance.get("versions") or {})
    own = versions.pop("society-effects", None)
    if own is None:
        return voice.say("reports.methods.software_plain")
    others = voice.words.get("terms.list_separator").join(f"{name} {version}" for name, version in versions.items())
    return voice.say("reports.methods.software", own=own, others=others)
