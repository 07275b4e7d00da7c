"""A comparison of results that shows itself: whether they are the same, and what differs, in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..findings.labels import Labels
from ..language.catalogue import catalogue
from ..language.numbers import DASH, MINUS
from ..reports.report import Block, Facts, Heading, Paragraph, Report, TableBlock
from ..result import Result
from ..study.settling import check_language
from ..tables.table import Cell, Table
from .changes import Change

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 6


@dataclass(frozen=True, repr=False)
class Difference:
    """What changed between two sets of results; made by ``diff(old, new)``.

    changes : one by one. gone, added : analyses that only one of them has. facts : what stands behind the numbers and
    differs (plan, data, versions): its name, what it was and what it is. compared : analyses that both have.
    """

    changes: tuple[Change, ...]
    gone: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    facts: tuple[tuple[str, str, str], ...] = ()
    compared: tuple[str, ...] = ()
    results: Mapping[str, Result] = field(default_factory=dict)
    tolerance: float = 1e-9
    lang: str = "en"

    @property
    def same(self) -> bool:
        """Are they the same? Other versions of the software make no difference as long as the numbers are the same."""
        behind = [name for name, _, _ in self.facts if not name.startswith("versions")]
        return not (self.changes or self.gone or self.added or behind)

    def to_frame(self) -> pd.DataFrame:
        """One row per change: analysis, frame, row, column, old, new."""
        import pandas as pd

        columns = ["analysis", "frame", "row", "column", "old", "new"]
        rows = [(c.analysis, c.frame, self._row(c, self.lang), c.column, c.old, c.new) for c in self.changes]
        return pd.DataFrame(rows, columns=columns).astype({"old": object, "new": object})

    def report(self, lang: str | None = None) -> Report:
        """The comparison as a report, which ``save`` writes as HTML, Word or Markdown."""
        chosen = self.lang if lang is None else check_language(lang)
        return Report(catalogue(chosen).get("diff.title"), tuple(self._blocks(chosen)), chosen)

    def text(self, lang: str | None = None) -> str:
        """The comparison as text."""
        return str(self.report(lang))

    def _blocks(self, lang: str) -> Iterator[Block]:
        words = catalogue(lang)
        yield Paragraph(self._verdict(lang))
        for key, names in (("gone", self.gone), ("added", self.added)):
            if names:
                yield Paragraph(words.say(f"diff.{key}", names=names))
        if self.facts:
            yield Heading(words.get("diff.behind"))
            pairs = [(name, words.say("diff.from_to", old=a or DASH, new=b or DASH)) for name, a, b in self.facts]
            yield Facts(tuple((_fact_name(name, lang), said) for name, said in pairs))
        for name in dict.fromkeys(change.analysis for change in self.changes):
            own = [change for change in self.changes if change.analysis == name]
            yield Heading(name or words.get("diff.numbers"))
            yield TableBlock(self._table(own, lang))

    def _verdict(self, lang: str) -> str:
        say, level = catalogue(lang).say, f"{self.tolerance:g}".replace("-", MINUS)
        if self.same:
            return say("diff.same" if not self.facts else "diff.same_numbers", tolerance=level)
        numbers = [c for c in self.changes if c.frame not in ("result", "settings", "checks")]
        grades = sum(change.column == "grade" for change in self.changes)
        if not self.changes:
            return say("diff.only_behind", tolerance=level)
        checks = sum(change.frame == "checks" for change in self.changes)
        return say("diff.differ", n=len(numbers), grades=grades, checks=checks, tolerance=level)

    def _table(self, changes: list[Change], lang: str) -> Table:
        words = catalogue(lang)
        header = tuple(
            Cell(words.get(f"diff.columns.{name}"), align="left" if name in ("where", "row", "what") else "center")
            for name in ("where", "row", "what", "old", "new")
        )
        rows = tuple(self._cells(change, lang) for change in changes)
        return Table(words.get("diff.table"), (header,), rows, (), lang, "gbt" if lang == "zh" else "apa")

    def _cells(self, change: Change, lang: str) -> tuple[Cell, ...]:
        words = catalogue(lang)
        what = words.get(f"diff.what.{change.column}", words.get(f"reports.settings.{change.column}", change.column))
        where = words.get(f"diff.frames.{change.frame}", change.frame)
        old, new = _shown(change.old, change.new)
        return (
            Cell(where, align="left"),
            Cell(self._row(change, lang), align="left"),
            Cell(what, align="left"),
            Cell(old, _number(change.old)),
            Cell(new, _number(change.new)),
        )

    def _row(self, change: Change, lang: str) -> str:
        result = self.results.get(change.analysis)
        return change.row_name(Labels() if result is None else result.labels, lang)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.report()._repr_html_()


def _fact_name(name: str, lang: str) -> str:
    first, _, part = name.partition(".")
    said = catalogue(lang).get(f"diff.facts.{first}", first)
    return f"{said} ({part})" if part else said


def _shown(old: Any, new: Any) -> tuple[str, str]:
    """Both as text, numbers with as many digits as tell them apart."""
    for digits in (DIGITS, 9, 12, 17):
        texts = _text(old, digits), _text(new, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _text(value: Any, digits: int) -> str:
    if value is None or value != value:
        return DASH
    if isinstance(value, float):
        return f"{value:.{digits}g}".replace("-", MINUS)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _number(value: Any) -> float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    return float(value) if plain else None
