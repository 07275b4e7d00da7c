"""By how much did those who joined change more? One number for all, and where joining is staggered by cohort and wave.

The ``estimand`` of a row says how its ``wave`` is to be read: ``diff_in_changes`` leads; of ``event_time`` it counts
waves since joining, of ``cohort`` it is the wave of joining, of ``calendar`` the wave of the scores.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ...findings.measures import AFTER_JOINING, BEFORE_JOINING, EVENT_TIME, MEASURES
from ...stats import paired_differences as paired
from ...stats.difference_in_changes import difference_in_changes
from ...stats.group_time import GroupTime, group_time
from ...stats.group_time_aggregates import aggregate
from ...stats.inference import Inference
from ...stats.influence import Influenced
from ...stats.joining import NEVER
from ...stats.path_limits import path_limits
from ..classes import LOW_DF
from ..comparison import Comparison
from .joining_waves import JoinedPanel

LEADING = "diff_in_changes"
NOT_YET = "not_yet"
Array = np.ndarray


@dataclass(frozen=True)
class Question:
    """One outcome: who joined when, and who they are compared with (``"never"`` or ``"not_yet"``)."""

    task: Comparison
    panel: JoinedPanel
    comparison: str

    @property
    def outcome(self) -> str:
        """Column of the outcome."""
        return self.panel.outcome.column

    @property
    def shares(self) -> bool:
        """Is the outcome yes or no?"""
        return self.panel.outcome.kind == "binary"

    @property
    def measure(self) -> str:
        """What is estimated."""
        return "difference_in_share_changes" if self.shares else "difference_in_changes"

    @property
    def contrast(self) -> dict[str, str]:
        """The groups that are compared."""
        study = self.task.study
        return {"group": str(study.member), "reference": str(study.reference)}

    @property
    def keys(self) -> dict[str, Any]:
        """The key columns of everything that is said of the comparison."""
        return {"outcome": self.outcome, "measure": self.measure, **self.contrast}

    @property
    def staggered(self) -> bool:
        """Did students join at several waves?"""
        return len(self.panel.cohorts) > 1

    @cached_property
    def cells(self) -> GroupTime:
        """Every cohort at every wave, compared with the last wave before joining."""
        return self._group_time(self.panel.values, self.panel.first, self.comparison, "universal")

    @property
    def usable(self) -> Array:
        """Which cells have a standard error?"""
        effects = self.cells.effects
        return np.isfinite(effects.estimate) & np.isfinite(effects.influence).all(axis=0)

    @cached_property
    def path(self) -> tuple[Array, Influenced]:
        """Waves since joining, and the estimates there."""
        found = aggregate(self.cells, "event")
        return found.at, found.path

    @cached_property
    def periods(self) -> Array:
        """The mean score of each student before joining began and from then on, array (students, 2)."""
        start, y = int(self.panel.cohorts[0]), self.panel.values
        return np.column_stack([y[:, :start].mean(axis=1), y[:, start:].mean(axis=1)])

    def between_periods(self) -> GroupTime:
        """The comparison of both periods, with the influence of every student or class."""
        return self._group_time(self.periods, np.where(self.panel.joined, 1, NEVER), "never", "varying")

    def _group_time(self, values: Array, first: Array, comparison: str, base_period: str) -> GroupTime:
        parts = {"covariates": self.panel.covariates, "clusters": self.panel.classes}
        return group_time(values, first, comparison=comparison, base_period=base_period, **parts)


def compare_joiners(question: Question) -> None:
    """Write the leading number and what stands beside it."""
    seen = np.isfinite(question.panel.values)
    gaps, scored = int((seen.any(axis=1) & ~seen.all(axis=1)).sum()), int(seen.any(axis=1).sum())
    if gaps:
        question.task.draft.check("WAVES_AS_NEEDED", outcome=question.outcome, n=gaps, of=scored)
    if question.staggered:
        _leading_of_cohorts(question)
    else:
        _leading_of_periods(question)
    if len(question.panel.waves) > 2:
        _event_path(question)


def _leading_of_periods(question: Question) -> None:
    """All joined at one wave: the regression of the changes between the two periods on membership."""
    panel, periods = question.panel, question.periods
    seen, joined = np.isfinite(periods).all(axis=1) & panel.known, panel.joined
    two = len(panel.waves) == 2
    waves = (panel.waves[0], panel.waves[1]) if two else (BEFORE_JOINING, AFTER_JOINING)
    keys = {"wave": waves[1], "reference_wave": waves[0]}
    _own_changes(question, seen, keys)
    found = question.between_periods()
    n_joined, n_others = int((seen & joined).sum()), int((seen & ~joined).sum())
    inference = found.effects.inference(conf_level=question.task.conf_level).at(0)
    if panel.covariates is None and n_joined and n_others:
        change = (periods[:, 1] - periods[:, 0])[seen]
        classes = None if panel.classes is None else panel.classes[seen]
        inference = difference_in_changes(change, joined[seen], clusters=classes, conf_level=question.task.conf_level)
        inference = replace(inference, method="did_welch" if classes is None else "did_cr2")
    _count(question, seen)
    _lead(question, inference, found, found.effects, seen, keys)


def _leading_of_cohorts(question: Question) -> None:
    """Cohorts of joiners: the mean of all cells from joining on, each weighted by the size of its cohort."""
    seen = _took_part(question)
    _count(question, seen)
    after = question.cells.wave >= question.cells.cohort
    lost = int((after & ~question.usable).sum())
    if lost:
        question.task.draft.check("CELLS_LEFT_OUT", "warn", question.outcome, n=lost, of=int(after.sum()))
    overall = aggregate(question.cells, "simple").overall
    inference = overall.inference(conf_level=question.task.conf_level).at(0)
    if np.isnan(inference.estimate):
        inference = replace(inference, flags=reasons(question.cells, after))
    keys = {"wave": AFTER_JOINING, "reference_wave": BEFORE_JOINING}
    _lead(question, inference, question.cells, overall, seen, keys)


def _lead(
    question: Question, found: Inference, pieces: GroupTime, effects: Influenced, seen: Array, keys: dict[str, str]
) -> None:
    """Write the primary row, and keep the influence behind it for its family."""
    panel, task = question.panel, question.task
    n = {"n_group": int((seen & panel.joined).sum()), "n_reference": int((seen & ~panel.joined).sum())}
    if question.comparison == NOT_YET and question.staggered:
        n["n_reference"] = int(question.cells.n_comparison.max(initial=0))
    if panel.classes is not None:
        n["n_clusters"] = len(np.unique(panel.classes[seen]))
    row = write(question, found, LEADING, primary=True, n=int(seen.sum()), **n, **keys)
    if panel.classes is not None and row["df"] < LOW_DF:
        task.draft.check("DF_LOW", "warn", question.outcome, df=row["df"], clusters=n["n_clusters"])
    influence = effects.influence[:, 0]
    if np.isfinite(influence).all() and np.isfinite(row["p_value"]):
        task.support_by_influence(row, _of_students(question, pieces.pieces.astype(int), influence))


def _of_students(question: Question, pieces: Array, influence: Array) -> Array:
    """The influence of each student of the study; that of a class is shared by its students."""
    classes, everyone = question.task.classes, np.zeros(len(question.task.study.units))
    if classes is None:
        everyone[question.panel.rows[pieces]] = influence
        return everyone
    own = np.zeros(classes.n)
    own[pieces] = influence
    return np.asarray((own / np.bincount(classes.codes))[classes.codes])


def write(question: Question, found: Inference, estimand: str, **columns: Any) -> dict[str, Any]:
    """Write a row of the estimates; limits of shares end where shares do."""
    measure = MEASURES[question.measure]
    columns = question.contrast | {"estimand": estimand} | columns
    within = replace(found, conf_low=measure.bounded(found.conf_low), conf_high=measure.bounded(found.conf_high))
    return question.task.draft.estimate(question.outcome, question.measure, within, **columns)


def _own_changes(question: Question, seen: Array, keys: dict[str, str]) -> None:
    """How each group changed between the periods."""
    panel, level = question.panel, {"conf_level": question.task.conf_level}
    measure = "share_change" if question.shares else "mean_change"
    for group, own in zip(question.contrast.values(), (panel.joined, ~panel.joined), strict=True):
        before, after = question.periods[seen & own].T
        if not len(before):
            continue
        n: dict[str, Any] = {"n": len(before), "n_group": len(before)}
        if panel.classes is None:
            found = paired.paired_t(paired.PairedMoments.of(before, after), **level)
        else:
            found = paired.clustered_change(before, after, panel.classes[seen & own], **level)
            n["n_clusters"] = len(np.unique(panel.classes[seen & own]))
        keyed: dict[str, Any] = {"group": group, "estimand": "change", **n, **keys}
        question.task.draft.estimate(question.outcome, measure, found, about=group, **keyed)


def _event_path(question: Question) -> None:
    """The estimates by waves since joining, with limits of each and limits of all together (sup-t)."""
    task, (times, path) = question.task, question.path
    single = path.inference(conf_level=task.conf_level)
    together = path_limits(path, conf_level=task.conf_level, **task.draws)
    task.draft.provenance["seed"] = task.draft.settings["seed"]
    measure = MEASURES[question.measure]
    for place, time in enumerate(times):
        cells = question.usable & (question.cells.wave - question.cells.cohort == time)
        row = write(
            question, single.at(place), EVENT_TIME, wave=str(time), reference_wave="-1", **sizes(question, cells)
        )
        for end, limit in (("low", together.low), ("high", together.high)):
            row[f"simultaneous_{end}"] = measure.bounded(limit[place])
        row["adjustment"] = together.method


def reasons(cells: GroupTime, chosen: Array) -> dict[str, bool]:
    """Why can none of these cells be averaged?"""
    raised = {flag: bool(np.any(np.asarray(on)[chosen])) for flag, on in cells.effects.flags.items()}
    return raised if any(raised.values()) else {"NO_COMPARISON": True}


def sizes(question: Question, cells: Array) -> dict[str, int]:
    """Students behind these cells: joiners of all their cohorts, and those they were compared with."""
    found = question.cells
    joined = sum(int(found.n_joined[cells & (found.cohort == c)].max(initial=0)) for c in found.cohorts)
    others = int(found.n_comparison[cells].max(initial=0))
    counted = {"n": joined + others, "n_group": joined, "n_reference": others}
    if question.panel.classes is not None:
        counted["n_clusters"] = int(found.effects.used[:, cells].any(axis=1).sum())
    return counted


def _took_part(question: Question) -> Array:
    """Who has the two scores of some cell?"""
    panel, cells = question.panel, question.cells
    seen = np.zeros(len(panel.first), dtype=bool)
    for cohort, wave, base in zip(cells.cohort, cells.wave, cells.base, strict=True):
        others = panel.first == NEVER
        if question.comparison == NOT_YET:
            others |= panel.first > max(wave, base)
        pair = np.isfinite(panel.values[:, wave] - panel.values[:, base])
        seen |= pair & (others | (panel.first == cohort))
    return seen & panel.known


def _count(question: Question, seen: Array) -> None:
    """Count in the ledger who has scores but not those that are compared, or a covariate missing."""
    panel, task = question.panel, question.task
    scored = np.isfinite(panel.values).any(axis=1)
    for step, out in (("covariate_missing", scored & ~panel.known), ("waves_incomplete", scored & panel.known & ~seen)):
        for level in task.study.levels:
            there = task.study.arm(level)[panel.rows]
            task.draft.drop(question.outcome, level, step, None, int((out & there).sum()))
