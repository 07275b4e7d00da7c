"""Is the difference the same in all subgroups? Differences within them, and the differences of these differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...errors import DesignError, nearest
from ...findings.measures import MEASURES
from ...stats.adjusted_difference import AdjustedDifference
from ...stats.formula_terms import columns_of_terms
from ...stats.inference import SCALES, Inference
from ...stats.influence import correlation_of, per_unit
from ...stats.max_t import multivariate_t
from ...stats.subgroup_contrasts import subgroup_contrasts
from .adjustment import Adjustment, Answer
from .answers import answer_of

FEW_VALUES = 5
"""Numbers with no more values than this (year 1 to 5) make subgroups; others are measurements."""
FEWEST = 5
"""Fewer students of a group than this in a subgroup give no estimate of their own."""
MANY = 5
"""More variables than this are too many guesses."""
POINTS = 41
CONTRAST_OF = {
    "adjusted_mean_difference": "difference_between_subgroups",
    "adjusted_share_difference": "share_difference_between_subgroups",
    "adjusted_rate_difference": "difference_between_subgroups",
    "adjusted_rate_ratio": "ratio_between_subgroups",
}
"""Measure of a subgroup -> the measure by which subgroups are compared; of others only the subgroups are shown."""
FAMILY = "subgroups"
Array = np.ndarray


def write_subgroups(adjustment: Adjustment, answer: Answer, variables: Sequence[str]) -> None:
    """Write the difference within each subgroup, and how the subgroups differ, all of these together as one family."""
    if not variables:
        return
    adjustment.task.draft.check("SUBGROUPS_EXPLORATORY")
    if len(variables) > MANY:
        adjustment.task.draft.check("MANY_SUBGROUPS", "warn", k=len(variables))
    rows: list[dict[str, Any]] = []
    influence: list[Array] = []
    for name in variables:
        for row, values in _of_variable(adjustment, answer, name):
            rows.append(row)
            influence.append(values)
    if len(rows) > 1:
        _together(adjustment, rows, np.column_stack(influence))


def known_subgroups(variables: Sequence[str], known: Sequence[str]) -> None:
    """Are these covariates of the study?"""
    for name in variables:
        if name not in known:
            raise DesignError("UNKNOWN_COVARIATE", variable=name, near=nearest(name, known), known=tuple(known))


def _of_variable(adjustment: Adjustment, answer: Answer, name: str) -> Iterator[tuple[dict[str, Any], Array]]:
    """The contrasts of one variable, as rows, with what each student (or class) contributes."""
    values = adjustment.task.study.units[name].iloc[adjustment.rows]
    levels = columns_of_terms({name: values}, [name]).levels.get(name)
    distinct = values.dropna().unique()
    if levels is None and len(distinct) > FEW_VALUES:
        yield from _along(adjustment, answer, name, values.to_numpy(dtype=float))
        return
    own = sorted(distinct) if levels is None else levels
    texts = values.astype(object).map(_text).to_numpy(object)
    yield from _between(adjustment, name, {_text(level): texts == _text(level) for level in own})


def _between(adjustment: Adjustment, name: str, masks: dict[str, Array]) -> Iterator[tuple[dict[str, Any], Array]]:
    found: dict[str, Answer] = {}
    for level, mask in masks.items():
        sizes = [int((mask & arm).sum()) for arm in (adjustment.member, ~adjustment.member)]
        answer = _answer_within(adjustment, mask) if min(sizes) >= FEWEST else None
        if answer is None:
            adjustment.check("SUBGROUP_TOO_SMALL", "warn", by=name, level=level)
            continue
        found[level] = answer
        own = adjustment.of(mask)
        untested = replace(answer.found, p_value=np.nan, statistic=np.nan, flags={})
        own.write(answer.measure, untested, answer.estimand, by=name, level=level)
    answers = list(found.values())
    measure = CONTRAST_OF.get(answers[0].measure) if answers else None
    alike = len({one.measure for one in answers}) == 1 and all(one.influence is not None for one in answers)
    if measure is None or len(answers) < 2 or not alike:
        return
    influence = np.zeros((len(adjustment.rows), len(answers)))
    for k, (level, one) in enumerate(found.items()):
        influence[masks[level], k] = one.influence
    contrasts = subgroup_contrasts([one.found for one in answers], influence, clusters=adjustment.clusters)
    first = next(iter(found))
    for k, level in enumerate(list(found)[1:]):
        where: dict[str, Any] = {"by": name, "level": level, "reference_level": first}
        both = adjustment.of(masks[first] | masks[level])
        row = both.write(measure, contrasts.contrasts[k], answers[k + 1].estimand, **where)
        if contrasts.contrasts[k].p_value == contrasts.contrasts[k].p_value:
            yield row, contrasts.influence[:, k]
    if len(found) > 2:
        adjustment.test("subgroups_differ", contrasts.together, term=name)


def _answer_within(adjustment: Adjustment, mask: Array) -> Answer | None:
    """The answer of one subgroup; None where its students do not allow one."""
    try:
        answer = answer_of(adjustment.of(mask))
    except DesignError:
        return None
    return answer if answer.found.std_error == answer.found.std_error else None


def _along(adjustment: Adjustment, answer: Answer, name: str, values: Array) -> Iterator[tuple[dict[str, Any], Array]]:
    """How the difference rises with a measurement, per standard deviation; and its line, with limits of all of it."""
    fit, term = answer.fit, f"member:{name}"
    if not isinstance(fit, AdjustedDifference) or term not in fit.terms.names:
        adjustment.check("SUBGROUP_NOT_A_CATEGORY", "note", by=name)
        return
    spread = float(values.std(ddof=1))
    slope = fit.coefficient(term)
    per_sd = _scaled(slope, spread)
    measure = CONTRAST_OF[answer.measure]
    row = adjustment.write(measure, per_sd, answer.estimand, by=name)
    place = np.eye(len(fit.terms.names))[fit.terms.names.index(term)]
    influence = fit.errors.influence(place) * spread
    if slope.p_value == slope.p_value:
        _line(adjustment, answer, name, values)
        yield row, per_unit(influence, adjustment.clusters)


def _scaled(found: Inference, times: float) -> Inference:
    names = ("estimate", "std_error", "conf_low", "conf_high")
    return replace(found, **{name: getattr(found, name) * times for name in names})


def _line(adjustment: Adjustment, answer: Answer, name: str, values: Array) -> None:
    """The difference over the values that both groups have, with limits that hold for all of the line."""
    fit: AdjustedDifference = answer.fit
    arms = [values[arm] for arm in (adjustment.member, ~adjustment.member)]
    low, high = max(arm.min() for arm in arms), min(arm.max() for arm in arms)
    if not low < high:
        return
    x = np.linspace(low, high, POINTS)
    k = adjustment.covariates.names.index(name)
    names = fit.terms.names
    rows = np.zeros((POINTS, len(names)))
    rows[:, 1], rows[:, names.index(f"member:{name}")] = 1.0, x - fit.centre[k]
    influence = np.column_stack([per_unit(fit.errors.influence(row), adjustment.clusters) for row in rows])
    error = np.sqrt(np.sum(influence**2, axis=0))
    draws = adjustment.task.draws
    joint = multivariate_t(
        correlation_of(influence), float(answer.found.df), draws=draws["resamples"], seed=draws["seed"]
    )
    half = joint.critical(adjustment.task.conf_level) * error
    middle = rows @ fit.errors.fit.coefficients
    limits = {"conf_low": middle - half, "conf_high": middle + half, "conf_level": adjustment.task.conf_level}
    keys = {"outcome": adjustment.column, "group": adjustment.contrast.group, "measure": answer.measure, "by": name}
    adjustment.task.draft.column_rows("lines", POINTS, x=x, value=middle, **keys, **limits)


def _together(adjustment: Adjustment, rows: Sequence[dict[str, Any]], influence: Array) -> None:
    """P values and limits that hold for all comparisons of subgroups of this outcome at once."""
    df, draws = min(float(row["df"]) for row in rows), adjustment.task.draws
    joint = multivariate_t(correlation_of(influence), df, draws=draws["resamples"], seed=draws["seed"])
    critical = joint.critical(adjustment.task.conf_level)
    adjustment.task.draft.provenance["seed"] = draws["seed"]
    for row in rows:
        forward, back = SCALES[MEASURES[row["measure"]].scale]
        middle, half = forward(row["estimate"]), critical * row["std_error"]
        with np.errstate(over="ignore"):  # a limit beyond all numbers of a computer is none
            limits = [float(back(middle + sign * half)) for sign in (-1, 1)]
        adjusted = max(float(joint.p_adjusted([row["statistic"]])[0]), float(row["p_value"]))
        row |= {"p_adjusted": adjusted, "family": FAMILY, "adjustment": "max_t_multivariate_t"}
        row |= {
            "simultaneous_low": min(limits[0], row["conf_low"]),
            "simultaneous_high": max(limits[1], row["conf_high"]) if np.isfinite(limits[1]) else np.nan,
        }


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
