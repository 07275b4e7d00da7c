"""What was decided before the data were seen? A plan: the question, the data, the outcomes, and the analyses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..designs import Design
from ..errors import DesignError, PlanError, SocietyEffectsError, nearest, speaking
from ..findings.labels import spoken
from ..result import Result
from ..study.about import About
from ..study.outcome import Outcome
from ..study.readers import read_study
from ..study.samples import load_sample
from ..study.settling import check_language
from ..study.study import Study
from .analyses import Analysis, default_of
from .marking import listed, marked

if TYPE_CHECKING:
    from ..reports.report import Report
    from .running import Run


@dataclass(frozen=True)
class Outputs:
    """What is written of each analysis: languages, formats of the report, the journal of figures, students' rows."""

    languages: tuple[str, ...] = ("en",)
    formats: tuple[str, ...] = ("html",)
    journal: str | None = None
    rows: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """Which analyses were planned, of which data? Made by ``read_plan(path)``.

    ``fit`` fits a design, or an analysis by its name, and says in the result whether the plan lists it; ``mark`` says
    so of a result that was made without the plan; ``run`` carries the plan out; ``report`` is the plan in words.

    Parameters
    ----------
    file, source : the file and its content as it was.
    question : words, or words by language. data, sheet : the data file, from the folder of the plan.
    sample : a bundled sample in place of a file. roles : arguments of ``Study``. shared : primary outcome, confidence
    level and seed of all analyses. lines : on which line a word of the plan first stands.
    """

    file: Path
    source: bytes
    question: str | Mapping[str, str]
    lang: str
    data: str | None
    sheet: str | int | None
    sample: str | None
    roles: Mapping[str, Any]
    about: About
    outcomes: tuple[Outcome, ...]
    shared: Mapping[str, Any]
    analyses: tuple[Analysis, ...]
    outputs: Outputs
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def primary(self) -> str | None:
        """The primary outcome; None where none is declared."""
        return self.shared.get("primary")

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the file of the plan, as ``sha256sum`` prints it."""
        return hashlib.sha256(self.source).hexdigest()

    @property
    def data_file(self) -> Path | None:
        """Where the data are; None for a bundled sample."""
        return None if self.data is None else self.file.parent / self.data

    @cached_property
    def study(self) -> Study:
        """The study that the plan describes, read from its data."""
        given = dict(self.roles) | {"outcomes": self.outcomes}
        if self.about.stated():
            given["about"] = self.about
        with speaking(self.lang):
            try:
                if self.sample is not None:
                    given["labels"] = {**load_sample(self.sample).labels, **given.get("labels", {})}
                    return load_sample(self.sample, self.lang, **given)
                return read_study(self.data_file or "", sheet=self.sheet, lang=self.lang, **given)
            except SocietyEffectsError as error:
                raise self._located(error) from error

    def analysis(self, name: str) -> Analysis:
        """The analysis of this name."""
        known = [analysis.name for analysis in self.analyses]
        if name not in known:
            near = nearest(name, known)
            raise PlanError("UNKNOWN_PLANNED", lang=self.lang, name=str(name), near=near, known=tuple(known))
        return self.analyses[known.index(name)]

    def fit(self, analysis: str | Design, study: Study | None = None) -> Result:
        """What comes out, and was it planned?

        Parameters
        ----------
        analysis : the name of an analysis of the plan, or a design. What a design leaves unsaid and the plan states for
            all (primary outcome, confidence level, seed) is taken from the plan.
        study : other data than those of the plan; the result is then exploratory.
        """
        data = self.study if study is None else study
        if isinstance(analysis, str):
            return self.fit_planned(analysis, lambda name: self.fit(name, data), data)
        if not isinstance(analysis, Design):
            raise DesignError("NOT_A_DESIGN", lang=self.lang, found=type(analysis).__name__)
        return self.mark(self._as_planned(analysis).fit(data))

    def fit_planned(self, name: str, of: Callable[[str], Result], study: Study | None = None) -> Result:
        """The result of an analysis of the plan; ``of`` gives those of others, for sensitivity analyses."""
        planned = self.analysis(name)
        with speaking(self.lang):
            return marked(self, planned.fit(self.study if study is None else study, of), planned)

    def mark(self, result: Result) -> Result:
        """The result, saying whether the plan lists it: by its design, its settings and its data.

        A sensitivity analysis is told apart from the answer it probes by ``fit(name)`` only.
        """
        return marked(self, result, listed(self, result))

    def run(self, folder: Path | str, overwrite: bool = False) -> Run:
        """Carry the plan out: every analysis in a folder of its own, with an index of all of them.

        A run that was interrupted goes on where it stopped. overwrite : make all of it again.
        """
        from .running import run

        with speaking(self.lang):
            return run(self, Path(folder), overwrite)

    def report(self, lang: str | None = None) -> Report:
        """The plan in words, to be registered or pasted into a protocol; ``save`` writes it."""
        from .spoken_plan import spoken_plan

        return spoken_plan(self, self.lang if lang is None else check_language(lang))

    def text(self, lang: str | None = None) -> str:
        """The plan in words, as plain text."""
        return str(self.report(lang))

    def question_in(self, lang: str) -> str:
        """The question in this language, or in the one it is asked in."""
        return spoken(self.question, lang)

    def _as_planned(self, design: Design) -> Design:
        """The design with what the plan states for all, wherever the design says nothing else."""
        unsaid = {
            name: value
            for name, value in self.shared.items()
            if name in design.settings and design.settings[name] == default_of(design.key, name)
        }
        return replace(design, **unsaid)  # type: ignore[type-var]

    def _located(self, error: SocietyEffectsError) -> SocietyEffectsError:
        """The error with the line of the plan that names what it is about, where one does."""
        about = ("column", "outcome", "level", "path", "sample", "missing")
        named = [str(error.values[key]) for key in about if key in error.values]
        if self.data is not None and str(self.data_file) in named:
            named.append(self.data)
        lines = [self.lines[name] for name in named if name in self.lines]
        return PlanError("PLAN_REFUSED", lang=self.lang, line=lines[0], why=error) if lines else error

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.report()._repr_html_()
