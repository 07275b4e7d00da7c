"""The same students at three waves or more: their scores, and the rows that describe them wave by wave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...errors import DesignError
from ...stats.effect_sizes import smd
from ...stats.moments import Moments
from ...study.outcome import Outcome
from ...study.study import Study
from ..classes import Classes
from ..draft import Draft
from .wave_rows import describe_at_wave

Array = np.ndarray
FEWEST_WAVES = 3


@dataclass(frozen=True)
class Panel:
    """One outcome at all its waves: arrays over the students with a known group.

    values : array (students, waves), NaN where a score is missing. codes : position of each student's group among
    ``levels``, which are a single None without groups. classes : class of each student by its position, or None.
    """

    outcome: Outcome
    waves: tuple[str, ...]
    levels: tuple[str | None, ...]
    units: Array
    codes: Array
    values: Array
    classes: Array | None

    @property
    def seen(self) -> Array:
        """Which scores are there?"""
        return ~np.isnan(self.values)

    @property
    def analysed(self) -> Array:
        """Who has a score at some wave?"""
        return np.asarray(self.seen.any(axis=1))

    @property
    def pieces(self) -> Array:
        """The independent piece that each student belongs to: the class, or the student."""
        return np.arange(len(self.codes)) if self.classes is None else self.classes

    def of(self, level: str | None) -> Array:
        """Who belongs to this group?"""
        return self.codes == self.levels.index(level)


def panel_of(study: Study, outcome: Outcome, classes: Classes | None) -> Panel:
    """The scores of every student at all waves of an outcome; a refusal where a group was not seen at one of them."""
    column, waves = outcome.column, study.waves_of(outcome.column)
    if len(waves) < FEWEST_WAVES:
        raise DesignError("OUTCOME_AT_FEW_WAVES", outcome=column, n=max(len(waves), 1), needed=FEWEST_WAVES)
    values = np.column_stack([study.matrix([column], wave=wave)[:, 0] for wave in waves])
    levels: tuple[str | None, ...] = tuple(study.levels) or (None,)
    units = study.units.index.to_numpy(object)
    panel = Panel(outcome, waves, levels, units, study.group_codes, values, None if classes is None else classes.codes)
    for level in levels:
        unseen = ~panel.seen[panel.of(level)].any(axis=0)
        if unseen.any():
            code = "NOBODY_AT_WAVE" if level is None else "EMPTY_WAVE"
            raise DesignError(code, outcome=column, group=level, wave=waves[int(np.argmax(unseen))])
    return panel


def write_panel(draft: Draft, panel: Panel, conf_level: float) -> None:
    """Describe each group at each wave, and who was lost; keep the students' own scores, and say who has gaps."""
    describe_panel(draft, panel, conf_level)
    some = int((panel.analysed & ~panel.seen.all(axis=1)).sum())
    if some:
        draft.check("WAVES_KEPT", outcome=panel.outcome.column, n=some, of=int(panel.analysed.sum()))


def describe_panel(draft: Draft, panel: Panel, conf_level: float) -> None:
    """Describe each group at each wave, and who was lost; keep the students' own scores."""
    for level in panel.levels:
        mine = panel.of(level)
        for wave, scores in zip(panel.waves, panel.values.T, strict=True):
            seen = mine & ~np.isnan(scores)
            classes = None if panel.classes is None else panel.classes[seen]
            counted = {"group": level, "wave": wave, "missing": int((mine & ~seen).sum())}
            describe_at_wave(draft, panel.outcome, scores[seen], conf_level, classes, **counted)
        _lost(draft, panel, level)
    _students(draft, panel)


def _lost(draft: Draft, panel: Panel, level: str | None) -> None:
    """How those whose score is missing at a later wave were at the first one."""
    first, began = panel.values[:, 0], panel.of(level) & panel.seen[:, 0]
    for wave, there in zip(panel.waves[1:], panel.seen.T[1:], strict=True):
        kept, lost = Moments.of(first[began & there]), Moments.of(first[began & ~there])
        if not lost.n:
            continue
        keys = {"outcome": panel.outcome.column, "group": level, "wave": panel.waves[0], "reference_wave": wave}
        moments = {"n": kept.n, "mean": kept.mean, "sd": kept.sd}
        moments |= {"n_lost": lost.n, "mean_lost": lost.mean, "sd_lost": lost.sd, "smd": smd(lost, kept)}
        draft.row("attrition", **keys, kind=panel.outcome.kind, **moments)


def _students(draft: Draft, panel: Panel) -> None:
    """Keep every score that is there, for figures of students."""
    groups = np.array(panel.levels, dtype=object)[panel.codes]
    names = None if panel.classes is None else draft.study.units["cluster"].loc[panel.units].to_numpy(object)
    for wave, scores in zip(panel.waves, panel.values.T, strict=True):
        seen = ~np.isnan(scores)
        known = {"outcome": panel.outcome.column, "unit": panel.units[seen], "group": groups[seen]}
        if names is not None:
            known["cluster"] = names[seen]
        draft.column_rows("values", int(seen.sum()), wave=wave, value=scores[seen], **known)
