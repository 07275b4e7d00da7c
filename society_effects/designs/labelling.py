"""What are the outcomes, groups and variables of a study called? The study's labels as the findings keep them."""

from __future__ import annotations

from typing import Any

from ..findings.labels import Labels
from ..language.catalogue import LANGUAGES, catalogue
from ..study.roles import AFTER, BEFORE
from ..study.study import Study

WAVE = "wave"
"""What the waves of wide data are called in labels: ``"wave=t1"``."""
STOCK_WAVES = (BEFORE, AFTER)
STOCK_LEVELS = {"0", "1", "no", "yes", "false", "true", "否", "是"}
"""Levels that say nothing by themselves: shown as "members" and "non-members" unless the study labels them."""


def labels_of(study: Study) -> Labels:
    """The display names of a study: its own labels, and role words for levels that say nothing by themselves."""
    given: dict[str, Any] = dict(study.labels)
    levels = {level: given[f"{study.group}={level}"] for level in study.levels if f"{study.group}={level}" in given}
    for level, role in ((study.member, "member"), (study.reference, "reference")):
        if level is not None and level not in levels and level.casefold() in STOCK_LEVELS and len(study.levels) == 2:
            levels[level] = {lang: catalogue(lang).get(f"terms.{role}") for lang in LANGUAGES}
    outcomes = {o.column: o.label or given.get(o.column) for o in study.outcomes}
    others = {name: entry for name, entry in given.items() if "=" not in name and name not in outcomes}
    categories: dict[str, dict[str, Any]] = {}
    for name, entry in given.items():
        variable, equals, category = name.partition("=")
        if equals and variable != study.group:
            categories.setdefault(variable, {})[category] = entry
    waves = {wave: {lang: catalogue(lang).get(f"terms.{wave}") for lang in LANGUAGES} for wave in STOCK_WAVES}
    waves |= categories.pop(study.wave or WAVE, {})
    return Labels(
        group_name=given.get(study.group or "", study.group),
        outcomes={name: entry for name, entry in outcomes.items() if entry},
        levels=levels,
        units={o.column: o.unit for o in study.outcomes if o.unit},
        variables={name: entry for name, entry in others.items() if name != study.group},
        categories=categories,
        waves={wave: entry for wave, entry in waves.items() if wave in study.waves},
        study=study.source.get("title"),
        events={
            o.column: given.get(f"{o.column}={o.event}", str(o.event)) for o in study.outcomes if o.event is not None
        },
    )
