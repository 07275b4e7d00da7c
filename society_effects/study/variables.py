"""What is each variable of a study? Its role, kind, values, gaps with their reasons, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language.catalogue import LANGUAGES
from ..ordering import natural_order
from .before_joining import measured_before
from .columns import codes_for, missing_reasons
from .outcome import Outcome, as_text

if TYPE_CHECKING:
    from .scores import Scores
    from .study import Study

FEW = 6
"""Up to so many different whole numbers of a covariate are counted one by one."""
EVENT, MEMBER, REFERENCE = "event", "member", "reference"


@dataclass(frozen=True)
class Variable:
    """A variable of a study.

    role : ``group, outcome, covariate, cluster, site, joined, offset, exposure, unit, wave``. wave : of an outcome that
    was measured at several. categories : level -> students who have it. coding : which level counts as what
    (``{"event": "1"}``). missing : reason -> students without a value. before_joining : ``yes, no, not_stated``, of
    covariates. different : how many different values there are.
    """

    name: str
    role: str
    label: Mapping[str, str]
    n: int
    missing: Mapping[str, int]
    kind: str = ""
    wave: str | None = None
    block: str = ""
    unit: Mapping[str, str] = field(default_factory=dict)
    range: tuple[float, float] | None = None
    categories: Mapping[str, int] = field(default_factory=dict)
    coding: Mapping[str, str] = field(default_factory=dict)
    different: int | None = None
    minimum: float | None = None
    median: float | None = None
    maximum: float | None = None
    before_joining: str = ""


def variables(study: Study) -> tuple[Variable, ...]:
    """Every variable of the study: membership, outcomes, covariates, then the rest."""
    if study._rows is None:
        return tuple(_of_summary(study))
    return (*_membership(study), *_outcomes(study), *_covariates(study), *_others(study))


def _label(study: Study, name: str | None) -> Mapping[str, str]:
    return study.labels.get(str(name), {})


def _membership(study: Study) -> Iterator[Variable]:
    if study.group:
        counts = np.bincount(study.group_codes, minlength=len(study.levels))
        categories = {level: int(n) for level, n in zip(study.levels, counts, strict=True)}
        gone = study.ledger[study.ledger["step"] == "group_missing"]
        missing = {str(row["reason"]): int(row["n_dropped"]) for _, row in gone.iterrows()}
        coding = {MEMBER: study.member, REFERENCE: study.reference}
        told = {role: level for role, level in coding.items() if level is not None}
        kind = "binary" if len(study.levels) == 2 else "ordinal" if study.ordered else "nominal"
        label = _label(study, study.group)
        yield Variable(study.group, "group", label, len(study), missing, kind, categories=categories, coding=told)


def _outcomes(study: Study) -> Iterator[Variable]:
    for outcome in study.outcomes:
        for (name, wave), scores in study._known.scores.items():
            if name == outcome.column:
                yield _outcome(study, outcome, wave, scores)


def _outcome(study: Study, outcome: Outcome, wave: str | None, scores: Scores) -> Variable:
    seen = scores.values[scores.reason < 0]
    gaps = np.bincount(scores.reason[scores.reason >= 0], minlength=len(scores.reasons))
    missing = {reason: int(n) for reason, n in zip(scores.reasons, gaps, strict=True) if n}
    found: dict[str, Any] = {"different": len(np.unique(seen))}
    if outcome.kind == "binary":
        found["coding"] = {EVENT: as_text(outcome.event)}
        events = int(seen.sum())
        found["categories"] = {as_text(outcome.event): events, _no_event(study, outcome): len(seen) - events}
    elif outcome.kind in ("ordinal", "nominal"):
        counts = np.bincount(seen.astype(int), minlength=len(outcome.categories))
        found["categories"] = {c: int(n) for c, n in zip(outcome.categories, counts, strict=True)}
    else:
        found |= _spread(seen)
    unit = {lang: text for lang in LANGUAGES if (text := outcome.unit_in(lang))}
    known: dict[str, Any] = {"kind": str(outcome.kind), "wave": wave, "unit": unit, "range": outcome.range}
    return Variable(outcome.column, "outcome", _label(study, outcome.column), len(seen), missing, **known, **found)


def _no_event(study: Study, outcome: Outcome) -> str:
    """The level that is not the event, where the column holds one such level."""
    data, event = study._known.data, as_text(outcome.event)
    if outcome.column in data:
        texts = {as_text(cell).strip() for cell in data[outcome.column].dropna().unique()}
        others = texts - {event} - set(codes_for(outcome.column, study._given.get("missing_codes")))
        if len(others) == 1 and event in texts:
            return others.pop()
    return {"1": "0", "0": "1"}.get(event, "")


def _covariates(study: Study) -> Iterator[Variable]:
    before = measured_before(study)
    for block, names in study.covariates.items():
        for name in names:
            told = "not_stated" if before is None else "yes" if name in before else "no"
            yield _of_units(study, name, name, "covariate", block=block, before_joining=told)


def _others(study: Study) -> Iterator[Variable]:
    known = study._known.units.columns
    for role in ("cluster", "site", "joined", "offset"):
        column = getattr(study, role)
        if column is not None and role in known:
            yield _of_units(study, role, column, role)
    for name in dict.fromkeys(o.exposure for o in study.outcomes if o.exposure and o.exposure in known):
        if name not in study.covariate_names:
            yield _of_units(study, name, name, "exposure")
    if study.unit:
        n = len(study)
        yield Variable(study.unit, "unit", _label(study, study.unit), n, {}, "nominal", different=n)
    if study.wave and study.waves:
        counts = study._known.data[study.wave].map(lambda cell: as_text(cell).strip()).value_counts()
        rows = {wave: int(counts.get(wave, 0)) for wave in study.waves}
        label = _label(study, study.wave)
        yield Variable(study.wave, "wave", label, len(study), {}, "ordinal", categories=rows, different=len(rows))


def _of_units(study: Study, name: str, column: str, role: str, **more: Any) -> Variable:
    """A variable that is known once per student."""
    values = study._known.units[name]
    seen, found = values.dropna(), dict[str, Any](different=int(values.nunique()))
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = seen.to_numpy(dtype=float)
        kind = "binary" if set(numbers) <= {0.0, 1.0} else "continuous"
        found |= _spread(numbers)
        if found["different"] <= FEW and all(number.is_integer() for number in numbers.tolist()):
            found["categories"] = {as_text(v): int((numbers == v).sum()) for v in np.unique(numbers)}
    else:
        kind = "ordinal" if isinstance(values.dtype, pd.CategoricalDtype) and values.cat.ordered else "nominal"
        counts = seen.value_counts()
        order = values.cat.categories if kind == "ordinal" else natural_order(counts.index)
        found["categories"] = {str(level): int(counts[level]) for level in order}
    missing = _reasons(study, column, values)
    if role == "joined" and "empty" in missing:
        missing = {"never_joined": missing.pop("empty"), **missing}
    return Variable(column, role, _label(study, column), len(seen), missing, kind, **found, **more)


def _reasons(study: Study, column: str, values: pd.Series) -> dict[str, int]:
    """Why students have no value: the reason in their first row of the file."""
    gaps, rows = values.isna().to_numpy(), study._known
    if not gaps.any():
        return {}
    if column not in rows.data:
        return {"empty": int(gaps.sum())}
    reason, names = missing_reasons(rows.data[column], codes_for(column, study._given.get("missing_codes")))
    units, first = np.unique(rows.unit_of_row, return_index=True)
    of_unit = np.zeros(len(values), dtype=np.int64)
    of_unit[units] = np.maximum(reason[first], 0)
    counts = np.bincount(of_unit[gaps], minlength=len(names))
    return {name: int(n) for name, n in zip(names, counts, strict=True) if n}


def _spread(values: np.ndarray) -> dict[str, float]:
    if not len(values):
        return {}
    return {"minimum": float(values.min()), "median": float(np.median(values)), "maximum": float(values.max())}


def _of_summary(study: Study) -> Iterator[Variable]:
    """What a printed table tells of its variables."""
    cells, ledger = study.cells, study.ledger
    sizes = ledger[ledger["outcome"] == study.outcomes[0].column].groupby("group")["n_before"].max()
    levels = {level: int(sizes.get(level, 0)) for level in study.levels}
    told = {role: level for role, level in ((MEMBER, study.member), (REFERENCE, study.reference)) if level is not None}
    kind = "binary" if len(levels) == 2 else "ordinal" if study.ordered else "nominal"
    group = str(study.group)
    yield Variable(group, "group", _label(study, group), sum(levels.values()), {}, kind, categories=levels, coding=told)
    for outcome in study.outcomes:
        own, steps = cells[cells["outcome"] == outcome.column], ledger[ledger["outcome"] == outcome.column]
        n = int(steps.loc[steps["step"] == "analysed", "n_after"].sum())
        gaps = steps[steps["step"] == "outcome_missing"].groupby("reason")["n_dropped"].sum()
        found: dict[str, Any] = {}
        if outcome.kind == "binary":
            event, events = as_text(outcome.event), int(own["events"].sum())
            found = {"coding": {EVENT: event}, "categories": {event: events, {"1": "0"}.get(event, ""): n - events}}
        elif outcome.kind in ("ordinal", "nominal"):
            counts = own.groupby("category")["events"].sum()
            found = {"categories": {c: int(counts.get(c, 0)) for c in outcome.categories}}
        unit = {lang: text for lang in LANGUAGES if (text := outcome.unit_in(lang))}
        missing = {str(reason): int(k) for reason, k in gaps.items() if k}
        known: dict[str, Any] = {"kind": str(outcome.kind), "unit": unit, "range": outcome.range}
        yield Variable(outcome.column, "outcome", _label(study, outcome.column), n, missing, **known, **found)
