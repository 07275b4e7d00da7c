"""Several comparisons, several chances of a false alarm: P values and limits adjusted for their family.

A family is all primary rows of one family name across outcomes and contrasts. Names are those declared; without any,
all outcomes but totals that contain others are one family. A declared primary outcome stands by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import special

from ..findings.lookup import alpha
from ..findings.measures import MEASURES
from ..stats.inference import SCALES, from_t
from ..stats.influence import correlation_of
from ..stats.max_t import MaxT, max_t, multivariate_t
from ..stats.multiplicity import holm
from ..stats.several_means import games_howell, tukey_kramer
from .comparison import Comparison, Evidence, influence_of_means

ADJUSTMENTS = ("max-t", "step-down", "holm")
FEW_CLASSES = 20
"""Below so many classes resampling them is not to be trusted: the multivariate t distribution instead."""
FEW_STUDENTS = 10
"""Below so many students in a group likewise."""
CHECKS = {"holm": "HOLM_ADJUSTED", "games_howell": "PAIRS_ADJUSTED", "tukey": "PAIRS_ADJUSTED"}
"""How a reader is told of an adjustment; all others are max-T."""
PRIMARY = "primary"
DEFAULT = "outcomes"
Row = dict[str, Any]


def adjust_families(task: Comparison) -> None:
    """Adjust the primary P values, and give simultaneous limits, within each family of at least two comparisons."""
    family_of = _family_of_each_outcome(task)
    tests = [row for row in task.draft.rows("tests") if row["test"] == "independence"]
    rows = [row for row in task.draft.rows("estimates") if row["primary"]] + tests
    for family in dict.fromkeys(name for name in family_of.values() if name):
        own = [row for row in rows if family_of[row["outcome"]] == family]
        tested = [row for row in own if row["p_value"] == row["p_value"]]
        if len(tested) < 2:
            continue
        if len(tested) < len(own):
            left_out = tuple(dict.fromkeys(row["outcome"] for row in own if row not in tested))
            task.draft.check("P_OUTSIDE_FAMILY", "warn", outcomes=left_out)
        method = _adjust(task, tested)
        for row in tested:
            row |= {"family": family, "adjustment": method}
        key = CHECKS.get(method, "MAX_T_ADJUSTED")
        outcomes = tuple(dict.fromkeys(row["outcome"] for row in tested))
        task.draft.check(key, k=len(tested), outcomes=outcomes, family=family, method=method)


def _family_of_each_outcome(task: Comparison) -> dict[str, str | None]:
    outcomes, primary = task.study.outcomes, task.draft.settings.get("primary")
    declared = any(o.family for o in outcomes)
    family_of = {o.column: o.family if declared else (None if o.parts else DEFAULT) for o in outcomes}
    waves = {row.get("wave") for row in task.draft.rows("estimates") if row["primary"]}
    several = task.several or len(waves) > 1
    if several:  # contrasts and waves of one outcome are a family of their own where the outcome is in none
        family_of = {column: family or column for column, family in family_of.items()}
    if primary is not None:
        family_of[primary] = PRIMARY if several else None
    return family_of


def _adjust(task: Comparison, rows: Sequence[Row]) -> str:
    """Adjust these rows in place; the key of the method."""
    how = task.draft.settings.get("adjustment", "holm")
    pairs = _all_pairs_of_one_outcome(task, rows) if how == "max-t" else None
    if pairs:
        return pairs
    evidence = [e for row in rows for e in task.evidence if e.row is row]
    others = [row for row in rows if all(e.row is not row for e in evidence)]
    if how == "holm" or len(evidence) < 2 or (how == "step-down" and others):
        for row, p_adjusted in zip(rows, holm([row["p_value"] for row in rows]), strict=True):
            row["p_adjusted"] = float(p_adjusted)
        return "holm"
    return _by_max_t(task, evidence, others, step_down=how == "step-down")


def _all_pairs_of_one_outcome(task: Comparison, rows: Sequence[Row]) -> str | None:
    """Games and Howell's, or Tukey's, method where it belongs: all pairs of groups on one outcome compared by means."""
    outcomes = {row["outcome"] for row in rows}
    methods = {row["method"] for row in rows}
    adjusters = {"welch": (games_howell, "games_howell"), "student_pooled": (tukey_kramer, "tukey")}
    all_pairs = task.draft.settings.get("contrasts") == "pairwise" and len(rows) == len(task.contrasts)
    if len(outcomes) > 1 or len(methods) > 1 or not all_pairs or not methods <= set(adjusters):
        return None
    adjuster, key = adjusters[methods.pop()]
    moments = task.moments([outcomes.pop()])
    by_group = type(moments[0])(*(np.array([getattr(m, n)[0] for m in moments]) for n in ("n", "mean", "sd")))
    pairs = [(contrast.g, contrast.r) for contrast in task.contrasts]
    for row, found in zip(rows, adjuster(by_group, pairs, conf_level=task.conf_level), strict=True):
        _write(row, found.p_adjusted, (found.simultaneous_low, found.simultaneous_high))
    return key


def _by_max_t(task: Comparison, evidence: Sequence[Evidence], others: Sequence[Row], step_down: bool) -> str:
    """Single-step max-T with simultaneous limits; on request step-down, which has no limits.

    Tests that cannot be resampled with the others (of nominal outcomes, of ranks) stand in the same single step by
    Bonferroni's inequality: each adds its own two-sided P to the chance of exceeding a value, and is as large as a
    statistic of the others with its P.
    """
    reference, method = _joint_distribution(task, evidence, step_down)
    task.draft.provenance["seed"] = task.draft.settings["seed"]

    def chance(sizes: np.ndarray) -> np.ndarray:
        return np.minimum(reference.p_adjusted(sizes) + len(others) * reference.p_alone(sizes), 1.0)

    statistics = np.array([_statistic(e.row, reference) for e in evidence])
    if step_down:
        for e, p_adjusted in zip(evidence, reference.step_down(statistics), strict=True):
            _write(e.row, float(p_adjusted), (np.nan, np.nan))
        return "max_t_step_down"
    critical = reference.critical(task.conf_level) if not others else _critical(chance, alpha(task.conf_level))
    for e, p_adjusted in zip(evidence, chance(statistics), strict=True):
        _write(e.row, float(p_adjusted), _limits_at(e, critical, reference))
    for row in others:
        row["p_adjusted"] = max(float(chance(reference.size_alone([row["p_value"]]))[0]), float(row["p_value"]))
        if "measure" in row:
            _write(row, row["p_adjusted"], _own_limits_at(row, 1 - float(reference.p_alone(critical))))
    return method


def _critical(chance: Callable[[np.ndarray], np.ndarray], level: float) -> float:
    """The smallest size that all statistics together exceed with less than this probability."""
    low, high = 0.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if chance(np.array([middle]))[0] < level else (middle, high)
    return high


def _joint_distribution(task: Comparison, evidence: Sequence[Evidence], keep_all: bool) -> tuple[MaxT, str]:
    """How large does the largest of these statistics become by chance? Resampled; for few units, multivariate t."""
    draws, classes = task.draws, task.classes
    if any(e.scores is None for e in evidence):
        influence = np.column_stack([e.influence for e in evidence if e.influence is not None])
        return _multivariate_t(evidence, influence, draws, keep_all), "max_t_multivariate_t"
    sides = np.column_stack([e.sides for e in evidence if e.sides is not None])
    scores = np.column_stack([e.scores for e in evidence if e.scores is not None])
    strata = task.study.group_codes
    if classes is not None:
        by_class = any(e.row["method"] == "cluster_means" for e in evidence)
        if by_class or classes.n < FEW_CLASSES:
            influence = np.column_stack([e.influence for e in evidence if e.influence is not None])
            return _multivariate_t(evidence, influence, draws, keep_all), "max_t_multivariate_t"
        within = strata if classes.whole else None
        return max_t(scores, sides, clusters=classes.codes, strata=within, keep_all=keep_all, **draws), "max_t_clusters"
    if min(min(e.row["n_group"], e.row["n_reference"]) for e in evidence) < FEW_STUDENTS:
        return _multivariate_t(evidence, influence_of_means(scores, sides), draws, keep_all), "max_t_multivariate_t"
    return max_t(scores, sides, strata=strata, keep_all=keep_all, **draws), "max_t"


def _multivariate_t(
    evidence: Sequence[Evidence], influence: np.ndarray, draws: Mapping[str, int], keep_all: bool
) -> MaxT:
    known = [float(e.row["df"]) for e in evidence if np.isfinite(e.row["df"])]
    units = float(np.count_nonzero(influence.any(axis=1)))
    df = min([*known, max(units - 2, 1.0)])
    return multivariate_t(
        correlation_of(influence), df, draws=draws["resamples"], seed=draws["seed"], keep_all=keep_all
    )


def _statistic(row: Row, reference: MaxT) -> float:
    """The size of a row's statistic on the scale of its measure; of an exact test, the size that has its P value."""
    forward = SCALES[MEASURES[row["measure"]].scale][0]
    if row["std_error"] > 0:
        return float(abs(forward(row["estimate"]) - forward(row["null_value"])) / row["std_error"])
    return float(reference.size_alone(row["p_value"]))


