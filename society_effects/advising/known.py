"""What is known of a study that decides its design? Roles, numbers of students, stated facts; never an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..designs.classes import FEW_CLASSES, Classes, classes_of
from ..errors import DesignError
from ..study.about import About
from ..study.achievement import prior_achievement
from ..study.before_joining import measured_before
from ..study.study import Study


@dataclass(frozen=True)
class Known:
    """The facts of a study that decide its design.

    sizes : students of each group, the reference first; empty without groups. waves : of the outcomes measured more
    than once. single : outcomes measured once although the study has waves. joining : what says when students joined
    (the column, the membership that changes), None where nothing does. before_joining : waves before the first joined,
    None where that is not known. classes : those of the students, with ``alone`` the group that has a single class.
    before : covariates known to be measured before joining; after : those that were not; unclear : the others.
    """

    n: int
    has_rows: bool
    sizes: Mapping[str, int]
    waves: tuple[str, ...]
    single: tuple[str, ...]
    joining: str | None
    before_joining: int | None
    cluster: str | None
    classes: Classes | None
    alone: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]
    unclear: tuple[str, ...]
    achievement: tuple[str, ...]
    kinds: tuple[str, ...]
    margins: tuple[str, ...]
    sites: int | None
    about: About

    @property
    def compares(self) -> bool:
        """Are there two groups or more?"""
        return len(self.sizes) > 1

    @property
    def covariates(self) -> tuple[str, ...]:
        """All covariates."""
        return (*self.before, *self.after, *self.unclear)

    @property
    def repeated(self) -> bool:
        """Was an outcome measured more than once?"""
        return len(self.waves) > 1

    @property
    def prior(self) -> tuple[str, ...]:
        """What is known of prior achievement, if it is not known to be from after joining."""
        return tuple(name for name in self.achievement if name not in self.after)

    @property
    def few_classes(self) -> bool:
        """Are there whole classes, and so few that only their permutation can be trusted?"""
        return self.classes is not None and self.classes.whole and min(self.classes.per_level) < FEW_CLASSES


def known_of(study: Study) -> Known:
    """What is known of this study?"""
    own = {o.column: study.waves_of(o.column) for o in study.outcomes} if study.waves else {}
    waves = tuple(w for w in study.waves if any(w in waves for waves in own.values() if len(waves) > 1))
    classes, alone = _classes(study)
    joining, before_joining = _joining(study, waves)
    before, after, unclear = _timing(study)
    return Known(
        n=len(study),
        has_rows=study.has_rows,
        sizes=_sizes(study),
        waves=waves,
        single=tuple(name for name, own_waves in own.items() if waves and len(own_waves) < 2),
        joining=joining,
        before_joining=before_joining,
        cluster=study.cluster,
        classes=classes,
        alone=alone,
        before=before,
        after=after,
        unclear=unclear,
        achievement=prior_achievement(study),
        kinds=tuple(dict.fromkeys(str(o.kind) for o in study.outcomes)),
        margins=tuple(o.column for o in study.outcomes if o.margin is not None),
        sites=int(study.units["site"].nunique()) if study.site is not None and study.has_rows else None,
        about=study.about,
    )


def _sizes(study: Study) -> dict[str, int]:
    if study.group is None:
        return {}
    if study.has_rows:
        return {level: int(study.arm(level).sum()) for level in study.levels}
    before = study.ledger[study.ledger["outcome"].notna()].groupby("group")["n_before"].max()
    return {level: int(before.get(level, 0)) for level in study.levels}


def _classes(study: Study) -> tuple[Classes | None, str | None]:
    """The classes, and the group whose students share a single one."""
    if study.group is None or not study.has_rows:
        return None, None
    try:
        return classes_of(study), None
    except DesignError as error:
        return None, str(error.values.get("group", study.member))


def _timing(study: Study) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Covariates measured before joining, those that were not, and those of which it is not stated."""
    names, before = study.covariate_names, measured_before(study)
    if before is None:
        return (), (), names
    return before, tuple(name for name in names if name not in before), ()


def _joining(study: Study, waves: tuple[str, ...]) -> tuple[str | None, int | None]:
    """What says when students joined, and how many waves lie before the first of them did."""
    if study.group is None or len(waves) < 2:
        return None, None
    if study.joined is not None:
        stated = study.units["joined"].dropna().astype(str)
        places = [k for k, wave in enumerate(study.waves) if wave in set(stated)]
        later = [place for place in places if place > 0]
        return study.joined, later[0] if later else None
    states = np.column_stack([_members_at(study, wave) for wave in study.waves])
    changes = (states == 1).any(axis=1) & (states == 0).any(axis=1)
    if changes.any():
        return study.group, int(np.min(np.argmax(states[changes] == 1, axis=1)) or 1)
    return None, 1 if len(study.waves) == 2 else None


def _members_at(study: Study, wave: str) -> Any:
    """1 for members at a wave, 0 for the others, NaN where it is not known."""
    own = study.at(wave=wave).units["group"].astype(object).reindex(study.units.index)
    return np.where(own.isna(), np.nan, (own == study.member).astype(float))
