"""What looks wrong in the data of a study? A list that shows and saves itself; nothing is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language.catalogue import catalogue
from .odd_columns import odd_columns
from .odd_levels import odd_levels
from .odd_rows import odd_rows
from .odd_values import odd_values
from .problem import Problem
from .settling import check_language
from .sheet import Sheet

if TYPE_CHECKING:
    from .study import Study

LOOKS: tuple[Callable[[Study], Iterator[Problem]], ...] = (odd_values, odd_rows, odd_levels, odd_columns)
COLUMNS = ("status", "variables", "text", "n", "units")
KNOWN_ALREADY = {
    "POSSIBLE_MISSING_CODES": ("warn", "outcome"),
    "CODES_AMONG_SCORES": ("warn", "column"),
    "TWO_VALUES": ("note", "column"),
    "LOOKS_ORDINAL": ("note", "column"),
    "LOOKS_COUNT": ("note", "column"),
    "EXACT_COPIES": ("note", "column"),
    "VARIES_OVER_WAVES": ("note", "column"),
}
"""Notes of a study that are problems of its data: how heavy, and which of their values names the column."""


@dataclass(frozen=True, repr=False)
class Problems:
    """What looks wrong in the data of a study; made by ``study.problems()``.

    problems : those that warn first. labels : display names of variables. has_rows : whether students were looked at.
    """

    problems: tuple[Problem, ...]
    labels: Mapping[str, Mapping[str, str]]
    has_rows: bool = True
    lang: str = "en"

    def __len__(self) -> int:
        return len(self.problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    def __getitem__(self, place: int) -> Problem:
        return self.problems[place]

    def text(self, problem: Problem) -> str:
        """What was found, and what to look at?"""
        words = catalogue(self.lang)
        values = {"n": problem.n, **problem.values}
        at = words.say("problems.at_wave", wave=values["wave"]) if values.get("wave") else ""
        names = {name: label[self.lang] for name, label in self.labels.items() if self.lang in label}
        listed = [names.get(name, name) for name in problem.variables]
        return words.say(f"problems.{problem.key}", labels=names, **values, at=at, variables=listed)

    def to_frame(self) -> pd.DataFrame:
        """One row per problem: ``key, status, variables, n, units, text``."""
        rows = [
            {
                "key": problem.key,
                "status": problem.status,
                "variables": ", ".join(problem.variables) or None,
                "n": problem.n,
                "units": ", ".join(problem.units) or None,
                "text": self.text(problem),
            }
            for problem in self.problems
        ]
        return pd.DataFrame(rows, columns=["key", "status", "variables", "n", "units", "text"])

    def save(self, path: Path | str) -> Path:
        """Write the list; the suffix (.xlsx, .html, .md, .csv) says how. The path written."""
        return self._sheet.save(path)

    def to_html(self) -> str:
        """The list as a piece of a page."""
        return self._sheet.html()

    def to_markdown(self) -> str:
        """The list as a Markdown table."""
        return self._sheet.markdown()

    @property
    def title(self) -> str:
        """How much was found?"""
        words = catalogue(self.lang)
        if not self.has_rows:
            return words.get("problems.from_summary")
        if not self.problems:
            return words.get("problems.nothing")
        return words.say("problems.title", n=len(self.problems))

    @cached_property
    def _sheet(self) -> Sheet:
        words = catalogue(self.lang)
        rows = tuple(self._row(problem) for problem in self.problems)
        columns = tuple(words.get(f"problems.columns.{name}") for name in COLUMNS)
        names = (words.get("problems.sheets.shown"), words.get("problems.sheets.data"))
        notes = (words.get("problems.looked_at"),) if self.has_rows else ()
        return Sheet(self.title, columns, rows, notes, self.to_frame(), names, self.lang)

    def _row(self, problem: Problem) -> tuple[str, ...]:
        words = catalogue(self.lang)
        names = words.get("terms.list_separator").join(problem.variables)
        n = "" if problem.n is None else words.say("problems.count", n=problem.n)
        return words.get(f"problems.status.{problem.status}"), names, self.text(problem), n, self._units(problem)

    def _units(self, problem: Problem) -> str:
        words = catalogue(self.lang)
        listed = words.get("terms.list_separator").join(problem.units)
        more = (problem.n or 0) - len(problem.units)
        return words.say("problems.and_more", units=listed, n=more) if problem.units and more > 0 else listed

    def __repr__(self) -> str:
        words = catalogue(self.lang)
        lines = [self.title]
        for problem in self.problems:
            status, units = words.get(f"problems.status.{problem.status}"), self._units(problem)
            who = words.say("problems.who", units=units) if units else ""
            lines.append(words.say("problems.line", status=status, text=self.text(problem), who=who))
        return "\n".join([*lines, *([words.get("problems.looked_at")] if self.has_rows else [])])

    def _repr_html_(self) -> str:
        return self.to_html()


def problems(study: Study, lang: str | None = None) -> Problems:
    """What looks wrong in this study? ``lang`` None: the language of the study."""
    chosen = study.lang if lang is None else check_language(lang)
    labels = {name: words for name, words in study.labels.items() if "=" not in name}
    if study._rows is None or not len(study):
        return Problems((), labels, False, chosen)
    found = [*_of_notes(study), *(problem for look in LOOKS for problem in look(study))]
    order = {"warn": 0, "note": 1}
    return Problems(tuple(sorted(found, key=lambda problem: order[problem.status])), labels, True, chosen)


def _of_notes(study: Study) -> Iterator[Problem]:
    """What came to light while the study was read."""
    for key, values in study.notes:
        if key in KNOWN_ALREADY:
            status, name = KNOWN_ALREADY[key]
            told: dict[str, Any] = dict(values)
            told["variable"] = told.pop(name)
            told["cells"] = told.pop("values", ())
            n = told.pop("count", told.get("n"))
            yield Problem(key, "warn" if status == "warn" else "note", (told["variable"],), n, (), told)