def _limits_at(e: Evidence, critical: float, reference: MaxT) -> tuple[float, float]:
    """The limits of a row at the critical value of its family, by the method of its own limits."""
    forward, back = SCALES[MEASURES[e.row["measure"]].scale]
    if e.limits_at is not None:
        beyond = 2 * special.ndtr(-critical) if e.row["std_error"] > 0 else reference.p_alone(critical)
        found = e.limits_at(float(1 - beyond))
        return float(found.conf_low), float(found.conf_high)
    centre, half = forward(e.row["estimate"]), critical * e.row["std_error"]
    with np.errstate(over="ignore"):  # a limit beyond all numbers of a computer is none
        low, high = float(back(centre - half)), float(back(centre + half))
    return low, high if np.isfinite(high) else np.nan


def _own_limits_at(row: Row, level: float) -> tuple[float, float]:
    """The limits at this level of a row that stands for itself, by its own t distribution."""
    if row.get("interval_method") or not (row.get("std_error", np.nan) > 0 and row["df"] > 0):
        return np.nan, np.nan
    scale = MEASURES[row["measure"]].scale
    found = from_t(row["estimate"], row["std_error"], row["df"], conf_level=level, scale=scale)
    return float(found.conf_low), float(found.conf_high)


def _write(row: Row, p_adjusted: float, limits: tuple[float, float]) -> None:
    """An adjusted P value is never below the raw one, simultaneous limits never inside the single ones.

    Nor are they beyond what the measure can be.
    """
    measure = MEASURES[row["measure"]]
    row["p_adjusted"] = max(p_adjusted, float(row["p_value"]))
    row["simultaneous_low"] = float(np.minimum(measure.bounded(limits[0]), row["conf_low"]))
    row["simultaneous_high"] = float(np.maximum(measure.bounded(limits[1]), row["conf_high"]))
