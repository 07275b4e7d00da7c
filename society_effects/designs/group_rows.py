"""Each group described on each outcome: the rows of ``groups`` that every comparison shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..stats.clustered_means import clustered_means
from ..stats.moments import Moments, describe, mean_interval
from ..stats.proportions import wilson
from ..study.outcome import Outcome
from ..study.study import Study
from .draft import Draft

CATEGORICAL = ("ordinal", "nominal")
Row = dict[str, Any]
Key = tuple[str, str, str | None]


def describe_groups(
    draft: Draft, study: Study, conf_level: float = 0.95, cells: Sequence[Mapping[str, Any]] | None = None
) -> None:
    """Write n, mean, SD, quartiles, events or categories of each group on each outcome, with intervals.

    cells : of the outcomes that are described; by default all of the draft. Students of one class resemble each other:
    where classes are declared, the intervals of means, shares and rates take account of them (CR2).
    """
    own = draft.cells if cells is None else cells
    described = [study.outcome(name) for name in dict.fromkeys(cell["outcome"] for cell in own)]
    quartiles = _quartiles(study, described)
    moments = Moments(*(np.array([cell[name] for cell in own], dtype=float) for name in ("n", "mean", "sd")))
    means = mean_interval(moments, conf_level=conf_level)
    in_classes = study.cluster is not None and study.group is not None
    intervals = _of_classes(study, described, conf_level) if in_classes else {}
    for i, cell in enumerate(own):
        outcome, level = study.outcome(cell["outcome"]), cell["group"]
        known = {"kind": outcome.kind, "missing": cell["missing"], "conf_level": conf_level}
        keys = {"outcome": outcome.column, "group": level}
        if outcome.kind in CATEGORICAL:
            if cell["category"] == outcome.categories[0]:
                draft.row("groups", **keys, **known, **_whole(draft, outcome, level))
            share = _share(cell, conf_level) | intervals.get(_key(cell), {})
            draft.row("groups", **keys, **known, category=cell["category"], **share)
            continue
        if outcome.kind == "binary":
            row = _share(cell, conf_level)
        else:
            limits = {"conf_low": means.conf_low[i], "conf_high": means.conf_high[i], "method": "t_interval"}
            row = {"n": cell["n"], "mean": cell["mean"], "sd": cell["sd"]} | limits | quartiles.get(_key(cell), {})
        if outcome.kind == "count":
            row |= {"events": cell["events"]} | _rate(study, outcome, level, cell)
        draft.row("groups", **keys, **known, **(row | intervals.get(_key(cell), {})))


def _key(cell: Mapping[str, Any]) -> Key:
    return cell["outcome"], cell["group"], cell["category"]


def _share(cell: Mapping[str, Any], conf_level: float) -> Row:
    low, high = wilson(cell["events"], cell["n"], conf_level)
    share = cell["events"] / cell["n"] if cell["n"] else np.nan
    limits = {"conf_low": low, "conf_high": high, "method": "wilson"}
    return {"n": cell["n"], "events": cell["events"], "share": share} | limits


def _whole(draft: Draft, outcome: Outcome, level: str) -> Row:
    """n of all categories together and, of ordered ones, the median and quartiles of their positions (lowest 1)."""
    counts = draft.counts(outcome.column, level)
    row: Row = {"n": int(counts.sum())}
    if outcome.kind == "ordinal" and counts.sum():
        positions = np.repeat(np.arange(1, len(counts) + 1), counts.astype(int))
        named = zip(("q1", "median", "q3"), np.percentile(positions, (25, 50, 75)), strict=True)
        row |= {name: float(value) for name, value in named}
    return row


def _rate(study: Study, outcome: Outcome, level: str, cell: Mapping[str, Any]) -> Row:
    """Events per unit of exposure; without exposure, per student."""
    if outcome.exposure is None or not study.has_rows:
        return {"rate": cell["mean"]}
    seen = study.arm(level) & ~np.isnan(study.matrix([outcome.column])[:, 0])
    exposure = float(study.units[outcome.exposure].to_numpy(dtype=float)[seen].sum())
    return {"exposure": exposure, "rate": cell["events"] / exposure if exposure else np.nan}


def _of_classes(study: Study, outcomes: Sequence[Outcome], conf_level: float) -> dict[Key, Row]:
    """Limits of means and shares that take account of the classes."""
    limits: dict[Key, Row] = {}
    clusters = study.units["cluster"].to_numpy(object)
    for outcome in outcomes:
        values = study.matrix([outcome.column])[:, 0]
        for level in _filled(study, values):
            seen = study.arm(level) & ~np.isnan(values)
            for category, numbers in _numbers(outcome, values[seen]):
                own = limits_in_classes(numbers, clusters[seen], conf_level)
                limits[outcome.column, level, category] = own
    return limits


def _numbers(outcome: Outcome, values: np.ndarray) -> Iterator[tuple[str | None, np.ndarray]]:
    """What is averaged: the values, or for each category who is in it."""
    if outcome.kind not in CATEGORICAL:
        yield None, values
        return
    for position, category in enumerate(outcome.categories):
        yield category, (values == position).astype(float)


def limits_in_classes(
    values: np.ndarray, clusters: np.ndarray, conf_level: float, exposure: np.ndarray | None = None
) -> Row:
    """The limits of a mean, share or rate of students who share classes; shares end at 0 and 1, rates at 0."""
    found = clustered_means(values, np.zeros(len(values), dtype=int), clusters, exposure=exposure)
    low, high = found.interval(0, conf_level=conf_level)
    if exposure is not None:
        low = np.maximum(low, 0.0)
    elif np.isin(values, (0, 1)).all():
        low, high = np.clip([low, high], 0.0, 1.0)
    return {"conf_low": float(low), "conf_high": float(high), "method": "cr2"}


def _filled(study: Study, values: np.ndarray) -> Sequence[str]:
    return [level for level in study.levels if (study.arm(level) & ~np.isnan(values)).any()]


def _quartiles(study: Study, outcomes: Sequence[Outcome]) -> dict[Key, Row]:
    if not study.has_rows:
        return {}
    numeric = [o.column for o in outcomes if o.kind not in CATEGORICAL]
    if not numeric:
        return {}
    described = describe(study.matrix(numeric), study.group_codes, len(study.levels))
    names = ("median", "q1", "q3", "minimum", "maximum")
    return {
        (outcome, level, None): {name: float(getattr(described, name)[i, j]) for name in names}
        for i, outcome in enumerate(numeric)
        for j, level in enumerate(study.levels)
    }
