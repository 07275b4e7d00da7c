"""How strong would an unmeasured cause have to be? Sentences of E-values, robustness values, benchmarks and delta."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..findings.lookup import matching, primary_rows, shown_limits
from ..findings.measures import MEASURES
from ..findings.naming import measure_name, term_name
from ..language.numbers import undefined
from .number_sentences import Shown
from .sensitivity_rows import answer_of, interval_of, name_of, shown_of
from .voice import Voice

ANALYSES = ("e_value", "robustness_value", "extreme", "benchmark", "oster")
KEYS = ["outcome", "group", "reference", "measure"]
HERE = "reports.results.unmeasured"


def unmeasured_sentences(voice: Voice, frame: pd.DataFrame) -> list[str]:
    """What it would take to explain each answer; of those that may be no difference, that nothing is needed."""
    rows = frame[frame["analysis"].isin(ANALYSES)]
    sentences: list[str] = []
    nothing_needed: dict[str, None] = {}
    for _, own in rows.groupby(KEYS, sort=False, dropna=False):
        answer = answer_of(voice, own.iloc[0])
        if answer is None or undefined(answer["estimate"]):
            continue
        low, high = shown_limits(answer)
        if low <= MEASURES[answer["measure"]].null_value <= high:
            nothing_needed[_name(voice, own.iloc[0])] = None
        elif low == low or high == high:
            sentences += _of_answer(voice, own, answer)
    if nothing_needed:
        at_once = voice.findings.frame("estimates")["simultaneous_low"].notna().any()
        key = "nothing_needed_at_once" if at_once else "nothing_needed"
        sentences.append(voice.say(f"{HERE}.{key}", outcomes=list(nothing_needed)))
    left = not_examined(voice) if len(rows) else []
    return sentences + ([voice.say(f"{HERE}.not_examined", outcomes=left)] if left else [])


def not_examined(voice: Voice) -> list[str]:
    """The outcomes with a difference of which it was not asked what an unmeasured cause would have to be like."""
    asked = voice.findings.frame("sensitivity")
    examined = set(asked.loc[asked["analysis"].isin(ANALYSES), "outcome"])
    rows = primary_rows(voice.findings.frame("estimates"))
    rows = rows[rows["by"].isna() & ~rows["outcome"].isin(examined)]
    return list(dict.fromkeys(voice.outcome(row["outcome"]) for _, row in rows.iterrows() if excludes_null(row)))


def excludes_null(row: pd.Series) -> bool:
    """Do the limits that are shown exclude no difference?"""
    low, high = shown_limits(row)
    null = MEASURES[row["measure"]].null_value
    return bool(low > null or high < null)


def _of_answer(voice: Voice, rows: pd.DataFrame, answer: pd.Series) -> list[str]:
    """All that is known of one answer whose interval excludes no difference."""
    adjusted = answer["measure"].startswith("adjusted_")
    parts = {analysis: rows[rows["analysis"] == analysis] for analysis in ANALYSES}
    outcome = _name(voice, rows.iloc[0])
    said = [_strength(voice, parts["e_value"], "e_value", adjusted, outcome)]
    said.append(_strength(voice, parts["robustness_value"], "robustness", adjusted, outcome))
    said.append(_benchmark(voice, parts["benchmark"], answer))
    said.append(_observed(voice, parts["e_value"]))
    said += [_oster(voice, row) for _, row in parts["oster"].iterrows()]
    return [sentence for sentence in said if sentence]


def _name(voice: Voice, row: pd.Series) -> str:
    """The outcome and contrast, with the measure where the outcome is answered in two ways."""
    name, frame = name_of(voice, row), voice.findings.frame("sensitivity")
    own = frame[(frame["outcome"] == row["outcome"]) & (frame["analysis"] == "e_value")]
    if own["measure"].nunique() < 2:
        return name
    return voice.say("reports.results.of_contrast", outcome=name, contrast=measure_name(row["measure"], voice.lang))


def _strength(voice: Voice, rows: pd.DataFrame, key: str, adjusted: bool, outcome: str) -> str:
    """What is needed for the estimate, and for the nearer limit where that is known."""
    values = {row["parameter"]: row["value"] for _, row in rows.iterrows()}
    if "estimate" not in values:
        return ""

    def text(value: float) -> str:
        return voice.style.number(value, 2) if key == "e_value" else voice.style.percent(value)

    known = {name: text(value) for name, value in values.items() if name in ("estimate", "limit")}
    level = float(rows["conf_level"].dropna().iloc[0])
    needed = f"{HERE}.{key}_limit" if values.get("limit") else f"{HERE}.{key}_no_limit"
    limit = voice.say(needed, limit=known["limit"], level=level) if "limit" in known else ""
    kind = "" if adjusted else "_unadjusted"
    return voice.say(f"{HERE}.{key}{kind}", outcome=outcome, value=known["estimate"], limit=limit)


def _benchmark(voice: Voice, rows: pd.DataFrame, answer: pd.Series) -> str:
    """What would be left by a cause as strong as the covariate that takes most, and by one several times as strong."""
    rows = rows[rows["conf_low"].notna()]
    once = rows[rows["setting"] == 1]
    if not len(once):
        return ""
    sign = -1.0 if answer["estimate"] < 0 else 1.0
    strongest = once.loc[(once["estimate"] * sign).idxmin()]
    own = rows[rows["term"] == strongest["term"]].sort_values("setting")
    most = own.iloc[-1]
    more = ""
    if most["setting"] > 1:
        times = voice.style.number(most["setting"], 0)
        more = voice.say(f"{HERE}.benchmark_more", times=times, **_left(voice, most))
    said = {"term": _term(voice, strongest["term"]), "more": more, **_left(voice, strongest)}
    plain = _plain(voice, strongest)
    if plain is None:
        return voice.say(f"{HERE}.benchmark", **said)
    return voice.say(f"{HERE}.benchmark_of", plain=shown_of(voice, strongest).text(plain), **said)


def _plain(voice: Voice, row: pd.Series) -> float | None:
    """The difference of the regression with common slopes, which the benchmarks start from; None where unknown."""
    if not voice.findings.has("surface"):
        return None
    rows = matching(voice.findings.frame("surface"), "surface", row.to_dict())
    rows = rows[(rows["r2_member"] == 0) & (rows["r2_outcome"] == 0)]
    return float(rows.iloc[0]["estimate"]) if len(rows) == 1 else None


def _left(voice: Voice, row: pd.Series) -> dict[str, Any]:
    shown = shown_of(voice, row)
    return {"estimate": shown.text(row["estimate"]), "unit": shown.unit, "interval": interval_of(voice, shown)}


def _observed(voice: Voice, rows: pd.DataFrame) -> str:
    """Which covariate is the strongest by what happens to the answer without it?"""
    own = rows[rows["parameter"] == "without"]
    own = own[[not voice.words.has(f"rungs.names.{term}") or _is_variable(voice, term) for term in own["term"]]]
    if not len(own):
        return ""
    strongest = own.loc[own["value"].idxmax()]
    value = voice.style.number(strongest["value"], 2)
    return voice.say(f"{HERE}.observed", term=_term(voice, strongest["term"]), value=value)


def _is_variable(voice: Voice, term: str) -> bool:
    """Is this a covariate, and not only the name of a block of them?"""
    baseline = voice.findings.frame("baseline") if voice.findings.has("baseline") else None
    return baseline is not None and bool((baseline["variable"] == term).any())


def _oster(voice: Voice, row: pd.Series) -> str:
    shown: Shown = shown_of(voice, row)
    said = {"estimate": shown.text(row["estimate"]), "unit": shown.unit}
    said |= {"r_max": voice.style.percent(row["setting"]), "delta": voice.style.number(row["value"], 2)}
    return voice.say(f"{HERE}.oster_away" if row["value"] < 0 else f"{HERE}.oster", **said)


def _term(voice: Voice, term: str) -> str:
    return term_name(term, voice.findings.labels, voice.lang)
