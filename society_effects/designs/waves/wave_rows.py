"""A group described at one wave: the rows of ``groups`` that comparisons over time show."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...stats.moments import Moments, describe, mean_interval
from ...stats.proportions import wilson
from ...study.outcome import Outcome
from ..draft import Draft
from ..group_rows import limits_in_classes

Row = dict[str, Any]


def describe_at_wave(
    draft: Draft,
    outcome: Outcome,
    values: np.ndarray,
    conf_level: float,
    clusters: np.ndarray | None = None,
    **keys: Any,
) -> None:
    """Write n, moments, quartiles, events or categories of these values (no gaps), with intervals.

    keys : group, wave, and how many students are missing.
    """
    known: Row = {"outcome": outcome.column, "kind": outcome.kind, "conf_level": conf_level, "n": len(values)} | keys
    if outcome.kind in ("ordinal", "nominal"):
        _categories(draft, outcome, values, conf_level, clusters, known)
    elif outcome.kind == "binary":
        draft.row("groups", **known, **_share(values, conf_level, clusters))
    else:
        draft.row("groups", **known, **_moments(values, conf_level, clusters))


def _moments(values: np.ndarray, conf_level: float, clusters: np.ndarray | None) -> Row:
    if not len(values):
        return {"method": "t_interval"}
    whole = describe(values[:, None], np.zeros(len(values), dtype=int), 1)
    names = ("mean", "sd", "median", "q1", "q3", "minimum", "maximum")
    row: Row = {name: float(getattr(whole, name)[0, 0]) for name in names}
    if clusters is not None and len(set(clusters)) > 1:
        return row | limits_in_classes(values, clusters, conf_level)
    interval = mean_interval(Moments.of(values), conf_level=conf_level)
    return row | {"conf_low": interval.conf_low, "conf_high": interval.conf_high, "method": "t_interval"}


def _share(event: np.ndarray, conf_level: float, clusters: np.ndarray | None) -> Row:
    """The share of 1 among 0 and 1."""
    events, n = int(event.sum()), len(event)
    low, high = wilson(events, n, conf_level)
    row: Row = {"events": events, "share": events / n if n else np.nan}
    row |= {"conf_low": low, "conf_high": high, "method": "wilson"}
    in_classes = clusters is not None and len(set(clusters)) > 1
    return row | limits_in_classes(event, clusters, conf_level) if in_classes and clusters is not None else row


def _categories(
    draft: Draft,
    outcome: Outcome,
    values: np.ndarray,
    conf_level: float,
    clusters: np.ndarray | None,
    known: Row,
) -> None:
    """The outcome as a whole (of ordered categories, median and quartiles of positions, the lowest 1), then each."""
    row: Row = {}
    if outcome.kind == "ordinal" and len(values):
        named = zip(("q1", "median", "q3"), np.percentile(values + 1, (25, 50, 75)), strict=True)
        row = {name: float(value) for name, value in named}
    draft.row("groups", **known, **row)
    for position, category in enumerate(outcome.categories):
        inside = (values == position).astype(float)
        draft.row("groups", **known, category=category, **_share(inside, conf_level, clusters))
