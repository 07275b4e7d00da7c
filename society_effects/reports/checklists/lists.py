"""Which checklists are there, and what do these findings fill of them?

STROBE: von Elm et al. (2007) doi:10.1371/journal.pmed.0040296, its items named in our own words. SOCIETY-12: what a
reader of a study of student societies has to know beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import OutputError, nearest
from ...findings.findings import Findings
from ..report import Checklist
from ..voice import Voice
from .filling import Fill, as_item, fill
from .society import SOCIETY
from .strobe_answers import ANSWERS
from .strobe_discussion import DISCUSSION
from .strobe_measuring import MEASURING
from .strobe_opening import OPENING
from .strobe_sample import SAMPLE
from .strobe_statistics import STATISTICS

CHECKLISTS: dict[str, Mapping[str, Fill]] = {
    "strobe": OPENING | MEASURING | STATISTICS | SAMPLE | ANSWERS | DISCUSSION,
    "society_12": SOCIETY,
}
"""Checklist -> its items in their order, each with what fills it."""


def checklist(findings: Findings, kind: str = "strobe", lang: str | None = None, style: str | None = None) -> Checklist:
    """Which items of a checklist do these findings fill, with which words, and what remains for the author?

    Raises
    ------
    OutputError
        ``UNKNOWN_CHECKLIST``, and for a language or style that does not exist.

    Examples
    --------
    >>> import society_effects as se
    >>> found = checklist(se.MemberComparison().fit(se.load_sample("clinical_skills_667")))
    >>> [(item.key, item.status) for item in found.items][:4]
    [('1a', 'to_do'), ('1b', 'partly'), ('2', 'to_do'), ('3', 'to_do')]
    """
    voice = Voice.of(findings, lang, style)
    if kind not in CHECKLISTS:
        near = nearest(str(kind), CHECKLISTS)
        raise OutputError("UNKNOWN_CHECKLIST", lang=voice.lang, given=str(kind), near=near, allowed=tuple(CHECKLISTS))
    filled = fill(voice, CHECKLISTS[kind])
    items = []
    for key, filling in filled.items():
        name = voice.say("checklists.heading", item=key, name=voice.words.get(f"{kind}.items.{key}"))
        items.append(as_item(filling, key, name, "checklists"))
    return Checklist(tuple(items), voice.say(f"{kind}.source"))
