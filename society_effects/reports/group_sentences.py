"""What may be written about tests of all groups, trends, nominal outcomes and equivalence? Sentences of ``tests``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.digits import OF_QUANTITIES, USUAL, digits_of_statistic
from ..findings.findings import Findings
from ..findings.lookup import alpha, any_adjusted, any_joint_limits, matching, primary_rows, shown_p
from ..findings.methods import method_of
from ..findings.naming import contrast_name
from ..language.numbers import undefined
from .number_sentences import Shown
from .voice import Voice

OF_ALL_GROUPS = ("omnibus", "trend", "waves", "interaction")
OF_VARIANCE = ("greenhouse_geisser", "huynh_feldt")
"""Methods of a second analysis, whose tests stand in the table of tests only."""
OF_CLASS_MEANS = ("cluster_means", "cluster_permutation", "cluster_permutation_exact")
"""Methods whose differences are of class means, so that they need not be those of the students' means beside them."""


def rows_of_tests(findings: Findings, *tests: str) -> pd.DataFrame:
    """The rows of ``tests`` that answer these questions; an empty table where there are none."""
    if not findings.has("tests"):
        return pd.DataFrame()
    rows = findings.frame("tests")
    return rows[rows["test"].isin(tests)]


def group_sentences(voice: Voice) -> list[str]:
    """Do the groups differ at all, is there a trend, and are nominal outcomes distributed alike?"""
    rows = rows_of_tests(voice.findings, *OF_ALL_GROUPS, "independence")
    return [_sentence(voice, row) for _, row in rows.iterrows() if row["method"] not in OF_VARIANCE]


def equivalence_sentences(voice: Voice) -> list[str]:
    """Is each difference too small to matter? The verdicts, with the margin and the interval they rest on."""
    rows = rows_of_tests(voice.findings, "equivalence")
    said = [_verdict(voice, row) for _, row in rows.iterrows()]
    if not said:
        return []
    estimates, judged = voice.findings.frame("estimates"), rows.loc[rows["verdict"].notna(), "outcome"]
    joint = any_joint_limits(estimates[estimates["outcome"].isin(judged)])
    return [*said, voice.say("reports.results.verdicts_alone")] if joint else said


def class_sentences(voice: Voice) -> list[str]:
    """How many classes are there, and how alike are their students?"""
    frames = [voice.findings.frame(name) for name in ("estimates", "tests") if voice.findings.has(name)]
    classes = max((frame["n_clusters"].max() for frame in frames), default=float("nan"))
    if undefined(classes):
        return []
    items = [item for item in (_alike(voice, outcome) for outcome in _outcomes_with(voice, "icc")) if item]
    said = [voice.say("reports.results.classes", clusters=classes)]
    if voice.findings.has("estimates") and _answers(voice)["method"].isin(OF_CLASS_MEANS).any():
        said.append(voice.say("reports.results.class_means"))
    listed = voice.say("reports.results.missing_separator").join(items)
    key = "icc" if len(items) > 1 else "icc_one"
    return [*said, voice.say(f"reports.results.{key}", items=listed)] if items else said


def _answers(voice: Voice) -> pd.DataFrame:
    estimates = voice.findings.frame("estimates")
    primary = primary_rows(estimates)
    return primary if len(primary) else estimates


def statistics_of_test(voice: Voice, row: Any) -> str:
    """The statistic of a test with its degrees of freedom, the P value shown, and the name of a resampled test."""
    parts = [_statistic(voice, row), _p(voice, row)]
    return voice.say("sentences.pieces.between_statistics").join(part for part in parts if part)


def _p(voice: Voice, row: Any) -> str:
    """The P value shown, named as adjusted, or as unadjusted where those of others are adjusted."""
    p, adjusted = shown_p(row)
    if undefined(p):
        return ""
    kind = "p_unadjusted" if any_adjusted(voice.findings) else "p"
    if adjusted:
        kind = "p_holm" if row["adjustment"] == "holm" else "p_adjusted"
    return voice.say(f"sentences.pieces.{kind}_{voice.style_name}", p=p)


def _sentence(voice: Voice, row: Any) -> str:
    p, _ = shown_p(row)
    level = alpha(voice.findings.settings.get("conf_level", 0.95))
    place = "undefined" if undefined(p) else "found" if p < level else "open"
    if place == "found" and voice.findings.claim == "description":
        place = "described"
    if place == "found" and row["test"] == "trend":
        place = "rising" if row["statistic"] > 0 else "falling"
    key = f"{row['test']}_two" if row["test"] == "independence" and row["group"] is not None else row["test"]
    said: dict[str, Any] = {"outcome": _tested(voice, row), "statistics": statistics_of_test(voice, row)}
    said |= {"members": voice.level(row["group"]), "others": voice.level(row["reference"])}
    said |= {"k": _n_groups(voice), "strength": _strength(voice, row)}
    return voice.say(f"reports.results.{key}.{place}", **said)


