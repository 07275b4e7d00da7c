"""Who speaks about which findings, in which language and number style? What all sentences of a report share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..findings.findings import Findings
from ..findings.naming import capitalised, row_names
from ..language import numbers
from ..language.catalogue import Catalogue, catalogue
from ..language.numbers import NumberStyle
from ..tables.formats import Format
from .italics import marked

SENTENCE_SPACE = {"en": " ", "zh": ""}


@dataclass(frozen=True, eq=False)
class Voice:
    """Findings spoken about in one language and number style (None: those of the findings)."""

    findings: Findings
    lang: str
    style_name: str

    @classmethod
    def of(cls, findings: Findings, lang: str | None = None, style: str | None = None) -> Voice:
        """The voice for these findings; by default in their language, numbers in the habit of the language."""
        lang = lang or findings.lang
        return cls(findings, lang, numbers.style(style, lang).name)

    @cached_property
    def words(self) -> Catalogue:
        """The words of the language."""
        return catalogue(self.lang)

    @cached_property
    def style(self) -> NumberStyle:
        """The number style."""
        return numbers.style(self.style_name, self.lang)

    @cached_property
    def form(self) -> Format:
        """Numbers as they stand in the tables, so that text and tables show the same."""
        return Format(self.lang, self.style_name)

    def say(self, key: str, **values: Any) -> str:
        """The sentence of this key with its slots filled, symbols between italics marks."""
        return self.words.fill(marked(self.words.get(key)), self.style_name, self.names(), **values)

    def names(self) -> Mapping[str, str]:
        """The display name of every column that has one."""
        labels = self.findings.labels
        return {name: labels.outcome(name, self.lang) for name in (*labels.outcomes, *labels.variables)}

    def outcome(self, column: str) -> str:
        """The name of an outcome."""
        return self.findings.labels.outcome(column, self.lang)

    def level(self, level: str | None) -> str:
        """The name of a group, inside a sentence."""
        return self.findings.labels.level(level, self.lang) if level is not None else ""

    def row_names(self, frame: Any, contrast: bool = True) -> list[str]:
        """What is each row of estimates called, without its measure (and its contrast, where the sentence says it)?"""
        said = ["measure", "design"] if contrast else ["measure", "design", "group", "reference"]
        return row_names(frame.drop(columns=said), self.findings.labels, self.lang)

    def headed(self, text: str) -> str:
        """A name or list of names at the start of a line: a label with a capital, a bare column name as it is."""
        labelled = any(text.startswith(label) for label in self.names().values())
        return capitalised(text) if labelled else text

    def join(self, sentences: list[str]) -> str:
        """The sentences as a paragraph; empty ones are left out."""
        return SENTENCE_SPACE.get(self.lang, " ").join(s for s in sentences if s)
