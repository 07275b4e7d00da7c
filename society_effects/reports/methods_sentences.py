"""How was it done? The sentences of the methods, each said only of what was really done."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.findings import Findings
from ..findings.lookup import alpha, primary_rows
from ..findings.methods import method_of
from .adjusted_methods import OF_COVARIATES, adjustment_methods, further_methods
from .adjusted_sentences import adjusts_for_covariates, whose
from .group_sentences import rows_of_tests
from .sample_sentences import anything_missing, missing_unknown, tested_groups, waves_kept
from .voice import Voice

CR2 = "reports.methods.by.cr2"
"""The sentence on standard errors of students who share classes."""
TOLD_WITH_THEIR_ROWS = ("subgroups",)
"""Families whose adjustment is told where their comparisons are."""


def methods_paragraph(findings: Findings, lang: str | None = None, style: str | None = None) -> str:
    """How was it done? What was compared, tests by their exact names, intervals, adjustment, missing data, software."""
    voice = Voice.of(findings, lang, style)
    rows = answering_rows(findings)
    compared = len(rows) > 0 or findings.has("tests")
    sentences = [design_method(voice, rows), *adjustment_methods(voice)]
    if compared:
        sentences += [*_methods(voice), *further_methods(voice)]
        level = rows.iloc[0]["conf_level"] if len(rows) else findings.settings.get("conf_level", 0.95)
        sentences.append(_level_and_alpha(voice, level))
        sentences += [voice.say("reports.methods.no_pretest"), *_adjustment_method(voice)]
    sentences += _baseline_methods(voice)
    if compared:
        sentences += [missing_method(voice), _random_steps(voice)]
    return voice.join([*sentences, _software(voice)])


def answering_rows(findings: Findings) -> pd.DataFrame:
    """The primary rows of ``estimates``; all rows where none is primary; an empty table without estimates."""
    if not findings.has("estimates"):
        return pd.DataFrame()
    estimates = findings.frame("estimates")
    primary = primary_rows(estimates)
    return primary if len(primary) else estimates


def adjusted_families(findings: Findings) -> list[dict[str, Any]]:
    """Each family that was adjusted: by which method, how many comparisons of which outcomes."""
    frames = [findings.frame(name) for name in ("estimates", "tests") if findings.has(name)]
    parts = [frame.loc[frame["p_adjusted"].notna(), ["family", "adjustment", "outcome"]] for frame in frames]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["family", "adjustment", "outcome"])
    return [
        {
            "family": family,
            "adjustment": adjustment,
            "k": len(own),
            "outcomes": tuple(dict.fromkeys(own["outcome"])),
        }
        for (family, adjustment), own in rows.groupby(["family", "adjustment"], sort=False, dropna=False)
    ]


def design_method(voice: Voice, rows: pd.DataFrame) -> str:
    """What was compared with what, and how students came to be in their group, as far as it is stated."""
    key = f"reports.methods.design.{voice.findings.design}"
    several = f"{key}_{voice.findings.settings.get('contrasts')}"
    compared = rows if len(rows) else tested_groups(voice.findings)
    if len(rows) and rows["group"].nunique() > 1 and voice.words.has(several):
        key = several
    elif len(compared) and compared["group"].isna().any():
        key = f"{key}_together"
    elif voice.words.has(f"{key}{_who_joined(voice)}"):
        key = f"{key}{_who_joined(voice)}"
    if not voice.words.has(key):
        return ""
    first = compared.iloc[0] if len(compared) else _groups_of_study(voice)
    said = voice.say(key, members=voice.level(first["group"]), others=voice.level(first["reference"]))
    assigned = f"reports.methods.assignment.{voice.findings.provenance.get('assignment')}"
    stated = len(compared) and voice.words.has(assigned)
    return voice.join([said, voice.say(assigned) if stated else ""])


def _groups_of_study(voice: Voice) -> dict[str, Any]:
    """The two groups that the study names, where nothing was estimated."""
    return {key: voice.findings.provenance.get(role) for key, role in (("group", "member"), ("reference", "reference"))}


def _methods(voice: Voice) -> list[str]:
    """One sentence per method that gave a number; where nothing was tested, per method of the interval."""
    used: dict[tuple[str, str], str | None] = {}
    for method, measure in _used(voice.findings).itertuples(index=False):
        if method:
            used.setdefault((method, _key_of_method(voice, method, measure)), measure)
    errors, once = _errors_of_classes(voice, [key for _, key in used])
    said = [
        voice.say(key, method=method, measure=measure, whose=whose(voice), **errors)
        for (method, key), measure in used.items()
        if key not in once
    ]
    return [*dict.fromkeys(said), *map(voice.say, once), *_quantity_methods(voice)]


def _errors_of_classes(voice: Voice, keys: list[str]) -> tuple[dict[str, str], list[str]]:
    """What sentences say of errors that allow for classes; nothing, where one sentence says it for several."""
    names = ("errors", "errors_and")
    told = [key for key in keys if any(f"{{{name}:" in voice.words.get(key) for name in names)]
    if len(told) > 1 or (told and CR2 in keys):
        return dict.fromkeys(names, ""), [CR2]
    return {name: voice.words.get(f"reports.methods.{name}") for name in names}, []


def _quantity_methods(voice: Voice) -> list[str]:
    """How were the quantities beside the tests, and their intervals, obtained?"""
    if not voice.findings.has("quantities"):
        return []
    rows = voice.findings.frame("quantities")
    keys = [f"reports.methods.by_quantity.{q}.{m}" for q, m in zip(rows["quantity"], rows["method"], strict=True)]
    return [voice.say(key) for key in dict.fromkeys(keys) if voice.words.has(key)]


def _key_of_method(voice: Voice, method: str, measure: str | None) -> str:
    """The sentence of a method; for some measures, and for a test of no single measure, it may have one of its own."""
    places = (f"by_measure.{measure}", "by") if measure else ("by_test", "by")
    endings = [_who_joined(voice), ""]
    if adjusts_for_covariates(voice.findings):
        endings.insert(0, OF_COVARIATES)
    keys = [f"reports.methods.{place}.{method}{ending}" for place in places for ending in endings]
    return next((key for key in keys if voice.words.has(key)), f"reports.methods.by.{'other' if measure else 'test'}")


def _who_joined(voice: Voice) -> str:
    """Which words for joiners: of one cohort, or of cohorts compared also with those who had not joined yet?"""
    if voice.findings.has_check("NOT_YET_COMPARED"):
        return "_not_yet"
    staggered = voice.findings.has("estimates") and (voice.findings.frame("estimates")["estimand"] == "cohort").any()
    return "" if staggered else "_one"


def _used(findings: Findings) -> pd.DataFrame:
    """Which methods gave a number of which measure (null: a test of no single measure)?"""
    parts = []
    if findings.has("estimates"):
        rows = findings.frame("estimates")
        rows = rows[rows[["p_value", "conf_low", "conf_high"]].notna().any(axis="columns")]
        untested = rows["p_value"].isna() & rows["interval_method"].notna()
        parts.append(
            rows.assign(method=rows["method"].where(~untested, rows["interval_method"]))[["method", "measure"]]
        )
    if findings.has("tests"):
        tests = findings.frame("tests")
        parts.append(tests.loc[tests["p_value"].notna(), ["method", "measure"]].assign(measure=None))
    used = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["method", "measure"])
    return used.drop_duplicates()


def method_names(voice: Voice) -> list[str]:
    """What are the methods called that gave a number, each once?"""
    used = dict.fromkeys(method for method in _used(voice.findings)["method"] if method)
    return [voice.words.get(f"methods.{method}") for method in used]


def _level_and_alpha(voice: Voice, level: float) -> str:
    """At which level were the tests made, if there were any, and what are the intervals?"""
    frames = [voice.findings.frame(name) for name in ("estimates", "tests") if voice.findings.has(name)]
    if not any(frame["p_value"].notna().any() for frame in frames):
        return voice.say("reports.methods.level_only", level=level)
    written = f"{alpha(level):.4g}"
    shown = written if voice.style.p_leading_zero else written.removeprefix("0")
    equivalence = rows_of_tests(voice.findings, "equivalence")
    if not len(equivalence):
        return voice.say("reports.methods.alpha", alpha=shown, level=level)
    one_sided = equivalence.iloc[0]["conf_level"]
    return voice.say("reports.methods.alpha_equivalence", alpha=shown, level=level, one_sided=one_sided)


def _baseline_methods(voice: Voice) -> list[str]:
    """How are the groups of Table 1 told apart, and by which tests?"""
    if not voice.findings.has("baseline"):
        return []
    rows = voice.findings.frame("baseline")
    tests = rows.loc[rows["p_test"].notna(), "test"].dropna().drop_duplicates()
    named = voice.words.get("terms.list_separator").join(voice.words.get(f"methods.{test}") for test in tests)
    sentences = [voice.say("reports.methods.smd")] if rows["smd"].notna().any() else []
    return [*sentences, voice.say("reports.methods.baseline_tests", tests=named)] if named else sentences


def missing_method(voice: Voice) -> str:
    """What was done about students without a score? Nothing to say where there are none."""
    if missing_unknown(voice):
        return voice.say("reports.methods.missing_unknown")
    needed = voice.findings.has_check("WAVES_AS_NEEDED")
    key = "missing_kept" if waves_kept(voice) else "missing_needed" if needed else "missing"
    return voice.say(f"reports.methods.{key}") if anything_missing(voice) else ""


def _adjustment_method(voice: Voice) -> list[str]:
    """How were several comparisons allowed for? One sentence per family."""
    said = []
    for family in adjusted_families(voice.findings):
        if family["family"] in TOLD_WITH_THEIR_ROWS:
            continue
        own = f"reports.methods.adjusted_by.{family['adjustment']}"
        key = own if voice.words.has(own) else "reports.methods.adjusted"
        said.append(voice.say(key, k=family["k"], outcomes=family["outcomes"]))
    if voice.findings.settings.get("primary"):
        primary = voice.outcome(str(voice.findings.settings["primary"]))
        said.append(voice.say("reports.methods.primary", outcome=primary))
    made = voice.findings.frame("estimates")["adjustment"].dropna() if voice.findings.has("estimates") else []
    keys = [f"reports.methods.path.{method}" for method in dict.fromkeys(made)]
    return said + [voice.say(key) for key in keys if voice.words.has(key)]


def _random_steps(voice: Voice) -> str:
    """How often, and from which seed, was something drawn? Nothing to say where nothing was."""
    settings = voice.findings.settings
    if settings.get("seed") is None or not _anything_drawn(voice.findings):
        return ""
    if settings.get("resamples") is None:
        return voice.say("reports.methods.seed_only", seed=settings["seed"])
    return voice.say("reports.methods.seed", seed=settings["seed"], resamples=settings["resamples"])


def _anything_drawn(findings: Findings) -> bool:
    """Did a P value or limit need random draws? Not where all allocations were counted, or nothing was tested."""
    frames = [findings.frame(name) for name in ("estimates", "tests") if findings.has(name)]
    tested = [frame[frame["p_value"].notna()] for frame in frames]
    return any(method_of(key).drawn for rows in tested for column in ("method", "adjustment") for key in rows[column])


def _software(voice: Voice) -> str:
    versions = dict(voice.findings.provenance.get("versions") or {})
    own = versions.pop("society-effects", None)
    if own is None:
        return voice.say("reports.methods.software_plain")
    others = voice.words.get("terms.list_separator").join(f"{name} {version}" for name, version in versions.items())
    return voice.say("reports.methods.software", own=own, others=others)
