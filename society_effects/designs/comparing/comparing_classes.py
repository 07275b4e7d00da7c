"""Groups whose students share classes: every kind of outcome, by a method that knows the classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...stats.class_means import (
    permute_classes,
    permute_classes_anova,
    permute_classes_chi2,
    permute_classes_superiority,
    smallest_p,
)
from ...stats.clustered_means import clustered_means, clustered_shares_wald, clustered_superiority
from ...stats.contingency import cramers_v_alone
from ...stats.inference import Inference, TestResult
from ...stats.intraclass import d_total
from ...stats.ranks import cliffs_delta
from ...stats.several_ranks import mid_ranks
from ...stats.wild_bootstrap import wild_bootstrap
from ...study.outcome import Outcome
from ..classes import LOW_DF, Classes
from ..comparison import Comparison, Contrast
from .class_fits import ClassFits
from .class_rows import describe_classes
from .comparing_categories import add_independence, table_of
from .comparing_counts import check_exposure
from .comparing_means import density_of_difference
from .comparing_orders import placement_scores
from .comparing_shares import common_event
from .omnibus import write_quantity, write_trend
from .score_checks import score_checks

OF_MEANS = ("cr2", "cluster-means", "cluster-permutation", "wild-bootstrap")
METHODS = {
    "continuous": OF_MEANS,
    "binary": OF_MEANS,
    "ordinal": ("cr2", "cluster-permutation"),
    "nominal": ("cr2", "cluster-permutation"),
    "count": ("cr2", "cluster-means", "cluster-permutation"),
}
WHOLE_CLASSES = ("cluster-means", "cluster-permutation")
"""Methods for whole classes as members; where membership varies inside classes they are refused."""


def compare(task: Comparison, classes: Classes, outcomes: Sequence[Outcome], method: str | None) -> None:
    """Write the estimates of every outcome of one kind."""
    for outcome in outcomes:
        fits = ClassFits(task, outcome, classes)
        if outcome.kind == "nominal":
            _compare_categories(fits, method)
        elif outcome.kind == "ordinal":
            _compare_orders(fits, method)
        else:
            _compare_means(fits, method)
        _low_df(fits)
        describe_classes(fits)


def _compare_means(fits: ClassFits, method: str | None) -> None:
    """Means, shares and rates."""
    task, outcome = fits.task, fits.outcome
    check_exposure(task.study, outcome)
    for contrast in task.contrasts:
        how = fits.method_of(contrast, method)
        if how == "cluster-permutation":
            found = permute_classes(
                **fits.pair(contrast), exposure=fits.exposure, conf_level=task.conf_level, **task.draws
            )
            _add(fits, fits.difference, found, contrast, primary=True)
            _coarse(fits, contrast)
        else:
            _estimates(fits, contrast, how)
    if task.several:
        task.add_test(outcome.column, "omnibus", _omnibus(fits, method))
        write_trend(task, outcome.column, fits.together(method).trend)
    if outcome.kind == "continuous":
        score_checks(task, outcome)


def _omnibus(fits: ClassFits, method: str | None) -> TestResult:
    """The test of all groups together; classes are permuted where some contrast calls for that."""
    if "cluster-permutation" not in fits.methods(method):
        return fits.together(method).wald()
    return permute_classes_anova(fits.values, fits.arms, fits.codes, exposure=fits.exposure, **fits.task.draws)


def _estimates(fits: ClassFits, contrast: Contrast, how: str) -> None:
    """The rows of one contrast: the primary one, and what stands beside it."""
    task, outcome, fit = fits.task, fits.outcome, fits.of(how)
    level: dict[str, Any] = {"conf_level": task.conf_level}
    pair, name = (contrast.g, contrast.r), fits.outcome.column
    robust = difference = fit.difference(*pair, **level)
    influence = fit.influence[:, contrast.g] - fit.influence[:, contrast.r]
    if how == "wild-bootstrap":
        difference = wild_bootstrap(**fits.pair(contrast), **level, **task.draws)
    if outcome.kind == "count":
        row = _add(fits, "rate_ratio", fit.log_ratio(*pair, **level), contrast, primary=True)
        _add(fits, fits.difference, difference, contrast)
        with np.errstate(divide="ignore", invalid="ignore"):
            influence = fit.influence[:, contrast.g] / fit.mean[contrast.g]
            influence = influence - fit.influence[:, contrast.r] / fit.mean[contrast.r]
    else:
        row = _add(fits, fits.difference, difference, contrast, primary=True)
    task.support(row, task.column(name), contrast, influence=fits.of_all_classes(influence))
    if outcome.kind == "binary":
        _add(fits, "risk_ratio", fit.log_ratio(*pair, **level), contrast)
        odds = fit.odds_ratio(*pair, **level)
        _add(fits, "odds_ratio", odds, contrast)
        common_event(task, name, float(fit.mean[contrast.r]), odds)
    if outcome.kind == "continuous":
        _add(fits, "d_total", d_total(**fits.pair(contrast), difference=robust, **level), contrast)
        _add(fits, "probability_of_superiority", _superiority(fits, contrast), contrast)
        if how != "wild-bootstrap":
            density_of_difference(task, name, difference, contrast)


def _compare_orders(fits: ClassFits, method: str | None) -> None:
    """Ordinal outcomes: how often a student of one group outscores a student of another."""
    task, name = fits.task, fits.outcome.column
    for contrast in task.contrasts:
        permuted = fits.method_of(contrast, method) == "cluster-permutation"
        if permuted:
            found = permute_classes_superiority(**fits.pair(contrast), conf_level=task.conf_level, **task.draws)
            _coarse(fits, contrast)
        else:
            found = _superiority(fits, contrast)
        row = _add(fits, "probability_of_superiority", found, contrast, primary=True)
        _add(fits, "cliffs_delta", cliffs_delta(found), contrast)
        if not permuted:
            scores = placement_scores(task, name, contrast)
            seen = ~np.isnan(scores)
            placed = clustered_means(scores[seen], task.study.group_codes[seen] == contrast.g, fits.classes.codes[seen])
            influence = np.zeros(fits.classes.n)
            influence[np.unique(fits.classes.codes[seen])] = placed.influence[:, 1] - placed.influence[:, 0]
            task.support(row, scores, contrast, influence=influence)
    if task.several:
        ranked = clustered_means(mid_ranks(fits.values), fits.arms, fits.codes)
        task.add_test(name, "omnibus", ranked.wald())
        write_trend(task, name, ranked.trend)


def _compare_categories(fits: ClassFits, method: str | None) -> None:
    """Nominal outcomes: one test of all groups, and Cramér's V."""
    task, name = fits.task, fits.outcome.column
    if "cluster-permutation" in fits.methods(method):
        add_independence(task, name, permute_classes_chi2(fits.values, fits.arms, fits.codes, **task.draws))
    else:
        add_independence(task, name, clustered_shares_wald(fits.values, fits.arms, fits.codes))
    write_quantity(task, name, "cramers_v", cramers_v_alone(table_of(task, name)))


