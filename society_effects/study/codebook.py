"""What does every variable of a study mean, and what does it hold? A codebook that shows and saves itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language.catalogue import LANGUAGES, Catalogue, catalogue
from .settling import check_language
from .sheet import Sheet
from .variables import Variable, variables

if TYPE_CHECKING:
    from .study import Study

MOST_LEVELS = 12
"""Up to so many categories are listed in what is read; the frame lists them all."""
COLUMNS = ("variable", "label", "role", "kind", "values", "n", "missing", "before_joining")


PLAIN_COLUMNS = (
    *("name", "role", "block", "wave", "label_en", "label_zh", "kind", "unit_en", "unit_zh", "lowest_possible"),
    *("highest_possible", "categories", "coding", "n", "missing", "missing_reasons", "different", "minimum"),
    *("median", "maximum", "before_joining"),
)


@dataclass(frozen=True, repr=False)
class Codebook:
    """Every variable of a study; made by ``study.codebook()``.

    variables : one per variable, an outcome of several waves once per wave. levels : display names of levels,
    ``{"sex=f": {"en": ..., "zh": ...}}``. unused : columns of the file without a role. n : students. wave : the
    column of the waves.
    """

    variables: tuple[Variable, ...]
    levels: Mapping[str, Mapping[str, str]]
    unused: tuple[str, ...]
    n: int
    has_rows: bool
    wave: str = "wave"
    seed: Any = None
    simulated: bool = False
    lang: str = "en"

    def to_frame(self) -> pd.DataFrame:
        """One row per variable, keys and numbers as they are: for a data archive, or to go on with."""
        rows = [_plain(variable) for variable in self.variables]
        return pd.DataFrame(rows, columns=list(PLAIN_COLUMNS))

    def to_html(self) -> str:
        """The codebook as a piece of a page."""
        return self._sheet.html()

    def to_markdown(self) -> str:
        """The codebook as a Markdown table."""
        return self._sheet.markdown()

    def save(self, path: Path | str) -> Path:
        """Write the codebook; the suffix (.xlsx, .html, .md, .csv) says how. The path written.

        A workbook has a second sheet, and CSV has only that: one row per variable with keys and plain numbers.
        """
        return self._sheet.save(path)

    @cached_property
    def _sheet(self) -> Sheet:
        said = _Said(self)
        columns = tuple(said(f"columns.{name}") for name in COLUMNS)
        rows = tuple(said.row(variable) for variable in self.variables)
        names = (said("sheets.shown"), said("sheets.data"))
        return Sheet(said.title, columns, rows, tuple(said.notes), self.to_frame(), names, self.lang)

    def __repr__(self) -> str:
        said = _Said(self)
        entries = [said.entry(variable) for variable in self.variables]
        return "\n".join([said.title, *entries, *(f"\n{note}" for note in said.notes)])

    def _repr_html_(self) -> str:
        return self.to_html()


def codebook(study: Study, lang: str | None = None) -> Codebook:
    """What is every variable of this study? ``lang`` None: the language of the study."""
    chosen = study.lang if lang is None else check_language(lang)
    listed = variables(study)
    levels = {name: words for name, words in study.labels.items() if "=" in name}
    known = {variable.name for variable in listed} | _columns_of_waves(study)
    data = study.data
    unused = () if data is None else tuple(str(name) for name in data.columns if name not in known)
    simulated = bool(study.source.get("simulated"))
    of_waves: dict[str, Any] = {"wave": study.wave or "wave", "seed": study.source.get("seed")}
    return Codebook(listed, levels, unused, len(study), study.has_rows, **of_waves, simulated=simulated, lang=chosen)


def _columns_of_waves(study: Study) -> set[str]:
    """The columns behind the waves of a wide file."""
    waves, baseline = study._given.get("waves"), study._given.get("baseline")
    wide = list(waves.values()) if isinstance(waves, Mapping) else []
    pairs = baseline.items() if isinstance(baseline, Mapping) else ()
    return {str(c) for per_wave in wide for c in per_wave.values()} | {str(c) for pair in pairs for c in pair}


def _plain(variable: Variable) -> dict[str, Any]:
    """A variable as one row of plain values."""
    row: dict[str, Any] = {f.name: getattr(variable, f.name) for f in fields(variable)}
    for name in ("label", "unit"):
        words = row.pop(name)
        row |= {f"{name}_{lang}": words.get(lang) for lang in LANGUAGES}
    row["lowest_possible"], row["highest_possible"] = row.pop("range") or (None, None)
    for name in ("categories", "coding"):
        row[name] = "; ".join(f"{key}: {value}" for key, value in row[name].items()) or None
    reasons = row.pop("missing")
    row["missing"] = sum(reasons.values())
    row["missing_reasons"] = "; ".join(f"{reason}: {n}" for reason, n in reasons.items()) or None
    return {name: row[name] if row[name] != "" else None for name in PLAIN_COLUMNS}


class _Said:
    """The sentences of a codebook in its language."""

    def __init__(self, book: Codebook) -> None:
        self.book = book
        self.words: Catalogue = catalogue(book.lang)

    def __call__(self, key: str, **values: Any) -> str:
        return self.words.say(f"codebook.{key}", **values)

    @property
    def title(self) -> str:
        """What is described."""
        return self("title", n=self.book.n, k=len({variable.name for variable in self.book.variables}))

    @property
    def notes(self) -> list[str]:
        """What must be known beside the variables."""
        notes = [self.words.say("study.simulated", seed=self.book.seed)] if self.book.simulated else []
        notes += [] if self.book.has_rows else [self("from_summary")]
        return notes + ([self("unused", names=self.book.unused)] if self.book.unused else [])

    def row(self, variable: Variable) -> tuple[str, ...]:
        """A variable as a row of what is read."""
        before = self(f"before_joining.{variable.before_joining}") if variable.before_joining else ""
        labels = list(dict.fromkeys(variable.label.get(lang, "") for lang in (self.book.lang, *LANGUAGES)))
        cells = (
            self.kind(variable),
            self.values(variable),
            self("count", n=variable.n),
            self.missing(variable),
            before,
        )
        return variable.name, "\n".join(text for text in labels if text), self.role(variable), *cells

    def entry(self, variable: Variable) -> str:
        """A variable as an entry of a text: its name and labels, and below what is known of it."""
        name, label, *_, before = self.row(variable)
        head = self("entry", name=name, label=label.replace("\n", " / ")) if label else name
        values = self.values(variable).split("\n")
        told = [self.role(variable), self.kind(variable), *values, self("students", n=variable.n)]
        told += [self("without", missing=self.missing(variable))] if variable.missing else []
        told += [self("measured", before=before)] if before else []
        return f"\n{head}\n    {self.words.get('codebook.between').join(text for text in told if text)}"

    def role(self, variable: Variable) -> str:
        """Its role, with its block or its wave."""
        role = self(f"roles.{variable.role}")
        if variable.wave is not None:
            named = self.book.levels.get(f"{self.book.wave}={variable.wave}", {})
            return self("role_at", role=role, at=named.get(self.book.lang, variable.wave))
        plain = variable.block in ("", "covariates")
        block = self.words.get(f"rungs.names.{variable.block}", variable.block)
        return role if plain else self("role_of", role=role, block=block)

    def kind(self, variable: Variable) -> str:
        """Its kind, unit and range."""
        kind = self.words.get(f"study.kinds.{variable.kind}") if variable.kind else ""
        parts = [kind, variable.unit.get(self.book.lang, "")]
        if variable.range is not None:
            parts.append(self("range", low=_text(variable.range[0]), high=_text(variable.range[1])))
        return self.words.get("codebook.between").join(part for part in parts if part)

    def values(self, variable: Variable) -> str:
        """Its categories with their counts, or its smallest, middle and largest value."""
        if variable.role == "unit" or len(variable.categories) > MOST_LEVELS:
            return self("different", n=variable.different or len(variable.categories))
        if variable.categories:
            return "\n".join(self._level(variable, level, n) for level, n in variable.categories.items())
        if variable.minimum is None or variable.median is None or variable.maximum is None:
            return ""
        numbers = {name: _text(getattr(variable, name)) for name in ("minimum", "median", "maximum")}
        return self("spread", **numbers)

    def _level(self, variable: Variable, level: str, n: int) -> str:
        name = self.book.levels.get(f"{variable.name}={level}", {}).get(self.book.lang, "")
        shown = self("level_named", level=level, name=name) if name and name != level else level or self("other")
        roles = [self(f"coding.{role}") for role, coded in variable.coding.items() if coded == level]
        return self("level_as", level=shown, n=n, role=roles[0]) if roles else self("level", level=shown, n=n)

    def missing(self, variable: Variable) -> str:
        """How many students have no value, and why."""
        if not variable.missing:
            return self("count", n=0)
        reasons = [
            self("reason", reason=self.words.get(f"study.reasons.{reason}", reason), n=n)
            for reason, n in variable.missing.items()
        ]
        return self("missing", n=sum(variable.missing.values()), reasons=reasons)


def _text(value: float) -> str:
    return f"{value:.10g}".replace("-", "\N{MINUS SIGN}")
