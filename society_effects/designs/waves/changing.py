"""How did the students of one group change? The rows of a change, by kind of outcome and method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...stats import paired_differences as paired
from ...stats.inference import Inference, from_t
from ...stats.paired_orders import paired_superiority
from ...stats.paired_shares import PairedCounts, paired_odds_ratio, paired_risk_difference
from ...stats.signed_rank import pseudo_median
from ..classes import LOW_DF
from ..draft import Draft
from .wave_pairs import Pairs

METHODS = {
    "continuous": ("paired-t", "sign-flip", "signed-rank"),
    "count": ("paired-t", "sign-flip", "signed-rank"),
    "binary": ("mcnemar",),
    "ordinal": ("paired-superiority",),
}
"""Per kind of outcome; the first is the default."""
OF_CHANGES = {
    "NO_VARIATION": "NOBODY_CHANGED",
    "ALL_TIED": "NOBODY_CHANGED",
    "DEGENERATE": "NO_SPREAD_LEFT",
    "SEPARATED": "ALL_ONE_WAY",
    "SEPARATED_IN_CLASSES": "ALL_ONE_WAY_IN_CLASSES",
}
"""Flags of scores and groups as they are called where they are about the changes of one group."""
FEW_PAIRS = 15
"""Below so many pairs the signs of the changes are flipped instead of trusting the t distribution."""
Array = np.ndarray


def write_change(
    draft: Draft, pairs: Pairs, group: str | None, method: str | None, *, conf_level: float, primary: bool
) -> None:
    """Write how the students of a group changed: the primary number of the outcome and what stands beside it."""
    n = len(pairs.scores(group)[0])
    found = change_of(pairs, group, method, conf_level=conf_level, draws=_draws(draft))
    about = group if not primary else None
    for measure, flagged in found.items():
        inference = renamed(flagged, OF_CHANGES)
        columns: dict[str, Any] = {"estimand": "change", "group": group, "n": n, "n_group": n}
        classes = pairs.classes(group)
        if classes is not None:
            columns["n_clusters"] = len(set(classes))
        leading = primary and measure == next(iter(found))
        row = draft.estimate(
            pairs.outcome.column, measure, inference, primary=leading, about=about, **columns, **pairs.keys
        )
        if leading and classes is not None and row["df"] < LOW_DF:
            draft.check("DF_LOW", "warn", pairs.outcome.column, df=row["df"], clusters=row["n_clusters"])


def renamed(found: Inference, names: Mapping[str, str]) -> Inference:
    """The same inference with flags that say what they mean here."""
    kept = {key: value for key, value in found.flags.items() if key not in names}
    return replace(found, flags=kept | {names[key]: True for key in found.raised if key in names})


def change_of(
    pairs: Pairs, group: str | None, method: str | None, *, conf_level: float, draws: Mapping[str, int]
) -> dict[str, Inference]:
    """The measures of a change, the leading one first."""
    scores, classes = pairs.scores(group), pairs.classes(group)
    kind = str(pairs.outcome.kind)
    if not len(scores[0]):
        return {LEADING[kind]: _nothing(LEADING[kind], conf_level)}
    if classes is not None:
        return {LEADING[kind]: _in_classes(kind, *scores, classes, conf_level)}
    if kind == "binary":
        counts = PairedCounts.of(*scores)
        level: dict[str, Any] = {"conf_level": conf_level}
        return {
            "share_change": paired_risk_difference(counts, **level),
            "paired_odds_ratio": paired_odds_ratio(counts, **level),
        }
    if kind == "ordinal":
        return {"paired_superiority": paired_superiority(*scores, conf_level=conf_level)}
    return _of_scores(*scores, method, conf_level, draws)


LEADING = {
    "continuous": "mean_change",
    "count": "mean_change",
    "binary": "share_change",
    "ordinal": "paired_superiority",
}
"""The measure that answers for an outcome of this kind."""


def _of_scores(
    first: Array, last: Array, method: str | None, conf_level: float, draws: Mapping[str, int]
) -> dict[str, Inference]:
    moments = paired.PairedMoments.of(first, last)
    level: dict[str, Any] = {"conf_level": conf_level}
    flipped = method == "sign-flip" or (method is None and len(first) < FEW_PAIRS)
    mean = paired.sign_flip(first, last, **level, **draws) if flipped else paired.paired_t(moments, **level)
    leading = {"mean_change": mean}
    if method == "signed-rank":
        leading = {
            "pseudo_median": pseudo_median(first, last, **level),
            "mean_change": paired.paired_t(moments, **level),
        }
    return leading | {"d_av": paired.d_av(moments, **level), "d_z": paired.d_z(moments, **level)}


def _in_classes(kind: str, first: Array, last: Array, classes: Array, conf_level: float) -> Inference:
    """The change of students who share classes, by a robust covariance; of an order, of who stands higher later."""
    if kind != "ordinal":
        return paired.clustered_change(first, last, classes, conf_level=conf_level)
    higher = (1 + np.sign(last - first)) / 2
    found = paired.clustered_change(np.zeros(len(higher)), higher, classes, conf_level=conf_level)
    theta = found.estimate
    if not 0 < theta < 1:
        flags = dict(found.flags) | {"SEPARATED_IN_CLASSES": True}
        return replace(_nothing("paired_superiority", conf_level), estimate=theta, flags=flags)
    error = found.std_error / (theta * (1 - theta))
    scaled: dict[str, Any] = {"scale": "logit", "null_value": 0.5, "method": "cr2", "flags": found.flags}
    return from_t(theta, error, found.df, conf_level=conf_level, **scaled)


def _nothing(measure: str, conf_level: float) -> Inference:
    """No student has both scores."""
    if measure == "paired_superiority":
        return Inference(np.nan, conf_level=conf_level, scale="logit", null_value=0.5, flags={"TOO_FEW": True})
    return Inference(np.nan, conf_level=conf_level, flags={"TOO_FEW": True})


def write_correlation(draft: Draft, moments: paired.PairedMoments, conf_level: float, **keys: Any) -> None:
    """Write how closely the two waves go together, once; why not, where it or its interval is undefined."""
    found = paired.correlation(moments, conf_level=conf_level)
    for flag in found.raised:
        draft.check(flag, "note", keys["outcome"], keys["group"])
    limits = {"conf_low": found.conf_low, "conf_high": found.conf_high, "conf_level": conf_level}
    row = {"quantity": "r_pre_post", "value": found.value, "method": found.method} | limits | keys
    if found.value == found.value and row not in draft.rows("quantities"):
        draft.row("quantities", **row)


def _draws(draft: Draft) -> dict[str, int]:
    return {name: draft.settings[name] for name in ("resamples", "seed")}
