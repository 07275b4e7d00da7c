"""Which column plays which role? Names are settled and checked before any value is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..errors import StudyError
from .columns import as_tuple, require_column
from .outcome import Outcome, as_text, outcomes_from

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Roles:
    """The roles of the columns of one study.

    columns : per outcome, per wave (None: the only one) the column that holds it.
    waves : names of the waves in their order; empty for a single wave.
    """

    outcomes: tuple[Outcome, ...]
    columns: Mapping[str, Mapping[str | None, str]]
    waves: tuple[str, ...]
    covariates: Mapping[str, tuple[str, ...]]
    group: str | None = None
    unit: str | None = None
    wave: str | None = None
    joined: str | None = None
    cluster: str | None = None
    site: str | None = None
    offset: str | None = None

    @property
    def kept(self) -> dict[str, str]:
        """Columns kept once per student: name in ``Study.units`` -> column."""
        named = {"cluster": self.cluster, "site": self.site, "joined": self.joined, "offset": self.offset}
        exposures = {o.exposure: o.exposure for o in self.outcomes if o.exposure}
        covariates = {name: name for block in self.covariates.values() for name in block}
        return {k: v for k, v in named.items() if v} | exposures | covariates


def settle_roles(
    frame: pd.DataFrame, *, outcomes: Any, covariates: Any, baseline: Any, waves: Any, **single: Any
) -> Roles:
    """Do all roles name columns of the data, each in one role only?"""
    names = {role: None if name is None else as_text(name) for role, name in single.items()}
    wide = _wide_waves(baseline, waves)
    listed = outcomes_from(outcomes)
    listed += tuple(Outcome(name) for name in wide if name not in {o.column for o in listed})
    if not listed:
        raise StudyError("NO_OUTCOMES")
    columns: dict[str, Mapping[str | None, str]] = {o.column: wide.get(o.column, {None: o.column}) for o in listed}
    order = tuple(dict.fromkeys(w for per_wave in wide.values() for w in per_wave if w is not None))
    if names["wave"] and wide:
        raise StudyError("LONG_AND_WIDE", column=names["wave"])
    if names["wave"] and not names["unit"]:
        raise StudyError("WAVE_WITHOUT_UNIT", column=names["wave"])
    if not isinstance(waves, Mapping) and waves is not None:
        if not names["wave"]:
            raise StudyError("WAVES_WITHOUT_COLUMN", waves=as_tuple(waves))
        order = as_tuple(waves)
    roles = Roles(listed, columns, order, _blocks(covariates), **names)
    _check_columns(frame, roles)
    return roles


def _wide_waves(baseline: Any, waves: Any) -> dict[str, dict[str | None, str]]:
    """Outcome -> wave -> column, from ``waves={...}`` or its short form ``baseline={"post": "pre"}``."""
    if baseline is None:
        given = waves if isinstance(waves, Mapping) else {}
    elif isinstance(waves, Mapping) or not isinstance(baseline, Mapping):
        raise StudyError("BASELINE_FORM")
    else:
        given = {post: {BEFORE: pre, AFTER: post} for post, pre in baseline.items()}
    if not all(isinstance(per_wave, Mapping) and per_wave for per_wave in given.values()):
        raise StudyError("WAVES_FORM")
    return {as_text(o): {as_text(w): as_text(c) for w, c in per_wave.items()} for o, per_wave in given.items()}


def _blocks(covariates: Any) -> dict[str, tuple[str, ...]]:
    if isinstance(covariates, Mapping):
        return {as_text(block): as_tuple(names) for block, names in covariates.items()}
    return {"covariates": as_tuple(covariates)} if len(as_tuple(covariates)) else {}


def _check_columns(frame: pd.DataFrame, roles: Roles) -> None:
    names = [roles.group, roles.unit, roles.wave, *roles.kept.values()]
    names += [column for per_wave in roles.columns.values() for column in per_wave.values()]
    for name in names:
        if name is not None:
            require_column(frame, name)
    listed = [o.column for o in roles.outcomes]
    scored = [column for per_wave in roles.columns.values() for column in per_wave.values()]
    covariates = [name for block in roles.covariates.values() for name in block]
    alone = [name for name in (roles.group, roles.unit, roles.wave, roles.cluster, roles.site, roles.joined) if name]
    for name in scored:
        if scored.count(name) > 1 or listed.count(name) > 1 or name in alone:
            raise StudyError("ROLE_TWICE", column=name)
    latest = [list(per_wave.values())[-1] for per_wave in roles.columns.values()]
    for name in covariates:
        if covariates.count(name) > 1 or name in (roles.group, roles.unit, roles.wave) or name in latest:
            raise StudyError("ROLE_TWICE", column=name)
        if name == "group" or getattr(roles, name if name in _RESERVED else "group", None) not in (
            None,
            name,
            roles.group,
        ):
            raise StudyError("RESERVED_NAME", column=name)
    if roles.group is not None and roles.group in (roles.unit, roles.wave):
        raise StudyError("ROLE_TWICE", column=roles.group)


_RESERVED = ("cluster", "site", "joined", "offset")
