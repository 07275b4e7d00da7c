"""What stands above the text of a report, its parts and its last line?"""

from __future__ import annotations

from ..findings.labels import spoken
from ..findings.lookup import subject_of
from ..findings.naming import capitalised, design_name
from .report import Banner, Notes
from .voice import Voice


def heading(voice: Voice, part: str) -> str:
    """What a part is called, where it is called otherwise for these answers."""
    own = f"reports.headings.{part}_{subject_of(voice.findings)}"
    return voice.words.get(own if voice.words.has(own) else f"reports.headings.{part}")


def title(voice: Voice) -> str:
    """What the report is called: the study, and what was done."""
    findings = voice.findings
    design = design_name(findings, voice.lang)
    study = spoken(findings.labels.study, voice.lang)
    named = voice.words.say("reports.title_study", study=study, design=design) if study else capitalised(design)
    return voice.words.say("reports.title_exploratory", title=named) if findings.has_check("EXPLORATORY") else named


def banner(voice: Voice) -> list[Banner]:
    """That the data are simulated, where they are."""
    if not voice.findings.simulated:
        return []
    source = voice.findings.provenance.get("source") or {}
    seed = source.get("seed", voice.findings.provenance.get("seed"))
    said = "" if seed is None else voice.say("reports.simulated_seed", seed=seed)
    return [Banner(voice.say("reports.simulated", seed=said))]


def made_with(voice: Voice) -> list[Notes]:
    """Which version of the library made it, where that is known."""
    own = (voice.findings.provenance.get("versions") or {}).get("society-effects")
    return [Notes(voice.say("reports.generated_by", version=own))] if own else []
