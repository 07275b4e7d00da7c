"""Which values look wrong? Impossible in their unit or range, far from all others, codes taken for values, heaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .measurements import Measurement, measurements
from .outcome import as_text
from .problem import MOST_SHOWN, Problem, concerning
from .scores import MISSING_CODES

if TYPE_CHECKING:
    from .study import Study

PERCENT = ("%", "％", "percent", "percentage", "per cent", "百分比")
NEVER_NEGATIVE = (
    "years",
    "year",
    "岁",
    "年",
    "months",
    "个月",
    "days",
    "天",
    "hours",
    "小时",
    "学时",
    "minutes",
    "分钟",
)
FAR = 3.0
"""Interquartile ranges beyond the quartiles from which a value is far from all others."""
ENOUGH = 20
"""Fewer values say nothing of what is usual."""
PASS_MARK = 60.0
HEAP, TIMES = 10, 3.0
"""Students at the pass mark, and how many times the usual number at a score beside it, that make a heap."""
ROUND, MANY, MOST_SURE, ROUND_SHARE = 5.0, 50, 5.0, 0.4
"""Multiples of 5 are round; at least so many scores, standard errors above chance, and share, make a habit."""


def odd_values(study: Study) -> Iterator[Problem]:
    """What looks wrong in the values of each variable?"""
    for measured in measurements(study):
        yield from _impossible(study, measured)
        if len(measured.seen) and np.ptp(measured.seen) == 0:
            value = {"value": as_text(measured.seen[0])} | _where(measured)
            key = "CONSTANT_CATEGORY" if _is_listed(measured) else "CONSTANT"
            yield Problem(key, "note", (measured.name,), len(measured.seen), (), value)
        elif measured.is_continuous and len(measured.seen):
            yield from _far(study, measured)
            if measured.outcome is not None:
                yield from _pass_mark(measured)
                yield from _round(measured)


def _is_listed(measured: Measurement) -> bool:
    return measured.outcome is not None and measured.outcome.kind in ("binary", "ordinal", "nominal")


def _where(measured: Measurement) -> dict[str, Any]:
    return {"variable": measured.name, "wave": measured.wave}


def _found(study: Study, measured: Measurement, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    """The students chosen, and the first few of their values."""
    few = [as_text(value) for value in np.unique(measured.values[chosen])]
    return concerning(study, chosen) | {"values": {"cells": tuple(few[:MOST_SHOWN])} | _where(measured)}


def _impossible(study: Study, measured: Measurement) -> Iterator[Problem]:
    """Values that the unit or the declared range of answers does not allow."""
    outcome = measured.outcome
    if outcome is None or outcome.kind == "binary":
        return
    units = {outcome.unit_in(lang).strip().casefold() for lang in ("en", "zh")}
    values, name = measured.values, (measured.name,)
    if outcome.kind == "ordinal" and outcome.range is not None:
        low, high = outcome.range
        outside = [k for k, text in enumerate(outcome.categories) if not low <= _number(text, low) <= high]
        chosen = np.isin(values, outside)
        if chosen.any():
            texts = tuple(outcome.categories[int(k)] for k in np.unique(values[chosen]))
            told = {"cells": texts, "low": as_text(low), "high": as_text(high)} | _where(measured)
            yield Problem("ANSWERS_OUTSIDE_RANGE", "warn", name, **concerning(study, chosen), values=told)
    elif outcome.kind in ("continuous", "count"):
        if units & set(PERCENT) and ((values < 0) | (values > 100)).any():
            yield Problem("IMPOSSIBLE_PERCENT", "warn", name, **_found(study, measured, (values < 0) | (values > 100)))
        if units & set(NEVER_NEGATIVE) and (values < 0).any():
            yield Problem("IMPOSSIBLE_NEGATIVE", "warn", name, **_found(study, measured, values < 0))


def _number(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise


def _far(study: Study, measured: Measurement) -> Iterator[Problem]:
    """Values beyond three interquartile ranges: among them codes that often stand for a missing value."""
    if len(measured.seen) < ENOUGH:
        return
    low, high = np.percentile(measured.seen, [25, 75])
    if not high > low:
        return
    far = (measured.values < low - FAR * (high - low)) | (measured.values > high + FAR * (high - low))
    coded = far & np.isin(measured.values, MISSING_CODES)
    if coded.any():
        found = _found(study, measured, coded)
        yield Problem("POSSIBLE_MISSING_CODES", "warn", (measured.name,), **found)
    if (far & ~coded).any():
        yield Problem("FAR_FROM_OTHERS", "note", (measured.name,), **_found(study, measured, far & ~coded))


def _pass_mark(measured: Measurement) -> Iterator[Problem]:
    """Many more students at 60 than at the scores beside it, as where a pass was given."""
    seen = measured.seen
    if measured.outcome is None or measured.outcome.range not in (None, (0.0, 100.0)) or seen.max() > 100:
        return
    here = int(((seen >= PASS_MARK) & (seen < PASS_MARK + 1)).sum())
    beside = ((seen >= PASS_MARK - 3) & (seen < PASS_MARK)) | ((seen >= PASS_MARK + 1) & (seen < PASS_MARK + 4))
    usual = float(beside.sum()) / 6
    if here >= HEAP and here > TIMES * usual and np.median(seen) != PASS_MARK:
        told = {"n": here, "usual": round(usual, 1), "mark": int(PASS_MARK)} | _where(measured)
        yield Problem("HEAP_AT_PASS_MARK", "note", (measured.name,), here, (), told)


def _round(measured: Measurement) -> Iterator[Problem]:
    """Many more multiples of five than the steps of the scale would give by chance."""
    seen = measured.seen
    step = next((s for s in (1.0, 0.5, 0.1) if np.allclose(seen / s, np.round(seen / s), atol=1e-6)), None)
    if len(seen) < MANY or step is None or np.ptp(seen) < 4 * ROUND:
        return
    is_round = np.isclose(seen % ROUND, 0, atol=1e-6) | np.isclose(seen % ROUND, ROUND, atol=1e-6)
    share, chance = float(is_round.mean()), step / ROUND
    sure = (share - chance) / np.sqrt(chance * (1 - chance) / len(seen))
    if ROUND_SHARE <= share < 1 and sure > MOST_SURE:
        told = {"share": share, "chance": chance} | _where(measured)
        yield Problem("ROUND_NUMBERS", "note", (measured.name,), int(is_round.sum()), (), told)
