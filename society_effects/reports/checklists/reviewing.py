"""What will a reviewer ask of these findings, and what is the answer? The questions that remain open come first.

Asked is only what the checks and frames give reason to ask; answered only with what the findings say.
"""

from __future__ import annotations

from ...findings.findings import Findings
from ..report import Checklist
from ..voice import Voice
from .filling import Fill, as_item, fill
from .questions_of_comparison import OF_COMPARISON
from .questions_of_data import OF_DATA
from .questions_of_numbers import OF_NUMBERS

QUESTIONS: dict[str, Fill] = OF_COMPARISON | OF_DATA | OF_NUMBERS
"""Question -> what answers it, the weightier first; one that finds nothing to say or to do is not asked."""
MOST = 8
"""So many are told: more would not be read."""


def reviewer_questions(findings: Findings, lang: str | None = None, style: str | None = None) -> Checklist:
    """Which questions will a reviewer ask of these findings, what is the answer, and what is to be done?

    >>> import society_effects as se
    >>> asked = reviewer_questions(se.MemberComparison().fit(se.load_sample("clinical_skills_667")))
    >>> [item.key for item in asked.items][:3]
    ['who_joins', 'unmeasured', 'classes']
    """
    voice = Voice.of(findings, lang, style)
    asked = {key: found for key, found in fill(voice, QUESTIONS).items() if found.said or found.left}
    ranked = sorted(asked, key=lambda key: not asked[key].left)[:MOST]
    items = (as_item(asked[key], key, voice.words.get(f"reviewer.questions.{key}"), "reviewer") for key in ranked)
    return Checklist(tuple(items), voice.say("reviewer.source"))