def _tested(voice: Voice, row: Any) -> str:
    """What is tested: an outcome, or the share of students with it."""
    name = voice.outcome(row["outcome"])
    if row["test"] not in ("omnibus", "trend") or not voice.findings.has("groups"):
        return name
    groups = voice.findings.frame("groups")
    binary = groups.loc[groups["outcome"] == row["outcome"], "kind"].eq("binary").any()
    return voice.say("reports.results.share_of", outcome=name) if binary else name


def _statistic(voice: Voice, row: Any) -> str:
    name, method = row["statistic_name"], method_of(row["method"])
    if undefined(row["statistic"]) or name is None:
        return voice.words.get(f"methods.{row['method']}")
    digits = digits_of_statistic(name)
    number = voice.style.number(row["statistic"], digits)
    key = f"{name}_no_df" if undefined(row["df1"]) or (name == "chi2" and method.resampled) else str(name)
    said = voice.say(f"reports.statistics.{key}", statistic=number, df1=row["df1"], df2=row["df2"])
    if not method.resampled:
        return said
    separator = voice.say("sentences.pieces.between_statistics")
    return separator.join([voice.words.get(f"methods.{row['method']}"), said])


def _strength(voice: Voice, row: Any) -> str:
    """The quantity that says how large a difference between all groups is, with its interval."""
    wanted = {"omnibus": "omega_squared", "independence": "cramers_v"}.get(row["test"])
    found = _quantity(voice, row["outcome"], wanted) if wanted else None
    if found is None:
        return ""
    return voice.say(f"reports.results.{wanted}", **_with_limits(voice, found))


def _quantity(voice: Voice, outcome: str, quantity: str) -> Any:
    if not voice.findings.has("quantities"):
        return None
    rows = voice.findings.frame("quantities")
    rows = rows[(rows["outcome"] == outcome) & (rows["quantity"] == quantity)]
    return rows.iloc[0] if len(rows) else None


def _with_limits(voice: Voice, row: Any, piece: str = "interval_item") -> dict[str, Any]:
    digits = OF_QUANTITIES.get(row["quantity"], USUAL)
    if undefined(row["conf_low"]):
        return {"value": voice.style.number(row["value"], digits), "interval": ""}
    low, high = (voice.style.number(row[f"conf_{end}"], digits) for end in ("low", "high"))
    limits = f"[{low}, {high}]" if voice.style.brackets else voice.say("sentences.pieces.range", low=low, high=high)
    level = voice.say("sentences.pieces.level", level=row["conf_level"])
    interval = voice.say(f"sentences.pieces.{piece}", level=level, limits=limits)
    return {"value": voice.style.number(row["value"], digits), "interval": interval}


def _outcomes_with(voice: Voice, quantity: str) -> list[str]:
    if not voice.findings.has("quantities"):
        return []
    rows = voice.findings.frame("quantities")
    return list(dict.fromkeys(rows.loc[rows["quantity"] == quantity, "outcome"]))


def _alike(voice: Voice, outcome: str) -> str:
    found, effect = (_quantity(voice, outcome, name) for name in ("icc", "design_effect"))
    if found is None or effect is None:
        return ""
    inflation = voice.style.number(effect["value"], 2)
    said = _with_limits(voice, found, "interval")
    return voice.say("reports.results.icc_item", outcome=voice.outcome(outcome), effect=inflation, **said)


def _verdict(voice: Voice, row: Any) -> str:
    name = voice.outcome(row["outcome"])
    if voice.findings.frame("tests")["reference"].nunique() > 1 or _n_groups(voice) > 2:
        contrast = contrast_name(row["group"], row["reference"], voice.findings.labels, voice.lang)
        name = voice.say("reports.results.of_contrast", outcome=name, contrast=contrast)
    if row["verdict"] is None:
        return voice.say("reports.results.equivalence.undefined", outcome=name)
    as_estimate = _as_estimate(voice, row)
    shown = Shown(voice, as_estimate)
    said = {"margin": shown.text(row["margin_high"]), "unit": shown.unit, "limits": shown.range()}
    verdict = "described" if voice.findings.claim == "description" else row["verdict"]
    piece = "level_of_verdict_unadjusted" if any_adjusted(voice.findings) else "level_of_verdict"
    level = voice.say(f"sentences.pieces.{piece}", level=row["conf_level"])
    return voice.say(f"reports.results.equivalence.{verdict}", outcome=name, level=level, p=_p(voice, row), **said)


def _as_estimate(voice: Voice, row: Any) -> Any:
    """The row of ``estimates`` that a verdict is about, with the limits the verdict rests on."""
    rows = matching(voice.findings.frame("estimates"), "estimates", row)
    limits = {name: row[name] for name in ("conf_low", "conf_high", "conf_level")}
    nothing = {"simultaneous_low": float("nan"), "simultaneous_high": float("nan")}
    return pd.Series({**rows.iloc[0].to_dict(), **limits, **nothing})


def _n_groups(voice: Voice) -> int:
    return voice.findings.frame("groups")["group"].nunique() if voice.findings.has("groups") else 0