def _superiority(fits: ClassFits, contrast: Contrast) -> Inference:
    group, reference = fits.arms == contrast.g, fits.arms == contrast.r
    pairs = (fits.values[group], fits.values[reference], fits.codes[group], fits.codes[reference])
    return clustered_superiority(*pairs, conf_level=fits.task.conf_level)


def _add(fits: ClassFits, measure: str, found: Inference, contrast: Contrast, primary: bool = False) -> dict[str, Any]:
    return fits.task.add(fits.outcome.column, measure, found, contrast, primary=primary)


def _low_df(fits: ClassFits) -> None:
    """Say where the degrees of freedom of a primary row are too few to be relied on."""
    rows = [row for row in fits.task.draft.rows("estimates") if row["outcome"] == fits.outcome.column]
    low = [row for row in rows if row["primary"] and row["df"] < LOW_DF]
    if low:
        worst = min(low, key=lambda row: row["df"])
        values = {"df": worst["df"], "clusters": worst["n_clusters"]}
        fits.task.draft.check("DF_LOW", "warn", fits.outcome.column, **values)


def _coarse(fits: ClassFits, contrast: Contrast) -> None:
    """Say how small a P value the permutation of so few classes can give at all."""
    first, second = fits.classes.per_level[contrast.g], fits.classes.per_level[contrast.r]
    smallest = smallest_p(first + second, first)
    group = contrast.group if fits.task.several else None
    values = {"clusters": first + second, "smallest": smallest}
    fits.task.draft.check("CLUSTER_PERMUTATION_COARSE", "warn", fits.outcome.column, group, **values)
