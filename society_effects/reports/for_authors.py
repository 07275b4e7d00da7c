"""What does an author get to go on writing with: the questions of reviewers, and checklists to fill in?"""

from __future__ import annotations

from ..findings.findings import Findings
from .checklists import CHECKLISTS, checklist, reviewer_questions
from .headings import banner, heading, made_with, title
from .report import Block, Checklist, Heading, Report
from .sample_sentences import tested_groups
from .voice import Voice


def for_authors(voice: Voice) -> dict[str, list[Block]]:
    """Part of a report -> its blocks: questions and checklists, where groups or waves were compared."""
    findings, said = voice.findings, (voice.lang, voice.style_name)
    if not findings.has("estimates") and not len(tested_groups(findings)):
        return {}
    lists = {"reviewer": reviewer_questions(findings, *said)}
    lists |= {kind: checklist(findings, kind, *said) for kind in CHECKLISTS}
    return {part: _blocks(found) for part, found in lists.items()}


def _blocks(found: Checklist) -> list[Block]:
    return [found] if found.items else []


def checklist_report(
    findings: Findings, kind: str = "strobe", lang: str | None = None, style: str | None = None
) -> Report:
    """Which items of a checklist do these findings fill, and what remains for the author? As a report of its own."""
    voice = Voice.of(findings, lang, style)
    items = checklist(findings, kind, voice.lang, voice.style_name)
    blocks: list[Block] = [*banner(voice), Heading(heading(voice, kind)), items, *made_with(voice)]
    return Report(title(voice), tuple(blocks), voice.lang)
