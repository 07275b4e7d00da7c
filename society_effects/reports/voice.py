"""Who speaks about which findings, in which language and number style? What all sentences of a report share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..errors import OutputError, nearest
from ..findings.findings import Findings
from ..findings.naming import capitalised, contrast_name, period_name, row_names
from ..language import numbers
from ..language.catalogue import LANGUAGES, Catalogue, catalogue
from ..language.numbers import NumberStyle
from ..tables.formats import Format
from .italics import marked

SENTENCE_SPACE = {"en": " ", "zh": ""}
GROUP_THEN_OUTCOME = re.compile(r"(\{(?:members|others):text\}(?:\{[ab]:text\})?)(\{outcome:text\})")
SLOT = re.compile(r"\{(\w+):")
LATIN_END, LATIN_START = re.compile(r"[!-~]$"), re.compile("[A-Za-z0-9(]")


@dataclass(frozen=True, eq=False)
class Voice:
    """Findings spoken about in one language and number style (None: those of the findings)."""

    findings: Findings
    lang: str
    style_name: str

    @classmethod
    def of(cls, findings: Findings, lang: str | None = None, style: str | None = None) -> Voice:
        """The voice for these findings; by default in their language, numbers in the habit of the language."""
        if lang is not None and lang not in LANGUAGES:
            raise OutputError("BAD_LANG", lang=findings.lang, given=str(lang), allowed=LANGUAGES)
        lang = lang or findings.lang
        if style is not None and style not in numbers.STYLES:
            near = nearest(style, numbers.STYLES)
            raise OutputError(
                "UNKNOWN_NUMBER_STYLE", lang=lang, given=str(style), near=near, allowed=tuple(numbers.STYLES)
            )
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
        template = self.words.get(key)
        if self.lang == "en" and self.style_name == "apa":
            template = template.replace("*P*", "*p*")
        template = _with_links(template, values, self.words.get("sentences.pieces.link"))
        return self.words.fill(marked(template), self.style_name, self.names(), **values)

    def names(self) -> Mapping[str, str]:
        """The display name of every group, wave and column that has one."""
        labels = self.findings.labels
        named = {level: labels.level(level, self.lang) for level in labels.levels}
        named |= {wave: labels.wave(wave, self.lang) for wave in labels.waves}
        return named | {name: labels.outcome(name, self.lang) for name in (*labels.outcomes, *labels.variables)}

    def outcome(self, column: str) -> str:
        """The name of an outcome."""
        return self.findings.labels.outcome(column, self.lang)

    def outcome_of(self, row: Any) -> str:
        """The name of a row's outcome, with its contrast where several groups are compared."""
        name = self.outcome(row["outcome"])
        if not self.several_contrasts or row["reference"] is None:
            return name
        contrast = contrast_name(row["group"], row["reference"], self.findings.labels, self.lang)
        return self.say("reports.results.of_contrast", outcome=name, contrast=contrast)

    @cached_property
    def several_contrasts(self) -> bool:
        """Do the estimates compare more than two groups?"""
        if not self.findings.has("estimates"):
            return False
        return len(self.findings.frame("estimates")[["group", "reference"]].dropna().drop_duplicates()) > 1

    def level(self, level: str | None) -> str:
        """The name of a group, inside a sentence."""
        return self.findings.labels.level(level, self.lang) if level is not None else ""

    def students(self, level: str | None) -> str:
        """The name of a group inside a sentence, of all students where there are no groups."""
        return self.level(level) or self.words.get("terms.students")

    def wave(self, wave: str | None) -> str:
        """The name of a wave, inside a sentence."""
        return period_name(wave, self.findings.labels, self.lang) if wave is not None else ""

    def row_names(self, frame: Any, contrast: bool = True) -> list[str]:
        """What is each row of estimates called, in the words that the sentence does not say (its contrast, its waves)?

        The measure is named only where nothing else tells the rows apart.
        """
        said = ["design", "measure", "estimand"]
        said += [] if contrast else ["group", "reference", "wave", "reference_wave"]
        names = row_names(frame.drop(columns=said), self.findings.labels, self.lang)
        if len(set(names)) == len(names) or not contrast:
            return names
        return row_names(frame.drop(columns=["design", "estimand"]), self.findings.labels, self.lang)

    def headed(self, text: str) -> str:
        """A name or list of names at the start of a line: a label with a capital, a bare column name as it is."""
        labelled = any(text.startswith(label) for column, label in self.names().items() if label != column)
        return capitalised(text) if labelled else text

    def join(self, sentences: list[str]) -> str:
        """The sentences as a paragraph; empty ones are left out."""
        return SENTENCE_SPACE.get(self.lang, " ").join(s for s in sentences if s)


def _with_links(template: str, values: Mapping[str, Any], link: str) -> str:
    """The template with this link between a group and its outcome where two Latin names would run into one word."""

    def linked(pair: re.Match[str]) -> str:
        before, after = ("".join(str(values.get(name, "")) for name in SLOT.findall(side)) for side in pair.groups())
        run_together = LATIN_END.search(before) and LATIN_START.match(after)
        return f"{pair[1]}{link}{pair[2]}" if run_together else pair[0]

    return GROUP_THEN_OUTCOME.sub(linked, template)
