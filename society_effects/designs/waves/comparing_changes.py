"""Two groups at two waves: among students alike before, and by their changes. By kind of outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...stats.adjusted_difference import AdjustedDifference, adjusted_difference, adjusted_share_difference
from ...stats.baseline_overlap import baseline_overlap
from ...stats.error_in_variables import error_in_variables
from ...stats.inference import Inference
from ...stats.paired_differences import PairedMoments
from ...stats.pre_post_effect_size import d_ppc2
from ...stats.ranks import probability_of_superiority
from ...stats.stratified_superiority import stratified_superiority
from ..classes import LOW_DF
from ..comparison import Comparison, Contrast
from .changing import renamed, write_change, write_correlation
from .wave_pairs import Pairs

LINE_POINTS = 41
BESIDE_CHANGES = {"NO_VARIATION": "NO_SPREAD_LEFT", "DEGENERATE": "NO_SPREAD_LEFT"}
"""Flags of groups as they are called where these are compared by changes, or given an earlier score."""
ADJUSTED = "adj_diff_members"
CHANGES = "diff_in_changes"
Array = np.ndarray


@dataclass(frozen=True)
class Question:
    """One outcome at two waves: which answer leads, and which reliabilities of the earlier score are tried."""

    task: Comparison
    pairs: Pairs
    leading: str
    grid: tuple[float, ...]

    @property
    def outcome(self) -> str:
        """Column of the outcome."""
        return self.pairs.outcome.column


@dataclass(frozen=True)
class TwoArms:
    """The students of two groups who have both scores."""

    contrast: Contrast
    rows: Array  # positions among the students of the pairs
    first: Array
    last: Array
    member: Array
    clusters: Array | None

    @property
    def change(self) -> Array:
        """Later minus earlier score."""
        return self.last - self.first


def compare_changes(question: Question) -> None:
    """Write the change of each group, and both answers for each contrast."""
    task, pairs = question.task, question.pairs
    for level in task.study.levels:
        write_change(task.draft, pairs, level, None, conf_level=task.conf_level, primary=False)
    for contrast in task.contrasts:
        arms = _arms(pairs, contrast)
        if pairs.outcome.kind == "ordinal":
            _orders(question, arms)
        else:
            _scores(question, arms, shares=pairs.outcome.kind == "binary")


def _arms(pairs: Pairs, contrast: Contrast) -> TwoArms:
    chosen = pairs.both & (pairs.of(contrast.group) | pairs.of(contrast.reference))
    clusters = None if pairs.clusters is None else pairs.clusters[chosen]
    member = pairs.of(contrast.group)[chosen]
    return TwoArms(contrast, np.flatnonzero(chosen), pairs.first[chosen], pairs.last[chosen], member, clusters)


def _scores(question: Question, arms: TwoArms, shares: bool) -> None:
    """Means, or shares: Lin's regression on the earlier score, and the difference of the changes."""
    settings: dict[str, Any] = {"clusters": arms.clusters, "conf_level": question.task.conf_level}
    adjust = adjusted_share_difference if shares else adjusted_difference
    overlap = baseline_overlap(arms.first[arms.member], arms.first[~arms.member])
    _overlap(question, arms, overlap.share)
    refused = bool(overlap.flags["NO_OVERLAP"]) and not shares
    ancova = None if refused else adjust(arms.last, arms.member, arms.first[:, None], names=("earlier",), **settings)
    changes = adjusted_difference(arms.change, arms.member, **settings)
    leading = "change" if refused and question.leading == "ancova" else question.leading
    names = SHARES if shares else SCORES
    if ancova is None:
        _write(question, arms, names[0], _refused(settings["conf_level"]), None, primary=False)
    else:
        one_slope = {"COLLINEAR": "ONE_SLOPE"} if ancova.terms.main else {}
        adjusted = renamed(ancova.difference, one_slope)
        _write(question, arms, names[0], adjusted, ancova.influence, primary=leading != "change")
        _slopes(question, arms, ancova)
    _write(question, arms, names[1], changes.difference, changes.influence, primary=leading != "ancova")
    if not shares:
        _standardised(question, arms)
        if ancova is not None:
            _lines(question, arms, ancova)
            if question.grid:
                _measured_with_error(question, arms)


SCORES = ("adjusted_mean_difference", "difference_in_changes")
SHARES = ("adjusted_share_difference", "difference_in_share_changes")


def _orders(question: Question, arms: TwoArms) -> None:
    """Ordered categories: superiority among students who started alike, and of the steps they changed by."""
    settings: dict[str, Any] = {"clusters": arms.clusters, "conf_level": question.task.conf_level}
    adjusted = stratified_superiority(arms.last, arms.member, arms.first, **settings).superiority
    alone = bool(adjusted.flags["NO_OVERLAP"])
    adjusted = renamed(adjusted, {"NO_OVERLAP": "NO_SHARED_CATEGORY"})
    _write(question, arms, "adjusted_superiority", adjusted, None, primary=question.leading != "change" and not alone)
    if arms.clusters is None:
        of_members, of_others = arms.change[arms.member], arms.change[~arms.member]
        level: dict[str, Any] = {"conf_level": question.task.conf_level}
        changed = probability_of_superiority(of_members, of_others, **level, **question.task.draws)
    else:
        everybody = np.zeros(len(arms.change))
        changed = stratified_superiority(arms.change, arms.member, everybody, **settings).superiority
    _write(question, arms, "superiority_of_changes", changed, None, primary=question.leading != "ancova" or alone)


