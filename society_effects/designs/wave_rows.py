"""A group described at one wave: the rows of ``groups`` that comparisons over time show."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..stats.clustered_means import clustered_means
from ..stats.moments import Moments, describe, mean_interval
from ..stats.proportions import wilson
from ..study.outcome import Outcome
from .draft import Draft

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
        _categories(draft, outcome, values, conf_level, known)
    elif outcome.kind == "binary":
        draft.row("groups", **known, **_share(int(values.sum()), len(values), conf_level))
    else:
        draft.row("groups", **known, **_moments(values, conf_level, clusters))


def _moments(values: np.ndarray, conf_level: float, clusters: np.ndarray | None) -> Row:
    if not len(values):
        return {"method": "t_interval"}
    whole = describe(values[:, None], np.zeros(len(values), dtype=int), 1)
    names = ("mean", "sd", "median", "q1", "q3", "minimum", "maximum")
    row: Row = {name: float(getattr(whole, name)[0, 0]) for name in names}
    if clusters is not None and len(set(clusters)) > 1:
        fit = clustered_means(values, np.zeros(len(values), dtype=int), clusters)
        low, high = fit.interval(0, conf_level=conf_level)
        return row | {"conf_low": low, "conf_high": high, "method": "cr2"}
    interval = mean_interval(Moments.of(values), conf_level=conf_level)
    return row | {"conf_low": interval.conf_low, "conf_high": interval.conf_high, "method": "t_interval"}


def _share(events: int, n: int, conf_level: float) -> Row:
    low, high = wilson(events, n, conf_level)
    share = events / n if n else np.nan
    return {"events": events, "share": share, "conf_low": low, "conf_high": high, "method": "wilson"}


def _categories(draft: Draft, outcome: Outcome, values: np.ndarray, conf_level: float, known: Row) -> None:
    """The outcome as a whole (of ordered categories, median and quartiles of positions, the lowest 1), then each."""
    row: Row = {}
    if outcome.kind == "ordinal" and len(values):
        named = zip(("q1", "median", "q3"), np.percentile(values + 1, (25, 50, 75)), strict=True)
        row = {name: float(value) for name, value in named}
    draft.row("groups", **known, **row)
    counts = np.bincount(values.astype(int), minlength=len(outcome.categories))
    for category, events in zip(outcome.categories, counts, strict=True):
        draft.row("groups", **known, category=category, **_share(int(events), len(values), conf_level))
