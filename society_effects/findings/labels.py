"""What is it called? Display names of outcomes, levels and categories, in every language that was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Entry = str | Mapping[str, str]
ASKING = ("是否", "有无")
"""What names of outcomes begin with that ask, and do not say which answer is counted."""
YES = ("是", "有")
SAYS_YES = {"1", "1.0", "true", "yes", "y", *YES}


def spoken(entry: Entry | None, lang: str, default: str = "") -> str:
    """What does this label say in this language? A label without the language falls back on the one it has."""
    if entry is None:
        return default
    if isinstance(entry, str):
        return entry
    return entry.get(lang) or next(iter(entry.values()), default)


@dataclass(frozen=True)
class Labels:
    """Display names, each a text or a mapping from language to text; what has no label is shown as it is."""

    group_name: Entry | None = None
    outcomes: Mapping[str, Entry] = field(default_factory=dict)
    levels: Mapping[str, Entry] = field(default_factory=dict)
    units: Mapping[str, Entry] = field(default_factory=dict)
    variables: Mapping[str, Entry] = field(default_factory=dict)
    categories: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    waves: Mapping[str, Entry] = field(default_factory=dict)
    study: Entry | None = None
    events: Mapping[str, Entry] = field(default_factory=dict)
    """Yes-or-no outcome -> the answer that is counted."""

    def outcome(self, column: str, lang: str) -> str:
        """The name of an outcome or of any other variable."""
        return spoken(self.outcomes.get(column, self.variables.get(column)), lang, column)

    def level(self, level: str, lang: str) -> str:
        """The name of a group, as it stands inside a sentence."""
        return spoken(self.levels.get(level), lang, level)

    def group(self, lang: str) -> str:
        """The name of the membership variable."""
        return spoken(self.group_name, lang)

    def unit(self, outcome: str, lang: str) -> str:
        """The unit of an outcome; empty where there is none."""
        return spoken(self.units.get(outcome), lang)

    def category(self, variable: str, category: str, lang: str) -> str:
        """The name of a category of a variable."""
        return spoken(self.categories.get(variable, {}).get(category), lang, category)

    def event(self, outcome: str, lang: str) -> str:
        """The answer of a yes-or-no outcome that is counted, where the outcome's name does not say it; else empty.

        >>> labels = Labels(events={"是否通过": "1", "passed": "1", "result": "pass"})
        >>> [labels.event(name, "en") for name in ("是否通过", "passed", "result")]
        ['是', '', 'pass']
        """
        name, event = self.outcome(outcome, lang), spoken(self.events.get(outcome), lang)
        asks = name.startswith(ASKING)
        if event.casefold() in SAYS_YES:
            return (event if event in YES else YES[0]) if asks else ""
        return "" if event.casefold() in name.casefold() else event

    def wave(self, wave: str, lang: str) -> str:
        """The name of a wave, as it stands inside a sentence."""
        return spoken(self.waves.get(wave), lang, wave)

    def to_dict(self) -> dict[str, Any]:
        """The labels as JSON types."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if getattr(self, name)}
