"""How is a plan carried out? Every analysis in a folder of its own, one after the other, each kept as soon as made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import PlanError, SocietyEffectsError
from ..folder import write_everything
from ..language.catalogue import catalogue
from ..result import Result
from .analyses import Analysis
from .index_page import write_index
from .run_folder import DONE, FAILED, MISSING, Made, RunFolder, opened
from .spoken_plan import design_called

if TYPE_CHECKING:
    from .plan import Plan

FIGURES = ("pdf", "png")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Run:
    """What a run left behind: its folder, the analyses that are there, and why others are not."""

    folder: Path
    done: tuple[str, ...]
    failed: tuple[PlanError, ...] = ()

    def result(self, name: str) -> Result:
        """The result of an analysis."""
        return Result.load(self.folder / name)


class Interrupted(KeyboardInterrupt):
    """A run was stopped: what is kept, and what is missing."""

    def __init__(self, folder: Path, missing: tuple[str, ...]) -> None:
        super().__init__()
        self.folder, self.missing = folder, missing


def run(
    plan: Plan, folder: Path, overwrite: bool = False, say: Say = lambda line: None, lang: str | None = None
) -> Run:
    """Carry out the plan: the numbers, tables, figures and reports of every analysis, and an index of all.

    What cannot be made is left out, with the reason in the record and in ``failed``; all else is made.
    say : is told how far it is, in the language ``lang``.
    """
    kept, words = opened(plan, folder, overwrite), catalogue(lang or plan.lang)
    write_index(plan, kept)
    results: dict[str, Result] = {}
    failed: list[PlanError] = []
    for place, analysis in enumerate(plan.analyses, 1):
        known: dict[str, Any] = {"done": place, "k": len(plan.analyses), "name": analysis.name}
        if kept.made[analysis.name].state == DONE:
            say(words.say("plans.run.kept", **known))
            continue
        say(words.say("plans.run.started", design=design_called(analysis, words.lang), **known))
        with _interruptible(kept):
            try:
                _make(plan, analysis, kept, results)
            except SocietyEffectsError as error:
                failed.append(_failed(plan, analysis, kept, error))
            write_index(plan, kept)
    return Run(folder, kept.names(DONE), tuple(failed))


@contextmanager
def _interruptible(kept: RunFolder) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        for name in kept.names(MISSING):
            kept.part(name)
        raise Interrupted(kept.folder, kept.names(MISSING)) from None


def _make(plan: Plan, analysis: Analysis, kept: RunFolder, results: dict[str, Result]) -> None:
    """Fit one analysis and keep all that it has to show."""
    outputs, part = plan.outputs, kept.part(analysis.name)
    result = _fitted(plan, analysis.name, results)
    how: dict[str, Any] = {
        "reports": [f".{name}" for name in outputs.formats],
        "figures": FIGURES,
        "journal": outputs.journal,
        "rows": outputs.rows,
    }
    write_everything(result, part, outputs.languages, **how)
    kept.keep(analysis.name, part, part.iterdir())


def _fitted(plan: Plan, name: str, results: dict[str, Result]) -> Result:
    """The result of an analysis, fitted once although a sensitivity analysis asks for it again."""
    if name not in results:
        results[name] = plan.fit_planned(name, lambda other: _fitted(plan, other, results))
    return results[name]


def _failed(plan: Plan, analysis: Analysis, kept: RunFolder, error: SocietyEffectsError) -> PlanError:
    told = PlanError("ANALYSIS_FAILED", lang=plan.lang, name=analysis.name, why=error)
    kept.part(analysis.name)
    kept.made[analysis.name] = Made(FAILED, why=str(told))
    kept.write()
    return told
