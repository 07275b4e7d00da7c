"""The grades as tables: what may be said at each, where the designs start, what lowers a grade and what would lift it.

Letters, limits and sentences are those of the library; what would lift a limit is written here. A limit that nothing is
written about stops the build.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from society_effects.designs import DESIGNS
from society_effects.findings.grading import CAPS, CLAIMS, GRADES
from society_effects.language.catalogue import catalogue

LIFTS = Path(__file__).parent / "grades_lifted.toml"
WORDS = {
    "en": {
        "grades": "What may be said",
        "of_grades": ("grade", "is called", "may be said", "may not be said"),
        "starts": "Where the designs start",
        "of_starts": ("starts at", "design", "what it is"),
        "caps": "What lowers a grade, and what would lift it",
        "of_caps": ("at most", "what the report says, and its key", "what would lift it"),
    },
    "zh": {
        "grades": "各等级可以怎么说",
        "of_grades": ("等级", "名称", "可以说", "不可以说"),
        "starts": "各设计的起始等级",
        "of_starts": ("起始等级", "设计", "名称"),
        "caps": "哪些情况会降低等级，怎样才能避免",
        "of_caps": ("最高", "报告中的说明及其键名", "怎样才能提高"),
    },
}


def grade_tables(lang: str) -> str:
    """The three tables, in Markdown."""
    words, say = WORDS[lang], catalogue(lang)
    grades = [
        (
            f"**{letter}**",
            say.get(f"reports.claim.name.{letter}"),
            say.get(f"reports.claim.may_text.{letter}"),
            say.get(f"reports.claim.may_not_text.{CLAIMS[letter]}"),
        )
        for letter in GRADES
    ]
    starts = sorted(
        (design.start_grade, f"`{design.__name__}`", say.get(f"designs.{key}")) for key, design in DESIGNS.items()
    )
    lifts = _lifts(lang)
    caps = [
        (cap, f"{_without_slots(say.get(f'checks.{key}'))}<br>`{key}`", lifts[key])
        for key, cap in sorted(CAPS.items(), key=lambda item: item[1], reverse=True)
    ]
    tables = (("grades", grades), ("starts", starts), ("caps", caps))
    return "\n\n".join(f"## {words[name]}\n\n{_table([words[f'of_{name}'], *rows])}" for name, rows in tables) + "\n"


def _lifts(lang: str) -> dict[str, str]:
    """By check: what would lift its limit."""
    lifts = tomllib.loads(LIFTS.read_text(encoding="utf-8"))[lang]
    if set(lifts) != set(CAPS):
        raise ValueError(f"grades_lifted.toml and the limits of grades differ: {sorted(set(lifts) ^ set(CAPS))}")
    return lifts


def _without_slots(sentence: str) -> str:
    """A sentence of the catalogue without the values of a study."""
    return re.sub(r"\{[^}]*\}", "…", sentence).replace("…%", "…")


def _table(rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
