"""Two groups on continuous outcomes: the difference of the means, standardised differences, and what is on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import DesignError
from ..stats.density import t_density
from ..stats.differences import student, trimmed_mean, welch, yuen
from ..stats.effect_sizes import d_average, hedges_g
from ..stats.inference import Inference
from ..stats.moments import Moments
from ..stats.ranks import hodges_lehmann, probability_of_superiority
from ..stats.resampling import bootstrap_difference, permutation_difference
from ..study.outcome import Outcome
from ..study.study import Study
from .draft import Draft

METHODS = ("welch", "student", "permutation", "bootstrap", "mann-whitney", "trimmed")
FROM_MOMENTS = ("welch", "student")
DRAWN = ("permutation_studentised", "bootstrap_studentised", "brunner_munzel_permuted")
"""Methods whose P value or interval rests on random draws, so that the seed belongs to the result."""
EXTREME_SHARE = 0.15
"""Share of students at the highest (lowest) score from which a mean hides differences beyond that end."""
CODES = (9, 99, 999, 9999, -1, -9, -99, -999)
FAR = 3.0
"""Interquartile ranges from the quartiles beyond which a code of a missing score is not taken for a score."""
MANY_STUDENTS = 5
"""Fewer students at one score are no pile-up."""


def compare(draft: Draft, study: Study, outcomes: Sequence[Outcome], method: str | None) -> None:
    """Write the estimates of every continuous outcome; all outcomes are computed at once."""
    method = method or METHODS[0]
    if method not in FROM_MOMENTS and not study.has_rows:
        raise DesignError("METHOD_NEEDS_ROWS", method=method, allowed=FROM_MOMENTS)
    columns = [o.column for o in outcomes]
    member, reference = (moments_of(draft, columns, level) for level in (study.member, study.reference))
    level = draft.settings["conf_level"]
    difference = (student if method == "student" else welch)(member, reference, conf_level=level)
    average = d_average(member, reference, conf_level=level)
    pooled = hedges_g(member, reference, conf_level=level)
    for i, outcome in enumerate(outcomes):
        keys = contrast(study, int(member.n[i]), int(reference.n[i]))
        rows = arms(study, outcome.column) if study.has_rows else None
        means = difference.at(i)
        if rows is not None and method not in FROM_MOMENTS:
            measure, found = _on_request(method, rows, draft.settings)
            draft.estimate(outcome.column, measure, found, primary=True, **keys)
            _seeded(draft, found)
            if measure == "trimmed_mean_difference":
                _add_trimmed_means(draft, study, outcome.column)
            if measure != "mean_difference":
                draft.estimate(outcome.column, "mean_difference", means, **keys)
        else:
            draft.estimate(outcome.column, "mean_difference", means, primary=True, **keys)
        draft.estimate(outcome.column, "d_average", average.at(i), **keys)
        draft.estimate(outcome.column, "hedges_g", pooled.at(i), **keys)
        if rows is not None:
            superiority = probability_of_superiority(
                *rows, conf_level=level, resamples=draft.settings["resamples"], seed=draft.settings["seed"]
            )
            _seeded(draft, superiority)
            draft.estimate(outcome.column, "probability_of_superiority", superiority, **keys)
            _extremes(draft, outcome, np.concatenate(rows))
            _missing_codes(draft, outcome, np.concatenate(rows))
        if method != "bootstrap":  # whose interval is not that of a t distribution
            density_of_difference(draft, outcome.column, means, study)


def contrast(study: Study, n_group: int, n_reference: int) -> dict[str, Any]:
    """The keys and counts of the one contrast of a two-group study: members minus non-members."""
    return {
        "estimand": "diff",
        "group": study.member,
        "reference": study.reference,
        "n": n_group + n_reference,
        "n_group": n_group,
        "n_reference": n_reference,
    }


def moments_of(draft: Draft, columns: Sequence[str], level: str | None) -> Moments:
    """n, mean and SD of one group on these outcomes, as arrays in their order; from the cells of the study."""
    cells = [draft.cell(column, level) for column in columns]
    return Moments(*(np.array([cell[name] for cell in cells], dtype=float) for name in ("n", "mean", "sd")))


def arms(study: Study, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    """The observed values of members and of non-members on one outcome."""
    values = study.matrix([outcome])[:, 0]
    seen = ~np.isnan(values)
    return values[seen & study.arm(study.member)], values[seen & study.arm(study.reference)]


def density_of_difference(draft: Draft, outcome: str, found: Inference, study: Study) -> None:
    """Write the distribution that stands beside the interval of a difference in an estimation plot."""
    x, density = t_density(found)
    if len(x):
        draft.column_rows(
            "density",
            len(x),
            outcome=outcome,
            measure="mean_difference",
            group=study.member,
            reference=study.reference,
            x=x,
            density=density,
        )


def _on_request(method: str, rows: tuple[np.ndarray, np.ndarray], settings: Mapping[str, Any]) -> tuple[str, Inference]:
    level, draws, seed = (settings[name] for name in ("conf_level", "resamples", "seed"))
    if method == "permutation":
        return "mean_difference", permutation_difference(*rows, conf_level=level, resamples=draws, seed=seed)
    if method == "bootstrap":
        return "mean_difference", bootstrap_difference(*rows, conf_level=level, resamples=draws, seed=seed)
    if method == "mann-whitney":
        return "hodges_lehmann", hodges_lehmann(*rows, conf_level=level)
    return "trimmed_mean_difference", yuen(*rows, conf_level=level)


def _seeded(draft: Draft, found: Inference) -> None:
    """Keep the seed with a result that rests on random draws."""
    if found.method in DRAWN and found.p_value == found.p_value:
        draft.provenance["seed"] = draft.settings["seed"]


def _add_trimmed_means(draft: Draft, study: Study, outcome: str) -> None:
    """Put beside the means of the groups what is really compared."""
    of_group = dict(zip((study.member, study.reference), arms(study, outcome), strict=True))
    for row in draft.rows("groups"):
        if row["outcome"] == outcome:
            row["trimmed_mean"] = trimmed_mean(of_group[row["group"]])


def _extremes(draft: Draft, outcome: Outcome, values: np.ndarray) -> None:
    """Say where many students share the highest or the lowest score: a mean hides what lies beyond."""
    if np.ptp(values) == 0:
        return
    keys = ("CEILING", "FLOOR") if outcome.range else ("HIGHEST_OBSERVED", "LOWEST_OBSERVED")
    lowest, highest = outcome.range or (values.min(), values.max())
    for key, end in zip(keys, (highest, lowest), strict=True):
        students, share = int(np.sum(values == end)), float(np.mean(values == end))
        if share > EXTREME_SHARE and students >= MANY_STUDENTS:
            draft.check(key, "warn", outcome.column, share=share)


def _missing_codes(draft: Draft, outcome: Outcome, values: np.ndarray) -> None:
    """Say where values look like codes for a missing score: 99, 999, -9, far from all others."""
    if outcome.range:
        return
    coded = np.isin(values, CODES)
    if not coded.any() or coded.all():
        return
    low, high = np.percentile(values[~coded], [25, 75])
    far = coded & ((values < low - FAR * (high - low)) | (values > high + FAR * (high - low)))
    if far.any() and high > low:
        found = tuple(f"{value:g}" for value in np.unique(values[far]))
        draft.check("POSSIBLE_MISSING_CODES", "warn", outcome.column, n=int(far.sum()), values=found)
