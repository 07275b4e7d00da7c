"""The same students at two waves: who has both scores, and the rows that every comparison of two waves writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import DesignError
from ...stats.effect_sizes import smd
from ...stats.moments import Moments
from ...study.outcome import Outcome, as_text
from ...study.study import Study
from ..draft import Draft
from .wave_rows import describe_at_wave

Array = np.ndarray


@dataclass(frozen=True)
class Pairs:
    """One outcome at two waves: arrays over the students with a known group, NaN where a score is missing.

    groups : level of each student at the later wave (None without groups). clusters : class of each student, or None.
    """

    outcome: Outcome
    waves: tuple[str, str]
    units: Array
    groups: Array
    first: Array
    last: Array
    clusters: Array | None

    @property
    def both(self) -> Array:
        """Who has both scores?"""
        return ~np.isnan(self.first) & ~np.isnan(self.last)

    def of(self, group: str | None) -> Array:
        """Who belongs to this group?"""
        return np.array([own == group for own in self.groups], dtype=bool)

    def scores(self, group: str | None) -> tuple[Array, Array]:
        """Both scores of the students of a group who have both."""
        mine = self.both & self.of(group)
        return self.first[mine], self.last[mine]

    def classes(self, group: str | None) -> Array | None:
        """The classes of the students of a group who have both scores."""
        return None if self.clusters is None else self.clusters[self.both & self.of(group)]

    @property
    def keys(self) -> dict[str, str]:
        """The key columns of everything that is said of this pair of waves."""
        return {"wave": self.waves[1], "reference_wave": self.waves[0]}


def wave_pair(study: Study, first: Any, last: Any) -> tuple[str, str]:
    """Which two waves are compared: those named; of a study with two waves, these."""
    waves = study.waves
    if (first is None or last is None) and len(waves) > 2:
        raise DesignError("WAVES_TO_CHOOSE", waves=tuple(waves), first=waves[0], last=waves[-1])
    chosen = tuple(as_text(w) if w is not None else waves[i] for i, w in ((0, first), (-1, last)))
    for wave in chosen:
        if wave not in waves:
            raise DesignError("UNKNOWN_WAVE_OF_DESIGN", wave=wave, waves=tuple(waves))
    if waves.index(chosen[0]) >= waves.index(chosen[1]):
        raise DesignError("WAVES_IN_ORDER", first=chosen[0], last=chosen[1])
    return chosen[0], chosen[1]


def pairs_of(study: Study, outcome: Outcome, waves: tuple[str, str]) -> Pairs:
    """The scores of every student at both waves, with the group at the later one."""
    own = study.waves_of(outcome.column)
    if not set(waves) <= set(own):
        raise DesignError("OUTCOME_NOT_AT_WAVES", outcome=outcome.column, waves=waves, found=own)
    table = study.pairs(outcome.column, *waves)
    none = np.full(len(table), None, dtype=object)
    return Pairs(
        outcome,
        waves,
        table.index.to_numpy(object),
        table["group"].astype(object).to_numpy() if "group" in table else none,
        table["first"].to_numpy(dtype=float),
        table["last"].to_numpy(dtype=float),
        table["cluster"].to_numpy(object) if "cluster" in table else None,
    )


def write_pairs(
    draft: Draft,
    pairs: Pairs,
    groups: Sequence[str | None],
    conf_level: float,
    verdicts: Array | None = None,
) -> None:
    """Describe these groups at both waves, count and describe who was lost, and keep the students' own scores.

    verdicts : of each student of the groups with both scores, whether the change is reliable (CHANGES).
    """
    for group in groups:
        mine, missing = pairs.of(group), pairs.of(group) & ~pairs.both
        for wave, values in zip(pairs.waves, pairs.scores(group), strict=True):
            counted = {"group": group, "wave": wave, "missing": int(missing.sum())}
            describe_at_wave(draft, pairs.outcome, values, conf_level, pairs.classes(group), **counted)
        _lost(draft, pairs, group, mine)
    _students(draft, pairs, groups, verdicts)


def _lost(draft: Draft, pairs: Pairs, group: str | None, mine: Array) -> None:
    """The ledger and the table of those without a pair."""
    known = mine & ~(np.isnan(pairs.first) & np.isnan(pairs.last))
    lost = int((known & ~pairs.both).sum())
    draft.drop(pairs.outcome.column, group, "pair_incomplete", None, lost)
    if not lost:
        return
    n = int((mine & pairs.both).sum())
    draft.check("PAIRS_LOST", "note", pairs.outcome.column, group, n=lost, of=n + lost)
    if pairs.outcome.kind == "nominal":
        return
    first, last = pairs.waves
    for wave, other, values in ((first, last, pairs.first), (last, first, pairs.last)):
        alone = mine & ~np.isnan(values) & ~pairs.both
        if alone.any():
            _attrition(draft, pairs, group, (wave, other), values[mine & pairs.both], values[alone])


def _attrition(draft: Draft, pairs: Pairs, group: str | None, waves: tuple[str, str], kept: Array, lost: Array) -> None:
    stayed, gone = Moments.of(kept), Moments.of(lost)
    keys = {"outcome": pairs.outcome.column, "group": group, "wave": waves[0], "reference_wave": waves[1]}
    moments = {"n": len(kept), "mean": stayed.mean, "sd": stayed.sd}
    moments |= {"n_lost": len(lost), "mean_lost": gone.mean, "sd_lost": gone.sd, "smd": smd(gone, stayed)}
    draft.row("attrition", **keys, kind=pairs.outcome.kind, **moments)


def _students(draft: Draft, pairs: Pairs, groups: Sequence[str | None], verdicts: Array | None) -> None:
    """Keep the scores of those with both, for figures of students."""
    if pairs.outcome.kind == "nominal":
        return
    seen = pairs.both & np.array([own in groups for own in pairs.groups], dtype=bool)
    first, last = pairs.first[seen], pairs.last[seen]
    known: dict[str, Any] = {"outcome": pairs.outcome.column, "unit": pairs.units[seen], "group": pairs.groups[seen]}
    if pairs.clusters is not None:
        known["cluster"] = pairs.clusters[seen]
    columns = {"first": first, "last": last, "change": last - first, "average": (first + last) / 2}
    if verdicts is not None:
        columns["verdict"] = verdicts
    draft.column_rows("pairs", len(first), **known, **pairs.keys, **columns)
    for wave, values in zip(pairs.waves, (first, last), strict=True):
        draft.column_rows("values", len(values), wave=wave, value=values, **known)
