"""When did each student join, and whose scores before joining are there? What designs of joining over time need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import DesignError
from ...stats.joining import NEVER, joining
from ...study.outcome import Outcome, as_text
from ...study.study import Study
from ..draft import Draft

Array = np.ndarray


@dataclass(frozen=True)
class Joiners:
    """When the students of a study joined.

    place : array (students,), position among the waves of the study of the first wave as a member, -1 never.
    unknown : members of whom it is not known when they joined. column : the column that says when, if there is one.
    """

    place: Array
    unknown: Array
    column: str | None = None


@dataclass(frozen=True)
class JoinedPanel:
    """One outcome over its waves, of the students who have a score before they joined, or never joined.

    rows : positions among the students of the study. first : position among ``waves`` of the first wave as a member,
    -1 never. values : array (students, waves), NaN where missing. classes : codes of the classes, or None.
    covariates : array (students, k), or None.
    """

    outcome: Outcome
    waves: tuple[str, ...]
    rows: Array
    first: Array
    values: Array
    classes: Array | None
    covariates: Array | None

    @property
    def joined(self) -> Array:
        """Who joined?"""
        return np.asarray(self.first > 0)

    @property
    def known(self) -> Array:
        """Whose covariates are all known?"""
        return np.ones(len(self.rows), bool) if self.covariates is None else np.isfinite(self.covariates).all(axis=1)

    @property
    def cohorts(self) -> Array:
        """The waves at which students joined."""
        return np.unique(self.first[self.joined])


def joiners_of(draft: Draft, study: Study, first_post: Any) -> Joiners:
    """When did each student join: by a column, by membership that changes over the waves, or all at one wave?"""
    states = np.column_stack([_member_at(study, wave) for wave in study.waves])
    varies = bool(((states == 1).any(axis=1) & (states == 0).any(axis=1)).any())
    if first_post is not None and (study.joined is not None or varies):
        raise DesignError("JOINING_KNOWN", column=study.joined or study.group)
    if study.joined is not None:
        return _by_column(draft, study, states if varies else None)
    if varies:
        return _by_membership(draft, states)
    start = _common_start(study, first_post)
    return Joiners(np.where(study.arm(study.member), start, NEVER), np.zeros(len(states), dtype=bool))


def panel_of_joiners(
    draft: Draft, study: Study, outcome: Outcome, joiners: Joiners, classes: Array | None, covariates: Array | None
) -> JoinedPanel:
    """The scores of the students who can be compared; the others are counted."""
    waves = study.waves_of(outcome.column)
    if len(waves) < 2:
        raise DesignError("OUTCOME_AT_ONE_WAVE", outcome=outcome.column)
    first = _within(study, waves, joiners)
    always = first == 0
    count_left_out(draft, study, outcome, {"always_member": always, "joining_unknown": joiners.unknown})
    if always.any():
        draft.check("ALWAYS_MEMBERS", outcome=outcome.column, n=int(always.sum()), wave=waves[0])
    kept = ~always & ~joiners.unknown
    if not (first[kept] > 0).any():
        raise DesignError("NOBODY_JOINS", outcome=outcome.column, wave=waves[0])
    values = np.column_stack([study.matrix([outcome.column], wave=wave)[:, 0] for wave in waves])[kept]
    rows = np.flatnonzero(kept)
    taken = (None if part is None else part[kept] for part in (classes, covariates))
    return JoinedPanel(outcome, waves, rows, first[kept], values, *taken)


def count_left_out(draft: Draft, study: Study, outcome: Outcome, left_out: dict[str, Array]) -> None:
    """Count in the ledger who is left out, at which step, among those with a score at some wave."""
    scores = [study.matrix([outcome.column], wave=wave)[:, 0] for wave in study.waves_of(outcome.column)]
    seen = np.isfinite(np.column_stack(scores)).any(axis=1)
    for step, out in left_out.items():
        for level in study.levels:
            draft.drop(outcome.column, level, step, None, int((out & seen & study.arm(level)).sum()))


def _member_at(study: Study, wave: str) -> Array:
    """1 for members at a wave, 0 for others, NaN where it is not known."""
    at = study.at(wave=wave).units["group"].astype(object)
    own = at.reindex(study.units.index)
    return np.where(own.isna(), np.nan, (own == study.member).astype(float))


def _by_column(draft: Draft, study: Study, states: Array | None) -> Joiners:
    """The column with the first wave as a member; who was a member before it says so cannot be."""
    named = study.units["joined"].map({wave: k for k, wave in enumerate(study.waves)}).to_numpy(dtype=float)
    member, stated = study.arm(study.member), np.isfinite(named)
    left, ever = stated & ~member, member
    if states is not None:
        early = (states == 1) & (np.arange(states.shape[1]) < named[:, None])
        if early.any():
            wave = study.waves[int(np.argmax(early.any(axis=0)))]
            raise DesignError("IMMORTAL_TIME", column=study.joined, n=int(early.any(axis=1).sum()), wave=wave)
        left, ever = left | (stated & joining(states).left), ever | (states == 1).any(axis=1)
    unknown = ever & ~stated
    if unknown.any():
        draft.check("JOINING_UNKNOWN", "warn", n=int(unknown.sum()), column=study.joined)
    _leavers(draft, left)
    return Joiners(np.where(stated, named, NEVER).astype(int), unknown, study.joined)


def _by_membership(draft: Draft, states: Array) -> Joiners:
    """The first wave of membership, which counts as lasting from then on."""
    found = joining(states)
    _leavers(draft, found.left)
    if found.unsure.any():
        draft.check("JOINING_UNSURE", "warn", n=int(found.unsure.sum()))
    return Joiners(found.first_wave, np.zeros(len(states), dtype=bool))


def _leavers(draft: Draft, left: Array) -> None:
    if left.any():
        draft.check("LEAVERS_AS_MEMBERS", "warn", n=int(left.sum()))


def _common_start(study: Study, first_post: Any) -> int:
    """The wave from which on all members are members."""
    waves = study.waves
    if first_post is None:
        if len(waves) > 2:
            raise DesignError("FIRST_POST_NEEDED", waves=tuple(waves), wave=waves[1])
        return 1
    wave = as_text(first_post)
    if wave not in waves:
        raise DesignError("UNKNOWN_WAVE_OF_DESIGN", wave=wave, waves=tuple(waves))
    if wave == waves[0]:
        raise DesignError("NO_WAVE_BEFORE", wave=wave, waves=tuple(waves))
    return waves.index(wave)


def _within(study: Study, waves: tuple[str, ...], joiners: Joiners) -> Array:
    """The first wave as a member among the waves of an outcome; a refusal where joining came after all of them."""
    own = np.array([study.waves.index(wave) for wave in waves])
    late = joiners.place > own[-1]
    if late.any() and joiners.column is not None:
        raise DesignError("IMMORTAL_TIME", column=joiners.column, n=int(late.sum()), wave=waves[-1])
    return np.where((joiners.place == NEVER) | late, NEVER, np.searchsorted(own, joiners.place))
