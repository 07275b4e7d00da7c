"""The earlier scores of students as covariates of their later ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..language.catalogue import LANGUAGES, catalogue
from .deriving import at_wave
from .outcome import as_text
from .roles import BEFORE

if TYPE_CHECKING:
    from .study import Study

BASELINE = "baseline"
"""The block of covariates that the earlier scores form."""


def earlier_name(outcome: str, wave: str) -> str:
    """What is the column of an outcome's earlier score called?

    >>> earlier_name("osce", "before")
    'osce@before'
    """
    return f"{outcome}@{wave}"


def earlier_scores(study: Study) -> tuple[str, ...]:
    """Which covariates of this study are earlier scores of its outcomes?

    A block that somebody called "baseline" may hold other covariates as well, or nothing else.
    """
    starts = tuple(earlier_name(outcome.column, "") for outcome in study.outcomes)
    return tuple(name for name in study.covariates.get(BASELINE, ()) if name.startswith(starts))


def with_earlier_scores(study: Study, first: Any, last: Any) -> Study:
    """The study of a later wave, in which the scores of an earlier wave stand as covariates (block ``baseline``)."""
    wave = as_text(first)
    later = at_wave(study, last)
    both = [o for o in later.outcomes if wave in study.waves_of(o.column)]
    scores = {earlier_name(o.column, wave): study._scores(o.column, wave).values for o in both}
    everyone = study._known.units
    columns = {name: _aligned(everyone, later._known.units, values) for name, values in scores.items()}
    labels = {earlier_name(o.column, wave): _label(study, o.column, wave) for o in both}
    return later._derived(
        _rows=replace(later._known, units=later._known.units.assign(**columns)),
        covariates={**later.covariates, BASELINE: (*later.covariates.get(BASELINE, ()), *columns)},
        labels={**later.labels, **labels},
    )


def _aligned(everyone: Any, units: Any, values: Any) -> Any:
    return values[everyone.index.get_indexer(units.index)]


def _label(study: Study, outcome: str, wave: str) -> dict[str, str]:
    """The outcome's name with the wave behind it, in every language."""
    at = f"{study.wave or 'wave'}={wave}"
    return {
        lang: catalogue(lang).say(
            "terms.earlier_score",
            outcome=_named(study, outcome, lang, outcome),
            wave=_named(study, at, lang, catalogue(lang).get(f"terms.{wave}", wave) if wave == BEFORE else wave),
        )
        for lang in LANGUAGES
    }


def _named(study: Study, name: str, lang: str, default: str) -> str:
    return study.labels[name][lang] if name in study.labels else default
