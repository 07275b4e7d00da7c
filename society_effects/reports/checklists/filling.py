"""What fills an item of a checklist, and what does it leave to the author?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...findings.findings import Findings
from ...tables import possible
from ..check_texts import SpokenCheck, spoken_checks, with_concerns
from ..headings import heading
from ..report import ChecklistItem, ItemStatus
from ..sentences import as_limit
from ..voice import Voice


@dataclass
class Filling:
    """Sentences that say an item, and sentences that say what the author has to write or to do."""

    voice: Voice
    checks: list[SpokenCheck]
    said: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def findings(self) -> Findings:
        """What was found."""
        return self.voice.findings

    def say(self, key: str, **values: Any) -> None:
        """Fill in a sentence of the checklists."""
        self.add(self.voice.say(f"checklists.said.{key}", **values))

    def add(self, *sentences: str) -> None:
        """Fill in sentences that the report makes anyway; empty ones are left out."""
        self.said += [sentence for sentence in sentences if sentence and sentence not in self.said]

    def tell(self, *keys: str) -> bool:
        """Fill in what these checks say, as far as they were found. Was any found?"""
        found = [check for check in self.checks if check.key in keys]
        self.add(*(with_concerns(self.voice, as_limit(self.voice, check)) for check in found))
        return bool(found)

    def see(self, *parts: str) -> bool:
        """Name the parts of the report that say it, as far as there are any. Is there any?"""
        there = [part for part in parts if part in possible(self.findings)]
        if there:
            self.point_to(*there)
        return bool(there)

    def point_to(self, *parts: str) -> None:
        """Name parts of the report that every report has, or these findings do."""
        self.say("see", parts=tuple(f"“{heading(self.voice, part)}”" for part in parts))

    def remains(self, key: str, **values: Any) -> None:
        """Leave something to the author."""
        self.left.append(self.voice.say(f"checklists.remains.{key}", **values))

    def stated(self, fact: str) -> Any:
        """A fact that the study states of itself (``About``); None where it does not."""
        return self.findings.provenance.get("about", {}).get(fact)

    @property
    def status(self) -> ItemStatus:
        """Is the item filled, partly filled, or to do?"""
        return "filled" if not self.left else "partly" if self.said else "to_do"


Fill = Callable[[Filling], None]
"""Fills one item."""


def fill(voice: Voice, items: Mapping[str, Fill]) -> dict[str, Filling]:
    """The items with what these findings say of them."""
    checks = spoken_checks(voice)
    filled = {key: Filling(voice, checks) for key in items}
    for key, write in items.items():
        write(filled[key])
    return filled


def as_item(filling: Filling, key: str, name: str, words: str) -> ChecklistItem:
    """The item as it stands in a report. words : file of the words for filled, partly, to do and what is left."""
    voice = filling.voice
    left = voice.say(f"{words}.left", text=voice.join(filling.left)) if filling.left else ""
    status = voice.words.get(f"{words}.status.{filling.status}")
    return ChecklistItem(key, name, filling.status, status, voice.join(filling.said), left)
