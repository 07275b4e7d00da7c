"""Which columns look wrong together? The same thing measured twice, members who joined after they were measured."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .measurements import Measurement, measurements
from .problem import Problem, concerning

if TYPE_CHECKING:
    from .study import Study

ENOUGH, SAME = 10, 0.99
"""Students with both values from which a correlation is looked at, and from where two columns say the same."""


def odd_columns(study: Study) -> Iterator[Problem]:
    """What looks wrong between columns?"""
    yield from _nearly_identical(study)
    yield from _same_categories(study)
    if study.joined and study.waves and "joined" in study._known.units:
        yield from _joined_late(study)
        yield from _never_a_member(study)


def _nearly_identical(study: Study) -> Iterator[Problem]:
    """Covariates, or a covariate and an outcome, or an outcome at two waves, that say the same."""
    for one, other in combinations(measurements(study), 2):
        two_outcomes = one.outcome is not None and other.outcome is not None
        if two_outcomes and one.name != other.name:
            continue
        r = _correlation(one, other)
        if abs(r) > SAME:
            names = (one.name, other.name)
            if two_outcomes:
                values = {"variable": one.name, "waves": (one.wave, other.wave), "r": r}
                yield Problem("SAME_AT_TWO_WAVES", "warn", names[:1], None, (), values)
            else:
                key = "NEARLY_IDENTICAL" if one.outcome is None else "NEARLY_THE_OUTCOME"
                yield Problem(key, "warn", names, None, (), {"first": names[0], "second": names[1], "r": r})


def _correlation(one: Measurement, other: Measurement) -> float:
    both = np.isfinite(one.values) & np.isfinite(other.values)
    x, y = one.values[both], other.values[both]
    if len(x) < ENOUGH or len(np.unique(x)) < 3 or len(np.unique(y)) < 3:
        return 0.0
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size > 0 else 0.0


def _same_categories(study: Study) -> Iterator[Problem]:
    """Two covariates with levels that go together one to one."""
    units = study._known.units
    named = [name for name in study.covariate_names if not pd.api.types.is_numeric_dtype(units[name].dtype)]
    for one, other in combinations(named, 2):
        pairs = units[[one, other]].dropna().astype(str).drop_duplicates()
        levels = pairs[one].nunique()
        if levels > 1 and levels == pairs[other].nunique() == len(pairs) and len(units) >= ENOUGH:
            yield Problem("SAME_CATEGORIES", "warn", (one, other), None, (), {"first": one, "second": other})


def _joined_late(study: Study) -> Iterator[Problem]:
    """Members who joined after the last wave at which an outcome was measured at all."""
    place = {wave: k for k, wave in enumerate(study.waves)}
    joined = study._known.units["joined"].map(place).to_numpy(dtype=float, na_value=np.nan)
    for outcome in study.outcomes:
        scores = {wave: study._known.scores[outcome.column, wave] for wave in study.waves_of(outcome.column)}
        measured = [place[wave] for wave, known in scores.items() if np.isfinite(known.values).any()]
        if measured and (joined > max(measured)).any():
            values = {"variable": outcome.column, "last": study.waves[max(measured)]}
            late = concerning(study, joined > max(measured))
            yield Problem("JOINED_AFTER_LAST_SCORE", "warn", (outcome.column,), **late, values=values)


def _never_a_member(study: Study) -> Iterator[Problem]:
    """Students whose membership and first wave as a member contradict each other at the last wave that knows them."""
    if study.group is None or study.member is None:
        return
    place = {wave: k for k, wave in enumerate(study.waves)}
    joined = study._known.units["joined"].map(place).to_numpy(dtype=float, na_value=np.nan)
    member = study.group_codes == study.levels.index(study.member)
    known = list(study._known.groups.items())
    last = np.full(len(study), len(study.waves) - 1.0)
    if known[0][0] is not None:
        for wave, codes in known:
            last[codes >= 0] = place[str(wave)]
    two = len(study.levels) == 2
    odd = (member & np.isnan(joined)) | (two & ~member & (joined <= last))
    if odd.any() and np.isfinite(joined).any():
        values = {"variable": study.joined, "group": study.group}
        yield Problem(
            "JOINING_CONTRADICTED", "warn", (str(study.joined), study.group), **concerning(study, odd), values=values
        )
