"""Is a difference smaller than the smallest one that matters? Verdicts on the margins stated beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...errors import DesignError
from ...findings.lookup import alpha
from ...stats.differences import welch
from ...stats.equivalence import TwoOneSided, tost_classes, tost_scores, two_one_sided, verdict
from ...stats.inference import from_t
from ...study.outcome import Outcome
from ...study.study import Study
from ..common import known_outcomes
from ..comparison import Comparison
from .class_fits import ClassFits

MEASURES_WITH_MARGIN = ("mean_difference", "rate_difference", "risk_difference")
KINDS_WITH_MARGIN = ("continuous", "binary", "count")
OF_T = {
    "student": "tost_student",
    "student_pooled": "tost_student",
    "poisson_robust": "tost_poisson",
    "cr2": "tost_cr2",
    "wild_bootstrap": "tost_cr2",
    "wild_bootstrap_exact": "tost_cr2",
    "cluster_means": "tost_cluster_means",
    "cluster_permutation": "tost_cluster_permutation",
    "cluster_permutation_exact": "tost_cluster_permutation",
}
"""The method of the two tests by the method of the difference; all others are Welch's."""
Margin = float | Mapping[str, float] | None


def valid_margin(margin: Any) -> None:
    """Is this a margin: a positive number, or one per outcome?"""
    for value in margin.values() if isinstance(margin, Mapping) else [margin]:
        if margin is not None and not (
            isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e300
        ):
            raise DesignError("BAD_DESIGN_MARGIN", value=repr(value))


def margins_of(study: Study, margin: Margin) -> dict[str, float]:
    """The margin of each outcome that has one, each on its own scale: that of the design, else that of the outcome."""
    columns = [o.column for o in study.outcomes]
    known_outcomes("margin", margin if isinstance(margin, Mapping) else (), study)
    own = {o.column: o.margin for o in study.outcomes if o.margin is not None}
    given = margin if isinstance(margin, Mapping) else {} if margin is None else dict.fromkeys(columns, margin)
    margins = {name: float(value) for name, value in (own | dict(given)).items()}
    tested = [o for o in study.outcomes if o.kind in KINDS_WITH_MARGIN and o.column in margins]
    if not isinstance(margin, Mapping | None):
        _one_scale(tested, margin, study.lang)
    for outcome in tested:
        if outcome.kind == "binary" and margins[outcome.column] >= 1:
            raise DesignError("MARGIN_BEYOND_SHARES", outcome=outcome.column, margin=f"{margins[outcome.column]:g}")
    return margins


def _one_scale(outcomes: Sequence[Outcome], margin: float, lang: str) -> None:
    """Can one number be the margin of all these outcomes? Not of points and shares, or of points and papers."""
    scales = {(o.kind, o.unit_in(lang), o.exposure): o.column for o in reversed(outcomes)}
    if len(scales) > 1:
        *_, second, first = scales.values()
        raise DesignError("ONE_MARGIN_SEVERAL_SCALES", margin=f"{margin:g}", first=first, second=second)


def write_equivalence(task: Comparison, margins: Mapping[str, float]) -> None:
    """Write the verdict on each contrast of each outcome with a margin."""
    for outcome in task.study.outcomes:
        if outcome.column not in margins:
            continue
        if outcome.kind not in KINDS_WITH_MARGIN:
            task.draft.check("MARGIN_NOT_APPLIED", outcome=outcome.column)
            continue
        for row in task.draft.rows("estimates"):
            if row["outcome"] == outcome.column and row["measure"] in MEASURES_WITH_MARGIN:
                _write(task, outcome, row, margins[outcome.column])


def _write(task: Comparison, outcome: Outcome, row: Mapping[str, Any], margin: float) -> None:
    level = alpha(task.conf_level)
    found = _two_one_sided(task, outcome, row, margin, level)
    limits = found.difference.conf_low, found.difference.conf_high
    low, high = (row.get(f"simultaneous_{end}") for end in ("low", "high"))
    if low is None or low != low or high != high:
        low, high = row["conf_low"], row["conf_high"]
    excluded = None if low != low or high != high else not low <= row["null_value"] <= high
    harder = found.statistic_lower if found.p_lower >= found.p_upper else found.statistic_upper
    task.draft.row(
        "tests",
        outcome=outcome.column,
        test="equivalence",
        **{key: row[key] for key in ("measure", "group", "reference", "n", "n_clusters")},
        statistic_name=found.difference.statistic_name,
        statistic=harder,
        df1=found.difference.df,
        p_value=found.p_value,
        margin_low=-margin,
        margin_high=margin,
        conf_low=limits[0],
        conf_high=limits[1],
        conf_level=1 - 2 * level,
        verdict=None if excluded is None else verdict(excluded, *limits, -margin, margin),
        method=found.difference.method,
    )


def _two_one_sided(
    task: Comparison, outcome: Outcome, row: Mapping[str, Any], margin: float, level: float
) -> TwoOneSided:
    """The two tests behind a row: with its own standard error, or from counts and classes where it has none."""
    if outcome.kind == "binary" and task.classes is None:
        cells = [task.draft.cell(outcome.column, row[side]) for side in ("group", "reference")]
        (x1, n1), (x0, n0) = ((cell["events"], cell["n"]) for cell in cells)
        return _named(tost_scores(x1, n1, x0, n0, -margin, margin, alpha=level), "tost_score")
    method = OF_T.get(row["method"], "tost_welch")
    g, r = (task.study.levels.index(row[side]) for side in ("group", "reference"))
    if task.classes is not None and (
        method == "tost_cluster_permutation" or row["method"].startswith("wild_bootstrap")
    ):
        fits = ClassFits(task, outcome, task.classes)
        if method == "tost_cluster_permutation" and row["p_value"] == row["p_value"]:
            data = (fits.values, fits.arms, fits.codes, g, r, -margin, margin)
            return _named(tost_classes(*data, exposure=fits.exposure, alpha=level, **task.draws), method)
        base = fits.of_students.difference(g, r, conf_level=1 - 2 * level)
    elif method == "tost_welch":  # also for resampled differences, which have no degrees of freedom
        means = task.moments([outcome.column])
        base = welch(means[g], means[r], conf_level=1 - 2 * level).at(0)
    else:
        base = from_t(row["estimate"], row["std_error"], row["df"], conf_level=1 - 2 * level)
    return _named(two_one_sided(base, -margin, margin), method)


def _named(found: TwoOneSided, method: str) -> TwoOneSided:
    return replace(found, difference=replace(found.difference, method=method))
