"""What is needed to make a result again? Its settings, the fingerprints of data and plan, the versions, in words."""

from __future__ import annotations

from typing import Any

from ..findings.naming import design_name
from .adjusted_sentences import term_of
from .voice import Voice


def facts(voice: Voice) -> tuple[tuple[str, str], ...]:
    """The names and values, in their order."""
    findings, words = voice.findings, voice.words
    provenance, settings = findings.provenance, dict(findings.settings)
    settings.pop("design", None)
    pairs = [("design", design_name(findings, voice.lang))]
    for name, value in settings.items():
        if value is not None and value != [] and value != ():
            pairs.append((name, _setting(voice, name, value)))
    if provenance.get("data_hash"):
        pairs.append(("data_hash", str(provenance["data_hash"])))
    versions = provenance.get("versions") or {}
    if versions:
        pairs.append(("versions", words.get("terms.list_separator").join(f"{k} {v}" for k, v in versions.items())))
    if "planned" in provenance:
        planned = voice.words.get("terms.yes" if provenance["planned"] else "terms.no")
        pairs += [("planned", planned), ("plan_hash", str(provenance["plan_hash"]))]
    pairs.append(("simulated", words.get("terms.yes" if findings.simulated else "terms.no")))
    return tuple((words.get(f"reports.settings.{name}", name), value) for name, value in pairs)


def _setting(voice: Voice, name: str, value: Any) -> str:
    if name == "conf_level":
        return voice.style.level(value)
    if name in ("method", "covariance"):
        return voice.words.get(f"methods.{value}", str(value))
    if isinstance(value, bool):
        return voice.words.get("terms.yes" if value else "terms.no")
    if name in ("rungs", "headline") and voice.findings.has("rungs"):
        rungs = [value] if isinstance(value, str) else value
        return voice.words.get("terms.list_separator").join(term_of(voice, rung) for rung in rungs)
    if isinstance(value, list | tuple):
        names = voice.names()
        return voice.words.get("terms.list_separator").join(names.get(str(v), str(v)) for v in value)
    return voice.words.get(f"reports.setting_values.{name}.{value}", str(value))
