"""What is needed to make a result again? Its settings, the fingerprints of data and plan, the versions, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..findings.naming import design_name
from .adjusted_sentences import term_of
from .voice import Voice


def facts(voice: Voice) -> tuple[tuple[str, str], ...]:
    """The names and values, in their order. No date: what is made again is the same."""
    settings = ((name, value) for name, value in voice.findings.settings.items() if name != "design")
    told = [(name, _setting(voice, name, value)) for name, value in settings if value not in (None, [], ())]
    pairs = [*_compared(voice), *told, *_behind(voice)]
    return tuple((voice.words.get(f"reports.settings.{name}", name), value) for name, value in pairs)


def _compared(voice: Voice) -> Iterator[tuple[str, str]]:
    """The design, the groups and the outcomes."""
    findings, provenance = voice.findings, voice.findings.provenance
    yield "design", design_name(findings, voice.lang)
    groups = [voice.level(provenance[name]) for name in ("member", "reference") if provenance.get(name) is not None]
    yield from [("groups", _listed(voice, groups))] if groups else []
    frame = next((findings.frame(name) for name in ("estimates", "groups") if findings.has(name)), None)
    outcomes = [] if frame is None else [voice.outcome(column) for column in frame["outcome"].dropna().unique()]
    yield from [("outcomes", _listed(voice, outcomes))] if outcomes else []


def _behind(voice: Voice) -> Iterator[tuple[str, str]]:
    """Data, versions and plan, by what tells them from others."""
    provenance = voice.findings.provenance
    if provenance.get("data_hash"):
        yield "data_hash", str(provenance["data_hash"])
    if versions := provenance.get("versions"):
        yield "versions", _listed(voice, [f"{name} {version}" for name, version in versions.items()])
    if "planned" in provenance:
        yield "planned", _yes_or_no(voice, provenance["planned"])
        yield from [("analysis", str(provenance["analysis"]))] if provenance.get("analysis") else []
        yield "plan_hash", str(provenance["plan_hash"])
    yield "simulated", _yes_or_no(voice, voice.findings.simulated)


def _listed(voice: Voice, items: Iterable[str]) -> str:
    return voice.words.get("terms.list_separator").join(items)


def _yes_or_no(voice: Voice, so: bool) -> str:
    return voice.words.get("terms.yes" if so else "terms.no")


def _setting(voice: Voice, name: str, value: Any) -> str:
    if name == "conf_level":
        return voice.style.level(value)
    if name in ("method", "covariance"):
        return voice.words.get(f"methods.{value}", str(value))
    if isinstance(value, bool):
        return _yes_or_no(voice, value)
    if name in ("rungs", "headline") and voice.findings.has("rungs"):
        rungs = [value] if isinstance(value, str) else value
        return _listed(voice, (term_of(voice, rung) for rung in rungs))
    names = voice.names()
    if isinstance(value, list | tuple):
        return _listed(voice, (names.get(str(v), str(v)) for v in value))
    return voice.words.get(f"reports.setting_values.{name}.{value}", names.get(str(value), str(value)))