def _refused(conf_level: float) -> Inference:
    """No number where members and others have no earlier score in common: it would rest on extrapolation."""
    return Inference(np.nan, conf_level=conf_level, method="lin_hc3", flags={"NO_OVERLAP": True})


def _write(
    question: Question, arms: TwoArms, measure: str, found: Inference, influence: Array | None, primary: bool
) -> None:
    task, n_group = question.task, int(arms.member.sum())
    columns: dict[str, Any] = {"group": arms.contrast.group, "reference": arms.contrast.reference}
    columns |= {"n": len(arms.member), "n_group": n_group, "n_reference": len(arms.member) - n_group}
    if arms.clusters is not None:
        columns["n_clusters"] = len(set(arms.clusters))
    found = renamed(found, BESIDE_CHANGES | ({"NO_VARIATION": "ONE_WAVE_CONSTANT"} if measure == "d_ppc2" else {}))
    estimand = ADJUSTED if measure.startswith("adjusted") else CHANGES
    about = arms.contrast.group if task.several else None
    keys = question.pairs.keys | {"estimand": estimand}
    row = task.draft.estimate(question.outcome, measure, found, primary=primary, about=about, **columns, **keys)
    if primary and arms.clusters is not None and found.df < LOW_DF:
        few: dict[str, Any] = {"df": found.df, "clusters": columns["n_clusters"]}
        task.draft.check("DF_LOW", "warn", question.outcome, about, **few)
    if primary and influence is not None:
        task.support_by_influence(row, _aligned(question, arms, influence))


def _aligned(question: Question, arms: TwoArms, influence: Array) -> Array:
    """The influence of each student of the study, 0 for those who are not in the comparison."""
    pairs, units = question.pairs, question.task.study.units.index
    place = units.get_indexer(pairs.units[arms.rows])
    everyone = np.zeros(len(units))
    everyone[place] = influence
    return everyone


def _overlap(question: Question, arms: TwoArms, share: float) -> None:
    keys = {"outcome": question.outcome, "group": arms.contrast.group, "wave": question.pairs.waves[0]}
    question.task.draft.row("quantities", quantity="overlap", value=share, method="range_of_reference", **keys)


def _slopes(question: Question, arms: TwoArms, ancova: AdjustedDifference) -> None:
    """Does the difference depend on the earlier score?"""
    if not ancova.terms.interacted:
        return
    keys = {"group": arms.contrast.group, "reference": arms.contrast.reference, "wave": question.pairs.waves[1]}
    found = ancova.slopes_differ()
    found = replace(found, flags={"SLOPES_NOT_TESTED": bool(found.raised)})
    question.task.draft.test(question.outcome, "slopes_differ", found, n=len(arms.member), **keys)


def _standardised(question: Question, arms: TwoArms) -> None:
    """The difference in changes in standard deviations, and how the two scores go together in each group."""
    scores = [values[own] for own in (arms.member, ~arms.member) for values in (arms.first, arms.last)]
    if arms.clusters is None:
        found = d_ppc2(*scores, conf_level=question.task.conf_level)
        _write(question, arms, "d_ppc2", found, None, primary=False)
    for level, pair in ((arms.contrast.group, scores[:2]), (arms.contrast.reference, scores[2:])):
        if len(pair[0]) < 2:
            continue
        keys = {"outcome": question.outcome, "group": level, "wave": question.pairs.waves[1]}
        write_correlation(question.task.draft, PairedMoments.of(*pair), question.task.conf_level, **keys)


def _lines(question: Question, arms: TwoArms, ancova: AdjustedDifference) -> None:
    """The fitted line of each group over its own range of earlier scores."""
    if "earlier" not in ancova.terms.names:
        return
    for arm, level in ((1, arms.contrast.group), (0, arms.contrast.reference)):
        own = arms.first[arms.member == bool(arm)]
        grid = np.linspace(own.min(), own.max(), LINE_POINTS)
        line = ancova.line(arm, 0, grid)
        keys = {"outcome": question.outcome, "measure": SCORES[0], "group": level, **question.pairs.keys}
        limits = {"conf_low": np.asarray(line.conf_low), "conf_high": np.asarray(line.conf_high)}
        question.task.draft.column_rows(
            "lines", LINE_POINTS, x=grid, value=np.asarray(line.estimate), conf_level=line.conf_level, **keys, **limits
        )


def _measured_with_error(question: Question, arms: TwoArms) -> None:
    """What the adjusted difference would be, had the earlier score been measured without error."""
    task = question.task
    found = error_in_variables(
        arms.last,
        arms.first,
        arms.member,
        question.grid,
        clusters=arms.clusters,
        conf_level=task.conf_level,
        **task.draws,
    ).difference
    task.draft.provenance["seed"] = task.draft.settings["seed"]
    keys = {"outcome": question.outcome, "measure": SCORES[0], "estimand": ADJUSTED, **question.pairs.keys}
    keys |= {"group": arms.contrast.group, "reference": arms.contrast.reference}
    keys |= {"analysis": "errors_in_variables", "parameter": "reliability", "method": found.method}
    for place, value in enumerate(question.grid):
        one = found.at(place)
        names = ("estimate", "std_error", "conf_low", "conf_high", "p_value")
        limits = {name: getattr(one, name) for name in names}
        task.draft.row("sensitivity", **keys, setting=value, conf_level=task.conf_level, **limits)
